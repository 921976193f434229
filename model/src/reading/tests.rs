use super::*;
use crate::estate::{Assigned, Member, Metric, Target, TrackBy};
use crate::id::{Id, ScopeId, VersionId};
use crate::number::{Money, Quantity};
use jiff::civil::date;

/// The estate file of section 2 of the input contract.
const EXAMPLE: &str = include_str!("example.yaml");

fn read(text: &str) -> Reading {
    read_estate_text("estate.yaml", text, &ReadOptions::default())
}

fn estate(text: &str) -> Estate {
    let reading = read(text);
    assert!(!reading.findings.has_errors(), "{:#?}", reading.findings.diagnostics());
    reading.estate.expect("no errors")
}

/// An estate of one title `t` with versions 1, 2 and 3 and one SKU `S`, and `more`.
fn small(more: &str) -> String {
    format!(
        "licit: 1\nas_of: 2026-11-22\ntitles:\n  - {{id: t, versions: [\"1\", \"2\", \"3\"]}}\nskus:\n  - {{id: S, version: t@2, covers: [t@..1]}}\n{more}\n"
    )
}

fn scope_name(estate: &Estate, scope: ScopeId) -> &str {
    &estate.scopes[scope].id
}

#[test]
fn the_example_of_the_contract_is_read() {
    let estate = estate(EXAMPLE);
    assert_eq!(estate.name.as_deref(), Some("Contoso"));
    assert_eq!(estate.as_of, date(2026, 11, 22));
    assert_eq!(estate.currency.map(|currency| (currency.code, currency.minor_digits)), Some(("EUR", 2)));
    let scopes: Vec<(&str, Option<&str>)> = (estate.scopes.iter())
        .map(|scope| (scope.id.as_str(), scope.parent.map(|parent| scope_name(&estate, parent))))
        .collect();
    assert_eq!(scopes, [("apac", Some("group")), ("emea", Some("group")), ("group", None)]);
    let transfer = estate.transfers[0];
    assert_eq!((scope_name(&estate, transfer.from), scope_name(&estate, transfer.to)), ("emea", "apac"));
    assert_eq!(transfer.cost, Money::from_units(50_000));
    let office = &estate.titles.as_slice()[0];
    assert_eq!((office.id.as_str(), office.family.as_deref()), ("office-pro", Some("Office")));
    assert!(office.is_active);
    assert_eq!(office.track_by, TrackBy::Installations);
    let versions: Vec<String> = estate.versions.ids().map(|version| estate.version_text(version)).collect();
    assert_eq!(
        versions,
        [
            "office-pro@2007",
            "office-pro@2010",
            "office-pro@2013",
            "office-pro@2016",
            "office-std@2007",
            "office-std@2010",
            "sql@2019"
        ]
    );
}

#[test]
fn the_rights_of_the_example_are_expanded() {
    let estate = estate(EXAMPLE);
    let texts = |versions: &[crate::id::VersionId]| -> Vec<String> {
        versions.iter().map(|&version| estate.version_text(version)).collect()
    };
    let [base, upgrade, site, core] = estate.skus.as_slice() else { panic!("four SKUs") };
    assert_eq!(
        (base.id.as_str(), upgrade.id.as_str(), site.id.as_str(), core.id.as_str()),
        ("OFF13", "OFF13-UPG", "SITE", "SQL-CORE")
    );
    assert_eq!(texts(&base.may_cover), ["office-pro@2007", "office-pro@2010", "office-pro@2013"]);
    assert_eq!(base.upgrades, None);
    assert_eq!(
        upgrade.upgrades.as_deref().map(texts),
        Some(vec![
            "office-pro@2007".into(),
            "office-pro@2010".into(),
            "office-std@2007".into(),
            "office-std@2010".into()
        ])
    );
    assert!(core.use_only_when_assigned && !site.use_only_when_assigned);
}

#[test]
fn the_rows_of_the_example_are_read() {
    let estate = estate(EXAMPLE);
    let [first, second, third] = estate.licenses.as_slice() else { panic!("three licenses") };
    assert_eq!(
        (first.id.as_str(), first.quantity, scope_name(&estate, first.scope)),
        ("L1", Some(Quantity::new(10)), "emea")
    );
    assert_eq!((first.start, first.end), (Some(date(2020, 1, 1)), Some(date(2027, 12, 31))));
    assert_eq!((scope_name(&estate, second.scope), second.contract), ("group", None));
    assert_eq!(third.quantity, None);
    assert_eq!(estate.installs.len(), 3);
    let counted = &estate.installs[2];
    assert_eq!((counted.quantity, counted.contract.map(Id::index)), (Quantity::new(11), Some(0)));
    assert_eq!(estate.installs[0].last_used, Some(date(2026, 8, 1)));
    assert_eq!(estate.installs[1].excluded.as_deref(), Some("in the scrap store"));
    let [license, title] = estate.assignments.as_slice() else { panic!("two assignments") };
    assert!(matches!((license.assigned, license.target), (Assigned::License(_), Target::Asset(_))));
    assert_eq!(scope_name(&estate, license.scope), "emea");
    assert!(matches!((title.assigned, title.target), (Assigned::Title(_), Target::User(_))));
}

#[test]
fn an_estate_without_scopes_has_one() {
    let estate = estate(&small("licenses: [{id: L, sku: S, quantity: 1}]"));
    assert_eq!(estate.scopes.iter().map(|scope| scope.id.as_str()).collect::<Vec<_>>(), ["all"]);
}

#[test]
fn identical_installs_are_added_up() {
    let estate =
        estate(&small("installs: [{version: t@1, quantity: 2}, {version: t@2}, {version: \"t@1\", quantity: 3}]"));
    assert_eq!(estate.installs.iter().map(|install| install.quantity.get()).collect::<Vec<_>>(), [5, 1]);
}

#[test]
fn an_install_of_nothing_is_kept() {
    assert_eq!(estate(&small("installs: [{version: t@1, quantity: 0}]")).installs.len(), 1);
}

#[test]
fn row_order_and_quoting_make_no_difference() {
    let one = estate(&small(
        "licenses: [{id: B, sku: S, quantity: 1}, {id: A, sku: S, quantity: 2}]\ninstalls: [{version: t@1, asset: x}, {version: t@1, asset: b}]",
    ));
    let other = estate(&small(
        "installs:\n- asset: b\n  version: 't@1'\n- {version: t@1, asset: \"x\"}\nlicences: [{id: A, sku: S, quantity: \"2\"}, {id: B, sku: S, quantity: 1}]",
    ));
    assert_eq!(one, other);
    assert_eq!(one.digest(), other.digest());
}

#[test]
fn every_fact_makes_a_difference_to_the_digest() {
    let digest = |more: &str| estate(&small(more)).digest();
    let all = [
        digest(""),
        digest("name: x"),
        digest("licenses: [{id: A, sku: S, quantity: 2}]"),
        digest("licenses: [{id: A, sku: S, quantity: 3}]"),
        digest("licenses: [{id: A, sku: S, unlimited: true}]"),
        digest("installs: [{version: t@1, asset: x}]"),
        digest("installs: [{version: t@1, user: x}]"),
        digest("assignments: [{title: t, user: x}]"),
        digest("thresholds: {over: 1}"),
    ];
    for (index, one) in all.iter().enumerate() {
        assert_eq!(one.len(), 64);
        assert!(!all[..index].contains(one), "{index}");
    }
}

#[test]
fn a_unit_cost_is_exact_and_part_of_the_digest() {
    let with_cost = |cost: &str| {
        let skus = format!("skus: [{{id: S, version: t@1, unit_cost: {cost}}}]");
        estate(&format!("licit: 1\nas_of: 2026-11-22\ncurrency: EUR\ntitles: [{{id: t, versions: [1]}}]\n{skus}\n"))
    };
    let precise = with_cost("0.0125");
    assert_eq!(precise.skus.as_slice()[0].unit_cost, Some(Money::from_units(125)));
    assert_eq!(with_cost("5"), with_cost("\"5.00\""));
    assert_ne!(with_cost("5").digest(), precise.digest());
    assert_eq!(estate(EXAMPLE).skus.as_slice()[0].unit_cost, None);
}

#[test]
fn what_one_license_covers_at_once_is_part_of_the_digest() {
    let with = |extent: &str| {
        let skus = format!("skus: [{{id: S, version: a@2, covers: [a@1]{extent}}}]");
        let titles = "titles: [{id: a, versions: [1, 2]}, {id: b, versions: [1, 2]}, {id: c, versions: [1]}]";
        estate(&format!("licit: 1\nas_of: 2026-11-22\n{titles}\n{skus}\n"))
    };
    let metric = |extent: &str| with(extent).skus.as_slice()[0].metric;
    assert_eq!(with(""), with(", metric: install"));
    assert_eq!(metric(", metric: device"), Metric::Device);
    assert_eq!(metric(", metric: user"), Metric::User { max_devices: None });
    assert_eq!(metric(", metric: user, max_devices: 3"), Metric::User { max_devices: Some(Quantity::new(3)) });
    let all = ["", ", metric: device", ", metric: user", ", metric: user, max_devices: 3", ", bundle: [b@*]"];
    let all = all.map(|extent| with(extent).digest());
    for (index, one) in all.iter().enumerate() {
        assert!(!all[..index].contains(one), "{index}");
    }
}

#[test]
fn the_main_version_of_a_suite_belongs_to_the_member_that_names_it() {
    let members = |bundle: &str| {
        let titles = "titles: [{id: a, versions: [1, 2, 3]}, {id: b, versions: [1, 2]}]";
        let skus = format!("skus: [{{id: S, version: a@2, covers: [a@1], bundle: [{bundle}]}}]");
        let estate = estate(&format!("licit: 1\nas_of: 2026-11-22\n{titles}\n{skus}\n"));
        let sku = &estate.skus.as_slice()[0];
        let text = |&version: &VersionId| estate.version_text(version);
        let words =
            |member: &Member| (text(&member.main), member.versions.iter().map(text).collect::<Vec<_>>().join(" "));
        sku.bundle.iter().map(words).map(|(main, all)| format!("{main}: {all}")).collect::<Vec<_>>()
    };
    assert_eq!(members("b@*"), ["a@2: a@1 a@2", "b@2: b@1 b@2"]);
    assert_eq!(members("b@1, a@2..3"), ["a@2: a@1 a@2 a@3", "b@1: b@1"]);
}

#[test]
fn the_day_can_be_overridden() {
    let options = ReadOptions { as_of: Some(date(2030, 1, 2)), ..ReadOptions::default() };
    let reading = read_estate_text("estate.yaml", &small(""), &options);
    assert_eq!(reading.estate.map(|estate| estate.as_of), Some(date(2030, 1, 2)));
    let without_day = "licit: 1\ntitles: []\n";
    assert!(read_estate_text("estate.yaml", without_day, &options).estate.is_some());
    assert!(read(without_day).estate.is_none());
}

#[test]
fn versions_are_text_as_written() {
    let estate = estate("licit: 1\nas_of: 2026-11-22\ntitles: [{id: t, versions: [1.9, 1.10, no, 0x10, ~]}]\n");
    assert_eq!(
        estate.versions.iter().map(|version| version.name.as_str()).collect::<Vec<_>>(),
        ["1.9", "1.10", "no", "0x10", "~"]
    );
}

#[test]
fn names_that_yaml_reads_as_something_else_are_text() {
    let estate = estate(
        "licit: 1\nas_of: 2026-11-22\nscopes: [{id: no}, {id: null, parent: no}, {id: ~, parent: null}, {id: y, parent: no}]\n",
    );
    assert_eq!(estate.scopes.iter().map(|scope| scope.id.as_str()).collect::<Vec<_>>(), ["no", "null", "y", "~"]);
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_harmless() {
    let text = format!("\u{feff}{}", EXAMPLE.replace('\n', "\r\n"));
    assert_eq!(estate(&text), estate(EXAMPLE));
}

#[test]
fn all_findings_come_at_once_and_in_order() {
    let text = small(
        "licenses:\n  - {id: L, sku: X, quantity: -1, end: 2026-02-30}\n  - {id: L, sku: S}\ninstalls:\n  - {version: t@9, quantity: 1e3, colour: red}",
    );
    let reading = read(&text);
    let found: Vec<(&str, u32, u32)> = (reading.findings.diagnostics().iter())
        .map(|diagnostic| (diagnostic.code.as_str(), diagnostic.place.line, diagnostic.place.column))
        .collect();
    assert_eq!(
        found,
        [
            ("E-REF", 8, 18),
            ("E-NEG", 8, 31),
            ("E-DATE", 8, 40),
            ("E-ONE-OF", 9, 5),
            ("E-DUP-ID", 9, 10),
            ("E-REF", 11, 15),
            ("E-NUM-FORM", 11, 30),
            ("E-KEY", 11, 35),
        ]
    );
}
