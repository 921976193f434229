//! A market as files that other solvers read: an integer program in MPS and, where the market is one, a
//! minimum-cost flow in DIMACS. Both ask for the least spend; lower levels are not in them.
//!
//! * **MPS** minimizes spend, with what a shortage is priced at, in 10^-4. Levels above spend are rows that hold
//!   them where the best plan has them.
//! * **DIMACS** has no rows to hold a level with. There the levels above spend are in the cost, each with a weight
//!   that outweighs everything below it: more than a simple cycle can change there. A flow is cheapest if no cycle is
//!   cheaper than nothing, and the weights do not change the sign of a cycle, so that the cheapest flow of the file is
//!   the best one level by level. No answer is needed to state it.
//!
//! Not every market is a flow: packs, minimums, fees, tiers that become cheaper, a budget, and upgrades whose units
//! entitlements of different whereabouts share are none; nor is one stated whose weights do not fit 64 bits.
//!
//! Costs leave out what no plan can change. The constant of a file is what is to be added to its least cost.

use super::relax::Relaxation;
use crate::Statement;
use crate::component::{Component, Components};
use crate::error::SolveError;
use crate::graph::{Graph, HUB};
use crate::problem::ReservedUnit;
use checker::plan::weights_of;
use model::estate::{Assigned, Estate};
use model::market::Market;
use model::number::Quantity;
use model::objective::{LEVELS, Level};
use std::fmt::Write as _;

/// A market for other solvers.
#[derive(Clone, Debug)]
pub struct Models {
    /// The integer program in MPS; none where this was built without integer programs.
    pub program: Option<ProgramModel>,
    /// The flow in DIMACS, or why there is none.
    pub flow: Result<FlowModel, &'static str>,
}

/// An integer program whose least cost, with the constant, is spend.
#[derive(Clone, Debug)]
pub struct ProgramModel {
    /// In MPS.
    pub text: String,
    /// What the levels above spend are held at.
    pub held: Vec<(Level, i128)>,
    /// In 10^-4 of the currency, like the cost.
    pub constant: i128,
}

/// A minimum-cost flow whose least cost, with the constant, is the weighed sum of the levels.
#[derive(Clone, Debug)]
pub struct FlowModel {
    /// In DIMACS.
    pub text: String,
    /// What one of each level adds to the cost: of spend, with what a shortage is priced at, so many 10^-4 of the
    /// currency as [`Self::money_unit`] says. Levels that no plan can change are left out.
    pub weights: Vec<(Level, i64)>,
    /// What divides every amount of money, in 10^-4 of the currency.
    pub money_unit: i64,
    /// In units of the cost.
    pub constant: i128,
}

/// States a market for other solvers.
///
/// # Errors
/// As [`plan`](super::plan()), and a number that does not fit a float.
pub fn models(estate: &Estate, market: &Market) -> Result<Models, SolveError> {
    let statement = Statement::with_market(estate, market, weights_of(market))?;
    let mut relaxation = Relaxation::new(&statement);
    let all = relaxation.all();
    let worst = worst(&statement);
    let relaxed = relaxation.solve(&all)?;
    let flow = flow(&relaxation, &worst);
    // Whatever is used of an offer may be had, so that jumps in costs change nothing above spend.
    let is_least = market.budget.is_none() && !has_assigned_units(&statement);
    let best = relaxed.filter(|_| is_least).map(|relaxed| relaxed.value);
    let program = program(&mut relaxation, best, &worst)?;
    Ok(Models { program, flow })
}

/// What every level comes to where the graph costs nothing, as levels are compared: nothing is met and covered but what
/// base units meet that are reserved and owned, since these are always used.
pub(super) fn worst(statement: &Statement<'_>) -> [i128; LEVELS] {
    let problem = &statement.problem;
    let is_of_license = |assigned: Assigned| matches!(assigned, Assigned::License(_));
    let of_licenses = problem.estate.assignments.iter().filter(|row| is_of_license(row.assigned)).count();
    let is_used = |unit: &&ReservedUnit| unit.offer.is_none() && !problem.estate.skus[unit.sku].is_upgrade();
    let always_met = problem.reserved.iter().filter(is_used).count();
    let demanded: Quantity = problem.demands.iter().map(|demand| demand.quantity).sum();
    let count = |count: usize| i64::try_from(count).expect("rows are bounded by their limits");
    let mut by_level = [0; LEVELS];
    by_level[Level::LicenseAssignmentsUnmet.index()] = count(of_licenses - always_met);
    by_level[Level::TitleAssignmentsUnmet.index()] = count(problem.wanted.len());
    by_level[Level::Uncovered.index()] = demanded.signed();
    problem.order.apply(by_level).map(i128::from)
}

/// Whether units that assignments reserve would be had by an offer. Of these as many are honored as are had, in their
/// order, which no flow states.
fn has_assigned_units(statement: &Statement<'_>) -> bool {
    statement.problem.reserved.iter().any(|unit| unit.offer.is_some())
}

#[cfg(feature = "milp")]
fn program(
    relaxation: &mut Relaxation<'_, '_>,
    best: Option<super::relax::Value>,
    worst: &[i128; LEVELS],
) -> Result<Option<ProgramModel>, SolveError> {
    let budget = relaxation.market.budget;
    let best = match best {
        Some(best) => Some(best),
        None => super::branch::search(relaxation, budget)?.best.map(|best| best.value),
    };
    let best = best.ok_or_else(|| SolveError::Limit { what: "no plan is within the budget".to_owned() })?;
    let order = &relaxation.statement.problem.order;
    let spend = order.spend();
    let program = super::program::state(relaxation, budget).program;
    let limit = |fault: milp::RangeFault| SolveError::Limit { what: fault.to_string() };
    let text = milp::write_mps(&program, spend, &best[..spend]).map_err(limit)?;
    let held: Vec<(Level, i128)> =
        (0..spend).map(|position| (order.level(position), best[position] + worst[position])).collect();
    let mut comments = format!(
        "* cost + {} is what is spent, and what a priced shortage costs, in 10^-4 of the currency\n",
        worst[spend]
    );
    for (level, amount) in &held {
        let _ = writeln!(comments, "* held: {level} {amount}");
    }
    Ok(Some(ProgramModel { text: comments + &text, held, constant: worst[spend] }))
}

#[cfg(not(feature = "milp"))]
#[allow(clippy::unnecessary_wraps, reason = "with integer programs a number may not fit")]
fn program(
    _: &mut Relaxation<'_, '_>,
    _: Option<super::relax::Value>,
    _: &[i128; LEVELS],
) -> Result<Option<ProgramModel>, SolveError> {
    Ok(None)
}

/// The market behind a relaxation of the whole as a flow, or why it is none.
fn flow(relaxation: &Relaxation<'_, '_>, worst: &[i128; LEVELS]) -> Result<FlowModel, &'static str> {
    let market = relaxation.market;
    if market.budget.is_some() {
        return Err("a budget is no bound on an arc");
    }
    if has_assigned_units(relaxation.statement) {
        return Err("which assignments have units of a license that is renewed in part depends on their order");
    }
    if !market.offers.iter().all(|offer| offer.terms.is_convex()) {
        return Err("an offer has packs, a minimum, a fee, or tiers in which units become cheaper");
    }
    if !relaxation.is_exact() {
        return Err("entitlements of different whereabouts share the units of an upgrade");
    }
    let (graph, order) = (relaxation.graph(), &relaxation.statement.problem.order);
    let spend = order.spend();
    let shortage = market.shortage_cost.map_or(0, |cost| cost.units().unsigned_abs());
    let money_unit = graph.arcs.iter().fold(shortage, |unit, arc| divisor(unit, arc.cost[spend].unsigned_abs()));
    let money_unit = i64::try_from(money_unit.max(1)).expect("a divisor of amounts");
    let levels = |cost: &[i64; LEVELS]| -> Vec<i64> {
        (0..=spend).map(|level| if level == spend { cost[level] / money_unit } else { cost[level] }).collect()
    };
    let weights = weights(graph, spend, levels).ok_or("the weights of its levels do not fit 64 bits")?;
    let constants = worst[..spend].iter().copied().chain([worst[spend] / i128::from(money_unit)]);
    let constant = constants.zip(&weights).map(|(worst, &weight)| worst * i128::from(weight)).sum();
    let named: Vec<(Level, i64)> =
        weights.iter().enumerate().map(|(position, &weight)| (order.level(position), weight)).collect();
    let named: Vec<(Level, i64)> = named.into_iter().filter(|&(_, weight)| weight != 0).collect();
    let mut text = format!("c cost + {constant} is the sum of levels, each times its weight\n");
    for &(level, weight) in &named {
        let unit = if level == Level::Spend { format!(" for each {money_unit} of 10^-4") } else { String::new() };
        let _ = writeln!(text, "c weight: {level} {weight}{unit}");
    }
    let weighed = |cost: &[i64; LEVELS]| levels(cost).iter().zip(&weights).map(|(cost, weight)| cost * weight).sum();
    write_graph(&mut text, graph, weighed);
    Ok(FlowModel { text, weights: named, money_unit, constant })
}

/// Of each level down to spend what outweighs all levels below it; zero where nothing costs anything.
fn weights(graph: &Graph, spend: usize, levels: impl Fn(&[i64; LEVELS]) -> Vec<i64>) -> Option<Vec<i64>> {
    let mut bounds = vec![0_i128; spend + 1];
    let components = Components::of(graph);
    for component in (0..components.len()).map(|index| components.at(index)) {
        let Component { nodes, arcs } = component;
        let mut largest = vec![0; spend + 1];
        for &arc in arcs {
            for (largest, cost) in largest.iter_mut().zip(levels(&graph.arcs[arc as usize].cost)) {
                *largest = cost.unsigned_abs().max(*largest);
            }
        }
        // A simple cycle leaves the hub and each node of one component once at most.
        let steps = i128::try_from(nodes.len() + 1).ok()?;
        for (bound, largest) in bounds.iter_mut().zip(largest) {
            *bound = (*bound).max(steps * i128::from(largest));
        }
    }
    let mut weights = vec![0_i64; spend + 1];
    let mut below = 0_i128;
    for (weight, &bound) in weights.iter_mut().zip(&bounds).rev().filter(|&(_, &bound)| bound > 0) {
        *weight = i64::try_from(below + 1).ok()?;
        below = (below + 1).checked_mul(bound)?.checked_add(below)?;
    }
    // What a path costs fits too.
    i64::try_from(below).ok().map(|_| weights)
}

/// Nodes from 1, the hub first; all bounds are finite.
fn write_graph(text: &mut String, graph: &Graph, weighed: impl Fn(&[i64; LEVELS]) -> i64) {
    let all: i64 = graph.supply.iter().sum();
    // No cheapest flow needs more on an arc: what is supplied, and cycles, each of which ends at a bound.
    let bounds = graph.arcs.iter().filter_map(|arc| arc.capacity).chain([all]);
    let most = i64::try_from(bounds.map(i128::from).sum::<i128>()).unwrap_or(i64::MAX);
    let _ = writeln!(text, "p min {} {}", graph.nodes.len(), graph.arcs.len());
    let supplies = graph.supply.iter().enumerate().filter(|&(_, &supply)| supply != 0);
    for (node, supply) in supplies.chain([(HUB as usize, &-all)]).filter(|&(_, &supply)| supply != 0) {
        let _ = writeln!(text, "n {} {supply}", node + 1);
    }
    for arc in &graph.arcs {
        let capacity = arc.capacity.map_or(most, |capacity| capacity.min(most));
        let _ = writeln!(text, "a {} {} 0 {capacity} {}", arc.tail + 1, arc.head + 1, weighed(&arc.cost));
    }
}

/// The greatest common divisor; the other one if one is zero.
const fn divisor(mut one: u64, mut other: u64) -> u64 {
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}
