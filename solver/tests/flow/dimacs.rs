//! Files in the DIMACS format: what they mean, and what is said of those that mean nothing.

use std::io::{self, BufReader, Read};

use solver::dimacs::{Fault, LINE_LIMIT, McfOutcome, McfSolution, ReadError, check_min, read, solve_min};
use solver::simplex::{Broken, RangeError};

fn optimum(text: &str) -> McfSolution {
    let instance = read(text.as_bytes()).expect("well formed");
    let McfOutcome::Optimal(solution) = solve_min(&instance).expect("in range") else { panic!("an optimum exists") };
    assert_eq!(check_min(&instance, &solution), Ok(solution.cost));
    solution
}

fn outcome(text: &str) -> McfOutcome {
    solve_min(&read(text.as_bytes()).expect("well formed")).expect("in range")
}

/// Line, column and message of what is wrong with `text`.
fn complaint(text: impl AsRef<[u8]>) -> String {
    read(text.as_ref()).expect_err("malformed").to_string()
}

#[test]
fn an_instance_is_solved_in_the_order_of_its_arcs() {
    let solution = optimum("c two ways\np min 3 3\nn 1 5\nn 3 -5\na 1 2 0 4 1\na 2 3 0 4 1\na 1 3 0 9 7\n");
    assert_eq!((solution.flow, solution.cost), (vec![4, 4, 1], 15));
}

#[test]
fn lower_bounds_are_met_and_paid_for() {
    let solution = optimum("p min 3 3\nn 1 5\nn 3 -5\na 1 2 0 4 1\na 2 3 0 4 1\na 1 3 2 9 7\n");
    assert_eq!((solution.flow, solution.cost), (vec![3, 3, 2], 20));
}

#[test]
fn a_negative_lower_bound_lets_flow_go_back() {
    let solution = optimum("p min 2 1\nn 1 -5\nn 2 5\na 1 2 -8 8 -3\n");
    assert_eq!((solution.flow, solution.cost), (vec![-5], 15));
}

#[test]
fn a_capacity_of_inf_or_below_zero_is_no_bound() {
    for capacity in ["inf", "-1", "-9223372036854775808"] {
        assert_eq!(optimum(&format!("p min 2 1\nn 1 9\nn 2 -9\na 1 2 0 {capacity} 2\n")).cost, 18);
    }
    assert_eq!(outcome("p min 2 2\na 1 2 0 inf -2\na 2 1 0 inf 1\n"), McfOutcome::Unbounded);
}

#[test]
fn a_lower_bound_needs_a_way_back() {
    assert_eq!(outcome("p min 2 1\na 1 2 1 4 0\n"), McfOutcome::Infeasible);
    assert_eq!(optimum("p min 2 2\na 1 2 1 4 0\na 2 1 0 4 5\n").cost, 5);
}

#[test]
fn costs_that_need_more_than_64_bits_are_added_up() {
    let solution = optimum("p min 2 1\nn 1 4000000000\nn 2 -4000000000\na 1 2 0 inf 9223372036854775807\n");
    assert_eq!(solution.cost, 4_000_000_000 * i128::from(i64::MAX));
}

#[test]
fn blank_lines_comments_signs_and_carriage_returns_are_read() {
    let text = b"\r\nc \xff\xfe\r\ncomment\r\n\tp  min 2 1 \r\nn 1 +3\r\nn 2 -3\r\na 1 2 0 5 -1";
    let instance = read(&text[..]).expect("well formed");
    let McfOutcome::Optimal(solution) = solve_min(&instance).expect("in range") else { panic!("feasible") };
    assert_eq!(solution.cost, -3);
}

#[test]
fn a_reader_that_gives_one_byte_at_a_time_reads_the_same() {
    let text = "p min 2 1\nn 1 3\nn 2 -3\na 1 2 0 5 11";
    let instance = read(BufReader::with_capacity(1, text.as_bytes())).expect("well formed");
    assert_eq!(solve_min(&instance).expect("in range"), outcome(text));
}

#[test]
fn nothing_flows_in_the_empty_problem() {
    assert_eq!(optimum("p min 0 0\n").cost, 0);
}

#[test]
fn a_missing_problem_line_is_named() {
    assert_eq!(complaint(""), "line 1, column 1: the problem line `p min NODES ARCS` is missing");
    assert_eq!(complaint("c\n\n"), "line 3, column 1: the problem line `p min NODES ARCS` is missing");
    assert_eq!(
        complaint("n 1 2\n"),
        "line 1, column 1: the problem line `p min NODES ARCS` comes before nodes and arcs"
    );
}

#[test]
fn a_second_problem_line_is_named_with_the_first() {
    assert_eq!(
        complaint("c\np min 1 0\np min 1 0\n"),
        "line 3, column 1: the problem line was line 2, there is only one"
    );
}

#[test]
fn a_problem_of_another_type_is_refused() {
    assert_eq!(complaint("p max 2 1\n"), "line 1, column 3: the problem type is `min`, not `max`");
    assert_eq!(complaint("p\n"), "line 1, column 2: the line ends where the problem type `min` should follow");
}

#[test]
fn wrong_words_are_shown_where_they_stand() {
    let arc = |arc: &str| complaint(format!("p min 2 1\n{arc}\n"));
    assert_eq!(arc("x 1"), "line 2, column 1: a line begins with `c`, `p`, `n` or `a`, not `x`");
    assert_eq!(arc("a 1 3 0 1 1"), "line 2, column 5: the head of an arc is from `1` to `2`, not `3`");
    assert_eq!(arc("a 0 1 0 1 1"), "line 2, column 3: the tail of an arc is from `1` to `2`, not `0`");
    assert_eq!(arc("a 1 2 0 1 1.5"), "line 2, column 11: a cost is an integer, not `1.5`");
    assert_eq!(arc("a 1 2 0 1"), "line 2, column 10: the line ends where a cost should follow");
    assert_eq!(arc("a 1 2 0 1 1 7"), "line 2, column 13: the line should end before `7`");
    assert_eq!(arc("a 1 2 - 1 1"), "line 2, column 7: a lower bound is an integer, not `-`");
    assert_eq!(
        arc("a 1 2 5 4 1"),
        "line 2, column 9: capacity `4` is below the lower bound `5`; `inf` is without bound"
    );
    assert_eq!(
        arc("a 1 2 0 1 9223372036854775808"),
        "line 2, column 11: a cost is from `-9223372036854775808` to `9223372036854775807`, not `9223372036854775808`"
    );
    assert_eq!(
        arc("a 1 2 -1 9223372036854775807 0"),
        "line 2, column 10: lower bound `-1` and capacity `9223372036854775807` lie more than `9223372036854775807` apart"
    );
}

#[test]
fn a_long_word_is_shown_in_part() {
    let message = complaint(format!("p min 2 1\na 1 2 0 {} 1\n", "é".repeat(500)));
    assert_eq!(message, format!("line 2, column 9: a capacity is an integer, not `{}…`", "é".repeat(20)));
}

#[test]
fn a_word_that_is_not_utf_8_is_refused() {
    assert_eq!(complaint(b"p min 2 1\nn 1 \xff\n"), "line 2, column 5: the word is not UTF-8");
}

#[test]
fn a_node_has_one_line() {
    assert_eq!(complaint("p min 2 0\nn 2 0\nn 2 0\n"), "line 3, column 3: node `2` already has a line");
}

#[test]
fn the_number_of_arcs_is_the_one_announced() {
    assert_eq!(
        complaint("p min 2 2\na 1 2 0 1 1\n"),
        "line 3, column 1: the problem line announces `2` arcs, the file has `1`"
    );
    assert_eq!(complaint("p min 2 0\na 1 2 0 1 1\n"), "line 2, column 1: the problem line announces only `0` arcs");
}

#[test]
fn a_header_that_announces_the_moon_is_refused_at_once() {
    assert_eq!(
        complaint("p min 2 1000000000000000000\n"),
        "line 1, column 9: the number of arcs is from `0` to `4294967287`, not `1000000000000000000`"
    );
    assert_eq!(
        complaint("p min 4000000000 1\n"),
        "line 1, column 7: the number of nodes is from `0` to `67108864`, not `4000000000`"
    );
    assert_eq!(
        complaint("p min 60000000 1\na 1 2 0 1 1\n"),
        "line 3, column 1: the problem line announces `60000000` nodes, only `1` lines are about nodes or arcs"
    );
}

#[test]
fn a_line_may_fill_its_limit_and_not_more() {
    let comment = |length: usize| format!("c{}\np min 0 0\n", " ".repeat(length - 2));
    assert!(read(comment(LINE_LIMIT).as_bytes()).is_ok());
    assert_eq!(complaint(comment(LINE_LIMIT + 1)), "line 1, column 1048576: the line is longer than 1048576 bytes");
}

#[test]
fn an_endless_line_is_given_up() {
    let error = read(BufReader::new(io::repeat(b' '))).expect_err("endless");
    assert!(matches!(error, ReadError::At { fault: Fault::LongLine, .. }));
}

#[test]
fn a_reader_that_fails_is_an_error_of_its_own() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("unplugged"))
        }
    }
    let error = read(BufReader::new(Broken)).expect_err("unplugged");
    assert!(matches!(&error, ReadError::Io(_)));
    assert_eq!(error.to_string(), "unplugged");
}

#[test]
fn lower_bounds_that_take_a_supply_out_of_range_are_refused() {
    assert_eq!(
        complaint("p min 2 2\na 1 2 9223372036854775807 inf 0\na 1 2 9223372036854775807 inf 0\n"),
        "line 4, column 1: the supply of node `1` less the lower bounds at it is out of range"
    );
}

#[test]
fn supplies_that_add_up_beyond_the_range_are_refused() {
    let half = "4611686018427387904";
    let text = format!("p min 3 0\nn 1 {half}\nn 2 {half}\nn 3 -{half}\n");
    assert_eq!(solve_min(&read(text.as_bytes()).expect("well formed")), Err(RangeError::Supply { node: 1 }));
}

#[test]
fn check_min_refuses_a_flow_below_a_lower_bound() {
    let instance = read(&b"p min 2 2\nn 1 3\nn 2 -3\na 1 2 1 5 1\na 1 2 0 5 1\n"[..]).expect("well formed");
    let McfOutcome::Optimal(mut solution) = solve_min(&instance).expect("in range") else { panic!("feasible") };
    solution.flow = vec![0, 3];
    assert_eq!(check_min(&instance, &solution), Err(Broken::Bounds { arc: 0 }));
}
