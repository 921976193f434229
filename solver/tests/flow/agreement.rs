//! Random networks: the same status and cost as two other methods, and a proof for every optimum.

use std::collections::BTreeMap;
use std::env;

use solver::simplex::{
    Broken, Cost, Lexicographic, Network, Outcome, RangeError, Start, Workspace, artificial_cost, check, solve,
};

use crate::networks::{Drawn, FAMILIES, family, network};
use crate::random::Random;
use crate::reference::{self, Answer};

/// Of how many networks the tests compare the answers.
fn count() -> u64 {
    env::var("LICIT_NETWORKS").map_or(4000, |count| count.parse().expect("LICIT_NETWORKS is a number"))
}

/// What the network simplex finds, certified; `None` out of range.
fn answer<C: Cost<Total = i128>>(
    workspace: &mut Workspace<C>,
    network: &Network<C>,
    hub: Option<usize>,
) -> Option<Answer> {
    let artificial = artificial_cost(network)?;
    match workspace.solve(network, Start { artificial, hub }) {
        Ok(Outcome::Optimal(solution)) => {
            if let Some(hub) = hub {
                assert_eq!(solution.potential[hub], C::ZERO, "the hub has potential zero");
            }
            match check(network, &solution) {
                Err(Broken::Total) => None,
                total => Some(Answer::Optimal(total.expect("an optimum is certified"))),
            }
        }
        Ok(Outcome::Infeasible) => Some(Answer::Infeasible),
        Ok(Outcome::Unbounded) => Some(Answer::Unbounded),
        Err(RangeError::Flow { .. } | RangeError::Supply { .. }) => None,
        Err(error) => panic!("{error}"),
    }
}

/// What cost scaling finds, or `None` where that implementation leaves its range. It knows no
/// unbounded arcs: `bound`, which no cheapest flow exceeds, takes their place.
fn peer(network: &Network<i64>) -> Option<Answer> {
    let mut bound = 0_i64;
    for node in 0..network.node_count() {
        bound = bound.checked_add(network.supply(node).max(0))?;
    }
    for capacity in (0..network.arc_count()).filter_map(|arc| network.capacity(arc)) {
        bound = bound.checked_add(capacity)?;
    }
    let mut builder = eo_mcf::Problem::builder(network.node_count());
    for node in 0..network.node_count() {
        builder = builder.supply(node, network.supply(node));
    }
    for arc in 0..network.arc_count() {
        let capacity = network.capacity(arc).unwrap_or(bound);
        builder = builder.edge(network.tail(arc), network.head(arc), capacity, network.cost(arc));
    }
    match builder.build() {
        Err(eo_mcf::BuildError::UnbalancedSupply { .. }) => Some(Answer::Infeasible),
        Err(error) => panic!("{error}"),
        Ok(problem) => match eo_mcf::solve(&problem) {
            Ok(solution) => Some(Answer::Optimal(solution.objective())),
            Err(eo_mcf::SolveError::Infeasible { .. }) => Some(Answer::Infeasible),
            Err(eo_mcf::SolveError::Overflow(_)) => None,
            Err(error) => panic!("{error}"),
        },
    }
}

#[test]
fn random_networks_have_the_status_and_cost_that_other_methods_find() {
    let mut compared: BTreeMap<&str, u64> = BTreeMap::new();
    let mut words = Workspace::new();
    let mut wide_words = Workspace::new();
    for seed in 0..count() {
        let Drawn { network, hub } = network(seed);
        let expected = reference::answer(&network);
        let wide = network.with_costs(|arc| i128::from(network.cost(arc)));
        let found = answer(&mut wide_words, &wide, hub);
        let about = format!("seed {seed}, {}", family(seed));
        let Some(found) = found.filter(|_| expected != Answer::OutOfRange) else {
            assert_eq!(family(seed), "numbers at the limits of the range", "{about}");
            *compared.entry("refused: out of range").or_default() += 1;
            continue;
        };
        assert_eq!(found, expected, "{about}");
        if let Some(narrow) = answer(&mut words, &network, hub) {
            assert_eq!(narrow, expected, "{about}, in 64 bits");
            *compared.entry("also in 64 bits").or_default() += 1;
        }
        if expected != Answer::Unbounded
            && let Some(scaled) = peer(&network)
        {
            assert_eq!(found, scaled, "{about}, by cost scaling");
            *compared.entry("also by cost scaling").or_default() += 1;
        }
        let status = match expected {
            Answer::Optimal(_) => "optimal",
            Answer::Infeasible => "infeasible",
            Answer::Unbounded => "unbounded",
            Answer::OutOfRange => unreachable!("taken out above"),
        };
        *compared.entry(status).or_default() += 1;
    }
    println!("{compared:?}");
    assert!(count() < 100 * FAMILIES || compared.len() == 6, "every status occurs: {compared:?}");
}

#[test]
fn a_start_from_the_hub_and_an_artificial_one_agree() {
    let hubs = (0..count() / 4).map(|index| index * FAMILIES + FAMILIES - 1).map(network);
    for Drawn { network, hub } in hubs {
        let mut workspace = Workspace::new();
        assert!(hub.is_some(), "every network of the family has a hub");
        assert_eq!(answer(&mut workspace, &network, hub), answer(&mut workspace, &network, None));
    }
}

#[test]
fn any_node_may_be_the_hub() {
    for seed in 0..count() / 4 {
        let Drawn { network, .. } = network(seed);
        let mut workspace = Workspace::new();
        let node = Random::new(!seed).below(network.node_count());
        assert_eq!(answer(&mut workspace, &network, Some(node)), answer(&mut workspace, &network, None), "{seed}");
    }
}

#[test]
fn tuples_give_the_cost_that_they_give_packed_into_one_word() {
    let mut compared = 0;
    for seed in 0..count() {
        let Drawn { network, hub } = network(seed);
        if family(seed) == "numbers at the limits of the range" {
            continue;
        }
        let random = &mut Random::new(!seed);
        let costs: Vec<[i64; 3]> = (0..network.arc_count())
            .map(|arc| [random.within(0, 1), network.cost(arc), random.within(-9, 9)])
            .collect();
        let tuples = network.with_costs(|arc| Lexicographic(costs[arc]));
        let pack = |levels: [i128; 3]| (levels[0] << 80) + (levels[1] << 40) + levels[2];
        let packed = network.with_costs(|arc| pack(costs[arc].map(i128::from)));
        let start = Start { artificial: artificial_cost(&tuples).expect("small costs"), hub };
        let by_tuples = match solve(&tuples, start).expect("small numbers") {
            Outcome::Optimal(solution) => {
                compared += 1;
                Answer::Optimal(pack(check(&tuples, &solution).expect("an optimum is certified")))
            }
            Outcome::Infeasible => Answer::Infeasible,
            Outcome::Unbounded => Answer::Unbounded,
        };
        assert_eq!(Some(by_tuples), answer(&mut Workspace::new(), &packed, hub), "seed {seed}");
    }
    println!("{compared} optima of tuples compared");
}

#[test]
fn the_same_network_gives_the_same_solution_whatever_was_solved_before() {
    let mut used = Workspace::new();
    for seed in 0..count() / 10 {
        let Drawn { network, hub } = network(seed);
        let Some(artificial) = artificial_cost(&network) else { continue };
        let start = Start { artificial, hub };
        assert_eq!(used.solve(&network, start), solve(&network, start), "seed {seed}");
    }
}

#[test]
fn a_network_of_very_many_nodes_is_certified() {
    // So many that the nodes are numbered anew on the way.
    const SIDE: usize = 30_000;
    let random = &mut Random::new(1);
    let mut network = Network::new(2 * SIDE);
    for source in 0..SIDE {
        network.set_supply(source, 3);
        network.set_supply(SIDE + source, -3);
        for step in [0, 1, 2, 7] {
            let sink = SIDE + (source + step) % SIDE;
            network.add_arc(source, sink, Some(random.within(2, 9)), random.within(0, 99));
        }
        network.add_arc(source, SIDE + source, None, 1_000);
    }
    let found = answer(&mut Workspace::new(), &network, None);
    assert_eq!(found, answer(&mut Workspace::new(), &network, Some(0)));
    assert!(matches!(found, Some(Answer::Optimal(_))), "the arcs without bound make it feasible");
}
