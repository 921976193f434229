//! What to have before it is known which of several cases comes true, as one integer program.
//!
//! ```text
//! quantities x ----> case 1: flow, later purchases, actions
//!      |       \---> case 2: ...
//!   paid once   \--> ...
//! ```
//!
//! The program has the columns of each offer's quantity once, and for each case the program of its market
//! (the same as for one market), in which units had before and units bought later may be used alike. Facts that several cases
//! share are stated once. Levels: what is unmet, level by level, over all cases; the worst regret, a column above what
//! each case comes to beyond its optimum, or the expected cost; then the other of the two sums; then the fewest units.
//!
//! What the engine finds is a guess until the checker has accepted what it comes to. Duals of the linear relaxation are
//! guesses at weights and prices, which [`checker::plan::stage`] turns into bounds: the dual of a case's row is its weight,
//! what a unit had before is worth in a case is its price. Where a case cannot do without units had before, they are
//! bought later at a price above all others instead, so that there always are duals.
//!
//! Cost: one integer program with the arcs of all different facts, at most [`ARCS_MAX`]; for each question about prices a
//! linear program of that size.

#[cfg(not(feature = "milp"))]
use checker::plan::stage::StageSpans;
use checker::plan::stage::{CasePrices, Stage};
use model::estate::Estate;
use model::market::{Market, OfferId};
use model::number::Quantity;

#[cfg(not(feature = "milp"))]
use crate::error::SolveError;
#[cfg(feature = "milp")]
mod stated;
#[cfg(feature = "milp")]
pub use stated::{decide, guess};

/// Most arcs of all different facts together.
pub const ARCS_MAX: usize = 60_000;

/// Facts that some cases share.
pub struct Copy<'d> {
    /// The facts, with lots.
    pub estate: &'d Estate,
    /// The market; of offers that are had before, what units cost later, or nothing if there are none then.
    pub market: &'d Market,
    /// Which of its offers are had before, with their positions in the stage.
    pub offers: &'d [(OfferId, usize)],
}

/// All that a question is about.
pub struct Decision<'d> {
    /// What is decided, and by what it is judged.
    pub stage: &'d Stage<'d>,
    /// The different facts.
    pub copies: Vec<Copy<'d>>,
    /// Of each case its facts.
    pub cases: Vec<Vec<usize>>,
}

/// What the engine has found.
pub struct Decided {
    /// Units had before, by offer.
    pub quantities: Vec<Quantity>,
    /// What is unmet, by level, in all cases together.
    pub unmet: Vec<i128>,
}

/// What the engine suggests about plans with quantities in spans.
pub struct Guess {
    /// Weights and prices that may bound them well.
    pub prices: Vec<CasePrices>,
    /// Where the spans may be split so that bounds rise: an offer, by position, and the last quantity of the first part.
    pub split: Option<(usize, Quantity)>,
}

/// Without integer programs there is no answer.
///
/// # Errors
/// That this build is without them.
#[cfg(not(feature = "milp"))]
pub fn decide(_: &Decision<'_>) -> Result<Decided, SolveError> {
    let what = "a plan for all scenarios together needs an integer program, which this build is without";
    Err(SolveError::Limit { what: what.to_owned() })
}

/// Nothing.
///
/// # Errors
/// Never.
#[cfg(not(feature = "milp"))]
pub fn guess(_: &Decision<'_>, _: &Decided, _: &StageSpans, _: i64) -> Result<Option<Guess>, SolveError> {
    Ok(None)
}
