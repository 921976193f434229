//! Offers to buy and to renew.

use super::*;

/// So many installs of `a@2` and nothing but the lot `new` of ten units.
fn demand_of(installs: u64) -> Case {
    Case::of(&format!(
        "licenses: [{{id: new, sku: A2, quantity: 10}}]\ninstalls: [{{version: a@2, quantity: {installs}}}]\n"
    ))
}

/// Seven installs, each covered by a unit bought.
fn seven_at(terms: Terms, had: u64) -> Case {
    demand_of(7).offer("new", terms, had).covers("new", "a@2", 7)
}

fn plain_case() -> Case {
    let case = seven_at(plain(100), 7);
    let prices = at_cost(&case, "new", "a@2", 100);
    case.proved_by(leaf(prices))
}

#[test]
fn a_plain_price_is_proved_by_one_leaf() {
    let certified = plain_case().is_optimal();
    assert_eq!(*certified.objective(), [0, 0, 0, 700, 7, 0, 0, 0, 7]);
    assert_eq!(certified.bound(), *certified.objective());
    assert_eq!(certified.estate().licenses[LicenseId::at(0)].quantity, Some(quantity(7)));
}

#[test]
fn a_demand_priced_lower_breaks_the_law() {
    let mut case = plain_case();
    let prices = of_lot_and_demand(
        &case,
        "new",
        price(&[(Level::Spend, 100), (Level::UnitsBought, 1)]),
        "a@2",
        covering(101, 1),
    );
    case.certificate = leaf(prices);
    case.breaks(Law::PriceLaw);
}

#[test]
fn a_demand_priced_higher_leaves_a_gap() {
    let mut case = plain_case();
    let prices =
        of_lot_and_demand(&case, "new", price(&[(Level::Spend, 100), (Level::UnitsBought, 1)]), "a@2", covering(99, 1));
    case.certificate = leaf(prices);
    case.has_gap(Level::Spend, 700, 693);
}

#[test]
fn a_lot_priced_above_its_cost_leaves_a_gap() {
    let mut case = plain_case();
    case.certificate = leaf(at_cost(&case, "new", "a@2", 101));
    // All ten units come for one less than they are worth.
    case.has_gap(Level::Spend, 700, 707 - 10);
}

#[test]
fn a_price_below_zero_is_no_price() {
    let mut case = plain_case();
    case.certificate = leaf(at_cost(&case, "new", "a@2", -1));
    case.breaks(Law::PriceForm);
}

#[test]
fn a_unit_less_does_not_supply_the_allocation() {
    let mut case = plain_case();
    case.plan.quantities = Table::new(vec![quantity(6)]);
    case.breaks(Law::Supply);
    case.allocation.rows[0].quantity = quantity(6);
    case.has_gap(Level::Uncovered, 1, 0);
}

#[test]
fn a_unit_more_leaves_a_gap() {
    let mut case = plain_case();
    case.plan.quantities = Table::new(vec![quantity(8)]);
    case.has_gap(Level::Spend, 800, 700);
}

#[test]
fn more_than_the_most_may_not_be_had() {
    let mut case = plain_case();
    case.plan.quantities = Table::new(vec![quantity(11)]);
    case.breaks(Law::Plan);
}

#[test]
fn a_plan_says_something_of_every_offer() {
    let mut case = plain_case();
    case.plan.quantities = Table::default();
    case.breaks(Law::Plan);
}

#[test]
fn two_offers_do_not_share_a_lot() {
    let mut case = plain_case();
    case = case.offer("new", plain(90), 0);
    case.breaks(Law::Plan);
}

#[test]
fn an_offer_is_of_as_many_units_as_its_lot_has() {
    let mut case = plain_case();
    case.market.offers[OfferId::at(0)].terms.most = quantity(9);
    case.breaks(Law::Plan);
}

fn packs_of_five() -> Case {
    let case = seven_at(Terms { pack: quantity(5), ..plain(100) }, 10);
    let (within, beyond) = (leaf(scarce(&case, "new", "a@2")), leaf(plentiful(&case, "new", "a@2")));
    case.proved_by(branch(0, 5, within, beyond))
}

#[test]
fn a_pack_is_proved_by_a_branch() {
    let certified = packs_of_five().is_optimal();
    assert_eq!(*certified.objective(), [0, 0, 0, 1_000, 10, 0, 0, 0, 7]);
}

#[test]
fn a_pack_without_a_branch_leaves_a_gap() {
    let case = packs_of_five();
    let prices = at_cost(&case, "new", "a@2", 100);
    case.proved_by(leaf(prices)).has_gap(Level::Spend, 1_000, 700);
}

#[test]
fn a_part_of_a_pack_may_not_be_had() {
    let mut case = packs_of_five();
    case.plan.quantities = Table::new(vec![quantity(7)]);
    case.breaks(Law::Plan);
}

#[test]
fn a_branch_cut_off_leaves_a_gap() {
    let case = packs_of_five();
    let Certificate::Branch { within, beyond, .. } = case.certificate.clone() else { panic!("it has a branch") };
    // Ten scarce units would cover more than there is.
    case.clone().proved_by(*within).has_gap(Level::Spend, 1_000, 0);
    case.proved_by(*beyond).has_gap(Level::Spend, 1_000, 0);
}

#[test]
fn branches_the_wrong_way_round_leave_a_gap() {
    let case = packs_of_five();
    let Certificate::Branch { within, beyond, .. } = case.certificate.clone() else { panic!("it has a branch") };
    case.proved_by(branch(0, 5, *beyond, *within)).has_gap(Level::Spend, 1_000, 0);
}

#[test]
fn a_branch_lies_in_the_range() {
    let case = packs_of_five();
    let any = || leaf(plentiful(&case, "new", "a@2"));
    case.clone().proved_by(branch(0, 11, any(), any())).breaks(Law::Bound);
    case.clone().proved_by(branch(0, 5, branch(0, 6, any(), any()), any())).breaks(Law::Bound);
    case.clone().proved_by(branch(0, 5, any(), branch(0, 5, any(), any()))).breaks(Law::Bound);
}

#[test]
fn a_part_in_which_nothing_may_be_had_needs_no_prices() {
    let case = packs_of_five();
    let Certificate::Branch { within, beyond, .. } = case.certificate.clone() else { panic!("it has a branch") };
    // From six to nine there is no pack. Prices that would break the law are not looked at.
    let wrong = leaf(MarketPrices::default());
    case.proved_by(branch(0, 5, *within, branch(0, 9, wrong, *beyond))).is_optimal();
}

#[test]
fn a_minimum_is_proved_by_a_branch() {
    let case = seven_at(Terms { least: quantity(10), ..plain(100) }, 10);
    let (within, beyond) = (leaf(scarce(&case, "new", "a@2")), leaf(plentiful(&case, "new", "a@2")));
    let mut case = case.proved_by(branch(0, 0, within, beyond));
    assert_eq!(*case.is_optimal().objective(), [0, 0, 0, 1_000, 10, 0, 0, 0, 7]);
    case.plan.quantities = Table::new(vec![quantity(9)]);
    case.breaks(Law::Plan);
}

#[test]
fn a_fee_is_proved_by_a_branch() {
    let case = seven_at(Terms { fee: money(50), ..plain(100) }, 7);
    let (within, beyond) = (leaf(scarce(&case, "new", "a@2")), at_cost(&case, "new", "a@2", 100));
    let case = case.proved_by(branch(0, 0, within, leaf(beyond.clone())));
    assert_eq!(*case.is_optimal().objective(), [0, 0, 0, 750, 7, 0, 0, 0, 7]);
    case.proved_by(leaf(beyond)).has_gap(Level::Spend, 750, 700);
}

fn tiers(tier_rule: TierRule, second: u64, price: i64) -> Terms {
    let tiers =
        vec![Tier { from: Quantity::ONE, price: money(100) }, Tier { from: quantity(second), price: money(price) }];
    Terms { tiers, tier_rule, ..plain(0) }
}

#[test]
fn a_tier_of_all_units_is_worth_buying_more_for() {
    let case = demand_of(9).offer("new", tiers(TierRule::AllUnits, 10, 60), 10).covers("new", "a@2", 9);
    let (within, beyond) = (leaf(at_cost(&case, "new", "a@2", 100)), leaf(plentiful(&case, "new", "a@2")));
    let mut case = case.proved_by(branch(0, 9, within.clone(), beyond.clone()));
    assert_eq!(*case.is_optimal().objective(), [0, 0, 0, 600, 10, 0, 0, 0, 9]);
    // Ten units at the price of the second tier are in the first part, where a unit is worth more.
    case.clone().proved_by(branch(0, 10, within, beyond)).has_gap(Level::Spend, 600, 900 - 400);
    case.plan.quantities = Table::new(vec![quantity(9)]);
    case.has_gap(Level::Spend, 900, 600);
}

#[test]
fn incremental_tiers_are_proved_in_parts() {
    let case = demand_of(9).offer("new", tiers(TierRule::Incremental, 6, 50), 9).covers("new", "a@2", 9);
    let (within, beyond) = (leaf(scarce(&case, "new", "a@2")), leaf(at_cost(&case, "new", "a@2", 50)));
    let case = case.proved_by(branch(0, 5, within, beyond.clone()));
    assert_eq!(*case.is_optimal().objective(), [0, 0, 0, 700, 9, 0, 0, 0, 9]);
    case.proved_by(beyond).has_gap(Level::Spend, 700, 450);
}

#[test]
fn the_cheaper_of_two_offers_is_bought_first() {
    let rows = "licenses: [{id: cheap, sku: A2, quantity: 4}, {id: new, sku: A2, quantity: 10}]\n\
        installs: [{version: a@2, quantity: 7}]\n";
    let case = Case::of(rows).offer("cheap", Terms::plain(money(80), quantity(4)), 4).offer("new", plain(100), 3);
    let mut prices = at_cost(&case, "new", "a@2", 100);
    // A unit of the cheap lot is worth one of the other.
    prices.facts.licenses.insert(0, (case.license("cheap"), prices.facts.licenses[0].1));
    let case = case.covers("cheap", "a@2", 4).covers("new", "a@2", 3).proved_by(leaf(prices));
    assert_eq!(*case.is_optimal().objective(), [0, 0, 0, 620, 7, 0, 0, 0, 7]);
}

/// A renewal of `old`, of which two units are reserved, for four installs.
fn renewal(had: u64) -> Case {
    let rows = "licenses: [{id: old, sku: A2, quantity: 5}]\n\
        installs: [{version: a@2, quantity: 2}, {version: a@2, asset: p1}, {version: a@2, asset: p2}]\n\
        assignments: [{license: old, asset: p1}, {license: old, asset: p2}]\n";
    let mut case = Case::of(rows).offer("old", Terms::plain(money(90), quantity(5)), had);
    let on = |case: &Case, asset: usize| DemandKey { asset: Some(AssetId::at(asset)), ..case.key("a@2") };
    let mut prices = at_cost(&case, "old", "a@2", 90);
    for asset in 0..2 {
        let target = Target::Asset(AssetId::at(asset));
        let license = case.license("old");
        prices.facts.demands.push((on(&case, asset), covering(90, 1)));
        // It is worth what another unit is, and its assignment.
        let levels = [(Level::LicenseAssignmentsUnmet, 1), (Level::Spend, 90), (Level::UnitsBought, 1)];
        prices.facts.reserved.push((license, target, price(&levels)));
        let path = vec![Unit { license, reserved_for: Some(target) }];
        let destination = Destination::Demand(on(&case, asset));
        case.allocation.rows.push(Row { destination, path, quantity: Quantity::ONE });
    }
    case.covers("old", "a@2", 2).proved_by(leaf(prices))
}

#[test]
fn reserved_units_of_a_renewed_license_are_had_like_others() {
    assert_eq!(*renewal(4).is_optimal().objective(), [0, 0, 0, 360, 4, 0, 0, 0, 4]);
    renewal(5).has_gap(Level::Spend, 450, 360);
    renewal(3).breaks(Law::Supply);
}

#[test]
fn assignments_beyond_what_is_renewed_are_not_honored() {
    renewal(1).breaks(Law::Reservation);
    let mut case = renewal(1);
    case.allocation.rows.truncate(1);
    case.has_gap(Level::LicenseAssignmentsUnmet, 1, 0);
}

#[test]
fn a_reserved_unit_that_costs_nothing_breaks_the_law() {
    let mut case = renewal(4);
    case.prices().facts.reserved[0].2 = price(&[(Level::LicenseAssignmentsUnmet, 1), (Level::Spend, -1)]);
    case.breaks(Law::PriceLaw);
}

/// A renewal of `old`, of which one unit is set aside for `p1` and the next would cover the install of `p2`. The
/// prices of the two are taken in this order.
fn renewal_of_one(prices: [Price; 2]) -> Case {
    let rows = "licenses: [{id: old, sku: A2, quantity: 2}]\ninstalls: [{version: a@2, asset: p2}]\n\
        assignments: [{license: old, asset: p1}, {license: old, asset: p2}]\n";
    let mut case = Case::of(rows).offer("old", Terms::plain(money(90), quantity(2)), 1);
    case.market.budget = Some(money(100));
    let license = case.license("old");
    let [first, second] = [0, 1].map(|asset| Target::Asset(AssetId::at(asset)));
    let scope = case.key("a@2").scope;
    let destination = Destination::SetAside(SetAside { target: first, title: None, scope });
    let path = vec![Unit { license, reserved_for: Some(first) }];
    case.allocation.rows.push(Row { destination, path, quantity: Quantity::ONE });
    let facts = Prices {
        licenses: vec![(license, covered())],
        reserved: vec![(license, first, prices[0]), (license, second, prices[1])],
        ..Prices::default()
    };
    let within = leaf(MarketPrices { facts, reclaims: Vec::new() });
    case.proved_by(branch(0, 1, within, leaf(MarketPrices::default())))
}

/// What a unit is worth that covers what nothing else does.
fn covered() -> Price {
    price(&[(Level::Uncovered, 1), (Level::Flexibility, -1)])
}

#[test]
fn units_are_reserved_in_the_order_of_the_assignments() {
    let levels = [(Level::LicenseAssignmentsUnmet, 1), (Level::SetAside, -1), (Level::Flexibility, -1)];
    let (aside, mut covering) = (price(&levels), covered());
    covering[0] = 1;
    let certified = renewal_of_one([aside, covering]).is_optimal();
    assert_eq!(*certified.objective(), [1, 0, 1, 90, 1, 1, 0, 0, 1]);
    // Were the second unit had first, the install would be covered.
    renewal_of_one([covering, covering]).has_gap(Level::Uncovered, 1, 0);
    renewal_of_one([aside, aside]).breaks(Law::PriceLaw);
}
