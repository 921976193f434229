//! Which arc enters next: block search, with blocks sized by what a pivot costs.
//!
//! Slots are scanned in blocks, round and round. The first block that holds an arc of negative
//! reduced cost gives its cheapest one. Small blocks make pivots many and cheap, large ones few and
//! dear; near the square root of the number of arcs is best over wide ranges (Király and Kovács 2012,
//! section 3.2). Where pivots only ever move a few nodes, as around a hub, scanning is nearly all
//! there is to save and blocks shrink, which is worth a factor of two to three there. The optimum is
//! reached when a whole round finds nothing.

use super::arcs::Arcs;
use super::cost::Cost;

/// Scanning fewer arcs than this costs less than the pivot that follows.
const LEAST_BLOCK: usize = 40;
/// How far blocks may shrink below the square root of the number of arcs.
const SHRINKING: usize = 8;
/// How many arcs to scan for each node that an average pivot moves. Measured: four times more or
/// less changes the time by less than it varies between families.
const ARCS_PER_NODE: usize = 32;
/// Over how many pivots the average runs, roughly.
const MEMORY: usize = 64;

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
    cursor: usize,
    block: usize,
    least_block: usize,
    most_block: usize,
    /// Pivots until the tree has a shape to learn from.
    unshaped: usize,
    /// The running average of nodes moved per pivot, times [`MEMORY`].
    moved: usize,
}

impl Pricing {
    /// A search over `arc_count` slots. The first `artificial_count` pivots take a star of artificial
    /// arcs apart; that they move little says nothing, and small blocks then would grow bad trees.
    pub(super) fn new(arc_count: usize, artificial_count: usize) -> Self {
        let root = arc_count.isqrt();
        let most_block = root.max(LEAST_BLOCK);
        let least_block = (root / SHRINKING).max(LEAST_BLOCK);
        Self {
            cursor: 0,
            block: most_block,
            least_block,
            most_block,
            unshaped: artificial_count,
            moved: most_block * MEMORY,
        }
    }

    /// Takes note that a pivot changed the potentials of `nodes`.
    pub(super) fn note_moved(&mut self, nodes: usize) {
        self.moved = self.moved - self.moved / MEMORY + nodes;
        if self.unshaped > 0 {
            self.unshaped -= 1;
        } else {
            self.block = (self.moved / MEMORY * ARCS_PER_NODE).clamp(self.least_block, self.most_block);
        }
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
        let reduced_cost = cost + potential[tail as usize].wrapping_difference(potential[head as usize]);
        if reduced_cost < least {
            least = reduced_cost;
            found = Some(start + offset);
        }
    }
    found.map(|slot| Entering { slot, reduced_cost: least })
}
