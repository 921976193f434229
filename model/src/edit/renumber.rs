//! From ids of one estate to ids of another.

use crate::estate::{Assigned, Assignment, Estate, Install, License, Member, Sku, Target, Transfer};
use crate::id::{AssetId, ContractId, Id, LicenseId, ScopeId, SkuId, Table, TitleId, UserId, VersionId};
use std::fmt;
use std::ops::Range;

/// Of each id of a table the id it gets, if it is kept.
#[derive(Clone, Debug)]
pub(super) struct Map<I> {
    to: Table<I, Option<I>>,
    kept_count: usize,
}

impl<I: Id + fmt::Debug> Map<I> {
    /// All ids of a table, as they are.
    pub(super) fn identity(count: usize) -> Self {
        Self::kept((0..count).map(I::at), count)
    }

    /// The ids that are kept, in their new order, of a table of so many.
    pub(super) fn kept(ids: impl Iterator<Item = I>, count: usize) -> Self {
        let mut map = Self { to: Table::filled(None, count), kept_count: 0 };
        map.keep(ids);
        map
    }

    /// Names that are named by rows, sorted by bytes.
    pub(super) fn named(ids: impl Iterator<Item = I>, names: &Table<I, String>) -> Self {
        let mut is_named = Table::<I, bool>::filled(false, names.len());
        for id in ids {
            is_named[id] = true;
        }
        let mut kept: Vec<I> = names.ids().filter(|&id| is_named[id]).collect();
        kept.sort_by(|&one, &other| names[one].as_bytes().cmp(names[other].as_bytes()));
        Self::kept(kept.into_iter(), names.len())
    }

    /// Keeps these ids, in their new order, in place of what was kept before; what is not among them may keep its
    /// old number and must not be asked for.
    pub(super) fn keep(&mut self, ids: impl Iterator<Item = I>) {
        self.kept_count = 0;
        for id in ids {
            self.to[id] = Some(I::at(self.kept_count));
            self.kept_count += 1;
        }
    }

    /// The new id of one that is kept.
    pub(super) fn at(&self, id: I) -> I {
        self.to[id].expect("a row that is kept names only rows that are kept")
    }

    /// The rows that are kept, in their new order.
    pub(super) fn rows<T>(&self, old: Table<I, T>, mut change: impl FnMut(T) -> T) -> Table<I, T> {
        let mut rows: Vec<Option<T>> = std::iter::repeat_with(|| None).take(self.kept_count).collect();
        for (row, to) in old.into_rows().into_iter().zip(&self.to) {
            if let Some(to) = to {
                rows[to.index()] = Some(change(row));
            }
        }
        Table::new(rows.into_iter().map(|row| row.expect("every new number has a row")).collect())
    }
}

impl Map<VersionId> {
    /// The new ids of a title's versions, which stay together.
    pub(super) fn range(&self, versions: &Range<VersionId>) -> Range<VersionId> {
        let first = self.at(versions.start).index();
        VersionId::at(first)..VersionId::at(first + versions.end.index() - versions.start.index())
    }
}

/// Maps for all tables of an estate.
#[derive(Clone, Debug)]
pub(super) struct Maps {
    pub(super) scopes: Map<ScopeId>,
    pub(super) titles: Map<TitleId>,
    pub(super) versions: Map<VersionId>,
    pub(super) skus: Map<SkuId>,
    pub(super) contracts: Map<ContractId>,
    pub(super) assets: Map<AssetId>,
    pub(super) users: Map<UserId>,
    pub(super) licenses: Map<LicenseId>,
}

impl Maps {
    /// All rows as they are.
    pub(super) fn of(estate: &Estate) -> Self {
        Self {
            scopes: Map::identity(estate.scopes.len()),
            titles: Map::identity(estate.titles.len()),
            versions: Map::identity(estate.versions.len()),
            skus: Map::identity(estate.skus.len()),
            contracts: Map::identity(estate.contracts.len()),
            assets: Map::identity(estate.assets.len()),
            users: Map::identity(estate.users.len()),
            licenses: Map::identity(estate.licenses.len()),
        }
    }

    pub(super) fn install(&self, install: Install) -> Install {
        Install {
            version: self.versions.at(install.version),
            scope: self.scopes.at(install.scope),
            contract: install.contract.map(|id| self.contracts.at(id)),
            asset: install.asset.map(|id| self.assets.at(id)),
            user: install.user.map(|id| self.users.at(id)),
            ..install
        }
    }

    pub(super) fn license(&self, license: License) -> License {
        License {
            sku: self.skus.at(license.sku),
            scope: self.scopes.at(license.scope),
            contract: license.contract.map(|id| self.contracts.at(id)),
            ..license
        }
    }

    pub(super) fn sku(&self, sku: &Sku) -> Sku {
        let moved = |versions: &Vec<VersionId>| versions.iter().map(|&id| self.versions.at(id)).collect();
        let member =
            |member: &Member| Member { main: self.versions.at(member.main), versions: moved(&member.versions) };
        Sku {
            version: self.versions.at(sku.version),
            may_cover: moved(&sku.may_cover),
            upgrades: sku.upgrades.as_ref().map(moved),
            bundle: sku.bundle.iter().map(member).collect(),
            ..sku.clone()
        }
    }

    pub(super) fn target(&self, target: Target) -> Target {
        match target {
            Target::Asset(id) => Target::Asset(self.assets.at(id)),
            Target::User(id) => Target::User(self.users.at(id)),
        }
    }

    pub(super) fn assignment(&self, assignment: &Assignment) -> Assignment {
        Assignment {
            assigned: match assignment.assigned {
                Assigned::License(id) => Assigned::License(self.licenses.at(id)),
                Assigned::Title(id) => Assigned::Title(self.titles.at(id)),
            },
            target: self.target(assignment.target),
            version: assignment.version.map(|id| self.versions.at(id)),
            scope: self.scopes.at(assignment.scope),
        }
    }

    pub(super) fn transfer(&self, transfer: &Transfer) -> Transfer {
        Transfer { from: self.scopes.at(transfer.from), to: self.scopes.at(transfer.to), cost: transfer.cost }
    }
}
