//! The pivot loop, and what goes before and after it.

use super::arcs::Arcs;
use super::cost::Cost;
use super::network::{Network, RangeError};
use super::order::Order;
use super::pricing::{Entering, Pricing};
use super::start;
use super::tree::{ARTIFICIAL, Leaving, NONE, Swap, Tree};

/// Where the method begins.
#[derive(Clone, Copy, Debug)]
pub struct Start<C> {
    /// What an artificial arc costs: more than any simple path or cycle, as
    /// [`artificial_cost`](super::artificial_cost) gives it. Artificial arcs carry supplies for
    /// which the first tree has no arc; in an optimal flow they carry nothing.
    pub artificial: C,
    /// A node of the network to grow the first tree from. Where a node has an arc from or to the
    /// hub that can carry its whole supply, that arc is used and no artificial one.
    pub hub: Option<usize>,
}

/// What became of a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<C> {
    /// A cheapest flow, with its proof.
    Optimal(Solution<C>),
    /// No flow meets all supplies within the capacities.
    Infeasible,
    /// Some flow does, and a cycle of unbounded arcs costs less than nothing.
    Unbounded,
}

/// A cheapest flow, and potentials that prove it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solution<C> {
    /// Units per arc.
    pub flow: Vec<i64>,
    /// Potential per node: cost + potential(tail) − potential(head) is at least zero on every arc
    /// with room and at most zero on every arc with flow. The hub has potential zero; without a hub
    /// the artificial root has.
    pub potential: Vec<C>,
    /// How many arcs entered.
    pub pivots: u64,
}

/// Finds a cheapest flow of `network`.
///
/// The same input gives the same output. Supplies that do not sum to zero are infeasible.
///
/// # Errors
///
/// [`RangeError::Supply`] if all sources (or all sinks) together reach `i64::MAX` units, and
/// [`RangeError::Flow`] if a bounded problem has so much flow on an arc without bound.
///
/// # Panics
///
/// If `start` names a hub that is no node.
pub fn solve<C: Cost>(network: &Network<C>, start: Start<C>) -> Result<Outcome<C>, RangeError> {
    Workspace::new().solve(network, start)
}

/// The memory of a solve, to be used again for the next: worth it where problems are small and many.
#[derive(Debug)]
pub struct Workspace<C> {
    /// For costs that fit into half a machine word, which doubles what stays in cache.
    half: Simplex<i32>,
    /// For costs that fit into a machine word.
    word: Simplex<i64>,
    /// For all others.
    full: Simplex<C>,
}

impl<C: Cost> Default for Workspace<C> {
    fn default() -> Self {
        Self::new()
    }
}

impl<C: Cost> Workspace<C> {
    /// A workspace without memory yet.
    #[must_use]
    pub fn new() -> Self {
        Self { half: Simplex::new(), word: Simplex::new(), full: Simplex::new() }
    }

    /// As the free function [`solve`].
    ///
    /// # Errors
    ///
    /// As [`solve`].
    ///
    /// # Panics
    ///
    /// As [`solve`].
    pub fn solve(&mut self, network: &Network<C>, start: Start<C>) -> Result<Outcome<C>, RangeError> {
        assert!(start.hub.is_none_or(|hub| hub < network.node_count()), "the hub is a node of the network");
        if !supplies_balance(network)? {
            return Ok(Outcome::Infeasible);
        }
        // Reduced costs stay within eight times the artificial cost, see `artificial_cost`.
        match start.artificial.to_word() {
            Some(word) if word < i64::from(i32::MAX / 8) => {
                let half = |cost: C| cost.to_word().and_then(|cost| i32::try_from(cost).ok());
                let narrow = |cost| half(cost).expect("no cost exceeds the artificial cost");
                self.half.solve(network, start, narrow, |cost| C::from_word(cost.into()))
            }
            Some(word) if word < i64::MAX / 8 => {
                let narrow = |cost: C| cost.to_word().expect("no cost exceeds the artificial cost");
                self.word.solve(network, start, narrow, C::from_word)
            }
            _ => self.full.solve(network, start, |cost| cost, |cost| cost),
        }
    }
}

/// The state of the method, with costs computed in the word `W`.
#[derive(Debug)]
struct Simplex<W> {
    arcs: Arcs<W>,
    tree: Tree<W>,
}

impl<W: Cost> Simplex<W> {
    fn new() -> Self {
        Self { arcs: Arcs::new(), tree: Tree::new() }
    }

    /// Solves `network` with its costs turned into words by `narrow` and potentials back by `widen`.
    fn solve<C: Cost>(
        &mut self,
        network: &Network<C>,
        start: Start<C>,
        narrow: impl Fn(C) -> W,
        widen: impl Fn(W) -> C,
    ) -> Result<Outcome<C>, RangeError> {
        self.arcs.load(network, &narrow);
        let root = start::plant(&mut self.tree, &self.arcs, network, narrow(start.artificial), start.hub);
        let pivots = self.run();
        if self.has_artificial_flow() {
            return Ok(Outcome::Infeasible);
        }
        let flow = self.flow(network);
        if let Some(arc) = (0..flow.len()).find(|&arc| flow[arc] == i64::MAX && network.capacity(arc).is_none()) {
            let falls = self.unbounded_arcs_hold_a_negative_cycle(network, start.artificial, narrow);
            return if falls { Ok(Outcome::Unbounded) } else { Err(RangeError::Flow { arc }) };
        }
        let at_root = self.tree.potential[root];
        let nodes = &self.tree.potential[..network.node_count()];
        let potential = nodes.iter().map(|cost| widen(cost.wrapping_difference(at_root))).collect();
        Ok(Outcome::Optimal(Solution { flow, potential, pivots }))
    }

    /// Pivots until no arc is worth entering, and returns how many did.
    fn run(&mut self) -> u64 {
        let Self { arcs, tree } = self;
        let mut pricing = Pricing::new(arcs.len(), tree.artificial_count());
        let mut order = Order::new(tree.place.len());
        let mut pivots = 0;
        while let Some(Entering { slot, reduced_cost }) = pricing.next(arcs, &tree.potential) {
            pivots += 1;
            let cycle = tree.cycle(arcs.tail[slot] as usize, arcs.head[slot] as usize);
            let (leaving, units) = cycle.last_blocking(arcs.capacity[slot]);
            if units > 0 {
                tree.push(&cycle, units);
            }
            let Leaving::Tree(leaving) = leaving else {
                arcs.reverse(slot);
                continue;
            };
            let swap = Swap::new(&cycle, leaving, slot, arcs.capacity[slot] - units, units);
            let gone = tree.place[swap.cut];
            if gone.arc != ARTIFICIAL {
                // It is stored in the direction in which it still has room.
                let tail = if gone.down == 0 { swap.cut } else { gone.parent as usize };
                arcs.point_from(gone.arc as usize, tail);
            }
            tree.swap(&swap, cycle.apex);
            // Brings the reduced cost of the arc that entered to zero.
            let change = if swap.inner == cycle.tail { -reduced_cost } else { reduced_cost };
            pricing.note_moved(tree.reprice(swap.inner, change));
            order.renew(pivots, tree, arcs);
        }
        order.restore(tree, arcs);
        pivots
    }

    /// Whether an artificial arc carries flow, in the direction it has.
    fn has_artificial_flow(&self) -> bool {
        self.tree.place.iter().any(|place| place.arc == ARTIFICIAL && place.up.min(place.down) > 0)
    }

    /// The flow of the current tree, per arc of `network`.
    fn flow<C: Cost>(&self, network: &Network<C>) -> Vec<i64> {
        let mut flow = vec![0; network.arc_count()];
        for (arc, units) in flow.iter_mut().enumerate() {
            if network.tail(arc) == network.head(arc) && network.cost(arc) < C::ZERO {
                *units = network.capacity(arc).unwrap_or(i64::MAX);
            }
        }
        let arcs = &self.arcs;
        for (slot, &arc) in arcs.origin.iter().enumerate() {
            let arc = arc as usize;
            if arcs.tail[slot] as usize != network.tail(arc) {
                flow[arc] = arcs.capacity[slot];
            }
        }
        for (node, place) in self.tree.place.iter().enumerate() {
            if place.arc != ARTIFICIAL && place.arc != NONE {
                let arc = arcs.origin[place.arc as usize] as usize;
                // What an arc carries is what could be sent back over it.
                flow[arc] = if network.tail(arc) == node { place.down } else { place.up };
            }
        }
        flow
    }

    /// Whether some cycle of unbounded arcs of `network` costs less than nothing: whether one unit
    /// per arc and no supply at all can be made to.
    fn unbounded_arcs_hold_a_negative_cycle<C: Cost>(
        &mut self,
        network: &Network<C>,
        artificial: C,
        narrow: impl Fn(C) -> W,
    ) -> bool {
        let mut units = Network::new(network.node_count());
        for arc in (0..network.arc_count()).filter(|&arc| network.capacity(arc).is_none()) {
            units.add_arc(network.tail(arc), network.head(arc), Some(1), network.cost(arc));
        }
        self.arcs.load(&units, &narrow);
        start::plant(&mut self.tree, &self.arcs, &units, narrow(artificial), None);
        self.run();
        self.flow(&units).iter().any(|&units| units > 0)
    }
}

/// Whether the supplies sum to zero.
fn supplies_balance<C: Cost>(network: &Network<C>) -> Result<bool, RangeError> {
    let (mut sources, mut sinks) = (0_i64, 0_i64);
    for node in 0..network.node_count() {
        let supply = network.supply(node);
        let side = if supply > 0 { &mut sources } else { &mut sinks };
        // The last value of the range stands for no bound.
        let sum = side.checked_add(supply).filter(|&sum| sum != i64::MAX && sum > -i64::MAX);
        *side = sum.ok_or(RangeError::Supply { node })?;
    }
    Ok(sources + sinks == 0)
}
