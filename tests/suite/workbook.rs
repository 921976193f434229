//! Workbooks, read back by another program's reader.

use crate::cli::{code, folder_with, licit, stderr};
use crate::estates::repository;
use calamine::{Data, DataType as _, Range, Reader as _, Xlsx, open_workbook};
use std::fs;
use std::path::Path;

/// A sheet's cells and its formulas.
struct Sheet {
    cells: Range<Data>,
    formulas: Range<String>,
}

impl Sheet {
    fn rows(&self) -> Vec<&[Data]> {
        self.cells.rows().collect()
    }

    fn number(&self, row: usize, column: usize) -> i64 {
        self.cells.get((row, column)).and_then(Data::as_i64).unwrap()
    }

    fn formula(&self, row: u32, column: u32) -> String {
        self.formulas.get_value((row, column)).unwrap().clone()
    }
}

fn sheet(path: &Path, name: &str) -> Sheet {
    let mut workbook: Xlsx<_> = open_workbook(path).unwrap();
    Sheet { cells: workbook.worksheet_range(name).unwrap(), formulas: workbook.worksheet_formula(name).unwrap() }
}

/// Writes the workbook of an estate.
fn written(estate: &str, path: &Path) {
    let output = licit(&["position", "-q", estate, "--format", "xlsx", "--out", path.to_str().unwrap()]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
}

#[test]
fn the_position_says_what_the_table_for_spreadsheets_says_and_adds_it_up() {
    let folder = tempfile::tempdir().unwrap();
    for example in ["examples/contoso.yaml", "examples/deficit-and-surplus.yaml"] {
        let estate = repository(example);
        let path = folder.path().join("position.xlsx");
        written(estate.to_str().unwrap(), &path);
        let output = licit(&["position", "-q", estate.to_str().unwrap(), "--format", "elp"]);
        let expected = String::from_utf8(output.stdout).unwrap();
        let position = sheet(&path, "Position");
        let (header, rows) = (position.rows()[0], &position.rows()[1..]);
        assert_eq!((header[4].to_string(), header.len()), ("Allocation (+/-)".to_owned(), 9));
        let said: Vec<String> =
            rows.iter().map(|row| row[..8].iter().map(ToString::to_string).collect::<Vec<_>>().join(",")).collect();
        let (totals, versions) = said.split_last().unwrap();
        assert_eq!(versions, expected.lines().skip(1).collect::<Vec<_>>(), "{example}");
        assert!(totals.starts_with("Total,,"), "{totals}");
        let last = rows.len();
        for column in 2..8 {
            let sum: i64 = (1..last).map(|row| position.number(row, column)).sum();
            assert_eq!(position.number(last, column), sum, "{example}, column {column}");
            let letter = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'][column];
            let formula = position.formula(u32::try_from(last).unwrap(), u32::try_from(column).unwrap());
            assert_eq!(formula, format!("SUBTOTAL(109,{letter}2:{letter}{last})"));
        }
        assert_eq!(position.number(last, 4), 0, "the allocation sums to zero");
        assert_eq!(position.formula(1, 5), "C2+E2-D2");
    }
}

#[test]
fn lots_and_uses_stand_behind_the_position() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("position.xlsx");
    written(repository("examples/contoso.yaml").to_str().unwrap(), &path);
    let (position, licenses, uses) = (sheet(&path, "Position"), sheet(&path, "Licenses"), sheet(&path, "Uses"));
    let lot = licenses.rows().into_iter().find(|row| row[0] == *"off16-upg").unwrap().to_vec();
    let text: Vec<String> = [1, 3, 4, 10, 11, 13].map(|column: usize| lot[column].to_string()).into();
    assert_eq!(text, ["OFF16-UPG", "2016", "upgrade", "25", "22", "3"]);
    let dated = licenses.rows().into_iter().find(|row| row[0] == *"acro-dc").unwrap().to_vec();
    assert!(matches!(dated[8], Data::DateTime(_)), "{:?}", dated[8]);
    // What is used covers demand or is set aside, and adds up to what is covered.
    let last = uses.rows().len() - 1;
    let covering = (1..last).filter(|&row| uses.rows()[row][7] != *"set-aside");
    let covered: i64 = covering.map(|row| uses.number(row, 8)).sum();
    let rows = position.rows().len() - 1;
    let (deployed, delta) = (position.number(rows, 3), (1..rows).map(|row| position.number(row, 5).min(0)));
    assert!(covered <= deployed && covered >= deployed + delta.sum::<i64>(), "{covered} of {deployed}");
    assert!(uses.rows().iter().any(|row| row[6].to_string().contains(" → ")));
}

#[test]
fn text_stays_text_and_the_same_facts_give_the_same_bytes() {
    const FORMULA: &str = "=HYPERLINK(1)";
    let long = "x".repeat(200);
    let estate = format!(
        "licit: 1\nas_of: 2026-11-22\nname: \"+1 abc\"\ntitles: [{{id: \"{FORMULA}\", versions: [\"-1\", \"{long}\"]}}]\n\
         skus: [{{id: \"@sku\", version: \"{FORMULA}@-1\"}}]\n\
         licenses: [{{id: \"+lot\", sku: \"@sku\", unlimited: true, start: 1900-01-01}}]\n\
         installs: [{{version: \"{FORMULA}@-1\", quantity: 3, asset: \"<a&b>\"}}]\n"
    );
    let (folder, estate) = folder_with("estate.yaml", &estate);
    let [one, other] = ["one.xlsx", "other.xlsx"].map(|name| folder.path().join(name));
    written(estate.to_str().unwrap(), &one);
    written(estate.to_str().unwrap(), &other);
    assert!(fs::read(&one).unwrap() == fs::read(&other).unwrap(), "the bytes are the same");
    let position = sheet(&one, "Position");
    assert_eq!(position.rows()[1][0], Data::String(FORMULA.to_owned()));
    assert_eq!(position.rows()[1][1], Data::String("-1".to_owned()));
    assert_eq!(position.rows()[2][1], Data::String(long));
    let formulas = position.formulas.used_cells().map(|(.., formula)| formula.as_str());
    assert!(formulas.into_iter().all(|formula| formula.starts_with("SUBTOTAL") || formula.starts_with('C')));
    let licenses = sheet(&one, "Licenses");
    let lot: Vec<String> = [0, 10, 11].map(|column: usize| licenses.rows()[1][column].to_string()).into();
    assert_eq!(lot, ["+lot", "unlimited", "3"]);
    let start = licenses.cells.get((1, 7)).and_then(Data::get_datetime).unwrap();
    assert_eq!(start.to_ymd_hms_milli(), (1900, 1, 1, 0, 0, 0, 0));
    assert_eq!(sheet(&one, "Uses").rows()[1][4].to_string(), "<a&b>");
    let about = sheet(&one, "About");
    assert!(about.rows()[0][1].to_string().starts_with("+1 abc: license position"), "{:?}", about.rows()[0]);
}

#[test]
fn a_workbook_needs_a_file() {
    let output = licit(&["position", repository("examples/contoso.yaml").to_str().unwrap(), "--format", "xlsx"]);
    assert_eq!((code(&output), output.stdout.len()), (2, 0));
    assert!(stderr(&output).contains("name a file for it with `--out`"), "{}", stderr(&output));
}
