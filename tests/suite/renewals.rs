//! The product against the independent statement: the best plan of random small renewals.
//!
//! `LICIT_SEED` and `LICIT_RENEWALS` choose the renewals.

use crate::agreement::count;
use crate::estates::parse;
use crate::renewal_draft::{Renewal, renewals};
use crate::renewal_statement::best;
use checker::allocation::DemandKey;
use checker::plan::{CertifiedPlan, Order, Standing, weights_of};
use model::estate::{Install, Target};
use model::market::{Market, Reinstall};
use model::number::{Money, Quantity};
use model::objective::{LEVELS, Level};
use rayon::prelude::*;
use solver::SolveError;

/// What became of one renewal.
enum Outcome {
    Agrees,
    /// The best plan, but not shown to be.
    Gap(String),
    /// Not the best plan, and it says so.
    Worse(String),
    /// No plan at all.
    Limit(String),
    Differs(String),
}

impl Outcome {
    fn of(renewal: &Renewal) -> Self {
        let expected = best(renewal).figures.levels;
        let plan = match solver::market::plan(&renewal.estate, &renewal.market) {
            Ok(plan) => plan,
            Err(error @ SolveError::Limit { .. }) => return Self::Limit(format!("seed {}: {error}", renewal.seed)),
            Err(error) => return Self::Differs(format!("seed {}: {error}", renewal.seed)),
        };
        let (found, standing) = (*plan.objective(), plan.standing());
        let what = format!("seed {}: {found:?}, {expected:?} is best; {standing:?}", renewal.seed);
        match standing {
            Standing::Optimal if found == expected => Self::Agrees,
            Standing::Proved(_) if found == expected => Self::Gap(what),
            Standing::Proved(_) if is_worse(renewal, &plan, expected) => Self::Worse(what),
            _ => Self::Differs(what),
        }
    }
}

#[test]
fn plans_agree_with_the_enumeration_of_all_plans() {
    let (seed, count) = (count("LICIT_SEED", 1), count("LICIT_RENEWALS", 1_000));
    let drawn: Vec<Renewal> = renewals(seed, count).collect();
    let outcomes: Vec<Outcome> = drawn.par_iter().map(Outcome::of).collect();
    let (mut differences, mut gaps, mut worse, mut limits) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for outcome in outcomes {
        match outcome {
            Outcome::Agrees => {}
            Outcome::Gap(what) => gaps.push(what),
            Outcome::Worse(what) => worse.push(what),
            Outcome::Limit(what) => limits.push(what),
            Outcome::Differs(what) => differences.push(what),
        }
    }
    println!(
        "{count} renewals from seed {seed}: {} mismatches, {} best but not proved, {} not best and not said to be, {} \
         without an answer",
        differences.len(),
        gaps.len(),
        worse.len(),
        limits.len()
    );
    for (kind, seeds) in [("not proved", &gaps), ("not best", &worse), ("no answer", &limits)] {
        for what in seeds {
            println!("{kind}: {what}");
        }
    }
    let first = |seeds: &[String]| seeds[..seeds.len().min(20)].join("\n");
    assert!(differences.is_empty(), "{}", first(&differences));
    assert!(worse.is_empty(), "{}", first(&worse));
    assert!(limits.is_empty(), "{}", first(&limits));
    assert!(gaps.len() * 500 <= drawn.len(), "{}", first(&gaps));
}

/// Renewals that were once without an answer, not best, or not proved: entitlements that compete for an upgrade that is
/// offered or renewed in part; assigned units that could not all be of use; actions that a budget limits.
const KEPT: [u64; 10] = [25, 170, 533, 921, 1_007, 4_117, 4_641, 202_673, 203_529, 203_975];

#[test]
fn kept_renewals_have_their_best_plans_and_proofs() {
    for seed in KEPT {
        let renewal = renewals(seed, 1).next().expect("one is drawn");
        assert!(matches!(Outcome::of(&renewal), Outcome::Agrees), "seed {seed}");
    }
}

/// Whether the best plan is better, in the order of the market.
fn is_worse(renewal: &Renewal, plan: &CertifiedPlan, best: [i128; LEVELS]) -> bool {
    let order = Order::of(weights_of(&renewal.market));
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
fn what_one_more_install_costs_and_one_more_unit_saves_is_what_the_enumeration_says() {
    let (mut tried, mut within_budget, mut useful) = (0, 0, 0);
    for renewal in renewals(1, count("LICIT_RENEWALS", 1_000) / 2) {
        let Ok(answer) = solver::market::answer(&renewal.estate, &renewal.market) else { continue };
        if answer.certified.standing() != Standing::Optimal {
            continue;
        }
        let before = answer.certified.objective();
        let difference = |more: &Renewal| {
            let after = best(more).figures.levels;
            let more = |level: Level| after[level.index()] - before[level.index()];
            (
                [Level::LicenseAssignmentsUnmet, Level::TitleAssignmentsUnmet, Level::Uncovered].map(more),
                more(Level::Spend),
            )
        };
        for &(key, change) in answer.marginals.installs.iter().take(3) {
            let more = with_one_more(&renewal, key);
            assert_eq!(difference(&more), (change.unmet, change.paid), "seed {}, {key:?}", renewal.seed);
            tried += 1;
            within_budget += u32::from(renewal.market.budget.is_some());
        }
        for &(license, change) in answer.marginals.units.iter().take(2) {
            let mut more = renewal.clone();
            let quantity = &mut more.estate.licenses[license].quantity;
            *quantity = quantity.map(|units| units + Quantity::ONE);
            assert_eq!(difference(&more), (change.unmet, change.paid), "seed {}, {license:?}", renewal.seed);
            tried += 1;
            useful += u32::from(change.paid != 0 || change.unmet != [0; 3]);
        }
    }
    assert!(tried > 500 && within_budget > 50, "{tried} margins, {within_budget} within a budget");
    assert!(useful > 50, "{useful} units are of use");
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
