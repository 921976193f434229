//! The estate after a plan, and what a plan may do to its installs.
//!
//! Installs may be changed where [`model::market::may_be_changed`] says so. Of those that one demand key names a
//! plan says only how many are uninstalled at which cost and how many are replaced by which version; which rows
//! these are is decided here: those that nobody has used for longest, rows without a last use after all others,
//! uninstalled ones first.
//!
//! All ids mean the same before and after. Time: that of sorting the installs; memory: that of the estate.

use super::{Plan, ReclaimKey};
use crate::allocation::DemandKey;
use crate::violation::{Law, Violation};
use model::estate::{Estate, Install, TrackBy};
use model::id::{LicenseId, Table, VersionId};
use model::market::{Market, Offer, OfferId, Reinstall, may_be_changed};
use model::number::{Money, Quantity};
use std::collections::BTreeSet;

/// The estate after a plan: lots with the units had, without what is uninstalled, with what is put in the place of
/// other versions.
///
/// # Errors
/// What the market does not offer or allow; never empty.
pub fn after(estate: &Estate, market: &Market, plan: &Plan) -> Result<Estate, Vec<Violation>> {
    let rows = changeable(estate, market);
    let mut violations = market_violations(estate, market);
    if violations.is_empty() {
        violations = quantity_violations(market, plan);
        violations.extend(install_violations(estate, market, plan, &rows));
    }
    if !violations.is_empty() {
        return Err(violations);
    }
    let mut after = estate.clone();
    for (offer, &quantity) in plan.quantities.enumerate() {
        after.licenses[market.offers[offer].lot].quantity = Some(quantity);
    }
    change_installs(&mut after.installs, plan, &rows);
    Ok(after)
}

/// How many installs may be uninstalled under each key; sorted, no quantity zero.
#[must_use]
pub fn reclaimable(estate: &Estate, market: &Market) -> Vec<(ReclaimKey, Quantity)> {
    reclaimable_of(&changeable(estate, market))
}

/// How many installs of each demand may be replaced, and by what: the installs of a demand are the same for each
/// version that may take their place. A version that demands nothing, of an inactive title or of one tracked by
/// assignments, takes no place. Sorted by demand and version, no quantity zero.
#[must_use]
pub fn reinstallable(estate: &Estate, market: &Market) -> Vec<(DemandKey, Reinstall, Quantity)> {
    reinstallable_of(estate, market, &changeable(estate, market))
}

/// A row of installs that a plan may change.
struct Row {
    demand: DemandKey,
    /// Where among the installs.
    index: usize,
    quantity: Quantity,
    /// What it costs to uninstall one of them; none if that may not be done.
    reclaim_cost: Option<Money>,
}

/// Replacements that put demand in the place of demand, of installs of this version.
pub(super) fn replacements<'m>(
    estate: &Estate,
    market: &'m Market,
    from: VersionId,
) -> impl Iterator<Item = &'m Reinstall> {
    // What is replaced by something that demands nothing would be reclaimed by another name.
    let is_demanded = |version: VersionId| {
        let title = estate.title_of(version);
        title.is_active && title.track_by == TrackBy::Installations
    };
    market.reinstalls_of(from).iter().filter(move |reinstall| is_demanded(reinstall.to))
}

/// The rows that may be changed and that the market has a change for, by demand, in the order in which they are
/// taken.
fn changeable(estate: &Estate, market: &Market) -> Vec<Row> {
    if market.reclaims.is_empty() && market.reinstalls.is_empty() {
        return Vec::new();
    }
    let assigned = market.assigned(estate);
    let mut has_change = Table::filled(false, estate.versions.len());
    market.reclaims.iter().for_each(|reclaim| has_change[reclaim.version] = true);
    market.reinstalls.iter().for_each(|reinstall| has_change[reinstall.from] = true);
    let installs = estate.installs.iter().enumerate();
    let may_change = |install: &Install| has_change[install.version] && may_be_changed(estate, &assigned, install);
    let mut rows: Vec<Row> = installs
        .filter(|(_, install)| may_change(install))
        .map(|(index, install)| Row {
            demand: demand_of(install),
            index,
            quantity: install.quantity,
            reclaim_cost: market.reclaim_cost(estate, install),
        })
        .collect();
    rows.sort_by_key(|row| {
        let last_used = estate.installs[row.index].last_used;
        (row.demand, last_used.is_none(), last_used)
    });
    rows
}

fn demand_of(install: &Install) -> DemandKey {
    let &Install { version, scope, contract, asset, user, .. } = install;
    DemandKey { version, scope, contract, asset, user }
}

fn reclaimable_of(rows: &[Row]) -> Vec<(ReclaimKey, Quantity)> {
    let keyed = rows.iter().filter(|row| !row.quantity.is_zero());
    let keyed =
        keyed.filter_map(|row| Some((ReclaimKey { demand: row.demand, cost: row.reclaim_cost? }, row.quantity)));
    let mut found: Vec<(ReclaimKey, Quantity)> = keyed.collect();
    found.sort_unstable();
    found.dedup_by(|next, first| {
        let is_same = next.0 == first.0;
        if is_same {
            first.1 += next.1;
        }
        is_same
    });
    found
}

fn reinstallable_of(estate: &Estate, market: &Market, rows: &[Row]) -> Vec<(DemandKey, Reinstall, Quantity)> {
    let mut found = Vec::new();
    for group in rows.chunk_by(|one, other| one.demand == other.demand) {
        let demand = group[0].demand;
        let quantity: Quantity = group.iter().map(|row| row.quantity).sum();
        if !quantity.is_zero() {
            found.extend(replacements(estate, market, demand.version).map(|&reinstall| (demand, reinstall, quantity)));
        }
    }
    found
}

/// What a market promises of its offers: each has a lot of its own, whose quantity is the most that may be had.
fn market_violations(estate: &Estate, market: &Market) -> Vec<Violation> {
    let mut lots: BTreeSet<LicenseId> = BTreeSet::new();
    let mut refused = |offer: &Offer| {
        let terms = &offer.terms;
        let ascends = terms.tiers.windows(2).all(|pair| pair[0].from < pair[1].from);
        if !lots.insert(offer.lot) {
            Some("has a lot that is another's")
        } else if estate.licenses[offer.lot].quantity != Some(terms.most) {
            Some("has a lot with another quantity than may be had")
        } else if terms.pack.is_zero() || !ascends || terms.tiers.first().map(|tier| tier.from) != Some(Quantity::ONE) {
            Some("has no pack, or tiers that do not ascend from 1")
        } else {
            None
        }
    };
    let refused = market.offers.iter().filter_map(|offer| Some((offer, refused(offer)?)));
    refused.map(|(offer, what)| Violation::new(Law::Plan, format!("offer `{}` {what}", offer.id))).collect()
}

fn quantity_violations(market: &Market, plan: &Plan) -> Vec<Violation> {
    if plan.quantities.len() != market.offers.len() {
        return vec![Violation::new(Law::Plan, "it does not say how much of each offer is had")];
    }
    let refused = plan.quantities.enumerate().filter(|&(id, &quantity)| !market.offers[id].terms.allows(quantity));
    let words = |id: OfferId, quantity: Quantity| format!("{quantity} units of offer `{}`", market.offers[id].id);
    refused
        .map(|(id, &quantity)| Violation::new(Law::Plan, format!("{} may not be had", words(id, quantity))))
        .collect()
}

fn install_violations(estate: &Estate, market: &Market, plan: &Plan, rows: &[Row]) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut refuse = |demand: &DemandKey, what: &str| {
        let place = (estate.version_text(demand.version), &estate.scopes[demand.scope].id);
        violations.push(Violation::new(Law::Plan, format!("installs of `{}` in `{}`: {what}", place.0, place.1)));
    };
    let mut changed: Vec<(DemandKey, u128)> = Vec::new();
    let may_be_reclaimed = reclaimable_of(rows);
    for (index, &(key, quantity)) in plan.reclaimed.iter().enumerate() {
        let most = may_be_reclaimed.binary_search_by_key(&key, |row| row.0).map(|found| may_be_reclaimed[found].1);
        if quantity.is_zero() || (index > 0 && plan.reclaimed[index - 1].0 >= key) {
            refuse(&key.demand, "what is uninstalled is not sorted, stands twice or is nothing");
        } else if most.is_ok_and(|most| quantity <= most) {
            changed.push((key.demand, quantity.get().into()));
        } else {
            refuse(&key.demand, &format!("{quantity} may not be uninstalled at that cost"));
        }
    }
    let may_be_replaced = reinstallable_of(estate, market, rows);
    for (index, &(demand, to, quantity)) in plan.reinstalled.iter().enumerate() {
        let key = (demand, to);
        let most = may_be_replaced.binary_search_by_key(&key, |row| (row.0, row.1.to));
        let most = most.map(|found| may_be_replaced[found].2);
        let is_sorted = index == 0 || (plan.reinstalled[index - 1].0, plan.reinstalled[index - 1].1) < key;
        if quantity.is_zero() || !is_sorted {
            refuse(&demand, "what is replaced is not sorted, stands twice or is nothing");
        } else if most.is_ok_and(|most| quantity <= most) {
            changed.push((demand, quantity.get().into()));
        } else {
            refuse(&demand, &format!("{quantity} may not be replaced by `{}`", estate.version_text(to)));
        }
    }
    changed.sort_unstable();
    for group in changed.chunk_by(|one, other| one.0 == other.0) {
        let demand = group[0].0;
        let first = rows.partition_point(|row| row.demand < demand);
        let all: Quantity = rows[first..].iter().take_while(|row| row.demand == demand).map(|row| row.quantity).sum();
        if group.iter().map(|part| part.1).sum::<u128>() > all.get().into() {
            refuse(&demand, &format!("more are uninstalled and replaced than the {all} there are"));
        }
    }
    violations
}

/// Changes installs as a lawful plan says and puts them in order again.
fn change_installs(installs: &mut Vec<Install>, plan: &Plan, rows: &[Row]) {
    let mut left: Vec<Quantity> = rows.iter().map(|row| row.quantity).collect();
    let rows_of = |demand: DemandKey| {
        let first = rows.partition_point(|row| row.demand < demand);
        first..first + rows[first..].partition_point(|row| row.demand == demand)
    };
    let mut take = |row: usize, wanted: &mut Quantity| {
        let taken = left[row].min(*wanted);
        left[row] -= taken;
        *wanted -= taken;
        taken
    };
    let mut is_changed = vec![false; installs.len()];
    for &(key, mut wanted) in &plan.reclaimed {
        for row in rows_of(key.demand).filter(|&row| rows[row].reclaim_cost == Some(key.cost)) {
            let taken = take(row, &mut wanted);
            installs[rows[row].index].quantity -= taken;
            is_changed[rows[row].index] |= !taken.is_zero();
        }
    }
    let mut replaced = Vec::new();
    for &(demand, version, mut wanted) in &plan.reinstalled {
        for row in rows_of(demand) {
            let taken = take(row, &mut wanted);
            if !taken.is_zero() {
                let install = &mut installs[rows[row].index];
                install.quantity -= taken;
                is_changed[rows[row].index] = true;
                replaced.push(Install { version, quantity: taken, ..install.clone() });
            }
        }
    }
    let mut flags = is_changed.into_iter();
    // A row that says zero from the start stays.
    installs.retain(|install| !flags.next().unwrap_or(false) || !install.quantity.is_zero());
    if replaced.is_empty() {
        return;
    }
    installs.append(&mut replaced);
    // Nearly sorted as it is; the quantity comes last in the order, so that rows to be added up are neighbors.
    installs.sort();
    installs.dedup_by(|next, first| {
        let is_same = is_same_but_for_quantity(next, first);
        if is_same {
            first.quantity += next.quantity;
        }
        is_same
    });
}

fn is_same_but_for_quantity(one: &Install, other: &Install) -> bool {
    demand_of(one) == demand_of(other) && one.excluded == other.excluded && one.last_used == other.last_used
}
