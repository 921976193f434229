//! Licenses that say the same as another, that no demand can use, that have nothing to stand on.

use super::reach::Use;
use super::{Judged, Places, and_others};
use crate::diagnostic::{Code, Diagnostic, quoted};
use crate::estate::{Estate, LicenseState};
use crate::findings::Findings;
use crate::id::{ContractId, LicenseId, ScopeId, SkuId, Table, VersionId};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Reports lots that agree in everything but their id, at the second of them by id.
pub(super) fn report_twins(estate: &Estate, places: &Places, findings: &mut Findings) {
    let facts = |id: LicenseId| {
        let lot = &estate.licenses[id];
        let days = (lot.start, lot.end, lot.purchased, lot.maintenance_until);
        let papers = (lot.key.as_deref(), lot.order.as_deref(), lot.invoice.as_deref());
        (lot.sku, lot.quantity, lot.scope, lot.contract, days, papers)
    };
    let mut sorted: Vec<LicenseId> = estate.licenses.ids().collect();
    // Stable: lots that agree stay in the order of their ids.
    sorted.sort_by_key(|&id| facts(id));
    for lots in sorted.chunk_by(|&one, &other| facts(one) == facts(other)) {
        let [first, second, others @ ..] = lots else { continue };
        let name = |id: LicenseId| quoted(&estate.licenses[id].id);
        let others = match others.len() {
            0 => String::new(),
            1 => ", and so does another".to_owned(),
            count => format!(", and so do {count} others"),
        };
        let message = format!("the license {} says the same as {}{others}", name(*second), name(*first));
        findings.push(
            Diagnostic::new(Code::DuplicateLot, places.licenses[*second], message)
                .with_related(places.licenses[*first], "the same lot")
                .with_help("remove one of the two if it is one purchase"),
        );
    }
}

/// Why a license is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    /// It may be used only when assigned, and is not.
    Gated,
    /// An upgrade: no license that it might stand on is active.
    NothingBelow,
    /// An upgrade: no license that it might stand on may be used where it is needed.
    NothingBelowThere,
    /// Something that it may cover is demanded, but only where it may not be used.
    Elsewhere,
    /// Nothing that it may cover is demanded.
    Unwanted,
}

/// Where a license is at home.
type Site = (ScopeId, Option<ContractId>);

/// Reports active licenses with units that nothing can use: one finding for each SKU and fault, and for each
/// home of a license that is needed elsewhere.
///
/// Nothing is said of licenses of an inactive title, which is not calculated on purpose, nor, but for upgrades
/// without anything to stand on, in an estate without any demand, in which no license has a use.
pub(super) fn report_useless(judged: &Judged<'_>, findings: &mut Findings) {
    let estate = judged.estate;
    let is_standing = standing_anywhere(judged);
    let mut is_wanted = Table::<VersionId, bool>::filled(false, estate.versions.len());
    judged.demand.wants().for_each(|(version, ..)| is_wanted[version] = true);
    let mut faulty: BTreeMap<(SkuId, Fault, Option<Site>), Vec<LicenseId>> = BTreeMap::new();
    for id in estate.licenses.ids().filter(|&id| judged.supply.has_units(id)) {
        if let Some(fault) = fault(judged, id, &is_standing, &is_wanted) {
            let license = &estate.licenses[id];
            let site = (fault == Fault::Elsewhere).then_some((license.scope, license.contract));
            faulty.entry((estate.as_written(license.sku), fault, site)).or_default().push(id);
        }
    }
    for ((_, fault, _), licenses) in faulty {
        findings.push(finding(judged, fault, &licenses, &is_wanted));
    }
}

/// The SKUs that can be topmost in an entitlement, wherever their licenses may be used.
fn standing_anywhere(judged: &Judged<'_>) -> Table<SkuId, bool> {
    let mut is_there = judged.stacking.none();
    for (id, license) in judged.estate.licenses.enumerate() {
        let is_gated = judged.estate.skus[license.sku].use_only_when_assigned;
        if judged.supply.has_units(id) && (!is_gated || judged.supply.reserved_counts[id] > 0) {
            is_there[license.sku] = true;
        }
    }
    judged.stacking.standing(&is_there)
}

/// What is wrong with a license that is active and has units.
fn fault(
    judged: &Judged<'_>,
    id: LicenseId,
    is_standing: &Table<SkuId, bool>,
    is_wanted: &Table<VersionId, bool>,
) -> Option<Fault> {
    let license = &judged.estate.licenses[id];
    let sku = judged.estate.sku_of(id);
    if !judged.estate.title_of(sku.version).is_active {
        return None;
    }
    let is_gated = sku.use_only_when_assigned && judged.supply.reserved_counts[id] == 0;
    if !is_gated && sku.is_upgrade() && !is_standing[license.sku] {
        return Some(Fault::NothingBelow);
    }
    if judged.demand.is_empty() {
        return None;
    }
    match judged.reach.uses[id] {
        _ if is_gated => Some(Fault::Gated),
        Use::Possible => None,
        Use::NothingBelow => Some(Fault::NothingBelowThere),
        Use::Unwanted if sku.may_cover.iter().any(|&version| is_wanted[version]) => Some(Fault::Elsewhere),
        Use::Unwanted => Some(Fault::Unwanted),
    }
}

fn finding(
    judged: &Judged<'_>,
    fault: Fault,
    licenses: &[LicenseId],
    is_wanted: &Table<VersionId, bool>,
) -> Diagnostic {
    let estate = judged.estate;
    let id = licenses[0];
    let (license, sku) = (&estate.licenses[id], estate.sku_of(id));
    let sku_name = quoted(&sku.id);
    let name = match licenses.len() {
        1 => quoted(&license.id),
        count => format!("{}{} of the SKU {sku_name}", quoted(&license.id), and_others(count - 1)),
    };
    let (code, message, help) = match fault {
        Fault::Gated => (
            Code::NoUse,
            format!("no install can use the license {name}: it is used only when assigned, and nothing is assigned"),
            format!("assign it, or remove `use_only_when_assigned` from {sku_name}"),
        ),
        Fault::NothingBelow => (
            Code::NoBase,
            format!("the upgrade license {name} has nothing to stand on: {}", why_nothing_below(judged, license.sku)),
            format!("add the licenses that were upgraded, or correct `upgrades` of {sku_name}"),
        ),
        Fault::NothingBelowThere => (
            Code::NoBase,
            format!(
                "the upgrade license {name} has nothing to stand on where it is needed: \
                 no license of a version in `upgrades` is free to be used there"
            ),
            "compare its scope and contract with those of the licenses that were upgraded".to_owned(),
        ),
        Fault::Elsewhere => {
            // What maintenance adds differs between lots: the version named is one that all of them may cover.
            let narrowest = licenses.iter().map(|&id| estate.licenses[id].sku).min().unwrap_or(license.sku);
            let wanted = estate.skus[narrowest].may_cover.iter().find(|&&version| is_wanted[version]);
            let wanted = wanted.map(|&version| estate.version_text(version)).unwrap_or_default();
            let contract = license.contract.map(|contract| quoted(&estate.contracts[contract]));
            let contract = contract.map(|contract| format!(" and the contract {contract}")).unwrap_or_default();
            (
                Code::NoUse,
                format!(
                    "no install can use the license {name}: {} is needed only where it may not be used",
                    quoted(&wanted)
                ),
                format!(
                    "check the scope {}{contract}, here and in the installs",
                    quoted(&estate.scopes[license.scope].id)
                ),
            )
        }
        Fault::Unwanted => (
            Code::NoUse,
            format!("no install can use the license {name}: nothing that it may cover needs a license"),
            format!("compare the rights of {sku_name} with the versions that are installed"),
        ),
    };
    Diagnostic::new(code, judged.places.licenses[id], message).with_help(help)
}

/// Why an upgrade has nothing to stand on, with the last day on which it had where that is known.
fn why_nothing_below(judged: &Judged<'_>, upgrade: SkuId) -> String {
    let estate = judged.estate;
    let lots = || judged.stacking.below(upgrade).flat_map(|sku| judged.supply.lots_of(sku)).copied();
    let has_ended = |id: LicenseId| estate.licenses[id].state(estate.as_of) == LicenseState::Expired;
    let last = lots().filter_map(|id| Some((estate.licenses[id].end?, Reverse(id)))).max();
    match last {
        Some((end, Reverse(id))) if lots().all(has_ended) => {
            format!("the last license that it could upgrade, {}, ended on {end}", quoted(&estate.licenses[id].id))
        }
        _ => "no license of a version in its `upgrades` can be used".to_owned(),
    }
}
