//! The laws an answer can break, each with a name.

use std::fmt;

/// A broken law and what broke it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which law.
    pub law: Law,
    /// What breaks it, with the figures.
    pub detail: String,
}

/// The laws of a right answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Law {
    /// Names in a result exist in the estate.
    UnknownReference,
    /// The result is for the day and the facts of the estate.
    SameFacts,
    /// A path is a base unit with upgrade units stacked on it, each standing on what it may.
    Stacking,
    /// Every license of a path is active and, if gated, reserved.
    Availability,
    /// Reserved units serve their target; nothing but units of the same target stands on them.
    Reservation,
    /// The topmost license of a path may cover what the path covers.
    Rights,
    /// Every license of a path may be used where the path ends.
    Place,
    /// What one entitlement covers it may cover at once.
    Together,
    /// What is set aside is set aside for an assignment.
    SettingAside,
    /// No license is used beyond its units.
    Supply,
    /// No demand is covered twice.
    Demand,
    /// A price is a list of integers that is not below zero.
    PriceForm,
    /// No lawful path is priced below its cost.
    PriceLaw,
    /// The prices bound the objective exactly.
    Bound,
    /// A shortage set names enough units for the demands it names.
    ShortageSet,
    /// The shortage sets explain all that is uncovered.
    ShortageSum,
    /// The figures are those of the allocation.
    Figures,
    /// A plan does what the market offers and allows, and the market fits its estate.
    Plan,
    /// No more is paid than the budget.
    Budget,
    /// What is to be checked is within the limits of the check.
    Size,
}

impl Law {
    /// The name in messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnknownReference => "unknown-reference",
            Self::SameFacts => "same-facts",
            Self::Stacking => "stacking",
            Self::Availability => "availability",
            Self::Reservation => "reservation",
            Self::Rights => "rights",
            Self::Place => "place",
            Self::Together => "together",
            Self::SettingAside => "setting-aside",
            Self::Supply => "supply",
            Self::Demand => "demand",
            Self::PriceForm => "price-form",
            Self::PriceLaw => "price-law",
            Self::Bound => "bound",
            Self::ShortageSet => "shortage-set",
            Self::ShortageSum => "shortage-sum",
            Self::Figures => "figures",
            Self::Plan => "plan",
            Self::Size => "size",
            Self::Budget => "budget",
        }
    }
}

impl Violation {
    /// A violation of `law`.
    #[must_use]
    pub fn new(law: Law, detail: impl Into<String>) -> Self {
        Self { law, detail: detail.into() }
    }

    /// The same, said of a place in a result.
    pub(crate) fn of(self, place: &str) -> Self {
        Self { detail: format!("`{place}`: {}", self.detail), ..self }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.law.name(), self.detail)
    }
}
