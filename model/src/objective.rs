//! What "best" means: nine levels, compared one after another, each an exact integer.
//!
//! Units bought stand between spend and what is set aside; where nothing may be bought they are no level,
//! and eight are shown.

use std::fmt;

/// The levels of the objective, in their order; less is better at each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// License assignments without an entitlement.
    LicenseAssignmentsUnmet,
    /// Title assignments without an entitlement.
    TitleAssignmentsUnmet,
    /// Demand without an entitlement.
    Uncovered,
    /// Money spent, in units of 10^-4.
    Spend,
    /// Units bought or renewed, where something may be.
    UnitsBought,
    /// Entitlements that assignments consume without covering anything.
    SetAside,
    /// Cost of transfers, in units of 10^-4.
    TransferCost,
    /// How far the covering versions are from the demanded ones, plus 4 for each upgrade unit used.
    Stretch,
    /// Versions that the used base units could have covered.
    Flexibility,
}

impl Level {
    /// All levels, most important first.
    pub const ALL: [Self; LEVELS] = [
        Self::LicenseAssignmentsUnmet,
        Self::TitleAssignmentsUnmet,
        Self::Uncovered,
        Self::Spend,
        Self::UnitsBought,
        Self::SetAside,
        Self::TransferCost,
        Self::Stretch,
        Self::Flexibility,
    ];

    /// The position of the level: 0 is the most important.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The name in results.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LicenseAssignmentsUnmet => "license_assignments_unmet",
            Self::TitleAssignmentsUnmet => "title_assignments_unmet",
            Self::Uncovered => "uncovered",
            Self::Spend => "spend",
            Self::UnitsBought => "units_bought",
            Self::SetAside => "set_aside",
            Self::TransferCost => "transfer_cost",
            Self::Stretch => "stretch",
            Self::Flexibility => "flexibility",
        }
    }

    /// The levels of a position, where nothing is bought, most important first.
    pub fn of_position() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|&level| level != Self::UnitsBought)
    }

    /// Whether the level counts money.
    #[must_use]
    pub const fn is_money(self) -> bool {
        matches!(self, Self::Spend | Self::TransferCost)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Number of levels.
pub const LEVELS: usize = 9;
/// Number of levels of a position.
pub const POSITION_LEVELS: usize = LEVELS - 1;

/// The figures of a position by level, without what is bought.
#[must_use]
pub fn without_units_bought<T: Copy>(levels: [T; LEVELS]) -> [T; POSITION_LEVELS] {
    let skipped = Level::UnitsBought.index();
    std::array::from_fn(|index| levels[if index < skipped { index } else { index + 1 }])
}

/// The figures of a position, nothing being bought.
#[must_use]
pub fn with_nothing_bought<T: Copy + Default>(levels: [T; POSITION_LEVELS]) -> [T; LEVELS] {
    let skipped = Level::UnitsBought.index();
    std::array::from_fn(|index| match index {
        _ if index == skipped => T::default(),
        _ if index < skipped => levels[index],
        _ => levels[index - 1],
    })
}

/// Units of stretch: coverage by a newer version of the same title.
pub const STRETCH_DOWNGRADE: i64 = 1;
/// Units of stretch: coverage by an older version of the same title.
pub const STRETCH_NEWER: i64 = 2;
/// Units of stretch: coverage by another title.
pub const STRETCH_CROSS: i64 = 3;
/// Units of stretch: each upgrade unit used.
pub const STRETCH_UPGRADE: i64 = 4;
