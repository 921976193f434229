//! What an asset or a user has: installs, what covers each, assignments and what became of them.

use crate::demand::{Need, Spot};
use crate::part::Part;
use crate::remedy::{Question, Remedy, Search, title_of};
use crate::supply::Supply;
use crate::version::{Refusal, needs, refusals, wanted_spots};
use checker::Certified;
use checker::allocation::{DemandKey, Destination, Row};
use checker::figures::{Outcome, Unmet as UnmetReason};
use model::estate::{Assigned, Estate, Install, Target, TrackBy};
use model::id::AssignmentId;
use model::number::Quantity;
use solver::{Position, SolveError};
use std::collections::BTreeSet;

/// What there is to say of an asset or a user.
#[derive(Clone, Debug)]
pub struct HolderExplanation {
    /// Which one.
    pub target: Target,
    /// Its installs, with what covers each.
    pub installs: Vec<InstallFacts>,
    /// Entitlements set aside for it.
    pub set_aside: Vec<Row>,
    /// Demand for titles tracked by assignments, with what covers it.
    pub tracked: Vec<DemandFacts>,
    /// Its assignments; what became of them is in the position.
    pub assignments: Vec<AssignmentId>,
    /// Those of them for which no entitlement could be had.
    pub unmet: Vec<Unmet>,
}

/// An assignment for which no entitlement could be had.
#[derive(Clone, Debug)]
pub struct Unmet {
    /// The assignment.
    pub assignment: AssignmentId,
    /// What is needed for it; empty where it is plain from the outcome what is missing.
    pub needs: Vec<Need>,
    /// Why each license that is near does not help, where something is needed.
    pub refused: Vec<Refusal>,
    /// What would meet it, in the order of [`Remedy`]; none if it was not possible to try.
    pub remedies: Option<Vec<Remedy>>,
}

/// An install with what covers it.
#[derive(Clone, Debug)]
pub struct InstallFacts {
    /// The row of the estate.
    pub install: Install,
    /// Whether it is demand.
    pub counts: Counts,
}

/// Whether an install is demand, and what became of that.
#[derive(Clone, Debug)]
pub enum Counts {
    /// It is; rows that differ in nothing but the last use or the reason they count stand together.
    Demand(DemandFacts),
    /// It is excluded.
    Excluded,
    /// Its title is not calculated.
    InactiveTitle,
    /// Of its title, assignments are the demand.
    TrackedByAssignments,
}

/// Demand with what covers it.
#[derive(Clone, Debug)]
pub struct DemandFacts {
    /// What is demanded where.
    pub key: DemandKey,
    /// The entitlements that cover it.
    pub rows: Vec<Row>,
    /// What has none.
    pub uncovered: Quantity,
}

/// Explains an asset or a user.
///
/// # Errors
/// [`SolveError::Refused`] if the checker refuses an answer for a changed estate: a defect.
pub(crate) fn explain(position: &Position<'_>, target: Target) -> Result<HolderExplanation, SolveError> {
    let certified = &position.certified;
    let estate = certified.estate();
    let is_own = |install: &&Install| match target {
        Target::Asset(asset) => install.asset == Some(asset),
        Target::User(user) => install.user == Some(user),
    };
    let installs = estate.installs.iter().filter(is_own);
    let installs =
        installs.map(|install| InstallFacts { install: install.clone(), counts: counts(certified, install) });
    let is_aside = |row: &&Row| matches!(row.destination, Destination::SetAside(aside) if aside.target == target);
    let assigned = estate.assignments.enumerate().filter(|(_, row)| row.target == target);
    let assignments: Vec<AssignmentId> = assigned.map(|(id, _)| id).collect();
    let outcomes = &certified.figures().assignments;
    let is_unmet = |id: &&AssignmentId| matches!(outcomes[**id], Outcome::Unmet(_));
    let unmet: Result<Vec<Unmet>, SolveError> =
        assignments.iter().filter(is_unmet).map(|&assignment| unmet(position, assignment)).collect();
    Ok(HolderExplanation {
        target,
        installs: installs.collect(),
        set_aside: certified.allocation().rows.iter().filter(is_aside).cloned().collect(),
        tracked: tracked(certified, target),
        assignments,
        unmet: unmet?,
    })
}

/// Why an assignment is unmet, and what would meet it.
fn unmet(position: &Position<'_>, assignment: AssignmentId) -> Result<Unmet, SolveError> {
    let certified = &position.certified;
    let estate = certified.estate();
    let row = estate.assignments[assignment];
    let supply = Supply::of(certified);
    let spots = spots(certified, assignment);
    let title = title_of(estate, row.assigned);
    let refused = if spots.is_empty() { Vec::new() } else { refusals(certified, &supply, &[], title, &spots) };
    let part = Part::around(estate, &[title], &BTreeSet::new());
    let search = Search::new(certified, &supply, &part, Question::Meet(assignment), &spots)?;
    let remedies = search.map(|search| search.remedies()).transpose()?;
    Ok(Unmet { assignment, needs: needs(&spots), refused, remedies })
}

/// What is needed where for an unmet assignment.
fn spots(certified: &Certified<'_>, assignment: AssignmentId) -> Vec<Spot> {
    let estate = certified.estate();
    let row = estate.assignments[assignment];
    let aside = |need: Need| Spot { need, scope: row.scope, contract: None };
    match (row.assigned, certified.figures().assignments[assignment]) {
        (Assigned::License(license), Outcome::Unmet(UnmetReason::NothingToStandOn)) => {
            vec![aside(Need::Base(estate.licenses[license].sku))]
        }
        (Assigned::License(_), _) => Vec::new(),
        (Assigned::Title(title), Outcome::Unmet(UnmetReason::NoEntitlement)) => wanted_spots(estate, &row, title),
        (Assigned::Title(title), _) => {
            let uncovered = certified.figures().uncovered.iter().map(|(key, _)| key);
            let own = uncovered.filter(|key| key.is_of(row.target) && estate.versions[key.version].title == title);
            own.map(Spot::of).collect()
        }
    }
}

fn counts(certified: &Certified<'_>, install: &Install) -> Counts {
    let estate = certified.estate();
    let title = estate.title_of(install.version);
    match title.track_by {
        _ if install.excluded.is_some() => Counts::Excluded,
        _ if !title.is_active => Counts::InactiveTitle,
        TrackBy::Assignments => Counts::TrackedByAssignments,
        TrackBy::Installations => {
            let &Install { version, scope, contract, asset, user, .. } = install;
            Counts::Demand(demand(certified, DemandKey { version, scope, contract, asset, user }))
        }
    }
}

fn demand(certified: &Certified<'_>, key: DemandKey) -> DemandFacts {
    let is_for_it = |row: &&Row| row.destination == Destination::Demand(key);
    let uncovered = certified.figures().uncovered.iter().find(|(other, _)| *other == key);
    DemandFacts {
        key,
        rows: certified.allocation().rows.iter().filter(is_for_it).cloned().collect(),
        uncovered: uncovered.map_or(Quantity::ZERO, |&(_, quantity)| quantity),
    }
}

/// Demand of the target that comes from its assignments.
fn tracked(certified: &Certified<'_>, target: Target) -> Vec<DemandFacts> {
    let estate: &Estate = certified.estate();
    let is_own = |key: &DemandKey| key.is_of(target) && estate.title_of(key.version).track_by == TrackBy::Assignments;
    let covered = certified.allocation().rows.iter().filter_map(|row| match row.destination {
        Destination::Demand(key) => Some(key),
        Destination::SetAside(_) => None,
    });
    let uncovered = certified.figures().uncovered.iter().map(|&(key, _)| key);
    let mut keys: Vec<DemandKey> = covered.chain(uncovered).filter(is_own).collect();
    keys.sort_unstable();
    keys.dedup();
    keys.into_iter().map(|key| demand(certified, key)).collect()
}
