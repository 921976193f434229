//! Engines that lie: nothing that is no point is accepted, and no word against a point that is known.

use crate::drawn::{Random, costs, least, points, program};
use milp::{Claim, Limits, Program, Question, Reply, Whole, exact_bound, minimize, relax, test_point};

/// Ways to lie.
const LIES: u64 = 8;

#[allow(clippy::cast_precision_loss)]
fn floats(point: &[i64]) -> Vec<f64> {
    point.iter().map(|&value| value as f64).collect()
}

/// What a liar says: a point of the box, or a good one, with something wrong.
fn lie(kind: u64, seed: u64, question: &Question<'_>) -> Reply {
    let program = question.program;
    let mut random = Random(seed ^ 0x5bd1);
    let all = points(program);
    let best = all.iter().min_by_key(|point| milp::cost_at(program, question.level, point)).cloned();
    let anywhere = |random: &mut Random| -> Vec<i64> {
        program.columns.iter().map(|column| random.between(column.lower, column.upper)).collect()
    };
    let mut values = floats(&best.unwrap_or_else(|| anywhere(&mut random)));
    let at = usize::try_from(random.next()).unwrap() % values.len();
    let mut claim = Claim::Optimal;
    match kind {
        // Suboptimal.
        0 if !all.is_empty() => values = floats(&all[usize::try_from(random.next()).unwrap() % all.len()]),
        // No point at all.
        1 => values = floats(&anywhere(&mut random)),
        // Off by little, which rounding mends.
        2 => values[at] += 1e-6,
        3 => values[at] = [f64::NAN, f64::INFINITY, -1e300][at % 3],
        // The wrong word for a good point.
        4 => claim = [Claim::Infeasible, Claim::Limit, Claim::Nothing("tired".into())][at % 3].clone(),
        5 => values.swap(at, 0),
        6 => return Reply { claim: Claim::Infeasible, values: None, duals: None },
        _ => values.truncate(at),
    }
    let duals = (question.whole == Whole::None).then(|| {
        let dual = |_| [0.5, -1.0, 1e9, f64::NAN, 3.0][usize::try_from(random.next() % 5).unwrap()];
        (0..program.rows.len() + question.held.len()).map(dual).collect()
    });
    Reply { claim, values: Some(values), duals }
}

/// Whether a lie passes for more than it is.
fn is_accepted(kind: u64, seed: u64, program: &Program) -> bool {
    let engine = |question: &Question<'_>| lie(kind, seed, question);
    let all = points(program);
    let start = all.first().filter(|_| seed.is_multiple_of(2));
    let Ok(outcome) = minimize(program, start.map(Vec::as_slice), Limits::default(), &engine) else { return false };
    if start.is_some() && outcome.answer.is_none() {
        return true;
    }
    let Some(answer) = outcome.answer else { return false };
    // What comes out keeps every rule, costs what it says, and is no worse than what was known.
    let is_wrong = test_point(program, &answer.point).is_err() || answer.costs != costs(program, &answer.point);
    is_wrong || start.is_some_and(|start| answer.claimed_levels > 0 && answer.costs[0] > costs(program, start)[0])
}

#[test]
fn no_lie_is_accepted() {
    let mut accepted = Vec::new();
    let mut tried = 0;
    for seed in 0..5_000 {
        let program = program(seed);
        let kind = seed % LIES;
        tried += 1;
        if is_accepted(kind, seed, &program) {
            accepted.push((seed, kind));
        }
    }
    println!("{tried} lies, {} accepted", accepted.len());
    assert!(accepted.is_empty(), "{accepted:?}");
}

#[test]
fn no_duals_prove_too_much() {
    for seed in 0..5_000 {
        let program = program(seed);
        let Some(least) = least(&program) else { continue };
        let engine = |question: &Question<'_>| lie(seed % 3, seed, question);
        if let Some(relaxed) = relax(&program, 0, &[], Limits::default(), &engine).unwrap()
            && let Some(bound) = exact_bound(&program, 0, &[], &relaxed.duals)
        {
            assert!(bound <= least[0], "seed {seed}: {bound} is above {}", least[0]);
        }
    }
}
