//! The least that would remove a shortage or meet an assignment, found by trying.
//!
//! A change removes a shortage of some versions if in every best allocation of the changed estate nothing of them is
//! uncovered, no more assignments are unmet than before, and no other version pays for it. It meets an assignment if the
//! assignment is met in the position of the changed estate and not at the cost of another. Each remedy was tried: the
//! checker has accepted an answer for the changed estate. Each is least: with one unit, one install or one edit less
//! it is not enough. Changes are tried alone first, and several of a kind together only where none alone is enough.
//!
//! Remedies stand in the order of [`Edit`]: facts that may have been entered wrongly come before everything that costs
//! something, as nobody should buy what is owned already. Purchases stand by what they cost where all prices are known,
//! else by units.
//!
//! *Cost*: a position of the [part](crate::part) for each trial, two or three of them for most remedies, on all cores.
//!
//! *Cannot*: find changes of several kinds that only together are enough; say what is least in money where prices
//! are missing.

mod data;
mod units;
mod work;

use crate::change::Edit;
use crate::demand::{Need, Spot};
use crate::part::{Part, Trial, TrialFigures};
use crate::supply::Supply;
use checker::Certified;
use checker::plan::CertifiedPlan;
use model::estate::{Assigned, Assignment, Estate, Target};
use model::id::{AssignmentId, LicenseId, ScopeId, SkuId, Table, TitleId, VersionId};
use model::market::Market;
use rayon::prelude::*;
use solver::{Shortage, SolveError};
use std::collections::BTreeSet;

/// Changes of one kind that together remove a shortage; without any one of them it stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// What to change; never empty, in order.
    pub edits: Vec<Edit>,
    /// What it costs in units of 10^-4, where prices are known.
    pub cost: Option<i128>,
}

/// What is to be reached.
#[derive(Clone, Copy)]
pub(crate) enum Question<'q> {
    /// That nothing of these versions of one title is uncovered.
    Cover(&'q [VersionId]),
    /// That an assignment is met.
    Meet(AssignmentId),
}

/// What a changed part must come to, by ids of the part.
pub(crate) struct Goal {
    aim: Aim,
    /// License and title assignments unmet as it is.
    unmet: [i128; 2],
    /// Installs uncovered as it is.
    uncovered: i128,
}

enum Aim {
    /// In no best allocation anything of the versions is uncovered, and no more of all others than as it is.
    Cover {
        versions: Vec<VersionId>,
        /// What is uncovered of all others as it is.
        others: i128,
    },
    /// The assignment is met, and not at the cost of another.
    Meet(Assigned, Target),
}

/// What is looked for, and where.
pub(crate) struct Search<'s, 'e> {
    certified: &'s Certified<'e>,
    supply: &'s Supply<'e>,
    part: &'s Part<'e>,
    question: Question<'s>,
    goal: Goal,
    /// The title asked about, or that of what is assigned.
    title: TitleId,
    /// The versions that lack something, and might be covered by a right that is missing.
    short: Vec<VersionId>,
    /// What the licenses at hand are too few for.
    spots: &'s [Spot],
    /// SKUs whose rights lead there.
    leads: Table<SkuId, bool>,
}

impl Goal {
    /// What a changed part must come to; none if the part cannot be solved as it is, or is not concerned.
    pub(crate) fn of(part: &Part<'_>, question: Question<'_>) -> Result<Option<Self>, SolveError> {
        let Some(now) = Trial::of(&part.estate, |_| Vec::new())?.map(|trial| trial.figures) else { return Ok(None) };
        let aim = match question {
            Question::Cover(versions) => {
                let versions: Vec<VersionId> = versions.iter().filter_map(|&version| part.version(version)).collect();
                let lacking: i128 = versions.iter().map(|&version| i128::from(now.lacking[version].get())).sum();
                Aim::Cover { versions, others: now.uncovered - lacking }
            }
            Question::Meet(assignment) => {
                let Some(own) = part.assignment(assignment) else { return Ok(None) };
                let row = part.estate.assignments[own];
                Aim::Meet(row.assigned, row.target)
            }
        };
        Ok(Some(Self { aim, unmet: now.unmet, uncovered: now.uncovered }))
    }

    /// All that is unmet and uncovered as it is.
    fn cost(&self) -> i128 {
        self.unmet[0] + self.unmet[1] + self.uncovered
    }

    /// How many installs must be covered beside those that are.
    fn lacking(&self) -> i128 {
        match self.aim {
            Aim::Cover { others, .. } => self.uncovered - others,
            Aim::Meet(..) => 0,
        }
    }

    /// Whether these edits reach it.
    fn is_reached(&self, part: &Part<'_>, edits: &[Edit]) -> Result<bool, SolveError> {
        let Some(changed) = part.changed(edits) else { return Ok(false) };
        Ok(self.trial(&changed)?.is_some())
    }

    /// What a changed part comes to, if that reaches it.
    fn trial(&self, changed: &Estate) -> Result<Option<TrialFigures>, SolveError> {
        let asked = |figures: &TrialFigures| match &self.aim {
            Aim::Cover { versions, .. } if self.may_hold(figures) => versions.clone(),
            _ => Vec::new(),
        };
        let Some(trial) = Trial::of(changed, asked)? else { return Ok(None) };
        let is_certain = match &self.aim {
            Aim::Cover { versions, .. } => {
                versions.iter().all(|&version| trial.shortage[version] == Some(Shortage::Never))
            }
            Aim::Meet(..) => true,
        };
        Ok((is_certain && self.may_hold(&trial.figures)).then_some(trial.figures))
    }

    /// Whether figures reach it, if what they say of the versions is certain.
    fn may_hold(&self, figures: &TrialFigures) -> bool {
        match &self.aim {
            Aim::Cover { versions, others } => {
                let is_covered = |&version: &VersionId| figures.lacking[version].is_zero();
                figures.unmet <= self.unmet && figures.uncovered <= *others && versions.iter().all(is_covered)
            }
            Aim::Meet(assigned, target) => figures.unmet < self.unmet && figures.met.contains(&(*assigned, *target)),
        }
    }
}

impl<'s, 'e> Search<'s, 'e> {
    /// Prepares to look; none if the part cannot be solved as it is.
    pub(crate) fn new(
        certified: &'s Certified<'e>,
        supply: &'s Supply<'e>,
        part: &'s Part<'e>,
        question: Question<'s>,
        spots: &'s [Spot],
    ) -> Result<Option<Self>, SolveError> {
        let Some(goal) = Goal::of(part, question)? else { return Ok(None) };
        let estate = supply.estate;
        let is_short = |version: &VersionId| !certified.figures().versions[*version].uncovered.is_zero();
        let (title, short) = match question {
            Question::Cover(versions) => {
                (estate.versions[versions[0]].title, versions.iter().copied().filter(is_short).collect())
            }
            Question::Meet(assignment) => {
                let row = estate.assignments[assignment];
                let covers = spots.iter().filter_map(|spot| match spot.need {
                    Need::Cover(version) => Some(version),
                    Need::Base(_) => None,
                });
                (title_of(estate, row.assigned), covers.collect())
            }
        };
        let needs: BTreeSet<Need> = spots.iter().map(|spot| spot.need).collect();
        let leads = supply.catalog.leading_to(&needs);
        Ok(Some(Self { certified, supply, part, question, goal, title, short, spots, leads }))
    }

    /// Every remedy there is of every kind, in order.
    pub(crate) fn remedies(&self) -> Result<Vec<Remedy>, SolveError> {
        let mut remedies = self.data_errors()?;
        remedies.extend(self.releases()?);
        remedies.extend(self.gated_units()?);
        remedies.extend(self.transfers()?);
        remedies.extend(self.reinstalls()?);
        remedies.extend(self.enlargements()?);
        remedies.extend(self.purchases()?);
        remedies.extend(self.gated_purchases()?);
        Ok(remedies)
    }

    fn estate(&self) -> &'e Estate {
        self.supply.estate
    }

    /// Licenses of the part whose rights lead to the demand.
    fn leading(&self) -> Vec<LicenseId> {
        let mut licenses: Vec<LicenseId> = self.supply.licenses_of(&self.leads).collect();
        licenses.sort_unstable();
        licenses
    }

    /// Whether these edits are enough.
    fn is_enough(&self, edits: &[Edit]) -> Result<bool, SolveError> {
        self.goal.is_reached(self.part, edits)
    }

    /// The edits that are enough alone, or else the fewest of them found that are together.
    fn alone_or_together(&self, candidates: &[Edit]) -> Result<Vec<Remedy>, SolveError> {
        if candidates.is_empty() || (self.only_add(candidates) && !self.is_within_reach(candidates)?) {
            return Ok(Vec::new());
        }
        let large: Vec<Edit> = candidates.iter().filter(|edit| self.has_units_enough(edit)).copied().collect();
        let alone = self.alone(&large)?;
        if !alone.is_empty() || candidates.len() < 2 || !self.is_enough(candidates)? {
            return Ok(alone);
        }
        Ok(vec![Remedy { edits: self.without_needless(candidates)?, cost: None }])
    }

    /// Whether edits do nothing but add places or days at which units may be used, and no assignment takes any of them:
    /// then the more of them, the fewer installs are uncovered.
    fn only_add(&self, edits: &[Edit]) -> bool {
        let estate = self.estate();
        let is_assigned = |license: LicenseId| {
            let is_of_it = |row: &&Assignment| row.assigned == Assigned::License(license);
            estate.assignments.iter().find(is_of_it).is_some()
        };
        let only_adds = |edit: &Edit| match *edit {
            Edit::Count(license) => !is_assigned(license),
            Edit::AnyContract(_) => true,
            Edit::Widen { license, scope } => {
                let own = estate.licenses[license].scope;
                let mut above = estate.scope_and_above(own);
                above.any(|above| above == scope) && estate.transfers.iter().all(|transfer| transfer.from != own)
            }
            _ => false,
        };
        self.goal.unmet == [0, 0] && edits.iter().all(only_adds)
    }

    /// Whether with these edits and more of their kind the goal might be reached.
    fn is_within_reach(&self, edits: &[Edit]) -> Result<bool, SolveError> {
        let Some(changed) = self.part.changed(edits) else { return Ok(false) };
        let trial = Trial::of(&changed, |_| Vec::new())?;
        Ok(trial.is_some_and(|trial| trial.figures.uncovered <= self.goal.uncovered - self.goal.lacking()))
    }

    /// Whether the license that an edit is about has as many units as are lacking: each covers one install at most.
    fn has_units_enough(&self, edit: &Edit) -> bool {
        let (Edit::Count(license) | Edit::AnyContract(license) | Edit::Widen { license, .. }) = *edit else {
            return true;
        };
        let units = self.estate().licenses[license].quantity;
        units.is_none_or(|units| i128::from(units.get()) >= self.goal.lacking())
    }

    /// Edits that are enough together, without those that the others can do without.
    fn without_needless(&self, edits: &[Edit]) -> Result<Vec<Edit>, SolveError> {
        let mut kept = edits.to_vec();
        // From the last on, so that those that come first in order are kept.
        for index in (0..kept.len()).rev() {
            let mut fewer = kept.clone();
            fewer.remove(index);
            if !fewer.is_empty() && self.is_enough(&fewer)? {
                kept = fewer;
            }
        }
        Ok(kept)
    }

    /// The edits that are enough alone.
    fn alone(&self, candidates: &[Edit]) -> Result<Vec<Remedy>, SolveError> {
        let tried: Result<Vec<bool>, SolveError> = candidates.par_iter().map(|&edit| self.is_enough(&[edit])).collect();
        let enough = candidates.iter().zip(tried?).filter(|&(_, is_enough)| is_enough);
        Ok(enough.map(|(&edit, _)| Remedy { edits: vec![edit], cost: None }).collect())
    }

    /// The shortest beginning of a list of edits that is enough, without those that are needless; none if not all of
    /// them are enough.
    fn least_beginning(&self, edits: &[Edit]) -> Result<Option<Remedy>, SolveError> {
        if edits.is_empty() || !self.is_enough(edits)? {
            return Ok(None);
        }
        let least = least(edits.len() as u64, edits.len() as u64, |count| self.is_enough(&edits[..index(count)]))?;
        Ok(Some(Remedy { edits: self.without_needless(&edits[..index(least)])?, cost: None }))
    }

    /// The lowest scope that all of these lie in.
    fn common_scope(&self, scopes: impl IntoIterator<Item = ScopeId>) -> Option<ScopeId> {
        let above = |scope: ScopeId| self.estate().scope_and_above(scope).collect::<Vec<_>>();
        let mut scopes = scopes.into_iter();
        let mut common = above(scopes.next()?);
        for scope in scopes {
            let other = above(scope);
            common.retain(|scope| other.contains(scope));
        }
        common.first().copied()
    }

    /// The scopes of the demand that a license may not be used in for its own scope.
    fn out_of_reach(&self, license: LicenseId) -> Vec<ScopeId> {
        let spots = self.spots.iter().filter(|spot| {
            let any_contract = Spot { contract: None, ..**spot };
            !self.supply.may_be_used(license, any_contract)
        });
        spots.map(|spot| spot.scope).collect()
    }
}

/// The least count from 1 to `most` that is enough, where `most` is and more is never worse; begins with a guess.
fn least(most: u64, guess: u64, is_enough: impl Fn(u64) -> Result<bool, SolveError>) -> Result<u64, SolveError> {
    // Nothing is not enough; `enough` is.
    let (mut too_few, mut enough) = (0, most);
    let guess = guess.clamp(1, most);
    if guess < most && is_enough(guess)? {
        enough = guess;
    } else if guess < most {
        too_few = guess;
    }
    if enough - too_few > 1 && is_enough(enough - 1)? {
        enough -= 1;
    } else if enough - too_few > 1 {
        too_few = enough - 1;
    }
    while enough - too_few > 1 {
        let middle = too_few + (enough - too_few) / 2;
        if is_enough(middle)? {
            enough = middle;
        } else {
            too_few = middle;
        }
    }
    Ok(enough)
}

/// The best plan; none where there is none to be had here.
fn plan(estate: &Estate, market: &Market) -> Result<Option<CertifiedPlan>, SolveError> {
    match solver::market::plan(estate, market) {
        Ok(plan) => Ok(Some(plan)),
        Err(error @ SolveError::Refused(_)) => Err(error),
        Err(_) => Ok(None),
    }
}

fn index(count: u64) -> usize {
    usize::try_from(count).expect("a count of what is in memory")
}

/// The title of what is assigned.
pub(crate) fn title_of(estate: &Estate, assigned: Assigned) -> TitleId {
    match assigned {
        Assigned::License(license) => estate.versions[estate.sku_of(license).version].title,
        Assigned::Title(title) => title,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_is_found_from_any_guess() {
        for most in 1..9 {
            for wanted in 1..=most {
                for guess in 0..=most + 1 {
                    assert_eq!(least(most, guess, |count| Ok(count >= wanted)), Ok(wanted), "{guess} of {most}");
                }
            }
        }
    }

    #[test]
    fn a_good_guess_takes_two_trials() {
        let trials = std::cell::Cell::new(0);
        let tried = |count| {
            trials.set(trials.get() + 1);
            Ok(count >= 26)
        };
        assert_eq!((least(100_000, 26, tried), trials.get()), (Ok(26), 2));
    }
}
