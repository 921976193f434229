//! What is certain: versions that must, may or never be short, licenses that are always, sometimes or
//! never needed, over all allocations that are best at levels 1 to 3.
//!
//! Most is read off the bounds of the [face](crate::face): a version without shortage is short in some
//! best allocation if the arc of one of its demands can leave its capacity, a license without use is
//! used in some if an arc out of it can leave zero. What is short, or used, now is rerouted arc by arc;
//! an arc that has reached its goal is kept there, so the goals are reached together or not at all.
//!
//! Where upgrades make no network the questions are integer programs ([`divided`]), and an answer that is
//! not proved is none.
//!
//! What it cannot do: an upgrade pool that several kinds of entitlements reach has an arc for each and is
//! lowered arc by arc, which need not end at the least of the sum. Such a pool cannot run out; of its
//! lots one may then be called needed that the others could make up for.

use crate::face::Face;
use crate::graph::{ArcIndex, Ends, Graph, Node, Role};
use crate::problem::Problem;
use model::id::{LicenseId, Table, VersionId};
use model::number::Quantity;
use rayon::prelude::*;

#[cfg_attr(not(feature = "milp"), path = "certainty/undivided.rs")]
mod divided;

pub(crate) use divided::Faces;

/// Whether a version is short in the best allocations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shortage {
    /// In none of them.
    Never,
    /// In some, not in all.
    May,
    /// In all of them.
    Must,
}

/// Whether the best allocations use a unit of a license.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needed {
    /// None of them does.
    Never,
    /// Some do, not all.
    Sometimes,
    /// All of them do.
    Always,
}

impl Shortage {
    /// The word in results.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::May => "may",
            Self::Must => "must",
        }
    }
}

impl Needed {
    /// The word in results.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Sometimes => "sometimes",
            Self::Always => "always",
        }
    }
}

/// What is certain of versions and licenses; none where that is not known, which is only where upgrades
/// make no network.
#[derive(Clone, Debug)]
pub struct Certainty {
    /// By version.
    pub shortage: Table<VersionId, Option<Shortage>>,
    /// By license.
    pub needed: Table<LicenseId, Option<Needed>>,
}

impl Certainty {
    /// What the face of best flows says; where arcs share units, `face` has them kept and `dropped` not shared.
    pub(crate) fn of<'s>(
        problem: &Problem<'_>,
        graph: &Graph,
        ends: &Ends,
        face: &Face<'s>,
        dropped: &Face<'s>,
        faces: &Faces,
    ) -> Self {
        let uses = Uses::of(problem, graph, ends);
        let demands = uses.demands.as_slice().par_iter();
        let shortage = demands.map_init(
            || face.clone(),
            |face, demands| {
                if faces.is_empty() {
                    return Some(shortage(graph, face, demands));
                }
                let (plain, divided) = faces.split(demands);
                let mut known = Some(shortage(graph, face, &plain));
                for (&component, arcs) in &divided {
                    let there = divided::shortage(graph, face, dropped, faces.at(component), arcs);
                    known = divided::together(known, there);
                }
                known
            },
        );
        let shortage = shortage.collect();
        let least_uses: Vec<i64> =
            uses.pools.par_iter().map_init(|| face.clone(), |face, pool| pool.least_use(face)).collect();
        let units = units(problem);
        let needed = units.as_slice().par_iter().map_init(
            || face.clone(),
            |face, units| {
                if uses.of_units(units).any(|arc| faces.has(arc)) {
                    return divided::needed(problem, &uses, face, dropped, faces, units);
                }
                Some(match units.pool {
                    Some((pool, others)) if units.reserved.is_empty() => {
                        from_pool(face, &uses.pools[pool], least_uses[pool], others)
                    }
                    _ => needed(problem, &uses, face, units),
                })
            },
        );
        Self { shortage: Table::new(shortage), needed: Table::new(needed.collect()) }
    }
}

/// The arcs on which something is covered or used.
struct Uses {
    /// By version: the arcs of its demands.
    demands: Table<VersionId, Vec<ArcIndex>>,
    /// By pool.
    pools: Vec<PoolUse>,
    /// By reserved unit: its arcs if it is an upgrade.
    reserved: Vec<Vec<ArcIndex>>,
}

/// Where the use of a pool shows.
#[derive(Clone, Default)]
struct PoolUse {
    /// What leaves the pool for some use.
    out: Vec<ArcIndex>,
    /// What raises as use falls: idle units of a limited base pool.
    idle: Option<ArcIndex>,
    /// What falls with use: units of an upgrade pool, or of a base pool without limit.
    units: Vec<ArcIndex>,
}

impl PoolUse {
    /// The least use of the pool in any best allocation.
    fn least_use(&self, face: &mut Face<'_>) -> i64 {
        let least = self.lower(face);
        face.restore();
        least
    }

    /// Uses as little of the pool as best allocations allow, and returns that.
    fn lower(&self, face: &mut Face<'_>) -> i64 {
        let used = face.flow_on(&self.out);
        match self.idle {
            Some(idle) => {
                face.raise(idle, used);
            }
            None => {
                for &arc in &self.units {
                    face.lower(arc, used);
                    face.fix(arc);
                }
            }
        }
        face.flow_on(&self.out)
    }
}

impl Uses {
    /// The arcs on which units of a license show.
    fn of_units<'u>(&'u self, units: &'u LicenseUnits) -> impl Iterator<Item = ArcIndex> + 'u {
        let pool = units.pool.iter().flat_map(|&(pool, _)| &self.pools[pool].out);
        pool.chain(units.reserved.iter().flat_map(|&unit| &self.reserved[unit])).copied()
    }

    fn of(problem: &Problem<'_>, graph: &Graph, ends: &Ends) -> Self {
        let mut uses = Self {
            demands: Table::filled(Vec::new(), problem.estate.versions.len()),
            pools: vec![PoolUse::default(); problem.pools.len()],
            reserved: vec![Vec::new(); problem.reserved.len()],
        };
        for (index, arc) in (0..).zip(&graph.arcs) {
            let (tail, head) = (graph.nodes[arc.tail as usize], graph.nodes[arc.head as usize]);
            if let Some(version) = graph.demanded_on(problem, arc) {
                uses.demands[version].push(index);
            }
            match (arc.role, tail, head) {
                (Role::Idle, Node::Pool(pool), _) if problem.pools[pool].units.is_some() => {
                    uses.pools[pool].idle = Some(index);
                }
                (Role::Unlimited, _, Node::Pool(pool)) => uses.pools[pool].units.push(index),
                (Role::Units, Node::UpgradeIn(pool), _) => {
                    uses.pools[pool].units.push(index);
                    uses.pools[pool].out.push(index);
                }
                (Role::Units, Node::ReservedIn(unit), _) => uses.reserved[unit].push(index),
                _ => {}
            }
        }
        for (node, kind) in (0..).zip(&graph.nodes) {
            if let Node::Pool(pool) = *kind {
                let leaving = ends.leaving.of(node).iter().copied();
                uses.pools[pool].out.extend(leaving.filter(|&arc| graph.arcs[arc as usize].role == Role::Right));
            }
        }
        uses
    }
}

fn shortage(graph: &Graph, face: &mut Face<'_>, demands: &[ArcIndex]) -> Shortage {
    let lacks =
        |face: &Face<'_>, arc: ArcIndex| graph.arcs[arc as usize].capacity.expect("demand is finite") - face.flow(arc);
    let short: Vec<ArcIndex> = demands.iter().copied().filter(|&arc| lacks(face, arc) > 0).collect();
    if short.is_empty() {
        let may_fall = demands.iter().any(|&arc| face.can_leave_bound(arc));
        return if may_fall { Shortage::May } else { Shortage::Never };
    }
    if !short.iter().all(|&arc| face.can_leave_bound(arc)) {
        return Shortage::Must;
    }
    for &arc in demands {
        if lacks(face, arc) == 0 {
            face.fix(arc);
        }
    }
    // Raising one may lower those that follow, which then lack more.
    let can_be_covered = short.into_iter().all(|arc| {
        let left = face.raise(arc, lacks(face, arc));
        face.fix(arc);
        left == 0
    });
    face.restore();
    if can_be_covered { Shortage::May } else { Shortage::Must }
}

/// The units of a license, as the problem has them.
#[derive(Clone, Default)]
struct LicenseUnits {
    /// Its pool, if it has unreserved units that may be used, and how many the other lots there have;
    /// none if unlimited.
    pool: Option<(usize, Option<i64>)>,
    /// By position among the reserved units.
    reserved: Vec<usize>,
}

fn units(problem: &Problem<'_>) -> Table<LicenseId, LicenseUnits> {
    let mut units = Table::filled(LicenseUnits::default(), problem.estate.licenses.len());
    for (pool, row) in problem.pools.iter().enumerate() {
        let unlimited_count = row.lots.iter().filter(|(_, units)| units.is_none()).count();
        let limited: i64 = row.lots.iter().filter_map(|&(_, units)| units).map(Quantity::signed).sum();
        for &(license, own) in row.lots.iter().filter(|(_, units)| units.is_none_or(|units| !units.is_zero())) {
            let others = match own {
                Some(own) => (unlimited_count == 0).then(|| limited - own.signed()),
                None => (unlimited_count == 1).then_some(limited),
            };
            units[license].pool = Some((pool, others));
        }
    }
    for (index, unit) in problem.reserved.iter().enumerate() {
        units[unit.license].reserved.push(index);
    }
    units
}

/// Whether a license without reserved units is needed, whose pool is used for at least `least_use`.
fn from_pool(face: &Face<'_>, pool: &PoolUse, least_use: i64, others: Option<i64>) -> Needed {
    if others.is_some_and(|others| least_use > others) {
        Needed::Always
    } else if face.flow_on(&pool.out) > 0 || pool.out.iter().any(|&arc| face.can_leave_bound(arc)) {
        Needed::Sometimes
    } else {
        Needed::Never
    }
}

fn needed(problem: &Problem<'_>, uses: &Uses, face: &mut Face<'_>, units: &LicenseUnits) -> Needed {
    let is_base = |&unit: &usize| !problem.estate.skus[problem.reserved[unit].sku].is_upgrade();
    if units.reserved.iter().any(is_base) {
        // It is always used, set aside if nothing else.
        return Needed::Always;
    }
    let pool = units.pool.map(|(pool, others)| (&uses.pools[pool], others));
    let reserved: Vec<ArcIndex> = units.reserved.iter().flat_map(|&unit| &uses.reserved[unit]).copied().collect();
    let is_used = face.flow_on(&reserved) > 0 || pool.is_some_and(|(pool, _)| face.flow_on(&pool.out) > 0);
    if !is_used {
        let mut out = reserved.iter().chain(pool.map(|(pool, _)| &pool.out).into_iter().flatten());
        return if out.any(|&arc| face.can_leave_bound(arc)) { Needed::Sometimes } else { Needed::Never };
    }
    let can_do_without = reserved.iter().all(|&arc| {
        let left = face.lower(arc, face.flow(arc));
        face.fix(arc);
        left == 0
    }) && pool.is_none_or(|(pool, others)| others.is_none_or(|others| pool.lower(face) <= others));
    face.restore();
    if can_do_without { Needed::Sometimes } else { Needed::Always }
}
