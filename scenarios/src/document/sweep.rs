//! Sweeps: `${name}` in a text stands for each of the values of a name, in every combination.
//!
//! A placeholder in braces is no YAML inside `{…}` or `[…]`. So that it need not be quoted there, the braces of
//! well-formed placeholders are exchanged for characters that mean nothing to YAML before the text is read; columns
//! stay what they are.

use model::diagnostic::{Code, Diagnostic, Place, quoted};
use model::fields::{Fields, wrong_type, wrong_type_at};
use model::findings::Findings;
use model::suggest;
use model::yaml::{Key, Node, Value};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;

pub(crate) mod range;

/// What opens and closes a placeholder while the text is read.
const OPEN: &str = "$\u{e000}";
const CLOSE: char = '\u{e001}';

/// The names of a file and their values, in the order of the file.
#[derive(Debug, Default)]
pub(crate) struct Sweep {
    pub(crate) names: Vec<Swept>,
}

/// A name with its values.
#[derive(Debug)]
pub(crate) struct Swept {
    pub(crate) name: String,
    pub(crate) place: Place,
    /// None of two alike; empty where they were refused.
    pub(crate) values: Vec<String>,
    /// Whether they are those of a range: numbers, ascending, each as far from the last as all others.
    pub(crate) is_range: bool,
}

/// Of each name the position of its value.
pub(crate) type Combination = [usize];

/// Exchanges the braces of placeholders.
pub(crate) fn masked(text: &str) -> Cow<'_, str> {
    if !text.contains("${") {
        return Cow::Borrowed(text);
    }
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let (before, inside) = (&rest[..start], &rest[start + 2..]);
        masked.push_str(before);
        match inside.find('}').filter(|&end| is_name(&inside[..end])) {
            Some(end) => {
                masked.push_str(OPEN);
                masked.push_str(&inside[..end]);
                masked.push(CLOSE);
                rest = &inside[end + 1..];
            }
            None => {
                masked.push_str("${");
                rest = inside;
            }
        }
    }
    masked.push_str(rest);
    Cow::Owned(masked)
}

/// Puts the braces back.
pub(crate) fn unmasked(text: &str) -> String {
    text.replace(OPEN, "${").replace(CLOSE, "}")
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|character| character.is_alphanumeric() || matches!(character, '-' | '_'))
}

impl Sweep {
    /// Reads the names and their values.
    pub(crate) fn read(file: &Fields<'_, '_>, findings: &mut Findings) -> Self {
        let Some((key_place, node)) = file.node("sweep") else { return Self::default() };
        let Value::Mapping(entries) = &node.value else {
            wrong_type_at(node, key_place, "sweep", "names with lists or ranges of values", None, findings);
            return Self::default();
        };
        let names = entries.iter().map(|(key, node)| Swept {
            name: key.text.clone().into_owned(),
            place: key.place,
            values: read_values(key, node, findings),
            is_range: matches!(node.value, Value::Mapping(_)),
        });
        Self { names: names.collect() }
    }

    /// The name at a position, if it has values.
    fn position(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|other| other.name == name)
    }

    /// How many combinations there are; none if that is no number.
    pub(crate) fn combination_count(&self) -> Option<usize> {
        let counts = self.names.iter().map(|name| name.values.len().max(1));
        counts.into_iter().try_fold(1_usize, usize::checked_mul)
    }

    /// The combination with a number: the last name goes fastest.
    pub(crate) fn combination(&self, number: usize) -> Vec<usize> {
        let mut rest = number;
        let mut values = vec![0; self.names.len()];
        for (value, name) in values.iter_mut().zip(&self.names).rev() {
            let count = name.values.len().max(1);
            *value = rest % count;
            rest /= count;
        }
        values
    }

    /// Reports a name that is not among those used.
    pub(crate) fn report_unused(&self, used: &BTreeSet<usize>, findings: &mut Findings) {
        for (position, name) in self.names.iter().enumerate() {
            // One that cannot be written is reported already.
            if !used.contains(&position) && is_name(&name.name) {
                let message = format!("nothing uses the name {}", quoted(&name.name));
                let help = format!("write `${{{}}}` where its values belong, or remove it", name.name);
                findings.push(Diagnostic::new(Code::Unused, name.place, message).with_help(help));
            }
        }
    }

    /// The names that placeholders under a node use; those that are unknown or malformed are reported.
    pub(crate) fn uses(&self, node: &Node<'_>, used: &mut BTreeSet<usize>, findings: &mut Findings) {
        match &node.value {
            Value::Text(text) => {
                report_malformed(text, node.place, findings);
                for name in placeholders(text) {
                    match self.position(name) {
                        Some(position) => {
                            used.insert(position);
                        }
                        None => findings.push(self.unknown(name, node.place)),
                    }
                }
            }
            Value::List(items) => items.iter().for_each(|item| self.uses(item, used, findings)),
            Value::Mapping(entries) => {
                for (key, value) in entries {
                    forbid_text(&key.text, key.place, "a key", findings);
                    self.uses(value, used, findings);
                }
            }
            Value::Nothing | Value::Refused => {}
        }
    }

    fn unknown(&self, name: &str, place: Place) -> Diagnostic {
        let message = format!("`${{{name}}}` has no values; expected a name under `sweep`");
        let nearest = suggest::did_you_mean(name, self.names.iter().map(|name| name.name.as_str()));
        let help = nearest.or_else(|| Some(format!("write `sweep: {{{name}: [\"1\", \"2\"]}}`")));
        Diagnostic::new(Code::Reference, place, message).with_help_if(help)
    }

    /// The tree under a node with values in place of placeholders; a text that names none with values is refused.
    pub(crate) fn filled<'n>(&self, node: &'n Node<'_>, values: &Combination) -> Node<'n> {
        let value = match &node.value {
            Value::Text(text) => self.filled_text(text, values),
            Value::Nothing => Value::Nothing,
            Value::Refused => Value::Refused,
            Value::List(items) => Value::List(items.iter().map(|item| self.filled(item, values)).collect()),
            Value::Mapping(entries) => {
                let filled = entries.iter().map(|(key, node)| {
                    let key = Key { text: Cow::Borrowed(key.text.as_ref()), place: key.place };
                    (key, self.filled(node, values))
                });
                Value::Mapping(filled.collect())
            }
        };
        Node { place: node.place, value }
    }

    fn filled_text<'n>(&self, text: &'n str, values: &Combination) -> Value<'n> {
        if text.contains("${") {
            return Value::Refused;
        }
        let mut filled = Cow::Borrowed(text);
        for name in placeholders(text) {
            let value = self.position(name).and_then(|name| self.names[name].values.get(values[name]));
            let Some(value) = value else { return Value::Refused };
            filled = Cow::Owned(filled.replace(&format!("{OPEN}{name}{CLOSE}"), value));
        }
        Value::Text(filled)
    }

    /// The only name, if its values are a range.
    pub(crate) fn only_range(&self) -> Option<&Swept> {
        self.names.first().filter(|name| self.names.len() == 1 && name.is_range)
    }

    /// What a combination adds to the name of a scenario.
    pub(crate) fn suffix(&self, values: &Combination) -> String {
        let pairs = self.names.iter().zip(values).filter_map(|(name, &value)| Some((name, name.values.get(value)?)));
        pairs.fold(String::new(), |mut suffix, (name, value)| {
            let _ = write!(suffix, ", {}={value}", name.name);
            suffix
        })
    }
}

/// Reports placeholders where nothing is replaced.
pub(crate) fn forbid(node: &Node<'_>, what: &str, findings: &mut Findings) {
    match &node.value {
        Value::Text(text) => forbid_text(text, node.place, what, findings),
        Value::List(items) => items.iter().for_each(|item| forbid(item, what, findings)),
        Value::Mapping(entries) => entries.iter().for_each(|(_, value)| forbid(value, what, findings)),
        Value::Nothing | Value::Refused => {}
    }
}

fn forbid_text(text: &str, place: Place, what: &str, findings: &mut Findings) {
    report_malformed(text, place, findings);
    if text.contains(OPEN) {
        let message = format!("{} holds a placeholder; {what} is not replaced", quoted(&unmasked(text)));
        findings.push(Diagnostic::new(Code::Tag, place, message).with_help("write the value itself"));
    }
}

fn report_malformed(text: &str, place: Place, findings: &mut Findings) {
    if text.contains("${") {
        let message = format!("{} holds a placeholder without a name; expected `${{name}}`", quoted(&unmasked(text)));
        findings.push(
            Diagnostic::new(Code::Tag, place, message).with_help("names have letters, digits, hyphens and underscores"),
        );
    }
}

/// The names of the placeholders in a text.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split(OPEN).skip(1).filter_map(|rest| rest.split_once(CLOSE)).map(|(name, _)| name)
}

fn read_values(key: &Key<'_>, node: &Node<'_>, findings: &mut Findings) -> Vec<String> {
    if !is_name(&key.text) {
        let message = format!("{} cannot be the name of a placeholder", quoted(&key.text));
        findings.push(
            Diagnostic::new(Code::Id, key.place, message)
                .with_help("names have letters, digits, hyphens and underscores"),
        );
    }
    if let Value::Mapping(_) = &node.value {
        return range::read(node, findings);
    }
    let Value::List(items) = &node.value else {
        let help = match &node.value {
            Value::Text(text) => Some(format!("write `[{text}]` for a list of one")),
            _ => None,
        };
        wrong_type_at(
            node,
            key.place,
            &key.text,
            "a list of values, or a range such as `{from: 0, to: 10, step: 1}`",
            help,
            findings,
        );
        return Vec::new();
    };
    if items.is_empty() {
        let message = format!("{} has no values; expected at least one", quoted(&key.text));
        findings.push(
            Diagnostic::new(Code::EmptyList, key.place, message).with_help("remove the name, or list its values"),
        );
    }
    let mut values: Vec<(String, Place)> = Vec::new();
    for item in items {
        let Value::Text(text) = &item.value else {
            wrong_type(item, || "a value such as `10%`".to_owned(), findings);
            continue;
        };
        forbid_text(text, item.place, "a value", findings);
        if let Some((_, first)) = values.iter().find(|(value, _)| value == text) {
            findings.push(
                Diagnostic::new(Code::Duplicate, item.place, format!("the value {} stands twice", quoted(text)))
                    .with_related(*first, "it stands here first")
                    .with_help("remove one of the two"),
            );
            continue;
        }
        values.push((text.clone().into_owned(), item.place));
    }
    values.into_iter().map(|(value, _)| value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_of_placeholders_are_exchanged_and_put_back() {
        let text = "{by: ${growth}, x: ${a b}, y: $}";
        let masked = masked(text);
        assert_eq!(masked, "{by: $\u{e000}growth\u{e001}, x: ${a b}, y: $}");
        assert_eq!(masked.chars().count(), text.chars().count());
        assert_eq!(unmasked(&masked), text);
        assert_eq!(placeholders(&masked).collect::<Vec<_>>(), ["growth"]);
    }

    #[test]
    fn the_last_name_of_a_sweep_goes_fastest() {
        let place = Place::start_of(Findings::new().add_file("x"));
        let name = |name: &str, count: usize| Swept {
            name: name.to_owned(),
            place,
            values: (0..count).map(|value| value.to_string()).collect(),
            is_range: false,
        };
        let sweep = Sweep { names: vec![name("a", 2), name("b", 3)] };
        assert_eq!(sweep.combination_count(), Some(6));
        let suffixes: Vec<String> = (0..6).map(|number| sweep.suffix(&sweep.combination(number))).collect();
        assert_eq!(suffixes[..4], [", a=0, b=0", ", a=0, b=1", ", a=0, b=2", ", a=1, b=0"]);
    }
}
