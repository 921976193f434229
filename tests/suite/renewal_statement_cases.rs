//! The statement of renewals against answers computed by hand, and against itself.
//!
//! `LICIT_RENEWALS` sets how many renewals are drawn where it is asked about itself, `LICIT_SEED` the first seed.

use super::plans::{may_be_changed, price, quantities, reclaim_cost};
use super::{Figures, best, best_plan, figures_of};
use crate::agreement::count;
use crate::estates::{parse, repository, units};
use crate::renewal_draft::renewals;
use checker::plan::Plan;
use model::estate::{Estate, find};
use model::id::Table;
use model::market::{self, Market, Offer, Reclaim, Reinstall, Terms, Tier, TierRule};
use model::number::{Money, money_text};
use model::objective::Level;
use std::fs;

/// An estate with office 2010, 2013 and 2016, full licenses and upgrades, and the given lists.
fn office(lists: &str) -> Estate {
    parse(&format!(
        "
licit: 1
as_of: 2027-04-01
currency: EUR
titles: [{{id: office, versions: [2010, 2013, 2016]}}]
skus:
  - {{id: O10, version: office@2010}}
  - {{id: O13, version: office@2013, covers: [office@2010]}}
  - {{id: O16, version: office@2016, covers: [office@..2013]}}
  - {{id: UPG16, version: office@2016, upgrades: [office@2013]}}
{lists}"
    ))
}

/// An estate with so many installs of office 2016 and one lot that may be bought.
fn short_of(installs: u64, most: u64) -> Estate {
    office(&format!(
        "licenses: [{{id: new16, sku: O16, quantity: {most}}}]\n\
         installs: [{{version: office@2016, quantity: {installs}}}]\n"
    ))
}

fn money(text: &str) -> Money {
    Money::parse(text).unwrap()
}

fn plain(price: &str, most: u64) -> Terms {
    Terms::plain(money(price), units(most))
}

fn tiers(rule: TierRule, most: u64, tiers: &[(u64, &str)]) -> Terms {
    let tier = |&(from, price): &(u64, &str)| Tier { from: units(from), price: money(price) };
    Terms { tiers: tiers.iter().map(tier).collect(), tier_rule: rule, ..plain("0", most) }
}

/// A market of offers named after their lots, sorted as ids are.
fn market(estate: &Estate, offers: &[(&str, Terms)]) -> Market {
    let offer = |(id, terms): &(&str, Terms)| {
        let lot = find(&estate.licenses, id, |license| &license.id).unwrap();
        Offer { id: (*id).to_owned(), lot, is_renewal: false, terms: terms.clone() }
    };
    let offers: Vec<Offer> = offers.iter().map(offer).collect();
    assert!(offers.is_sorted_by(|one, other| one.id < other.id));
    Market { offers: Table::new(offers), ..Market::default() }
}

/// What is uncovered, what is paid, and how many units are bought.
type Answer = (i128, String, i128);

fn answer(estate: &Estate, market: &Market) -> Answer {
    summary(&best_plan(estate, market, true).figures)
}

fn summary(figures: &Figures) -> Answer {
    let at = |level: Level| figures.levels[level.index()];
    (at(Level::Uncovered), money_text(at(Level::Spend), 2), at(Level::UnitsBought))
}

/// The expected answer.
fn is(uncovered: i128, paid: &str, bought: i128) -> Answer {
    (uncovered, paid.to_owned(), bought)
}

/// Units bought of each offer.
fn bought(estate: &Estate, market: &Market) -> Vec<u64> {
    best_plan(estate, market, true).plan.quantities.iter().map(|quantity| quantity.get()).collect()
}

#[test]
fn what_is_missing_is_bought_where_it_is_cheapest() {
    let estate = office(
        "licenses: [{id: A, sku: O10, quantity: 5}, {id: B, sku: O16, quantity: 5}, {id: own, sku: O10, quantity: 1}]
installs: [{version: office@2010, quantity: 3}, {version: office@2016}]
",
    );
    let market = market(&estate, &[("A", plain("120", 5)), ("B", plain("410.00", 5))]);
    assert_eq!(answer(&estate, &market), is(0, "650.00", 3));
    assert_eq!(bought(&estate, &market), [2, 1]);
}

#[test]
fn a_pack_and_an_order_minimum_bind() {
    // The offer `pack` of the contract's example: packs of 5, at least 10, a fee of 250 once.
    let pack = Terms { pack: units(5), least: units(10), fee: money("250"), ..plain("300.00", 500) };
    for (installs, paid, bought) in [(1, "3250.00", 10), (10, "3250.00", 10), (11, "4750.00", 15)] {
        let estate = short_of(installs, 500);
        assert_eq!(answer(&estate, &market(&estate, &[("new16", pack.clone())])), is(0, paid, bought));
    }
    // Two in a pack and at least three: four is the first order there is.
    let odd = Terms { pack: units(2), least: units(3), ..plain("1", 6) };
    let estate = short_of(1, 6);
    assert_eq!(answer(&estate, &market(&estate, &[("new16", odd)])), is(0, "4.00", 4));
}

#[test]
fn more_than_needed_is_bought_where_a_tier_makes_it_cheaper() {
    // The offer `vol` of the contract's example: 410 from 1, 380 from 100.
    let of = |rule, installs| {
        let estate = short_of(installs, 120);
        answer(&estate, &market(&estate, &[("new16", tiers(rule, 120, &[(1, "410.00"), (100, "380.00")]))]))
    };
    assert_eq!(of(TierRule::AllUnits, 92), is(0, "37720.00", 92));
    assert_eq!(of(TierRule::AllUnits, 93), is(0, "38000.00", 100));
    assert_eq!(of(TierRule::AllUnits, 101), is(0, "38380.00", 101));
    assert_eq!(of(TierRule::Incremental, 93), is(0, "38130.00", 93));
    assert_eq!(of(TierRule::Incremental, 101), is(0, "41350.00", 101));
}

#[test]
fn among_equal_spend_the_fewest_units_are_bought() {
    let estate = office(
        "licenses: [{id: A, sku: O16, quantity: 4}, {id: B, sku: O16, quantity: 4}]
installs: [{version: office@2016}]
",
    );
    let two = Terms { pack: units(2), ..plain("1.00", 4) };
    let offers = market(&estate, &[("A", two), ("B", plain("2.00", 4))]);
    assert_eq!(answer(&estate, &offers), is(0, "2.00", 1));
    // Units for nothing are units all the same.
    let offers = market(&estate, &[("A", plain("0", 4)), ("B", plain("0", 4))]);
    assert_eq!(answer(&estate, &offers), is(0, "0.00", 1));
}

#[test]
fn an_upgrade_is_bought_for_the_base_that_is_idle() {
    let estate = office(
        "licenses: [{id: A, sku: UPG16, quantity: 4}, {id: B, sku: O16, quantity: 4}, {id: own, sku: O13, quantity: 1}]
installs: [{version: office@2016, quantity: 2}]
",
    );
    let market = market(&estate, &[("A", plain("150", 4)), ("B", plain("410", 4))]);
    assert_eq!(answer(&estate, &market), is(0, "560.00", 2));
    assert_eq!(bought(&estate, &market), [1, 1]);
}

/// Ten units that have ended, four installs of what they cover.
const RENEWED: &str = "
licenses: [{id: L1, sku: O13, quantity: 10}, {id: new, sku: O16, quantity: 9}]
installs: [{version: office@2013, quantity: 4}]
";

#[test]
fn a_license_is_renewed_in_part_or_as_a_whole() {
    let estate = office(RENEWED);
    let any = market(&estate, &[("L1", plain("90.00", 10)), ("new", plain("200", 9))]);
    assert_eq!(answer(&estate, &any), is(0, "360.00", 4));
    // Ten at 90 cost more than four at 200, but not more than four at 230.
    let whole = Terms { least: units(10), ..plain("90.00", 10) };
    let dear = market(&estate, &[("L1", whole.clone()), ("new", plain("200", 9))]);
    assert_eq!(answer(&estate, &dear), is(0, "800.00", 4));
    let cheap = market(&estate, &[("L1", whole), ("new", plain("230", 9))]);
    assert_eq!(answer(&estate, &cheap), is(0, "900.00", 10));
}

#[test]
fn what_was_assigned_is_renewed_before_what_is_installed_is_covered() {
    let estate = office(
        "licenses: [{id: L1, sku: O16, quantity: 3}]
installs: [{version: office@2016, quantity: 2}]
assignments: [{license: L1, asset: PC-1}, {license: L1, user: ann}]
",
    );
    let mut market = market(&estate, &[("L1", plain("10", 3))]);
    let levels = |market: &Market| best_plan(&estate, market, true).figures.levels;
    // Two are set aside, one covers.
    assert_eq!(levels(&market), [0, 0, 1, 300_000, 3, 2, 0, 0, 9]);
    market.budget = Some(money("29.9999"));
    assert_eq!(levels(&market), [0, 0, 2, 200_000, 2, 2, 0, 0, 6]);
    market.budget = Some(money("10"));
    assert_eq!(levels(&market), [1, 0, 2, 100_000, 1, 1, 0, 0, 3]);
    // A price of shortage does not price assignments.
    market.budget = None;
    market.shortage_cost = Some(money("9"));
    assert_eq!(levels(&market), [0, 0, 2, 200_000, 2, 2, 0, 0, 6]);
}

#[test]
fn a_price_of_shortage_decides_what_is_left_uncovered() {
    let estate = short_of(3, 5);
    let terms = tiers(TierRule::Incremental, 5, &[(1, "2"), (3, "4")]);
    let priced = |cost: &str| {
        let market = Market { shortage_cost: Some(money(cost)), ..market(&estate, &[("new16", terms.clone())]) };
        let figures = best_plan(&estate, &market, true).figures;
        (summary(&figures), money_text(figures.penalized.unwrap(), 2))
    };
    assert_eq!(priced("1.99"), (is(3, "0.00", 0), "5.97".to_owned()));
    // As much is spent either way; fewer units come before fewer uncovered.
    assert_eq!(priced("2"), (is(3, "0.00", 0), "6.00".to_owned()));
    assert_eq!(priced("3"), (is(1, "4.00", 2), "7.00".to_owned()));
    assert_eq!(priced("4.01"), (is(0, "8.00", 3), "8.00".to_owned()));
}

#[test]
fn a_budget_limits_what_is_paid_and_not_the_price_of_shortage() {
    let estate = short_of(3, 5);
    let mut market = Market { budget: Some(money("5")), ..market(&estate, &[("new16", plain("2", 5))]) };
    assert_eq!(answer(&estate, &market), is(1, "4.00", 2));
    market.shortage_cost = Some(money("100"));
    assert_eq!(answer(&estate, &market), is(1, "4.00", 2));
    market.budget = Some(money("6"));
    assert_eq!(answer(&estate, &market), is(0, "6.00", 3));
}

/// An install in Asia that a license of Europe may cover for 5, and one that it may cover for 2.
const TRANSFERS: &str = "
scopes: [{id: group}, {id: emea, parent: group}, {id: apac, parent: group}, {id: amer, parent: group}]
transfers: [{from: emea, to: apac, cost: 5.00}, {from: emea, to: amer, cost: 2.00}]
licenses: [{id: new, sku: O16, quantity: 2}, {id: own, sku: O16, quantity: 2, scope: emea}]
installs: [{version: office@2016, scope: apac}, {version: office@2016, scope: amer}]
";

#[test]
fn a_transfer_is_paid_only_where_it_is_an_action() {
    let estate = office(TRANSFERS);
    let mut market = market(&estate, &[("new", plain("4", 2))]);
    let levels = |market: &Market| best_plan(&estate, market, true).figures.levels;
    assert_eq!(levels(&market), [0, 0, 0, 0, 0, 0, 70_000, 0, 6]);
    market.transfers_are_paid = true;
    assert_eq!(levels(&market), [0, 0, 0, 60_000, 1, 0, 0, 0, 6]);
    // The budget is for both: the transfer for 2 is what it buys.
    market.budget = Some(money("5.5"));
    assert_eq!(levels(&market), [0, 0, 1, 20_000, 0, 0, 0, 0, 3]);
    market.budget = Some(money("1.5"));
    assert_eq!(levels(&market), [0, 0, 2, 0, 0, 0, 0, 0, 0]);
    market.budget = Some(money("1.5"));
    market.transfers_are_paid = false;
    assert_eq!(levels(&market), [0, 0, 0, 0, 0, 0, 70_000, 0, 6]);
}

#[test]
fn a_priced_shortage_and_a_paid_transfer_are_weighed_against_each_other() {
    let estate = office(TRANSFERS);
    let market = Market {
        transfers_are_paid: true,
        shortage_cost: Some(money("3")),
        ..market(&estate, &[("new", plain("4", 2))])
    };
    let best = best_plan(&estate, &market, true);
    assert_eq!(best.figures.levels, [0, 0, 1, 20_000, 0, 0, 0, 0, 3]);
    assert_eq!(best.figures.penalized, Some(50_000));
}

#[test]
fn only_what_nobody_has_used_for_so_long_is_uninstalled() {
    // Ninety days before the first of April.
    let estate = office(
        "licenses: [{id: new, sku: O16, quantity: 9}]
installs:
  - {version: office@2016, last_used: 2027-01-01}
  - {version: office@2016, last_used: 2027-01-02, asset: PC-1}
  - {version: office@2016, asset: PC-2}
  - {version: office@2016, last_used: 2020-01-01, asset: PC-3}
  - {version: office@2016, last_used: 2020-01-01, user: ann, asset: PC-4}
  - {version: office@2013, last_used: 2020-01-01, excluded: test}
assignments: [{license: new, asset: PC-3}, {title: office, user: ann}]
",
    );
    let version = estate.find_version("office", "2016").unwrap();
    let reclaim = |unused_days, cost: &str| Reclaim { version, unused_days, cost: money(cost) };
    let mut market = market(&estate, &[("new", plain("20", 9))]);
    market.reclaims = vec![reclaim(30, "18"), reclaim(90, "15.00")];
    let best = best_plan(&estate, &market, true);
    // The first for 15, the second for 18, and three units: PC-2 counts as used, the others have assignments.
    assert_eq!(summary(&best.figures), is(0, "93.00", 3));
    let costs: Vec<Money> = best.plan.reclaimed.iter().map(|(key, _)| key.cost).collect();
    assert_eq!(costs, [money("15"), money("18")]);
}

#[test]
fn an_older_version_is_put_where_a_license_for_it_is_idle() {
    let estate = office(
        "licenses: [{id: new, sku: O16, quantity: 9}, {id: own, sku: O10, quantity: 2}]
installs: [{version: office@2016, quantity: 2}, {version: office@2016, asset: PC-1}]
",
    );
    let [from, to] = ["2016", "2010"].map(|name| estate.find_version("office", name).unwrap());
    let mut market = market(&estate, &[("new", plain("410.00", 9))]);
    market.reinstalls = vec![Reinstall { from, to, cost: money("40.00") }];
    assert_eq!(answer(&estate, &market), is(0, "490.00", 1));
    market.budget = Some(money("449.99"));
    assert_eq!(answer(&estate, &market), is(1, "80.00", 0));
}

#[test]
fn a_lot_covers_where_it_is() {
    let estate = office(
        "scopes: [{id: group}, {id: emea, parent: group}]
licenses: [{id: A, sku: O16, quantity: 2, scope: emea}, {id: B, sku: O16, quantity: 2}]
installs: [{version: office@2016, scope: emea}, {version: office@2016}]
",
    );
    let market = market(&estate, &[("A", plain("1", 2)), ("B", plain("3", 2))]);
    assert_eq!(answer(&estate, &market), is(0, "4.00", 2));
}

/// The estate of a published case, with the given lots.
fn case(name: &str, lots: &str) -> Estate {
    let text = fs::read_to_string(repository(&format!("tests/cases/renewals/{name}.yaml"))).unwrap();
    assert!(text.contains("licenses: []"), "the case buys all that it has");
    parse(&text.replace("licenses: []", &format!("licenses: [{lots}]")))
}

#[test]
fn b08_twenty_cores_need_two_packs_of_sixteen() {
    let packs = |size, most| Terms { pack: units(size), ..plain("10.00", most) };
    let estate = case("b08-packs-of-16", "{id: pack16, sku: CORE, quantity: 48}");
    let market_of_16 = market(&estate, &[("pack16", packs(16, 48))]);
    assert_eq!(answer(&estate, &market_of_16), is(0, "320.00", 32));
    let lots = "{id: pack16, sku: CORE, quantity: 48}, {id: pack2, sku: CORE, quantity: 32}";
    let estate = case("b08-packs-of-16", lots);
    let both = market(&estate, &[("pack16", packs(16, 48)), ("pack2", packs(2, 32))]);
    assert_eq!(answer(&estate, &both), is(0, "200.00", 20));
    // Where a pack of sixteen costs less per core, the source's optimum: one of them and two packs of two.
    let cheaper = Terms { pack: units(16), ..plain("9.99", 48) };
    let both = market(&estate, &[("pack16", cheaper), ("pack2", packs(2, 32))]);
    assert_eq!(bought(&estate, &both), [16, 4]);
}

#[test]
fn d01_value_units_are_counted_in_the_tier_they_are_in() {
    let table = [(1, "1.0"), (2_501, "0.8"), (10_001, "0.6"), (50_001, "0.4"), (150_001, "0.2")];
    let terms = tiers(TierRule::Incremental, 200_000, &table);
    let cost = |quantity| money_text(price(&terms, units(quantity)).into(), 0);
    assert_eq!(cost(150_000), "72500");
    assert_eq!([2_500, 10_000, 50_000].map(cost), ["2500", "8500", "32500"]);
}

#[test]
fn d21_a_thousand_employees_cost_less_than_950() {
    let table = [(1, "15.00"), (1_000, "12.00"), (3_000, "10.50"), (10_000, "8.25")];
    let terms = tiers(TierRule::AllUnits, 49_999, &table);
    let cost = |quantity| money_text(price(&terms, units(quantity)).into(), 0);
    assert_eq!([950, 999, 1_000].map(cost), ["14250", "14985", "12000"]);
    // Fifty employees at a time: 19 are needed, 20 are bought.
    let text = fs::read_to_string(repository("tests/cases/renewals/d21-employee-tiers.yaml")).unwrap();
    let text = text.replace("quantity: 950", "quantity: 19");
    let estate = parse(&text.replace("licenses: []", "licenses: [{id: fifties, sku: EMPLOYEE, quantity: 40}]"));
    let fifties = tiers(TierRule::AllUnits, 40, &[(1, "750"), (20, "600")]);
    assert_eq!(answer(&estate, &market(&estate, &[("fifties", fifties)])), is(0, "12000.00", 20));
}

#[test]
fn the_bound_changes_no_answer() {
    for renewal in renewals(count("LICIT_SEED", 1), count("LICIT_RENEWALS", 400)) {
        let bounded = best(&renewal);
        let all = best_plan(&renewal.estate, &renewal.market, false);
        assert_eq!(bounded.figures, all.figures, "seed {}", renewal.seed);
        assert!(bounded.positions <= all.positions && all.positions == all.plans, "seed {}", renewal.seed);
    }
}

#[test]
fn the_best_plan_comes_to_the_best_figures_and_nothing_is_worse() {
    for renewal in renewals(count("LICIT_SEED", 5_000), count("LICIT_RENEWALS", 300)) {
        let (estate, market) = (&renewal.estate, &renewal.market);
        let best = best(&renewal);
        assert_eq!(figures_of(estate, market, &best.plan), Some(best.figures), "seed {}", renewal.seed);
        let nothing = Plan { quantities: Table::filled(units(0), market.offers.len()), ..Plan::default() };
        let nothing = figures_of(estate, market, &nothing).expect("doing nothing costs nothing");
        let first_levels = |figures: &Figures| (figures.levels[..2].to_vec(), figures.penalized);
        assert!(first_levels(&best.figures) <= first_levels(&nothing), "seed {}", renewal.seed);
    }
}

#[test]
fn a_plan_that_may_not_be_carried_out_has_no_figures() {
    let estate = short_of(2, 4);
    let version = estate.find_version("office", "2016").unwrap();
    let mut market = market(&estate, &[("new16", Terms { pack: units(2), ..plain("1", 4) })]);
    market.reclaims = vec![Reclaim { version, unused_days: 30, cost: Money::ZERO }];
    let of = |quantity| Plan { quantities: Table::filled(units(quantity), 1), ..Plan::default() };
    assert!(figures_of(&estate, &market, &of(4)).is_some());
    assert!(figures_of(&estate, &market, &of(3)).is_none());
    assert!(figures_of(&estate, &market, &of(6)).is_none());
    market.budget = Some(money("3"));
    assert!(figures_of(&estate, &market, &of(4)).is_none());
}

#[test]
fn the_market_means_what_is_stated_again_here() {
    for renewal in renewals(1, 500) {
        let (estate, market, seed) = (&renewal.estate, &renewal.market, renewal.seed);
        for offer in &market.offers {
            let allowed: Vec<_> = quantities(&offer.terms).collect();
            for quantity in (0..=offer.terms.most.get() + 3).map(units) {
                assert_eq!(offer.terms.allows(quantity), allowed.contains(&quantity), "seed {seed}, {}", offer.id);
                let cost = i128::from(price(&offer.terms, quantity));
                assert_eq!(offer.terms.cost(quantity), cost, "seed {seed}, {quantity} of {}", offer.id);
            }
        }
        let assigned = estate.assignments.iter().map(|row| row.target).collect();
        for install in &estate.installs {
            let may = (market::may_be_changed(estate, &assigned, install), market.reclaim_cost(estate, install));
            let stated = (may_be_changed(estate, install), reclaim_cost(estate, market, install));
            assert_eq!(may, stated, "seed {seed}, {install:?}");
        }
    }
}
