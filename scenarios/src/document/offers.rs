//! Offers: what may be bought or renewed, and on which terms.

use super::context::{Context, exactly_one, or_none, refuse_beside};
use crate::amount;
use crate::deal::{Offered, Subject, TrueUp};
use model::diagnostic::{Code, Diagnostic, Place, quoted};
use model::estate::LicenseState;
use model::fields::{Cell, Entry, Fields};
use model::findings::Findings;
use model::id::LicenseId;
use model::market::{Tier, TierRule};
use model::number::{Money, Quantity};
use model::value::{self, Fault};
use model::yaml::Node;
use std::collections::BTreeMap;

pub(crate) const KEYS: [&str; 13] =
    ["id", "sku", "renew", "whole", "price", "pack", "min", "max", "fee", "tiers", "tier_rule", "scope", "true_up"];
pub(crate) const TIER_KEYS: [&str; 2] = ["from", "price"];

/// Reads the offers, sorted by id; what is refused is left out.
pub(crate) fn read(file: &Fields<'_, '_>, context: &mut Context<'_>, findings: &mut Findings) -> Vec<Offered> {
    let Some((_, items)) = file.list("offers", findings) else { return Vec::new() };
    let rate = file.entry("true_up", findings).read("true_up", findings, or_none(amount::rate));
    let rate = rate.flatten().map_or(TrueUp::Never, TrueUp::Rate);
    let mut offers = Vec::new();
    let mut ids: BTreeMap<&str, Place> = BTreeMap::new();
    let mut renewed: BTreeMap<LicenseId, Place> = BTreeMap::new();
    for item in items {
        let Some(fields) = Fields::open(item, "an offer", &KEYS, findings) else { continue };
        let id = read_id(&fields, &mut ids, context, findings);
        let subject = read_subject(&fields, context, &mut renewed, findings);
        let offer = read_terms(&fields, subject, context, findings);
        if let (Some(id), Some(subject), Some(offer)) = (id, subject, offer) {
            let own = offer.true_up;
            let true_up = if fields.node("true_up").is_some() { own } else { rate };
            offers.push(Offered { id: id.to_owned(), subject, true_up, ..offer });
        }
    }
    offers.sort_by(|one, other| one.id.as_bytes().cmp(other.id.as_bytes()));
    offers
}

/// The id, which stands once and is no license's: the lot of an offer to buy is a license with this id.
fn read_id<'n>(
    fields: &Fields<'n, '_>,
    ids: &mut BTreeMap<&'n str, Place>,
    context: &Context<'_>,
    findings: &mut Findings,
) -> Option<&'n str> {
    let entry = fields.required("id", findings);
    let (cell, id) = entry.cell().zip(entry.read("id", findings, value::text))?;
    if let Some(first) = ids.get(id) {
        findings.push(
            Diagnostic::new(Code::DuplicateId, cell.place, format!("the offer {} stands twice", quoted(id)))
                .with_related(*first, "it stands here first")
                .with_help("every id stands once; rename or remove one of the two"),
        );
        return None;
    }
    ids.insert(id, cell.place);
    let taken = context.known().and_then(|known| known.names.find_license(id));
    let is_renewal_of_it = fields.entry("renew", &mut Findings::new()).cell().is_some_and(|cell| cell.text == id);
    if taken.is_some() && !is_renewal_of_it {
        findings.push(
            Diagnostic::new(Code::DuplicateId, cell.place, format!("{} is the id of a license", quoted(id)))
                .with_help("what is bought on an offer is a license with the id of the offer; choose another id"),
        );
        return None;
    }
    Some(id)
}

fn read_subject(
    fields: &Fields<'_, '_>,
    context: &Context<'_>,
    renewed: &mut BTreeMap<LicenseId, Place>,
    findings: &mut Findings,
) -> Option<Subject> {
    let is_one = exactly_one(fields, "sku", "renew", findings);
    if fields.node("renew").is_none() {
        let sku = context.sku(fields.entry("sku", findings), "sku", findings);
        refuse_beside(fields, &["whole"], "sku", "only a license is renewed as a whole; use `min`", findings);
        let scope = fields.entry("scope", findings);
        let parents = |scope| context.known().and_then(|known| known.estate.scopes[scope].parent);
        let scope = context.scope_or_root(scope, (fields.what, fields.place), parents, |_| true, findings);
        return is_one.then_some(Subject::Buy { sku: sku?, scope: scope? });
    }
    refuse_beside(fields, &["scope"], "renew", "a license that is renewed stays where it is", findings);
    let entry = fields.entry("renew", findings);
    let license = context.license(entry, "renew", findings)?;
    let cell = entry.cell()?;
    if let Some(first) = renewed.get(&license) {
        findings.push(
            Diagnostic::new(Code::Duplicate, cell.place, format!("the license {} is renewed twice", quoted(cell.text)))
                .with_related(*first, "it is renewed here first")
                .with_help("state one offer; `tiers` hold several prices"),
        );
        return None;
    }
    renewed.insert(license, cell.place);
    check_renewed(license, cell, context, findings).filter(|()| is_one).map(|()| Subject::Renew(license))
}

/// Reports a license that cannot be renewed: it has not ended, or has no limit.
fn check_renewed(license: LicenseId, cell: Cell<'_>, context: &Context<'_>, findings: &mut Findings) -> Option<()> {
    let estate = context.known()?.estate;
    let row = &estate.licenses[license];
    if row.state(estate.as_of) != LicenseState::Expired {
        let (when, help) = match row.end {
            Some(end) => {
                let next = end
                    .tomorrow()
                    .map(|day| format!("set `as_of` to {day} or later, or name a license that has ended"));
                (format!("ends on {end}"), next.unwrap_or_default())
            }
            None => ("has no end".to_owned(), "name a license that has ended by `as_of`".to_owned()),
        };
        let message =
            format!("{} {when}; expected a license that has ended before {}", quoted(cell.text), estate.as_of);
        findings.push(Diagnostic::new(Code::NotEnded, cell.place, message).with_help(help));
        return None;
    }
    if row.quantity.is_none() {
        let message = format!("{} is unlimited; expected a license with a quantity", quoted(cell.text));
        findings.push(
            Diagnostic::new(Code::Unlimited, cell.place, message)
                .with_help("units are priced one by one; give the license in the estate a quantity"),
        );
        return None;
    }
    Some(())
}

/// The terms, under an id and with a subject that are still to be filled in.
fn read_terms(
    fields: &Fields<'_, '_>,
    subject: Option<Subject>,
    context: &mut Context<'_>,
    findings: &mut Findings,
) -> Option<Offered> {
    let errors_before = findings.error_count();
    let has_price = exactly_one(fields, "price", "tiers", findings);
    let price = context.money(fields.entry("price", findings), "price", findings);
    let tiers = read_tiers(fields, context, findings);
    let tier_rule = read_tier_rule(fields, findings);
    let fee = context.money(fields.entry("fee", findings), "fee", findings).unwrap_or(Money::ZERO);
    let later = context.money_or_none(fields.entry("true_up", findings), "true_up", findings);
    let mut units =
        |key: &str, parse: fn(&str) -> Result<Quantity, Fault>| fields.entry(key, findings).read(key, findings, parse);
    let pack = units("pack", pack).unwrap_or(Quantity::ONE);
    let (least, most) = (units("min", value::quantity).unwrap_or_default(), units("max", value::quantity));
    let whole = fields.entry("whole", findings).read("whole", findings, value::boolean).unwrap_or(false);
    if whole {
        refuse_beside(
            fields,
            &["pack", "min", "max"],
            "whole",
            "a license renewed as a whole has its quantity",
            findings,
        );
    }
    if findings.error_count() > errors_before || !has_price {
        return None;
    }
    let owned = match subject? {
        Subject::Renew(license) => context.known()?.estate.licenses[license].quantity,
        Subject::Buy { .. } => None,
    };
    let (pack, least) = match owned.filter(|owned| whole && !owned.is_zero()) {
        Some(owned) => (owned, owned),
        None => (pack, least),
    };
    let most = [most, owned].into_iter().flatten().min();
    let most = most.map(|most| Quantity::new(most.get() / pack.get() * pack.get()));
    let reachable = Quantity::new(least.get().max(1).div_ceil(pack.get()) * pack.get());
    if most.is_some_and(|most| most < reachable) && owned != Some(Quantity::ZERO) {
        findings.push(nothing_to_be_had(fields, owned));
        return None;
    }
    let tier = |price| vec![Tier { from: Quantity::ONE, price }];
    Some(Offered {
        id: String::new(),
        subject: subject?,
        pack,
        least,
        most,
        fee,
        has_one_price: price.is_some(),
        tiers: tiers.or_else(|| price.map(tier))?,
        tier_rule: tier_rule.unwrap_or(TierRule::Incremental),
        true_up: later.map_or(TrueUp::Never, TrueUp::Price),
    })
}

/// Units of a pack: at least one.
fn pack(text: &str) -> Result<Quantity, Fault> {
    let pack = value::quantity(text)?;
    if pack.is_zero() {
        let help = Some("leave the key out if units are sold one by one".to_owned());
        return Err(Fault { code: Code::Range, expected: "at least 1".to_owned(), help });
    }
    Ok(pack)
}

/// The finding for terms that no quantity fits, at the last of the keys that say so.
fn nothing_to_be_had(fields: &Fields<'_, '_>, owned: Option<Quantity>) -> Diagnostic {
    // All of these were read before without findings.
    let cell = |key: &str| fields.entry(key, &mut Findings::new()).cell();
    let text = |key: &str| cell(key).map(|cell| (cell.place, format!("`{key}: {}`", cell.text)));
    let given: Vec<_> = ["pack", "min", "max"].into_iter().filter_map(text).collect();
    let place = given.iter().map(|(place, _)| *place).max().unwrap_or(fields.place);
    let mut terms: Vec<String> = given.into_iter().map(|(_, text)| text).collect();
    terms.extend(owned.map(|owned| format!("a license of {owned} units")));
    let message = format!("no quantity fits {}; expected terms under which something can be had", terms.join(", "));
    Diagnostic::new(Code::Terms, place, message).with_help("units come in whole packs from `min` to `max`")
}

fn read_tier_rule(fields: &Fields<'_, '_>, findings: &mut Findings) -> Option<TierRule> {
    let entry = fields.entry("tier_rule", findings);
    let choices = [("all-units", TierRule::AllUnits), ("incremental", TierRule::Incremental)];
    if fields.node("tiers").is_some() && !entry.is_present() {
        findings.push(
            model::fields::missing(fields.what, "tier_rule", fields.place).with_help(
                "write `all-units` if the tier reached prices every unit, `incremental` if each has its own",
            ),
        );
    }
    if fields.node("tiers").is_none() {
        refuse_beside(fields, &["tier_rule"], "price", "state `tiers`, or leave the rule out", findings);
    }
    entry.read("tier_rule", findings, |text| value::choice(text, &choices))
}

/// The tiers, the first from 1, ascending.
fn read_tiers(fields: &Fields<'_, '_>, context: &mut Context<'_>, findings: &mut Findings) -> Option<Vec<Tier>> {
    let (key_place, items) = fields.list("tiers", findings)?;
    if items.is_empty() {
        findings.push(
            Diagnostic::new(Code::EmptyList, key_place, "`tiers` is empty; expected at least one tier")
                .with_help("write `price` if there is one price"),
        );
        return None;
    }
    let rows: Vec<_> = items.iter().map(|item| read_tier(item, context, findings)).collect();
    let rows: Vec<(Tier, Place)> = rows.into_iter().collect::<Option<_>>()?;
    let mut tiers: Vec<Tier> = Vec::with_capacity(rows.len());
    for (tier, place) in rows {
        let expected = match tiers.last() {
            None if tier.from != Quantity::ONE => "1, as the first tier begins with the first unit".to_owned(),
            Some(last) if tier.from <= last.from => format!("more than {}, as tiers ascend", last.from),
            _ => {
                tiers.push(tier);
                continue;
            }
        };
        let message = format!("the tier begins at {}; expected {expected}", tier.from);
        findings
            .push(Diagnostic::new(Code::Tiers, place, message).with_help("order the tiers by `from`, beginning at 1"));
        return None;
    }
    Some(tiers)
}

fn read_tier(item: &Node<'_>, context: &mut Context<'_>, findings: &mut Findings) -> Option<(Tier, Place)> {
    let fields = Fields::open(item, "a tier", &TIER_KEYS, findings)?;
    let entry: Entry<'_> = fields.required("from", findings);
    let from = entry.read("from", findings, value::quantity);
    let price = context.money(fields.required("price", findings), "price", findings);
    Some((Tier { from: from?, price: price? }, entry.cell()?.place))
}
