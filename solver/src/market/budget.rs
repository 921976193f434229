//! Why a budget keeps better plans off: bounds in which what is unmet and uncovered has a price.
//!
//! A plan that leaves one install fewer uncovered must be shown to exceed the budget. With uncovered installs at a
//! price p the least of spend + p · uncovered bounds what every plan pays for covering more. The least spend over
//! the uncovered is convex, and the best p is its slope at the number of the plan. The slope is found from two points,
//! one on either side: the flow that is cheapest where both cost the same is a point between them, or there is none,
//! and their line is a side of the curve (Eisner and Severance 1976). What holds for installs holds for assignments,
//! which are looked at before.
//!
//! At that price plans that cover more and exceed the budget may cost just as much. So that they do not stand for the
//! plan at the levels after spend, what is uncovered is priced there too, up or down, by slopes found in the same way.
//!
//! The flows that are met on the way are plans too, once their quantities may be had: one of them may be within the
//! budget and better than the plan.
//!
//! Where spend has jumps the curve is not convex, and where a slope is no whole number no price is quite right: a bound
//! may leave a gap, which the checker then states.

use super::branch::{Best, Part, Split};
use super::read;
use super::relax::{Ranges, Relaxation, Relaxed};
use crate::Statement;
use crate::error::SolveError;
use crate::graph::Node;
use crate::order::Order;
use crate::problem::Problem;
use checker::figures::Objective;
use checker::plan::{self, Bound, Certificate, Plan, Weights, weights_of};
use model::estate::Assigned;
use model::id::{SkuId, Table};
use model::market::Market;
use model::number::{Money, Quantity};
use model::objective::{LEVELS, Level};

/// A price above all sums of prices that a unit of cover may cost.
const PRICE_MAX: i64 = 1 << 40;
/// Most arcs in all flows of one search for weights.
const WORK_MAX: usize = 20_000_000;

/// The levels that may be weighed.
const ABOVE_SPEND: [Level; 3] = [Level::LicenseAssignmentsUnmet, Level::TitleAssignmentsUnmet, Level::Uncovered];
/// The levels to which they add, in the order in which all bounds compare them.
const FROM_SPEND: [Level; 6] =
    [Level::Spend, Level::UnitsBought, Level::SetAside, Level::TransferCost, Level::Stretch, Level::Flexibility];

/// A search for weights against a plan.
pub(super) struct Weighing<'s, 'e> {
    /// In the order of the levels themselves.
    statement: &'s Statement<'e>,
    market: &'e Market,
    /// What the plan comes to, by level.
    had: Objective,
    /// What every flow comes to beside the costs of its arcs.
    fixed: Objective,
    /// A better plan that was met, if any, and what it comes to.
    better: Option<(Objective, Plan)>,
    work: usize,
}

/// What a flow comes to at a level beside what a weighed level adds, and what it leaves at that one.
#[derive(Clone, Copy)]
struct Point {
    cost: i128,
    left: i128,
}

/// A slope that is looked for: what a unit of a weighed level adds to a level.
#[derive(Clone, Copy)]
struct Slope {
    weighed: usize,
    level: Level,
    least: i64,
    most: i64,
}

impl<'s, 'e> Weighing<'s, 'e> {
    pub(super) fn against(had: Objective, statement: &'s Statement<'e>) -> Self {
        let problem = &statement.problem;
        let market = problem.trade.market.expect("a statement of a market");
        Self { statement, market, had, fixed: fixed(statement), better: None, work: 0 }
    }

    /// The best plan that was met, if it is better than the one it was searched against.
    pub(super) fn better(self) -> Option<Plan> {
        self.better.map(|(_, plan)| plan)
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
        let mut weights = weights_of(self.market);
        let unlimited = self.levels(&weights, ranges)?;
        let is_limited = |index: &usize| unlimited[*index] < self.had[*index];
        let first = (0..ABOVE_SPEND.len()).find(is_limited).unwrap_or(Level::Uncovered.index());
        for weighed in first..ABOVE_SPEND.len() {
            // Those after it come for nothing; none of them stands for itself.
            for (index, weight) in weights.iter_mut().enumerate().skip(weighed) {
                *weight = Some(plan::adding(ABOVE_SPEND[index], -1));
            }
            let price_max = self.market.shortage_cost.filter(|_| weighed == Level::Uncovered.index());
            let most = price_max.map_or(PRICE_MAX, Money::units);
            // Above the price of a shortage a weight says nothing of spend, but how much is left within the budget.
            let beyond = price_max.map(|_| PRICE_MAX);
            for most in beyond.into_iter().chain([most]) {
                for price in self.slopes(&weights, Slope { weighed, level: Level::Spend, least: 0, most }, ranges)? {
                    set(&mut weights, weighed, Level::Spend, price);
                    bounds.push(self.bound(&weights, ranges)?);
                }
            }
        }
        self.weigh_after_spend(&mut weights, first, ranges)?;
        bounds.push(self.bound(&weights, ranges)?);
        Ok(bounds)
    }

    /// Prices what is weighed at the levels after spend, as long as nothing is better than the plan at those before.
    fn weigh_after_spend(&mut self, weights: &mut Weights, first: usize, ranges: &Ranges) -> Result<(), SolveError> {
        for level in FROM_SPEND {
            let had = self.had;
            let lacking = |found: &Objective, weights: &Weights| {
                let order = plan::Order::of(*weights);
                order.of_levels(&had)[order.position(level)] - order.of_levels(found)[order.position(level)]
            };
            let mut lacks = lacking(&self.levels(weights, ranges)?, weights);
            for weighed in (first..ABOVE_SPEND.len()).rev() {
                if lacks <= 0 || level == Level::Spend {
                    break;
                }
                let slope = Slope { weighed, level, least: -PRICE_MAX, most: PRICE_MAX };
                let mut best = (lacks, 0);
                for price in self.slopes(weights, slope, ranges)? {
                    set(weights, weighed, level, price);
                    best = best.min((lacking(&self.levels(weights, ranges)?, weights), price));
                }
                set(weights, weighed, level, best.1);
                lacks = best.0;
            }
            if lacks != 0 {
                break;
            }
        }
        Ok(())
    }

    /// Prices near the slope at the number that the plan has; the last is the best one, as far as that is known.
    fn slopes(&mut self, weights: &Weights, slope: Slope, ranges: &Ranges) -> Result<Vec<i64>, SolveError> {
        let Slope { weighed, level, least, most } = slope;
        let had = self.had[weighed];
        let mut at = |price: i64| -> Result<Point, SolveError> {
            let mut weights = *weights;
            set(&mut weights, weighed, level, price);
            let found = self.levels(&weights, ranges)?;
            let order = plan::Order::of(weights);
            let left = found[weighed];
            let cost = order.of_levels(&found)[order.position(level)] - i128::from(price) * left;
            Ok(Point { cost, left })
        };
        let (mut before, mut beyond) = (at(least)?, at(most)?);
        if before.left < had {
            return Ok(vec![least]);
        }
        if beyond.left >= had {
            return Ok(vec![most]);
        }
        loop {
            let (more, fewer) = (beyond.cost - before.cost, before.left - beyond.left);
            let price = i64::try_from(more.div_euclid(fewer)).unwrap_or(most).clamp(least, most);
            let found = at(price)?;
            let total = |point: Point| point.cost + i128::from(price) * point.left;
            if found.left >= had && total(found) < total(before) {
                before = found;
            } else if found.left < had && total(found) < total(beyond) {
                beyond = found;
            } else if more.rem_euclid(fewer) == 0 {
                return Ok(vec![price]);
            } else {
                return Ok(vec![(price + 1).min(most), price]);
            }
        }
    }

    /// What the cheapest flow of a part comes to, by level.
    fn levels(&mut self, weights: &Weights, ranges: &Ranges) -> Result<Objective, SolveError> {
        let mut relaxation = self.relaxation(weights);
        let relaxed = relaxation.solve(ranges)?.expect("a part that is bounded has plans");
        self.work += relaxation.work();
        let stated = relaxation.stated(&relaxed);
        let levels = std::array::from_fn(|level| self.fixed[level] + stated[level]);
        self.meet(&relaxation, &relaxed, ranges, levels);
        Ok(levels)
    }

    /// Keeps the plan of a flow, with quantities that may be had, if it is better.
    fn meet(&mut self, relaxation: &Relaxation<'_, '_>, relaxed: &Relaxed, ranges: &Ranges, mut levels: Objective) {
        let mut quantities = Table::filled(0, self.market.offers.len());
        for (offer, &needed) in relaxed.needed.enumerate() {
            let curve = relaxation.curve(offer, ranges).expect("a part with a flow has plans");
            let (quantity, cost) = curve.cheapest(needed);
            quantities[offer] = quantity;
            levels[Level::Spend.index()] += cost[0] - relaxed.charged[offer][0];
            levels[Level::UnitsBought.index()] += cost[1] - relaxed.charged[offer][1];
        }
        let order = plan::Order::of(weights_of(self.market));
        let best = self.better.as_ref().map_or(&self.had, |(levels, _)| levels);
        let is_paid = self.market.budget.is_none_or(|budget| levels[Level::Spend.index()] <= budget.units().into());
        if is_paid && order.of_levels(&levels) < order.of_levels(best) {
            self.better = Some((levels, read::plan(self.statement, &quantities, &relaxed.flows)));
        }
    }

    fn bound(&mut self, weights: &Weights, ranges: &Ranges) -> Result<Bound, SolveError> {
        let mut relaxation = self.relaxation(weights);
        let bound = read::bound(&mut relaxation, *weights, ranges);
        self.work += relaxation.work();
        bound
    }

    fn relaxation(&self, weights: &Weights) -> Relaxation<'s, 'e> {
        Relaxation::ordered(self.statement, Order::new(self.market, *weights))
    }
}

fn set(weights: &mut Weights, weighed: usize, level: Level, price: i64) {
    weights[weighed].get_or_insert([0; LEVELS])[level.index()] = price;
}

/// What is unmet and uncovered if nothing flows, and what units cost that are used unless they are idle.
fn fixed(statement: &Statement<'_>) -> Objective {
    let Statement { problem, graph, .. } = statement;
    let mut fixed = [0; LEVELS];
    let to_license = |row: &&model::estate::Assignment| matches!(row.assigned, Assigned::License(_));
    let license_assignments = problem.estate.assignments.iter().filter(to_license).count();
    fixed[Level::LicenseAssignmentsUnmet.index()] = license_assignments as i128;
    fixed[Level::TitleAssignmentsUnmet.index()] = problem.wanted.len() as i128;
    let demanded: Quantity = problem.demands.iter().map(|demand| demand.quantity).sum();
    fixed[Level::Uncovered.index()] = demanded.get().into();
    for (node, &supply) in graph.nodes.iter().zip(&graph.supply).filter(|(_, supply)| **supply > 0) {
        let sku = match *node {
            Node::Pool(pool) => problem.pools[pool].sku,
            Node::ReservedBase(unit) => {
                fixed[Level::LicenseAssignmentsUnmet.index()] -= 1;
                problem.reserved[unit].sku
            }
            _ => continue,
        };
        fixed[Level::Flexibility.index()] += i128::from(supply) * flexibility(problem, sku);
    }
    fixed
}

fn flexibility(problem: &Problem<'_>, sku: SkuId) -> i128 {
    problem.estate.skus[sku].may_cover.len() as i128
}
