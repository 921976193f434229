//! The product against the independent statement: the best plan of random small renewals.
//!
//! `LICIT_SEED` and `LICIT_RENEWALS` choose the renewals.

use crate::agreement::count;
use crate::estates::parse;
use crate::renewal_draft::{Renewal, renewals};
use crate::renewal_statement::best;
use checker::allocation::DemandKey;
use checker::plan::{CertifiedPlan, Order, Standing};
use model::estate::{Install, Target};
use model::market::{Market, Reinstall};
use model::number::{Money, Quantity};
use model::objective::{LEVELS, Level};
use rayon::prelude::*;
use solver::SolveError;

/// What became of one renewal.
enum Outcome {
    Agrees,
    Gap,
    /// Not the best plan, and it says so.
    Worse,
    NoNetwork,
    Differs(String),
}

#[test]
fn plans_agree_with_the_enumeration_of_all_plans() {
    let (seed, count) = (count("LICIT_SEED", 1), count("LICIT_RENEWALS", 1_000));
    let outcomes: Vec<Outcome> = renewals(seed, count)
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|renewal| {
            let expected = best(&renewal).figures.levels;
            match solver::market::plan(&renewal.estate, &renewal.market) {
                Ok(plan) if *plan.objective() == expected && plan.standing() == Standing::Optimal => Outcome::Agrees,
                Ok(plan) if *plan.objective() == expected => Outcome::Gap,
                Ok(plan) if plan.standing() != Standing::Optimal && is_worse(&renewal, &plan, expected) => {
                    Outcome::Worse
                }
                Ok(plan) => Outcome::Differs(format!(
                    "seed {}: {:?} {:?}, expected {expected:?}",
                    renewal.seed,
                    plan.objective(),
                    plan.standing()
                )),
                Err(SolveError::NotANetwork { .. } | SolveError::Limit { .. }) => Outcome::NoNetwork,
                Err(error) => Outcome::Differs(format!("seed {}: {error}", renewal.seed)),
            }
        })
        .collect();
    let of = |wanted: fn(&Outcome) -> bool| outcomes.iter().filter(|outcome| wanted(outcome)).count();
    let worse = of(|one| matches!(one, Outcome::Worse));
    let (gaps, no_network) = (of(|one| matches!(one, Outcome::Gap)), of(|one| matches!(one, Outcome::NoNetwork)));
    let differences: Vec<&str> = outcomes
        .iter()
        .filter_map(|outcome| match outcome {
            Outcome::Differs(what) => Some(what.as_str()),
            _ => None,
        })
        .collect();
    println!(
        "{count} renewals from seed {seed}: {} mismatches, {gaps} best but not proved, {worse} not best and not said to \
         be, {no_network} no network",
        differences.len()
    );
    assert!(worse * 200 <= outcomes.len(), "{worse} plans are not best");
    assert!(differences.is_empty(), "{}", differences[..differences.len().min(20)].join("\n"));
}

/// Whether the best plan is better, in the order of the market.
fn is_worse(renewal: &Renewal, plan: &CertifiedPlan, best: [i128; LEVELS]) -> bool {
    let order = Order::of(renewal.market.weights());
    order.of_levels(plan.objective()) > order.of_levels(&best)
}

/// The renewal with one more install, or none if it is no demand any more.
fn with_one_more(renewal: &Renewal, key: DemandKey) -> Renewal {
    let DemandKey { version, scope, contract, asset, user } = key;
    let (excluded, last_used) = (None, None);
    let mut more = renewal.clone();
    let row = Install { version, scope, contract, asset, user, excluded, last_used, quantity: Quantity::ONE };
    let same = |other: &&mut Install| Install { quantity: Quantity::ONE, ..(*other).clone() } == row;
    match more.estate.installs.iter_mut().find(same) {
        Some(other) => other.quantity += Quantity::ONE,
        None => more.estate.installs.push(row),
    }
    more.estate.installs.sort_unstable();
    more
}

#[test]
fn what_one_more_install_costs_is_what_the_enumeration_says() {
    let mut tried = 0;
    for renewal in renewals(1, count("LICIT_RENEWALS", 1_000) / 2).filter(|renewal| renewal.market.budget.is_none()) {
        let Ok(answer) = solver::market::answer(&renewal.estate, &renewal.market) else { continue };
        if answer.certified.standing() != Standing::Optimal {
            continue;
        }
        let before = answer.certified.objective();
        for &(key, change) in answer.marginals.installs.iter().take(3) {
            let after = best(&with_one_more(&renewal, key)).figures.levels;
            let more = |level: Level| after[level.index()] - before[level.index()];
            let unmet = [Level::LicenseAssignmentsUnmet, Level::TitleAssignmentsUnmet, Level::Uncovered].map(more);
            assert_eq!((unmet, more(Level::Spend)), (change.unmet, change.paid), "seed {}, {key:?}", renewal.seed);
            tried += 1;
        }
    }
    assert!(tried > 500, "{tried} margins");
}

#[test]
fn installs_of_those_who_have_something_in_another_part_stay_and_the_plan_is_accepted() {
    let estate = parse(
        "licit: 1\nas_of: 2026-11-22
titles: [{id: app, versions: [\"1\", \"2\"]}]
skus: [{id: OLD, version: app@1}]
licenses: [{id: L, sku: OLD, quantity: 1}]
installs: [{version: app@2, asset: PC-2}]
assignments: [{license: L, user: somebody}]
",
    );
    let [old, new] = ["1", "2"].map(|name| estate.find_version("app", name).unwrap());
    let market = Market {
        reinstalls: vec![Reinstall { from: new, to: old, cost: Money::from_units(1) }],
        assigned_elsewhere: vec![Target::Asset(estate.assets.ids().next().unwrap())],
        ..Market::default()
    };
    let plan = solver::market::plan(&estate, &market).unwrap();
    assert_eq!((plan.standing(), plan.plan().reinstalled.len()), (Standing::Optimal, 0));
}
