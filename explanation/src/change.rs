//! Changes that might remove a shortage, and the estates they lead to.

use crate::part::Part;
use model::estate::{Assigned, Assignment, Estate, Install, License, Target, Transfer};
use model::id::{AssignmentId, ContractId, LicenseId, ScopeId, SkuId, Table, VersionId};
use model::number::Quantity;

/// One change, by ids of the whole estate.
///
/// In order: facts that may have been entered wrongly, then what costs nothing but a decision, then work on machines,
/// then what costs money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edit {
    /// The license counts on the day of the position: it has not ended, or has started.
    Count(LicenseId),
    /// The license belongs to no contract.
    AnyContract(LicenseId),
    /// The scope of the license is another.
    Widen {
        /// Which license.
        license: LicenseId,
        /// Where it may be used, with the scopes below.
        scope: ScopeId,
    },
    /// The SKU, as written, may cover one more version.
    Cover {
        /// Which SKU.
        sku: SkuId,
        /// What it may cover too.
        version: VersionId,
    },
    /// The upgrade, as written, may stand on one more version.
    StandOn {
        /// Which SKU.
        sku: SkuId,
        /// What it may be stacked on too.
        version: VersionId,
    },
    /// The assignment is dissolved.
    Release(AssignmentId),
    /// A unit of the license is assigned to a target.
    Assign {
        /// Which license.
        license: LicenseId,
        /// To whom or to what.
        target: Target,
    },
    /// Licenses whose scope is `from` may be used in `to` and below.
    Transfer {
        /// The scope of the licenses.
        from: ScopeId,
        /// Where they may be used too.
        to: ScopeId,
    },
    /// So many installs whose asset and user have no assignment are replaced by another version.
    Reinstall {
        /// What is installed.
        from: VersionId,
        /// What is put in its place.
        to: VersionId,
        /// Where.
        scope: ScopeId,
        /// Under which contract.
        contract: Option<ContractId>,
        /// How many.
        quantity: Quantity,
    },
    /// The license has so many units more.
    Enlarge {
        /// Which license.
        license: LicenseId,
        /// How many more.
        units: Quantity,
    },
    /// So many units of the SKU are bought.
    Buy {
        /// What is bought, as written.
        sku: SkuId,
        /// Where it may be used, with the scopes below.
        scope: ScopeId,
        /// How many.
        quantity: Quantity,
    },
    /// A unit of the SKU is bought and assigned to a target.
    BuyFor {
        /// What is bought, as written.
        sku: SkuId,
        /// Where it may be used, with the scopes below.
        scope: ScopeId,
        /// To whom or to what it is assigned.
        target: Target,
    },
}

impl Part<'_> {
    /// The part after some changes; none if one of them names something that is not of the part.
    pub(crate) fn changed(&self, edits: &[Edit]) -> Option<Estate> {
        let mut estate = self.estate.clone();
        let mut released: Vec<AssignmentId> = Vec::new();
        for edit in edits {
            match *edit {
                Edit::Count(license) => {
                    let license = &mut estate.licenses[self.license(license)?];
                    (license.start, license.end) = (None, None);
                }
                Edit::AnyContract(license) => estate.licenses[self.license(license)?].contract = None,
                Edit::Widen { license, scope } => estate.licenses[self.license(license)?].scope = scope,
                Edit::Cover { sku, version } => {
                    let version = self.version(version)?;
                    for row in rows_of(&estate, self.sku(sku)?) {
                        insert(&mut estate.skus[row].may_cover, version);
                    }
                }
                Edit::StandOn { sku, version } => {
                    let version = self.version(version)?;
                    for row in rows_of(&estate, self.sku(sku)?) {
                        insert(estate.skus[row].upgrades.as_mut()?, version);
                    }
                }
                Edit::Enlarge { license, units } => {
                    let row = &mut estate.licenses[self.license(license)?];
                    row.quantity = row.quantity.map(|quantity| quantity + units);
                }
                Edit::Release(assignment) => released.push(self.assignment(assignment)?),
                Edit::Assign { license, target } => assign(&mut estate, self.license(license)?, self.target(target)?),
                Edit::Transfer { from, to } => {
                    insert(&mut estate.transfers, Transfer { from, to, cost: model::number::Money::ZERO });
                }
                Edit::Reinstall { from, to, scope, contract, quantity } => {
                    let contract = match contract {
                        Some(contract) => Some(self.contract(contract)?),
                        None => None,
                    };
                    let place = (self.version(from)?, scope, contract);
                    let to = self.version(to)?;
                    replace(&mut estate.installs, place, to, quantity, &self.assigned)?;
                }
                Edit::Buy { sku, scope, quantity } => {
                    buy(&mut estate, self.sku(sku)?, scope, quantity);
                }
                Edit::BuyFor { sku, scope, target } => {
                    let lot = buy(&mut estate, self.sku(sku)?, scope, Quantity::ONE);
                    assign(&mut estate, lot, self.target(target)?);
                }
            }
        }
        if !released.is_empty() || estate.assignments.len() != self.estate.assignments.len() {
            let rows = estate.assignments.enumerate().filter(|(id, _)| !released.contains(id));
            let mut rows: Vec<Assignment> = rows.map(|(_, row)| *row).collect();
            rows.sort_unstable();
            estate.assignments = Table::new(rows);
        }
        Some(estate)
    }
}

/// All rows of a SKU: a right that is added is added whatever maintenance adds.
fn rows_of(estate: &Estate, sku: SkuId) -> Vec<SkuId> {
    let id = &estate.skus[sku].id;
    estate.skus.enumerate().filter(|(_, row)| row.id == *id).map(|(sku, _)| sku).collect()
}

/// Adds to a sorted list what it does not have.
fn insert<T: Ord>(sorted: &mut Vec<T>, row: T) {
    if let Err(position) = sorted.binary_search(&row) {
        sorted.insert(position, row);
    }
}

/// Puts a version in the place of installs that nobody is assigned anything for; none if there are not so many.
fn replace(
    installs: &mut Vec<Install>,
    place: (VersionId, ScopeId, Option<ContractId>),
    to: VersionId,
    quantity: Quantity,
    assigned: &[Target],
) -> Option<()> {
    let mut left = quantity;
    let mut replaced = Vec::new();
    for install in installs.iter_mut().filter(|row| (row.version, row.scope, row.contract) == place) {
        let targets = [install.asset.map(Target::Asset), install.user.map(Target::User)];
        let is_bound = targets.into_iter().flatten().any(|target| assigned.binary_search(&target).is_ok());
        if install.excluded.is_none() && !is_bound {
            let moved = install.quantity.min(left);
            left -= moved;
            install.quantity -= moved;
            replaced.push(Install { version: to, quantity: moved, ..install.clone() });
        }
    }
    installs.append(&mut replaced);
    installs.retain(|install| !install.quantity.is_zero());
    // The quantity comes last in the order, so that rows to be added up are neighbors.
    installs.sort_unstable();
    installs.dedup_by(|later, kept| {
        let is_alike = Install { quantity: kept.quantity, ..later.clone() } == *kept;
        if is_alike {
            kept.quantity += later.quantity;
        }
        is_alike
    });
    left.is_zero().then_some(())
}

/// Adds an assignment after all others; where it belongs is for the caller to see to.
fn assign(estate: &mut Estate, license: LicenseId, target: Target) {
    let scope = estate.licenses[license].scope;
    let assigned = Assigned::License(license);
    estate.assignments.push(Assignment { assigned, target, version: None, scope });
}

/// Adds a lot whose id comes after all others.
pub(crate) fn buy(estate: &mut Estate, sku: SkuId, scope: ScopeId, quantity: Quantity) -> LicenseId {
    let last = estate.licenses.as_slice().last().map_or("", |license| &license.id);
    let id = format!("{last}+");
    estate.licenses.push(License::lot(id, sku, quantity, scope))
}
