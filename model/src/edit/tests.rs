use super::*;
use crate::generate::{Draft, Shape};
use crate::reading::{ReadOptions, read_estate_text};

fn parse(text: &str) -> Estate {
    let reading = read_estate_text("estate.yaml", text, &ReadOptions::default());
    reading.estate.unwrap_or_else(|| panic!("{:?}", reading.findings.diagnostics()))
}

fn drawn(count: u64) -> impl Iterator<Item = (u64, Estate)> {
    (0..count).map(|seed| (seed, parse(&Draft::generate(seed, &Shape::SMALL).to_yaml())))
}

#[test]
fn an_estate_that_is_not_changed_stays_what_it_is() {
    for (seed, estate) in drawn(300) {
        assert_eq!(Facts::of(estate.clone()).finish(), estate, "seed {seed}");
    }
}

#[test]
fn all_rows_make_the_estate() {
    for (seed, estate) in drawn(300) {
        let rows = Rows {
            titles: estate.titles.ids().collect(),
            skus: estate.skus.ids().collect(),
            licenses: estate.licenses.ids().collect(),
            assignments: estate.assignments.ids().collect(),
        };
        assert_eq!(Extractor::new(&estate).extract(&rows), estate, "seed {seed}");
    }
}

const SCOPES: &str = "licit: 1\nas_of: 2026-11-22\ncurrency: EUR\n\
    titles: [{id: t, versions: [1, 2]}]\nskus: [{id: S, version: t@2}]\n";

#[test]
fn a_scope_that_is_merged_leaves_what_a_reader_would_have_read() {
    let before = parse(&format!(
        "{SCOPES}scopes: [{{id: group}}, {{id: emea, parent: group}}, {{id: apac, parent: group}}, {{id: de, parent: emea}}]\n\
         transfers: [{{from: emea, to: apac, cost: 5}}, {{from: de, to: apac, cost: 4}}, {{from: apac, to: emea, cost: 3}}]\n\
         licenses: [{{id: L, sku: S, quantity: 3, scope: emea}}]\n\
         installs: [{{version: t@1, quantity: 2, scope: emea}}, {{version: t@1, quantity: 5, scope: apac}}, {{version: t@2, scope: de}}]\n\
         assignments: [{{title: t, asset: a, scope: emea}}]\n"
    ));
    let after = parse(&format!(
        "{SCOPES}scopes: [{{id: group}}, {{id: apac, parent: group}}, {{id: de, parent: apac}}]\n\
         transfers: [{{from: de, to: apac, cost: 4}}]\n\
         licenses: [{{id: L, sku: S, quantity: 3, scope: apac}}]\n\
         installs: [{{version: t@1, quantity: 7, scope: apac}}, {{version: t@2, scope: de}}]\n\
         assignments: [{{title: t, asset: a, scope: apac}}]\n"
    ));
    let find = |id: &str| crate::estate::find(&before.scopes, id, |scope| &scope.id).expect("the scope is there");
    let mut facts = Facts::of(before.clone());
    facts.merge_scope(find("emea"), find("apac"));
    assert_eq!(facts.place_of(find("emea")), find("apac"));
    assert_eq!(facts.finish(), after);
}

#[test]
fn a_scope_that_is_merged_into_one_below_it_gives_its_place_away() {
    let id = ScopeId::at;
    // 0 holds 1, which holds 2 and 3; 2 holds 4.
    let parents = [None, Some(id(0)), Some(id(1)), Some(id(1)), Some(id(2))];
    let after = parents_after_merge(&parents, id(1), id(4));
    assert_eq!([after[0], after[2], after[3], after[4]], [None, Some(id(0)), Some(id(4)), Some(id(2))]);
    let after = parents_after_merge(&parents, id(0), id(2));
    assert_eq!([after[1], after[2], after[3], after[4]], [None, Some(id(1)), Some(id(1)), Some(id(2))]);
}

#[test]
fn what_no_row_names_any_more_is_gone() {
    let before = parse(&format!(
        "{SCOPES}installs: [{{version: t@1, asset: a, user: u, contract: c}}, {{version: t@2, asset: b}}]\n"
    ));
    let mut facts = Facts::of(before);
    facts.installs_mut().retain(|install| install.asset != Some(Id::at(0)));
    assert_eq!(facts.finish(), parse(&format!("{SCOPES}installs: [{{version: t@2, asset: b}}]\n")));
}

#[test]
fn a_license_that_is_added_is_the_one_that_would_have_been_read() {
    let text = |license: &str| {
        format!(
            "licit: 1\nas_of: 2026-11-22\ntitles: [{{id: t, versions: [1, {{id: 2, released: 2020-01-01}}, {{id: 3, released: 2022-01-01}}]}}]\n\
             skus: [{{id: S, version: t@1, covers: [maintenance]}}]\n\
             licenses: [{{id: b, sku: S, quantity: 1, contract: m, maintenance_until: 2023-01-01}}, {license}]\n"
        )
    };
    let first = "{id: c, sku: S, quantity: 1, contract: x}";
    let second = "{id: a, sku: S, quantity: 2, contract: k, maintenance_until: 2021-01-01}";
    let mut facts = Facts::of(parse(&text(first)));
    let contract = facts.contract("k");
    let sku =
        facts.maintained_sku(facts.rows().find_sku("S").expect("it is there"), Some(jiff::civil::date(2021, 1, 1)));
    let template = facts.rows().licenses[LicenseId::at(0)].clone();
    facts.add_license(License {
        id: "a".to_owned(),
        sku,
        quantity: Some(crate::number::Quantity::new(2)),
        contract: Some(contract),
        maintenance_until: Some(jiff::civil::date(2021, 1, 1)),
        ..template
    });
    assert_eq!(facts.finish(), parse(&text(&format!("{first}, {second}"))));
}
