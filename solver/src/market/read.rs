//! Reads a plan off a flow, and the proof off the parts of the search.

use super::branch::{Part, Split};
use super::relax::{Effort, Ranges, Relaxation, Relaxed};
use crate::Statement;
use crate::component::Flows;
use crate::error::SolveError;
use crate::graph::{Node, Role};
use crate::places::Place;
use crate::prices;
use checker::allocation::DemandKey;
use checker::plan::{Bound, Certificate, Plan, Weights, weights_of};
use model::id::{Table, VersionId};
use model::market::{Market, OfferId};
use model::number::{Money, Quantity};
use std::collections::BTreeMap;

/// The plan of a flow. Installs are taken in the order of their keys.
pub(super) fn plan(statement: &Statement<'_>, quantities: &Table<OfferId, u64>, flows: &Flows) -> Plan {
    let mut plan = Plan {
        quantities: Table::new(quantities.iter().map(|&quantity| Quantity::new(quantity)).collect()),
        ..Plan::default()
    };
    let mut changes = Changes::of(statement);
    let graph = &statement.graph;
    let flowing = || graph.arcs.iter().zip(&flows.flow).filter(|&(_, &flow)| flow > 0);
    // What is uninstalled must have been idle; anything may be replaced.
    for (arc, &flow) in flowing() {
        if let (Role::Reclaimed(cost), Node::Changeable(version, place)) = (arc.role, graph.nodes[arc.head as usize]) {
            let keys = statement.problem.trade.reclaimable_at(version, place).filter(|(key, _)| key.cost == cost);
            plan.reclaimed.extend(changes.take(keys.map(|&(key, quantity)| (key, key.demand, quantity)), flow));
        }
    }
    for (arc, &flow) in flowing() {
        if let (Role::Reinstalled(to), Node::Changeable(version, place)) = (arc.role, graph.nodes[arc.head as usize]) {
            let keys = changes.at(version, place);
            let taken = changes.take(keys.into_iter().map(|(key, quantity)| (key, key, quantity)), flow);
            plan.reinstalled.extend(taken.into_iter().map(|(key, quantity)| (key, to, quantity)));
        }
    }
    plan.reclaimed.sort_unstable();
    plan.reinstalled.sort_unstable();
    plan
}

/// What a plan pays for units and for what is done to installs, in 10^-4.
pub(super) fn paid(market: &Market, plan: &Plan) -> i64 {
    let times = |quantity: Quantity, cost: Money| i128::from(quantity.get()) * i128::from(cost.units());
    let units = plan.quantities.enumerate().map(|(offer, &quantity)| market.offers[offer].terms.cost(quantity));
    let reclaimed = plan.reclaimed.iter().map(|&(key, quantity)| times(quantity, key.cost));
    let reinstalled = plan.reinstalled.iter().map(|&(demand, to, quantity)| {
        let rows = market.reinstalls_of(demand.version).iter();
        rows.filter(|row| row.to == to).map(|row| times(quantity, row.cost)).sum()
    });
    i64::try_from(units.chain(reclaimed).chain(reinstalled).sum::<i128>()).expect("within the budget")
}

/// Installs that may still be changed, by demand.
struct Changes(BTreeMap<DemandKey, Quantity>);

impl Changes {
    fn of(statement: &Statement<'_>) -> Self {
        let problem = &statement.problem;
        let changeable = problem.demands.iter().filter(|demand| problem.trade.changes(demand));
        Self(changeable.map(|demand| (demand.key, demand.quantity)).collect())
    }

    fn at(&self, version: VersionId, place: Place) -> Vec<(DemandKey, Quantity)> {
        let Place { scope, contract } = place;
        let first = DemandKey { version, scope, contract, asset: None, user: None };
        let from_there = self.0.range(first..).map(|(&key, &quantity)| (key, quantity));
        from_there.take_while(|(key, _)| key.is_beside(&first)).collect()
    }

    /// Takes so many installs, of each row at most its quantity and what is left of its demand.
    fn take<K>(&mut self, rows: impl Iterator<Item = (K, DemandKey, Quantity)>, count: i64) -> Vec<(K, Quantity)> {
        let mut wanted = Quantity::new(count.unsigned_abs());
        let mut taken = Vec::new();
        for (row, demand, quantity) in rows {
            let left = self.0.get_mut(&demand).expect("what may be changed is demanded");
            let share = wanted.min(quantity).min(*left);
            *left -= share;
            wanted -= share;
            if !share.is_zero() {
                taken.push((row, share));
            }
        }
        assert!(wanted.is_zero(), "no more installs are changed than there are");
        taken
    }
}

/// Bounds on all parts: each that was not split carries the prices of its cheapest flow.
pub(super) fn certificate(relaxation: &mut Relaxation<'_, '_>, parts: &[Part]) -> Result<Certificate, SolveError> {
    certificate_of(relaxation, parts, 0)
}

fn certificate_of(relaxation: &mut Relaxation<'_, '_>, parts: &[Part], part: usize) -> Result<Certificate, SolveError> {
    let Some(Split { offer, most, within, beyond }) = parts[part].split else {
        let weights = weights_of(relaxation.market);
        let Part { ranges, .. } = &parts[part];
        let worth = parts[part].worth().map(|worth| &**worth);
        let relaxed = relaxation.solve_from(ranges, worth, Effort::Least)?;
        return Ok(Certificate::Leaf(vec![bound_of(relaxation, weights, relaxed)]));
    };
    Ok(Certificate::Branch {
        offer,
        most: Quantity::new(most),
        within: Box::new(certificate_of(relaxation, parts, within)?),
        beyond: Box::new(certificate_of(relaxation, parts, beyond)?),
    })
}

/// The prices of the cheapest flow of a part, in the order of the relaxation, which is that of the weights.
pub(super) fn bound(
    relaxation: &mut Relaxation<'_, '_>,
    weights: Weights,
    ranges: &Ranges,
) -> Result<Bound, SolveError> {
    let relaxed = relaxation.solve(ranges)?;
    Ok(bound_of(relaxation, weights, relaxed))
}

fn bound_of(relaxation: &Relaxation<'_, '_>, weights: Weights, relaxed: Option<Relaxed>) -> Bound {
    let Relaxation { statement, order, unpriced, .. } = relaxation;
    let prices = |relaxed: Relaxed| prices::market_prices(&statement.problem, order, unpriced, &relaxed.flows);
    Bound { weights, prices: relaxed.map(prices).unwrap_or_default() }
}
