//! Components that are no network: how the units of bundles are divided among their arcs.
//!
//! Problem: a minimum-cost flow over tuples of costs in which the arcs of a bundle share its units, which may be those
//! that another arc brings. Once the units of every bundle are divided, each arc has a capacity of its own and the rest is a
//! network, which the network simplex solves exactly. So an integer program is asked for the division
//! and nothing else.
//!
//! Proof: with a price on the units of every bundle and no sharing, the rest is a network again, and
//! its potentials bound every flow (Lagrange; Geoffrion 1974). Good prices are duals of the linear
//! relaxation, level by level: after each level the potentials are computed exactly, and on the next
//! only those arcs are free whose reduced cost is zero so far. Duals are guesses; the bound is counted
//! in integers from the potentials alone. Where it equals the cost of the flow, the flow is best at
//! every level, and the prices are those of the licenses.
//!
//! Prices may be known already, from a component that is much the same: they are tried before anything is asked.
//!
//! What it cannot do: where the relaxation is fractional, or only fractional prices would do, a gap
//! remains between bound and cost. It is known exactly; the flow may be the best all the same.
//!
//! Cost: for each level one linear program and one network of the component's size.

pub(crate) mod certain;
mod program;
pub(crate) mod reach;

use crate::component::{Divided, Division, Potentials, solve_alone};
use crate::error::SolveError;
use crate::graph::{FREE, Graph, Tuple, minus, plus};
use milp::{Engine, Hint, Limits, Program, minimize, relax, test_point};
use model::objective::LEVELS;
use program::Statement;

/// What a flow costs, or cannot cost less than.
type Total = [i128; LEVELS];

/// Work that the search for a division may take.
const LIMITS: Limits = Limits { nodes_max: 10_000, iterations_max: 10_000_000, starts_from_known: true };

/// Potentials with the prices that go with them, and what they prove.
struct Proof {
    potential: Vec<Tuple>,
    prices: Vec<Tuple>,
    bound: Total,
    /// By bundle: the units that its arcs take in the flow that the potentials are from.
    wanted: Vec<i64>,
}

/// A flow with what it costs.
struct Found {
    flow: Vec<i64>,
    cost: Total,
}

/// Divides the units of the bundles of a component, as well as it can be shown at so many levels.
///
/// With none, nothing is asked: the prices guessed are all there are.
pub(crate) fn divide(graph: &Graph, levels: usize, engine: &Engine<'_>) -> Result<Division, SolveError> {
    let known: Vec<Tuple> = graph.bundles.iter().map(|bundle| bundle.guess).collect();
    let nothing = vec![FREE; graph.bundles.len()];
    let (mut first, mut proof) = match tried(graph, &known) {
        Ok(Some(tried)) => tried,
        _ => tried(graph, &nothing)?.expect("without prices potentials bound every flow"),
    };
    if first.cost != proof.bound && levels > 0 && known != nothing {
        let (free, free_proof) = tried(graph, &nothing)?.expect("without prices potentials bound every flow");
        first = if free.cost < first.cost { free } else { first };
        proof = if free_proof.bound > proof.bound { free_proof } else { proof };
    }
    if first.cost == proof.bound || levels == 0 {
        return Ok(division(first, proof, false));
    }
    let mut statement = Statement::of(graph)?;
    let Guess { prices, values, exact_levels } = guess(graph, levels, &mut statement, engine)?;
    // Prices that are out of range prove nothing.
    let guessed = priced(graph, &prices).ok().and_then(|(_, proof)| proof);
    let proof = guessed.filter(|guessed| guessed.bound > proof.bound).unwrap_or(proof);
    if let Some(values) = &values
        && let Some(found) = rounded(graph, &statement, values)?
    {
        first = if found.cost < first.cost { found } else { first };
    }
    if first.cost == proof.bound || levels < LEVELS {
        return Ok(division(first, proof, true));
    }
    let near = values.map(|values| near(graph, &mut statement, &values, exact_levels, engine)).transpose()?.flatten();
    statement.free_all(graph);
    if let Some(found) = near {
        let is_done = found.cost == proof.bound || graph.arcs.len() > SEARCHED_ARCS_MAX;
        first = if found.cost < first.cost { found } else { first };
        if is_done {
            return Ok(division(first, proof, true));
        }
    }
    let found = search(graph, &mut statement, first, engine)?;
    Ok(division(found, proof, true))
}

/// With more arcs a component whose program has a good point already is not searched for a better one.
const SEARCHED_ARCS_MAX: usize = 20_000;

/// A flow near the values of a relaxation, among those that are best at so many levels: gates carry those values where
/// they are whole, or else whatever is best. None where there are no gates, or no such flow is found.
fn near(
    graph: &Graph,
    statement: &mut Statement,
    values: &[Hint],
    exact_levels: usize,
    engine: &Engine<'_>,
) -> Result<Option<Found>, SolveError> {
    if !has_gates(graph) {
        return Ok(None);
    }
    let mut best = statement.program().clone();
    // At the levels before, all that is left costs the same.
    best.objectives.drain(..exact_levels.min(LEVELS - 1));
    let mut close = best.clone();
    for (column, value) in close.columns.iter_mut().zip(values).filter(|(column, _)| column.is_declared) {
        column.lower = value.floor().clamp(column.lower, column.upper);
        column.upper = if value.is_whole() { column.lower } else { column.upper.min(value.floor() + 1) };
    }
    statement.free_all(graph);
    for program in [close, best] {
        if let Some(point) = whole_point(&program, engine)
            && test_point(statement.program(), &point).is_ok()
        {
            return shared(graph, &point).map(Some);
        }
    }
    Ok(None)
}

/// A point of a program that the engine claims to be best, or as good as it found one.
fn whole_point(program: &Program, engine: &Engine<'_>) -> Option<Vec<i64>> {
    let (kept, columns) = program::without_fixed_columns(program);
    let answer = minimize(&kept, None, LIMITS, engine).ok()?.answer?;
    let value =
        |(column, fixed): (&Option<usize>, &milp::Column)| column.map_or(fixed.lower, |column| answer.point[column]);
    Some(columns.iter().zip(&program.columns).map(value).collect())
}

/// A flow that prices lead to, and what they prove; none if they prove nothing.
fn tried(graph: &Graph, prices: &[Tuple]) -> Result<Option<(Found, Proof)>, SolveError> {
    let (flow, proof) = priced(graph, prices)?;
    let Some(proof) = proof else { return Ok(None) };
    if keeps_bundles(graph, &flow) {
        let cost = cost(graph, &flow);
        return Ok(Some((Found { flow, cost }, proof)));
    }
    let mut shares = flow;
    for bundle in &graph.bundles {
        // Nothing passes a gate, unless somebody knows how much should.
        let mut left = bundle.units;
        for &arc in bundle.gate.map(|(gate, _)| gate).iter().chain(&bundle.arcs) {
            let share = &mut shares[arc as usize];
            *share = left.min(*share);
            left -= *share;
        }
    }
    Ok(Some((shared(graph, &shares)?, proof)))
}

fn division(found: Found, proof: Proof, is_asked: bool) -> Division {
    assert!(proof.bound <= found.cost, "a bound is not above what a flow costs");
    let gap = std::array::from_fn(|level| found.cost[level] - proof.bound[level]);
    let divided = Divided { prices: proof.prices, gap, wanted: proof.wanted, is_asked };
    Division { flow: found.flow, potential: proof.potential, divided }
}

/// The cheapest flow when units of bundles have prices and are not shared, and what that proves, if anything.
fn priced(graph: &Graph, prices: &[Tuple]) -> Result<(Vec<i64>, Option<Proof>), SolveError> {
    let mut network = network(graph);
    let enough = program::enough(graph)?;
    for (bundle, &price) in graph.bundles.iter().zip(prices) {
        for &arc in &bundle.arcs {
            let arc = &mut network.arcs[arc as usize];
            arc.cost = plus(arc.cost, price);
            // Alone, an arc takes no more than all of them.
            arc.capacity = Some(if bundle.gate.is_some() { enough } else { bundle.units });
        }
        if let Some((gate, each)) = bundle.gate {
            let gate = &mut network.arcs[gate as usize];
            gate.cost = minus(gate.cost, times(price, each));
            gate.capacity = Some(enough);
        }
    }
    let Potentials { flow, potential } = solve_alone(&network)?;
    let proof = Proof::of(graph, potential, &flow);
    Ok((flow, proof))
}

/// The cheapest flow when the units of bundles are divided, by arc, and so many pass each gate.
fn shared(graph: &Graph, shares: &[i64]) -> Result<Found, SolveError> {
    let mut network = network(graph);
    for &arc in graph.bundles.iter().flat_map(|bundle| &bundle.arcs) {
        network.arcs[arc as usize].capacity = Some(shares[arc as usize]);
    }
    let mut is_gate = vec![false; graph.arcs.len()];
    graph.bundles.iter().filter_map(|bundle| bundle.gate).for_each(|(gate, _)| is_gate[gate as usize] = true);
    for ((arc, &passing), _) in network.arcs.iter_mut().zip(shares).zip(&is_gate).filter(|(_, is_gate)| **is_gate) {
        arc.capacity = Some(0);
        network.supply[arc.tail as usize] -= passing;
        network.supply[arc.head as usize] += passing;
    }
    let mut flow = solve_alone(&network)?.flow;
    for ((flow, &passing), _) in flow.iter_mut().zip(shares).zip(&is_gate).filter(|(_, is_gate)| **is_gate) {
        *flow = passing;
    }
    assert!(keeps_bundles(graph, &flow), "shares are no more than the units of a bundle");
    let cost = cost(graph, &flow);
    Ok(Found { flow, cost })
}

/// The graph without its bundles.
fn network(graph: &Graph) -> Graph {
    let Graph { nodes, supply, arcs, .. } = graph.clone();
    Graph { nodes, supply, arcs, ..Graph::default() }
}

impl Proof {
    /// The lowest prices under which no arc of a bundle costs less than nothing, and the bound: what
    /// supplies are worth, less what capacities save, less what units of bundles are worth. None if a gate costs less
    /// than nothing by these prices: there is no limit to what passes it.
    fn of(graph: &Graph, potential: Vec<Tuple>, flow: &[i64]) -> Option<Self> {
        let mut prices = Vec::with_capacity(graph.bundles.len());
        // What units are worth that a unit on an arc brings.
        let mut brought = vec![FREE; graph.arcs.len()];
        let is_bundled = bundled(graph);
        for bundle in &graph.bundles {
            let worth = |arc: u32| plus(graph.arcs[arc as usize].saved(&potential), brought[arc as usize]);
            let price = bundle.arcs.iter().map(|&arc| worth(arc)).fold(FREE, Ord::max);
            prices.push(price);
            if let Some((gate, each)) = bundle.gate {
                brought[gate as usize] = plus(brought[gate as usize], times(price, each));
            }
        }
        let mut bound = [0; LEVELS];
        for (potential, &supply) in potential.iter().zip(&graph.supply) {
            charge(&mut bound, *potential, -supply);
        }
        for (index, arc) in graph.arcs.iter().enumerate().filter(|&(index, _)| !is_bundled[index]) {
            let saved = minus(FREE, plus(arc.saved(&potential), brought[index])).min(FREE);
            match arc.capacity {
                Some(units) => charge(&mut bound, saved, units),
                None if saved == FREE => {}
                None => {
                    assert!(brought[index] != FREE, "potentials price no arc without capacity below nothing");
                    return None;
                }
            }
        }
        for (bundle, &price) in graph.bundles.iter().zip(&prices) {
            charge(&mut bound, price, -bundle.units);
        }
        let wanted = |bundle: &crate::graph::Bundle| bundle.arcs.iter().map(|&arc| flow[arc as usize]).sum();
        let wanted = graph.bundles.iter().map(wanted).collect();
        Some(Self { potential, prices, bound, wanted })
    }
}

fn times(price: Tuple, units: i64) -> Tuple {
    price.map(|amount| amount * units)
}

/// Whether some entitlements cover several units of demand at once.
fn has_gates(graph: &Graph) -> bool {
    graph.bundles.iter().any(|bundle| bundle.gate.is_some())
}

/// By arc: whether it is in a bundle.
fn bundled(graph: &Graph) -> Vec<bool> {
    let mut is_bundled = vec![false; graph.arcs.len()];
    for &arc in graph.bundles.iter().flat_map(|bundle| &bundle.arcs) {
        is_bundled[arc as usize] = true;
    }
    is_bundled
}

fn charge(total: &mut Total, price: Tuple, units: i64) {
    for (total, price) in total.iter_mut().zip(price) {
        *total += i128::from(price) * i128::from(units);
    }
}

fn cost(graph: &Graph, flow: &[i64]) -> Total {
    let mut total = [0; LEVELS];
    for (arc, &units) in graph.arcs.iter().zip(flow) {
        charge(&mut total, arc.cost, units);
    }
    total
}

fn keeps_bundles(graph: &Graph, flow: &[i64]) -> bool {
    graph.bundles.iter().all(|bundle| {
        let taken: i128 = bundle.arcs.iter().map(|&arc| i128::from(flow[arc as usize])).sum();
        let brought = bundle.gate.map_or(0, |(gate, each)| i128::from(flow[gate as usize]) * i128::from(each));
        taken <= i128::from(bundle.units) + brought
    })
}

/// What relaxations say.
struct Guess {
    prices: Vec<Tuple>,
    /// The values at the last level that had any.
    values: Option<Vec<Hint>>,
    /// At so many levels the duals were whole. The statement is left with what is best there.
    exact_levels: usize,
}

/// Prices from the duals of the relaxation, at so many levels one after another.
fn guess(graph: &Graph, levels: usize, statement: &mut Statement, engine: &Engine<'_>) -> Result<Guess, SolveError> {
    let mut guess = Guess { prices: vec![FREE; graph.bundles.len()], values: None, exact_levels: 0 };
    for level in 0..levels {
        let mut is_exact = true;
        if graph.arcs.iter().any(|arc| arc.cost[level] != 0) {
            let relaxed = relax(statement.program(), level, &[], LIMITS, engine).map_err(SolveError::from)?;
            let Some(relaxed) = relaxed else { break };
            let duals = &relaxed.duals[statement.bundle_rows()];
            is_exact = !has_gates(graph) || duals.iter().all(|dual| dual.is_whole());
            let Some(better) = refined(graph, &guess.prices, duals, level) else { break };
            guess.prices = better;
            guess.values = Some(relaxed.values);
        }
        let Some(proof) = up_to(graph, &guess.prices, level) else { break };
        guess.prices = proof.prices;
        if !is_exact {
            break;
        }
        statement.keep_free(graph, &proof.potential, &guess.prices, level);
        guess.exact_levels = level + 1;
    }
    Ok(guess)
}

/// The prices with one level more: what the duals say, or the whole numbers around them, whatever
/// proves most.
fn refined(graph: &Graph, prices: &[Tuple], duals: &[Hint], level: usize) -> Option<Vec<Tuple>> {
    let with = |whole: &dyn Fn(Hint) -> i64| -> Vec<Tuple> {
        let at = |(&price, &dual): (&Tuple, &Hint)| {
            let mut price = price;
            // A dual is what the cost rises by with one unit more, a price what it falls by.
            price[level] = -whole(dual);
            price.max(FREE)
        };
        prices.iter().zip(duals).map(at).collect()
    };
    let nearest = with(&Hint::nearest);
    if duals.iter().all(|dual| dual.is_whole()) {
        return Some(nearest);
    }
    let candidates = [nearest, with(&Hint::floor), with(&|dual| dual.floor() + 1)];
    let proved = candidates.into_iter().filter_map(|prices| {
        let bound = up_to(graph, &prices, level)?.bound;
        Some((bound, prices))
    });
    proved.max_by_key(|(bound, _)| *bound).map(|(_, prices)| prices)
}

/// What prices prove when costs are cut off after a level; none if they are out of range.
fn up_to(graph: &Graph, prices: &[Tuple], level: usize) -> Option<Proof> {
    let mut cut = network(graph);
    cut.bundles.clone_from(&graph.bundles);
    for arc in &mut cut.arcs {
        arc.cost[level + 1..].fill(0);
    }
    priced(&cut, prices).ok().and_then(|(_, proof)| proof)
}

/// A flow near the values of a relaxation: where there are gates, one with those very values.
fn rounded(graph: &Graph, statement: &Statement, values: &[Hint]) -> Result<Option<Found>, SolveError> {
    if !has_gates(graph) {
        return shared(graph, &shares(graph, values)).map(Some);
    }
    let point: Vec<i64> = values.iter().map(|value| value.nearest()).collect();
    if test_point(statement.program(), &point).is_err() {
        return Ok(None);
    }
    shared(graph, &point).map(Some)
}

/// Whole shares near the values of a relaxation: rounded down, then what is left to the largest
/// remainders, in the order of the graph where they are equal.
fn shares(graph: &Graph, values: &[Hint]) -> Vec<i64> {
    let mut shares = vec![0; graph.arcs.len()];
    for bundle in &graph.bundles {
        let value = |arc: u32| values[arc as usize];
        let wanted: i128 = bundle.arcs.iter().map(|&arc| value(arc).parts().max(0)).sum();
        let wanted = i64::try_from((wanted + Hint::ONE / 2) / Hint::ONE).unwrap_or(i64::MAX);
        let mut left = wanted.min(bundle.units);
        for &arc in &bundle.arcs {
            shares[arc as usize] = value(arc).floor().clamp(0, left);
            left -= shares[arc as usize];
        }
        let mut by_remainder = bundle.arcs.clone();
        by_remainder.sort_by_key(|&arc| std::cmp::Reverse(value(arc).parts().rem_euclid(Hint::ONE)));
        for arc in by_remainder {
            let share = left.min(1);
            shares[arc as usize] += share;
            left -= share;
        }
    }
    shares
}

/// Looks for a better division by the integer program; the better of the two flows.
fn search(graph: &Graph, statement: &mut Statement, first: Found, engine: &Engine<'_>) -> Result<Found, SolveError> {
    let program = statement.program();
    let start = Some(first.flow.as_slice()).filter(|flow| test_point(program, flow).is_ok());
    let outcome = minimize(program, start, LIMITS, engine).map_err(SolveError::from)?;
    let Some(answer) = outcome.answer else { return Ok(first) };
    let found = shared(graph, &answer.point)?;
    Ok(if found.cost < first.cost { found } else { first })
}
