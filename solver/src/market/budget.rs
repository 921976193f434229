//! Why a budget keeps a better plan off: certificates in which what is uncovered has a price.
//!
//! A plan that leaves one install fewer uncovered must be shown to exceed the budget. With uncovered installs at a
//! price p the least of spend + p · uncovered bounds what every plan pays for covering more. The best p is the
//! slope of the least spend over the uncovered, at the number of the plan; it is found by bisection, since the
//! uncovered of the best plan fall as p rises. Where spend has jumps the bound may leave a gap, which the checker
//! then states.

use super::{branch, read, relax};
use crate::Statement;
use crate::error::SolveError;
use checker::plan::Certificate;
use model::estate::Estate;
use model::market::Market;
use model::number::{Money, Quantity};
use model::objective::Level;

/// A price above all sums of prices that a unit of cover may cost: the search starts from there.
const PRICE_MAX: i64 = 1 << 40;

/// Certificates for a plan that leaves so much uncovered, one of which has the best price.
pub(super) fn certificates(estate: &Estate, market: &Market, uncovered: i128) -> Result<Vec<Certificate>, SolveError> {
    if market.shortage_cost.is_some() {
        return Ok(Vec::new());
    }
    // The greatest price at which no fewer are uncovered, and one more.
    let (mut within, mut beyond) = (0, PRICE_MAX);
    while within + 1 < beyond {
        let middle = i64::midpoint(within, beyond);
        if least_uncovered(estate, market, middle)? >= uncovered {
            within = middle;
        } else {
            beyond = middle;
        }
    }
    [within, beyond].into_iter().map(|price| certificate(estate, market, price)).collect()
}

fn weights(price: i64) -> [Option<Money>; 3] {
    [None, None, Some(Money::from_units(price))]
}

/// What the best plan leaves uncovered where that has a price.
fn least_uncovered(estate: &Estate, market: &Market, price: i64) -> Result<i128, SolveError> {
    let statement = Statement::with_market(estate, market, weights(price))?;
    let found = branch::search(&mut relax::Relaxation::new(&statement), None)?;
    let best = found.best.expect("without a budget there is a plan");
    let demanded: Quantity = statement.problem.demands.iter().map(|demand| demand.quantity).sum();
    Ok(i128::from(demanded.get()) + statement.problem.order.unmet(&best.value)[Level::Uncovered.index()])
}

fn certificate(estate: &Estate, market: &Market, price: i64) -> Result<Certificate, SolveError> {
    let weights = weights(price);
    let statement = Statement::with_market(estate, market, weights)?;
    let mut relaxation = relax::Relaxation::new(&statement);
    let found = branch::search(&mut relaxation, None)?;
    Ok(Certificate { weights, tree: read::tree(&mut relaxation, &found.parts)? })
}
