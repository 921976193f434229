//! The whole position: the certified answer, and what follows from it and from the face of best answers.
//!
//! Derived figures are no part of the proof: they tell what to think of the certified ones.

mod later;
mod standing;

pub use standing::{Percent, Reason, Rollup, Status, VersionStanding};

use crate::certainty::{Certainty, Needed, Shortage};
use crate::error::SolveError;
use crate::reach::{Reach, reach};
use crate::{Solved, with_answer};
use checker::Certified;
use model::estate::Estate;
use model::id::{LicenseId, Table, TitleId, VersionId};

/// A proven answer with all that follows from it.
#[derive(Clone, Debug)]
pub struct Position<'e> {
    /// The answer, accepted by the checker.
    pub certified: Certified<'e>,
    /// What follows.
    pub derived: Derived,
}

/// What follows from a position.
#[derive(Clone, Debug)]
pub struct Derived {
    /// By version.
    pub versions: Table<VersionId, VersionStanding>,
    /// By title: its worst version.
    pub titles: Table<TitleId, Status>,
    /// By license: whether best allocations use it; none where that is not known.
    pub needed: Table<LicenseId, Option<Needed>>,
    /// Titles of one family, by name.
    pub families: Vec<Rollup>,
    /// Titles of one publisher, by name.
    pub publishers: Vec<Rollup>,
}

/// The proven position of an estate.
///
/// # Errors
/// As [`answer`](crate::answer()).
pub fn position(estate: &Estate) -> Result<Position<'_>, SolveError> {
    with_answer(estate, |solved, certified| {
        let derived = solved.derive(&certified);
        Position { certified, derived }
    })
}

impl Solved<'_, '_> {
    /// What follows from an answer that was certified.
    #[must_use]
    pub fn derive(&self, certified: &Certified<'_>) -> Derived {
        let estate = certified.estate();
        let (later, (certainty, reach)) =
            rayon::join(|| later::short_later(estate), || rayon::join(|| self.certainty(), || self.reach()));
        let Certainty { shortage, needed } = certainty;
        standing::derive(certified, needed, |version| Known {
            shortage: shortage[version],
            reach: reach[version],
            is_short_later: later[version],
        })
    }

    /// How far each version could be covered if it were the only demand.
    #[must_use]
    pub fn reach(&self) -> Table<VersionId, Reach> {
        reach(&self.statement.problem, &self.statement.map)
    }
}

/// What is known of a version beside its figures.
struct Known {
    shortage: Option<Shortage>,
    reach: Reach,
    is_short_later: bool,
}
