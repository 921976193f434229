//! `licit diff`: what changed between two results, and from which change of the facts.
//!
//! `LICIT_PROPERTIES` sets how many pairs of random estates each property is tried on.

use crate::agreement::{count, read};
use crate::cli::{code, licit, stderr, stdout, text};
use crate::estates::{parse, repository};
use changes::{Differences, differences};
use model::estate::Estate;
use model::findings::Findings;
use model::generate::{AssignedRow, Draft, Shape, SplitMix64};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

fn result(estate: &Estate) -> String {
    let position = solver::position(estate).unwrap_or_else(|error| panic!("{error}"));
    report::json(&position, &Findings::new())
}

fn compared(before: &str, after: &str) -> Differences {
    let read = |text: &str| changes::read(text).unwrap_or_else(|error| panic!("{error}"));
    differences(&read(before), &read(after))
}

fn json(differences: &Differences) -> Value {
    serde_json::from_str(&report::changes_json(differences)).unwrap()
}

/// The texts of all causes.
fn causes(differences: &Value) -> Vec<&str> {
    differences["causes"].as_array().unwrap().iter().map(|cause| cause["text"].as_str().unwrap()).collect()
}

/// The causes that are named first for a row, by their texts.
fn because<'d>(differences: &'d Value, kind: &str, key: &str, name: &str) -> Vec<&'d str> {
    let parts = differences["parts"].as_array().unwrap();
    let mut rows = parts.iter().flat_map(|part| part[kind].as_array().unwrap());
    let row = rows.find(|row| row[key] == name).unwrap_or_else(|| panic!("{name} has not changed"));
    let likely = usize::try_from(row["likely"].as_u64().unwrap()).unwrap();
    let numbers = row["because"].as_array().unwrap().iter().take(likely);
    numbers.map(|number| causes(differences)[usize::try_from(number.as_u64().unwrap()).unwrap() - 1]).collect()
}

/// An estate of one title that ends in the given rows.
fn estate(rows: &str) -> String {
    let head =
        "licit: 1\nas_of: 2026-11-22\ntitles: [{id: app, versions: [\"1\", \"2\"]}, {id: other, versions: [\"1\"]}]\n";
    format!("{head}{rows}")
}

fn difference_of(before: &str, after: &str) -> Value {
    json(&compared(&result(&parse(&estate(before))), &result(&parse(&estate(after)))))
}

const PLAIN: &str = "skus: [{id: A, version: app@1}, {id: B, version: app@2, covers: [app@1]}, {id: O, version: other@1}]\n\
    licenses: [{id: a, sku: A, quantity: 5}, {id: b, sku: B, quantity: 5}, {id: o, sku: O, quantity: 5}]\n\
    installs: [{version: app@1, quantity: 6}, {version: app@2, quantity: 4}, {version: other@1, quantity: 5}]\n";

#[test]
fn each_kind_of_change_is_named_as_the_cause_of_what_it_changes() {
    let changes = [
        ("{id: a, sku: A, quantity: 5}", "{id: a, sku: A, quantity: 4}", "license a: 5 -> 4 units"),
        ("{id: a, sku: A, quantity: 5}, ", "", "license a is gone: 5 units"),
        ("quantity: 5}, {id: b", "quantity: 5, end: 2026-11-21}, {id: b", "license a ended on 2026-11-21: 5 units"),
        (
            "quantity: 5}, {id: b",
            "quantity: 5, start: 2026-11-23}, {id: b",
            "license a starts later on 2026-11-23: 5 units",
        ),
        ("covers: [app@1]}", "covers: []}", "license b may no longer cover app@1"),
        ("version: app@1, quantity: 6", "version: app@1, quantity: 8", "+2 installs of app@1 in all (6 -> 8)"),
        (
            "version: app@1}, {id: B",
            "version: app@1, use_only_when_assigned: true}, {id: B",
            "license a may be used: free -> only when assigned",
        ),
    ];
    for (old, new, cause) in changes {
        assert!(PLAIN.contains(old));
        let differences = difference_of(PLAIN, &PLAIN.replacen(old, new, 1));
        let found = because(&differences, "versions", "version", "app@1");
        assert_eq!(found.first(), Some(&cause), "{differences:#}");
        // The other title is another part, in which nothing changed.
        assert_eq!(differences["parts"].as_array().unwrap().len(), 1, "{differences:#}");
        let back = difference_of(&PLAIN.replacen(old, new, 1), PLAIN);
        assert!(!because(&back, "versions", "version", "app@1").is_empty());
    }
}

#[test]
fn what_works_against_a_change_is_not_named_for_it() {
    let more = PLAIN.replacen("version: app@1, quantity: 6", "version: app@1, quantity: 9", 1);
    let both = more.replacen("{id: a, sku: A, quantity: 5}", "{id: a, sku: A, quantity: 6}", 1);
    let differences = difference_of(PLAIN, &both);
    assert_eq!(because(&differences, "versions", "version", "app@1"), ["+3 installs of app@1 in all (6 -> 9)"]);
    assert_eq!(causes(&differences), ["license a: 5 -> 6 units", "+3 installs of app@1 in all (6 -> 9)"]);
}

#[test]
fn a_day_that_passes_an_end_is_told_by_the_license_that_ended() {
    let rows = PLAIN.replacen("quantity: 5}, {id: b", "quantity: 5, end: 2026-12-31}, {id: b", 1);
    let before = estate(&rows);
    let after = before.replace("as_of: 2026-11-22", "as_of: 2027-01-01");
    let differences = json(&compared(&result(&parse(&before)), &result(&parse(&after))));
    let found = because(&differences, "versions", "version", "app@1");
    assert_eq!(found, ["license a ended on 2026-12-31: 5 units", "the day of the position: 2026-11-22 -> 2027-01-01"]);
}

#[test]
fn an_assignment_that_fails_is_told_by_the_license_that_ended() {
    let rows = format!("{PLAIN}assignments: [{{license: a, user: ada}}]\n");
    let ended = rows.replacen("quantity: 5}, {id: b", "quantity: 5, end: 2026-11-01}, {id: b", 1);
    let differences = difference_of(&rows, &ended);
    let row = &differences["parts"][0]["assignments"][0];
    assert_eq!((&row["license"], &row["user"]), (&"a".into(), &"ada".into()));
    assert_eq!((&row["before"]["outcome"], &row["after"]["outcome"]), (&"met-not-installed".into(), &"unmet".into()));
    assert_eq!(causes(&differences)[0], "license a ended on 2026-11-01: 5 units");
    assert_eq!(row["because"][0], 1);
}

/// A draft with a few random changes.
fn changed(draft: &Draft, seed: u64) -> Draft {
    let mut random = SplitMix64::new(seed ^ 0x00d1_ff00);
    let mut draft = draft.clone();
    for _ in 0..=random.below(4) {
        let next = random.next_u64();
        match random.below(11) {
            // The id of another license is free once.
            0 if !draft.licenses.iter().any(|row| row.id.ends_with("-again")) => {
                draft = draft.with_another_license(next);
            }
            1 => draft = draft.with_another_install(next),
            2 if !draft.licenses.is_empty() => {
                let gone = draft.licenses.remove(random.below(draft.licenses.len())).id;
                draft.assignments.retain(|row| row.assigned != AssignedRow::License(gone.clone()));
            }
            3 if !draft.installs.is_empty() => drop(draft.installs.remove(random.below(draft.installs.len()))),
            4 if !draft.assignments.is_empty() => drop(draft.assignments.remove(random.below(draft.assignments.len()))),
            5 if !draft.licenses.is_empty() => {
                let position = random.below(draft.licenses.len());
                draft.licenses[position].quantity = Some(random.below(9) as u64);
            }
            6 if !draft.licenses.is_empty() => {
                let position = random.below(draft.licenses.len());
                draft.licenses[position].end = Some((*random.pick(&["2020-01-01", "2027-01-01"])).to_owned());
                draft.licenses[position].start = None;
            }
            7 if !draft.installs.is_empty() => {
                let position = random.below(draft.installs.len());
                draft.installs[position].quantity = Some(random.below(9) as u64);
            }
            8 if !draft.skus.is_empty() => {
                let position = random.below(draft.skus.len());
                draft.skus[position].covers.pop();
            }
            9 => "2027-01-15".clone_into(&mut draft.as_of),
            _ if !draft.titles.is_empty() => {
                let position = random.below(draft.titles.len());
                draft.titles[position].is_active ^= true;
            }
            _ => {}
        }
    }
    draft
}

/// Results of random estates, and of the same with a few changes.
fn pairs(salt: u64) -> impl Iterator<Item = (u64, String, String)> {
    (0..count("LICIT_PROPERTIES", 200)).map(move |index| {
        let seed = salt + index;
        let shape = match index % 20 {
            0 => Shape::LARGE,
            1..=9 => Shape::SMALL,
            _ => Shape::TINY,
        };
        let draft = Draft::generate(seed, &shape);
        (seed, result(&read(&draft)), result(&read(&changed(&draft, seed))))
    })
}

#[test]
fn a_result_does_not_differ_from_itself() {
    for (seed, before, _) in pairs(700_000) {
        let differences = compared(&before, &before);
        assert!(differences.is_empty() && differences.notes().is_empty(), "seed {seed}: {differences:?}");
    }
}

#[test]
fn the_differences_the_other_way_round_are_the_inverse() {
    for (seed, before, after) in pairs(710_000) {
        assert_eq!(compared(&before, &after).inverse(), compared(&after, &before), "seed {seed}");
    }
}

/// The row of a list of a result whose key is this; null if there is none.
fn row(result: &Value, list: &str, key: &str, name: &Value) -> Value {
    let rows = result[list].as_array().unwrap();
    rows.iter().find(|row| row[key] == *name).cloned().unwrap_or_default()
}

#[test]
fn every_figure_is_one_of_the_two_files_and_nothing_that_differs_is_left_out() {
    for (seed, before, after) in pairs(720_000) {
        let differences = json(&compared(&before, &after));
        let results: [Value; 2] = [&before, &after].map(|text| serde_json::from_str(text).unwrap());
        let sides = ["before", "after"];
        for (side, result) in sides.into_iter().zip(&results) {
            for totals in ["totals", "objective"] {
                for (name, value) in result[totals].as_object().unwrap() {
                    assert_eq!(differences[totals][name][side], *value, "seed {seed}: {name}");
                }
            }
        }
        let parts = differences["parts"].as_array().unwrap();
        let rows = |kind: &str| -> Vec<Value> {
            parts.iter().flat_map(|part| part[kind].as_array().unwrap().clone()).collect()
        };
        let (versions, licenses) = (rows("versions"), rows("licenses"));
        for (key, result) in sides.into_iter().zip(&results) {
            for title in result["titles"].as_array().unwrap() {
                for version in title["versions"].as_array().unwrap() {
                    let name = format!("{}@{}", title["title"].as_str().unwrap(), version["version"].as_str().unwrap());
                    let shown = versions.iter().find(|row| row["version"] == name.as_str());
                    let of_other = &results[usize::from(key == "before")];
                    let other = row(of_other, "titles", "title", &title["title"]);
                    let same = other["versions"].as_array().is_some_and(|rows| {
                        let without_percent = |row: &Value| {
                            let mut row = row.clone();
                            row.as_object_mut().unwrap().remove("percent");
                            row
                        };
                        rows.iter().any(|row| without_percent(row) == without_percent(version))
                    });
                    assert_eq!(shown.is_none(), same, "seed {seed}: {name}");
                    for (field, value) in shown.into_iter().flat_map(|row| row[key].as_object().unwrap()) {
                        assert_eq!(*value, version[field], "seed {seed}: {name} {field}");
                    }
                }
            }
            for license in result["licenses"].as_array().unwrap() {
                let shown = licenses.iter().find(|row| row["license"] == license["license"]);
                for (field, value) in shown.into_iter().flat_map(|row| row[key].as_object().unwrap()) {
                    assert_eq!(*value, license[field], "seed {seed}: {} {field}", license["license"]);
                }
            }
        }
    }
}

#[test]
fn everything_that_came_out_differently_has_a_cause_in_its_part() {
    let (mut outcomes, mut parts) = (0, 0);
    for (seed, before, after) in pairs(730_000) {
        let differences = compared(&before, &after);
        assert!(!differences.notes().contains(&changes::Note::SameFacts), "seed {seed}");
        for part in &differences.parts {
            let because = (part.versions.iter().map(|row| &row.because))
                .chain(part.licenses.iter().map(|row| &row.because))
                .chain(part.assignments.iter().map(|row| &row.because));
            for because in because {
                assert!(!because.likely().is_empty(), "seed {seed}: {part:?}");
                let is_counted = because.likely <= because.all && because.causes.len() <= because.all;
                assert!(is_counted && because.all <= differences.causes.len(), "seed {seed}: {part:?}");
                outcomes += 1;
            }
            parts += 1;
        }
    }
    assert!(outcomes > parts && parts > 50, "{outcomes} outcomes in {parts} parts");
}

/// The results of the two examples a quarter apart, in files.
fn quarters() -> (TempDir, [PathBuf; 2]) {
    let folder = tempfile::tempdir().unwrap();
    let paths = [1, 2].map(|quarter| {
        let path = folder.path().join(format!("q{quarter}.json"));
        let estate = format!("examples/quarter-{quarter}.yaml");
        let output = licit(&["position", &estate, "--format", "json", "--out", text(&path), "--quiet"]);
        assert_eq!((code(&output), stderr(&output)), (0, ""));
        path
    });
    (folder, paths)
}

#[test]
fn two_quarters_are_compared_on_standard_output_or_in_a_file() {
    let (folder, [before, after]) = quarters();
    let output = licit(&["diff", text(&before), text(&after)]);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    assert!(stdout(&output).contains("license off19 ended on 2026-12-31: 50 units"), "{}", stdout(&output));
    let out = folder.path().join("changes.json");
    let output = licit(&["diff", text(&before), text(&after), "--format", "json", "--out", text(&out)]);
    assert_eq!((code(&output), stdout(&output)), (0, ""));
    let differences: Value = serde_json::from_str(&fs::read_to_string(&out).unwrap()).unwrap();
    assert_eq!((&differences["command"], &differences["equal"]), (&"diff".into(), &false.into()));
    assert_eq!(code(&licit(&["diff", text(&before), text(&after), "--out", text(&after)])), 2);
}

#[test]
fn equal_results_have_no_differences_and_exit_with_0() {
    let (_folder, [before, _]) = quarters();
    let output = licit(&["diff", text(&before), text(&before)]);
    let expected = "Fabrikam: what changed from 2026-11-30 to 2026-11-30\nNo differences.\n";
    assert_eq!((code(&output), stdout(&output), stderr(&output)), (0, expected, ""));
    let output = licit(&["diff", text(&before), text(&before), "--format", "json"]);
    assert_eq!(serde_json::from_slice::<Value>(&output.stdout).unwrap()["equal"], true);
}

#[test]
fn what_is_no_result_is_refused_with_its_place_and_both_files_at_once() {
    let (folder, [before, _]) = quarters();
    let bad = folder.path().join("bad.json");
    for (content, place) in [
        ("{\n  \"licit\": 1,\n  oops", "bad.json:3:3: no result of `position`: "),
        ("[]", "bad.json:1:0: no result of `position`: "),
        ("{\"licit\": 2", "bad.json:1:11: no result of `position`: "),
        ("", "bad.json:1:0: no result of `position`: "),
    ] {
        fs::write(&bad, content).unwrap();
        let output = licit(&["diff", text(&before), text(&bad)]);
        assert_eq!((code(&output), stdout(&output)), (2, ""));
        assert!(stderr(&output).contains(place), "{}", stderr(&output));
    }
    let good = fs::read_to_string(&before).unwrap();
    fs::write(&bad, good.replacen("\"command\": \"position\"", "\"command\": \"renew\"", 1)).unwrap();
    let output = licit(&["diff", text(&bad), "missing.json"]);
    assert_eq!(code(&output), 2);
    let lines: Vec<&str> = stderr(&output).lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].ends_with("it is the result of `renew`, not of `position`"), "{lines:?}");
    assert!(lines[1].contains("missing.json"), "{lines:?}");
}

#[test]
fn results_without_facts_or_of_another_organization_are_compared_with_a_note() {
    let (folder, [before, after]) = quarters();
    let old = folder.path().join("old.json");
    let mut result: Value = serde_json::from_str(&fs::read_to_string(&before).unwrap()).unwrap();
    result.as_object_mut().unwrap().shift_remove("facts");
    for license in result["licenses"].as_array_mut().unwrap() {
        for key in ["scope", "contract", "start", "end"] {
            license.as_object_mut().unwrap().shift_remove(key);
        }
    }
    result["name"] = "Fabrikam\u{202e}".into();
    result["currency"] = "EUR".into();
    fs::write(&old, result.to_string()).unwrap();
    let output = licit(&["diff", text(&old), text(&after)]);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    for said in ["A result tells no rights", "The names differ: `Fabrikam\\u{202e}`", "The currencies differ: `EUR`"] {
        assert!(stdout(&output).contains(said), "{said}: {}", stdout(&output));
    }
    assert!(stdout(&output).contains("license off19 ended on 2026-12-31: 50 units"), "{}", stdout(&output));
}

#[test]
fn names_are_shown_and_not_obeyed() {
    let before = result(&parse(&estate(PLAIN)));
    let after =
        before.replace("\"app@1\"", "\"app@1\\u001b[31m\\u202e\"").replace("\"app\"", "\"app\\u001b[31m\\u202e\"");
    // The names of the later result are of other versions: all of the earlier are gone.
    let after = changes::read(&after.replace("\"facts\"", "\"no_facts\"")).unwrap();
    let table = report::changes_table(&differences(&changes::read(&before).unwrap(), &after), report::Color::Never);
    assert!(table.chars().all(|character| character == '\n' || !character.is_control() && character != '\u{202e}'));
    assert!(table.contains("\\u{1b}[31m\\u{202e}"), "{table}");
}

#[test]
fn the_table_of_two_quarters_is_as_it_was_read_last() {
    let [before, after] = [1, 2].map(|quarter| {
        let path = repository(&format!("examples/quarter-{quarter}.yaml"));
        changes::read(&result(&crate::estates::read(&path))).unwrap()
    });
    let differences = differences(&before, &after);
    for (ending, text) in [
        ("txt", report::changes_table(&differences, report::Color::Never)),
        ("json", report::changes_json(&differences)),
    ] {
        let path = repository(&format!("tests/formats/quarters.{ending}"));
        if std::env::var_os("LICIT_BLESS").is_some() {
            fs::write(&path, &text).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert!(text == expected, "{} differs:\n{text}", path.display());
    }
}
