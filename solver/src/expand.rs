//! From flows to license paths: units of pools become units of lots, classes of demand become demands.
//!
//! The graph has no cycle but through the hub, so a flow is a sum of paths. Each path is followed from
//! its base along the first arc that still has flow; lots and demands are used up in the order of
//! their ids. Rows: at most one more for each path, lot and demand.

use crate::component::Flows;
use crate::graph::{Adjacency, Arc, ArcIndex, Graph, Node, NodeIndex, Role};
use crate::problem::{Ask, Problem};
use checker::allocation::{Allocation, Destination, Row, SetAside, Unit};
use model::id::LicenseId;
use model::number::Quantity;

/// The allocation of the flows.
pub(crate) fn allocation(problem: &Problem<'_>, graph: &Graph, flows: &Flows) -> Allocation {
    let mut expansion = Expansion::new(problem, graph, flows);
    for node in 0..graph.nodes.len() {
        if let Node::Pool(_) | Node::ReservedBase(_) = graph.nodes[node] {
            expansion.follow_all(NodeIndex::try_from(node).expect("node indices fit"));
        }
    }
    let mut rows = expansion.rows;
    rows.sort_unstable();
    rows.dedup_by(|later, row| {
        let is_same = later.path == row.path && later.destination == row.destination;
        if is_same {
            row.quantity += later.quantity;
        }
        is_same
    });
    Allocation { rows }
}

/// Where the units of a path come from.
#[derive(Clone, Copy)]
enum Source {
    Pool(usize),
    Reserved(usize),
}

/// Where a path ends.
#[derive(Clone, Copy)]
enum End {
    /// At pooled demand: the cursor of its class.
    Class(usize),
    /// At a demand of its own.
    Single(usize),
    SetAside(SetAside),
}

/// The next unused unit of a list of amounts.
#[derive(Default)]
struct Cursor<T> {
    rows: Vec<(T, Option<u64>)>,
    next: usize,
}

struct Expansion<'p, 'e> {
    problem: &'p Problem<'e>,
    graph: &'p Graph,
    leaving: Adjacency,
    /// Flow not yet followed, by arc.
    left: Vec<i64>,
    /// The first arc of each node that may have flow left, as a position among those leaving it.
    current: Vec<u32>,
    lots: Vec<Cursor<LicenseId>>,
    /// Pooled demand, by class.
    classes: Vec<Cursor<usize>>,
    /// The class behind a node where something is asked.
    class_of: Vec<u32>,
    rows: Vec<Row>,
}

impl<T: Copy> Cursor<T> {
    /// The next row with something left, and how much that is; none if unlimited.
    fn peek(&mut self) -> (T, Option<u64>) {
        while self.rows[self.next].1 == Some(0) {
            self.next += 1;
        }
        self.rows[self.next]
    }

    fn take(&mut self, amount: u64) {
        if let Some(left) = &mut self.rows[self.next].1 {
            *left -= amount;
        }
    }
}

impl<'p, 'e> Expansion<'p, 'e> {
    fn new(problem: &'p Problem<'e>, graph: &'p Graph, flows: &Flows) -> Self {
        let lots = problem.pools.iter().map(|pool| Cursor {
            rows: pool.lots.iter().map(|&(id, units)| (id, units.map(Quantity::get))).collect(),
            next: 0,
        });
        let mut class_of = vec![u32::MAX; graph.nodes.len()];
        let mut classes = Vec::new();
        for (index, node) in graph.nodes.iter().enumerate() {
            if let &Node::Asked(Ask::Cover(version), place) = node {
                class_of[index] = u32::try_from(classes.len()).expect("classes are fewer than nodes");
                let run = problem.demands_at(version, place);
                let pooled = run.filter(|&demand| !problem.demands[demand].is_single());
                let rows = pooled.map(|demand| (demand, Some(problem.demands[demand].quantity.get()))).collect();
                classes.push(Cursor { rows, next: 0 });
            }
        }
        Self {
            problem,
            graph,
            leaving: Adjacency::by_tail(graph),
            left: flows.flow.clone(),
            current: vec![0; graph.nodes.len()],
            lots: lots.collect(),
            classes,
            class_of,
            rows: Vec::new(),
        }
    }

    /// Follows everything that leaves a base.
    fn follow_all(&mut self, base: NodeIndex) {
        while let Some(first) = self.next_arc(base) {
            let mut arcs = vec![first];
            while !self.is_end(*arcs.last().expect("a path has an arc")) {
                let at = self.arc(*arcs.last().expect("a path has an arc")).head;
                arcs.push(self.next_arc(at).expect("what flows into a node flows out of it"));
            }
            let amount = arcs.iter().map(|&arc| self.left[arc as usize]).min().expect("a path has an arc");
            for &arc in &arcs {
                self.left[arc as usize] -= amount;
            }
            self.expand(base, &arcs, u64::try_from(amount).expect("flow is not negative"));
        }
    }

    fn arc(&self, arc: ArcIndex) -> &'p Arc {
        &self.graph.arcs[arc as usize]
    }

    fn is_end(&self, arc: ArcIndex) -> bool {
        matches!(self.arc(arc).role, Role::Demand | Role::Aside)
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
        let mut left = amount;
        while left > 0 {
            let mut share = left;
            let mut path = Vec::with_capacity(sources.len());
            for &source in &sources {
                let (unit, available) = match source {
                    Source::Pool(pool) => {
                        let (license, available) = self.lots[pool].peek();
                        (Unit::of(license), available)
                    }
                    Source::Reserved(index) => {
                        let unit = &self.problem.reserved[index];
                        (Unit { license: unit.license, reserved_for: Some(unit.target) }, None)
                    }
                };
                share = share.min(available.unwrap_or(share));
                path.push(unit);
            }
            let destination = match end {
                End::Class(class) => {
                    let (demand, available) = self.classes[class].peek();
                    share = share.min(available.unwrap_or(share));
                    Destination::Demand(self.problem.demands[demand].key)
                }
                End::Single(demand) => Destination::Demand(self.problem.demands[demand].key),
                End::SetAside(aside) => Destination::SetAside(aside),
            };
            for &source in &sources {
                if let Source::Pool(pool) = source {
                    self.lots[pool].take(share);
                }
            }
            if let End::Class(class) = end {
                self.classes[class].take(share);
            }
            self.rows.push(Row { destination, path, quantity: Quantity::new(share) });
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
            Node::Asked(..) => End::Class(self.class_of[tail as usize] as usize),
            Node::Single(demand) => End::Single(demand),
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
