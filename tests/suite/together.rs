//! Plans for all scenarios together, against every plan taken one by one: what is least and what is proved of it.
//!
//! `LICIT_SEED` and `LICIT_TOGETHER` choose the renewals that are drawn and how many.

use crate::agreement::count;
use crate::renewal_draft::{Renewal, renewals};
use crate::renewal_files::read;
use crate::renewal_statement::{Figures, best, plan_count};
use checker::claim::VerifyError;
use checker::plan::stage::Aim;
use model::generate::SplitMix64;
use model::market::{Terms, Tier};
use model::number::{Money, Quantity};
use model::objective::Level;
use rayon::prelude::*;
use scenarios::renewal::{Solved, Together, compare_of};
use scenarios::verify::verify;
use scenarios::{Case, Scenarios};
use serde_json::{Value, json};
use solver::SolveError;

/// Most quantities of all offers, and most plans of a scenario, that are taken one by one.
const QUANTITIES_MAX: usize = 60;
const PLANS_MAX: usize = 1_500;

/// A drawn renewal with two or three scenarios beside its own, weights, and prices for later; none where a budget or too
/// many plans are in the way.
fn scenarios_of(drawn: &Renewal, random: &mut SplitMix64) -> Option<Scenarios> {
    let install = drawn.estate.installs.iter().find(|install| install.excluded.is_none())?;
    let (head, _) = drawn.scenario_yaml.split_once("scenarios:")?;
    if drawn.market.budget.is_some() || drawn.market.offers.iter().next().is_none() {
        return None;
    }
    let version = drawn.estate.version_text(install.version);
    let title = &drawn.estate.title_of(install.version).id;
    let true_up = *random.pick(&["none", "100%", "120%", "150%", "300%", "80%"]);
    let mut weight = || *random.pick(&["1", "2", "0.5", "3.25"]);
    let weights = [weight(), weight(), weight(), weight()];
    let row = |name: &str, weight: &str, changes: &str| {
        format!("  - {{name: {name}, weight: {weight}, changes: [{changes}]}}\n")
    };
    let grow = |percent: u64| format!("{{grow: \"{title}@*\", by: {percent}%}}");
    let mut rows = vec![row("as is", weights[0], ""), row("growth", weights[1], &grow(60))];
    if random.percent(60) {
        rows.push(row("less", weights[2], &format!("{{retire: [\"{version}\"]}}")));
    }
    if random.percent(30) {
        let offer = drawn.market.offers.iter().next()?;
        let price = format!("{{set_price: {{offer: \"{}\", price: 2.5}}}}", offer.id);
        let changes = if offer.terms.tiers.len() == 1 { price } else { grow(25) };
        rows.push(row("dearer", weights[3], &changes));
    }
    Some(read(&drawn.estate_yaml, &format!("{head}true_up: {true_up}\nscenarios:\n{}", rows.concat())))
}

/// What is decided before: an offer that all cases have alike, the most that may be had, and its price later.
struct Decided {
    id: String,
    terms: Terms,
    later: Option<Money>,
}

/// By names and terms, stated again: whatever differs but for the most that may be had is no such offer. A `max` is the
/// same everywhere.
fn decided(cases: &[Case], later: impl Fn(&Terms) -> Option<Money>) -> Vec<Decided> {
    let rows = cases[0].market.offers.iter().filter_map(|offer| {
        let terms =
            |case: &Case| case.market.offers.iter().find(|other| other.id == offer.id).map(|other| other.terms.clone());
        let all: Vec<Terms> = cases.iter().filter_map(terms).collect();
        let alike = |one: &Terms| Terms { most: Quantity::ZERO, ..one.clone() };
        let is_common = all.len() == cases.len() && all.iter().all(|terms| alike(terms) == alike(&all[0]));
        let most = all.iter().map(|terms| terms.most).max()?;
        is_common.then(|| Decided {
            id: offer.id.clone(),
            later: later(&all[0]),
            terms: Terms { most, ..all[0].clone() },
        })
    });
    rows.collect()
}

/// What a case comes to up to spend: what is unmet above it, and what is paid with the price of what is uncovered.
fn up_to_spend(case: &Case, figures: &Figures) -> (Vec<i128>, i128) {
    let unmet = if case.market.shortage_cost.is_some() { 2 } else { 3 };
    let spend = figures.penalized.unwrap_or(figures.levels[Level::Spend.index()]);
    (figures.levels[..unmet].to_vec(), spend)
}

/// The best that can be made of a case.
fn best_of(case: &Case) -> (Vec<i128>, i128) {
    let renewal = Renewal {
        seed: 0,
        estate: case.estate.clone(),
        market: case.market.clone(),
        scenario_yaml: String::new(),
        estate_yaml: String::new(),
    };
    up_to_spend(case, &best(&renewal).figures)
}

/// A case in which so many units are had, and more cost what they cost later.
fn after(case: &Case, decided: &[Decided], had: &[u64]) -> Case {
    let mut after = case.clone();
    for (row, &had) in decided.iter().zip(had) {
        let offer = after.market.offers.iter().position(|offer| offer.id == row.id).unwrap();
        let id = after.market.offers.ids().nth(offer).unwrap();
        let most = if row.later.is_some() { row.terms.most } else { Quantity::new(had) };
        let mut terms = Terms::plain(Money::ZERO, most);
        if let Some(price) = row.later {
            terms.tiers = vec![Tier { from: Quantity::ONE, price }];
            if had > 0 {
                let first = Tier { from: Quantity::ONE, price: Money::ZERO };
                terms.tiers = vec![first, Tier { from: Quantity::new(had + 1), price }];
            }
        }
        after.estate.licenses[after.market.offers[id].lot].quantity = Some(most);
        after.market.offers[id].terms = terms;
    }
    after
}

/// The least worst regret and the least sum of weighed costs over all quantities, each with everything met that can be.
fn by_hand(cases: &[Case], decided: &[Decided], weights: &[u64]) -> Option<[i128; 2]> {
    let mut all: Vec<Vec<u64>> = vec![Vec::new()];
    for row in decided {
        let allowed: Vec<u64> =
            (0..=row.terms.most.get()).filter(|&units| row.terms.allows(Quantity::new(units))).collect();
        all = all.iter().flat_map(|had| allowed.iter().map(|&units| [&had[..], &[units]].concat())).collect();
        if all.len() > QUANTITIES_MAX {
            return None;
        }
    }
    let most: Vec<u64> = decided.iter().map(|row| row.terms.most.get()).collect();
    let is_small = |case: &Case| plan_count(&case.estate, &case.market) <= PLANS_MAX;
    if !cases.iter().all(|case| is_small(case) && is_small(&after(case, decided, &most))) {
        return None;
    }
    let own: Vec<(Vec<i128>, i128)> = cases.iter().map(best_of).collect();
    let mut least: Option<[i128; 2]> = None;
    for had in &all {
        let paid: i128 = decided.iter().zip(had).map(|(row, &units)| row.terms.cost(Quantity::new(units))).sum();
        let found: Vec<(Vec<i128>, i128)> = cases.iter().map(|case| best_of(&after(case, decided, had))).collect();
        if found.iter().zip(&own).any(|(found, own)| found.0 > own.0) {
            continue;
        }
        let costs = || found.iter().map(|found| found.1 + paid);
        let regret = costs().zip(&own).map(|(cost, own)| cost - own.1).max().unwrap();
        let expected = costs().zip(weights).map(|(cost, &weight)| i128::from(weight) * cost).sum();
        let before = least.unwrap_or([regret, expected]);
        least = Some([regret.min(before[0]), i128::min(expected, before[1])]);
    }
    Some(least.expect("the most of everything leaves no more unmet than must be"))
}

/// The plans for all scenarios together, with the result as it is written; none where a limit was hit.
fn answered(scenarios: &Scenarios) -> Option<(Vec<Together>, String)> {
    let mut solved = Solved::with_evidence(scenarios, report::plan_evidence);
    let positions: Vec<usize> = (0..scenarios.count()).collect();
    let renewals: Result<Vec<_>, SolveError> = positions.iter().map(|&position| solved.renew(position)).collect();
    let limited = |error: SolveError| match error {
        SolveError::Limit { .. } => None,
        other => panic!("{other}"),
    };
    let renewals = match renewals {
        Ok(renewals) => renewals,
        Err(error) => return limited(error),
    };
    match solved.together(&positions, &renewals) {
        Ok(together) => {
            let comparison = compare_of(scenarios, &positions, &renewals, together.clone());
            Some((together, report::renewals_json(&renewals, &comparison)))
        }
        Err(error) => limited(error),
    }
}

#[derive(Default)]
struct Tally {
    compared: usize,
    optimal: usize,
    split: usize,
}

/// Holds one drawn renewal against every plan; none where there are too many.
fn compared(drawn: &Renewal) -> Option<Tally> {
    let mut random = SplitMix64::new(drawn.seed ^ 0x7265_6772_6574);
    let scenarios = scenarios_of(drawn, &mut random)?;
    let cases: Vec<Case> = scenarios.cases().collect();
    let (together, written) = answered(&scenarios)?;
    let later = |terms: &Terms| later_price(&written_rate(drawn), terms);
    let decided = decided(&cases, later);
    let weights: Vec<u64> = together[1].scenarios.iter().map(|row| row.weight.unwrap()).collect();
    let expected = by_hand(&cases, &decided, &weights)?;
    verify(&scenarios, &written).unwrap_or_else(|error| panic!("seed {}: {error}", drawn.seed));
    let mut tally = Tally { compared: 2, ..Tally::default() };
    for (plan, expected) in together.iter().zip(expected) {
        let (value, bound) = (plan.value, plan.bound);
        assert_eq!(value, expected, "seed {}, {:?}, bound {bound}", drawn.seed, plan.aim);
        let regrets = plan.scenarios.iter().map(|row| row.regret);
        assert!(plan.aim == Aim::ExpectedCost || regrets.max() == Some(value), "seed {}", drawn.seed);
        assert!(bound <= value, "seed {}", drawn.seed);
        tally.optimal += usize::from(plan.is_optimal());
        tally.split += usize::from(plan.proofs().any(|(.., nodes)| nodes.len() > 1));
    }
    Some(tally)
}

/// What was drawn for later prices, drawn again.
fn written_rate(drawn: &Renewal) -> String {
    let mut random = SplitMix64::new(drawn.seed ^ 0x7265_6772_6574);
    (*random.pick(&["none", "100%", "120%", "150%", "300%", "80%"])).to_owned()
}

/// A share of the price of the first unit, rounded up.
fn later_price(rate: &str, terms: &Terms) -> Option<Money> {
    let percent: i64 = rate.strip_suffix('%')?.parse().unwrap();
    let price = terms.tiers[0].price.units() * percent;
    Some(Money::from_units(price / 100 + i64::from(price % 100 > 0)))
}

#[test]
fn plans_for_all_scenarios_are_the_best_of_all_and_proved() {
    let (seed, count) = (count("LICIT_SEED", 1), count("LICIT_TOGETHER", 80));
    let drawn: Vec<Renewal> = renewals(seed, count).collect();
    let tallies: Vec<Tally> = drawn.par_iter().filter_map(compared).collect();
    let sum = |of: fn(&Tally) -> usize| tallies.iter().map(of).sum::<usize>();
    let (compared, optimal, split) = (sum(|row| row.compared), sum(|row| row.optimal), sum(|row| row.split));
    println!("{count} renewals from seed {seed}: {compared} plans are best, {optimal} proved, {split} by parts");
    assert!(compared as u64 * 4 >= count && optimal * 10 >= compared * 9, "{compared} compared, {optimal} proved");
}

const ESTATE: &str = "licit: 1\nas_of: 2026-11-22\ncurrency: EUR\ntitles: [{id: t, versions: [1]}]\n\
    skus: [{id: T, version: t@1}]\ninstalls: [{version: t@1, quantity: 4}]\n";

fn text(true_up: &str, more: &str) -> String {
    format!(
        "licit: 1\nestate: estate.yaml\n{true_up}offers: [{{id: new, sku: T, price: 10.00{more}}}]\nscenarios:\n\
         - {{name: four, weight: 3}}\n- {{name: ten, weight: 1, changes: [{{grow: t@1, by: 6}}]}}\n"
    )
}

#[test]
fn units_are_had_before_until_another_costs_more_than_it_saves() {
    let scenarios = read(ESTATE, &text("true_up: 150%\n", ""));
    let (together, _) = answered(&scenarios).unwrap();
    let money = |units: i128| units * 10_000;
    // With 6 units both scenarios regret 20: 60 against 40, and 60 with 4 at 15 against 100.
    let regret = &together[0];
    assert_eq!((regret.aim, regret.value, regret.bound), (Aim::WorstRegret, money(20), money(20)));
    assert_eq!((regret.offers[0].quantity, regret.paid), (Quantity::new(6), money(60)));
    let ten = &regret.scenarios[1];
    assert_eq!((ten.cost, ten.regret, ten.later[0].quantity), (money(120), money(20), Quantity::new(4)));
    // A fifth unit costs 10 and saves 15 in one scenario of four.
    let expected = &together[1];
    assert_eq!((expected.value, expected.bound), (money(3 * 40 + 130), money(3 * 40 + 130)));
    assert_eq!(expected.offers[0].quantity, Quantity::new(4));
    assert_eq!(expected.shown_value(), 625_000);
}

#[test]
fn where_nothing_can_be_bought_later_one_plan_serves_all_scenarios() {
    for (true_up, more) in [("true_up: none\n", ""), ("true_up: 150%\n", ", true_up: none"), ("", "")] {
        let scenarios = read(ESTATE, &text(true_up, more));
        let (together, _) = answered(&scenarios).unwrap();
        assert!(together.iter().all(|plan| plan.is_optimal() && plan.offers[0].quantity == Quantity::new(10)));
        assert_eq!(together[0].value, 600_000);
    }
}

#[test]
fn nothing_is_asked_for_without_prices_for_later_or_weights_or_for_one_scenario() {
    let text = text("", "").replace(", weight: 3", "").replace(", weight: 1", "");
    assert_eq!(answered(&read(ESTATE, &text)).unwrap().0.len(), 0);
    let one = "licit: 1\nestate: estate.yaml\ntrue_up: 120%\noffers: [{id: new, sku: T, price: 10.00}]\n";
    assert_eq!(answered(&read(ESTATE, one)).unwrap().0.len(), 0);
    let both = format!("{one}scenarios: [{{name: a}}, {{name: b, changes: [{{grow: t@1, by: 1}}]}}]\n");
    assert_eq!(answered(&read(ESTATE, &both)).unwrap().0.len(), 1);
}

/// The result of a small file with packs, whose proof splits quantities.
fn written() -> (Scenarios, Value) {
    let scenarios = read(ESTATE, &text("true_up: 150%\n", ", pack: 3, fee: 7.00"));
    let (_, text) = answered(&scenarios).unwrap();
    (scenarios, serde_json::from_str(&text).unwrap())
}

#[test]
fn altered_plans_for_all_scenarios_are_refused() {
    let (scenarios, result) = written();
    let is_refused = |altered: &Value| matches!(verify(&scenarios, &altered.to_string()), Err(VerifyError::Refused(_)));
    assert!(!is_refused(&result));
    let nodes = "/evidence/together/0/blocks/0/nodes";
    let alterations: [(&str, Value); 12] = [
        ("/comparison/least_worst_regret/worst_regret", json!("0.03")),
        ("/comparison/least_worst_regret/standing", json!("claimed")),
        ("/comparison/least_worst_regret/bound", json!("-0.01")),
        ("/comparison/least_worst_regret/paid", json!("1.00")),
        ("/comparison/least_worst_regret/offers/0/quantity", json!(1)),
        ("/comparison/least_worst_regret/scenarios/0/regret", json!("0.01")),
        ("/comparison/least_expected_cost/expected_cost", json!("0.01")),
        ("/comparison/least_expected_cost/scenarios/1/weight", json!(2)),
        ("/evidence/together/0/offers", json!([])),
        ("/evidence/together/0/offers/0/quantity", json!(4)),
        ("/evidence/together/0/aim", json!("expected-cost")),
        ("/evidence/together/1/blocks", json!([])),
    ];
    for (place, value) in alterations {
        let mut altered = result.clone();
        *altered.pointer_mut(place).unwrap_or_else(|| panic!("{place}")) = value;
        assert!(is_refused(&altered), "{place}");
    }
    let mut shorter = result.clone();
    shorter.pointer_mut(nodes).unwrap().as_array_mut().unwrap().pop();
    assert!(is_refused(&shorter));
    let mut without = result.clone();
    without["evidence"].as_object_mut().unwrap().remove("together");
    assert!(is_refused(&without));
    let leaves = result.pointer(nodes).unwrap().as_array().unwrap();
    let leaf = leaves.iter().position(|node| node.get("cases").is_some()).unwrap();
    for (key, value) in
        [("weight", json!(-1)), ("weight", json!(0)), ("scenario", json!("eleven")), ("prices", json!([]))]
    {
        let mut altered = result.clone();
        for case in altered.pointer_mut(&format!("{nodes}/{leaf}/cases")).unwrap().as_array_mut().unwrap() {
            case[key] = value.clone();
        }
        assert!(is_refused(&altered), "{key}");
    }
}
