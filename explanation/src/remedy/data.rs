//! Facts that may have been entered wrongly: were they otherwise, nothing would be short.

use super::{Goal, Question, Remedy, Search};
use crate::change::Edit;
use crate::demand::Need;
use crate::part::Part;
use model::estate::Assigned;
use model::id::{LicenseId, ScopeId, SkuId, TitleId, VersionId};
use model::number::Quantity;
use solver::SolveError;
use std::collections::BTreeSet;

impl Search<'_, '_> {
    /// Dates, contracts, scopes and rights.
    pub(super) fn data_errors(&self) -> Result<Vec<Remedy>, SolveError> {
        let leading = self.leading();
        if let Question::Meet(assignment) = self.question
            && let Assigned::License(license) = self.estate().assignments[assignment].assigned
            && !self.estate().is_active(license)
        {
            // Nothing else is asked of it than to count.
            return self.alone(&[Edit::Count(license)]);
        }
        let has_units = |license: &&LicenseId| self.estate().licenses[**license].quantity != Some(Quantity::ZERO);
        let inactive = leading.iter().filter(|&&license| !self.estate().is_active(license)).filter(has_units);
        let dates: Vec<Edit> = inactive.map(|&license| Edit::Count(license)).collect();
        let mut remedies = self.alone_or_together(&dates)?;
        let usable = || leading.iter().copied().filter(|&license| self.supply.units[license].are_usable);
        let bound = usable().filter(|&license| self.is_bound(license));
        remedies.extend(self.alone_or_together(&bound.map(Edit::AnyContract).collect::<Vec<_>>())?);
        let wider =
            usable().filter_map(|license| self.wider_scope(license).map(|scope| Edit::Widen { license, scope }));
        remedies.extend(self.alone_or_together(&wider.collect::<Vec<_>>())?);
        remedies.extend(self.rights()?);
        Ok(remedies)
    }

    /// Whether the contract of a license keeps it from some of the demand.
    fn is_bound(&self, license: LicenseId) -> bool {
        let own = self.estate().licenses[license].contract;
        own.is_some() && self.spots.iter().any(|spot| spot.contract.is_some() && spot.contract != own)
    }

    /// The lowest scope in which a license would reach the demand that it does not reach.
    fn wider_scope(&self, license: LicenseId) -> Option<ScopeId> {
        let missed = self.out_of_reach(license);
        if missed.is_empty() {
            return None;
        }
        let own = self.estate().licenses[license].scope;
        self.common_scope(missed.iter().copied().chain([own])).or_else(|| self.common_scope(missed))
    }

    /// Rights of SKUs of which units lie idle: to cover what is short, or to stand on what lies idle.
    ///
    /// Only what a publisher might have granted is tried: a newer version for an older one or one that was maintained,
    /// an edition of one family for another.
    fn rights(&self) -> Result<Vec<Remedy>, SolveError> {
        let idle: Vec<LicenseId> = self.idle_licenses();
        let candidates: BTreeSet<Edit> =
            self.covering_rights(&idle).into_iter().chain(self.standing_rights(&idle)).collect();
        let is_inside = |edit: &Edit| match *edit {
            Edit::Cover { sku, .. } => self.part.sku(sku).is_some(),
            Edit::StandOn { sku, version } => self.part.sku(sku).is_some() && self.part.version(version).is_some(),
            _ => true,
        };
        let (inside, outside): (Vec<Edit>, Vec<Edit>) = candidates.into_iter().partition(is_inside);
        let mut remedies = self.alone(&inside)?;
        for edit in outside {
            let part = Part::around(self.estate(), &self.titles_with(edit), &BTreeSet::new());
            let Some(goal) = Goal::of(&part, self.question)? else { continue };
            if goal.is_reached(&part, &[edit])? {
                remedies.push(Remedy { edits: vec![edit], cost: None });
            }
        }
        remedies.sort_by(|one, other| one.edits.cmp(&other.edits));
        Ok(remedies)
    }

    /// Active licenses with units left that anybody may use, of the title concerned or of its family.
    fn idle_licenses(&self) -> Vec<LicenseId> {
        let estate = self.estate();
        let is_idle = |license: &LicenseId| {
            let units = self.supply.units[*license];
            units.are_usable && units.left != Some(Quantity::ZERO)
        };
        let is_near = |license: &LicenseId| {
            self.are_of_one_family(self.title, estate.versions[estate.sku_of(*license).version].title)
        };
        estate.licenses.ids().filter(is_idle).filter(is_near).collect()
    }

    fn are_of_one_family(&self, one: TitleId, other: TitleId) -> bool {
        let family = |title: TitleId| self.estate().titles[title].family.as_ref();
        one == other || (family(one).is_some() && family(one) == family(other))
    }

    fn covering_rights(&self, idle: &[LicenseId]) -> Vec<Edit> {
        let estate = self.estate();
        let is_plausible = |sku: SkuId, version: VersionId| {
            let row = &estate.skus[sku];
            let is_other_title = estate.versions[row.version].title != estate.versions[version].title;
            !row.may_cover(version) && (is_other_title || row.version > version || row.has_maintenance)
        };
        let skus: BTreeSet<SkuId> = idle.iter().map(|&license| estate.licenses[license].sku).collect();
        let pairs = skus.iter().flat_map(|&sku| self.short.iter().map(move |&version| (sku, version)));
        let plausible = pairs.filter(|&(sku, version)| is_plausible(sku, version));
        plausible.map(|(sku, version)| Edit::Cover { sku: estate.as_written(sku), version }).collect()
    }

    fn standing_rights(&self, idle: &[LicenseId]) -> Vec<Edit> {
        let estate = self.estate();
        let skus: BTreeSet<SkuId> = idle.iter().map(|&license| estate.licenses[license].sku).collect();
        let mains: BTreeSet<VersionId> = skus.iter().map(|&sku| estate.skus[sku].version).collect();
        let idle_upgrades = skus.iter().copied().filter(|&sku| estate.skus[sku].is_upgrade() && self.leads[sku]);
        let upgrades = idle_upgrades.chain(self.spots.iter().filter_map(|spot| match spot.need {
            Need::Base(upgrade) => Some(upgrade),
            Need::Cover(_) => None,
        }));
        let pairs = upgrades.flat_map(|sku| mains.iter().map(move |&version| (sku, version)));
        let is_new = |&(sku, version): &(SkuId, VersionId)| {
            !estate.skus[sku].may_upgrade(version) && !self.supply.catalog.would_cycle(sku, version)
        };
        pairs.filter(is_new).map(|(sku, version)| Edit::StandOn { sku: estate.as_written(sku), version }).collect()
    }

    /// The title concerned, and those of a right that is not among the rights of their part.
    fn titles_with(&self, edit: Edit) -> Vec<TitleId> {
        let estate = self.estate();
        let mut titles = vec![self.title];
        if let Edit::Cover { sku, version } | Edit::StandOn { sku, version } = edit {
            titles.extend([estate.skus[sku].version, version].map(|version| estate.versions[version].title));
        }
        titles
    }
}
