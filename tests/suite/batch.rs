//! `licit batch` and `licit merge`: what they answer, what they keep, what they refuse.

use crate::cli::{code, command, folder_with, licit, stderr, stdout, text};
use rusqlite::Connection;
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const ESTATE: &str = "licit: 1\nas_of: 2026-11-22\ncurrency: EUR\n\
    scopes: [{id: all}, {id: one, parent: all}, {id: two, parent: all}]\n\
    titles: [{id: app, versions: [1, 2]}, {id: cad, versions: [1]}, {id: db, versions: [1, 2]}]\n\
    skus: [{id: APP, version: app@2, covers: [app@1]}, {id: CAD, version: cad@1}, {id: DB, version: db@2, covers: [db@1]}]\n\
    licenses: [{id: app-one, sku: APP, quantity: 5, scope: one}, {id: cad, sku: CAD, quantity: 3, end: 2026-01-01}]\n\
    installs:\n  - {version: app@1, quantity: 9, scope: one}\n  - {version: app@2, quantity: 4, scope: two}\n  \
    - {version: cad@1, quantity: 5, scope: one}\n  - {version: db@1, quantity: 7, scope: two}\n";
const OFFERS: &str = "licit: 1\nestate: estate.yaml\noffers:\n\
    - {id: app-pack, sku: APP, price: 9.00, pack: 4, fee: 7.00, scope: all}\n- {id: app-one-by-one, sku: APP, price: 12.00, scope: all}\n\
    - {id: keep, renew: cad, price: 3.00}\n- {id: cad-new, sku: CAD, price: 5.00, min: 4, scope: all}\n\
    - {id: db, sku: DB, tiers: [{from: 1, price: 7.00}, {from: 20, price: 5.00}], tier_rule: all-units, scope: all}\n";

/// A folder with an estate of three parts and the scenario files `a.yaml` and `b.yaml`, of so many scenarios and three.
pub(crate) fn night(count: usize) -> TempDir {
    let values = |count: usize| (0..count).map(|value| value.to_string()).collect::<Vec<_>>().join(", ");
    let all = "changes: [{grow: app@1, scope: one, by: \"${n}\"}, {grow: db@1, scope: two, by: \"${n}\"}, {grow: cad@1, scope: two, by: \"${n}\"}]";
    let (folder, _) = folder_with("estate.yaml", ESTATE);
    let a = format!("{OFFERS}scenarios: [{{name: growth, {all}}}]\nsweep: {{n: [{}]}}\n", values(count));
    fs::write(folder.path().join("a.yaml"), a).unwrap();
    let one = "scenarios: [{name: none}, {name: fewer, changes: [{retire: [db@*]}]}, {name: more, changes: [{grow: cad@1, scope: one, by: 3}]}]";
    fs::write(folder.path().join("b.yaml"), format!("{OFFERS}{one}\n")).unwrap();
    folder
}

/// The answer of a command in a folder, with its exit code.
pub(crate) fn run_in(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = command(arguments).current_dir(folder).output().unwrap();
    (code(&output), stdout(&output).to_owned(), stderr(&output).to_owned())
}

/// What a command prints in a folder, which says nothing else.
pub(crate) fn answer_in(folder: &Path, arguments: &[&str]) -> String {
    let (code, stdout, stderr) = run_in(folder, arguments);
    assert_eq!((code, stderr.as_str()), (0, ""), "{arguments:?}");
    stdout
}

/// What a batch of both files prints as JSON, with a journal of this name.
fn batch(folder: &Path, journal: &str, more: &[&str]) -> String {
    answer_in(folder, &[&["batch", "-q", "a.yaml", "b.yaml", "--format", "json", "--journal", journal], more].concat())
}

/// How many results a journal has, and how many attempts that took.
fn results(journal: &Path) -> (u64, u64) {
    let journal = Connection::open(journal).unwrap();
    let query = "SELECT count(*), sum(attempts) FROM result";
    journal.query_row(query, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
}

#[test]
fn every_plan_is_the_one_that_renew_prints_but_for_its_margins() {
    for file in ["examples/renewal.yaml", "cli/starter/renewal.yaml"] {
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("journal.sqlite");
        let output = licit(&["batch", file, "--format", "json", "--journal", text(&journal)]);
        assert_eq!((code(&output), stderr(&output)), (0, ""));
        let batch: Value = serde_json::from_slice(&output.stdout).unwrap();
        let mut renew: Value = serde_json::from_slice(&licit(&["renew", file, "--format", "json"]).stdout).unwrap();
        for scenario in renew["scenarios"].as_array_mut().unwrap() {
            assert!(scenario.as_object_mut().unwrap().remove("marginal").is_some());
        }
        let plans: Vec<String> =
            batch["scenarios"].as_array().unwrap().iter().map(|row| row["plan"].to_string()).collect();
        let expected: Vec<String> = renew["scenarios"].as_array().unwrap().iter().map(Value::to_string).collect();
        assert_eq!(plans, expected);
        for (row, plan) in batch["scenarios"].as_array().unwrap().iter().zip(renew["scenarios"].as_array().unwrap()) {
            assert_eq!((&row["file"], &row["status"]), (&file.into(), &"done".into()));
            for key in ["name", "standing", "uncovered", "spend"] {
                assert_eq!(row[key], plan[key]);
            }
        }
        assert_eq!(batch["counts"]["done"], plans.len());
    }
}

#[test]
fn threads_and_shards_change_no_byte() {
    let folder = night(12);
    let whole = batch(folder.path(), "whole.sqlite", &["--jobs", "1"]);
    assert_eq!(batch(folder.path(), "threads.sqlite", &["--jobs", "5"]), whole);
    assert_eq!(serde_json::from_str::<Value>(&whole).unwrap()["counts"]["scenarios"], 15);
    for count in [2, 5] {
        // The last shard first: the order of journals says nothing either.
        let journals: Vec<String> = (1..=count).rev().map(|index| format!("{index}-of-{count}.sqlite")).collect();
        let mut total = 0;
        for (index, journal) in (1..=count).rev().zip(&journals) {
            let shard = batch(folder.path(), journal, &["--shard", &format!("{index}/{count}")]);
            total += serde_json::from_str::<Value>(&shard).unwrap()["counts"]["scenarios"].as_u64().unwrap();
        }
        assert_eq!(total, 15);
        let merged = format!("merged-{count}.sqlite");
        let mut arguments = vec!["merge", merged.as_str(), "--format", "json"];
        arguments.extend(journals.iter().map(String::as_str));
        assert_eq!(answer_in(folder.path(), &arguments), whole);
        // A merged journal is one of a whole batch: nothing is left to do.
        let before = results(&folder.path().join(&merged));
        assert_eq!(batch(folder.path(), &merged, &[]), whole);
        assert_eq!(results(&folder.path().join(&merged)), before);
    }
}

#[test]
fn results_stand_in_the_order_of_the_input_and_have_one_digest_in_any() {
    let folder = night(4);
    let rows = |arguments: &[&str]| -> (Vec<String>, Value) {
        let result = answer_in(folder.path(), &[&["batch", "-q", "--format", "json"], arguments].concat());
        let result: Value = serde_json::from_str(&result).unwrap();
        let rows = result["scenarios"].as_array().unwrap().iter().map(Value::to_string).collect();
        (rows, result["digest"].clone())
    };
    let (mut one, digest) = rows(&["a.yaml", "b.yaml", "--journal", "one.sqlite"]);
    let (other, same) = rows(&["b.yaml", "a.yaml", "--journal", "other.sqlite"]);
    assert_eq!(digest, same);
    one.rotate_left(4);
    assert_eq!(one, other);
    let names: Vec<Value> =
        other.iter().map(|row| serde_json::from_str::<Value>(row).unwrap()["name"].clone()).collect();
    let expected = ["none", "fewer", "more", "growth, n=0", "growth, n=1", "growth, n=2", "growth, n=3"];
    assert_eq!(names, expected.map(Value::from));
}

#[test]
fn a_change_solves_again_only_what_it_touches_and_going_back_nothing() {
    let folder = night(4);
    let journal = folder.path().join("journal.sqlite");
    let first = batch(folder.path(), "journal.sqlite", &[]);
    assert_eq!(results(&journal), (7, 7));
    let path = folder.path().join("b.yaml");
    let before = fs::read_to_string(&path).unwrap();
    fs::write(&path, before.replace("scope: one, by: 3", "scope: one, by: 4")).unwrap();
    let second = batch(folder.path(), "journal.sqlite", &[]);
    assert_eq!(results(&journal), (8, 8));
    assert_eq!(second, batch(folder.path(), "fresh.sqlite", &[]));
    // A scenario that is renamed or added is new, one that is gone is not listed.
    let other = before.replace("name: none", "name: as is").replace("name: fewer", "name: less");
    fs::write(&path, other.replace("{name: more", "{name: last}, {name: more")).unwrap();
    batch(folder.path(), "journal.sqlite", &[]);
    assert_eq!(results(&journal), (11, 11));
    fs::write(&path, &before).unwrap();
    assert_eq!(batch(folder.path(), "journal.sqlite", &[]), first);
    assert_eq!(results(&journal), (11, 11));
    // Another estate is another matter for all scenarios; where its rows stand is not.
    let estate = fs::read_to_string(folder.path().join("estate.yaml")).unwrap();
    fs::write(folder.path().join("estate.yaml"), estate.replace("licit: 1\n", "licit: 1\n\n# moved\n")).unwrap();
    assert_eq!(batch(folder.path(), "journal.sqlite", &[]), first);
    assert_eq!(results(&journal), (11, 11));
    fs::write(folder.path().join("estate.yaml"), estate.replace("quantity: 7", "quantity: 8")).unwrap();
    assert_ne!(batch(folder.path(), "journal.sqlite", &[]), first);
    assert_eq!(results(&journal), (18, 18));
}

/// How many plans of parts a journal has.
fn part_count(journal: &Path) -> u64 {
    Connection::open(journal).unwrap().query_row("SELECT count(*) FROM part", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_change_of_the_estate_solves_again_only_the_parts_that_it_touches() {
    for more in [&[][..], &["--isolate", "--jobs", "2"]] {
        let folder = night(4);
        let journal = folder.path().join("journal.sqlite");
        batch(folder.path(), "journal.sqlite", more);
        // Three titles that have nothing in common, each as it is or grown by 1, 2 or 3; one of them is retired once, and
        // one grows by 3 elsewhere.
        assert_eq!(part_count(&journal), 14);
        let path = folder.path().join("estate.yaml");
        let estate = fs::read_to_string(&path).unwrap();
        fs::write(&path, estate.replace("quantity: 7", "quantity: 17")).unwrap();
        let second = batch(folder.path(), "journal.sqlite", more);
        assert_eq!(results(&journal), (14, 14));
        assert_eq!(part_count(&journal), 18);
        assert_eq!(second, batch(folder.path(), "fresh.sqlite", &[]));
    }
}

#[test]
fn a_plan_of_a_part_that_makes_no_sense_is_found_again() {
    let folder = night(4);
    let path = folder.path().join("journal.sqlite");
    let whole = batch(folder.path(), "journal.sqlite", &[]);
    let journal = Connection::open(&path).unwrap();
    // Of another part, cut, or nothing; all results are lost.
    journal
        .execute_batch(
            "UPDATE part SET plan = (SELECT plan FROM part LIMIT 1) WHERE rowid % 3 = 0;
             UPDATE part SET plan = substr(plan, 1, 20) WHERE rowid % 3 = 1; UPDATE part SET plan = x'' WHERE rowid % 3 = 2;
             DELETE FROM result; DELETE FROM piece",
        )
        .unwrap();
    drop(journal);
    for more in [&[][..], &["--isolate"]] {
        assert_eq!(batch(folder.path(), "journal.sqlite", more), whole);
    }
    assert_eq!(part_count(&path), 14);
}

/// A scenario file of which the first scenario has costs that are too large to add up, and the others nothing.
fn poisoned() -> TempDir {
    const VERSIONS: usize = 150;
    let (folder, _) = folder_with("estate.yaml", "");
    let names = (0..VERSIONS).map(|version| version.to_string()).collect::<Vec<_>>().join(", ");
    let mut estate = format!(
        "licit: 1\nas_of: 2026-11-22\ncurrency: EUR\ntitles: [{{id: app, versions: [{names}]}}]\n\
         skus: [{{id: APP, version: app@0}}]\nlicenses: [{{id: a, sku: APP, quantity: 2}}]\ninstalls:\n"
    );
    let mut scenarios = String::from("licit: 1\nestate: estate.yaml\nactions:\n");
    for version in 0..VERSIONS {
        let _ = writeln!(estate, "  - {{version: app@{version}}}");
        let next = version + 1;
        if next < VERSIONS {
            let reinstall = format!("from: app@{next}, to: app@{version}");
            let _ = writeln!(scenarios, "  - {{reinstall: {{{reinstall}}}, cost: 1000000000000}}");
        }
    }
    scenarios += "scenarios: [{name: dear}, {name: none, changes: [{retire: [app@*]}]}, {name: lapse, changes: [{retire: [app@*]}, {lapse: [a]}]}]\n";
    fs::write(folder.path().join("estate.yaml"), estate).unwrap();
    fs::write(folder.path().join("a.yaml"), scenarios).unwrap();
    folder
}

#[test]
fn a_scenario_without_an_answer_costs_no_other_and_is_tried_again() {
    let folder = poisoned();
    let arguments = ["batch", "-q", "a.yaml", "--format", "json"];
    let (code, stdout, stderr) = run_in(folder.path(), &arguments);
    assert_eq!((code, stderr.as_str()), (3, "no answer: 1 of 3 scenarios has no answer: 1 at a limit\n"));
    let result: Value = serde_json::from_str(&stdout).unwrap();
    let status: Vec<&Value> = result["scenarios"].as_array().unwrap().iter().map(|row| &row["status"]).collect();
    assert_eq!(status, ["limit", "done", "done"]);
    let dear = &result["scenarios"][0];
    assert!(dear["why"].as_str().unwrap().starts_with("limit: costs at the level `spend`"), "{dear}");
    assert_eq!((&dear["plan"], &dear["spend"]), (&Value::Null, &Value::Null));
    assert_eq!(result["counts"]["limit"], 1);
    assert_eq!(results(&folder.path().join("licit-batch.sqlite")), (3, 3));
    assert_eq!(run_in(folder.path(), &arguments), (3, stdout, stderr));
    assert_eq!(results(&folder.path().join("licit-batch.sqlite")), (3, 4));
    let (_, table, _) = run_in(folder.path(), &["batch", "-q", "a.yaml"]);
    assert!(table.starts_with("3 scenarios: 2 done, 1 at a limit; nothing uncovered.\n"), "{table}");
}

#[test]
fn a_summary_is_a_table_or_rows_for_a_spreadsheet() {
    let folder = night(1);
    let table = answer_in(folder.path(), &["batch", "b.yaml"]);
    let mut lines = table.lines();
    assert_eq!(lines.next(), Some("3 scenarios: 3 done; nothing uncovered."));
    assert!(
        lines.next().is_some_and(|line| line.starts_with("Digest of the results: ") && line.len() == 88),
        "{table}"
    );
    let columns: Vec<&str> = lines.nth(1).unwrap().split_whitespace().collect();
    assert_eq!(columns, ["File", "Scenario", "Status", "Standing", "Uncovered", "Spend", "Seconds"]);
    let csv = answer_in(folder.path(), &["batch", "b.yaml", "--format", "csv"]);
    let cut = |line: &str| line.split(',').take(8).collect::<Vec<_>>().join(",");
    let lines: Vec<String> = csv.lines().map(cut).collect();
    assert_eq!(lines[0], "file,scenario,status,standing,uncovered,spend,currency,attempts");
    assert_eq!(lines[2], "b.yaml,fewer,done,optimal,0,102.00,EUR,1");
    assert_eq!(lines.len(), 4);
    let out = folder.path().join("summary.csv");
    assert_eq!(answer_in(folder.path(), &["batch", "b.yaml", "--format", "csv", "--out", text(&out)]), "");
    assert_eq!(fs::read_to_string(&out).unwrap(), csv);
}

#[test]
fn what_is_left_uncovered_fails_only_on_request() {
    let folder = night(1);
    let path = folder.path().join("b.yaml");
    let budget = fs::read_to_string(&path).unwrap() + "limits: {budget: 1.00}\n";
    fs::write(&path, budget).unwrap();
    assert_eq!(run_in(folder.path(), &["batch", "b.yaml"]).0, 0);
    assert_eq!(run_in(folder.path(), &["batch", "b.yaml", "--fail-on", "uncovered"]).0, 1);
}

#[test]
fn what_is_wrong_with_any_file_is_refused_before_anything_is_solved() {
    let folder = night(1);
    fs::write(folder.path().join("b.yaml"), "licit: 1\nestate: estate.yaml\noffer: []\n").unwrap();
    fs::write(folder.path().join("c.yaml"), "licit: 1\nestate: none.yaml\n").unwrap();
    let (code, stdout, stderr) = run_in(folder.path(), &["batch", "a.yaml", "b.yaml", "c.yaml"]);
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.contains("b.yaml:3:1") && stderr.contains("none.yaml"), "{stderr}");
    assert!(!folder.path().join("licit-batch.sqlite").exists());
    let usages: [&[&str]; 9] = [
        &["batch"],
        &["batch", "none.yaml"],
        &["batch", "a.yaml", "./a.yaml"],
        &["batch", "a.yaml", "--shard", "0/2"],
        &["batch", "a.yaml", "--shard", "2"],
        &["batch", "a.yaml", "--format", "markdown"],
        &["batch", "a.yaml", "--journal", "."],
        &["batch", "a.yaml", "--journal", "none/journal.sqlite"],
        &["batch", "a.yaml", "--out", "a.yaml"],
    ];
    for usage in usages {
        let (code, stdout, stderr) = run_in(folder.path(), usage);
        assert_eq!((code, stdout.as_str()), (2, ""), "{usage:?}: {stderr}");
        assert!(!stderr.is_empty());
    }
}

#[test]
fn a_journal_that_is_in_use_or_something_else_is_refused_and_left_alone() {
    let folder = night(1);
    let path = folder.path().join("licit-batch.sqlite");
    let arguments = ["batch", "a.yaml"];
    {
        let _other = journal::Journal::open(&path, "other").unwrap();
        let (code, _, stderr) = run_in(folder.path(), &arguments);
        assert_eq!(code, 2);
        assert!(stderr.contains("`licit-batch.sqlite` is in use by another batch"), "{stderr}");
    }
    assert_eq!(run_in(folder.path(), &arguments).0, 0);
    let file = Connection::open(&path).unwrap();
    file.pragma_update(None, "user_version", 99).unwrap();
    drop(file);
    let (code, _, stderr) = run_in(folder.path(), &arguments);
    assert_eq!(code, 2);
    assert!(stderr.contains("has format 99 and this version of licit has format 2"), "{stderr}");
    let text = fs::read(folder.path().join("b.yaml")).unwrap();
    let (code, _, stderr) = run_in(folder.path(), &["batch", "a.yaml", "--journal", "b.yaml"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("`b.yaml` is no journal of a batch"), "{stderr}");
    assert_eq!(fs::read(folder.path().join("b.yaml")).unwrap(), text);
}

/// Journals of the shards of a batch, in a folder.
fn sharded(folder: &Path, count: u32) -> Vec<String> {
    let journals = (1..=count).map(|index| (index, format!("{index}.sqlite")));
    let journals = journals.map(|(index, journal)| {
        batch(folder, &journal, &["--shard", &format!("{index}/{count}")]);
        journal
    });
    journals.collect()
}

#[test]
fn a_merger_refuses_gaps_duplicates_and_what_does_not_belong_together() {
    let folder = night(6);
    sharded(folder.path(), 3);
    fs::copy(folder.path().join("2.sqlite"), folder.path().join("copy.sqlite")).unwrap();
    let refused = |journals: &[&str]| {
        let (code, stdout, stderr) = run_in(folder.path(), &[&["merge", "merged.sqlite"], journals].concat());
        assert_eq!((code, stdout.as_str()), (2, ""), "{journals:?}");
        assert!(!folder.path().join("merged.sqlite").exists());
        stderr
    };
    let expected = "error: `2.sqlite` and `copy.sqlite` are both shard 2/3\nerror: shard 1/3 is missing\n";
    assert_eq!(refused(&["2.sqlite", "copy.sqlite", "3.sqlite"]), expected);
    let stderr = refused(&["1.sqlite", "none.sqlite", "a.yaml"]);
    assert_eq!(
        stderr,
        "error: there is no journal `none.sqlite`\nerror: `a.yaml` is no journal of a batch; name another file\n"
    );
    // A scenario that was begun and has not ended.
    let journal = Connection::open(folder.path().join("copy.sqlite")).unwrap();
    journal.execute("UPDATE result SET status = 'running' WHERE rowid = 1", []).unwrap();
    drop(journal);
    let stderr = refused(&["1.sqlite", "copy.sqlite", "3.sqlite"]);
    assert!(stderr.starts_with("error: `copy.sqlite`, shard 2/3, has not ended: `"), "{stderr}");
    // The same shard of other scenarios.
    let path = folder.path().join("b.yaml");
    fs::write(&path, fs::read_to_string(&path).unwrap().replace("by: 3", "by: 4")).unwrap();
    batch(folder.path(), "other.sqlite", &["--shard", "2/3"]);
    let stderr = refused(&["1.sqlite", "other.sqlite", "3.sqlite"]);
    let expected =
        "error: `1.sqlite` and `other.sqlite` are of different batches: files, scenarios or estates differ\n";
    assert_eq!(stderr, expected);
    // By another version of the program.
    let journal = Connection::open(folder.path().join("2.sqlite")).unwrap();
    journal.execute_batch("UPDATE batch SET version = 'x'; UPDATE result SET version = 'x'").unwrap();
    drop(journal);
    let stderr = refused(&["1.sqlite", "2.sqlite", "3.sqlite"]);
    assert!(stderr.contains("is by version") && stderr.contains("by version x"), "{stderr}");
}

#[test]
fn a_merger_writes_over_nothing() {
    let folder = night(2);
    let journals = sharded(folder.path(), 1);
    let before = fs::read(folder.path().join(&journals[0])).unwrap();
    let (code, _, stderr) = run_in(folder.path(), &["merge", &journals[0], &journals[0]]);
    assert_eq!(code, 2);
    assert!(stderr.contains("it is there already"), "{stderr}");
    assert_eq!(fs::read(folder.path().join(&journals[0])).unwrap(), before);
}

/// A path of the program that everybody may run.
#[cfg(unix)]
fn program_for_all(folder: &Path) -> PathBuf {
    let program = folder.join("licit");
    let built = Path::new(env!("CARGO_BIN_EXE_licit"));
    if fs::hard_link(built, &program).is_err() {
        fs::copy(built, &program).unwrap();
    }
    program
}

#[test]
#[cfg(unix)]
fn a_folder_that_cannot_be_written_is_refused_with_the_reason() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::os::unix::process::CommandExt as _;

    const NOBODY: u32 = 65_534;
    let folder = night(1);
    let program = program_for_all(folder.path());
    let is_root = fs::metadata(folder.path()).unwrap().uid() == 0;
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let mut command = std::process::Command::new(program);
    command.args(["batch", "a.yaml"]).current_dir(folder.path());
    if is_root {
        // Root may write anywhere.
        command.uid(NOBODY).gid(NOBODY);
    }
    let output = command.output().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!((code(&output), stdout(&output)), (2, ""));
    let expected = "the journal `licit-batch.sqlite` cannot be opened or written: Permission denied";
    assert!(stderr(&output).contains(expected), "{}", stderr(&output));
}

#[test]
#[cfg(target_os = "linux")]
fn a_disk_that_takes_no_more_is_said_and_what_was_written_is_kept() {
    let folder = night(300);
    let expected = batch(folder.path(), "whole.sqlite", &[]);
    // Files of at most 256 or 512 kB, as the shell counts.
    let limit = "trap '' XFSZ; ulimit -f 512";
    let batch_of_both = "batch -q a.yaml b.yaml --journal small.sqlite";
    let script = format!("{limit}; exec '{}' {batch_of_both}", env!("CARGO_BIN_EXE_licit"));
    let output = std::process::Command::new("sh").args(["-c", &script]).current_dir(folder.path()).output().unwrap();
    assert_eq!((code(&output), stdout(&output)), (3, ""), "{}", stderr(&output));
    assert!(stderr(&output).contains("the journal `small.sqlite` cannot be"), "{}", stderr(&output));
    assert_eq!(batch(folder.path(), "small.sqlite", &[]), expected);
    let (count, attempts) = results(&folder.path().join("small.sqlite"));
    assert!(count == 303 && attempts < 2 * count, "{count} results took {attempts} attempts");
}
