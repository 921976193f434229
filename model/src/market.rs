//! What may be bought or done about an estate, and at what price.
//!
//! A market stands beside an estate whose licenses include a *lot* for each offer: the lot of an offer to buy
//! has the offer's id, the lot of an offer to renew is the license renewed, active again. The quantity of such
//! a lot in the estate is the most that may be had; a plan says how much of it is.
//!
//! Money is exact, every function is total over the ranges in [`crate::limits`], nothing is solved here.

use crate::define_ids;
use crate::estate::{Estate, Install, Target, TrackBy};
use crate::id::{LicenseId, Table, VersionId};
use crate::number::{Money, Quantity};
use jiff::ToSpan;
use std::collections::BTreeSet;

define_ids! {
    /// An offer, in the order of offer ids by bytes.
    OfferId,
}

/// Offers and actions, with what limits them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Market {
    /// What may be bought or renewed, by id.
    pub offers: Table<OfferId, Offer>,
    /// Whether the cost of the estate's transfers is part of what is spent, instead of a level of its own.
    pub transfers_are_paid: bool,
    /// Installs that may be uninstalled; sorted.
    pub reclaims: Vec<Reclaim>,
    /// Versions that may be replaced; sorted, no two from one version to the same other.
    pub reinstalls: Vec<Reinstall>,
    /// The most that may be paid.
    pub budget: Option<Money>,
    /// What an uncovered install costs, where shortage has a price instead of a level above spend.
    pub shortage_cost: Option<Money>,
    /// Assets and users with assignments that the estate does not show, as it is a part of another; sorted.
    pub assigned_elsewhere: Vec<Target>,
}

/// Units of one lot at a price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The id as written.
    pub id: String,
    /// The lot of the estate that the units belong to.
    pub lot: LicenseId,
    /// Whether the lot is a license that has ended and would be extended.
    pub is_renewal: bool,
    /// What units cost.
    pub terms: Terms,
}

/// What a quantity costs, and which quantities may be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Units come in multiples of it; at least 1.
    pub pack: Quantity,
    /// Nothing, or at least so many.
    pub least: Quantity,
    /// At most so many; the quantity of the lot in the estate.
    pub most: Quantity,
    /// Paid once if anything is had.
    pub fee: Money,
    /// Prices per unit, by the quantity from which they hold; never empty, the first from 1 on, ascending.
    pub tiers: Vec<Tier>,
    /// Which units have the price of a tier.
    pub tier_rule: TierRule,
}

/// The price of a unit from a quantity on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tier {
    /// The first unit of the tier, counted from 1.
    pub from: Quantity,
    /// Per unit.
    pub price: Money,
}

/// Which units have the price of a tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TierRule {
    /// Every unit has the price of the tier that is reached.
    AllUnits,
    /// Each unit has the price of its own tier.
    Incremental,
}

/// Installs of a version that nobody has used may be uninstalled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reclaim {
    /// What may be uninstalled.
    pub version: VersionId,
    /// Days for which nobody has used it.
    pub unused_days: u32,
    /// Per install.
    pub cost: Money,
}

/// An install of one version may be replaced by one of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reinstall {
    /// What is installed.
    pub from: VersionId,
    /// What is put in its place.
    pub to: VersionId,
    /// Per install.
    pub cost: Money,
}

impl Terms {
    /// Any quantity up to `most` at one price.
    #[must_use]
    pub fn plain(price: Money, most: Quantity) -> Self {
        Self {
            pack: Quantity::ONE,
            least: Quantity::ZERO,
            most,
            fee: Money::ZERO,
            tiers: vec![Tier { from: Quantity::ONE, price }],
            tier_rule: TierRule::Incremental,
        }
    }

    /// Whether so many units may be had.
    #[must_use]
    pub fn allows(&self, quantity: Quantity) -> bool {
        quantity.is_zero()
            || (self.least <= quantity && quantity <= self.most && quantity.get().is_multiple_of(self.pack.get()))
    }

    /// What so many units cost, in units of 10^-4; a quantity that is not allowed is priced all the same.
    #[must_use]
    pub fn cost(&self, quantity: Quantity) -> i128 {
        if quantity.is_zero() {
            return 0;
        }
        let reached = self.tiers.partition_point(|tier| tier.from <= quantity);
        let times = |units: u64, price: Money| i128::from(units) * i128::from(price.units());
        let units = match self.tier_rule {
            TierRule::AllUnits => times(quantity.get(), self.tiers[reached - 1].price),
            TierRule::Incremental => (0..reached)
                .map(|tier| {
                    let end =
                        self.tiers.get(tier + 1).map_or(quantity, |next| (next.from - Quantity::ONE).min(quantity));
                    times(end.get() + 1 - self.tiers[tier].from.get(), self.tiers[tier].price)
                })
                .sum(),
        };
        units + i128::from(self.fee.units())
    }

    /// Whether a further unit never costs less than the one before it, and any quantity may be had.
    #[must_use]
    pub fn is_convex(&self) -> bool {
        let ascends = || self.tier_rule == TierRule::Incremental && self.tiers.is_sorted_by_key(|tier| tier.price);
        self.pack == Quantity::ONE
            && self.least <= Quantity::ONE
            && self.fee == Money::ZERO
            && (self.tiers.len() == 1 || ascends())
    }

    /// The least multiple of the pack that is not below `quantity`.
    #[must_use]
    pub fn packed_up(&self, quantity: Quantity) -> Quantity {
        Quantity::new(quantity.get().div_ceil(self.pack.get()) * self.pack.get())
    }

    /// The greatest multiple of the pack that is not above `quantity`.
    #[must_use]
    pub fn packed_down(&self, quantity: Quantity) -> Quantity {
        Quantity::new(quantity.get() / self.pack.get() * self.pack.get())
    }
}

impl Market {
    /// What an unmet or uncovered unit at each of the first three levels adds to spend; none where the level
    /// stands above spend.
    #[must_use]
    pub const fn weights(&self) -> [Option<Money>; 3] {
        [None, None, self.shortage_cost]
    }

    /// The offer whose units belong to a lot.
    #[must_use]
    pub fn offer_of(&self, lot: LicenseId) -> Option<OfferId> {
        self.offers.enumerate().find(|(_, offer)| offer.lot == lot).map(|(id, _)| id)
    }

    /// What it costs at least to uninstall one of these installs; none if that may not be done.
    #[must_use]
    pub fn reclaim_cost(&self, estate: &Estate, install: &Install) -> Option<Money> {
        let last_used = install.last_used?;
        let is_unused = |days: u32| {
            let since = last_used.checked_add(i64::from(days).days());
            since.is_ok_and(|since| since <= estate.as_of)
        };
        let usable = self.reclaims.iter().filter(|reclaim| reclaim.version == install.version);
        usable.filter(|reclaim| is_unused(reclaim.unused_days)).map(|reclaim| reclaim.cost).min()
    }

    /// The assets and users that have an assignment of any kind, whether the estate shows it or not.
    #[must_use]
    pub fn assigned(&self, estate: &Estate) -> BTreeSet<Target> {
        let shown = estate.assignments.iter().map(|assignment| assignment.target);
        shown.chain(self.assigned_elsewhere.iter().copied()).collect()
    }

    /// What may be put in the place of a version, and at what cost.
    #[must_use]
    pub fn reinstalls_of(&self, from: VersionId) -> &[Reinstall] {
        let first = self.reinstalls.partition_point(|reinstall| reinstall.from < from);
        let count = self.reinstalls[first..].partition_point(|reinstall| reinstall.from == from);
        &self.reinstalls[first..first + count]
    }
}

/// Whether installs may be reclaimed or replaced by a plan: they are demand, and their asset and user have no
/// assignment of any kind; `assigned` is [`Market::assigned`].
///
/// What is assigned to somebody is in agreed use; and an uninstalled install would turn a title assignment that
/// it meets into one that an entitlement is set aside for.
#[must_use]
pub fn may_be_changed(estate: &Estate, assigned: &BTreeSet<Target>, install: &Install) -> bool {
    let title = estate.title_of(install.version);
    let targets = [install.asset.map(Target::Asset), install.user.map(Target::User)];
    install.excluded.is_none()
        && title.is_active
        && title.track_by == TrackBy::Installations
        && targets.into_iter().flatten().all(|target| !assigned.contains(&target))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(tier_rule: TierRule) -> Terms {
        let tier = |from, price| Tier { from: Quantity::new(from), price: Money::from_units(price) };
        Terms {
            pack: Quantity::new(5),
            least: Quantity::new(10),
            most: Quantity::new(500),
            fee: Money::from_units(1_000),
            tiers: vec![tier(1, 40), tier(100, 30), tier(200, 20)],
            tier_rule,
        }
    }

    #[test]
    fn nothing_or_packs_from_the_least_to_the_most_may_be_had() {
        let terms = terms(TierRule::AllUnits);
        let allowed: Vec<u64> = (0..=26).chain(495..=510).filter(|&units| terms.allows(Quantity::new(units))).collect();
        assert_eq!(allowed, [0, 10, 15, 20, 25, 495, 500]);
    }

    #[test]
    fn a_tier_prices_all_units_or_its_own() {
        let all = |units| terms(TierRule::AllUnits).cost(Quantity::new(units));
        assert_eq!([0, 10, 95, 100, 200].map(all), [0, 1_400, 4_800, 4_000, 5_000]);
        let own = |units| terms(TierRule::Incremental).cost(Quantity::new(units));
        assert_eq!(
            [0, 10, 95, 100, 205].map(own),
            [0, 1_400, 4_800, 1_000 + 99 * 40 + 30, 1_000 + 99 * 40 + 3_000 + 120]
        );
    }
}
