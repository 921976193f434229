//! Which demand any license can reach, and which licenses any demand can use.
//!
//! Demand is looked at in kinds of places: scopes served by the same licensed scopes, under contracts that the
//! same licenses serve. In each, the SKUs with a unit that may be used there are stacked bottom up, and followed
//! top down from those that may cover what is demanded there. That is exact for unreserved units.
//!
//! Reserved units are on top of every path they are in, save for further ones of the same target. So demand
//! counts as reached where a unit reserved for its asset or user may cover it and be used there, whatever that
//! stands on; and a license that a reserved unit might stand on counts as used. Both err toward silence.

use super::demand::{Demand, Row};
use super::stacking::Stacking;
use crate::estate::{Assigned, Estate, License, Target};
use crate::id::{ContractId, LicenseId, ScopeId, SkuId, Table, VersionId};
use std::collections::{BTreeMap, BTreeSet};

/// The units that there are.
pub(super) struct Supply<'e> {
    estate: &'e Estate,
    lots_of: Table<SkuId, Vec<LicenseId>>,
    /// Units of each license that an assignment reserves.
    pub(super) reserved_counts: Table<LicenseId, u64>,
    /// The licenses of which a unit is reserved for a target.
    reserved_for: BTreeMap<Target, Vec<LicenseId>>,
}

/// How far a license comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Use {
    /// Where it may be used, nothing is demanded that it may cover or help to cover.
    Unwanted,
    /// An upgrade: what it may cover is demanded where it may be used, but it has nothing to stand on there.
    NothingBelow,
    /// Some demand can use it.
    Possible,
}

/// Who reaches whom.
pub(super) struct Reach {
    /// Of each row of the demand, whether some license can reach it.
    pub(super) is_reached: Vec<bool>,
    /// How far each license comes with its unreserved units.
    pub(super) uses: Table<LicenseId, Use>,
}

impl<'e> Supply<'e> {
    /// Honors license assignments: the estate lists those of a license in the order in which they are honored.
    pub(super) fn new(estate: &'e Estate) -> Self {
        let mut reserved_counts = Table::filled(0, estate.licenses.len());
        let mut reserved_for: BTreeMap<Target, Vec<LicenseId>> = BTreeMap::new();
        for assignment in &estate.assignments {
            let Assigned::License(id) = assignment.assigned else { continue };
            let has_unit = estate.licenses[id].quantity.is_none_or(|units| units.get() > reserved_counts[id]);
            if estate.is_active(id) && has_unit {
                reserved_counts[id] += 1;
                reserved_for.entry(assignment.target).or_default().push(id);
            }
        }
        let mut lots_of = Table::filled(Vec::new(), estate.skus.len());
        estate.licenses.enumerate().for_each(|(id, license)| lots_of[license.sku].push(id));
        Self { estate, lots_of, reserved_counts, reserved_for }
    }

    /// The lots of a SKU, active or not.
    pub(super) fn lots_of(&self, sku: SkuId) -> &[LicenseId] {
        &self.lots_of[sku]
    }

    /// Whether it is active and has a unit, reserved or not.
    pub(super) fn has_units(&self, id: LicenseId) -> bool {
        self.estate.is_active(id) && self.estate.licenses[id].quantity.is_none_or(|units| !units.is_zero())
    }

    /// Whether it has a unit that no assignment reserves and that needs none.
    fn is_free(&self, id: LicenseId) -> bool {
        let units = self.estate.licenses[id].quantity;
        self.has_units(id)
            && !self.estate.sku_of(id).use_only_when_assigned
            && units.is_none_or(|units| units.get() > self.reserved_counts[id])
    }

    /// Whether a unit reserved for a target of the demand may cover it, given something to stand on.
    fn is_reserved_for(&self, row: &Row) -> bool {
        let mut reserved = row.targets().filter_map(|target| self.reserved_for.get(&target)).flatten();
        reserved.any(|&id| {
            self.estate.sku_of(id).may_cover(row.version)
                && is_usable(self.estate, &self.estate.licenses[id], row.scope, row.contract)
        })
    }
}

/// Whether a license may be used for an install in `scope` under `contract`.
pub(super) fn is_usable(estate: &Estate, license: &License, scope: ScopeId, contract: Option<ContractId>) -> bool {
    let is_transferable = |to: ScopeId| {
        let key = (license.scope, to);
        estate.transfers.binary_search_by_key(&key, |transfer| (transfer.from, transfer.to)).is_ok()
    };
    is_under(license.contract, contract)
        && estate.scope_and_above(scope).any(|above| above == license.scope || is_transferable(above))
}

/// A missing contract on either side is no restriction.
fn is_under(license: Option<ContractId>, install: Option<ContractId>) -> bool {
    license.is_none() || install.is_none() || license == install
}

impl Reach {
    pub(super) fn new(estate: &Estate, stacking: &Stacking<'_>, supply: &Supply<'_>, demand: &Demand) -> Self {
        let mut licenses_in: Table<ScopeId, Vec<LicenseId>> = Table::filled(Vec::new(), estate.scopes.len());
        for id in estate.licenses.ids().filter(|&id| supply.is_free(id)) {
            licenses_in[estate.licenses[id].scope].push(id);
        }
        let kinds = Kinds::new(estate, &licenses_in, demand);
        let mut wanted = vec![BTreeSet::new(); kinds.kinds.len()];
        for (version, scope, contract) in demand.wants() {
            wanted[kinds.of_place[&(scope, contract)]].insert(version);
        }
        let mut uses = used_by_reserved_units(estate, stacking, supply);
        let mark = |(kind, wanted): (&Kind, BTreeSet<VersionId>)| {
            let licenses = kind.sources.iter().flat_map(|&scope| &licenses_in[scope]).copied();
            let licenses = licenses.filter(|&id| kind.under.admits(estate.licenses[id].contract)).collect();
            Here { estate, stacking, licenses, wanted }.mark(&mut uses)
        };
        let covered: Vec<BTreeSet<VersionId>> = kinds.kinds.iter().zip(wanted).map(mark).collect();
        let is_covered = |row: &Row| covered[kinds.of_place[&(row.scope, row.contract)]].contains(&row.version);
        let is_reached = demand.rows.iter().map(|row| is_covered(row) || supply.is_reserved_for(row)).collect();
        Self { is_reached, uses }
    }
}

/// Licenses with reserved units are used by those; so is all that reserved upgrades might stand on.
fn used_by_reserved_units(estate: &Estate, stacking: &Stacking<'_>, supply: &Supply<'_>) -> Table<LicenseId, Use> {
    let is_reserved = |id: LicenseId| supply.reserved_counts[id] > 0;
    let reserved: BTreeSet<SkuId> =
        estate.licenses.ids().filter(|&id| is_reserved(id)).map(|id| estate.licenses[id].sku).collect();
    let directly_below = reserved.into_iter().flat_map(|sku| stacking.below(sku)).collect();
    let is_below = stacking.in_entitlements(directly_below, &Table::filled(true, estate.skus.len()));
    let uses = estate
        .licenses
        .ids()
        .map(|id| if is_reserved(id) || is_below[estate.licenses[id].sku] { Use::Possible } else { Use::Unwanted });
    Table::new(uses.collect())
}

/// What places have in common that the same free licenses may be used in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    /// The scopes of those licenses, sorted.
    sources: Vec<ScopeId>,
    under: Under,
}

/// What the contract of a place asks of a license.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Under {
    /// There is no contract.
    Anything,
    /// This contract or none.
    Contract(ContractId),
    /// No contract: that of the place is not one of any license.
    Nothing,
}

impl Under {
    fn admits(self, license: Option<ContractId>) -> bool {
        match self {
            Self::Anything => true,
            Self::Contract(contract) => is_under(license, Some(contract)),
            Self::Nothing => license.is_none(),
        }
    }
}

/// The kinds of places in which something is demanded.
struct Kinds {
    kinds: Vec<Kind>,
    of_place: BTreeMap<(ScopeId, Option<ContractId>), usize>,
}

impl Kinds {
    fn new(estate: &Estate, licenses_in: &Table<ScopeId, Vec<LicenseId>>, demand: &Demand) -> Self {
        let mut transfers_to: Table<ScopeId, Vec<ScopeId>> = Table::filled(Vec::new(), estate.scopes.len());
        for transfer in estate.transfers.iter().filter(|transfer| !licenses_in[transfer.from].is_empty()) {
            transfers_to[transfer.to].push(transfer.from);
        }
        let contracts: BTreeSet<ContractId> = estate.licenses.iter().filter_map(|license| license.contract).collect();
        let kind = |(scope, contract): (ScopeId, Option<ContractId>)| {
            let above = estate.scope_and_above(scope);
            let sources = above.flat_map(|above| {
                let own = Some(above).filter(|&above| !licenses_in[above].is_empty());
                own.into_iter().chain(transfers_to[above].iter().copied())
            });
            let sources: BTreeSet<ScopeId> = sources.collect();
            let under = match contract {
                None => Under::Anything,
                Some(contract) if contracts.contains(&contract) => Under::Contract(contract),
                Some(_) => Under::Nothing,
            };
            Kind { sources: sources.into_iter().collect(), under }
        };
        let places: BTreeSet<(ScopeId, Option<ContractId>)> =
            demand.wants().map(|(_, scope, contract)| (scope, contract)).collect();
        let mut indices: BTreeMap<Kind, usize> = BTreeMap::new();
        let mut kinds = Self { kinds: Vec::new(), of_place: BTreeMap::new() };
        for place in places {
            let index = *indices.entry(kind(place)).or_insert_with_key(|kind| {
                kinds.kinds.push(kind.clone());
                kinds.kinds.len() - 1
            });
            kinds.of_place.insert(place, index);
        }
        kinds
    }
}

/// A kind of place.
struct Here<'a> {
    estate: &'a Estate,
    stacking: &'a Stacking<'a>,
    /// Those with free units that may be used here.
    licenses: Vec<LicenseId>,
    wanted: BTreeSet<VersionId>,
}

impl Here<'_> {
    /// Marks the licenses that are of use here and returns the versions that can be covered.
    fn mark(&self, uses: &mut Table<LicenseId, Use>) -> BTreeSet<VersionId> {
        let sku_of = |id: LicenseId| self.estate.licenses[id].sku;
        let mut is_there = self.stacking.none();
        self.licenses.iter().for_each(|&id| is_there[sku_of(id)] = true);
        let is_standing = self.stacking.standing(&is_there);
        let covers_wanted: Vec<SkuId> = is_there.ids().filter(|&sku| is_there[sku] && self.may_cover(sku)).collect();
        let topmost: Vec<SkuId> = covers_wanted.iter().copied().filter(|&sku| is_standing[sku]).collect();
        let may_cover = topmost.iter().flat_map(|&sku| &self.estate.skus[sku].may_cover).copied();
        let covered = may_cover.filter(|version| self.wanted.contains(version)).collect();
        let is_used = self.stacking.in_entitlements(topmost, &is_standing);
        for &id in &self.licenses {
            let found = if is_used[sku_of(id)] {
                Use::Possible
            } else if covers_wanted.binary_search(&sku_of(id)).is_ok() {
                Use::NothingBelow
            } else {
                Use::Unwanted
            };
            uses[id] = uses[id].max(found);
        }
        covered
    }

    /// Whether a SKU may cover something wanted here.
    fn may_cover(&self, sku: SkuId) -> bool {
        self.estate.skus[sku].may_cover.iter().any(|version| self.wanted.contains(version))
    }
}
