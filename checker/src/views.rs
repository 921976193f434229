//! Other views of certified figures: by scope, as an effective license position, as flows between SKUs and versions.

use crate::allocation::{Destination, Unit};
use crate::certify::Certified;
use crate::figures::VersionFigures;
use model::id::{ScopeId, SkuId, Table, VersionId};
use model::number::Quantity;
use std::collections::BTreeMap;

/// A version as an effective license position has it: base units move from their main versions to the
/// versions they cover.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effective {
    /// Active base units whose main version it is; of an unlimited lot those that are used.
    pub licensed: Quantity,
    /// Demand for entitlements.
    pub deployed: Quantity,
    /// Units of it that base units cover less base units of it that cover something; sums to zero where each covers one.
    pub moved: i64,
    /// Base units of it that nothing uses.
    pub idle: Quantity,
    /// Active upgrade units whose main version it is.
    pub upgrades: Quantity,
}

/// The allocation as flows from SKUs to what their units serve. Only what flows is listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flows {
    /// Upgrade units of the second SKU that stand on entitlements whose topmost unit is of the first.
    pub stacked: BTreeMap<(SkuId, SkuId), Quantity>,
    /// Units of demand by the SKU of the topmost unit of what covers them and their version.
    pub covering: BTreeMap<(SkuId, VersionId), Quantity>,
    /// Entitlements that are set aside, by the SKU of their topmost unit.
    pub set_aside: BTreeMap<SkuId, Quantity>,
}

impl Effective {
    /// What is left, or lacking, after base units have moved; negative where demand is uncovered.
    #[must_use]
    pub fn delta(&self) -> i64 {
        self.licensed.signed() + self.moved - self.deployed.signed()
    }
}

impl Certified<'_> {
    /// The figures of each version split by scope: demand by where it is, licenses by their scope. Scopes
    /// with neither are left out.
    #[must_use]
    pub fn by_scope(&self) -> BTreeMap<(VersionId, ScopeId), VersionFigures> {
        let (estate, figures) = (self.estate(), self.figures());
        let mut rows: BTreeMap<(VersionId, ScopeId), VersionFigures> = BTreeMap::new();
        for install in &estate.installs {
            rows.entry((install.version, install.scope)).or_default().installed += install.quantity;
        }
        for (_, destination, quantity, right) in self.allocation().uses(estate) {
            if let Destination::Demand(key) = destination {
                let figures = rows.entry((key.version, key.scope)).or_default();
                figures.demand += quantity;
                figures.covered += quantity;
                figures.covered_by.add(right, quantity);
            }
        }
        for &(key, quantity) in &figures.uncovered {
            let figures = rows.entry((key.version, key.scope)).or_default();
            figures.demand += quantity;
            figures.uncovered += quantity;
        }
        for (id, license) in estate.licenses.enumerate().filter(|&(id, _)| estate.is_active(id)) {
            let row = rows.entry((estate.skus[license.sku].version, license.scope)).or_default();
            row.licensed += license.quantity.unwrap_or_default();
            row.idle += figures.licenses[id].idle.unwrap_or_default();
        }
        rows
    }

    /// The allocation as flows: what each SKU's units stand on and serve, over all places.
    #[must_use]
    pub fn flows(&self) -> Flows {
        let sku = |unit: &Unit| self.estate().licenses[unit.license].sku;
        let mut flows = Flows::default();
        let allocation = self.allocation();
        let of_rows = allocation.rows.iter().map(|row| (&row.path, row.quantity));
        for (path, quantity) in of_rows.chain(allocation.shared.iter().map(|shared| (&shared.path, shared.quantity))) {
            for (below, above) in path.iter().zip(&path[1..]) {
                *flows.stacked.entry((sku(below), sku(above))).or_default() += quantity;
            }
        }
        for (path, destination, quantity, _) in allocation.uses(self.estate()) {
            let top = sku(path.last().expect("a lawful path is never empty"));
            match destination {
                Destination::Demand(key) => *flows.covering.entry((top, key.version)).or_default() += quantity,
                Destination::SetAside(_) => *flows.set_aside.entry(top).or_default() += quantity,
            }
        }
        flows
    }

    /// The effective license position of every version.
    #[must_use]
    pub fn effective(&self) -> Table<VersionId, Effective> {
        let (estate, figures) = (self.estate(), self.figures());
        let mut rows = Table::filled(Effective::default(), estate.versions.len());
        for (version, figures) in figures.versions.enumerate() {
            rows[version].deployed = figures.demand;
        }
        for (id, license) in estate.licenses.enumerate().filter(|&(id, _)| estate.is_active(id)) {
            let sku = &estate.skus[license.sku];
            let (row, figures) = (&mut rows[sku.version], figures.licenses[id]);
            let units = license.quantity.unwrap_or(figures.used);
            if sku.is_upgrade() {
                row.upgrades += units;
            } else {
                row.licensed += units;
                row.idle += figures.idle.unwrap_or_default();
            }
        }
        for row in &self.allocation().rows {
            if let Destination::Demand(key) = row.destination {
                let base = row.path.first().expect("a lawful path is never empty");
                rows[estate.sku_of(base.license).version].moved -= row.quantity.signed();
                rows[key.version].moved += row.quantity.signed();
            }
        }
        for shared in &self.allocation().shared {
            let base = shared.path.first().expect("a lawful path is never empty");
            rows[estate.sku_of(base.license).version].moved -= shared.quantity.signed();
            for &(key, units) in &shared.covered {
                rows[key.version].moved += shared.in_all(units).signed();
            }
        }
        rows
    }
}
