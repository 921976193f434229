//! Many scenario files: what is to be done, in what order, by which machine, and what a result means.
//!
//! ```text
//! Scenarios -> [Entry] -> those of a Shard without a result -> solve -> Outcome -> journal -> [Row]
//!              list                                            renew              (SQLite)    summary
//! ```
//!
//! An [`Entry`] is a scenario with the digests of what it says and of the estate it is about. Its result depends on
//! nothing else but the program, so that a result with the same [`Key`], of the same version, never needs to be found
//! again, and a change of input asks for the results it touches alone. Nothing here knows where results are kept.
//!
//! *Guaranteed*: an outcome depends on the key and the version alone, not on the order, on threads or on shards. *Cannot*:
//! tell apart files by more than their place among the arguments; a file that is listed twice has its results twice.

mod digests;
mod merge;
mod shard;

pub use digests::{ListingDigest, ResultsDigest};
pub use merge::{Manifest, MergeFault, check_merge};
pub use shard::{Shard, ShardFault};

use crate::digest::Digests;
use crate::reading::Scenarios;
use crate::renewal::{Renewal, Solved, message_of};
use solver::SolveError;
use std::panic::{self, AssertUnwindSafe};

/// What a result depends on, but for the version of the program.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// SHA-256 over the facts of the estate before all changes, as 64 hexadecimal digits.
    pub estate: String,
    /// SHA-256 over the scenario with its name, as 64 hexadecimal digits.
    pub scenario: String,
}

/// A scenario that a batch is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The position of its file among those of the batch.
    pub file: usize,
    /// Its name, with the values of a sweep.
    pub name: String,
    /// What its result depends on.
    pub key: Key,
}

/// How a scenario ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// There is a plan that the checker has accepted.
    Done,
    /// A limit was hit.
    Limit,
    /// The checker refuses the plan, or a solver was caught in a false claim.
    Failed,
    /// Solving it ended in a panic.
    Crashed,
}

/// What is kept of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What is proved of the plan, in a word.
    pub standing: String,
    /// Installs without an entitlement.
    pub uncovered: u64,
    /// What is paid, as decimal text.
    pub spend: String,
    /// The currency of all money.
    pub currency: Option<String>,
    /// The value at each level, as a JSON object.
    pub objective: String,
    /// All of it, as the JSON object that stands in a renewal.
    pub plan: String,
}

/// What came of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A plan.
    Answered(Box<Answer>),
    /// None, and why.
    Unanswered(NoAnswer),
}

/// Why a scenario has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoAnswer {
    /// Never [`Status::Done`].
    pub status: Status,
    /// The reason, in words.
    pub why: String,
}

/// A scenario with what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The name of its file as it was given.
    pub file: String,
    /// Its name.
    pub name: String,
    /// What its result depends on.
    pub key: Key,
    /// What came of it; none if it has not ended yet.
    pub outcome: Option<Outcome>,
    /// How often it was begun.
    pub attempts: u64,
    /// How long the last attempt took that ended.
    pub milliseconds: u64,
    /// A digest of the bytes of the plan, if there is one.
    pub digest: Option<String>,
}

/// How many scenarios ended in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// With a plan.
    pub done: u64,
    /// At a limit.
    pub limit: u64,
    /// With a plan that is refused.
    pub failed: u64,
    /// In a panic.
    pub crashed: u64,
    /// Not ended yet.
    pub open: u64,
    /// Those with a plan that leaves something uncovered.
    pub uncovered: u64,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Done, Self::Limit, Self::Failed, Self::Crashed];

    /// The word it is known by.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Limit => "limit",
            Self::Failed => "failed",
            Self::Crashed => "crashed",
        }
    }

    /// The status that a word stands for.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word() == word)
    }
}

impl Outcome {
    /// How it ended.
    #[must_use]
    pub const fn status(&self) -> Status {
        match self {
            Self::Answered(_) => Status::Done,
            Self::Unanswered(no_answer) => no_answer.status,
        }
    }

    /// The plan, if there is one.
    #[must_use]
    pub fn answer(&self) -> Option<&Answer> {
        match self {
            Self::Answered(answer) => Some(answer),
            Self::Unanswered(_) => None,
        }
    }
}

impl Counts {
    /// Counts a scenario.
    pub fn add(&mut self, row: &Row) {
        let Some(outcome) = &row.outcome else {
            self.open += 1;
            return;
        };
        let count = match outcome.status() {
            Status::Done => &mut self.done,
            Status::Limit => &mut self.limit,
            Status::Failed => &mut self.failed,
            Status::Crashed => &mut self.crashed,
        };
        *count += 1;
        self.uncovered += u64::from(outcome.answer().is_some_and(|answer| answer.uncovered > 0));
    }

    /// All of them.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.done + self.without_answer()
    }

    /// Those without a plan.
    #[must_use]
    pub const fn without_answer(&self) -> u64 {
        self.limit + self.failed + self.crashed + self.open
    }
}

/// Makes the keys of the scenarios of a file.
pub struct Keys<'s> {
    estate: String,
    digests: Digests<'s>,
}

impl<'s> Keys<'s> {
    /// Hashes the facts of the estate, and what scenarios share.
    #[must_use]
    pub fn new(scenarios: &'s Scenarios) -> Self {
        Self { estate: scenarios.estate().digest(), digests: Digests::new(scenarios) }
    }

    /// The key of a scenario, by its position.
    #[must_use]
    pub fn key(&self, position: usize) -> Key {
        Key { estate: self.estate.clone(), scenario: self.digests.digest(position) }
    }
}

/// The scenarios of a file, in its order; `file` is its position among those of the batch.
///
/// The facts of the estate are hashed once, at once; each scenario when it is asked for.
pub fn entries(scenarios: &Scenarios, file: usize) -> impl Iterator<Item = Entry> {
    let keys = Keys::new(scenarios);
    let names = scenarios.names().enumerate();
    names.map(move |(position, name)| Entry { file, name: name.to_owned(), key: keys.key(position) })
}

/// Solves a scenario, by its position in its file. After a crash `solved` is not to be used again.
///
/// # Errors
/// When there is no answer; a panic is one of the reasons.
pub fn solve(solved: &mut Solved<'_>, position: usize) -> Result<Renewal, NoAnswer> {
    match panic::catch_unwind(AssertUnwindSafe(|| solved.renew(position))) {
        Ok(renewal) => renewal.map_err(|error| NoAnswer::of(&error)),
        Err(panic) => Err(NoAnswer { status: Status::Crashed, why: message_of(&*panic) }),
    }
}

impl NoAnswer {
    fn of(error: &SolveError) -> Self {
        let status = match error {
            SolveError::NotANetwork { .. } | SolveError::SeveralInstalls { .. } | SolveError::Limit { .. } => {
                Status::Limit
            }
            SolveError::Refused(_) | SolveError::IntegerProgram { .. } => Status::Failed,
        };
        Self { status, why: error.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::read;

    const ESTATE: &str = "licit: 1\nas_of: 2026-11-22\ntitles: [{id: t, versions: [1]}]\n\
        skus: [{id: T, version: t@1}]\nlicenses: [{id: L, sku: T, quantity: 4}]\ninstalls: [{version: t@1, quantity: 5}]\n";

    fn listed(estate: &str, rows: &str) -> Vec<Entry> {
        let scenarios = read(estate, &format!("licit: 1\nestate: estate.yaml\n{rows}\n"));
        entries(&scenarios, 3).collect()
    }

    #[test]
    fn a_change_of_one_scenario_changes_no_other_key_and_one_of_the_estate_changes_all() {
        let before = listed(ESTATE, "scenarios: [{name: a}, {name: b, changes: [{grow: t@1, scope: all, by: 1}]}]");
        let after = listed(ESTATE, "scenarios: [{name: a}, {name: b, changes: [{grow: t@1, scope: all, by: 2}]}]");
        assert_eq!(before[0], after[0]);
        assert_eq!((&before[1].name, &before[1].key.estate), (&after[1].name, &after[1].key.estate));
        assert_ne!(before[1].key.scenario, after[1].key.scenario);
        let other = listed(&ESTATE.replace("quantity: 5", "quantity: 6"), "scenarios: [{name: a}]");
        assert_eq!(before[0].key.scenario, other[0].key.scenario);
        assert_ne!(before[0].key.estate, other[0].key.estate);
        assert_eq!(other[0].file, 3);
    }

    #[test]
    fn an_error_of_the_solver_has_its_status_and_says_why() {
        let limit = NoAnswer::of(&SolveError::Limit { what: "too big".to_owned() });
        assert_eq!(limit, NoAnswer { status: Status::Limit, why: "limit: too big".to_owned() });
        let lie = NoAnswer::of(&SolveError::IntegerProgram { what: "a false claim".to_owned() });
        assert_eq!(lie.status, Status::Failed);
        assert_eq!(NoAnswer::of(&SolveError::Refused(Vec::new())).status, Status::Failed);
    }

    #[test]
    fn every_status_is_known_by_its_word() {
        for status in Status::ALL {
            assert_eq!(Status::of_word(status.word()), Some(status));
        }
        assert_eq!(Status::of_word("running"), None);
    }
}
