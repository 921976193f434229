//! The market as one integer program, for what branch and bound leaves open, and for other solvers to read.
//!
//! Columns: the flow on each arc of the graph; for each stretch of quantities on which an offer's cost is affine,
//! the packs had there, and whether that stretch is taken where that matters. Rows: the balance of every node
//! but the hub; units that several arcs share; units used of an offer at most those had, in their order where some are
//! reserved; at most one stretch; the budget. Levels: as they are compared. All numbers are those of the graph and the terms, none is scaled.
//!
//! What the engine finds is a plan like any other once the checker has accepted it; that no plan is better is the
//! engine's word, unless the parts of the search show it.

use super::branch::Best;
use super::curve::stretches;
use super::in_order::InOrder;
use super::relax::Relaxation;
use crate::component::Flows;
use crate::error::SolveError;
use crate::graph::{HUB, Role};
use milp::{Column, Limits, Objective, Program, Row, Stop};
use model::id::Table;
use model::market::{OfferId, Terms};
use model::number::{Money, Quantity};
use model::objective::LEVELS;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// Nodes of a search at one level.
const NODES_MAX: u32 = 500;

/// The program of a market, and where in it quantities stand.
pub(super) struct Stated {
    pub(super) program: Program,
    /// Of each offer: columns of packs, with units in a pack.
    packs: Packs,
    arcs: usize,
}

/// Of each offer: columns of packs, with units in a pack.
pub(super) type Packs = Table<OfferId, Vec<(usize, u64)>>;

/// A market as a part of a program.
pub(super) struct Within {
    /// What the levels come to, as they are compared.
    pub(super) levels: Vec<Vec<(usize, i64)>>,
    paid: Vec<(usize, i64)>,
    /// Those of the market itself.
    pub(super) packs: Packs,
}

/// States the market behind a relaxation, within a budget.
pub(super) fn state(relaxation: &Relaxation<'_, '_>, budget: Option<Money>) -> Stated {
    let mut program = Program::default();
    let none = Table::filled(Vec::new(), relaxation.market.offers.len());
    let Within { levels, paid, packs } = state_in(&mut program, relaxation, &none);
    if let Some(budget) = budget {
        program.add_row(Row { name: "budget".to_owned(), terms: paid, lower: None, upper: Some(budget.units()) });
    }
    let named = |(level, terms): (usize, Vec<(usize, i64)>)| Objective { name: format!("level {}", level + 1), terms };
    program.objectives = levels.into_iter().enumerate().map(named).collect();
    Stated { program, packs, arcs: relaxation.statement.graph.arcs.len() }
}

/// Adds the market behind a relaxation to a program, some of whose columns stand for packs that are had beside its own.
pub(super) fn state_in(program: &mut Program, relaxation: &Relaxation<'_, '_>, beside: &Packs) -> Within {
    let (market, graph) = (relaxation.market, &relaxation.statement.graph);
    let order = &relaxation.statement.problem.order;
    let most = most_flow(relaxation);
    let first = program.columns.len();
    let mut balance: BTreeMap<u32, Vec<(usize, i64)>> = BTreeMap::new();
    let mut levels: Vec<Vec<(usize, i64)>> = vec![Vec::new(); LEVELS];
    let mut paid: Vec<(usize, i64)> = Vec::new();
    let mut used: Table<OfferId, Vec<(usize, i64)>> = Table::filled(Vec::new(), market.offers.len());
    for (index, arc) in graph.arcs.iter().enumerate() {
        let upper = arc.capacity.map_or(most, |capacity| capacity.min(most));
        let name = format!("flow {index} {:?}", arc.role);
        let column = program.add_column(Column { name, lower: 0, upper, is_declared: false });
        for (node, sign) in [(arc.tail, 1), (arc.head, -1)].into_iter().filter(|&(node, _)| node != HUB) {
            balance.entry(node).or_default().push((column, sign));
        }
        for (level, &cost) in levels.iter_mut().zip(&arc.cost).filter(|(_, cost)| **cost != 0) {
            level.push((column, cost));
        }
        let cost = i64::try_from(order.paid(&arc.cost.map(i128::from))).expect("a cost of one arc");
        if cost != 0 {
            paid.push((column, cost));
        }
        if let Role::Offered(offer) = arc.role {
            used[offer].push((column, 1));
        }
    }
    for (node, terms) in balance {
        let supply = Some(graph.supply[node as usize]);
        program.add_row(Row { name: format!("balance {node}"), terms, lower: supply, upper: supply });
    }
    for (index, bundle) in graph.bundles.iter().enumerate() {
        let terms = bundle.arcs.iter().map(|&arc| (first + arc as usize, 1)).collect();
        program.add_row(Row { name: format!("shared units {index}"), terms, lower: None, upper: Some(bundle.units) });
    }
    let spend = order.spend();
    let mut packs = Table::filled(Vec::new(), market.offers.len());
    for (offer, row) in market.offers.enumerate() {
        let mut had = std::mem::take(&mut used[offer]);
        let whole = 0..=row.terms.most.get();
        let taken = add_stretches(program, &row.id, &row.terms, &whole, &mut packs[offer]);
        for (packs, is_taken, slope, base) in taken {
            let pack = i64::try_from(row.terms.pack.get()).expect("a pack fits");
            levels[spend].push((packs, slope * pack));
            levels[spend + 1].push((packs, pack));
            paid.push((packs, slope * pack));
            if let Some(is_taken) = is_taken.filter(|_| base != 0) {
                levels[spend].push((is_taken, base));
                paid.push((is_taken, base));
            }
        }
        let all: Vec<(usize, u64)> = packs[offer].iter().chain(&beside[offer]).copied().collect();
        had.extend(all.iter().map(|&(column, pack)| (column, -i64::try_from(pack).expect("a pack fits"))));
        add_order(program, &row.id, first, &relaxation.in_order[offer], row.terms.most, &all);
        program.add_row(Row { name: format!("units of {}", row.id), terms: had, lower: None, upper: Some(0) });
    }
    Within { levels, paid, packs }
}

/// A reserved unit is had only with all that are honored before it, an unreserved one only with all reserved ones.
///
/// The first of the arcs stands in this column.
fn add_order(
    program: &mut Program,
    offer: &str,
    first: usize,
    in_order: &InOrder,
    most: Quantity,
    packs: &[(usize, u64)],
) {
    let signed = |units: u64| i64::try_from(units).expect("quantities fit their limit");
    let had = || packs.iter().map(|&(column, pack)| (column, -signed(pack)));
    for (rank, arcs) in (1..).zip(&in_order.reserved) {
        let terms = arcs.iter().map(|&arc| (first + arc, rank)).chain(had()).collect();
        program.add_row(Row { name: format!("unit {rank} of {offer}"), terms, lower: None, upper: Some(0) });
    }
    if in_order.reserved.is_empty() || in_order.rest.is_empty() {
        return;
    }
    let count = in_order.reserved.len() as u64;
    let name = format!("any after unit {count} of {offer}");
    let is_any = program.add_column(Column { name, lower: 0, upper: 1, is_declared: true });
    let rest =
        |more: &[(usize, i64)]| in_order.rest.iter().map(|&arc| (first + arc, 1)).chain(more.iter().copied()).collect();
    let (most, all) = (signed(most.get() - count), [(is_any, signed(count))].into_iter().chain(had()));
    let (any, all) = (rest(&[(is_any, -most)]), rest(&all.collect::<Vec<_>>()));
    for (what, terms) in [("any", any), ("number", all)] {
        program.add_row(Row { name: format!("{what} of the rest of {offer}"), terms, lower: None, upper: Some(0) });
    }
}

/// No cheapest flow needs more on an arc: what is supplied, and cycles, each of which ends at a bound.
fn most_flow(relaxation: &Relaxation<'_, '_>) -> i64 {
    let graph = &relaxation.statement.graph;
    let supplied = graph.supply.iter().filter(|&&supply| supply > 0);
    let had: Quantity = relaxation.market.offers.iter().map(|offer| offer.terms.most).sum();
    let bounds = graph.arcs.iter().filter_map(|arc| arc.capacity).chain([had.signed(), 1]);
    let most: i128 = supplied.copied().chain(bounds).map(i128::from).sum();
    i64::try_from(most).unwrap_or(i64::MAX)
}

/// Columns of an offer's stretches with quantities in a range: packs, whether it is taken, cost of a unit and what comes on
/// top.
pub(super) fn add_stretches(
    program: &mut Program,
    id: &str,
    terms: &Terms,
    range: &RangeInclusive<u64>,
    packs: &mut Vec<(usize, u64)>,
) -> Vec<(usize, Option<usize>, i64, i64)> {
    let pack = terms.pack.get();
    let mut columns = Vec::new();
    let mut one_of = Vec::new();
    for (from, to) in stretches(terms, range).into_iter().filter(|&(_, to)| to > 0) {
        let signed = |units: u64| i64::try_from(units).expect("quantities fit their limit");
        let cost = |units| i64::try_from(terms.cost(Quantity::new(units))).expect("checked against the limits");
        let slope = if from == to { 0 } else { (cost(to) - cost(from)) / signed(to - from) };
        let base = cost(from) - slope * signed(from);
        let name = |what: &str| format!("{what} of {id} from {from}");
        let upper = signed(to / pack);
        let count = program.add_column(Column { name: name("packs"), lower: 0, upper, is_declared: true });
        packs.push((count, pack));
        // Any number of packs at one price needs no decision.
        let is_plain = base == 0 && *range.start() == 0 && from == pack && range.end() / pack * pack == to;
        let is_taken = (!is_plain).then(|| {
            let taken = program.add_column(Column { name: name("taken"), lower: 0, upper: 1, is_declared: true });
            let first = vec![(count, 1), (taken, -signed(from / pack))];
            program.add_row(Row { name: name("least"), terms: first, lower: Some(0), upper: None });
            let last = vec![(count, 1), (taken, -upper)];
            program.add_row(Row { name: name("most"), terms: last, lower: None, upper: Some(0) });
            one_of.push((taken, 1));
            taken
        });
        columns.push((count, is_taken, slope, base));
    }
    let at_least = (*range.start() > 0).then_some(1);
    if one_of.len() > 1 || at_least.is_some() {
        let name = format!("one stretch of {id}");
        program.add_row(Row { name, terms: one_of, lower: at_least, upper: Some(1) });
    }
    columns
}

/// The best plan that the engine finds; none if it finds none.
///
/// # Errors
/// A number that does not fit, or a claim that is refused.
pub(super) fn best(relaxation: &Relaxation<'_, '_>, budget: Option<Money>) -> Result<Option<Best>, SolveError> {
    let Stated { program, packs, arcs } = state(relaxation, budget);
    let limits = Limits { nodes_max: NODES_MAX, ..Limits::default() };
    let fault = |fault: milp::Fault| SolveError::Limit { what: fault.to_string() };
    let outcome = milp::minimize(&program, None, limits, &milp::highs).map_err(fault)?;
    if let (Stop::GaveUp { reason, .. }, None) = (&outcome.stop, &outcome.answer) {
        return Err(SolveError::Limit { what: reason.clone() });
    }
    Ok(outcome.answer.map(|answer| {
        let units = |packs: &Vec<(usize, u64)>| {
            packs.iter().map(|&(column, pack)| answer.point[column].unsigned_abs() * pack).sum()
        };
        let mut value = [0; LEVELS];
        value.copy_from_slice(&answer.costs);
        Best {
            value,
            quantities: Table::new(packs.iter().map(units).collect()),
            flows: Flows { flow: answer.point[..arcs].to_vec(), potential: Vec::new(), divided: BTreeMap::new() },
        }
    }))
}
