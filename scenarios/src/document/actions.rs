//! Actions, limits and the price of a shortage: what may be done instead of buying, and what bounds it all.

use super::context::{Context, refuse_beside};
use crate::amount;
use crate::deal::Deal;
use model::diagnostic::{Code, Diagnostic, Place, alternatives};
use model::fields::{Fields, wrong_type_at};
use model::findings::Findings;
use model::id::{VersionId, ids_in};
use model::market::{Reclaim, Reinstall};
use model::value::{self, Fault};
use model::yaml::Value;
use std::collections::BTreeMap;

pub(crate) const KEYS: [&str; 4] = ["transfer", "reclaim", "reinstall", "cost"];
pub(crate) const RECLAIM_KEYS: [&str; 2] = ["versions", "unused_for"];
pub(crate) const REINSTALL_KEYS: [&str; 2] = ["from", "to"];
pub(crate) const LIMIT_KEYS: [&str; 1] = ["budget"];
pub(crate) const SHORTAGE_KEYS: [&str; 1] = ["cost"];
/// The kinds of actions, of which each has one.
const KINDS: [&str; 3] = ["transfer", "reclaim", "reinstall"];

/// Where each action stands, to tell those that stand twice.
#[derive(Default)]
struct Seen {
    transfer: Option<Place>,
    reclaims: BTreeMap<(VersionId, u32), Place>,
    reinstalls: BTreeMap<(VersionId, VersionId), Place>,
}

/// Reads the actions into a deal.
pub(crate) fn read(file: &Fields<'_, '_>, deal: &mut Deal, context: &mut Context<'_>, findings: &mut Findings) {
    let Some((_, items)) = file.list("actions", findings) else { return };
    let mut seen = Seen::default();
    for item in items {
        let Some(fields) = Fields::open(item, "an action", &KEYS, findings) else { continue };
        match one_of(&fields, &KINDS, findings) {
            Some("transfer") => read_transfer(&fields, deal, &mut seen, findings),
            Some("reclaim") => read_reclaim(&fields, deal, &mut seen, context, findings),
            Some(_) => read_reinstall(&fields, deal, &mut seen, context, findings),
            None => {}
        }
    }
    deal.reclaims.sort_unstable();
    deal.reinstalls.sort_unstable();
}

/// The one of these keys that is given; none or several are reported.
pub(super) fn one_of(fields: &Fields<'_, '_>, kinds: &[&'static str], findings: &mut Findings) -> Option<&'static str> {
    let given: Vec<&'static str> = kinds.iter().copied().filter(|kind| fields.node(kind).is_some()).collect();
    match given.as_slice() {
        [kind] => return Some(*kind),
        [] if kinds.iter().any(|kind| fields.is_misspelled(kind)) => {}
        [] => {
            let message = format!("{} has none of {}; expected one", fields.what, alternatives(kinds));
            findings.push(Diagnostic::new(Code::OneOf, fields.place, message));
        }
        [first, others @ ..] => {
            let place = |kind: &str| fields.node(kind).map_or(fields.place, |(place, _)| place);
            for other in others {
                let message = format!("{} has `{first}` and `{other}`; expected one", fields.what);
                findings.push(
                    Diagnostic::new(Code::OneOf, place(other), message)
                        .with_related(place(first), "the other one is given here")
                        .with_help("write each into an item of its own"),
                );
            }
        }
    }
    None
}

fn twice(what: &str, place: Place, first: Place) -> Diagnostic {
    Diagnostic::new(Code::Duplicate, place, format!("{what} stands twice"))
        .with_related(first, "it stands here first")
        .with_help("remove one of the two")
}

fn read_transfer(fields: &Fields<'_, '_>, deal: &mut Deal, seen: &mut Seen, findings: &mut Findings) {
    refuse_beside(fields, &["cost"], "transfer", "each transfer of the estate has its own cost", findings);
    let entry = fields.entry("transfer", findings);
    if let Some(is_paid) = entry.read("transfer", findings, value::boolean) {
        deal.transfers_are_paid |= is_paid;
    }
    if let Some(first) = seen.transfer.replace(fields.place) {
        findings.push(twice("the action `transfer`", fields.place, first));
    }
}

fn read_reclaim(
    fields: &Fields<'_, '_>,
    deal: &mut Deal,
    seen: &mut Seen,
    context: &mut Context<'_>,
    findings: &mut Findings,
) {
    let cost = context.money(fields.required("cost", findings), "cost", findings);
    let Some((_, node)) = fields.node("reclaim") else { return };
    let Some(what) = Fields::open(node, "a reclaim", &RECLAIM_KEYS, findings) else { return };
    let versions = context.versions(&what, "versions", findings);
    let unused = what.required("unused_for", findings).read("unused_for", findings, amount::days);
    let (Some(versions), Some(unused_days), Some(cost)) = (versions, unused, cost) else { return };
    let mut versions: Vec<VersionId> = versions.iter().flat_map(ids_in).collect();
    versions.sort_unstable();
    versions.dedup();
    let first = versions.iter().find_map(|&version| seen.reclaims.get(&(version, unused_days)));
    if let Some(&first) = first {
        findings.push(twice("a version in `reclaim` with the same `unused_for`", fields.place, first));
        return;
    }
    for version in versions {
        seen.reclaims.insert((version, unused_days), fields.place);
        deal.reclaims.push(Reclaim { version, unused_days, cost });
    }
}

fn read_reinstall(
    fields: &Fields<'_, '_>,
    deal: &mut Deal,
    seen: &mut Seen,
    context: &mut Context<'_>,
    findings: &mut Findings,
) {
    let cost = context.money(fields.required("cost", findings), "cost", findings);
    let Some((_, node)) = fields.node("reinstall") else { return };
    let Some(what) = Fields::open(node, "a reinstall", &REINSTALL_KEYS, findings) else { return };
    let mut version = |key: &str| {
        let entry = what.required(key, findings);
        context.version(entry, key, findings)
    };
    let (Some(from), Some(to)) = (version("from"), version("to")) else { return };
    if from == to {
        let place = what.entry("to", findings).cell().map_or(what.place, |cell| cell.place);
        findings.push(
            Diagnostic::new(Code::Same, place, "a reinstall puts a version in its own place; expected another one")
                .with_help("name the version to install in `to`"),
        );
        return;
    }
    if let Some(&first) = seen.reinstalls.get(&(from, to)) {
        findings.push(twice("a reinstall from this version to the other", fields.place, first));
        return;
    }
    seen.reinstalls.insert((from, to), fields.place);
    if let Some(cost) = cost {
        deal.reinstalls.push(Reinstall { from, to, cost });
    }
}

/// Reads the limits into a deal.
pub(crate) fn read_limits(file: &Fields<'_, '_>, deal: &mut Deal, context: &mut Context<'_>, findings: &mut Findings) {
    let Some((_, node)) = file.node("limits") else { return };
    let Some(fields) = Fields::open(node, "a set of limits", &LIMIT_KEYS, findings) else { return };
    deal.budget = context.money(fields.entry("budget", findings), "budget", findings);
}

/// Reads what a shortage costs, or that it is not weighed against money, into a deal.
pub(crate) fn read_shortage(
    file: &Fields<'_, '_>,
    deal: &mut Deal,
    context: &mut Context<'_>,
    findings: &mut Findings,
) {
    let Some((key_place, node)) = file.node("shortage") else { return };
    let expected = "`forbid`, or a cost such as `{cost: 500.00}`";
    match &node.value {
        Value::Text(_) => {
            file.entry("shortage", findings).read("shortage", findings, |text| {
                let help = value::money(text).is_ok().then(|| format!("write `{{cost: {text}}}`"));
                let fault = Fault { code: Code::Choice, expected: expected.to_owned(), help };
                if text == "forbid" { Ok(()) } else { Err(fault) }
            });
        }
        Value::Mapping(_) => {
            let Some(fields) = Fields::open(node, "a price of shortage", &SHORTAGE_KEYS, findings) else { return };
            deal.shortage_cost = context.money(fields.required("cost", findings), "cost", findings);
        }
        _ => wrong_type_at(node, key_place, "shortage", expected, None, findings),
    }
}
