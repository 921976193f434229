//! The proof: prices and shortage sets, both held against every lawful path in one pass.

use crate::bound::{self, PricedFacts};
use crate::evidence::Evidence;
use crate::facts::Facts;
use crate::figures::Figures;
use crate::lawful::{Both, lightest_paths};
use crate::places::Places;
use crate::prices::FactPrices;
use crate::shortage::Named;
use crate::violation::Violation;
use crate::worth::{Packed, Scale, Wide};

/// Every law of the evidence that is broken, as far as it can be told; none if it proves the figures.
pub(crate) fn check(facts: &Facts<'_>, evidence: &Evidence, figures: &Figures) -> Vec<Violation> {
    let (named, mut violations) = Named::of(facts, &evidence.shortages, figures.totals.uncovered);
    let prices = match FactPrices::of(facts, &evidence.prices) {
        Ok(prices) => prices,
        Err(refused) => {
            violations.extend(refused);
            return violations;
        }
    };
    // What sets that are refused say of paths means nothing.
    let named = if violations.is_empty() { named } else { Named::nothing(facts) };
    violations.extend(match Packed::within(bound::largest_sums(facts, &prices)) {
        Some(scale) => path_violations(facts, &PricedFacts::of(facts, &prices, scale), &named),
        None => path_violations(facts, &PricedFacts::of(facts, &prices, Wide), &named),
    });
    violations.extend(bound::violation(facts, &prices, &figures.objective));
    violations
}

fn path_violations<S: Scale>(facts: &Facts<'_>, priced: &PricedFacts<'_, '_, S>, named: &Named) -> Vec<Violation> {
    let mut violations = Vec::new();
    lightest_paths(facts, &Places::of(facts), &(priced, named), |ending, Both(worth, units)| {
        violations.extend(priced.violation(&ending, worth));
        violations.extend(named.violation(&ending, units));
    });
    violations
}
