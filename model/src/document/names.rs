//! Names: which version the software is that a discovery tool reports under a name.
//!
//! A name is compared without regard to case, with blanks at its ends left out and those inside folded into one. A
//! name that is given exactly wins over one with `*`, which stands for any text; among those that fit, the one with
//! more characters beside `*` wins, and two of as many that name different versions are refused. A name is looked up
//! once, however many rows have it; patterns are found by what stands before their first `*`, so that most are never
//! compared. Rows whose name fits nothing are counted by name, reported, and kept in the estate; they are no installs.

use super::include::Parts;
use super::titles::Catalog;
use crate::diagnostic::{Code, Diagnostic, Place, quoted};
use crate::estate::UnknownName;
use crate::fields::{Cell, Entry, wrong_type_at};
use crate::findings::Findings;
use crate::id::VersionId;
use crate::limits;
use crate::number::Quantity;
use crate::registry::LookUp;
use crate::value;
use crate::yaml::{Key, Node, Value};
use std::cmp::Reverse;

const SECTION: &str = "names";
/// Unknown names that are reported one by one.
const REPORTED_MAX: usize = 20;

/// All names that are given, and those that were looked up.
#[derive(Debug)]
pub(crate) struct Names {
    exact: LookUp<Box<str>, (VersionId, Place)>,
    patterns: Vec<Pattern>,
    /// Patterns by what stands before their first `*`.
    by_beginning: LookUp<Box<str>, Vec<usize>>,
    /// The lengths of the beginnings, in bytes, ascending.
    beginning_lengths: Vec<usize>,
    /// Whether a name that fits nothing is unknown: false if some names could not be read.
    is_complete: bool,
    /// What each text stands for, as it was written.
    looked_up: LookUp<Box<str>, Meaning>,
    /// Unknown names by their folded text.
    unknown_positions: LookUp<Box<str>, usize>,
    unknown: Vec<Unknown>,
}

/// What a name stands for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Meaning {
    /// This version.
    Version(VersionId),
    /// Nothing that is known: the position among the unknown names.
    Unknown(usize),
    /// Several versions; that has been reported.
    Refused,
}

#[derive(Debug)]
struct Pattern {
    /// What stands between the `*`; at least two.
    parts: Vec<String>,
    /// Characters beside `*`.
    length: usize,
    version: VersionId,
    place: Place,
}

/// A name that fits nothing.
#[derive(Debug)]
struct Unknown {
    /// The least of its spellings by bytes, whatever the order of rows.
    name: String,
    folded: Box<str>,
    /// Where it stands first.
    place: Place,
    rows: u64,
    units: u64,
}

/// Reads the names of all files.
pub(crate) fn read(parts: &Parts<'_, '_>, catalog: &Catalog, findings: &mut Findings) -> Names {
    let mut names = Names {
        exact: LookUp::default(),
        patterns: Vec::new(),
        by_beginning: LookUp::default(),
        beginning_lengths: Vec::new(),
        is_complete: parts.are_all_there,
        looked_up: LookUp::default(),
        unknown_positions: LookUp::default(),
        unknown: Vec::new(),
    };
    for (file, _) in parts.files() {
        match file.node(SECTION) {
            Some((_, Node { value: Value::Mapping(entries), .. })) => {
                for (key, node) in entries {
                    names.is_complete &= names.read_name(key, node, catalog, findings).is_some();
                }
            }
            Some((key_place, node)) => {
                names.is_complete = false;
                let help = Some("write `names: {\"Example Editor 2.1\": editor@2.1}`".to_owned());
                wrong_type_at(node, key_place, SECTION, "a mapping from names to versions", help, findings);
            }
            None => names.is_complete &= !file.is_misspelled(SECTION),
        }
    }
    names.beginning_lengths = names.patterns.iter().map(|pattern| pattern.parts[0].len()).collect();
    names.beginning_lengths.sort_unstable();
    names.beginning_lengths.dedup();
    names
}

impl Names {
    /// Takes one name; none if it is refused.
    fn read_name(&mut self, key: &Key<'_>, node: &Node<'_>, catalog: &Catalog, findings: &mut Findings) -> Option<()> {
        let name = Entry::Text(Cell { text: &key.text, place: key.place }).read("name", findings, value::text)?;
        let Value::Text(text) = &node.value else {
            wrong_type_at(node, key.place, name, "a version such as `title@version`", None, findings);
            return None;
        };
        let entry = Entry::Text(Cell { text, place: node.place });
        let version = catalog.one(entry, SECTION, findings)?;
        let folded = fold(name);
        if let Some(&(_, first)) = self.exact.get(folded.as_str()) {
            let message = format!("the name {} stands twice", quoted(name));
            findings.push(
                Diagnostic::new(Code::DuplicateId, key.place, message)
                    .with_related(first, "it stands here first")
                    .with_help("names are compared without regard to case and blanks; remove one of the two"),
            );
            return None;
        }
        self.exact.insert(folded.as_str().into(), (version, key.place));
        if folded.contains('*') {
            self.add_pattern(&folded, version, key.place, findings)?;
        }
        Some(())
    }

    fn add_pattern(&mut self, folded: &str, version: VersionId, place: Place, findings: &mut Findings) -> Option<()> {
        if self.patterns.len() == limits::PATTERNS_MAX {
            let message = format!("there are more than {} names with `*`", limits::PATTERNS_MAX);
            findings.push(Diagnostic::new(Code::Size, place, message).with_help("write names out where you can"));
        }
        if self.patterns.len() >= limits::PATTERNS_MAX {
            return None;
        }
        let parts: Vec<String> = folded.split('*').map(ToOwned::to_owned).collect();
        let length = parts.iter().map(|part| part.chars().count()).sum();
        self.by_beginning.entry(parts[0].as_str().into()).or_default().push(self.patterns.len());
        self.patterns.push(Pattern { parts, length, version, place });
        Some(())
    }

    /// What the name in a cell stands for.
    pub(crate) fn look_up(&mut self, cell: Cell<'_>, catalog: &Catalog, findings: &mut Findings) -> Meaning {
        if let Some(&meaning) = self.looked_up.get(cell.text) {
            return meaning;
        }
        let folded = fold(cell.text);
        let meaning = match self.exact.get(folded.as_str()) {
            Some(&(version, _)) => Meaning::Version(version),
            None => match self.best_patterns(&folded) {
                (Some(first), None) => Meaning::Version(self.patterns[first].version),
                (Some(first), Some(other)) => {
                    findings.push_error(|_| self.ambiguous(cell, first, other, catalog));
                    Meaning::Refused
                }
                (None, _) => Meaning::Unknown(self.unknown_position(cell, &folded)),
            },
        };
        self.looked_up.insert(cell.text.into(), meaning);
        meaning
    }

    /// The first of the longest patterns that fit, and the first as long that names another version.
    fn best_patterns(&self, folded: &str) -> (Option<usize>, Option<usize>) {
        let lengths = self.beginning_lengths.iter().take_while(|&&length| length <= folded.len());
        let fits = |&&index: &&usize| self.patterns[index].fits(folded);
        let candidates = lengths.filter_map(|&length| self.by_beginning.get(folded.get(..length)?)).flatten();
        let mut fitting: Vec<usize> = candidates.filter(fits).copied().collect();
        fitting.sort_unstable_by_key(|&index| (Reverse(self.patterns[index].length), index));
        let Some((&first, others)) = fitting.split_first() else { return (None, None) };
        let best = &self.patterns[first];
        let mut as_long = others.iter().copied().take_while(|&index| self.patterns[index].length == best.length);
        (Some(first), as_long.find(|&index| self.patterns[index].version != best.version))
    }

    fn ambiguous(&self, cell: Cell<'_>, first: usize, other: usize, catalog: &Catalog) -> Diagnostic {
        let names = |index: usize| format!("it names {}", quoted(&catalog.text(self.patterns[index].version)));
        let message =
            format!("two names with `*` fit {} equally well; expected one that fits better", quoted(cell.text));
        Diagnostic::new(Code::Ambiguous, cell.place, message)
            .with_related(self.patterns[first].place, names(first))
            .with_related(self.patterns[other].place, names(other))
            .with_help("write this name out under `names`, or write more characters in one of the two")
    }

    fn unknown_position(&mut self, cell: Cell<'_>, folded: &str) -> usize {
        if let Some(&position) = self.unknown_positions.get(folded) {
            let unknown = &mut self.unknown[position];
            if cell.text < unknown.name.as_str() {
                cell.text.clone_into(&mut unknown.name);
            }
            return position;
        }
        let position = self.unknown.len();
        self.unknown_positions.insert(folded.into(), position);
        let (name, folded) = (cell.text.to_owned(), folded.into());
        self.unknown.push(Unknown { name, folded, place: cell.place, rows: 0, units: 0 });
        position
    }

    /// Counts a row whose name is unknown.
    pub(crate) fn count(&mut self, position: usize, quantity: Quantity) {
        let unknown = &mut self.unknown[position];
        unknown.rows += 1;
        unknown.units = unknown.units.saturating_add(quantity.get());
    }

    /// Reports the unknown names, those with the most installs one by one, and gives all of them in their order.
    pub(crate) fn finish(mut self, catalog: &Catalog, findings: &mut Findings) -> Vec<UnknownName> {
        self.unknown.sort_by(|left, right| right.units.cmp(&left.units).then_with(|| left.name.cmp(&right.name)));
        if self.is_complete {
            let shown = self.unknown.len().min(REPORTED_MAX);
            for unknown in &self.unknown[..shown] {
                let verb = if unknown.units == 1 { "is" } else { "are" };
                let (installs, rows) = (counted(unknown.units, "install"), counted(unknown.rows, "row"));
                let message =
                    format!("no name fits {}: {installs} in {rows} {verb} not calculated", quoted(&unknown.name));
                let help = likely(&unknown.folded, catalog, findings);
                findings.push(Diagnostic::new(Code::UnknownName, unknown.place, message).with_help(help));
            }
            report_rest(&self.unknown[shown..], findings);
        }
        self.unknown.sort_by(|left, right| left.name.cmp(&right.name));
        let finished = |unknown: Unknown| UnknownName { name: unknown.name, quantity: Quantity::new(unknown.units) };
        self.unknown.into_iter().map(finished).collect()
    }
}

impl Pattern {
    /// Whether the folded text is the parts in their order with anything between them.
    fn fits(&self, folded: &str) -> bool {
        let [first, between @ .., last] = self.parts.as_slice() else { return false };
        let Some(rest) = folded.strip_prefix(first.as_str()).and_then(|rest| rest.strip_suffix(last.as_str())) else {
            return false;
        };
        // The earliest place for each part leaves the most room for the next.
        let after = |rest: &str, part: &String| rest.find(part.as_str()).map(|at| at + part.len());
        between.iter().try_fold(rest, |rest, part| after(rest, part).map(|at| &rest[at..])).is_some()
    }
}

/// Reports the names that are not reported one by one.
fn report_rest(rest: &[Unknown], findings: &mut Findings) {
    let Some(place) = rest.iter().map(|unknown| unknown.place).min() else { return };
    let rows = rest.iter().map(|unknown| unknown.rows).sum();
    let units = rest.iter().fold(0_u64, |sum, unknown| sum.saturating_add(unknown.units));
    let (installs, rows) = (counted(units, "install"), counted(rows, "row"));
    let message = format!("no name fits {} more: {installs} in {rows} are not calculated", rest.len());
    findings.push(
        Diagnostic::new(Code::UnknownName, place, message)
            .with_help("name those with the most installs first; the others are shown then"),
    );
}

/// "1 row", "2 rows".
fn counted(count: u64, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

/// A name without what different spellings of it differ in.
fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for word in name.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().flat_map(char::to_lowercase));
    }
    folded
}

/// The words of a text, each between blanks.
fn words(text: &str) -> String {
    let mut words = String::from(" ");
    for word in text.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty()) {
        words.extend(word.chars().flat_map(char::to_lowercase));
        words.push(' ');
    }
    words
}

/// What to write for an unknown name: the version, or else the title, most of whose words are in it.
fn likely(folded: &str, catalog: &Catalog, findings: &mut Findings) -> String {
    const ELSE: &str = "say under `names` which version it is";
    if !findings.may_suggest(catalog.titles.rows().len()) {
        return ELSE.to_owned();
    }
    let wanted = words(folded);
    let shared = |text: &str| {
        let words = words(text);
        let all = words.split_ascii_whitespace().count();
        let there = words.split_ascii_whitespace().filter(|word| wanted.contains(&format!(" {word} "))).count();
        // More than half of the words: fewer are a coincidence.
        (2 * there > all).then_some((there, Reverse(all)))
    };
    let nearest = (catalog.titles.ids())
        .filter_map(|id| {
            let row = catalog.titles.row(id);
            let by_name = row.facts.name.as_deref().and_then(shared);
            Some((by_name.max(shared(&row.id))?, Reverse(id)))
        })
        .max();
    let Some((_, Reverse(title))) = nearest else { return ELSE.to_owned() };
    let row = catalog.titles.row(title);
    let is_in_name = |version: &&String| {
        let words = words(version);
        words != " " && wanted.contains(&words)
    };
    match row.facts.versions.iter().filter(is_in_name).max_by_key(|version| version.len()) {
        Some(version) => format!("did you mean `{}@{version}`? say so under `names`", row.id),
        None => format!("did you mean a version of {}? say under `names` which one", quoted(&row.id)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::FileId;
    use crate::id::Id;

    fn fits(pattern: &str, name: &str) -> bool {
        let parts = fold(pattern).split('*').map(ToOwned::to_owned).collect();
        let place = Place::start_of(FileId(0));
        Pattern { parts, length: 0, version: VersionId::at(0), place }.fits(&fold(name))
    }

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(fits("Office*", "office 2013"));
        assert!(fits("*2013", "Office  2013"));
        assert!(fits("Office * 2013", "office pro 2013"));
        assert!(fits("*", "anything"));
        assert!(fits("a*b*c", "a-b-b-c"));
        assert!(fits("ab*", "AB"));
    }

    #[test]
    fn what_stands_beside_the_star_must_be_there_once_for_each_time() {
        assert!(!fits("ab*ba", "aba"));
        assert!(!fits("Office * 2013", "office 2013"));
        assert!(!fits("a*b*b", "ab"));
        assert!(!fits("a*", "ba"));
    }

    #[test]
    fn names_are_folded() {
        assert_eq!(fold(" Microsoft\u{a0} OFFICE\tPro "), "microsoft office pro");
    }
}
