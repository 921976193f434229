//! What bounds show about a plan.
//!
//! A bound is on tuples in an order of its own, for all plans of a part. Take the levels in the order of the market,
//! and at each of them plans that are as good as the one at hand at all levels before. What such plans have at least
//! is known of a bound in two ways.
//!
//! *As it stands*: if the levels that come before, in the order of the bound, are among those before, and the plan has
//! there just what the bound says, then so do the others, and at the level itself they are not below the bound.
//!
//! *By the budget*: the bound says W <= S + Σ w L, where S is what is paid and L are the levels that it weighs. No
//! more is paid than the budget B, so that a weighed level has at least (W - B - what the others add) / w, rounded up.
//! What the others add is known for levels before and at most their worst for the rest. Once all are known,
//! S >= W - Σ w L. With shortage at a price c, spend stands for S + c U: that is W + (c - w) U at least, where w <= c.
//!
//! Where the least of some level is above what the plan has, no plan of the part is as good. Where it is below, that is
//! the gap. All this is about plans of one part; the plan at hand is as good as is shown for all parts.

use super::{Gap, Order, Standing};
use crate::facts::{Facts, MetBy};
use crate::figures::Objective;
use model::estate::Assigned;
use model::market::Market;
use model::number::{Money, Quantity};
use model::objective::Level;

/// The levels that stand above spend, unless they are weighed.
const ABOVE_SPEND: [Level; 3] = [Level::LicenseAssignmentsUnmet, Level::TitleAssignmentsUnmet, Level::Uncovered];

/// Why weights may not be those of a bound for the market; none if they may.
pub(super) fn refused_weights(market: &Market, weights: [Option<Money>; 3]) -> Option<&'static str> {
    let is_market_order = weights == market.weights();
    let are_last = weights.windows(2).all(|pair| pair[0].is_none() || pair[1].is_some());
    if is_market_order {
        None
    } else if market.budget.is_none() {
        Some("the weights are not those of the market")
    } else if !are_last {
        Some("a level is weighed and one below it is not")
    } else if weights.iter().flatten().any(|&weight| weight < Money::ZERO) {
        Some("a weight is below zero")
    } else {
        None
    }
}

/// What no plan of a part is below, in the order that the weights make.
pub(super) struct Shown {
    pub(super) weights: [Option<Money>; 3],
    pub(super) least: Objective,
}

/// What is shown of the plans of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Each is worse at some level, and as good at those before.
    Worse,
    /// None is better at any level.
    NoBetter,
    /// None is better before this level, nor by more than the gap there.
    Within(Gap),
}

/// A plan that others are compared with.
pub(super) struct Compared<'m> {
    market: &'m Market,
    order: Order,
    objective: Objective,
    /// What is unmet and uncovered if nothing is done, at each of the levels above spend.
    worst: [i128; 3],
}

impl<'m> Compared<'m> {
    pub(super) fn of(facts: &Facts<'_>, market: &'m Market, objective: &Objective) -> Self {
        let order = Order::of(market.weights());
        Self { market, order, objective: *objective, worst: worst(facts) }
    }

    /// What bounds show of the plans of a part.
    pub(super) fn verdict(&self, bounds: &[Shown]) -> Verdict {
        let bounds: Vec<Reading<'_, '_>> = bounds.iter().map(|shown| Reading::of(self, shown)).collect();
        let had = self.order.of_levels(&self.objective);
        for (position, &objective) in had.iter().enumerate() {
            let level = self.order.level(position);
            // No level is below nothing.
            let bound = bounds.iter().map(|bound| bound.least(level)).max().unwrap_or(0).max(0);
            if bound > objective {
                return Verdict::Worse;
            }
            if bound < objective {
                return Verdict::Within(Gap { level, objective, bound });
            }
        }
        Verdict::NoBetter
    }

    /// What is shown of all plans, of what is shown part by part.
    pub(super) fn standing(&self, verdicts: impl IntoIterator<Item = Verdict>) -> Standing {
        let gaps = verdicts.into_iter().filter_map(|verdict| match verdict {
            Verdict::Within(gap) => Some(gap),
            Verdict::Worse | Verdict::NoBetter => None,
        });
        let widest = gaps.min_by_key(|gap| (self.order.position(gap.level), gap.bound));
        widest.map_or(Standing::Optimal, Standing::Proved)
    }
}

/// A bound, read for the comparison with a plan.
struct Reading<'c, 's> {
    compared: &'c Compared<'c>,
    shown: &'s Shown,
    order: Order,
    /// The plan in the order of the bound.
    had: Objective,
}

impl<'c, 's> Reading<'c, 's> {
    fn of(compared: &'c Compared<'_>, shown: &'s Shown) -> Self {
        let order = Order::of(shown.weights);
        Self { compared, shown, order, had: order.of_levels(&compared.objective) }
    }

    /// What plans have at a level at least that are as good as the one compared with at all levels before.
    fn least(&self, level: Level) -> i128 {
        self.as_it_stands(level).max(self.by_the_budget(level))
    }

    fn as_it_stands(&self, level: Level) -> i128 {
        let position = self.order.position(level);
        let is_said = level != Level::Spend || self.shown.weights == self.compared.market.weights();
        if is_said && self.is_met_before(position, level) { self.shown.least[position] } else { 0 }
    }

    fn by_the_budget(&self, level: Level) -> i128 {
        let Some(budget) = self.compared.market.budget else { return 0 };
        let spend = self.order.position(Level::Spend);
        if level > Level::Spend || !self.is_met_before(spend, level) {
            return 0;
        }
        let others = ABOVE_SPEND.into_iter().filter(|&other| other != level);
        let others = others.filter(|&other| level != Level::Spend || other != Level::Uncovered);
        let added: i128 = others.map(|other| self.weight(other).unwrap_or(0) * self.most(other, level)).sum();
        let left = self.shown.least[spend] - added;
        let within = |weight: i128| match weight {
            0 => 0,
            weight => (left - i128::from(budget.units()) + weight - 1).div_euclid(weight).max(0),
        };
        let weight = self.weight(level).unwrap_or(0);
        let (of_uncovered, price) = (self.weight(Level::Uncovered).unwrap_or(0), self.shortage_cost().unwrap_or(0));
        match level {
            Level::Spend if self.shortage_cost().is_none() => left - of_uncovered * self.had_at(Level::Uncovered),
            Level::Spend if of_uncovered <= price => left + (price - of_uncovered) * within(of_uncovered),
            Level::Spend => left - (of_uncovered - price) * self.compared.worst[Level::Uncovered.index()],
            _ => within(weight),
        }
    }

    /// Whether what stands in the order of the bound at a level is known once plans are as good before another.
    fn is_known(&self, level: Level, before: Level) -> bool {
        let market = &self.compared.order;
        let comes_before = |level: Level| market.position(level) < market.position(before);
        let weighs_alike = self.weight(Level::Uncovered) == self.shortage_cost() || comes_before(Level::Uncovered);
        comes_before(level) && (level != Level::Spend || weighs_alike)
    }

    /// The most that plans have at one of the levels above spend that are as good at the levels before another.
    fn most(&self, level: Level, before: Level) -> i128 {
        if self.is_known(level, before) { self.had_at(level) } else { self.compared.worst[level.index()] }
    }

    /// Whether plans that are as good before a level have just what the bound says at all positions before one.
    fn is_met_before(&self, position: usize, level: Level) -> bool {
        let are_known = (0..position).all(|before| self.is_known(self.order.level(before), level));
        are_known && self.had[..position] == self.shown.least[..position]
    }

    fn had_at(&self, level: Level) -> i128 {
        self.compared.objective[level.index()]
    }

    fn weight(&self, level: Level) -> Option<i128> {
        self.shown.weights.get(level.index()).copied().flatten().map(|weight| weight.units().into())
    }

    fn shortage_cost(&self) -> Option<i128> {
        self.compared.market.shortage_cost.map(|cost| cost.units().into())
    }
}

/// What is unmet and uncovered if nothing is done, at each of the levels above spend.
fn worst(facts: &Facts<'_>) -> [i128; 3] {
    let assignments = facts.estate.assignments.iter();
    let license_assignments = assignments.filter(|row| matches!(row.assigned, Assigned::License(_))).count();
    let title_assignments = facts.title_assignments.iter().filter(|row| row.met_by != MetBy::Nothing).count();
    let demanded: Quantity = facts.demands.iter().map(|demand| demand.quantity).sum();
    [license_assignments as i128, title_assignments as i128, demanded.get().into()]
}
