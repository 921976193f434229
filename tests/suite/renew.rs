//! `licit renew` as its users meet it: exit codes, streams, files, and what the formats say.

use crate::cli::{code, command, folder_with, licit, stderr, stdout, text};
use crate::estates::repository;
use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use tempfile::TempDir;

const EXAMPLE: &str = "examples/renewal.yaml";

/// A folder with an estate of three installs of one version, and a scenario file that ends in the given rows.
fn renewal(rows: &str) -> (TempDir, PathBuf) {
    let (folder, path) = folder_with("renewal.yaml", &format!("licit: 1\nestate: estate.yaml\n{rows}"));
    let estate = "licit: 1\nas_of: 2026-11-22\ncurrency: EUR\ntitles: [{id: app, versions: [\"1\"]}]\n\
        skus: [{id: APP, version: app@1}]\nlicenses: [{id: L, sku: APP, quantity: 1}]\n\
        installs: [{version: app@1, quantity: 3}]\n";
    fs::write(folder.path().join("estate.yaml"), estate).unwrap();
    (folder, path)
}

/// The result of `licit renew` as JSON.
fn result(arguments: &[&str]) -> Value {
    let output = licit(&[&["renew", "--format", "json"], arguments].concat());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn a_renewal_as_json_has_the_keys_of_the_format() {
    let result = result(&[EXAMPLE]);
    assert_eq!(keys(&result), ["licit", "command", "scenarios", "comparison", "evidence"]);
    assert_eq!((&result["licit"], &result["command"]), (&1.into(), &"renew".into()));
    let scenario = &result["scenarios"][1];
    let scenario_keys = "name as_of currency standing gaps objective totals units_bought uncovered spend buy renew \
                         lapse transfer reclaim reinstall shortages marginal";
    assert_eq!(keys(scenario), scenario_keys.split_whitespace().collect::<Vec<_>>());
    let objective = "license_assignments_unmet title_assignments_unmet uncovered spend set_aside transfer_cost \
                     stretch flexibility";
    assert_eq!(keys(&scenario["objective"]), objective.split_whitespace().collect::<Vec<_>>());
    let buy = "offer sku scope quantity packs unit_price cost serves";
    assert_eq!(keys(&scenario["buy"][0]), buy.split_whitespace().collect::<Vec<_>>());
    assert_eq!(keys(&scenario["buy"][0]["serves"][0]), ["version", "scope", "quantity"]);
    assert_eq!(keys(&scenario["renew"][0]), ["offer", "license", "quantity", "cost", "serves"]);
    assert_eq!(keys(&scenario["lapse"][0]), ["license", "quantity"]);
    assert_eq!(keys(&scenario["transfer"][0]), ["license", "from", "to", "quantity", "cost"]);
    let reclaim = "version scope contract asset user quantity cost";
    assert_eq!(keys(&scenario["reclaim"][0]), reclaim.split_whitespace().collect::<Vec<_>>());
    assert_eq!(keys(&result["comparison"]), ["scenarios", "cheapest", "dearest", "in_any_case"]);
    let compared = ["name", "standing", "uncovered", "spend", "units_bought"];
    assert_eq!(keys(&result["comparison"]["scenarios"][0]), compared);
}

#[test]
fn the_example_comes_to_what_was_computed_by_hand() {
    let result = result(&[EXAMPLE]);
    let figures = |scenario: &Value| {
        let of = |key: &str| scenario[key].clone();
        (of("name"), of("standing"), of("uncovered"), of("spend"), of("units_bought"))
    };
    let scenarios: Vec<_> = result["scenarios"].as_array().unwrap().iter().map(figures).collect();
    let expected = [("apac hires, people=0", "1305.00", 16), ("apac hires, people=10", "3655.00", 36)];
    let expected =
        expected.map(|(name, spend, units)| (name.into(), "optimal".into(), 0.into(), spend.into(), units.into()));
    assert_eq!(scenarios, expected);
    let quantities = |scenario: usize, list: &str, name: &str| -> Vec<(Value, Value)> {
        let rows = result["scenarios"][scenario][list].as_array().unwrap().iter();
        rows.map(|row| (row[name].clone(), row["quantity"].clone())).collect()
    };
    assert_eq!(quantities(0, "buy", "offer"), [("draw-single".into(), 7.into())]);
    let bought =
        [("draw-pack", 15), ("draw-single", 2), ("new", 10)].map(|(offer, units)| (offer.into(), units.into()));
    assert_eq!(quantities(1, "buy", "offer"), bought);
    for scenario in [0, 1] {
        assert_eq!(quantities(scenario, "renew", "license"), [("office-lease".into(), 9.into())]);
        assert_eq!(quantities(scenario, "lapse", "license"), [("office-lease".into(), 1.into())]);
        assert_eq!(quantities(scenario, "transfer", "to"), [("apac".into(), 2.into())]);
        assert_eq!(quantities(scenario, "reclaim", "asset"), [("PC-9".into(), 1.into())]);
    }
    let common = &result["comparison"]["in_any_case"];
    assert_eq!((&common[0]["offer"], &common[0]["quantity"]), (&"draw-single".into(), &2.into()));
    assert_eq!((&common[1]["license"], &common[1]["quantity"]), (&"office-lease".into(), &9.into()));
    assert_eq!(result["comparison"]["cheapest"], "apac hires, people=0");
}

#[test]
fn the_renewal_of_init_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(code(&licit(&["init", text(folder.path())])), 0);
    let file = folder.path().join("renewal.yaml");
    let result = result(&[text(&file)]);
    let spend: Vec<&str> =
        result["scenarios"].as_array().unwrap().iter().map(|scenario| scenario["spend"].as_str().unwrap()).collect();
    assert_eq!(spend, ["660.00", "840.00", "795.00"]);
}

#[test]
fn only_the_scenarios_asked_for_are_answered_in_the_order_of_the_file() {
    let (_folder, path) = renewal("scenarios: [{name: a}, {name: b}, {name: c}]\n");
    let names = |arguments: &[&str]| -> Vec<String> {
        let result = result(&[&[text(&path)], arguments].concat());
        let scenarios = result["scenarios"].as_array().unwrap().iter();
        scenarios.map(|scenario| scenario["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&[]), ["a", "b", "c"]);
    assert_eq!(names(&["--scenario", "c", "--scenario", "a", "--scenario", "c"]), ["a", "c"]);
    let output = licit(&["renew", text(&path), "--scenario", "d\u{1b}[31m"]);
    assert_eq!((code(&output), stdout(&output)), (2, ""));
    let expected = "error: `--scenario d\\u{1b}[31m` names no scenario; there are `a`, `b`, `c`\n";
    assert_eq!(stderr(&output), expected);
}

#[test]
fn what_is_left_uncovered_is_answered_and_fails_only_on_request() {
    let (_folder, path) = renewal("offers: [{id: new, sku: APP, price: 10.00}]\nlimits: {budget: 10.00}\n");
    let uncovered = result(&[text(&path)]);
    assert_eq!(uncovered["scenarios"][0]["uncovered"], 1);
    assert_eq!(uncovered["scenarios"][0]["shortages"][0]["version"], "app@1");
    let output = licit(&["renew", text(&path), "--fail-on", "uncovered"]);
    assert_eq!(code(&output), 1);
    assert!(stdout(&output).contains("Spend 10.00 EUR of a budget of 10.00 EUR"), "{}", stdout(&output));
    assert!(stdout(&output).contains("\nuncovered         app@1  all           1"), "{}", stdout(&output));
    let (_folder, path) = renewal("offers: [{id: new, sku: APP, price: 10.00}]\n");
    assert_eq!(code(&licit(&["renew", text(&path), "--fail-on", "uncovered"])), 0);
}

#[test]
fn a_price_of_shortage_is_said_beside_what_is_paid() {
    let (_folder, path) = renewal("offers: [{id: new, sku: APP, price: 10.00, max: 1}]\nshortage: {cost: 12.50}\n");
    let output = licit(&["renew", text(&path)]);
    let expected = "Spend 10.00 EUR: 1 unit bought or renewed.\n\
        3 demands: 2 covered, 1 uncovered. 2 active units: 2 used, 0 idle.\n\
        Each uncovered install is priced at 12.50 EUR, all of them at 12.50 EUR; that is not paid.\n\
        Proved least: no plan is better at any level; the checker has accepted the proof.\n";
    assert!(stdout(&output).contains(expected), "{}", stdout(&output));
    assert!(stdout(&output).contains("stays uncovered, priced at 12.50 each"), "{}", stdout(&output));
}

#[test]
fn a_scenario_without_anything_to_do_says_so() {
    let (_folder, path) = renewal("scenarios: [{name: none, changes: [{retire: [\"app@1\"]}]}]\n");
    let output = licit(&["renew", text(&path)]);
    assert!(stdout(&output).ends_with("\nNothing to buy, to renew or to do.\n"), "{}", stdout(&output));
    let output = licit(&["renew", text(&path), "--format", "csv"]);
    assert_eq!(stdout(&output), "scenario,action,what,scope,quantity,unit_price,cost,reason,offer\n");
}

#[test]
fn what_cannot_be_read_exits_with_2_and_writes_nothing() {
    let (folder, path) = renewal("offers: [{id: new, sku: NONE, price: 1}]\n");
    let out = folder.path().join("result.json");
    let output = licit(&["renew", text(&path), "--out", text(&out)]);
    assert_eq!((code(&output), stdout(&output)), (2, ""));
    assert!(stderr(&output).contains("renewal.yaml:3:25"), "{}", stderr(&output));
    assert!(!out.exists());
    let output = licit(&["renew", text(&path), "--message-format", "json"]);
    assert_eq!(serde_json::from_str::<Value>(stderr(&output)).unwrap()["code"], "E-REF");
    // What is wrong with the estate is refused too, at its place.
    let (folder, path) = renewal("");
    fs::write(folder.path().join("estate.yaml"), "licit: 1\nas_of: 2026-11-22\ntitle: []\n").unwrap();
    let output = licit(&["renew", text(&path)]);
    assert_eq!((code(&output), stdout(&output)), (2, ""));
    assert!(stderr(&output).contains("estate.yaml:3:1"), "{}", stderr(&output));
    let (_folder, path) = renewal("");
    let usages: [&[&str]; 8] = [
        &["renew"],
        &["renew", "examples/missing.yaml"],
        &["renew", "examples/contoso.yaml"],
        &["renew", text(&path), "--format", "elp"],
        &["renew", text(&path), "--fail-on", "red"],
        &["renew", text(&path), "--as-of", "1.4.2027"],
        &["renew", text(&path), "--jobs", "0"],
        &["renew", text(&path), "--out", text(&path)],
    ];
    for usage in usages {
        let output = licit(usage);
        assert_eq!((code(&output), stdout(&output)), (2, ""), "{usage:?}");
    }
}

#[test]
fn a_scenario_that_is_no_network_is_answered_and_proved() {
    let (folder, path) = renewal("scenarios: [{name: as is}]\n");
    let estate = "licit: 1\nas_of: 2026-11-22\ntitles: [{id: app, versions: [\"1\", \"2\"]}]\n\
        scopes: [{id: all}, {id: one, parent: all}, {id: two, parent: all}]\n\
        skus: [{id: BASE, version: app@1}, {id: UPGRADE, version: app@2, upgrades: [app@1]}]\n\
        licenses:\n  - {id: base-one, sku: BASE, quantity: 5, scope: one}\n  - {id: base-two, sku: BASE, quantity: 5, scope: two}\n  \
        - {id: upgrade, sku: UPGRADE, quantity: 5, scope: all}\n\
        installs:\n  - {version: app@2, quantity: 4, scope: one}\n  - {version: app@2, quantity: 4, scope: two}\n";
    fs::write(folder.path().join("estate.yaml"), estate).unwrap();
    let output = licit(&["renew", text(&path), "--format", "json"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let result: Value = serde_json::from_str(stdout(&output)).unwrap();
    // Five upgrades for eight installs, and nothing on offer for them.
    assert_eq!(result["scenarios"][0]["standing"], "optimal");
    assert_eq!(result["scenarios"][0]["uncovered"], 3);
}

#[test]
fn warnings_go_to_standard_error_unless_quiet() {
    let (folder, path) = renewal("offers: [{id: new, sku: APP, price: 10.00}]\n");
    let estate = folder.path().join("estate.yaml");
    let text_of = fs::read_to_string(&estate).unwrap();
    fs::write(&estate, text_of.replace("quantity: 1}", "quantity: 9999}")).unwrap();
    let output = licit(&["renew", text(&path)]);
    assert_eq!(code(&output), 0);
    assert!(stderr(&output).contains("W-SENTINEL"), "{}", stderr(&output));
    let output = licit(&["renew", text(&path), "--quiet"]);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
}

/// The codes of what is said about a scenario file beside an estate in which one license has ended by the day of
/// renewal and two versions have none.
fn warned(rows: &str) -> Vec<String> {
    let (folder, path) = renewal(rows);
    let estate = "licit: 1\nas_of: 2026-11-22\ncurrency: EUR\ntitles: [{id: app, versions: [\"1\"]}, {id: cad, versions: [\"1\"]}]\n\
        skus: [{id: APP, version: app@1}, {id: CAD, version: cad@1}, {id: GATED, version: cad@1, use_only_when_assigned: true}]\n\
        licenses: [{id: L, sku: APP, quantity: 1, end: 2026-12-31}]\n\
        installs: [{version: app@1, quantity: 3}, {version: cad@1}]\n";
    fs::write(folder.path().join("estate.yaml"), estate).unwrap();
    let output = licit(&["check", text(&path), "--as-of", "2027-01-01", "--message-format", "json"]);
    assert_eq!(code(&output), 0, "{}", stdout(&output));
    let codes = stdout(&output).lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["code"].clone());
    codes.map(|code| code.as_str().unwrap().to_owned()).collect()
}

#[test]
fn licenses_that_end_are_no_surprise_where_offers_cover_what_they_did() {
    assert_eq!(warned(""), ["W-EXPIRED", "W-NO-LICENSE"]);
    assert_eq!(warned("offers: [{id: keep, renew: L, price: 1}]\n"), ["W-NO-LICENSE"]);
    assert_eq!(warned("offers: [{id: new, sku: APP, price: 1}]\n"), ["W-NO-LICENSE"]);
    assert_eq!(warned("offers: [{id: new, sku: CAD, price: 1}]\n"), ["W-EXPIRED"]);
    // Nobody is assigned a unit of it, so that it reaches nothing.
    assert_eq!(warned("offers: [{id: new, sku: GATED, price: 1}]\n"), ["W-EXPIRED", "W-NO-LICENSE"]);
    let both = "offers: [{id: new, sku: \"${sku}\", price: 1}]\nsweep: {sku: [APP, CAD]}\n";
    assert_eq!(warned(both), [""; 0]);
}

#[test]
fn margins_reach_as_far_as_the_budget_does() {
    let margins = |budget: &str| -> Vec<(Value, Value, Value)> {
        let rows = format!("offers: [{{id: new, sku: APP, price: 10.00}}]\nlimits: {{budget: {budget}}}\n");
        let (_folder, path) = renewal(&rows);
        let result = result(&[text(&path)]);
        let rows = result["scenarios"][0]["marginal"].as_array().unwrap().iter();
        let installs = rows.filter(|row| row["version"] == "app@1");
        installs.map(|row| (row["uncovered"].clone(), row["spend"].clone(), row["holds_for"].clone())).collect()
    };
    let margin = |uncovered: u64, spend: &str, holds_for: u64| (uncovered.into(), spend.into(), holds_for.into());
    // Two of three installs need a new unit at 10.
    assert_eq!(margins("45.00"), [margin(0, "10.00", 2)]);
    assert_eq!(margins("35.00"), [margin(0, "10.00", 1)]);
    // The budget is enough, and pays for no more: what one more install changes was not asked.
    assert_eq!(margins("25.00"), []);
    // The budget binds: one more install is uncovered.
    assert_eq!(margins("15.00"), [margin(1, "0.00", 1)]);
}

#[test]
fn as_of_overrides_the_day_of_the_file() {
    let result = result(&[EXAMPLE, "--as-of", "2027-05-01"]);
    assert_eq!(result["scenarios"][0]["as_of"], "2027-05-01");
}

/// The example's result in a file.
fn written(arguments: &[&str]) -> (TempDir, PathBuf) {
    let output = licit(&[&["renew", EXAMPLE, "--format", "json"], arguments].concat());
    folder_with("result.json", stdout(&output))
}

#[test]
fn verify_accepts_a_renewal_and_refuses_it_with_one_digit_changed() {
    let (_folder, path) = written(&[]);
    let output = licit(&["verify", EXAMPLE, text(&path)]);
    let accepted = "accepted: every plan is lawful, the figures are those of the plans, and the prices prove 2 scenarios \
                    optimal\n";
    assert_eq!((code(&output), stdout(&output), stderr(&output)), (0, accepted, ""));
    let output = licit(&["verify", EXAMPLE, text(&path), "--format", "json"]);
    assert_eq!(serde_json::from_slice::<Value>(&output.stdout).unwrap()["accepted"], true);
    let result = fs::read_to_string(&path).unwrap();
    fs::write(&path, result.replacen("\"spend\": \"3655.00\"", "\"spend\": \"3654.00\"", 1)).unwrap();
    let output = licit(&["verify", EXAMPLE, text(&path)]);
    let refused = "refused: 1 law is broken\n  \
                   figures: `scenarios[1].spend` is claimed to be `3654.00` and comes to `3655.00`\n";
    assert_eq!((code(&output), stdout(&output)), (1, refused));
    fs::write(&path, result.replacen("\"licenses\":[\"draw\"]", "\"licenses\":[\"drew\"]", 1)).unwrap();
    let output = licit(&["verify", EXAMPLE, text(&path), "--format", "json"]);
    assert_eq!(code(&output), 1);
    let verdict: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&verdict["accepted"], &verdict["violations"][0]["law"]), (&false.into(), &"unknown-reference".into()));
}

#[test]
fn verify_accepts_some_scenarios_of_a_file_and_another_day_if_it_is_named() {
    let (_folder, path) = written(&["--scenario", "apac hires, people=10"]);
    assert_eq!(code(&licit(&["verify", EXAMPLE, text(&path)])), 0);
    let (_folder, path) = written(&["--as-of", "2027-05-01"]);
    assert_eq!(code(&licit(&["verify", EXAMPLE, text(&path), "--as-of", "2027-05-01"])), 0);
    let output = licit(&["verify", EXAMPLE, text(&path)]);
    let other_day = "same-facts: the result is as of `2027-05-01`, the scenarios as of `2027-04-01`";
    assert_eq!(code(&output), 1);
    assert!(stdout(&output).contains(other_day), "{}", stdout(&output));
}

#[test]
fn verify_says_which_file_goes_with_which_result() {
    let (folder, path) = written(&[]);
    let estate = "examples/renewal-estate.yaml";
    let output = licit(&["verify", estate, text(&path)]);
    assert_eq!((code(&output), stdout(&output)), (2, ""));
    let expected =
        "a result of `renew` is checked with its scenario file, not with an estate: `licit verify SCENARIOS ";
    assert!(stderr(&output).contains(expected), "{}", stderr(&output));
    let position = folder.path().join("position.json");
    licit(&["position", estate, "--format", "json", "--out", text(&position)]);
    let output = licit(&["verify", EXAMPLE, text(&position)]);
    assert_eq!((code(&output), stdout(&output)), (2, ""));
    let expected = "a result of `position` is checked with its estate, not with scenarios: `licit verify ESTATE ";
    assert!(stderr(&output).contains(expected), "{}", stderr(&output));
    let journal = folder.path().join("journal.sqlite");
    let batch = licit(&["batch", EXAMPLE, "--quiet", "--format", "json", "--journal", text(&journal)]);
    fs::write(&position, &batch.stdout).unwrap();
    let output = licit(&["verify", EXAMPLE, text(&position)]);
    assert_eq!((code(&output), stdout(&output)), (2, ""));
    assert!(stderr(&output).contains("a result of `batch` has no evidence"), "{}", stderr(&output));
}

#[test]
fn verify_exits_with_2_for_a_file_that_is_no_renewal() {
    let (_folder, path) = written(&[]);
    let good = fs::read_to_string(&path).unwrap();
    let bad = [
        good[..good.len() / 2].to_owned(),
        good.replacen("\"evidence\":", "\"proofs\":", 1),
        good.replacen("\"licit\": 1", "\"licit\": 2", 1),
        good.replacen("\"most\": 15", "\"most\": 15.0", 1),
        good.replacen("\"most\": 15", "\"most\": 15,\"most\": 15", 1),
        good.replacen("\"uncovered\": 0", "\"uncovered\": 0, \"uncovered\": 0", 1),
        good.replacen("\"name\": \"apac hires, people=0\"", "\"name\": null", 1),
        good.replacen("\"weights\": [null,null,null]", "\"weights\": [null,null]", 1),
    ];
    for text_of_result in bad {
        assert_ne!(text_of_result, good);
        fs::write(&path, &text_of_result).unwrap();
        let output = licit(&["verify", EXAMPLE, text(&path)]);
        assert_eq!((code(&output), stdout(&output)), (2, ""), "{text_of_result}");
        assert!(stderr(&output).contains("no result: "), "{}", stderr(&output));
    }
    assert_eq!(code(&licit(&["verify", "examples/missing.yaml", text(&path)])), 2);
    assert_eq!(code(&licit(&["verify", EXAMPLE, "examples/missing.json"])), 2);
}

#[test]
fn only_json_keeps_evidence_and_any_number_of_threads_accepts_it() {
    let (_folder, path) = written(&["--jobs", "1"]);
    for jobs in ["1", "3"] {
        assert_eq!(code(&licit(&["verify", EXAMPLE, text(&path), "--jobs", jobs])), 0);
    }
    for format in ["table", "csv", "markdown"] {
        assert!(!stdout(&licit(&["renew", EXAMPLE, "--format", format])).contains("certificate"), "{format}");
    }
}

#[test]
fn a_renewal_goes_whole_to_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("result.json");
    let output = licit(&["renew", EXAMPLE, "--format", "json", "--out", text(&out)]);
    assert_eq!((code(&output), stdout(&output), stderr(&output)), (0, "", ""));
    assert_eq!(fs::read(&out).unwrap(), licit(&["renew", EXAMPLE, "--format", "json"]).stdout);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    for file in [EXAMPLE, "cli/starter/renewal.yaml"] {
        let with = |jobs: &str| licit(&["renew", file, "--format", "json", "--jobs", jobs]).stdout;
        let alone = with("1");
        assert!(!alone.is_empty());
        assert_eq!(alone, with("2"));
        assert_eq!(alone, with("7"));
    }
}

#[test]
fn a_broken_pipe_is_no_failure() {
    for format in ["table", "json", "csv", "markdown"] {
        let mut child = command(&["renew", EXAMPLE, "--format", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((code(&output), stderr(&output)), (0, ""), "{format}");
    }
}

#[test]
fn names_of_users_are_neither_formulas_nor_markup_nor_colors() {
    let (_folder, path) = renewal(
        "offers: [{id: \"=1+1\", sku: APP, price: 10.00}]\nscenarios: [{name: \"=2|*b*\", changes: [{grow: app@1, by: 1}]}]\n",
    );
    let row = |arguments: &[&str]| {
        let output = licit(&[&["renew", text(&path), "--format", "csv"], arguments].concat());
        stdout(&output).lines().nth(1).unwrap().to_owned()
    };
    assert_eq!(row(&[]), "'=2|*b*,buy,APP,all,3,10.00,30.00,covers 3 app@1,'=1+1");
    assert_eq!(row(&["--raw-csv"]), "=2|*b*,buy,APP,all,3,10.00,30.00,covers 3 app@1,=1+1");
    let output = licit(&["renew", text(&path), "--format", "markdown"]);
    assert!(stdout(&output).starts_with("# =2\\|\\*b\\*: renewal"), "{}", stdout(&output));
    let escape = |arguments: &[&str]| {
        let output = licit(&[&["renew", text(&path)], arguments].concat());
        stdout(&output).contains('\u{1b}')
    };
    assert!(!escape(&[]));
    assert!(escape(&["--color", "always"]));
    assert!(!escape(&["--color", "always", "--format", "markdown"]));
}

#[test]
fn a_file_of_a_renewal_is_found_from_any_folder() {
    let folder = tempfile::tempdir().unwrap();
    let output = command(&["renew", text(&repository(EXAMPLE))]).current_dir(folder.path()).output().unwrap();
    assert_eq!(output.stdout, licit(&["renew", EXAMPLE]).stdout);
}

/// As many more installs as `${more}` says: two units are to be had singly and ten as a pack, so that twelve are the most.
const RANGE: &str = "offers:
  - {id: single, sku: APP, price: 2.00, max: 2}
  - {id: pack, sku: APP, price: 1.00, pack: 10, max: 10}
scenarios: [{name: as is}, {name: growth, changes: [{grow: app@1, by: \"${more}\"}]}]
sweep: {more: {from: 0, to: 14, step: 2}}
";

#[test]
fn a_range_gives_curves_with_their_breakpoints() {
    let (_folder, path) = renewal(RANGE);
    let result = result(&[text(&path)]);
    assert_eq!(result["scenarios"].as_array().unwrap().len(), 2 * 8);
    let curves = &result["comparison"]["curve"];
    assert_eq!(
        (&curves[0]["scenario"], &curves[1]["name"], &curves[1]["standing"]),
        (&"as is".into(), &"more".into(), &"optimal".into())
    );
    let piece = |from: &str, to: &str, spend: [&str; 2], uncovered: [i64; 2]| {
        serde_json::json!({
            "from": from, "to": to, "spend": spend[0], "spend_per_step": spend[1],
            "uncovered": uncovered[0], "uncovered_per_step": uncovered[1],
        })
    };
    assert_eq!(curves[0]["pieces"], serde_json::json!([piece("0", "14", ["4.00", "0.00"], [0, 0])]));
    // More installs: 0 and 2 buy two singly or a pack, up to 8 the pack is enough, 10 takes both singles too.
    let expected = [
        piece("0", "2", ["4.00", "6.00"], [0, 0]),
        piece("2", "8", ["10.00", "0.00"], [0, 0]),
        piece("8", "10", ["10.00", "4.00"], [0, 0]),
        piece("10", "14", ["14.00", "0.00"], [0, 2]),
    ];
    assert_eq!(curves[1]["pieces"], serde_json::json!(expected));
}

#[test]
fn a_curve_is_shown_in_words_verified_and_left_out_where_values_are() {
    let (folder, path) = renewal(RANGE);
    let shown = |format: &str| stdout(&licit(&["renew", text(&path), "--format", format])).to_owned();
    assert!(shown("table").contains("growth over more: proved least at every value"));
    assert!(shown("markdown").contains("| 8 | 10 | 0 | 0 | 10.00 | +4.00 |"));
    let out = folder.path().join("result.json");
    fs::write(&out, shown("json")).unwrap();
    let verified = licit(&["verify", text(&path), text(&out)]);
    assert_eq!(code(&verified), 0, "{}", stderr(&verified));
    let written = fs::read_to_string(&out).unwrap();
    let altered = written.replacen("\"spend_per_step\":\"6.00\"", "\"spend_per_step\":\"5.00\"", 1);
    fs::write(&out, altered).unwrap();
    let refused = licit(&["verify", text(&path), text(&out)]);
    assert_eq!(code(&refused), 1);
    assert!(stdout(&refused).contains("comparison.curve[1].pieces[0].spend_per_step"), "{}", stdout(&refused));
    let some = result(&[text(&path), "--scenario", "growth, more=2"]);
    assert_eq!(some["comparison"].get("curve"), None);
}
