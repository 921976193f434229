//! What is certain of a component with bundles: questions to the face of its best flows.
//!
//! Potentials and prices that prove a flow best at levels 1 to 3 say which arcs are free there, as they
//! do in a network; only that the free arcs of a bundle share its units. How much some arcs carry at
//! least, or at most, is then an integer program. Its answer counts only where a flow has it and an
//! exact bound meets it; else nothing is said.
//!
//! Cost: up to three programs for each version and license of the component; too large a component is
//! not asked.

use super::program::{Statement, without_fixed_columns};
use crate::component::{Components, Divided, Flows};
use crate::graph::{ArcIndex, FREE, Graph, Role};
use milp::{Limits, Objective, Program, cost_at, exact_bound, highs, minimize, relax, test_point};
use model::objective::Level;

/// Levels at which an allocation must be best.
const LEVELS_HELD: usize = Level::Uncovered.index() + 1;
/// With more arcs in a component its questions take too long.
const ARCS_MAX: usize = 20_000;
/// Work that one question may take.
const LIMITS: Limits = Limits { nodes_max: 1_000, iterations_max: 1_000_000, starts_from_known: true };

/// The best flows of one component, as an integer program without objective.
pub(crate) struct BestFlows {
    /// Over the arcs that are free; what the others carry is in the bounds of the rows.
    program: Program,
    /// By arc of the component: its column; none where it carries what it carries.
    columns: Vec<Option<usize>>,
    /// The flow at hand.
    flow: Vec<i64>,
}

impl BestFlows {
    /// None where the flow is not proved best, or there is too much to ask.
    pub(crate) fn of(
        graph: &Graph,
        components: &Components,
        index: usize,
        flows: &Flows,
        divided: &Divided,
    ) -> Option<Self> {
        let component = components.at(index);
        if divided.proved_levels() < LEVELS_HELD || component.arcs.len() > ARCS_MAX {
            return None;
        }
        let alone = components.alone(graph, index);
        let mut potential = vec![FREE];
        potential.extend(component.nodes.iter().map(|&node| flows.potential[node as usize]));
        let mut statement = Statement::of(&alone).ok()?;
        statement.keep_free(&alone, &potential, &divided.prices, LEVELS_HELD - 1);
        let mut program = statement.program().clone();
        program.objectives.clear();
        let flow: Vec<i64> = component.arcs.iter().map(|&arc| flows.flow[arc as usize]).collect();
        for ((arc, &flow), column) in alone.arcs.iter().zip(&flow).zip(&mut program.columns) {
            // What is given up on the way uses nothing and covers nothing.
            if arc.role == Role::GivenUp {
                (column.lower, column.upper) = (flow, flow);
            }
        }
        let (program, columns) = without_fixed_columns(&program);
        Some(Self { program, columns, flow })
    }

    /// What the arcs carry now.
    pub(crate) fn now(&self, arcs: &[ArcIndex]) -> i64 {
        arcs.iter().map(|&arc| self.flow[arc as usize]).sum()
    }

    /// What the arcs carry together at least; none if that is not known.
    pub(crate) fn least(&self, arcs: &[ArcIndex]) -> Option<i64> {
        if self.now(arcs) == 0 {
            return Some(0);
        }
        self.extreme(&self.program, arcs, 1)
    }

    /// What the arcs carry together at most; none if that is not known.
    pub(crate) fn most(&self, arcs: &[ArcIndex]) -> Option<i64> {
        self.extreme(&self.program, arcs, -1).map(|least| -least)
    }

    /// What the arcs carry together at least while others, which can, carry nothing.
    pub(crate) fn least_without(&self, arcs: &[ArcIndex], others: &[ArcIndex]) -> Option<i64> {
        if self.now(others) == 0 && self.now(arcs) == 0 {
            return Some(0);
        }
        let mut program = self.program.clone();
        for column in others.iter().filter_map(|&arc| self.columns[arc as usize]) {
            program.columns[column].upper = 0;
        }
        self.extreme(&program, arcs, 1)
    }

    /// The least of `sign` times what the arcs carry.
    fn extreme(&self, program: &Program, arcs: &[ArcIndex], sign: i64) -> Option<i64> {
        let (mut terms, mut fixed) = (Vec::new(), 0);
        for &arc in arcs {
            match self.columns[arc as usize] {
                Some(column) => terms.push((column, sign)),
                None => fixed += sign * self.flow[arc as usize],
            }
        }
        if terms.is_empty() {
            return Some(fixed);
        }
        let mut program = program.clone();
        program.objectives.push(Objective { name: "units".to_owned(), terms });
        least(&program).map(|least| fixed + least)
    }
}

/// The least cost of the first level of a program; none if none was found that is proved.
pub(crate) fn least(program: &Program) -> Option<i64> {
    let relaxed = relax(program, 0, &[], LIMITS, &highs).ok()??;
    let bound = exact_bound(program, 0, &[], &relaxed.duals)?;
    // Mostly the relaxation comes out whole.
    let point: Vec<i64> = relaxed.values.iter().map(|value| value.nearest()).collect();
    let is_met = test_point(program, &point).is_ok() && cost_at(program, 0, &point) == bound;
    let is_met = is_met || minimize(program, None, LIMITS, &highs).ok()?.answer?.costs[0] == bound;
    is_met.then(|| i64::try_from(bound).ok()).flatten()
}
