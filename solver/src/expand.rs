//! From flows to license paths: units of pools become units of lots, classes of demand become demands.
//!
//! The graph has no cycle but through the hub, so a flow is a sum of paths. Each path is followed from
//! its base along the first arc that still has flow; lots and demands are used up in the order of
//! their ids. What one entitlement covers at once is divided among assets and users that look alike ([`together`]).
//! Rows: at most one more for each path, lot and demand.

use crate::component::Flows;
use crate::graph::{Adjacency, Arc, ArcIndex, Ends, GateIndex, Graph, Node, NodeIndex, Role};
use crate::problem::{Ask, Problem};
use checker::allocation::{Allocation, Destination, Row, SetAside, Unit};
use model::number::Quantity;
use std::collections::BTreeMap;
use together::Together;

mod together;

/// The allocation of the flows.
///
/// # Errors
/// The clusters where what entitlements cover at once cannot be divided among copies that are stated as one.
pub(crate) fn allocation(
    problem: &Problem<'_>,
    graph: &Graph,
    ends: &Ends,
    flows: &Flows,
) -> Result<Allocation, Vec<usize>> {
    let mut expansion = Expansion::new(problem, graph, &ends.leaving, flows);
    for node in 0..graph.nodes.len() {
        if let Node::Pool(_) | Node::ReservedBase(_) = graph.nodes[node] {
            expansion.follow_all(NodeIndex::try_from(node).expect("node indices fit"));
        }
    }
    let Expansion { mut rows, entering, held, .. } = expansion;
    let mut together = Together::new(problem, graph, flows);
    let shared = together.divide(entering)?;
    rows.extend(shared.rows);
    rows.extend(together.cover(held));
    Ok(Allocation { shared: shared.shared, ..merged(rows) })
}

/// The rows as an allocation: sorted, with those that agree in path and destination added up.
pub(crate) fn merged(mut rows: Vec<Row>) -> Allocation {
    rows.sort_unstable();
    rows.dedup_by(|later, row| {
        let is_same = later.path == row.path && later.destination == row.destination;
        if is_same {
            row.quantity += later.quantity;
        }
        is_same
    });
    Allocation { rows, ..Allocation::default() }
}

/// So many entitlements, each by its path.
type Entitlements = Vec<(Vec<Unit>, u64)>;

/// Where the units of a path come from.
#[derive(Clone, Copy)]
enum Source {
    Pool(usize),
    Reserved(usize),
}

/// Where a path ends.
#[derive(Clone, Copy)]
enum End {
    /// At the pooled demand of a node.
    Class(usize),
    /// At a demand of its own.
    Single(usize),
    SetAside(SetAside),
    /// At a part of a cluster of several copies.
    Held(usize, usize),
    /// At several units of demand at once.
    Gate(GateIndex),
}

/// The next unused unit in a list of amounts.
#[derive(Clone)]
struct Cursor {
    /// The position after the amount in use.
    next: usize,
    /// What is left of the amount in use; none if unlimited.
    left: Option<u64>,
}

struct Expansion<'p, 'e> {
    problem: &'p Problem<'e>,
    graph: &'p Graph,
    leaving: &'p Adjacency,
    /// Flow not yet followed, by arc.
    left: Vec<i64>,
    /// The first arc of each node that may have flow left, as a position among those leaving it.
    current: Vec<u32>,
    /// By pool, over its lots.
    lots: Vec<Cursor>,
    /// By node at which something is asked, over the demands.
    classes: Vec<Cursor>,
    /// The arcs of the path that is followed.
    trail: Vec<ArcIndex>,
    rows: Vec<Row>,
    /// Entitlements that cover several units of demand at once, by gate.
    entering: BTreeMap<GateIndex, Entitlements>,
    /// Entitlements that cover one unit each in some copy of a cluster, by its part.
    held: BTreeMap<(usize, usize), Entitlements>,
}

impl Cursor {
    const fn at(first: usize) -> Self {
        Self { next: first, left: Some(0) }
    }

    /// The position of the next amount with something left, and how much that is; none if unlimited.
    fn peek(&mut self, amount: impl Fn(usize) -> Option<u64>) -> (usize, Option<u64>) {
        while self.left == Some(0) {
            self.left = amount(self.next);
            self.next += 1;
        }
        (self.next - 1, self.left)
    }

    fn take(&mut self, amount: u64) {
        if let Some(left) = &mut self.left {
            *left -= amount;
        }
    }
}

impl<'p, 'e> Expansion<'p, 'e> {
    fn new(problem: &'p Problem<'e>, graph: &'p Graph, leaving: &'p Adjacency, flows: &Flows) -> Self {
        let class = |node: &Node| match *node {
            Node::Asked(Ask::Cover(version), place) => Cursor::at(problem.demands_at(version, place).start),
            _ => Cursor::at(0),
        };
        Self {
            problem,
            graph,
            leaving,
            left: flows.flow.clone(),
            current: vec![0; graph.nodes.len()],
            lots: vec![Cursor::at(0); problem.pools.len()],
            classes: graph.nodes.iter().map(class).collect(),
            trail: Vec::new(),
            rows: Vec::new(),
            entering: BTreeMap::new(),
            held: BTreeMap::new(),
        }
    }

    /// Follows everything that leaves a base.
    fn follow_all(&mut self, base: NodeIndex) {
        while let Some(first) = self.next_arc(base) {
            let mut trail = std::mem::take(&mut self.trail);
            trail.clear();
            let mut arc = first;
            trail.push(arc);
            while !self.is_end(arc) {
                arc = self.next_arc(self.arc(arc).head).expect("what flows into a node flows out of it");
                trail.push(arc);
            }
            let amount = trail.iter().map(|&arc| self.left[arc as usize]).min().expect("a path has an arc");
            for &arc in &trail {
                self.left[arc as usize] -= amount;
            }
            self.expand(base, &trail, u64::try_from(amount).expect("flow is not negative"));
            self.trail = trail;
        }
    }

    fn arc(&self, arc: ArcIndex) -> &'p Arc {
        &self.graph.arcs[arc as usize]
    }

    fn is_end(&self, arc: ArcIndex) -> bool {
        matches!(self.arc(arc).role, Role::Demand | Role::Aside | Role::Gate(_))
    }

    /// The first arc out of `node` on which something that is used flows.
    fn next_arc(&mut self, node: NodeIndex) -> Option<ArcIndex> {
        let leaving = self.leaving.of(node);
        let current = &mut self.current[node as usize];
        while let Some(&arc) = leaving.get(*current as usize) {
            let is_used = !matches!(self.graph.arcs[arc as usize].role, Role::Idle | Role::GivenUp);
            if is_used && self.left[arc as usize] > 0 {
                return Some(arc);
            }
            *current += 1;
        }
        None
    }

    fn expand(&mut self, base: NodeIndex, arcs: &[ArcIndex], amount: u64) {
        let sources = self.sources(base, arcs);
        let end = self.end(*arcs.last().expect("a path has an arc"));
        let problem = self.problem;
        let mut left = amount;
        while left > 0 {
            let mut share = left;
            let mut path = Vec::with_capacity(sources.len());
            for &source in &sources {
                path.push(match source {
                    Source::Pool(pool) => {
                        let lots = &problem.pools[pool].lots;
                        let (lot, available) = self.lots[pool].peek(|lot| lots[lot].1.map(Quantity::get));
                        share = share.min(available.unwrap_or(share));
                        Unit::of(lots[lot].0)
                    }
                    Source::Reserved(index) => {
                        let unit = &problem.reserved[index];
                        Unit { license: unit.license, reserved_for: Some(unit.target) }
                    }
                });
            }
            let destination = match end {
                End::Held(..) | End::Gate(_) => None,
                End::Class(node) => {
                    // Demands of their own have nodes of their own.
                    let pooled = |demand: usize| match &problem.demands[demand] {
                        demand if demand.is_single() => Some(0),
                        demand => Some(demand.quantity.get()),
                    };
                    let (demand, available) = self.classes[node].peek(pooled);
                    share = share.min(available.unwrap_or(share));
                    self.classes[node].take(share);
                    Some(Destination::Demand(problem.demands[demand].key))
                }
                End::Single(demand) => Some(Destination::Demand(problem.demands[demand].key)),
                End::SetAside(aside) => Some(Destination::SetAside(aside)),
            };
            for &source in &sources {
                if let Source::Pool(pool) = source {
                    self.lots[pool].take(share);
                }
            }
            match (destination, end) {
                (Some(destination), _) => self.rows.push(Row { destination, path, quantity: Quantity::new(share) }),
                (None, End::Gate(gate)) => self.entering.entry(gate).or_default().push((path, share)),
                (None, End::Held(cluster, part)) => self.held.entry((cluster, part)).or_default().push((path, share)),
                (None, _) => unreachable!("every other end is a destination"),
            }
            left -= share;
        }
    }

    fn sources(&self, base: NodeIndex, arcs: &[ArcIndex]) -> Vec<Source> {
        let source = |node: NodeIndex| match self.graph.nodes[node as usize] {
            Node::Pool(pool) | Node::UpgradeIn(pool) => Source::Pool(pool),
            Node::ReservedBase(unit) | Node::ReservedIn(unit) => Source::Reserved(unit),
            other => unreachable!("{other:?} has no units"),
        };
        let upgrades = arcs.iter().map(|&arc| self.arc(arc)).filter(|arc| arc.role == Role::Units);
        std::iter::once(base).chain(upgrades.map(|arc| arc.tail)).map(source).collect()
    }

    fn end(&self, arc: ArcIndex) -> End {
        let tail = self.arc(arc).tail;
        match self.graph.nodes[tail as usize] {
            Node::Asked(..) => End::Class(tail as usize),
            Node::Single(demand) => End::Single(demand),
            Node::Held(cluster, part) => End::Held(cluster, part),
            Node::Gate(gate) => End::Gate(gate),
            Node::Aside(index) => {
                let wanted = &self.problem.wanted[index];
                End::SetAside(SetAside { target: wanted.target, title: Some(wanted.title), scope: wanted.scope })
            }
            Node::ReservedBase(index) | Node::ReservedOut(index) => {
                let unit = &self.problem.reserved[index];
                End::SetAside(SetAside { target: unit.target, title: None, scope: unit.scope })
            }
            other => unreachable!("no path ends at {other:?}"),
        }
    }
}
