//! What bounds show about a plan.
//!
//! A bound is on tuples in an order of its own, for all plans of a part. Take the levels in the order of the market,
//! and at each of them plans that are as good as the one at hand at all levels before. What such plans have at least
//! is known of a bound in two ways.
//!
//! *As it stands*: if what comes before, in the order of the bound, is made of levels before, and the plan has there
//! just what the bound says, then so do the others, and at the level itself they are not below the bound, less what
//! weighed levels add there.
//!
//! *By the budget*: the bound says W <= S + Σ w L, where S is what is paid and L are the levels that it weighs. No
//! more is paid than the budget B, so that a weighed level has at least (W - B - what the others add) / w, rounded up.
//! What the others add is known for levels before and at most their worst for the rest. With shortage at a price c,
//! spend stands for S + c U: that is W + (c - w) U at least, where w <= c. So U is not above (S + c U - W) / (c - w);
//! where it cannot be below that either, it is known with spend.
//!
//! Where the least of some level is above what the plan has, no plan of the part is as good. Where it is below, that is
//! the gap. All this is about plans of one part; the plan at hand is as good as is shown for all parts.

use super::{Gap, Order, Standing, Weight, Weights, weights_of};
use crate::facts::{Facts, MetBy};
use crate::figures::Objective;
use model::estate::Assigned;
use model::market::Market;
use model::number::Quantity;
use model::objective::Level;

/// The levels that stand above spend, unless they are weighed.
const ABOVE_SPEND: [Level; 3] = [Level::LicenseAssignmentsUnmet, Level::TitleAssignmentsUnmet, Level::Uncovered];

/// Why weights may not be those of a bound for the market; none if they may.
pub(super) fn refused_weights(market: &Market, weights: &Weights) -> Option<&'static str> {
    let are_last = weights.windows(2).all(|pair| pair[0].is_none() || pair[1].is_some());
    let stands_above = |level: &Level| weights.get(level.index()).is_some_and(Option::is_none);
    let adds_above = |weight: &Weight| Level::ALL.iter().any(|level| stands_above(level) && weight[level.index()] != 0);
    if *weights == weights_of(market) {
        None
    } else if market.budget.is_none() {
        Some("the weights are not those of the market")
    } else if !are_last {
        Some("a level is weighed and one below it is not")
    } else if weights.iter().flatten().any(|weight| weight[Level::Spend.index()] < 0) {
        Some("a weight is below zero")
    } else if weights.iter().flatten().any(adds_above) {
        Some("a weight adds to a level that stands above spend")
    } else {
        None
    }
}

/// What no plan of a part is below, in the order that the weights make.
pub(super) struct Shown {
    pub(super) weights: Weights,
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
        let order = Order::of(weights_of(market));
        Self { market, order, objective: *objective, worst: worst(facts) }
    }

    /// What bounds show of the plans of a part.
    pub(super) fn verdict(&self, bounds: &[Shown]) -> Verdict {
        let mut bounds: Vec<Reading<'_, '_>> = bounds.iter().map(|shown| Reading::of(self, shown)).collect();
        // What is uncovered may be known from spend before its turn.
        let [fewest, most] =
            [Reading::fewest_uncovered, Reading::most_uncovered].map(|of| bounds.iter().filter_map(of));
        let had = Some(self.objective[Level::Uncovered.index()]);
        let is_uncovered_known = had == fewest.max() && had == most.min();
        for bound in &mut bounds {
            bound.is_uncovered_known = is_uncovered_known;
        }
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
    /// Whether plans as good up to spend leave no more or less uncovered.
    is_uncovered_known: bool,
}

impl<'c, 's> Reading<'c, 's> {
    fn of(compared: &'c Compared<'_>, shown: &'s Shown) -> Self {
        let order = Order::of(shown.weights);
        Self { compared, shown, order, had: order.of_levels(&compared.objective), is_uncovered_known: false }
    }

    /// What plans have at a level at least that are as good as the one compared with at all levels before.
    fn least(&self, level: Level) -> i128 {
        self.as_it_stands(level).max(self.by_the_budget(level))
    }

    fn as_it_stands(&self, level: Level) -> i128 {
        let position = self.order.position(level);
        if !self.is_met_before(position, level) {
            return 0;
        }
        let mut least = self.shown.least[position];
        for (weighed, more) in self.added_to(level) {
            if level == Level::Spend && weighed == Level::Uncovered && self.shortage_cost().is_some() {
                // Of the market's spend it is a part, if it is the same.
                if self.shortage_cost() != Some(more) {
                    return 0;
                }
            } else if self.comes_before(weighed, level) {
                least -= more * self.had_at(weighed);
            } else {
                return 0;
            }
        }
        least
    }

    fn by_the_budget(&self, level: Level) -> i128 {
        match self.shortage_cost() {
            _ if level < Level::Spend => self.left_beyond_budget(level).unwrap_or(0),
            Some(cost) if level == Level::Spend => {
                let Some(left) = self.left_of_sum(Level::Spend) else { return 0 };
                let weight = self.weight(Level::Uncovered).unwrap_or(0);
                let uncovered = if weight <= cost {
                    self.left_beyond_budget(Level::Spend).unwrap_or(0)
                } else {
                    self.compared.worst[Level::Uncovered.index()]
                };
                left + (cost - weight) * uncovered
            }
            _ => 0,
        }
    }

    /// With the weight of a level, or of what is uncovered for spend: so much of it there is at least within the
    /// budget.
    fn left_beyond_budget(&self, level: Level) -> Option<i128> {
        let budget = i128::from(self.compared.market.budget?.units());
        let weight = self.weight(level.min(Level::Uncovered))?;
        let left = self.left_of_sum(level)?;
        (weight > 0).then(|| (left - budget + weight - 1).div_euclid(weight).max(0))
    }

    /// What is left of the bound on what is paid and weighed for what is paid and for one level, or for spend what is
    /// uncovered; none if the bound says nothing about plans as good before the level.
    fn left_of_sum(&self, level: Level) -> Option<i128> {
        let spend = self.order.position(Level::Spend);
        let others = ABOVE_SPEND.into_iter().filter(|&other| other != level.min(Level::Uncovered));
        let added: i128 = others.map(|other| self.weight(other).unwrap_or(0) * self.most(other, level)).sum();
        self.is_met_before(spend, level).then(|| self.shown.least[spend] - added)
    }

    /// How much is uncovered at least in plans that are as good up to spend, where a shortage has a price.
    fn fewest_uncovered(&self) -> Option<i128> {
        self.shortage_cost()?;
        self.left_beyond_budget(Level::Spend)
    }

    /// How much at most: more would be dearer than what they come to.
    fn most_uncovered(&self) -> Option<i128> {
        let cheaper = self.shortage_cost()? - self.weight(Level::Uncovered)?;
        let spend = self.compared.order.of_levels(&self.compared.objective)[self.compared.order.position(Level::Spend)];
        let left = self.left_of_sum(Level::Spend)?;
        (cheaper > 0).then(|| (spend - left).div_euclid(cheaper))
    }

    /// Whether what stands in the order of the bound at a level is known once plans are as good before another.
    fn is_known(&self, level: Level, before: Level) -> bool {
        let is_part = |(weighed, more): (Level, i128)| match weighed {
            _ if self.comes_before(weighed, before) => true,
            Level::Uncovered if level == Level::Spend => self.shortage_cost() == Some(more),
            // Taken off itself nothing is left of it.
            weighed => weighed == level && more == -1,
        };
        let is_taken_off = self.added_to(level).any(|(weighed, more)| weighed == level && more == -1);
        // The market's spend may have a part that the bound's has not.
        let has_more = level == Level::Spend
            && self.shortage_cost().is_some_and(|cost| self.weight(Level::Uncovered) != Some(cost))
            && !self.comes_before(Level::Uncovered, before);
        (is_taken_off || self.comes_before(level, before)) && !has_more && self.added_to(level).all(is_part)
    }

    /// Whether the market compares one level before another.
    fn comes_before(&self, level: Level, before: Level) -> bool {
        let market = &self.compared.order;
        let level = if level == Level::Uncovered && self.is_uncovered_known { Level::Spend } else { level };
        market.position(level) < market.position(before)
    }

    /// What the weighed levels add to a level.
    fn added_to(&self, level: Level) -> impl Iterator<Item = (Level, i128)> {
        let weights = ABOVE_SPEND.into_iter().zip(&self.shown.weights);
        let added = weights.filter_map(move |(weighed, weight)| Some((weighed, i128::from((*weight)?[level.index()]))));
        added.filter(|&(_, more)| more != 0)
    }

    /// The most that plans have at one of the levels above spend that are as good at the levels before another.
    fn most(&self, level: Level, before: Level) -> i128 {
        if self.comes_before(level, before) { self.had_at(level) } else { self.compared.worst[level.index()] }
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
        let weight = self.shown.weights.get(level.index()).copied().flatten()?;
        Some(weight[Level::Spend.index()].into())
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
