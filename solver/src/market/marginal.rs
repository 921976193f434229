//! What one more install would cost, and what one more unit of a license would save.
//!
//! Where no cost has jumps, one more unit of demand is covered along a shortest path of
//! the residual graph, from the hub to where the demand is asked; one more unit of supply is used along a shortest
//! path to the hub. The
//! least room on a path is the number of units for which the answer holds at least; the next unit may cost the
//! same along another path. Where costs have jumps, or upgrades make no network, the parts of the search for the plan
//! answer for all questions together ([`partition`]), as far as a limit on work allows. Such an answer holds for one unit;
//! one that is not proved is left out.
//!
//! These figures are derived, not part of the proof. They cannot say what several changes at once would do.

mod partition;

use super::branch::Part;
use super::relax::{Relaxation, Value};
use super::residual::{Direction, Residual};
use crate::error::SolveError;
use crate::graph::{FREE, Node, NodeIndex, Role, Tuple, at, minus, plus};
use crate::places::Place;
use crate::problem::Ask;
use checker::allocation::DemandKey;
use model::estate::{Assigned, TrackBy};
use model::id::{LicenseId, Table, VersionId};
use model::number::{Money, Quantity};
use model::objective::Level;
use partition::Partition;
use std::collections::BTreeMap;

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

/// The margins of a plan that the relaxation of the whole has found.
pub(super) fn along_paths(relaxation: &mut Relaxation<'_, '_>) -> Result<Marginals, SolveError> {
    let whole = relaxation.all();
    let Some(relaxed) = relaxation.solve(&whole)? else { return Ok(Marginals::default()) };
    let flows = relaxed.on_pieces();
    let graph = relaxation.graph();
    let residual = Residual::new(graph, &flows);
    let (from_hub, to_hub) = (residual.shortest(Direction::FromHub), residual.shortest(Direction::ToHub));
    let mut marginals = Marginals::default();
    for (index, keys) in demands(relaxation) {
        let arc = &graph.arcs[index];
        let order = &relaxation.statement.problem.order;
        // It is uncovered, unless a path leads to it that is worth its cost.
        let uncovered = order.apply(at(Level::Uncovered, 1));
        let covered = from_hub.at(arc.tail).map(|(cost, room)| (plus(plus(uncovered, arc.cost), cost), room));
        let (cost, room) = covered.filter(|&(cost, _)| cost <= uncovered).unwrap_or((uncovered, i64::MAX));
        let change = change(relaxation, &cost.map(i128::from), room);
        marginals.installs.extend(keys.into_iter().map(|key| (key, change)));
    }
    marginals.installs.sort_by_key(|&(key, _)| key);
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

/// What one unit more is asked of.
enum Asked {
    /// An install where any of these are.
    Install(Vec<DemandKey>),
    Unit(LicenseId),
}

/// One unit more somewhere.
struct Question {
    asked: Asked,
    source: Source,
    /// What it adds to the value that the graph leaves out.
    left_out: Tuple,
}

/// The margins of the best plan within a budget, by the parts of the search that found it: with one unit more, within the
/// same budget. What can no longer be paid is covered no more, so that one more install may cost nothing and leave
/// another one uncovered.
pub(super) fn by_search(
    relaxation: &mut Relaxation<'_, '_>,
    parts: &[Part],
    best: &Value,
    budget: Option<Money>,
) -> Result<Marginals, SolveError> {
    let questions = questions(relaxation);
    let sources = questions.iter().map(|question| question.source).collect();
    let after = Partition::new(relaxation, parts, sources, budget)?.answers()?;
    let mut marginals = Marginals::default();
    for (question, after) in questions.into_iter().zip(after) {
        let Some(after) = after else { continue };
        let cost = std::array::from_fn(|level| after[level] - best[level] + i128::from(question.left_out[level]));
        let change = change(relaxation, &cost, 1);
        match question.asked {
            Asked::Install(keys) => marginals.installs.extend(keys.into_iter().map(|key| (key, change))),
            Asked::Unit(license) => marginals.units.push((license, change)),
        }
    }
    marginals.installs.sort_by_key(|&(key, _)| key);
    Ok(marginals)
}

fn questions(relaxation: &Relaxation<'_, '_>) -> Vec<Question> {
    let uncovered = relaxation.statement.problem.order.apply(at(Level::Uncovered, 1));
    let install = |(arc, keys)| Question { asked: Asked::Install(keys), source: Source::Arc(arc), left_out: uncovered };
    let unit = |(license, source)| {
        let idle = match source {
            Source::Node(node) => flexibility(relaxation, node),
            Source::Arc(_) => FREE,
        };
        Question { asked: Asked::Unit(license), source, left_out: minus(FREE, idle) }
    };
    // Where there is no unit nothing competes, and the graph leaves out what one would compete for.
    let units = lots(relaxation, Quantity::ONE).into_iter().map(unit);
    demands(relaxation).into_iter().map(install).chain(units).collect()
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
fn demands(relaxation: &Relaxation<'_, '_>) -> BTreeMap<usize, Vec<DemandKey>> {
    let graph = relaxation.graph();
    let estate = relaxation.statement.problem.estate;
    let counts_installs = |version: VersionId| estate.title_of(version).track_by == TrackBy::Installations;
    let mut found: Vec<(DemandKey, usize)> = Vec::new();
    for (index, arc) in graph.arcs.iter().enumerate().filter(|(_, arc)| arc.role == Role::Demand) {
        let version = match graph.nodes[arc.tail as usize] {
            // One more install might be replaced, which those that stay as they are may not.
            Node::Asked(Ask::Cover(version), _) if relaxation.market.reinstalls_of(version).is_empty() => version,
            Node::Changeable(version, _) => version,
            _ => continue,
        };
        let key = |Place { scope, contract }| DemandKey { version, scope, contract, asset: None, user: None };
        let keys = graph.places_of(arc.tail).map(key).filter(|key| counts_installs(key.version));
        found.extend(keys.map(|key| (key, index)));
    }
    found.sort_unstable();
    // Installs that may be uninstalled stand apart; one more, just used, is as good in either place.
    found.dedup_by_key(|&mut (key, _)| key);
    let mut demands: BTreeMap<usize, Vec<DemandKey>> = BTreeMap::new();
    for (key, arc) in found {
        demands.entry(arc).or_default().push(key);
    }
    demands
}

/// The lots of each pool that is owned, limited and of so many units, with where its units enter. Pools of several kinds of
/// entitlements are left out, and licenses that are assigned more often than they have units: the next one is reserved.
fn lots(relaxation: &Relaxation<'_, '_>, least: Quantity) -> Vec<(LicenseId, Source)> {
    let (graph, problem) = (relaxation.graph(), &relaxation.statement.problem);
    let pools = &problem.pools;
    let mut times_assigned: Table<LicenseId, usize> = Table::filled(0, problem.estate.licenses.len());
    for assignment in &problem.estate.assignments {
        if let Assigned::License(license) = assignment.assigned {
            times_assigned[license] += 1;
        }
    }
    let lots = |pool: usize| {
        let owned = pools[pool].offer.is_none() && pools[pool].units.is_some_and(|units| units >= least);
        let lots = pools[pool].lots.iter().filter(move |_| owned).map(|&(license, _)| license);
        lots.filter(|&license| times_assigned[license] <= problem.reserved_by(license).len())
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
