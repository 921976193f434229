//! The bound of a certificate on every plan.
//!
//! A plan with its position is bounded as a position is ([`crate::bound`]): every unit that a path uses has a
//! price, every lawful path with the prices of what it uses is worth at least zero, and what all there is comes to
//! at its prices is taken off the value of doing nothing. A market adds three things. How many units an offer's
//! lot has is the plan's to say: what it costs to have them less what they are worth is taken at its least over
//! the quantities that may be had. An install may be uninstalled: that is a path without units, for so many
//! installs at each cost. And a path may end at demand of another version, if installs of it may be replaced.
//!
//! The least over quantities is where a relaxation loses: a pack, a minimum, a fee or an all-units tier is no line.
//! A certificate may therefore split the plans by the quantity of an offer and bound each part with prices of its
//! own; no plan is better than the least of the bounds. A part in which no quantity of some offer may be had, or
//! whose cheapest quantities exceed the budget, has no plan and bounds nothing.
//!
//! Every plan is bounded, whatever its reserved units: assignments are honored in one order, so that those
//! honored after a plan are among those honored in the estate, where each lot has the most that may be had.
//!
//! Time: for each part that of a position's bound.

use super::after::{reclaimable, replacements};
use super::quantities::{Span, turning_points};
use super::{Certificate, MarketPrices, Order, ReclaimKey, Tree};
use crate::bound::{law_violations, sum};
use crate::evidence::{NO_PRICE, Price};
use crate::facts::{DemandCursor, Facts, Targets};
use crate::figures::Objective;
use crate::places::Places;
use crate::prices::FactPrices;
use crate::tariff::{MarketRules, Rules};
use crate::violation::{Law, Violation};
use crate::worth::Levels;
use model::id::Table;
use model::market::{Market, OfferId, Terms};
use model::number::Quantity;
use model::objective::Level;

/// What no plan within the budget is below, in the order of the certificate.
///
/// # Errors
/// The prices that are no prices or break the law, ranges that are none, or that nothing is bounded.
pub(super) fn bound(
    facts: &Facts<'_>,
    market: &Market,
    certificate: &Certificate,
) -> Result<Objective, Vec<Violation>> {
    let parts = Parts::of(facts, market, Order::of(certificate.weights));
    let whole = market.offers.iter().map(|offer| Span { first: Quantity::ZERO, last: offer.terms.most });
    let mut open = vec![(&certificate.tree, Table::new(whole.collect()))];
    let mut least: Option<Levels> = None;
    let mut violations = Vec::new();
    while let Some((tree, spans)) = open.pop() {
        match tree {
            Tree::Leaf(prices) => match parts.leaf(prices, &spans) {
                Ok(worth) => least = least.into_iter().chain(worth).min(),
                Err(found) => violations.extend(found),
            },
            Tree::Branch { offer, most, within, beyond } => match parts.split(&spans, *offer, *most) {
                Ok((below, above)) => open.extend([(&**within, below), (&**beyond, above)]),
                Err(found) => violations.push(found),
            },
        }
    }
    if !violations.is_empty() {
        return Err(violations);
    }
    let nothing = || vec![Violation::new(Law::Bound, "no part of the certificate bounds a plan")];
    least.map(|worth| worth.0).ok_or_else(nothing)
}

type Spans = Table<OfferId, Span>;

/// What all parts of a certificate are checked against.
struct Parts<'f, 'e> {
    facts: &'f Facts<'e>,
    market: &'f Market,
    rules: Rules,
    places: Places<'f, 'e>,
    /// What may be uninstalled, sorted; each with its demand, by index.
    reclaimable: Vec<(ReclaimKey, Quantity, usize)>,
}

impl<'f, 'e> Parts<'f, 'e> {
    fn of(facts: &'f Facts<'e>, market: &'f Market, order: Order) -> Self {
        let estate = facts.estate;
        let mut is_offered = Table::filled(false, estate.licenses.len());
        market.offers.iter().for_each(|offer| is_offered[offer.lot] = true);
        let replacements = |version| replacements(estate, market, version).copied().collect();
        let replacements = Table::new(estate.versions.ids().map(replacements).collect());
        let assigned = Targets::of(estate, market.assigned(estate).into_iter());
        let transfers_are_paid = market.transfers_are_paid;
        let mut cursor = DemandCursor::default();
        let demanded = |(key, quantity): (ReclaimKey, Quantity)| {
            let demand = cursor.find(facts, &key.demand).expect("installs that may be changed are demand");
            (key, quantity, demand)
        };
        Self {
            facts,
            market,
            rules: Rules {
                order,
                market: Some(MarketRules { is_offered, replacements, assigned, transfers_are_paid }),
            },
            places: Places::of(facts),
            reclaimable: reclaimable(estate, market).into_iter().map(demanded).collect(),
        }
    }

    fn split(&self, spans: &Spans, offer: OfferId, most: Quantity) -> Result<(Spans, Spans), Violation> {
        let Span { first, last } = spans[offer];
        if most < first || most > last {
            let id = &self.market.offers[offer].id;
            let what = format!("offer `{id}` is split at {most}, outside the range from {first} to {last}");
            return Err(Violation::new(Law::Bound, what));
        }
        let (mut below, mut above) = (spans.clone(), spans.clone());
        below[offer].last = most;
        above[offer].first = most + Quantity::ONE;
        Ok((below, above))
    }

    /// What the prices of a part bound; none if no plan is in it.
    fn leaf(&self, prices: &MarketPrices, spans: &Spans) -> Result<Option<Levels>, Vec<Violation>> {
        if !self.has_plans(spans) {
            return Ok(None);
        }
        let reclaims = self.reclaim_prices(&prices.reclaims)?;
        let prices = FactPrices::of(self.facts, &prices.facts)?;
        let mut violations = law_violations(self.facts, &self.places, &prices, &self.rules);
        violations.extend(self.reclaim_violations(&prices, &reclaims));
        if violations.is_empty() {
            violations.extend(match self.sum(&prices, &reclaims, spans) {
                Ok(worth) => return Ok(worth),
                Err(violation) => Some(violation),
            });
        }
        Err(violations)
    }

    /// Whether there may be plans with such quantities: each offer has one, and the cheapest are within the budget.
    fn has_plans(&self, spans: &Spans) -> bool {
        let cheapest = |(offer, &span): (OfferId, &Span)| {
            let terms = &self.market.offers[offer].terms;
            turning_points(terms, span).map(|quantity| terms.cost(quantity)).min()
        };
        let cheapest: Option<i128> = spans.enumerate().map(cheapest).sum();
        cheapest.is_some_and(|paid| self.market.budget.is_none_or(|budget| paid <= budget.units().into()))
    }

    /// The price of each kind of install that may be uninstalled.
    fn reclaim_prices(&self, rows: &[(ReclaimKey, Price)]) -> Result<Vec<Levels>, Vec<Violation>> {
        let mut prices = vec![Levels::NOTHING; self.reclaimable.len()];
        let mut violations = Vec::new();
        for (key, price) in rows {
            let found = self.reclaimable.binary_search_by_key(key, |row| row.0);
            let refused = match found {
                Err(_) => "cannot be uninstalled at the cost that has a price",
                Ok(_) if *price < NO_PRICE => "can be uninstalled at a price below zero",
                Ok(index) if prices[index] != Levels::NOTHING => "can be uninstalled at two prices",
                Ok(index) => {
                    prices[index] = Levels::of(price);
                    continue;
                }
            };
            let version = self.facts.estate.version_text(key.demand.version);
            violations.push(Violation::new(Law::PriceForm, format!("installs of `{version}`: {refused}")));
        }
        if violations.is_empty() { Ok(prices) } else { Err(violations) }
    }

    /// Installs that are cheaper to uninstall than they are priced.
    fn reclaim_violations(&self, prices: &FactPrices, reclaims: &[Levels]) -> Vec<Violation> {
        let worth = |(&(key, _, demand), &price): (&(ReclaimKey, Quantity, usize), &Levels)| {
            let cost = self.at(Level::Spend, key.cost.units().into()) - self.at(Level::Uncovered, 1);
            (key, cost + Levels::of(prices.demands.of_demand(demand)) + price)
        };
        let worths = self.reclaimable.iter().zip(reclaims).map(worth);
        let refused = worths.filter(|&(_, worth)| worth < Levels::NOTHING);
        let words = |(key, worth): (ReclaimKey, Levels)| {
            let version = self.facts.estate.version_text(key.demand.version);
            Violation::new(Law::PriceLaw, format!("to uninstall `{version}` is worth {:?}", worth.0))
        };
        refused.map(words).collect()
    }

    /// No plan with such quantities has less than this; none if no quantity of some offer may be had.
    fn sum(&self, prices: &FactPrices, reclaims: &[Levels], spans: &Spans) -> Result<Option<Levels>, Violation> {
        let mut sum = sum(self.facts, prices, &self.rules)?;
        for (&(_, quantity, _), &price) in self.reclaimable.iter().zip(reclaims) {
            sum = sum - price * i128::from(quantity.get());
        }
        for (id, &span) in spans.enumerate() {
            let offer = &self.market.offers[id];
            let Some(least) = self.least_worth(&offer.terms, span, Levels::of(&prices.lots[offer.lot])) else {
                return Ok(None);
            };
            sum = sum + least;
        }
        Ok(Some(sum))
    }

    /// The least that having units of an offer comes to, each taken off at its price; none if no quantity may be had.
    fn least_worth(&self, terms: &Terms, span: Span, price: Levels) -> Option<Levels> {
        let worth = |quantity: Quantity| {
            let units = i128::from(quantity.get());
            self.at(Level::Spend, terms.cost(quantity)) + self.at(Level::UnitsBought, units) - price * units
        };
        turning_points(terms, span).map(worth).min()
    }

    /// So much at one level, in the order of the certificate.
    fn at(&self, level: Level, amount: i128) -> Levels {
        Levels(self.rules.order.at(level, amount))
    }
}

#[cfg(test)]
mod tests;
