//! Reads minimum-cost flow problems in the DIMACS format, and solves them.
//!
//! ```text
//! c a comment
//! p min NODES ARCS                 once, before the nodes and arcs
//! n NODE SUPPLY                    positive at sources, negative at sinks; other nodes have none
//! a TAIL HEAD LOW CAPACITY COST
//! ```
//!
//! Nodes are numbered from 1; all numbers are decimal integers of 64 bits. The flow on an arc is at
//! least `LOW`, which may be negative, and at most `CAPACITY`. An arc is without bound if its
//! capacity is written `inf`, or as a negative number below `LOW`, such as `-1` over a `LOW` of 0. A
//! capacity below `LOW` that is not negative is an error. Nodes and arcs may come in any order; blank
//! lines are skipped.
//!
//! Memory grows with what was read, not with what the problem line announces. Lines are at most
//! [`LINE_LIMIT`] bytes long and end in LF or CRLF. Comments may hold any bytes.
//!
//! Source: The first DIMACS international algorithm implementation challenge, problem definitions
//! and specifications, 1991. LEMON takes any capacity below `LOW` for none.

use std::fmt;
use std::io::{self, BufRead};

use crate::simplex::{
    Broken, Cost, Network, Outcome, RangeError, Solution, Start, artificial_cost, check, solve,
};

/// The longest line that is read, in bytes, its end included.
pub const LINE_LIMIT: usize = 1 << 20;
/// The most nodes a problem line may announce.
pub const NODE_LIMIT: usize = 1 << 26;
/// Nodes that no line needs to mention; beyond, there may be [`UNMENTIONED_PER_LINE`] times the lines.
const UNMENTIONED_NODES: usize = 1 << 20;
/// See [`UNMENTIONED_NODES`].
const UNMENTIONED_PER_LINE: usize = 8;
/// How much of a word that is wrong an error shows, in bytes.
const SHOWN: usize = 40;

/// A problem as a file states it.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The problem of what flows beyond the lower bounds, which are moved into the supplies.
    network: Network<i64>,
    /// The arcs with a lower bound other than zero, in order, with that bound.
    lows: Vec<(usize, i64)>,
}

impl Instance {
    /// The number of nodes.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.network.node_count()
    }

    /// The number of arcs.
    #[must_use]
    pub fn arc_count(&self) -> usize {
        self.network.arc_count()
    }

    /// What the lower bounds alone cost, or `None` out of range.
    fn cost_of_lows(&self) -> Option<i128> {
        self.lows.iter().try_fold(0, |total, &(arc, low)| self.network.cost(arc).charge(low, total))
    }
}

/// What became of an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum McfOutcome {
    /// A cheapest flow, with its proof.
    Optimal(McfSolution),
    /// No flow meets all supplies within the bounds.
    Infeasible,
    /// Some flow does, and a cycle of unbounded arcs costs less than nothing.
    Unbounded,
}

/// A cheapest flow in the terms of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct McfSolution {
    /// Units per arc, in the order of the file, lower bounds included.
    pub flow: Vec<i64>,
    /// Potential per node, as in [`Solution::potential`].
    pub potential: Vec<i128>,
    /// The sum over the arcs of units times cost.
    pub cost: i128,
    /// How many arcs entered.
    pub pivots: u64,
}

/// Finds a cheapest flow of `instance`, in 64 bits where its costs allow and in 128 where not.
///
/// # Errors
///
/// [`RangeError`] if supplies, flows or the total leave their range.
pub fn solve_min(instance: &Instance) -> Result<McfOutcome, RangeError> {
    let network = &instance.network;
    match artificial_cost(network) {
        Some(artificial) => solve_in(instance, network, artificial),
        None => {
            let wide = network.with_costs(|arc| i128::from(network.cost(arc)));
            let artificial = artificial_cost(&wide).ok_or(RangeError::Cost)?;
            solve_in(instance, &wide, artificial)
        }
    }
}

/// Solves `network`, which is that of `instance` with costs as words of type `C`.
fn solve_in<C>(instance: &Instance, network: &Network<C>, artificial: C) -> Result<McfOutcome, RangeError>
where
    C: Cost<Total = i128> + Into<i128>,
{
    let Solution { mut flow, potential, pivots } = match solve(network, Start { artificial, hub: None })? {
        Outcome::Optimal(solution) => solution,
        Outcome::Infeasible => return Ok(McfOutcome::Infeasible),
        Outcome::Unbounded => return Ok(McfOutcome::Unbounded),
    };
    let beyond = network.total_cost(&flow).ok_or(RangeError::Total)?;
    let cost = instance.cost_of_lows().and_then(|lows| lows.checked_add(beyond)).ok_or(RangeError::Total)?;
    for &(arc, low) in &instance.lows {
        flow[arc] = flow[arc].checked_add(low).ok_or(RangeError::Flow { arc })?;
    }
    let potential = potential.into_iter().map(Into::into).collect();
    Ok(McfOutcome::Optimal(McfSolution { flow, potential, cost, pivots }))
}

/// Proves that `solution` is a cheapest flow of `instance` and returns what it costs, added up anew.
///
/// # Errors
///
/// The law that is [`Broken`].
pub fn check_min(instance: &Instance, solution: &McfSolution) -> Result<i128, Broken> {
    let network = instance.network.with_costs(|arc| i128::from(instance.network.cost(arc)));
    let mut flow = solution.flow.clone();
    for &(arc, low) in &instance.lows {
        let units = flow.get_mut(arc).ok_or(Broken::Shape)?;
        *units = units.checked_sub(low).ok_or(Broken::Bounds { arc })?;
    }
    let beyond = Solution { flow, potential: solution.potential.clone(), pivots: solution.pivots };
    let cost = check(&network, &beyond)?;
    instance.cost_of_lows().and_then(|lows| lows.checked_add(cost)).ok_or(Broken::Total)
}

/// Reads an instance.
///
/// # Errors
///
/// [`ReadError`] with the place of the first thing that is wrong.
pub fn read(reader: impl BufRead) -> Result<Instance, ReadError> {
    let mut lines = Lines { reader, whole: vec![], taken: 0, number: 0 };
    let mut draft = None;
    while let Some(bytes) = lines.next()? {
        let mut line = Line { bytes, at: 0, number: 0 };
        let result = read_line(&mut line, &mut draft);
        let column = line.at + 1;
        result.map_err(|fault| ReadError::At { line: lines.number, column, fault })?;
    }
    let at_end = |fault| ReadError::At { line: lines.number + 1, column: 1, fault };
    draft.ok_or(Fault::NoProblem).and_then(Draft::finish).map_err(at_end)
}
