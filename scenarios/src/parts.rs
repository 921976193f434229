//! A case in parts that know nothing of each other but the budget.
//!
//! Titles that a SKU connects (by its version, by what it may cover, by what it may be stacked on) or that a reinstall
//! connects belong together; everything else belongs to a title. A part is a whole estate with a market of its own:
//! all scopes and transfers, and of every other table what the part needs.
//!
//! *Guaranteed*: the positions of the parts add up to the position of the whole, and so do plans within a budget. Parts
//! stand in the order of their first titles. Which titles make a part depends on SKUs and reinstalls alone and so not
//! on the changes of a scenario. Equal facts give equal digests: scenarios that do not touch a part share its key.
//!
//! *Cost*: time linear in the estate but for sorting, and in parts times scopes and transfers.
//!
//! *Cannot*: say why a reserved unit of a target that has installs in other parts only is not used; there it looks
//! as if nothing were installed.

use crate::case::Case;
use model::edit::{Extractor, Rows};
use model::estate::{Assigned, Estate, Target};
use model::id::{AssetId, AssignmentId, Id, LicenseId, Table, TitleId, UserId, ids_in};
use model::market::{Market, Offer, OfferId, Reclaim, Reinstall};

/// A part of a case: an estate with a market, without the budget that all parts share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The facts of the part; ids are its own, names are those of the whole.
    pub estate: Estate,
    /// What may be bought or done in the part.
    pub market: Market,
    /// SHA-256 over estate and market, as 64 hexadecimal digits: equal for equal parts.
    pub digest: String,
}

/// The parts of a case, in the order of their first titles.
#[must_use]
pub fn parts(case: &Case) -> Vec<Part> {
    split(&case.estate, &case.market)
}

/// The parts of an estate that may itself be a part.
pub(crate) fn split(estate: &Estate, market: &Market) -> Vec<Part> {
    let part_of = connected(estate, &market.reinstalls);
    let rows = rows(estate, &part_of);
    let mut shares = vec![Share::default(); rows.len()];
    for offer in &market.offers {
        shares[part_of[title_of(estate, offer.lot)]].offers.push(offer);
    }
    for &reclaim in &market.reclaims {
        shares[part_of[estate.versions[reclaim.version].title]].reclaims.push(reclaim);
    }
    for &reinstall in &market.reinstalls {
        shares[part_of[estate.versions[reinstall.from].title]].reinstalls.push(reinstall);
    }
    let mut extractor = Extractor::new(estate);
    let mut assigned = AssignmentCounts::of(estate);
    market.assigned_elsewhere.iter().for_each(|&target| assigned.add(target));
    let part = |(rows, share): (&Rows, Share<'_>)| {
        let own = extractor.extract(rows);
        let elsewhere = if share.reclaims.is_empty() && share.reinstalls.is_empty() {
            Vec::new()
        } else {
            assigned.elsewhere(estate, rows, &extractor)
        };
        let market = share.market(market, &extractor, elsewhere);
        let digest = market.digest_with(&own);
        Part { estate: own, market, digest }
    };
    rows.iter().zip(shares).map(part).collect()
}

/// The rows of each part.
pub(crate) fn rows(estate: &Estate, part_of: &Table<TitleId, usize>) -> Vec<Rows> {
    let count = part_of.iter().max().map_or(0, |last| last + 1);
    let mut rows = vec![Rows::default(); count];
    for title in estate.titles.ids() {
        rows[part_of[title]].titles.push(title);
    }
    for (id, sku) in estate.skus.enumerate() {
        rows[part_of[estate.versions[sku.version].title]].skus.push(id);
    }
    for id in estate.licenses.ids() {
        rows[part_of[title_of(estate, id)]].licenses.push(id);
    }
    for (id, assignment) in estate.assignments.enumerate() {
        let title = match assignment.assigned {
            Assigned::License(license) => title_of(estate, license),
            Assigned::Title(title) => title,
        };
        rows[part_of[title]].assignments.push(id);
    }
    rows
}

/// The rows of all titles that rights connect with one of these, without those of other titles.
///
/// What an estate of these rows comes to is the share of these titles in what the whole comes to.
#[must_use]
pub fn rows_around(estate: &Estate, titles: &[TitleId]) -> Rows {
    let part_of = connected(estate, &[]);
    let is_meant = |title: TitleId| titles.iter().any(|&meant| part_of[meant] == part_of[title]);
    let is_in = Table::<TitleId, bool>::new(estate.titles.ids().map(is_meant).collect());
    let assigned_title = |id: AssignmentId| match estate.assignments[id].assigned {
        Assigned::License(license) => title_of(estate, license),
        Assigned::Title(title) => title,
    };
    Rows {
        titles: estate.titles.ids().filter(|&title| is_in[title]).collect(),
        skus: estate.skus.ids().filter(|&sku| is_in[estate.versions[estate.skus[sku].version].title]).collect(),
        licenses: estate.licenses.ids().filter(|&id| is_in[title_of(estate, id)]).collect(),
        assignments: estate.assignments.ids().filter(|&id| is_in[assigned_title(id)]).collect(),
    }
}

/// The title of a license's main version.
pub(crate) fn title_of(estate: &Estate, license: LicenseId) -> TitleId {
    estate.versions[estate.sku_of(license).version].title
}

/// What of a market belongs to a part, by ids of the whole.
#[derive(Clone, Default)]
struct Share<'m> {
    offers: Vec<&'m Offer>,
    reclaims: Vec<Reclaim>,
    reinstalls: Vec<Reinstall>,
}

impl Share<'_> {
    fn market(self, whole: &Market, extractor: &Extractor<'_>, assigned_elsewhere: Vec<Target>) -> Market {
        let offers: Vec<Offer> = (self.offers.into_iter())
            .map(|offer| Offer { lot: extractor.license(offer.lot), ..offer.clone() })
            .collect();
        let moved = |reclaim: Reclaim| Reclaim { version: extractor.version(reclaim.version), ..reclaim };
        let replaced =
            |row: Reinstall| Reinstall { from: extractor.version(row.from), to: extractor.version(row.to), ..row };
        Market {
            offers: Table::<OfferId, Offer>::new(offers),
            transfers_are_paid: whole.transfers_are_paid,
            reclaims: self.reclaims.into_iter().map(moved).collect(),
            reinstalls: self.reinstalls.into_iter().map(replaced).collect(),
            budget: None,
            shortage_cost: whole.shortage_cost,
            assigned_elsewhere,
        }
    }
}

/// How many assignments assets and users have.
#[derive(Clone)]
pub(crate) struct AssignmentCounts {
    of_asset: Table<AssetId, u32>,
    of_user: Table<UserId, u32>,
}

impl AssignmentCounts {
    pub(crate) fn of(estate: &Estate) -> Self {
        let mut counts =
            Self { of_asset: Table::filled(0, estate.assets.len()), of_user: Table::filled(0, estate.users.len()) };
        for assignment in &estate.assignments {
            counts.add(assignment.target);
        }
        counts
    }

    fn add(&mut self, target: Target) {
        *self.of_mut(target) += 1;
    }

    fn of_mut(&mut self, target: Target) -> &mut u32 {
        match target {
            Target::Asset(asset) => &mut self.of_asset[asset],
            Target::User(user) => &mut self.of_user[user],
        }
    }

    /// The targets of a part's installs that have assignments in other parts, by ids of the part.
    pub(crate) fn elsewhere(&mut self, estate: &Estate, rows: &Rows, extractor: &Extractor<'_>) -> Vec<Target> {
        let own: Vec<Target> = rows.assignments.iter().map(|&id| estate.assignments[id].target).collect();
        for &target in &own {
            *self.of_mut(target) -= 1;
        }
        let installs = rows.titles.iter().flat_map(|&title| model::edit::installs_of(estate, &estate.titles[title]));
        let targets = installs.flat_map(|install| [install.asset.map(Target::Asset), install.user.map(Target::User)]);
        let mut elsewhere: Vec<Target> = targets.flatten().filter(|&target| *self.of_mut(target) > 0).collect();
        for &target in &own {
            *self.of_mut(target) += 1;
        }
        elsewhere.sort_unstable();
        elsewhere.dedup();
        // The order of ids is the same in a part.
        elsewhere.into_iter().map(|target| extractor.target(target)).collect()
    }
}

/// Of each title its part: parts are numbered in the order of their first titles.
pub(crate) fn connected(estate: &Estate, reinstalls: &[Reinstall]) -> Table<TitleId, usize> {
    let mut links = Links::new(estate.titles.len());
    let title = |version| estate.versions[version].title;
    for sku in &estate.skus {
        let own = title(sku.version);
        let upgrades = sku.upgrades.iter().flatten();
        for &version in sku.may_cover.iter().chain(upgrades) {
            links.connect(own, title(version));
        }
    }
    for reinstall in reinstalls {
        links.connect(title(reinstall.from), title(reinstall.to));
    }
    let mut number_of: Table<TitleId, Option<usize>> = Table::filled(None, estate.titles.len());
    let mut count = 0;
    let number = |id: TitleId| {
        *number_of[links.first(id)].get_or_insert_with(|| {
            count += 1;
            count - 1
        })
    };
    Table::new(ids_in(&(TitleId::at(0)..TitleId::at(estate.titles.len()))).map(number).collect())
}

/// Sets of titles that are connected, each known by one of them (union and find with halved paths; Tarjan and van
/// Leeuwen 1984).
struct Links {
    toward_first: Table<TitleId, TitleId>,
}

impl Links {
    fn new(count: usize) -> Self {
        Self { toward_first: Table::new((0..count).map(TitleId::at).collect()) }
    }

    fn first(&mut self, mut title: TitleId) -> TitleId {
        while self.toward_first[title] != title {
            let next = self.toward_first[self.toward_first[title]];
            self.toward_first[title] = next;
            title = next;
        }
        title
    }

    fn connect(&mut self, one: TitleId, other: TitleId) {
        let (one, other) = (self.first(one), self.first(other));
        // The smaller stays first, so that a set is known by its first title.
        self.toward_first[one.max(other)] = one.min(other);
    }
}
