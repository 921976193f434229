//! What to buy and do: the cheapest plan for an estate with a market, and the proof that none is cheaper.
//!
//! ```text
//! Estate + Market -> Problem -> Graph -> branch and bound -> (Plan, Certificate) -> estate after -> CertifiedPlan
//!                    pool       state    relax, split                               allocate        certify
//! ```
//!
//! Plain prices are costs of arcs, and one minimum-cost flow answers. Packs, minimums, fees and all-units tiers
//! are costs with jumps: the curve of an offer is replaced by a convex one below it, whose flow
//! bounds every plan; where the bound is not met, the quantities of one offer are split in
//! two. Each part that is left carries prices on facts of the estate, so the proof of a plan is of the same kind
//! as that of a position, and the checker needs no solver for it.
//!
//! Lower levels are as exact as spend: what is bought is chosen together with who uses it.

mod ascent;
mod branch;
mod budget;
mod curve;
mod export;
mod in_order;
mod marginal;
#[cfg(feature = "milp")]
mod program;
mod read;
mod relax;
mod residual;
pub mod stage;

pub use export::{FlowModel, Models, ProgramModel, models};
pub use marginal::{Change, Marginals};

use crate::error::SolveError;
use crate::{Statement, expand, graph};
use checker::plan::{Certificate, CertifiedPlan, Plan, Standing, Weights, weights_of};
use model::estate::Estate;
use model::market::Market;
use model::number::Money;
use model::objective::LEVELS;

/// How often a better plan may turn up on the way to the proof of one.
const BETTER_MAX: usize = 8;

/// A plan with its margins.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The plan, accepted by the checker.
    pub certified: CertifiedPlan,
    /// What one unit more would change, within the budget; empty where the search does not prove its plan.
    pub marginals: Marginals,
}

/// The best plan of an estate with a market, accepted by the checker.
///
/// # Errors
/// When a component is no network, or a limit was hit, or the checker refuses the plan; never a wrong plan.
pub fn plan(estate: &Estate, market: &Market) -> Result<CertifiedPlan, SolveError> {
    answer_by(estate, market, |_, _, _| Ok(Marginals::default())).map(|answer| answer.certified)
}

/// The same with what one unit more would change, which may cost more than the plan.
///
/// # Errors
/// As [`plan`].
pub fn answer(estate: &Estate, market: &Market) -> Result<Answer, SolveError> {
    answer_by(estate, market, |relaxation, parts, best| {
        if market.budget.is_none() && relaxation.is_exact() {
            marginal::along_paths(relaxation)
        } else {
            marginal::by_search(relaxation, parts, &best.value, market.budget)
        }
    })
}

/// The best plan, with what is said of the parts in which it was proved best, if it was.
fn answer_by(
    estate: &Estate,
    market: &Market,
    marginals: impl Fn(&mut relax::Relaxation<'_, '_>, &[branch::Part], &branch::Best) -> Result<Marginals, SolveError>,
) -> Result<Answer, SolveError> {
    let statement = Statement::with_market(estate, market, weights_of(market))?.merged();
    let mut relaxation = relax::Relaxation::new(&statement);
    let found = branch::search(&mut relaxation, market.budget)?;
    let best = if found.is_proved { found.best } else { improved(&relaxation, found.best, market.budget)? };
    let plan = match &best {
        Some(best) => read::plan(&statement, &best.quantities, &best.flows),
        None => most_frugal(estate, market)?,
    };
    let certificate = read::certificate(&mut relaxation, &found.parts)?;
    let marginals = match &best {
        // What one more changes can be told of the best plan alone.
        Some(best) if found.is_proved => marginals(&mut relaxation, &found.parts, best)?,
        _ => Marginals::default(),
    };
    let certified = certified(estate, market, plan, certificate.clone())?;
    let certified = if market.budget.is_some() && certified.standing() != Standing::Optimal {
        weighed(estate, market, (&found.parts, best.as_ref()), &certificate, certified)?
    } else {
        certified
    };
    Ok(Answer { certified, marginals })
}

/// A plan with who uses what after it, accepted by the checker.
fn certified(
    estate: &Estate,
    market: &Market,
    plan: Plan,
    certificate: Certificate,
) -> Result<CertifiedPlan, SolveError> {
    let after = checker::plan::after(estate, market, &plan).map_err(SolveError::Refused)?;
    let rest = Market {
        transfers_are_paid: market.transfers_are_paid,
        shortage_cost: market.shortage_cost,
        budget: market.budget.map(|budget| Money::from_units(budget.units() - read::paid(market, &plan))),
        ..Market::default()
    };
    let allocation = allocation(&after, &rest, weights_of(market))?;
    checker::plan::certify(estate, market, plan, allocation, certificate).map_err(SolveError::Refused)
}

/// A plan within a budget with bounds that say why no better one is, or a better one.
fn weighed(
    estate: &Estate,
    market: &Market,
    found: (&[branch::Part], Option<&branch::Best>),
    certificate: &Certificate,
    mut best: CertifiedPlan,
) -> Result<CertifiedPlan, SolveError> {
    let by_level = Statement::with_market(estate, market, [None; 3])?;
    for _ in 0..BETTER_MAX {
        let mut refined = certificate.clone();
        let mut weighing = budget::Weighing::against(*best.objective(), &by_level);
        weighing.refine(&mut refined, found.0, found.1)?;
        let better = match weighing.better() {
            Some(plan) => Some(certified(estate, market, plan, certificate.clone())?),
            None => None,
        };
        let value = |plan: &CertifiedPlan| plan.order().of_levels(plan.objective());
        match better.filter(|better| value(better) < value(&best)) {
            Some(better) => best = better,
            None => return certified(estate, market, best.plan().clone(), refined),
        }
    }
    Ok(best)
}

/// The better of a plan and what the integer program finds.
#[cfg(feature = "milp")]
fn improved(
    relaxation: &relax::Relaxation<'_, '_>,
    best: Option<branch::Best>,
    budget: Option<Money>,
) -> Result<Option<branch::Best>, SolveError> {
    let other = program::best(relaxation, budget)?;
    let is_better = |other: &branch::Best| best.as_ref().is_none_or(|best| other.value < best.value);
    Ok(other.filter(is_better).or(best))
}

/// The plan itself: there are no integer programs.
#[cfg(not(feature = "milp"))]
#[allow(clippy::unnecessary_wraps, reason = "with integer programs there may be no answer")]
fn improved(
    _: &relax::Relaxation<'_, '_>,
    best: Option<branch::Best>,
    _: Option<Money>,
) -> Result<Option<branch::Best>, SolveError> {
    Ok(best)
}

/// Who uses what where nothing is left to be bought, within what is left of the budget for transfers.
fn allocation(after: &Estate, rest: &Market, weights: Weights) -> Result<checker::allocation::Allocation, SolveError> {
    let statement = Statement::with_market(after, rest, weights)?;
    let mut relaxation = relax::Relaxation::new(&statement);
    let found = branch::search(&mut relaxation, rest.budget)?;
    let best = if found.best.is_none() { improved(&relaxation, None, rest.budget)? } else { found.best };
    let best = match best {
        Some(best) => best,
        None => branch::search(&mut relaxation, None)?.best.expect("to have nothing is a plan"),
    };
    let ends = graph::Ends::of(&statement.graph);
    let allocation = expand::allocation(&statement.problem, &statement.graph, &ends, &best.flows);
    Ok(allocation.expect("in a plan every entitlement covers one unit"))
}

/// The plan that pays least, whatever is uncovered.
fn most_frugal(estate: &Estate, market: &Market) -> Result<Plan, SolveError> {
    let statement = Statement::with_market(estate, market, [Some([0; LEVELS]); 3])?;
    let found = branch::search(&mut relax::Relaxation::new(&statement), None)?;
    let best = found.best.expect("to have nothing is a plan");
    Ok(read::plan(&statement, &best.quantities, &best.flows))
}
