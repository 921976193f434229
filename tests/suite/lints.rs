//! Lints against the independent statement: no warning is false, and without assignments none is missing.
//!
//! `LICIT_ESTATES` sets how many estates are drawn.

use crate::agreement::count;
use crate::maintenance;
use crate::statement::{self, Possible};
use model::diagnostic::Code;
use model::estate::Estate;
use model::findings::Findings;
use model::generate::{Draft, Shape};
use model::id::LicenseId;
use std::collections::BTreeMap;

/// An estate and what is found in it.
fn read(text: &str) -> (Estate, Findings) {
    let reading = model::read_estate_text("estate.yaml", text, &model::ReadOptions::default());
    (reading.estate.expect("a drawn estate is valid"), reading.findings)
}

/// How many are meant by a message: a number, or one.
fn meant(message: &str, before: &str) -> u64 {
    let count = message.split(before).next().and_then(|text| text.split(' ').next_back());
    count.and_then(|count| count.parse().ok()).unwrap_or(1)
}

/// Messages of the given codes that name something in backticks, by that name, with how many they are about.
fn named(findings: &Findings, codes: &[Code], count: impl Fn(&str) -> u64) -> Vec<(String, u64)> {
    let found = findings.diagnostics().iter().filter(|found| codes.contains(&found.code));
    found.map(|found| (found.message.split('`').nth(1).unwrap().to_owned(), count(&found.message))).collect()
}

/// How many licenses a message is about.
fn licenses_meant(message: &str) -> u64 {
    1 + match message.split(" of the SKU ").next() {
        Some(start) if start.ends_with(" and another") => 1,
        Some(start) if start.ends_with(" others") => meant(start, " others"),
        _ => 0,
    }
}

/// The licenses that a lint may say are of no use, by SKU.
fn useless(estate: &Estate, possible: &Possible) -> BTreeMap<String, Vec<LicenseId>> {
    let mut useless: BTreeMap<String, Vec<LicenseId>> = BTreeMap::new();
    for (id, license) in estate.licenses.enumerate() {
        let has_units = license.quantity.is_none_or(|units| !units.is_zero());
        let is_calculated = estate.title_of(estate.sku_of(id).version).is_active;
        if estate.is_active(id) && has_units && is_calculated && !possible.used.contains(&id) {
            useless.entry(estate.sku_of(id).id.clone()).or_default().push(id);
        }
    }
    useless
}

/// Drawn estates as text, each with whether it has assignments; every fifth has rights by maintenance.
fn drawn() -> impl Iterator<Item = (u64, String, bool)> {
    (0..count("LICIT_ESTATES", 2_000)).map(|seed| {
        if seed % 5 == 0 {
            let drawn = maintenance::draw(seed);
            return (seed, drawn.maintained, drawn.has_assignments);
        }
        let mut draft = Draft::generate(seed, &Shape::TINY);
        if seed % 2 == 0 {
            draft.assignments.clear();
        }
        (seed, draft.to_yaml(), !draft.assignments.is_empty())
    })
}

#[test]
fn a_license_is_called_useless_only_if_no_path_can_use_it() {
    let mut count = 0;
    for (seed, text, has_assignments) in drawn() {
        let (estate, findings) = read(&text);
        let possible = statement::possible(&estate);
        let useless = useless(&estate, &possible);
        let mut by_sku: BTreeMap<String, u64> = BTreeMap::new();
        for (name, licenses) in named(&findings, &[Code::NoUse, Code::NoBase], licenses_meant) {
            let id = estate.licenses.ids().find(|&id| estate.licenses[id].id == name).unwrap();
            let sku = estate.sku_of(id).id.clone();
            let is_useless = useless.get(&sku).is_some_and(|useless| useless.contains(&id));
            assert!(is_useless, "seed {seed}: {name} can be used\n{text}");
            *by_sku.entry(sku).or_default() += licenses;
        }
        for (sku, useless) in &useless {
            let said = by_sku.remove(sku).unwrap_or_default();
            let all = useless.len() as u64;
            assert!(said <= all, "seed {seed}: {said} of {all} licenses of {sku}\n{text}");
            let has_demand = !possible.unserved.is_empty() || !possible.used.is_empty();
            if !has_assignments && has_demand {
                assert_eq!(said, all, "seed {seed}: licenses of {sku}\n{text}");
            }
            count += said;
        }
        assert!(by_sku.is_empty(), "seed {seed}: {by_sku:?} can be used\n{text}");
    }
    assert!(count > 100, "{count} licenses are not enough to tell");
}

#[test]
fn demand_is_called_unreached_only_if_no_path_can_cover_it() {
    let mut count = 0;
    for (seed, text, has_assignments) in drawn() {
        let (estate, findings) = read(&text);
        let possible = statement::possible(&estate);
        let amount = |message: &str| {
            meant(message, if message.contains(" installs of ") { " installs" } else { " assignments" })
        };
        let said: BTreeMap<String, u64> =
            named(&findings, &[Code::NoLicense, Code::Expired], amount).into_iter().collect();
        let unserved: BTreeMap<String, u64> =
            possible.unserved.iter().map(|(&version, &units)| (estate.version_text(version), units)).collect();
        for (version, said) in &said {
            let all = unserved.get(version).copied().unwrap_or_default();
            assert!(*said <= all, "seed {seed}: {said} of {all} of {version}\n{text}");
        }
        if !has_assignments {
            assert_eq!(said, unserved, "seed {seed}\n{text}");
        }
        count += said.len();
    }
    assert!(count > 100, "{count} versions are not enough to tell");
}
