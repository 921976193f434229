//! Digests of scenarios: equal for equal names, offers, actions, limits and changes over equal estates.
//!
//! What a scenario says is hashed by ids of its estate, so that a digest means something beside the digest of the
//! estate alone. Offers and limits that many scenarios share are hashed once. Time is in proportion to the changes.

use crate::change::Change;
use crate::deal::{Deal, Offered, Subject};
use crate::reading::Scenarios;
use model::digest::Encoder;
use model::id::VersionId;
use std::ops::Range;

/// Names what is hashed and how, so that another encoding gives another digest.
const ENCODING: &str = "licit scenario 1";
const DEAL_ENCODING: &str = "licit deal 1";

/// Makes the digests of scenarios.
pub(crate) struct Digests<'s> {
    scenarios: &'s Scenarios,
    deals: Vec<String>,
}

impl<'s> Digests<'s> {
    /// Hashes what scenarios share.
    #[must_use]
    pub(crate) fn new(scenarios: &'s Scenarios) -> Self {
        Self { scenarios, deals: scenarios.deals.iter().map(deal).collect() }
    }

    /// SHA-256 over a scenario, by its position, as 64 hexadecimal digits.
    #[must_use]
    pub(crate) fn digest(&self, position: usize) -> String {
        let scenario = &self.scenarios.all[position];
        let mut encoder = Encoder::new(ENCODING);
        encoder.text(&scenario.name);
        encoder.text(&self.deals[scenario.deal]);
        encoder.list(&self.scenarios.changes[scenario.changes], change);
        encoder.finish()
    }
}

fn deal(deal: &Deal) -> String {
    let mut encoder = Encoder::new(DEAL_ENCODING);
    encoder.list(&deal.offers, offer);
    encoder.flag(deal.transfers_are_paid);
    encoder.list(&deal.reclaims, Encoder::reclaim);
    encoder.list(&deal.reinstalls, Encoder::reinstall);
    encoder.optional(deal.budget, Encoder::money);
    encoder.optional(deal.shortage_cost, Encoder::money);
    encoder.finish()
}

fn offer(encoder: &mut Encoder, offer: &Offered) {
    encoder.text(&offer.id);
    match offer.subject {
        Subject::Buy { sku, scope } => {
            encoder.flag(false);
            encoder.id(sku);
            encoder.id(scope);
        }
        Subject::Renew(license) => {
            encoder.flag(true);
            encoder.id(license);
        }
    }
    encoder.number(offer.pack.get());
    encoder.number(offer.least.get());
    encoder.optional(offer.most, |encoder, most| encoder.number(most.get()));
    encoder.money(offer.fee);
    encoder.tiers(&offer.tiers, offer.tier_rule);
    encoder.flag(offer.has_one_price);
}

fn change(encoder: &mut Encoder, change: &Change) {
    // Each kind begins with a number of its own.
    match change {
        Change::Grow { versions, scope, by } => {
            encoder.number(0);
            range(encoder, versions);
            encoder.optional(*scope, Encoder::id);
            let (kind, amount) = by.parts();
            encoder.number(kind);
            encoder.number(amount);
        }
        Change::Migrate { from, to, share } => {
            encoder.number(1);
            range(encoder, from);
            encoder.id(*to);
            encoder.number(share.units());
        }
        Change::Retire(versions) => {
            encoder.number(2);
            encoder.list(versions, range);
        }
        Change::Lapse(licenses) => {
            encoder.number(3);
            encoder.list(licenses, |encoder, &license| encoder.id(license));
        }
        Change::AddLicense(added) => {
            encoder.number(4);
            encoder.license(&added.license);
            encoder.optional(added.contract.as_deref(), Encoder::text);
        }
        Change::SetPrice { offer, price } => {
            encoder.number(5);
            encoder.text(offer);
            encoder.money(*price);
        }
        Change::MergeScope { from, into } => {
            encoder.number(6);
            encoder.id(*from);
            encoder.id(*into);
        }
    }
}

fn range(encoder: &mut Encoder, versions: &Range<VersionId>) {
    encoder.id(versions.start);
    encoder.id(versions.end);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::read;
    use std::collections::BTreeSet;

    const ESTATE: &str = "licit: 1\nas_of: 2026-11-22\ncurrency: EUR\nscopes: [{id: all}, {id: one, parent: all}]\n\
        titles: [{id: t, versions: [1, 2]}]\nskus: [{id: T2, version: t@2, covers: [t@1]}, {id: T1, version: t@1}]\n\
        licenses: [{id: L, sku: T2, quantity: 4, end: 2026-10-31}, {id: M, sku: T2, quantity: 4, end: 2026-10-31}]\n\
        installs: [{version: t@1, quantity: 5}]\n";

    /// The digests of the scenarios of a file that ends in the given rows.
    fn digests(rows: &str) -> Vec<String> {
        let scenarios = read(ESTATE, &format!("licit: 1\nestate: estate.yaml\n{rows}"));
        let digests = Digests::new(&scenarios);
        (0..scenarios.count()).map(|position| digests.digest(position)).collect()
    }

    #[test]
    fn whatever_a_scenario_says_is_in_its_digest() {
        let files = [
            "",
            "scenarios: [{name: other}]",
            "offers: [{id: a, sku: T2, price: 1}]",
            "offers: [{id: b, sku: T2, price: 1}]",
            "offers: [{id: a, sku: T1, price: 1}]",
            "offers: [{id: a, sku: T2, price: 1, scope: one}]",
            "offers: [{id: a, sku: T2, price: 2}]",
            "offers: [{id: a, sku: T2, price: 1, pack: 5}]",
            "offers: [{id: a, sku: T2, price: 1, min: 5}]",
            "offers: [{id: a, sku: T2, price: 1, max: 5}]",
            "offers: [{id: a, sku: T2, price: 1, fee: 5}]",
            "offers: [{id: a, sku: T2, tiers: [{from: 1, price: 1}, {from: 5, price: 2}], tier_rule: all-units}]",
            "offers: [{id: a, sku: T2, tiers: [{from: 1, price: 1}, {from: 5, price: 2}], tier_rule: incremental}]",
            "offers: [{id: a, renew: L, price: 1}]",
            "offers: [{id: a, renew: M, price: 1}]",
            "actions: [{transfer: true}]",
            "actions: [{reclaim: {versions: t@1, unused_for: 90d}, cost: 1}]",
            "actions: [{reclaim: {versions: t@1, unused_for: 91d}, cost: 1}]",
            "actions: [{reinstall: {from: t@2, to: t@1}, cost: 1}]",
            "limits: {budget: 1}",
            "shortage: {cost: 1}",
        ];
        let changes = [
            "{grow: t@1, scope: all, by: 1}",
            "{grow: t@1, scope: one, by: 1}",
            "{grow: t@2, scope: all, by: 1}",
            "{grow: t@1, scope: all, by: 2}",
            "{grow: t@1, scope: all, by: -1}",
            "{grow: t@1, scope: all, by: 1%}",
            "{grow: t@1, scope: all, by: -1%}",
            "{grow: t@*, by: 1%}",
            "{migrate: {from: t@1, to: t@2, share: 50%}}",
            "{migrate: {from: t@1, to: t@2, share: 51%}}",
            "{retire: [t@1]}",
            "{retire: [t@*]}",
            "{lapse: [L]}",
            "{lapse: [M]}",
            "{add_license: {id: G, sku: T2, quantity: 5}}",
            "{add_license: {id: G, sku: T2, quantity: 6}}",
            "{add_license: {id: G, sku: T2, quantity: 5, contract: c}}",
            "{merge_scope: {from: one, into: all}}",
        ];
        let scenarios = changes.map(|change| format!("scenarios: [{{name: as is, changes: [{change}]}}]"));
        let all = files.into_iter().map(str::to_owned).chain(scenarios);
        let digests: Vec<String> = all.flat_map(|file| digests(&file)).collect();
        let different: BTreeSet<&String> = digests.iter().collect();
        assert_eq!((digests.len(), different.len()), (39, 39));
    }

    #[test]
    fn how_and_where_a_scenario_is_written_is_not_in_its_digest() {
        let one = digests("scenarios: [{name: a}, {name: b, changes: [{grow: t@1, scope: all, by: 3}]}]");
        let other =
            digests("scenarios:\n- name: b\n  changes:\n  - by: \"+3\"\n    grow: t@1\n    scope: all\n- name: a\n");
        assert_eq!(one, [other[1].clone(), other[0].clone()]);
        let swept =
            digests("scenarios: [{name: a, changes: [{grow: t@1, scope: all, by: \"${n}\"}]}]\nsweep: {n: [1, 2]}");
        let price = digests(
            "offers: [{id: a, sku: T2, price: 1}]\nscenarios: [{name: s, changes: [{set_price: {offer: a, price: 2}}]}, {name: t}]",
        );
        let all: BTreeSet<&String> = swept.iter().chain(&price).collect();
        assert_eq!(all.len(), 4);
    }
}
