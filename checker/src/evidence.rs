//! Why an answer is right: prices that bound every allocation, and the sets that prove each shortage.

use crate::allocation::{DemandKey, Unit};
use model::estate::Target;
use model::id::{LicenseId, TitleId};
use model::number::Quantity;
use model::objective::{LEVELS, Level};

/// A price: one integer for each level of the objective, compared from the first on. Money is in
/// units of 10^-4.
pub type Price = [i64; LEVELS];

/// What an unlisted fact is worth.
pub const NO_PRICE: Price = [0; LEVELS];

/// Everything that a checker needs beside the estate and the allocation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The dual solution, on facts of the estate.
    pub prices: Prices,
    /// One set for each connected part that is a network, with something uncovered.
    pub shortages: Vec<ShortageSet>,
    /// What is uncovered in parts that are no network: there the bound is the evidence, without a set.
    pub uncovered_by_bound: Quantity,
}

/// Prices of facts; what is not listed has price zero. Each list is sorted by its facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prices {
    /// Per unreserved unit of a license.
    pub licenses: Vec<(LicenseId, Price)>,
    /// Per reserved unit.
    pub reserved: Vec<(LicenseId, Target, Price)>,
    /// Per unit of demand.
    pub demands: Vec<(DemandKey, Price)>,
    /// Per title assignment.
    pub assignments: Vec<AssignmentPrice>,
}

/// The two prices of a title assignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AssignmentPrice {
    /// The title assigned.
    pub title: TitleId,
    /// To whom or to what.
    pub target: Target,
    /// What meeting it is worth.
    pub met: Price,
    /// What the one entitlement that may be set aside for it costs.
    pub aside: Price,
}

/// Licenses and demands such that every lawful path uses at least as many of the named units as it
/// serves named demands: so many demands in excess of supply must go without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShortageSet {
    /// The named demand.
    pub demands: Vec<(NamedDemand, Quantity)>,
    /// The named supply: all unreserved units of a license, or one reserved unit.
    pub units: Vec<Unit>,
    /// Sum of the named demand.
    pub demand: Quantity,
    /// Sum of the named supply.
    pub supply: Quantity,
    /// How much of the demand cannot be served.
    pub short: Quantity,
}

/// One row of named demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NamedDemand {
    /// Demand for a version in a place. Without asset and user: all of it that no reserved unit of
    /// its own asset or user may cover as topmost unit.
    Installs(DemandKey),
    /// A reserved unit, which must be used.
    Reserved(LicenseId, Target),
    /// An entitlement to be set aside for the assignment of a title.
    SetAside(TitleId, Target),
}

/// What the evidence shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The cost equals an exactly checked bound at every level.
    Optimal,
    /// The cost is within exactly checked gaps of a bound; up to the first gap it is least.
    Proved,
}

/// How far the cost at a level is above what is proved to be the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The level.
    pub level: Level,
    /// No allocation that is as good at the levels before costs less.
    pub bound: i128,
    /// What this one costs beyond that; above zero.
    pub gap: i128,
}

impl Standing {
    /// The word in results.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Optimal => "optimal",
            Self::Proved => "proved",
        }
    }
}
