//! The product against the independent statement: the best plan of random small renewals.
//!
//! `LICIT_SEED` and `LICIT_RENEWALS` choose the renewals.

use crate::agreement::count;
use crate::renewal_draft::renewals;
use crate::renewal_statement::best;
use checker::plan::Standing;
use rayon::prelude::*;
use solver::SolveError;

/// What became of one renewal.
enum Outcome {
    Agrees,
    Gap,
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
    let (gaps, no_network) = (of(|one| matches!(one, Outcome::Gap)), of(|one| matches!(one, Outcome::NoNetwork)));
    let differences: Vec<&str> = outcomes
        .iter()
        .filter_map(|outcome| match outcome {
            Outcome::Differs(what) => Some(what.as_str()),
            _ => None,
        })
        .collect();
    println!(
        "{count} renewals from seed {seed}: {} mismatches, {gaps} not proved, {no_network} no network",
        differences.len()
    );
    assert!(differences.is_empty(), "{}", differences[..differences.len().min(20)].join("\n"));
}
