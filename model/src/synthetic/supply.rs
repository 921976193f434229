//! What was bought: a lawful path for the planted share of each title's demand, in lots of usual sizes.

use super::calendar::{AS_OF, between, days_after, new_year};
use super::catalog::{Catalog, Kind, Sku};
use super::demand::Cell;
use super::organization::{Organization, Site};
use super::portfolio::Portfolio;
use super::shape::Size;
use super::weights::Weights;
use crate::generate::SplitMix64;
use jiff::civil::Date;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Units that are sold together.
const LOT_SIZES: [u64; 15] = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1_000, 2_500, 5_000, 10_000];
/// Needs up to here are one lot.
const LOT_UNDIVIDED_MAX: u64 = 4;
/// A lot has at least this part of what is still needed.
const LOT_SHARE: u64 = 6;
/// Demand for a version in a place is met in at most so many ways.
const WAYS_MAX: usize = 4;
/// Most upgrades in a planted path.
const UPGRADES_MAX: usize = 3;
/// Points by which the tightness of some titles differs.
const SPREAD_PERCENT: u64 = 10;

/// A purchase; the earliest comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Lot {
    pub(super) purchased: Date,
    pub(super) sku: usize,
    pub(super) site: Site,
    /// None if unlimited.
    pub(super) quantity: Option<u64>,
    pub(super) start: Option<Date>,
    pub(super) end: Option<Date>,
}

impl Lot {
    /// Whether it counts on the day of the estate.
    pub(super) fn is_active(&self) -> bool {
        self.start.is_none_or(|start| start <= AS_OF) && self.end.is_none_or(|end| end >= AS_OF)
    }
}

/// What was bought.
pub(super) struct Supply {
    /// No two alike, sorted.
    pub(super) lots: Vec<Lot>,
    /// Units of demand that a path was bought for.
    pub(super) planted: u64,
}

/// Plans what is needed and buys it; in an organization that knows its machines for the largest titles first.
pub(super) fn draw(
    random: &mut SplitMix64,
    size: &Size,
    portfolio: &Portfolio,
    catalog: &Catalog,
    organization: &Organization,
    demand: &[Cell],
) -> Supply {
    let mut plan =
        Plan { portfolio, catalog, organization, needs: BTreeMap::new(), unlimited: BTreeSet::new(), planted: 0 };
    let title = |cell: &Cell| portfolio.title_of[cell.version];
    let mut market = Market { portfolio, catalog, is_divided: size.fleet().is_none(), lots: BTreeSet::new() };
    let mut titles: Vec<&[Cell]> = demand.chunk_by(|one, other| title(one) == title(other)).collect();
    if size.fleet().is_some() {
        titles.sort_by_key(|cells| Reverse(cells.iter().map(|cell| cell.quantity).sum::<u64>()));
    }
    for cells in titles {
        if let Some(fleet) = size.fleet() {
            market.buy_all(random, std::mem::take(&mut plan.needs));
            if market.lots.len() >= fleet.lots {
                break;
            }
        }
        plan.add_title(random, size.tightness_percent(), title(&cells[0]), cells);
    }
    market.buy_all(random, plan.needs);
    for &(sku, site) in &plan.unlimited {
        let purchased = market.day(random, sku);
        market.insert(Lot { purchased, sku, site, quantity: None, start: None, end: None });
    }
    Supply { lots: market.lots.into_iter().collect(), planted: plan.planted }
}

/// What is needed.
struct Plan<'a> {
    portfolio: &'a Portfolio,
    catalog: &'a Catalog,
    organization: &'a Organization,
    /// Units by SKU and site.
    needs: BTreeMap<(usize, Site), u64>,
    unlimited: BTreeSet<(usize, Site)>,
    planted: u64,
}

impl Plan<'_> {
    /// Plans for the demand of one title.
    fn add_title(&mut self, random: &mut SplitMix64, tightness_percent: u64, title: usize, cells: &[Cell]) {
        let percent = match random.below(20) {
            0..3 => tightness_percent.saturating_sub(SPREAD_PERCENT),
            3..6 => tightness_percent + SPREAD_PERCENT,
            _ => tightness_percent,
        };
        // What is left of a division goes over to the next cell, so that the title as a whole has its share.
        let mut carried = 0;
        let mut spare = 0;
        for at_version in cells.chunk_by(|one, other| one.version == other.version) {
            let ways = self.ways(at_version[0].version);
            for cell in at_version {
                carried += cell.quantity * percent;
                let units = carried / 100;
                carried %= 100;
                let planted = units.min(cell.quantity);
                spare += units - planted;
                self.add_cell(random, title, cell, planted, &ways);
            }
        }
        if let Some(cell) = cells.last().filter(|_| spare > 0) {
            let site = self.site(random, title, cell);
            *self.needs.entry((self.newest_base(title), site)).or_default() += spare;
        }
    }

    fn add_cell(&mut self, random: &mut SplitMix64, title: usize, cell: &Cell, planted: u64, ways: &Ways) {
        self.planted += planted;
        let newest = self.newest_base(title);
        if self.portfolio.titles[title].is_unlimited && self.catalog.skus[newest].may_cover(cell.version) {
            let site = self.site(random, title, cell);
            self.unlimited.insert((newest, site));
            return;
        }
        let mut left = planted;
        for round in 1..=WAYS_MAX {
            if left == 0 {
                break;
            }
            let is_last = round == WAYS_MAX || left <= LOT_UNDIVIDED_MAX;
            let part = if is_last { left } else { 1 + random.next_u64() % left };
            let site = self.site(random, title, cell);
            let top = ways.skus[ways.weights.draw(random).expect("the base of a version covers it")];
            for sku in self.path(random, top) {
                *self.needs.entry((sku, site)).or_default() += part;
            }
            left -= part;
        }
    }

    fn site(&self, random: &mut SplitMix64, title: usize, cell: &Cell) -> Site {
        let component = self.portfolio.family_of(title).component;
        self.organization.draw_site(random, component, cell.scope, cell.contract)
    }

    fn newest_base(&self, title: usize) -> usize {
        let newest = self.portfolio.versions_of(title).end - 1;
        let mut skus = self.catalog.of_family[self.portfolio.titles[title].family].clone();
        let is_it = |&sku: &usize| {
            let sku = &self.catalog.skus[sku];
            sku.kind == Kind::Base && sku.version == newest
        };
        skus.find(is_it).expect("every version has a base")
    }

    /// The SKUs that may cover a version.
    fn ways(&self, version: usize) -> Ways {
        let family = self.portfolio.titles[self.portfolio.title_of[version]].family;
        let skus = self.catalog.of_family[family].clone();
        let skus: Vec<usize> = skus.filter(|&sku| self.catalog.skus[sku].may_cover(version)).collect();
        let weights = Weights::new(skus.iter().map(|&sku| self.weight(&self.catalog.skus[sku], version)));
        Ways { skus, weights }
    }

    /// How often a SKU is bought for a version: mostly the version itself, a newer one the nearer it is.
    fn weight(&self, sku: &Sku, version: usize) -> u64 {
        let is_same_title = self.portfolio.title_of[sku.version] == self.portfolio.title_of[version];
        let newer = sku.version.abs_diff(version) as u64;
        match sku.kind {
            Kind::Subscription if is_same_title => 20,
            Kind::Gated | Kind::Competitive if is_same_title => 15,
            Kind::Base | Kind::Upgrade if is_same_title && newer == 0 => 40,
            Kind::Base | Kind::Upgrade if is_same_title => 1 + 24 / newer,
            // A higher edition.
            Kind::Base | Kind::Upgrade => 3,
            Kind::Subscription | Kind::Gated | Kind::Competitive => 0,
        }
    }

    /// A lawful path from its top down to a base.
    fn path(&self, random: &mut SplitMix64, top: usize) -> Vec<usize> {
        let mut path = vec![top];
        let mut sku = &self.catalog.skus[top];
        while sku.is_upgrade() {
            let version = random_version(random, sku);
            let family = self.portfolio.titles[self.portfolio.title_of[version]].family;
            let kind = if path.len() < UPGRADES_MAX && random.percent(25) { Kind::Upgrade } else { Kind::Base };
            let find = |kind: Kind| {
                let mut skus = self.catalog.of_family[family].clone();
                skus.find(|&sku| self.catalog.skus[sku].kind == kind && self.catalog.skus[sku].version == version)
            };
            let below = find(kind).or_else(|| find(Kind::Base)).expect("every version has a base");
            path.push(below);
            sku = &self.catalog.skus[below];
        }
        path
    }
}

/// The SKUs that may cover a version.
struct Ways {
    skus: Vec<usize>,
    weights: Weights,
}

/// One of the versions that an upgrade may stand on.
fn random_version(random: &mut SplitMix64, upgrade: &Sku) -> usize {
    let span = random.pick(&upgrade.upgrades);
    span.start + random.below(span.len())
}

/// Where it is bought, and what was bought so far.
struct Market<'a> {
    portfolio: &'a Portfolio,
    catalog: &'a Catalog,
    /// Whether what is needed is bought in several lots.
    is_divided: bool,
    lots: BTreeSet<Lot>,
}

impl Market<'_> {
    fn buy_all(&mut self, random: &mut SplitMix64, needs: BTreeMap<(usize, Site), u64>) {
        for ((sku, site), units) in needs {
            self.buy(random, sku, site, units);
        }
    }

    /// Buys units in lots of usual sizes; the last one is what was still missing.
    fn buy(&mut self, random: &mut SplitMix64, sku: usize, site: Site, units: u64) {
        let mut left = units;
        while left > 0 {
            let quantity = if self.is_divided { lot_size(random, left) } else { left };
            left -= quantity;
            if self.catalog.skus[sku].kind == Kind::Subscription {
                self.subscribe(random, sku, site, quantity);
            } else {
                let purchased = self.day(random, sku);
                let start = random.percent(15).then_some(purchased);
                self.insert(Lot { purchased, sku, site, quantity: Some(quantity), start, end: None });
            }
        }
    }

    /// A term that runs, half of the time the one before it, and sometimes the one after it.
    fn subscribe(&mut self, random: &mut SplitMix64, sku: usize, site: Site, quantity: u64) {
        let days = if random.percent(70) { 365 } else { 3 * 365 };
        let start = between(random, days_after(AS_OF, 1 - days), AS_OF);
        let end = days_after(start, days - 1);
        let lot = |purchased: Date, start: Date| {
            let end = Some(days_after(start, days - 1));
            Lot { purchased, sku, site, quantity: Some(quantity), start: Some(start), end }
        };
        let purchased = between(random, days_after(start, -30), start);
        self.insert(lot(purchased, start));
        if random.percent(50) {
            let before = days_after(start, -days);
            self.insert(lot(between(random, days_after(before, -30), before), before));
        }
        if random.percent(10) {
            self.insert(lot(between(random, days_after(AS_OF, -30), AS_OF), days_after(end, 1)));
        }
    }

    /// A day on which a SKU was on sale: from its release until a year after the next one.
    fn day(&self, random: &mut SplitMix64, sku: usize) -> Date {
        let version = self.catalog.skus[sku].version;
        let releases = &self.portfolio.family_of(self.portfolio.title_of[version]).releases;
        let position = self.portfolio.position(version);
        let last = releases.get(position + 1).map_or(AS_OF, |next| new_year(next.year + 1).min(AS_OF));
        between(random, new_year(releases[position].year), last)
    }

    /// Adds a lot; one that says the same as another was bought a day earlier.
    fn insert(&mut self, mut lot: Lot) {
        while !self.lots.insert(lot) {
            lot.purchased = days_after(lot.purchased, -1);
        }
    }
}

/// A usual number of units, or all that are left.
fn lot_size(random: &mut SplitMix64, left: u64) -> u64 {
    if left <= LOT_UNDIVIDED_MAX || random.percent(20) {
        return left;
    }
    let usual: Vec<u64> = LOT_SIZES.into_iter().filter(|&size| size <= left && left <= size * LOT_SHARE).collect();
    if usual.is_empty() { left } else { *random.pick(&usual) }
}
