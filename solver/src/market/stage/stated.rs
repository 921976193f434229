//! The integer program of a decision, and what its duals say.

use super::{ARCS_MAX, Copy, Decided, Decision, Guess};
use crate::Statement;
use crate::error::SolveError;
use crate::market::curve::Curve;
use crate::market::export::worst;
use crate::market::program::{Packs, add_stretches, state_in};
use crate::market::relax::Relaxation;
use checker::plan::stage::{Aim, CasePrices, Stage, StageSpans, WEIGHT_MAX};
use checker::plan::weights_of;
use milp::{Column, Hint, Limits, Objective, Program, Row, minimize, relax};
use model::id::Table;
use model::number::{Money, Quantity};
use std::ops::RangeInclusive;

/// Work that the search may take at each level.
const LIMITS: Limits = Limits { nodes_max: 20_000, iterations_max: 10_000_000, starts_from_known: false };
/// What the column of the worst regret is bounded by at most: floats hold more exactly.
const REGRET_MAX: i128 = 1 << 50;

/// A program with what is read off its answers.
#[derive(Default)]
struct Stated {
    program: Program,
    /// Of each offer: columns of packs, with units in a pack.
    packs: Vec<Vec<(usize, u64)>>,
    /// Of each offer what its columns cost.
    paid: Vec<Vec<(usize, i64)>>,
    /// The position of spend.
    spend: usize,
    /// Of each case the row that bounds its regret.
    regrets: Vec<usize>,
    /// Of each of the different facts its rows.
    rows: Vec<std::ops::Range<usize>>,
    /// What all amounts were divided by.
    divisor: i64,
}

/// What the integer program says is best to have.
///
/// # Errors
/// A limit of size or work, a number that does not fit, or a claim that is refused.
pub fn decide(decision: &Decision<'_>) -> Result<Decided, SolveError> {
    let Stated { program, packs, spend, .. } = state(decision, &decision.stage.spans(), None)?;
    let found = minimize(&program, None, LIMITS, &milp::highs);
    let outcome = match found {
        Ok(outcome) if outcome.answer.is_some() => outcome,
        // A claim that was refused may come out otherwise on another way.
        _ => minimize(&program, None, Limits { starts_from_known: true, ..LIMITS }, &milp::highs)?,
    };
    let answer = outcome.answer.ok_or_else(|| SolveError::Limit {
        what: format!("no plan for {} scenarios together was found", decision.cases.len()),
    })?;
    let units = |columns: &Vec<(usize, u64)>| {
        Quantity::new(columns.iter().map(|&(column, pack)| answer.point[column].unsigned_abs() * pack).sum())
    };
    Ok(Decided { quantities: packs.iter().map(units).collect(), unmet: answer.costs[..spend].to_vec() })
}

/// Weights and prices that may bound all plans with quantities in the spans well, where `penalty` is above what any plan
/// worth having comes to; none if the engine has none.
///
/// # Errors
/// As [`decide`].
pub fn guess(
    decision: &Decision<'_>,
    decided: &Decided,
    spans: &StageSpans,
    penalty: i64,
) -> Result<Option<Guess>, SolveError> {
    let stage = decision.stage;
    let stated = state(decision, spans, Some(penalty))?;
    let relaxed = relax(&stated.program, stated.spend, &decided.unmet, LIMITS, &milp::highs);
    let Some(relaxed) = relaxed.map_err(SolveError::from)? else { return Ok(None) };
    let Some(weights) = weights(stage, &stated, &relaxed.duals) else { return Ok(None) };
    let nothing = |&(weight, _): &(u64, i128)| CasePrices { weight, prices: vec![Money::ZERO; stage.offers.len()] };
    let mut prices: Vec<CasePrices> = weights.iter().map(nothing).collect();
    for (copy, (Copy { offers, .. }, rows)) in decision.copies.iter().zip(&stated.rows).enumerate() {
        let of_copy = || (0..decision.cases.len()).filter(|&case| decision.cases[case].contains(&copy));
        let weight: i128 = of_copy().map(|case| weights[case].1).sum();
        for &(_, offer) in offers.iter().filter(|_| weight > 0) {
            let worth = worth(&stated, rows.clone(), offer, &relaxed.duals) * i128::from(stated.divisor);
            let most = stage.offers[offer].true_up.map_or(penalty, Money::units);
            // The nearest whole price, a half goes up.
            let price = (2 * worth + weight).div_euclid(2 * weight).clamp(0, most.into());
            let price = Money::from_units(i64::try_from(price).expect("no more than a price"));
            of_copy().for_each(|case| prices[case].prices[offer] = price);
        }
    }
    Ok(Some(Guess { prices, split: split(stage, &stated, spans, &relaxed.values) }))
}

/// Where a relaxation has units for less than they cost: the offer for which most is lacking, split at the last quantity
/// that may be had and is not above what the relaxation has.
fn split(stage: &Stage<'_>, stated: &Stated, spans: &StageSpans, values: &[Hint]) -> Option<(usize, Quantity)> {
    let mut worst: Option<(i128, usize, Quantity)> = None;
    for (offer, (row, &(first, last))) in stage.offers.iter().zip(spans).enumerate() {
        let Some(curve) = Curve::new(&row.terms, first.get()..=last.get()) else { continue };
        let parts = |terms: &mut dyn Iterator<Item = (usize, i128)>| -> i128 {
            terms.map(|(column, each)| values[column].parts() * each).sum()
        };
        let units = parts(&mut stated.packs[offer].iter().map(|&(column, pack)| (column, i128::from(pack))));
        let charged = parts(&mut stated.paid[offer].iter().map(|&(column, each)| (column, i128::from(each))));
        let had = |units: i128| u64::try_from(units.max(0)).unwrap_or(0).min(curve.most());
        let (below, above) = (had(units.div_euclid(Hint::ONE)), had(-(-units).div_euclid(Hint::ONE)));
        let lacking = curve.cheapest(above).1[0] * Hint::ONE - charged;
        let most = curve.last_allowed(below.min(last.get().saturating_sub(1))).map(Quantity::new);
        let Some(most) = most.filter(|most| lacking > 0 && first <= *most && *most < last) else { continue };
        if worst.is_none_or(|(other, ..)| lacking > other) {
            worst = Some((lacking, offer, most));
        }
    }
    worst.map(|(_, offer, most)| (offer, most))
}

/// Of each case its weight as a small integer, and in the unit of duals; none if all are zero.
fn weights(stage: &Stage<'_>, stated: &Stated, duals: &[Hint]) -> Option<Vec<(u64, i128)>> {
    if stage.aim == Aim::ExpectedCost {
        return Some(stage.cases.iter().map(|case| (case.weight, i128::from(case.weight) * Hint::ONE)).collect());
    }
    // A dual is what the regret rises by where a case may come to more.
    let parts: Vec<u64> =
        stated.regrets.iter().map(|&row| u64::try_from(-duals[row].parts()).unwrap_or(0).min(WEIGHT_MAX)).collect();
    let divisor = parts.iter().copied().fold(0, divisor);
    (divisor > 0).then(|| parts.iter().map(|&part| (part / divisor, part.into())).collect())
}

/// What a unit of an offer had before saves by the rows of some facts, in the unit of duals.
fn worth(stated: &Stated, rows: std::ops::Range<usize>, offer: usize, duals: &[Hint]) -> i128 {
    let Some(&(column, pack)) = stated.packs[offer].first() else { return 0 };
    let in_row = |row: usize| {
        let terms = stated.program.rows[row].terms.iter();
        let coefficient: i128 = terms.filter(|&&(other, _)| other == column).map(|&(_, each)| i128::from(each)).sum();
        coefficient * duals[row].parts()
    };
    rows.map(in_row).sum::<i128>() / i128::from(pack)
}

/// States a decision with quantities in spans; with a penalty, what cannot be bought later can at that price.
fn state(decision: &Decision<'_>, spans: &StageSpans, penalty: Option<i64>) -> Result<Stated, SolveError> {
    let stage = decision.stage;
    let mut stated = Stated::default();
    for (offer, &(first, last)) in stage.offers.iter().zip(spans) {
        let range: RangeInclusive<u64> = first.get()..=last.get();
        let (mut packs, mut paid) = (Vec::new(), Vec::new());
        let program = &mut stated.program;
        for (count, is_taken, slope, base) in add_stretches(program, &offer.id, &offer.terms, &range, &mut packs) {
            paid.push((count, slope * signed(offer.terms.pack)));
            paid.extend(is_taken.map(|is_taken| (is_taken, base)));
        }
        if packs.is_empty() {
            // What a unit is worth is asked even if none may be had.
            let name = format!("no packs of {}", offer.id);
            packs.push((program.add_column(Column { name, lower: 0, upper: 0, is_declared: true }), 1));
        }
        stated.packs.push(packs);
        stated.paid.push(paid);
    }
    let mut copies = Vec::new();
    let mut arcs = 0;
    for copy in &decision.copies {
        let statement = Statement::with_market(copy.estate, copy.market, weights_of(copy.market))?;
        arcs += statement.graph.arcs.len();
        if arcs > ARCS_MAX {
            let what = format!("a plan for all scenarios together has more than {ARCS_MAX} arcs");
            return Err(SolveError::Limit { what });
        }
        let relaxation = Relaxation::new(&statement);
        stated.spend = statement.problem.order.spend();
        let first = stated.program.rows.len();
        let mut levels = add_copy(&mut stated, stage, copy, &relaxation, penalty);
        stated.rows.push(first..stated.program.rows.len());
        levels.truncate(stated.spend + 1);
        copies.push((levels, worst(&statement)[stated.spend]));
    }
    add_objectives(&mut stated, decision, &copies, penalty)?;
    Ok(stated)
}

/// States the facts of some cases; what their levels come to.
fn add_copy(
    stated: &mut Stated,
    stage: &Stage<'_>,
    copy: &Copy<'_>,
    relaxation: &Relaxation<'_, '_>,
    penalty: Option<i64>,
) -> Vec<Vec<(usize, i64)>> {
    let mut shared: Packs = Table::filled(Vec::new(), copy.market.offers.len());
    for &(offer, position) in copy.offers {
        shared[offer].clone_from(&stated.packs[position]);
    }
    let program = &mut stated.program;
    let mut own = state_in(program, relaxation, &shared);
    for &(offer, position) in copy.offers {
        let later = &own.packs[offer];
        let terms: Vec<(usize, u64)> = later.iter().chain(&shared[offer]).copied().collect();
        let terms = terms.into_iter().map(|(column, pack)| (column, signed(Quantity::new(pack)))).collect();
        let row = &stage.offers[position];
        let most = Some(signed(row.terms.most));
        program.add_row(Row { name: format!("all of {}", row.id), terms, lower: None, upper: most });
        for &(column, _) in later.iter().filter(|_| row.true_up.is_none()) {
            match penalty {
                Some(penalty) => own.levels[stated.spend].push((column, penalty)),
                None => program.columns[column].upper = 0,
            }
        }
    }
    own.levels
}

/// The levels of some facts, and what spend comes to where the program costs nothing.
type CopyLevels = (Vec<Vec<(usize, i64)>>, i128);

/// States what is unmet over all cases, what is to be least, and what comes after it.
fn add_objectives(
    stated: &mut Stated,
    decision: &Decision<'_>,
    copies: &[CopyLevels],
    penalty: Option<i64>,
) -> Result<(), SolveError> {
    let stage = decision.stage;
    let mut cases: Vec<Vec<(usize, i64)>> = Vec::new();
    let mut rest: Vec<i64> = Vec::new();
    for (copies_of, case) in decision.cases.iter().zip(stage.cases) {
        let own = copies_of.iter().flat_map(|&copy| copies[copy].0[stated.spend].iter().copied());
        cases.push(own.chain(stated.paid.iter().flatten().copied()).collect());
        let worst: i128 = copies_of.iter().map(|&copy| copies[copy].1).sum();
        rest.push(i64::try_from(case.optimum - worst).map_err(|_| too_much())?);
    }
    let amounts = cases.iter().flatten().map(|&(_, each)| each).chain(rest.iter().copied());
    let divisor = amounts.map(i64::unsigned_abs).fold(0, divisor).max(1);
    stated.divisor = i64::try_from(divisor).map_err(|_| too_much())?;
    cases.iter_mut().flatten().for_each(|(_, each)| *each /= stated.divisor);
    let mut expected: Vec<(usize, i64)> = Vec::new();
    for (terms, case) in cases.iter().zip(stage.cases) {
        let weight = i64::try_from(case.weight).map_err(|_| too_much())?;
        for &(column, each) in terms {
            expected.push((column, each.checked_mul(weight).ok_or_else(too_much)?));
        }
    }
    let unmet = |level: usize| copies.iter().flat_map(move |(levels, _)| levels[level].iter().copied());
    let mut levels: Vec<Vec<(usize, i64)>> = (0..stated.spend).map(|level| summed(unmet(level))).collect();
    if stage.aim == Aim::WorstRegret {
        let regret = add_regret(stated, stage, penalty);
        for (index, (terms, rest)) in cases.into_iter().zip(rest).enumerate() {
            let (terms, upper) = (summed(terms.into_iter().chain([(regret, -1)])), Some(rest / stated.divisor));
            let row = Row { name: format!("regret {index}"), terms, lower: None, upper };
            stated.regrets.push(stated.program.add_row(row));
        }
        levels.push(vec![(regret, 1)]);
    }
    levels.push(summed(expected.into_iter()));
    let units = stated.packs.iter().flatten();
    levels.push(units.map(|&(column, pack)| (column, signed(Quantity::new(pack)))).collect());
    let named = |(level, terms): (usize, Vec<(usize, i64)>)| Objective { name: format!("level {}", level + 1), terms };
    stated.program.objectives = levels.into_iter().enumerate().map(named).collect();
    Ok(())
}

/// Adds the column of the worst regret.
///
/// With the most of all offers no case comes to more than what these cost beyond its optimum, if none needs what is not
/// there; and none comes to less than nothing.
fn add_regret(stated: &mut Stated, stage: &Stage<'_>, penalty: Option<i64>) -> usize {
    let all: i128 = stage.offers.iter().map(|offer| offer.terms.cost(offer.terms.most)).sum();
    let units: i128 = stage.offers.iter().map(|offer| i128::from(offer.terms.most.get())).sum();
    let optimum = stage.cases.iter().map(|case| case.optimum).max().unwrap_or(0);
    let within =
        |amount: i128| i64::try_from((amount / i128::from(stated.divisor) + 1).min(REGRET_MAX)).expect("it is bounded");
    let (lower, upper) = (-within(optimum), within(all + units * i128::from(penalty.unwrap_or(0))));
    stated.program.add_column(Column { name: "worst regret".to_owned(), lower, upper, is_declared: false })
}

/// Each column once, with the sum of what it stands with.
fn summed(terms: impl Iterator<Item = (usize, i64)>) -> Vec<(usize, i64)> {
    let mut sums: std::collections::BTreeMap<usize, i64> = std::collections::BTreeMap::new();
    for (column, each) in terms {
        *sums.entry(column).or_default() += each;
    }
    sums.into_iter().filter(|&(_, each)| each != 0).collect()
}

fn signed(units: Quantity) -> i64 {
    i64::try_from(units.get()).expect("quantities fit their limit")
}

fn too_much() -> SolveError {
    SolveError::Limit { what: "the amounts of a plan for all scenarios together are too large".to_owned() }
}

/// The greatest common divisor; the other one if one is zero.
const fn divisor(mut one: u64, mut other: u64) -> u64 {
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}
