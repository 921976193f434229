//! The least worth at turning points against the least over every quantity.

use super::super::quantities::{Span, turning_points};
use super::*;
use model::generate::SplitMix64;

fn terms(random: &mut SplitMix64) -> Terms {
    let mut below = |bound: u64| random.next_u64() % bound;
    let mut from = 1;
    let mut tiers = Vec::new();
    for _ in 0..=below(3) {
        tiers.push(Tier { from: quantity(from), price: money(i64::try_from(below(12)).expect("it is small")) });
        from += 1 + below(8);
    }
    Terms {
        pack: quantity(1 + below(4)),
        least: quantity(below(9)),
        most: quantity(below(30)),
        fee: money(i64::try_from(below(2) * below(40)).expect("it is small")),
        tiers,
        tier_rule: if below(2) == 0 { TierRule::AllUnits } else { TierRule::Incremental },
    }
}

#[test]
fn no_quantity_is_worth_less_than_the_least_turning_point() {
    let mut random = SplitMix64::new(7);
    for round in 0..20_000 {
        let terms = terms(&mut random);
        let first = random.next_u64() % 20;
        let span = Span { first: quantity(first.saturating_sub(8)), last: quantity(first + random.next_u64() % 20) };
        let mut coefficient = || i128::from(random.next_u64() % 25) - 12;
        let slopes = [coefficient() / 12, coefficient(), coefficient() / 6];
        // A level above spend, spend, units bought: packed prices may have any sign below the first.
        let worth = |units: Quantity| {
            let count = i128::from(units.get());
            (slopes[0] * count, terms.cost(units) - slopes[1] * count, count - slopes[2] * count)
        };
        let allowed = (span.first.get()..=span.last.get()).map(quantity).filter(|&units| terms.allows(units));
        let points: Vec<Quantity> = turning_points(&terms, span).collect();
        let is_there = |units: Quantity| terms.allows(units) && span.first <= units && units <= span.last;
        assert!(points.iter().all(|&units| is_there(units)), "round {round}: {terms:?} {span:?} {points:?}");
        assert_eq!(points.into_iter().map(worth).min(), allowed.map(worth).min(), "round {round}: {terms:?} {span:?}");
    }
}
