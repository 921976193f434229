//! What can be bought: SKUs with the rights that their publisher grants.

use super::portfolio::{Family, Portfolio};
use crate::generate::SplitMix64;
use std::ops::Range;

/// What the lowest edition of a family costs.
const LIST_PRICES: [u64; 8] = [49, 89, 149, 249, 399, 690, 1_200, 2_900];
/// What editions cost, the lowest first, in per cent of it.
const EDITION_PERCENTS: [u64; 3] = [100, 160, 250];

/// All SKUs, family by family.
#[derive(Clone, Debug)]
pub(super) struct Catalog {
    pub(super) skus: Vec<Sku>,
    /// The SKUs of each family.
    pub(super) of_family: Vec<Range<usize>>,
}

/// What can be bought.
#[derive(Clone, Debug)]
pub(super) struct Sku {
    pub(super) id: String,
    pub(super) kind: Kind,
    /// The main version.
    pub(super) version: usize,
    /// What it may cover instead.
    pub(super) covers: Vec<Span>,
    /// What it may be stacked on; empty for a base.
    pub(super) upgrades: Vec<Span>,
    /// In hundredths.
    pub(super) unit_cost: u64,
}

/// How a SKU is sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Once, for good.
    Base,
    /// The same, to be assigned before it may be used.
    Gated,
    /// For a term, good for all versions.
    Subscription,
    /// To those who have an older version or a lower edition.
    Upgrade,
    /// To those who have another publisher's title.
    Competitive,
}

impl Kind {
    /// What a unit costs, in per cent of one that is bought for good; a term has one price.
    const fn cost_percent(self) -> u64 {
        match self {
            Self::Base => 100,
            Self::Gated => 110,
            Self::Subscription => 35,
            Self::Upgrade => 55,
            Self::Competitive => 70,
        }
    }
}

/// Versions of one title, from the oldest to the newest.
pub(super) type Span = Range<usize>;

impl Sku {
    /// Whether a unit may cover a version.
    pub(super) fn may_cover(&self, version: usize) -> bool {
        self.version == version || self.covers.iter().any(|span| span.contains(&version))
    }

    /// Whether a unit may be stacked on an entitlement with this main version.
    pub(super) fn may_upgrade(&self, version: usize) -> bool {
        self.upgrades.iter().any(|span| span.contains(&version))
    }

    pub(super) fn is_upgrade(&self) -> bool {
        !self.upgrades.is_empty()
    }
}

impl Catalog {
    pub(super) fn draw(random: &mut SplitMix64, portfolio: &Portfolio) -> Self {
        let mut catalog = Self { skus: Vec::new(), of_family: Vec::new() };
        for family in &portfolio.families {
            let first = catalog.skus.len();
            let list_price = *random.pick(&LIST_PRICES);
            for title in family.titles.clone() {
                catalog.add_title(portfolio, family, title);
            }
            for sku in &mut catalog.skus[first..] {
                let edition = portfolio.titles[portfolio.title_of[sku.version]].edition;
                // Two percentages, and hundredths: what is below one is cut off.
                sku.unit_cost = list_price * EDITION_PERCENTS[edition] * sku.kind.cost_percent() / 100;
            }
            catalog.of_family.push(first..catalog.skus.len());
        }
        catalog
    }

    fn add_title(&mut self, portfolio: &Portfolio, family: &Family, title: usize) {
        let versions = portfolio.versions_of(title);
        let newest = versions.end - 1;
        for version in versions.clone() {
            let covers = downgrades(portfolio, family, version);
            self.add(portfolio, Kind::Base, version, covers.clone(), Vec::new());
            let upgrades = upgrades(portfolio, family, version);
            if !upgrades.is_empty() {
                self.add(portfolio, Kind::Upgrade, version, covers, upgrades);
            }
        }
        let covers = downgrades(portfolio, family, newest);
        if family.terms.has_gated {
            self.add(portfolio, Kind::Gated, newest, covers.clone(), Vec::new());
        }
        if let Some(rival) = family.terms.rival.filter(|_| title == family.titles.start) {
            let upgrades = vec![portfolio.versions_of(portfolio.families[rival].titles.start)];
            self.add(portfolio, Kind::Competitive, newest, covers, upgrades);
        }
        if family.terms.has_subscriptions {
            self.add(portfolio, Kind::Subscription, newest, vec![versions], Vec::new());
        }
    }

    fn add(&mut self, portfolio: &Portfolio, kind: Kind, version: usize, covers: Vec<Span>, upgrades: Vec<Span>) {
        let title = portfolio.titles[portfolio.title_of[version]].id.to_uppercase();
        let name = portfolio.version_name(version);
        let id = match kind {
            Kind::Base => format!("{title}-{name}"),
            Kind::Gated => format!("{title}-{name}-NAMED"),
            Kind::Subscription => format!("{title}-SUBSCRIPTION"),
            Kind::Upgrade => format!("{title}-{name}-UPGRADE"),
            Kind::Competitive => format!("{title}-{name}-COMPETITIVE"),
        };
        self.skus.push(Sku { id, kind, version, covers, upgrades, unit_cost: 0 });
    }
}

/// The older versions that may be used instead of one, and the lower editions.
fn downgrades(portfolio: &Portfolio, family: &Family, version: usize) -> Vec<Span> {
    let title = portfolio.title_of[version];
    let position = portfolio.position(version);
    let reach = family.terms.downgrades.min(position);
    let mut covers: Vec<Span> = Vec::new();
    if reach > 0 {
        covers.push(version - reach..version);
    }
    if family.terms.covers_lower_editions {
        covers.extend((family.titles.start..title).map(|lower| {
            let twin = portfolio.titles[lower].first_version + position;
            twin - reach..twin + 1
        }));
    }
    covers
}

/// What an upgrade to a version may be stacked on: older versions, and the edition below up to the same version.
/// Editions and versions only rise, and rivals are earlier families, so that rights form no cycle.
fn upgrades(portfolio: &Portfolio, family: &Family, version: usize) -> Vec<Span> {
    let Some(terms) = family.terms.upgrades else { return Vec::new() };
    let title = portfolio.title_of[version];
    let position = portfolio.position(version);
    let mut upgrades: Vec<Span> = Vec::new();
    if position > 0 {
        upgrades.push(version - terms.back.min(position)..version);
    }
    if terms.is_from_lower_edition && title > family.titles.start {
        let lower = portfolio.titles[title - 1].first_version;
        upgrades.push(lower..lower + position + 1);
    }
    upgrades
}
