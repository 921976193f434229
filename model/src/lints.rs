//! What is suspicious in an estate that is valid: warnings, which never refuse it.
//!
//! Run once, after an estate is resolved and only if it has no errors. Who could cover what is judged by the
//! law of the input contract (sections 3 and 4), for one unit at a time: quantities matter only where they are
//! zero, and nothing is solved.
//!
//! *Guaranteed*: a warning is true. Where the law is approximated here, that can only hide one: a unit that an
//! assignment reserves counts as able to stand on anything of the right version, wherever that may be used.
//! *Also guaranteed*: one finding for each version, SKU, lot or title rather than for each row, with words that
//! do not depend on the order of rows; it stands at the first row it is about, or at the row with the first id.
//! *Cost*: in each kind of place (scopes that the same licenses serve, contracts that the same licenses serve),
//! time linear in the version rights of the licenses that may be used there; besides, linear in pools of
//! installs, licenses and assignments, times the depth of scopes. *Cannot*: see a shortage, or a license that
//! other ones make superfluous; that is what a position is for.

mod assignments;
mod demand;
mod installs;
mod licenses;
mod reach;
mod rights;
mod stacking;
#[cfg(test)]
mod tests;

use crate::diagnostic::{FileId, Place};
use crate::estate::{Estate, Install, Target};
use crate::findings::Findings;
use crate::id::{AssetId, AssignmentId, ContractId, LicenseId, ScopeId, SkuId, Table, TitleId, UserId, VersionId};
use crate::number::Quantity;
use demand::Demand;
use reach::{Reach, Supply};
use stacking::Stacking;
use std::collections::BTreeSet;

/// Where the facts of an estate stand.
#[derive(Debug)]
pub(crate) struct Places {
    /// The id of each license.
    pub(crate) licenses: Table<LicenseId, Place>,
    /// The rights to other titles than that of the main version, each of a SKU as written.
    pub(crate) foreign_rights: Vec<(SkuId, Right)>,
    /// The row of each assignment.
    pub(crate) assignments: Table<AssignmentId, Place>,
    /// The installs that count, sorted.
    pub(crate) installs: Vec<InstallPool>,
}

/// The first reference to a title in `covers` or `upgrades` of a SKU.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Right {
    /// The key it stands under.
    pub(crate) key: &'static str,
    pub(crate) title: TitleId,
    pub(crate) place: Place,
}

/// Installs that are not excluded and agree in all that is here but quantity and place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct InstallPool {
    pub(crate) version: VersionId,
    pub(crate) scope: ScopeId,
    pub(crate) contract: Option<ContractId>,
    /// Only of an asset that has an assignment.
    pub(crate) asset: Option<AssetId>,
    /// Only of a user that has an assignment.
    pub(crate) user: Option<UserId>,
    /// Never zero.
    pub(crate) quantity: Quantity,
    /// The version in the first row.
    pub(crate) place: Place,
}

/// What the lints are judged by.
struct Judged<'e> {
    estate: &'e Estate,
    places: &'e Places,
    stacking: Stacking<'e>,
    supply: Supply<'e>,
    demand: Demand,
    reach: Reach,
}

/// Reports all lints of an estate.
pub(crate) fn report(estate: &Estate, places: &Places, findings: &mut Findings) {
    let (stacking, supply) = (Stacking::new(estate), Supply::new(estate));
    let demand = Demand::new(estate, places);
    let reach = Reach::new(estate, &stacking, &supply, &demand);
    let judged = Judged { estate, places, stacking, supply, demand, reach };
    rights::report(estate, places, findings);
    licenses::report_twins(estate, places, findings);
    licenses::report_useless(&judged, findings);
    installs::report(&judged, findings);
    assignments::report(estate, places, findings);
}

/// The versions of which some demand is out of reach of every license; what these are called in files plays no part.
#[must_use]
pub fn unreached(estate: &Estate) -> BTreeSet<VersionId> {
    let demand = Demand::new(estate, &Places::nowhere(estate));
    let reach = Reach::new(estate, &Stacking::new(estate), &Supply::new(estate), &demand);
    let rows = demand.rows.iter().zip(reach.is_reached);
    rows.filter(|&(_, is_reached)| !is_reached).map(|(row, _)| row.version).collect()
}

impl Places {
    /// Of an estate that was not read.
    fn nowhere(estate: &Estate) -> Self {
        let place = Place::start_of(FileId(0));
        let assigned: BTreeSet<Target> = estate.assignments.iter().map(|assignment| assignment.target).collect();
        let counted = estate.installs.iter().filter(|row| row.excluded.is_none() && !row.quantity.is_zero());
        let pool = |install: &Install| {
            let &Install { version, scope, contract, quantity, .. } = install;
            let asset = install.asset.filter(|&asset| assigned.contains(&Target::Asset(asset)));
            let user = install.user.filter(|&user| assigned.contains(&Target::User(user)));
            InstallPool { version, scope, contract, asset, user, quantity, place }
        };
        Self {
            licenses: Table::filled(place, estate.licenses.len()),
            foreign_rights: Vec::new(),
            assignments: Table::filled(place, estate.assignments.len()),
            installs: counted.map(pool).collect(),
        }
    }
}

/// " and another", " and 5 others"; nothing for none.
fn and_others(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => " and another".to_owned(),
        count => format!(" and {count} others"),
    }
}
