//! The figures of a position, counted from the estate and an allocation alone.

use crate::allocation::{DemandKey, Right};
use model::id::{AssignmentId, LicenseId, Table, VersionId};
use model::number::Quantity;
use model::objective::LEVELS;

/// One integer per level of the objective; money in units of 10^-4.
pub type Objective = [i128; LEVELS];

/// Everything a position says in numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// The value of the allocation at each level.
    pub objective: Objective,
    /// Sums over the estate.
    pub totals: Totals,
    /// A row for every version.
    pub versions: Table<VersionId, VersionFigures>,
    /// A row for every license.
    pub licenses: Table<LicenseId, LicenseFigures>,
    /// What became of every assignment.
    pub assignments: Table<AssignmentId, Outcome>,
    /// The demands that are not wholly covered, with what they lack; sorted by key.
    pub uncovered: Vec<(DemandKey, Quantity)>,
}

/// Sums over the estate; unlimited licenses are in none of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// All installs, excluded ones too.
    pub installed: Quantity,
    /// Demand for entitlements.
    pub demand: Quantity,
    /// Demand that has one.
    pub covered: Quantity,
    /// Demand that has none.
    pub uncovered: Quantity,
    /// Units of all licenses.
    pub owned: Quantity,
    /// Units of active licenses: `used` + `idle` + `unusable`.
    pub active: Quantity,
    /// Units in use, set aside or not.
    pub used: Quantity,
    /// Units that nothing uses.
    pub idle: Quantity,
    /// Unused upgrade units that have nothing left to stand on.
    pub unusable: Quantity,
}

/// The figures of a version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VersionFigures {
    /// All installs, excluded ones too.
    pub installed: Quantity,
    /// Demand for entitlements.
    pub demand: Quantity,
    /// Demand that has one.
    pub covered: Quantity,
    /// Demand that has none.
    pub uncovered: Quantity,
    /// A partition of `covered`.
    pub covered_by: CoveredBy,
    /// Active units, upgrades included, whose main version it is.
    pub licensed: Quantity,
    /// The idle ones among them.
    pub idle: Quantity,
}

/// Covered demand by the right it is covered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CoveredBy {
    /// By a license of the version itself.
    pub exact: Quantity,
    /// By a license of a newer version.
    pub downgrade: Quantity,
    /// By a license of an older version.
    pub newer: Quantity,
    /// By a license of another title.
    pub cross: Quantity,
    /// By a path with an upgrade.
    pub upgrade: Quantity,
}

/// The figures of a license.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LicenseFigures {
    /// Units in use, set aside or not.
    pub used: Quantity,
    /// Active units that nothing uses; none if unlimited.
    pub idle: Option<Quantity>,
    /// Unused upgrade units that have nothing left to stand on.
    pub unusable: Quantity,
    /// Units reserved by assignments.
    pub assigned: Quantity,
}

/// What became of an assignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An install of the target is covered by it, or by what it assigns.
    Met,
    /// An entitlement is set aside.
    MetNotInstalled(NotInstalled),
    /// Nothing could be had for it.
    Unmet(Unmet),
    /// The title is not calculated.
    InactiveTitle,
}

/// Why an entitlement is set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotInstalled {
    /// The target has no install that counts.
    NotInstalled,
    /// The target has another version.
    OtherVersion,
    /// The target has other titles only.
    OtherTitle,
    /// The target's installs are where the license may not be used.
    OtherPlace,
    /// The target's installs are covered without it.
    CoveredOtherwise,
}

/// Why an assignment is not met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmet {
    /// The license has ended.
    Expired,
    /// The license has not started.
    NotStarted,
    /// There are more assignments than units.
    MoreAssignmentsThanUnits,
    /// No entitlement qualifies for the upgrade to stand on.
    NothingToStandOn,
    /// The target's installs are uncovered.
    Uncovered,
    /// No entitlement is left to set aside.
    NoEntitlement,
}

impl Totals {
    /// Adds a version's installs and demand.
    pub fn add_version(&mut self, row: &VersionFigures) {
        self.installed += row.installed;
        self.demand += row.demand;
        self.covered += row.covered;
        self.uncovered += row.uncovered;
    }

    /// Adds a license of so many units, with its figures if it is active; one without limit adds nothing.
    pub fn add_license(&mut self, quantity: Option<Quantity>, active: Option<&LicenseFigures>) {
        let Some(quantity) = quantity else { return };
        self.owned += quantity;
        if let Some(row) = active {
            self.active += quantity;
            self.used += row.used;
            self.idle += row.idle.unwrap_or_default();
            self.unusable += row.unusable;
        }
    }
}

impl Outcome {
    /// The word in results.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::MetNotInstalled(_) => "met-not-installed",
            Self::Unmet(_) => "unmet",
            Self::InactiveTitle => "inactive-title",
        }
    }

    /// The reason, where there is one to give.
    #[must_use]
    pub const fn reason(self) -> Option<&'static str> {
        match self {
            Self::Met | Self::InactiveTitle => None,
            Self::MetNotInstalled(reason) => Some(match reason {
                NotInstalled::NotInstalled => "not-installed",
                NotInstalled::OtherVersion => "other-version",
                NotInstalled::OtherTitle => "other-title",
                NotInstalled::OtherPlace => "other-place",
                NotInstalled::CoveredOtherwise => "covered-otherwise",
            }),
            Self::Unmet(reason) => Some(match reason {
                Unmet::Expired => "expired",
                Unmet::NotStarted => "not-started",
                Unmet::MoreAssignmentsThanUnits => "more-assignments-than-units",
                Unmet::NothingToStandOn => "nothing-to-stand-on",
                Unmet::Uncovered => "uncovered",
                Unmet::NoEntitlement => "no-entitlement",
            }),
        }
    }

    /// Whether the assignment has its entitlement.
    #[must_use]
    pub const fn is_met(self) -> bool {
        matches!(self, Self::Met | Self::MetNotInstalled(_))
    }
}

impl CoveredBy {
    /// Adds coverage by a right.
    pub(crate) fn add(&mut self, right: Right, quantity: Quantity) {
        match right {
            Right::Exact => self.exact += quantity,
            Right::Downgrade => self.downgrade += quantity,
            Right::Newer => self.newer += quantity,
            Right::Cross => self.cross += quantity,
            Right::Upgrade => self.upgrade += quantity,
            Right::SetAside => unreachable!("what is set aside covers nothing"),
        }
    }
}
