//! JSON Schema (draft 7) of scenario files, for editors; see [`model::schema`].

/// The schema of a scenario file.
pub const SCENARIOS: &str = include_str!("../../schema/scenarios.json");

#[cfg(test)]
mod tests {
    use super::*;
    use model::fields::american;
    use model::schema::ESTATE;
    use serde_json::Value;
    use std::collections::BTreeSet;

    fn parsed(schema: &str) -> Value {
        serde_json::from_str(schema).expect("a schema is JSON")
    }

    fn keys_in(schema: &Value) -> BTreeSet<&str> {
        let properties = schema["properties"].as_object().expect("a mapping has keys");
        properties.keys().map(String::as_str).filter(|key| american(key) == *key).collect()
    }

    #[test]
    fn the_readers_and_the_schema_know_the_same_keys() {
        let schema = parsed(SCENARIOS);
        let known = crate::document::known_keys();
        for (name, keys) in &known {
            let schema = if *name == "scenarios" { &schema } else { &schema["definitions"][*name] };
            assert_eq!(keys_in(schema), keys.iter().copied().collect(), "{name}");
        }
        let mappings = schema["definitions"].as_object().expect("there are definitions");
        assert_eq!(mappings.values().filter(|part| part.get("properties").is_some()).count() + 1, known.len());
    }

    #[test]
    fn a_license_that_is_added_is_one_of_the_estate() {
        let (estate, scenarios) = (parsed(ESTATE), parsed(SCENARIOS));
        assert_eq!(scenarios["definitions"]["license"], estate["definitions"]["license"]);
    }
}
