//! What one more install would cost, and what one more unit of a license would save.
//!
//! Where no cost has jumps, one more unit of demand is covered along a shortest path of
//! the residual graph, from the hub to where the demand is asked; one more unit of supply is used along a shortest
//! path to the hub. Two searches (Dijkstra 1959, over reduced costs) answer for all demands and lots at once. The
//! least room on a path is the number of units for which the answer holds at least; the next unit may cost the
//! same along another path. Where costs have jumps, or upgrades make no network, each question is a search of its
//! own, as many as a limit on work allows, and holds for one unit; one whose answer is not proved is left out.
//!
//! These figures are derived, not part of the proof. They cannot say what several changes at once would do.

use super::branch;
use super::relax::{Relaxation, Relaxed, Value};
use crate::component::Flows;
use crate::error::SolveError;
use crate::graph::{ArcIndex, Ends, FREE, Graph, HUB, Node, NodeIndex, Role, Tuple, at, minus, plus};
use crate::places::Place;
use crate::problem::Ask;
use checker::allocation::DemandKey;
use model::estate::TrackBy;
use model::id::LicenseId;
use model::number::{Money, Quantity};
use model::objective::Level;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What one more unit of demand or supply changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// More, or fewer, license assignments, title assignments and installs without an entitlement.
    pub unmet: [i128; 3],
    /// More, or less, to be paid, in 10^-4.
    pub paid: i128,
    /// For so many units at least; none if for any number.
    pub holds_for: Option<Quantity>,
}

/// The margins of a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marginals {
    /// One more install without asset and user, where the version is demanded.
    pub installs: Vec<(DemandKey, Change)>,
    /// One more unit of a license that is owned.
    pub units: Vec<(LicenseId, Change)>,
}

/// Most arcs in all searches for the margins of one plan whose costs have jumps.
const WORK_MAX: usize = 10_000_000;

/// The margins of a plan that the relaxation of the whole has found.
pub(super) fn along_paths(relaxation: &mut Relaxation<'_, '_>) -> Result<Marginals, SolveError> {
    let whole = relaxation.all();
    let Some(Relaxed { flows, pieces, .. }) = relaxation.solve(&whole)? else { return Ok(Marginals::default()) };
    let flows = Flows { flow: pieces, ..flows };
    let graph = relaxation.graph();
    let residual = Residual { graph, flows: &flows, ends: Ends::of(graph) };
    let (from_hub, to_hub) = (residual.shortest(Direction::FromHub), residual.shortest(Direction::ToHub));
    let mut marginals = Marginals::default();
    for (index, key) in demands(relaxation) {
        let arc = &graph.arcs[index];
        let order = &relaxation.statement.problem.order;
        // It is uncovered, unless a path leads to it that is worth its cost.
        let uncovered = order.apply(at(Level::Uncovered, 1));
        let covered = from_hub.at(arc.tail).map(|(cost, room)| (plus(plus(uncovered, arc.cost), cost), room));
        let (cost, room) = covered.filter(|&(cost, _)| cost <= uncovered).unwrap_or((uncovered, i64::MAX));
        marginals.installs.push((key, change(relaxation, &cost.map(i128::from), room)));
    }
    for (license, source) in lots(relaxation, Quantity::ZERO) {
        let used = match source {
            Source::Node(node) => {
                to_hub.at(node).map(|(cost, room)| (minus(cost, flexibility(relaxation, node)), room))
            }
            Source::Arc(arc) => residual.across(arc, &from_hub, &to_hub),
        };
        let (cost, room) = used.filter(|&(cost, _)| cost < FREE).unwrap_or((FREE, i64::MAX));
        marginals.units.push((license, change(relaxation, &cost.map(i128::from), room)));
    }
    Ok(marginals)
}

/// The margins of the best plan within a budget by searching again with one unit more, within the same budget: what can no
/// longer be paid is covered no more, so that one more install may cost nothing and leave another one uncovered.
pub(super) fn by_search(
    relaxation: &mut Relaxation<'_, '_>,
    best: &Value,
    budget: Option<Money>,
) -> Result<Marginals, SolveError> {
    let mut marginals = Marginals::default();
    let uncovered = relaxation.statement.problem.order.apply(at(Level::Uncovered, 1));
    // Where there is no unit nothing competes, and the graph leaves out what one would compete for.
    let (demands, lots) = (demands(relaxation), lots(relaxation, Quantity::ONE));
    let mut left = WORK_MAX;
    for &(arc, key) in &demands {
        let change = one_more(relaxation, Source::Arc(arc), (best, budget), uncovered, &mut left)?;
        marginals.installs.extend(change.map(|change| (key, change)));
    }
    for &(license, source) in &lots {
        let idle = match source {
            Source::Node(node) => flexibility(relaxation, node),
            Source::Arc(_) => FREE,
        };
        let change = one_more(relaxation, source, (best, budget), minus(FREE, idle), &mut left)?;
        marginals.units.extend(change.map(|change| (license, change)));
    }
    Ok(marginals)
}

/// Searches with one unit more, which adds to the value what the graph leaves out; none where too little work is
/// left to find the best plan.
fn one_more(
    relaxation: &mut Relaxation<'_, '_>,
    source: Source,
    (best, budget): (&Value, Option<Money>),
    left_out: Tuple,
    left: &mut usize,
) -> Result<Option<Change>, SolveError> {
    if *left == 0 {
        return Ok(None);
    }
    relaxation.add_units(source, 1);
    let found = branch::search_within(relaxation, budget, *left)?;
    relaxation.add_units(source, -1);
    *left = left.saturating_sub(found.work);
    let cost = |after: branch::Best| -> Value {
        std::array::from_fn(|level| after.value[level] - best[level] + i128::from(left_out[level]))
    };
    let proved = found.best.filter(|_| found.is_proved);
    Ok(proved.map(|after| change(relaxation, &cost(after), 1)))
}

/// Where one more unit of a lot enters.
#[derive(Clone, Copy)]
pub(super) enum Source {
    /// At the node of its pool.
    Node(NodeIndex),
    /// As room on the arc of its upgrade pool.
    Arc(usize),
}

/// Arcs of pooled demand, with what is demanded where.
fn demands(relaxation: &Relaxation<'_, '_>) -> Vec<(usize, DemandKey)> {
    let graph = relaxation.graph();
    let estate = relaxation.statement.problem.estate;
    let counts_installs = |key: &DemandKey| estate.title_of(key.version).track_by == TrackBy::Installations;
    let pooled = graph.arcs.iter().enumerate().filter(|(_, arc)| arc.role == Role::Demand);
    let mut found: Vec<(usize, DemandKey)> = pooled
        .filter_map(|(index, arc)| match graph.nodes[arc.tail as usize] {
            // One more install might be replaced, which those that stay as they are may not.
            Node::Asked(Ask::Cover(version), _) if !relaxation.market.reinstalls_of(version).is_empty() => None,
            Node::Asked(Ask::Cover(version), place) | Node::Changeable(version, place) => {
                let Place { scope, contract } = place;
                Some((index, DemandKey { version, scope, contract, asset: None, user: None }))
            }
            _ => None,
        })
        .filter(|(_, key)| counts_installs(key))
        .collect();
    found.sort_by_key(|&(_, key)| key);
    // Installs that may be uninstalled stand apart; one more, just used, is as good in either place.
    found.dedup_by_key(|&mut (_, key)| key);
    found
}

/// The first lot of each pool that is owned, limited and of so many units, with where its units enter; pools of several
/// kinds of entitlements are left out.
fn lots(relaxation: &Relaxation<'_, '_>, least: Quantity) -> Vec<(LicenseId, Source)> {
    let (graph, pools) = (relaxation.graph(), &relaxation.statement.problem.pools);
    let lots = |pool: usize| {
        let owned = pools[pool].offer.is_none() && pools[pool].units.is_some_and(|units| units >= least);
        pools[pool].lots.iter().filter(move |_| owned).map(|&(license, _)| license)
    };
    let mut found = Vec::new();
    for (index, node) in (0..).zip(&graph.nodes) {
        if let Node::Pool(pool) = *node {
            found.extend(lots(pool).map(|license| (license, Source::Node(index))));
        }
    }
    for (index, arc) in graph.arcs.iter().enumerate() {
        if let (Role::Units, Node::UpgradeIn(pool), Some(_)) = (arc.role, graph.nodes[arc.tail as usize], arc.capacity)
        {
            found.extend(lots(pool).map(|license| (license, Source::Arc(index))));
        }
    }
    found.sort_by_key(|&(license, _)| license);
    found.dedup_by_key(|&mut (license, _)| license);
    found
}

/// What an idle unit of a pool earns back, so that its use is not counted as a saving.
fn flexibility(relaxation: &Relaxation<'_, '_>, node: NodeIndex) -> Tuple {
    let idle = |arc: &&crate::graph::Arc| arc.role == Role::Idle && arc.tail == node;
    relaxation.graph().arcs.iter().find(idle).map_or(FREE, |arc| arc.cost)
}

fn change(relaxation: &Relaxation<'_, '_>, cost: &Value, room: i64) -> Change {
    let order = &relaxation.statement.problem.order;
    let holds_for = (room < i64::MAX).then(|| Quantity::new(room.unsigned_abs()));
    Change { unmet: order.unmet(cost), paid: order.paid(cost), holds_for }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    FromHub,
    ToHub,
}

/// The graph in which flow can still change.
struct Residual<'g> {
    graph: &'g Graph,
    flows: &'g Flows,
    ends: Ends,
}

/// Cost and room of the shortest paths, by node; none where there is none.
struct Shortest(Vec<Option<(Tuple, i64)>>);

impl Shortest {
    fn at(&self, node: NodeIndex) -> Option<(Tuple, i64)> {
        self.0[node as usize]
    }
}

impl Residual<'_> {
    /// One more unit of an arc's capacity: of no use while it has room.
    fn across(&self, arc: usize, from_hub: &Shortest, to_hub: &Shortest) -> Option<(Tuple, i64)> {
        let row = &self.graph.arcs[arc];
        let (before, after) = (from_hub.at(row.tail)?, to_hub.at(row.head)?);
        let is_full = row.capacity == Some(self.flows.flow[arc]);
        is_full.then(|| (plus(plus(before.0, row.cost), after.0), before.1.min(after.1)))
    }

    /// Shortest paths over reduced costs, which are not negative.
    fn shortest(&self, direction: Direction) -> Shortest {
        let mut found: Vec<Option<(Tuple, i64)>> = vec![None; self.graph.nodes.len()];
        let mut open = BinaryHeap::from([(Reverse(FREE), i64::MAX, HUB)]);
        while let Some((Reverse(distance), room, node)) = open.pop() {
            if found[node as usize].is_some() {
                continue;
            }
            found[node as usize] = Some((distance, room));
            for (cost, step_room, next) in self.steps(node, direction) {
                if found[next as usize].is_none() {
                    let distance = plus(distance, self.reduced(node, next, cost, direction));
                    open.push((Reverse(distance), room.min(step_room), next));
                }
            }
        }
        // Back from reduced costs to costs.
        let potential = &self.flows.potential;
        let shift = |(node, row): (usize, Option<(Tuple, i64)>)| {
            row.map(|(cost, room)| match direction {
                Direction::FromHub => (plus(cost, potential[node]), room),
                Direction::ToHub => (minus(cost, potential[node]), room),
            })
        };
        Shortest(found.into_iter().enumerate().map(shift).collect())
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

    /// Steps of the residual graph out of a node, or into it: cost, room, the node at the other end.
    fn steps(&self, node: NodeIndex, direction: Direction) -> impl Iterator<Item = (Tuple, i64, NodeIndex)> + '_ {
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
        let cost = |arc: ArcIndex| self.graph.arcs[arc as usize].cost;
        let forward = along.of(node).iter().map(move |&arc| (cost(arc), room(arc), other(arc)));
        let backward = against.of(node).iter();
        let back = move |&arc: &ArcIndex| (minus(FREE, cost(arc)), self.flows.flow[arc as usize], other(arc));
        forward.chain(backward.map(back)).filter(|&(_, room, _)| room > 0)
    }
}
