//! Which arc enters next: block search.
//!
//! Slots are scanned in blocks, round and round. The first block that holds an arc of negative
//! reduced cost gives its cheapest one. Small blocks make pivots cheap and many, large ones dear and
//! few; near the square root of the number of arcs is best over wide ranges (Király and Kovács 2012,
//! section 3.2). The optimum is reached when a whole round finds nothing.

use super::arcs::Arcs;
use super::cost::Cost;

/// Scanning fewer arcs than this costs less than the pivot that follows.
const LEAST_BLOCK: usize = 20;

/// The arc that enters the tree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entering<C> {
    pub(super) slot: usize,
    /// Negative.
    pub(super) reduced_cost: C,
}

/// Where the search stands.
#[derive(Debug)]
pub(super) struct Pricing {
    block: usize,
    cursor: usize,
}

impl Pricing {
    pub(super) fn new(arc_count: usize) -> Self {
        Self { block: arc_count.isqrt().max(LEAST_BLOCK), cursor: 0 }
    }

    /// An arc of negative reduced cost, or `None` if there is none.
    pub(super) fn next<C: Cost>(&mut self, arcs: &Arcs<C>, potential: &[C]) -> Option<Entering<C>> {
        let count = arcs.len();
        let mut left = count;
        while left > 0 {
            if self.cursor == count {
                self.cursor = 0;
            }
            let end = (self.cursor + self.block.min(left)).min(count);
            left -= end - self.cursor;
            let best = cheapest(arcs, potential, self.cursor, end);
            self.cursor = end;
            if best.is_some() {
                return best;
            }
        }
        None
    }
}

/// The slot of least negative reduced cost in `start..end`; of equals the first, as the order of
/// slots is fixed.
#[inline]
fn cheapest<C: Cost>(arcs: &Arcs<C>, potential: &[C], start: usize, end: usize) -> Option<Entering<C>> {
    let ends = arcs.tail[start..end].iter().zip(&arcs.head[start..end]);
    let (mut least, mut found) = (C::ZERO, None);
    for (offset, ((&tail, &head), &cost)) in ends.zip(&arcs.cost[start..end]).enumerate() {
        let reduced_cost = cost + potential[tail as usize] - potential[head as usize];
        if reduced_cost < least {
            least = reduced_cost;
            found = Some(start + offset);
        }
    }
    found.map(|slot| Entering { slot, reduced_cost: least })
}
