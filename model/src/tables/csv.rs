//! Comma-separated values after RFC 4180, a line a row: streamed, with the place of every cell.
//!
//! A row ends with its line: no value may hold a line break, so that a quote that is not closed is found
//! where it opens and does not swallow the rows below. Memory is that of one line.

use super::columns::Columns;
use super::lines::{LineError, Lines};
use crate::diagnostic::{Code, Diagnostic, FileId, Place, listed, quoted};
use crate::document::rows::{Record, Shape};
use crate::fields::{Cell, Entry};
use crate::findings::Findings;
use crate::{input, limits};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Characters that tables are separated by where it is not the comma.
const OTHER_DELIMITERS: [(char, &str); 4] = [(';', "semicolons"), ('\t', "tabs"), ('|', "bars"), (',', "commas")];

/// How to read a table.
#[derive(Debug)]
pub(crate) struct Table<'s> {
    pub(crate) file: FileId,
    pub(crate) delimiter: u8,
    pub(crate) is_packed: bool,
    pub(crate) shape: &'s Shape,
}

/// Takes each row of a table; false if it could not be read to its end.
pub(crate) fn read(
    path: &Path,
    table: &Table<'_>,
    findings: &mut Findings,
    visit: &mut dyn FnMut(&Record<'_>, &mut Findings),
) -> bool {
    let Some((source, _)) = input::open(path, table.file, findings) else { return false };
    if table.is_packed {
        read_lines(Lines::new(flate2::read::MultiGzDecoder::new(source)), table, findings, visit)
    } else {
        read_lines::<File>(Lines::new(source), table, findings, visit)
    }
}

fn read_lines<R: Read>(
    mut lines: Lines<R>,
    table: &Table<'_>,
    findings: &mut Findings,
    visit: &mut dyn FnMut(&Record<'_>, &mut Findings),
) -> bool {
    let mut number = 0;
    let mut cells = Cells::new(table.file);
    let mut header: Option<Columns<'_>> = None;
    loop {
        number += 1;
        let line = match lines.next_line() {
            Ok(Some(line)) => line,
            Ok(None) => break,
            Err(error) => {
                findings.push(unreadable_line(&error, number, table));
                return false;
            }
        };
        if number as u64 > limits::TABLE_ROWS_MAX + 1 {
            findings.push(super::too_many_rows(Place::at(table.file, number, 1, 1)));
            return false;
        }
        let kept_before = findings.kept_count();
        let Some(line) = checked_line(line, number, table, findings) else { return false };
        match &header {
            _ if line.is_empty() => {}
            Some(header) => read_row(line, number, header, table, &mut cells, findings, visit),
            None => header = read_header(line, number, table, findings),
        }
        if findings.kept_count() > kept_before {
            let number = Place::at(table.file, number, 1, 1).line;
            findings.keep_line_since(kept_before, table.file, number, line);
        }
        if header.is_none() && !line.is_empty() {
            return false;
        }
    }
    if header.is_none() {
        findings.push(
            Diagnostic::new(Code::Empty, Place::start_of(table.file), "the table is empty; expected a header")
                .with_help(format!("the first line names columns among {}", listed(table.shape.keys, "and"))),
        );
    }
    header.is_some()
}

fn unreadable_line(error: &LineError, number: usize, table: &Table<'_>) -> Diagnostic {
    let place = Place::at(table.file, number, 1, 1);
    match error {
        LineError::Long => input::long_line(place),
        LineError::Large => super::too_large(place),
        LineError::Io(error) if table.is_packed => {
            Diagnostic::new(Code::Gzip, place, format!("the file cannot be unpacked: {error}"))
                .with_help("it is damaged or no gzip file; expected what `gzip` writes")
        }
        LineError::Io(error) => input::unreadable(error, place),
    }
}

/// The line as text without carriage return and byte-order mark, after its characters are checked; none if it is no text.
fn checked_line<'l>(bytes: &'l [u8], number: usize, table: &Table<'_>, findings: &mut Findings) -> Option<&'l str> {
    let file = table.file;
    let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    let line = match std::str::from_utf8(bytes) {
        Ok(line) => line,
        Err(error) => {
            findings.push(input::not_utf8(bytes, error.valid_up_to(), number, file));
            return None;
        }
    };
    let line = if number == 1 { input::without_byte_order_mark(line) } else { line };
    if !input::is_plain(bytes) {
        for (column, character) in line.chars().enumerate() {
            let is_delimiter = character == char::from(table.delimiter);
            if input::is_forbidden(character) && !is_delimiter && !is_header_tab(character, number) {
                findings.push(input::forbidden_character(character, Place::at(file, number, column + 1, 1)));
            }
        }
    }
    Some(line)
}

/// Whether a tab stands in the first line, where it tells how the table is separated.
fn is_header_tab(character: char, number: usize) -> bool {
    character == '\t' && number == 1
}

/// Reads the names of the columns; none if the header is refused as a whole.
fn read_header<'s>(line: &str, number: usize, table: &Table<'s>, findings: &mut Findings) -> Option<Columns<'s>> {
    let mut cells = Cells::new(table.file);
    if let Err(diagnostic) = cells.split(line, number, table) {
        findings.push(diagnostic);
        return None;
    }
    if let Some(diagnostic) = looks_otherwise_separated(line, number, cells.spans.len(), table) {
        findings.push(diagnostic);
        return None;
    }
    let all = Place::at(table.file, number, 1, line.chars().count());
    Some(Columns::read(cells.iter(line), all, table.shape, findings))
}

/// A finding if the header makes sense only with another delimiter.
fn looks_otherwise_separated(line: &str, number: usize, count: usize, table: &Table<'_>) -> Option<Diagnostic> {
    if count > 1 || table.shape.position(line.trim_matches('"')).is_some() {
        return None;
    }
    let (delimiter, name) = OTHER_DELIMITERS.into_iter().find(|&(delimiter, _)| {
        let is_known = |name: &str| table.shape.position(name.trim().trim_matches('"')).is_some();
        line.contains(delimiter) && line.split(delimiter).any(is_known)
    })?;
    let column = line.chars().position(|character| character == delimiter)? + 1;
    let expected = match table.delimiter {
        b',' => "commas".to_owned(),
        other => quoted(char::from(other).encode_utf8(&mut [0; 4])),
    };
    let written = if delimiter == '\t' { "tab".to_owned() } else { format!("\"{delimiter}\"") };
    let message = format!("the table looks separated by {name}; expected {expected}");
    let help = match delimiter {
        ',' => "remove the `delimiter` beside `file`".to_owned(),
        _ => format!("write `delimiter: {written}` beside `file`, or save the table with commas"),
    };
    Some(Diagnostic::new(Code::Delimiter, Place::at(table.file, number, column, 1), message).with_help(help))
}

fn read_row(
    line: &str,
    number: usize,
    header: &Columns<'_>,
    table: &Table<'_>,
    cells: &mut Cells,
    findings: &mut Findings,
    visit: &mut dyn FnMut(&Record<'_>, &mut Findings),
) {
    if let Err(diagnostic) = cells.split(line, number, table) {
        findings.push(diagnostic);
        return;
    }
    if cells.spans.len() != header.positions.len() {
        findings.push(wrong_length(line, number, header.positions.len(), cells, table));
        return;
    }
    let mut entries = header.blank;
    for (cell, column) in cells.iter(line).zip(&header.positions) {
        if let Some(position) = column
            && !cell.text.is_empty()
        {
            entries[*position] = Entry::Text(cell);
        }
    }
    let place = Place::at(table.file, number, 1, line.len());
    let entries = &entries[..table.shape.keys.len()];
    visit(&Record { shape: table.shape, place, entries, symbols: &[] }, findings);
}

fn wrong_length(line: &str, number: usize, expected: usize, cells: &Cells, table: &Table<'_>) -> Diagnostic {
    let found = cells.spans.len();
    let message = format!("the row has {found} cells; expected {expected} as in the header");
    let texts: Vec<Cell<'_>> = cells.iter(line).collect();
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let has_decimal_comma =
        found > expected && texts.windows(2).any(|pair| is_number(pair[0].text) && is_number(pair[1].text));
    // The first cell too many, or the end of a row that is too short.
    let place = match texts.get(expected) {
        Some(cell) => cell.place,
        None => Place::at(table.file, number, line.chars().count().max(1), 1),
    };
    let help = if has_decimal_comma {
        "numbers have a decimal point; a comma separates cells"
    } else if found > expected {
        "put a value that holds the delimiter into double quotes"
    } else {
        "an empty cell still needs its delimiter"
    };
    Diagnostic::new(Code::RowLength, place, message).with_help(help)
}

/// The cells of one line.
#[derive(Debug)]
struct Cells {
    spans: Vec<Span>,
    /// Texts that differ from the line because quotes were doubled in them.
    unescaped: String,
    /// The beginning of the line.
    start: Place,
    is_ascii: bool,
}

/// Where the text of a cell is.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: usize,
    end: usize,
    /// Where the cell begins in the line, in bytes.
    begin: usize,
    /// Whether the text is in `unescaped`.
    is_unescaped: bool,
}

impl Cells {
    fn new(file: FileId) -> Self {
        Self { spans: Vec::new(), unescaped: String::new(), start: Place::start_of(file), is_ascii: true }
    }

    /// Splits a line.
    fn split(&mut self, line: &str, number: usize, table: &Table<'_>) -> Result<(), Diagnostic> {
        self.spans.clear();
        self.unescaped.clear();
        self.start = Place::at(table.file, number, 1, 1);
        self.is_ascii = line.is_ascii();
        let bytes = line.as_bytes();
        // Cells are short: looking at each byte is faster than searching for the next delimiter.
        let mut begin = 0;
        for (end, &byte) in bytes.iter().enumerate() {
            if byte == table.delimiter {
                self.spans.push(Span { start: begin, end, begin, is_unescaped: false });
                begin = end + 1;
            } else if byte == b'"' {
                self.spans.clear();
                return self.split_quoted(line, table.delimiter);
            }
        }
        self.spans.push(Span { start: begin, end: bytes.len(), begin, is_unescaped: false });
        Ok(())
    }

    fn split_quoted(&mut self, line: &str, delimiter: u8) -> Result<(), Diagnostic> {
        let bytes = line.as_bytes();
        let mut begin = 0;
        loop {
            let end = if bytes.get(begin) == Some(&b'"') {
                self.take_quoted(line, begin, delimiter)?
            } else {
                let end = memchr::memchr(delimiter, &bytes[begin..]).map_or(bytes.len(), |length| begin + length);
                if let Some(quote) = memchr::memchr(b'"', &bytes[begin..end]) {
                    return Err(self
                        .quote_fault(line, begin + quote, "a quote stands inside a cell without quotes")
                        .with_help("put the whole cell into quotes and write `\"\"` for a quote inside"));
                }
                self.spans.push(Span { start: begin, end, begin, is_unescaped: false });
                end
            };
            if end == bytes.len() {
                return Ok(());
            }
            begin = end + 1;
        }
    }

    /// Takes the cell whose opening quote is at `begin` and returns where it ends.
    fn take_quoted(&mut self, line: &str, begin: usize, delimiter: u8) -> Result<usize, Diagnostic> {
        let bytes = line.as_bytes();
        let text_start = begin + 1;
        let mut from = text_start;
        let mut has_doubled = false;
        let close = loop {
            let Some(length) = memchr::memchr(b'"', &bytes[from..]) else {
                return Err(self
                    .quote_fault(line, begin, "the quote that opens here is not closed in its line")
                    .with_help("close it; a value may not hold a line break"));
            };
            let quote = from + length;
            if bytes.get(quote + 1) != Some(&b'"') {
                break quote;
            }
            has_doubled = true;
            from = quote + 2;
        };
        let end = close + 1;
        if end < bytes.len() && bytes[end] != delimiter {
            return Err(self
                .quote_fault(line, begin, "the quote that opens here is closed before the end of its cell")
                .with_help("write `\"\"` for a quote inside"));
        }
        let text = &line[text_start..close];
        let span = if has_doubled {
            let start = self.unescaped.len();
            self.unescaped.push_str(&text.replace("\"\"", "\""));
            Span { start, end: self.unescaped.len(), begin, is_unescaped: true }
        } else {
            Span { start: text_start, end: close, begin, is_unescaped: false }
        };
        self.spans.push(span);
        Ok(end)
    }

    fn quote_fault(&self, line: &str, at: usize, message: &str) -> Diagnostic {
        Diagnostic::new(Code::Quote, self.place_at(line, at, 1), message)
    }

    fn place_at(&self, line: &str, at: usize, length: usize) -> Place {
        let column = if self.is_ascii { at } else { line[..at].chars().count() };
        // Lines are far shorter than 2^32 characters.
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Place { column: small(column + 1), length: small(length.max(1)), ..self.start }
    }

    /// The cells with their places.
    fn iter<'c>(&'c self, line: &'c str) -> impl Iterator<Item = Cell<'c>> {
        self.spans.iter().map(move |span| {
            let text =
                if span.is_unescaped { &self.unescaped[span.start..span.end] } else { &line[span.start..span.end] };
            let length = if self.is_ascii { text.len() } else { text.chars().count() };
            Cell { text, place: self.place_at(line, span.begin, length) }
        })
    }
}
