//! The proof of a position: prices and shortage sets, both held against every lawful path in one pass.

use crate::bound::{law_violations, path_violation, set_violations, sum};
use crate::evidence::Evidence;
use crate::facts::Facts;
use crate::figures::{Figures, Objective};
use crate::homes::Homes;
use crate::lawful::{Both, lightest_paths};
use crate::places::Places;
use crate::prices::FactPrices;
use crate::shortage::{Named, violation_at};
use crate::tariff::{PricedFacts, Rules, largest_sums};
use crate::violation::Violation;
use crate::worth::{Packed, Scale, Wide};

/// The bound that evidence proves: no allocation has less.
///
/// # Errors
/// Every law of the evidence that is broken, as far as it can be told.
pub(crate) fn check(facts: &Facts<'_>, evidence: &Evidence, figures: &Figures) -> Result<Objective, Vec<Violation>> {
    let (named, mut violations) = Named::of(facts, evidence, figures);
    let prices = match FactPrices::of(facts, &evidence.prices) {
        Ok(prices) => prices,
        Err(refused) => {
            violations.extend(refused);
            return Err(violations);
        }
    };
    let rules = Rules::default();
    let places = Places::of(facts);
    let homes = Homes::of(facts);
    // What sets that are refused say of paths means nothing.
    let are_sets_held = violations.is_empty() && !evidence.shortages.is_empty();
    violations.extend(if are_sets_held {
        match Packed::within(largest_sums(facts, &homes, &prices, &rules)) {
            Some(scale) => violations_of_both(&places, &homes, &PricedFacts::of(facts, &prices, &rules, scale), &named),
            None => violations_of_both(&places, &homes, &PricedFacts::of(facts, &prices, &rules, Wide), &named),
        }
    } else {
        law_violations(facts, &places, &homes, &prices, &rules)
    });
    match sum(facts, &prices, &rules) {
        Ok(bound) if violations.is_empty() => return Ok(bound.0),
        Ok(_) => {}
        Err(violation) => violations.push(violation),
    }
    Err(violations)
}

fn violations_of_both<S: Scale>(
    places: &Places<'_, '_>,
    homes: &Homes,
    priced: &PricedFacts<'_, '_, S>,
    named: &Named,
) -> Vec<Violation> {
    let mut violations = Vec::new();
    lightest_paths(priced.facts, places, &(priced, named), |ending, Both(worth, units)| {
        violations.extend(path_violation(priced, &ending, worth));
        violations.extend(named.violation(&ending, units));
    });
    violations.extend(set_violations(homes, priced));
    let refused = homes.lightest_sets(priced.facts, named, |home, excess| {
        violations.extend(violation_at(priced.facts, home, excess));
    });
    violations.extend(refused.err());
    violations
}
