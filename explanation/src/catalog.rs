//! Where the rights of SKUs lead, whatever is owned: upward to what could be covered, downward to what could help.

use crate::demand::Need;
use model::estate::Estate;
use model::id::{SkuId, Table, VersionId};
use std::collections::BTreeSet;

/// The rights among all SKUs of an estate, looked up from both ends.
pub(crate) struct Catalog<'e> {
    estate: &'e Estate,
    /// SKUs by main version.
    skus_of: Table<VersionId, Vec<SkuId>>,
    /// Upgrades by the main versions they may stand on.
    upgrading: Table<VersionId, Vec<SkuId>>,
}

impl<'e> Catalog<'e> {
    pub(crate) fn new(estate: &'e Estate) -> Self {
        let mut skus_of = Table::filled(Vec::new(), estate.versions.len());
        let mut upgrading = Table::filled(Vec::new(), estate.versions.len());
        for (id, sku) in estate.skus.enumerate() {
            skus_of[sku.version].push(id);
            for &version in sku.upgrades.iter().flatten() {
                upgrading[version].push(id);
            }
        }
        Self { estate, skus_of, upgrading }
    }

    /// Whether a unit of a SKU serves what is needed, on top of a path.
    pub(crate) fn serves(&self, sku: SkuId, need: Need) -> bool {
        let row = &self.estate.skus[sku];
        match need {
            Need::Cover(version) => row.may_cover(version),
            Need::Base(upgrade) => self.estate.skus[upgrade].may_upgrade(row.version),
        }
    }

    /// Whether a unit of a SKU could be part of a path that serves one of the needs.
    pub(crate) fn leading_to(&self, needs: &BTreeSet<Need>) -> Table<SkuId, bool> {
        let skus = &self.estate.skus;
        let mut leads = Table::filled(false, skus.len());
        let serves = |sku: &SkuId| needs.iter().any(|&need| self.serves(*sku, need));
        let mut open: Vec<SkuId> = skus.ids().filter(serves).collect();
        while let Some(sku) = open.pop() {
            if !std::mem::replace(&mut leads[sku], true) {
                let below = skus[sku].upgrades.iter().flatten();
                open.extend(below.flat_map(|&version| self.skus_of[version].iter().copied()));
            }
        }
        leads
    }

    /// A SKU with all that could be stacked on it, one on the other.
    pub(crate) fn with_upgrades(&self, sku: SkuId) -> BTreeSet<SkuId> {
        let mut found = BTreeSet::new();
        let mut open = vec![sku];
        while let Some(sku) = open.pop() {
            if found.insert(sku) {
                open.extend(self.upgrading[self.estate.skus[sku].version].iter().copied());
            }
        }
        found
    }

    /// The versions that a path with a unit of the SKU could cover.
    pub(crate) fn coverable(&self, sku: SkuId) -> BTreeSet<VersionId> {
        let skus = self.with_upgrades(sku);
        skus.iter().flat_map(|&sku| self.estate.skus[sku].may_cover.iter().copied()).collect()
    }

    /// The SKUs that could be stacked on one and lead on to what is needed.
    pub(crate) fn upgrades_toward(&self, sku: SkuId, need: Need) -> Vec<SkuId> {
        let above = self.upgrading[self.estate.skus[sku].version].iter().copied();
        let leads = |sku: &SkuId| self.with_upgrades(*sku).iter().any(|&sku| self.serves(sku, need));
        let mut found: Vec<SkuId> = above.filter(leads).map(|sku| self.estate.as_written(sku)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether upgrade rights would form a cycle if a SKU might stand on a version.
    pub(crate) fn would_cycle(&self, sku: SkuId, version: VersionId) -> bool {
        let main = self.estate.skus[sku].version;
        let mut seen = BTreeSet::new();
        let mut open = vec![version];
        while let Some(version) = open.pop() {
            if version == main {
                return true;
            }
            if seen.insert(version) {
                let below =
                    self.skus_of[version].iter().flat_map(|&sku| self.estate.skus[sku].upgrades.iter().flatten());
                open.extend(below.copied());
            }
        }
        false
    }
}
