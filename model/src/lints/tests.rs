use crate::findings::Findings;
use crate::generate::{Draft, Shape};
use crate::{ReadOptions, read_estate_text};
use std::fmt::Write as _;

const HEAD: &str = "licit: 1\nas_of: 2026-11-22\ncurrency: EUR\n";
const SCOPES: &str = "\
scopes: [{id: group}, {id: emea, parent: group}, {id: apac, parent: group}, {id: berlin, parent: emea}]
transfers: [{from: emea, to: apac, cost: 1}]
";
const CATALOG: &str = "\
titles: [{id: app, versions: [1, 2, 3]}, {id: db, versions: [1]}]
skus:
  - {id: ONE, version: app@1}
  - {id: TWO, version: app@2, covers: [app@1]}
  - {id: TO-TWO, version: app@2, upgrades: [app@1]}
  - {id: TO-THREE, version: app@3, upgrades: [app@2]}
  - {id: DB, version: db@1, use_only_when_assigned: true}
";

fn findings(sections: &str) -> Findings {
    let text = format!("{HEAD}{sections}");
    let reading = read_estate_text("estate.yaml", &text, &ReadOptions::default());
    assert!(!reading.findings.has_errors(), "{:#?}", reading.findings.diagnostics());
    reading.findings
}

/// Asserts that these are all lints of an estate with the scopes and titles above: code and message.
#[track_caller]
fn assert_lints(rows: &str, expected: &[&str]) {
    assert_eq!(lints(&format!("{SCOPES}{CATALOG}{rows}")), expected);
}

/// Codes and messages, in the order of their places.
fn lints(sections: &str) -> Vec<String> {
    let findings = findings(sections);
    findings.diagnostics().iter().map(|found| format!("{} {}", found.code, found.message)).collect()
}

#[test]
fn an_estate_in_which_everything_fits_has_no_lints() {
    assert_lints(
        "licenses: [{id: L, sku: ONE, quantity: 2}, {id: U, sku: TO-TWO, quantity: 1}]\n\
         installs: [{version: app@1}, {version: app@2, scope: berlin}]\n",
        &[],
    );
}

#[test]
fn an_estate_without_demand_leaves_no_license_without_use() {
    assert_lints("licenses: [{id: L, sku: ONE, quantity: 2}, {id: D, sku: DB, quantity: 1}]\n", &[]);
}

#[test]
fn a_license_without_any_demand_has_no_use() {
    assert_lints(
        "licenses: [{id: L, sku: ONE, quantity: 2}, {id: M, sku: TWO, quantity: 2}, {id: N, sku: TWO, quantity: 3}]\n\
         installs: [{version: app@1, excluded: scrap}, {version: db@1, quantity: 0}, {version: app@3}]\n",
        &[
            "W-NO-USE no install can use the license `L`: nothing that it may cover needs a license",
            "W-NO-USE no install can use the license `M` and another of the SKU `TWO`: nothing that it may cover needs a \
             license",
            "W-NO-LICENSE no license can reach the install of `app@3`: none has a right to it",
        ],
    );
}

#[test]
fn lots_of_one_sku_are_one_finding_whatever_maintenance_adds() {
    let catalog = "titles: [{id: a, versions: [1, {id: 2, released: 2020-01-01}, 3]}, {id: b, versions: [1]}]\n\
                   skus: [{id: S, version: a@1, covers: [a@3, maintenance]}]\n\
                   licenses:\n  \
                   - {id: L, sku: S, quantity: 1, scope: apac, maintenance_until: 2020-01-01}\n  \
                   - {id: M, sku: S, quantity: 1, scope: apac, maintenance_until: 2019-12-31}\n";
    let found = |installs: &str| {
        let mut found = lints(&format!("{SCOPES}{catalog}installs: [{installs}]\n"));
        found.retain(|found| found.starts_with("W-NO-USE"));
        found
    };
    let start = "W-NO-USE no install can use the license `L`";
    let unwanted = "nothing that it may cover needs a license";
    assert_eq!(found("{version: b@1}"), [format!("{start} and another of the SKU `S`: {unwanted}")]);
    // Both may cover 3, only L may cover 2.
    let installs = "{version: a@2, scope: emea}, {version: a@3, scope: emea}";
    let elsewhere = "is needed only where it may not be used";
    assert_eq!(found(installs), [format!("{start} and another of the SKU `S`: `a@3` {elsewhere}")]);
    let (two, other) =
        (format!("{start}: `a@2` {elsewhere}"), format!("W-NO-USE no install can use the license `M`: {unwanted}"));
    assert_eq!(found("{version: a@2, scope: emea}"), [two, other]);
}

#[test]
fn lots_that_differ_in_maintenance_or_papers_are_no_twins() {
    let catalog = "titles: [{id: a, versions: [1]}]\nskus: [{id: S, version: a@1}]\n";
    let found = |more: &str| {
        lints(&format!("{catalog}licenses: [{{id: L, sku: S, quantity: 1}}, {{id: M, sku: S, quantity: 1{more}}}]\n"))
    };
    assert_eq!(found("").len(), 1);
    for more in ["maintenance_until: 2020-01-01", "key: K", "order: O", "invoice: I"] {
        assert_eq!(found(&format!(", {more}")), [""; 0], "{more}");
    }
}

#[test]
fn an_install_of_an_unknown_name_is_none_of_its_target() {
    assert_lints(
        "licenses: [{id: L, sku: ONE, quantity: 1}]\ninstalls: [{name: Unknown, asset: PC-1}]\n\
         assignments: [{license: L, asset: PC-1}]\n",
        &[
            "W-NAME no name fits `Unknown`: 1 install in 1 row is not calculated",
            "W-NOT-INSTALLED no install matches the assignment of the license `L` to the asset `PC-1`: nothing that \
             counts is installed",
        ],
    );
}

#[test]
fn a_license_serves_its_scope_and_below_and_where_a_transfer_leads() {
    let rows = |license: &str, install: &str| {
        format!(
            "licenses: [{{id: L, sku: ONE, quantity: 2, scope: {license}}}]\ninstalls: [{{version: app@1, scope: {install}}}]\n"
        )
    };
    for (license, install) in [("group", "berlin"), ("emea", "berlin"), ("emea", "apac"), ("berlin", "berlin")] {
        assert_lints(&rows(license, install), &[]);
    }
    // A transfer is for licenses whose scope is exactly its source, and upward there is no way.
    for (license, install) in [("berlin", "apac"), ("apac", "emea"), ("emea", "group")] {
        let found = lints(&format!("{SCOPES}{CATALOG}{}", rows(license, install)));
        assert_eq!(
            found,
            [
                "W-NO-USE no install can use the license `L`: `app@1` is needed only where it may not be used"
                    .to_owned(),
                format!("W-NO-LICENSE no license can reach the install of `app@1` in `{install}`"),
            ]
        );
    }
}

#[test]
fn transfers_do_not_chain() {
    let scopes = "scopes: [{id: r}, {id: a, parent: r}, {id: b, parent: r}, {id: c, parent: r}]\n\
                  transfers: [{from: a, to: b, cost: 1}, {from: b, to: c, cost: 1}]\n";
    let rows = "licenses: [{id: L, sku: ONE, quantity: 1, scope: a}]\ninstalls: [{version: app@1, scope: c}]\n";
    assert_eq!(lints(&format!("{scopes}{CATALOG}{rows}")).len(), 2);
}

#[test]
fn contracts_part_licenses_and_installs_only_where_both_have_one() {
    let rows = |license: &str, install: &str| {
        format!(
            "licenses: [{{id: L, sku: ONE, quantity: 2{license}}}]\ninstalls: [{{version: app@1, scope: apac{install}}}]\n"
        )
    };
    for (license, install) in [("", ", contract: A"), (", contract: A", ""), (", contract: A", ", contract: A")] {
        assert_lints(&rows(license, install), &[]);
    }
    assert_lints(
        &rows(", contract: A", ", contract: B"),
        &[
            "W-NO-USE no install can use the license `L`: `app@1` is needed only where it may not be used",
            "W-NO-LICENSE no license can reach the install of `app@1` in `apac` under the contract `B`",
        ],
    );
}

#[test]
fn every_license_of_a_path_must_be_usable_where_it_ends() {
    let rows = |base: &str, upgrade: &str| {
        format!(
            "licenses: [{{id: B, sku: ONE, quantity: 1, scope: {base}}}, {{id: U, sku: TO-TWO, quantity: 1, scope: {upgrade}}}]\n\
             installs: [{{version: app@2, scope: berlin, quantity: 3}}]\n"
        )
    };
    assert_lints(&rows("emea", "group"), &[]);
    assert_lints(
        &rows("apac", "group"),
        &[
            "W-NO-USE no install can use the license `B`: nothing that it may cover needs a license",
            "W-NO-BASE the upgrade license `U` has nothing to stand on where it is needed: no license of a version in \
             `upgrades` is free to be used there",
            "W-NO-LICENSE no license can reach 3 installs of `app@2` in `berlin`",
        ],
    );
}

#[test]
fn upgrades_stand_on_upgrades_and_bases_are_used_beneath_them() {
    assert_lints(
        "licenses: [{id: B, sku: ONE, quantity: 1}, {id: U, sku: TO-TWO, quantity: 1}, {id: V, sku: TO-THREE, quantity: 1}]\n\
         installs: [{version: app@3}]\n",
        &[],
    );
}

#[test]
fn an_upgrade_without_a_base_stands_on_nothing() {
    let nothing = "no license of a version in its `upgrades` can be used";
    assert_lints(
        "licenses: [{id: U, sku: TO-TWO, quantity: 1}, {id: V, sku: TO-THREE, quantity: 1}, {id: Z, sku: ONE, quantity: 0}]\n",
        &[
            &format!("W-NO-BASE the upgrade license `U` has nothing to stand on: {nothing}"),
            &format!("W-NO-BASE the upgrade license `V` has nothing to stand on: {nothing}"),
        ],
    );
}

#[test]
fn an_upgrade_whose_bases_have_ended_is_told_when() {
    assert_lints(
        "licenses:\n  - {id: A, sku: ONE, quantity: 1, end: 2025-06-30}\n  - {id: B, sku: ONE, quantity: 1, end: 2026-11-21}\n  \
         - {id: U, sku: TO-TWO, quantity: 1}\n",
        &["W-NO-BASE the upgrade license `U` has nothing to stand on: the last license that it could upgrade, `B`, \
           ended on 2026-11-21"],
    );
}

#[test]
fn a_version_whose_licenses_have_all_ended_is_told_when() {
    let lots = |more: &str| {
        format!(
            "licenses:\n  - {{id: A, sku: ONE, quantity: 1, end: 2025-06-30}}\n  - {{id: B, sku: TWO, quantity: 1, end: 2026-01-31}}\n\
             {more}installs: [{{version: app@1, quantity: 4}}, {{version: app@1, scope: emea}}]\n"
        )
    };
    assert_lints(
        &lots(""),
        &[
            "W-EXPIRED no license can reach 5 installs of `app@1`: all with a right to it have ended, the last one, `B`, on \
           2026-01-31",
        ],
    );
    assert_lints(
        &lots("  - {id: C, sku: ONE, quantity: 1, start: 2027-01-01}\n"),
        &[
            "W-NO-LICENSE no license can reach 5 installs of `app@1`: the first with a right to it, `C`, starts on 2027-01-01",
        ],
    );
    assert_lints(&lots("  - {id: C, sku: ONE, quantity: 1, end: 2026-11-22}\n"), &[]);
}

#[test]
fn gated_licenses_are_used_by_whom_they_are_assigned_to() {
    let rows = "licenses: [{id: D, sku: DB, quantity: 5}]\n\
                installs: [{version: db@1, asset: PC-1}, {version: db@1, asset: PC-2, quantity: 2}]\n";
    assert_lints(
        rows,
        &[
            "W-NO-USE no install can use the license `D`: it is used only when assigned, and nothing is assigned",
            "W-NO-LICENSE no license can reach 3 installs of `db@1` in `group`",
        ],
    );
    let one = format!("{rows}assignments: [{{license: D, asset: PC-1}}]\n");
    assert_lints(&one, &["W-NO-LICENSE no license can reach 2 installs of `db@1` in `group`"]);
    // The place is that of the row which is not reached, not of the first row.
    let first = findings(&format!("{SCOPES}{CATALOG}{one}")).diagnostics()[0].place;
    assert_eq!((first.line, first.column), (14, 52));
    assert_lints(&format!("{rows}assignments: [{{license: D, asset: PC-1}}, {{license: D, asset: PC-2}}]\n"), &[]);
}

#[test]
fn a_license_that_an_assignment_may_set_aside_is_used() {
    let rows = "licenses: [{id: L, sku: ONE, quantity: 1}, {id: M, sku: TWO, quantity: 1, scope: emea}]\n\
                installs: [{version: db@1, user: ann}]\n";
    let titled = format!("{rows}assignments: [{{title: app, user: ann, scope: berlin}}]\n");
    let found = lints(&format!("{SCOPES}{CATALOG}{titled}"));
    assert!(!found.iter().any(|finding| finding.starts_with("W-NO-USE")), "{found:?}");
    let found = lints(&format!("{SCOPES}{CATALOG}{rows}assignments: [{{license: L, user: bob}}]\n"));
    let useless: Vec<&String> = found.iter().filter(|finding| finding.starts_with("W-NO-USE")).collect();
    assert_eq!(useless, ["W-NO-USE no install can use the license `M`: nothing that it may cover needs a license"]);
}

#[test]
fn a_base_that_a_reserved_upgrade_might_stand_on_is_used() {
    assert_lints(
        "licenses: [{id: B, sku: ONE, quantity: 1}, {id: U, sku: TO-TWO, quantity: 1}]\n\
         installs: [{version: app@2, asset: PC-1}]\nassignments: [{license: U, asset: PC-1}]\n",
        &[],
    );
}

#[test]
fn demand_of_a_tracked_title_is_its_assignments() {
    let catalog = "titles: [{id: app, versions: [1, 2], track_by: assignments}]\nskus: [{id: ONE, version: app@1}]\n";
    let rows = |assignments: &str| {
        format!(
            "{catalog}licenses: [{{id: L, sku: ONE, quantity: 2, end: 2026-01-31}}]\ninstalls: [{{version: app@2}}]\n\
             assignments: [{assignments}]\n"
        )
    };
    assert_eq!(
        lints(&rows("{title: app, user: ann, version: 1}, {title: app, user: bob, version: 1}")),
        [
            "W-EXPIRED no license can reach 2 assignments that demand `app@1`: all with a right to it have ended, the last \
          one, `L`, on 2026-01-31"
        ]
    );
    assert_eq!(
        lints(&rows("{title: app, user: ann}")),
        ["W-NO-LICENSE no license can reach the assignment that demands `app@2`: none has a right to it"]
    );
    assert_eq!(lints(&rows("{license: L, user: ann}")).len(), 1);
}

#[test]
fn inactive_titles_are_left_alone() {
    let catalog = "titles: [{id: app, versions: [1], status: inactive}, {id: db, versions: [1]}]\n\
                   skus: [{id: ONE, version: app@1}, {id: DB, version: db@1}]\n";
    let rows = "licenses: [{id: D, sku: DB, quantity: 2}, {id: L, sku: ONE, quantity: 1, scope: emea}]\n\
                installs: [{version: app@1}, {version: db@1}]\nassignments: [{title: app, user: ann}]\n";
    assert_eq!(lints(&format!("{SCOPES}{catalog}{rows}")), [""; 0]);
}

#[test]
fn an_assignment_needs_an_install_that_it_matches() {
    let licenses = "licenses: [{id: L, sku: ONE, quantity: 9, scope: emea}, {id: M, sku: ONE, quantity: 9}]\n";
    let rows = |installs: &str, assigned: &str| {
        format!("{licenses}installs: [{installs}, {{version: app@1}}]\nassignments: [{assigned}]\n")
    };
    let found = |installs: &str, assigned: &str| {
        let all = lints(&format!("{SCOPES}{CATALOG}{}", rows(installs, assigned)));
        all.into_iter()
            .filter_map(|found| Some(found.strip_prefix("W-NOT-INSTALLED no install matches ")?.to_owned()))
            .collect::<Vec<String>>()
    };
    let none: Vec<String> = Vec::new();
    let license = "{license: L, asset: PC-1}";
    for (installs, why) in [
        ("{version: app@1, asset: PC-2}", "nothing that counts is installed"),
        ("{version: app@1, asset: PC-1, excluded: scrap}", "nothing that counts is installed"),
        ("{version: db@1, asset: PC-1}", "only other titles are installed"),
        ("{version: app@2, asset: PC-1}", "only other versions are installed"),
        ("{version: app@1, asset: PC-1}", "the license may not be used where it is installed"),
    ] {
        let expected: Vec<String> = vec![format!("the assignment of the license `L` to the asset `PC-1`: {why}")];
        assert_eq!(found(installs, license), expected);
    }
    assert_eq!(found("{version: app@1, asset: PC-1, scope: berlin}", license), none);
    let title = "{title: app, version: 2, user: ann}, {title: app, version: 2, user: bob}";
    let expected: Vec<String> =
        vec!["the assignments of `app@2` to the user `ann` and another: only other versions are installed".to_owned()];
    assert_eq!(found("{version: app@1, user: bob}, {version: app@3, user: ann}", title), expected);
    assert_eq!(found("{version: app@2, user: bob}, {version: app@2, user: ann}", title), none);
}

#[test]
fn a_base_assigned_with_the_upgrade_on_it_is_matched_by_what_the_upgrade_covers() {
    assert_lints(
        "licenses: [{id: B, sku: ONE, quantity: 1}, {id: U, sku: TO-TWO, quantity: 1}]\n\
         installs: [{version: app@2, asset: PC-1}]\n\
         assignments: [{license: B, asset: PC-1}, {license: U, asset: PC-1}]\n",
        &[],
    );
}

#[test]
fn rights_over_titles_of_another_publisher_are_doubted() {
    let catalog = |publisher: &str| {
        format!(
            "titles: [{{id: app, versions: [1, 2], publisher: Ours}}, {{id: db, versions: [1, 2]{publisher}}}]\n\
             skus: [{{id: S, version: app@1, covers: [db@1, app@2, db@2]}}, {{id: U, version: app@2, upgrades: [db@*]}}]\n"
        )
    };
    assert_eq!(lints(&catalog("")), [""; 0]);
    assert_eq!(lints(&catalog(", publisher: ours")), [""; 0]);
    assert_eq!(
        lints(&catalog(", publisher: Theirs")),
        [
            "W-PUBLISHER the SKU `S` of `Ours` covers versions of `db`, a title of `Theirs`",
            "W-PUBLISHER the SKU `U` of `Ours` upgrades versions of `db`, a title of `Theirs`",
        ]
    );
}

#[test]
fn lots_that_say_the_same_are_one_finding() {
    let rows = "licenses: [{id: C, sku: ONE, quantity: 1}, {id: A, sku: ONE, quantity: 1}, {id: B, sku: ONE, quantity: 1}]\n\
                installs: [{version: app@1}]\n";
    assert_lints(rows, &["W-DUP-LOT the license `B` says the same as `A`, and so does another"]);
}

#[test]
fn many_rows_of_one_fault_are_one_finding() {
    let mut rows = String::from("licenses: [{id: L, sku: TWO, quantity: 1}]\ninstalls:\n  - {version: app@1}\n");
    for row in 0..1_000 {
        let scope = ["group", "emea", "apac", "berlin"][row % 4];
        let _ = writeln!(rows, "  - {{version: db@1, scope: {scope}, asset: PC-{row}}}");
    }
    assert_lints(&rows, &["W-NO-LICENSE no license can reach 1000 installs of `db@1`: none has a right to it"]);
}

#[test]
fn the_order_of_rows_changes_no_words() {
    for seed in 0..300 {
        let draft = Draft::generate(seed, &Shape::SMALL);
        let words = |draft: &Draft| {
            let reading = read_estate_text("estate.yaml", &draft.to_yaml(), &ReadOptions::default());
            assert!(!reading.findings.has_errors(), "seed {seed}");
            let mut words: Vec<String> = (reading.findings.diagnostics().iter())
                .map(|found| format!("{} {} {:?}", found.code, found.message, found.help))
                .collect();
            words.sort_unstable();
            words
        };
        assert_eq!(words(&draft), words(&draft.permuted(seed + 1)), "seed {seed}");
    }
}
