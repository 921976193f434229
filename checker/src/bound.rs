//! The bound: prices on facts, checked against every lawful path, added up.
//!
//! Let c be what a unit of flow on a path adds to the objective, rewards negative. If for every lawful
//! path c plus the prices of what it uses is at least zero, then no allocation is better than the
//! value of doing nothing less the prices of all there is: linear-programming duality, over integers
//! ordered level by level.
//!
//! What paths are worth is summed on a scale that may be packed ([`crate::worth`]); the bound itself is summed as the
//! tuple it is. Both are exact.

use crate::evidence::{NO_PRICE, Price};
use crate::facts::{Facts, MetBy};
use crate::homes::Homes;
use crate::lawful::{Ending, lightest_paths};
use crate::places::Places;
use crate::prices::FactPrices;
use crate::tariff::{PricedFacts, Rules, largest_sums};
use crate::violation::{Law, Violation};
use crate::worth::{Levels, Packed, Scale, Wide};
use model::number::Quantity;
use model::objective::{LEVELS, Level};
use std::ops::Range;

/// Paths that are priced below their cost.
pub(crate) fn law_violations(
    facts: &Facts<'_>,
    places: &Places<'_, '_>,
    homes: &Homes,
    prices: &FactPrices,
    rules: &Rules,
) -> Vec<Violation> {
    match Packed::within(largest_sums(facts, homes, prices, rules)) {
        Some(scale) => path_violations(places, homes, &PricedFacts::of(facts, prices, rules, scale)),
        None => path_violations(places, homes, &PricedFacts::of(facts, prices, rules, Wide)),
    }
}

fn path_violations<S: Scale>(
    places: &Places<'_, '_>,
    homes: &Homes,
    tariff: &PricedFacts<'_, '_, S>,
) -> Vec<Violation> {
    let mut violations = Vec::new();
    lightest_paths(tariff.facts, places, tariff, |ending, weight| {
        violations.extend(path_violation(tariff, &ending, weight));
    });
    violations.extend(set_violations(homes, tariff));
    violations
}

/// Paths that are priced below their cost by all that they may cover at once.
pub(crate) fn set_violations<S: Scale>(homes: &Homes, tariff: &PricedFacts<'_, '_, S>) -> Vec<Violation> {
    let nothing = tariff.scale.of(&[0; LEVELS]);
    let mut violations = Vec::new();
    let refused = homes.lightest_sets(tariff.facts, tariff, |home, worth| {
        if worth < nothing {
            let levels = tariff.scale.levels(worth);
            let what = format!("a path to demand of {} is worth {levels:?}", home.words(tariff.facts));
            violations.push(Violation::new(Law::PriceLaw, what));
        }
    });
    violations.extend(refused.err());
    violations
}

/// Whether a path of so much weight is priced below its cost.
pub(crate) fn path_violation<S: Scale>(
    tariff: &PricedFacts<'_, '_, S>,
    ending: &Ending,
    weight: S::Worth,
) -> Option<Violation> {
    let nothing = tariff.scale.of(&[0; LEVELS]);
    let worth = tariff.least_at_end(ending, weight).filter(|&worth| worth < nothing)?;
    let levels = tariff.scale.levels(worth);
    let what = format!("a path to {} is worth {levels:?}", words(tariff.facts, ending));
    Some(Violation::new(Law::PriceLaw, what))
}

fn words(facts: &Facts<'_>, ending: &Ending) -> String {
    let estate = facts.estate;
    match *ending {
        Ending::Demands(Range { start, .. }) | Ending::Replaced(Range { start, .. }, _) => {
            format!("demand of `{}`", estate.version_text(facts.demands[start].key.version))
        }
        Ending::TitleAssignment(index) => {
            format!("the assignment of `{}`", estate.titles[facts.title_assignments[index].title].id)
        }
        Ending::Reserved(index) => format!("the assignment of `{}`", estate.licenses[facts.reserved[index].license].id),
    }
}

/// No allocation has less than this. The units of offers count nothing, reserved or not: how many there are is not
/// said here.
///
/// # Errors
/// That an unlimited license has a price.
pub(crate) fn sum(facts: &Facts<'_>, prices: &FactPrices, rules: &Rules) -> Result<Levels, Violation> {
    let at = |level: Level, amount: i128| Levels(rules.order.at(level, amount));
    // Quantities add up to at most 10^15, so nothing overflows.
    let paid = |price: &Price, quantity: Quantity| Levels::of(price) * i128::from(quantity.get());
    let mut sum = at(Level::LicenseAssignmentsUnmet, (facts.reserved.len() + facts.dishonored.len()) as i128);
    let demanded: Quantity = facts.demands.iter().map(|demand| demand.quantity).sum();
    sum = sum + at(Level::Uncovered, demanded.get().into());
    for (license, price) in prices.lots.enumerate().filter(|(_, price)| **price != NO_PRICE) {
        if !rules.is_offered(license) {
            let units = facts.lots[license].units;
            let unlimited = || Violation::new(Law::Bound, "an unlimited license has a price");
            sum = sum - paid(price, units.ok_or_else(unlimited)?);
        }
    }
    let reserved = facts.reserved.iter().zip(&prices.reserved);
    let reserved = reserved.filter(|(unit, _)| !rules.is_offered(unit.license)).map(|(_, price)| price);
    for price in reserved.chain(&prices.aside) {
        sum = sum - Levels::of(price);
    }
    for (price, quantity) in prices.demands.different.iter().zip(prices.demands.quantities(facts)) {
        sum = sum - paid(price, quantity);
    }
    // Going without costs one, meeting it what it is worth: the lesser of the two is certain.
    let unmet = at(Level::TitleAssignmentsUnmet, 1);
    let can_be_met = facts.title_assignments.iter().zip(&prices.met).filter(|(row, _)| row.met_by != MetBy::Nothing);
    for (_, met) in can_be_met {
        sum = sum + unmet.min(Levels::of(met));
    }
    Ok(sum)
}
