//! Random markets: whatever the prices, no plan found at random is better than what they bound.
//!
//! Prices of supply are drawn; those of demand are then as low as the law of prices allows, so that the bound is
//! as high as it can be with them. A law that forgets a path, or a sum that forgets a fact, bounds too much.

use super::*;
use crate::allocation::{Allocation, Destination, Row, SetAside, Unit};
use crate::evidence::AssignmentPrice;
use crate::lawful::{Ending, lightest_paths};
use crate::paths;
use crate::plan::{Plan, Standing, Weight, adding, after, certify, reinstallable, weights_of};
use crate::tariff::PricedFacts;
use crate::worth::Wide;
use model::estate::{Assigned, Estate};
use model::generate::{Draft, Shape, SplitMix64};
use model::id::{Id, VersionId};
use model::market::{Offer, Reclaim, Reinstall, Tier, TierRule};
use model::number::Money;
use model::objective::LEVELS;
use model::reading::{ReadOptions, read_estate_text};

/// So small that plans drawn at random are the best ones now and then.
const SHAPE: Shape = Shape {
    scopes: 2,
    titles: 1,
    versions: 2,
    skus: 3,
    licenses: 3,
    installs: 3,
    assignments: 2,
    assets: 2,
    users: 1,
    contracts: 1,
    quantity: 2,
    demand: 4,
    mixed_percent: 60,
    metric_percent: 0,
};

fn money(random: &mut SplitMix64, bound: usize) -> Money {
    Money::from_units(i64::try_from(random.below(bound)).expect("it is small"))
}

fn quantity(random: &mut SplitMix64, bound: u64) -> Quantity {
    Quantity::new(random.next_u64() % bound)
}

fn terms(random: &mut SplitMix64, most: Quantity) -> Terms {
    let mut tiers = vec![Tier { from: Quantity::ONE, price: money(random, 30) }];
    if random.percent(40) {
        tiers.push(Tier { from: Quantity::new(2 + random.below(3) as u64), price: money(random, 30) });
    }
    Terms {
        pack: Quantity::new(1 + random.below(3) as u64 / 2),
        least: quantity(random, 3),
        most,
        fee: if random.percent(30) { money(random, 20) } else { Money::ZERO },
        tiers,
        tier_rule: if random.percent(50) { TierRule::AllUnits } else { TierRule::Incremental },
    }
}

/// An estate and a market for it.
fn draw(random: &mut SplitMix64) -> (Estate, Market) {
    let draft = Draft::generate(random.next_u64(), &SHAPE);
    let mut estate =
        read_estate_text("draft", &draft.to_yaml(), &ReadOptions::default()).estate.expect("drafts have no error");
    let mut market = Market { transfers_are_paid: random.percent(50), ..Market::default() };
    for lot in estate.licenses.ids() {
        if estate.licenses[lot].quantity.is_some() && random.percent(60) {
            let license = &mut estate.licenses[lot];
            (license.start, license.end) = (None, None);
            let most = Quantity::new(1 + random.below(3) as u64);
            license.quantity = Some(most);
            market.offers.push(Offer {
                id: license.id.clone(),
                lot,
                is_renewal: random.percent(50),
                terms: terms(random, most),
            });
        }
    }
    for install in &mut estate.installs {
        if random.percent(50) {
            install.last_used = Some(estate.as_of);
        }
    }
    estate.installs.sort();
    let versions: Vec<VersionId> = estate.versions.ids().collect();
    for &version in &versions {
        if random.percent(40) {
            market.reclaims.push(Reclaim { version, unused_days: 0, cost: money(random, 25) });
        }
        if random.percent(40) {
            market.reinstalls.push(Reinstall { from: version, to: *random.pick(&versions), cost: money(random, 25) });
        }
    }
    if random.percent(30) {
        market.shortage_cost = Some(money(random, 60));
    }
    if random.percent(40) {
        market.budget = Some(money(random, 120));
    }
    (estate, market)
}

fn draw_plan(random: &mut SplitMix64, estate: &Estate, market: &Market) -> Plan {
    let quantities = market.offers.iter().map(|offer| {
        let drawn = quantity(random, offer.terms.most.get() + 1);
        if offer.terms.allows(drawn) { drawn } else { Quantity::ZERO }
    });
    let mut plan = Plan { quantities: Table::new(quantities.collect()), ..Plan::default() };
    for (key, most) in reclaimable(estate, market) {
        let taken = quantity(random, most.get() + 1);
        if random.percent(60) && !taken.is_zero() {
            plan.reclaimed.push((key, taken));
        }
    }
    for (demand, reinstall, most) in reinstallable(estate, market) {
        let taken: Quantity = plan.reclaimed.iter().filter(|row| row.0.demand == demand).map(|row| row.1).sum();
        let left = most - taken;
        if random.percent(60) && !left.is_zero() {
            plan.reinstalled.push((demand, reinstall.to, left));
        }
    }
    plan
}

/// A lawful allocation to which no row can be added, by trying all rows in random order.
fn draw_allocation(random: &mut SplitMix64, estate: &Estate) -> Allocation {
    let facts = Facts::derive(estate);
    let reserved = facts.reserved.iter().map(|unit| Unit { license: unit.license, reserved_for: Some(unit.target) });
    let units: Vec<Unit> = estate.licenses.ids().map(Unit::of).chain(reserved).collect();
    let mut destinations: Vec<Destination> =
        facts.demands.iter().map(|demand| Destination::Demand(demand.key)).collect();
    for assignment in &estate.assignments {
        let title = match assignment.assigned {
            Assigned::Title(title) => Some(title),
            Assigned::License(_) => None,
        };
        let aside = SetAside { target: assignment.target, title, scope: assignment.scope };
        destinations.push(Destination::SetAside(aside));
    }
    let singles = units.iter().map(|&unit| vec![unit]);
    let pairs = units.iter().flat_map(|&base| units.iter().map(move |&top| vec![base, top]));
    let mut rows: Vec<Row> = Vec::new();
    for path in singles.chain(pairs) {
        let to = |&destination: &Destination| Row { destination, path: path.clone(), quantity: Quantity::ONE };
        let is_lawful =
            |row: &Row| paths::check(&facts, &Allocation { rows: vec![row.clone()], ..Allocation::default() }).is_ok();
        rows.extend(destinations.iter().map(to).filter(is_lawful));
    }
    random.shuffle(&mut rows);
    // What covers is mostly better than what is set aside.
    rows.sort_by_key(|row| matches!(row.destination, Destination::SetAside(_)));
    let mut allocation = Allocation::default();
    for row in rows.into_iter().flat_map(|row| [row.clone(), row.clone(), row]) {
        allocation.rows.push(row);
        if paths::check(&facts, &allocation).is_err() {
            allocation.rows.pop();
        }
    }
    allocation
}

fn as_price(worth: Levels) -> Price {
    worth.0.map(|amount| i64::try_from(amount).expect("drawn prices are small"))
}

/// The least price that makes up for what is below zero.
fn made_up(worth: Levels) -> Price {
    as_price((Levels::NOTHING - worth).max(Levels::NOTHING))
}

/// Prices of supply as drawn, of demand as low as may be.
fn draw_prices(random: &mut SplitMix64, parts: &Parts<'_, '_>) -> MarketPrices {
    let facts = parts.facts;
    let worth = |level, amount: usize| Levels(parts.rules.order.at(level, amount as i128));
    let supply = |random: &mut SplitMix64| {
        let scarce = worth(Level::Uncovered, usize::from(random.percent(15)));
        let had = worth(Level::Spend, random.below(40)) + worth(Level::UnitsBought, random.below(2));
        as_price((had + scarce).max(Levels::NOTHING))
    };
    let mut prices = MarketPrices::default();
    for (license, lot) in facts.lots.enumerate().filter(|(_, lot)| lot.units.is_some()) {
        if parts.rules.is_offered(license) || (random.percent(40) && !lot.units.unwrap_or_default().is_zero()) {
            prices.facts.licenses.push((license, supply(random)));
        }
    }
    for unit in &facts.reserved {
        // With weights it may be worth less than nothing.
        let assigned = worth(Level::LicenseAssignmentsUnmet, 1).max(Levels::NOTHING);
        let had = if parts.rules.is_offered(unit.license) { supply(random) } else { [0; LEVELS] };
        prices.facts.reserved.push((unit.license, unit.target, as_price(assigned + Levels::of(&had))));
    }
    prices.reclaims = parts.reclaimable.iter().map(|&(key, ..)| (key, supply(random))).collect();
    for row in &facts.title_assignments {
        let met = as_price(worth(Level::TitleAssignmentsUnmet, random.below(2)).max(Levels::NOTHING));
        let (title, target) = (row.title, row.target);
        prices.facts.assignments.push(AssignmentPrice { title, target, met, aside: [0; LEVELS] });
    }
    let of_facts = FactPrices::of(facts, &prices.facts).unwrap_or_else(|found| panic!("{found:?}"));
    let tariff = PricedFacts::of(facts, &of_facts, &parts.rules, Wide);
    let mut demanded = vec![Levels::NOTHING; facts.demands.len()];
    let mut aside = vec![Levels::NOTHING; facts.title_assignments.len()];
    lightest_paths(facts, &parts.places, &tariff, |ending, weight| {
        let ends = match &ending {
            Ending::Demands(run) | Ending::Replaced(run, _) => run.clone(),
            Ending::TitleAssignment(index) => {
                let worth = tariff.least_at_end(&ending, weight).expect("it ends there");
                aside[*index] = aside[*index].min(worth);
                return;
            }
            Ending::Reserved(_) => return,
        };
        for index in ends {
            let alone = match &ending {
                Ending::Replaced(_, reinstall) => Ending::Replaced(index..index + 1, *reinstall),
                _ => Ending::Demands(index..index + 1),
            };
            if let Some(worth) = tariff.least_at_end(&alone, weight) {
                demanded[index] = demanded[index].min(worth);
            }
        }
    });
    for (&(key, _, demand), (_, price)) in parts.reclaimable.iter().zip(&prices.reclaims) {
        let done = worth(Level::Spend, usize::try_from(key.cost.units()).expect("it is small"));
        demanded[demand] = demanded[demand].min(done - worth(Level::Uncovered, 1) + Levels::of(price));
    }
    prices.facts.demands =
        facts.demands.iter().zip(demanded).map(|(demand, worth)| (demand.key, made_up(worth))).collect();
    for (row, worth) in prices.facts.assignments.iter_mut().zip(aside) {
        row.aside = made_up(worth);
    }
    prices
}

fn draw_certificate(random: &mut SplitMix64, parts: &mut Parts<'_, '_>) -> Certificate {
    if parts.market.offers.is_empty() || random.percent(50) {
        return draw_leaf(random, parts);
    }
    let offer = OfferId::at(random.below(parts.market.offers.len()));
    let most = quantity(random, parts.market.offers[offer].terms.most.get() + 1);
    let (within, beyond) = (Box::new(draw_leaf(random, parts)), Box::new(draw_leaf(random, parts)));
    Certificate::Branch { offer, most, within, beyond }
}

/// Adds to spend, and now and then to levels that stand after it.
fn weight(random: &mut SplitMix64, first: usize) -> Weight {
    let mut weight = adding(Level::Spend, money(random, 50).units());
    for level in Level::ALL.into_iter().filter(|&level| level.index() >= first && level != Level::Spend) {
        if random.percent(20) {
            weight[level.index()] = money(random, 5).units() - 2;
        }
    }
    weight
}

/// A bound in the order of the market; with a budget, others in orders of their own.
fn draw_leaf(random: &mut SplitMix64, parts: &mut Parts<'_, '_>) -> Certificate {
    let mut weights = vec![weights_of(parts.market)];
    if parts.market.budget.is_some() {
        for _ in 0..random.below(3) {
            let first = random.below(4);
            weights.push(std::array::from_fn(|level| (level >= first).then(|| weight(random, first))));
        }
    }
    let bound = |weights| {
        parts.rules.order = Order::of(weights);
        Bound { weights, prices: draw_prices(random, parts) }
    };
    Certificate::Leaf(weights.into_iter().map(bound).collect())
}

#[test]
fn no_plan_is_better_than_any_bound() {
    let mut random = SplitMix64::new(11);
    let (mut optimal, mut proved, mut dear) = (0, 0, 0);
    for round in 0..1_500 {
        let (estate, market) = draw(&mut random);
        let facts = Facts::derive(&estate);
        let certificate = draw_certificate(&mut random, &mut Parts::of(&facts, &market));
        for _ in 0..8 {
            let plan = draw_plan(&mut random, &estate, &market);
            let changed = after(&estate, &market, &plan).unwrap_or_else(|found| panic!("round {round}: {found:?}"));
            let allocation = draw_allocation(&mut random, &changed);
            match certify(&estate, &market, plan, allocation, certificate.clone()).map(|plan| plan.standing()) {
                Ok(Standing::Optimal) => optimal += 1,
                Ok(Standing::Proved(_)) => proved += 1,
                Err(found) if found.iter().all(|found| found.law == Law::Budget) => dear += 1,
                Err(found) => panic!("round {round}: {found:?}"),
            }
        }
    }
    // All happen, so that neither bounds nor budgets are idle.
    assert!(optimal > 50 && proved > 50 && dear > 50, "{optimal} {proved} {dear}");
}
