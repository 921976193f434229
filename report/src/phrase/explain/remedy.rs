//! What would remove a shortage.

use super::super::{counted, listed, money, target};
use super::{license_name, place, state};
use crate::text::neutral;
use explanation::{Edit, Remedy};
use model::estate::{Assigned, Estate};
use model::id::{AssignmentId, LicenseId, VersionId};
use model::number::Quantity;

/// A remedy in a sentence.
pub(crate) fn remedy(estate: &Estate, remedy: &Remedy) -> String {
    let edits = &remedy.edits;
    let parts = match edits.first() {
        Some(Edit::Release(_)) => vec![releases(estate, edits)],
        Some(&Edit::Assign { license, .. }) => vec![assigned(estate, license, edits)],
        _ => edits.iter().map(|edit| single(estate, edit)).collect(),
    };
    let mut phrase = listed(parts.into_iter());
    if let Some(cost) = remedy.cost {
        phrase += &format!(", for {}", money(cost, estate.currency));
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
    }
}

fn single(estate: &Estate, edit: &Edit) -> String {
    let version = |version: VersionId| neutral(&estate.version_text(version)).into_owned();
    let scope = |scope: model::id::ScopeId| neutral(&estate.scopes[scope].id).into_owned();
    let sku = |sku: model::id::SkuId| neutral(&estate.skus[sku].id).into_owned();
    match *edit {
        Edit::Count(license) => {
            format!("check the dates of {}, which {}", license_name(estate, license), state(estate, license))
        }
        Edit::AnyContract(license) => {
            let contract = estate.licenses[license].contract;
            let contract = contract.map_or(String::new(), |contract| neutral(&estate.contracts[contract]).into_owned());
            format!("check whether {} is bound to contract {contract}", license_name(estate, license))
        }
        Edit::Widen { license, scope: wider } => {
            let own = scope(estate.licenses[license].scope);
            format!(
                "check the scope of {}, which is {own} and would have to be {}",
                license_name(estate, license),
                scope(wider)
            )
        }
        Edit::Cover { sku: of, version: covered } => {
            format!("check whether {} may not cover {} as well", sku(of), version(covered))
        }
        Edit::StandOn { sku: of, version: below } => {
            format!("check whether {} may not stand on {} as well", sku(of), version(below))
        }
        Edit::Enlarge { license, units: more } => {
            format!("buy {} more of license {}", units(more), license_name(estate, license))
        }
        Edit::Release(assignment) => releases(estate, &[Edit::Release(assignment)]),
        Edit::Assign { license, .. } => assigned(estate, license, &[*edit]),
        Edit::Transfer { from, to } => format!("let licenses of {} be used in {}", scope(from), scope(to)),
        Edit::Reinstall { from, to, scope, contract, quantity } => {
            let machines = counted(quantity.get(), "machine", "machines");
            let place = place(estate, scope, contract);
            format!("put {} in the place of {} on {machines}{place}", version(to), version(from))
        }
        Edit::Buy { sku: of, scope: place, quantity } => {
            let place = if estate.scopes.len() > 1 { format!(" for {}", scope(place)) } else { String::new() };
            format!("buy {} of {}{place}", units(quantity), sku(of))
        }
    }
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
