//! What follows from the facts beside the objective, stated apart from everything that derives it.
//!
//! Problem: for an estate, which versions must, may or never be short and which licenses are always,
//! sometimes or never needed, over all allocations that are best at the first three levels; how far the
//! licenses reach for each version; which status a version may have. The search of the statement is
//! exact over all best allocations, and reach is the most lawful paths that can be taken side by side,
//! found by trying every number of each.
//!
//! Cost: that of the search, once for a day; for reach, exponential in the lots of a version. Written
//! from the input contract alone.

use super::{Deeds, Past, Pool, Supply, best, demands, falling_short_of, using, wishes};
use model::estate::{Estate, Thresholds};
use model::id::{ContractId, LicenseId, ScopeId, Table, VersionId};
use model::objective::Level;
use std::collections::{BTreeMap, BTreeSet};

#[path = "statement_derived_cases.rs"]
mod cases;

/// Whether all of the best allocations do something, some but not all, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Certainty {
    /// All: a version must be short, a license is always needed.
    Always,
    /// Some: a version may be short.
    Sometimes,
    /// None.
    Never,
}

/// What is certain of the allocations that are best at levels 1 to 3.
pub(crate) struct Certainties {
    /// Whether some demand of a version is uncovered.
    pub(crate) shortage: Table<VersionId, Certainty>,
    /// Whether a unit of a license is used, to cover or to set aside.
    pub(crate) needed: Table<LicenseId, Certainty>,
}

/// How an estate's versions and licenses fare over all allocations that are best at levels 1 to 3.
///
/// # Panics
/// When the estate is too large for exhaustive search.
pub(crate) fn certainties(estate: &Estate) -> Certainties {
    let past = best(estate, Level::Uncovered.index() + 1);
    Certainties {
        shortage: Table::new(
            estate.versions.ids().map(|version| certainty(&past, falling_short_of(version))).collect(),
        ),
        needed: Table::new(estate.licenses.ids().map(|license| certainty(&past, using(license))).collect()),
    }
}

fn certainty(past: &Past, deed: Deeds) -> Certainty {
    match (past.done & deed != 0, past.spared & deed != 0) {
        (true, false) => Certainty::Always,
        (true, true) => Certainty::Sometimes,
        (false, _) => Certainty::Never,
    }
}

/// The same estate as many days later as its thresholds look ahead.
pub(crate) fn when_expiring(estate: &Estate) -> Estate {
    let days = estate.thresholds.expiring_days;
    let as_of = (0..days).fold(estate.as_of, |day, _| day.tomorrow().expect("the calendar goes on"));
    Estate { as_of, ..estate.clone() }
}

/// How many installs of each version could be covered if it were the only demand; none if unlimited.
pub(crate) fn reach(estate: &Estate) -> Table<VersionId, Option<u64>> {
    let supply = Supply::of(estate).unassigned();
    let mut places: BTreeMap<VersionId, BTreeSet<(ScopeId, Option<ContractId>)>> = BTreeMap::new();
    for demand in demands(estate, &wishes(estate)) {
        places.entry(demand.version).or_default().insert((demand.scope, demand.contract));
    }
    let roots = estate.scopes.ids().filter(|&scope| estate.scopes[scope].parent.is_none());
    let roots: BTreeSet<_> = roots.map(|scope| (scope, None)).collect();
    let reach_of = |version| {
        let places = places.get(&version).unwrap_or(&roots);
        let is_lawful = |path: &&Vec<usize>| {
            let top = *path.last().expect("a path has a base");
            let is_usable = |&(scope, contract)| supply.transfer(path, scope, contract).is_some();
            supply.sku(top).may_cover(version) && places.iter().any(is_usable)
        };
        let paths: Vec<&Vec<usize>> = supply.paths.iter().filter(is_lawful).collect();
        most_side_by_side(&supply.pools, &paths)
    };
    Table::new(estate.versions.ids().map(reach_of).collect())
}

/// For each version, whether among the rights that lead to it, nothing being assigned, some upgrade
/// license can be reached by entitlements of different use. Where this is false, reach is a flow.
pub(crate) fn reach_mixes_places(estate: &Estate) -> Table<VersionId, bool> {
    let supply = Supply::of(estate).unassigned();
    let mixes = |version| {
        let leads_to_it = |path: &&Vec<usize>| path.last().is_some_and(|&top| supply.sku(top).may_cover(version));
        let parts = supply.paths.iter().filter(leads_to_it).flat_map(|path| (1..=path.len()).map(|end| &path[..end]));
        supply.mix_places(parts)
    };
    Table::new(estate.versions.ids().map(mixes).collect())
}

impl Supply<'_> {
    /// The same lots, whole and reserved for nobody; of gated ones, the units that are reserved.
    fn unassigned(&self) -> Self {
        let mut units: BTreeMap<LicenseId, Option<u64>> = BTreeMap::new();
        for pool in &self.pools {
            let sum = units.entry(pool.license).or_insert(Some(0));
            *sum = sum.zip(pool.units).map(|(sum, units)| sum + units);
        }
        let pools = units.into_iter().map(|(license, units)| Pool { license, reserved: None, units }).collect();
        let mut supply = Self { estate: self.estate, pools, paths: Vec::new(), dishonored: 0 };
        supply.stack_all();
        supply
    }
}

/// The most units that can flow on the paths together; none if that is unlimited.
fn most_side_by_side(pools: &[Pool], paths: &[&Vec<usize>]) -> Option<u64> {
    if paths.iter().any(|path| path.iter().all(|&pool| pools[pool].units.is_none())) {
        return None;
    }
    // What is left of each pool, and the most units that have flowed to leave it.
    let mut layer = BTreeMap::from([(pools.iter().map(|pool| pool.units).collect::<Vec<_>>(), 0)]);
    for path in paths {
        let mut next = BTreeMap::new();
        for (left, flowed) in layer {
            let most = path.iter().filter_map(|&pool| left[pool]).min().expect("some pool of it is limited");
            for flow in 0..=most {
                let mut left = left.clone();
                path.iter().for_each(|&pool| left[pool] = left[pool].map(|units| units - flow));
                let best: &mut u64 = next.entry(left).or_default();
                *best = (*best).max(flowed + flow);
            }
        }
        layer = next;
    }
    layer.into_values().max()
}

/// How a version or a title stands; the worse, the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    Inactive,
    Green,
    Yellow,
    Red,
}

/// Why a version is yellow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reason {
    AlmostUnder,
    Over,
    UnusableUpgrades,
    Expiring,
}

/// What the status of a version of an active title depends on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    pub(crate) uncovered: u64,
    pub(crate) demand: u64,
    pub(crate) licensed: u64,
    /// None if unlimited.
    pub(crate) reach: Option<u64>,
    /// Whether some unit of an active upgrade license with this main version is unusable.
    pub(crate) has_unusable_upgrades: bool,
    /// Whether something of it is uncovered when the days ahead have passed.
    pub(crate) is_expiring: bool,
}

/// The status of a version and, where it is yellow, all that make it so.
pub(crate) fn standing(facts: &Facts, thresholds: &Thresholds) -> (Status, Vec<Reason>) {
    if facts.uncovered > 0 {
        return (Status::Red, Vec::new());
    }
    // Both sides of demand / reach × 100 against a threshold, times reach: exact. None is no per cent.
    let reach = facts.reach.filter(|&reach| reach > 0);
    let sides = |percent: u32| reach.map(|reach| (facts.demand * 100, u64::from(percent) * reach));
    let is_almost_under = sides(thresholds.almost_under_percent).is_some_and(|(demand, bar)| demand >= bar);
    let is_over = facts.licensed > 0 && sides(thresholds.over_percent).is_some_and(|(demand, bar)| demand <= bar);
    let named = [
        (is_almost_under, Reason::AlmostUnder),
        (is_over, Reason::Over),
        (facts.has_unusable_upgrades, Reason::UnusableUpgrades),
        (facts.is_expiring, Reason::Expiring),
    ];
    let reasons: Vec<Reason> = named.into_iter().filter_map(|(holds, reason)| holds.then_some(reason)).collect();
    (if reasons.is_empty() { Status::Green } else { Status::Yellow }, reasons)
}

/// Demand as a share of reach in tenths of a per cent, half up; none where that says nothing.
pub(crate) fn percent_tenths(demand: u64, reach: Option<u64>) -> Option<u64> {
    let reach = reach.filter(|&reach| reach > 0)?;
    let (tenths, rest) = (1000 * demand / reach, 1000 * demand % reach);
    Some(tenths + u64::from(2 * rest >= reach))
}

/// The status of a title, family or publisher from those of its versions of its versions: the worst.
pub(crate) fn roll_up(versions: impl IntoIterator<Item = Status>) -> Status {
    versions.into_iter().max().expect("there is a version")
}
