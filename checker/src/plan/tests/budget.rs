//! Plans that a budget limits.

use super::*;

/// Seven installs at 100 each, of which five are bought.
fn five_of_seven(budget: i64) -> Case {
    let rows = "licenses: [{id: new, sku: A2, quantity: 10}]\ninstalls: [{version: a@2, quantity: 7}]\n";
    let mut case = Case::of(rows).offer("new", plain(100), 5).covers("new", "a@2", 5);
    case.market.budget = Some(money(budget));
    case
}

/// A unit is worth what it costs, demand the rest of what a shortage is weighed at.
fn weighed(case: Case, weight: i64) -> Case {
    let mut case = case;
    case.certificate = Certificate::Leaf(vec![weighed_bound(&case, weight)]);
    case
}

fn weighed_bound(case: &Case, weight: i64) -> Bound {
    let weights = weights(weight);
    let order = Order::of(weights);
    let lot = price_in(&order, &[(Level::Spend, 100), (Level::UnitsBought, 1)]);
    let rest = weight - 100;
    let worth = [(Level::Spend, rest), (Level::UnitsBought, -1), (Level::Uncovered, 1), (Level::Flexibility, -1)];
    Bound { weights, prices: of_lot_and_demand(case, "new", lot, "a@2", price_in(&order, &worth)) }
}

#[test]
fn no_more_is_paid_than_the_budget() {
    five_of_seven(499).breaks(Law::Budget);
}

#[test]
fn quantities_beyond_the_budget_need_no_bound() {
    let case = five_of_seven(500);
    let beyond = leaf(MarketPrices::default());
    let within = leaf(scarce(&case, "new", "a@2"));
    let mut case = case.proved_by(branch(0, 5, within, beyond));
    assert_eq!(*case.is_optimal().objective(), [0, 0, 2, 500, 5, 0, 0, 0, 5]);
    case.market.budget = Some(money(600));
    case.breaks(Law::PriceLaw);
}

#[test]
fn without_a_branch_the_budget_leaves_a_gap() {
    let case = five_of_seven(500);
    let prices = at_cost(&case, "new", "a@2", 100);
    case.proved_by(leaf(prices)).has_gap(Level::Uncovered, 2, 0);
}

#[test]
fn a_weight_shows_how_much_the_budget_leaves_uncovered() {
    // Whatever is bought comes to 700 with its shortages: (700 - 500) / weight, rounded up, are left.
    weighed(five_of_seven(500), 1_000).has_gap(Level::Uncovered, 2, 1);
    weighed(five_of_seven(500), 101).has_gap(Level::Spend, 500, 700 - 202);
    weighed(five_of_seven(599), 101).has_gap(Level::Uncovered, 2, 1);
}

#[test]
fn a_weight_that_is_the_price_shows_what_must_be_spent() {
    let mut case = five_of_seven(500);
    let weights = weights(100);
    let order = Order::of(weights);
    let lot = price_in(&order, &[(Level::Spend, 100), (Level::Uncovered, 1), (Level::Flexibility, -1)]);
    let prices = of_lot_and_demand(&case, "new", lot, "a@2", [0; LEVELS]);
    case = case.proved_by(weighed_leaf(weights, prices));
    case.has_gap(Level::UnitsBought, 5, 0);
}

/// Whatever is bought comes to 700 with its shortages, to seven units with them, and to as much flexibility.
fn all_weighed(units: i64) -> Certificate {
    let case = five_of_seven(500);
    let mut weight = adding(Level::Spend, 100);
    weight[Level::UnitsBought.index()] = units;
    weight[Level::Uncovered.index()] = -1;
    weight[Level::Flexibility.index()] = 1;
    let order = Order::of([None, None, Some(weight)]);
    let lot = price_in(&order, &[(Level::Spend, 100), (Level::UnitsBought, units)]);
    weighed_leaf([None, None, Some(weight)], of_lot_and_demand(&case, "new", lot, "a@2", [0; LEVELS]))
}

#[test]
fn weights_after_spend_keep_apart_what_costs_the_same() {
    five_of_seven(500).proved_by(all_weighed(1)).is_optimal();
    // At two each, buying all ten would come to less.
    five_of_seven(500).proved_by(all_weighed(2)).has_gap(Level::UnitsBought, 5, 0);
    // One more could be paid.
    five_of_seven(600).proved_by(all_weighed(1)).has_gap(Level::Uncovered, 2, 1);
}

#[test]
fn where_a_shortage_has_a_price_spend_says_how_much_is_uncovered() {
    let at = |cost: i64| {
        let mut case = five_of_seven(500).proved_by(all_weighed(1));
        case.market.shortage_cost = Some(money(cost));
        case
    };
    let certified = at(150).is_optimal();
    assert_eq!(certified.bound(), [0, 0, 500 + 2 * 150, 5, 2, 0, 0, 0, 5]);
    // A shortage that costs less is as good as bought off: nothing says how much of it there is.
    at(100).has_gap(Level::UnitsBought, 5, 0);
    at(90).has_gap(Level::Spend, 500 + 2 * 90, 700 - 7 * 10);
}

#[test]
fn a_level_above_one_that_is_not_weighed_is_not_weighed() {
    let mut case = five_of_seven(500);
    case.certificate = weighed_leaf([None, Some(adding(Level::Spend, 1)), None], MarketPrices::default());
    case.breaks(Law::Bound);
    case.certificate = weighed_leaf(weights(-1), MarketPrices::default());
    case.breaks(Law::Bound);
    // Nor does a weight add to what stands above spend.
    case.certificate =
        weighed_leaf([None, None, Some(adding(Level::TitleAssignmentsUnmet, 1))], MarketPrices::default());
    case.breaks(Law::Bound);
}

#[test]
fn weighed_levels_stand_right_after_the_units_bought() {
    let order = Order::of([None, Some(adding(Level::Spend, 3)), Some(adding(Level::Spend, 2))]);
    assert_eq!(order.of_levels(&[1, 2, 3, 4, 5, 6, 7, 8, 9]), [1, 4 + 6 + 6, 5, 2, 3, 6, 7, 8, 9]);
    assert_eq!(order.at(Level::Uncovered, 5), [0, 10, 0, 0, 5, 0, 0, 0, 0]);
    assert_eq!(order.level(1), Level::Spend);
    assert_eq!(Order::default().of_levels(&[1, 2, 3, 4, 5, 6, 7, 8, 9]), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
}
