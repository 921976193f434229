//! What a scenario changes, applied to the facts of an estate one after the other.
//!
//! Every change was checked when it was read, by names alone, so that applying it cannot fail. Where the input
//! contract leaves a choice, it is made here:
//!
//! * Installs that are excluded are no demand: they neither grow nor become fewer nor migrate; `retire` removes them.
//! * Per cents go by (version, scope, contract), rounded up, whether installs grow, become fewer or migrate. With a
//!   `scope` they apply in it and in the scopes below; a number applies to the scope itself, or the root.
//! * Those that go or migrate are the anonymous first, then those used longest ago; one without `last_used` counts
//!   as used today. Ties go by the canonical order of installs, contracts before assets before users.
//! * A license lapses by ending on the day before the position; an offer to renew it is gone from the scenario.
//! * Assignments stay: what is assigned to somebody is agreed, whatever becomes of the installs.

use crate::amount::{Growth, Percent};
use crate::deal::{Deal, Offered, Subject};
use jiff::ToSpan;
use model::Date;
use model::edit::Facts;
use model::estate::{Estate, Install, License};
use model::id::{ContractId, LicenseId, ScopeId, Table, VersionId};
use model::number::{Money, Quantity};
use std::collections::BTreeMap;
use std::ops::Range;

/// A change, by ids of the estate before all changes; licenses added have the ids that follow its own, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// More or fewer installs.
    Grow { versions: Range<VersionId>, scope: Option<ScopeId>, by: Growth },
    /// Installs become those of another version.
    Migrate { from: Range<VersionId>, to: VersionId, share: Percent },
    /// Installs vanish.
    Retire(Vec<Range<VersionId>>),
    /// Licenses end.
    Lapse(Vec<LicenseId>),
    /// A license is added.
    AddLicense(Box<AddedLicense>),
    /// An offer has another price.
    SetPrice { offer: String, price: Money },
    /// One scope becomes part of another.
    MergeScope { from: ScopeId, into: ScopeId },
}

/// A license whose SKU is as written and whose contract may be new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AddedLicense {
    pub(crate) license: License,
    pub(crate) contract: Option<String>,
}

/// What per cents go by.
type Place = (VersionId, ScopeId, Option<ContractId>);

/// Applies a change.
pub(crate) fn apply(change: &Change, facts: &mut Facts, deal: &mut Deal) {
    match change {
        Change::Grow { versions, scope, by } => grow(facts, versions, *scope, *by),
        Change::Migrate { from, to, share } => migrate(facts, from, *to, *share),
        Change::Retire(versions) => {
            let is_retired = |install: &Install| versions.iter().any(|range| range.contains(&install.version));
            facts.installs_mut().retain(|install| !is_retired(install));
        }
        Change::Lapse(licenses) => {
            let day_before = facts.rows().as_of.saturating_sub(1.days());
            for &license in licenses {
                end_by(facts.license_mut(license), day_before);
            }
        }
        Change::AddLicense(added) => add_license(facts, added),
        Change::SetPrice { .. } => {}
        Change::MergeScope { from, into } => facts.merge_scope(*from, *into),
    }
    apply_to_offers(change, &mut deal.offers);
}

/// What a change makes of offers.
pub(crate) fn apply_to_offers(change: &Change, offers: &mut Vec<Offered>) {
    match change {
        Change::Lapse(licenses) => {
            let lapses = |subject| licenses.iter().any(|&license| subject == Subject::Renew(license));
            offers.retain(|offer| !lapses(offer.subject));
        }
        Change::SetPrice { offer, price } => {
            if let Some(offer) = offers.iter_mut().find(|other| other.id == *offer) {
                offer.tiers[0].price = *price;
            }
        }
        _ => {}
    }
}

fn end_by(license: &mut License, day: Date) {
    license.end = Some(license.end.map_or(day, |end| end.min(day)));
    // A license that would have started later never does; no license ends before it starts.
    license.start = license.start.map(|start| start.min(day));
}

fn add_license(facts: &mut Facts, added: &AddedLicense) {
    let contract = added.contract.as_deref().map(|id| facts.contract(id));
    let sku = facts.maintained_sku(added.license.sku, added.license.maintenance_until);
    let scope = facts.place_of(added.license.scope);
    facts.add_license(License { sku, contract, scope, ..added.license.clone() });
}

fn grow(facts: &mut Facts, versions: &Range<VersionId>, scope: Option<ScopeId>, by: Growth) {
    let scope = scope.map(|scope| facts.place_of(scope));
    match by {
        Growth::Add(quantity) => {
            let scope = scope.expect("a number has its scope");
            add(facts.installs_mut(), (versions.start, scope, None), quantity);
        }
        Growth::Remove(quantity) => {
            let is_there = |install: &Install| install.version == versions.start && Some(install.scope) == scope;
            let rows: Vec<usize> = counted(facts.rows(), is_there).collect();
            remove(facts, vec![(rows, quantity)]);
        }
        Growth::More(percent) => {
            for (place, rows) in places(facts.rows(), versions, scope) {
                let more = percent.of(total(facts.rows(), &rows));
                add(facts.installs_mut(), place, more);
            }
        }
        Growth::Fewer(percent) => {
            let places = places(facts.rows(), versions, scope).into_values();
            let fewer = places.map(|rows| (percent.of(total(facts.rows(), &rows)), rows));
            let fewer = fewer.map(|(quantity, rows)| (rows, quantity)).collect();
            remove(facts, fewer);
        }
    }
}

fn migrate(facts: &mut Facts, from: &Range<VersionId>, to: VersionId, share: Percent) {
    for mut rows in places(facts.rows(), from, None).into_values() {
        let mut left = share.of(total(facts.rows(), &rows));
        sort_by_leaving(&mut rows, facts.rows());
        for row in rows {
            let install = &mut facts.installs_mut()[row];
            let moved = install.quantity.min(left);
            if moved.is_zero() {
                continue;
            }
            left -= moved;
            if moved == install.quantity {
                install.version = to;
            } else {
                install.quantity -= moved;
                let moved = Install { version: to, quantity: moved, ..install.clone() };
                facts.installs_mut().push(moved);
            }
        }
    }
}

/// The positions of installs that count and of which a statement is true.
fn counted<'e>(estate: &'e Estate, is_meant: impl Fn(&Install) -> bool + 'e) -> impl Iterator<Item = usize> + 'e {
    let rows = estate.installs.iter().enumerate();
    rows.filter(move |(_, install)| install.excluded.is_none() && is_meant(install)).map(|(row, _)| row)
}

/// The installs of some versions, in a scope and below it or everywhere, by what per cents go by.
fn places(estate: &Estate, versions: &Range<VersionId>, scope: Option<ScopeId>) -> BTreeMap<Place, Vec<usize>> {
    let is_within =
        |other: ScopeId| scope.is_none_or(|scope| estate.scope_and_above(other).any(|above| above == scope));
    let is_meant = Table::<ScopeId, bool>::new(estate.scopes.ids().map(is_within).collect());
    let mut places: BTreeMap<Place, Vec<usize>> = BTreeMap::new();
    for row in counted(estate, |install| versions.contains(&install.version) && is_meant[install.scope]) {
        let install = &estate.installs[row];
        places.entry((install.version, install.scope, install.contract)).or_default().push(row);
    }
    places
}

fn total(estate: &Estate, rows: &[usize]) -> Quantity {
    rows.iter().map(|&row| estate.installs[row].quantity).sum()
}

/// Adds installs of nobody.
fn add(installs: &mut Vec<Install>, (version, scope, contract): Place, quantity: Quantity) {
    if !quantity.is_zero() {
        installs.push(Install {
            version,
            scope,
            contract,
            asset: None,
            user: None,
            excluded: None,
            last_used: None,
            quantity,
        });
    }
}

/// Removes so many of the installs of each group, or all; a row of which nothing is left is gone.
fn remove(facts: &mut Facts, groups: Vec<(Vec<usize>, Quantity)>) {
    let mut is_gone = vec![false; facts.rows().installs.len()];
    for (mut rows, mut left) in groups {
        sort_by_leaving(&mut rows, facts.rows());
        for row in rows {
            let install = &mut facts.installs_mut()[row];
            let removed = install.quantity.min(left);
            install.quantity -= removed;
            left -= removed;
            is_gone[row] = install.quantity.is_zero() && !removed.is_zero();
        }
    }
    let mut is_gone = is_gone.into_iter();
    facts.installs_mut().retain(|_| is_gone.next() == Some(false));
}

/// Those of nobody first, then those used longest ago, then those of no known use; ties by what they say.
fn sort_by_leaving(rows: &mut [usize], estate: &Estate) {
    rows.sort_by_key(|&row| {
        let install = &estate.installs[row];
        let is_named = install.asset.is_some() || install.user.is_some();
        (is_named, install.last_used.is_none(), install.last_used, install)
    });
}
