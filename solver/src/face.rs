//! What is certain of every best allocation: whether a version must, may or never falls short.
//!
//! Best means best at levels 1 to 3. For each version one solve makes its uncovered demand least among
//! the best allocations, another makes it most: two solves of the whole network for each version with
//! demand, where anything is uncovered at all.

use crate::build;
use crate::component;
use crate::error::SolveError;
use crate::graph::{Graph, Node, Role};
use crate::places::Map;
use crate::prefix::{COVERAGE_LEVELS, without_lower_levels};
use crate::problem::{Ask, Problem};
use model::estate::Estate;
use model::id::{Table, VersionId};

/// Whether some demand for a version is uncovered in the best allocations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortage {
    /// In every one.
    Must,
    /// In some, not in all.
    May,
    /// In none.
    Never,
}

impl Shortage {
    /// The word in results.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::May => "may",
            Self::Never => "never",
        }
    }
}

/// The shortage of every version.
///
/// # Errors
/// As [`Statement::new`](crate::Statement::new) and [`Statement::solve`](crate::Statement::solve).
pub fn shortages(estate: &Estate) -> Result<Table<VersionId, Shortage>, SolveError> {
    let mut map = Map::new(estate);
    let problem = Problem::new(estate, &map);
    let mut graph = build::graph(&problem, &mut map)?;
    without_lower_levels(&mut graph);
    let mut shortages = Table::filled(Shortage::Never, estate.versions.len());
    for version in estate.versions.ids() {
        let arcs = demand_arcs(&problem, &graph, version);
        let demand: u64 =
            problem.demands.iter().filter(|row| row.key.version == version).map(|row| row.quantity.get()).sum();
        let mut uncovered = |sign: i64| -> Result<u64, SolveError> {
            for &arc in &arcs {
                graph.arcs[arc].cost[COVERAGE_LEVELS] = sign;
            }
            let flows = component::solve_all(&graph)?;
            for &arc in &arcs {
                graph.arcs[arc].cost[COVERAGE_LEVELS] = 0;
            }
            let covered: i64 = arcs.iter().map(|&arc| flows.flow[arc]).sum();
            Ok(demand - u64::try_from(covered).expect("flow is not negative"))
        };
        if demand > 0 && uncovered(1)? > 0 {
            shortages[version] = if uncovered(-1)? > 0 { Shortage::Must } else { Shortage::May };
        }
    }
    Ok(shortages)
}

fn demand_arcs(problem: &Problem<'_>, graph: &Graph, version: VersionId) -> Vec<usize> {
    let is_of_version = |node: Node| match node {
        Node::Asked(Ask::Cover(asked), _) => asked == version,
        Node::Single(demand) => problem.demands[demand].key.version == version,
        _ => false,
    };
    let arcs = graph.arcs.iter().enumerate();
    let of_version = arcs.filter(|(_, arc)| arc.role == Role::Demand && is_of_version(graph.nodes[arc.tail as usize]));
    of_version.map(|(index, _)| index).collect()
}
