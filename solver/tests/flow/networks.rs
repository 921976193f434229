//! Random networks in families, each of which is hard in its own way.
//!
//! `network(seed)` draws the family as `seed % FAMILIES`, then sizes and numbers from the stream of
//! the seed. Nothing else enters, so a seed in a failure names its network.

use solver::simplex::Network;

use crate::random::Random;

/// How many families there are.
pub(crate) const FAMILIES: u64 = 10;

/// The name of the family that `seed` draws from.
pub(crate) fn family(seed: u64) -> &'static str {
    [
        "sparse, mixed signs",
        "parallel arcs and self-loops",
        "assignment, degenerate",
        "transport, many ties",
        "circulation, negative costs",
        "unbounded arcs",
        "long paths",
        "tight, often infeasible",
        "numbers at the limits of the range",
        "pools, versions and demands around a hub",
    ][usize::try_from(seed % FAMILIES).expect("few families")]
}

/// A network and, where it has one, its hub.
pub(crate) struct Drawn {
    pub(crate) network: Network<i64>,
    pub(crate) hub: Option<usize>,
}

/// The network of `seed`.
pub(crate) fn network(seed: u64) -> Drawn {
    let random = &mut Random::new(seed);
    let plain = |network| Drawn { network, hub: None };
    match seed % FAMILIES {
        0 => plain(sparse(random, &Ranges { nodes: 12, arcs: 40, units: 20, costs: (-10, 30) })),
        1 => plain(parallel(random)),
        2 => plain(assignment(random)),
        3 => plain(transport(random)),
        4 => plain(sparse(random, &Ranges { nodes: 15, arcs: 60, units: 0, costs: (-20, 20) })),
        5 => plain(unbounded(random)),
        6 => plain(paths(random)),
        7 => plain(sparse(random, &Ranges { nodes: 8, arcs: 14, units: 9, costs: (0, 9) })),
        8 => plain(at_the_limits(random)),
        _ => around_a_hub(random),
    }
}

/// The widest draws of [`sparse`].
struct Ranges {
    nodes: i64,
    arcs: i64,
    units: i64,
    costs: (i64, i64),
}

/// Moves up to `units` units of supply between random nodes, `times` times.
fn spread_supply(network: &mut Network<i64>, random: &mut Random, times: i64, units: i64) {
    for _ in 0..times {
        let (from, to) = (random.below(network.node_count()), random.below(network.node_count()));
        let moved = random.within(0, units);
        network.set_supply(from, network.supply(from) + moved);
        network.set_supply(to, network.supply(to) - moved);
    }
}

fn empty(random: &mut Random, nodes: i64) -> Network<i64> {
    Network::new(usize::try_from(random.within(1, nodes)).expect("positive"))
}

fn add_random_arcs(network: &mut Network<i64>, random: &mut Random, arcs: i64, capacity: i64, costs: (i64, i64)) {
    for _ in 0..random.within(0, arcs) {
        let (tail, head) = (random.below(network.node_count()), random.below(network.node_count()));
        let capacity = random.within(0, capacity);
        network.add_arc(tail, head, Some(capacity), random.within(costs.0, costs.1));
    }
}

fn sparse(random: &mut Random, ranges: &Ranges) -> Network<i64> {
    let mut network = empty(random, ranges.nodes);
    let times = random.within(1, 4);
    spread_supply(&mut network, random, times, ranges.units);
    add_random_arcs(&mut network, random, ranges.arcs, 15, ranges.costs);
    if random.one_in(40) {
        // Out of balance.
        network.set_supply(0, network.supply(0) + 1);
    }
    network
}

fn parallel(random: &mut Random) -> Network<i64> {
    let mut network = empty(random, 4);
    spread_supply(&mut network, random, 3, 10);
    add_random_arcs(&mut network, random, 40, 4, (-5, 8));
    network
}

fn assignment(random: &mut Random) -> Network<i64> {
    let side = 1 + random.below(7);
    let mut network = Network::new(2 * side);
    for left in 0..side {
        network.set_supply(left, 1);
        network.set_supply(side + left, -1);
        for right in 0..side {
            if !random.one_in(3) {
                network.add_arc(left, side + right, Some(1), random.within(0, 6));
            }
        }
    }
    network
}

fn transport(random: &mut Random) -> Network<i64> {
    let (sources, sinks) = (1 + random.below(5), 1 + random.below(5));
    let mut network = Network::new(sources + sinks);
    for _ in 0..8 {
        let (from, to) = (random.below(sources), sources + random.below(sinks));
        let units = random.within(0, 5);
        network.set_supply(from, network.supply(from) + units);
        network.set_supply(to, network.supply(to) - units);
    }
    for source in 0..sources {
        for sink in 0..sinks {
            let capacity = (!random.one_in(3)).then(|| random.within(0, 12));
            network.add_arc(source, sources + sink, capacity, random.within(0, 1));
        }
    }
    network
}

fn unbounded(random: &mut Random) -> Network<i64> {
    let mut network = empty(random, 9);
    let times = random.within(0, 3);
    spread_supply(&mut network, random, times, 20);
    let least = -random.within(0, 4);
    add_random_arcs(&mut network, random, 12, 15, (-10, 10));
    for _ in 0..random.within(0, 20) {
        let (tail, head) = (random.below(network.node_count()), random.below(network.node_count()));
        network.add_arc(tail, head, None, random.within(least, 20));
    }
    network
}

fn paths(random: &mut Random) -> Network<i64> {
    let length = 2 + random.below(40);
    let mut network = Network::new(length);
    let units = random.within(0, 9);
    network.set_supply(0, units);
    network.set_supply(length - 1, -units);
    for node in 1..length {
        network.add_arc(node - 1, node, Some(random.within(8, 12)), random.within(0, 9));
        network.add_arc(node, node - 1, Some(random.within(0, 12)), random.within(-2, 9));
        let back = random.below(node);
        network.add_arc(back, node, Some(random.within(0, 5)), random.within(0, 60));
    }
    network
}

/// Supplies, capacities and costs that nearly fill 64 bits, or half or twice of that.
fn at_the_limits(random: &mut Random) -> Network<i64> {
    let mut network = empty(random, 6);
    let nodes = network.node_count();
    let (from, to) = (random.below(nodes), random.below(nodes));
    if from != to {
        let units = i64::MAX - random.within(1, 3);
        network.set_supply(from, units);
        network.set_supply(to, -units);
    }
    let most = [i64::MAX, i64::MAX / 8, i64::MAX / 100, 1 << 28, 1 << 25][random.below(5)];
    for _ in 0..random.within(0, 20) {
        let (tail, head) = (random.below(nodes), random.below(nodes));
        let capacity = match random.within(0, 3) {
            0 => None,
            1 => Some(random.within(0, i64::MAX)),
            _ => Some(i64::MAX - random.within(0, 3)),
        };
        let least = if random.one_in(3) { -most } else { 0 };
        network.add_arc(tail, head, capacity, random.within(least, most));
    }
    network
}

fn around_a_hub(random: &mut Random) -> Drawn {
    let (pools, versions, demands) = (1 + random.below(6), 1 + random.below(4), 1 + random.below(6));
    let hub = pools + versions + demands;
    let mut network = Network::new(hub + 1);
    for pool in 0..pools {
        let units = random.within(0, 9);
        network.set_supply(pool, units);
        network.add_arc(pool, hub, (!random.one_in(2)).then_some(units + random.within(0, 3)), 0);
        for version in 0..versions {
            if random.one_in(2) {
                network.add_arc(pool, pools + version, (!random.one_in(3)).then_some(4), random.within(-3, 3));
            }
        }
    }
    for version in 0..versions {
        for demand in 0..demands {
            if random.one_in(2) {
                network.add_arc(pools + version, pools + versions + demand, None, random.within(0, 3));
            }
        }
    }
    for demand in pools + versions..hub {
        let units = random.within(0, 9);
        network.set_supply(demand, -units);
        network.add_arc(hub, demand, Some(units + random.within(-1, 2).max(-units)), random.within(5, 20));
    }
    network.balance(hub).expect("few units");
    Drawn { network, hub: Some(hub) }
}
