//! Without integer programs every component is a network.

use super::{Findings, Uses};
use crate::component::{Components, Divided, Flows};
use crate::graph::Graph;

pub(super) fn findings(_: &Graph, _: &Components, _: usize, _: &Flows, _: &Divided, _: &Uses) -> Findings {
    unreachable!("a graph with bundles is refused where it is built")
}
