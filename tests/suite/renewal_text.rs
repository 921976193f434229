//! A drawn renewal as files, and as the facts that are solved.

use super::{OfferRow, Offered, Prices, RenewalDraft, Shortage};
use model::ReadOptions;
use model::estate::{Estate, find};
use model::generate::{Draft, LicenseRow, Span};
use model::id::{Table, VersionId, ids_in};
use model::market::{Market, Offer, Reclaim, Reinstall, Terms, Tier, TierRule};
use model::number::{Money, Quantity};
use std::fmt::Write as _;

/// The estate of a draft on a day.
pub(super) fn read(draft: &Draft, as_of: &str) -> Estate {
    let text = draft.to_yaml();
    let options = ReadOptions { as_of: Some(as_of.parse().unwrap()), folder: None };
    let reading = model::read_estate_text("estate.yaml", &text, &options);
    reading.estate.unwrap_or_else(|| panic!("a drawn estate is valid: {:?}\n{text}", reading.findings))
}

impl RenewalDraft {
    /// The estate with a lot for each offer: a new license, or the license renewed without its end.
    pub(super) fn estate_with_lots(&self) -> Estate {
        let mut draft = self.estate.clone();
        for offer in &self.offers {
            match &offer.what {
                Offered::Lot { sku, scope } => draft.licenses.push(LicenseRow {
                    id: offer.id.clone(),
                    sku: sku.clone(),
                    quantity: Some(self.most(offer)),
                    scope: scope.clone(),
                    start: None,
                    end: None,
                    purchased: None,
                    contract: None,
                }),
                Offered::License { license, .. } => {
                    let row = draft.licenses.iter_mut().find(|row| row.id == *license).expect("it is a license");
                    row.end = None;
                }
            }
        }
        read(&draft, &self.as_of)
    }

    /// The most units of an offer that can be of use: its limit, the license renewed, or one unit for whatever
    /// needs an entitlement, and as many as the cheapest tier takes.
    fn most(&self, offer: &OfferRow) -> u64 {
        if let Offered::License { license, .. } = &offer.what {
            let row = self.estate.licenses.iter().find(|row| row.id == *license).expect("it is a license");
            return row.quantity.expect("it is finite");
        }
        let installed = self.estate.installs.iter().filter(|row| row.excluded.is_none());
        let needed = installed.map(|row| row.quantity.unwrap_or(1)).sum::<u64>() + self.estate.assignments.len() as u64;
        let last_tier = match &offer.prices {
            Prices::One(_) => 1,
            Prices::Tiers { tiers, .. } => tiers.iter().map(|&(from, _)| from).max().expect("there are tiers"),
        };
        let pack = offer.pack.unwrap_or(1);
        let most = needed.max(last_tier).max(offer.min.unwrap_or(1)).div_ceil(pack) * pack;
        offer.max.unwrap_or(most)
    }

    /// The market beside the estate with lots.
    pub(super) fn market(&self, estate: &Estate) -> Market {
        let mut offers: Vec<Offer> = self.offers.iter().map(|row| self.offer(estate, row)).collect();
        offers.sort_by(|one, other| one.id.as_bytes().cmp(other.id.as_bytes()));
        let mut reclaims: Vec<Reclaim> = Vec::new();
        for row in &self.reclaims {
            let cost = money(&row.cost);
            let versions = versions(estate, &row.title, &row.span);
            reclaims.extend(versions.map(|version| Reclaim { version, unused_days: row.unused_days, cost }));
        }
        reclaims.sort_unstable();
        reclaims.dedup();
        let version = |title: &str, name: &str| estate.find_version(title, name).expect("it is a version");
        let mut reinstalls: Vec<Reinstall> = self
            .reinstalls
            .iter()
            .map(|row| Reinstall {
                from: version(&row.title, &row.from),
                to: version(&row.to_title, &row.to),
                cost: money(&row.cost),
            })
            .collect();
        reinstalls.sort_unstable();
        let shortage_cost = if let Shortage::Cost(cost) = &self.shortage { Some(money(cost)) } else { None };
        Market {
            offers: Table::new(offers),
            transfers_are_paid: self.transfers_are_paid,
            reclaims,
            reinstalls,
            budget: self.budget.as_deref().map(money),
            shortage_cost,
            assigned_elsewhere: Vec::new(),
        }
    }

    fn offer(&self, estate: &Estate, row: &OfferRow) -> Offer {
        let (lot, is_renewal, is_whole) = match &row.what {
            Offered::Lot { .. } => (&row.id, false, false),
            Offered::License { license, is_whole } => (license, true, *is_whole),
        };
        let lot = find(&estate.licenses, lot, |license| &license.id).expect("each offer has its lot");
        let tier = |(from, price): &(u64, String)| Tier { from: Quantity::new(*from), price: money(price) };
        let (tiers, tier_rule) = match &row.prices {
            Prices::One(price) => (vec![tier(&(1, price.clone()))], TierRule::Incremental),
            Prices::Tiers { tiers, is_for_all_units: true } => (tiers.iter().map(tier).collect(), TierRule::AllUnits),
            Prices::Tiers { tiers, .. } => (tiers.iter().map(tier).collect(), TierRule::Incremental),
        };
        let most = Quantity::new(self.most(row));
        let terms = Terms {
            pack: Quantity::new(row.pack.unwrap_or(1)),
            least: if is_whole { most } else { Quantity::new(row.min.unwrap_or(0)) },
            most,
            fee: row.fee.as_deref().map_or(Money::ZERO, money),
            tiers,
            tier_rule,
        };
        Offer { id: row.id.clone(), lot, is_renewal, terms }
    }

    /// The scenario file.
    pub(super) fn scenario_yaml(&self) -> String {
        let mut text = format!("licit: 1\nestate: estate.yaml\nas_of: {}\noffers:", self.as_of);
        text.push_str(if self.offers.is_empty() { " []\n" } else { "\n" });
        for row in &self.offers {
            let _ = writeln!(text, "  - {{{}}}", offer_keys(row).join(", "));
        }
        let transfers = self.transfers_are_paid.then(|| "{transfer: true}".to_owned());
        let reclaims = self.reclaims.iter().map(|row| {
            let reference = reference(&row.title, &row.span);
            let days = row.unused_days;
            format!("{{reclaim: {{versions: {reference}, unused_for: {days}d}}, cost: {}}}", row.cost)
        });
        let reinstalls = self.reinstalls.iter().map(|row| {
            let (from, to) = (format!("\"{}@{}\"", row.title, row.from), format!("\"{}@{}\"", row.to_title, row.to));
            format!("{{reinstall: {{from: {from}, to: {to}}}, cost: {}}}", row.cost)
        });
        let actions: Vec<String> = transfers.into_iter().chain(reclaims).chain(reinstalls).collect();
        if !actions.is_empty() {
            let _ = writeln!(text, "actions:\n  - {}", actions.join("\n  - "));
        }
        if let Some(budget) = &self.budget {
            let _ = writeln!(text, "limits: {{budget: {budget}}}");
        }
        match &self.shortage {
            Shortage::LeftOut => {}
            Shortage::Forbid => text.push_str("shortage: forbid\n"),
            Shortage::Cost(cost) => {
                let _ = writeln!(text, "shortage: {{cost: {cost}}}");
            }
        }
        text.push_str("scenarios:\n  - {name: as is}\n");
        text
    }
}

fn offer_keys(row: &OfferRow) -> Vec<String> {
    let mut keys = vec![format!("id: {}", row.id)];
    match &row.what {
        Offered::Lot { sku, scope } => {
            keys.push(format!("sku: {sku}"));
            keys.extend(scope.as_ref().map(|scope| format!("scope: {scope}")));
        }
        Offered::License { license, is_whole } => {
            keys.push(format!("renew: {license}"));
            keys.extend(is_whole.then(|| "whole: true".to_owned()));
        }
    }
    keys.extend(row.pack.map(|units| format!("pack: {units}")));
    keys.extend(row.min.map(|units| format!("min: {units}")));
    keys.extend(row.max.map(|units| format!("max: {units}")));
    keys.extend(row.fee.as_ref().map(|fee| format!("fee: {fee}")));
    match &row.prices {
        Prices::One(price) => keys.push(format!("price: {price}")),
        Prices::Tiers { tiers, is_for_all_units } => {
            let tiers: Vec<String> =
                tiers.iter().map(|(from, price)| format!("{{from: {from}, price: {price}}}")).collect();
            keys.push(format!("tiers: [{}]", tiers.join(", ")));
            keys.push(format!("tier_rule: {}", if *is_for_all_units { "all-units" } else { "incremental" }));
        }
    }
    keys
}

fn reference(title: &str, span: &Span) -> String {
    match span {
        Span::One(name) => format!("\"{title}@{name}\""),
        Span::All => format!("\"{title}@*\""),
        Span::UpTo(last) => format!("\"{title}@..{last}\""),
        Span::From(first) => format!("\"{title}@{first}..\""),
        Span::Between(first, last) => format!("\"{title}@{first}..{last}\""),
    }
}

/// The versions that a reference names.
fn versions(estate: &Estate, title: &str, span: &Span) -> impl Iterator<Item = VersionId> {
    let at = |name: &String| estate.find_version(title, name).expect("it is a version");
    let (first, last) = match span {
        Span::One(name) => (Some(at(name)), Some(at(name))),
        Span::All => (None, None),
        Span::UpTo(last) => (None, Some(at(last))),
        Span::From(first) => (Some(at(first)), None),
        Span::Between(first, last) => (Some(at(first)), Some(at(last))),
    };
    let title = find(&estate.titles, title, |title| &title.id).expect("it is a title");
    ids_in(&estate.titles[title].versions)
        .filter(move |&version| first.is_none_or(|first| first <= version) && last.is_none_or(|last| version <= last))
}

fn money(text: &str) -> Money {
    Money::parse(text).unwrap()
}
