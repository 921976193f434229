//! Maintenance: what a lot may cover depends on the day its maintenance ends.

use super::*;
use crate::diagnostic::Code;

/// An estate of one title whose versions came out in 2010, 2013, 2016 and on no day that is known.
fn read(skus: &str, licenses: &str) -> Reading {
    let text = format!(
        "licit: 1\nas_of: 2026-11-22\ntitles:\n  - id: t\n    versions:\n      - \"10\"\n      \
         - {{id: \"13\", released: 2013-01-29}}\n      - {{id: \"16\", released: 2015-09-22}}\n      \
         - {{id: \"19\", released: 2018-09-24}}\nskus: [{skus}]\nlicenses: [{licenses}]\n"
    );
    read_estate_text("estate.yaml", &text, &ReadOptions::default())
}

fn estate(skus: &str, licenses: &str) -> Estate {
    let reading = read(skus, licenses);
    assert!(reading.findings.is_empty(), "{:#?}", reading.findings.diagnostics());
    reading.estate.expect("no findings")
}

/// Of each license the versions it may cover.
fn rights(estate: &Estate) -> Vec<String> {
    let names = |license: &crate::estate::License| {
        let may_cover = &estate.skus[license.sku].may_cover;
        may_cover.iter().map(|&version| estate.versions[version].name.clone()).collect::<Vec<_>>().join(" ")
    };
    estate.licenses.iter().map(names).collect()
}

const MAINTAINED: &str = "{id: S, version: t@13, covers: [maintenance]}";

#[test]
fn maintenance_covers_what_came_out_while_it_lasted() {
    let licenses = "{id: A, sku: S, quantity: 1, maintenance_until: 2015-09-21},\
                    {id: B, sku: S, quantity: 1, maintenance_until: 2015-09-22},\
                    {id: C, sku: S, quantity: 1, maintenance_until: 2030-01-01},\
                    {id: D, sku: S, quantity: 1, maintenance_until: 2011-01-01}";
    assert_eq!(rights(&estate(MAINTAINED, licenses)), ["13", "13 16", "13 16 19", "13"]);
}

#[test]
fn older_versions_need_a_right_of_their_own() {
    let sku = "{id: S, version: t@16, covers: [t@10, maintenance]}";
    let license = "{id: A, sku: S, quantity: 1, maintenance_until: 2030-01-01}";
    assert_eq!(rights(&estate(sku, license)), ["10 16 19"]);
}

#[test]
fn a_sku_stands_once_for_each_set_of_versions_and_first_as_written() {
    let licenses = "{id: A, sku: S, quantity: 1, maintenance_until: 2016-01-01},\
                    {id: B, sku: S, quantity: 2, maintenance_until: 2017-01-01},\
                    {id: C, sku: R, quantity: 1}";
    let estate = estate(&format!("{MAINTAINED}, {{id: R, version: t@10}}"), licenses);
    let ids: Vec<(&str, usize)> = estate.skus.iter().map(|sku| (sku.id.as_str(), sku.may_cover.len())).collect();
    assert_eq!(ids, [("R", 1), ("S", 1), ("S", 2)]);
    let [a, b, c] = estate.licenses.as_slice() else { panic!("three licenses") };
    assert_eq!(a.sku, b.sku);
    assert_eq!(estate.skus[c.sku].id, "R");
    let plain = estate.find_sku("S").expect("it is there");
    assert_eq!(estate.skus[plain].may_cover.len(), 1);
    assert!(estate.skus[plain].has_maintenance);
    assert_eq!(estate.find_sku("Q"), None);
}

#[test]
fn versions_that_are_covered_anyway_tell_no_lots_apart() {
    let sku = "{id: S, version: t@13, covers: [t@16.., maintenance]}";
    let license = "{id: A, sku: S, quantity: 1, maintenance_until: 2030-01-01}";
    assert_eq!(estate(sku, license).skus.len(), 1);
}

#[test]
fn the_last_day_of_maintenance_is_part_of_the_digest() {
    let digest = |day: &str| {
        let license = format!("{{id: A, sku: S, quantity: 1, maintenance_until: {day}}}");
        estate(MAINTAINED, &license).digest()
    };
    assert_ne!(digest("2016-01-01"), digest("2016-01-02"));
}

#[test]
fn maintenance_without_its_days_adds_nothing_and_says_so() {
    let reading = read("{id: S, version: t@10, covers: [maintenance]}", "{id: A, sku: S, quantity: 1}");
    let codes: Vec<Code> = reading.findings.diagnostics().iter().map(|diagnostic| diagnostic.code).collect();
    assert_eq!(codes, [Code::Maintenance]);
    assert_eq!(rights(&reading.estate.expect("warnings only")), ["10"]);
}

#[test]
fn what_identifies_a_purchase_is_kept_and_tells_lots_apart() {
    let rest = "sku: S, quantity: 1, key: AB-12, order: PO-1";
    let reading =
        read("{id: S, version: t@10}", &format!("{{id: A, {rest}, invoice: R-1}}, {{id: B, {rest}, invoice: R-2}}"));
    assert!(reading.findings.is_empty(), "{:#?}", reading.findings.diagnostics());
    let estate = reading.estate.expect("no findings");
    let [first, second] = estate.licenses.as_slice() else { panic!("two licenses") };
    assert_eq!((first.key.as_deref(), first.order.as_deref()), (Some("AB-12"), Some("PO-1")));
    assert_eq!((first.invoice.as_deref(), second.invoice.as_deref()), (Some("R-1"), Some("R-2")));
}
