//! The network simplex beside cost scaling (`eo-mcf`), on the same instances in the same run.
//!
//! The two take turns, so that a busy machine slows both alike; the table has medians. A solve is
//! timed from the arcs in memory, in the order of the file, to the flow.

mod families;

use std::time::{Duration, Instant};

use families::Instance;
use solver::simplex::{Outcome, Start, artificial_cost, check, solve};

const ROUNDS: usize = 5;

fn main() {
    println!("{:<26} {:>9} {:>11} {:>11} {:>7}", "instance nodes/arcs", "pivots", "simplex s", "scaling s", "ratio");
    for instance in families::all() {
        compare(&instance);
    }
}

/// Prints one line of the table.
fn compare(Instance { name, network, hub }: &Instance) {
    let mut builder = eo_mcf::Problem::builder(network.node_count());
    for node in 0..network.node_count() {
        builder = builder.supply(node, network.supply(node));
    }
    for arc in 0..network.arc_count() {
        let capacity = network.capacity(arc).expect("the families have only bounded arcs");
        builder = builder.edge(network.tail(arc), network.head(arc), capacity, network.cost(arc));
    }
    let problem = builder.build().expect("the families are well formed");
    let (mut simplex, mut scaling) = (vec![], vec![]);
    let mut pivots = 0;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let artificial = artificial_cost(network).expect("small costs");
        let outcome = solve(network, Start { artificial, hub: *hub }).expect("small numbers");
        simplex.push(start.elapsed());

        let start = Instant::now();
        let peer = eo_mcf::solve(&problem).expect("the families are feasible");
        scaling.push(start.elapsed());

        let Outcome::Optimal(solution) = outcome else { panic!("{name} is feasible and bounded") };
        assert_eq!(check(network, &solution), Ok(peer.objective()), "both find the same cost");
        pivots = solution.pivots;
    }
    let (simplex, scaling) = (median(simplex), median(scaling));
    let ratio = scaling.as_nanos() * 100 / simplex.as_nanos().max(1);
    let ratio = format!("{}.{:02}", ratio / 100, ratio % 100);
    println!("{name:<26} {pivots:>9} {:>11} {:>11} {ratio:>7}", seconds(simplex), seconds(scaling));
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn seconds(time: Duration) -> String {
    format!("{}.{:06}", time.as_secs(), time.subsec_micros())
}
