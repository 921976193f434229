//! What the statement derives against answers found by hand, and against itself.

use super::{Certainty, Facts, Reason, Status, certainties, percent_tenths, reach, roll_up, standing, when_expiring};
use crate::agreement;
use crate::estates::parse;
use crate::statement::{Deeds, Stage, Supply, best, demands, optimum, search, stages, wishes};
use model::estate::{Assigned, Estate, Install, Thresholds, TrackBy};
use model::generate::{Draft, Shape};
use model::id::{Table, VersionId};
use model::number::Quantity;
use model::objective::Level;
use std::collections::BTreeSet;
use std::ops::Range;

use Certainty::{Always, Never, Sometimes};

/// An estate with office 2007, 2010 and 2013 in front of the given lists.
fn office(lists: &str) -> Estate {
    parse(&format!(
        "licit: 1\nas_of: 2026-11-22\ncurrency: EUR\n\
         titles: [{{id: office, versions: [2007, 2010, 2013]}}, {{id: visio, versions: [2010]}}]\n{lists}"
    ))
}

/// How the versions of office and then the licenses fare.
fn certain(lists: &str) -> ([Certainty; 3], Vec<Certainty>) {
    let estate = office(lists);
    let certain = certainties(&estate);
    let of = |name| certain.shortage[estate.find_version("office", name).unwrap()];
    (["2007", "2010", "2013"].map(of), certain.needed.as_slice().to_vec())
}

/// The reach of the versions of office.
fn reaches(lists: &str) -> [Option<u64>; 3] {
    let estate = office(lists);
    let reach = reach(&estate);
    ["2007", "2010", "2013"].map(|name| reach[estate.find_version("office", name).unwrap()])
}

/// A unit for 2013 and older, one for 2010 and older.
const TWO: &str = "
skus:
  - {id: OFF13, version: office@2013, covers: [office@..2010]}
  - {id: OFF10, version: office@2010, covers: [office@2007]}
licenses: [{id: A, sku: OFF13, quantity: 1}, {id: B, sku: OFF10, quantity: 1}]
";

/// Base lots and an upgrade lot from 2007 to 2010, which covers 2007 too.
const UPGRADE: &str = "
skus:
  - {id: BASE, version: office@2007}
  - {id: UPG, version: office@2010, covers: [office@2007], upgrades: [office@2007]}
";

/// Two trees of scopes.
const PLACES: &str = "
scopes: [{id: group}, {id: emea, parent: group}, {id: apac, parent: group}, {id: other}]
skus: [{id: OFF10, version: office@2010}]
";

#[test]
fn demand_beyond_every_right_must_be_short() {
    let lists = format!("{TWO}installs: [{{version: office@2013, quantity: 2}}, {{version: office@2007}}]\n");
    assert_eq!(certain(&lists), ([Never, Never, Always], vec![Always, Always]));
}

#[test]
fn where_one_of_two_versions_is_short_either_may_be() {
    let lists =
        format!("{TWO}installs: [{{version: office@2010, quantity: 2}}, {{version: office@2007, quantity: 1}}]\n");
    assert_eq!(certain(&lists), ([Sometimes, Sometimes, Never], vec![Always, Always]));
    // With one more of each version, one of 2010 could still be covered but need not, nor need 2007.
    let more = lists.replace("2007, quantity: 1", "2007, quantity: 2");
    assert_eq!(certain(&more), ([Sometimes, Sometimes, Never], vec![Always, Always]));
    // Three of one version cannot all be covered by two units; the other may still be.
    let most = lists.replace("2010, quantity: 2", "2010, quantity: 3");
    assert_eq!(certain(&most), ([Sometimes, Always, Never], vec![Always, Always]));
}

#[test]
fn a_version_is_short_as_a_whole_wherever_it_is_demanded() {
    // Either demand of 2010 can be covered by the two units, both together cannot.
    let lists = "
skus: [{id: OFF10, version: office@2010, covers: [office@2007]}]
licenses: [{id: L, sku: OFF10, quantity: 2}]
installs: [{version: office@2007}, {version: office@2010}, {version: office@2010, quantity: 2, contract: EA-1}]
";
    assert_eq!(certain(lists), ([Sometimes, Always, Never], vec![Always]));
}

#[test]
fn coverage_of_several_versions_is_worth_no_more_than_of_one() {
    // The unit for 2013 may go to either; the unit for 2010 has nothing else to do than cover 2010.
    let lists = format!("{TWO}installs: [{{version: office@2013}}, {{version: office@2010, quantity: 2}}]\n");
    assert_eq!(certain(&lists), ([Never, Sometimes, Sometimes], vec![Always, Always]));
}

#[test]
fn either_of_two_lots_is_sometimes_needed() {
    let one = format!("{TWO}installs: [{{version: office@2010}}]\n");
    assert_eq!(certain(&one).1, [Sometimes, Sometimes]);
    let two = format!("{TWO}installs: [{{version: office@2010, quantity: 2}}]\n");
    assert_eq!(certain(&two).1, [Always, Always]);
    let newest = format!("{TWO}installs: [{{version: office@2013}}]\n");
    assert_eq!(certain(&newest).1, [Always, Never]);
}

#[test]
fn lots_alike_in_everything_are_asked_about_one_by_one() {
    let of = |quantity: u32| {
        certain(&format!(
            "
skus: [{{id: OFF10, version: office@2010}}]
licenses: [{{id: A, sku: OFF10, quantity: 2}}, {{id: B, sku: OFF10, quantity: 2}}, {{id: C, sku: OFF10, quantity: 0}}]
installs: [{{version: office@2010, quantity: {quantity}}}]
"
        ))
    };
    assert_eq!(of(2), ([Never; 3], vec![Sometimes, Sometimes, Never]));
    assert_eq!(of(3), ([Never; 3], vec![Always, Always, Never]));
    assert_eq!(of(5), ([Never, Always, Never], vec![Always, Always, Never]));
}

#[test]
fn levels_below_the_third_decide_nothing() {
    // The optimum uses the exact lot at home; the others would do, for a transfer or a downgrade.
    let lists = "
scopes: [{id: group}, {id: emea, parent: group}, {id: apac, parent: group}]
transfers: [{from: apac, to: emea, cost: 5}]
skus: [{id: OFF13, version: office@2013, covers: [office@*]}, {id: OFF10, version: office@2010}]
licenses:
  - {id: A, sku: OFF10, quantity: 1, scope: emea}
  - {id: B, sku: OFF10, quantity: 1, scope: apac}
  - {id: C, sku: OFF13, quantity: 1}
  - {id: D, sku: OFF13, quantity: 1, end: 2026-11-21}
  - {id: E, sku: OFF13, unlimited: true, scope: apac}
installs: [{version: office@2010, scope: emea}]
";
    assert_eq!(certain(lists).1, [Sometimes, Sometimes, Sometimes, Never, Sometimes]);
}

#[test]
fn a_base_is_needed_below_an_upgrade() {
    let lots = "licenses: [{id: A, sku: BASE, quantity: 1}, {id: B, sku: BASE, quantity: 1}, {id: U, sku: UPG}]\n";
    let lots = lots.replace("sku: UPG", "sku: UPG, quantity: 1");
    let new = format!("{UPGRADE}{lots}installs: [{{version: office@2010}}]\n");
    assert_eq!(certain(&new), ([Never; 3], vec![Sometimes, Sometimes, Always]));
    // An upgrade without need is allowed too: levels 1 to 3 do not weigh it.
    let old = format!("{UPGRADE}{lots}installs: [{{version: office@2007}}]\n");
    assert_eq!(certain(&old), ([Never; 3], vec![Sometimes, Sometimes, Sometimes]));
    let both = format!("{UPGRADE}{lots}installs: [{{version: office@2010, quantity: 2}}, {{version: office@2007}}]\n");
    assert_eq!(certain(&both), ([Never, Always, Never], vec![Always, Always, Always]));
}

#[test]
fn what_is_set_aside_is_needed() {
    let title = format!("{TWO}assignments: [{{title: office, user: alice, version: 2007}}]\n");
    assert_eq!(certain(&title), ([Never; 3], vec![Sometimes, Sometimes]));
    let newest = title.replace("2007}", "2013}");
    assert_eq!(certain(&newest), ([Never; 3], vec![Always, Never]));
    let license = format!("{TWO}assignments: [{{license: B, user: alice}}]\n");
    assert_eq!(certain(&license), ([Never; 3], vec![Never, Always]));
    // The assignment's unit is gone; nobody else is covered by it.
    let other = format!("{license}installs: [{{version: office@2007}}, {{version: office@2010, user: bob}}]\n");
    assert_eq!(certain(&other), ([Sometimes, Sometimes, Never], vec![Always, Always]));
    // One entitlement of both, or the reserved one for its own assignment and the other for the title's.
    let both = format!("{TWO}assignments: [{{license: B, user: alice}}, {{title: office, user: alice}}]\n");
    assert_eq!(certain(&both), ([Never; 3], vec![Sometimes, Always]));
}

#[test]
fn meeting_an_assignment_decides_who_is_short() {
    let lists = "
skus: [{id: OFF10, version: office@2010, covers: [office@2007]}]
licenses: [{id: L, sku: OFF10, quantity: 1}]
installs: [{version: office@2010, user: alice}, {version: office@2007, user: bob}]
";
    assert_eq!(certain(lists), ([Sometimes, Sometimes, Never], vec![Always]));
    let title = format!("{lists}assignments: [{{title: office, user: alice}}]\n");
    assert_eq!(certain(&title), ([Always, Never, Never], vec![Always]));
    let license = format!("{lists}assignments: [{{license: L, user: bob}}]\n");
    assert_eq!(certain(&license), ([Never, Always, Never], vec![Always]));
}

#[test]
fn reach_counts_what_may_be_used_for_a_version_alone() {
    let lots = TWO.replace("A, sku: OFF13, quantity: 1", "A, sku: OFF13, quantity: 10");
    assert_eq!(reaches(&lots), [Some(11), Some(11), Some(10)]);
    // Other demand takes nothing away, and neither do assignments.
    let taken = "installs: [{version: office@2013, quantity: 10}]\nassignments: [{license: B, asset: PC-1}]\n";
    assert_eq!(reaches(&format!("{lots}{taken}")), [Some(11), Some(11), Some(10)]);
    assert_eq!(reaches(&lots.replace("quantity: 10", "quantity: 10, end: 2026-11-21")), [Some(1), Some(1), Some(0)]);
    assert_eq!(reaches(&lots.replace("quantity: 10", "unlimited: true")), [None, None, None]);
    assert_eq!(
        reaches(&lots.replace("B, sku: OFF10, quantity: 1", "B, sku: OFF10, unlimited: true"))
            .map(|reach| reach.is_none()),
        [true, true, false]
    );
}

#[test]
fn reach_through_upgrades_is_bounded_by_bases_and_upgrades() {
    let of = |bases: u32, upgrades: &str| {
        reaches(&format!(
            "{UPGRADE}licenses: [{{id: B, sku: BASE, quantity: {bases}}}, {{id: U, sku: UPG, {upgrades}}}]\n"
        ))
    };
    assert_eq!(of(10, "quantity: 6"), [Some(10), Some(6), Some(0)]);
    assert_eq!(of(4, "quantity: 6"), [Some(4), Some(4), Some(0)]);
    assert_eq!(of(4, "unlimited: true"), [Some(4), Some(4), Some(0)]);
}

#[test]
fn reach_through_a_chain_shares_its_bases() {
    let lists = "
skus:
  - {id: FULL, version: office@2007}
  - {id: UP1, version: office@2010, upgrades: [office@2007]}
  - {id: UP2, version: office@2013, upgrades: [office@2007..2010]}
  - {id: OFF10, version: office@2010}
licenses:
  - {id: F, sku: FULL, quantity: 3}
  - {id: U1, sku: UP1, quantity: 2}
  - {id: U2, sku: UP2, quantity: 5}
  - {id: S, sku: OFF10, quantity: 1}
";
    assert_eq!(reaches(lists), [Some(3), Some(3), Some(4)]);
    let chain = lists.replace("upgrades: [office@2007..2010]", "upgrades: [office@2010]");
    assert_eq!(reaches(&chain), [Some(3), Some(3), Some(3)]);
}

#[test]
fn reach_goes_where_a_version_is_demanded_and_else_to_the_roots() {
    let of = |installs: &str, transfers: &str| {
        reaches(&format!(
            "{PLACES}transfers: [{transfers}]
licenses:
  - {{id: A, sku: OFF10, quantity: 1, scope: group}}
  - {{id: B, sku: OFF10, quantity: 2, scope: emea}}
  - {{id: C, sku: OFF10, quantity: 4, scope: apac}}
  - {{id: D, sku: OFF10, quantity: 8, scope: other}}
installs: [{installs}]
"
        ))[1]
    };
    assert_eq!(of("", ""), Some(1 + 8));
    assert_eq!(of("{version: office@2010, scope: emea}", ""), Some(1 + 2));
    // Any number at each place: one install in each is enough.
    let two = "{version: office@2010, scope: emea}, {version: office@2010, scope: apac, quantity: 3}";
    assert_eq!(of(two, ""), Some(1 + 2 + 4));
    // Rows of none and excluded ones demand nothing, and another version's demand is elsewhere.
    let none = "{version: office@2010, scope: emea, quantity: 0}, {version: office@2010, scope: apac, excluded: lost}";
    assert_eq!(of(none, ""), Some(1 + 8));
    assert_eq!(of("{version: office@2013, scope: emea}", ""), Some(1 + 8));
    assert_eq!(of("{version: office@2010, scope: emea}", "{from: other, to: emea, cost: 5}"), Some(1 + 2 + 8));
    assert_eq!(of("{version: office@2010, scope: group}", "{from: other, to: emea, cost: 5}"), Some(1));
    assert_eq!(of("", "{from: apac, to: other, cost: 5}"), Some(1 + 4 + 8));
}

#[test]
fn every_unit_of_a_path_reaches_the_same_place() {
    let of = |installs: &str| {
        reaches(&format!(
            "
scopes: [{{id: group}}, {{id: emea, parent: group}}, {{id: apac, parent: group}}]
{UPGRADE}licenses:
  - {{id: A, sku: BASE, quantity: 1, scope: emea}}
  - {{id: B, sku: BASE, quantity: 1, scope: apac}}
  - {{id: U, sku: UPG, quantity: 2, scope: emea}}
installs: [{installs}]
"
        ))[1]
    };
    assert_eq!(of("{version: office@2010, scope: emea}"), Some(1));
    assert_eq!(of("{version: office@2010, scope: emea}, {version: office@2010, scope: apac}"), Some(1));
    assert_eq!(of(""), Some(0));
}

#[test]
fn reach_keeps_to_the_contracts_of_the_demand() {
    let of = |installs: &str| {
        reaches(&format!(
            "
skus: [{{id: OFF10, version: office@2010}}]
licenses:
  - {{id: A, sku: OFF10, quantity: 1}}
  - {{id: B, sku: OFF10, quantity: 2, contract: EA-1}}
  - {{id: C, sku: OFF10, quantity: 4, contract: EA-2}}
installs: [{installs}]
"
        ))[1]
    };
    assert_eq!(of("{version: office@2010, contract: EA-1}"), Some(3));
    assert_eq!(of("{version: office@2010, contract: EA-1}, {version: office@2010, contract: EA-2}"), Some(7));
    assert_eq!(of("{version: office@2010}"), Some(7));
    assert_eq!(of("{version: office@2010, contract: EA-3}"), Some(1));
    assert_eq!(of(""), Some(7));
}

#[test]
fn gated_lots_reach_as_far_as_they_are_reserved() {
    let of = |quantity: &str, assignments: &str| {
        reaches(&format!(
            "
skus: [{{id: OFF10, version: office@2010, use_only_when_assigned: true}}]
licenses: [{{id: L, sku: OFF10, {quantity}}}]
installs: [{{version: office@2010, asset: PC-9}}]
assignments: [{assignments}]
"
        ))[1]
    };
    let two = "{license: L, asset: PC-1}, {license: L, user: alice}";
    assert_eq!(of("quantity: 5", ""), Some(0));
    // Whom they are reserved for makes no difference.
    assert_eq!(of("quantity: 5", two), Some(2));
    assert_eq!(of("quantity: 1", two), Some(1));
    assert_eq!(of("unlimited: true", two), Some(2));
}

#[test]
fn reach_stacks_what_assignments_keep_apart() {
    let lists = format!(
        "{UPGRADE}licenses: [{{id: B, sku: BASE, quantity: 1}}, {{id: U, sku: UPG, quantity: 1}}]
assignments: [{{license: B, asset: PC-1}}, {{license: U, user: alice}}]
"
    );
    assert_eq!(reaches(&lists), [Some(1), Some(1), Some(0)]);
}

#[test]
fn a_tracked_title_is_reached_where_its_assignments_are() {
    let estate = parse(
        "licit: 1\nas_of: 2026-11-22
scopes: [{id: group}, {id: emea, parent: group}]
titles: [{id: cad, versions: [1, 2], track_by: assignments}]
skus: [{id: CAD2, version: cad@2, covers: [cad@1]}]
licenses: [{id: A, sku: CAD2, quantity: 1, scope: emea}, {id: B, sku: CAD2, quantity: 2}]
installs: [{version: cad@1, scope: emea}]
assignments: [{title: cad, user: alice, scope: emea}]
",
    );
    // Its installs are only counted, so the first version is demanded nowhere.
    assert_eq!(reach(&estate).as_slice(), [Some(2), Some(3)]);
}

/// Nothing uncovered, half of the reach in use.
const HALF: Facts =
    Facts { uncovered: 0, demand: 5, licensed: 10, reach: Some(10), has_unusable_upgrades: false, is_expiring: false };

#[test]
fn a_status_is_red_before_it_is_yellow_before_it_is_green() {
    let thresholds = Thresholds::default();
    assert_eq!(standing(&HALF, &thresholds), (Status::Green, vec![]));
    let both = Facts { has_unusable_upgrades: true, is_expiring: true, ..HALF };
    assert_eq!(standing(&both, &thresholds), (Status::Yellow, vec![Reason::UnusableUpgrades, Reason::Expiring]));
    assert_eq!(standing(&Facts { uncovered: 1, ..both }, &thresholds).0, Status::Red);
}

#[test]
fn thresholds_compare_exactly() {
    let of = |demand, reach, licensed, almost_under_percent, over_percent| {
        let thresholds = Thresholds { almost_under_percent, over_percent, expiring_days: 0 };
        standing(&Facts { demand, licensed, reach, ..HALF }, &thresholds).1
    };
    assert_eq!(of(9, Some(10), 10, 90, 0), [Reason::AlmostUnder]);
    // 89.96 per cent is shown as 90.0 and is less.
    assert_eq!(of(2_249, Some(2_500), 2_500, 90, 0), []);
    assert_eq!(of(1, Some(3), 3, 90, 33), []);
    assert_eq!(of(1, Some(3), 3, 90, 34), [Reason::Over]);
    assert_eq!(of(0, Some(3), 3, 90, 0), [Reason::Over]);
    assert_eq!(of(0, Some(3), 0, 90, 0), []);
    assert_eq!(of(1, Some(2), 2, 50, 50), [Reason::AlmostUnder, Reason::Over]);
    // Without a percentage neither can be said.
    assert_eq!(of(0, Some(0), 3, 0, 100), []);
    assert_eq!(of(7, None, 3, 0, 100), []);
}

#[test]
fn percentages_are_rounded_half_up() {
    assert_eq!(percent_tenths(1, Some(3)), Some(333));
    assert_eq!(percent_tenths(2, Some(3)), Some(667));
    assert_eq!(percent_tenths(1, Some(16)), Some(63));
    assert_eq!(percent_tenths(7, Some(2)), Some(3500));
    assert_eq!([percent_tenths(1, Some(0)), percent_tenths(1, None)], [None, None]);
}

#[test]
fn a_title_stands_as_its_worst_version() {
    assert_eq!(roll_up([Status::Green, Status::Yellow]), Status::Yellow);
    assert_eq!(roll_up([Status::Red, Status::Yellow, Status::Green]), Status::Red);
    assert_eq!(roll_up([Status::Green]), Status::Green);
    assert_eq!(roll_up([Status::Inactive, Status::Inactive]), Status::Inactive);
}

#[test]
fn an_ending_license_expires_what_it_covers() {
    let of = |end: &str, days: u32| {
        let mut estate = office(&format!(
            "{}installs: [{{version: office@2010, quantity: 2}}, {{version: office@2007, quantity: 0}}]\n",
            TWO.replace("sku: OFF10, quantity: 1", &format!("sku: OFF10, quantity: 1, end: {end}"))
        ));
        estate.thresholds.expiring_days = days;
        let later = certainties(&when_expiring(&estate)).shortage;
        later[estate.find_version("office", "2010").unwrap()]
    };
    assert_eq!(of("2027-02-19", 90), Always);
    assert_eq!(of("2027-02-20", 90), Never);
    assert_eq!(of("2027-02-19", 89), Never);
    assert_eq!(of("2026-11-22", 0), Never);
    assert_eq!(of("2026-11-22", 1), Always);
}

/// Estates drawn from seeds.
fn drawn(seeds: Range<u64>) -> impl Iterator<Item = (u64, Estate)> {
    seeds.map(|seed| (seed, agreement::read(&Draft::generate(seed, &Shape::TINY))))
}

#[test]
fn the_least_and_the_most_of_a_deed_say_what_is_certain() {
    // The same question put as one more level of the objective: how often a deed is done, at most and at least.
    let level = Level::Spend.index();
    let extreme = |estate: &Estate, deed: Deeds, sign: i64| {
        let (supply, wishes) = (Supply::of(estate), wishes(estate));
        let mut stages: Vec<Stage> = stages(&supply, &demands(estate, &wishes), &wishes);
        for choice in stages.iter_mut().flat_map(|stage| &mut stage.choices) {
            choice.cost[level..].fill(0);
            choice.cost[level] = sign * i64::from(choice.deeds & deed != 0);
        }
        sign * search(&supply, &stages, &|cost| cost).cost[level]
    };
    for (seed, estate) in drawn(0..150) {
        let past = best(&estate, level);
        let versions = estate.versions.ids().map(super::falling_short_of);
        for deed in versions.chain(estate.licenses.ids().map(super::using)) {
            let expected = match (extreme(&estate, deed, 1), extreme(&estate, deed, -1)) {
                (1.., _) => Always,
                (_, 1..) => Sometimes,
                _ => Never,
            };
            assert_eq!(super::certainty(&past, deed), expected, "seed {seed}, deed {deed:b}");
        }
    }
}

#[test]
fn a_license_is_always_needed_where_losing_it_hurts() {
    for (seed, estate) in drawn(0..300) {
        let needed = certainties(&estate).needed;
        let plain = optimum(&estate);
        for license in estate.licenses.ids() {
            let is_assigned = estate.assignments.iter().any(|row| row.assigned == Assigned::License(license));
            if is_assigned {
                continue;
            }
            let mut without = estate.clone();
            without.licenses[license].quantity = Some(Quantity::ZERO);
            let hurts = optimum(&without)[..3] > plain[..3];
            assert_eq!(needed[license] == Always, hurts, "seed {seed}, {}", estate.licenses[license].id);
        }
    }
}

/// The estate in which so many installs of a version at each place where it is demanded are all there is,
/// nothing is assigned, and gated lots have the units that were reserved.
fn with_only(estate: &Estate, version: VersionId, quantity: u64) -> Estate {
    let mut alone = Estate { installs: Vec::new(), assignments: Table::new(Vec::new()), ..estate.clone() };
    for license in estate.licenses.ids().filter(|&license| estate.sku_of(license).use_only_when_assigned) {
        let to_it = estate.assignments.iter().filter(|row| row.assigned == Assigned::License(license)).count();
        let honored = estate.licenses[license].quantity.map_or(to_it as u64, |units| units.get().min(to_it as u64));
        alone.licenses[license].quantity = Some(Quantity::new(honored));
    }
    for sku in estate.skus.ids() {
        alone.skus[sku].use_only_when_assigned = false;
    }
    let title = estate.versions[version].title;
    (alone.titles[title].is_active, alone.titles[title].track_by) = (true, TrackBy::Installations);
    let demands = demands(estate, &wishes(estate));
    let demanded = demands.iter().filter(|demand| demand.version == version);
    let mut places: BTreeSet<_> = demanded.map(|demand| (demand.scope, demand.contract)).collect();
    if places.is_empty() {
        let roots = estate.scopes.enumerate().filter(|(_, scope)| scope.parent.is_none());
        places = roots.map(|(scope, _)| (scope, None)).collect();
    }
    let quantity = Quantity::new(quantity);
    let (asset, user, excluded, last_used) = (None, None, None, None);
    let install = |(scope, contract)| Install {
        version,
        scope,
        contract,
        asset,
        user,
        excluded: excluded.clone(),
        last_used,
        quantity,
    };
    alone.installs = places.into_iter().map(install).collect();
    alone
}

#[test]
fn reach_is_what_a_position_covers_of_a_version_alone() {
    for (seed, estate) in drawn(0..300) {
        let reach = reach(&estate);
        let finite: u64 = estate.licenses.iter().filter_map(|license| license.quantity).map(Quantity::get).sum();
        let asked = finite + 1;
        for version in estate.versions.ids() {
            let alone = with_only(&estate, version, asked);
            let demand: u64 = alone.installs.iter().map(|install| install.quantity.get()).sum();
            let covered = i128::from(demand) - optimum(&alone)[Level::Uncovered.index()];
            // Limited units cannot cover all that is asked at one place.
            let covered = Some(covered).filter(|&covered| covered < i128::from(asked));
            assert_eq!(covered, reach[version].map(i128::from), "seed {seed}, {}", estate.version_text(version));
        }
    }
}
