//! Which SKU may stand on which: upgrade rights lead from SKU to SKU through main versions.

use crate::estate::Estate;
use crate::id::{SkuId, Table, VersionId};

/// The upgrade rights of an estate, in both directions.
pub(super) struct Stacking<'e> {
    estate: &'e Estate,
    /// SKUs by main version.
    skus_of: Table<VersionId, Vec<SkuId>>,
    /// Upgrades by the main version of what they may stand on.
    upgrades_of: Table<VersionId, Vec<SkuId>>,
}

impl<'e> Stacking<'e> {
    pub(super) fn new(estate: &'e Estate) -> Self {
        let mut skus_of = Table::filled(Vec::new(), estate.versions.len());
        let mut upgrades_of = Table::filled(Vec::new(), estate.versions.len());
        for (id, sku) in estate.skus.enumerate() {
            skus_of[sku.version].push(id);
            for &version in sku.upgrades.iter().flatten() {
                upgrades_of[version].push(id);
            }
        }
        Self { estate, skus_of, upgrades_of }
    }

    /// No SKU.
    pub(super) fn none(&self) -> Table<SkuId, bool> {
        Table::filled(false, self.estate.skus.len())
    }

    /// The SKUs that can be topmost in an entitlement, given those of which there is a unit: a base alone, an
    /// upgrade on something.
    pub(super) fn standing(&self, is_there: &Table<SkuId, bool>) -> Table<SkuId, bool> {
        let mut is_standing = self.none();
        let is_base = |sku: &SkuId| !self.estate.skus[*sku].is_upgrade();
        let mut open: Vec<SkuId> = is_there.ids().filter(|&sku| is_there[sku]).filter(is_base).collect();
        let mut is_done = Table::<VersionId, bool>::filled(false, self.estate.versions.len());
        while let Some(sku) = open.pop() {
            is_standing[sku] = true;
            let version = self.estate.skus[sku].version;
            if !std::mem::replace(&mut is_done[version], true) {
                let upgrades = self.upgrades_of[version].iter().copied();
                open.extend(upgrades.filter(|&upgrade| is_there[upgrade] && !is_standing[upgrade]));
            }
        }
        is_standing
    }

    /// The SKUs that a SKU may stand on directly.
    pub(super) fn below(&self, sku: SkuId) -> impl Iterator<Item = SkuId> {
        self.estate.skus[sku].upgrades.iter().flatten().flat_map(|&version| &self.skus_of[version]).copied()
    }

    /// The SKUs in entitlements with one of `topmost` on top, all of them among those that are standing.
    pub(super) fn in_entitlements(&self, topmost: Vec<SkuId>, is_standing: &Table<SkuId, bool>) -> Table<SkuId, bool> {
        let mut is_in = self.none();
        let mut open = topmost;
        let mut is_done = Table::<VersionId, bool>::filled(false, self.estate.versions.len());
        while let Some(sku) = open.pop() {
            is_in[sku] = true;
            for &version in self.estate.skus[sku].upgrades.iter().flatten() {
                if !std::mem::replace(&mut is_done[version], true) {
                    let below = self.skus_of[version].iter().copied();
                    open.extend(below.filter(|&below| is_standing[below] && !is_in[below]));
                }
            }
        }
        is_in
    }
}
