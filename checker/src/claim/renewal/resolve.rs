//! From names to facts of a part: rebuilds the plan, the allocation and the certificate that a proof claims.

use super::super::document::Uncovered;
use super::super::resolve::Resolver;
use super::document::{Bound, Node, Proof, ReclaimPrice, Reclaimed, Reinstalled, Used};
use crate::allocation::{Allocation, DemandKey};
use crate::evidence::{Price, Prices};
use crate::json::{Object, Text};
use crate::plan::{self, Certificate, MarketPrices, Plan, ReclaimKey};
use crate::violation::{Law, Violation};
use model::estate::{Estate, find};
use model::id::{LicenseId, Table};
use model::market::{Market, OfferId};
use model::number::{Money, Quantity};
use std::fmt;

/// Most splits of quantities one below another: certificates are trees that are walked and dropped by recursion.
const DEPTH_MAX: usize = 5_000;

/// Largest absolute value of a number in a price or weight. No part has as many facts as would make a sum of such
/// prices, each times a quantity, leave the range of the integers it is summed in.
const PRICE_MAX: u64 = 100_000_000_000_000_000;

/// What a proof claims of facts, in canonical order.
pub(super) struct Claims {
    pub(super) plan: Plan,
    pub(super) allocation: Allocation,
    pub(super) certificate: Certificate,
    pub(super) used: Vec<(LicenseId, Quantity)>,
    pub(super) uncovered: Vec<(DemandKey, Quantity)>,
}

/// Rebuilds the claims of a proof; `place` is where it stands.
pub(super) fn resolve(
    estate: &Estate,
    market: &Market,
    place: &dyn fmt::Display,
    proof: &Proof<'_>,
) -> Result<Claims, Vec<Violation>> {
    let mut reader = Reader { resolver: Resolver::new(estate), market };
    let quantities = reader.quantities(place, proof);
    let reclaimed = reader.reclaimed(place, &proof.reclaimed);
    let reinstalled = reader.reinstalled(place, &proof.reinstalled);
    let allocation = reader.resolver.allocation(&format_args!("{place}.allocation"), &proof.allocation);
    let used = reader.used(place, &proof.licenses);
    let uncovered = reader.uncovered(place, &proof.uncovered);
    let certificate = reader.certificate(place, &proof.certificate);
    let claims = certificate.map(|certificate| Claims {
        plan: Plan { quantities, reclaimed, reinstalled },
        allocation,
        certificate,
        used,
        uncovered,
    });
    reader.resolver.finish(claims).map(|claims| claims.expect("a certificate is there or refused"))
}

struct Reader<'e, 'm> {
    resolver: Resolver<'e>,
    market: &'m Market,
}

impl Reader<'_, '_> {
    /// What is not named is not had.
    fn quantities(&mut self, place: &dyn fmt::Display, proof: &Proof<'_>) -> Table<OfferId, Quantity> {
        let mut quantities = Table::filled(None, self.market.offers.len());
        for (index, row) in proof.offers.iter().enumerate() {
            let place = format_args!("{place}.offers[{index}]");
            let offer = self.offer(&place, &row.offer);
            let quantity = self.resolver.quantity(&place, row.quantity);
            let Some((offer, quantity)) = offer.zip(quantity) else { continue };
            if quantities[offer].replace(quantity).is_some() {
                self.resolver.refuse(Law::Plan, format!("`{place}` names the offer `{}` again", &*row.offer));
            }
            if quantity.is_zero() {
                self.resolver.refuse(Law::Plan, format!("`{place}.quantity` is 0; a row says how many are had"));
            }
        }
        Table::new(quantities.iter().map(|quantity: &Option<Quantity>| quantity.unwrap_or_default()).collect())
    }

    fn reclaim_key(
        &mut self,
        place: &dyn fmt::Display,
        (version, scope, rest): (&Text<'_>, &Text<'_>, [&Option<Text<'_>>; 3]),
        cost: &Text<'_>,
    ) -> Option<ReclaimKey> {
        let demand = self.demand(place, version, scope, rest);
        demand.zip(self.money(place, cost)).map(|(demand, cost)| ReclaimKey { demand, cost })
    }

    fn reclaimed(
        &mut self,
        place: &dyn fmt::Display,
        claimed: &[Object<Reclaimed<'_>>],
    ) -> Vec<(ReclaimKey, Quantity)> {
        let mut rows = Vec::with_capacity(claimed.len());
        for (index, row) in claimed.iter().enumerate() {
            let place = format_args!("{place}.reclaimed[{index}]");
            let Reclaimed { version, scope, contract, asset, user, cost, quantity } = &**row;
            let key = self.reclaim_key(&place, (version, scope, [contract, asset, user]), cost);
            rows.extend(key.zip(self.resolver.quantity(&place, *quantity)));
        }
        rows.sort_unstable();
        rows
    }

    fn reinstalled(
        &mut self,
        place: &dyn fmt::Display,
        claimed: &[Object<Reinstalled<'_>>],
    ) -> Vec<(DemandKey, model::id::VersionId, Quantity)> {
        let mut rows = Vec::with_capacity(claimed.len());
        for (index, row) in claimed.iter().enumerate() {
            let place = format_args!("{place}.reinstalled[{index}]");
            let Reinstalled { version, scope, contract, asset, user, to, quantity } = &**row;
            let demand = self.demand(&place, version, scope, [contract, asset, user]);
            let to = self.resolver.version(&place, to);
            let quantity = self.resolver.quantity(&place, *quantity);
            rows.extend(demand.zip(to).zip(quantity).map(|((demand, to), quantity)| (demand, to, quantity)));
        }
        rows.sort_unstable();
        rows
    }

    fn used(&mut self, place: &dyn fmt::Display, claimed: &[Object<Used<'_>>]) -> Vec<(LicenseId, Quantity)> {
        let mut rows = Vec::with_capacity(claimed.len());
        for (index, row) in claimed.iter().enumerate() {
            let place = format_args!("{place}.licenses[{index}]");
            let license = self.resolver.license(&place, &row.license);
            rows.extend(license.zip(self.resolver.quantity(&place, row.used)));
        }
        rows.sort_unstable();
        rows
    }

    fn uncovered(&mut self, place: &dyn fmt::Display, claimed: &[Object<Uncovered<'_>>]) -> Vec<(DemandKey, Quantity)> {
        self.resolver.uncovered(&format_args!("{place}.uncovered"), claimed)
    }

    /// Puts the tree together from its last node to its first: what is below a node is there before it.
    fn certificate(&mut self, place: &dyn fmt::Display, nodes: &[Object<Node<'_>>]) -> Option<Certificate> {
        let place = format!("{place}.certificate");
        let mut open: Vec<(Certificate, usize)> = Vec::new();
        for (index, node) in nodes.iter().enumerate().rev() {
            let place = format_args!("{place}[{index}]");
            match (&node.offer, node.most, &node.bounds) {
                (None, None, Some(bounds)) => open.push((Certificate::Leaf(self.bounds(&place, bounds)), 0)),
                (Some(offer), Some(most), None) => {
                    let (Some((within, near)), Some((beyond, far))) = (open.pop(), open.pop()) else {
                        return self.no_tree(&place, "lacks one of the two parts that it splits plans into");
                    };
                    let depth = near.max(far) + 1;
                    if depth > DEPTH_MAX {
                        return self.no_tree(&place, &format!("splits plans more than {DEPTH_MAX} times"));
                    }
                    let (offer, most) = (self.offer(&place, offer), self.resolver.quantity(&place, most));
                    let (within, beyond) = (Box::new(within), Box::new(beyond));
                    let branch = |(offer, most)| Certificate::Branch { offer, most, within, beyond };
                    open.push((offer.zip(most).map(branch)?, depth));
                }
                _ => return self.no_tree(&place, "has neither `bounds` alone nor `offer` and `most` alone"),
            }
        }
        match open.pop() {
            Some((certificate, _)) if open.is_empty() => Some(certificate),
            _ => self.no_tree(&place, "is no tree of one root"),
        }
    }

    fn no_tree(&mut self, place: &dyn fmt::Display, what: &str) -> Option<Certificate> {
        self.resolver.refuse(Law::Bound, format!("`{place}` {what}"));
        None
    }

    fn bounds(&mut self, place: &dyn fmt::Display, claimed: &[Object<Bound<'_>>]) -> Vec<plan::Bound> {
        let mut bounds = Vec::with_capacity(claimed.len());
        for (index, bound) in claimed.iter().enumerate() {
            let place = format_args!("{place}.bounds[{index}]");
            let facts = self.resolver.prices(&format_args!("{place}.prices"), &bound.prices);
            let reclaims = self.reclaim_prices(&place, &bound.reclaims);
            let weights = bound.weights.iter().flatten();
            self.refuse_excess(&place, prices_of(&facts).chain(reclaims.iter().map(|row| &row.1)).chain(weights));
            bounds.push(plan::Bound { weights: bound.weights, prices: MarketPrices { facts, reclaims } });
        }
        bounds
    }

    fn reclaim_prices(
        &mut self,
        place: &dyn fmt::Display,
        claimed: &[Object<ReclaimPrice<'_>>],
    ) -> Vec<(ReclaimKey, Price)> {
        let mut prices = Vec::with_capacity(claimed.len());
        for (index, row) in claimed.iter().enumerate() {
            let place = format_args!("{place}.reclaims[{index}]");
            let ReclaimPrice { version, scope, contract, asset, user, cost, price } = &**row;
            let key = self.reclaim_key(&place, (version, scope, [contract, asset, user]), cost);
            prices.extend(key.map(|key| (key, *price)));
        }
        prices.sort_unstable();
        prices
    }

    fn refuse_excess<'p>(&mut self, place: &dyn fmt::Display, mut prices: impl Iterator<Item = &'p Price>) {
        if prices.any(|price| price.iter().any(|number| number.unsigned_abs() > PRICE_MAX)) {
            self.resolver.refuse(Law::PriceForm, format!("`{place}` has a number beyond {PRICE_MAX}"));
        }
    }

    fn demand(
        &mut self,
        place: &dyn fmt::Display,
        version: &str,
        scope: &str,
        names: [&Option<Text<'_>>; 3],
    ) -> Option<DemandKey> {
        self.resolver.demand_key(place, version, scope, names.map(|name| name.as_deref()))
    }

    fn offer(&mut self, place: &dyn fmt::Display, name: &str) -> Option<OfferId> {
        let found = find(&self.market.offers, name, |offer| &offer.id);
        self.resolver.known(found, place, "offer", name)
    }

    fn money(&mut self, place: &dyn fmt::Display, text: &str) -> Option<Money> {
        let money = Money::parse(text);
        if money.is_err() {
            self.resolver.refuse(Law::Plan, format!("`{place}.cost` is `{text}`, which is no amount of money"));
        }
        money.ok()
    }
}

/// All prices of facts.
fn prices_of(prices: &Prices) -> impl Iterator<Item = &Price> {
    let assignments = prices.assignments.iter().flat_map(|row| [&row.met, &row.aside]);
    (prices.licenses.iter().map(|row| &row.1))
        .chain(prices.reserved.iter().map(|row| &row.2))
        .chain(prices.demands.iter().map(|row| &row.1))
        .chain(assignments)
}
