//! How to find an optimal allocation of licenses to installs, with the evidence that it is one.
//!
//! ```text
//! Estate -> Problem -> Graph -> Flows -> (Allocation, Evidence) -> Certified
//!           pool       state    solve    expand, price, cut        certify
//! ```
//!
//! Pools of interchangeable units and classes of demand meet in a graph whose paths are the lawful
//! paths of the estate. Every connected component is a minimum-cost flow over tuples of costs, solved
//! by the [network simplex](simplex). Its potentials become prices on facts of the estate, its residual
//! graph the sets that prove each shortage. Nothing found here is believed before the checker has
//! accepted it.
//!
//! What it cannot do: upgrade licenses that are reached by entitlements of different whereabouts put
//! two capacities into one path; such an estate is refused as no network.

pub mod baselines;
mod build;
pub mod compare;
mod component;
pub mod dimacs;
mod error;
mod expand;
pub mod face;
mod graph;
mod packing;
mod places;
mod prefix;
mod prices;
mod problem;
mod shortages;
pub mod simplex;

pub use error::SolveError;

use checker::Certified;
use checker::allocation::Allocation;
use checker::evidence::Evidence;
use model::estate::Estate;

/// An allocation with its evidence, not yet checked.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Who uses what.
    pub allocation: Allocation,
    /// Why that is right.
    pub evidence: Evidence,
}

/// An estate stated as a graph, ready to be solved.
pub struct Statement<'e> {
    problem: problem::Problem<'e>,
    graph: graph::Graph,
}

impl<'e> Statement<'e> {
    /// Pools an estate and states it as a graph.
    ///
    /// # Errors
    /// [`SolveError::NotANetwork`] if an upgrade license can be reached by entitlements that differ in
    /// where they may be used or in what their use there costs, and the license can run out.
    pub fn new(estate: &'e Estate) -> Result<Self, SolveError> {
        let mut map = places::Map::new(estate);
        let problem = problem::Problem::new(estate, &map);
        let graph = build::graph(&problem, &mut map)?;
        Ok(Self { problem, graph })
    }

    /// Nodes and arcs of the graph.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.graph.nodes.len(), self.graph.arcs.len())
    }

    /// Solves every component and reads the answer off the flows and potentials.
    ///
    /// # Errors
    /// [`SolveError::Limit`] if costs or quantities do not fit the machine words of the method.
    pub fn solve(&self) -> Result<Answer, SolveError> {
        let flows = component::solve_all(&self.graph)?;
        let ends = graph::Ends::of(&self.graph);
        let allocation = expand::allocation(&self.problem, &self.graph, &ends, &flows);
        let prices = prices::prices(&self.problem, &self.graph, &flows);
        let shortages = shortages::shortages(&self.problem, &self.graph, &ends, &flows);
        Ok(Answer { allocation, evidence: Evidence { prices, shortages } })
    }
}

/// The proven position of an estate: an optimal allocation with its evidence, accepted by the checker.
///
/// # Errors
/// When a component is no network, or a limit was hit, or the checker refuses the answer; never a
/// wrong answer.
pub fn position(estate: &Estate) -> Result<Certified<'_>, SolveError> {
    let answer = Statement::new(estate)?.solve()?;
    checker::certify(estate, answer.allocation, answer.evidence).map_err(SolveError::Refused)
}
