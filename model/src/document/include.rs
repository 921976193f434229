//! Catalogs: titles, SKUs and names that estates share, in files of their own.
//!
//! A catalog is text of the same form as an estate and holds `licit: 1`, `titles`, `skus` and `names`. What it states
//! counts as if it stood in the estate, so that every id is unique across all files. A catalog includes no other, so
//! that the estate file names all it depends on.

use super::Source;
use crate::beside::{self, Kind};
use crate::diagnostic::{Code, Diagnostic, FileId};
use crate::fields::{self, Cell, Entry, Fields};
use crate::findings::Findings;
use crate::value::Fault;
use crate::yaml::{self, Node, Value};
use crate::{input, limits};
use std::path::PathBuf;

const CATALOG: Kind = Kind {
    one: "catalog",
    instead: "titles and SKUs in the estate itself",
    twice: "its titles and SKUs would stand twice",
};
pub(crate) const KEYS: [&str; 4] = ["licit", "titles", "skus", "names"];
const INCLUDE: &str = "include";

/// A catalog as text, free of what must not be in it.
#[derive(Debug)]
pub(crate) struct Included {
    pub(crate) file: FileId,
    /// The folder of the tables it names.
    pub(crate) folder: PathBuf,
    pub(crate) text: String,
}

impl Included {
    pub(crate) fn source(&self) -> Source<'_> {
        Source { file: self.file, kind: "catalog", folder: Some(&self.folder), as_of: None }
    }
}

/// Reads the catalogs that an estate includes; none in place of one that cannot be read.
pub(crate) fn read(root: &Node<'_>, source: &Source<'_>, findings: &mut Findings) -> Vec<Option<Included>> {
    let Some((key_place, node)) = fields::peek(root, INCLUDE) else { return Vec::new() };
    let Value::List(items) = &node.value else {
        let help = match &node.value {
            Value::Text(text) => Some(format!("write `[{text}]` for a list of one")),
            _ => None,
        };
        fields::wrong_type_at(node, key_place, INCLUDE, "a list of catalogs", help, findings);
        return vec![None];
    };
    if items.len() > limits::INCLUDED_MAX {
        let message =
            format!("the estate includes {} catalogs; expected at most {}", items.len(), limits::INCLUDED_MAX);
        findings.push(Diagnostic::new(Code::Size, node.place, message).with_help("put several catalogs into one"));
        return vec![None];
    }
    let mut seen = Vec::new();
    let read_item = |item: &Node<'_>| {
        let Value::Text(text) = &item.value else {
            fields::wrong_type(item, || "the name of a catalog".to_owned(), findings);
            return None;
        };
        let cell = Cell { text, place: item.place };
        Entry::Text(cell).read(INCLUDE, findings, check_ending)?;
        let path = beside::locate(cell, CATALOG, source, &mut seen, findings)?;
        let file = findings.add_file(beside::shown_name(cell, source, findings));
        let text = input::read_text(&path, file, findings)?;
        let text = input::without_byte_order_mark(&text);
        let text = input::check_text(text, file, findings).unwrap_or_else(|| text.to_owned());
        Some(Included { file, folder: path.parent()?.to_owned(), text })
    };
    items.iter().map(read_item).collect()
}

fn check_ending(name: &str) -> Result<(), Fault> {
    let lower = name.to_lowercase();
    let endings: Vec<&str> = lower.rsplit('.').collect();
    let help = match endings.as_slice() {
        ["yaml" | "yml", _, ..] => return Ok(()),
        ["csv", ..] | ["gz", "csv", ..] => "a table stands under its section: `skus: {file: skus.csv}`",
        _ => "a catalog is a YAML file",
    };
    Err(Fault { code: Code::Format, expected: "a name that ends in `.yaml`".into(), help: Some(help.into()) })
}

/// The roots of the catalogs, in the order in which they are named; none in place of one that cannot be read.
pub(crate) fn parse<'t>(included: &'t [Option<Included>], findings: &mut Findings) -> Vec<Option<Node<'t>>> {
    let root = |file: &'t Option<Included>| {
        let file = file.as_ref()?;
        yaml::read(&file.text, file.file, findings)
    };
    included.iter().map(root).collect()
}

/// The estate and the catalogs it includes, opened: where titles, SKUs and names stand.
pub(crate) struct Parts<'n, 't> {
    pub(crate) estate: Fields<'n, 't>,
    source: &'n Source<'n>,
    /// In the order in which they are named.
    catalogs: Vec<(Fields<'n, 't>, Source<'n>)>,
    /// Whether a name that stands in none of them does not exist: false if a catalog could not be read.
    pub(crate) are_all_there: bool,
}

impl<'n, 't> Parts<'n, 't> {
    /// Opens the catalogs by their roots; what only an estate may hold is reported.
    pub(crate) fn open(
        estate: Fields<'n, 't>,
        source: &'n Source<'n>,
        included: &'n [Option<Included>],
        roots: &'n [Option<Node<'t>>],
        findings: &mut Findings,
    ) -> Self {
        let mut catalogs = Vec::with_capacity(roots.len());
        for (file, root) in included.iter().zip(roots) {
            let (Some(file), Some(root)) = (file, root) else { continue };
            let Some(catalog) = Fields::open(root, "a catalog", &KEYS, findings) else { continue };
            super::head::check_format(&catalog, findings);
            catalogs.push((catalog, file.source()));
        }
        let are_all_there = catalogs.len() == included.len() && !estate.is_misspelled(INCLUDE);
        Self { estate, source, catalogs, are_all_there }
    }

    /// The estate first.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&Fields<'n, 't>, &Source<'n>)> {
        let catalogs = self.catalogs.iter().map(|(fields, source)| (fields, source));
        std::iter::once((&self.estate, self.source)).chain(catalogs)
    }
}
