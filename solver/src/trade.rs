//! What may be bought or done, by the facts it concerns.

use crate::places::Place;
use crate::problem::Demand;
use checker::plan::ReclaimKey;
use model::estate::{Estate, Target};
use model::id::{LicenseId, VersionId};
use model::market::{Market, OfferId};
use model::number::Quantity;
use std::collections::{BTreeMap, BTreeSet};

/// What may be bought or done; empty for a position.
#[derive(Default)]
pub(crate) struct Trade<'e> {
    pub(crate) market: Option<&'e Market>,
    offers: BTreeMap<LicenseId, OfferId>,
    /// Installs that may be uninstalled; sorted by key.
    pub(crate) reclaimable: Vec<(ReclaimKey, Quantity)>,
    /// The targets of assignments, whose installs stay as they are.
    assigned: BTreeSet<Target>,
}

impl<'e> Trade<'e> {
    pub(crate) fn of(estate: &Estate, market: &'e Market) -> Self {
        Self {
            market: Some(market),
            offers: market.offers.enumerate().map(|(id, offer)| (offer.lot, id)).collect(),
            reclaimable: checker::plan::reclaimable(estate, market),
            assigned: market.assigned(estate),
        }
    }

    /// The offer by which units of a lot are had.
    pub(crate) fn offer_of(&self, lot: LicenseId) -> Option<OfferId> {
        self.offers.get(&lot).copied()
    }

    /// Whether the installs behind a demand may be uninstalled or replaced at all.
    pub(crate) fn may_change(&self, demand: &Demand) -> bool {
        self.market.is_some() && demand.key.targets().all(|target| !self.assigned.contains(&target))
    }

    /// Whether there is something to do about installs of a demand.
    pub(crate) fn changes(&self, demand: &Demand) -> bool {
        let version = demand.key.version;
        let is_concerned = self.market.is_some_and(|market| {
            market.reclaims.iter().any(|reclaim| reclaim.version == version)
                || !market.reinstalls_of(version).is_empty()
        });
        is_concerned && self.may_change(demand)
    }

    /// What may be uninstalled of a version in a place.
    pub(crate) fn reclaimable_at(
        &self,
        version: VersionId,
        place: Place,
    ) -> impl Iterator<Item = &(ReclaimKey, Quantity)> {
        let first = self.reclaimable.partition_point(|(key, _)| key.demand.version < version);
        let of_version = self.reclaimable[first..].iter().take_while(move |(key, _)| key.demand.version == version);
        of_version.filter(move |(key, _)| (key.demand.scope, key.demand.contract) == (place.scope, place.contract))
    }
}
