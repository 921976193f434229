//! The network simplex and the DIMACS reader, from outside.
//!
//! `LICIT_NETWORKS` sets how many random networks are compared with the peers.

mod agreement;
mod cases;
mod dimacs;
mod networks;
mod random;
mod reference;
