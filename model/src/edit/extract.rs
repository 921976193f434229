//! The estate of some titles, taken out of one that has more.

use super::renumber::Maps;
use crate::estate::{Assignment, Estate, Install, License, Target, Title, Version};
use crate::id::{AssetId, AssignmentId, ContractId, LicenseId, SkuId, Table, TitleId, UserId, VersionId, ids_in};
use std::ops::Range;

/// Takes estates out of one; memory is in proportion to it, time for each to what is taken out, but for sorting, and
/// to the scopes and transfers, which all are kept.
#[derive(Clone, Debug)]
pub struct Extractor<'e> {
    estate: &'e Estate,
    maps: Maps,
}

/// What is taken out: each list sorted, no two alike.
///
/// The rights of the SKUs lie in the titles, the licenses are of the SKUs, the assignments tie the licenses and the
/// titles. Installs are those of the titles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Products, with all their versions and installs.
    pub titles: Vec<TitleId>,
    /// What can be bought.
    pub skus: Vec<SkuId>,
    /// Purchase lots.
    pub licenses: Vec<LicenseId>,
    /// Ties of the licenses and the titles.
    pub assignments: Vec<AssignmentId>,
}

impl<'e> Extractor<'e> {
    /// Prepares to take estates out of one.
    #[must_use]
    pub fn new(estate: &'e Estate) -> Self {
        Self { estate, maps: Maps::of(estate) }
    }

    /// The estate of these rows. Unknown names are in none.
    pub fn extract(&mut self, rows: &Rows) -> Estate {
        let estate = self.estate;
        let licenses: Vec<&License> = rows.licenses.iter().map(|&id| &estate.licenses[id]).collect();
        let assignments: Vec<&Assignment> = rows.assignments.iter().map(|&id| &estate.assignments[id]).collect();
        let installs: Vec<&[Install]> =
            rows.titles.iter().map(|&title| installs_of(estate, &estate.titles[title])).collect();
        let installs = || installs.iter().copied().flatten();
        let versions: Vec<VersionId> =
            rows.titles.iter().flat_map(|&title| ids_in(&estate.titles[title].versions)).collect();
        let contracts = licenses.iter().filter_map(|license| license.contract);
        let contracts: Vec<ContractId> = sorted(contracts.chain(installs().filter_map(|install| install.contract)));
        let assets = assignments.iter().filter_map(|assignment| assignment.target.asset());
        let assets: Vec<AssetId> = sorted(assets.chain(installs().filter_map(|install| install.asset)));
        let users = assignments.iter().filter_map(|assignment| assignment.target.user());
        let users: Vec<UserId> = sorted(users.chain(installs().filter_map(|install| install.user)));

        let maps = &mut self.maps;
        maps.titles.keep(rows.titles.iter().copied());
        maps.versions.keep(versions.iter().copied());
        maps.skus.keep(rows.skus.iter().copied());
        maps.licenses.keep(rows.licenses.iter().copied());
        maps.contracts.keep(contracts.iter().copied());
        maps.assets.keep(assets.iter().copied());
        maps.users.keep(users.iter().copied());
        let maps = &*maps;
        let title = |&id: &TitleId| {
            let title = &estate.titles[id];
            Title { versions: maps.versions.range(&title.versions), ..title.clone() }
        };
        let version = |&id: &VersionId| {
            let version = &estate.versions[id];
            Version { title: maps.titles.at(version.title), ..version.clone() }
        };
        Estate {
            name: estate.name.clone(),
            as_of: estate.as_of,
            currency: estate.currency,
            scopes: estate.scopes.clone(),
            transfers: estate.transfers.clone(),
            titles: Table::new(rows.titles.iter().map(title).collect()),
            versions: Table::new(versions.iter().map(version).collect()),
            skus: Table::new(rows.skus.iter().map(|&id| maps.sku(&estate.skus[id])).collect()),
            contracts: Table::new(contracts.iter().map(|&id| estate.contracts[id].clone()).collect()),
            assets: Table::new(assets.iter().map(|&id| estate.assets[id].clone()).collect()),
            users: Table::new(users.iter().map(|&id| estate.users[id].clone()).collect()),
            licenses: Table::new(licenses.iter().map(|&license| maps.license(license.clone())).collect()),
            installs: installs().map(|install| maps.install(install.clone())).collect(),
            unknown_names: Vec::new(),
            assignments: Table::new(assignments.iter().map(|row| maps.assignment(row)).collect()),
            thresholds: estate.thresholds,
        }
    }

    /// What a version taken out last became.
    #[must_use]
    pub fn version(&self, version: VersionId) -> VersionId {
        self.maps.versions.at(version)
    }

    /// What a SKU taken out last became.
    #[must_use]
    pub fn sku(&self, sku: SkuId) -> SkuId {
        self.maps.skus.at(sku)
    }

    /// What a license taken out last became.
    #[must_use]
    pub fn license(&self, license: LicenseId) -> LicenseId {
        self.maps.licenses.at(license)
    }

    /// What a target named by rows taken out last became.
    #[must_use]
    pub fn target(&self, target: Target) -> Target {
        self.maps.target(target)
    }
}

/// The installs of a title: they are sorted by version, and the versions of a title stand together.
#[must_use]
pub fn installs_of<'e>(estate: &'e Estate, title: &Title) -> &'e [Install] {
    let Range { start, end } = title.versions;
    let position = |version: VersionId| estate.installs.partition_point(|install| install.version < version);
    &estate.installs[position(start)..position(end)]
}

fn sorted<I: Ord>(ids: impl Iterator<Item = I>) -> Vec<I> {
    let mut ids: Vec<I> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
