//! The JSON Schemas against the files of this repository, by the keywords that the schemas use.
//!
//! A text of a file may stand for a number or a boolean, since what is written without quotes is that for an editor.

use crate::estates::repository;
use model::findings::Findings;
use model::synthetic::{self, File, Shape, Size, Tables};
use model::yaml::{self, Node, Value as Yaml};
use serde_json::Value;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Keywords that say nothing about what is valid, and those about the characters of a text.
const SILENT: [&str; 9] =
    ["$schema", "title", "description", "definitions", "default", "examples", "pattern", "minimum", "maximum"];

fn schema(name: &str) -> Value {
    let printed = Command::new(env!("CARGO_BIN_EXE_licit")).args(["schema", name]).output().unwrap();
    assert!(printed.status.success());
    let committed = fs::read(repository(&format!("schema/{name}.json"))).unwrap();
    assert_eq!(printed.stdout, committed, "the schema in the program is the committed one");
    serde_json::from_slice(&committed).unwrap()
}

/// Whether a text may be of the type when it stands without quotes.
fn text_is(text: &str, wanted: &str) -> bool {
    let is_whole = text.bytes().all(|byte| byte.is_ascii_digit());
    match wanted {
        "string" => true,
        "integer" => is_whole,
        "number" => is_whole || text.split_once('.').is_some_and(|(one, other)| !one.is_empty() && !other.is_empty()),
        "boolean" => matches!(text, "true" | "false"),
        _ => false,
    }
}

fn is_type(node: &Node<'_>, wanted: &Value) -> bool {
    match (&node.value, wanted) {
        (_, Value::Array(any)) => any.iter().any(|wanted| is_type(node, wanted)),
        (Yaml::Text(text), Value::String(wanted)) => text_is(text, wanted),
        (Yaml::List(_), Value::String(wanted)) => wanted == "array",
        (Yaml::Mapping(_), Value::String(wanted)) => wanted == "object",
        _ => false,
    }
}

/// What the schema has against a node: the keyword and the line.
fn fault(node: &Node<'_>, part: &Value, schema: &Value) -> Option<String> {
    let entries: &[_] = if let Yaml::Mapping(entries) = &node.value { entries } else { &[] };
    let items: &[_] = if let Yaml::List(items) = &node.value { items } else { &[] };
    let has = |key: &Value| entries.iter().any(|(other, _)| key == other.text.as_ref());
    let check = |keyword: &str, wanted: &Value| match keyword {
        "type" => is_type(node, wanted),
        "enum" => {
            let Yaml::Text(text) = &node.value else { return false };
            wanted
                .as_array()
                .unwrap()
                .iter()
                .any(|word| word.as_str().map_or(word.to_string(), str::to_owned) == **text)
        }
        "required" => wanted.as_array().unwrap().iter().all(has),
        "minItems" => items.len() as u64 >= wanted.as_u64().unwrap(),
        "maxItems" => items.len() as u64 <= wanted.as_u64().unwrap(),
        "$ref" => {
            let name = wanted.as_str().unwrap().strip_prefix("#/definitions/").unwrap();
            fault(node, &schema["definitions"][name], schema).is_none()
        }
        "allOf" => wanted.as_array().unwrap().iter().all(|part| fault(node, part, schema).is_none()),
        "anyOf" => wanted.as_array().unwrap().iter().any(|part| fault(node, part, schema).is_none()),
        "items" => items.iter().all(|item| fault(item, wanted, schema).is_none()),
        "properties" => entries
            .iter()
            .all(|(key, value)| wanted.get(key.text.as_ref()).is_none_or(|part| fault(value, part, schema).is_none())),
        "additionalProperties" => entries.iter().all(|(key, value)| {
            let is_named = part["properties"].get(key.text.as_ref()).is_some();
            is_named || (wanted.is_object() && fault(value, wanted, schema).is_none())
        }),
        _ => SILENT.contains(&keyword) || panic!("the keyword {keyword} is not known here"),
    };
    let broken = part.as_object().unwrap().iter().find(|(keyword, wanted)| !check(keyword, wanted));
    broken.map(|(keyword, _)| format!("{keyword} at line {}", node.place.line))
}

/// What the schema has against a text.
fn fault_of(text: &str, schema: &Value) -> Option<String> {
    let mut findings = Findings::new();
    let file = findings.add_file("estate.yaml");
    let root = yaml::read_with(text, file, yaml::Placeholders::Kept, &mut findings).unwrap();
    fault(&root, schema, schema)
}

/// The estate files under a folder.
fn files_in(folder: &str) -> Vec<PathBuf> {
    let paths = fs::read_dir(repository(folder)).unwrap().map(|entry| entry.unwrap().path());
    paths.filter(|path| path.extension().is_some_and(|ending| ending == "yaml")).collect()
}

#[test]
fn every_estate_of_this_repository_has_the_form_of_the_schema() {
    let (estate, catalog) = (schema("estate"), schema("catalog"));
    let mut files = files_in("examples");
    files.extend(files_in("tests/cases"));
    files.push(repository("model/src/reading/example.yaml"));
    files.push(repository("cli/starter/estate.yaml"));
    assert!(files.len() > 10);
    let scenarios = ["renewal.yaml", "night.yaml", "growth.yaml", "uncertain.yaml"].map(OsStr::new);
    let holds_scenarios = |path: &PathBuf| path.file_name().is_some_and(|name| scenarios.contains(&name));
    for path in files.into_iter().filter(|path| !holds_scenarios(path)) {
        let is_catalog = path.file_name() == Path::new("catalog.yaml").file_name();
        let text = fs::read_to_string(&path).unwrap();
        let fault = fault_of(&text, if is_catalog { &catalog } else { &estate });
        assert_eq!(fault, None, "{}", path.display());
    }
}

#[test]
fn scenario_files_have_the_form_of_the_schema_or_are_refused_by_it() {
    let schema = schema("scenarios");
    let text = |path: &str| fs::read_to_string(repository(path)).unwrap();
    for name in [
        "cli/starter/renewal.yaml",
        "examples/renewal.yaml",
        "examples/night.yaml",
        "examples/growth.yaml",
        "examples/uncertain.yaml",
    ] {
        assert_eq!(fault_of(&text(name), &schema), None, "{name}");
    }
    // What is wrong with these is no matter of form.
    for name in ["changes-references", "changes-range", "estate-path", "money", "offers-renew", "sweep-size"] {
        assert_eq!(fault_of(&text(&format!("tests/invalid/scenarios/{name}.yaml")), &schema), None, "{name}");
    }
    for name in [
        "actions",
        "changes-form",
        "estate-missing",
        "offers-tiers",
        "scenarios",
        "scenarios-empty",
        "sweep-range",
        "type",
    ] {
        assert_ne!(fault_of(&text(&format!("tests/invalid/scenarios/{name}.yaml")), &schema), None, "{name}");
    }
}

#[test]
fn every_drawn_estate_has_the_form_of_the_schema() {
    let schema = schema("estate");
    for seed in 0..50 {
        let text = model::generate::Draft::generate(seed, &model::generate::Shape::SMALL).to_yaml();
        assert_eq!(fault_of(&text, &schema), None, "seed {seed}");
    }
    let size = Size::new(200, 8, Size::TIGHTNESS_PERCENT).unwrap();
    for shape in Shape::ALL {
        let drawn = synthetic::draw(1, &size, shape);
        let mut tables_beside = Vec::new();
        drawn.write(File::Estate, Tables::Csv, &mut tables_beside).unwrap();
        for text in [drawn.to_yaml(), String::from_utf8(tables_beside).unwrap()] {
            assert_eq!(fault_of(&text, &schema), None, "{}", shape.name());
        }
    }
}

#[test]
fn what_the_readers_refuse_by_its_form_the_schema_refuses_too() {
    let schema = schema("estate");
    for name in ["unknown-key", "type", "type-root", "choice", "boolean", "missing", "empty-list", "names-type"] {
        let text = fs::read_to_string(repository(&format!("tests/invalid/{name}.yaml"))).unwrap();
        assert_ne!(fault_of(&text, &schema), None, "{name}");
    }
}
