//! Small estates, each change by hand.

use crate::{Case, Scenarios, read_scenarios_text};
use model::ReadOptions;
use model::estate::{Estate, find};
use std::fs;

/// Scenarios of a text beside an estate, or what is wrong with them.
pub(crate) fn try_read(estate: &str, scenarios: &str) -> Result<Scenarios, Vec<String>> {
    let folder = tempfile::tempdir().expect("a folder for the files of a test");
    fs::write(folder.path().join("estate.yaml"), estate).expect("the estate is written");
    let options = ReadOptions { as_of: None, folder: Some(folder.path().to_owned()) };
    let reading = read_scenarios_text("renewal.yaml", scenarios, &options);
    let found = reading.findings.diagnostics().iter();
    let text = |diagnostic: &model::diagnostic::Diagnostic| {
        let place = diagnostic.place;
        let file = reading.findings.file_name(place.file);
        let file = if file == "renewal.yaml" { String::new() } else { format!("{file}:") };
        format!("{} {file}{}:{} {}", diagnostic.code, place.line, place.column, diagnostic.message)
    };
    let found: Vec<String> = found.map(text).collect();
    reading.scenarios.ok_or(found)
}

/// Scenarios without a fault.
pub(crate) fn read(estate: &str, scenarios: &str) -> Scenarios {
    try_read(estate, scenarios).unwrap_or_else(|found| panic!("{found:#?}"))
}

/// The only case of a scenario file with these changes.
fn changed(estate: &str, changes: &str) -> Case {
    let text = format!("licit: 1\nestate: estate.yaml\nscenarios: [{{name: s, changes: [{changes}]}}]\n");
    read(estate, &text).case(0)
}

/// Installs as `version scope contract who last-used quantity`, without what is absent.
fn installs(estate: &Estate) -> Vec<String> {
    let row = |install: &model::estate::Install| {
        let mut words = vec![estate.version_text(install.version), estate.scopes[install.scope].id.clone()];
        words.extend(install.contract.map(|id| estate.contracts[id].clone()));
        words.extend(install.asset.map(|id| estate.assets[id].clone()));
        words.extend(install.user.map(|id| estate.users[id].clone()));
        words.extend(install.excluded.as_deref().map(str::to_owned));
        words.extend(install.last_used.map(|day| day.to_string()));
        words.push(install.quantity.to_string());
        words.join(" ")
    };
    estate.installs.iter().map(row).collect()
}

const TWO_SCOPES: &str = "licit: 1\nas_of: 2026-11-22\ncurrency: EUR\n\
    scopes: [{id: group}, {id: emea, parent: group}]\n\
    titles: [{id: t, versions: [1, 2]}, {id: s, versions: [1]}]\n\
    skus: [{id: T2, version: t@2, covers: [t@1]}, {id: S1, version: s@1}]\n";

#[test]
fn per_cents_go_by_version_scope_and_contract_and_are_rounded_up() {
    let estate = format!(
        "{TWO_SCOPES}installs: [{{version: t@1, quantity: 11, scope: emea}}, {{version: t@1, quantity: 5, scope: emea, contract: c}}, \
         {{version: t@2, quantity: 3, scope: group}}, {{version: t@2, quantity: 9, excluded: scrap}}, {{version: s@1}}]\n"
    );
    let case = changed(&estate, "{grow: t@*, by: 10%}");
    assert_eq!(
        installs(&case.estate),
        ["s@1 group 1", "t@1 emea 13", "t@1 emea c 6", "t@2 group 4", "t@2 group scrap 9"]
    );
    let case = changed(&estate, "{grow: t@*, scope: emea, by: -50%}");
    assert_eq!(
        installs(&case.estate),
        ["s@1 group 1", "t@1 emea 5", "t@1 emea c 2", "t@2 group 3", "t@2 group scrap 9"]
    );
    let case = changed(&estate, "{grow: t@*, scope: group, by: -100%}");
    assert_eq!(installs(&case.estate), ["s@1 group 1", "t@2 group scrap 9"]);
}

#[test]
fn a_number_grows_one_version_in_one_scope() {
    let estate = format!(
        "{TWO_SCOPES}installs: [{{version: t@1, quantity: 11, scope: emea, asset: a}}, {{version: t@1, quantity: 4, contract: c}}]\n"
    );
    let case = changed(&estate, "{grow: t@1, scope: emea, by: 50}");
    assert_eq!(installs(&case.estate), ["t@1 emea 50", "t@1 emea a 11", "t@1 group c 4"]);
    let case = changed(&estate, "{grow: t@1, by: 3}, {grow: t@1, by: -6}");
    assert_eq!(installs(&case.estate), ["t@1 emea a 11", "t@1 group c 1"]);
    let case = changed(&estate, "{grow: t@1, by: -100}");
    assert_eq!(installs(&case.estate), ["t@1 emea a 11"]);
}

#[test]
fn a_decrease_takes_those_of_nobody_first_then_those_used_longest_ago() {
    let estate = format!(
        "{TWO_SCOPES}installs: [{{version: t@1, asset: new, last_used: 2026-11-01}}, {{version: t@1, asset: old, last_used: 2020-01-01}}, \
         {{version: t@1, user: unknown}}, {{version: t@1, quantity: 2}}, {{version: t@1, quantity: 0, asset: zero}}]\n"
    );
    let left = |by: &str| installs(&changed(&estate, &format!("{{grow: t@1, by: {by}}}")).estate);
    assert_eq!(
        left("-1"),
        [
            "t@1 group 1",
            "t@1 group unknown 1",
            "t@1 group new 2026-11-01 1",
            "t@1 group old 2020-01-01 1",
            "t@1 group zero 0"
        ]
    );
    assert_eq!(left("-3"), ["t@1 group unknown 1", "t@1 group new 2026-11-01 1", "t@1 group zero 0"]);
    assert_eq!(left("-4"), ["t@1 group unknown 1", "t@1 group zero 0"]);
    assert_eq!(left("-80%"), ["t@1 group unknown 1", "t@1 group zero 0"]);
}

#[test]
fn installs_migrate_with_what_is_known_of_them() {
    let estate = format!(
        "{TWO_SCOPES}installs: [{{version: t@1, quantity: 3}}, {{version: t@1, asset: a, user: u, last_used: 2026-01-01}}, \
         {{version: t@1, asset: b}}, {{version: t@1, asset: x, excluded: scrap}}]\n"
    );
    let case = changed(&estate, "{migrate: {from: t@1, to: s@1, share: 50%}}");
    assert_eq!(
        installs(&case.estate),
        ["s@1 group 3", "t@1 group a u 2026-01-01 1", "t@1 group b 1", "t@1 group x scrap 1"]
    );
    let case = changed(&estate, "{migrate: {from: t@1, to: s@1, share: 70%}}");
    assert_eq!(
        installs(&case.estate),
        ["s@1 group 3", "s@1 group a u 2026-01-01 1", "t@1 group b 1", "t@1 group x scrap 1"]
    );
    let case = changed(&estate, "{migrate: {from: t@1, to: t@2, share: 1%}}");
    assert_eq!(installs(&case.estate)[0], "t@1 group 2");
}

#[test]
fn what_is_retired_vanishes_and_its_assignments_stay() {
    let estate = format!(
        "{TWO_SCOPES}installs: [{{version: t@1, asset: a}}, {{version: t@2, excluded: scrap}}, {{version: s@1}}]\nassignments: [{{title: t, asset: a}}]\n"
    );
    let case = changed(&estate, "{retire: [t@*]}");
    assert_eq!(installs(&case.estate), ["s@1 group 1"]);
    assert_eq!((case.estate.assignments.len(), case.estate.assets.as_slice()), (1, &["a".to_owned()][..]));
}

#[test]
fn a_license_that_lapses_ends_on_the_day_before() {
    let estate = format!(
        "{TWO_SCOPES}licenses: [{{id: L, sku: T2, quantity: 3, end: 2030-01-01}}, {{id: old, sku: T2, quantity: 1, end: 2020-01-01}}, \
         {{id: late, sku: T2, quantity: 1, start: 2028-01-01}}]\n"
    );
    let case = changed(&estate, "{lapse: [L, late]}, {lapse: [old]}");
    let dates = |id: &str| {
        let license =
            &case.estate.licenses[find(&case.estate.licenses, id, |license| &license.id).expect("it is there")];
        (license.start.map(|day| day.to_string()), license.end.map(|day| day.to_string()))
    };
    assert_eq!(dates("L"), (None, Some("2026-11-21".to_owned())));
    assert_eq!(dates("late"), (Some("2026-11-21".to_owned()), Some("2026-11-21".to_owned())));
    assert_eq!(dates("old"), (None, Some("2020-01-01".to_owned())));
}

#[test]
fn a_license_is_added_like_a_row_of_the_estate() {
    let estate = format!("{TWO_SCOPES}licenses: [{{id: L, sku: T2, quantity: 3}}]\n");
    let row = "{id: gift, sku: T2, quantity: 5, scope: emea, contract: c, start: 2026-01-01, key: k}";
    let case = changed(&estate, &format!("{{add_license: {row}}}"));
    let written = read(
        &format!("{TWO_SCOPES}licenses: [{{id: L, sku: T2, quantity: 3}}, {row}]\n"),
        "licit: 1\nestate: estate.yaml\n",
    );
    assert_eq!(case.estate, written.case(0).estate);
    assert_eq!(written.names().collect::<Vec<_>>(), ["as is"]);
}

#[test]
fn later_changes_see_what_earlier_ones_did() {
    let estate = format!(
        "{TWO_SCOPES}installs: [{{version: t@1, quantity: 10, scope: emea}}]\nlicenses: [{{id: L, sku: T2, quantity: 3, scope: emea}}]\n"
    );
    let case = changed(
        &estate,
        "{grow: t@1, by: 10}, {merge_scope: {from: emea, into: group}}, {grow: t@*, by: 10%}, {add_license: {id: x, sku: T2, quantity: 1}}, {lapse: [x]}",
    );
    assert_eq!(installs(&case.estate), ["t@1 group 22"]);
    assert_eq!(case.estate.licenses.as_slice()[1].end.map(|day| day.to_string()), Some("2026-11-21".to_owned()));
}
