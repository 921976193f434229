//! How a cheapest flow can still change: shortest paths of the residual graph, from the hub and to it.
//!
//! One search in each direction (Dijkstra 1959, over reduced costs) answers for all nodes at once. Arcs that share the
//! units of a bundle cost the price of a unit more, and a path may take more units than there are: so paths bound what a
//! change costs, and [`Residual::changes`] says whether one can be made.

use crate::component::Flows;
use crate::graph::{ArcIndex, Bundle, Ends, FREE, Graph, HUB, NodeIndex, Tuple, minus, plus};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    FromHub,
    ToHub,
}

/// The graph in which flow can still change.
pub(super) struct Residual<'g> {
    graph: &'g Graph,
    /// The cheapest ones.
    flows: &'g Flows,
    ends: Ends,
    /// By arc of a bundle: the bundle.
    bundle_of: BTreeMap<ArcIndex, usize>,
    /// Of each bundle: units that nothing takes, and the price of one.
    units: Vec<(i64, Tuple)>,
}

/// A shortest path.
#[derive(Clone, Copy)]
struct Path {
    cost: Tuple,
    room: i64,
    /// Its step at this end, as a change of the flow on an arc.
    step: Option<Step>,
}

/// A change of the flow on an arc.
pub(super) type Step = (ArcIndex, i64);

/// The shortest paths, by node; none where there is none.
pub(super) struct Shortest<'g> {
    graph: &'g Graph,
    paths: Vec<Option<Path>>,
}

impl Shortest<'_> {
    /// Cost and room.
    pub(super) fn at(&self, node: NodeIndex) -> Option<(Tuple, i64)> {
        self.paths[node as usize].map(|path| (path.cost, path.room))
    }

    /// The steps, from this end.
    pub(super) fn steps(&self, node: NodeIndex) -> Option<Vec<Step>> {
        let (mut at, mut steps) = (node, Vec::new());
        while let Some(step) = self.paths[at as usize]?.step {
            steps.push(step);
            let arc = &self.graph.arcs[step.0 as usize];
            at = if arc.tail == at { arc.head } else { arc.tail };
        }
        Some(steps)
    }
}

impl<'g> Residual<'g> {
    pub(super) fn new(graph: &'g Graph, flows: &'g Flows) -> Self {
        let taken = |arcs: &[ArcIndex]| -> i64 { arcs.iter().map(|&arc| flows.flow[arc as usize]).sum() };
        let units = |bundle: &Bundle| (bundle.units - taken(&bundle.arcs), bundle.price(graph, &flows.potential));
        let of_bundle = (0..).zip(&graph.bundles);
        Self {
            graph,
            flows,
            ends: Ends::of(graph),
            bundle_of: of_bundle.flat_map(|(index, bundle)| bundle.arcs.iter().map(move |&arc| (arc, index))).collect(),
            units: graph.bundles.iter().map(units).collect(),
        }
    }

    /// One more unit of an arc's capacity: of no use while it has room.
    pub(super) fn across(&self, arc: usize, from_hub: &Shortest<'_>, to_hub: &Shortest<'_>) -> Option<(Tuple, i64)> {
        let row = &self.graph.arcs[arc];
        let (before, after) = (from_hub.at(row.tail)?, to_hub.at(row.head)?);
        self.is_full(arc).then(|| (plus(plus(before.0, row.cost), after.0), before.1.min(after.1)))
    }

    fn is_full(&self, arc: usize) -> bool {
        self.graph.arcs[arc].capacity == Some(self.flows.flow[arc])
    }

    /// The steps of [`Self::across`].
    pub(super) fn steps_across(&self, arc: usize, from_hub: &Shortest<'_>, to_hub: &Shortest<'_>) -> Option<Vec<Step>> {
        let row = &self.graph.arcs[arc];
        let mut steps = self.is_full(arc).then(|| from_hub.steps(row.tail))??;
        steps.push((ArcIndex::try_from(arc).expect("the graph is checked against the limits"), 1));
        steps.extend(to_hub.steps(row.head)?);
        Some(steps)
    }

    /// What steps change of each arc, with its cost, if there is room for all of them and for one more unit on the arc
    /// given.
    pub(super) fn changes(&self, steps: &[Step], widened: Option<usize>) -> Option<(BTreeMap<usize, i64>, Tuple)> {
        let mut changes: BTreeMap<usize, i64> = BTreeMap::new();
        let mut taken: BTreeMap<usize, i64> = BTreeMap::new();
        for &(arc, change) in steps {
            *changes.entry(arc as usize).or_default() += change;
            if let Some(&bundle) = self.bundle_of.get(&arc) {
                *taken.entry(bundle).or_default() += change;
            }
        }
        let has_room = |(&arc, &change): (&usize, &i64)| {
            let flow = self.flows.flow[arc] + change;
            let capacity = self.graph.arcs[arc].capacity.map(|room| room + i64::from(widened == Some(arc)));
            flow >= 0 && capacity.is_none_or(|capacity| flow <= capacity)
        };
        let is_possible =
            changes.iter().all(has_room) && taken.iter().all(|(&bundle, &units)| units <= self.units[bundle].0);
        let cost = changes
            .iter()
            .fold(FREE, |cost, (&arc, &change)| plus(cost, self.graph.arcs[arc].cost.map(|cost| cost * change)));
        is_possible.then_some((changes, cost))
    }

    /// Shortest paths over reduced costs, which are not negative.
    pub(super) fn shortest(&self, direction: Direction) -> Shortest<'g> {
        let mut found: Vec<Option<Path>> = vec![None; self.graph.nodes.len()];
        let mut open = BinaryHeap::from([(Reverse(FREE), i64::MAX, HUB, None)]);
        while let Some((Reverse(cost), room, node, step)) = open.pop() {
            if found[node as usize].is_some() {
                continue;
            }
            found[node as usize] = Some(Path { cost, room, step });
            for (step_cost, step_room, next, step) in self.steps(node, direction) {
                if found[next as usize].is_none() {
                    let cost = plus(cost, self.reduced(node, next, step_cost, direction));
                    open.push((Reverse(cost), room.min(step_room), next, Some(step)));
                }
            }
        }
        // Back from reduced costs to costs.
        let potential = &self.flows.potential;
        for (path, &potential) in found.iter_mut().zip(potential) {
            if let Some(path) = path {
                path.cost = match direction {
                    Direction::FromHub => plus(path.cost, potential),
                    Direction::ToHub => minus(path.cost, potential),
                };
            }
        }
        Shortest { graph: self.graph, paths: found }
    }

    fn reduced(&self, node: NodeIndex, next: NodeIndex, cost: Tuple, direction: Direction) -> Tuple {
        let (tail, head) = match direction {
            Direction::FromHub => (node, next),
            Direction::ToHub => (next, node),
        };
        let potential = |node: NodeIndex| self.flows.potential[node as usize];
        let reduced = minus(plus(cost, potential(tail)), potential(head));
        debug_assert!(reduced >= FREE, "flows are cheapest");
        reduced
    }

    /// Steps of the residual graph out of a node, or into it: cost, room, the node at the other end, the change.
    fn steps(&self, node: NodeIndex, direction: Direction) -> impl Iterator<Item = (Tuple, i64, NodeIndex, Step)> + '_ {
        let (along, against) = match direction {
            Direction::FromHub => (&self.ends.leaving, &self.ends.entering),
            Direction::ToHub => (&self.ends.entering, &self.ends.leaving),
        };
        let other = move |arc: ArcIndex| {
            let arc = &self.graph.arcs[arc as usize];
            if arc.tail == node { arc.head } else { arc.tail }
        };
        let room = |arc: ArcIndex| match self.graph.arcs[arc as usize].capacity {
            Some(capacity) => capacity - self.flows.flow[arc as usize],
            None => i64::MAX,
        };
        let cost = |arc: ArcIndex| {
            let price = self.bundle_of.get(&arc).map_or(FREE, |&bundle| self.units[bundle].1);
            plus(self.graph.arcs[arc as usize].cost, price)
        };
        let forward = along.of(node).iter().map(move |&arc| (cost(arc), room(arc), other(arc), (arc, 1)));
        let backward = against.of(node).iter();
        let back =
            move |&arc: &ArcIndex| (minus(FREE, cost(arc)), self.flows.flow[arc as usize], other(arc), (arc, -1));
        forward.chain(backward.map(back)).filter(|&(_, room, ..)| room > 0)
    }
}
