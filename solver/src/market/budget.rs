//! Why a budget keeps better plans off: bounds in which what is unmet and uncovered has a price.
//!
//! A plan that leaves one install fewer uncovered must be shown to exceed the budget. With uncovered installs at a
//! price p the least of spend + p · uncovered bounds what every plan pays for covering more. The least spend over
//! the uncovered is convex, and the best p is its slope at the number of the plan. The slope is found from two points,
//! one on either side: the flow that is cheapest where both cost the same is a point between them, or there is none,
//! and their line is a side of the curve. What holds for installs holds for assignments, which are looked at before:
//! of each level the weight is found with those before it at theirs, a little below the slope, so that nothing is as
//! cheap as the number of the plan, and with nothing for those after it.
//!
//! Where spend has jumps the curve is not convex and a bound may leave a gap, which the checker then states.

use super::branch::{Best, Part, Split};
use super::relax::{Ranges, Relaxation, Value};
use super::{read, relax};
use crate::Statement;
use crate::error::SolveError;
use checker::figures::Objective;
use checker::plan::{Bound, Certificate};
use model::estate::{Assigned, Estate};
use model::market::Market;
use model::number::{Money, Quantity};
use model::objective::Level;

/// A price above all sums of prices that a unit of cover may cost.
const PRICE_MAX: i64 = 1 << 40;
/// Most arcs in all flows of one search for weights.
const WORK_MAX: usize = 20_000_000;

/// The levels that may be weighed.
const ABOVE_SPEND: [Level; 3] = [Level::LicenseAssignmentsUnmet, Level::TitleAssignmentsUnmet, Level::Uncovered];

type Weights = [Option<Money>; 3];

/// A search for weights against a plan.
pub(super) struct Weighing<'e> {
    estate: &'e Estate,
    market: &'e Market,
    /// What the plan comes to, by level.
    had: Objective,
    work: usize,
}

/// What is paid, and what is left at a level.
#[derive(Clone, Copy)]
struct Point {
    paid: i128,
    left: i128,
}

impl<'e> Weighing<'e> {
    pub(super) const fn against(had: Objective, estate: &'e Estate, market: &'e Market) -> Self {
        Self { estate, market, had, work: 0 }
    }

    /// Adds bounds to the parts that may hold something better, as far as the work goes.
    pub(super) fn refine(
        &mut self,
        certificate: &mut Certificate,
        parts: &[Part],
        best: Option<&Best>,
    ) -> Result<(), SolveError> {
        let mut open = vec![(certificate, 0)];
        while let Some((certificate, index)) = open.pop() {
            let part = &parts[index];
            match (certificate, part.split) {
                (Certificate::Branch { within, beyond, .. }, Some(split)) => {
                    let Split { within: below, beyond: above, .. } = split;
                    open.extend([(&mut **beyond, above), (&mut **within, below)]);
                }
                (Certificate::Leaf(bounds), _) if part.may_be_better_than(best) && self.work < WORK_MAX => {
                    bounds.extend(self.bounds(&part.ranges)?);
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Bounds for a part, the levels that the budget limits weighed.
    fn bounds(&mut self, ranges: &Ranges) -> Result<Vec<Bound>, SolveError> {
        let mut bounds = Vec::new();
        let mut weights = self.market.weights();
        for (index, level) in ABOVE_SPEND.into_iter().enumerate() {
            let is_weighed = weights[..index].iter().any(Option::is_some);
            if !is_weighed && level != Level::Uncovered {
                let unlimited = self.point(self.market.weights(), ranges, level)?;
                if unlimited.left >= self.had[level.index()] {
                    continue;
                }
            }
            weights[index..].fill(Some(Money::ZERO));
            let (tried, weight) = self.weights(weights, index, ranges)?;
            for weight in tried.into_iter().filter(|&weight| weight > 0) {
                weights[index] = Some(Money::from_units(weight));
                bounds.push(self.bound(weights, ranges)?);
            }
            weights[index] = Some(Money::from_units(weight));
        }
        bounds.push(self.bound(weights, ranges)?);
        Ok(bounds)
    }

    /// Weights of a level that may show that the plan has the least of it, and one at which nothing is as cheap as
    /// what the plan has.
    fn weights(&mut self, weights: Weights, index: usize, ranges: &Ranges) -> Result<(Vec<i64>, i64), SolveError> {
        let level = ABOVE_SPEND[index];
        let had = self.had[level.index()];
        let most = self.market.shortage_cost.filter(|_| level == Level::Uncovered).map_or(PRICE_MAX, Money::units);
        let mut at = |weight: i64| {
            let mut weights = weights;
            weights[index] = Some(Money::from_units(weight));
            self.point(weights, ranges, level)
        };
        // Before the number of the plan, where more is left, and beyond it; slopes at which each was found.
        let (mut before, mut beyond) = ((0, at(0)?), (most, at(most)?));
        if beyond.1.left >= had {
            return Ok((vec![most], most.min(before.0 + 1)));
        }
        if before.1.left < had {
            return Ok((Vec::new(), 0));
        }
        loop {
            let (paid, left) = (beyond.1.paid - before.1.paid, before.1.left - beyond.1.left);
            let slope = i64::try_from(paid.div_euclid(left)).unwrap_or(most).clamp(0, most);
            let found = at(slope)?;
            let is_below = |point: Point| {
                let cost = |point: Point| point.paid + i128::from(slope) * point.left;
                cost(found) < cost(point)
            };
            if found.left >= had && found.left < before.1.left && is_below(before.1) {
                before = (slope, found);
            } else if found.left < had && found.left > beyond.1.left && is_below(beyond.1) {
                beyond = (slope, found);
            } else {
                let is_whole = paid.rem_euclid(left) == 0;
                let inside = if is_whole { slope - 1 } else { slope };
                return Ok((vec![slope, slope + 1], inside.max(0)));
            }
        }
    }

    fn point(&mut self, weights: Weights, ranges: &Ranges, level: Level) -> Result<Point, SolveError> {
        let statement = Statement::with_market(self.estate, self.market, weights)?;
        let mut relaxation = Relaxation::new(&statement);
        self.work += relaxation.size();
        let relaxed = relaxation.solve(ranges)?.expect("a part that is bounded has plans");
        let value: Value = relaxed.value;
        let order = &statement.problem.order;
        let all: i128 = match level {
            Level::LicenseAssignmentsUnmet => {
                let to_license = |row: &&model::estate::Assignment| matches!(row.assigned, Assigned::License(_));
                self.estate.assignments.iter().filter(to_license).count() as i128
            }
            Level::TitleAssignmentsUnmet => statement.problem.wanted.len() as i128,
            _ => {
                let demanded: Quantity = statement.problem.demands.iter().map(|demand| demand.quantity).sum();
                demanded.get().into()
            }
        };
        Ok(Point { paid: order.paid(&value), left: all + order.unmet(&value)[level.index()] })
    }

    fn bound(&mut self, weights: Weights, ranges: &Ranges) -> Result<Bound, SolveError> {
        let statement = Statement::with_market(self.estate, self.market, weights)?;
        let mut relaxation = relax::Relaxation::new(&statement);
        self.work += relaxation.size();
        read::bound(&mut relaxation, weights, ranges)
    }
}
