//! Networks by hand, one fact each.

use solver::simplex::{
    Broken, Lexicographic, Network, Outcome, RangeError, Solution, Start, artificial_cost, check, solve,
};

/// A network of `supplies.len()` nodes; arcs are (tail, head, capacity, cost).
fn network(supplies: &[i64], arcs: &[(usize, usize, Option<i64>, i64)]) -> Network<i64> {
    let mut network = Network::new(supplies.len());
    for (node, &supply) in supplies.iter().enumerate() {
        network.set_supply(node, supply);
    }
    for &(tail, head, capacity, cost) in arcs {
        network.add_arc(tail, head, capacity, cost);
    }
    network
}

fn outcome(network: &Network<i64>, hub: Option<usize>) -> Outcome<i64> {
    let start = Start { artificial: artificial_cost(network).expect("small costs"), hub };
    solve(network, start).expect("small numbers")
}

/// The optimum, certified.
fn optimum(network: &Network<i64>, hub: Option<usize>) -> (Solution<i64>, i128) {
    let Outcome::Optimal(solution) = outcome(network, hub) else { panic!("an optimum exists") };
    let cost = check(network, &solution).expect("an optimum is certified");
    (solution, cost)
}

#[test]
fn the_empty_network_costs_nothing() {
    assert_eq!(optimum(&network(&[], &[]), None).1, 0);
}

#[test]
fn nodes_without_arcs_and_supply_are_no_hindrance() {
    assert_eq!(optimum(&network(&[0, 0, 0], &[]), Some(1)).1, 0);
}

#[test]
fn parallel_arcs_fill_in_the_order_of_cost() {
    let arcs = [(0, 1, Some(3), 5), (0, 1, Some(2), 1), (0, 1, Some(9), 3)];
    let (solution, cost) = optimum(&network(&[6, -6], &arcs), None);
    assert_eq!((solution.flow, cost), (vec![0, 2, 4], 14));
}

#[test]
fn a_self_loop_of_negative_cost_is_filled() {
    let arcs = [(0, 0, Some(7), -2), (0, 0, Some(5), 2), (0, 0, None, 0)];
    let (solution, cost) = optimum(&network(&[0], &arcs), None);
    assert_eq!((solution.flow, cost), (vec![7, 0, 0], -14));
}

#[test]
fn an_unbounded_self_loop_of_negative_cost_is_unbounded() {
    assert_eq!(outcome(&network(&[0], &[(0, 0, None, -1)]), None), Outcome::Unbounded);
}

#[test]
fn an_arc_of_capacity_zero_carries_nothing() {
    let arcs = [(0, 1, Some(0), -9), (0, 1, Some(1), 4)];
    assert_eq!(optimum(&network(&[1, -1], &arcs), None).0.flow, [0, 1]);
}

#[test]
fn supply_that_cannot_leave_is_infeasible() {
    assert_eq!(outcome(&network(&[2, -2], &[(0, 1, Some(1), 0)]), None), Outcome::Infeasible);
    assert_eq!(outcome(&network(&[2, -2], &[(1, 0, None, 0)]), Some(0)), Outcome::Infeasible);
}

#[test]
fn supplies_out_of_balance_are_infeasible() {
    assert_eq!(outcome(&network(&[2, -1], &[(0, 1, None, 0)]), None), Outcome::Infeasible);
    assert_eq!(outcome(&network(&[2, -1], &[(0, 1, None, 0)]), Some(1)), Outcome::Infeasible);
}

#[test]
fn a_negative_cycle_without_bound_is_unbounded() {
    let arcs = [(0, 1, None, 1), (1, 2, None, 1), (2, 0, None, -3)];
    assert_eq!(outcome(&network(&[1, -1, 0], &arcs), None), Outcome::Unbounded);
}

#[test]
fn a_negative_cycle_with_one_bound_is_bounded() {
    let arcs = [(0, 1, None, 1), (1, 2, Some(4), 1), (2, 0, None, -3)];
    assert_eq!(optimum(&network(&[1, -1, 0], &arcs), None).1, -3);
}

#[test]
fn a_problem_both_infeasible_and_unbounded_is_infeasible() {
    let arcs = [(0, 1, None, 1), (1, 0, None, -3)];
    assert_eq!(outcome(&network(&[0, 0, 1, -1], &arcs), None), Outcome::Infeasible);
}

#[test]
fn unbounded_arcs_in_a_free_cycle_are_no_harm() {
    let arcs = [(0, 1, None, 1), (1, 0, None, -1)];
    assert_eq!(optimum(&network(&[5, -5], &arcs), None).1, 5);
}

#[test]
fn an_assignment_of_nothing_but_ties_ends() {
    const SIDE: usize = 30;
    let mut network = Network::new(2 * SIDE);
    for left in 0..SIDE {
        network.set_supply(left, 1);
        network.set_supply(SIDE + left, -1);
        for right in 0..SIDE {
            network.add_arc(left, SIDE + right, Some(1), i64::from((left + right) % 2 == 0));
        }
    }
    assert_eq!(optimum(&network, None).1, 0);
}

#[test]
fn the_hub_takes_what_is_idle_and_covers_what_is_not() {
    // Pool 0 of 5 units, demand 1 of 3 and demand 2 of 4 units, hub 3.
    let arcs = [(0, 3, None, 0), (0, 1, Some(9), 1), (0, 2, Some(9), 2), (3, 1, Some(3), 50), (3, 2, Some(4), 60)];
    let network = network(&[5, -3, -4, 2], &arcs);
    let (solution, cost) = optimum(&network, Some(3));
    assert_eq!((solution.flow, cost), (vec![0, 1, 4, 2, 0], 109));
    assert_eq!(solution.potential[3], 0);
    assert_eq!(optimum(&network, None).1, 109);
}

#[test]
fn a_network_whose_star_at_the_hub_is_optimal_takes_no_pivot() {
    let arcs = [(0, 2, Some(6), 1), (0, 2, Some(6), 0), (2, 1, Some(3), 7), (2, 1, Some(9), 7)];
    let (solution, _) = optimum(&network(&[5, -3, -2], &arcs), Some(2));
    assert_eq!((solution.flow, solution.pivots), (vec![0, 5, 3, 0], 0));
}

#[test]
fn balance_gives_a_node_what_the_others_lack() {
    let mut network = network(&[5, -3, 9], &[]);
    network.balance(2).expect("few units");
    assert_eq!(network.supply(2), -2);
}

#[test]
fn supplies_beyond_the_range_are_refused_with_the_node() {
    let network = network(&[i64::MAX - 1, 1, -i64::MAX], &[]);
    assert_eq!(solve(&network, Start { artificial: 1, hub: None }), Err(RangeError::Supply { node: 1 }));
}

#[test]
fn a_flow_beyond_the_range_is_refused_with_the_arc() {
    // Two full arcs meet in one without bound.
    let arcs = [(0, 1, Some(i64::MAX), -1), (0, 1, Some(i64::MAX), -1), (1, 0, None, 0)];
    let network = network(&[0, 0], &arcs);
    assert_eq!(solve(&network, Start { artificial: 9, hub: None }), Err(RangeError::Flow { arc: 2 }));
}

#[test]
fn the_largest_flow_in_range_is_found() {
    let most = i64::MAX - 1;
    let arcs = [(0, 1, None, 3), (0, 1, Some(most), 2)];
    let (solution, cost) = optimum(&network(&[most, -most], &arcs), None);
    assert_eq!((solution.flow, cost), (vec![0, most], 2 * i128::from(most)));
}

#[test]
fn costs_beyond_the_range_have_no_artificial_cost() {
    assert_eq!(artificial_cost(&network(&[0, 0], &[(0, 1, None, i64::MAX / 8)])), None);
    assert_eq!(artificial_cost(&network(&[0, 0], &[(0, 1, None, i64::MIN)])), None);
    let wide = network(&[0, 0], &[(0, 1, None, i64::MIN)]).with_costs(|_| i128::from(i64::MIN));
    assert_eq!(artificial_cost(&wide), Some((1 << 64) + 1));
}

#[test]
fn the_first_level_of_a_tuple_outweighs_the_others() {
    let costs = [Lexicographic([0, 1_000_000]), Lexicographic([1, -1_000_000])];
    let network = network(&[1, -1], &[(0, 1, None, 0), (0, 1, None, 0)]).with_costs(|arc| costs[arc]);
    let artificial = artificial_cost(&network).expect("small costs");
    let Ok(Outcome::Optimal(solution)) = solve(&network, Start { artificial, hub: None }) else { panic!("feasible") };
    assert_eq!(solution.flow, [1, 0]);
    assert_eq!(check(&network, &solution), Ok([0, 1_000_000]));
}

#[test]
fn check_refuses_every_tampering() {
    let arcs = [(0, 1, Some(2), 1), (0, 1, Some(9), 3)];
    let network = network(&[5, -5], &arcs);
    let (solution, _) = optimum(&network, None);
    let tampered = |change: fn(&mut Solution<i64>)| {
        let mut solution = solution.clone();
        change(&mut solution);
        check(&network, &solution).expect_err("tampered")
    };
    assert_eq!(tampered(|solution| solution.flow[0] = 3), Broken::Bounds { arc: 0 });
    assert_eq!(tampered(|solution| solution.flow[1] = -1), Broken::Bounds { arc: 1 });
    assert_eq!(tampered(|solution| solution.flow[1] = 4), Broken::Conservation { node: 0 });
    assert_eq!(tampered(|solution| solution.flow = vec![1, 4]), Broken::ReducedCost { arc: 0 });
    assert_eq!(tampered(|solution| solution.potential[1] += 1), Broken::ReducedCost { arc: 1 });
    assert_eq!(tampered(|solution| solution.potential = vec![]), Broken::Shape);
}
