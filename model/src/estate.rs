//! The estate: every fact a position is computed from, validated, in canonical order.
//!
//! Canonical order makes row order, file order and hash order drop out of every answer: named rows
//! are sorted by their ids as bytes, versions stand oldest first within their title, installs and
//! assignments are sorted by what they say and identical installs are added up.

use crate::id::{
    AssetId, AssignmentId, ContractId, Id, LicenseId, ScopeId, SkuId, Table, TitleId, UserId, VersionId, ids_in,
};
use crate::number::{Money, Quantity};
use jiff::civil::Date;
use std::ops::Range;
use std::sync::Arc;

/// A validated estate. All ids resolve in their tables; there is at least one scope; scopes form a
/// forest; upgrade rights among SKUs form no cycle; money occurs only where `currency` is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Estate {
    /// The organization.
    pub name: Option<String>,
    /// The day the position is for.
    pub as_of: Date,
    /// The currency of all money.
    pub currency: Option<Currency>,
    /// Where rights apply, by id.
    pub scopes: Table<ScopeId, Scope>,
    /// Sorted, no two alike.
    pub transfers: Vec<Transfer>,
    /// Products, by id.
    pub titles: Table<TitleId, Title>,
    /// Versions of all titles.
    pub versions: Table<VersionId, Version>,
    /// What can be bought, by id. A SKU that covers by maintenance stands once as written and once more for each
    /// larger set of versions that some of its lots may cover, smaller sets first: rights are always the SKU's.
    pub skus: Table<SkuId, Sku>,
    /// Contract ids named by licenses and installs, by bytes.
    pub contracts: Table<ContractId, String>,
    /// Asset ids named by installs and assignments, by bytes.
    pub assets: Table<AssetId, String>,
    /// User ids named by installs and assignments, by bytes.
    pub users: Table<UserId, String>,
    /// Purchase lots, by id.
    pub licenses: Table<LicenseId, License>,
    /// Measured use, sorted; no two rows agree in everything but the quantity.
    pub installs: Vec<Install>,
    /// Names of discovered software that are no known version, by bytes; their installs are no part of `installs`.
    pub unknown_names: Vec<UnknownName>,
    /// License assignments before title assignments; each by what is assigned, then by target.
    pub assignments: Table<AssignmentId, Assignment>,
    /// When a status turns yellow.
    pub thresholds: Thresholds,
}

/// A currency of ISO 4217.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Currency {
    /// Three letters.
    pub code: &'static str,
    /// Decimals of its minor unit.
    pub minor_digits: u8,
}

/// A place where rights apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The id as written.
    pub id: String,
    /// The scope this one lies in; none for a root.
    pub parent: Option<ScopeId>,
}

/// Licenses whose scope is exactly `from` may be used in `to` and below.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Transfer {
    /// The scope of the license.
    pub from: ScopeId,
    /// Where it may be used too.
    pub to: ScopeId,
    /// Cost per unit.
    pub cost: Money,
}

/// A product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    /// The id as written.
    pub id: String,
    /// The name to show, where given.
    pub name: Option<String>,
    /// Who publishes it.
    pub publisher: Option<String>,
    /// What it is rolled up into.
    pub family: Option<String>,
    /// Its versions, oldest first; never empty.
    pub versions: Range<VersionId>,
    /// Whether its demand is calculated: false for `status: inactive`.
    pub is_active: bool,
    /// What its demand is.
    pub track_by: TrackBy,
}

/// What the demand of a title is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrackBy {
    /// Its installs.
    Installations,
    /// Its assignments.
    Assignments,
}

/// One version of a title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The title it belongs to.
    pub title: TitleId,
    /// The text as written, without the title.
    pub name: String,
    /// The day it came out, where that is known.
    pub released: Option<Date>,
}

/// What can be bought, with its version rights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sku {
    /// The id as written.
    pub id: String,
    /// The main version.
    pub version: VersionId,
    /// All versions a unit may cover: the main one, `covers`, and what maintenance adds; sorted, no two alike.
    pub may_cover: Vec<VersionId>,
    /// For an upgrade: the main versions it may be stacked on; sorted, no two alike, never empty.
    pub upgrades: Option<Vec<VersionId>>,
    /// Whether only units reserved by a license assignment may be used.
    pub use_only_when_assigned: bool,
    /// What one unit costs, where that is known.
    pub unit_cost: Option<Money>,
    /// Whether a lot also covers newer versions of the title that came out while it was maintained.
    pub has_maintenance: bool,
    /// How much one entitlement covers at once.
    pub metric: Metric,
    /// For a suite: its members, whose versions are what it may cover, each in one of them; sorted, else empty.
    pub bundle: Vec<Member>,
}

/// How much one entitlement covers at once; that of its topmost SKU says it for all of its units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Metric {
    /// One install; of a suite one of each member on the same asset.
    Install,
    /// All installs within its rights on one asset.
    Device,
    /// All installs of one user within its rights.
    User {
        /// On at most so many assets, at least one; none if any number.
        max_devices: Option<Quantity>,
    },
}

/// A member of a suite.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Member {
    /// The version that stands for it: the main version of the SKU, or the newest one named.
    pub main: VersionId,
    /// The versions in which it may be covered; sorted, no two alike.
    pub versions: Vec<VersionId>,
}

/// A dated purchase lot of interchangeable units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct License {
    /// The id as written.
    pub id: String,
    /// What was bought.
    pub sku: SkuId,
    /// How many units; none if unlimited.
    pub quantity: Option<Quantity>,
    /// Where it may be used, with the scopes below.
    pub scope: ScopeId,
    /// The contract it belongs to.
    pub contract: Option<ContractId>,
    /// The first day it is active.
    pub start: Option<Date>,
    /// The last day it is active.
    pub end: Option<Date>,
    /// The day it was bought.
    pub purchased: Option<Date>,
    /// The last day on which a version that comes out is covered by maintenance.
    pub maintenance_until: Option<Date>,
    /// The license key.
    pub key: Option<String>,
    /// The purchase order.
    pub order: Option<String>,
    /// The invoice.
    pub invoice: Option<String>,
}

/// Whether a license counts on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LicenseState {
    /// `start <= day <= end`.
    Active,
    /// It ended before the day.
    Expired,
    /// It starts after the day.
    NotStarted,
}

/// Measured use of a version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Install {
    /// What is installed.
    pub version: VersionId,
    /// Where.
    pub scope: ScopeId,
    /// Under which contract.
    pub contract: Option<ContractId>,
    /// On which asset.
    pub asset: Option<AssetId>,
    /// Used by whom.
    pub user: Option<UserId>,
    /// Why it does not count, where it does not.
    pub excluded: Option<Arc<str>>,
    /// The day it was last used.
    pub last_used: Option<Date>,
    /// How many; may be zero.
    pub quantity: Quantity,
}

/// Software that was found under a name that nothing says the version of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName {
    /// The name as written.
    pub name: String,
    /// How many installs have it.
    pub quantity: Quantity,
}

/// A person or a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// A machine.
    Asset(AssetId),
    /// A person.
    User(UserId),
}

/// What an assignment ties to its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Assigned {
    /// One unit of a license.
    License(LicenseId),
    /// An entitlement to a title.
    Title(TitleId),
}

/// A license or title tied to a target; no two tie the same thing to the same target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Assignment {
    /// What is assigned.
    pub assigned: Assigned,
    /// To whom or to what.
    pub target: Target,
    /// For a title: the version wanted, if any is.
    pub version: Option<VersionId>,
    /// Where: the license's own scope or the root unless given.
    pub scope: ScopeId,
}

/// When a status turns yellow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// Per cent of reach in use from which a version is nearly short.
    pub almost_under_percent: u32,
    /// Per cent of reach in use up to which a version is over-licensed.
    pub over_percent: u32,
    /// Days ahead in which an ending license matters.
    pub expiring_days: u32,
}

impl Target {
    /// The machine, if it is one.
    #[must_use]
    pub const fn asset(self) -> Option<AssetId> {
        if let Self::Asset(asset) = self { Some(asset) } else { None }
    }

    /// The person, if it is one.
    #[must_use]
    pub const fn user(self) -> Option<UserId> {
        if let Self::User(user) = self { Some(user) } else { None }
    }
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { almost_under_percent: 90, over_percent: 0, expiring_days: 90 }
    }
}

impl Sku {
    /// Whether a unit is worthless without an entitlement to stand on.
    #[must_use]
    pub fn is_upgrade(&self) -> bool {
        self.upgrades.is_some()
    }

    /// Whether one entitlement may cover several installs.
    #[must_use]
    pub fn covers_several(&self) -> bool {
        self.metric != Metric::Install || self.bundle.len() > 1
    }

    /// The member of a suite that a version belongs to, by its position.
    #[must_use]
    pub fn member_with(&self, version: VersionId) -> Option<usize> {
        self.bundle.iter().position(|member| member.versions.binary_search(&version).is_ok())
    }

    /// The version that stands for what is covered by a version: that of its member in a suite, else the main one.
    #[must_use]
    pub fn main_for(&self, version: VersionId) -> VersionId {
        self.member_with(version).map_or(self.version, |member| self.bundle[member].main)
    }

    /// Whether a unit may cover `version`.
    #[must_use]
    pub fn may_cover(&self, version: VersionId) -> bool {
        self.may_cover.binary_search(&version).is_ok()
    }

    /// Whether a unit may be stacked on an entitlement whose topmost SKU has this main version.
    #[must_use]
    pub fn may_upgrade(&self, version: VersionId) -> bool {
        self.upgrades.as_ref().is_some_and(|versions| versions.binary_search(&version).is_ok())
    }
}

impl Member {
    /// The members of a suite with what maintenance adds to that of its main version.
    pub(crate) fn maintained(members: &[Self], main: VersionId, added: &[VersionId]) -> Vec<Self> {
        let mut members = members.to_vec();
        for member in members.iter_mut().filter(|member| member.main == main) {
            member.versions.extend(added);
            member.versions.sort_unstable();
        }
        members
    }
}

impl License {
    /// A lot of which nothing else is known: of no contract, and active on every day.
    #[must_use]
    pub const fn lot(id: String, sku: SkuId, quantity: Quantity, scope: ScopeId) -> Self {
        Self {
            id,
            sku,
            quantity: Some(quantity),
            scope,
            contract: None,
            start: None,
            end: None,
            purchased: None,
            maintenance_until: None,
            key: None,
            order: None,
            invoice: None,
        }
    }

    /// Whether it counts on `day`.
    #[must_use]
    pub fn state(&self, day: Date) -> LicenseState {
        if self.end.is_some_and(|end| end < day) {
            LicenseState::Expired
        } else if self.start.is_some_and(|start| start > day) {
            LicenseState::NotStarted
        } else {
            LicenseState::Active
        }
    }
}

impl Estate {
    /// Whether the license counts on the day of the position.
    #[must_use]
    pub fn is_active(&self, license: LicenseId) -> bool {
        self.licenses[license].state(self.as_of) == LicenseState::Active
    }

    /// The SKU of a license.
    #[must_use]
    pub fn sku_of(&self, license: LicenseId) -> &Sku {
        &self.skus[self.licenses[license].sku]
    }

    /// The title of a version.
    #[must_use]
    pub fn title_of(&self, version: VersionId) -> &Title {
        &self.titles[self.versions[version].title]
    }

    /// The newest version of a title.
    #[must_use]
    pub fn newest_version(&self, title: TitleId) -> VersionId {
        ids_in(&self.titles[title].versions).next_back().expect("a title has at least one version")
    }

    /// `title@version`.
    #[must_use]
    pub fn version_text(&self, version: VersionId) -> String {
        format!("{}@{}", self.title_of(version).id, self.versions[version].name)
    }

    /// The scope and the scopes it lies in, nearest first.
    pub fn scope_and_above(&self, scope: ScopeId) -> impl Iterator<Item = ScopeId> + '_ {
        std::iter::successors(Some(scope), |&scope| self.scopes[scope].parent)
    }

    /// The SKU with this id, as written: without what maintenance adds.
    #[must_use]
    pub fn find_sku(&self, id: &str) -> Option<SkuId> {
        let first = self.skus.as_slice().partition_point(|sku| sku.id.as_bytes() < id.as_bytes());
        self.skus.as_slice().get(first).filter(|sku| sku.id == id).map(|_| SkuId::at(first))
    }

    /// The SKU of which this one is a row, as written: without what maintenance adds.
    #[must_use]
    pub fn as_written(&self, sku: SkuId) -> SkuId {
        self.find_sku(&self.skus[sku].id).expect("a SKU has its id")
    }

    /// The version named `name` of the title with id `title`.
    #[must_use]
    pub fn find_version(&self, title: &str, name: &str) -> Option<VersionId> {
        let title = find(&self.titles, title, |title| &title.id)?;
        ids_in(&self.titles[title].versions).find(|&version| self.versions[version].name == name)
    }
}

/// The row whose key is `wanted`, in a table sorted by that key as bytes.
pub fn find<I: Id, T>(table: &Table<I, T>, wanted: &str, key: impl Fn(&T) -> &str) -> Option<I> {
    table.as_slice().binary_search_by(|row| key(row).as_bytes().cmp(wanted.as_bytes())).ok().map(I::at)
}
