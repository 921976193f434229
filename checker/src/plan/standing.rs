//! What a bound shows about a plan.
//!
//! The bound is on tuples in the order of the certificate. With the weights of the market that order is the one
//! in which plans are compared, and the first level at which bound and plan differ is the gap. With a budget a
//! certificate may weigh levels that stand above spend in the market, the last ones of the three: then every plan
//! has W' = S' + Σ w L' >= W, and a plan that pays no more than the budget S has, at the first weighed level, at
//! least (W - S - the most that the other weighed levels can add) / w, rounded up; and so on, level by level, for
//! plans that are as good at those before. A plan as good at all weighed levels spends at least W - Σ w L.

use super::{Gap, Order, Standing};
use crate::facts::{Facts, MetBy};
use crate::figures::Objective;
use model::estate::Assigned;
use model::market::Market;
use model::number::{Money, Quantity};
use model::objective::Level;

/// The levels that stand above spend.
const ABOVE_SPEND: [Level; 3] = [Level::LicenseAssignmentsUnmet, Level::TitleAssignmentsUnmet, Level::Uncovered];

/// Why weights may not be those of a certificate for the market; none if they may.
pub(super) fn refused_weights(market: &Market, weights: [Option<Money>; 3]) -> Option<&'static str> {
    let is_market_order = weights == market.weights();
    let are_last = weights.windows(2).all(|pair| pair[0].is_none() || pair[1].is_some());
    if is_market_order {
        None
    } else if market.budget.is_none() || market.shortage_cost.is_some() {
        Some("the weights are not those of the market")
    } else if !are_last {
        Some("a level is weighed and one below it is not")
    } else if weights.iter().flatten().any(|&weight| weight < Money::ZERO) {
        Some("a weight is below zero")
    } else {
        None
    }
}

/// What is unmet and uncovered if nothing is done, at each of the levels above spend.
pub(super) fn worst(facts: &Facts<'_>) -> [i128; 3] {
    let assignments = facts.estate.assignments.iter();
    let license_assignments = assignments.filter(|row| matches!(row.assigned, Assigned::License(_))).count();
    let title_assignments = facts.title_assignments.iter().filter(|row| row.met_by != MetBy::Nothing).count();
    let demanded: Quantity = facts.demands.iter().map(|demand| demand.quantity).sum();
    [license_assignments as i128, title_assignments as i128, demanded.get().into()]
}

/// What a bound that is not above the plan shows about it; the weights are not refused.
pub(super) fn standing(
    market: &Market,
    weights: [Option<Money>; 3],
    objective: &Objective,
    bound: &Objective,
    worst: [i128; 3],
) -> Standing {
    let order = Order::of(weights);
    let gap = match market.budget {
        Some(budget) if weights != market.weights() => gap_within(budget, weights, objective, bound, worst),
        _ => gap_in_order(order, &order.of_levels(objective), bound),
    };
    gap.map_or(Standing::Optimal, Standing::Proved)
}

/// The first level at which they differ.
fn gap_in_order(order: Order, objective: &Objective, bound: &Objective) -> Option<Gap> {
    let position = objective.iter().zip(bound).position(|(had, bound)| had != bound)?;
    Some(Gap { level: order.level(position), objective: objective[position], bound: bound[position] })
}

/// The first level, in the order of the market, at which a plan within the budget may be better.
fn gap_within(
    budget: Money,
    weights: [Option<Money>; 3],
    objective: &Objective,
    bound: &Objective,
    worst: [i128; 3],
) -> Option<Gap> {
    let order = Order::of(weights);
    let had = |level: Level| objective[level.index()];
    let differs = |level: Level, bound: i128| (had(level) > bound).then(|| Gap { level, objective: had(level), bound });
    let weight = |level: Level| weights[level.index()].map_or(0, |weight| i128::from(weight.units()));
    let weighed = || ABOVE_SPEND.into_iter().filter(|&level| weights[level.index()].is_some());
    let unweighed = ABOVE_SPEND.into_iter().filter(|&level| weights[level.index()].is_none());
    if let Some(gap) = unweighed.into_iter().find_map(|level| differs(level, bound[order.position(level)])) {
        return Some(gap);
    }
    // What is left to be spent, and to be added by weighed levels not looked at.
    let mut left = bound[order.position(Level::Spend)];
    for level in weighed() {
        let below = weighed().filter(|&other| other > level).map(|other| weight(other) * worst[other.index()]);
        let elsewhere = i128::from(budget.units()) + below.sum::<i128>();
        let least = match weight(level) {
            0 => 0,
            weight => (left - elsewhere + weight - 1).div_euclid(weight).max(0),
        };
        if let Some(gap) = differs(level, least) {
            return Some(gap);
        }
        left -= weight(level) * had(level);
    }
    if let Some(gap) = differs(Level::Spend, left.max(0)) {
        return Some(gap);
    }
    // The rest is bounded only as long as nothing before it, in the order of the certificate, is above its bound.
    let ordered = order.of_levels(objective);
    let is_held = |level: Level| {
        let position = order.position(level);
        ordered[..position] == bound[..position]
    };
    let rest = Level::ALL.into_iter().filter(|&level| level > Level::Spend);
    rest.into_iter().find_map(|level| differs(level, if is_held(level) { bound[order.position(level)] } else { 0 }))
}
