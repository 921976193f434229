//! The arcs as pricing sees them: residual, scattered, one comparison each.
//!
//! An arc outside the tree is kept in the direction in which it can still carry flow, with the cost
//! of that direction: one at its capacity is stored reversed with negated cost. So an arc is worth
//! entering exactly if its reduced cost is negative, whichever bound it is at. Arcs in the tree price
//! to zero and never enter. Arcs that can never help (no capacity, self-loops) are left out.
//!
//! Slots hold the arcs in strided order, 0, s, 2s, …, 1, s + 1, … with s near the square root of
//! their number. Generators and models write arcs of one kind or one node in a row; a block of
//! neighboring slots is a sample across all of them instead.

use super::cost::Cost;
use super::network::Network;
use super::tree::word;

/// The usable arcs of a network, by slot.
#[derive(Debug)]
pub(super) struct Arcs<C> {
    pub(super) tail: Vec<u32>,
    pub(super) head: Vec<u32>,
    pub(super) cost: Vec<C>,
    /// Units; an arc without bound has `i64::MAX`, which no flow of a bounded problem reaches.
    pub(super) capacity: Vec<i64>,
    /// The arc's index in the network.
    pub(super) origin: Vec<u32>,
}

impl<C: Cost> Arcs<C> {
    pub(super) fn new() -> Self {
        Self { tail: vec![], head: vec![], cost: vec![], capacity: vec![], origin: vec![] }
    }

    /// Replaces all arcs by those of `network`, with their costs as `convert` gives them.
    pub(super) fn load<W: Cost>(&mut self, network: &Network<W>, convert: impl Fn(W) -> C) {
        self.tail.clear();
        self.head.clear();
        self.cost.clear();
        self.capacity.clear();
        self.origin.clear();
        let count = network.arc_count();
        let stride = count.isqrt().max(1);
        for first in 0..stride {
            for arc in (first..count).step_by(stride) {
                let (tail, head) = (network.tail(arc), network.head(arc));
                let capacity = network.capacity(arc).unwrap_or(i64::MAX);
                if capacity > 0 && tail != head {
                    self.tail.push(word(tail));
                    self.head.push(word(head));
                    self.cost.push(convert(network.cost(arc)));
                    self.capacity.push(capacity);
                    self.origin.push(word(arc));
                }
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.tail.len()
    }

    /// Stores the arc in the other direction.
    #[inline]
    pub(super) fn reverse(&mut self, slot: usize) {
        std::mem::swap(&mut self.tail[slot], &mut self.head[slot]);
        self.cost[slot] = -self.cost[slot];
    }

    /// Stores the arc, which is full in the opposite direction, from `tail`.
    #[inline]
    pub(super) fn point_from(&mut self, slot: usize, tail: usize) {
        if self.tail[slot] as usize != tail {
            self.reverse(slot);
        }
    }
}
