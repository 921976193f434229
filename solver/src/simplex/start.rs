//! The first tree: a star around the root, strongly feasible.
//!
//! Every node hangs on the root by an arc that carries its whole supply. With a hub the root is a
//! node of the network and its own arcs serve where they can; otherwise, and for the other nodes, an
//! artificial arc is put in. Strongly feasible: an arc that carries nothing points to the root, and
//! one that carries flow to the root has room left.

use super::arcs::Arcs;
use super::cost::Cost;
use super::network::Network;
use super::tree::{ARTIFICIAL, NONE, Place, Tree, word};

/// Plants the star of `network`, whose arcs are loaded, and returns its root.
pub(super) fn plant<C: Cost, W: Cost>(
    tree: &mut Tree<C>,
    arcs: &Arcs<C>,
    network: &Network<W>,
    artificial: C,
    hub: Option<usize>,
) -> usize {
    let nodes = network.node_count();
    let root = hub.unwrap_or(nodes);
    let count = nodes.max(root + 1);
    bare_star(tree, count, root);
    if hub.is_some() {
        adopt_arcs_at_hub(tree, arcs, network, root);
    }
    for node in (0..nodes).filter(|&node| node != root) {
        let place = &mut tree.place[node];
        if place.arc != NONE {
            continue;
        }
        place.arc = ARTIFICIAL;
        let supply = network.supply(node);
        // Only one of the two arcs on a path over an artificial root need be dear. At a hub a
        // single artificial arc may join real ones, so both are.
        let toll = if hub.is_some() { artificial } else { C::ZERO };
        (place.up, place.down, tree.potential[node]) =
            if supply >= 0 { (i64::MAX - supply, supply, -toll) } else { (-supply, i64::MAX + supply, artificial) };
    }
    root
}

/// Links all nodes below `root`, in the order of their numbers, without arcs yet.
fn bare_star<C: Cost>(tree: &mut Tree<C>, count: usize, root: usize) {
    let leaf = Place { parent: word(root), arc: NONE, size: 1, last: 0, up: 0, down: 0 };
    tree.place.clear();
    tree.place.resize(count, leaf);
    for clear in [&mut tree.thread, &mut tree.back] {
        clear.clear();
        clear.resize(count, NONE);
    }
    tree.potential.clear();
    tree.potential.resize(count, C::ZERO);
    let mut before = root;
    for node in (0..count).filter(|&node| node != root) {
        tree.link(word(before), word(node));
        tree.place[node].last = word(node);
        before = node;
    }
    tree.link(word(before), word(root));
    tree.place[root] = Place { parent: NONE, arc: NONE, size: word(count), last: word(before), up: 0, down: 0 };
}

/// Hangs nodes on the hub by real arcs: by the cheapest that will do, of equals the first.
fn adopt_arcs_at_hub<C: Cost, W: Cost>(tree: &mut Tree<C>, arcs: &Arcs<C>, network: &Network<W>, hub: usize) {
    for slot in 0..arcs.len() {
        let (tail, head) = (arcs.tail[slot] as usize, arcs.head[slot] as usize);
        let capacity = arcs.capacity[slot];
        let (node, up, down, potential) = if head == hub {
            let supply = network.supply(tail);
            // Room must be left on the way to the root, hence strictly.
            if supply < 0 || supply >= capacity {
                continue;
            }
            (tail, capacity - supply, supply, -arcs.cost[slot])
        } else if tail == hub {
            // A demand, and one that is not nothing: the flow is what can go back to the root.
            let demand = match network.supply(head) {
                supply if supply < 0 => supply.unsigned_abs(),
                _ => continue,
            };
            match i64::try_from(demand) {
                Ok(demand) if demand <= capacity => (head, demand, capacity - demand, arcs.cost[slot]),
                _ => continue,
            }
        } else {
            continue;
        };
        let place = &mut tree.place[node];
        let chosen = place.arc;
        // Both candidates have one direction, so the potential tells the cost up to its sign.
        let cost = arcs.cost[slot];
        let better =
            chosen == NONE || (cost, arcs.origin[slot]) < (arcs.cost[chosen as usize], arcs.origin[chosen as usize]);
        if better {
            (place.arc, place.up, place.down) = (word(slot), up, down);
            tree.potential[node] = potential;
        }
    }
}
