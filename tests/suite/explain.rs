//! `licit explain`: exit codes and streams, and what it says of published cases and small estates, as it stands under
//! `tests/cases/explain/`.
//!
//! `LICIT_BLESS=1` writes the files anew; the difference is then for a reviewer to read.

use crate::cli::{code, folder_with, licit, stderr, stdout, text};
use crate::estates::{read, repository};
use explanation::Subject;
use report::Color;
use serde_json::{Value, json};
use std::fs;

/// Estates, with the names explained and the file that has what is said of them.
const CASES: [(&str, &[&str], &str); 6] = [
    ("examples/deficit-and-surplus.yaml", &["office@2013", "office@2010", "office", "L13", "L07"], "a02"),
    ("tests/cases/a19-smallest-false-red.yaml", &["app@v1", "app@v2", "A", "B"], "a19"),
    (
        "tests/cases/explain/editions.yaml",
        &["office-std@2013", "office-pro@2013", "office-std", "newer-lower", "older-higher"],
        "editions",
    ),
    ("tests/cases/explain/gated.yaml", &["sql@2019", "sql@2017", "cores", "old", "DB-2", "SPARE-1"], "gated"),
    ("tests/cases/explain/no-base.yaml", &["draw@5", "draw@3", "upgrades", "bases-ended", "bases-old"], "no-base"),
    ("tests/cases/explain/unmet.yaml", &["WS-3", "WS-4", "WS-5", "dora", "WS-1", "upgrade", "seats"], "unmet"),
];

#[test]
fn explanations_of_small_estates_are_as_they_were_read_last() {
    for (estate, names, file) in CASES {
        let estate = read(&repository(estate));
        let position = solver::position(&estate).unwrap();
        let explained = names.iter().map(|name| {
            let subject = Subject::find(&estate, name).unwrap();
            let explanation = explanation::explain(&position, subject).unwrap();
            let data = report::explanation_json(&position, subject, &explanation);
            serde_json::from_str::<Value>(&data).unwrap();
            (report::explanation_text(&position, subject, &explanation, Color::Never), data)
        });
        let (sentences, data): (Vec<String>, Vec<String>) = explained.unzip();
        for (ending, said) in [("txt", sentences.join("\n")), ("json", data[0].clone())] {
            let path = repository(&format!("tests/cases/explain/{file}.{ending}"));
            if std::env::var_os("LICIT_BLESS").is_some() {
                fs::write(&path, &said).unwrap();
            }
            let expected = fs::read_to_string(&path).unwrap_or_default();
            assert!(said == expected, "{} differs:\n{said}", path.display());
        }
    }
}

#[test]
fn an_explanation_goes_to_standard_output_and_nothing_else_does() {
    let output = licit(&["explain", "examples/deficit-and-surplus.yaml", "office@2013"]);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    assert!(stdout(&output).contains("can be covered only by the 10 units of L13: 1 short."), "{}", stdout(&output));
    assert!(stdout(&output).contains("Buy 1 unit of OFF13."), "{}", stdout(&output));
}

#[test]
fn an_explanation_as_json_has_facts_remedies_and_sentences() {
    let output = licit(&["explain", "examples/deficit-and-surplus.yaml", "office@2013", "--format", "json"]);
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((result["command"].as_str(), result["fate"].as_str()), (Some("explain"), Some("short")));
    assert_eq!(result["subject"], json!({"kind": "version", "name": "office@2013"}));
    assert_eq!(result["versions"][0]["figures"]["uncovered"], 1);
    assert_eq!(result["shortages"][0]["licenses"], json!(["L13"]));
    assert_eq!(result["refused"][0], json!({"license": "L07", "unused": 1, "reason": "no-right"}));
    let bought = json!([{"edit": "buy", "sku": "OFF13", "scope": "all", "quantity": 1}]);
    assert_eq!(result["remedies"][1]["edits"], bought);
    assert_eq!(result["remedies"][1]["sentence"], "Buy 1 unit of OFF13.");
}

#[test]
fn an_explanation_goes_to_a_file_and_depends_on_no_threads() {
    let (folder, path) = folder_with("said.txt", "");
    let arguments = ["explain", "-q", "examples/contoso.yaml", "project"];
    let said = licit(&arguments);
    let output = licit(&[&arguments[..], &["--out", text(&path), "--jobs", "1"]].concat());
    assert_eq!((code(&output), stdout(&output)), (0, ""));
    assert_eq!(fs::read_to_string(folder.path().join("said.txt")).unwrap(), stdout(&said));
}

#[test]
fn a_name_that_says_nothing_exits_with_2_and_a_suggestion() {
    let refused = |name: &str| {
        let output = licit(&["explain", "-q", "examples/contoso.yaml", name]);
        assert_eq!((code(&output), stdout(&output)), (2, ""), "{name}");
        stderr(&output).to_owned()
    };
    let of = "version, title, license, asset or user of the estate";
    assert_eq!(refused("office-por"), format!("error: `office-por` is no {of}; did you mean `office-pro`?\n"));
    let no_version =
        |name: &str, near: &str| format!("error: `{name}` is no version of title `office-pro`; did you mean {near}?\n");
    assert_eq!(refused("office-pro@2003"), no_version("office-pro@2003", "`office-pro@2013`"));
    let newest = "`office-pro@2019`, `office-pro@2016`, `office-pro@2013` or `office-pro@2010`";
    assert_eq!(refused("office-pro@next"), no_version("office-pro@next", newest));
    assert_eq!(
        refused("nothing like it"),
        format!("error: `nothing like it` is no {of}; a version is written `title@version`\n")
    );
    assert!(refused("asset:alice").contains("`asset:alice` is no"));
}

#[test]
fn a_name_of_several_things_is_asked_for_by_kind() {
    let estate = "licit: 1\nas_of: 2026-11-22\ntitles: [{id: app, versions: [\"1\"]}]\n\
        skus: [{id: S, version: app@1}]\nlicenses: [{id: app, sku: S, quantity: 1}]\n\
        installs: [{version: app@1, asset: app}]\n";
    let (_folder, path) = folder_with("estate.yaml", estate);
    let output = licit(&["explain", text(&path), "app"]);
    assert_eq!(code(&output), 2);
    let expected = "error: `app` names more than one thing; write `title:app`, `license:app` or `asset:app`\n";
    assert_eq!(stderr(&output), expected);
    for kind in ["title", "license", "asset"] {
        assert_eq!(code(&licit(&["explain", text(&path), &format!("{kind}:app")])), 0, "{kind}");
    }
}

#[test]
fn an_estate_with_errors_is_refused_before_the_name_is_looked_up() {
    let output = licit(&["explain", "tests/invalid/unknown-key.yaml", "app"]);
    assert_eq!((code(&output), stdout(&output)), (2, ""));
    assert!(stderr(&output).contains("error[E-KEY]"), "{}", stderr(&output));
}
