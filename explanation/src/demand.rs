//! What is demanded where, read off a certified answer.

use checker::Certified;
use checker::allocation::{DemandKey, Destination};
use model::id::{ContractId, ScopeId, SkuId, VersionId};
use model::number::Quantity;
use std::collections::BTreeMap;

/// What an entitlement is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// To cover a version, or to be set aside for it.
    Cover(VersionId),
    /// To be what a unit of this upgrade stands on.
    Base(SkuId),
}

/// What is needed where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// What is needed.
    pub need: Need,
    /// Where.
    pub scope: ScopeId,
    /// Under which contract.
    pub contract: Option<ContractId>,
}

/// What of the demand at a spot has an entitlement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Served {
    /// Demand that has one.
    pub covered: Quantity,
    /// Demand that has none.
    pub uncovered: Quantity,
}

impl Spot {
    pub(crate) fn of(key: &DemandKey) -> Self {
        Self { need: Need::Cover(key.version), scope: key.scope, contract: key.contract }
    }
}

/// All demand for some versions, by spot.
pub(crate) fn demands(certified: &Certified<'_>, is_meant: impl Fn(VersionId) -> bool) -> BTreeMap<Spot, Served> {
    let mut spots: BTreeMap<Spot, Served> = BTreeMap::new();
    for row in &certified.allocation().rows {
        if let Destination::Demand(key) = &row.destination
            && is_meant(key.version)
        {
            spots.entry(Spot::of(key)).or_default().covered += row.quantity;
        }
    }
    for (key, quantity) in certified.figures().uncovered.iter().filter(|(key, _)| is_meant(key.version)) {
        spots.entry(Spot::of(key)).or_default().uncovered += *quantity;
    }
    spots
}
