//! Which licenses could serve a demand, and why the others cannot.
//!
//! A license *serves* a spot if some lawful path has a unit of it: units that are active, reserved for nobody and not
//! gated, each of which may be used there; a base, and upgrades that lead to the version demanded. Quantities do not
//! matter to that: a license that serves a spot where something is uncovered is used up, or each of its paths needs a
//! license that is.
//!
//! Derived from the estate and the certified allocation alone, in few lines that share nothing with the solver.
//! *Cost*: for each spot the pairs of licenses whose rights lead there.

use crate::catalog::Catalog;
use crate::demand::{Need, Spot};
use checker::Certified;
use jiff::civil::Date;
use model::estate::{Estate, LicenseState};
use model::id::{ContractId, LicenseId, ScopeId, SkuId, Table, VersionId};
use model::number::Quantity;
use std::collections::{BTreeMap, BTreeSet};

/// Something that keeps a license from serving a spot, whatever else is allotted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// It ended on this day.
    Ended(Date),
    /// It starts on this day.
    NotStarted(Date),
    /// It has no units.
    NoUnits,
    /// All its units are reserved by assignments.
    Reserved(Quantity),
    /// Units may be used only when assigned, and so many are not; none if unlimited.
    Gated(Option<Quantity>),
    /// It may not be used in these scopes.
    Scopes(Vec<ScopeId>),
    /// Its contract is not one of these.
    Contracts(Vec<ContractId>),
    /// It is an upgrade, and no entitlement that it may stand on may be used there.
    NothingToStandOn,
    /// It may help only below an upgrade to one of these SKUs, and no unit of them may be used there.
    OnlyUnder(Vec<SkuId>),
}

/// Why a license does not help with demands of which some are uncovered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// No right leads from it to any of them.
    NoRight,
    /// Its rights lead to some of them, and each of these is barred by one of the obstacles.
    Barred {
        /// What its rights lead to.
        toward: Vec<Need>,
        /// All that bar it somewhere.
        obstacles: Vec<Obstacle>,
    },
    /// It could, and every unit of it that is reserved for nobody is used.
    UsedUp,
    /// It could, but only in one path with one of these, and they are used up.
    Blocked {
        /// Licenses without a unit left.
        by: Vec<LicenseId>,
    },
}

/// Units of a license that are reserved for nobody.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Units {
    /// All of them; none if unlimited.
    all: Option<Quantity>,
    /// Those that nothing uses; none if unlimited.
    pub(crate) left: Option<Quantity>,
    /// Whether they may be used: the license is active and not gated.
    pub(crate) are_usable: bool,
}

/// What is there, and where it may be used.
pub(crate) struct Supply<'e> {
    pub(crate) estate: &'e Estate,
    pub(crate) catalog: Catalog<'e>,
    pub(crate) units: Table<LicenseId, Units>,
    /// Licenses by SKU.
    licenses_of: Table<SkuId, Vec<LicenseId>>,
}

/// Which licenses serve a spot.
pub(crate) struct Ways {
    spot: Spot,
    /// Main versions of entitlements that may be used there.
    standing: BTreeSet<VersionId>,
    /// Licenses that lead to what is needed, alone or below upgrades that may be used there, standing or not.
    leading: BTreeSet<LicenseId>,
    /// Main versions that upgrades among these may stand on.
    upgraded: BTreeSet<VersionId>,
}

impl<'e> Supply<'e> {
    pub(crate) fn of(certified: &Certified<'e>) -> Self {
        let estate = certified.estate();
        let mut used = Table::filled(Quantity::ZERO, estate.licenses.len());
        for row in &certified.allocation().rows {
            for unit in row.path.iter().filter(|unit| unit.reserved_for.is_none()) {
                used[unit.license] += row.quantity;
            }
        }
        let mut licenses_of = Table::filled(Vec::new(), estate.skus.len());
        let units = estate.licenses.enumerate().map(|(id, license)| {
            licenses_of[license.sku].push(id);
            let all = license.quantity.map(|units| units.saturating_sub(certified.figures().licenses[id].assigned));
            Units {
                all,
                left: all.map(|all| all.saturating_sub(used[id])),
                are_usable: estate.is_active(id) && !estate.sku_of(id).use_only_when_assigned,
            }
        });
        let units = Table::new(units.collect());
        Self { estate, catalog: Catalog::new(estate), units, licenses_of }
    }

    /// Whether units of a license may be used and some are there.
    fn is_usable(&self, license: LicenseId) -> bool {
        let units = self.units[license];
        units.are_usable && units.all != Some(Quantity::ZERO)
    }

    /// Whether nothing is left of a license.
    pub(crate) fn is_used_up(&self, license: LicenseId) -> bool {
        self.units[license].left == Some(Quantity::ZERO)
    }

    /// Whether a license may be used in a scope and under a contract.
    pub(crate) fn may_be_used(&self, license: LicenseId, spot: Spot) -> bool {
        self.reaches(license, spot.scope) && self.agrees(license, spot.contract)
    }

    fn reaches(&self, license: LicenseId, scope: ScopeId) -> bool {
        let from = self.estate.licenses[license].scope;
        let transfers = || self.estate.transfers.iter().filter(move |transfer| transfer.from == from);
        let mut above = self.estate.scope_and_above(scope);
        above.any(|above| above == from || transfers().any(|transfer| transfer.to == above))
    }

    fn agrees(&self, license: LicenseId, contract: Option<ContractId>) -> bool {
        let own = self.estate.licenses[license].contract;
        own.is_none() || contract.is_none() || own == contract
    }

    /// The licenses of SKUs for which something holds.
    pub(crate) fn licenses_of<'s>(&'s self, is_meant: &'s Table<SkuId, bool>) -> impl Iterator<Item = LicenseId> + 's {
        let skus = is_meant.enumerate().filter(|&(_, &is_meant)| is_meant);
        skus.flat_map(|(sku, _)| self.licenses_of[sku].iter().copied())
    }

    /// Which licenses serve a spot.
    pub(crate) fn ways(&self, spot: Spot) -> Ways {
        let leads = self.catalog.leading_to(&BTreeSet::from([spot.need]));
        let usable = |license: &LicenseId| self.is_usable(*license) && self.may_be_used(*license, spot);
        let usable: Vec<LicenseId> = self.licenses_of(&leads).filter(usable).collect();
        let mut ways = Ways { spot, standing: BTreeSet::new(), leading: BTreeSet::new(), upgraded: BTreeSet::new() };
        // A path has no SKU twice, so that each round but the last adds a version or a license.
        let mut is_growing = true;
        while is_growing {
            is_growing = false;
            for &license in &usable {
                if self.has_base(license, &ways) {
                    is_growing |= ways.standing.insert(self.estate.sku_of(license).version);
                }
                if self.has_top(license, &ways) && ways.leading.insert(license) {
                    ways.upgraded.extend(self.estate.sku_of(license).upgrades.iter().flatten());
                    is_growing = true;
                }
            }
        }
        ways
    }

    /// Whether a license is a base or would have something to stand on.
    fn has_base(&self, license: LicenseId, ways: &Ways) -> bool {
        let upgrades = &self.estate.sku_of(license).upgrades;
        upgrades.as_ref().is_none_or(|versions| versions.iter().any(|version| ways.standing.contains(version)))
    }

    /// Whether a license serves what is needed, or would below an upgrade that may be used.
    fn has_top(&self, license: LicenseId, ways: &Ways) -> bool {
        let sku = self.estate.licenses[license].sku;
        self.catalog.serves(sku, ways.spot.need) || ways.upgraded.contains(&self.estate.skus[sku].version)
    }

    /// Whether a unit of one license may be stacked on one of another.
    fn may_stand(&self, above: LicenseId, below: LicenseId) -> bool {
        self.estate.sku_of(above).may_upgrade(self.estate.sku_of(below).version)
    }

    /// Whether a lawful path to the spot has a unit of the license.
    fn serves(&self, license: LicenseId, ways: &Ways) -> bool {
        ways.leading.contains(&license) && self.has_base(license, ways)
    }

    /// Why a license does not help with demands of which some are uncovered; each of them has its ways.
    pub(crate) fn reason(&self, license: LicenseId, demands: &[Ways]) -> Reason {
        let served: Vec<&Ways> = demands.iter().filter(|ways| self.serves(license, ways)).collect();
        if served.is_empty() {
            return self.barred(license, demands);
        }
        if self.is_used_up(license) {
            return Reason::UsedUp;
        }
        let mut by: BTreeSet<LicenseId> = BTreeSet::new();
        for ways in served {
            by.extend(self.companions(license, ways));
        }
        Reason::Blocked { by: by.into_iter().filter(|&other| self.is_used_up(other)).collect() }
    }

    /// The licenses that can be in one path with another, above or below it.
    fn companions(&self, license: LicenseId, ways: &Ways) -> BTreeSet<LicenseId> {
        let mut found = BTreeSet::new();
        let mut open = vec![license];
        while let Some(below) = open.pop() {
            let above = ways.leading.iter().copied().filter(|&above| self.may_stand(above, below));
            open.extend(above.filter(|&above| found.insert(above)));
        }
        let standing = |below: &LicenseId| self.has_base(*below, ways);
        let mut seen = BTreeSet::new();
        open.push(license);
        while let Some(above) = open.pop() {
            let below = ways.leading.iter().copied().filter(|&below| self.may_stand(above, below)).filter(standing);
            open.extend(below.filter(|&below| seen.insert(below)));
        }
        found.extend(seen);
        found
    }

    /// What bars a license that serves none of the demands.
    fn barred(&self, license: LicenseId, demands: &[Ways]) -> Reason {
        let row = &self.estate.licenses[license];
        let above = self.catalog.with_upgrades(row.sku);
        let leads = |need: Need| above.iter().any(|&sku| self.catalog.serves(sku, need));
        let wanted: Vec<&Ways> = demands.iter().filter(|ways| leads(ways.spot.need)).collect();
        if wanted.is_empty() {
            return Reason::NoRight;
        }
        let toward: BTreeSet<Need> = wanted.iter().map(|ways| ways.spot.need).collect();
        let mut obstacles = self.own_obstacles(license);
        let scopes = wanted.iter().map(|ways| ways.spot.scope).filter(|&scope| !self.reaches(license, scope));
        let scopes: BTreeSet<ScopeId> = scopes.collect();
        let contracts = wanted.iter().map(|ways| ways.spot.contract);
        let contracts: BTreeSet<ContractId> =
            contracts.filter(|&contract| !self.agrees(license, contract)).flatten().collect();
        let mut lacks_base = false;
        let mut upgrades: BTreeSet<SkuId> = BTreeSet::new();
        for ways in wanted.iter().filter(|ways| self.may_be_used(license, ways.spot)) {
            lacks_base |= !self.has_base(license, ways);
            if !self.has_top(license, ways) {
                upgrades.extend(self.catalog.upgrades_toward(row.sku, ways.spot.need));
            }
        }
        if !scopes.is_empty() {
            obstacles.push(Obstacle::Scopes(scopes.into_iter().collect()));
        }
        if !contracts.is_empty() {
            obstacles.push(Obstacle::Contracts(contracts.into_iter().collect()));
        }
        if lacks_base {
            obstacles.push(Obstacle::NothingToStandOn);
        }
        if !upgrades.is_empty() {
            obstacles.push(Obstacle::OnlyUnder(upgrades.into_iter().collect()));
        }
        Reason::Barred { toward: toward.into_iter().collect(), obstacles }
    }

    /// What bars a license everywhere.
    fn own_obstacles(&self, license: LicenseId) -> Vec<Obstacle> {
        let row = &self.estate.licenses[license];
        let units = self.units[license];
        let state = match row.state(self.estate.as_of) {
            LicenseState::Expired => row.end.map(Obstacle::Ended),
            LicenseState::NotStarted => row.start.map(Obstacle::NotStarted),
            LicenseState::Active => None,
        };
        let no_units = match (units.all, row.quantity) {
            (_, Some(Quantity::ZERO)) => Some(Obstacle::NoUnits),
            (Some(Quantity::ZERO), Some(quantity)) => Some(Obstacle::Reserved(quantity)),
            _ if self.estate.sku_of(license).use_only_when_assigned => Some(Obstacle::Gated(units.all)),
            _ => None,
        };
        state.into_iter().chain(no_units).collect()
    }

    /// The ways of all spots, each worked out once.
    pub(crate) fn all_ways<'s>(&self, spots: impl IntoIterator<Item = &'s Spot>) -> Vec<Ways> {
        spots.into_iter().map(|&spot| self.ways(spot)).collect()
    }

    /// By spot, whether a license serves it.
    pub(crate) fn served_by(&self, license: LicenseId, demands: &[Ways]) -> BTreeMap<Spot, bool> {
        demands.iter().map(|ways| (ways.spot, self.serves(license, ways))).collect()
    }
}
