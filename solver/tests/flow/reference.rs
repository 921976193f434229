//! The answer by another method: successive shortest paths, in 128 bits, a few lines and slow.

use solver::simplex::Network;

/// Status and cost, as any method must find them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Optimal(i128),
    Infeasible,
    Unbounded,
    /// The numbers, multiplied, leave 128 bits.
    OutOfRange,
}

/// An arc of the residual network; its opposite is the neighbor with the last bit flipped.
struct Residual {
    tail: usize,
    head: usize,
    room: i128,
    cost: i128,
}

/// Solves `network` by sending units along cheapest paths (Ahuja, Magnanti and Orlin 1993, section 9.7).
pub(crate) fn answer(network: &Network<i64>) -> Answer {
    let mut excess: Vec<i128> = (0..network.node_count()).map(|node| network.supply(node).into()).collect();
    if excess.iter().sum::<i128>() != 0 {
        return Answer::Infeasible;
    }
    // More than this no cheapest flow needs on any arc, unless there is none.
    let finite = (0..network.arc_count()).filter_map(|arc| network.capacity(arc)).map(i128::from);
    let bound = finite.sum::<i128>() + excess.iter().map(|units| units.abs()).sum::<i128>();
    let mut residual = vec![];
    for arc in 0..network.arc_count() {
        let (tail, head) = (network.tail(arc), network.head(arc));
        let (capacity, cost) = (network.capacity(arc).map_or(bound, i128::from), i128::from(network.cost(arc)));
        // Negative arcs start full, so that no negative arc has room.
        let units = if cost < 0 { capacity } else { 0 };
        excess[tail] -= units;
        excess[head] += units;
        residual.push(Residual { tail, head, room: capacity - units, cost });
        residual.push(Residual { tail: head, head: tail, room: units, cost: -cost });
    }
    if !settle(&mut excess, &mut residual) {
        return Answer::Infeasible;
    }
    if has_unbounded_negative_cycle(network) {
        return Answer::Unbounded;
    }
    let charges = residual.chunks(2).map(|pair| pair[1].room.checked_mul(pair[0].cost));
    charges
        .reduce(|sum, charge| sum?.checked_add(charge?))
        .unwrap_or(Some(0))
        .map_or(Answer::OutOfRange, Answer::Optimal)
}

/// Sends every excess to a deficit; false if one cannot get there.
fn settle(excess: &mut [i128], residual: &mut [Residual]) -> bool {
    while let Some(source) = excess.iter().position(|&units| units > 0) {
        let reached = cheapest_paths(source, excess.len(), residual);
        let sinks = (0..excess.len()).filter(|&node| excess[node] < 0 && reached[node].is_some());
        let Some(sink) = sinks.min_by_key(|&node| reached[node].map(|path| path.0)) else { return false };
        let (mut path, mut node) = (vec![], sink);
        while node != source {
            let last = reached[node].expect("reached").1;
            path.push(last);
            node = residual[last].tail;
        }
        let narrowest = path.iter().map(|&arc| residual[arc].room).min().expect("source and sink differ");
        let units = narrowest.min(excess[source]).min(-excess[sink]);
        for arc in path {
            residual[arc].room -= units;
            residual[arc ^ 1].room += units;
        }
        excess[source] -= units;
        excess[sink] += units;
    }
    true
}

/// For every node the cheapest cost from `source` and the last arc there (Bellman 1958).
fn cheapest_paths(source: usize, nodes: usize, residual: &[Residual]) -> Vec<Option<(i128, usize)>> {
    let mut reached = vec![None; nodes];
    reached[source] = Some((0, usize::MAX));
    let mut changed = true;
    while changed {
        changed = false;
        for (arc, Residual { tail, head, room, cost }) in residual.iter().enumerate() {
            let Some((so_far, _)) = reached[*tail].filter(|_| *room > 0) else { continue };
            if reached[*head].is_none_or(|(known, _)| so_far + cost < known) {
                reached[*head] = Some((so_far + cost, arc));
                changed = true;
            }
        }
    }
    reached
}

/// Whether the arcs without bound hold a cycle of negative cost.
fn has_unbounded_negative_cycle(network: &Network<i64>) -> bool {
    let mut cost = vec![0_i128; network.node_count()];
    let mut changed = false;
    for _ in 0..=network.node_count() {
        changed = false;
        for arc in (0..network.arc_count()).filter(|&arc| network.capacity(arc).is_none()) {
            let reached = cost[network.tail(arc)] + i128::from(network.cost(arc));
            if reached < cost[network.head(arc)] {
                cost[network.head(arc)] = reached;
                changed = true;
            }
        }
    }
    changed
}
