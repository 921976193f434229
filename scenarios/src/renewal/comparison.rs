//! Renewals side by side: which is the cheapest, and what is bought or renewed whatever happens.
//!
//! A line is common to all scenarios if each buys on the same offer the same SKU for the same scope, or renews on it
//! the same license; the quantity that is had in any case is the least of theirs. Cost: linear in the lines, times the
//! logarithm of those of the first scenario.

use super::curve::{Curve, curves};
use super::{Renewal, Together};
use crate::reading::Scenarios;
use model::number::Quantity;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// What several renewals have in common, and which of them is the cheapest.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The position of the renewal that pays least.
    pub cheapest: usize,
    /// The position of the renewal that pays most.
    pub dearest: usize,
    /// What is bought or renewed in each of them; purchases first, then by offer.
    pub in_any_case: Vec<Common>,
    /// Over the only range of a sweep, of each scenario whose values are all here.
    pub curves: Vec<Curve>,
    /// Plans for all of them together, where they are asked for.
    pub together: Vec<Together>,
}

/// Units that are had in every scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Common {
    /// The offer.
    pub offer: String,
    /// What is had.
    pub had: Had,
    /// The least quantity over all scenarios; at least 1.
    pub quantity: Quantity,
}

/// What is had on an offer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Had {
    /// Units of a SKU for a scope.
    Bought {
        /// What is bought.
        sku: String,
        /// Where it may be used, with the scopes below.
        scope: String,
    },
    /// Units of a license that is extended.
    Renewed {
        /// What is extended.
        license: String,
    },
}

/// Holds renewals of at least one scenario against each other.
///
/// Of those that pay the same, the one with the first name by bytes stands for all, so that their order says nothing.
#[must_use]
pub fn compare(renewals: &[Renewal]) -> Comparison {
    let positions = || 0..renewals.len();
    let key = |&position: &usize| (renewals[position].spend(), renewals[position].name());
    let key_of_most = |&position: &usize| (renewals[position].spend(), Reverse(renewals[position].name()));
    let in_any_case = common(renewals.iter().map(lines));
    Comparison {
        cheapest: positions().min_by_key(key).expect("there is at least one scenario"),
        dearest: positions().max_by_key(key_of_most).expect("there is at least one scenario"),
        in_any_case,
        curves: Vec::new(),
        together: Vec::new(),
    }
}

/// The same for the scenarios of a file at these positions, with curves over the values of a range, and plans for all of
/// them together.
#[must_use]
pub fn compare_of(
    scenarios: &Scenarios,
    positions: &[usize],
    renewals: &[Renewal],
    together: Vec<Together>,
) -> Comparison {
    Comparison { curves: curves(scenarios, positions, renewals), together, ..compare(renewals) }
}

/// What a line is known by: purchases stand first. An offer stands for one thing in a scenario, but not in a sweep.
type Line = (bool, String, Had);

fn lines(renewal: &Renewal) -> BTreeMap<Line, Quantity> {
    let bought = renewal.buy().map(|line| {
        let had = Had::Bought { sku: line.sku.clone(), scope: line.scope.clone() };
        ((false, line.offer.clone(), had), line.quantity)
    });
    let renewed = renewal.renew().map(|line| {
        let had = Had::Renewed { license: line.license.clone() };
        ((true, line.offer.clone(), had), line.quantity)
    });
    bought.chain(renewed).collect()
}

/// The lines that all have, with the least quantity.
fn common(mut scenarios: impl Iterator<Item = BTreeMap<Line, Quantity>>) -> Vec<Common> {
    let mut common = scenarios.next().unwrap_or_default();
    for lines in scenarios {
        common.retain(|line, least| match lines.get(line) {
            Some(&quantity) => {
                *least = quantity.min(*least);
                true
            }
            None => false,
        });
    }
    common.into_iter().map(|((_, offer, had), quantity)| Common { offer, had, quantity }).collect()
}

#[cfg(test)]
mod tests {
    use crate::renewal::{Common, Comparison, Had, Renewal, Solved, compare};
    use crate::tests::read;
    use model::number::Quantity;

    const ESTATE: &str = "licit: 1\nas_of: 2026-11-22\ncurrency: EUR\n\
        titles: [{id: t, versions: [1, 2]}]\n\
        skus: [{id: T2, version: t@2, covers: [t@1]}]\n\
        licenses: [{id: L, sku: T2, quantity: 4, end: 2026-10-31}]\n\
        installs: [{version: t@1, quantity: 5}]\n";
    const OFFERS: &str = "licit: 1\nestate: estate.yaml\noffers:\n\
        - {id: new, sku: T2, price: 10.00}\n- {id: keep, renew: L, price: 1.00}\n";

    /// The answers for the scenarios of a list, and their comparison.
    fn compared(scenarios: &str) -> (Vec<Renewal>, Comparison) {
        let scenarios = read(ESTATE, &format!("{OFFERS}scenarios: [{scenarios}]\n"));
        let mut solved = Solved::new(&scenarios);
        let renewals: Vec<Renewal> =
            (0..scenarios.count()).map(|position| solved.renew(position).expect("it is solved")).collect();
        let comparison = compare(&renewals);
        (renewals, comparison)
    }

    fn bought(quantity: u64) -> Common {
        let had = Had::Bought { sku: "T2".to_owned(), scope: "all".to_owned() };
        Common { offer: "new".to_owned(), had, quantity: Quantity::new(quantity) }
    }

    fn renewed(quantity: u64) -> Common {
        let had = Had::Renewed { license: "L".to_owned() };
        Common { offer: "keep".to_owned(), had, quantity: Quantity::new(quantity) }
    }

    #[test]
    fn what_every_scenario_buys_or_renews_is_had_with_its_least_quantity() {
        let (_, comparison) = compared("{name: a, changes: [{grow: t@1, by: 2}]}, {name: b}");
        assert_eq!(comparison.in_any_case, [bought(1), renewed(4)]);
        let (_, comparison) = compared("{name: a}, {name: b, changes: [{grow: t@1, by: -3}]}");
        assert_eq!(comparison.in_any_case, [renewed(2)]);
        let (_, comparison) = compared("{name: a}, {name: b, changes: [{retire: [t@*]}]}");
        assert_eq!(comparison.in_any_case, []);
    }

    #[test]
    fn what_packs_or_a_maximum_keep_from_being_renewed_lapses_too() {
        let lapsed = |offer: &str| {
            let text =
                format!("licit: 1\nestate: estate.yaml\noffers: [{{id: keep, renew: L, price: 1.00, {offer}}}]\n");
            let scenarios = read(ESTATE, &text);
            let renewal = Solved::new(&scenarios).renew(0).expect("it is solved");
            renewal.lapse().map(|line| line.quantity.get()).collect::<Vec<_>>()
        };
        assert_eq!(lapsed("max: 1"), [3]);
        assert_eq!(lapsed("pack: 3"), [1]);
        assert_eq!(lapsed("pack: 2"), [0; 0]);
    }

    #[test]
    fn the_cheapest_and_the_dearest_are_found_by_what_is_paid_then_by_name() {
        let (renewals, comparison) =
            compared("{name: c}, {name: b, changes: [{grow: t@1, by: 1}]}, {name: a, changes: [{grow: t@1, by: 1}]}");
        let name = |position: usize| renewals[position].name();
        assert_eq!((name(comparison.cheapest), name(comparison.dearest)), ("c", "a"));
        let (renewals, comparison) = compared("{name: b}, {name: a}");
        let name = |position: usize| renewals[position].name();
        assert_eq!((name(comparison.cheapest), name(comparison.dearest)), ("a", "a"));
    }
}
