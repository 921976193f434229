//! Who uses what: license paths with their destinations, as an auditor reads them.

use model::estate::{Estate, Target};
use model::id::{AssetId, ContractId, LicenseId, ScopeId, TitleId, UserId, VersionId};
use model::number::Quantity;

/// Who uses what in all. What neither a row nor a shared entitlement names is idle or uncovered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allocation {
    /// Sorted; no two rows agree in both path and destination.
    pub rows: Vec<Row>,
    /// Entitlements that cover several units of demand each; sorted, no two agree in both path and what they cover.
    pub shared: Vec<Shared>,
}

/// So many entitlements of one shape with one destination.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// Where the entitlements go.
    pub destination: Destination,
    /// The base unit, then the upgrade units stacked on it; never empty.
    pub path: Vec<Unit>,
    /// How many such entitlements; never zero.
    pub quantity: Quantity,
}

/// So many entitlements of one shape, each of which covers the same several units of demand.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shared {
    /// What each covers: sorted by demand, no quantity zero, two units at least.
    pub covered: Vec<(DemandKey, Quantity)>,
    /// The base unit, then the upgrade units stacked on it; never empty.
    pub path: Vec<Unit>,
    /// How many such entitlements; never zero.
    pub quantity: Quantity,
}

/// A unit of a license, as a path uses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unit {
    /// The license.
    pub license: LicenseId,
    /// The target the unit is reserved for by a license assignment; none for an unreserved unit.
    pub reserved_for: Option<Target>,
}

/// What an entitlement is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Destination {
    /// It covers demand.
    Demand(DemandKey),
    /// An assignment consumes it although nothing is installed.
    SetAside(SetAside),
}

/// What tells the demands of an estate apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DemandKey {
    /// The version demanded.
    pub version: VersionId,
    /// Where.
    pub scope: ScopeId,
    /// Under which contract.
    pub contract: Option<ContractId>,
    /// On which asset.
    pub asset: Option<AssetId>,
    /// By whom.
    pub user: Option<UserId>,
}

/// An entitlement that serves assignments alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SetAside {
    /// For whom or what.
    pub target: Target,
    /// The title assignment it meets, if it meets one: that of this title to the target.
    pub title: Option<TitleId>,
    /// The scope of the title assignment, or else of the assignment of the topmost reserved unit.
    pub scope: ScopeId,
}

/// How the topmost license of a path relates to the version it covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Right {
    /// Its main version is the one covered.
    Exact,
    /// Its main version is newer.
    Downgrade,
    /// Its main version is older.
    Newer,
    /// Its main version is of another title.
    Cross,
    /// The path has an upgrade.
    Upgrade,
    /// Nothing is covered.
    SetAside,
}

impl Right {
    /// The word in results.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Downgrade => "downgrade",
            Self::Newer => "newer",
            Self::Cross => "cross",
            Self::Upgrade => "upgrade",
            Self::SetAside => "set-aside",
        }
    }
}

impl Unit {
    /// An unreserved unit.
    #[must_use]
    pub const fn of(license: LicenseId) -> Self {
        Self { license, reserved_for: None }
    }
}

impl DemandKey {
    /// Whether the demand is on the asset, or by the user.
    #[must_use]
    pub fn is_of(&self, target: Target) -> bool {
        match target {
            Target::Asset(asset) => self.asset == Some(asset),
            Target::User(user) => self.user == Some(user),
        }
    }

    /// Whether both are for one version in one place.
    #[must_use]
    pub fn is_beside(&self, other: &Self) -> bool {
        (self.version, self.scope, self.contract) == (other.version, other.scope, other.contract)
    }

    /// The asset and the user, where there are any: those whose assignments may matter.
    pub fn targets(&self) -> impl Iterator<Item = Target> + use<> {
        self.asset.map(Target::Asset).into_iter().chain(self.user.map(Target::User))
    }
}

impl Row {
    /// Whether both take unreserved units of the same licenses to the same version in the same place: what is
    /// lawful for one is lawful for the other, and a unit of each adds the same to the figures.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let (Destination::Demand(one), Destination::Demand(two)) = (&self.destination, &other.destination) else {
            return false;
        };
        one.is_beside(two) && self.path == other.path && self.path.iter().all(|unit| unit.reserved_for.is_none())
    }

    /// How the topmost license relates to what it covers.
    #[must_use]
    pub fn right(&self, estate: &Estate) -> Right {
        match self.destination {
            Destination::Demand(demand) => right(estate, &self.path, demand.version),
            Destination::SetAside(_) => Right::SetAside,
        }
    }
}

impl Allocation {
    /// Every path with where it goes, how many units of demand are covered or set aside there and by what right; one that
    /// covers several demands comes for each of them.
    pub fn uses(&self, estate: &Estate) -> impl Iterator<Item = (&[Unit], Destination, Quantity, Right)> {
        let of_rows = self.rows.iter().map(|row| (&*row.path, row.destination, row.quantity, row.right(estate)));
        let of_shared = self.shared.iter().flat_map(|shared| {
            let demands = shared.covered.iter();
            demands.map(|&(key, units)| {
                let right = shared.right(estate, key.version);
                (&*shared.path, Destination::Demand(key), shared.in_all(units), right)
            })
        });
        of_rows.chain(of_shared)
    }
}

impl Shared {
    /// What all of the entitlements cover, of a demand of which each covers so many units.
    #[must_use]
    pub fn in_all(&self, units: Quantity) -> Quantity {
        Quantity::new(units.get() * self.quantity.get())
    }

    /// How the topmost license relates to one of the versions it covers.
    #[must_use]
    pub fn right(&self, estate: &Estate, version: VersionId) -> Right {
        right(estate, &self.path, version)
    }
}

/// How the topmost license of a path relates to a version it covers.
fn right(estate: &Estate, path: &[Unit], version: VersionId) -> Right {
    if path.len() > 1 {
        return Right::Upgrade;
    }
    let top = path.last().expect("a path is never empty");
    let main = estate.sku_of(top.license).main_for(version);
    if main == version {
        Right::Exact
    } else if estate.versions[main].title != estate.versions[version].title {
        Right::Cross
    } else if main > version {
        Right::Downgrade
    } else {
        Right::Newer
    }
}
