//! Offers and their lots, sweeps, days.

use crate::tests::{read, try_read};
use crate::{Case, read_scenarios_text};
use model::ReadOptions;
use model::estate::find;
use model::market::{Offer, TierRule};
use model::number::{Money, Quantity};

const ESTATE: &str = "licit: 1\nas_of: 2026-11-22\ncurrency: EUR\n\
    scopes: [{id: group}, {id: emea, parent: group}]\n\
    titles: [{id: t, versions: [1, 2]}, {id: s, versions: [1]}, {id: u, versions: [1]}]\n\
    skus: [{id: T2, version: t@2, covers: [t@1]}, {id: S1, version: s@1}, {id: U1, version: u@1}]\n\
    licenses: [{id: L, sku: T2, quantity: 9, scope: emea, start: 2020-01-01, end: 2026-01-01, contract: c}]\n\
    installs: [{version: t@1, quantity: 11}, {version: t@2, quantity: 4, excluded: scrap}, {version: s@1, quantity: 100}]\n\
    assignments: [{title: t, user: x}]\n";

/// The first case of a file with these lines.
fn case(lines: &str) -> Case {
    read(ESTATE, &format!("licit: 1\nestate: estate.yaml\n{lines}\n")).case(0)
}

fn offer<'c>(case: &'c Case, id: &str) -> &'c Offer {
    let found = find(&case.market.offers, id, |offer| &offer.id).unwrap_or_else(|| panic!("there is an offer {id}"));
    &case.market.offers[found]
}

fn most(case: &Case, id: &str) -> u64 {
    offer(case, id).terms.most.get()
}

#[test]
fn what_is_bought_has_a_lot_of_its_own() {
    let case = case("offers: [{id: a, sku: T2, price: 1}, {id: z, sku: T2, scope: emea, price: 2}]");
    let lots: Vec<_> = case.market.offers.iter().map(|offer| &case.estate.licenses[offer.lot]).collect();
    let text = |lot: &&model::estate::License| (lot.id.clone(), case.estate.scopes[lot.scope].id.clone(), lot.quantity);
    let units = |count| Some(Quantity::new(count));
    // The demand of its titles, two for each assignment, and one more.
    assert_eq!(
        lots.iter().map(text).collect::<Vec<_>>(),
        [("a".to_owned(), "group".to_owned(), units(14)), ("z".to_owned(), "emea".to_owned(), units(14))]
    );
    assert!(lots.iter().all(|lot| (lot.start, lot.end, lot.contract) == (None, None, None)));
}

#[test]
fn the_most_of_an_offer_is_of_use_or_leads_to_a_tier() {
    let case = case(
        "offers:\n- {id: pack, sku: T2, price: 1, pack: 5}\n- {id: min, sku: T2, price: 1, min: 40}\n- {id: max, sku: T2, price: 1, pack: 5, max: 13}\n\
         - {id: all, sku: T2, tiers: [{from: 1, price: 3}, {from: 100, price: 1}], tier_rule: all-units, pack: 30}\n\
         - {id: own, sku: T2, tiers: [{from: 1, price: 3}, {from: 100, price: 1}], tier_rule: incremental}\n- {id: none, sku: U1, price: 1}",
    );
    assert_eq!(["pack", "min", "max", "all", "own", "none"].map(|id| most(&case, id)), [15, 40, 10, 120, 14, 1]);
    assert_eq!(offer(&case, "all").terms.tier_rule, TierRule::AllUnits);
}

#[test]
fn a_license_that_may_be_renewed_is_active_again() {
    let part = case("offers: [{id: keep, renew: L, price: 1}]");
    let lot = &part.estate.licenses[offer(&part, "keep").lot];
    assert_eq!((lot.id.as_str(), lot.end, lot.quantity.map(Quantity::get)), ("L", None, Some(9)));
    assert_eq!(lot.start.map(|day| day.to_string()).as_deref(), Some("2020-01-01"));
    assert!(offer(&part, "keep").is_renewal);
    let terms = |lines: &str| {
        let case = case(lines);
        let terms = &offer(&case, "keep").terms;
        (terms.pack.get(), terms.least.get(), terms.most.get())
    };
    assert_eq!(terms("offers: [{id: keep, renew: L, price: 1}]"), (1, 0, 9));
    assert_eq!(terms("offers: [{id: keep, renew: L, price: 1, whole: true}]"), (9, 9, 9));
    assert_eq!(terms("offers: [{id: keep, renew: L, price: 1, pack: 2, max: 7}]"), (2, 0, 6));
    assert_eq!(terms("offers: [{id: keep, renew: L, price: 1, max: 70}]"), (1, 0, 9));
}

#[test]
fn changes_reach_offers() {
    let lines = |changes: &str| {
        format!(
            "offers: [{{id: keep, renew: L, price: 1}}, {{id: new, sku: T2, scope: emea, price: 1}}]\nscenarios: [{{name: s, changes: [{changes}]}}]"
        )
    };
    let lapsed = case(&lines("{lapse: [L]}"));
    assert_eq!(lapsed.market.offers.iter().map(|offer| offer.id.as_str()).collect::<Vec<_>>(), ["new"]);
    assert!(!lapsed.estate.is_active(find(&lapsed.estate.licenses, "L", |license| &license.id).expect("it stays")));
    let merged = case(&lines("{merge_scope: {from: emea, into: group}}"));
    assert!(
        merged
            .market
            .offers
            .iter()
            .all(|offer| merged.estate.scopes[merged.estate.licenses[offer.lot].scope].id == "group")
    );
    let priced = case(&lines("{set_price: {offer: new, price: 2.50}}"));
    assert_eq!(offer(&priced, "new").terms.tiers[0].price.units(), 25_000);
    let grown = case(&lines("{grow: t@*, by: 100%}"));
    assert_eq!(most(&grown, "new"), 25);
}

#[test]
fn actions_and_limits_are_in_the_market() {
    let market = case(
        "actions: [{transfer: true}, {reclaim: {versions: [t@1, s@*], unused_for: 90d}, cost: 15}, {reinstall: {from: t@2, to: t@1}, cost: 40}]\n\
         limits: {budget: 1000.5}\nshortage: {cost: 500}",
    )
    .market;
    assert!(market.transfers_are_paid);
    assert_eq!(
        market.reclaims.iter().map(|row| (row.unused_days, row.cost.units())).collect::<Vec<_>>(),
        [(90, 150_000); 2]
    );
    assert_eq!(market.reinstalls.len(), 1);
    assert_eq!(
        (market.budget.map(Money::units), market.shortage_cost.map(Money::units)),
        (Some(10_005_000), Some(5_000_000))
    );
    let market = case("actions: [{transfer: false}]\nshortage: forbid").market;
    assert_eq!((market.transfers_are_paid, market.budget, market.shortage_cost), (false, None, None));
}

#[test]
fn every_combination_of_a_sweep_is_a_scenario() {
    let scenarios = read(
        ESTATE,
        "licit: 1\nestate: estate.yaml\noffers: [{id: new, sku: T2, price: ${price}}]\n\
         scenarios: [{name: as is}, {name: growth, changes: [{grow: \"t@${version}\", by: ${growth}}]}]\n\
         sweep: {growth: [0%, 10%], price: [1, 2.00], version: [1]}\n",
    );
    assert_eq!(
        scenarios.names().collect::<Vec<_>>(),
        [
            "as is, growth=0%, price=1, version=1",
            "as is, growth=0%, price=2.00, version=1",
            "as is, growth=10%, price=1, version=1",
            "as is, growth=10%, price=2.00, version=1",
            "growth, growth=0%, price=1, version=1",
            "growth, growth=0%, price=2.00, version=1",
            "growth, growth=10%, price=1, version=1",
            "growth, growth=10%, price=2.00, version=1",
        ]
    );
    let prices: Vec<i64> = scenarios.cases().map(|case| offer(&case, "new").terms.tiers[0].price.units()).collect();
    assert_eq!(prices, [10_000, 20_000, 10_000, 20_000, 10_000, 20_000, 10_000, 20_000]);
    let installs: Vec<u64> =
        scenarios.cases().map(|case| case.estate.installs.iter().map(|row| row.quantity.get()).sum()).collect();
    assert_eq!(installs, [115, 115, 115, 115, 115, 115, 117, 117]);
}

#[test]
fn what_is_wrong_in_several_combinations_is_said_once() {
    let found = try_read(
        ESTATE,
        "licit: 1\nestate: estate.yaml\noffers: [{id: new, sku: T9, price: ${price}}]\nsweep: {price: [1, 2, x]}\n",
    );
    let mut errors = found.expect_err("the SKU is not there");
    errors.retain(|finding| finding.starts_with('E'));
    assert_eq!(
        errors,
        [
            "E-REF 3:25 `sku` is `T9`; expected the id of a SKU",
            "E-NUM-FORM 3:36 `price` is `x`; expected an amount such as `12.50`"
        ]
    );
}

#[test]
fn the_day_is_that_of_the_command_then_of_the_file_then_of_the_estate() {
    let folder = tempfile::tempdir().expect("a folder for the files of a test");
    std::fs::write(folder.path().join("estate.yaml"), ESTATE).expect("the estate is written");
    let day = |as_of: Option<&str>, line: &str| {
        let as_of = as_of.map(|day| day.parse().expect("a day"));
        let options = ReadOptions { as_of, folder: Some(folder.path().to_owned()) };
        let reading =
            read_scenarios_text("renewal.yaml", &format!("licit: 1\nestate: estate.yaml\n{line}\n"), &options);
        reading.scenarios.expect("nothing is wrong").estate().as_of.to_string()
    };
    assert_eq!(day(None, ""), "2026-11-22");
    assert_eq!(day(None, "as_of: 2027-01-01"), "2027-01-01");
    assert_eq!(day(Some("2028-01-01"), "as_of: 2027-01-01"), "2028-01-01");
}

#[test]
fn a_range_stands_for_all_its_values() {
    let names = |range: &str| {
        let text = format!(
            "licit: 1\nestate: estate.yaml\nscenarios: [{{name: s, changes: [{{grow: t@1, by: ${{n}}}}]}}]\nsweep: {{n: {range}}}\n"
        );
        let read = try_read(ESTATE, &text)?;
        Ok::<_, Vec<String>>(read.names().map(str::to_owned).collect::<Vec<_>>())
    };
    assert_eq!(names("{from: -2, to: 2, step: 2}").expect("it is a range"), ["s, n=-2", "s, n=0", "s, n=2"]);
    assert_eq!(
        names("{from: 9.5%, to: 10%, step: 0.25%}").expect("it is a range"),
        ["s, n=9.50%", "s, n=9.75%", "s, n=10.00%"]
    );
    assert_eq!(names("{from: 7, to: 7, step: 1}").expect("it is a range"), ["s, n=7"]);
    let refused = |range: &str| {
        let found = names(range).expect_err("it is none");
        found[0].split_once(' ').expect("a code stands first").0.to_owned()
    };
    let codes = [
        "{from: 0, to: 10%, step: 1}",
        "{from: 0, to: 10, step: 0}",
        "{from: 3, to: 2, step: 1}",
        "{from: 0, to: 10, step: 3}",
        "{from: 0, to: 1000000, step: 1}",
        "{from: ten, to: 10, step: 1}",
        "{from: 0, to: 10}",
    ]
    .map(refused);
    let expected = ["E-NUM-FORM", "E-RANGE", "E-REVERSED", "E-RANGE", "E-SIZE", "E-NUM-FORM", "E-MISSING"];
    assert_eq!(codes, expected);
}
