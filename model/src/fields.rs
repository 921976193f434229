//! The values of one mapping or one row of a table, by key.

use crate::diagnostic::{Code, Diagnostic, Place, alternatives, quoted};
use crate::findings::Findings;
use crate::suggest;
use crate::value::Fault;
use crate::yaml::{Key, Node, Value, duplicate_key};

/// The text of one value and its place.
#[derive(Clone, Copy, Debug)]
pub struct Cell<'a> {
    /// The text as written, without quotes.
    pub text: &'a str,
    /// Where it stands.
    pub place: Place,
}

/// What stands under a key.
#[derive(Clone, Copy, Debug, Default)]
pub enum Entry<'a> {
    /// Nothing: the key is not given.
    #[default]
    Absent,
    /// Something that was refused already.
    Refused,
    /// A text.
    Text(Cell<'a>),
    /// A list, with the place of its key.
    List(Place, &'a [Node<'a>]),
}

impl<'a> Entry<'a> {
    /// Whether the key is given.
    #[must_use]
    pub fn is_present(self) -> bool {
        !matches!(self, Self::Absent)
    }

    /// The text, if there is one.
    #[must_use]
    pub fn cell(self) -> Option<Cell<'a>> {
        match self {
            Self::Text(cell) => Some(cell),
            Self::Absent | Self::Refused | Self::List(..) => None,
        }
    }

    /// What the text means; none if there is no text or it is refused, which is then reported.
    pub fn read<T>(
        self,
        key: &str,
        findings: &mut Findings,
        parse: impl FnOnce(&'a str) -> Result<T, Fault>,
    ) -> Option<T> {
        let cell = self.cell()?;
        parse(cell.text).map_err(|fault| findings.push_error(|_| fault.at(cell.place, key, cell.text))).ok()
    }
}

/// A mapping all of whose keys are known.
#[derive(Clone, Debug)]
pub struct Fields<'n, 't> {
    /// What the mapping states, with its article: "a license".
    pub what: &'static str,
    /// Where it begins.
    pub place: Place,
    entries: &'n [(Key<'t>, Node<'t>)],
    /// Keys that an unknown key probably stands for; they are refused rather than absent.
    misspelled: Vec<&'static str>,
}

impl<'n, 't> Fields<'n, 't> {
    /// Opens a mapping; unknown keys are reported, and so is anything that is not a mapping.
    pub fn open(
        node: &'n Node<'t>,
        what: &'static str,
        keys: &[&'static str],
        findings: &mut Findings,
    ) -> Option<Self> {
        let Value::Mapping(entries) = &node.value else {
            wrong_type(node, || format!("{what} with keys such as {}", sample(keys)), findings);
            return None;
        };
        let mut misspelled = Vec::new();
        for (index, (key, _)) in entries.iter().enumerate() {
            let name = american(&key.text);
            if !keys.contains(&name) {
                if findings.may_suggest(keys.len()) {
                    misspelled.extend(suggest::nearest(&key.text, keys.iter().copied()));
                }
                findings.push_error(|_| unknown_key(&key.text, key.place, what, keys));
            } else if let Some((first, _)) = entries[..index].iter().find(|(other, _)| american(&other.text) == name) {
                findings.push(duplicate_key(name, key.place, first.place));
            }
        }
        Some(Self { what, place: node.place, entries, misspelled })
    }

    /// The value under `key`, with the key's place if there is no value.
    #[must_use]
    pub fn node(&self, key: &str) -> Option<(Place, &'n Node<'t>)> {
        self.entries.iter().find(|(other, _)| american(&other.text) == key).map(|(key, node)| (key.place, node))
    }

    /// The entry under `key`, as it stands.
    #[must_use]
    pub fn section(&self, key: &str) -> Option<(&'n Key<'t>, &'n Node<'t>)> {
        self.entries.iter().find(|(other, _)| american(&other.text) == key).map(|(key, node)| (key, node))
    }

    /// Whether `key` is not given, but an unknown key that probably stands for it is.
    #[must_use]
    pub fn is_misspelled(&self, key: &str) -> bool {
        self.misspelled.contains(&key)
    }

    /// The text under `key`.
    pub fn entry(&self, key: &str, findings: &mut Findings) -> Entry<'n> {
        let Some((key_place, node)) = self.node(key) else {
            return if self.is_misspelled(key) { Entry::Refused } else { Entry::Absent };
        };
        match &node.value {
            Value::Text(text) => Entry::Text(Cell { text, place: node.place }),
            _ => {
                wrong_type_at(node, key_place, key, "text", None, findings);
                Entry::Refused
            }
        }
    }

    /// The text under `key`, which must be given.
    pub fn required(&self, key: &str, findings: &mut Findings) -> Entry<'n> {
        let entry = self.entry(key, findings);
        if !entry.is_present() {
            findings.push_error(|_| missing(self.what, key, self.place));
            return Entry::Refused;
        }
        entry
    }

    /// The list under `key`.
    pub fn list_entry(&self, key: &str, findings: &mut Findings) -> Entry<'n> {
        match self.list(key, findings) {
            Some((place, items)) => Entry::List(place, items),
            None if self.node(key).is_some() || self.is_misspelled(key) => Entry::Refused,
            None => Entry::Absent,
        }
    }

    /// The items under `key`; none if it is absent or not a list.
    pub fn list(&self, key: &str, findings: &mut Findings) -> Option<(Place, &'n [Node<'t>])> {
        let (key_place, node) = self.node(key)?;
        if let Value::List(items) = &node.value {
            return Some((key_place, items));
        }
        let help = match &node.value {
            Value::Text(text) => Some(format!("write `[{text}]` for a list of one")),
            _ => None,
        };
        wrong_type_at(node, key_place, key, "a list", help, findings);
        None
    }
}

/// The value under `key` of what may be a mapping, with the key's place; nothing is reported.
#[must_use]
pub fn peek<'n, 't>(node: &'n Node<'t>, key: &str) -> Option<(Place, &'n Node<'t>)> {
    let Value::Mapping(entries) = &node.value else { return None };
    entries.iter().find(|(other, _)| american(&other.text) == key).map(|(key, node)| (key.place, node))
}

/// The American spelling of a key.
#[must_use]
pub fn american(key: &str) -> &str {
    match key {
        "licence" => "license",
        "licences" => "licenses",
        "add_licence" => "add_license",
        other => other,
    }
}

fn sample(keys: &[&str]) -> String {
    alternatives(&keys[..keys.len().min(2)])
}

/// The finding for a key that must be given.
#[must_use]
pub fn missing(what: &str, key: &str, place: Place) -> Diagnostic {
    Diagnostic::new(Code::Missing, place, format!("{what} has no `{key}`; expected one"))
}

fn unknown_key(key: &str, place: Place, what: &str, keys: &[&str]) -> Diagnostic {
    let help = suggest::did_you_mean(key, keys.iter().copied()).unwrap_or_else(|| {
        format!("the keys of {what} are {}", keys.iter().map(|key| quoted(key)).collect::<Vec<_>>().join(", "))
    });
    Diagnostic::new(Code::Key, place, format!("{} is not a key of {what}", quoted(key))).with_help(help)
}

/// Reports a node of the wrong type that stands in a list or is the whole file.
pub fn wrong_type(node: &Node<'_>, expected: impl FnOnce() -> String, findings: &mut Findings) {
    let found = match &node.value {
        Value::Refused => return,
        Value::Text(_) => "a text",
        Value::Nothing => "nothing",
        Value::List(_) => "a list",
        Value::Mapping(_) => "a mapping",
    };
    findings.push_error(|_| {
        Diagnostic::new(Code::Type, node.place, format!("{found} stands here; expected {}", expected()))
    });
}

/// Reports a value of the wrong type under a key.
pub fn wrong_type_at(
    node: &Node<'_>,
    key_place: Place,
    key: &str,
    expected: &str,
    help: Option<String>,
    findings: &mut Findings,
) {
    let (place, found) = match &node.value {
        Value::Refused => return,
        Value::Text(_) => (node.place, "text"),
        Value::Nothing => (key_place, "empty"),
        Value::List(_) => (node.place, "a list"),
        Value::Mapping(_) => (node.place, "a mapping"),
    };
    let help = match &node.value {
        Value::Nothing => Some("leave the key out if there is nothing to say".to_owned()),
        _ => help,
    };
    let message = format!("`{key}` is {found}; expected {expected}");
    findings.push(Diagnostic::new(Code::Type, place, message).with_help_if(help));
}
