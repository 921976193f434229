//! What is certain of a component with bundles: questions to the face of its best flows.
//!
//! Potentials and prices that prove a flow best at levels 1 to 3 say which arcs are free there, as they
//! do in a network; only that the free arcs of a bundle share its units. How much some arcs carry at
//! least, or at most, is then an integer program. Its answer counts only where a flow has it and an
//! exact bound meets it; else nothing is said.
//!
//! Cost: up to three programs for each version and license of the component that no network decides; too
//! large a component is not asked.

use super::program::{Reduced, Statement};
use crate::component::{Components, Flows};
use crate::face::{Face, LEVELS_HELD};
use crate::graph::{ArcIndex, Graph, Tuple};
use milp::{Limits, Objective, Program, cost_at, exact_bound, highs, minimize, relax, test_point};
use std::collections::BTreeMap;

/// With more arcs in a component its questions take too long.
const ARCS_MAX: usize = 20_000;
/// Work that one question may take.
const LIMITS: Limits = Limits { nodes_max: 1_000, iterations_max: 1_000_000 };

/// The best flows of the components with bundles.
pub(crate) struct Faces {
    /// By arc: its component, if any has bundles.
    component_of: Vec<usize>,
    /// By component; none where the flow is not proved best, or there is too much to ask.
    faces: BTreeMap<usize, Option<BestFlows>>,
}

/// The best flows of one component, as an integer program without objective.
pub(crate) struct BestFlows {
    /// Over the arcs that are free; what the others carry is in the bounds of the rows.
    program: Program,
    /// The arcs of the component, with their columns; none where they carry what they carry.
    arcs: Vec<(ArcIndex, Option<usize>)>,
    /// The flow at hand.
    flow: Vec<i64>,
}

impl Faces {
    /// What cannot change where arcs do not share, cannot where they do.
    pub(crate) fn of(graph: &Graph, components: &Components, flows: &Flows, dropped: &Face<'_>) -> Self {
        let face = |(&index, divided): (&usize, &crate::component::Divided)| {
            let component = components.at(index);
            let is_proved = divided.proved_levels >= LEVELS_HELD && component.arcs.len() <= ARCS_MAX;
            let face = is_proved.then(|| BestFlows::of(graph, components, index, flows, &divided.prices, dropped));
            (index, face.flatten())
        };
        let faces: BTreeMap<usize, Option<BestFlows>> = flows.divided.iter().map(face).collect();
        let arcs = graph.arcs.iter().filter(|_| !faces.is_empty());
        Self { component_of: arcs.map(|arc| components.of_arc(arc)).collect(), faces }
    }

    /// Whether there are no components with bundles.
    pub(crate) fn is_empty(&self) -> bool {
        self.faces.is_empty()
    }

    /// The arcs of components without bundles, and the others by component.
    pub(crate) fn split(&self, arcs: &[ArcIndex]) -> (Vec<ArcIndex>, BTreeMap<usize, Vec<ArcIndex>>) {
        let mut plain = Vec::new();
        let mut divided: BTreeMap<usize, Vec<ArcIndex>> = BTreeMap::new();
        for &arc in arcs {
            let component = self.component_of[arc as usize];
            if self.faces.contains_key(&component) {
                divided.entry(component).or_default().push(arc);
            } else {
                plain.push(arc);
            }
        }
        (plain, divided)
    }

    /// Whether an arc is in a component with bundles.
    pub(crate) fn has(&self, arc: ArcIndex) -> bool {
        !self.faces.is_empty() && self.faces.contains_key(&self.component_of[arc as usize])
    }

    /// The best flows of a component with bundles; none if nothing is known of them.
    pub(crate) fn at(&self, component: usize) -> Option<&BestFlows> {
        self.faces[&component].as_ref()
    }
}

impl BestFlows {
    fn of(
        graph: &Graph,
        components: &Components,
        index: usize,
        flows: &Flows,
        prices: &[Tuple],
        dropped: &Face<'_>,
    ) -> Option<Self> {
        let alone = components.alone(graph, index);
        let component = components.at(index);
        let mut potential = vec![crate::graph::FREE];
        potential.extend(component.nodes.iter().map(|&node| flows.potential[node as usize]));
        let mut statement = Statement::of(&alone).ok()?;
        statement.keep_free(&alone, &potential, prices, LEVELS_HELD - 1);
        let mut program = statement.program().clone();
        program.objectives.clear();
        let flow: Vec<i64> = component.arcs.iter().map(|&arc| flows.flow[arc as usize]).collect();
        for ((&arc, &flow), column) in component.arcs.iter().zip(&flow).zip(&mut program.columns) {
            if !dropped.can_leave_bound(arc) {
                (column.lower, column.upper) = (flow, flow);
            }
        }
        let Reduced { program, columns, .. } = Reduced::of(&program);
        Some(Self { program, arcs: component.arcs.iter().copied().zip(columns).collect(), flow })
    }

    /// What the arcs carry together at least; none if that is not known.
    pub(crate) fn least(&self, arcs: &[ArcIndex]) -> Option<i64> {
        self.extreme(&self.program, arcs, 1)
    }

    /// What the arcs carry together at most; none if that is not known.
    pub(crate) fn most(&self, arcs: &[ArcIndex]) -> Option<i64> {
        self.extreme(&self.program, arcs, -1).map(|least| -least)
    }

    /// What the arcs carry together at least while others, which can, carry nothing.
    pub(crate) fn least_without(&self, arcs: &[ArcIndex], others: &[ArcIndex]) -> Option<i64> {
        let mut program = self.program.clone();
        for column in others.iter().filter_map(|&arc| self.arcs[self.position(arc)].1) {
            program.columns[column].upper = 0;
        }
        self.extreme(&program, arcs, 1)
    }

    fn position(&self, arc: ArcIndex) -> usize {
        self.arcs.binary_search_by_key(&arc, |&(arc, _)| arc).expect("the arc is of the component")
    }

    /// The least of `sign` times what the arcs carry.
    fn extreme(&self, program: &Program, arcs: &[ArcIndex], sign: i64) -> Option<i64> {
        let (mut terms, mut fixed) = (Vec::new(), 0);
        for &arc in arcs {
            let position = self.position(arc);
            match self.arcs[position].1 {
                Some(column) => terms.push((column, sign)),
                None => fixed += sign * self.flow[position],
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
