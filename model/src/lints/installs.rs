//! Demand that no license can reach, and versions whose licenses have all ended.

use super::demand::Row;
use super::{Judged, and_others};
use crate::diagnostic::{Code, Diagnostic, quoted};
use crate::estate::{Estate, LicenseState, TrackBy};
use crate::findings::Findings;
use crate::id::{ContractId, LicenseId, ScopeId, SkuId, Table, VersionId};
use crate::number::Quantity;
use jiff::civil::Date;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// Places that are named in a message.
const PLACES_NAMED: usize = 3;

/// Reports demand that no license can reach: one finding for each version.
pub(super) fn report(judged: &Judged<'_>, findings: &mut Findings) {
    let rows = judged.demand.rows.iter().zip(&judged.reach.is_reached);
    let unreached: Vec<&Row> = rows.filter(|&(_, &is_reached)| !is_reached).map(|(row, _)| row).collect();
    if unreached.is_empty() {
        return;
    }
    let lots = lots_by_version(judged.estate, &unreached);
    for rows in unreached.chunk_by(|one, other| one.version == other.version) {
        let unreached = Some(rows[0].version);
        findings.push(Diagnostic { unreached, ..finding(judged, rows, &lots[rows[0].version]) });
    }
}

/// The lots with a right to a version, as far as they matter here. Ties go to the smallest id.
#[derive(Clone, Copy, Debug, Default)]
struct Lots {
    /// The first active one, with units or without.
    active: Option<LicenseId>,
    /// The one that starts next.
    next: Option<(Date, LicenseId)>,
    /// The one that ended last.
    last: Option<(Date, Reverse<LicenseId>)>,
}

impl Lots {
    fn add(&mut self, estate: &Estate, id: LicenseId) {
        let license = &estate.licenses[id];
        match license.state(estate.as_of) {
            LicenseState::Active => self.active = self.active.or(Some(id)),
            LicenseState::NotStarted => self.join(Self { next: license.start.map(|day| (day, id)), ..Self::default() }),
            // A lot without units is none that somebody bought.
            LicenseState::Expired if license.quantity == Some(Quantity::ZERO) => {}
            LicenseState::Expired => {
                self.join(Self { last: license.end.map(|day| (day, Reverse(id))), ..Self::default() });
            }
        }
    }

    fn join(&mut self, other: Self) {
        self.active = [self.active, other.active].into_iter().flatten().min();
        self.next = [self.next, other.next].into_iter().flatten().min();
        self.last = self.last.max(other.last);
    }
}

/// The lots with a right to each of the versions that something unreached demands.
fn lots_by_version(estate: &Estate, unreached: &[&Row]) -> Table<VersionId, Lots> {
    let mut of_sku: Table<SkuId, Lots> = Table::filled(Lots::default(), estate.skus.len());
    for (id, license) in estate.licenses.enumerate() {
        of_sku[license.sku].add(estate, id);
    }
    let mut is_unreached = Table::filled(false, estate.versions.len());
    for row in unreached {
        is_unreached[row.version] = true;
    }
    let mut of_version = Table::filled(Lots::default(), estate.versions.len());
    for (id, sku) in estate.skus.enumerate() {
        for &version in sku.may_cover.iter().filter(|&&version| is_unreached[version]) {
            of_version[version].join(of_sku[id]);
        }
    }
    of_version
}

/// The finding for unreached demand of one version.
fn finding(judged: &Judged<'_>, rows: &[&Row], lots: &Lots) -> Diagnostic {
    let estate = judged.estate;
    let place = rows.iter().map(|row| row.place).min().expect("a run has a row");
    let demand = demand_in_words(estate, rows);
    let license = |id: LicenseId| quoted(&estate.licenses[id].id);
    match *lots {
        Lots { active: Some(active), .. } => {
            let message = format!("no license can reach {demand}{}", places_in_words(estate, rows));
            Diagnostic::new(Code::NoLicense, place, message)
                .with_related(judged.places.licenses[active], "this license has a right to the version")
                .with_help("check where the licenses may be used, what they stand on, and to whom they are assigned")
        }
        Lots { next: Some((day, id)), .. } => {
            let message = format!(
                "no license can reach {demand}: the first with a right to it, {}, starts on {day}",
                license(id)
            );
            Diagnostic::new(Code::NoLicense, place, message)
                .with_related(judged.places.licenses[id], "this license has not started")
                .with_help("check its `start`, or add the license that is used until then")
        }
        Lots { last: Some((day, Reverse(id))), .. } => {
            let message = format!(
                "no license can reach {demand}: all with a right to it have ended, the last one, {}, on {day}",
                license(id)
            );
            Diagnostic::new(Code::Expired, place, message)
                .with_related(judged.places.licenses[id], "this license ended last")
                .with_help("add the license that replaced it, or correct its `end`")
        }
        Lots { .. } => {
            let message = format!("no license can reach {demand}: none has a right to it");
            Diagnostic::new(Code::NoLicense, place, message)
                .with_help("add a license, or add the version to `covers` of a SKU that has one")
        }
    }
}

/// "5 installs of `app@1`", or "2 assignments that demand `app@1`".
fn demand_in_words(estate: &Estate, rows: &[&Row]) -> String {
    let count: Quantity = rows.iter().map(|row| row.quantity).sum();
    let version = rows[0].version;
    let name = quoted(&estate.version_text(version));
    match (estate.title_of(version).track_by, count == Quantity::ONE) {
        (TrackBy::Installations, true) => format!("the install of {name}"),
        (TrackBy::Installations, false) => format!("{count} installs of {name}"),
        (TrackBy::Assignments, true) => format!("the assignment that demands {name}"),
        (TrackBy::Assignments, false) => format!("{count} assignments that demand {name}"),
    }
}

/// " in `emea` and in `apac` under the contract `EA-7`"; nothing where there is only one place.
fn places_in_words(estate: &Estate, rows: &[&Row]) -> String {
    if estate.scopes.len() == 1 && estate.contracts.is_empty() {
        return String::new();
    }
    let places: BTreeSet<(ScopeId, Option<ContractId>)> = rows.iter().map(|row| (row.scope, row.contract)).collect();
    let place = |&(scope, contract): &(ScopeId, Option<ContractId>)| {
        let contract = contract.map(|contract| quoted(&estate.contracts[contract]));
        let contract = contract.map(|contract| format!(" under the contract {contract}")).unwrap_or_default();
        format!("{}{contract}", quoted(&estate.scopes[scope].id))
    };
    let named: Vec<String> = places.iter().take(PLACES_NAMED).map(place).collect();
    match (named.as_slice(), places.len() - named.len()) {
        ([others @ .., last], 0) if !others.is_empty() => format!(" in {} and {last}", others.join(", ")),
        (named, hidden) => format!(" in {}{}", named.join(", "), and_others(hidden)),
    }
}
