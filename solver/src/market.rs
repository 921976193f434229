//! What to buy and do: the cheapest plan for an estate with a market, and the proof that none is cheaper.
//!
//! ```text
//! Estate + Market -> Problem -> Graph -> branch and bound -> (Plan, Certificate) -> estate after -> CertifiedPlan
//!                    pool       state    relax, split                               allocate        certify
//! ```
//!
//! Plain prices are costs of arcs, and one minimum-cost flow answers. Packs, minimums, fees and all-units tiers
//! are costs with jumps: the [curve](curve) of an offer is replaced by a convex one below it, whose flow
//! [bounds](relax) every plan; where the bound is not met, the quantities of one offer are [split](branch) in
//! two. Each part that is left carries prices on facts of the estate, so the proof of a plan is of the same kind
//! as that of a position, and the checker needs no solver for it.
//!
//! Lower levels are as exact as spend: what is bought is chosen together with who uses it.

mod branch;
mod curve;
mod marginal;
mod read;
mod relax;

pub use marginal::{Change, Marginals};

use crate::Statement;
use crate::error::SolveError;
use checker::plan::{Certificate, CertifiedPlan, Plan};
use model::estate::Estate;
use model::market::Market;
use model::number::Money;

/// The best plan of an estate with a market, accepted by the checker.
///
/// # Errors
/// When a component is no network, or a limit was hit, or the checker refuses the plan; never a wrong plan.
pub fn plan(estate: &Estate, market: &Market) -> Result<CertifiedPlan, SolveError> {
    answer(estate, market).map(|answer| answer.certified)
}

/// A plan with its margins.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The plan, accepted by the checker.
    pub certified: CertifiedPlan,
    /// What one unit more would change; empty where the budget is all that keeps a better plan off.
    pub marginals: Marginals,
}

/// The same with what one unit more would change.
///
/// # Errors
/// As [`plan`].
pub fn answer(estate: &Estate, market: &Market) -> Result<Answer, SolveError> {
    let weights = market.weights();
    let statement = Statement::with_market(estate, market, weights)?;
    let mut relaxation = relax::Relaxation::new(&statement);
    let found = branch::search(&mut relaxation, market.budget)?;
    let plan = match &found.best {
        Some(best) => read::plan(&statement, &best.quantities, &best.flows),
        None => most_frugal(estate, market)?,
    };
    let tree = read::tree(&mut relaxation, &found.parts)?;
    let marginals = match &found.best {
        _ if market.budget.is_some() => Marginals::default(),
        Some(_) if found.parts.len() == 1 && statement.is_network() => marginal::along_paths(&mut relaxation)?,
        Some(best) => marginal::by_search(&mut relaxation, &best.value)?,
        None => Marginals::default(),
    };
    let refused = SolveError::Refused;
    let after = checker::plan::after(estate, market, &plan).map_err(refused)?;
    let rest = Market {
        transfers_are_paid: market.transfers_are_paid,
        shortage_cost: market.shortage_cost,
        ..Market::default()
    };
    let allocation = Statement::with_market(&after, &rest, weights)?.solve()?.allocation();
    let certificate = Certificate { weights, tree };
    let certified = checker::plan::certify(estate, market, plan, allocation, certificate).map_err(refused)?;
    Ok(Answer { certified, marginals })
}

/// The plan that pays least, whatever is uncovered.
fn most_frugal(estate: &Estate, market: &Market) -> Result<Plan, SolveError> {
    let statement = Statement::with_market(estate, market, [Some(Money::ZERO); 3])?;
    let found = branch::search(&mut relax::Relaxation::new(&statement), None)?;
    let best = found.best.expect("to have nothing is a plan");
    Ok(read::plan(&statement, &best.quantities, &best.flows))
}
