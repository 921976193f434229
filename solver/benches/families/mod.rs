//! Families of minimum-cost flow instances, by size and seed.
//!
//! Three are shaped like the generators of the DIMACS challenge and one like a license position.
//! All arcs have a capacity, so that peers without unbounded arcs can solve them too.

use solver::simplex::Network;

/// An instance with what a solver may know about it.
pub(crate) struct Instance {
    /// Family and size.
    pub(crate) name: String,
    /// The problem.
    pub(crate) network: Network<i64>,
    /// The node from which everything can be left idle or uncovered, if the family has one.
    pub(crate) hub: Option<usize>,
}

/// The families in the sizes that are measured: a second or so each at most.
pub(crate) fn all() -> Vec<Instance> {
    vec![
        license(60, 1),
        license(1_000, 1),
        license(6_000, 1),
        netgen_like(4_096, 8, 1),
        netgen_like(16_384, 8, 1),
        goto_like(1_024, 1),
        goto_like(4_096, 1),
        grid(100, 1),
        grid(200, 1),
    ]
}

/// A stream of numbers that its seed determines: `SplitMix64` (Steele, Lea and Flood 2014).
pub(crate) struct Random(u64);

impl Random {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let wide = u128::from(mixed ^ (mixed >> 31)) * count as u128;
        usize::try_from(wide >> 64).expect("below `count`")
    }

    fn within(&mut self, least: i64, most: i64) -> i64 {
        least + i64::try_from(self.below(usize::try_from(most - least + 1).expect("least ≤ most"))).expect("small")
    }
}

fn add_supply(network: &mut Network<i64>, node: usize, units: i64) {
    network.set_supply(node, network.supply(node) + units);
}

/// As NETGEN draws them (Klingman, Napier and Stutz 1974): sources and sinks, √nodes of each, a
/// skeleton of chains that can carry everything, and random arcs up to `degree` per node.
pub(crate) fn netgen_like(nodes: usize, degree: usize, seed: u64) -> Instance {
    let random = &mut Random(seed);
    let mut network = Network::new(nodes);
    let ends = nodes.isqrt();
    let units_each = 1_000;
    for end in 0..ends {
        add_supply(&mut network, end, units_each);
        add_supply(&mut network, nodes - 1 - end, -units_each);
    }
    // Node by node onto the chain of a random source.
    let mut chain: Vec<usize> = (0..ends).collect();
    for node in ends..nodes - ends {
        let source = random.below(ends);
        network.add_arc(chain[source], node, Some(units_each), random.within(1, 10_000));
        chain[source] = node;
    }
    for (source, &last) in chain.iter().enumerate() {
        network.add_arc(last, nodes - 1 - source, Some(units_each), random.within(1, 10_000));
    }
    while network.arc_count() < nodes * degree {
        let (tail, head) = (random.below(nodes - ends), ends + random.below(nodes - ends));
        if tail != head {
            network.add_arc(tail, head, Some(random.within(1, 1_000)), random.within(1, 10_000));
        }
    }
    Instance { name: format!("netgen-like {nodes}/{}", network.arc_count()), network, hub: None }
}

/// As GOTO draws them (Goldberg and Kharitonov 1993): a grid on a torus, one source and one sink,
/// arcs of all lengths whose costs grow and whose capacities shrink with the distance.
pub(crate) fn goto_like(nodes: usize, seed: u64) -> Instance {
    let random = &mut Random(seed);
    let mut network = Network::new(nodes);
    let side = nodes.isqrt();
    for node in 0..nodes {
        for (step, bend) in [(1, 0), (side, 0), (side + 1, 7), (2 * side, 19), (3 * side + 1, 31), (nodes / 8, 97)] {
            let head = (node + step + if bend == 0 { 0 } else { random.below(bend) }) % nodes;
            let length = i64::try_from(step).expect("small");
            let capacity = 1 + random.within(1, 16_384) / (1 + length);
            network.add_arc(node, head, Some(capacity), random.within(1, 4_096) + 8 * length);
            if step <= side {
                network.add_arc(head, node, Some(capacity), random.within(1, 4_096) + 8 * length);
            }
        }
    }
    // A ring that makes it feasible, dear.
    let units = 20 * i64::try_from(side).expect("small");
    for node in 0..nodes {
        network.add_arc(node, (node + 1) % nodes, Some(units), 8_192);
    }
    add_supply(&mut network, 0, units);
    add_supply(&mut network, nodes / 2, -units);
    Instance { name: format!("goto-like {nodes}/{}", network.arc_count()), network, hub: None }
}

/// A square of `side` × `side` nodes, arcs both ways between neighbors, supplies at random, and a
/// node beyond the border that balances them.
pub(crate) fn grid(side: usize, seed: u64) -> Instance {
    let random = &mut Random(seed);
    let nodes = side * side;
    let mut network = Network::new(nodes + 1);
    for node in 0..nodes {
        if random.below(4) == 0 {
            add_supply(&mut network, node, random.within(-100, 100));
        }
        let right = (node % side + 1 < side).then_some(node + 1);
        let below = (node + side < nodes).then_some(node + side);
        for neighbor in right.into_iter().chain(below) {
            network.add_arc(node, neighbor, Some(random.within(50, 500)), random.within(1, 1_000));
            network.add_arc(neighbor, node, Some(random.within(50, 500)), random.within(1, 1_000));
        }
        if node % side == 0 {
            network.add_arc(node, nodes, Some(1_000_000), random.within(1, 100_000));
            network.add_arc(nodes, node, Some(1_000_000), random.within(1, 100_000));
        }
    }
    network.balance(nodes).expect("few units");
    Instance { name: format!("grid {}/{}", nodes + 1, network.arc_count()), network, hub: None }
}

/// License pools, the versions they cover, and demands, `titles` titles of them.
///
/// A pool covers the newest version it may run and those before it, newer licenses at a higher
/// preference cost; one pool in eight covers a second title. The hub takes what is idle and covers,
/// dearly, what nothing else does.
pub(crate) fn license(titles: usize, seed: u64) -> Instance {
    const VERSIONS: usize = 6;
    const POOLS: usize = 4;
    const DEMANDS: usize = 5;
    let random = &mut Random(seed);
    let hub = titles * (VERSIONS + POOLS + DEMANDS);
    let mut network = Network::new(hub + 1);
    let version = |title: usize, index: usize| title * VERSIONS + index;
    let all_units = 1_000_000_000;
    for title in 0..titles {
        for pool in 0..POOLS {
            let node = titles * VERSIONS + title * POOLS + pool;
            let units = random.within(1, 500);
            add_supply(&mut network, node, units);
            network.add_arc(node, hub, Some(all_units), 0);
            let other = (random.below(8) == 0).then(|| random.below(titles));
            for covered in [Some(title), other].into_iter().flatten() {
                let newest = random.below(VERSIONS);
                for index in 0..=newest {
                    let preference = i64::try_from(10 * newest + (newest - index)).expect("small");
                    network.add_arc(node, version(covered, index), Some(units), preference + random.within(0, 3));
                }
            }
        }
        for demand in 0..DEMANDS {
            let node = titles * (VERSIONS + POOLS) + title * DEMANDS + demand;
            let units = random.within(1, 400);
            add_supply(&mut network, node, -units);
            let newest = random.below(VERSIONS);
            for index in newest.saturating_sub(2)..=newest {
                network.add_arc(version(title, index), node, Some(units), random.within(0, 1));
            }
            network.add_arc(hub, node, Some(units), 1_000_000 + random.within(0, 50_000));
        }
        for index in 0..VERSIONS {
            network.add_arc(version(title, index), hub, Some(all_units), 0);
        }
    }
    network.balance(hub).expect("few units");
    Instance { name: format!("license {}/{}", hub + 1, network.arc_count()), network, hub: Some(hub) }
}
