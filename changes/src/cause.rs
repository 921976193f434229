//! Causes: what was put in differently.

use crate::snapshot::Value;
use std::cmp::Ordering;

/// One fact that differs between two results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// What differs.
    pub kind: Kind,
    /// What it is a fact of.
    pub subject: Subject,
    /// What it was.
    pub before: Value,
    /// What it is.
    pub after: Value,
    /// For the state of a license: the day on which it ended or starts.
    pub day: Option<String>,
    /// For the state of a license: its units while it is active.
    pub units: Option<Value>,
    /// Whether it helps to cover demand.
    pub sense: Sense,
    /// The part it concerns; none if it concerns all.
    pub part: Option<usize>,
    /// Assets and users whose demand differs, for causes about demand.
    pub(crate) targets: Vec<Target>,
}

/// What differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The day of the position.
    Day,
    /// When a status turns yellow.
    Thresholds,
    /// The parent of a scope; nothing where there is no such scope.
    Scope,
    /// What a transfer costs; nothing where there is none.
    Transfer,
    /// The units of a license that is there in one result only.
    License,
    /// Whether a license is active, has ended or has not started.
    LicenseState,
    /// The units of a license.
    LicenseQuantity,
    /// The first day of a license.
    LicenseStart,
    /// The last day of a license.
    LicenseEnd,
    /// What was bought.
    LicenseSku,
    /// The main version of what was bought.
    LicenseVersion,
    /// The scope of a license.
    LicenseScope,
    /// The contract of a license.
    LicenseContract,
    /// The versions that a license may cover.
    LicenseCovers,
    /// The versions that an upgrade may stand on.
    LicenseUpgrades,
    /// Whether only reserved units of a license may be used.
    LicenseGated,
    /// Whether a title is calculated.
    TitleStatus,
    /// What the demand of a title is.
    TitleTracking,
    /// A version that is there in one result only.
    Version,
    /// Installs of a version in a place that need an entitlement.
    Demand,
    /// The same of a title that is tracked by assignments: uses that are assigned.
    AssignedUse,
    /// Installs of a version that are no demand: excluded, or not calculated.
    Installs,
    /// Demand for a version in a place that is of other assets or users than before; counts those units.
    Targets,
    /// An assignment; where there is one, its scope and version.
    Assignment,
}

/// What a cause is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// All of the estate.
    Estate,
    /// A scope.
    Scope(String),
    /// A transfer.
    Transfer {
        /// Where licenses come from.
        from: String,
        /// Where they may be used.
        to: String,
    },
    /// A license.
    License(String),
    /// A title.
    Title(String),
    /// A version, in a place or in all of them.
    Version {
        /// `title@version`.
        version: String,
        /// The scope, for causes about demand.
        scope: Option<String>,
        /// The contract.
        contract: Option<String>,
    },
    /// An assignment.
    Assignment(Assigned, Target),
}

/// What is assigned.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Assigned {
    /// One unit of a license.
    License(String),
    /// An entitlement to a title.
    Title(String),
}

/// To whom or to what something is assigned.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A machine.
    Asset(String),
    /// A person.
    User(String),
}

/// Whether a cause helps to cover demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sense {
    /// More may be covered, or there is less to cover.
    Helps,
    /// Less may be covered, or there is more to cover.
    Harms,
    /// Either, or nothing.
    Either,
}

impl Kind {
    /// The word in results.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Thresholds => "thresholds",
            Self::Scope => "scope",
            Self::Transfer => "transfer",
            Self::License => "license",
            Self::LicenseState => "license-state",
            Self::LicenseQuantity => "license-quantity",
            Self::LicenseStart => "license-start",
            Self::LicenseEnd => "license-end",
            Self::LicenseSku => "license-sku",
            Self::LicenseVersion => "license-version",
            Self::LicenseScope => "license-scope",
            Self::LicenseContract => "license-contract",
            Self::LicenseCovers => "license-covers",
            Self::LicenseUpgrades => "license-upgrades",
            Self::LicenseGated => "license-gated",
            Self::TitleStatus => "title-status",
            Self::TitleTracking => "title-tracking",
            Self::Version => "version",
            Self::Demand => "demand",
            Self::AssignedUse => "assigned-use",
            Self::Installs => "installs",
            Self::Targets => "targets",
            Self::Assignment => "assignment",
        }
    }
}

impl Sense {
    /// The word in results.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Helps => "helps",
            Self::Harms => "harms",
            Self::Either => "either",
        }
    }

    /// The sense of the change in the other direction.
    #[must_use]
    pub const fn inverse(self) -> Self {
        match self {
            Self::Helps => Self::Harms,
            Self::Harms => Self::Helps,
            Self::Either => Self::Either,
        }
    }

    /// Of a quantity that helps where it grows.
    pub(crate) fn of_supply(order: Ordering) -> Self {
        match order {
            Ordering::Less => Self::Harms,
            Ordering::Equal => Self::Either,
            Ordering::Greater => Self::Helps,
        }
    }
}

impl Cause {
    /// A difference that may work either way and concerns all.
    pub(crate) const fn new(kind: Kind, subject: Subject, before: Value, after: Value) -> Self {
        Self {
            kind,
            subject,
            before,
            after,
            day: None,
            units: None,
            sense: Sense::Either,
            part: None,
            targets: Vec::new(),
        }
    }

    /// The same from the later to the earlier.
    #[must_use]
    pub fn inverse(self) -> Self {
        Self { before: self.after, after: self.before, sense: self.sense.inverse(), ..self }
    }
}
