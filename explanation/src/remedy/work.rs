//! What can be decided or done with what is owned.

use super::{Question, Remedy, Search};
use crate::change::Edit;
use crate::demand::{Need, Spot};
use checker::figures::Outcome;
use model::estate::{Assigned, Assignment, Target, TrackBy};
use model::id::{ContractId, ScopeId, SkuId, VersionId, ids_in};
use model::market::{Market, Reinstall};
use model::number::{Money, Quantity};
use solver::SolveError;
use std::collections::{BTreeMap, BTreeSet};

impl Search<'_, '_> {
    /// Assignments to somebody who has nothing installed, dissolved: as few as need be of each license or title.
    pub(super) fn releases(&self) -> Result<Vec<Remedy>, SolveError> {
        let estate = self.estate();
        let outcomes = &self.certified.figures().assignments;
        let mut groups: BTreeMap<Assigned, Vec<Edit>> = BTreeMap::new();
        for &id in self.part.assignments() {
            if matches!(outcomes[id], Outcome::MetNotInstalled(_)) {
                groups.entry(estate.assignments[id].assigned).or_default().push(Edit::Release(id));
            }
        }
        let found = groups.into_values().filter_map(|edits| self.least_beginning(&edits).transpose());
        found.collect()
    }

    /// Units that may be used only when assigned, assigned to those who lack one: as few as need be of each license.
    pub(super) fn gated_units(&self) -> Result<Vec<Remedy>, SolveError> {
        let estate = self.estate();
        let mut remedies = Vec::new();
        for license in self.leading().into_iter().filter(|&license| estate.is_active(license)) {
            let sku = estate.licenses[license].sku;
            if self.is_assignable(sku) {
                let has = |target: Target| {
                    let is_same = |row: &Assignment| row.target == target && row.assigned == Assigned::License(license);
                    estate.assignments.iter().any(is_same)
                };
                let left = self.supply.units[license].left.map_or(u64::MAX, Quantity::get);
                let lacking = self.lacking_targets(sku, |spot| self.supply.may_be_used(license, spot)).into_iter();
                let targets = lacking.filter(|&target| !has(target)).take(usize::try_from(left).unwrap_or(usize::MAX));
                let edits: Vec<Edit> = targets.map(|target| Edit::Assign { license, target }).collect();
                remedies.extend(self.least_beginning(&edits)?);
            }
        }
        Ok(remedies)
    }

    /// Whether units of a SKU may be used only when assigned, and an assignment demands nothing by itself.
    pub(super) fn is_assignable(&self, sku: SkuId) -> bool {
        let row = &self.estate().skus[sku];
        let is_tracked = self.estate().title_of(row.version).track_by == TrackBy::Assignments;
        row.use_only_when_assigned && !is_tracked
    }

    /// Assets and users of uncovered installs that a unit of the SKU may cover where it may be used, each once.
    pub(super) fn lacking_targets(&self, sku: SkuId, may_be_used: impl Fn(Spot) -> bool) -> Vec<Target> {
        let may_cover = &self.estate().skus[sku].may_cover;
        let uncovered = self.certified.figures().uncovered.iter().map(|(key, _)| key);
        let lacking = uncovered.filter(|key| {
            self.short.contains(&key.version) && may_cover.contains(&key.version) && may_be_used(Spot::of(key))
        });
        let mut found: Vec<Target> = Vec::new();
        for target in lacking.filter_map(|key| key.targets().next()) {
            if !found.contains(&target) {
                found.push(target);
            }
        }
        found
    }

    /// Leave to use licenses of one scope where they may not be used.
    pub(super) fn transfers(&self) -> Result<Vec<Remedy>, SolveError> {
        let estate = self.estate();
        let mut missed: BTreeMap<ScopeId, BTreeSet<ScopeId>> = BTreeMap::new();
        for license in self.leading().into_iter().filter(|&license| self.supply.units[license].are_usable) {
            missed.entry(estate.licenses[license].scope).or_default().extend(self.out_of_reach(license));
        }
        let transfer = |(from, missed): (ScopeId, BTreeSet<ScopeId>)| {
            let to = self.common_scope(missed)?;
            let is_there = estate.transfers.iter().any(|row| (row.from, row.to) == (from, to));
            (!is_there && from != to).then_some(Edit::Transfer { from, to })
        };
        let candidates: Vec<Edit> = missed.into_iter().filter_map(transfer).collect();
        self.alone(&candidates)
    }

    /// Another version in the place of what is short, on as few machines as need be: the nearest older one that
    /// helps, else the nearest newer.
    pub(super) fn reinstalls(&self) -> Result<Vec<Remedy>, SolveError> {
        let estate = self.estate();
        let Question::Cover(_) = self.question else { return Ok(Vec::new()) };
        let (Some(&oldest), Some(&newest)) = (self.short.first(), self.short.last()) else { return Ok(Vec::new()) };
        let title = estate.title_of(oldest);
        if title.track_by == TrackBy::Assignments {
            return Ok(Vec::new());
        }
        let older = ids_in(&(title.versions.start..oldest)).rev();
        let newer = ids_in(&(newest..title.versions.end)).skip(1);
        for version in older.chain(newer) {
            if self.can_be_covered(version)
                && let Some(remedy) = self.reinstall(version)?
            {
                return Ok(vec![remedy]);
            }
        }
        Ok(Vec::new())
    }

    fn can_be_covered(&self, version: VersionId) -> bool {
        let leads = self.supply.catalog.leading_to(&BTreeSet::from([Need::Cover(version)]));
        self.supply.licenses_of(&leads).any(|license| self.supply.units[license].are_usable)
    }

    /// The fewest installs that another version takes the place of so that nothing is short.
    fn reinstall(&self, to: VersionId) -> Result<Option<Remedy>, SolveError> {
        let Some(version) = self.part.version(to) else { return Ok(None) };
        let cost = Money::from_units(1);
        let short = self.short.iter().filter_map(|&short| self.part.version(short));
        let market = Market {
            reinstalls: short.map(|from| Reinstall { from, to: version, cost }).collect(),
            assigned_elsewhere: self.part.assigned.clone(),
            ..Market::default()
        };
        let Some(plan) = super::plan(&self.part.estate, &market)? else { return Ok(None) };
        let mut places: BTreeMap<(VersionId, ScopeId, Option<ContractId>), Quantity> = BTreeMap::new();
        for (key, _, quantity) in &plan.plan().reinstalled {
            let contract = key.contract.map(|contract| self.part.whole_contract(contract));
            *places.entry((self.part.whole_version(key.version), key.scope, contract)).or_default() += *quantity;
        }
        let edits = places.into_iter().map(|((from, scope, contract), quantity)| Edit::Reinstall {
            from,
            to,
            scope,
            contract,
            quantity,
        });
        self.least_quantities(edits.collect())
    }
}
