//! JSON as a tree, and where two trees differ.
//!
//! For what is compared as a whole: every key that one tree has the other must have, with the same value; lists have the
//! same rows in the same order. Keys beyond that are passed over. An object that has a key twice is no tree, since
//! readers take one or the other.

use crate::json::Text;
use crate::violation::{Law, Violation};
use model::number::Quantity;
use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;

/// A value of JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tree<'a> {
    Null,
    Flag(bool),
    Integer(i128),
    /// A number with a point or an exponent; no figure is one.
    Fraction,
    Text(Text<'a>),
    List(Vec<Tree<'a>>),
    Object(BTreeMap<Text<'a>, Tree<'a>>),
}

impl<'a> Tree<'a> {
    /// The text under a key.
    pub(super) fn text(&self, key: &str) -> Option<&Text<'a>> {
        match self.get(key)? {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value under a key.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        let Self::Object(fields) = self else { return None };
        fields.get(key)
    }

    /// The keys of an object.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        let fields = if let Self::Object(fields) = self { Some(fields) } else { None };
        fields.into_iter().flat_map(BTreeMap::keys).map(|key| &**key)
    }

    /// An object with these fields.
    pub(super) fn of(fields: impl IntoIterator<Item = (&'static str, Self)>) -> Self {
        Self::Object(fields.into_iter().map(|(key, value)| (Text::borrowed(key), value)).collect())
    }

    /// A text that belongs to nobody else.
    pub(super) fn of_text(text: String) -> Self {
        Self::Text(Text::own(text))
    }

    /// A quantity as an integer.
    pub(super) fn of_quantity(quantity: Quantity) -> Self {
        Self::Integer(quantity.get().into())
    }

    /// Adds a field to an object.
    pub(super) fn add(&mut self, key: &'static str, value: Self) {
        if let Self::Object(fields) = self {
            fields.insert(Text::borrowed(key), value);
        }
    }
}

impl fmt::Display for Tree<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Flag(flag) => flag.fmt(f),
            Self::Integer(integer) => integer.fmt(f),
            Self::Fraction => f.write_str("a number that is no integer"),
            Self::Text(text) => f.write_str(text),
            Self::List(rows) => write!(f, "a list of {}", rows.len()),
            Self::Object(_) => f.write_str("an object"),
        }
    }
}

/// Adds what a claim says otherwise than the figures do; `place` is where both stand.
pub(super) fn differences(place: &str, claimed: &Tree<'_>, figure: &Tree<'_>, violations: &mut Vec<Violation>) {
    match (claimed, figure) {
        (Tree::Object(claimed), Tree::Object(figures)) => {
            for (key, figure) in figures {
                let place = format!("{place}.{}", &**key);
                match claimed.get(&**key) {
                    Some(claimed) => differences(&place, claimed, figure, violations),
                    None => {
                        let detail = format!("`{place}` is missing; it comes to `{figure}`");
                        violations.push(Violation::new(Law::Figures, detail));
                    }
                }
            }
        }
        (Tree::List(claimed), Tree::List(figures)) if claimed.len() == figures.len() => {
            for (index, (claimed, figure)) in claimed.iter().zip(figures).enumerate() {
                differences(&format!("{place}[{index}]"), claimed, figure, violations);
            }
        }
        (claimed, figure) if claimed != figure || *claimed == Tree::Fraction => {
            let detail = format!("`{place}` is claimed to be `{claimed}` and comes to `{figure}`");
            violations.push(Violation::new(Law::Figures, detail));
        }
        _ => {}
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Tree<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree<'de>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Tree::Null)
    }
    fn visit_bool<E: Error>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Tree::Flag(flag))
    }
    fn visit_i64<E: Error>(self, integer: i64) -> Result<Self::Value, E> {
        Ok(Tree::Integer(integer.into()))
    }
    fn visit_u64<E: Error>(self, integer: u64) -> Result<Self::Value, E> {
        Ok(Tree::Integer(integer.into()))
    }
    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Tree::Fraction)
    }
    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Tree::Text(Text::borrowed(text)))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Tree::Text(Text::owned(text)))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(row) = rows.next_element()? {
            list.push(row);
        }
        Ok(Tree::List(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        object(map, None)
    }
}

/// An object without a key that is passed over, of whose value nothing is kept.
///
/// # Errors
/// That a key stands twice, or as those of its values.
pub(super) fn object<'de, A: MapAccess<'de>>(mut map: A, passed_over: Option<&str>) -> Result<Tree<'de>, A::Error> {
    let mut fields = BTreeMap::new();
    while let Some(key) = map.next_key::<Text<'de>>()? {
        if passed_over == Some(&*key) {
            map.next_value::<IgnoredAny>()?;
            continue;
        }
        match fields.entry(key) {
            Entry::Vacant(slot) => {
                slot.insert(map.next_value::<Tree<'de>>()?);
            }
            Entry::Occupied(slot) => {
                return Err(A::Error::custom(format_args!("duplicate field `{}`", &**slot.key())));
            }
        }
    }
    Ok(Tree::Object(fields))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(claimed: &str, figures: &str) -> Vec<String> {
        let read = |text| serde_json::from_str::<Tree<'_>>(text).expect("it is a tree");
        let mut violations = Vec::new();
        differences("it", &read(claimed), &read(figures), &mut violations);
        violations.into_iter().map(|violation| violation.detail).collect()
    }

    #[test]
    fn every_difference_has_its_place() {
        let figures = r#"{"a": 1, "b": [{"c": "x", "d": null}], "e": true}"#;
        assert_eq!(found(r#"{"e": true, "b": [{"d": null, "c": "x"}], "a": 1, "more": 1.5}"#, figures), [""; 0]);
        let claimed = r#"{"a": 2, "b": [{"c": "y", "d": 0}], "e": "true"}"#;
        let expected = [
            "`it.a` is claimed to be `2` and comes to `1`",
            "`it.b[0].c` is claimed to be `y` and comes to `x`",
            "`it.b[0].d` is claimed to be `0` and comes to `null`",
            "`it.e` is claimed to be `true` and comes to `true`",
        ];
        assert_eq!(found(claimed, figures), expected);
        let expected = [
            "`it.a` is claimed to be `a number that is no integer` and comes to `1`",
            "`it.b` is claimed to be `a list of 0` and comes to `a list of 1`",
            "`it.e` is missing; it comes to `true`",
        ];
        assert_eq!(found(r#"{"a": 1.0, "b": []}"#, figures), expected);
    }

    #[test]
    fn an_object_with_a_key_twice_is_no_tree() {
        let error = serde_json::from_str::<Tree<'_>>(r#"[{"a": 1, "a": 1}]"#).expect_err("a key stands twice");
        assert!(error.to_string().starts_with("duplicate field `a`"), "{error}");
    }
}
