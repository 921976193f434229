//! Parts of many scenarios over one estate: those that a scenario does not touch are made once.
//!
//! Which titles make a part is the same in all scenarios that have the same reinstalls. So the estate is split once,
//! without changes; of a scenario only the parts are made again whose titles a change names, or whose offers and
//! actions another value of the sweep changes. The rows of those parts are taken out of the estate, changed, given
//! their lots and split. A merger of scopes touches all parts.
//!
//! *Guaranteed*: the same parts as [`parts`](crate::parts()) of the case, digests included. *Cost*: for each scenario
//! time in proportion to the parts that it touches, and to the number of all parts.

use crate::case::compile;
use crate::change::{AddedLicense, Change};
use crate::deal::{Deal, Offered, Subject};
use crate::parts::{AssignmentCounts, Part, connected, parts, rows, split, title_of};
use crate::reading::Scenarios;
use model::edit::{Extractor, Rows};
use model::estate::{Estate, License, Target, find};
use model::id::{Id, LicenseId, SkuId, Table, TitleId, VersionId};
use model::market::{Reclaim, Reinstall};
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// Makes the parts of scenarios, one scenario after the other. A clone shares the parts that are made once.
#[derive(Clone)]
pub struct Remade<'s> {
    scenarios: &'s Scenarios,
    extractor: Extractor<'s>,
    assigned: AssignmentCounts,
    part_of: Arc<Table<TitleId, usize>>,
    /// Of the estate before all changes and without lots.
    rows: Arc<Vec<Rows>>,
    /// Of the first deal, without changes.
    untouched: Vec<Arc<Part>>,
}

impl<'s> Remade<'s> {
    /// Splits the estate of the scenarios once.
    #[must_use]
    pub fn new(scenarios: &'s Scenarios) -> Self {
        let estate = &scenarios.estate;
        let first = &scenarios.deals[0];
        let part_of = connected(estate, &first.reinstalls);
        let (with_lots, market) = compile(estate.clone(), first, &[]);
        Self {
            scenarios,
            extractor: Extractor::new(estate),
            assigned: AssignmentCounts::of(estate),
            rows: Arc::new(rows(estate, &part_of)),
            part_of: Arc::new(part_of),
            untouched: split(&with_lots, &market).into_iter().map(Arc::new).collect(),
        }
    }

    /// The parts of a scenario, by its position; those that it does not touch are shared with all others.
    pub fn parts(&mut self, position: usize) -> Vec<Arc<Part>> {
        let scenarios = self.scenarios;
        let scenario = &scenarios.all[position];
        let (deal, changes) = (&scenarios.deals[scenario.deal], &scenarios.changes[scenario.changes]);
        let Some(touched) = self.touched(deal, changes) else {
            return parts(&scenarios.case(position)).into_iter().map(Arc::new).collect();
        };
        let mut made = self.untouched.clone();
        if touched.is_empty() {
            return made;
        }
        // The parts that are made again come in the order of their titles, as the parts do.
        for (part, again) in touched.iter().zip(self.make(&touched, deal, changes)) {
            made[*part] = Arc::new(again);
        }
        made
    }

    /// The parts that a scenario touches; none if it may touch all.
    fn touched(&self, deal: &Deal, changes: &[Change]) -> Option<BTreeSet<usize>> {
        let estate = &self.scenarios.estate;
        let first = &self.scenarios.deals[0];
        let of_all = |deal: &Deal| (deal.transfers_are_paid, deal.shortage_cost);
        if of_all(deal) != of_all(first) || deal.reinstalls != first.reinstalls {
            return None;
        }
        let mut titles: BTreeSet<TitleId> = BTreeSet::new();
        let of_version = |version: VersionId| estate.versions[version].title;
        let of_sku = |sku: SkuId| of_version(estate.skus[sku].version);
        let of_offer = |offer: &Offered| match offer.subject {
            Subject::Buy { sku, .. } => of_sku(sku),
            Subject::Renew(license) => title_of(estate, license),
        };
        let is_other = |offer: &&Offered, others: &Deal| !others.offers.contains(offer);
        titles.extend(deal.offers.iter().filter(|offer| is_other(offer, first)).map(of_offer));
        titles.extend(first.offers.iter().filter(|offer| is_other(offer, deal)).map(of_offer));
        if deal.reclaims != first.reclaims {
            let reclaims = deal.reclaims.iter().chain(&first.reclaims);
            titles.extend(reclaims.map(|reclaim| of_version(reclaim.version)));
        }
        for change in changes {
            match change {
                Change::Grow { versions, .. } => titles.extend([of_version(versions.start)]),
                Change::Migrate { from, to, .. } => titles.extend([of_version(from.start), of_version(*to)]),
                Change::Retire(versions) => titles.extend(versions.iter().map(|range| of_version(range.start))),
                // A license that was added touches its part by being added.
                Change::Lapse(licenses) => {
                    let own = licenses.iter().filter(|license| license.index() < estate.licenses.len());
                    titles.extend(own.map(|&license| title_of(estate, license)));
                }
                Change::AddLicense(added) => titles.extend([of_sku(added.license.sku)]),
                Change::SetPrice { offer, .. } => {
                    titles.extend(deal.offers.iter().filter(|other| other.id == *offer).map(of_offer));
                }
                Change::MergeScope { .. } => return None,
            }
        }
        let touched: BTreeSet<usize> = titles.into_iter().map(|title| self.part_of[title]).collect();
        // Installs that migrate to another part make no new connection, since parts go by rights.
        Some(touched)
    }

    /// Makes parts again.
    fn make(&mut self, touched: &BTreeSet<usize>, deal: &Deal, changes: &[Change]) -> Vec<Part> {
        let estate = &self.scenarios.estate;
        let mut rows = Rows::default();
        for &part in touched {
            let part = &self.rows[part];
            rows.titles.extend(&part.titles);
            rows.skus.extend(&part.skus);
            rows.licenses.extend(&part.licenses);
            rows.assignments.extend(&part.assignments);
        }
        rows.titles.sort_unstable();
        rows.skus.sort_unstable();
        rows.licenses.sort_unstable();
        rows.assignments.sort_unstable();
        let own = self.extractor.extract(&rows);
        let elsewhere = self.assigned.elsewhere(estate, &rows, &self.extractor);
        let elsewhere: Vec<Name> = elsewhere.into_iter().map(|target| Name::of(&own, target)).collect();
        let taken = Taken {
            estate,
            part_of: &self.part_of,
            touched,
            extractor: &self.extractor,
            own_count: own.licenses.len(),
        };
        let deal = taken.deal(deal);
        let changes: Vec<Change> = changes.iter().map(|change| taken.change(change)).collect();
        let (with_lots, mut market) = compile(own, &deal, &changes);
        market.assigned_elsewhere = elsewhere.iter().filter_map(|name| name.find(&with_lots)).collect();
        split(&with_lots, &market)
    }
}

/// An asset or a user by name: changes may make others go, and so renumber it.
enum Name {
    Asset(String),
    User(String),
}

impl Name {
    fn of(estate: &Estate, target: Target) -> Self {
        match target {
            Target::Asset(asset) => Self::Asset(estate.assets[asset].clone()),
            Target::User(user) => Self::User(estate.users[user].clone()),
        }
    }

    /// The target, if it is there.
    fn find(&self, estate: &Estate) -> Option<Target> {
        match self {
            Self::Asset(name) => find(&estate.assets, name, |name| name).map(Target::Asset),
            Self::User(name) => find(&estate.users, name, |name| name).map(Target::User),
        }
    }
}

/// The parts that are made again, taken out of the estate: what is said of it becomes what is said of them.
struct Taken<'m, 's> {
    estate: &'s Estate,
    part_of: &'m Table<TitleId, usize>,
    touched: &'m BTreeSet<usize>,
    extractor: &'m Extractor<'s>,
    /// Licenses that were taken out.
    own_count: usize,
}

impl Taken<'_, '_> {
    fn has(&self, version: VersionId) -> bool {
        self.touched.contains(&self.part_of[self.estate.versions[version].title])
    }

    fn deal(&self, deal: &Deal) -> Deal {
        let offer = |offer: &Offered| {
            let subject = match offer.subject {
                Subject::Buy { sku, scope } if self.has(self.estate.skus[sku].version) => {
                    Subject::Buy { sku: self.extractor.sku(sku), scope }
                }
                Subject::Renew(license) if self.has(self.estate.sku_of(license).version) => {
                    Subject::Renew(self.extractor.license(license))
                }
                Subject::Buy { .. } | Subject::Renew(_) => return None,
            };
            Some(Offered { subject, ..offer.clone() })
        };
        let reclaims = deal.reclaims.iter().filter(|reclaim| self.has(reclaim.version));
        let reinstalls = deal.reinstalls.iter().filter(|reinstall| self.has(reinstall.from));
        Deal {
            offers: deal.offers.iter().filter_map(offer).collect(),
            reclaims: reclaims
                .map(|&reclaim| Reclaim { version: self.extractor.version(reclaim.version), ..reclaim })
                .collect(),
            reinstalls: reinstalls
                .map(|&row| Reinstall {
                    from: self.extractor.version(row.from),
                    to: self.extractor.version(row.to),
                    ..row
                })
                .collect(),
            ..*deal
        }
    }

    /// A change of which every version and license was taken out.
    fn change(&self, change: &Change) -> Change {
        match change {
            Change::Grow { versions, scope, by } => {
                Change::Grow { versions: self.range(versions), scope: *scope, by: *by }
            }
            Change::Migrate { from, to, share } => {
                Change::Migrate { from: self.range(from), to: self.extractor.version(*to), share: *share }
            }
            Change::Retire(versions) => Change::Retire(versions.iter().map(|range| self.range(range)).collect()),
            Change::Lapse(licenses) => Change::Lapse(licenses.iter().map(|&license| self.license(license)).collect()),
            Change::AddLicense(added) => {
                let sku = self.extractor.sku(added.license.sku);
                let license = License { sku, ..added.license.clone() };
                Change::AddLicense(Box::new(AddedLicense { license, contract: added.contract.clone() }))
            }
            Change::SetPrice { .. } | Change::MergeScope { .. } => change.clone(),
        }
    }

    /// Versions of one title, which stay together.
    fn range(&self, versions: &Range<VersionId>) -> Range<VersionId> {
        let first = self.extractor.version(versions.start).index();
        VersionId::at(first)..VersionId::at(first + versions.end.index() - versions.start.index())
    }

    /// Licenses that were added follow those of the estate.
    fn license(&self, license: LicenseId) -> LicenseId {
        match license.index().checked_sub(self.estate.licenses.len()) {
            Some(added) => LicenseId::at(self.own_count + added),
            None => self.extractor.license(license),
        }
    }
}
