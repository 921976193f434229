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
//! Upgrade licenses that are reached by entitlements of different whereabouts put two capacities into one
//! path: such a component is no network. How the units of the upgrade are divided is asked of an integer
//! program, and the answer proved by prices all the same, or up to a gap that is known exactly. Built
//! without the feature `milp` such an estate is refused.

pub mod baselines;
mod build;
#[cfg(feature = "milp")]
mod bundled;
mod certainty;
pub mod compare;
mod component;
pub mod dimacs;
mod error;
mod expand;
mod face;
mod graph;
mod homes;
pub mod market;
mod order;
mod packing;
mod places;
pub mod position;
mod prefix;
mod prices;
mod problem;
mod reach;
mod shortages;
pub mod simplex;
mod trade;

#[cfg(feature = "milp")]
pub use milp;

pub use certainty::{Certainty, Needed, Shortage};
pub use error::SolveError;
pub use position::{Position, position};
pub use reach::Reach;

use checker::Certified;
use checker::allocation::Allocation;
use checker::evidence::{Evidence, Standing};
use checker::plan::Weights;
use checker::violation::{Law, Violation};
use model::estate::Estate;
use model::id::{Table, VersionId};
use model::market::Market;
use model::number::Quantity;
use model::objective::LEVELS;
use problem::Apart;
use std::collections::BTreeSet;

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
    map: places::Map<'e>,
    problem: problem::Problem<'e>,
    graph: graph::Graph,
}

/// Cheapest flows with their potentials.
pub struct Solved<'s, 'e> {
    statement: &'s Statement<'e>,
    components: component::Components,
    flows: component::Flows,
    ends: graph::Ends,
}

impl<'e> Statement<'e> {
    /// Pools an estate and states it as a graph.
    ///
    /// # Errors
    /// Without the feature `milp`, [`SolveError::NotANetwork`] if an upgrade license can be reached by
    /// entitlements that differ in where they may be used or in what their use there costs, and the
    /// license can run out.
    pub fn new(estate: &'e Estate) -> Result<Self, SolveError> {
        Self::of(estate, problem::Extract::whole(estate.as_of))
    }

    fn of(estate: &'e Estate, extract: problem::Extract) -> Result<Self, SolveError> {
        let mut map = places::Map::new(estate);
        let problem = problem::Problem::new(estate, extract, &map);
        let graph = build::graph(&problem, &mut map)?;
        Ok(Self { map, problem, graph })
    }

    /// The same with what may be bought or done, and levels of coverage weighed where a weight is given.
    fn with_market(estate: &'e Estate, market: &'e Market, weights: Weights) -> Result<Self, SolveError> {
        SolveError::unless_single(estate, "plans")?;
        let mut map = places::Map::new(estate);
        let trade = trade::Trade::of(estate, market);
        let order = order::Order::new(market, weights);
        let problem = problem::Problem::with(estate, problem::Extract::whole(estate.as_of), &map, trade, order);
        let graph = build::graph(&problem, &mut map)?;
        Ok(Self { map, problem, graph })
    }

    /// The same with places that nothing tells apart as one: as good for plans and prices, but not for who covers what.
    fn merged(self) -> Self {
        Self { graph: self.graph.merged(), ..self }
    }

    /// Nodes and arcs of the graph.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.graph.nodes.len(), self.graph.arcs.len())
    }

    /// Whether no two capacities meet in one path.
    #[must_use]
    pub fn is_network(&self) -> bool {
        self.graph.bundles.is_empty()
    }

    /// The same with every asset and user for itself, whatever looks alike.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn one_by_one(estate: &'e Estate) -> Result<Self, SolveError> {
        Self::of(estate, problem::Extract::whole(estate.as_of).with_apart(Apart::All))
    }

    /// Solves every component.
    ///
    /// # Errors
    /// [`SolveError::Limit`] if costs or quantities do not fit the machine words of the method,
    /// [`SolveError::IntegerProgram`] if the solver of integer programs was caught in a false claim.
    pub fn solve(&self) -> Result<Solved<'_, 'e>, SolveError> {
        self.solve_by(&divide)
    }

    /// The same with another solver of integer programs, which is not believed either.
    ///
    /// # Errors
    /// As [`Self::solve`].
    #[cfg(feature = "milp")]
    pub fn solve_with(&self, engine: &milp::Engine<'_>) -> Result<Solved<'_, 'e>, SolveError> {
        self.solve_by(&|graph| bundled::divide(graph, LEVELS, engine))
    }

    fn solve_by(&self, divide: &component::Divide<'_>) -> Result<Solved<'_, 'e>, SolveError> {
        let components = component::Components::of(&self.graph);
        let flows = component::solve_all(&self.graph, &components, divide)?;
        Ok(Solved { statement: self, components, flows, ends: graph::Ends::of(&self.graph) })
    }
}

impl<'e> Solved<'_, 'e> {
    /// The answer, accepted by the checker; [`with_answer`] finds one too where this panics.
    ///
    /// # Errors
    /// [`SolveError::Refused`] with every law that it breaks: a defect of the solver.
    ///
    /// # Panics
    /// If there is no [`Self::answer`].
    pub fn certified(&self) -> Result<Certified<'e>, SolveError> {
        self.certify(self.answer().expect("the flows can be divided"))
    }

    /// An answer, accepted by the checker.
    ///
    /// # Errors
    /// [`SolveError::Refused`] with every law that it breaks: a defect of the solver. [`SolveError::Limit`] if the
    /// checker cannot check it.
    pub fn certify(&self, answer: Answer) -> Result<Certified<'e>, SolveError> {
        let Answer { allocation, evidence } = answer;
        let certified = checker::certify(self.statement.problem.estate, allocation, evidence);
        let certified = certified.map_err(refused)?;
        assert!(
            !self.flows.are_proved() || certified.standing() == Standing::Optimal,
            "what is proved part by part is proved as a whole"
        );
        Ok(certified)
    }

    /// Reads the answer off the flows and potentials.
    ///
    /// # Errors
    /// The clusters, by position, of assets or users that look alike and were stated as one, if the flows cannot be
    /// divided among them.
    pub fn answer(&self) -> Result<Answer, Vec<usize>> {
        let (problem, graph) = (&self.statement.problem, &self.statement.graph);
        let allocation = self.allocation()?;
        let prices = prices::prices(problem, graph, &self.flows);
        let (shortages, uncovered_by_bound) = shortages::shortages(problem, graph, &self.ends, &self.flows);
        Ok(Answer { allocation, evidence: Evidence { prices, shortages, uncovered_by_bound } })
    }

    /// Reads the license paths off the flows.
    fn allocation(&self) -> Result<Allocation, Vec<usize>> {
        expand::allocation(&self.statement.problem, &self.statement.graph, &self.ends, &self.flows)
    }

    /// What the demand for each version lacks.
    #[must_use]
    pub fn uncovered(&self) -> Table<VersionId, Quantity> {
        let Statement { problem, graph, .. } = self.statement;
        let mut uncovered = Table::filled(Quantity::ZERO, problem.estate.versions.len());
        for (arc, &flow) in graph.arcs.iter().zip(&self.flows.flow) {
            if let (Some(version), Some(capacity)) = (graph.demanded_on(problem, arc), arc.capacity) {
                uncovered[version] += Quantity::new((capacity - flow).unsigned_abs());
            }
        }
        uncovered
    }

    /// The same for the shortage of some versions alone, which costs less; none of those not asked about.
    #[must_use]
    pub fn shortages(&self, asked: &[VersionId]) -> Table<VersionId, Option<Shortage>> {
        let (problem, graph) = (&self.statement.problem, &self.statement.graph);
        certainty::shortages(problem, graph, &self.components, &self.flows, asked)
    }

    /// Reads off the face of best flows what is certain; integer programs say it where arcs share units.
    #[must_use]
    pub fn certainty(&self) -> Certainty {
        let (problem, graph) = (&self.statement.problem, &self.statement.graph);
        Certainty::of(problem, graph, &self.components, &self.flows)
    }
}

/// Why the checker accepts no answer: that it is beyond its limits is no fault of the answer.
fn refused(violations: Vec<Violation>) -> SolveError {
    match violations.iter().find(|violation| violation.law == Law::Size) {
        Some(violation) => SolveError::Limit { what: violation.detail.clone() },
        None => SolveError::Refused(violations),
    }
}

/// Divides the units of bundles with HiGHS.
fn divide(graph: &graph::Graph) -> Result<component::Division, SolveError> {
    divide_up_to(graph, LEVELS)
}

/// The same, asking HiGHS about so many levels, from the first on.
#[cfg(feature = "milp")]
fn divide_up_to(graph: &graph::Graph, levels: usize) -> Result<component::Division, SolveError> {
    bundled::divide(graph, levels, &milp::highs)
}

#[cfg(not(feature = "milp"))]
fn divide_up_to(_: &graph::Graph, _: usize) -> Result<component::Division, SolveError> {
    unreachable!("a graph with bundles is refused where it is built")
}

/// An optimal allocation of an estate with its evidence, accepted by the checker.
///
/// # Errors
/// When a component is no network, or a limit was hit, or the checker refuses the answer; never a
/// wrong answer.
pub fn answer(estate: &Estate) -> Result<Certified<'_>, SolveError> {
    with_answer(estate, |_, certified| certified)
}

/// What is made of the cheapest flows of an estate and the certified answer read off them.
///
/// # Errors
/// As [`answer`].
pub fn with_answer<'e, T>(
    estate: &'e Estate,
    make: impl FnOnce(&Solved<'_, 'e>, Certified<'e>) -> T,
) -> Result<T, SolveError> {
    let mut apart = BTreeSet::new();
    loop {
        let extract = problem::Extract::whole(estate.as_of).with_apart(Apart::With(apart.clone()));
        let statement = Statement::of(estate, extract)?;
        let solved = statement.solve()?;
        match solved.answer() {
            Ok(answer) => return Ok(make(&solved, solved.certify(answer)?)),
            // Assets and users that look alike were stated as one, and the flow cannot be divided among them.
            Err(clusters) => {
                let clusters = clusters.iter().map(|&cluster| &statement.problem.clusters[cluster]);
                apart.extend(clusters.flat_map(|cluster| &cluster.copies).flatten());
            }
        }
    }
}
