//! What explanations say, stated apart: what comes first of an estate, and which paths could serve a need.
//!
//! Cost: that of the search, and of trying every path.

use super::derived::{Certainty, certainties};
use super::{Cost, Supply, best};
use explanation::{Need, Spot};
use model::estate::Estate;
use model::id::{LicenseId, Table, VersionId};
use model::objective::Level;

/// What comes first in an estate.
pub(crate) struct First {
    /// License assignments and title assignments unmet.
    pub(crate) unmet: [i64; 2],
    /// Installs uncovered.
    pub(crate) uncovered: i64,
    /// Whether some demand of a version is uncovered in best allocations.
    pub(crate) shortage: Table<VersionId, Certainty>,
}

/// What comes first in an estate, by exhaustive search.
///
/// # Panics
/// When the estate is too large for that.
pub(crate) fn first(estate: &Estate) -> First {
    let cost: Cost = best(estate, Level::Uncovered.index() + 1).cost;
    First {
        unmet: [cost[Level::LicenseAssignmentsUnmet.index()], cost[Level::TitleAssignmentsUnmet.index()]],
        uncovered: cost[Level::Uncovered.index()],
        shortage: certainties(estate).shortage,
    }
}

/// The licenses of every lawful path of units reserved for nobody that serves a need, from the base up.
pub(crate) fn paths(estate: &Estate, spot: Spot) -> Vec<Vec<LicenseId>> {
    let supply = Supply::of(estate);
    let serves = |path: &&Vec<usize>| {
        let top = supply.sku(*path.last().expect("a path has a base"));
        let is_free = path.iter().all(|&pool| supply.pools[pool].reserved.is_none());
        let is_able = match spot.need {
            Need::Cover(version) => top.may_cover(version),
            Need::Base(upgrade) => estate.skus[upgrade].may_upgrade(top.version),
        };
        is_free && is_able && supply.transfer(path, spot.scope, spot.contract).is_some()
    };
    let licenses = |path: &Vec<usize>| path.iter().map(|&pool| supply.pools[pool].license).collect();
    supply.paths.iter().filter(serves).map(licenses).collect()
}

/// The main versions of all entitlements of units reserved for nobody that may be used at a place.
pub(crate) fn entitlements(estate: &Estate, spot: Spot) -> Vec<VersionId> {
    let supply = Supply::of(estate);
    let is_usable = |path: &&Vec<usize>| {
        let is_free = path.iter().all(|&pool| supply.pools[pool].reserved.is_none());
        is_free && supply.transfer(path, spot.scope, spot.contract).is_some()
    };
    supply.paths.iter().filter(is_usable).filter_map(|path| path.last()).map(|&top| supply.sku(top).version).collect()
}
