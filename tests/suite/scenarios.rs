//! Scenario files: bad input and the answer it gets, the command that reads them, the file to start from.
//!
//! Places are asserted here; words are in `tests/invalid/scenarios/messages.txt`, which `LICIT_BLESS=1` writes anew.

use crate::estates::repository;
use model::ReadOptions;
use report::diagnostics::{Color, text};
use scenarios::{Input, Reading, read_any, read_scenarios};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Findings in the order of their places, as for estates.
pub(crate) const FIXTURES: &[(&str, &[&str])] = &[
    (
        "actions.yaml",
        &[
            "E-BOOL 4:16",
            "E-DUP 5:5",
            "E-NUM-FORM 6:43",
            "E-REF 7:32",
            "E-MISSING 8:5",
            "E-DUP 10:5",
            "E-SAME 11:33",
            "E-DUP 13:5",
            "E-REF-FORM 14:24",
            "E-DUP 15:5",
            "E-ONE-OF 15:22",
            "E-ONE-OF 16:5",
            "E-NUM-FORM 17:18",
            "E-KEY 17:24",
            "E-CHOICE 18:11",
        ],
    ),
    ("broken-estate.yaml", &["E-NUM-FORM 4:29", "E-NUM-FORM 6:41", "E-REF estates/broken.yaml:4:22"]),
    (
        "changes-form.yaml",
        &[
            "E-REF-FORM 6:16",
            "E-FRACTION 7:25",
            "E-RANGE 8:25",
            "E-MISSING 9:9",
            "E-NUM-FORM 10:47",
            "E-RANGE 11:47",
            "E-SAME 12:35",
            "E-EMPTY-LIST 13:10",
            "E-TYPE 14:17",
            "E-DUP-ID 15:28",
            "E-DUP-ID 16:28",
            "E-ONE-OF 17:23",
            "E-DATE-ORDER 17:67",
            "E-ONE-OF 18:43",
            "E-DUP-ID 20:28",
            "E-ONE-OF 21:29",
            "E-SAME 22:42",
            "E-ONE-OF 23:10",
            "E-ONE-OF 24:9",
            "E-ONE-OF 25:28",
            "E-ONE-OF 26:9",
            "E-KEY 26:10",
        ],
    ),
    ("changes-range.yaml", &["E-RANGE-TOTAL 10:25", "E-RANGE 13:25"]),
    (
        "changes-references.yaml",
        &[
            "E-REF 6:16",
            "E-REF-FORM 7:35",
            "E-REF 8:19",
            "E-REF 9:18",
            "E-REF 10:39",
            "E-REF 11:29",
            "E-REF 12:30",
            "E-REF 16:16",
            "E-REF 18:35",
            "E-REF 20:18",
            "E-REF 21:29",
            "E-REF 23:28",
            "E-REF 24:43",
        ],
    ),
    ("estate-missing.yaml", &["E-MISSING 1:1"]),
    ("estate-not-found.yaml", &["E-NOT-FOUND 2:9", "E-KEY 4:1"]),
    ("estate-path.yaml", &["E-PATH 2:9"]),
    ("money.yaml", &["E-CURRENCY 4:43", "E-SCOPE 5:5", "E-SCOPE 9:9"]),
    ("offers-ids.yaml", &["E-DUP-ID 5:10", "E-DUP-ID 6:10", "E-REF 7:18", "E-REF 8:29", "E-MISSING 9:5"]),
    (
        "offers-one-of.yaml",
        &[
            "E-ONE-OF 4:22",
            "E-ONE-OF 5:5",
            "E-ONE-OF 6:5",
            "E-ONE-OF 7:35",
            "E-MISSING 8:5",
            "E-ONE-OF 9:35",
            "E-ONE-OF 10:35",
            "E-ONE-OF 11:40",
            "E-ONE-OF 11:66",
        ],
    ),
    ("offers-renew.yaml", &["E-NOT-ENDED 4:20", "E-NOT-ENDED 5:20", "E-UNLIMITED 6:20", "E-REF 7:20", "E-DUP 9:20"]),
    (
        "offers-terms.yaml",
        &[
            "E-TERMS 4:49",
            "E-TERMS 5:50",
            "E-TERMS 6:59",
            "E-TERMS 7:46",
            "E-RANGE 8:41",
            "E-NEG 9:29",
            "E-MINOR 9:41",
            "E-FRACTION 9:55",
        ],
    ),
    ("offers-tiers.yaml", &["E-TIERS 4:37", "E-TIERS 5:61", "E-TIERS 6:86", "E-EMPTY-LIST 7:22", "E-CHOICE 7:44"]),
    ("scenarios-empty.yaml", &["E-EMPTY-LIST 3:1", "E-EMPTY-LIST 4:9", "E-UNUSED 4:9"]),
    ("scenarios.yaml", &["E-DATE 3:8", "E-DUP-ID 6:12", "E-MISSING 7:5", "E-KEY 8:15", "E-TYPE 9:5"]),
    (
        "sweep-range.yaml",
        &["E-NUM-FORM 12:13", "E-RANGE 13:30", "E-REVERSED 14:20", "E-RANGE 15:20", "E-NUM-FORM 16:20", "E-KEY 16:25"],
    ),
    ("sweep-size.yaml", &["E-SIZE 9:1"]),
    (
        "sweep.yaml",
        &[
            "E-TAG 4:10",
            "E-NUM-FORM 4:40",
            "E-REF 5:29",
            "E-TAG 7:11",
            "E-NUM-FORM 9:25",
            "E-TAG 10:25",
            "E-DUP 12:15",
            "E-UNUSED 14:3",
            "E-ID 15:3",
            "E-UNUSED 16:3",
            "E-TYPE 16:9",
        ],
    ),
    (
        "together.yaml",
        &["E-NUM-FORM 3:10", "E-NUM-FORM 5:44", "E-ONE-OF 6:10", "E-RANGE 8:23", "E-NEG 9:23", "E-MISSING 10:5"],
    ),
    ("type.yaml", &["E-LICIT 1:8", "E-TYPE 2:9", "E-TYPE 3:9"]),
];

fn folder() -> PathBuf {
    repository("tests/invalid/scenarios")
}

fn read_fixture(name: &str) -> Reading {
    let mut reading = read_scenarios(&folder().join(name), &ReadOptions::default());
    let folder = format!("{}/", folder().display());
    reading.findings.rename_files(|file| file.strip_prefix(&folder).unwrap_or(file).to_owned());
    reading
}

fn places(reading: &Reading, name: &str) -> Vec<String> {
    let found = reading.findings.diagnostics().iter();
    let place_of = |diagnostic: &model::diagnostic::Diagnostic| {
        let place = diagnostic.place;
        let file = reading.findings.file_name(place.file);
        let file = if file == name { String::new() } else { format!("{file}:") };
        format!("{} {file}{}:{}", diagnostic.code, place.line, place.column)
    };
    found.map(place_of).collect()
}

#[test]
fn every_fixture_is_answered_at_its_place() {
    for (name, expected) in FIXTURES {
        let reading = read_fixture(name);
        assert_eq!(places(&reading, name), *expected, "{name}");
        assert!(reading.scenarios.is_none(), "{name}");
    }
}

#[test]
fn every_fixture_file_is_listed() {
    let listed: BTreeSet<&str> = FIXTURES.iter().map(|(name, _)| *name).chain(["estate.yaml"]).collect();
    let names = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let there: BTreeSet<String> =
        names.filter(|name| Path::new(name).extension().is_some_and(|ending| ending == "yaml")).collect();
    assert_eq!(listed, there.iter().map(String::as_str).collect());
}

#[test]
fn the_words_of_every_answer_are_as_agreed() {
    let mut rendered = String::new();
    for (name, _) in FIXTURES {
        let _ = writeln!(rendered, "=== {name}\n{}", text(&read_fixture(name).findings, Color::Never));
    }
    let path = folder().join("messages.txt");
    if std::env::var_os("LICIT_BLESS").is_some() {
        fs::write(&path, &rendered).unwrap();
    }
    let agreed = fs::read_to_string(&path).unwrap();
    for (number, (agreed, rendered)) in agreed.lines().zip(rendered.lines()).enumerate() {
        assert_eq!(rendered, agreed, "line {} of messages.txt", number + 1);
    }
    assert_eq!(agreed.len(), rendered.len());
}

/// `licit check` on a file.
fn check(path: &Path, flags: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_licit")).arg("check").arg(path).args(flags).output().unwrap()
}

#[test]
fn check_tells_scenarios_from_an_estate() {
    let options = ReadOptions::default();
    let kind = |name: &str| matches!(read_any(&folder().join(name), &options), Input::Scenarios(_));
    assert!(!kind("estate.yaml"));
    // Even where the one key is missing that names the estate.
    assert!(kind("estate-missing.yaml"));
    let output = check(&folder().join("money.yaml"), &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stdout).unwrap().contains("error[E-CURRENCY]"));
    assert_eq!(check(&folder().join("estate.yaml"), &[]).status.code(), Some(0));
}

#[test]
fn the_file_that_init_writes_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("start");
    let made = Command::new(env!("CARGO_BIN_EXE_licit")).arg("init").arg(&path).output().unwrap();
    assert!(made.status.success());
    let reading = read_scenarios(&path.join("renewal.yaml"), &ReadOptions::default());
    let scenarios = reading.scenarios.unwrap_or_else(|| panic!("{:?}", reading.findings.diagnostics()));
    assert_eq!(scenarios.names().collect::<Vec<_>>(), ["as is", "growth", "branch moves to 2021"]);
    assert_eq!(check(&path.join("renewal.yaml"), &[]).status.code(), Some(0));
    // On a day on which the license to renew is still there.
    let earlier = check(&path.join("renewal.yaml"), &["--as-of", "2027-03-31"]);
    assert!(String::from_utf8(earlier.stdout).unwrap().contains("error[E-NOT-ENDED]"));
}
