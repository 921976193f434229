//! Connected components: each is solved alone, on one thread, from the same start.
//!
//! Bundles connect as arcs do. A component with a bundle is no network; it is handed to whoever can
//! divide the units of its bundles.

use crate::error::SolveError;
use crate::graph::{Arc, ArcIndex, Bundle, FREE, Graph, HUB, NodeIndex, Tuple};
use crate::packing::Packing;
use crate::simplex::{Cost, Lexicographic, Network, Outcome, Solution, Start, Workspace};
use model::objective::LEVELS;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Flows and potentials of a graph or component; the potential of the hub, the first node, is zero.
pub(crate) struct Flows {
    /// By arc.
    pub(crate) flow: Vec<i64>,
    /// By node; cost + potential(tail) - potential(head) is not negative on an arc with room to spare,
    /// and not positive on an arc in use.
    ///
    /// On the arcs of a bundle the cost is raised by the price of its units.
    pub(crate) potential: Vec<Tuple>,
    /// By number: the components with bundles.
    pub(crate) divided: BTreeMap<usize, Divided>,
}

impl Flows {
    /// Whether the potentials and prices prove the flows best at every level.
    pub(crate) fn are_proved(&self) -> bool {
        self.divided.values().all(|divided| divided.proved_levels() == LEVELS)
    }

    /// Whether an integer program was asked for some component.
    pub(crate) fn are_asked(&self) -> bool {
        self.divided.values().any(|divided| divided.is_asked)
    }

    /// By how much a better flow may be better at most.
    pub(crate) fn gap(&self) -> [i128; LEVELS] {
        let of_level = |level: usize| self.divided.values().map(|divided| divided.gap[level]).sum();
        std::array::from_fn(of_level)
    }
}

/// What is known of a component whose bundles were divided among their arcs.
#[derive(Clone, Debug)]
pub(crate) struct Divided {
    /// The price of a unit, by bundle of the component.
    #[cfg_attr(not(feature = "milp"), allow(dead_code, reason = "only integer programs divide bundles"))]
    pub(crate) prices: Vec<Tuple>,
    /// What the flow costs more than the potentials and prices show that every flow costs: nothing at the levels
    /// at which they prove it best, more than that at the first other one.
    pub(crate) gap: [i128; LEVELS],
    /// By bundle of the component: the units that its arcs would take at those prices if they did not share them.
    pub(crate) wanted: Vec<i64>,
    /// Whether an integer program was asked.
    pub(crate) is_asked: bool,
}

impl Divided {
    /// At so many levels, from the first on, the potentials and prices prove the flow best.
    pub(crate) fn proved_levels(&self) -> usize {
        self.gap.iter().take_while(|gap| **gap == 0).count()
    }
}

/// The cheapest flow of a graph with bundles as far as it was found, and potentials with prices that
/// bound every flow.
pub(crate) struct Division {
    pub(crate) flow: Vec<i64>,
    pub(crate) potential: Vec<Tuple>,
    pub(crate) divided: Divided,
}

/// Divides the units of the bundles of a graph that is one component.
pub(crate) type Divide<'d> = dyn Fn(&Graph) -> Result<Division, SolveError> + Sync + 'd;

/// Nodes that arcs connect, the hub left out, with all arcs at them; in the order of the graph.
pub(crate) struct Component<'c> {
    pub(crate) nodes: &'c [NodeIndex],
    pub(crate) arcs: &'c [ArcIndex],
}

/// All components, by their first node.
pub(crate) struct Components {
    nodes: Groups,
    arcs: Groups,
    /// Bundles of arcs.
    bundles: Groups,
    /// By node: its number in its component, from 1.
    local: Vec<NodeIndex>,
}

/// Indices by group, each group in one piece.
struct Groups {
    first: Vec<usize>,
    members: Vec<u32>,
}

/// What a thread keeps for its next component.
#[derive(Default)]
struct Memory {
    word: Workspace<i64>,
    wide: Workspace<i128>,
    tuple: Workspace<Lexicographic<LEVELS>>,
}

/// With fewer arcs it takes longer to wake the threads than to solve.
const PARALLEL_ARCS_MIN: usize = 2_000;

/// Solves every component, those with bundles by `divide`.
pub(crate) fn solve_all(graph: &Graph, components: &Components, divide: &Divide<'_>) -> Result<Flows, SolveError> {
    let solve = |memory: &mut Memory, index: usize| {
        if components.bundles.of(index).is_empty() {
            let solution = components.at(index).solve(graph, &components.local, memory)?;
            return Ok((solution, None));
        }
        let Division { flow, potential, divided } = divide(&components.alone(graph, index))?;
        Ok((Potentials { flow, potential }, Some(divided)))
    };
    let solved: Vec<Result<(Potentials, Option<Divided>), SolveError>> = if graph.arcs.len() < PARALLEL_ARCS_MIN {
        let mut memory = Memory::default();
        (0..components.len()).map(|index| solve(&mut memory, index)).collect()
    } else {
        (0..components.len()).into_par_iter().map_init(Memory::default, solve).collect()
    };
    let mut flows =
        Flows { flow: vec![0; graph.arcs.len()], potential: vec![FREE; graph.nodes.len()], divided: BTreeMap::new() };
    for (index, solved) in solved.into_iter().enumerate() {
        let component = components.at(index);
        let (solved, divided) = solved?;
        flows.divided.extend(divided.map(|divided| (index, divided)));
        for (&arc, flow) in component.arcs.iter().zip(solved.flow) {
            flows.flow[arc as usize] = flow;
        }
        for (&node, potential) in component.nodes.iter().zip(solved.potential.into_iter().skip(1)) {
            flows.potential[node as usize] = potential;
        }
    }
    Ok(flows)
}

impl Components {
    pub(crate) fn of(graph: &Graph) -> Self {
        let mut parts = Parts::new(graph.nodes.len());
        for arc in graph.arcs.iter().filter(|arc| arc.tail != HUB && arc.head != HUB) {
            parts.join(arc.tail, arc.head);
        }
        for bundle in &graph.bundles {
            let first = graph.end(bundle.arcs[0]);
            bundle.all_arcs().for_each(|arc| parts.join(first, graph.end(arc)));
        }
        // The first node of a component stands for it, so components are numbered by their first nodes.
        let mut number = vec![NONE; graph.nodes.len()];
        let mut local = vec![0; graph.nodes.len()];
        let mut sizes: Vec<NodeIndex> = Vec::new();
        for node in 1..graph.nodes.len() {
            let root = parts.find(NodeIndex::try_from(node).expect("node indices fit")) as usize;
            if number[root] == NONE {
                number[root] = u32::try_from(sizes.len()).expect("there are no more components than nodes");
                sizes.push(0);
            }
            number[node] = number[root];
            let size = &mut sizes[number[node] as usize];
            *size += 1;
            local[node] = *size;
        }
        let of_arc = |arc: ArcIndex| &number[graph.end(arc) as usize];
        Self {
            nodes: Groups::by(sizes.len(), &number),
            arcs: Groups::by(sizes.len(), (0..).zip(&graph.arcs).map(|(arc, _)| of_arc(arc))),
            bundles: Groups::by(sizes.len(), graph.bundles.iter().map(|bundle| of_arc(bundle.arcs[0]))),
            local,
        }
    }

    /// The bundles of a component, in the order of the graph.
    pub(crate) fn bundles(&self, index: usize) -> &[u32] {
        self.bundles.of(index)
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.first.len() - 1
    }

    pub(crate) fn at(&self, index: usize) -> Component<'_> {
        Component { nodes: self.nodes.of(index), arcs: self.arcs.of(index) }
    }

    /// The number of a node in its component, from 1; that of the hub is 0 in all of them.
    pub(crate) fn local(&self, node: NodeIndex) -> NodeIndex {
        self.local[node as usize]
    }

    /// A component as a graph of its own: its nodes after the hub, its arcs and bundles in their order.
    pub(crate) fn alone(&self, graph: &Graph, index: usize) -> Graph {
        let Component { nodes, arcs } = self.at(index);
        let mut alone = Graph::default();
        alone.add_node(graph.nodes[HUB as usize], 0);
        for &node in nodes {
            alone.add_node(graph.nodes[node as usize], graph.supply[node as usize]);
        }
        for &arc in arcs {
            let Arc { tail, head, capacity, cost, role } = graph.arcs[arc as usize].clone();
            alone.add_arc(self.local(tail), self.local(head), capacity, cost, role);
        }
        for &bundle in self.bundles.of(index) {
            let bundle = &graph.bundles[bundle as usize];
            let arc = |arc: ArcIndex| {
                let position = arcs.binary_search(&arc).expect("a bundle lies in one component");
                ArcIndex::try_from(position).expect("arcs fit")
            };
            let gate = bundle.gate.map(|(gate, each)| (arc(gate), each));
            alone.bundles.push(Bundle { arcs: bundle.arcs.iter().copied().map(arc).collect(), gate, ..bundle.clone() });
        }
        alone
    }
}

/// No group.
const NONE: u32 = u32::MAX;

impl Groups {
    /// Indices by the number of their group.
    fn by<'n>(count: usize, number: impl IntoIterator<Item = &'n u32> + Clone) -> Self {
        let mut first = vec![0; count + 1];
        for &number in number.clone().into_iter().filter(|&&number| number != NONE) {
            first[number as usize + 1] += 1;
        }
        for group in 0..count {
            first[group + 1] += first[group];
        }
        let mut next = first.clone();
        let mut members = vec![0; first[count]];
        for (index, &number) in (0..).zip(number).filter(|&(_, &number)| number != NONE) {
            members[next[number as usize]] = index;
            next[number as usize] += 1;
        }
        Self { first, members }
    }

    fn of(&self, group: usize) -> &[u32] {
        &self.members[self.first[group]..self.first[group + 1]]
    }
}

/// Disjoint sets of nodes.
pub(crate) struct Parts(Vec<NodeIndex>);

impl Parts {
    pub(crate) fn new(count: usize) -> Self {
        Self((0..).take(count).collect())
    }

    /// The node that stands for the part of `node`: its smallest.
    pub(crate) fn find(&mut self, node: NodeIndex) -> NodeIndex {
        let mut at = node;
        while self.0[at as usize] != at {
            // Halve the path on the way.
            self.0[at as usize] = self.0[self.0[at as usize] as usize];
            at = self.0[at as usize];
        }
        at
    }

    pub(crate) fn join(&mut self, one: NodeIndex, other: NodeIndex) {
        let (one, other) = (self.find(one), self.find(other));
        self.0[one.max(other) as usize] = one.min(other);
    }
}

/// A cheapest flow of a component, by its arcs, with potentials by its nodes, the hub first.
pub(crate) struct Potentials {
    pub(crate) flow: Vec<i64>,
    pub(crate) potential: Vec<Tuple>,
}

/// Solves a graph that is one component, without regard to its bundles.
#[cfg(feature = "milp")]
pub(crate) fn solve_alone(graph: &Graph) -> Result<Potentials, SolveError> {
    let all = |count: usize| (0..u32::try_from(count).expect("nodes and arcs fit")).collect::<Vec<_>>();
    let (nodes, arcs) = (all(graph.nodes.len()), all(graph.arcs.len()));
    Component { nodes: &nodes[1..], arcs: &arcs }.solve(graph, &nodes, &mut Memory::default())
}

impl Component<'_> {
    fn solve(&self, graph: &Graph, local: &[NodeIndex], memory: &mut Memory) -> Result<Potentials, SolveError> {
        let packing = Packing::of(self.arcs.iter().map(|&arc| &graph.arcs[arc as usize]), local, self.nodes.len() + 1)?;
        if let Some(artificial) = packing.top() {
            let solution = self.run(graph, local, &mut memory.word, artificial, |cost| packing.pack(cost))?;
            let potential = solution.potential.iter().map(|&word| packing.unpack(word)).collect();
            return Ok(Potentials { flow: solution.flow, potential });
        }
        if let Some(artificial) = packing.top() {
            let solution = self.run(graph, local, &mut memory.wide, artificial, |cost| packing.pack(cost))?;
            let potential = solution.potential.iter().map(|&word| packing.unpack(word)).collect();
            return Ok(Potentials { flow: solution.flow, potential });
        }
        let artificial = Lexicographic(packing.above_all());
        let solution = self.run(graph, local, &mut memory.tuple, artificial, Lexicographic)?;
        Ok(Potentials { flow: solution.flow, potential: solution.potential.into_iter().map(|tuple| tuple.0).collect() })
    }

    fn run<C: Cost>(
        &self,
        graph: &Graph,
        local: &[NodeIndex],
        workspace: &mut Workspace<C>,
        artificial: C,
        word: impl Fn(Tuple) -> C,
    ) -> Result<Solution<C>, SolveError> {
        let mut network = Network::new(self.nodes.len() + 1);
        network.reserve(self.arcs.len());
        for (position, &node) in (1..).zip(self.nodes) {
            network.set_supply(position, graph.supply[node as usize]);
        }
        for &arc in self.arcs {
            let &Arc { tail, head, capacity, cost, .. } = &graph.arcs[arc as usize];
            network.add_arc(local[tail as usize] as usize, local[head as usize] as usize, capacity, word(cost));
        }
        let limit = |error| SolveError::Limit { what: format!("{error}") };
        network.balance(0).map_err(limit)?;
        match workspace.solve(&network, Start { artificial, hub: Some(0) }).map_err(limit)? {
            Outcome::Optimal(solution) => Ok(solution),
            Outcome::Infeasible => unreachable!("everything idle and uncovered is feasible"),
            Outcome::Unbounded => unreachable!("rewards are bounded by demand and assignments"),
        }
    }
}
