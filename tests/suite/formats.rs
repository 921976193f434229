//! Every format of the example estates, as it stands under `tests/formats/`.
//!
//! `LICIT_BLESS=1` writes the files anew; the difference is then for a reviewer to read.

use crate::estates::{answers, repository};
use model::findings::Findings;
use model::{ReadOptions, read_estate};
use report::graph::Picture;
use report::{Cells, Color, Rows};
use solver::Position;
use std::fs;
use std::path::Path;

const EXAMPLES: [&str; 2] = ["contoso", "deficit-and-surplus"];

/// What every format makes of an example, by the ending of its file.
fn formats(example: &str) -> Vec<(&'static str, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("examples/{example}.yaml"));
    let reading = read_estate(&path, &ReadOptions::default());
    let estate = reading.estate.expect("an example has no errors");
    let position = solver::position(&estate).expect("an example is solved");
    vec![
        ("txt", report::table(&position, Rows::Versions, Color::Never)),
        ("by-scope.txt", report::table(&position, Rows::Scopes, Color::Never)),
        ("csv", report::versions(&position, Cells::Safe)),
        ("by-scope.csv", report::by_scope(&position.certified, Cells::Safe)),
        ("elp.csv", report::elp(&position.certified, Cells::Safe)),
        ("md", report::markdown(&position)),
        ("json", report::json(&position, &Findings::new())),
        ("dot", picture(&position).dot()),
        ("mmd", picture(&position).mermaid()),
        ("svg", picture(&position).svg()),
    ]
}

fn picture<'p>(position: &'p Position<'p>) -> Picture<'p> {
    Picture::of(position, None).expect("an example is small")
}

/// The picture of the example that is one for its many versions.
fn large_picture() -> Vec<(&'static str, String)> {
    let estate = crate::estates::read(&repository("examples/twenty-versions.yaml"));
    let position = solver::position(&estate).expect("an example is solved");
    vec![("svg", picture(&position).svg())]
}

/// What every format makes of the example of a renewal.
fn renewal_formats() -> Vec<(&'static str, String)> {
    let (renewals, comparison) = answers(&repository("examples/renewal.yaml"));
    vec![
        ("txt", report::renewals_table(&renewals, &comparison, Color::Never)),
        ("csv", report::renewals_csv(&renewals, Cells::Safe)),
        ("md", report::renewals_markdown(&renewals, &comparison)),
        ("json", report::renewals_json(&renewals, &comparison)),
    ]
}

#[test]
fn every_format_of_the_examples_is_as_it_was_read_last() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats");
    let all = EXAMPLES.map(|example| (example, formats(example)));
    for (example, formats) in
        all.into_iter().chain([("renewal", renewal_formats()), ("twenty-versions", large_picture())])
    {
        for (ending, text) in formats {
            let path = folder.join(format!("{example}.{ending}"));
            if std::env::var_os("LICIT_BLESS").is_some() {
                fs::write(&path, &text).expect("the folder can be written to");
            }
            let expected = fs::read_to_string(&path).unwrap_or_default();
            assert!(text == expected, "{} differs:\n{text}", path.display());
        }
    }
}

#[test]
fn an_effective_license_position_moves_units_and_makes_none() {
    for example in EXAMPLES {
        let elp = formats(example).into_iter().find(|(ending, _)| *ending == "elp.csv").expect("it is a format").1;
        let cell = |line: &str, column: usize| line.split(',').nth(column).unwrap_or_default().parse::<i64>();
        let moved: i64 = elp.lines().skip(1).map(|line| cell(line, 4).expect("a number")).sum();
        assert_eq!(moved, 0, "{elp}");
        for line in elp.lines().skip(1) {
            let [licensed, deployed, moved, delta] = [2, 3, 4, 5].map(|column| cell(line, column).expect("a number"));
            assert_eq!(delta, licensed + moved - deployed, "{line}");
        }
    }
}

#[test]
fn the_rows_by_scope_add_up_to_the_rows_of_versions() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/contoso.yaml");
    let estate = read_estate(&path, &ReadOptions::default()).estate.expect("an example has no errors");
    let certified = solver::answer(&estate).expect("an example is solved");
    let rows = certified.by_scope();
    for (version, figures) in certified.figures().versions.enumerate() {
        let of_version = || rows.iter().filter(|((of, _), _)| *of == version).map(|(_, row)| row);
        assert_eq!(of_version().map(|row| row.installed).sum::<model::number::Quantity>(), figures.installed);
        assert_eq!(of_version().map(|row| row.demand).sum::<model::number::Quantity>(), figures.demand);
        assert_eq!(of_version().map(|row| row.covered).sum::<model::number::Quantity>(), figures.covered);
        assert_eq!(of_version().map(|row| row.uncovered).sum::<model::number::Quantity>(), figures.uncovered);
        assert_eq!(of_version().map(|row| row.licensed).sum::<model::number::Quantity>(), figures.licensed);
        assert_eq!(of_version().map(|row| row.idle).sum::<model::number::Quantity>(), figures.idle);
    }
}
