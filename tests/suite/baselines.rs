//! Baselines against allocations written out by hand, and against the optimum, which none may beat.

use crate::agreement::{count, read as read_draft};
use crate::estates::{parse, read, repository, units};
use checker::allocation::{Destination, Row};
use model::estate::{Estate, Target};
use model::generate::{Draft, Shape};
use solver::baselines::{LicenseOrder, Orders, Plan, Rule, RuleOrder, VersionOrder, baseline};

/// The levels at which a baseline is compared with the optimum.
const COVERAGE_LEVELS: usize = 3;

const DEFAULT: Orders =
    Orders { versions: VersionOrder::OldestFirst, rules: RuleOrder::ExactFirst, licenses: LicenseOrder::Purchased };
const NEWEST_FIRST: Orders = Orders { versions: VersionOrder::NewestFirst, ..DEFAULT };
const DOWNGRADE_FIRST: Orders = Orders { rules: RuleOrder::DowngradeFirst, ..DEFAULT };

/// All orders.
fn all_orders() -> Vec<Orders> {
    let mut all = Vec::new();
    for versions in [VersionOrder::OldestFirst, VersionOrder::NewestFirst] {
        for rules in [RuleOrder::ExactFirst, RuleOrder::DowngradeFirst] {
            for licenses in [LicenseOrder::Purchased, LicenseOrder::End, LicenseOrder::Quantity] {
                all.push(Orders { versions, rules, licenses });
            }
        }
    }
    all
}

fn case(name: &str) -> Estate {
    read(&repository(&format!("tests/cases/{name}.yaml")))
}

/// `10 A -> B for app@v1`, with the target of reserved units behind a `!`.
fn sentence(estate: &Estate, row: &Row) -> String {
    let target = |target: Target| match target {
        Target::Asset(asset) => estate.assets[asset].clone(),
        Target::User(user) => estate.users[user].clone(),
    };
    let unit = |unit: &checker::allocation::Unit| {
        let mark = if unit.reserved_for.is_some() { "!" } else { "" };
        format!("{}{mark}", estate.licenses[unit.license].id)
    };
    let path: Vec<String> = row.path.iter().map(unit).collect();
    let end = match row.destination {
        Destination::Demand(key) => format!("for {}", estate.version_text(key.version)),
        Destination::SetAside(aside) => match aside.title {
            Some(title) => format!("aside for {} of {}", target(aside.target), estate.titles[title].id),
            None => format!("aside for {}", target(aside.target)),
        },
    };
    format!("{} {} {end}", row.quantity, path.join(" -> "))
}

/// The rows of a baseline in the order in which they are taken.
fn steps(estate: &Estate, rule: Rule, orders: Orders) -> Vec<String> {
    outcome(estate, rule, orders).steps.iter().map(|row| sentence(estate, row)).collect()
}

/// What a greedy rule allots.
fn outcome(estate: &Estate, rule: Rule, orders: Orders) -> Plan {
    let outcome = baseline(estate, rule, orders).unwrap_or_else(|error| panic!("{error}"));
    outcome.plan().unwrap().clone()
}

#[test]
fn editions_are_all_covered_unless_downgrades_come_first() {
    let estate = case("editions");
    let position = solver::answer(&estate).unwrap();
    assert_eq!(position.figures().totals.uncovered, units(0));
    assert_eq!(position.figures().totals.idle, units(20));
    let covered = ["350 pro-lot for desktop@pro", "250 ent-lot for desktop@pro", "100 ent-lot for desktop@enterprise"];
    for rule in [Rule::BestFit, Rule::LowestSufficient] {
        assert_eq!(steps(&estate, rule, DEFAULT), covered);
    }
    // Exact, then anything: the same rows, since nothing else fits.
    assert_eq!(steps(&estate, Rule::PriorityList, DEFAULT), covered);
    let wasteful = ["370 ent-lot for desktop@pro", "230 pro-lot for desktop@pro"];
    assert_eq!(steps(&estate, Rule::BestFit, DOWNGRADE_FIRST), wasteful);
    let totals = outcome(&estate, Rule::BestFit, DOWNGRADE_FIRST).figures.totals;
    assert_eq!((totals.uncovered, totals.idle), (units(100), units(120)));
    // Newest first keeps what the newest needs, even then.
    let both = Orders { versions: VersionOrder::NewestFirst, ..DOWNGRADE_FIRST };
    let kept = ["100 ent-lot for desktop@enterprise", "270 ent-lot for desktop@pro", "330 pro-lot for desktop@pro"];
    assert_eq!(steps(&estate, Rule::BestFit, both), kept);
}

#[test]
fn a01_best_fit_is_as_good_as_the_optimum() {
    let estate = case("a01-best-fit");
    let expected = ["20 base-1 for app@v1", "30 base-2 for app@v2", "5 base-2 -> upgrade-3 for app@v3"];
    assert_eq!(steps(&estate, Rule::BestFit, DEFAULT), expected);
    assert_eq!(outcome(&estate, Rule::BestFit, DEFAULT).figures.totals.uncovered, units(9));
}

#[test]
fn a01_with_downgrades_first_stacks_one_upgrade_on_another() {
    let estate = case("a01-best-fit");
    let expected = [
        "20 base-2 for app@v1",
        "16 base-2 for app@v2",
        "14 base-1 -> upgrade-2 for app@v2",
        "5 base-1 -> upgrade-2 -> upgrade-3 for app@v3",
    ];
    assert_eq!(steps(&estate, Rule::BestFit, DOWNGRADE_FIRST), expected);
}

#[test]
fn a04_best_fit_makes_the_newest_version_red_that_the_order_served_last() {
    let estate = case("a04-not-joint");
    let expected = ["5 L10 for office@2010", "9 L13 for office@2010", "1 L13 for office@2013"];
    assert_eq!(steps(&estate, Rule::BestFit, DEFAULT), expected);
    let newest_first = ["10 L13 for office@2013", "5 L10 for office@2010"];
    assert_eq!(steps(&estate, Rule::BestFit, NEWEST_FIRST), newest_first);
}

#[test]
fn a07_best_fit_climbs_the_chain_of_upgrades() {
    let estate = case("a07-upgrade-chain");
    let expected = ["3 full -> upgrade-1 for app@2", "7 full -> upgrade-1 -> upgrade-2 for app@3"];
    assert_eq!(steps(&estate, Rule::BestFit, DEFAULT), expected);
}

#[test]
fn a13_reserved_units_cover_installs_of_their_target_and_are_set_aside_where_there_are_none() {
    let estate = case("a13-department");
    let steps = steps(&estate, Rule::BestFit, DEFAULT);
    assert_eq!(steps[..12], vec!["1 bought! for product@1".to_owned(); 12]);
    let aside = ["1 bought! aside for PC-13", "1 bought! aside for PC-14", "1 bought! aside for PC-15"];
    assert_eq!(steps[12..], aside);
}

#[test]
fn a19_newest_first_by_purchase_makes_a_false_red() {
    let estate = case("a19-smallest-false-red");
    assert_eq!(steps(&estate, Rule::BestFit, NEWEST_FIRST), ["1 A for app@v2"]);
    assert_eq!(steps(&estate, Rule::BestFit, DEFAULT), ["1 A for app@v1", "1 B for app@v2"]);
}

#[test]
fn lowest_sufficient_takes_the_oldest_version_that_will_do() {
    let estate = parse(
        "licit: 1\nas_of: 2026-11-22\ntitles: [{id: app, versions: [\"1\", \"2\", \"3\"]}]\n\
         skus:\n  - {id: S1, version: app@1, covers: [app@2]}\n  - {id: S2, version: app@2}\n  - {id: S3, version: app@3, covers: [app@*]}\n\
         licenses:\n  - {id: A, sku: S3, quantity: 3, purchased: 2018-01-01}\n  - {id: B, sku: S2, quantity: 1, purchased: 2019-01-01}\n  - {id: C, sku: S1, quantity: 1}\n\
         installs: [{version: app@2, quantity: 4}]\n",
    );
    let lowest = ["1 C for app@2", "1 B for app@2", "2 A for app@2"];
    assert_eq!(steps(&estate, Rule::LowestSufficient, DEFAULT), lowest);
    let priority = ["1 B for app@2", "3 A for app@2"];
    assert_eq!(steps(&estate, Rule::PriorityList, DEFAULT), priority);
    let best_fit = ["1 B for app@2", "3 A for app@2"];
    assert_eq!(steps(&estate, Rule::BestFit, DEFAULT), best_fit);
}

#[test]
fn each_order_of_licenses_starts_with_another_lot() {
    let estate = parse(
        "licit: 1\nas_of: 2026-11-22\ntitles: [{id: app, versions: [\"1\"]}]\nskus: [{id: APP, version: app@1}]\n\
         licenses:\n  - {id: A, sku: APP, quantity: 5, purchased: 2018-01-01, end: 2030-01-01}\n\
         \x20 - {id: B, sku: APP, quantity: 6, purchased: 2019-01-01, end: 2027-01-01}\n\
         \x20 - {id: C, sku: APP, quantity: 4}\n\
         installs: [{version: app@1, quantity: 15}]\n",
    );
    let by = |licenses| steps(&estate, Rule::BestFit, Orders { licenses, ..DEFAULT });
    assert_eq!(by(LicenseOrder::Purchased), ["5 A for app@1", "6 B for app@1", "4 C for app@1"]);
    assert_eq!(by(LicenseOrder::End), ["6 B for app@1", "5 A for app@1", "4 C for app@1"]);
    assert_eq!(by(LicenseOrder::Quantity), ["4 C for app@1", "5 A for app@1", "6 B for app@1"]);
}

#[test]
fn free_use_comes_before_paid_transfer() {
    let estate = parse(
        "licit: 1\nas_of: 2026-11-22\ncurrency: EUR\n\
         scopes: [{id: all}, {id: one, parent: all}, {id: two, parent: all}]\n\
         transfers: [{from: one, to: two, cost: 5}]\n\
         titles: [{id: app, versions: [\"1\"]}]\nskus: [{id: APP, version: app@1}]\n\
         licenses:\n  - {id: A, sku: APP, quantity: 1, scope: one, purchased: 2018-01-01}\n\
         \x20 - {id: B, sku: APP, quantity: 1, scope: two, purchased: 2019-01-01}\n\
         installs: [{version: app@1, scope: two, quantity: 2}]\n",
    );
    assert_eq!(steps(&estate, Rule::BestFit, DEFAULT), ["1 B for app@1", "1 A for app@1"]);
}

#[test]
fn a_reserved_upgrade_stands_on_what_is_reserved_for_the_same_target() {
    let estate = parse(
        "licit: 1\nas_of: 2026-11-22\ntitles: [{id: app, versions: [\"1\", \"2\"]}]\n\
         skus: [{id: BASE, version: app@1}, {id: UP, version: app@2, upgrades: [app@1]}]\n\
         licenses:\n  - {id: A, sku: BASE, quantity: 1}\n  - {id: B, sku: BASE, quantity: 1}\n\
         \x20 - {id: U, sku: UP, quantity: 2}\n\
         installs: [{version: app@2, asset: PC-1}, {version: app@2, asset: PC-2}]\n\
         assignments: [{license: B, asset: PC-1}, {license: U, asset: PC-1}, {title: app, asset: PC-3}]\n",
    );
    // The unit of A is gone for good: set aside for PC-3, before the installs that no assignment concerns.
    assert_eq!(steps(&estate, Rule::BestFit, DEFAULT), ["1 B! -> U! for app@2", "1 A aside for PC-3 of app"]);
}

#[test]
fn no_baseline_beats_the_optimum_and_every_one_is_lawful() {
    let estates = count("LICIT_ESTATES", 2_000);
    let mut worse = 0;
    for seed in 500_000..500_000 + estates {
        let shape = if seed % 50 == 0 { Shape::LARGE } else { Shape::SMALL };
        let estate = read_draft(&Draft::generate(seed, &shape));
        let optimum = solver::answer(&estate).ok();
        for rule in Rule::GREEDY {
            for orders in all_orders() {
                // That the checker has counted it makes it lawful, whether the estate is a network or not.
                let outcome = outcome(&estate, rule, orders);
                if let Some(optimum) = &optimum {
                    let best = &optimum.figures().objective[..COVERAGE_LEVELS];
                    let reached = &outcome.figures.objective[..COVERAGE_LEVELS];
                    assert!(reached >= best, "seed {seed}, {rule:?}, {orders:?}: {reached:?} beats {best:?}");
                    worse += u64::from(reached > best);
                }
            }
        }
    }
    assert!(worse > 0, "some baseline is worse somewhere");
}

#[test]
fn no_base_license_is_idle_that_could_cover_what_is_left() {
    for seed in 510_000..510_300 {
        let estate = read_draft(&Draft::generate(seed, &Shape::SMALL));
        for rule in Rule::GREEDY {
            let outcome = outcome(&estate, rule, DEFAULT);
            for (key, _) in &outcome.figures.uncovered {
                for (id, license) in estate.licenses.enumerate() {
                    let sku = estate.sku_of(id);
                    let is_idle = outcome.figures.licenses[id].idle != Some(units(0));
                    let is_free = estate.is_active(id) && !sku.is_upgrade() && !sku.use_only_when_assigned;
                    let is_here = estate.scope_and_above(key.scope).any(|scope| scope == license.scope);
                    let has_contract = [None, key.contract].contains(&license.contract) || key.contract.is_none();
                    let could = is_idle && is_free && is_here && has_contract && sku.may_cover(key.version);
                    assert!(!could, "seed {seed}, {rule:?}: `{}` could cover more", license.id);
                }
            }
        }
    }
}

#[test]
fn every_order_changes_some_answer() {
    let mut changes = [0; 4];
    for seed in 520_000..520_300 {
        let estate = read_draft(&Draft::generate(seed, &Shape::SMALL));
        let rows = |orders| outcome(&estate, Rule::BestFit, orders).allocation;
        let plain = rows(DEFAULT);
        let others = [
            NEWEST_FIRST,
            DOWNGRADE_FIRST,
            Orders { licenses: LicenseOrder::End, ..DEFAULT },
            Orders { licenses: LicenseOrder::Quantity, ..DEFAULT },
        ];
        for (count, orders) in changes.iter_mut().zip(others) {
            *count += u32::from(rows(orders) != plain);
        }
    }
    assert!(changes.iter().all(|&count| count > 0), "{changes:?}");
}

#[test]
fn the_order_of_rows_changes_no_step() {
    for seed in 530_000..530_300 {
        let draft = Draft::generate(seed, &Shape::SMALL);
        let (estate, permuted) = (read_draft(&draft), read_draft(&draft.permuted(seed)));
        for rule in Rule::GREEDY {
            let steps = |estate| outcome(estate, rule, DEFAULT).steps;
            assert_eq!(steps(&permuted), steps(&estate), "seed {seed}, {rule:?}");
        }
    }
}
