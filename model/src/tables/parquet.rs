//! Parquet: columns with types, in groups of rows, packed page by page.
//!
//! ```text
//! library::open -> Columns -> library::batches -> for each batch: [Texts] -> rows of texts
//! footer           keys       values              meaning
//! ```
//!
//! The crate of the format reads the file; what a value means and what is wrong with it is said here. Only columns that
//! stand for keys are read. A value is the text that it would be in a table of comma-separated values; one that is
//! missing, or an empty text, is an empty cell. Findings name the row and the column, both from 1.
//!
//! Memory is that of some batches, and of one page and one dictionary of each column.

use super::columns::{Columns, MOST_KEYS};
use crate::diagnostic::{Code, Diagnostic, FileId, Place, listed, quoted};
use crate::document::rows::{Dictionary, Holds, Record, Shape, Symbol};
use crate::fields::{Cell, Entry};
use crate::findings::Findings;
use crate::{input, limits};
use ::parquet::arrow::arrow_reader::ArrowReaderMetadata;
use arrow_array::{ArrayRef, RecordBatch};
use library::Trouble;
use meaning::{Flaw, Texts};
use std::path::Path;

mod library;
mod meaning;

pub use library::THREAD;

/// A column that stands for a key.
struct Column<'m> {
    /// Its position among the columns of the file.
    index: usize,
    /// Its position among those that hold values, parts of nested ones counted.
    leaf: usize,
    name: &'m str,
    /// The position of its key in the shape.
    key: usize,
    /// What it holds, if its key does not take that.
    unfit: Option<&'static str>,
    /// Its part of the current batch.
    texts: Texts,
}

/// Takes each row of a table; false if it could not be read to its end.
pub(crate) fn read(
    path: &Path,
    file: FileId,
    shape: &Shape,
    findings: &mut Findings,
    visit: &mut dyn FnMut(&Record<'_>, &mut Findings),
) -> bool {
    let Some((source, size)) = input::open(path, file, findings) else { return false };
    let start = Place::start_of(file);
    let opened = match library::open(&source, size) {
        Ok(opened) => opened,
        Err(trouble) => {
            findings.push(finding(&trouble, start, None));
            return false;
        }
    };
    let groups = opened.metadata().row_groups();
    let rows = groups.iter().map(|group| u64::try_from(group.num_rows()).unwrap_or(u64::MAX));
    if rows.fold(0, u64::saturating_add) > limits::TABLE_ROWS_MAX {
        findings.push(super::too_many_rows(start));
        return false;
    }
    if opened.schema().fields().is_empty() {
        findings.push(
            Diagnostic::new(Code::Empty, start, "the table has no columns")
                .with_help(format!("expected some among {}", listed(shape.keys, "and"))),
        );
        return false;
    }
    let mut table = Table { file, shape, row: 0, refused: Vec::new() };
    let (header, mut columns) = table.read_header(&opened, findings);
    let leaves: Vec<usize> = columns.iter().map(|column| column.leaf).collect();
    if let Err((trouble, column)) = library::check(&opened, &leaves) {
        let column = column.map(|position| &columns[position]);
        let place = column.map_or(start, |column| Place::at(file, 1, column.index + 1, 1));
        findings.push(finding(&trouble, place, column.map(|column| column.name)));
        return false;
    }
    let read = library::batches(&source, &opened, &leaves, &mut |batch| {
        table.read_batch(batch, &header, &mut columns, findings, visit);
    });
    read.map_err(|trouble| findings.push(finding(&trouble, Place::at(file, table.row + 1, 1, 1), None))).is_ok()
}

/// A table that is being read.
struct Table<'s> {
    file: FileId,
    shape: &'s Shape,
    /// The row that was read last, from 1.
    row: usize,
    /// The columns of which it was said that their type is wrong.
    refused: Vec<usize>,
}

impl<'s> Table<'s> {
    /// What the names and types of the columns say.
    fn read_header<'m>(
        &self,
        opened: &'m ArrowReaderMetadata,
        findings: &mut Findings,
    ) -> (Columns<'s>, Vec<Column<'m>>) {
        let (schema, fields) = (opened.parquet_schema(), opened.schema().fields());
        let place = |index: usize| Place::at(self.file, 1, index + 1, 1);
        let names = fields.iter().enumerate().map(|(index, field)| Cell { text: field.name(), place: place(index) });
        let all = Place::at(self.file, 1, 1, fields.len());
        let mut header = Columns::read(names, all, self.shape, findings);
        let mut columns = Vec::new();
        for (leaf, descriptor) in schema.columns().iter().enumerate() {
            let index = schema.get_column_root_idx(leaf);
            let Some(key) = header.positions[index] else { continue };
            let (field, holds) = (&fields[index], self.shape.holds(self.shape.keys[key]));
            if field.data_type().is_nested() {
                // Of a nested column every part is looked at; one is enough to say so.
                if !matches!(header.blank[key], Entry::Refused) {
                    findings.push(nested(field.name(), holds, place(index)));
                }
                header.blank[key] = Entry::Refused;
                continue;
            }
            let unfit = meaning::unfit(descriptor, field.data_type(), holds);
            columns.push(Column { index, leaf, name: field.name(), key, unfit, texts: Texts::default() });
        }
        (header, columns)
    }

    fn read_batch(
        &mut self,
        batch: &RecordBatch,
        header: &Columns<'_>,
        columns: &mut [Column<'_>],
        findings: &mut Findings,
        visit: &mut dyn FnMut(&Record<'_>, &mut Findings),
    ) {
        for (column, values) in columns.iter_mut().zip(batch.columns()) {
            column.turn(values);
        }
        for row in 0..batch.num_rows() {
            self.row += 1;
            let mut entries = header.blank;
            let mut symbols = [None; MOST_KEYS];
            for column in &*columns {
                let place = Place::at(self.file, self.row, column.index + 1, 1);
                symbols[column.key] = column.texts.symbol(row).map(|(number, position)| Symbol {
                    dictionary: Dictionary { file: self.file, column: place.column, number },
                    position,
                });
                match column.texts.get(row) {
                    Ok("") => {}
                    Ok(text) => entries[column.key] = Entry::Text(Cell { text, place }),
                    Err(flaw) => {
                        entries[column.key] = Entry::Refused;
                        self.refuse(flaw, column, place, findings);
                    }
                }
            }
            let record = Record {
                shape: self.shape,
                place: Place::at(self.file, self.row, 1, 1),
                entries: &entries[..self.shape.keys.len()],
                symbols: &symbols,
            };
            visit(&record, findings);
        }
    }

    /// Says why a value is refused; of a column whose type is wrong once.
    fn refuse(&mut self, flaw: Flaw, column: &Column<'_>, place: Place, findings: &mut Findings) {
        let name = quoted(column.name);
        match flaw {
            Flaw::NotUtf8 => findings.push_error(|_| {
                Diagnostic::new(Code::Utf8, place, format!("{name} is not UTF-8"))
                    .with_help("write the column as text in UTF-8")
            }),
            Flaw::Hidden(character) => findings.push_error(|_| {
                let mut diagnostic = input::forbidden_character(character, place);
                diagnostic.message = format!("{name}: {}", diagnostic.message);
                diagnostic
            }),
            Flaw::Long => findings.push_error(|_| {
                let most = limits::LINE_BYTES_MAX >> 10;
                Diagnostic::new(Code::Size, place, format!("{name} is longer than {most} KiB"))
            }),
            Flaw::Unfit(_) if self.refused.contains(&column.index) => {}
            Flaw::Unfit(what) => {
                self.refused.push(column.index);
                let holds = self.shape.holds(self.shape.keys[column.key]);
                findings.push(unfit(column.name, what, holds, place));
            }
        }
    }
}

impl Column<'_> {
    /// Goes to its part of the next batch.
    fn turn(&mut self, values: &ArrayRef) {
        match self.unfit {
            Some(what) => self.texts.refuse(values, what),
            None => self.texts.turn(values),
        }
    }
}

/// The finding for what keeps a file from being read, in a column if that is known.
fn finding(trouble: &Trouble, place: Place, column: Option<&str>) -> Diagnostic {
    const AGAIN: &str = "copy the file again, or write it anew";
    let whole = column.map_or("the file".to_owned(), |name| format!("the column {}", quoted(name)));
    let refused = |message: String| Diagnostic::new(Code::Parquet, place, message);
    match trouble {
        Trouble::Io(error) => input::unreadable(error, place),
        Trouble::NotParquet(head) => {
            refused("this is no Parquet file: it does not begin with `PAR1`".into()).with_help(likely_format(*head))
        }
        Trouble::CutOff => refused("the file is cut off: it does not end with `PAR1`".into()).with_help(AGAIN),
        Trouble::Encrypted => refused("the file is encrypted; expected one that anybody can read".into())
            .with_help("write it without encryption"),
        Trouble::Damaged(what) => refused(format!("{whole} is damaged: {what}")).with_help(AGAIN),
        Trouble::Foreign(what) => refused(format!("{whole} is not read: {what}")).with_help(
            "write the file with the defaults of your program, packed by Snappy, Zstandard, gzip or not at all",
        ),
        Trouble::Large(what) => Diagnostic::new(Code::Size, place, format!("{whole} is not read: {what}"))
            .with_help("write the file in larger groups of rows and with the columns that are needed"),
        Trouble::LargeTable => super::too_large(place),
    }
}

/// What a file is that begins otherwise than Parquet.
fn likely_format(head: [u8; 4]) -> &'static str {
    match head {
        [b'P', b'K', ..] => "this looks like a workbook; save the table as CSV or Parquet",
        [0x1f, 0x8b, ..] => "this looks like gzip; name it `.csv.gz` if it holds CSV",
        _ if input::is_plain(&head) => "this looks like text; name it `.csv` if it is CSV",
        _ => "write the table as Parquet, or name the file by what it is",
    }
}

/// The finding for a column with columns in it.
fn nested(name: &str, holds: Holds, place: Place) -> Diagnostic {
    let message = format!("the column {} is nested; expected {}", quoted(name), expected(holds));
    Diagnostic::new(Code::Type, place, message).with_help("write one value a row")
}

/// The finding for a column of a type that its key does not take, at its first value.
fn unfit(name: &str, what: &str, holds: Holds, place: Place) -> Diagnostic {
    let message = format!("the column {} holds {what}; expected {}", quoted(name), expected(holds));
    let help = match (what, holds) {
        ("floating-point numbers", Holds::Count) => {
            "write whole numbers as integers, which may have gaps (in pandas the type `Int64`)".to_owned()
        }
        ("instants", Holds::Day) => "write dates: the day of an instant depends on the time zone".to_owned(),
        _ => format!("write the column as {}", expected(holds)),
    };
    Diagnostic::new(Code::Type, place, message).with_help(help)
}

/// What a key takes.
fn expected(holds: Holds) -> &'static str {
    match holds {
        Holds::Text => "text",
        Holds::List => "text such as `a@1;b@2`",
        Holds::Count => "integers",
        Holds::Money => "decimal numbers",
        Holds::Day => "dates",
        Holds::Flag => "truth values",
    }
}
