//! Numbers in the place of names, the same in an estate and in an earlier result.
//!
//! The order of the numbers is that of the names, so that rows stay in their order and the same answer is found.

use crate::arguments::Redacted;
use model::estate::Estate;
use model::id::{Id, Table};
use serde_json::Value;
use std::collections::BTreeMap;

/// What stands for each name, by the key that names have in results.
pub(super) struct Redaction {
    numbers: BTreeMap<&'static str, BTreeMap<String, String>>,
}

impl Redaction {
    /// Numbers for the names of an estate, and of an earlier result if there is one.
    pub(super) fn of(kinds: &[Redacted], estate: &Estate, result: Option<&Value>) -> Self {
        let mut names: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
        if kinds.contains(&Redacted::Assets) {
            names.insert("asset", estate.assets.iter().cloned().collect());
        }
        if kinds.contains(&Redacted::Users) {
            names.insert("user", estate.users.iter().cloned().collect());
        }
        if let Some(result) = result {
            let mut result = result.clone();
            for (key, names) in &mut names {
                each(&mut result, key, &mut |name| names.push(name.clone()));
            }
        }
        Self { numbers: names.into_iter().map(|(key, names)| (key, numbered(names))).collect() }
    }

    /// The estate with numbers.
    pub(super) fn redact_estate(&self, estate: &mut Estate) {
        estate.assets = self.table("asset", &estate.assets);
        estate.users = self.table("user", &estate.users);
    }

    /// The result with numbers.
    pub(super) fn redact(&self, result: &mut Value) {
        for (key, numbers) in &self.numbers {
            each(result, key, &mut |name| name.clone_from(&numbers[name]));
        }
    }

    fn table<I: Id>(&self, key: &str, names: &Table<I, String>) -> Table<I, String> {
        let numbers = self.numbers.get(key);
        Table::new(names.iter().map(|name| numbers.map_or(name, |numbers| &numbers[name]).clone()).collect())
    }
}

/// Numbers from 1 with as many digits as the largest.
fn numbered(mut names: Vec<String>) -> BTreeMap<String, String> {
    names.sort_unstable();
    names.dedup();
    let width = names.len().to_string().len();
    names.into_iter().zip(1..).map(|(name, number)| (name, format!("{number:0width$}"))).collect()
}

/// Does something with every text that stands under a key, wherever it is.
fn each(value: &mut Value, key: &str, act: &mut impl FnMut(&mut String)) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Value::String(text) if name == key => act(text),
                    field => each(field, key, act),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| each(item, key, act)),
        _ => {}
    }
}
