//! What the best renewal is, stated apart from everything that finds or checks one.
//!
//! Problem: given an estate with a lot for each offer and its market, the least figures over all plans:
//! every allowed quantity of every offer, every number of interchangeable installs uninstalled or replaced
//! ([`plans`]). Where a plan leads is the position of the estate after it, by the independent statement of
//! positions ([`statement`]). Every plan is taken or is shown to be no better by a bound that needs one
//! fact: with more units of a lot, levels 1 to 3 get no worse.
//!
//! Cost: one exhaustive search for each choice of actions and for each plan that the bound does not
//! decide; it panics rather than take more than [`PLANS_MAX`] plans. Written from the input contract and the
//! meaning of a market alone; prices, allowed quantities and what may be done are stated again here.

use crate::renewal_draft::Renewal;
use crate::statement::{self, Cost, Valuation};
use checker::plan::Plan;
use model::estate::Estate;
use model::market::Market;
use model::number::Money;
use model::objective::{LEVELS, Level};
use plans::{Actions, Purchase};

#[path = "renewal_statement_cases.rs"]
mod cases;
#[path = "renewal_statement_plans.rs"]
mod plans;

pub(crate) use plans::plan_count;

/// Most plans of a renewal that are taken one by one.
pub(crate) const PLANS_MAX: usize = 20_000;

/// The best of all plans.
#[derive(Debug)]
pub(crate) struct Best {
    /// What it comes to.
    pub(crate) figures: Figures,
    /// One plan that comes to it: the first by cost and units among those whose position was taken.
    pub(crate) plan: Plan,
    /// Plans within the budget, transfers aside.
    pub(crate) plans: usize,
    /// Plans whose position was taken; the bound decided the others.
    pub(crate) positions: usize,
}

/// What a plan comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Figures {
    /// By level. What is spent is what is paid, without the price of shortage; with paid transfers it
    /// includes them and their own level is 0.
    pub(crate) levels: [i128; LEVELS],
    /// What is paid and the price of what is uncovered, where shortage has a price.
    pub(crate) penalized: Option<i128>,
}

/// The best plan of a renewal.
pub(crate) fn best(renewal: &Renewal) -> Best {
    best_plan(&renewal.estate, &renewal.market, true)
}

/// What a plan comes to; none if it may not be carried out or nothing can be allocated within the budget.
pub(crate) fn figures_of(estate: &Estate, market: &Market, plan: &Plan) -> Option<Figures> {
    let (cost, units) = plans::cost_and_units(estate, market, plan)?;
    let ranked = ranked_figures(market, &plans::after(estate, market, plan)?, cost, units)?;
    Some(figures(market, ranked))
}

/// The best plan; without the bound every position is taken.
fn best_plan(estate: &Estate, market: &Market, is_bounded: bool) -> Best {
    let count = plan_count(estate, market);
    assert!(count <= PLANS_MAX, "{count} plans are too many to take one by one");
    let actions = plans::actions(estate, market);
    let purchases = plans::purchases(market);
    let mut candidates = candidates(estate, market, &actions, &purchases, is_bounded);
    candidates.sort_unstable();
    let mut found: Option<(Cost, Plan)> = None;
    let mut positions = 0;
    for &(bound, cost, units, action, purchase) in &candidates {
        // At the bound a plan is as good as the best one, not better.
        if is_bounded && found.as_ref().is_some_and(|(best, _)| bound >= *best) {
            break;
        }
        let plan = plans::plan(&actions[action], &purchases[purchase]);
        let after = plans::after(estate, market, &plan).expect("plans that are taken can be carried out");
        positions += 1;
        let ranked = ranked_figures(market, &after, cost, units).expect("it is within the budget");
        if found.as_ref().is_none_or(|(best, _)| ranked < *best) {
            found = Some((ranked, plan));
        }
    }
    let (ranked, plan) = found.expect("doing nothing is always allowed");
    Best { figures: figures(market, ranked), plan, plans: candidates.len(), positions }
}

/// A bound on what a plan comes to, its cost and units, and the positions of its actions and purchase.
type Candidate = (Cost, i64, i64, usize, usize);

/// The plans within the budget.
fn candidates(
    estate: &Estate,
    market: &Market,
    actions: &[Actions],
    purchases: &[Purchase],
    is_bounded: bool,
) -> Vec<Candidate> {
    let valuation = valuation(market);
    let everything = plans::everything(market);
    let mut candidates = Vec::new();
    for (action, done) in actions.iter().enumerate() {
        let affordable: Vec<(usize, &Purchase)> = purchases
            .iter()
            .enumerate()
            .filter(|(_, purchase)| market.budget.is_none_or(|budget| done.cost + purchase.cost <= budget.units()))
            .collect();
        if affordable.is_empty() {
            continue;
        }
        // Whatever is bought, no more is covered than with the most of every lot at once.
        let coverage = if is_bounded {
            let most = plans::after(estate, market, &plans::plan(done, &everything)).expect("it can be carried out");
            statement::optimum_valued(&most, &Valuation::default(), None)
        } else {
            [0; LEVELS]
        };
        for (index, purchase) in affordable {
            let (cost, units) = (done.cost + purchase.cost, purchase.units);
            let mut least = spent(cost, units);
            least[..3].copy_from_slice(&coverage[..3]);
            candidates.push((valuation.ranked(least), cost, units, action, index));
        }
    }
    candidates
}

/// What an estate comes to for which so much has been spent, in the order of comparison; none if that alone is
/// above the budget.
fn ranked_figures(market: &Market, after: &Estate, cost: i64, units: i64) -> Option<Cost> {
    let valuation = valuation(market);
    let left = market.budget.map(|budget| budget.units() - cost);
    if left.is_some_and(|left| left < 0) {
        return None;
    }
    let mut position = statement::optimum_valued(after, &valuation, None);
    // What is best of all is best of what is within the budget, if it is.
    let transfers_most = left.filter(|_| market.transfers_are_paid);
    let transfers = valuation.by_level(position)[Level::Spend.index()];
    if transfers_most.is_some_and(|most| transfers > most) {
        position = statement::optimum_valued(after, &valuation, transfers_most);
    }
    let fixed = valuation.ranked(spent(cost, units));
    Some(std::array::from_fn(|level| position[level] + fixed[level]))
}

fn figures(market: &Market, ranked: Cost) -> Figures {
    let levels = valuation(market).by_level(ranked).map(i128::from);
    let uncovered = levels[Level::Uncovered.index()];
    let price = |cost: Money| levels[Level::Spend.index()] + i128::from(cost.units()) * uncovered;
    Figures { levels, penalized: market.shortage_cost.map(price) }
}

fn valuation(market: &Market) -> Valuation {
    Valuation { transfers_are_paid: market.transfers_are_paid, shortage_cost: market.shortage_cost.map(Money::units) }
}

/// Figures by level of spending so much on so many units.
fn spent(cost: i64, units: i64) -> Cost {
    let mut figures = [0; LEVELS];
    figures[Level::Spend.index()] = cost;
    figures[Level::UnitsBought.index()] = units;
    figures
}
