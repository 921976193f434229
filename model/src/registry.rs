//! Names and what they stand for: rows by id while an estate is read.

use crate::diagnostic::{Code, Diagnostic, Place, quoted};
use crate::fields::Entry;
use crate::findings::Findings;
use crate::id::Id;
use crate::suggest;
use std::marker::PhantomData;

/// A map that is looked up and never walked through, so that its order cannot matter.
pub(crate) type LookUp<K, V> = std::collections::HashMap<K, V, foldhash::fast::RandomState>;

/// Rows under unique ids: first collected, then sorted by id as bytes, which fixes their positions.
#[derive(Debug)]
pub(crate) struct Registry<I, T> {
    /// What a row is: "license".
    kind: &'static str,
    rows: Vec<Row<T>>,
    positions: LookUp<Box<str>, u32>,
    /// Whether a name that is not here does not exist: false if the section could not be read.
    pub(crate) is_complete: bool,
    id: PhantomData<I>,
}

/// A row of a registry.
#[derive(Debug)]
pub(crate) struct Row<T> {
    /// The id as written.
    pub(crate) id: String,
    /// Where the id stands.
    pub(crate) place: Place,
    /// What the row states.
    pub(crate) facts: T,
}

impl<I: Id, T> Registry<I, T> {
    pub(crate) fn new(kind: &'static str) -> Self {
        Self { kind, rows: Vec::new(), positions: LookUp::default(), is_complete: true, id: PhantomData }
    }

    /// Adds a row; of two with one id the first stays, and false is returned.
    pub(crate) fn insert(&mut self, id: &str, place: Place, facts: T, findings: &mut Findings) -> bool {
        if let Some(&first) = self.positions.get(id) {
            let message = format!("the {} {} stands twice", self.kind, quoted(id));
            findings.push(
                Diagnostic::new(Code::DuplicateId, place, message)
                    .with_related(self.rows[first as usize].place, "it stands here first")
                    .with_help("every id stands once; rename or remove one of the two"),
            );
            return false;
        }
        let position = u32::try_from(self.rows.len()).expect("tables are limited to 2^32 rows");
        self.positions.insert(id.into(), position);
        self.rows.push(Row { id: id.to_owned(), place, facts });
        true
    }

    /// Changes what the row with `id` states.
    pub(crate) fn facts_mut(&mut self, id: &str, change: impl FnOnce(&mut T)) {
        if let Some(&position) = self.positions.get(id) {
            change(&mut self.rows[position as usize].facts);
        }
    }

    /// Sorts by id: from now on positions are those of the estate's table.
    pub(crate) fn sort(&mut self) {
        self.rows.sort_by(|left, right| left.id.as_bytes().cmp(right.id.as_bytes()));
        for (position, row) in self.rows.iter().enumerate() {
            if let Some(entry) = self.positions.get_mut(row.id.as_str()) {
                *entry = u32::try_from(position).expect("the number of rows is unchanged");
            }
        }
    }

    pub(crate) fn rows(&self) -> &[Row<T>] {
        &self.rows
    }

    pub(crate) fn into_rows(self) -> Vec<Row<T>> {
        self.rows
    }

    pub(crate) fn row(&self, id: I) -> &Row<T> {
        &self.rows[id.index()]
    }

    pub(crate) fn ids(&self) -> impl ExactSizeIterator<Item = I> + use<I, T> {
        (0..self.rows.len()).map(I::at)
    }

    pub(crate) fn find(&self, id: &str) -> Option<I> {
        self.positions.get(id).map(|&position| I::at(position as usize))
    }

    /// The row that `entry` under `key` names; a name that does not exist is reported.
    pub(crate) fn resolve(&self, entry: Entry<'_>, key: &str, findings: &mut Findings) -> Option<I> {
        let cell = entry.cell()?;
        let found = self.find(cell.text);
        if found.is_none() && self.is_complete {
            findings.push_error(|findings| {
                let message = format!("`{key}` is {}; expected the id of a {}", quoted(cell.text), self.kind);
                Diagnostic::new(Code::Reference, cell.place, message).with_help_if(self.suggestion(cell.text, findings))
            });
        }
        found
    }

    /// The names nearest to one that does not exist.
    pub(crate) fn suggestion(&self, wanted: &str, findings: &mut Findings) -> Option<String> {
        if self.rows.is_empty() {
            return Some(format!("there is no {} in this estate", self.kind));
        }
        if !findings.may_suggest(self.rows.len()) {
            return None;
        }
        suggest::did_you_mean(wanted, self.rows.iter().map(|row| row.id.as_str()))
    }
}

/// Texts that are named by rows and stated nowhere: contracts, assets, users.
#[derive(Debug, Default)]
pub(crate) struct Interner {
    numbers: LookUp<Box<str>, u32>,
    /// The text asked for last: neighboring rows often agree.
    last: Option<(String, u32)>,
}

impl Interner {
    /// The number of a text, the next one if it is new.
    pub(crate) fn number(&mut self, text: &str) -> u32 {
        if let Some((last, number)) = &self.last
            && last == text
        {
            return *number;
        }
        let number = match self.numbers.get(text) {
            Some(&number) => number,
            None => {
                let number = u32::try_from(self.numbers.len()).expect("tables are limited to 2^32 rows");
                self.numbers.insert(text.into(), number);
                number
            }
        };
        let (last, last_number) = self.last.get_or_insert_default();
        last.clear();
        last.push_str(text);
        *last_number = number;
        number
    }

    /// The texts sorted by bytes, and for each number its position among them.
    pub(crate) fn into_sorted(self) -> (Vec<String>, Vec<u32>) {
        let mut named: Vec<Named> = self.numbers.into_iter().map(|(text, number)| Named::new(text, number)).collect();
        named.sort_unstable();
        let mut positions = vec![0; named.len()];
        for (position, named) in named.iter().enumerate() {
            positions[named.number as usize] = u32::try_from(position).expect("tables are limited to 2^32 rows");
        }
        (named.into_iter().map(|named| named.text.into_string()).collect(), positions)
    }
}

/// A text with its number; ordered by the text.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Named {
    /// The first bytes, so that most comparisons need not follow the pointer.
    beginning: u128,
    text: Box<str>,
    number: u32,
}

impl Named {
    fn new(text: Box<str>, number: u32) -> Self {
        let mut beginning = [0; size_of::<u128>()];
        // Texts hold no zero bytes, so that a shorter text sorts before a longer one that begins like it.
        beginning.iter_mut().zip(text.bytes()).for_each(|(to, from)| *to = from);
        Self { beginning: u128::from_be_bytes(beginning), text, number }
    }
}
