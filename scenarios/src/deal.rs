//! What a file offers, by ids of the estate before any change.

use crate::amount::Percent;
use model::id::{LicenseId, ScopeId, SkuId};
use model::market::{Reclaim, Reinstall, Terms, Tier, TierRule};
use model::number::{Money, Quantity};

/// Offers and actions with what limits them, for all scenarios of one combination.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Deal {
    /// By id as bytes.
    pub(crate) offers: Vec<Offered>,
    pub(crate) transfers_are_paid: bool,
    /// Sorted.
    pub(crate) reclaims: Vec<Reclaim>,
    /// Sorted.
    pub(crate) reinstalls: Vec<Reinstall>,
    pub(crate) budget: Option<Money>,
    pub(crate) shortage_cost: Option<Money>,
}

/// An offer, of which the most that may be had is not known yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Offered {
    pub(crate) id: String,
    pub(crate) subject: Subject,
    pub(crate) pack: Quantity,
    pub(crate) least: Quantity,
    /// A multiple of the pack; none for an offer to buy without limit.
    pub(crate) most: Option<Quantity>,
    pub(crate) fee: Money,
    pub(crate) tiers: Vec<Tier>,
    pub(crate) tier_rule: TierRule,
    /// Whether the price was given as one, and not in tiers.
    pub(crate) has_one_price: bool,
    /// What a unit costs that is bought later.
    pub(crate) true_up: TrueUp,
}

/// What a unit costs that is bought once it is known which scenario comes true.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum TrueUp {
    /// There are none then.
    #[default]
    Never,
    /// A share of the price of the first unit, whatever the tiers after it.
    Rate(Percent),
    /// So much, whatever the price now.
    Price(Money),
}

/// Whose units are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    /// Of a new lot.
    Buy { sku: SkuId, scope: ScopeId },
    /// Of a license that has ended.
    Renew(LicenseId),
}

impl Offered {
    /// What a unit costs that is bought later; none if there are none then.
    pub(crate) fn later_price(&self) -> Option<Money> {
        match self.true_up {
            TrueUp::Never => None,
            TrueUp::Rate(rate) => Some(rate.of_price(self.tiers[0].price)),
            TrueUp::Price(price) => Some(price),
        }
    }

    /// The terms where so many units are the most that can be of use.
    ///
    /// Beyond what is of use there may be a tier at which all units are cheaper, or the least that may be had.
    pub(crate) fn terms(&self, useful: Quantity) -> Terms {
        let terms = Terms {
            pack: self.pack,
            least: self.least,
            most: Quantity::ZERO,
            fee: self.fee,
            tiers: self.tiers.clone(),
            tier_rule: self.tier_rule,
        };
        let last_tier = match self.tier_rule {
            TierRule::AllUnits => self.tiers.last().map_or(Quantity::ZERO, |tier| tier.from),
            TierRule::Incremental => Quantity::ZERO,
        };
        let most = self.most.unwrap_or_else(|| terms.packed_up(useful.max(last_tier).max(self.least)));
        Terms { most, ..terms }
    }
}
