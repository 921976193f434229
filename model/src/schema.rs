//! JSON Schema (draft 7) of the files that are read, for editors: keys, their types and what they mean.
//!
//! The schemas are written by hand, as the readers are, and held together by tests: they have the same keys. A schema
//! says less than the readers, which also see references, dates of the calendar and what contradicts itself.

/// The schema of an estate file.
pub const ESTATE: &str = include_str!("../../schema/estate.json");
/// The schema of a catalog, which holds some sections of an estate file.
pub const CATALOG: &str = include_str!("../../schema/catalog.json");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::american;
    use serde_json::Value;
    use std::collections::BTreeSet;

    fn parsed(schema: &str) -> Value {
        serde_json::from_str(schema).expect("a schema is JSON")
    }

    /// The keys of a mapping, each in its American spelling only.
    fn keys_in(schema: &Value) -> BTreeSet<&str> {
        let properties = schema["properties"].as_object().expect("a mapping has keys");
        properties.keys().map(String::as_str).filter(|key| american(key) == *key).collect()
    }

    /// The schema of a mapping that a section holds.
    fn definition<'s>(schema: &'s Value, name: &str) -> &'s Value {
        match &schema["definitions"][name] {
            version if name == "version" => &version["anyOf"][1],
            other => other,
        }
    }

    #[test]
    fn the_readers_and_the_schema_know_the_same_keys() {
        let schema = parsed(ESTATE);
        let known = crate::document::known_keys();
        for (name, keys) in &known {
            let schema = if *name == "estate" { &schema } else { definition(&schema, name) };
            assert_eq!(keys_in(schema), keys.iter().copied().collect(), "{name}");
        }
        let mappings = schema["definitions"].as_object().expect("there are definitions");
        let is_mapping = |name: &&String| definition(&schema, name).get("properties").is_some();
        assert_eq!(mappings.keys().filter(is_mapping).count() + 1, known.len());
    }

    #[test]
    fn a_catalog_is_a_part_of_an_estate() {
        let (estate, catalog) = (parsed(ESTATE), parsed(CATALOG));
        assert_eq!(keys_in(&catalog), crate::document::include::KEYS.into_iter().collect());
        for part in ["properties", "definitions"] {
            for (key, value) in catalog[part].as_object().expect("it has both") {
                assert_eq!(value, &estate[part][key], "{key}");
            }
        }
    }
}
