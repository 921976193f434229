//! Whether a flow with its potentials is optimal: the definition, read aloud.

use std::fmt;

use super::cost::Cost;
use super::network::Network;
use super::solve::Solution;

/// The law that an alleged solution breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// There is not one flow per arc and one potential per node.
    Shape,
    /// The flow on this arc is negative or above the capacity.
    Bounds {
        /// The arc.
        arc: usize,
    },
    /// What leaves this node less what enters it is not its supply.
    Conservation {
        /// The node.
        node: usize,
    },
    /// This arc has negative reduced cost and room, or positive reduced cost and flow.
    ReducedCost {
        /// The arc.
        arc: usize,
    },
    /// The total cost is out of range.
    Total,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape => write!(f, "flows and potentials do not match the network in number"),
            Self::Bounds { arc } => write!(f, "the flow on arc `{arc}` is negative or above its capacity"),
            Self::Conservation { node } => write!(f, "the flow at node `{node}` does not meet its supply"),
            Self::ReducedCost { arc } => write!(f, "arc `{arc}` could still lower the cost"),
            Self::Total => write!(f, "the total cost is out of range"),
        }
    }
}

impl std::error::Error for Broken {}

/// Proves that `solution` is a cheapest flow of `network` and returns what it costs.
///
/// Linear-programming duality: a flow within its bounds that meets every supply is optimal if some
/// potentials give every arc with room a reduced cost, cost + potential(tail) − potential(head), of
/// zero or more, and every arc with flow one of zero or less. Shares nothing with the solver and
/// takes time linear in the network.
pub fn check<C: Cost>(network: &Network<C>, solution: &Solution<C>) -> Result<C::Total, Broken> {
    let Solution { flow, potential, .. } = solution;
    if flow.len() != network.arc_count() || potential.len() != network.node_count() {
        return Err(Broken::Shape);
    }
    let mut left: Vec<i128> = (0..network.node_count()).map(|node| network.supply(node).into()).collect();
    for (arc, &units) in flow.iter().enumerate() {
        let (tail, head) = (network.tail(arc), network.head(arc));
        let has_room = network.capacity(arc).is_none_or(|capacity| units < capacity);
        if units < 0 || (!has_room && network.capacity(arc) != Some(units)) {
            return Err(Broken::Bounds { arc });
        }
        left[tail] -= i128::from(units);
        left[head] += i128::from(units);
        let reduced_cost = network.cost(arc) + potential[tail] - potential[head];
        if (has_room && reduced_cost < C::ZERO) || (units > 0 && reduced_cost > C::ZERO) {
            return Err(Broken::ReducedCost { arc });
        }
    }
    match left.iter().position(|&units| units != 0) {
        Some(node) => Err(Broken::Conservation { node }),
        None => network.total_cost(flow).ok_or(Broken::Total),
    }
}
