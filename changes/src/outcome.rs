//! Outcomes: what came out differently.

use crate::cause::{Assigned, Target};
use std::cmp::Ordering;

/// Something that is one way before and another way after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<T> {
    /// What it was.
    pub before: T,
    /// What it is.
    pub after: T,
}

/// A row that differs, or that only one result has, with the causes that can have changed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome<K, R> {
    /// What the row is about.
    pub key: K,
    /// The rows.
    pub rows: Change<Option<R>>,
    /// What can have changed it.
    pub because: Because,
}

/// The causes of an outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Because {
    /// Positions of causes, some dozens at most: those first that work in the direction of the change and are near.
    pub causes: Vec<usize>,
    /// How many causes there are, listed or not, that do not work against the change; all if there is no other.
    pub likely: usize,
    /// How many causes there are, listed or not.
    pub all: usize,
}

/// The row of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRow {
    /// How well it is covered.
    pub status: String,
    /// Why it is yellow.
    pub reasons: Vec<String>,
    /// All installs.
    pub installed: i64,
    /// Demand for entitlements.
    pub demand: i64,
    /// Demand that has one.
    pub covered: i64,
    /// Demand that has none.
    pub uncovered: i64,
    /// Whether it must, may or never falls short; none where that is not known.
    pub shortage: Option<String>,
    /// Covered demand by right: exact, downgrade, newer, cross, upgrade.
    pub covered_by: [i64; 5],
    /// Units whose main version it is.
    pub licensed: i64,
    /// The idle ones among them.
    pub idle: i64,
    /// How many installs could be covered if it were the only demand; none where unlimited or not known.
    pub reach: Option<i64>,
}

/// The row of a license.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LicenseRow {
    /// Active, expired, not started.
    pub state: String,
    /// All units; none if unlimited.
    pub quantity: Option<i64>,
    /// Units in use.
    pub used: i64,
    /// Units that nothing uses; none if unlimited.
    pub idle: Option<i64>,
    /// Upgrade units with nothing left to stand on.
    pub unusable: i64,
    /// Units reserved by assignments.
    pub assigned: i64,
    /// Whether best allocations use it; none where that is not known.
    pub needed: Option<String>,
}

/// What became of an assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignmentRow {
    /// Met or not.
    pub outcome: String,
    /// Why it is not plainly met.
    pub reason: Option<String>,
}

/// A version that differs.
pub type VersionOutcome = Outcome<String, VersionRow>;
/// A license that differs.
pub type LicenseOutcome = Outcome<String, LicenseRow>;
/// An assignment whose fate differs.
pub type AssignmentOutcome = Outcome<(Assigned, Target), AssignmentRow>;

impl<T> Change<T> {
    /// The same from the later to the earlier.
    #[must_use]
    pub fn inverse(self) -> Self {
        Self { before: self.after, after: self.before }
    }

    /// References to both.
    #[must_use]
    pub const fn as_ref(&self) -> Change<&T> {
        Change { before: &self.before, after: &self.after }
    }

    /// The same of what `part` picks.
    #[must_use]
    pub fn map<U>(self, part: impl Fn(T) -> U) -> Change<U> {
        Change { before: part(self.before), after: part(self.after) }
    }
}

impl<T: PartialEq> Change<T> {
    /// Whether anything changed.
    #[must_use]
    pub fn is_change(&self) -> bool {
        self.before != self.after
    }
}

impl Change<i64> {
    /// The difference: after less before.
    #[must_use]
    pub fn difference(&self) -> i128 {
        i128::from(self.after) - i128::from(self.before)
    }
}

impl<K, R> Outcome<K, R> {
    /// The same from the later to the earlier.
    #[must_use]
    pub fn inverse(self) -> Self {
        Self { rows: self.rows.inverse(), ..self }
    }
}

impl Because {
    /// The listed causes that do not work against the change.
    #[must_use]
    pub fn likely(&self) -> &[usize] {
        &self.causes[..self.likely.min(self.causes.len())]
    }
}

/// How bad a status is.
fn badness(status: &str) -> usize {
    ["inactive", "green", "yellow", "red"].iter().position(|word| *word == status).unwrap_or(0)
}

impl Change<Option<VersionRow>> {
    /// Whether the version is worse off: more is uncovered, or else the status is worse.
    #[must_use]
    pub fn worse(&self) -> Ordering {
        let rank = |row: &Option<VersionRow>| row.as_ref().map_or((0, 0), |row| (row.uncovered, badness(&row.status)));
        rank(&self.after).cmp(&rank(&self.before))
    }
}

impl Change<Option<AssignmentRow>> {
    /// Whether the assignment is worse off.
    #[must_use]
    pub fn worse(&self) -> Ordering {
        let is_unmet = |row: &Option<AssignmentRow>| row.as_ref().is_some_and(|row| row.outcome == "unmet");
        is_unmet(&self.after).cmp(&is_unmet(&self.before))
    }
}
