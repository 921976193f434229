//! The bounds of a certificate on every plan.
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
//! own; a plan is as good as is shown for all parts. A part in which no quantity of some offer may be had, or whose
//! cheapest quantities exceed the budget, has no plan and needs no bound. Where it is actions that a budget limits, a
//! part has several bounds, each with weights of its own ([`super::standing`]).
//!
//! Assignments are honored in one order: of an offer of whose lot so many units may be reserved at most, the first
//! ones had are these, in that order, and all others are unreserved. So the units of a quantity are known, and
//! each counts at its own price.
//!
//! Time: for each bound that of a position's, and linear in the reserved units of offers.

use super::after::{reclaimable, replacements};
use super::quantities::{Span, turning_points};
use super::standing::{Compared, Shown, Verdict, refused_weights};
use super::{Bound, Certificate, MarketPrices, Order, Plan, ReclaimKey, Standing};
use crate::bound::{law_violations, sum};
use crate::evidence::{NO_PRICE, Price};
use crate::facts::{DemandCursor, Facts, Targets};
use crate::figures::Objective;
use crate::homes::Homes;
use crate::places::Places;
use crate::prices::FactPrices;
use crate::tariff::{MarketRules, Rules};
use crate::violation::{Law, Violation};
use crate::worth::Levels;
use model::id::Table;
use model::market::{Market, Offer, OfferId, Terms};
use model::number::Quantity;
use model::objective::Level;
use std::ops::Range;

/// What a certificate shows about a plan.
///
/// # Errors
/// The prices that are no prices or break the law, weights and ranges that are none, or bounds that the plan itself
/// is below.
pub(super) fn standing(
    facts: &Facts<'_>,
    market: &Market,
    plan: &Plan,
    objective: &Objective,
    certificate: &Certificate,
) -> Result<Standing, Vec<Violation>> {
    let mut parts = Parts::of(facts, market);
    let compared = Compared::of(facts, market, objective);
    let whole = market.offers.iter().map(|offer| Span { first: Quantity::ZERO, last: offer.terms.most });
    let mut open = vec![(certificate, Table::new(whole.collect()))];
    let (mut verdicts, mut violations) = (Vec::new(), Vec::new());
    while let Some((part, spans)) = open.pop() {
        match part {
            Certificate::Leaf(bounds) => match parts.leaf(bounds, &spans) {
                Ok(Some(shown)) => {
                    let verdict = compared.verdict(&shown);
                    if verdict == Verdict::Worse && has(&spans, plan) {
                        let what = "the plan is below a bound on the plans with quantities like its own".to_owned();
                        violations.push(Violation::new(Law::Bound, what));
                    }
                    verdicts.push(verdict);
                }
                Ok(None) => {}
                Err(found) => violations.extend(found),
            },
            Certificate::Branch { offer, most, within, beyond } => match parts.split(&spans, *offer, *most) {
                Ok((below, above)) => open.extend([(&**within, below), (&**beyond, above)]),
                Err(found) => violations.push(found),
            },
        }
    }
    if violations.is_empty() { Ok(compared.standing(verdicts)) } else { Err(violations) }
}

/// Whether a plan's quantities lie in the spans.
fn has(spans: &Spans, plan: &Plan) -> bool {
    spans.iter().zip(&plan.quantities).all(|(span, &quantity)| span.contains(quantity))
}

type Spans = Table<OfferId, Span>;

/// What all parts of a certificate are checked against.
struct Parts<'f, 'e> {
    facts: &'f Facts<'e>,
    market: &'f Market,
    rules: Rules,
    places: Places<'f, 'e>,
    homes: Homes,
    /// The units of each offer's lot that are reserved if they are had, in the order in which they are: among the
    /// reserved ones.
    reserved_of: Table<OfferId, Range<usize>>,
    /// What may be uninstalled, sorted; each with its demand, by index.
    reclaimable: Vec<(ReclaimKey, Quantity, usize)>,
}

impl<'f, 'e> Parts<'f, 'e> {
    fn of(facts: &'f Facts<'e>, market: &'f Market) -> Self {
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
        let reserved_of = |offer: &Offer| {
            let start = facts.reserved.partition_point(|unit| unit.license < offer.lot);
            start..facts.reserved.partition_point(|unit| unit.license <= offer.lot)
        };
        Self {
            facts,
            market,
            reserved_of: Table::new(market.offers.iter().map(reserved_of).collect()),
            rules: Rules {
                order: Order::default(),
                market: Some(MarketRules { is_offered, replacements, assigned, transfers_are_paid }),
            },
            places: Places::of(facts),
            homes: Homes::of(facts),
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

    /// What bounds show of the plans of a part; none if no plan is in it.
    fn leaf(&mut self, bounds: &[Bound], spans: &Spans) -> Result<Option<Vec<Shown>>, Vec<Violation>> {
        if !self.has_plans(spans) {
            return Ok(None);
        }
        let mut shown = Vec::with_capacity(bounds.len());
        for Bound { weights, prices } in bounds {
            if let Some(what) = refused_weights(self.market, weights) {
                return Err(vec![Violation::new(Law::Bound, what)]);
            }
            self.rules.order = Order::of(*weights);
            shown.push(Shown { weights: *weights, least: self.least(prices, spans)?.0 });
        }
        Ok(Some(shown))
    }

    /// What no plan of a part is below, in the order of the rules.
    fn least(&self, prices: &MarketPrices, spans: &Spans) -> Result<Levels, Vec<Violation>> {
        let reclaims = self.reclaim_prices(&prices.reclaims)?;
        let prices = FactPrices::of(self.facts, &prices.facts)?;
        let mut violations = law_violations(self.facts, &self.places, &self.homes, &prices, &self.rules);
        if !self.homes.are_none() && !self.market.reinstalls.is_empty() {
            let what = "installs may be replaced where one entitlement covers several";
            violations.push(Violation::new(Law::Bound, what));
        }
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

    /// No plan with such quantities has less than this.
    fn sum(&self, prices: &FactPrices, reclaims: &[Levels], spans: &Spans) -> Result<Levels, Violation> {
        let mut sum = sum(self.facts, prices, &self.rules)?;
        for (&(_, quantity, _), &price) in self.reclaimable.iter().zip(reclaims) {
            sum = sum - price * i128::from(quantity.get());
        }
        for (id, &span) in spans.enumerate() {
            let offer = &self.market.offers[id];
            let reserved = &prices.reserved[self.reserved_of[id].clone()];
            let least = self.least_worth(&offer.terms, span, reserved, Levels::of(&prices.lots[offer.lot]));
            sum = sum + least.expect("a part with plans has a quantity of every offer");
        }
        Ok(sum)
    }

    /// The least that having units of an offer comes to, each taken off at its price, the reserved ones first; none
    /// if no quantity may be had.
    fn least_worth(&self, terms: &Terms, span: Span, reserved: &[Price], price: Levels) -> Option<Levels> {
        let had = |quantity: Quantity| {
            self.at(Level::Spend, terms.cost(quantity)) + self.at(Level::UnitsBought, quantity.get().into())
        };
        // What the first reserved units come to, no more of them than are priced.
        let mut worth = Levels::NOTHING;
        let mut least: Option<Levels> = None;
        for (quantity, unit) in (0..).map(Quantity::new).zip(reserved) {
            if span.contains(quantity) && terms.allows(quantity) {
                least = least.into_iter().chain([had(quantity) - worth]).min();
            }
            worth = worth + Levels::of(unit);
        }
        let count = Quantity::new(reserved.len() as u64);
        let rest = Span { first: span.first.max(count), ..span };
        let beyond = turning_points(terms, rest)
            .map(|quantity| had(quantity) - worth - price * i128::from((quantity - count).get()));
        least.into_iter().chain(beyond).min()
    }

    /// So much at one level, in the order of the rules.
    fn at(&self, level: Level, amount: i128) -> Levels {
        Levels(self.rules.order.at(level, amount))
    }
}

#[cfg(test)]
mod tests;
