//! SKUs, licenses, installs and assignments: rows in the file itself or in tables beside it.

use super::Source;
use crate::diagnostic::{FileId, Place};
use crate::fields::{self, Entry, Fields, american};
use crate::findings::Findings;
use crate::tables;
use crate::value::Fault;
use crate::yaml::{Node, Value};

/// What a section holds.
#[derive(Debug)]
pub(crate) struct Shape {
    /// The key of the section.
    pub(crate) section: &'static str,
    /// What a row states, with its article.
    pub(crate) what: &'static str,
    /// The keys of a row.
    pub(crate) keys: &'static [&'static str],
    /// What keys hold that hold something else than text.
    pub(crate) typed: &'static [(&'static str, Holds)],
    /// The columns without which a table says nothing; of each group one is enough.
    pub(crate) required: &'static [&'static [&'static str]],
}

/// What a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    /// Names and descriptions.
    Text,
    /// A list, in tables as one text.
    List,
    /// A whole number.
    Count,
    /// An amount of money.
    Money,
    /// A date.
    Day,
    /// `true` or `false`.
    Flag,
}

impl Shape {
    /// What a key holds.
    pub(crate) fn holds(&self, key: &str) -> Holds {
        self.typed.iter().find(|(typed, _)| *typed == key).map_or(Holds::Text, |&(_, holds)| holds)
    }

    /// The position of a key, in either spelling.
    pub(crate) fn position(&self, key: &str) -> Option<usize> {
        let key = american(key);
        self.keys.iter().position(|&other| other == key)
    }
}

/// One row: what stands under each key of its shape.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record<'a> {
    pub(crate) shape: &'a Shape,
    pub(crate) place: Place,
    pub(crate) entries: &'a [Entry<'a>],
    /// What stands for the text under each key, if the table has that; none at all if it has not.
    pub(crate) symbols: &'a [Option<Symbol>],
}

/// Stands for a text under a key: equal ones stand for equal texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Symbol {
    pub(crate) dictionary: Dictionary,
    pub(crate) position: u32,
}

/// The different texts of a key in a part of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dictionary {
    pub(crate) file: FileId,
    pub(crate) column: u32,
    /// Counts the dictionaries of the column.
    pub(crate) number: u32,
}

/// What the texts under a key mean, each found out once for all rows whose symbol for it is the same.
#[derive(Debug)]
pub(crate) struct Memo<T> {
    dictionary: Option<Dictionary>,
    meanings: Vec<Option<T>>,
}

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self { dictionary: None, meanings: Vec::new() }
    }
}

impl<T: Copy> Memo<T> {
    /// What stands under a key; `read` finds it out, and is asked again for each row in which it finds nothing.
    pub(crate) fn get(&mut self, record: &Record<'_>, key: usize, read: impl FnOnce() -> Option<T>) -> Option<T> {
        let Some(&Some(symbol)) = record.symbols.get(key) else { return read() };
        if self.dictionary != Some(symbol.dictionary) {
            self.dictionary = Some(symbol.dictionary);
            self.meanings.clear();
        }
        let position = symbol.position as usize;
        if let Some(&Some(meaning)) = self.meanings.get(position) {
            return Some(meaning);
        }
        let meaning = read()?;
        self.meanings.resize(self.meanings.len().max(position + 1), None);
        self.meanings[position] = Some(meaning);
        Some(meaning)
    }
}

impl<'a> Record<'a> {
    /// The place of what stands under a key, or of the row.
    pub(crate) fn place_of(&self, key: usize) -> Place {
        match self.entries[key] {
            Entry::Text(cell) => cell.place,
            Entry::List(place, _) => place,
            Entry::Absent | Entry::Refused => self.place,
        }
    }

    /// What stands under a key that must be given.
    pub(crate) fn required(&self, key: usize, findings: &mut Findings) -> Entry<'a> {
        let entry = self.entries[key];
        if !entry.is_present() {
            findings.push_error(|_| fields::missing(self.shape.what, self.shape.keys[key], self.place));
            return Entry::Refused;
        }
        entry
    }

    /// What the text under a key means; none if it is absent or refused.
    pub(crate) fn read<T>(
        &self,
        key: usize,
        findings: &mut Findings,
        parse: impl FnOnce(&'a str) -> Result<T, Fault>,
    ) -> Option<T> {
        self.entries[key].read(self.shape.keys[key], findings, parse)
    }
}

/// Takes each row of a section; false if the section could not be read.
pub(crate) fn for_each(
    estate: &Fields<'_, '_>,
    shape: &Shape,
    source: &Source<'_>,
    findings: &mut Findings,
    visit: &mut dyn FnMut(&Record<'_>, &mut Findings),
) -> bool {
    let Some((key_place, node)) = estate.node(shape.section) else { return !estate.is_misspelled(shape.section) };
    match &node.value {
        Value::List(items) => {
            let mut entries = Vec::new();
            for item in items {
                visit_item(item, shape, &mut entries, findings, visit);
            }
            true
        }
        Value::Mapping(_) => tables::read_section(node, shape, source, findings, visit),
        _ => {
            let expected = format!("a list, or a table such as `{{file: {}.csv}}`", shape.section);
            let help = format!("write `{}: []` if there are none", shape.section);
            fields::wrong_type_at(node, key_place, shape.section, &expected, Some(help), findings);
            false
        }
    }
}

fn visit_item<'n>(
    item: &'n Node<'_>,
    shape: &Shape,
    entries: &mut Vec<Entry<'n>>,
    findings: &mut Findings,
    visit: &mut dyn FnMut(&Record<'_>, &mut Findings),
) {
    let Some(fields) = Fields::open(item, shape.what, shape.keys, findings) else { return };
    entries.clear();
    for key in shape.keys {
        let is_list = shape.holds(key) == Holds::List;
        entries.push(if is_list { fields.list_entry(key, findings) } else { fields.entry(key, findings) });
    }
    visit(&Record { shape, place: fields.place, entries, symbols: &[] }, findings);
}
