//! The statement of a minimum-cost flow problem: nodes with supplies, arcs with capacities and costs.

use std::fmt;

use super::cost::Cost;
use super::tree::word;

/// Stands for a capacity without bound, which no caller can state as a number.
const UNBOUNDED: i64 = -1;

/// A directed network: find the cheapest flow that meets every supply and keeps every capacity.
///
/// Nodes are `0..node_count`, arcs are numbered in the order they were added. Parallel arcs and
/// self-loops are allowed, costs may be negative, flows are integers from 0 to the capacity.
#[derive(Clone, Debug)]
pub struct Network<C> {
    supply: Vec<i64>,
    tail: Vec<u32>,
    head: Vec<u32>,
    capacity: Vec<i64>,
    cost: Vec<C>,
}

impl<C: Cost> Network<C> {
    /// The most nodes, and the most arcs, a network can hold: indices are 32-bit words and the
    /// largest few are spoken for.
    pub const LIMIT: usize = (u32::MAX - 8) as usize;

    /// A network of `node_count` nodes without supply and without arcs.
    #[must_use]
    pub fn new(node_count: usize) -> Self {
        assert!(node_count <= Self::LIMIT, "a network has at most {} nodes", Self::LIMIT);
        Self { supply: vec![0; node_count], tail: vec![], head: vec![], capacity: vec![], cost: vec![] }
    }

    /// Reserves room for `additional` arcs.
    pub fn reserve(&mut self, additional: usize) {
        self.tail.reserve(additional);
        self.head.reserve(additional);
        self.capacity.reserve(additional);
        self.cost.reserve(additional);
    }

    /// States that `node` sends out `supply` units more than it takes in: positive at a source,
    /// negative at a sink.
    pub fn set_supply(&mut self, node: usize, supply: i64) {
        self.supply[node] = supply;
    }

    /// Gives `node` the supply that balances all others.
    ///
    /// # Errors
    ///
    /// [`RangeError::Supply`] if that is no `i64`.
    pub fn balance(&mut self, node: usize) -> Result<(), RangeError> {
        self.supply[node] = 0;
        let others: i128 = self.supply.iter().copied().map(i128::from).sum();
        self.supply[node] = i64::try_from(-others).map_err(|_| RangeError::Supply { node })?;
        Ok(())
    }

    /// Adds an arc and returns its index; a capacity of `None` is without bound.
    ///
    /// # Panics
    ///
    /// If the capacity is negative, an end is no node, or there are [`Network::LIMIT`] arcs.
    pub fn add_arc(&mut self, tail: usize, head: usize, capacity: Option<i64>, cost: C) -> usize {
        let nodes = self.supply.len();
        assert!(tail < nodes && head < nodes, "an arc joins two of the {nodes} nodes, not {tail} and {head}");
        assert!(capacity.is_none_or(|units| units >= 0), "a capacity is not negative");
        let arc = self.tail.len();
        assert!(arc < Self::LIMIT, "a network has at most {} arcs", Self::LIMIT);
        self.tail.push(word(tail));
        self.head.push(word(head));
        self.capacity.push(capacity.unwrap_or(UNBOUNDED));
        self.cost.push(cost);
        arc
    }

    /// The number of nodes.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.supply.len()
    }

    /// The number of arcs.
    #[must_use]
    pub fn arc_count(&self) -> usize {
        self.tail.len()
    }

    /// What `node` sends out beyond what it takes in.
    #[must_use]
    pub fn supply(&self, node: usize) -> i64 {
        self.supply[node]
    }

    /// The node that `arc` leaves.
    #[must_use]
    pub fn tail(&self, arc: usize) -> usize {
        self.tail[arc] as usize
    }

    /// The node that `arc` enters.
    #[must_use]
    pub fn head(&self, arc: usize) -> usize {
        self.head[arc] as usize
    }

    /// The most units `arc` carries, or `None` if there is no bound.
    #[must_use]
    pub fn capacity(&self, arc: usize) -> Option<i64> {
        let units = self.capacity[arc];
        (units != UNBOUNDED).then_some(units)
    }

    /// What one unit on `arc` costs.
    #[must_use]
    pub fn cost(&self, arc: usize) -> C {
        self.cost[arc]
    }

    /// The same network with the cost `cost(arc)` on every arc.
    #[must_use]
    pub fn with_costs<D: Cost>(&self, cost: impl Fn(usize) -> D) -> Network<D> {
        Network {
            supply: self.supply.clone(),
            tail: self.tail.clone(),
            head: self.head.clone(),
            capacity: self.capacity.clone(),
            cost: (0..self.arc_count()).map(cost).collect(),
        }
    }

    /// What `flow`, one entry per arc, costs; `None` out of range.
    #[must_use]
    pub fn total_cost(&self, flow: &[i64]) -> Option<C::Total> {
        self.cost.iter().zip(flow).try_fold(C::NOTHING, |total, (cost, &units)| cost.charge(units, total))
    }
}

/// A quantity that leaves the range the solver computes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RangeError {
    /// Up to and including this node, the positive (or negative) supplies sum to `i64::MAX` or more.
    Supply {
        /// The node, counted from 0.
        node: usize,
    },
    /// The cheapest flow on this unbounded arc is `i64::MAX` or more.
    Flow {
        /// The arc, counted from 0.
        arc: usize,
    },
    /// Costs along a path leave the range of the cost type.
    Cost,
    /// The total cost of the optimal flow leaves the range of `i128`.
    Total,
}

impl fmt::Display for RangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Supply { node } => {
                write!(f, "supplies up to node `{node}` (counted from 0) sum to `{}` or more units", i64::MAX)
            }
            Self::Flow { arc } => {
                write!(f, "the cheapest flow on unbounded arc `{arc}` (counted from 0) is `{}` or more units", i64::MAX)
            }
            Self::Cost => write!(f, "costs along a path are too large to be added up"),
            Self::Total => write!(f, "the total cost is too large to be added up"),
        }
    }
}

impl std::error::Error for RangeError {}
