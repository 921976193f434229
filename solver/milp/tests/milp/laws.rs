//! HiGHS against brute force, bounds against the truth, files against their programs.

use crate::drawn::{least, points, program};
use crate::ffi;
use milp::{Column, Limits, Objective, Outcome, Program, Row, Stop, exact_bound, highs, minimize, relax, write_mps};

fn solve(program: &Program) -> Outcome {
    minimize(program, None, Limits::default(), &highs).unwrap_or_else(|fault| panic!("{fault}"))
}

#[test]
fn costs_agree_with_brute_force_at_every_level() {
    let mut none = 0;
    for seed in 0..400 {
        let program = program(seed);
        let Outcome { stop, answer } = solve(&program);
        match least(&program) {
            Some(expected) => {
                let answer = answer.unwrap_or_else(|| panic!("seed {seed}: {stop:?}"));
                assert_eq!((stop, &answer.costs), (Stop::Finished, &expected), "seed {seed}");
                assert_eq!(answer.claimed_levels, expected.len(), "seed {seed}");
            }
            None => {
                assert_eq!((stop, answer), (Stop::Infeasible, None), "seed {seed}");
                none += 1;
            }
        }
    }
    assert!(none > 10, "some drawn programs have no point");
}

#[test]
fn a_known_point_changes_no_cost() {
    for seed in 1_000..1_100 {
        let program = program(seed);
        let Some(start) = points(&program).into_iter().next() else { continue };
        let outcome = minimize(&program, Some(&start), Limits::default(), &highs).unwrap();
        assert_eq!(outcome.answer.unwrap().costs, least(&program).unwrap(), "seed {seed}");
    }
}

#[test]
fn exact_bounds_are_never_above_the_truth_and_mostly_meet_it() {
    let (mut tried, mut met) = (0, 0);
    for seed in 2_000..2_400 {
        let program = program(seed);
        let Some(expected) = least(&program) else { continue };
        for level in 0..expected.len() {
            let held = &expected[..level];
            let relaxed = relax(&program, level, held, Limits::default(), &highs).unwrap().expect("it has an optimum");
            let bound = exact_bound(&program, level, held, &relaxed.duals).expect("the sums are small");
            assert!(bound <= expected[level], "seed {seed}, level {level}");
            tried += 1;
            met += u32::from(bound == expected[level]);
        }
    }
    assert!(met * 2 > tried, "{met} of {tried} bounds meet the truth");
}

#[test]
fn files_say_what_programs_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("program.mps");
    for seed in 3_000..3_100 {
        let program = program(seed);
        let expected = least(&program);
        let levels = expected.as_ref().map_or(1, Vec::len);
        for level in 0..levels {
            let held = expected.as_ref().map_or(&[][..], |costs| &costs[..level]);
            std::fs::write(&path, write_mps(&program, level, held).unwrap()).unwrap();
            let read = ffi::least_of_file(&path);
            let expected = expected.as_ref().map(|costs| i64::try_from(costs[level]).unwrap());
            let whole = |cost: f64| cost.round().to_string().parse::<i64>().unwrap();
            assert_eq!(read.map(whole), expected, "seed {seed}, level {level}");
        }
    }
}

/// Three of four equal columns are to be picked, whatever one; the relaxation is fractional.
fn knapsack() -> Program {
    let mut program = Program::default();
    for index in 0..4 {
        program.add_column(Column { name: format!("item {index}"), lower: 0, upper: 1, is_declared: false });
    }
    let terms = |coefficients: [i64; 4]| coefficients.into_iter().enumerate().collect::<Vec<_>>();
    program.add_row(Row { name: "weight".into(), terms: terms([2; 4]), lower: Some(5), upper: None });
    program.objectives.push(Objective { name: "price".into(), terms: terms([7, 7, 7, 9]) });
    program
}

#[test]
fn columns_that_do_not_come_out_whole_are_declared() {
    assert_eq!(solve(&knapsack()).answer.unwrap().costs, [21]);
}

#[test]
fn threads_may_solve_side_by_side_and_all_say_the_same() {
    let points = |offset: u64| {
        let point = |seed| solve(&program(seed + offset)).answer.map(|answer| answer.point);
        (5_000..5_040).map(point).collect::<Vec<_>>()
    };
    let alone = points(0);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| points(0))).collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), alone);
        }
    });
}

#[test]
fn a_limit_on_work_is_no_answer_and_no_error() {
    let mut program = program(1);
    for column in &mut program.columns {
        column.is_declared = true;
    }
    let limits = Limits { nodes_max: 0, iterations_max: 0, ..Limits::default() };
    let outcome = minimize(&program, None, limits, &highs).unwrap();
    assert!(outcome.answer.is_none_or(|answer| milp::test_point(&program, &answer.point).is_ok()));
}

#[test]
fn numbers_that_no_float_holds_are_refused() {
    let mut program = knapsack();
    program.columns[0].upper = (1 << 53) + 1;
    let fault = minimize(&program, None, Limits::default(), &highs).unwrap_err();
    assert!(fault.to_string().contains("item 0"), "{fault}");
}
