//! What is assigned to whom.
//!
//! Titles are assigned in the scope of their target, and licenses to targets where they may be used: what can be set
//! aside for a target comes from one site, as the entitlements do that cover its installs.

use super::catalog::{Catalog, Kind};
use super::demand::{Install, Rows};
use super::organization::Organization;
use super::portfolio::Portfolio;
use super::shape::Profile;
use super::supply::Lot;
use crate::generate::SplitMix64;
use std::collections::BTreeSet;

/// Lots that are looked at before none is assigned.
const TRIES: usize = 6;

/// A tie to a target.
#[derive(Clone, Copy, Debug)]
pub(super) struct Assignment {
    pub(super) what: What,
    pub(super) target: Target,
    /// For a title: the version wanted.
    pub(super) version: Option<usize>,
    /// Of the target, or for a license its own if left out.
    pub(super) scope: Option<u32>,
}

/// What is assigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    /// A lot.
    License(usize),
    /// A title.
    Title(usize),
}

/// To whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    /// A machine.
    Asset(u32),
    /// A person.
    User(u32),
}

/// What assignments are drawn from.
pub(super) struct Known<'a> {
    pub(super) portfolio: &'a Portfolio,
    pub(super) catalog: &'a Catalog,
    pub(super) organization: &'a Organization,
    pub(super) installs: &'a Rows<'a>,
    pub(super) lots: &'a [Lot],
    /// Installs for each of those that per cent are of.
    pub(super) per_assigned: u64,
}

/// Assignments of the titles that are tracked by them: one for each install on a machine.
pub(super) fn tracked(
    random: &mut SplitMix64,
    portfolio: &Portfolio,
    installs: impl Iterator<Item = Install>,
) -> Vec<Assignment> {
    let mut ties = Ties::default();
    for install in installs.filter(|install| install.exclusion.is_none()) {
        let version = install.version as usize;
        let title = portfolio.title_of[version];
        let row = &portfolio.titles[title];
        if row.is_active
            && row.is_tracked_by_assignments
            && let Some(target) = target(random, &install)
        {
            let version = random.percent(50).then_some(version);
            ties.add(Assignment { what: What::Title(title), target, version, scope: Some(install.scope) });
        }
    }
    ties.rows
}

/// Adds assignments of licenses, and of titles that are not tracked.
pub(super) fn draw(random: &mut SplitMix64, known: &Known<'_>, profile: &Profile, rows: &mut Vec<Assignment>) {
    let mut desk = Desk::new(known, std::mem::take(rows));
    for install in known.installs.clone() {
        let install = &install;
        let version = install.version as usize;
        let title = known.portfolio.title_of[version];
        let counts = install.exclusion.is_none() && known.portfolio.counts_installs(title);
        let Some(target) = target(random, install).filter(|_| counts) else { continue };
        if desk.assign_gated(random, install, target) {
            continue;
        }
        let roll = random.next_u64() % (100 * known.per_assigned);
        if roll < profile.license_assignments_percent {
            desk.assign_license(random, install, target);
        } else if roll < profile.license_assignments_percent + profile.title_assignments_percent {
            desk.assign_title(random, install, target);
        }
    }
    *rows = desk.ties.rows;
}

/// The user of a machine or the machine; none for installs without one.
fn target(random: &mut SplitMix64, install: &Install) -> Option<Target> {
    let is_for_user = random.percent(40);
    let user = install.user.filter(|_| is_for_user).map(Target::User);
    user.or(install.asset.map(Target::Asset))
}

/// Assignments, no two of the same thing to the same target.
#[derive(Default)]
struct Ties {
    rows: Vec<Assignment>,
    seen: BTreeSet<(What, Target)>,
}

impl Ties {
    fn add(&mut self, row: Assignment) -> bool {
        let is_new = self.seen.insert((row.what, row.target));
        if is_new {
            self.rows.push(row);
        }
        is_new
    }
}

/// Where licenses are assigned.
struct Desk<'a> {
    known: &'a Known<'a>,
    ties: Ties,
    /// The active lots of each title, by main version.
    lots_of: Vec<Vec<usize>>,
    /// Units of each lot that are not assigned; none if unlimited.
    left: Vec<Option<u64>>,
}

impl<'a> Desk<'a> {
    fn new(known: &'a Known<'a>, rows: Vec<Assignment>) -> Self {
        let mut lots_of = vec![Vec::new(); known.portfolio.titles.len()];
        for (index, lot) in known.lots.iter().enumerate().filter(|(_, lot)| lot.is_active()) {
            lots_of[known.portfolio.title_of[known.catalog.skus[lot.sku].version]].push(index);
        }
        let left = known.lots.iter().map(|lot| lot.quantity).collect();
        let seen = rows.iter().map(|row| (row.what, row.target)).collect();
        Self { known, ties: Ties { rows, seen }, lots_of, left }
    }

    /// Most units that must be assigned are.
    fn assign_gated(&mut self, random: &mut SplitMix64, install: &Install, target: Target) -> bool {
        let lots = &self.lots_of[self.known.portfolio.title_of[install.version as usize]];
        let is_it = |&lot: &usize| {
            self.known.catalog.skus[self.known.lots[lot].sku].kind == Kind::Gated
                && self.has_units(lot)
                && self.may_cover(lot, install)
        };
        let found = lots.iter().copied().find(is_it);
        found.is_some_and(|lot| random.percent(80) && self.assign(random, lot, install, target))
    }

    /// One of a few lots of the title that may cover the install and has a unit left; now and then one that may
    /// not, or has none. A base below an upgrade is often assigned with it.
    fn assign_license(&mut self, random: &mut SplitMix64, install: &Install, target: Target) {
        let lots = &self.lots_of[self.known.portfolio.title_of[install.version as usize]];
        if lots.is_empty() {
            return;
        }
        let tried: Vec<usize> = (0..TRIES).map(|_| *random.pick(lots)).collect();
        let is_careless = random.percent(4);
        let is_usable = |lot: &usize| {
            self.is_here(*lot, install) && (is_careless || self.has_units(*lot) && self.may_cover(*lot, install))
        };
        let Some(upper) = tried.into_iter().find(is_usable) else { return };
        self.assign(random, upper, install, target);
        let sku = &self.known.catalog.skus[self.known.lots[upper].sku];
        if sku.is_upgrade() && random.percent(40) {
            let stands_on = |&&lower: &&usize| {
                let below = &self.known.catalog.skus[self.known.lots[lower].sku];
                below.kind == Kind::Base
                    && sku.may_upgrade(below.version)
                    && self.has_units(lower)
                    && self.is_here(lower, install)
            };
            let lots = &self.lots_of[self.known.portfolio.title_of[install.version as usize]];
            if let Some(&lower) = lots.iter().find(stands_on) {
                self.assign(random, lower, install, target);
            }
        }
    }

    /// The title of the install, or now and then one that the target does not have.
    fn assign_title(&mut self, random: &mut SplitMix64, install: &Install, target: Target) {
        let installed = install.version as usize;
        let other = random.below(self.known.portfolio.titles.len());
        let is_other = random.percent(8) && !self.known.portfolio.titles[other].is_tracked_by_assignments;
        let title = if is_other { other } else { self.known.portfolio.title_of[installed] };
        let version = (!is_other && random.percent(30)).then_some(installed);
        self.ties.add(Assignment { what: What::Title(title), target, version, scope: Some(install.scope) });
    }

    fn assign(&mut self, random: &mut SplitMix64, lot: usize, install: &Install, target: Target) -> bool {
        let scope = random.percent(30).then_some(install.scope);
        let row = Assignment { what: What::License(lot), target, version: None, scope };
        let is_new = self.ties.add(row);
        if is_new {
            self.left[lot] = self.left[lot].map(|units| units.saturating_sub(1));
        }
        is_new
    }

    fn has_units(&self, lot: usize) -> bool {
        self.left[lot] != Some(0)
    }

    fn is_here(&self, lot: usize, install: &Install) -> bool {
        self.known.organization.may_be_used(self.known.lots[lot].site, install.scope, install.contract)
    }

    fn may_cover(&self, lot: usize, install: &Install) -> bool {
        self.is_here(lot, install)
            && self.known.catalog.skus[self.known.lots[lot].sku].may_cover(install.version as usize)
    }
}
