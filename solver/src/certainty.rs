//! What is certain: versions that must, may or never be short, licenses that are always, sometimes or
//! never needed, over all allocations that are best at levels 1 to 3.
//!
//! Most is read off the bounds of the [face](crate::face): a version without shortage is short in some
//! best allocation if the arc of one of its demands can leave its capacity, a license without use is
//! used in some if an arc out of it can leave zero. What is short, or used, now is rerouted, the demands
//! of a version all at once. Components change apart, so each is asked alone, on one thread, and what is
//! found of a version, a pool or a license in several of them is put together.
//!
//! Cost: linear in the arcs, and a maximum flow for each version that is short and each pool in use.
//!
//! Where upgrades make no network the questions are integer programs ([`divided`]), and an answer that is
//! not proved is none.
//!
//! What it cannot do: an upgrade pool that several kinds of entitlements reach has an arc for each and is
//! lowered arc by arc, which need not end at the least of the sum. Such a pool cannot run out; of its
//! lots one may then be called needed that the others could make up for.

use crate::component::{Components, Flows};
use crate::face::Face;
use crate::graph::{ArcIndex, Graph, Node, Role};
use crate::problem::Problem;
use model::id::{LicenseId, Table, VersionId};
use model::number::Quantity;
use rayon::prelude::*;
use std::collections::BTreeMap;

#[cfg_attr(not(feature = "milp"), path = "certainty/undivided.rs")]
mod divided;

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
    pub(crate) fn of(problem: &Problem<'_>, graph: &Graph, components: &Components, flows: &Flows) -> Self {
        let units = units(problem);
        let find = |component| {
            let uses = Uses::of(problem, graph, components.at(component).arcs, &units);
            Findings::of_component(problem, graph, components, component, flows, &uses)
        };
        let findings: Vec<Findings> = (0..components.len()).into_par_iter().map(find).collect();
        let mut shortage = Table::filled(Some(Shortage::Never), problem.estate.versions.len());
        let mut of_pools = vec![Usage::default(); problem.pools.len()];
        let mut of_licenses = Table::filled(Usage::default(), problem.estate.licenses.len());
        for found in findings {
            // Components change apart: all of them can be without a shortage if each can.
            for (version, found) in found.shortage {
                shortage[version] = together(shortage[version], found);
            }
            for (pool, usage) in found.pools {
                of_pools[pool].add(usage);
            }
            for (license, usage) in found.licenses {
                of_licenses[license].add(usage);
            }
        }
        let needed = units.enumerate().map(|(license, units)| {
            let is_base = !problem.estate.sku_of(license).is_upgrade();
            match units.pool {
                // A base unit that is reserved is always used, set aside if nothing else.
                _ if is_base && units.has_reserved => Some(Needed::Always),
                Some((pool, others)) if !units.has_reserved => of_pools[pool].needed(others),
                pool => of_licenses[license].needed(pool.and_then(|(_, others)| others)),
            }
        });
        Self { needed: Table::new(needed.collect()), shortage }
    }
}

/// Whether some versions are short in best allocations, and nothing else; none where that is not known, and of
/// versions that were not asked about.
pub(crate) fn shortages(
    problem: &Problem<'_>,
    graph: &Graph,
    components: &Components,
    flows: &Flows,
    asked: &[VersionId],
) -> Table<VersionId, Option<Shortage>> {
    let mut is_asked = Table::filled(false, problem.estate.versions.len());
    for &version in asked {
        is_asked[version] = true;
    }
    let find = |component| {
        let uses = Uses::of_demands(problem, graph, components.at(component).arcs, &is_asked);
        if uses.demands.is_empty() {
            return Vec::new();
        }
        Findings::of_component(problem, graph, components, component, flows, &uses).shortage
    };
    let found: Vec<_> = (0..components.len()).into_par_iter().map(find).collect();
    let mut shortage = Table::new(is_asked.iter().map(|is_asked| is_asked.then_some(Shortage::Never)).collect());
    for (version, found) in found.into_iter().flatten() {
        shortage[version] = together(shortage[version], found);
    }
    shortage
}

/// What is found in one component.
struct Findings {
    /// None where that is not known.
    shortage: Vec<(VersionId, Option<Shortage>)>,
    pools: Vec<(usize, Usage)>,
    /// Upgrade licenses with reserved units, together with their pools.
    licenses: Vec<(LicenseId, Usage)>,
}

impl Findings {
    fn of_component(
        problem: &Problem<'_>,
        graph: &Graph,
        components: &Components,
        component: usize,
        flows: &Flows,
        uses: &Uses,
    ) -> Self {
        match flows.divided.get(&component) {
            Some(divided) => divided::findings(graph, components, component, flows, divided, uses),
            None => Self::of(&mut Face::of(problem, graph, components, component, flows), uses),
        }
    }

    fn of(face: &mut Face, uses: &Uses) -> Self {
        let shortage = uses.demands_by_version().map(|(version, arcs)| (version, Some(shortage(face, &arcs))));
        let shortage = shortage.collect();
        let pools = uses.pools.iter().map(|(&index, pool)| (index, pool.usage(face, &[])));
        let pools = pools.collect();
        let licenses = uses.licenses.iter().map(|(&license, (reserved, pool))| {
            let none = PoolUse::default();
            let pool = pool.and_then(|pool| uses.pools.get(&pool)).unwrap_or(&none);
            (license, pool.usage(face, reserved))
        });
        let licenses = licenses.collect();
        Self { shortage, pools, licenses }
    }
}

/// How best allocations use a pool, or the reserved units of a license and its pool.
#[derive(Clone, Copy, Default)]
struct Usage {
    /// Whether some of them do use it.
    may_be_used: bool,
    /// Whether one cannot do without all reserved units.
    is_bound: bool,
    /// The least units of the pool that are used when those reserved are not.
    least: i64,
    /// Whether there may be more to it than that.
    is_unknown: bool,
}

impl Usage {
    /// Takes in the use in another component, which changes apart.
    fn add(&mut self, other: Self) {
        self.may_be_used |= other.may_be_used;
        self.is_bound |= other.is_bound;
        self.least += other.least;
        self.is_unknown |= other.is_unknown;
    }

    /// Whether a license is needed beside `others` units in its pool, none if unlimited; none if that is
    /// not known.
    fn needed(self, others: Option<i64>) -> Option<Needed> {
        match () {
            () if self.is_bound || others.is_some_and(|others| self.least > others) => Some(Needed::Always),
            () if self.is_unknown => None,
            () if self.may_be_used => Some(Needed::Sometimes),
            () => Some(Needed::Never),
        }
    }
}

/// The arcs of a component on which something is covered or used, by their positions there.
struct Uses {
    /// Of demands, sorted by version.
    demands: Vec<(VersionId, ArcIndex)>,
    pools: BTreeMap<usize, PoolUse>,
    /// Of upgrade licenses with reserved units: those of the units, and the pool if it has one.
    licenses: BTreeMap<LicenseId, (Vec<ArcIndex>, Option<usize>)>,
}

/// Where the use of a pool shows.
#[derive(Default)]
struct PoolUse {
    /// What leaves the pool for some use.
    out: Vec<ArcIndex>,
    /// What raises as use falls: idle units of a limited base pool.
    idle: Option<ArcIndex>,
    /// What falls with use: units of an upgrade pool, or of a base pool without limit.
    units: Vec<ArcIndex>,
}

impl PoolUse {
    /// How the pool is used when as few as possible of the reserved units are.
    fn usage(&self, face: &mut Face, reserved: &[ArcIndex]) -> Usage {
        let out = || self.out.iter().chain(reserved);
        let is_used = out().any(|&arc| face.flow(arc) > 0);
        let may_be_used = is_used || out().any(|&arc| face.can_leave_bound(arc));
        let mut usage = Usage { may_be_used, ..Usage::default() };
        if is_used {
            for &arc in reserved {
                face.lower(arc, face.flow(arc));
                face.fix(arc);
                usage.is_bound |= face.flow(arc) > 0;
            }
            usage.least = self.lower(face);
            face.restore();
        }
        usage
    }

    /// Uses as little of the pool as best allocations allow, and returns that.
    fn lower(&self, face: &mut Face) -> i64 {
        let used = face.flow_on(&self.out);
        match self.idle {
            Some(idle) => face.raise(idle, used),
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
    fn of(problem: &Problem<'_>, graph: &Graph, arcs: &[ArcIndex], units: &Table<LicenseId, LicenseUnits>) -> Self {
        let mut uses = Self { demands: Vec::new(), pools: BTreeMap::new(), licenses: BTreeMap::new() };
        for (position, &index) in (0..).zip(arcs) {
            let arc = &graph.arcs[index as usize];
            if let Some(version) = graph.demanded_on(problem, arc) {
                uses.demands.push((version, position));
            }
            match (arc.role, graph.nodes[arc.tail as usize], graph.nodes[arc.head as usize]) {
                (Role::Idle, Node::Pool(pool), _) if problem.pools[pool].units.is_some() => {
                    uses.pool(pool).idle = Some(position);
                }
                (Role::Right, Node::Pool(pool), _) => uses.pool(pool).out.push(position),
                (Role::Unlimited, _, Node::Pool(pool)) => uses.pool(pool).units.push(position),
                (Role::Units, Node::UpgradeIn(pool), _) => {
                    uses.pool(pool).units.push(position);
                    uses.pool(pool).out.push(position);
                    for &(license, _) in &problem.pools[pool].lots {
                        if units[license].has_reserved && units[license].pool.is_some() {
                            uses.licenses.entry(license).or_default().1 = Some(pool);
                        }
                    }
                }
                (Role::Units, Node::ReservedIn(unit), _) => {
                    let license = problem.reserved[unit].license;
                    uses.licenses.entry(license).or_default().0.push(position);
                }
                _ => {}
            }
        }
        uses.demands.sort_unstable();
        uses
    }

    /// Demands for some versions, and no uses.
    fn of_demands(problem: &Problem<'_>, graph: &Graph, arcs: &[ArcIndex], is_asked: &Table<VersionId, bool>) -> Self {
        let demanded = |index: ArcIndex| graph.demanded_on(problem, &graph.arcs[index as usize]);
        let demands = (0..).zip(arcs).filter_map(|(position, &index)| Some((demanded(index)?, position)));
        let mut demands: Vec<(VersionId, ArcIndex)> = demands.filter(|&(version, _)| is_asked[version]).collect();
        demands.sort_unstable();
        Self { demands, pools: BTreeMap::new(), licenses: BTreeMap::new() }
    }

    /// The demands of each version.
    fn demands_by_version(&self) -> impl Iterator<Item = (VersionId, Vec<ArcIndex>)> + '_ {
        let runs = self.demands.chunk_by(|one, other| one.0 == other.0);
        runs.map(|run| (run[0].0, run.iter().map(|&(_, arc)| arc).collect()))
    }

    fn pool(&mut self, pool: usize) -> &mut PoolUse {
        self.pools.entry(pool).or_default()
    }
}

/// Of demand in two components: short in all best allocations if in those of one.
fn together(one: Option<Shortage>, other: Option<Shortage>) -> Option<Shortage> {
    match (one, other) {
        (Some(Shortage::Must), _) | (_, Some(Shortage::Must)) => Some(Shortage::Must),
        (one, other) => Some(one?.max(other?)),
    }
}

fn shortage(face: &mut Face, demands: &[ArcIndex]) -> Shortage {
    let mut short = demands.iter().filter(|&&arc| face.lacks(arc) > 0).peekable();
    if short.peek().is_none() {
        let may_fall = demands.iter().any(|&arc| face.can_leave_bound(arc));
        return if may_fall { Shortage::May } else { Shortage::Never };
    }
    if !short.all(|&arc| face.can_leave_bound(arc)) {
        return Shortage::Must;
    }
    let can_be_covered = face.can_fill(demands);
    face.restore();
    if can_be_covered { Shortage::May } else { Shortage::Must }
}

/// The units of a license, as the problem has them.
#[derive(Clone, Copy, Default)]
struct LicenseUnits {
    /// Its pool, if it has unreserved units that may be used, and how many the other lots there have;
    /// none if unlimited.
    pool: Option<(usize, Option<i64>)>,
    /// Whether units are reserved.
    has_reserved: bool,
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
    for unit in &problem.reserved {
        units[unit.license].has_reserved = true;
    }
    units
}
