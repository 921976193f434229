//! The statement against answers computed by hand, and against itself.

use super::upgrades_mix_places;
use model::ReadOptions;
use model::estate::Estate;
use model::generate::{Draft, Shape};
use model::objective::{POSITION_LEVELS, without_units_bought};

/// The estate in a text that is valid.
fn read(text: &str) -> Estate {
    let reading = model::read_estate_text("estate.yaml", text, &ReadOptions::default());
    let Some(estate) = reading.estate else { panic!("refused: {:?}\n{text}", reading.findings) };
    estate
}

/// The optimum, without the level of units bought.
fn optimum(estate: &Estate) -> [i128; POSITION_LEVELS] {
    without_units_bought(super::optimum(estate))
}

/// The optimum of an estate with office 2007, 2010 and 2013 in front of the given lists.
fn office(lists: &str) -> [i128; POSITION_LEVELS] {
    optimum(&read(&format!(
        "licit: 1\nas_of: 2026-11-22\ncurrency: EUR\n\
         titles: [{{id: office, versions: [2007, 2010, 2013]}}, {{id: visio, versions: [2010]}}]\n{lists}"
    )))
}

/// A base lot of 2007 and an upgrade lot from 2007 to 2010, no other rights.
const UPGRADE: &str = "
skus:
  - {id: BASE, version: office@2007}
  - {id: UPG, version: office@2010, upgrades: [office@2007]}
licenses: [{id: B, sku: BASE, quantity: 1}, {id: U, sku: UPG, quantity: 1}]
";

/// One unit of 2010.
const SINGLE: &str = "
skus: [{id: OFF10, version: office@2010}]
licenses: [{id: L, sku: OFF10, quantity: 1}]
";

/// Two trees of scopes and one unit of 2010 in `emea`.
const PLACES: &str = "
scopes: [{id: group}, {id: emea, parent: group}, {id: apac, parent: group}, {id: japan, parent: apac}, {id: other}]
skus: [{id: OFF10, version: office@2010}]
licenses: [{id: L, sku: OFF10, quantity: 1, scope: emea}]
";

#[test]
fn more_and_fewer_of_each_version_are_counted_gross() {
    let answer = office(
        "
skus:
  - {id: OFF13, version: office@2013, covers: [office@..2010]}
  - {id: OFF10, version: office@2010, covers: [office@..2007]}
  - {id: OFF07, version: office@2007}
licenses: [{id: A, sku: OFF13, quantity: 10}, {id: B, sku: OFF10, quantity: 5}, {id: C, sku: OFF07, quantity: 3}]
installs:
  - {version: office@2013, quantity: 11}
  - {version: office@2010, quantity: 3}
  - {version: office@2007, quantity: 2}
",
    );
    assert_eq!(answer, [0, 0, 1, 0, 0, 0, 0, 10 * 3 + 3 * 2 + 2]);
}

#[test]
fn the_smallest_false_red_is_covered() {
    let answer = office(
        "
skus: [{id: WIDE, version: office@2010, covers: [office@2007]}, {id: NARROW, version: office@2010}]
licenses:
  - {id: A, sku: WIDE, quantity: 1, purchased: 2019-01-01}
  - {id: B, sku: NARROW, quantity: 1, purchased: 2020-01-01}
installs: [{version: office@2010}, {version: office@2007}]
",
    );
    assert_eq!(answer, [0, 0, 0, 0, 0, 0, 1, 3]);
}

#[test]
fn an_upgrade_consumes_its_base() {
    let of = |old: u32, new: u32, bases: u32, upgrades: u32| {
        office(&format!(
            "
skus: [{{id: BASE, version: office@2007}}, {{id: UPG, version: office@2010, upgrades: [office@2007]}}]
licenses: [{{id: B, sku: BASE, quantity: {bases}}}, {{id: U, sku: UPG, quantity: {upgrades}}}]
installs: [{{version: office@2007, quantity: {old}}}, {{version: office@2010, quantity: {new}}}]
"
        ))
    };
    assert_eq!(of(4, 6, 10, 6), [0, 0, 0, 0, 0, 0, 24, 10]);
    // The cheapest to leave uncovered is one that needs an upgrade.
    assert_eq!(of(5, 6, 10, 6), [0, 0, 1, 0, 0, 0, 20, 10]);
    assert_eq!(of(0, 15, 10, 20), [0, 0, 5, 0, 0, 0, 40, 10]);
}

#[test]
fn a_chain_of_upgrades_has_as_many_entitlements_as_bases() {
    let of = |oldest: u32| {
        office(&format!(
            "
skus:
  - {{id: FULL, version: office@2007}}
  - {{id: UP1, version: office@2010, upgrades: [office@2007]}}
  - {{id: UP2, version: office@2013, upgrades: [office@2010]}}
licenses: [{{id: F, sku: FULL, quantity: 10}}, {{id: U1, sku: UP1, quantity: 20}}, {{id: U2, sku: UP2, quantity: 7}}]
installs:
  - {{version: office@2007, quantity: {oldest}}}
  - {{version: office@2010, quantity: 3}}
  - {{version: office@2013, quantity: 7}}
"
        ))
    };
    assert_eq!(of(0), [0, 0, 0, 0, 0, 0, 7 * 8 + 3 * 4, 10]);
    assert_eq!(of(1), [0, 0, 1, 0, 0, 0, 6 * 8 + 3 * 4, 10]);
}

#[test]
fn coverage_is_stretched_by_age_title_and_upgrades() {
    let of = |sku: &str, installed: &str| {
        office(&format!(
            "
skus: [{{id: SKU, {sku}}}]
licenses: [{{id: L, sku: SKU, unlimited: true}}]
installs: [{{version: {installed}, quantity: 2}}]
"
        ))
    };
    assert_eq!(of("version: office@2010, covers: [office@*]", "office@2010"), [0, 0, 0, 0, 0, 0, 0, 6]);
    assert_eq!(of("version: office@2010, covers: [office@*]", "office@2007"), [0, 0, 0, 0, 0, 0, 2, 6]);
    assert_eq!(of("version: office@2010, covers: [office@*]", "office@2013"), [0, 0, 0, 0, 0, 0, 4, 6]);
    assert_eq!(of("version: office@2010, covers: [visio@*]", "visio@2010"), [0, 0, 0, 0, 0, 0, 6, 4]);
    assert_eq!(of("version: office@2010, upgrades: [office@2007]", "office@2010"), [0, 0, 2, 0, 0, 0, 0, 0]);
}

#[test]
fn licenses_count_from_their_first_day_to_their_last() {
    let of = |dates: &str| {
        office(&format!(
            "
skus: [{{id: OFF10, version: office@2010}}]
licenses: [{{id: L, sku: OFF10, quantity: 1, {dates}}}]
installs: [{{version: office@2010}}]
assignments: [{{license: L, asset: PC-1}}]
"
        ))
    };
    assert_eq!(of("start: 2026-11-22, end: 2026-11-22"), [0, 0, 1, 0, 1, 0, 0, 1]);
    assert_eq!(of("end: 2026-11-21"), [1, 0, 1, 0, 0, 0, 0, 0]);
    assert_eq!(of("start: 2026-11-23"), [1, 0, 1, 0, 0, 0, 0, 0]);
}

#[test]
fn a_gated_license_serves_only_those_it_is_assigned_to() {
    let answer = office(
        "
skus: [{id: OFF10, version: office@2010, use_only_when_assigned: true}]
licenses: [{id: L, sku: OFF10, quantity: 2}]
installs: [{version: office@2010, asset: PC-1}, {version: office@2010, asset: PC-2}]
assignments: [{license: L, asset: PC-1}]
",
    );
    assert_eq!(answer, [0, 0, 1, 0, 0, 0, 0, 1]);
}

#[test]
fn contracts_bind_only_where_both_sides_name_one() {
    let of = |license: &str, install: &str| {
        office(&format!(
            "
skus: [{{id: OFF10, version: office@2010}}]
licenses: [{{id: L, sku: OFF10, quantity: 1{license}}}]
installs: [{{version: office@2010{install}}}]
"
        ))[2]
    };
    assert_eq!(of(", contract: A", ", contract: B"), 1);
    assert_eq!(of(", contract: A", ", contract: A"), 0);
    assert_eq!(of(", contract: A", ""), 0);
    assert_eq!(of("", ", contract: B"), 0);
}

#[test]
fn a_transfer_is_the_cheapest_single_one_and_free_at_home() {
    let of = |transfers: &str, place: &str| {
        let answer = office(&format!(
            "{PLACES}transfers: [{transfers}]\ninstalls: [{{version: office@2010, scope: {place}}}]\n"
        ));
        (answer[2], answer[5])
    };
    assert_eq!(of("", "apac"), (1, 0));
    assert_eq!(of("{from: emea, to: apac, cost: 5}", "apac"), (0, 50_000));
    assert_eq!(of("{from: emea, to: apac, cost: 5}", "japan"), (0, 50_000));
    assert_eq!(of("{from: emea, to: apac, cost: 5}, {from: emea, to: japan, cost: 3.00}", "japan"), (0, 30_000));
    assert_eq!(of("{from: emea, to: apac, cost: 5}, {from: emea, to: japan, cost: 3.00}", "apac"), (0, 50_000));
    assert_eq!(of("{from: emea, to: japan, cost: 5}", "apac"), (1, 0));
    assert_eq!(of("{from: group, to: other, cost: 5}", "other"), (1, 0));
    assert_eq!(of("{from: emea, to: apac, cost: 1}, {from: apac, to: other, cost: 1}", "other"), (1, 0));
    assert_eq!(of("{from: emea, to: group, cost: 5}", "emea"), (0, 0));
}

#[test]
fn every_unit_of_a_path_pays_its_transfer() {
    let places = "
scopes: [{id: group}, {id: emea, parent: group}, {id: apac, parent: group}]
transfers: [{from: emea, to: apac, cost: 2}]
installs: [{version: office@2010, scope: apac}]
skus: [{id: BASE, version: office@2007}, {id: UPG, version: office@2010, upgrades: [office@2007]}]
";
    let both =
        "licenses: [{id: B, sku: BASE, quantity: 1, scope: emea}, {id: U, sku: UPG, quantity: 1, scope: emea}]\n";
    assert_eq!(office(&format!("{places}{both}")), [0, 0, 0, 0, 0, 40_000, 4, 1]);
    let one = "licenses: [{id: B, sku: BASE, quantity: 1, scope: emea}, {id: U, sku: UPG, quantity: 1}]\n";
    assert_eq!(office(&format!("{places}{one}")), [0, 0, 0, 0, 0, 20_000, 4, 1]);
}

#[test]
fn two_capacities_meet_in_one_path() {
    let text = "licit: 1\nas_of: 2026-11-22
scopes: [{id: group}, {id: a, parent: group}, {id: b, parent: group}]
titles: [{id: office, versions: [2007, 2010]}]
skus: [{id: BASE, version: office@2007}, {id: UPG, version: office@2010, upgrades: [office@2007]}]
licenses:
  - {id: A, sku: BASE, quantity: 1, scope: a}
  - {id: B, sku: BASE, quantity: 1, scope: b}
  - {id: U, sku: UPG, quantity: 2, scope: group}
installs: [{version: office@2010, scope: a, quantity: 2}]
";
    assert_eq!(optimum(&read(text)), [0, 0, 1, 0, 0, 0, 4, 1]);
    assert!(upgrades_mix_places(&read(text)));
    assert!(!upgrades_mix_places(&read(&text.replace("scope: b}", "scope: a}"))));
}

#[test]
fn a_reserved_upgrade_needs_an_entitlement_to_stand_on() {
    let alone = UPGRADE.replace("{id: B, sku: BASE, quantity: 1}, ", "");
    let assigned = "assignments: [{license: U, asset: PC-1}]\n";
    assert_eq!(office(&format!("{alone}{assigned}")), [1, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(office(&format!("{UPGRADE}{assigned}")), [0, 0, 0, 0, 1, 0, 4, 1]);
    let installed = "installs: [{version: office@2010, asset: PC-1}]\n";
    assert_eq!(office(&format!("{UPGRADE}{assigned}{installed}")), [0, 0, 0, 0, 0, 0, 4, 1]);
    // Meeting the assignment comes before covering the install that could have used the base.
    let elsewhere = "installs: [{version: office@2007, asset: PC-2}]\n";
    assert_eq!(office(&format!("{UPGRADE}{assigned}{elsewhere}")), [0, 0, 1, 0, 1, 0, 4, 1]);
}

#[test]
fn on_a_reserved_unit_stand_only_units_reserved_for_the_same_target() {
    let of = |assignments: &str| {
        office(&format!(
            "{UPGRADE}installs: [{{version: office@2010, asset: PC-1, user: alice}}]\nassignments: [{assignments}]\n"
        ))
    };
    assert_eq!(of("{license: B, asset: PC-1}, {license: U, asset: PC-1}"), [0, 0, 0, 0, 0, 0, 4, 1]);
    assert_eq!(of("{license: B, asset: PC-1}, {license: U, user: alice}"), [1, 0, 1, 0, 1, 0, 0, 1]);
    assert_eq!(of("{license: B, asset: PC-1}"), [0, 0, 1, 0, 1, 0, 0, 1]);
    assert_eq!(of("{license: U, user: alice}"), [0, 0, 0, 0, 0, 0, 4, 1]);
}

#[test]
fn assets_are_honored_before_users_and_then_by_id() {
    let of = |targets: &str, installed: &str| {
        office(&format!("{SINGLE}installs: [{{version: office@2010, {installed}}}]\nassignments: [{targets}]\n"))
    };
    let both = "{license: L, user: alice}, {license: L, asset: PC-2}";
    assert_eq!(of(both, "asset: PC-2"), [1, 0, 0, 0, 0, 0, 0, 1]);
    assert_eq!(of(both, "user: alice"), [1, 0, 1, 0, 1, 0, 0, 1]);
    let assets = "{license: L, asset: PC-9}, {license: L, asset: PC-10}";
    assert_eq!(of(assets, "asset: PC-10"), [1, 0, 0, 0, 0, 0, 0, 1]);
    assert_eq!(of(assets, "asset: PC-9"), [1, 0, 1, 0, 1, 0, 0, 1]);
}

#[test]
fn a_title_assignment_without_installs_takes_an_entitlement() {
    let of = |assignment: &str, installs: &str| {
        office(&format!("{SINGLE}installs: [{installs}]\nassignments: [{{title: office, {assignment}}}]\n"))
    };
    assert_eq!(of("user: alice", "{version: office@2010}"), [0, 0, 1, 0, 1, 0, 0, 1]);
    assert_eq!(of("user: alice", "{version: office@2010, user: alice}"), [0, 0, 0, 0, 0, 0, 0, 1]);
    assert_eq!(of("user: alice, version: 2007", ""), [0, 1, 0, 0, 0, 0, 0, 0]);
    // An install that counts but cannot be covered leaves it unmet: nothing is set aside.
    assert_eq!(of("user: alice", "{version: office@2007, user: alice}"), [0, 1, 1, 0, 0, 0, 0, 0]);
    // An install of another version does not count for one with a version.
    assert_eq!(of("user: alice, version: 2010", "{version: office@2007, user: alice}"), [0, 0, 1, 0, 1, 0, 0, 1]);
    // Neither do excluded installs and rows of none.
    let none = "{version: office@2007, user: alice, excluded: lost}, {version: office@2007, user: alice, quantity: 0}";
    assert_eq!(of("user: alice", none), [0, 0, 0, 0, 1, 0, 0, 1]);
}

#[test]
fn an_assets_title_assignment_takes_the_install_from_its_users() {
    let of = |quantity: u32, version: &str| {
        office(&format!(
            "
skus: [{{id: OFF10, version: office@2010}}]
licenses: [{{id: L, sku: OFF10, quantity: {quantity}}}]
installs: [{{version: office@2010, asset: PC-1, user: alice}}]
assignments: [{{title: office, asset: PC-1{version}}}, {{title: office, user: alice}}]
"
        ))
    };
    assert_eq!(of(2, ""), [0, 0, 0, 0, 1, 0, 0, 2]);
    assert_eq!(of(1, ""), [0, 1, 0, 0, 0, 0, 0, 1]);
    // An assignment of the asset that does not match leaves the install to the user's.
    assert_eq!(of(2, ", version: 2007"), [0, 1, 0, 0, 0, 0, 0, 1]);
}

#[test]
fn one_entitlement_set_aside_meets_a_title_and_license_assignments() {
    let both = "assignments: [{license: L, asset: PC-1}, {title: office, asset: PC-1}]\n";
    assert_eq!(office(&format!("{SINGLE}{both}")), [0, 0, 0, 0, 1, 0, 0, 1]);
    let others = "assignments: [{license: L, asset: PC-1}, {title: office, asset: PC-2}]\n";
    assert_eq!(office(&format!("{SINGLE}{others}")), [0, 1, 0, 0, 1, 0, 0, 1]);
    // It meets one title assignment only.
    let two = "
skus: [{id: OFF10, version: office@2010, covers: [visio@2010]}]
licenses: [{id: L, sku: OFF10, quantity: 1}]
assignments: [{license: L, asset: PC-1}, {title: office, asset: PC-1}, {title: visio, asset: PC-1}]
";
    assert_eq!(office(two), [0, 1, 0, 0, 1, 0, 0, 2]);
}

#[test]
fn what_is_set_aside_must_be_usable_there_unless_it_is_reserved() {
    let of = |assignments: &str, transfers: &str| {
        let answer = office(&format!("{PLACES}transfers: [{transfers}]\nassignments: [{assignments}]\n"));
        (answer[0], answer[1], answer[4], answer[5])
    };
    assert_eq!(of("{title: office, asset: PC-1, scope: other}", ""), (0, 1, 0, 0));
    let transfer = "{from: emea, to: other, cost: 7}";
    assert_eq!(of("{title: office, asset: PC-1, scope: other}", transfer), (0, 0, 1, 70_000));
    let reserved = "{license: L, asset: PC-1}, {title: office, asset: PC-1, scope: other}";
    assert_eq!(of(reserved, ""), (0, 0, 1, 0));
    // When it covers, a reserved unit must be usable at the install like any other.
    let installed = "installs: [{version: office@2010, asset: PC-1, scope: other}]\n";
    let answer = office(&format!("{PLACES}{installed}assignments: [{{license: L, asset: PC-1, scope: other}}]\n"));
    assert_eq!(answer, [0, 0, 1, 0, 1, 0, 0, 1]);
}

#[test]
fn the_base_under_a_reserved_upgrade_must_be_usable_at_its_assignment() {
    let of = |scope: &str| {
        office(&format!(
            "
scopes: [{{id: group}}, {{id: emea, parent: group}}, {{id: apac, parent: group}}]
transfers: [{{from: emea, to: apac, cost: 2}}]
skus: [{{id: BASE, version: office@2007}}, {{id: UPG, version: office@2010, upgrades: [office@2007]}}]
licenses: [{{id: B, sku: BASE, quantity: 1, scope: emea}}, {{id: U, sku: UPG, quantity: 1}}]
assignments: [{{license: U, user: alice{scope}}}]
"
        ))
    };
    assert_eq!(of(", scope: emea"), [0, 0, 0, 0, 1, 0, 4, 1]);
    assert_eq!(of(", scope: apac"), [0, 0, 0, 0, 1, 20_000, 4, 1]);
    assert_eq!(of(""), [1, 0, 0, 0, 0, 0, 0, 0]);
}

#[test]
fn a_tracked_title_is_demanded_by_its_assignments() {
    let of = |quantity: u32, assignments: &str| {
        optimum(&read(&format!(
            "licit: 1\nas_of: 2026-11-22
scopes: [{{id: group}}, {{id: emea, parent: group}}]
titles: [{{id: cad, versions: [1, 2, 3], track_by: assignments}}]
skus: [{{id: CAD2, version: cad@2, covers: [cad@1]}}]
licenses: [{{id: L, sku: CAD2, quantity: {quantity}}}]
installs: [{{version: cad@3, quantity: 5, asset: PC-1}}]
assignments: [{assignments}]
"
        )))
    };
    // The newest version is demanded where nothing says otherwise.
    assert_eq!(of(2, "{title: cad, user: alice}"), [0, 1, 1, 0, 0, 0, 0, 0]);
    let given = "{title: cad, user: alice, version: 2}, {title: cad, user: bob, version: 1}";
    assert_eq!(of(2, given), [0, 0, 0, 0, 0, 0, 1, 4]);
    assert_eq!(of(1, given), [0, 1, 1, 0, 0, 0, 0, 2]);
    // A license assignment demands the main version of its SKU, honored or not.
    assert_eq!(of(1, "{license: L, asset: PC-1}"), [0, 0, 0, 0, 0, 0, 0, 2]);
    assert_eq!(of(1, "{license: L, asset: PC-1}, {license: L, user: alice}"), [1, 0, 1, 0, 0, 0, 0, 2]);
    // One unit of demand for each scope; any of them meets the title assignment.
    let two = "{license: L, user: alice, scope: emea}, {title: cad, user: alice}";
    assert_eq!(of(1, two), [0, 0, 1, 0, 0, 0, 0, 2]);
    let one = "{license: L, user: alice}, {title: cad, user: alice}";
    assert_eq!(of(1, one), [0, 0, 0, 0, 0, 0, 0, 2]);
}

#[test]
fn licenses_of_an_inactive_title_cover_others() {
    let answer = optimum(&read(
        "licit: 1\nas_of: 2026-11-22
titles: [{id: old, versions: [1], status: inactive}, {id: new, versions: [1]}]
skus: [{id: OLD, version: old@1, covers: [new@1]}]
licenses: [{id: L, sku: OLD, quantity: 2}]
installs: [{version: old@1, quantity: 3}, {version: new@1}]
assignments: [{title: old, user: alice}, {license: L, user: bob}]
",
    ));
    assert_eq!(answer, [0, 0, 0, 0, 1, 0, 3, 4]);
}

#[test]
fn generated_drafts_are_valid() {
    for (shape, count) in [(&Shape::TINY, 2_000), (&Shape::SMALL, 1_000), (&Shape::LARGE, 40)] {
        for seed in 0..count {
            read(&Draft::generate(seed, shape).to_yaml());
        }
    }
}

#[test]
fn the_order_of_rows_changes_nothing() {
    for seed in 0..200 {
        let draft = Draft::generate(seed, &Shape::TINY);
        let permuted = draft.permuted(seed);
        assert_eq!(read(&draft.to_yaml()), read(&permuted.to_yaml()), "seed {seed}");
    }
}

#[test]
fn the_optimum_of_a_union_is_the_sum_of_the_optima() {
    for seed in 0..100 {
        let parts = [Draft::generate(2 * seed, &Shape::TINY), Draft::generate(2 * seed + 1, &Shape::TINY)];
        let [one, other] = parts.each_ref().map(|part| optimum(&read(&part.to_yaml())));
        let sum: [i128; POSITION_LEVELS] = std::array::from_fn(|level| one[level] + other[level]);
        assert_eq!(optimum(&read(&Draft::union(&parts).to_yaml())), sum, "seed {seed}");
    }
}

#[test]
fn more_supply_never_hurts_and_more_demand_never_helps() {
    for seed in 0..300 {
        let draft = Draft::generate(seed, &Shape::TINY);
        let best = |draft: &Draft| optimum(&read(&draft.to_yaml()));
        let (plain, supplied) = (best(&draft), best(&draft.with_another_license(seed)));
        assert!(supplied[..3] <= plain[..3], "seed {seed}: {supplied:?} with another license, {plain:?} without");
        let demanding = best(&draft.with_another_install(seed));
        assert_eq!(demanding[..2], plain[..2], "seed {seed}");
        assert!((plain[2]..=plain[2] + 3).contains(&demanding[2]), "seed {seed}");
    }
}

#[test]
fn rules_meet_in_generated_drafts() {
    let mut mixed = 0;
    let mut touched = [0; POSITION_LEVELS];
    for seed in 0..1_000 {
        let estate = read(&Draft::generate(seed, &Shape::TINY).to_yaml());
        mixed += u32::from(upgrades_mix_places(&estate));
        let answer = optimum(&estate);
        answer.iter().zip(&mut touched).for_each(|(&figure, count)| *count += u32::from(figure > 0));
    }
    assert!((80..200).contains(&mixed), "{mixed} of 1000 mix places");
    let rarest = [0, 1, 2, 4, 5, 6].into_iter().map(|level| touched[level]).min();
    assert!(rarest > Some(40), "levels above zero in {touched:?} of 1000");
}
