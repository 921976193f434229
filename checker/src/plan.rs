//! What to buy and do, and why no cheaper plan exists.
//!
//! A plan is for an estate with a [`Market`](model::market::Market). What it comes to is the position of the
//! estate *after* it: lots with the quantities had, installs reclaimed and replaced. [`after`] makes that estate,
//! [`certify`] accepts a plan with its position and a certificate that bounds every other plan.
//!
//! Nothing is solved here: a plan that costs more than it must is lawful, and the certificate says by how much at
//! most.

mod after;
mod bound;
mod certify;
mod order;
mod quantities;
pub mod stage;
mod standing;

pub use after::{after, reclaimable, reinstallable};
pub use certify::{CertifiedPlan, Gap, Standing, certify};
pub use order::{Order, Weight, Weights, adding, weights_of};

use crate::allocation::DemandKey;
use crate::evidence::{Price, Prices};
use model::id::{Table, VersionId};
use model::market::OfferId;
use model::number::{Money, Quantity};

/// What to buy, renew and do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Units had, by offer.
    pub quantities: Table<OfferId, Quantity>,
    /// Installs uninstalled, of those that this key names and whose cost it is; sorted, no quantity zero.
    pub reclaimed: Vec<(ReclaimKey, Quantity)>,
    /// Installs replaced by the version; sorted, no quantity zero.
    pub reinstalled: Vec<(DemandKey, VersionId, Quantity)>,
}

/// Installs that may be uninstalled at one cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReclaimKey {
    /// Whose demand they are.
    pub demand: DemandKey,
    /// What each costs.
    pub cost: Money,
}

/// Why no plan is better, of the plans whose quantities lie within ranges; of all plans to begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Certificate {
    /// Bounds on all such plans at once; with none, nothing is below zero.
    Leaf(Vec<Bound>),
    /// Plans with at most so many units of the offer, and those with more.
    Branch {
        /// The offer.
        offer: OfferId,
        /// The last quantity of the first part.
        most: Quantity,
        /// At most so many.
        within: Box<Certificate>,
        /// More.
        beyond: Box<Certificate>,
    },
}

/// A bound on plans, with the levels of coverage weighed as said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// In which order it compares levels.
    pub weights: Weights,
    /// What it is counted from.
    pub prices: MarketPrices,
}

/// Prices of facts and of what the market adds; what is not listed has price zero.
///
/// The levels are in the order of the bound. The price of an offer's lot is what an unreserved unit of it is
/// worth; a reserved one has a price of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MarketPrices {
    /// Of the estate.
    pub facts: Prices,
    /// Per install that may be uninstalled; sorted by key.
    pub reclaims: Vec<(ReclaimKey, Price)>,
}

#[cfg(test)]
mod tests;
