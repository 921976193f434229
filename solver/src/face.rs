//! The face of best allocations: what can change without loss at levels 1 to 3, in one component.
//!
//! Potentials cut off after the third level prove a flow optimal at those levels. By complementary
//! slackness the best flows are then exactly those that agree with the flow at hand on every arc whose
//! reduced cost is not zero; on all others flow is free within its bounds. A flow changes along cycles
//! of the residual graph of the free arcs, and a cycle stays within one strongly connected part of it.
//! So one pass tells for every arc at a bound whether it can leave it, and how far arcs can be lowered
//! or raised is a maximum flow inside their parts, started from the flow at hand. Sources: Picard and
//! Queyranne 1980 for the residual structure; [`parts`] and [`exchange`] for the methods.
//!
//! Components with bundles have none: [`crate::bundled`] asks about their best flows.
//!
//! What is given up on the way (`Role::GivenUp`) uses nothing and covers nothing: it stays as it is, and
//! so do the units that an unlimited pool takes from the hub only to hand them back.
//!
//! Arcs and nodes are numbered within the component, the hub 0. Memory: linear in its arcs.

mod exchange;
mod parts;

use crate::component::{Components, Flows};
use crate::graph::{Arc, ArcIndex, Graph, HUB, Node, NodeIndex, Role};
use crate::problem::Problem;
use exchange::Layers;
use model::objective::Level;

/// Levels at which an allocation must be best.
const LEVELS_HELD: usize = Level::Uncovered.index() + 1;

/// A flow of a component that may be changed as long as it stays best.
pub(crate) struct Face {
    arcs: Vec<FaceArc>,
    /// By arc.
    flow: Vec<i64>,
    /// By arc: whether its flow may change.
    is_free: Vec<bool>,
    /// By node: where its arcs begin in `arcs_at`.
    first: Vec<usize>,
    /// Free arcs by node, entering and leaving.
    arcs_at: Vec<ArcIndex>,
    /// What to put back: arcs with their flow, and whether it was free.
    changed: Vec<(ArcIndex, i64, bool)>,
    layers: Layers,
}

#[derive(Clone, Copy)]
struct FaceArc {
    tail: NodeIndex,
    head: NodeIndex,
    /// The largest integer if unlimited.
    capacity: i64,
}

/// Which way a search goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Along,
    Against,
}

impl Face {
    pub(crate) fn of(
        problem: &Problem<'_>,
        graph: &Graph,
        components: &Components,
        component: usize,
        flows: &Flows,
    ) -> Self {
        let component = components.at(component);
        let arc = |&index: &ArcIndex| {
            let &Arc { tail, head, capacity, .. } = &graph.arcs[index as usize];
            let capacity = capacity.unwrap_or(i64::MAX);
            FaceArc { tail: components.local(tail), head: components.local(head), capacity }
        };
        let is_free = |&index: &ArcIndex| is_free(problem, graph, flows, &graph.arcs[index as usize]);
        let node_count = component.nodes.len() + 1;
        let mut face = Self {
            arcs: component.arcs.iter().map(arc).collect(),
            flow: component.arcs.iter().map(|&index| flows.flow[index as usize]).collect(),
            is_free: component.arcs.iter().map(is_free).collect(),
            first: Vec::new(),
            arcs_at: Vec::new(),
            changed: Vec::new(),
            layers: Layers::new(node_count),
        };
        face.group_arcs(node_count);
        let part = face.parts();
        for (arc, is_free) in face.arcs.iter().zip(&mut face.is_free) {
            // No cycle leaves its part.
            *is_free &= part[arc.tail as usize] == part[arc.head as usize];
        }
        face
    }

    fn group_arcs(&mut self, node_count: usize) {
        let ends = |arc: &FaceArc| [arc.tail as usize, arc.head as usize];
        let free = || (0..).zip(self.arcs.iter().zip(&self.is_free)).filter(|(_, (_, is_free))| **is_free);
        let mut first = vec![0; node_count + 1];
        for end in free().flat_map(|(_, (arc, _))| ends(arc)) {
            first[end + 1] += 1;
        }
        for node in 0..node_count {
            first[node + 1] += first[node];
        }
        let mut next = first.clone();
        let mut arcs_at = vec![0; first[node_count]];
        for (index, (arc, _)) in free() {
            for end in ends(arc) {
                arcs_at[next[end]] = index;
                next[end] += 1;
            }
        }
        (self.first, self.arcs_at) = (first, arcs_at);
    }

    pub(crate) fn flow(&self, arc: ArcIndex) -> i64 {
        self.flow[arc as usize]
    }

    /// The flow on all of the arcs.
    pub(crate) fn flow_on(&self, arcs: &[ArcIndex]) -> i64 {
        arcs.iter().map(|&arc| self.flow(arc)).sum()
    }

    /// What an arc can take beyond its flow, its capacity being limited.
    pub(crate) fn lacks(&self, arc: ArcIndex) -> i64 {
        self.arcs[arc as usize].capacity - self.flow(arc)
    }

    /// Whether an arc can leave the bound that its flow is at, without loss.
    pub(crate) fn can_leave_bound(&self, arc: ArcIndex) -> bool {
        self.is_free[arc as usize] && self.arcs[arc as usize].capacity != 0
    }

    /// Lowers the flow of an arc by at most so much, as far as that goes.
    pub(crate) fn lower(&mut self, arc: ArcIndex, amount: i64) {
        let FaceArc { tail, head, .. } = self.arcs[arc as usize];
        let amount = amount.min(self.flow(arc));
        self.reroute(arc, tail, head, amount, -1);
    }

    /// Raises the flow of an arc by at most so much, as far as that goes.
    pub(crate) fn raise(&mut self, arc: ArcIndex, amount: i64) {
        let FaceArc { tail, head, .. } = self.arcs[arc as usize];
        let amount = amount.min(self.lacks(arc));
        self.reroute(arc, head, tail, amount, 1);
    }

    /// Whether all of the arcs can be filled together, without loss; leaves the flow changed.
    pub(crate) fn can_fill(&mut self, arcs: &[ArcIndex]) -> bool {
        for &arc in arcs {
            self.fix(arc);
        }
        let short = || arcs.iter().filter(|&&arc| self.lacks(arc) > 0);
        let from: Vec<(NodeIndex, i64)> = short().map(|&arc| (self.arcs[arc as usize].head, self.lacks(arc))).collect();
        let mut to: Vec<(NodeIndex, i64)> =
            short().map(|&arc| (self.arcs[arc as usize].tail, self.lacks(arc))).collect();
        self.exchange(&from, &mut to);
        to.iter().all(|&(_, left)| left == 0)
    }

    /// Keeps the flow of an arc as it is from now on.
    pub(crate) fn fix(&mut self, arc: ArcIndex) {
        self.log(arc);
        self.is_free[arc as usize] = false;
    }

    /// Puts back everything that was changed or fixed.
    pub(crate) fn restore(&mut self) {
        while let Some((arc, flow, is_free)) = self.changed.pop() {
            self.flow[arc as usize] = flow;
            self.is_free[arc as usize] = is_free;
        }
    }

    fn log(&mut self, arc: ArcIndex) {
        self.changed.push((arc, self.flow[arc as usize], self.is_free[arc as usize]));
    }

    /// Sends at most `amount` from `from` to `to` past `arc`, whose flow changes by `sign` for each unit.
    fn reroute(&mut self, arc: ArcIndex, from: NodeIndex, to: NodeIndex, amount: i64, sign: i64) {
        if amount == 0 || !self.can_leave_bound(arc) {
            return;
        }
        // Nothing may pass the arc itself.
        self.fix(arc);
        let mut taking = [(to, amount)];
        let left_at_hub = self.exchange(&[(from, amount)], &mut taking);
        if from != HUB && left_at_hub > 0 {
            // What came to the hub and found no way on goes back as it came.
            self.take_from_hub(&mut [(from, left_at_hub)], left_at_hub);
        }
        self.is_free[arc as usize] = true;
        self.flow[arc as usize] += sign * (amount - taking[0].1);
    }

    /// The arcs at a node that were free at first.
    fn arcs_at(&self, node: NodeIndex) -> &[ArcIndex] {
        &self.arcs_at[self.first[node as usize]..self.first[node as usize + 1]]
    }

    /// Where a step over an arc at `node` leads in the residual graph, if it has room; against its
    /// direction flow is taken back.
    fn step(&self, arc: ArcIndex, node: NodeIndex, direction: Direction) -> Option<NodeIndex> {
        if !self.is_free[arc as usize] {
            return None;
        }
        let other = self.other_end(arc, node);
        (self.room(arc, node, direction) > 0).then_some(other)
    }

    fn other_end(&self, arc: ArcIndex, node: NodeIndex) -> NodeIndex {
        let FaceArc { tail, head, .. } = self.arcs[arc as usize];
        if tail == node { head } else { tail }
    }

    /// Whether a step over an arc at `node` raises its flow.
    fn is_raising(&self, arc: ArcIndex, node: NodeIndex, direction: Direction) -> bool {
        (self.arcs[arc as usize].tail == node) == (direction == Direction::Along)
    }

    fn room(&self, arc: ArcIndex, node: NodeIndex, direction: Direction) -> i64 {
        if self.is_raising(arc, node, direction) { self.lacks(arc) } else { self.flow(arc) }
    }
}

fn is_free(problem: &Problem<'_>, graph: &Graph, flows: &Flows, arc: &Arc) -> bool {
    let is_still = match (arc.role, graph.nodes[arc.tail as usize]) {
        (Role::GivenUp, _) => true,
        (Role::Idle, Node::Pool(pool)) => problem.pools[pool].units.is_none(),
        _ => false,
    };
    let (tail, head) = (&flows.potential[arc.tail as usize], &flows.potential[arc.head as usize]);
    !is_still && (0..LEVELS_HELD).all(|level| arc.cost[level] + tail[level] == head[level])
}
