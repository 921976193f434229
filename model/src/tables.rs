//! Tables beside an estate file: which file, in which format, and that it stays in its folder.

use crate::diagnostic::{Code, Diagnostic, Place, alternatives, quoted};
use crate::document::Source;
use crate::document::rows::{Record, Shape};
use crate::fields::{self, Cell, Entry, Fields};
use crate::findings::Findings;
use crate::suggest;
use crate::value::Fault;
use crate::yaml::{Node, Value};
use std::path::{Component, Path, PathBuf};

mod csv;
mod lines;

const KEYS: [&str; 3] = ["file", "files", "delimiter"];
/// Files of a folder among which the nearest name is looked for.
const NEIGHBORS_MAX: usize = 1_000;

/// What a table's file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    /// Comma-separated values.
    Csv,
    /// The same, packed by gzip.
    CsvGzip,
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
            ["parquet", _, ..] => {
                fault("`.csv` or `.csv.gz`, as Parquet is not built into this program", "save the table as CSV")
            }
            _ => fault("a name that ends in `.csv` or `.csv.gz`", "the ending says how to read a table"),
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
        let found = find(cell, source, &mut seen, findings);
        let (Some((path, format)), Some(delimiter)) = (found, delimiter) else {
            is_complete = false;
            continue;
        };
        let name = Path::new(findings.file_name(source.file)).with_file_name(cell.text);
        let file = findings.add_file(name.to_string_lossy());
        let table = csv::Table { file, delimiter, is_packed: format == Format::CsvGzip, shape };
        is_complete &= csv::read(&path, &table, findings, visit);
    }
    is_complete
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

/// The file that a cell names, if it may be read.
fn find(
    cell: Cell<'_>,
    source: &Source<'_>,
    seen: &mut Vec<(PathBuf, Place)>,
    findings: &mut Findings,
) -> Option<(PathBuf, Format)> {
    let format = Entry::Text(cell).read("file", findings, Format::of)?;
    let Some(folder) = source.folder else {
        findings.push(Diagnostic::new(
            Code::Path,
            cell.place,
            "tables are not read here; expected rows in the estate itself",
        ));
        return None;
    };
    let leaves = |findings: &mut Findings| {
        let message = format!("{} leaves the folder of the estate file; expected a path inside it", quoted(cell.text));
        findings
            .push(Diagnostic::new(Code::Path, cell.place, message).with_help("put the table beside the estate file"));
    };
    let stays_inside =
        Path::new(cell.text).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if !stays_inside || cell.text.contains('\\') {
        leaves(findings);
        return None;
    }
    let resolved = folder.canonicalize().and_then(|folder| Ok((folder.join(cell.text).canonicalize()?, folder)));
    let (path, folder) = match resolved {
        Ok(resolved) => resolved,
        Err(error) => {
            let mut diagnostic = crate::input::unreadable(&error, cell.place);
            diagnostic.message = format!("{}: {}", quoted(cell.text), diagnostic.message);
            findings.push(diagnostic.with_help_if(nearest_file(folder, cell.text)));
            return None;
        }
    };
    // A symbolic link inside the folder may lead outside.
    if !path.starts_with(folder) {
        leaves(findings);
        return None;
    }
    if let Some((_, first)) = seen.iter().find(|(other, _)| *other == path) {
        findings.push(
            Diagnostic::new(Code::Duplicate, cell.place, format!("the table {} is named twice", quoted(cell.text)))
                .with_related(*first, "it is named here first")
                .with_help("its rows would count twice; remove one of the two"),
        );
        return None;
    }
    seen.push((path.clone(), cell.place));
    Some((path, format))
}

/// The file whose name is nearest to one that does not exist.
fn nearest_file(folder: &Path, wanted: &str) -> Option<String> {
    let wanted = Path::new(wanted);
    let within = wanted.parent()?;
    let entries = std::fs::read_dir(folder.join(within)).ok()?.take(NEIGHBORS_MAX);
    let names: Vec<String> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    let nearest = suggest::nearest(wanted.file_name()?.to_str()?, names.iter().map(String::as_str));
    let paths: Vec<String> = nearest.iter().map(|name| within.join(name).to_string_lossy().into_owned()).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    if paths.is_empty() { None } else { Some(format!("did you mean {}?", alternatives(&paths))) }
}
