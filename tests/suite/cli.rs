//! The program as its users meet it: exit codes, streams, files.

use crate::estates::repository;
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const LICIT: &str = env!("CARGO_BIN_EXE_licit");

/// Runs `licit` in the repository.
pub(crate) fn licit(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(LICIT);
    command.args(arguments).current_dir(repository("")).stdin(Stdio::null());
    command
}

pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

pub(crate) fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

pub(crate) fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

const EXAMPLE: &str = "examples/deficit-and-surplus.yaml";

/// A folder with one file in it.
pub(crate) fn folder_with(name: &str, text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    (folder, path)
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// An estate that ends in the given rows.
fn estate(rows: &str) -> (TempDir, PathBuf) {
    let head = "licit: 1\nas_of: 2026-11-22\ntitles: [{id: app, versions: [\"1\", \"2\"]}]\n";
    folder_with("estate.yaml", &format!("{head}{rows}"))
}

const NO_NETWORK: &str = "\
scopes: [{id: all}, {id: one, parent: all}, {id: two, parent: all}]
skus: [{id: BASE, version: app@1}, {id: UPGRADE, version: app@2, upgrades: [app@1]}]
licenses:
  - {id: base-one, sku: BASE, quantity: 5, scope: one}
  - {id: base-two, sku: BASE, quantity: 5, scope: two}
  - {id: upgrade, sku: UPGRADE, quantity: 5, scope: all}
installs:
  - {version: app@2, quantity: 4, scope: one}
  - {version: app@2, quantity: 4, scope: two}
";

#[test]
fn a_position_goes_to_standard_output_and_nothing_else_does() {
    let output = licit(&["position", EXAMPLE]);
    assert_eq!(code(&output), 0);
    assert!(stdout(&output).contains("15 covered, 1 uncovered"), "{}", stdout(&output));
    assert_eq!(stderr(&output), "");
}

#[test]
fn a_position_as_json_has_the_keys_of_the_format_in_their_order() {
    let output = licit(&["position", EXAMPLE, "--format", "json"]);
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    let keys: Vec<&str> = result.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "licit",
            "command",
            "name",
            "as_of",
            "currency",
            "digest",
            "standing",
            "gaps",
            "objective",
            "totals",
            "titles",
            "families",
            "publishers",
            "licenses",
            "allocation",
            "assignments",
            "uncovered",
            "unknown_names",
            "facts",
            "shortages",
            "evidence",
            "diagnostics"
        ]
    );
    assert_eq!(result["objective"]["uncovered"], 1);
    assert_eq!(result["objective"]["spend"], "0");
    assert_eq!(result["totals"]["idle"], 3);
    assert_eq!(result["shortages"][0]["licenses"][0], "L13");
    assert!(stdout(&output).ends_with("}\n") && !stdout(&output).ends_with("\n\n"));
}

#[test]
fn fail_on_uncovered_exits_with_1_and_still_answers() {
    let output = licit(&["position", EXAMPLE, "--fail-on", "uncovered"]);
    assert_eq!(code(&output), 1);
    assert!(stdout(&output).contains("1 uncovered"));
    let output = licit(&["position", "tests/cases/a19-smallest-false-red.yaml", "--fail-on", "uncovered"]);
    assert_eq!(code(&output), 0);
}

#[test]
fn a_refused_estate_exits_with_2_and_writes_nothing() {
    let (folder, path) = estate("skus: [{id: A, version: app@3}]\nlicenses: []\ninstalls: []\n");
    let out = folder.path().join("result.json");
    let output = licit(&["position", text(&path), "--format", "json", "--out", text(&out)]);
    assert_eq!(code(&output), 2);
    assert_eq!(stdout(&output), "");
    assert!(stderr(&output).contains("estate.yaml:4:25"), "{}", stderr(&output));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn an_estate_that_is_no_network_is_answered_and_verified() {
    let (folder, path) = estate(NO_NETWORK);
    let out = folder.path().join("result.json");
    let output = licit(&["position", text(&path), "--format", "json", "--out", text(&out)]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let result = fs::read_to_string(&out).unwrap();
    assert!(result.contains("\"standing\": \"optimal\"") && result.contains("\"uncovered_by_bound\": 3"), "{result}");
    let output = licit(&["verify", text(&path), text(&out)]);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    let output = licit(&["position", text(&path)]);
    assert!(stdout(&output).contains("3 demands uncovered where licenses serve several"), "{}", stdout(&output));
}

/// An estate with transfers so dear that their sum is out of range.
fn beyond_limits() -> (TempDir, PathBuf) {
    let mut rows = String::from("currency: EUR\nskus: [{id: BASE, version: app@1}]\n");
    rows += "licenses: [{id: base, sku: BASE, quantity: 5, scope: s0}]\nscopes:\n";
    for scope in 0..150 {
        let _ = writeln!(rows, "  - {{id: s{scope}}}");
    }
    rows += "transfers:\n";
    for scope in 1..150 {
        let _ = writeln!(rows, "  - {{from: s0, to: s{scope}, cost: 1000000000000}}");
    }
    rows += "installs:\n";
    for scope in 0..150 {
        let _ = writeln!(rows, "  - {{version: app@1, scope: s{scope}}}");
    }
    estate(&rows)
}

#[test]
fn a_limit_exits_with_3_and_is_named() {
    let (folder, path) = beyond_limits();
    let out = folder.path().join("result.json");
    let output = licit(&["position", text(&path), "--out", text(&out)]);
    assert_eq!(code(&output), 3, "{}", stderr(&output));
    assert_eq!(stdout(&output), "");
    assert!(stderr(&output).contains("limit") && stderr(&output).contains("transfer_cost"), "{}", stderr(&output));
    assert!(!out.exists());
}

#[test]
fn what_cannot_be_read_on_the_command_line_exits_with_2() {
    let usages: [&[&str]; 7] = [
        &[],
        &["nothing"],
        &["position"],
        &["position", EXAMPLE, "--unknown"],
        &["position", EXAMPLE, "--as-of", "22.11.2026"],
        &["position", EXAMPLE, "--as-of", "2026-02-29"],
        &["position", EXAMPLE, "--jobs", "0"],
    ];
    for usage in usages {
        let output = licit(usage);
        assert_eq!(code(&output), 2, "{usage:?}");
        assert_eq!(stdout(&output), "", "{usage:?}");
    }
}

#[test]
fn help_lists_the_commands_there_are() {
    let output = licit(&["--help"]);
    assert_eq!(code(&output), 0);
    for command in ["position", "renew", "explain", "verify", "check", "compare", "generate", "mcf", "init"] {
        assert!(stdout(&output).contains(&format!("\n  {command} ")), "{command}");
    }
}

#[test]
fn out_replaces_a_file_as_a_whole_and_leaves_nothing_beside_it() {
    let (folder, out) = folder_with("result.json", "what was there before, longer or not");
    let output = licit(&["position", EXAMPLE, "--format", "json", "--out", text(&out)]);
    assert_eq!((code(&output), stdout(&output)), (0, ""));
    let direct = licit(&["position", EXAMPLE, "--format", "json"]);
    assert_eq!(fs::read(&out).unwrap(), direct.stdout);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn out_leaves_a_file_as_it_was_where_there_is_no_answer() {
    let (folder, path) = beyond_limits();
    let out = folder.path().join("result.json");
    fs::write(&out, "before").unwrap();
    let output = licit(&["position", text(&path), "--out", text(&out)]);
    assert_eq!(code(&output), 3);
    assert_eq!(fs::read_to_string(&out).unwrap(), "before");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn out_is_refused_where_it_would_harm_or_cannot_be() {
    let (folder, path) = estate("skus: []\nlicenses: []\ninstalls: []\n");
    let missing = folder.path().join("missing").join("result.json");
    for out in [&path, folder.path(), &missing] {
        let output = licit(&["position", text(&path), "--out", text(out)]);
        assert_eq!(code(&output), 2, "{}", out.display());
        assert!(stderr(&output).contains("--out"), "{}", stderr(&output));
    }
    assert!(fs::read_to_string(&path).unwrap().starts_with("licit: 1"));
}

#[test]
fn a_broken_pipe_is_no_failure() {
    for arguments in [&["position", EXAMPLE][..], &["position", EXAMPLE, "--format", "json"], &["check", EXAMPLE]] {
        let mut child = command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((code(&output), stderr(&output)), (0, ""), "{arguments:?}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_said() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = command(&["position", EXAMPLE]).stdout(full).output().unwrap();
    assert_eq!(code(&output), 3);
    assert!(stderr(&output).contains("cannot be written"), "{}", stderr(&output));
}

/// The example's result in a file.
fn result() -> (TempDir, PathBuf) {
    let output = licit(&["position", EXAMPLE, "--format", "json"]);
    folder_with("result.json", stdout(&output))
}

#[test]
fn verify_accepts_a_result_and_refuses_it_with_one_digit_changed() {
    let (_folder, path) = result();
    let output = licit(&["verify", EXAMPLE, text(&path)]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stdout(&output).starts_with("accepted"));
    let changed = fs::read_to_string(&path).unwrap().replacen("\"uncovered\":1", "\"uncovered\":0", 1);
    fs::write(&path, changed).unwrap();
    let output = licit(&["verify", EXAMPLE, text(&path)]);
    assert_eq!(code(&output), 1);
    assert!(stdout(&output).contains("figures: `objective.uncovered`"), "{}", stdout(&output));
    assert_eq!(stderr(&output), "");
    let output = licit(&["verify", EXAMPLE, text(&path), "--format", "json"]);
    assert_eq!(code(&output), 1);
    let verdict: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(verdict["accepted"], false);
    assert_eq!(verdict["violations"][0]["law"], "figures");
}

#[test]
fn verify_refuses_a_result_for_another_day_or_other_facts() {
    let (_folder, path) = result();
    let output = licit(&["verify", EXAMPLE, text(&path), "--as-of", "2026-11-23"]);
    assert_eq!(code(&output), 1);
    assert!(stdout(&output).contains("same-facts"), "{}", stdout(&output));
    let output = licit(&["verify", "examples/contoso.yaml", text(&path)]);
    assert_eq!(code(&output), 1);
}

#[test]
fn verify_exits_with_2_for_a_file_that_is_no_result() {
    let (_folder, path) = result();
    let good = fs::read_to_string(&path).unwrap();
    let bad = [
        String::new(),
        "[]".to_owned(),
        "{}".to_owned(),
        good[..good.len() / 2].to_owned(),
        good.replacen("\"uncovered\":1", "\"uncovered\":1.0", 1),
        good.replacen("\"uncovered\":1", "\"uncovered\":1,\"uncovered\":1", 1),
        good.replacen("\"uncovered\":1", "\"uncovered\":\"1\"", 1),
        good.replacen("\"totals\": {", "\"totals\": [{", 1),
        good.replacen("\"licit\": 1", "\"licit\": 2", 1),
        good.replacen("\"installed\":16,", "", 1),
    ];
    for text_of_result in bad {
        fs::write(&path, &text_of_result).unwrap();
        let output = licit(&["verify", EXAMPLE, text(&path)]);
        assert_eq!(code(&output), 2, "{text_of_result}");
        assert_eq!(stdout(&output), "");
    }
    fs::write(&path, b"{\"licit\": \"\xff\"}").unwrap();
    assert_eq!(code(&licit(&["verify", EXAMPLE, text(&path)])), 2);
    assert_eq!(code(&licit(&["verify", EXAMPLE, "examples"])), 2);
    assert_eq!(code(&licit(&["verify", EXAMPLE, "examples/missing.json"])), 2);
}

#[test]
fn as_of_overrides_the_day_of_the_file() {
    let (_folder, path) = estate(
        "skus: [{id: A, version: app@1}]\nlicenses: [{id: L, sku: A, quantity: 1, end: 2026-12-31}]\n\
         installs: [{version: app@1}]\n",
    );
    let uncovered = |arguments: &[&str]| {
        let all = [&["position", text(&path), "--format", "json"], arguments].concat();
        let result: Value = serde_json::from_slice(&licit(&all).stdout).unwrap();
        (result["as_of"].as_str().unwrap().to_owned(), result["totals"]["uncovered"].as_u64().unwrap())
    };
    assert_eq!(uncovered(&[]), ("2026-11-22".to_owned(), 0));
    assert_eq!(uncovered(&["--as-of", "2026-12-31"]), ("2026-12-31".to_owned(), 0));
    assert_eq!(uncovered(&["--as-of", "2027-01-01"]), ("2027-01-01".to_owned(), 1));
}

const WARNED: &str =
    "skus: [{id: A, version: app@1}]\nlicenses: [{id: L, sku: A, quantity: 99999}]\ninstalls: [{version: app@1}]\n";

#[test]
fn warnings_go_to_standard_error_unless_quiet() {
    let (_folder, path) = estate(WARNED);
    let output = licit(&["position", text(&path)]);
    assert_eq!(code(&output), 0);
    assert!(stderr(&output).contains("W-SENTINEL"), "{}", stderr(&output));
    let output = licit(&["position", text(&path), "--quiet"]);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
}

#[test]
fn a_result_carries_the_warnings_on_its_estate() {
    let output = licit(&["position", "examples/contoso.yaml", "--format", "json"]);
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(result["diagnostics"].as_array().unwrap().len(), 1);
    assert_eq!(result["diagnostics"][0]["code"], "W-NOT-INSTALLED");
    assert!(stderr(&output).contains("contoso.yaml:59:5"), "{}", stderr(&output));
}

#[test]
fn findings_as_json_are_one_object_on_each_line() {
    let (_folder, path) =
        estate("skus: [{id: A, version: app@3}, {id: A, version: app@1}]\nlicenses: []\ninstalls: []\n");
    for (command, is_result) in [("position", false), ("check", true)] {
        let output = licit(&[command, text(&path), "--message-format", "json"]);
        assert_eq!(code(&output), 2);
        let lines = if is_result { stdout(&output) } else { stderr(&output) };
        let codes: Vec<Value> =
            lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["code"].clone()).collect();
        assert_eq!(codes, ["E-REF", "E-DUP-ID"], "{lines}");
    }
}

#[test]
fn check_says_what_is_wrong_on_standard_output() {
    let output = licit(&["check", EXAMPLE]);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    let (_folder, path) = estate(WARNED);
    let output = licit(&["check", text(&path)]);
    assert_eq!(code(&output), 0);
    assert!(stdout(&output).contains("W-SENTINEL"));
    let output = licit(&["check", "examples/missing.yaml"]);
    assert_eq!(code(&output), 2);
    assert!(stdout(&output).contains("E-NOT-FOUND"), "{}", stdout(&output));
}

#[test]
fn colors_are_for_those_who_ask() {
    let escape = |arguments: &[&str]| stdout(&licit(arguments)).contains('\u{1b}');
    assert!(!escape(&["position", EXAMPLE]));
    assert!(!escape(&["position", EXAMPLE, "--color", "never"]));
    assert!(escape(&["position", EXAMPLE, "--color", "always"]));
    assert!(!escape(&["position", EXAMPLE, "--color", "always", "--format", "json"]));
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let with = |jobs: &str| licit(&["position", "examples/contoso.yaml", "--format", "json", "--jobs", jobs]).stdout;
    let alone = with("1");
    assert!(!alone.is_empty());
    assert_eq!(alone, with("4"));
}

const FLOW: &str = "p min 3 3\nn 1 4\nn 3 -4\na 1 2 0 3 1\na 2 3 0 5 1\na 1 3 0 9 5\n";

#[test]
fn mcf_prints_the_cost_and_checks_it() {
    let (_folder, path) = folder_with("flow.min", FLOW);
    let output = licit(&["mcf", text(&path), "--check"]);
    assert_eq!((code(&output), stdout(&output)), (0, "11\n"));
    assert!(stderr(&output).starts_with("checked"));
    let output = licit(&["mcf", text(&path), "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["status"], &report["cost"]), (&"optimal".into(), &11.into()));
    assert!(report["read_seconds"].is_f64() && report["solve_seconds"].is_f64() && report["pivots"].is_u64());
}

#[test]
fn mcf_says_infeasible_and_unbounded_with_3() {
    for (problem, status) in [
        ("p min 2 1\nn 1 4\nn 2 -4\na 1 2 0 3 1\n", "infeasible"),
        ("p min 2 2\na 1 2 0 -1 -1\na 2 1 0 -1 0\n", "unbounded"),
    ] {
        let (_folder, path) = folder_with("flow.min", problem);
        let output = licit(&["mcf", text(&path)]);
        assert_eq!((code(&output), stdout(&output)), (3, ""));
        assert!(stderr(&output).contains(status), "{}", stderr(&output));
        let output = licit(&["mcf", text(&path), "--format", "json"]);
        assert_eq!(code(&output), 3);
        assert_eq!(serde_json::from_slice::<Value>(&output.stdout).unwrap()["status"], status);
    }
}

#[test]
fn mcf_refuses_what_is_no_problem_with_its_place() {
    let (_folder, path) = folder_with("flow.min", "p min 2 1\na 1 2 0 x 1\n");
    let output = licit(&["mcf", text(&path)]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("flow.min"), "{}", stderr(&output));
}

/// Runs `licit init` in a folder.
fn init(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(LICIT).arg("init").args(arguments).current_dir(folder).stdin(Stdio::null()).output().unwrap()
}

#[test]
fn init_writes_an_estate_without_findings_and_with_something_to_see() {
    let folder = tempfile::tempdir().unwrap();
    let output = init(folder.path(), &["new/my estate"]);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    assert!(stdout(&output).ends_with("next: licit position 'new/my estate/estate.yaml'\n"), "{}", stdout(&output));
    let estate = folder.path().join("new/my estate/estate.yaml");
    let output = licit(&["check", text(&estate)]);
    assert_eq!((code(&output), stdout(&output), stderr(&output)), (0, "", ""));
    let output = licit(&["position", text(&estate)]);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    assert!(stdout(&output).contains("15 demands: 13 covered, 2 uncovered"), "{}", stdout(&output));
    assert!(stdout(&output).contains("5 idle"), "{}", stdout(&output));
}

#[test]
fn init_writes_into_the_folder_it_runs_in() {
    let folder = tempfile::tempdir().unwrap();
    let output = init(folder.path(), &[]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let expected = "wrote estate.yaml\nwrote installs.csv\nwrote renewal.yaml\nnext: licit position estate.yaml\n";
    assert_eq!(stdout(&output), expected);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
}

#[test]
fn init_overwrites_nothing_and_then_writes_nothing() {
    for name in ["estate.yaml", "installs.csv", "renewal.yaml"] {
        let (folder, path) = folder_with(name, "mine");
        let output = init(folder.path(), &["."]);
        assert_eq!((code(&output), stdout(&output)), (2, ""));
        assert!(stderr(&output).contains(name) && stderr(&output).contains("there already"), "{}", stderr(&output));
        assert_eq!(fs::read_to_string(path).unwrap(), "mine");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

#[test]
fn init_says_where_it_cannot_write() {
    let (folder, path) = folder_with("file", "mine");
    let output = init(folder.path(), &["file/below"]);
    assert_eq!((code(&output), stdout(&output)), (2, ""));
    assert!(stderr(&output).contains("cannot be written"), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(path).unwrap(), "mine");
}

#[test]
fn a_position_fails_on_the_color_asked_for() {
    for (demand, uncovered, red, yellow) in [(5, 0, 0, 0), (9, 0, 0, 1), (11, 1, 1, 1)] {
        let rows = format!(
            "skus: [{{id: S, version: app@1}}]\nlicenses: [{{id: L, sku: S, quantity: 10}}]\n\
             installs: [{{version: app@1, quantity: {demand}}}]\n"
        );
        let (_folder, path) = estate(&rows);
        for (state, expected) in [("uncovered", uncovered), ("red", red), ("yellow", yellow)] {
            let output = licit(&["position", text(&path), "--fail-on", state]);
            assert_eq!(code(&output), expected, "{demand} installs, {state}");
        }
    }
}

#[test]
fn a_name_that_is_a_formula_stays_text_in_a_spreadsheet() {
    let (_folder, path) =
        folder_with("estate.yaml", "licit: 1\nas_of: 2026-11-22\ntitles: [{id: \"=1+1\", versions: [1]}]\n");
    let row = |arguments: &[&str]| stdout(&licit(arguments)).lines().nth(1).unwrap().to_owned();
    assert!(row(&["position", text(&path), "--format", "csv"]).starts_with("'=1+1,1,green"));
    assert!(row(&["position", text(&path), "--format", "csv", "--raw-csv"]).starts_with("=1+1,1,green"));
}
