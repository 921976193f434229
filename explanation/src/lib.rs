//! Why a position is what it is: facts as data, from which a report makes sentences, and remedies that were tried.
//!
//! ```text
//! Position + name -> Subject -> Explanation
//!                    find       facts: what is where, what covers it, which sets are short, why the rest cannot help
//!                               trials: the part concerned, changed and solved again
//! ```
//!
//! An explanation is of a [`Position`], and so of an answer that the checker has accepted. What covers what, and which
//! licenses are too few, is read off that answer. Why a license cannot help follows from the estate alone
//! ([`supply`](Reason)). What a change would do was tried: the part of the estate concerned was changed and solved
//! again, and the checker has accepted that answer too.
//!
//! *Cost*: linear in the installs and licenses of the estate once, then a position of the part for each trial, in which
//! installs that differ in nothing that counts are one.
//!
//! *Cannot*: explain why an allocation was chosen among those that are equally good at the first three levels.

mod catalog;
mod change;
mod demand;
mod holder;
mod license;
mod part;
mod remedy;
mod subject;
mod supply;
mod version;

pub use change::Edit;
pub use demand::{Need, Served, Spot};
pub use holder::{Counts, DemandFacts, HolderExplanation, InstallFacts, Unmet};
pub use license::{Effect, Idle, LicenseExplanation, Turned};
pub use remedy::Remedy;
pub use subject::{Subject, Unnamed};
pub use supply::{Obstacle, Reason};
pub use version::{
    Coverage, DemandExplanation, Dependence, Fate, PathUnit, PlaceFacts, Refusal, Shortfall, Support, VersionFacts,
};

use model::id::ids_in;
use solver::{Position, SolveError};

/// What there is to say, by what was asked about.
#[derive(Clone, Debug)]
pub enum Explanation {
    /// Of versions of a title.
    Demand(DemandExplanation),
    /// Of a license.
    License(LicenseExplanation),
    /// Of an asset or a user.
    Holder(HolderExplanation),
}

/// Explains one thing of a position.
///
/// # Errors
/// [`SolveError::Refused`] if the checker refuses an answer for a changed estate: a defect.
pub fn explain(position: &Position<'_>, subject: Subject) -> Result<Explanation, SolveError> {
    let estate = position.certified.estate();
    SolveError::unless_single(estate, "explanations")?;
    Ok(match subject {
        Subject::Version(version) => {
            Explanation::Demand(version::explain(position, estate.versions[version].title, &[version])?)
        }
        Subject::Title(title) => {
            let versions: Vec<_> = ids_in(&estate.titles[title].versions).collect();
            Explanation::Demand(version::explain(position, title, &versions)?)
        }
        Subject::License(license) => Explanation::License(license::explain(position, license)?),
        Subject::Holder(target) => Explanation::Holder(holder::explain(position, target)?),
    })
}
