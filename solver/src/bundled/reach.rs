//! The largest flow from the hub back to it where arcs share units.

use super::certain::least;
use crate::simplex::{Network, Outcome, Start, Workspace, artificial_cost};
use milp::{Column, Objective, Program, Row};

/// An arc: tail, head, capacity, cost per unit.
pub(crate) type Arc = (usize, usize, Option<i64>, i64);

/// How much can flow.
pub(crate) enum Most {
    Units(i64),
    Unlimited,
    Unknown,
}

/// Arcs that share units, by position, with their units.
pub(crate) type Bundle = (Vec<usize>, i64);

/// The most that can flow from the hub, node 0, back to it over arcs of negative cost.
pub(crate) fn most(node_count: usize, arcs: &[Arc], bundles: &[Bundle], workspace: &mut Workspace<i64>) -> Most {
    let mut apart = arcs.to_vec();
    for (shared, units) in bundles {
        for &arc in shared {
            apart[arc].2 = Some(*units);
        }
    }
    // With the units of bundles not shared it is a network, and what flows there is a bound.
    let mut network = Network::new(node_count);
    for &(tail, head, capacity, cost) in &apart {
        network.add_arc(tail, head, capacity, cost);
    }
    let Some(artificial) = artificial_cost(&network) else { return Most::Unknown };
    let flow = match workspace.solve(&network, Start { artificial, hub: Some(0) }) {
        Ok(Outcome::Optimal(solution)) => solution.flow,
        Ok(Outcome::Unbounded) => return Most::Unlimited,
        Ok(Outcome::Infeasible) | Err(_) => return Most::Unknown,
    };
    let carried = |positions: &[usize]| positions.iter().map(|&arc| flow[arc]).sum::<i64>();
    let gain = |flow: &[i64]| arcs.iter().zip(flow).map(|((.., cost), units)| -cost * units).sum::<i64>();
    let bound = gain(&flow);
    if bundles.iter().all(|(shared, units)| carried(shared) <= *units) {
        return Most::Units(bound);
    }
    match least(&program(node_count, &apart, bundles, bound)) {
        Some(least) => Most::Units(-least),
        None => Most::Unknown,
    }
}

fn program(node_count: usize, arcs: &[Arc], bundles: &[Bundle], most: i64) -> Program {
    let mut program = Program::default();
    let mut balances: Vec<Vec<(usize, i64)>> = vec![Vec::new(); node_count];
    for &(tail, head, capacity, _) in arcs {
        let upper = capacity.map_or(most, |capacity| capacity.min(most));
        let name = format!("{tail} to {head}");
        let column = program.add_column(Column { name, lower: 0, upper, is_declared: true });
        balances[tail].push((column, 1));
        balances[head].push((column, -1));
    }
    for (node, terms) in balances.into_iter().enumerate().skip(1) {
        program.add_row(Row { name: format!("balance of {node}"), terms, lower: Some(0), upper: Some(0) });
    }
    for (shared, units) in bundles {
        let terms = shared.iter().map(|&arc| (arc, 1)).collect();
        program.add_row(Row { name: "units of an upgrade".to_owned(), terms, lower: None, upper: Some(*units) });
    }
    let costs = arcs.iter().enumerate().filter(|(_, (.., cost))| *cost != 0);
    let terms = costs.map(|(column, &(.., cost))| (column, cost)).collect();
    program.objectives.push(Objective { name: "units".to_owned(), terms });
    program
}
