//! What is done instead of buying: uninstalling, replacing, transfers; and shortages at a price.

use super::*;
use model::market::{Reclaim, Reinstall};

/// Seven installs of `a@2`, three of which nobody has used for long.
fn reclaim() -> Case {
    let rows = "licenses: [{id: new, sku: A2, quantity: 10}]\n\
        installs: [{version: a@2, quantity: 4, last_used: 2026-12-24},\n\
        {version: a@2, quantity: 3, last_used: 2026-01-01}]\n";
    let mut case = Case::of(rows).offer("new", plain(100), 4).covers("new", "a@2", 4);
    let version = case.version("a@2");
    case.market.reclaims = vec![Reclaim { version, unused_days: 90, cost: money(15) }];
    let key = ReclaimKey { demand: case.key("a@2"), cost: money(15) };
    case.plan.reclaimed = vec![(key, quantity(3))];
    let mut prices = at_cost(&case, "new", "a@2", 100);
    prices.reclaims = vec![(key, price(&[(Level::Spend, 85), (Level::UnitsBought, 1), (Level::Flexibility, 1)]))];
    case.proved_by(leaf(prices))
}

#[test]
fn uninstalling_is_cheaper_than_buying() {
    let certified = reclaim().is_optimal();
    assert_eq!(*certified.objective(), [0, 0, 0, 445, 4, 0, 0, 0, 4]);
    assert_eq!(certified.figures().totals.demand, quantity(4));
}

#[test]
fn uninstalling_priced_too_low_breaks_the_law() {
    let mut case = reclaim();
    let prices = case.prices();
    prices.reclaims[0].1 = price(&[(Level::Spend, 84)]);
    case.breaks(Law::PriceLaw);
}

#[test]
fn uninstalling_priced_too_high_leaves_a_gap() {
    let mut case = reclaim();
    let prices = case.prices();
    prices.reclaims[0].1 = price(&[(Level::Spend, 86)]);
    case.has_gap(Level::Spend, 445, 442);
}

#[test]
fn what_is_uninstalled_has_one_price_not_below_zero() {
    let with = |change: &dyn Fn(&mut MarketPrices)| {
        let mut case = reclaim();
        let prices = case.prices();
        change(prices);
        case.breaks(Law::PriceForm);
    };
    with(&|prices| prices.reclaims.extend_from_within(..));
    with(&|prices| prices.reclaims[0].1 = price(&[(Level::Spend, -1)]));
    with(&|prices| prices.reclaims[0].0.cost = money(16));
}

#[test]
fn an_install_less_uninstalled_must_be_covered() {
    let mut case = reclaim();
    case.plan.reclaimed[0].1 = quantity(2);
    case.has_gap(Level::Uncovered, 1, 0);
}

#[test]
fn no_more_than_is_unused_is_uninstalled() {
    let mut case = reclaim();
    case.plan.reclaimed[0].1 = quantity(4);
    case.breaks(Law::Plan);
}

/// Two installs of `a@1`, which no license covers, and five licenses of `a@2`.
fn reinstall() -> Case {
    let rows = "licenses: [{id: old, sku: A2, quantity: 5}]\ninstalls: [{version: a@1, quantity: 2}]\n";
    let mut case = Case::of(rows).covers("old", "a@2", 2);
    let (from, to) = (case.version("a@1"), case.version("a@2"));
    case.market.reinstalls = vec![Reinstall { from, to, cost: money(40) }];
    case.plan.reinstalled = vec![(case.key("a@1"), to, quantity(2))];
    let facts = Prices { demands: vec![(case.key("a@1"), covering(40, 0))], ..Prices::default() };
    case.proved_by(leaf(MarketPrices { facts, ..MarketPrices::default() }))
}

#[test]
fn a_version_that_is_covered_is_put_in_the_place_of_one_that_is_not() {
    let certified = reinstall().is_optimal();
    assert_eq!(*certified.objective(), [0, 0, 0, 80, 0, 0, 0, 0, 2]);
    assert_eq!(certified.figures().totals.covered, quantity(2));
}

#[test]
fn a_path_to_demand_that_is_replaced_has_its_price() {
    let mut case = reinstall();
    let prices = case.prices();
    prices.facts.demands[0].1 = covering(41, 0);
    case.breaks(Law::PriceLaw);
    let prices = case.prices();
    prices.facts.demands[0].1 = covering(39, 0);
    case.has_gap(Level::Spend, 80, 78);
}

#[test]
fn what_is_assigned_something_is_not_replaced() {
    let mut case = reinstall();
    case.estate = estate(
        "licenses: [{id: old, sku: A2, quantity: 5}]\ninstalls: [{version: a@1, quantity: 2, asset: p1}]\n\
        assignments: [{title: off, asset: p1}]\n",
    );
    let demand = DemandKey { asset: Some(AssetId::at(0)), ..case.key("a@1") };
    case.plan.reinstalled[0].0 = demand;
    case.breaks(Law::Plan);
    // Nor does a path end there: demand may be worth nothing at all.
    case.plan = Plan::default();
    case.allocation = Allocation::default();
    case.certificate = leaf(MarketPrices::default());
    case.is_optimal();
}

#[test]
fn a_paid_transfer_is_spent() {
    let rows = "scopes: [{id: all}, {id: east, parent: all}, {id: west, parent: all}]\n\
        transfers: [{from: east, to: west, cost: 0.005}]\n\
        licenses: [{id: old, sku: A2, quantity: 5, scope: east}]\n\
        installs: [{version: a@2, quantity: 2, scope: west}]\n";
    let mut case = Case::of(rows);
    let key = DemandKey { scope: ScopeId::at(2), ..case.key("a@2") };
    let path = vec![Unit::of(case.license("old"))];
    case.allocation.rows = vec![Row { destination: Destination::Demand(key), path, quantity: quantity(2) }];
    let priced = |level| {
        let price = price(&[(Level::Uncovered, 1), (level, -50), (Level::Flexibility, -1)]);
        let facts = Prices { demands: vec![(key, price)], ..Prices::default() };
        leaf(MarketPrices { facts, ..MarketPrices::default() })
    };
    let case = case.proved_by(priced(Level::TransferCost));
    assert_eq!(*case.is_optimal().objective(), [0, 0, 0, 0, 0, 0, 100, 0, 2]);
    let mut paid = case.clone().proved_by(priced(Level::Spend));
    paid.breaks(Law::PriceLaw);
    paid.market.transfers_are_paid = true;
    assert_eq!(*paid.is_optimal().objective(), [0, 0, 0, 100, 0, 0, 0, 0, 2]);
    paid.proved_by(priced(Level::TransferCost)).has_gap(Level::Spend, 100, 0);
}

/// Seven installs at 100 each, or a shortage at this cost.
fn shortage(cost: i64) -> (Case, Order) {
    let rows = "licenses: [{id: new, sku: A2, quantity: 10}]\ninstalls: [{version: a@2, quantity: 7}]\n";
    let mut case = Case::of(rows);
    case.market.shortage_cost = Some(money(cost));
    let order = Order::of(weights_of(&case.market));
    (case, order)
}

#[test]
fn a_cheap_shortage_is_left() {
    let (case, order) = shortage(60);
    let case = case.offer("new", plain(100), 0);
    let lot = price_in(&order, &[(Level::Spend, 60), (Level::Uncovered, 1), (Level::Flexibility, -1)]);
    let prices = of_lot_and_demand(&case, "new", lot, "a@2", [0; LEVELS]);
    let weights = weights_of(&case.market);
    let case = case.proved_by(weighed_leaf(weights, prices));
    let certified = case.is_optimal();
    assert_eq!(*certified.objective(), [0, 0, 7, 0, 0, 0, 0, 0, 0]);
    assert_eq!(certified.bound(), [0, 0, 420, 0, 7, 0, 0, 0, 0]);
}

#[test]
fn a_dear_shortage_is_bought_off() {
    let (case, order) = shortage(150);
    let case = case.offer("new", plain(100), 7).covers("new", "a@2", 7);
    let lot = price_in(&order, &[(Level::Spend, 100), (Level::UnitsBought, 1)]);
    let worth = [(Level::Spend, 50), (Level::UnitsBought, -1), (Level::Uncovered, 1), (Level::Flexibility, -1)];
    let prices = of_lot_and_demand(&case, "new", lot, "a@2", price_in(&order, &worth));
    let weights = weights_of(&case.market);
    let mut case = case.proved_by(weighed_leaf(weights, prices));
    assert_eq!(*case.is_optimal().objective(), [0, 0, 0, 700, 7, 0, 0, 0, 7]);
    // One unit less costs one shortage more.
    case.plan.quantities = Table::new(vec![quantity(6)]);
    case.allocation.rows[0].quantity = quantity(6);
    case.has_gap(Level::Spend, 750, 700);
}

#[test]
fn without_a_budget_the_weights_of_a_bound_are_those_of_the_market() {
    let (mut case, _) = shortage(60);
    case.certificate = leaf(MarketPrices::default());
    case.breaks(Law::Bound);
    case.market.shortage_cost = None;
    case.certificate = weighed_leaf(weights(60), MarketPrices::default());
    case.breaks(Law::Bound);
}
