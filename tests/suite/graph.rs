//! `licit graph`: exit codes, streams, files, and what it says when a picture would be too large.

use crate::cli::{code, folder_with, licit, stderr, stdout, text};
use crate::estates::repository;
use std::fmt::Write as _;
use std::fs;

const EXAMPLE: &str = "examples/twenty-versions.yaml";

#[test]
fn a_picture_goes_to_standard_output_in_the_format_asked_for() {
    for (format, beginning) in [("svg", "<svg "), ("dot", "digraph "), ("mermaid", "%% ")] {
        let output = licit(&["graph", EXAMPLE, "draw", "--format", format, "--quiet"]);
        assert_eq!((code(&output), stderr(&output)), (0, ""));
        assert!(stdout(&output).starts_with(beginning), "{}", stdout(&output));
        assert!(stdout(&output).contains("NWD-SUB-2026") && stdout(&output).ends_with('\n'));
    }
    let default = licit(&["graph", EXAMPLE, "draw", "--quiet"]);
    assert!(stdout(&default).starts_with("<svg "));
}

#[test]
fn a_picture_goes_to_a_file_and_never_over_its_estate() {
    let (folder, path) =
        folder_with("estate.yaml", &fs::read_to_string(repository("examples/deficit-and-surplus.yaml")).unwrap());
    let out = folder.path().join("rights.svg");
    let output = licit(&["graph", text(&path), "--out", text(&out)]);
    assert_eq!((code(&output), stdout(&output)), (0, ""));
    assert!(fs::read_to_string(&out).unwrap().ends_with("</svg>\n"));
    assert_eq!(code(&licit(&["graph", text(&path), "--out", text(&path)])), 2);
}

#[test]
fn the_day_asked_for_is_the_day_of_the_picture() {
    let on = |day: &str| licit(&["graph", EXAMPLE, "draw", "--quiet", "--as-of", day]);
    let output = on("2027-01-01");
    assert!(stdout(&output).contains("as of 2027-01-01") && stdout(&output).contains("28, ended 2026-12-31"));
    assert!(!stdout(&on("2026-12-31")).contains("28, ended"));
}

#[test]
fn a_title_that_is_not_there_is_refused_with_a_suggestion() {
    let output = licit(&["graph", EXAMPLE, "drwa", "--quiet"]);
    assert_eq!((code(&output), stdout(&output)), (2, ""));
    assert_eq!(stderr(&output), "error: `drwa` is no title of the estate; did you mean `draw`?\n");
}

#[test]
fn an_estate_that_nobody_could_read_gives_no_picture_but_a_title_to_draw() {
    let mut rows = String::from("licit: 1\nas_of: 2026-11-22\ntitles:\n  - {id: small, versions: [\"1\"]}\n");
    let versions: Vec<String> = (0..500).map(|version| format!("\"{version}\"")).collect();
    let _ = writeln!(rows, "  - {{id: large, versions: [{}]}}", versions.join(", "));
    rows += "skus: [{id: S, version: small@1}, {id: L, version: large@499, covers: [large@*]}]\n\
             licenses: [{id: s, sku: S, quantity: 1}, {id: l, sku: L, quantity: 1}]\n\
             installs: [{version: small@1}, {version: large@7}]\n";
    let (folder, path) = folder_with("estate.yaml", &rows);
    let out = folder.path().join("rights.svg");
    let output = licit(&["graph", text(&path), "--out", text(&out), "--quiet"]);
    assert_eq!((code(&output), stdout(&output)), (3, ""));
    let expected = "no answer: the estate has 503 SKUs and versions; a picture has at most 400: name a title, such as \
                    `small`\n";
    assert_eq!(stderr(&output), expected);
    assert!(!out.exists());
    assert_eq!(code(&licit(&["graph", text(&path), "small", "--quiet"])), 0);
    let output = licit(&["graph", text(&path), "large", "--quiet"]);
    assert_eq!(code(&output), 3);
    assert!(stderr(&output).contains("501 SKUs and versions"), "{}", stderr(&output));
}

#[test]
fn a_refused_estate_has_no_picture() {
    let (_folder, path) = folder_with("estate.yaml", "licit: 1\n");
    let output = licit(&["graph", text(&path)]);
    assert_eq!((code(&output), stdout(&output)), (2, ""));
}
