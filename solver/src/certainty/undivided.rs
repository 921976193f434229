//! Without integer programs every component is a network.

use super::{LicenseUnits, Needed, Shortage, Uses};
use crate::component::{Components, Flows};
use crate::face::Face;
use crate::graph::{ArcIndex, Graph};
use crate::problem::Problem;
use std::collections::BTreeMap;

/// No component is other than a network.
pub(crate) struct Faces;

/// There are none.
pub(crate) enum BestFlows {}

#[expect(clippy::unused_self, reason = "as with integer programs")]
impl Faces {
    pub(crate) fn of(_: &Graph, _: &Components, flows: &Flows, _: &Face<'_>) -> Self {
        assert!(flows.divided.values().all(|divided| divided.prices.is_empty()), "a graph with bundles is refused");
        Self
    }

    pub(crate) fn is_empty(&self) -> bool {
        true
    }

    pub(crate) fn has(&self, _: ArcIndex) -> bool {
        false
    }

    pub(crate) fn split(&self, arcs: &[ArcIndex]) -> (Vec<ArcIndex>, BTreeMap<usize, Vec<ArcIndex>>) {
        (arcs.to_vec(), BTreeMap::new())
    }

    pub(crate) fn at(&self, _: usize) -> Option<&BestFlows> {
        None
    }
}

pub(super) fn shortage(
    _: &Graph,
    _: &mut Face<'_>,
    _: &Face<'_>,
    _: Option<&BestFlows>,
    _: &[ArcIndex],
) -> Option<Shortage> {
    None
}

pub(super) fn together(one: Option<Shortage>, other: Option<Shortage>) -> Option<Shortage> {
    Some(one?.max(other?))
}

pub(super) fn needed(_: &Problem<'_>, _: &Uses, _: &mut Face<'_>, _: &Faces, _: &LicenseUnits) -> Option<Needed> {
    None
}
