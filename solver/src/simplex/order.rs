//! Puts nodes that are close in the tree close in memory.
//!
//! Where nodes are many, walking a subtree along the thread jumps through memory at random; with
//! nodes numbered in the order of the tree the same walk is nearly a scan. Trees change slowly, so
//! once in a while is enough, and costs little more than a pivot that moves a large subtree.

use super::arcs::Arcs;
use super::cost::Cost;
use super::tree::{NONE, Place, Tree, word};

/// Smaller networks stay in cache in whatever order.
const LEAST_NODES: usize = 50_000;

/// The numbers that nodes have at the moment.
#[derive(Debug)]
pub(super) struct Order {
    /// Pivots from one renewal to the next, as many as there are nodes, if these are worth it.
    interval: Option<u64>,
    /// By current number, the number in the network; empty as long as they are the same.
    given: Vec<u32>,
}

impl Order {
    /// The order of the network.
    pub(super) fn new(nodes: usize) -> Self {
        Self { interval: (nodes >= LEAST_NODES).then_some(nodes as u64), given: vec![] }
    }

    /// After so many `pivots`, numbers the nodes in preorder if that is due.
    pub(super) fn renew<C: Cost>(&mut self, pivots: u64, tree: &mut Tree<C>, arcs: &mut Arcs<C>) {
        if !self.interval.is_some_and(|interval| pivots.is_multiple_of(interval)) {
            return;
        }
        let count = tree.place.len();
        let root = tree.place.iter().position(|place| place.parent == NONE).expect("a tree has a root");
        let mut rank = vec![0; count];
        let mut node = root;
        for position in 0..count {
            rank[node] = word(position);
            node = tree.thread[node] as usize;
        }
        let given =
            if self.given.is_empty() { (0..count).map(word).collect() } else { std::mem::take(&mut self.given) };
        self.given = moved(&given, &rank);
        renumber(tree, arcs, &rank);
    }

    /// Gives all nodes the numbers that they have in the network.
    pub(super) fn restore<C: Cost>(&mut self, tree: &mut Tree<C>, arcs: &mut Arcs<C>) {
        if !self.given.is_empty() {
            renumber(tree, arcs, &std::mem::take(&mut self.given));
        }
    }
}

/// Changes the number of every node to its rank.
fn renumber<C: Cost>(tree: &mut Tree<C>, arcs: &mut Arcs<C>, rank: &[u32]) {
    let new = |node: u32| if node == NONE { NONE } else { rank[node as usize] };
    for place in &mut tree.place {
        *place = Place { parent: new(place.parent), last: new(place.last), ..*place };
    }
    for end in tree.thread.iter_mut().chain(&mut tree.back).chain(&mut arcs.tail).chain(&mut arcs.head) {
        *end = rank[*end as usize];
    }
    tree.place = moved(&tree.place, rank);
    tree.thread = moved(&tree.thread, rank);
    tree.back = moved(&tree.back, rank);
    tree.potential = moved(&tree.potential, rank);
}

/// What was at each index, at the rank of that index.
fn moved<T: Copy>(from: &[T], rank: &[u32]) -> Vec<T> {
    let mut to = from.to_vec();
    for (item, &rank) in from.iter().zip(rank) {
        to[rank as usize] = *item;
    }
    to
}
