//! Which installs a plan changes.

use super::super::{after, reclaimable, reinstallable};
use super::*;
use model::estate::Install;
use model::market::{Reclaim, Reinstall};

/// Installs of `a@1` with and without a last use, which may be uninstalled or replaced by `a@2`.
fn case() -> Case {
    let rows = "installs:\n\
        - {version: a@1, quantity: 2}\n\
        - {version: a@1, quantity: 3, last_used: 2026-01-01}\n\
        - {version: a@1, quantity: 4, last_used: 2026-06-01}\n\
        - {version: a@1, quantity: 5, last_used: 2026-12-31}\n\
        - {version: a@1, quantity: 6, last_used: 2026-01-01, excluded: broken}\n\
        - {version: a@1, quantity: 7, last_used: 2026-01-01, user: ann}\n\
        - {version: a@2, quantity: 1, last_used: 2026-06-01}\n\
        assignments: [{title: a, user: ann}]\n";
    let mut case = Case::of(rows);
    let (from, to) = (case.version("a@1"), case.version("a@2"));
    let reclaim = |unused_days, cost| Reclaim { version: from, unused_days, cost: money(cost) };
    // What has not been used for long is cheaper to uninstall.
    case.market.reclaims = vec![reclaim(90, 15), reclaim(300, 10)];
    case.market.reinstalls = vec![Reinstall { from, to, cost: money(40) }];
    case
}

fn key(case: &Case, cost: i64) -> ReclaimKey {
    ReclaimKey { demand: case.key("a@1"), cost: money(cost) }
}

/// Version, last use and quantity of the installs that are not excluded and have no user.
fn rows(case: &Case, estate: &Estate) -> Vec<(&'static str, String, u64)> {
    let shown = estate.installs.iter().filter(|install| install.excluded.is_none() && install.user.is_none());
    let name = |install: &Install| if install.version == case.version("a@1") { "1" } else { "2" };
    let date = |install: &Install| install.last_used.map_or_else(String::new, |day| day.to_string());
    shown.map(|install| (name(install), date(install), install.quantity.get())).collect()
}

#[test]
fn installs_that_nobody_has_used_may_be_uninstalled() {
    let case = case();
    let found = reclaimable(&case.estate, &case.market);
    assert_eq!(found, [(key(&case, 10), quantity(3)), (key(&case, 15), quantity(4))]);
}

#[test]
fn installs_of_nobody_assigned_may_be_replaced() {
    let case = case();
    let found = reinstallable(&case.estate, &case.market);
    assert_eq!(found, [(case.key("a@1"), case.market.reinstalls[0], quantity(14))]);
}

#[test]
fn nothing_is_replaced_by_what_is_not_demanded() {
    let mut case = case();
    case.market.reinstalls[0].to = case.version("off@1");
    assert_eq!(reinstallable(&case.estate, &case.market), []);
}

#[test]
fn those_unused_for_longest_go_first_and_those_without_a_last_use_last() {
    let mut case = case();
    case.plan.reclaimed = vec![(key(&case, 10), quantity(1)), (key(&case, 15), quantity(2))];
    case.plan.reinstalled = vec![(case.key("a@1"), case.version("a@2"), quantity(10))];
    let changed = after(&case.estate, &case.market, &case.plan).expect("it is lawful");
    let row = |version, day: &str, units| (version, day.to_owned(), units);
    // Of the 14, the first 3 are uninstalled; of 2 + 2 + 5 + 2 the first 10 replaced.
    let expected = [
        row("1", "", 1),
        row("2", "", 1),
        row("2", "2026-01-01", 2),
        row("2", "2026-06-01", 1 + 2),
        row("2", "2026-12-31", 5),
    ];
    assert_eq!(rows(&case, &changed), expected);
    assert!(changed.installs.is_sorted());
}

#[test]
fn nothing_done_changes_nothing() {
    let case = case();
    assert_eq!(after(&case.estate, &case.market, &case.plan), Ok(case.estate));
}

#[test]
fn no_more_is_changed_than_there_is() {
    let with = |reclaimed: &[(i64, u64)], reinstalled: u64| {
        let mut case = case();
        case.plan.reclaimed = reclaimed.iter().map(|&(cost, units)| (key(&case, cost), quantity(units))).collect();
        if reinstalled > 0 {
            case.plan.reinstalled = vec![(case.key("a@1"), case.version("a@2"), quantity(reinstalled))];
        }
        after(&case.estate, &case.market, &case.plan).is_ok()
    };
    assert!(with(&[(10, 3), (15, 4)], 7));
    assert!(!with(&[(10, 3), (15, 4)], 8));
    assert!(!with(&[(10, 4)], 0));
    assert!(!with(&[(11, 1)], 0));
    assert!(!with(&[(10, 0)], 0));
    assert!(!with(&[(10, 1), (10, 1)], 0));
    assert!(!with(&[(15, 1), (10, 1)], 0));
    assert!(!with(&[], 15));
}

#[test]
fn only_the_market_says_what_replaces_what() {
    let mut case = case();
    case.plan.reinstalled = vec![(case.key("a@2"), case.version("a@1"), quantity(1))];
    case.breaks(Law::Plan);
}
