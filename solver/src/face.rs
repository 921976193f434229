//! The face of best allocations: what can change without loss at levels 1 to 3.
//!
//! Potentials cut off after the third level prove a flow optimal at those levels. By complementary
//! slackness the best flows are then exactly those that agree with the flow at hand on every arc whose
//! reduced cost is not zero; on all others flow is free within its bounds. A flow changes along cycles
//! of the residual graph of the free arcs, and a cycle stays within one strongly connected part of it
//! and, the hub apart, within one component. So one pass over the graph tells for every arc at a bound
//! whether it can leave it, and how far an arc can be lowered or raised is a maximum flow inside one
//! part, started from the flow at hand. Sources: Picard and Queyranne 1980 for the residual structure;
//! Tarjan 1972 for the parts; Ford and Fulkerson 1956 for the augmenting paths.
//!
//! In a component with bundles the prices of their units count too, and the face is bounded from both sides:
//! with what the arcs of bundles carry kept, changes are possible; with their sharing dropped, what cannot
//! change cannot change. Where the flow is not proved best, nothing is free.
//!
//! What is given up on the way (`Role::GivenUp`) uses nothing and covers nothing: it stays as it is, and
//! so do the units that an unlimited pool takes from the hub only to hand them back.

use crate::component::{Components, Flows};
use crate::graph::{Arc, ArcIndex, Ends, Graph, HUB, Node, NodeIndex, Role, plus};
use crate::problem::Problem;
use model::objective::Level;
use std::collections::VecDeque;

/// Levels at which an allocation must be best.
pub(crate) const LEVELS_HELD: usize = Level::Uncovered.index() + 1;

/// A flow that may be changed as long as it stays best.
#[derive(Clone)]
pub(crate) struct Face<'s> {
    graph: &'s Graph,
    ends: &'s Ends,
    components: &'s Components,
    /// By arc.
    flow: Vec<i64>,
    /// By arc: whether its flow may change.
    is_free: Vec<bool>,
    /// By node: its strongly connected part.
    part: Vec<u32>,
    /// By component: the part of the hub.
    part_of_hub: Vec<u32>,
    /// By node, for the search: the arc by which it was reached, and in which search.
    reached: Vec<(u32, ArcIndex)>,
    search: u32,
    /// What to put back: arcs with their flow, and whether it was free.
    changed: Vec<(ArcIndex, i64, bool)>,
}

/// What becomes of arcs that share units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sharing {
    /// They carry what they carry.
    Kept,
    /// They are arcs like others.
    Dropped,
}

/// An arc of the residual graph: against its direction flow is taken back.
#[derive(Clone, Copy)]
struct Step {
    arc: ArcIndex,
    from: NodeIndex,
    to: NodeIndex,
}

/// Which way a search goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Along,
    Against,
}

impl<'s> Face<'s> {
    pub(crate) fn of(
        problem: &Problem<'_>,
        graph: &'s Graph,
        ends: &'s Ends,
        components: &'s Components,
        flows: &Flows,
        sharing: Sharing,
    ) -> Self {
        let is_proved = |arc: &Arc| {
            let divided = flows.divided.get(&components.of_arc(arc));
            divided.is_none_or(|divided| divided.proved_levels >= LEVELS_HELD)
        };
        let is_free = |arc: &Arc| is_proved(arc) && is_free(problem, graph, flows, arc);
        let mut is_free: Vec<bool> = graph.arcs.iter().map(is_free).collect();
        for (arc, price) in components.shared_arcs(graph, flows) {
            let raised = Arc { cost: plus(graph.arcs[arc as usize].cost, price), ..graph.arcs[arc as usize].clone() };
            is_free[arc as usize] =
                sharing == Sharing::Dropped && is_proved(&raised) && self::is_free(problem, graph, flows, &raised);
        }
        let mut face = Self {
            graph,
            ends,
            components,
            flow: flows.flow.clone(),
            is_free,
            part: vec![NO_PART; graph.nodes.len()],
            part_of_hub: vec![NO_PART; components.len()],
            reached: vec![(0, 0); graph.nodes.len()],
            search: 0,
            changed: Vec::new(),
        };
        face.find_parts();
        face
    }

    pub(crate) fn flow(&self, arc: ArcIndex) -> i64 {
        self.flow[arc as usize]
    }

    /// The flow on all of the arcs.
    pub(crate) fn flow_on(&self, arcs: &[ArcIndex]) -> i64 {
        arcs.iter().map(|&arc| self.flow(arc)).sum()
    }

    /// Whether an arc can leave the bound that its flow is at, without loss.
    pub(crate) fn can_leave_bound(&self, arc: ArcIndex) -> bool {
        let &Arc { tail, head, capacity, .. } = &self.graph.arcs[arc as usize];
        self.is_free[arc as usize] && capacity != Some(0) && self.part_at(arc, tail) == self.part_at(arc, head)
    }

    /// Lowers the flow of an arc by at most so much, as far as that goes, and returns what is left.
    pub(crate) fn lower(&mut self, arc: ArcIndex, amount: i64) -> i64 {
        let &Arc { tail, head, .. } = &self.graph.arcs[arc as usize];
        let amount = amount.min(self.flow(arc));
        amount - self.reroute(arc, tail, head, amount, -1)
    }

    /// Raises the flow of an arc by at most so much, as far as that goes, and returns what is left.
    pub(crate) fn raise(&mut self, arc: ArcIndex, amount: i64) -> i64 {
        let &Arc { tail, head, capacity, .. } = &self.graph.arcs[arc as usize];
        let possible = capacity.map_or(amount, |capacity| amount.min(capacity - self.flow(arc)));
        amount - self.reroute(arc, head, tail, possible, 1)
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

    /// Sends at most `amount` from `from` to `to` past `arc`, whose flow changes by `sign` for each
    /// unit; returns what was sent.
    fn reroute(&mut self, arc: ArcIndex, from: NodeIndex, to: NodeIndex, amount: i64, sign: i64) -> i64 {
        if amount == 0 || !self.can_leave_bound(arc) {
            return 0;
        }
        // Nothing may pass the arc itself.
        self.log(arc);
        self.is_free[arc as usize] = false;
        let mut sent = 0;
        while sent < amount {
            let Some(path) = self.path(arc, from, to) else { break };
            let room = path.iter().map(|&step| self.room(step)).min().expect("a path has a step");
            let share = room.min(amount - sent);
            for step in path {
                self.log(step.arc);
                let is_forward = self.graph.arcs[step.arc as usize].head == step.to;
                self.flow[step.arc as usize] += if is_forward { share } else { -share };
            }
            sent += share;
        }
        self.is_free[arc as usize] = true;
        self.flow[arc as usize] += sign * sent;
        sent
    }

    /// A path through the part that `arc` lies in. The hub is next to everything, so no search goes on
    /// from it: one from each end meets there.
    fn path(&mut self, arc: ArcIndex, from: NodeIndex, to: NodeIndex) -> Option<Vec<Step>> {
        let mut path = Vec::new();
        if from != HUB {
            let end = self.search(arc, from, |node| node == to || node == HUB, Direction::Along)?;
            path = self.trail(from, end, Direction::Along);
            path.reverse();
            if end == to {
                return Some(path);
            }
        }
        let mut passed: Vec<NodeIndex> = path.iter().map(|step| step.from).chain([HUB]).collect();
        passed.sort_unstable();
        let join = self.search(arc, to, |node| passed.binary_search(&node).is_ok(), Direction::Against)?;
        if let Some(length) = path.iter().position(|step| step.from == join) {
            path.truncate(length);
        }
        path.extend(self.trail(to, join, Direction::Against));
        Some(path)
    }

    /// The first node found that is wanted, looked for from `start` on.
    fn search(
        &mut self,
        arc: ArcIndex,
        start: NodeIndex,
        is_wanted: impl Fn(NodeIndex) -> bool,
        direction: Direction,
    ) -> Option<NodeIndex> {
        self.search += 1;
        let search = self.search;
        let part = self.part_at(arc, start);
        let mut reached = std::mem::take(&mut self.reached);
        let mut open = VecDeque::from([start]);
        reached[start as usize] = (search, ArcIndex::MAX);
        let mut found = None;
        while let Some(node) = open.pop_front().filter(|_| found.is_none()) {
            for step in self.steps(arc, node, direction) {
                let next = if direction == Direction::Along { step.to } else { step.from };
                let is_new = reached[next as usize].0 != search;
                if is_new && self.part_at(step.arc, next) == part {
                    reached[next as usize] = (search, step.arc);
                    if is_wanted(next) {
                        found = Some(next);
                        break;
                    }
                    open.push_back(next);
                }
            }
        }
        self.reached = reached;
        found
    }

    /// The steps by which a search from `start` came to `end`, the last one first; a search against the
    /// steps began with the last one, so they then come in their order.
    fn trail(&self, start: NodeIndex, end: NodeIndex, direction: Direction) -> Vec<Step> {
        let mut trail = Vec::new();
        let mut at = end;
        while at != start {
            let arc = self.reached[at as usize].1;
            let &Arc { tail, head, .. } = &self.graph.arcs[arc as usize];
            let other = if head == at { tail } else { head };
            trail.push(match direction {
                Direction::Along => Step { arc, from: other, to: at },
                Direction::Against => Step { arc, from: at, to: other },
            });
            at = other;
        }
        trail
    }

    fn room(&self, step: Step) -> i64 {
        let arc = &self.graph.arcs[step.arc as usize];
        let flow = self.flow(step.arc);
        if arc.head == step.to { arc.capacity.map_or(i64::MAX, |capacity| capacity - flow) } else { flow }
    }

    /// The steps out of `node`, or into it; at the hub those in the component of `near`.
    fn steps(&self, near: ArcIndex, node: NodeIndex, direction: Direction) -> impl Iterator<Item = Step> + '_ {
        let (leaving, entering): (&[ArcIndex], &[ArcIndex]) = if node == HUB {
            (self.components.at_hub(self.component(near)), &[])
        } else {
            (self.ends.leaving.of(node), self.ends.entering.of(node))
        };
        let steps = leaving.iter().chain(entering).map(move |&arc| {
            let &Arc { tail, head, .. } = &self.graph.arcs[arc as usize];
            let other = if tail == node { head } else { tail };
            match direction {
                Direction::Along => Step { arc, from: node, to: other },
                Direction::Against => Step { arc, from: other, to: node },
            }
        });
        steps.filter(|&step| self.is_free[step.arc as usize] && self.room(step) > 0)
    }

    fn component(&self, arc: ArcIndex) -> usize {
        self.components.of_arc(&self.graph.arcs[arc as usize])
    }

    /// The part of an end of the arc; the hub has one for each component.
    fn part_at(&self, arc: ArcIndex, node: NodeIndex) -> u32 {
        if node == HUB { self.part_of_hub[self.component(arc)] } else { self.part[node as usize] }
    }

    /// Finds the strongly connected parts, component by component, each with a hub of its own.
    fn find_parts(&mut self) {
        let mut search = Search::new(self.graph.nodes.len());
        for component in 0..self.components.len() {
            let Some(&near) = self.components.at_hub(component).first() else { continue };
            search.forget_hub();
            search.visit(self, near, HUB);
            for &node in self.components.at(component).nodes {
                search.visit(self, near, node);
            }
            self.part_of_hub[component] = search.part[HUB as usize];
        }
        self.part = search.part;
    }
}

/// Not in a part, or not yet.
const NO_PART: u32 = u32::MAX;

/// Tarjan's depth-first search, on a stack of its own.
struct Search {
    part: Vec<u32>,
    part_count: u32,
    /// By node: when it was found, from 1, and the earliest node on the stack it leads back to.
    found: Vec<u32>,
    low: Vec<u32>,
    found_count: u32,
    /// Found, and not yet in a part.
    waiting: Vec<NodeIndex>,
}

impl Search {
    fn new(count: usize) -> Self {
        Self {
            part: vec![NO_PART; count],
            part_count: 0,
            found: vec![0; count],
            low: vec![0; count],
            found_count: 0,
            waiting: Vec::new(),
        }
    }

    fn forget_hub(&mut self) {
        self.found[HUB as usize] = 0;
        self.part[HUB as usize] = NO_PART;
    }

    fn visit(&mut self, face: &Face<'_>, near: ArcIndex, start: NodeIndex) {
        if self.found[start as usize] > 0 {
            return;
        }
        let mut stack = vec![(start, self.enter(face, near, start))];
        while let Some((node, steps)) = stack.last_mut() {
            let node = *node;
            match steps.next() {
                Some(Step { to, .. }) if self.found[to as usize] == 0 => {
                    let steps = self.enter(face, near, to);
                    stack.push((to, steps));
                }
                Some(Step { to, .. }) => {
                    if self.part[to as usize] == NO_PART {
                        self.low[node as usize] = self.low[node as usize].min(self.found[to as usize]);
                    }
                }
                None => {
                    stack.pop();
                    if let Some(&(parent, _)) = stack.last() {
                        self.low[parent as usize] = self.low[parent as usize].min(self.low[node as usize]);
                    }
                    if self.low[node as usize] == self.found[node as usize] {
                        self.close(node);
                    }
                }
            }
        }
    }

    fn enter<'f>(
        &mut self,
        face: &'f Face<'_>,
        near: ArcIndex,
        node: NodeIndex,
    ) -> impl Iterator<Item = Step> + use<'f> {
        self.found_count += 1;
        self.found[node as usize] = self.found_count;
        self.low[node as usize] = self.found_count;
        self.waiting.push(node);
        face.steps(near, node, Direction::Along)
    }

    /// All that waits since `node` is one part.
    fn close(&mut self, node: NodeIndex) {
        while let Some(member) = self.waiting.pop() {
            self.part[member as usize] = self.part_count;
            if member == node {
                break;
            }
        }
        self.part_count += 1;
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
