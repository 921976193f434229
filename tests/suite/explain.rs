//! What `licit explain` says of published cases and small estates, as it stands under `tests/cases/explain/`.
//!
//! `LICIT_BLESS=1` writes the files anew; the difference is then for a reviewer to read.

use crate::estates::{read, repository};
use explanation::Subject;
use report::Color;
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
            let text = report::explanation_text(&position, subject, &explanation, Color::Never);
            let json = report::explanation_json(&position, subject, &explanation);
            serde_json::from_str::<serde_json::Value>(&json).unwrap();
            (text, json)
        });
        let (texts, json): (Vec<String>, Vec<String>) = explained.unzip();
        for (ending, said) in [("txt", texts.join("\n")), ("json", json[0].clone())] {
            let path = repository(&format!("tests/cases/explain/{file}.{ending}"));
            if std::env::var_os("LICIT_BLESS").is_some() {
                fs::write(&path, &said).unwrap();
            }
            let expected = fs::read_to_string(&path).unwrap_or_default();
            assert!(said == expected, "{} differs:\n{said}", path.display());
        }
    }
}
