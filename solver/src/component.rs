//! Connected components: each is solved alone, on one thread, from the same start.

use crate::error::SolveError;
use crate::graph::{Arc, ArcIndex, FREE, Graph, HUB, NodeIndex, Tuple};
use crate::packing::Packing;
use crate::simplex::{Cost, Lexicographic, Network, Outcome, Solution, Start, solve};
use model::objective::LEVELS;
use rayon::prelude::*;

/// Flows and potentials of a graph or component; the potential of the hub, the first node, is zero.
pub(crate) struct Flows {
    /// By arc.
    pub(crate) flow: Vec<i64>,
    /// By node; cost + potential(tail) - potential(head) is not negative on an arc with room to spare,
    /// and not positive on an arc in use.
    pub(crate) potential: Vec<Tuple>,
}

/// Nodes that arcs connect, the hub left out, with all arcs at them.
struct Component {
    nodes: Vec<NodeIndex>,
    arcs: Vec<ArcIndex>,
}

/// Solves every component.
pub(crate) fn solve_all(graph: &Graph) -> Result<Flows, SolveError> {
    let components = components(graph);
    let mut local = vec![0; graph.nodes.len()];
    for component in &components {
        for (position, &node) in (1..).zip(&component.nodes) {
            local[node as usize] = position;
        }
    }
    let solved: Vec<Result<Flows, SolveError>> =
        components.par_iter().map(|component| component.solve(graph, &local)).collect();
    let mut flows = Flows { flow: vec![0; graph.arcs.len()], potential: vec![FREE; graph.nodes.len()] };
    for (component, solved) in components.iter().zip(solved) {
        let solved = solved?;
        for (&arc, flow) in component.arcs.iter().zip(solved.flow) {
            flows.flow[arc as usize] = flow;
        }
        for (&node, potential) in component.nodes.iter().zip(solved.potential.into_iter().skip(1)) {
            flows.potential[node as usize] = potential;
        }
    }
    Ok(flows)
}

/// The components, by their first node; nodes and arcs in the order of the graph.
fn components(graph: &Graph) -> Vec<Component> {
    let mut parts = Parts::new(graph.nodes.len());
    for arc in graph.arcs.iter().filter(|arc| arc.tail != HUB && arc.head != HUB) {
        parts.join(arc.tail, arc.head);
    }
    let mut number = vec![usize::MAX; graph.nodes.len()];
    let mut components: Vec<Component> = Vec::new();
    for node in 1..graph.nodes.len() {
        let node = NodeIndex::try_from(node).expect("node indices fit");
        let root = parts.find(node) as usize;
        if number[root] == usize::MAX {
            number[root] = components.len();
            components.push(Component { nodes: Vec::new(), arcs: Vec::new() });
        }
        components[number[root]].nodes.push(node);
    }
    for (index, arc) in (0..).zip(&graph.arcs) {
        let end = if arc.tail == HUB { arc.head } else { arc.tail };
        components[number[parts.find(end) as usize]].arcs.push(index);
    }
    components
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

impl Component {
    fn solve(&self, graph: &Graph, local: &[usize]) -> Result<Flows, SolveError> {
        let packing = Packing::of(self.arcs.iter().map(|&arc| &graph.arcs[arc as usize]), local, self.nodes.len() + 1)?;
        if let Some(artificial) = packing.top::<i64>() {
            let solution = self.run(graph, local, artificial, |cost| packing.pack::<i64>(cost))?;
            let potential = solution.potential.iter().map(|&word| packing.unpack(word.into())).collect();
            return Ok(Flows { flow: solution.flow, potential });
        }
        if let Some(artificial) = packing.top::<i128>() {
            let solution = self.run(graph, local, artificial, |cost| packing.pack::<i128>(cost))?;
            let potential = solution.potential.iter().map(|&word| packing.unpack(word)).collect();
            return Ok(Flows { flow: solution.flow, potential });
        }
        let solution = self.run(graph, local, Lexicographic(packing.above_all()), Lexicographic::<LEVELS>)?;
        Ok(Flows { flow: solution.flow, potential: solution.potential.into_iter().map(|tuple| tuple.0).collect() })
    }

    fn run<C: Cost>(
        &self,
        graph: &Graph,
        local: &[usize],
        artificial: C,
        word: impl Fn(Tuple) -> C,
    ) -> Result<Solution<C>, SolveError> {
        let mut network = Network::new(self.nodes.len() + 1);
        network.reserve(self.arcs.len());
        for (position, &node) in (1..).zip(&self.nodes) {
            network.set_supply(position, graph.supply[node as usize]);
        }
        for &arc in &self.arcs {
            let &Arc { tail, head, capacity, cost, .. } = &graph.arcs[arc as usize];
            network.add_arc(local[tail as usize], local[head as usize], capacity, word(cost));
        }
        let limit = |error| SolveError::Limit { what: format!("{error}") };
        network.balance(0).map_err(limit)?;
        match solve(&network, Start { artificial, hub: Some(0) }).map_err(limit)? {
            Outcome::Optimal(solution) => Ok(solution),
            Outcome::Infeasible => unreachable!("everything idle and uncovered is feasible"),
            Outcome::Unbounded => unreachable!("rewards are bounded by demand and assignments"),
        }
    }
}
