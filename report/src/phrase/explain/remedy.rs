//! What would remove a shortage.

use super::super::{counted, listed, listed_with, money, target};
use super::{license_name, place, state};
use crate::text::neutral;
use explanation::{Edit, Remedy};
use model::estate::{Assigned, Estate};
use model::id::{AssignmentId, LicenseId, ScopeId, SkuId, VersionId};
use model::number::Quantity;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// All remedies: licenses of which one wider scope would be enough share a sentence.
pub(crate) fn remedies(estate: &Estate, remedies: &[Remedy]) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    let mut rest = remedies;
    while let Some((first, others)) = rest.split_first() {
        let alike = rest
            .iter()
            .map_while(|remedy| wider(estate, remedy))
            .take_while(|row| Some(row.1) == wider(estate, first).map(|row| row.1));
        let licenses: Vec<LicenseId> = alike.map(|(license, _)| license).collect();
        match (licenses.len(), wider(estate, first)) {
            (2.., Some((_, (own, scope)))) => {
                let names = listed_with(licenses.iter().map(|&license| license_name(estate, license)), "or");
                let [own, scope] = [own, scope].map(|scope| neutral(&estate.scopes[scope].id));
                said.push(format!("If the scope of {names} were {scope}, not {own}: check their scopes."));
                rest = &rest[licenses.len()..];
            }
            _ => {
                said.push(remedy(estate, first));
                rest = others;
            }
        }
    }
    said
}

/// The one license that would have to have another scope, with both scopes.
fn wider(estate: &Estate, remedy: &Remedy) -> Option<(LicenseId, (ScopeId, ScopeId))> {
    match remedy.edits.as_slice() {
        &[Edit::Widen { license, scope }] => Some((license, (estate.licenses[license].scope, scope))),
        _ => None,
    }
}

/// A remedy in a sentence.
pub(crate) fn remedy(estate: &Estate, remedy: &Remedy) -> String {
    let edits = &remedy.edits;
    let parts = match edits.first() {
        Some(Edit::Release(_)) => vec![releases(estate, edits)],
        Some(&Edit::Assign { license, .. }) => vec![assigned(estate, license, edits)],
        Some(&Edit::BuyFor { sku, scope, .. }) => vec![bought_for(estate, sku, scope, edits)],
        Some(
            Edit::Count(_) | Edit::AnyContract(_) | Edit::Widen { .. } | Edit::Cover { .. } | Edit::StandOn { .. },
        ) => vec![data_error(estate, edits)],
        Some(Edit::Reinstall { .. }) => reinstalls(estate, edits),
        Some(Edit::Buy { .. }) => {
            let bought: Vec<String> = edits.iter().filter_map(|edit| bought(estate, edit)).collect();
            vec![format!("buy {}", listed(bought.into_iter()))]
        }
        _ => edits.iter().map(|edit| single(estate, edit)).collect(),
    };
    let mut phrase = listed(parts.into_iter());
    if let Some(cost) = remedy.cost {
        let _ = write!(phrase, ", for {}", money(cost, estate.currency));
    }
    let mut letters = phrase.chars();
    let first = letters.next().map_or(String::new(), |letter| letter.to_uppercase().collect());
    format!("{first}{}.", letters.as_str())
}

/// The kind of a change, as results have it.
pub(crate) const fn kind(edit: &Edit) -> &'static str {
    match edit {
        Edit::Count(_) => "count",
        Edit::AnyContract(_) => "any-contract",
        Edit::Widen { .. } => "scope",
        Edit::Cover { .. } => "cover",
        Edit::StandOn { .. } => "stand-on",
        Edit::Enlarge { .. } => "enlarge",
        Edit::Release(_) => "release",
        Edit::Assign { .. } => "assign",
        Edit::Transfer { .. } => "transfer",
        Edit::Reinstall { .. } => "reinstall",
        Edit::Buy { .. } => "buy",
        Edit::BuyFor { .. } => "buy-assigned",
    }
}

fn single(estate: &Estate, edit: &Edit) -> String {
    let scope = |scope: ScopeId| neutral(&estate.scopes[scope].id).into_owned();
    match *edit {
        Edit::Count(_) | Edit::AnyContract(_) | Edit::Widen { .. } | Edit::Cover { .. } | Edit::StandOn { .. } => {
            data_error(estate, &[*edit])
        }
        Edit::Enlarge { license, units: more } => {
            format!("buy {} more of license {}", units(more), license_name(estate, license))
        }
        Edit::Release(assignment) => releases(estate, &[Edit::Release(assignment)]),
        Edit::Assign { license, .. } => assigned(estate, license, &[*edit]),
        Edit::Transfer { from, to } => format!("let licenses of {} be used in {}", scope(from), scope(to)),
        Edit::Reinstall { .. } => listed(reinstalls(estate, &[*edit]).into_iter()),
        Edit::BuyFor { sku, scope, .. } => bought_for(estate, sku, scope, &[*edit]),
        Edit::Buy { .. } => format!("buy {}", bought(estate, edit).unwrap_or_default()),
    }
}

/// `3 units of OFF13 for emea`, of what is bought.
fn bought(estate: &Estate, edit: &Edit) -> Option<String> {
    let Edit::Buy { sku, scope, quantity } = *edit else { return None };
    let place = match estate.scopes.len() {
        1 => String::new(),
        _ => format!(" for {}", neutral(&estate.scopes[scope].id)),
    };
    Some(format!("{} of {}{place}", units(quantity), neutral(&estate.skus[sku].id)))
}

/// `if prj13, which ended on 2025-06-30, counted: check its dates`.
fn data_error(estate: &Estate, edits: &[Edit]) -> String {
    let version = |version: VersionId| neutral(&estate.version_text(version)).into_owned();
    let scope = |scope: ScopeId| neutral(&estate.scopes[scope].id).into_owned();
    let mut what = "facts";
    let clause = |edit: &Edit| match *edit {
        Edit::Count(license) => {
            (format!("{}, which {}, counted", license_name(estate, license), state(estate, license)), "dates")
        }
        Edit::AnyContract(license) => {
            let contract = estate.licenses[license].contract;
            let contract = contract.map_or(String::new(), |contract| neutral(&estate.contracts[contract]).into_owned());
            (format!("{} were not bound to contract {contract}", license_name(estate, license)), "contract")
        }
        Edit::Widen { license, scope: wider } => {
            let own = scope(estate.licenses[license].scope);
            (format!("the scope of {} were {}, not {own}", license_name(estate, license), scope(wider)), "scope")
        }
        Edit::Cover { sku, version: covered } => {
            (format!("{} might cover {} as well", neutral(&estate.skus[sku].id), version(covered)), "rights")
        }
        Edit::StandOn { sku, version: below } => {
            (format!("{} might stand on {} as well", neutral(&estate.skus[sku].id), version(below)), "rights")
        }
        _ => (single(estate, edit), "facts"),
    };
    let clauses: Vec<String> = edits
        .iter()
        .map(|edit| {
            let (clause, checked) = clause(edit);
            what = checked;
            clause
        })
        .collect();
    let whose = if edits.len() > 1 { "their" } else { "its" };
    format!("if {}: check {whose} {what}", listed(clauses.into_iter()))
}

/// `buy 2 units of SQL-CORE and assign them to asset DB-3 and asset DB-4`.
fn bought_for(estate: &Estate, sku: SkuId, scope: ScopeId, edits: &[Edit]) -> String {
    let targets: Vec<String> = edits
        .iter()
        .filter_map(|edit| match *edit {
            Edit::BuyFor { target: whose, .. } => Some(target(estate, whose)),
            _ => None,
        })
        .collect();
    let them = if targets.len() == 1 { "it" } else { "them" };
    let bought = single(estate, &Edit::Buy { sku, scope, quantity: Quantity::new(targets.len() as u64) });
    format!("{bought} and assign {them} to {}", listed(targets.into_iter()))
}

/// `put office@2010 in the place of office@2013 on 3 machines: 2 in emea and 1 in apac`.
fn reinstalls(estate: &Estate, edits: &[Edit]) -> Vec<String> {
    let mut groups: BTreeMap<(VersionId, VersionId), Vec<(Quantity, String)>> = BTreeMap::new();
    for edit in edits {
        if let Edit::Reinstall { from, to, scope, contract, quantity } = *edit {
            groups.entry((from, to)).or_default().push((quantity, place(estate, scope, contract)));
        }
    }
    let phrase = |((from, to), places): ((VersionId, VersionId), Vec<(Quantity, String)>)| {
        let all: Quantity = places.iter().map(|&(quantity, _)| quantity).sum();
        let machines = counted(all.get(), "machine", "machines");
        let [from, to] = [from, to].map(|version| neutral(&estate.version_text(version)).into_owned());
        let places = match places.as_slice() {
            [(_, place)] => place.clone(),
            several => format!(": {}", listed(several.iter().map(|(quantity, place)| format!("{quantity}{place}")))),
        };
        format!("put {to} in the place of {from} on {machines}{places}")
    };
    groups.into_iter().map(phrase).collect()
}

fn units(quantity: Quantity) -> String {
    counted(quantity.get(), "unit", "units")
}

/// `dissolve 2 assignments of sql19, for which nothing is used: of asset DB-1 and asset DB-2`.
fn releases(estate: &Estate, edits: &[Edit]) -> String {
    let ids: Vec<AssignmentId> = edits
        .iter()
        .filter_map(|edit| match *edit {
            Edit::Release(id) => Some(id),
            _ => None,
        })
        .collect();
    let what = ids.first().map_or(String::new(), |&id| match estate.assignments[id].assigned {
        Assigned::License(license) => license_name(estate, license),
        Assigned::Title(title) => neutral(&estate.titles[title].id).into_owned(),
    });
    let targets = listed(ids.iter().map(|&id| target(estate, estate.assignments[id].target)));
    let count = counted(ids.len() as u64, "assignment", "assignments");
    format!("dissolve {count} of {what}, for which an entitlement is only set aside: {targets}")
}

/// `assign 2 units of sql19: to asset DB-3 and asset DB-4`.
fn assigned(estate: &Estate, license: LicenseId, edits: &[Edit]) -> String {
    let targets: Vec<String> = edits
        .iter()
        .filter_map(|edit| match *edit {
            Edit::Assign { target: whose, .. } => Some(target(estate, whose)),
            _ => None,
        })
        .collect();
    let count = units(Quantity::new(targets.len() as u64));
    format!("assign {count} of {} to {}", license_name(estate, license), listed(targets.into_iter()))
}
