//! The part of an estate that a question concerns, made small, and what it comes to when something is changed.
//!
//! The part has the titles that rights connect with those asked about: what happens elsewhere changes nothing there.
//! Installs whose asset and user no assignment names differ in nothing that counts, so they stand without them and are
//! added up: what is tried costs time in proportion to the different places and lots, not to the installs.
//!
//! *Guaranteed*: what a trial says was read off an answer that the checker has accepted, or off the face of best
//! answers around it. An estate that cannot be solved here (an upgrade that needs an integer program where there is
//! none) has no trial, and nothing is said to work that was not tried.

use checker::Certified;
use model::edit::{Extractor, Facts, Rows};
use model::estate::{Assigned, Estate, Target, find};
use model::id::{AssignmentId, ContractId, Id, LicenseId, SkuId, Table, TitleId, VersionId, ids_in};
use model::number::Quantity;
use model::objective::Level;
use scenarios::rows_around;
use solver::{Shortage, SolveError, with_answer};
use std::collections::BTreeSet;

/// The estate of some titles and what rights connect with them. Scopes have the ids of the whole.
pub(crate) struct Part<'w> {
    whole: &'w Estate,
    pub(crate) estate: Estate,
    rows: Rows,
    versions: Vec<VersionId>,
    /// Targets of the part's installs that have assignments anywhere; sorted.
    pub(crate) assigned: Vec<Target>,
}

/// What a changed part comes to.
pub(crate) struct Trial {
    /// Its figures.
    pub(crate) figures: TrialFigures,
    /// Whether best allocations leave something of a version uncovered; none where that is not known or was not asked.
    pub(crate) shortage: Table<VersionId, Option<Shortage>>,
}

/// The figures of a trial.
pub(crate) struct TrialFigures {
    /// License assignments and title assignments unmet.
    pub(crate) unmet: [i128; 2],
    /// Installs uncovered.
    pub(crate) uncovered: i128,
    /// Uncovered demand by version.
    pub(crate) lacking: Table<VersionId, Quantity>,
    /// What is assigned to whom and met.
    pub(crate) met: BTreeSet<(Assigned, Target)>,
}

impl<'w> Part<'w> {
    /// The part around some titles; installs of `kept` targets are told apart even if nothing is assigned to them.
    pub(crate) fn around(whole: &'w Estate, titles: &[TitleId], kept: &BTreeSet<Target>) -> Self {
        let rows = rows_around(whole, titles);
        let versions = rows.titles.iter().flat_map(|&title| ids_in(&whole.titles[title].versions)).collect();
        let assigned: BTreeSet<Target> = whole.assignments.iter().map(|assignment| assignment.target).collect();
        let mut facts = Facts::of(Extractor::new(whole).extract(&rows));
        let is_told_apart = |estate: &Estate, target: Target| {
            let target = renamed(estate, whole, target).expect("the whole has all names of its parts");
            assigned.contains(&target) || kept.contains(&target)
        };
        let part = facts.rows();
        let assets = part.assets.ids().map(|asset| is_told_apart(part, Target::Asset(asset)));
        let assets = Table::<_, bool>::new(assets.collect());
        let users =
            Table::<_, bool>::new(part.users.ids().map(|user| is_told_apart(part, Target::User(user))).collect());
        for install in facts.installs_mut() {
            install.last_used = None;
            install.asset = install.asset.filter(|&asset| assets[asset]);
            install.user = install.user.filter(|&user| users[user]);
        }
        let estate = facts.finish();
        let targets = estate.assets.ids().map(Target::Asset).chain(estate.users.ids().map(Target::User));
        let is_assigned = |&target: &Target| renamed(&estate, whole, target).is_some_and(|own| assigned.contains(&own));
        let assigned = targets.filter(is_assigned).collect();
        Self { whole, estate, rows, versions, assigned }
    }

    /// What a version of the whole is in the part, if it is of it.
    pub(crate) fn version(&self, version: VersionId) -> Option<VersionId> {
        self.versions.binary_search(&version).ok().map(Id::at)
    }

    /// What a version of the part is in the whole.
    pub(crate) fn whole_version(&self, version: VersionId) -> VersionId {
        self.versions[version.index()]
    }

    pub(crate) fn sku(&self, sku: SkuId) -> Option<SkuId> {
        self.rows.skus.binary_search(&sku).ok().map(Id::at)
    }

    /// The SKUs of the part as the whole knows them.
    pub(crate) fn skus(&self) -> &[SkuId] {
        &self.rows.skus
    }

    pub(crate) fn license(&self, license: LicenseId) -> Option<LicenseId> {
        self.rows.licenses.binary_search(&license).ok().map(Id::at)
    }

    /// The licenses of the part as the whole knows them.
    pub(crate) fn licenses(&self) -> &[LicenseId] {
        &self.rows.licenses
    }

    /// The assignments of the part as the whole knows them.
    pub(crate) fn assignments(&self) -> &[AssignmentId] {
        &self.rows.assignments
    }

    pub(crate) fn assignment(&self, assignment: AssignmentId) -> Option<AssignmentId> {
        self.rows.assignments.binary_search(&assignment).ok().map(Id::at)
    }

    pub(crate) fn target(&self, target: Target) -> Option<Target> {
        renamed(self.whole, &self.estate, target)
    }

    pub(crate) fn contract(&self, contract: ContractId) -> Option<ContractId> {
        find(&self.estate.contracts, &self.whole.contracts[contract], String::as_str)
    }

    pub(crate) fn whole_contract(&self, contract: ContractId) -> ContractId {
        let found = find(&self.whole.contracts, &self.estate.contracts[contract], String::as_str);
        found.expect("the whole has all names of its parts")
    }
}

/// What a target of one estate is in another, by its name.
fn renamed(from: &Estate, to: &Estate, target: Target) -> Option<Target> {
    match target {
        Target::Asset(asset) => find(&to.assets, &from.assets[asset], String::as_str).map(Target::Asset),
        Target::User(user) => find(&to.users, &from.users[user], String::as_str).map(Target::User),
    }
}

impl Trial {
    /// Solves an estate; none where that is not possible here. What best allocations leave uncovered is asked of those
    /// versions alone that `asked` names once it knows the figures.
    ///
    /// # Errors
    /// [`SolveError::Refused`]: the checker refuses the answer, a defect.
    pub(crate) fn of(
        estate: &Estate,
        asked: impl Fn(&TrialFigures) -> Vec<VersionId>,
    ) -> Result<Option<Self>, SolveError> {
        match Self::solved(estate, asked) {
            Ok(trial) => Ok(Some(trial)),
            Err(error @ SolveError::Refused(_)) => Err(error),
            Err(_) => Ok(None),
        }
    }

    fn solved(estate: &Estate, asked: impl Fn(&TrialFigures) -> Vec<VersionId>) -> Result<Self, SolveError> {
        with_answer(estate, |solved, certified| {
            let figures = TrialFigures::of(&certified);
            let is_proved = certified.gaps().first().is_none_or(|gap| gap.level > Level::Uncovered);
            let shortage = if is_proved && figures.uncovered == 0 {
                Table::filled(Some(Shortage::Never), estate.versions.len())
            } else {
                solved.shortages(&asked(&figures))
            };
            Self { figures, shortage }
        })
    }
}

impl TrialFigures {
    fn of(certified: &Certified<'_>) -> Self {
        let figures = certified.figures();
        let level = |level: Level| figures.objective[level.index()];
        let outcomes = certified.estate().assignments.iter().zip(&figures.assignments);
        let met = outcomes.filter(|(_, outcome)| outcome.is_met()).map(|(row, _)| (row.assigned, row.target));
        Self {
            unmet: [level(Level::LicenseAssignmentsUnmet), level(Level::TitleAssignmentsUnmet)],
            uncovered: level(Level::Uncovered),
            lacking: Table::new(figures.versions.iter().map(|row| row.uncovered).collect()),
            met: met.collect(),
        }
    }

    /// The versions of which something is uncovered.
    pub(crate) fn short(&self) -> Vec<VersionId> {
        self.lacking.enumerate().filter(|(_, units)| !units.is_zero()).map(|(version, _)| version).collect()
    }
}
