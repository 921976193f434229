//! How much one entitlement covers at once: its demand shares an asset or a user, by the metric of the topmost SKU.

use crate::allocation::{DemandKey, Shared};
use crate::violation::Law;
use model::estate::{Metric, Sku, Target};
use model::id::AssetId;
use model::number::Quantity;
use std::collections::BTreeSet;

/// What the demand that one entitlement covers has in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Extent {
    /// The asset.
    Device,
    /// The asset, or the user of what is on none: one install of each member of a suite.
    Suite,
    /// The user, on at most so many assets.
    User(Option<Quantity>),
}

impl Extent {
    /// None of a SKU whose entitlements cover one install each.
    pub(crate) fn of(sku: &Sku) -> Option<Self> {
        match sku.metric {
            Metric::Install => (sku.bundle.len() > 1).then_some(Self::Suite),
            Metric::Device => Some(Self::Device),
            Metric::User { max_devices } => Some(Self::User(max_devices)),
        }
    }

    /// What demand that is covered together with this has in common with it; none if it is covered alone.
    pub(crate) fn home(self, key: &DemandKey) -> Option<Target> {
        match self {
            Self::Device => key.asset.map(Target::Asset),
            Self::Suite => key.targets().next(),
            Self::User(_) => key.user.map(Target::User),
        }
    }
}

/// Why one entitlement with this SKU on top may not cover all of it at once, if so.
pub(crate) fn violation(sku: &Sku, shared: &Shared) -> Option<(Law, String)> {
    let refuse = |what: &str| Some((Law::Together, what.to_owned()));
    let covered = &shared.covered;
    let units: u128 = covered.iter().map(|(_, quantity)| u128::from(quantity.get())).sum();
    if !covered.is_sorted_by(|one, other| one.0 < other.0) || covered.iter().any(|(_, quantity)| quantity.is_zero()) {
        return refuse("what it covers is not in order");
    }
    if units < 2 || shared.quantity.is_zero() {
        return refuse("it covers less than two units");
    }
    let Some(extent) = Extent::of(sku) else { return refuse("its entitlements cover one unit each") };
    let home = |(key, _): &(DemandKey, Quantity)| extent.home(key);
    if home(&covered[0]).is_none() || covered.iter().any(|row| home(row) != home(&covered[0])) {
        return refuse("what it covers has no asset or user in common");
    }
    match extent {
        Extent::Device | Extent::User(None) => None,
        Extent::Suite => {
            let members: BTreeSet<_> = covered.iter().map(|(key, _)| sku.member_with(key.version)).collect();
            (members.len() as u128 != units)
                .then(|| (Law::Together, "it covers a member of the suite twice".to_owned()))
        }
        Extent::User(Some(most)) => {
            let assets: BTreeSet<AssetId> = covered.iter().filter_map(|(key, _)| key.asset).collect();
            // What is on no asset that is known may be on any: each unit on one of its own.
            let elsewhere = covered.iter().filter(|(key, _)| key.asset.is_none()).map(|&(_, quantity)| quantity);
            let devices = assets.len() as u128 + elsewhere.map(|units| u128::from(units.get())).sum::<u128>();
            (devices > u128::from(most.get()))
                .then(|| (Law::Together, format!("it covers {devices} devices of a user, at most {most} may be")))
        }
    }
}
