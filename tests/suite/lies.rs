//! Solvers of integer programs that lie: what comes out is right, or is told to be no more than it is.
//!
//! `LICIT_LIES` sets how many are tried.

use crate::agreement::{count, read};
use crate::statement;
use checker::evidence::Standing;
use model::estate::Estate;
use model::generate::{Draft, Shape, SplitMix64};
use solver::Statement;
use solver::milp::{Claim, Question, Reply, highs};
use std::sync::Mutex;

/// Ways to lie.
const LIES: [&str; 9] = [
    "honest",
    "suboptimal",
    "no point, called optimal",
    "off by 1e-6",
    "no number",
    "wrong status",
    "swapped columns",
    "false infeasibility",
    "duals out of the air",
];

/// What HiGHS says, with something wrong.
#[allow(clippy::float_arithmetic)]
fn lie(kind: usize, random: &mut SplitMix64, question: &Question<'_>) -> Reply {
    let mut reply = highs(question);
    let Some(values) = reply.values.as_mut().filter(|values| !values.is_empty()) else { return reply };
    let at = random.below(values.len());
    match kind {
        0 => {}
        1 => {
            // The worst there is, called the best.
            let mut program = question.program.clone();
            for level in &mut program.objectives {
                level.terms.iter_mut().for_each(|(_, cost)| *cost = -*cost);
            }
            reply.values = highs(&Question { program: &program, held: &[], ..*question }).values;
        }
        2 => values[at] += 1.0,
        3 => values[at] += 1e-6,
        4 => values[at] = *random.pick(&[f64::NAN, f64::INFINITY, -1e200]),
        5 => reply.claim = random.pick(&[Claim::Infeasible, Claim::Limit, Claim::Nothing("tired".into())]).clone(),
        6 => {
            let other = random.below(values.len());
            values.swap(at, other);
        }
        7 => reply = Reply { claim: Claim::Infeasible, values: None, duals: None },
        _ => {
            for dual in reply.duals.iter_mut().flatten() {
                *dual = *random.pick(&[0.0, -1.0, 0.5, 7.0, -1e6, f64::NAN, 1.0]);
            }
        }
    }
    reply
}

/// What a lie came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    /// It was found out, and there is no answer.
    Refused,
    /// It did no harm: the answer is the best, and proved to be.
    Harmless,
    /// The answer is told to be within a gap, and it is.
    WithinGap,
    /// The answer passes for more than it is.
    Accepted,
}

fn fate(estate: &Estate, kind: usize, seed: u64) -> Fate {
    let statement = Statement::new(estate).expect("integer programs are there");
    let random = Mutex::new(SplitMix64::new(seed));
    let engine = |question: &Question<'_>| lie(kind, &mut random.lock().expect("no lie panics"), question);
    let Ok(certified) = statement.solve_with(&engine).and_then(|solved| solved.certified()) else {
        return Fate::Refused;
    };
    let (found, best) = (certified.figures().objective, statement::optimum(estate));
    match (certified.standing(), certified.gaps().first()) {
        (Standing::Optimal, _) | (Standing::Proved, None) if found == best => Fate::Harmless,
        (Standing::Proved, Some(gap)) => {
            let level = gap.level.index();
            let is_so = found[..level] == best[..level] && gap.bound <= best[level] && best[level] <= found[level];
            if is_so { Fate::WithinGap } else { Fate::Accepted }
        }
        _ => Fate::Accepted,
    }
}

#[test]
fn no_lie_of_the_engine_is_accepted() {
    let wanted = usize::try_from(count("LICIT_LIES", 1_000)).expect("a count of cases");
    let mut fates = vec![[0_u32; 4]; LIES.len()];
    let mut accepted = Vec::new();
    let no_networks = (count("LICIT_SEED", 1)..).filter_map(|seed| {
        let estate = read(&Draft::generate(seed, &Shape::TINY));
        let is_network = Statement::new(&estate).is_ok_and(|statement| statement.is_network());
        (!is_network).then_some((seed, estate))
    });
    for (seed, estate) in no_networks.take(wanted.div_ceil(LIES.len())) {
        for (kind, name) in LIES.iter().enumerate() {
            let fate = fate(&estate, kind, seed);
            fates[kind][fate as usize] += 1;
            if fate == Fate::Accepted {
                accepted.push(format!("seed {seed}: {name}"));
            }
        }
    }
    for (name, [refused, harmless, within_gap, accepted]) in LIES.iter().zip(&fates) {
        println!("{name}: {refused} refused, {harmless} harmless, {within_gap} within a gap, {accepted} accepted");
    }
    assert!(accepted.is_empty(), "{accepted:?}");
    assert_eq!(fates[0][Fate::Refused as usize], 0, "an honest engine is not refused");
}
