//! The network simplex method: the cheapest flow in a network, with potentials that prove it.
//!
//! # Problem
//!
//! Nodes have supplies b (positive at sources, negative at sinks), arcs have capacities u and costs c
//! per unit. Find the integral flow x, 0 ≤ x ≤ u, that leaves every node by b more than it enters
//! and costs least. Potentials π prove a flow optimal if the reduced cost c + π(tail) − π(head) is
//! at least zero on every arc with room and at most zero on every arc with flow; [`check`] is that
//! sentence in code.
//!
//! # Method
//!
//! The primal method on strongly feasible spanning trees. Flow outside the tree is at zero or at
//! capacity, flow on the tree follows. While some arc outside has a reduced cost that makes it worth
//! changing, it enters: flow is pushed around the cycle it closes until the last blocking arc
//! leaves, and potentials of the part that moved follow.
//!
//! # What is guaranteed
//!
//! * Integers throughout; ranges are proved before the first pivot and violations are typed errors.
//! * The method ends (the last blocking arc leaves) and the same input gives the same output.
//! * Costs may be tuples compared level by level ([`Lexicographic`]); potentials then prove all levels.
//!
//! # Cost
//!
//! Memory is 28 bytes per arc and 48 per node beyond the network, with 64-bit costs, and for a moment
//! as much per node again. The number of
//! pivots has no polynomial bound for this rule, but grows like a small multiple of the number of
//! nodes on all families measured; one pivot takes O(√arcs + nodes) time.
//!
//! # Limits
//!
//! Fewer than 2^32 − 8 nodes and arcs. No lower bounds (move them into the supplies), no warm start.
//!
//! # Sources
//!
//! * W. H. Cunningham, A network simplex method, 1976: strongly feasible trees and their leaving arc.
//! * R. Ahuja, T. Magnanti, J. Orlin, Network Flows, 1993, chapter 11: the method and its labels.
//! * Z. Király and P. Kovács, Efficient implementations of minimum-cost flow algorithms, 2012, and
//!   P. Kovács, Minimum-cost flow algorithms: an experimental evaluation, 2015: block search.

mod arcs;
mod check;
mod cost;
mod network;
mod order;
mod pricing;
mod solve;
mod start;
mod tree;

pub use check::{Broken, check};
pub use cost::{Cost, Lexicographic, artificial_cost};
pub use network::{Network, RangeError};
pub use solve::{Outcome, Solution, Start, Workspace, solve};
