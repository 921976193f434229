//! Where an estate may be no network: one upgrade license over entitlements that differ, or one entitlement for several
//! installs.
//!
//! An upgrade whose units can run out, reached by entitlements that may be used in different places or at
//! different costs (of other licenses, or of more units that are transferred), puts two capacities into one path. Bounds by prices need not be exact there, and
//! sets of too few licenses for too much demand need not be all there is to a shortage. What is said
//! here errs on one side: all that is no network is found, and some networks with it. Time: linear in
//! the rights, times the places where licenses of one stack live.

use crate::facts::Facts;
use model::id::{ContractId, Id, ScopeId, SkuId, Table, VersionId};
use model::number::Quantity;
use std::collections::{BTreeMap, BTreeSet};

/// The versions whose demand rights connect with such an upgrade.
pub(crate) struct Mixed(Table<VersionId, bool>);

/// Where a lot lives.
type Site = (ScopeId, Option<ContractId>);

/// Unreserved entitlements with one topmost SKU.
#[derive(Clone, Default)]
struct Stack {
    /// Where the units live that they are made of.
    sites: BTreeSet<Site>,
    /// The fewest and the most units that one is made of.
    heights: Option<(usize, usize)>,
    /// At most so many; none if unlimited.
    units: Option<u128>,
}

impl Stack {
    /// Whether all may be used in the same places at the same costs.
    fn is_alike(&self, facts: &Facts<'_>) -> bool {
        let is_transferred = |&(scope, _): &Site| facts.estate.transfers.iter().any(|transfer| transfer.from == scope);
        self.sites.len() <= 1
            && (self.heights.is_none_or(|(fewest, most)| fewest == most) || !self.sites.iter().any(is_transferred))
    }
}

impl Mixed {
    pub(crate) fn of(facts: &Facts<'_>) -> Self {
        let estate = facts.estate;
        let mut stacks: Table<SkuId, Stack> = Table::filled(Stack::default(), estate.skus.len());
        let mut mixed: Vec<SkuId> = Vec::new();
        let lots = lots(facts);
        let mut in_order: Vec<SkuId> = estate.skus.ids().collect();
        in_order.sort_unstable_by_key(|&sku| facts.stacking_rank[sku]);
        for &id in &in_order {
            let below = below(facts, &stacks, id);
            let runs_out =
                |units: Option<u128>| units.is_some_and(|units| below.units.is_none_or(|below| units < below));
            if !below.is_alike(facts) && lots[id].values().any(|&units| runs_out(units)) {
                mixed.push(id);
            }
            stacks[id] = stacked(facts, &lots[id], estate.skus[id].is_upgrade().then_some(below));
        }
        // What one entitlement covers at once puts several ends to one path.
        mixed.extend(estate.skus.enumerate().filter(|(_, sku)| sku.covers_several()).map(|(id, _)| id));
        for (index, unit) in facts.reserved.iter().enumerate() {
            let sku = estate.licenses[unit.license].sku;
            let own = facts.reserved_of[&unit.target].iter().filter(|&&other| other != index);
            let own = own.filter(|&&other| {
                let other = estate.sku_of(facts.reserved[other].license);
                estate.skus[sku].may_upgrade(other.version)
            });
            let is_alike = own.count() == 0 && below(facts, &stacks, sku).is_alike(facts);
            if estate.skus[sku].is_upgrade() && !is_alike {
                mixed.push(sku);
            }
        }
        Self::connected_with(facts, &mixed)
    }

    fn connected_with(facts: &Facts<'_>, mixed: &[SkuId]) -> Self {
        let estate = facts.estate;
        let version_count = estate.versions.len();
        let mut parts = Parts((0..version_count).collect());
        for sku in &estate.skus {
            for &version in sku.may_cover.iter().chain(sku.upgrades.iter().flatten()) {
                parts.join(sku.version.index(), version.index());
            }
        }
        // What is set aside for a title may be of any of its versions.
        for row in &facts.title_assignments {
            let mut versions = model::id::ids_in(&estate.titles[row.title].versions);
            let first: VersionId = versions.next().expect("a title has at least one version");
            versions.for_each(|version: VersionId| parts.join(first.index(), version.index()));
        }
        let roots: BTreeSet<usize> = mixed.iter().map(|&sku| parts.root(estate.skus[sku].version.index())).collect();
        Self(Table::new((0..version_count).map(|version| roots.contains(&parts.root(version))).collect()))
    }

    /// Whether any part of the estate may be no network.
    pub(crate) fn is_anywhere(&self) -> bool {
        self.0.iter().any(|&is_mixed| is_mixed)
    }

    /// Whether demand for the version may lie in such a part.
    pub(crate) fn has(&self, version: VersionId) -> bool {
        self.0[version]
    }
}

/// By SKU: its usable unreserved units, by where they live; none if unlimited.
fn lots(facts: &Facts<'_>) -> Table<SkuId, BTreeMap<Site, Option<u128>>> {
    let estate = facts.estate;
    let mut lots = Table::filled(BTreeMap::new(), estate.skus.len());
    for (id, license) in estate.licenses.enumerate() {
        let lot = facts.lots[id];
        if lot.is_usable && lot.units != Some(Quantity::ZERO) {
            let sum = lots[license.sku].entry((license.scope, license.contract)).or_insert(Some(0));
            *sum = added(*sum, lot.units.map(|units| units.get().into()));
        }
    }
    lots
}

/// The unreserved entitlements that a unit of the SKU may stand on.
fn below(facts: &Facts<'_>, stacks: &Table<SkuId, Stack>, sku: SkuId) -> Stack {
    let mut all = Stack { units: Some(0), ..Stack::default() };
    let versions = facts.estate.skus[sku].upgrades.iter().flatten();
    for &below in versions.flat_map(|&version| &facts.skus_of[version]) {
        all.sites.extend(&stacks[below].sites);
        all.units = added(all.units, stacks[below].units);
        all.heights = match (all.heights, stacks[below].heights) {
            (Some((fewest, most)), Some((other_fewest, other_most))) => {
                Some((fewest.min(other_fewest), most.max(other_most)))
            }
            (one, other) => one.or(other),
        };
    }
    all
}

/// The entitlements that come of the lots of a SKU, standing on what is below if it is an upgrade.
fn stacked(facts: &Facts<'_>, lots: &BTreeMap<Site, Option<u128>>, below: Option<Stack>) -> Stack {
    let own = lots.values().copied().sum::<Option<u128>>();
    let mut stack = Stack { sites: lots.keys().copied().collect(), heights: Some((1, 1)), units: own };
    if let Some(below) = below {
        // Entitlements that differ each count as if the units of a lot were theirs alone.
        let reachable = below.units.map(|units| units * lots.len() as u128);
        let is_alike = below.is_alike(facts);
        stack.units = match (own.filter(|&own| is_alike || own == 0), reachable) {
            (Some(own), Some(reachable)) => Some(own.min(reachable)),
            (own, reachable) => own.or(reachable),
        };
        stack.heights = below.heights.map(|(fewest, most)| (fewest + 1, most + 1));
        stack.sites.extend(below.sites);
    }
    if stack.units == Some(0) { Stack { units: Some(0), ..Stack::default() } } else { stack }
}

/// The sum of units; unlimited if one is.
fn added(one: Option<u128>, other: Option<u128>) -> Option<u128> {
    one.zip(other).map(|(one, other)| one + other)
}

/// Disjoint sets.
struct Parts(Vec<usize>);

impl Parts {
    fn root(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.0[one.max(other)] = one.min(other);
    }
}
