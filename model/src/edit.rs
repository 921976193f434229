//! Estates that are changed: rows are edited and added, and canonical order comes back in the end.
//!
//! [`Facts`] holds an estate whose ids stay what they were while it is changed: rows added stand at the end of
//! their tables. [`Facts::finish`] keeps every promise of an [`Estate`]: it sorts, adds up installs that became alike,
//! drops names that no row names any more and renumbers. Without changes it returns the estate as it was.
//! [`Extractor`] takes the estate of some titles out of another.
//!
//! The caller sees to what only a reader can refuse: ids of new rows are new, upgrade rights are not touched, and
//! sums stay within [`crate::limits`]. Time is in proportion to the estate, but for sorting.

use crate::estate::{Estate, Install, License, Member, Scope, Sku, Target, Transfer};
use crate::id::{ContractId, Id, LicenseId, ScopeId, SkuId, Table, VersionId, ids_in};
use jiff::civil::Date;
use renumber::{Map, Maps};

mod extract;
mod renumber;
#[cfg(test)]
mod tests;

pub use extract::{Extractor, Rows, installs_of};

/// An estate that is being changed.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Rows in any order; ids are positions before the change, and beyond them those of rows added.
    estate: Estate,
    /// Of each scope that was merged into another, which one.
    merged_into: Table<ScopeId, Option<ScopeId>>,
}

impl Facts {
    /// Begins to change an estate.
    #[must_use]
    pub fn of(estate: Estate) -> Self {
        let merged_into = Table::filled(None, estate.scopes.len());
        Self { estate, merged_into }
    }

    /// The rows as they stand, by ids that stay.
    #[must_use]
    pub fn rows(&self) -> &Estate {
        &self.estate
    }

    /// The installs, for any change within the tables.
    pub fn installs_mut(&mut self) -> &mut Vec<Install> {
        &mut self.estate.installs
    }

    /// A license, for any change within the tables.
    pub fn license_mut(&mut self, license: LicenseId) -> &mut License {
        &mut self.estate.licenses[license]
    }

    /// Adds a license with a new id.
    pub fn add_license(&mut self, license: License) -> LicenseId {
        self.estate.licenses.push(license)
    }

    /// The contract with this id, which is added if it is new.
    pub fn contract(&mut self, id: &str) -> ContractId {
        // Few licenses are added: a look-up by sight costs less than an index of all contracts.
        match self.estate.contracts.as_slice().iter().position(|other| other == id) {
            Some(position) => ContractId::at(position),
            None => self.estate.contracts.push(id.to_owned()),
        }
    }

    /// The SKU that a lot has which is maintained up to a day: the one as written, or one with more rights.
    pub fn maintained_sku(&mut self, sku: SkuId, until: Option<Date>) -> SkuId {
        let row = &self.estate.skus[sku];
        let Some(until) = until.filter(|_| row.has_maintenance) else { return sku };
        let title = self.estate.versions[row.version].title;
        let newer = VersionId::at(row.version.index() + 1)..self.estate.titles[title].versions.end;
        let is_added = |version: &VersionId| {
            let released = self.estate.versions[*version].released;
            !row.may_cover(*version) && released.is_some_and(|released| released <= until)
        };
        let added: Vec<VersionId> = ids_in(&newer).filter(is_added).collect();
        let bundle = Member::maintained(&row.bundle, row.version, &added);
        let mut may_cover: Vec<VersionId> = row.may_cover.iter().copied().chain(added).collect();
        may_cover.sort_unstable();
        let is_alike = |other: &Sku| other.id == row.id && other.may_cover == may_cover;
        let found = self.estate.skus.enumerate().find(|(_, other)| is_alike(other)).map(|(id, _)| id);
        let maintained = Sku { may_cover, bundle, ..row.clone() };
        found.unwrap_or_else(|| self.estate.skus.push(maintained))
    }

    /// Where a scope has gone; it itself unless it was merged into another.
    #[must_use]
    pub fn place_of(&self, scope: ScopeId) -> ScopeId {
        std::iter::successors(Some(scope), |&scope| self.merged_into[scope]).last().unwrap_or(scope)
    }

    /// Moves all that is in a scope into another, which takes in the scopes below it. A scope that `into` lies in
    /// below `from` takes the place of `from`.
    pub fn merge_scope(&mut self, from: ScopeId, into: ScopeId) {
        assert!(from != into && self.merged_into[from].is_none() && self.merged_into[into].is_none());
        let parents: Vec<Option<ScopeId>> = self.estate.scopes.iter().map(|scope| scope.parent).collect();
        let parents = parents_after_merge(&parents, from, into);
        let moved = |scope: ScopeId| if scope == from { into } else { scope };
        for (id, parent) in self.estate.scopes.ids().zip(parents) {
            self.estate.scopes[id].parent = parent;
        }
        self.estate.installs.iter_mut().for_each(|install| install.scope = moved(install.scope));
        for license in self.estate.licenses.ids() {
            let license = &mut self.estate.licenses[license];
            license.scope = moved(license.scope);
        }
        for assignment in self.estate.assignments.ids() {
            let assignment = &mut self.estate.assignments[assignment];
            assignment.scope = moved(assignment.scope);
        }
        // What led from one of the two to the other is free now.
        let is_between = |row: &Transfer| row.from != row.to && moved(row.from) == moved(row.to);
        self.estate.transfers.retain(|row| !is_between(row));
        for transfer in &mut self.estate.transfers {
            *transfer = Transfer { from: moved(transfer.from), to: moved(transfer.to), cost: transfer.cost };
        }
        self.merged_into[from] = Some(into);
    }

    /// The estate in canonical order.
    #[must_use]
    pub fn finish(self) -> Estate {
        let Self { mut estate, merged_into } = self;
        add_up(&mut estate.installs);
        let maps = maps(&estate, &merged_into);
        let old = estate;
        let mut installs: Vec<Install> = old.installs.into_iter().map(|install| maps.install(install)).collect();
        add_up(&mut installs);
        let mut assignments: Vec<_> = old.assignments.iter().map(|row| maps.assignment(row)).collect();
        assignments.sort_unstable();
        Estate {
            name: old.name,
            as_of: old.as_of,
            currency: old.currency,
            scopes: maps
                .scopes
                .rows(old.scopes, |scope| Scope { parent: scope.parent.map(|id| maps.scopes.at(id)), ..scope }),
            transfers: transfers(&old.transfers, &maps),
            titles: old.titles,
            versions: old.versions,
            skus: maps.skus.rows(old.skus, |sku| sku),
            contracts: maps.contracts.rows(old.contracts, |name| name),
            assets: maps.assets.rows(old.assets, |name| name),
            users: maps.users.rows(old.users, |name| name),
            licenses: maps.licenses.rows(old.licenses, |license| maps.license(license)),
            installs,
            unknown_names: old.unknown_names,
            assignments: Table::new(assignments),
            thresholds: old.thresholds,
        }
    }
}

/// The parents of all scopes once one was merged into another. Its own row is left as it is.
///
/// The scopes below it move into the other; but one that the other lies in takes its place, so that no scope lies in
/// itself.
#[must_use]
pub fn parents_after_merge(parents: &[Option<ScopeId>], from: ScopeId, into: ScopeId) -> Vec<Option<ScopeId>> {
    let holds_target = |scope: ScopeId| {
        let mut above = std::iter::successors(Some(into), |&scope| parents[scope.index()]);
        above.any(|other| other == scope)
    };
    let moved = (0..parents.len()).map(ScopeId::at).map(|scope| match parents[scope.index()] {
        Some(parent) if parent == from && scope != from => {
            if holds_target(scope) {
                parents[from.index()]
            } else {
                Some(into)
            }
        }
        parent => parent,
    });
    moved.collect()
}

/// Sorts installs and adds up those that agree in everything but the quantity.
fn add_up(installs: &mut Vec<Install>) {
    installs.sort_unstable();
    installs.dedup_by(|later, kept| {
        let mut other = later.clone();
        other.quantity = kept.quantity;
        let is_alike = other == *kept;
        if is_alike {
            kept.quantity += later.quantity;
        }
        is_alike
    });
}

/// The cheapest transfer of each pair of scopes.
fn transfers(old: &[Transfer], maps: &Maps) -> Vec<Transfer> {
    let mut transfers: Vec<Transfer> = old.iter().map(|row| maps.transfer(row)).collect();
    transfers.sort_unstable();
    transfers.dedup_by_key(|row| (row.from, row.to));
    transfers
}

/// Where each row goes.
fn maps(estate: &Estate, merged_into: &Table<ScopeId, Option<ScopeId>>) -> Maps {
    let mut maps = Maps::of(estate);
    maps.scopes = Map::kept(estate.scopes.ids().filter(|&scope| merged_into[scope].is_none()), estate.scopes.len());
    let mut licenses: Vec<LicenseId> = estate.licenses.ids().collect();
    licenses.sort_by(|&one, &other| estate.licenses[one].id.as_bytes().cmp(estate.licenses[other].id.as_bytes()));
    maps.licenses = Map::kept(licenses.into_iter(), estate.licenses.len());
    maps.skus = sku_map(estate);
    let of_licenses = estate.licenses.iter().filter_map(|license| license.contract);
    let contracts = of_licenses.chain(estate.installs.iter().filter_map(|install| install.contract));
    maps.contracts = Map::named(contracts, &estate.contracts);
    let targets = || estate.assignments.iter().map(|assignment| assignment.target);
    let assets = targets().filter_map(Target::asset);
    let assets = assets.chain(estate.installs.iter().filter_map(|install| install.asset));
    maps.assets = Map::named(assets, &estate.assets);
    let users = targets().filter_map(Target::user);
    let users = users.chain(estate.installs.iter().filter_map(|install| install.user));
    maps.users = Map::named(users, &estate.users);
    maps
}

/// SKUs by id, smaller rights first; of one that covers by maintenance the row as written, and those that lots have.
fn sku_map(estate: &Estate) -> Map<SkuId> {
    let mut is_used = Table::<SkuId, bool>::filled(false, estate.skus.len());
    for license in &estate.licenses {
        is_used[license.sku] = true;
    }
    let mut skus: Vec<SkuId> = estate.skus.ids().collect();
    let key = |sku: SkuId| (estate.skus[sku].id.as_bytes(), estate.skus[sku].may_cover.len());
    skus.sort_by(|&one, &other| key(one).cmp(&key(other)));
    let mut last: Option<&str> = None;
    skus.retain(|&sku| {
        let id = estate.skus[sku].id.as_str();
        let is_as_written = last.replace(id) != Some(id);
        is_as_written || is_used[sku]
    });
    Map::kept(skus.into_iter(), estate.skus.len())
}
