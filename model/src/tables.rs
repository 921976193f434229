//! Tables beside an estate file or a catalog: which file, in which format.

use crate::beside::{self, Kind};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::document::Source;
use crate::document::rows::{Record, Shape};
use crate::fields::{self, Cell, Entry, Fields};
use crate::findings::Findings;
use crate::limits;
use crate::value::Fault;
use crate::yaml::{Node, Value};
use std::path::PathBuf;

mod columns;
mod csv;
mod lines;
pub(crate) mod parquet;

pub(crate) const KEYS: [&str; 3] = ["file", "files", "delimiter"];
const ADD_UP: &str = "add up installs that are alike before writing them";
const TABLE: Kind = Kind { one: "table", instead: "rows in the estate itself", twice: "its rows would count twice" };

/// What a table's file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    /// Comma-separated values.
    Csv,
    /// The same, packed by gzip.
    CsvGzip,
    /// Columns with types, packed.
    Parquet,
}

impl Format {
    /// The format by the ending of the file's name.
    fn of(name: &str) -> Result<Self, Fault> {
        let fault = |expected: &str, help: &str| {
            Err(Fault { code: Code::Format, expected: expected.into(), help: Some(help.into()) })
        };
        let lower = name.to_lowercase();
        let endings: Vec<&str> = lower.rsplit('.').collect();
        match endings.as_slice() {
            ["csv", _, ..] => Ok(Self::Csv),
            ["gz", "csv", _, ..] => Ok(Self::CsvGzip),
            ["parquet", _, ..] => Ok(Self::Parquet),
            _ => fault("a name that ends in `.csv`, `.csv.gz` or `.parquet`", "the ending says how to read a table"),
        }
    }
}

/// Takes each row of the tables that a section names; false if a table could not be read.
pub(crate) fn read_section(
    node: &Node<'_>,
    shape: &Shape,
    source: &Source<'_>,
    findings: &mut Findings,
    visit: &mut dyn FnMut(&Record<'_>, &mut Findings),
) -> bool {
    let Some(fields) = Fields::open(node, "a table", &KEYS, findings) else { return false };
    let delimiter = fields.entry("delimiter", findings);
    let delimiter =
        if delimiter.is_present() { delimiter.read("delimiter", findings, parse_delimiter) } else { Some(b',') };
    let (names, mut is_complete) = file_names(&fields, findings);
    let mut seen: Vec<(PathBuf, Place)> = Vec::new();
    for cell in names {
        let format = Entry::Text(cell).read("file", findings, Format::of);
        let path = format.and_then(|_| beside::locate(cell, TABLE, source, &mut seen, findings));
        let (Some(path), Some(format), Some(delimiter)) = (path, format, delimiter) else {
            is_complete = false;
            continue;
        };
        let file = findings.add_file(beside::shown_name(cell, source, findings));
        is_complete &= match format {
            Format::Csv | Format::CsvGzip => {
                let table = csv::Table { file, delimiter, is_packed: format == Format::CsvGzip, shape };
                csv::read(&path, &table, findings, visit)
            }
            Format::Parquet => parquet::read(&path, file, shape, findings, visit),
        };
    }
    is_complete
}

/// The finding for a table with more rows than the limit, at the first of them.
fn too_many_rows(place: Place) -> Diagnostic {
    let message = format!("the table has more than {} rows", limits::TABLE_ROWS_MAX);
    Diagnostic::new(Code::Size, place, message).with_help(ADD_UP)
}

/// The finding for a table with more bytes than the limit.
fn too_large(place: Place) -> Diagnostic {
    let message = format!("the table is larger than {} GiB, unpacked", limits::TABLE_BYTES_MAX >> 30);
    Diagnostic::new(Code::Size, place, message).with_help(ADD_UP)
}

/// One character that separates cells.
fn parse_delimiter(text: &str) -> Result<u8, Fault> {
    match text.as_bytes() {
        [byte] if byte.is_ascii_punctuation() && !matches!(byte, b'"' | b'.' | b'-') => Ok(*byte),
        _ if text == "tab" => Ok(b'\t'),
        _ => Err(Fault {
            code: Code::Choice,
            expected: "one character such as `;` or `|`, or `tab`".into(),
            help: Some("leave the key out for commas".into()),
        }),
    }
}

/// The names of the files, and whether all of them could be read.
fn file_names<'n>(fields: &Fields<'n, '_>, findings: &mut Findings) -> (Vec<Cell<'n>>, bool) {
    let (has_one, has_several) = (fields.node("file").is_some(), fields.node("files").is_some());
    if has_one == has_several {
        let found = if has_one { "both `file` and `files`" } else { "neither `file` nor `files`" };
        findings.push(
            Diagnostic::new(Code::OneOf, fields.place, format!("a table has {found}; expected one"))
                .with_help("write `{file: a.csv}`, or `{files: [a.csv, b.csv]}`"),
        );
        return (Vec::new(), false);
    }
    if has_one {
        let entry = fields.entry("file", findings);
        return (entry.cell().into_iter().collect(), entry.cell().is_some());
    }
    let Some((_, items)) = fields.list("files", findings) else { return (Vec::new(), false) };
    let mut names = Vec::new();
    for item in items {
        match &item.value {
            Value::Text(text) => names.push(Cell { text, place: item.place }),
            _ => fields::wrong_type(item, || "the name of a file".to_owned(), findings),
        }
    }
    let is_complete = names.len() == items.len();
    (names, is_complete)
}
