//! Seeded small renewals in which offers, actions and limits meet every rule of an estate.
//!
//! A renewal is drawn as rows as they would be typed: a drawn estate, offers, actions, limits. From these
//! come the scenario file and the estate file beside it, and the facts that are solved: the estate with a lot
//! for each offer, and its market. The same seed gives the same renewal on every machine; every one is
//! small enough to take all its plans one by one.

use crate::renewal_statement::plan_count;
use leaning::Leaning;
use model::Date;
use model::estate::{Estate, LicenseState, Sku, Title, TrackBy};
use model::generate::{AssignedRow, Draft, InstallRow, LicenseRow, Shape, Span, SplitMix64, TargetRow};
use model::id::VersionId;
use model::market::Market;

use std::collections::BTreeSet;

#[path = "renewal_draft_cases.rs"]
mod cases;
#[path = "renewal_draft_leaning.rs"]
mod leaning;
#[path = "renewal_text.rs"]
mod text;

/// A renewal as facts and as files.
#[derive(Clone, Debug)]
pub(crate) struct Renewal {
    /// What it was drawn from.
    pub(crate) seed: u64,
    /// The estate on the day of the renewal, with a lot for each offer.
    pub(crate) estate: Estate,
    /// What may be bought and done.
    pub(crate) market: Market,
    /// The scenario file; it names `estate.yaml`.
    pub(crate) scenario_yaml: String,
    /// The estate file, without the lots and for an earlier day.
    pub(crate) estate_yaml: String,
}

/// So many renewals, from neighboring seeds.
pub(crate) fn renewals(seed: u64, count: u64) -> impl Iterator<Item = Renewal> {
    (seed..seed + count).map(draw)
}

/// Most plans of a drawn renewal; most have far fewer.
const PLANS_DRAWN_MAX: usize = 2_000;

/// Estates to which three lots can be added.
const SHAPE: Shape = Shape {
    scopes: 3,
    titles: 2,
    versions: 3,
    skus: 5,
    licenses: 5,
    installs: 6,
    assignments: 3,
    assets: 4,
    users: 3,
    contracts: 2,
    quantity: 3,
    demand: 7,
    mixed_percent: 60,
    metric_percent: 0,
};

/// Days of renewal, and the days before them.
const DAYS: [(&str, &str); 3] =
    [("2026-11-22", "2026-11-21"), ("2026-12-01", "2026-11-30"), ("2027-01-01", "2026-12-31")];
const PRICES: [&str; 10] = ["0", "0.5", "1", "1.5", "2", "3", "4", "5.00", "7.5", "12.3456"];
const FEES: [&str; 4] = ["0.75", "2", "4.5", "10"];
const ACTION_COSTS: [&str; 6] = ["0", "0.5", "1", "2.5", "4", "9"];
const SHORTAGE_COSTS: [&str; 5] = ["0.01", "1", "3", "8", "40"];
const BUDGETS: [&str; 8] = ["0", "1", "2.5", "4", "6", "9", "15", "30"];

/// The rows of a scenario file as typed, and the estate they are about. `None` is a key that is left out.
#[derive(Clone, Debug)]
struct RenewalDraft {
    estate: Draft,
    as_of: String,
    offers: Vec<OfferRow>,
    transfers_are_paid: bool,
    reclaims: Vec<ReclaimRow>,
    reinstalls: Vec<ReinstallRow>,
    budget: Option<String>,
    shortage: Shortage,
}

#[derive(Clone, Debug)]
struct OfferRow {
    id: String,
    what: Offered,
    prices: Prices,
    pack: Option<u64>,
    min: Option<u64>,
    max: Option<u64>,
    fee: Option<String>,
}

#[derive(Clone, Debug)]
enum Offered {
    /// A new lot of a SKU in a scope.
    Lot { sku: String, scope: Option<String> },
    /// A license that has ended.
    License { license: String, is_whole: bool },
}

#[derive(Clone, Debug)]
enum Prices {
    One(String),
    /// From so many units on; for all units or for those in the tier.
    Tiers {
        tiers: Vec<(u64, String)>,
        is_for_all_units: bool,
    },
}

#[derive(Clone, Debug)]
struct ReclaimRow {
    title: String,
    span: Span,
    unused_days: u32,
    cost: String,
}

#[derive(Clone, Debug)]
struct ReinstallRow {
    title: String,
    from: String,
    to_title: String,
    to: String,
    cost: String,
}

#[derive(Clone, Debug)]
enum Shortage {
    LeftOut,
    Forbid,
    Cost(String),
}

/// A scenario being drawn.
struct Drawing {
    random: SplitMix64,
    leaning: Leaning,
    renewal: RenewalDraft,
    /// The estate without lots on the day of renewal.
    estate: Estate,
}

fn draw(seed: u64) -> Renewal {
    let mut random = SplitMix64::new(seed ^ 0x6f66_6665_7273);
    let (as_of, eve) = *random.pick(&DAYS);
    let leaning = Leaning::of(seed);
    let mut estate = Draft::generate(random.next_u64(), leaning.shape());
    estate.currency = Some("EUR".to_owned());
    end_licenses(&mut random, &mut estate, eve);
    leaning.add_to(&mut random, &mut estate);
    let renewal = RenewalDraft {
        estate,
        as_of: as_of.to_owned(),
        offers: Vec::new(),
        transfers_are_paid: false,
        reclaims: Vec::new(),
        reinstalls: Vec::new(),
        budget: None,
        shortage: Shortage::LeftOut,
    };
    let estate = text::read(&renewal.estate, as_of);
    let mut drawing = Drawing { random, leaning, renewal, estate };
    drawing.offers();
    drawing.lean();
    drawing.actions();
    drawing.last_used();
    drawing.limits();
    let mut draft = drawing.renewal;
    loop {
        let estate = draft.estate_with_lots();
        let market = draft.market(&estate);
        if plan_count(&estate, &market) <= PLANS_DRAWN_MAX {
            let (scenario_yaml, estate_yaml) = (draft.scenario_yaml(), draft.estate.to_yaml());
            return Renewal { seed, estate, market, scenario_yaml, estate_yaml };
        }
        // Actions multiply most; a renewal without any has few enough plans.
        if draft.reinstalls.pop().is_none() && draft.reclaims.pop().is_none() {
            draft.offers.pop().expect("nothing to choose is one plan");
        }
    }
}

/// Ends licenses before the renewal, above all those that somebody has been assigned.
fn end_licenses(random: &mut SplitMix64, draft: &mut Draft, eve: &str) {
    for license in &mut draft.licenses {
        let is_assigned = |assigned: &AssignedRow| *assigned == AssignedRow::License(license.id.clone());
        let percent = if draft.assignments.iter().any(|row| is_assigned(&row.assigned)) { 50 } else { 30 };
        if random.percent(percent) {
            let end = if random.percent(50) { eve } else { "2025-12-31" };
            license.end = Some(end.to_owned());
            license.start = license.start.take().filter(|start| start.as_str() <= end);
        }
    }
}

impl Drawing {
    fn text(&mut self, from: &[&str]) -> String {
        (*self.random.pick(from)).to_owned()
    }

    fn optional(&mut self, percent: u64, from: &[&str]) -> Option<String> {
        self.random.percent(percent).then(|| self.text(from))
    }

    /// Finite licenses that have ended, but the one that a renewal leans to.
    fn ended(&self) -> Vec<LicenseRow> {
        let as_of = &self.renewal.as_of;
        let has_ended = |row: &&LicenseRow| row.quantity.is_some() && row.end.as_ref().is_some_and(|end| end < as_of);
        let others = self.renewal.estate.licenses.iter().filter(|row| row.id != leaning::ASSIGNED);
        others.filter(has_ended).cloned().collect()
    }

    fn offers(&mut self) {
        let mut ended = self.ended();
        self.random.shuffle(&mut ended);
        for index in 0..*self.random.pick(&[0, 1, 1, 2, 2, 3, 3, 3]) {
            let letter = self.text(&["new-", "Z", "keep"]);
            let id = format!("{letter}{index}");
            let renewed = if self.random.percent(60) { ended.pop() } else { None };
            let row = match renewed {
                Some(license) => self.renewal_of(id, &license),
                None => self.lot(id),
            };
            self.renewal.offers.push(row);
        }
    }

    fn renewal_of(&mut self, id: String, license: &LicenseRow) -> OfferRow {
        let own = license.quantity.expect("it is finite");
        let is_whole = self.random.percent(25);
        let fee = self.optional(15, &FEES);
        // What is renewed as a whole has one quantity, so that neither packs nor a least one can be given.
        let is_plain = is_whole || own < 2 || self.random.percent(70);
        let pack = (!is_plain && self.random.percent(50)).then_some(2);
        let min = (!is_plain && self.random.percent(50)).then_some(2);
        let prices = self.prices(own);
        let what = Offered::License { license: license.id.clone(), is_whole };
        OfferRow { id, what, prices, pack, min, max: None, fee }
    }

    fn lot(&mut self, id: String) -> OfferRow {
        let wanted: Vec<String> = {
            let covers = |sku: &Sku| {
                !sku.use_only_when_assigned
                    && self.estate.installs.iter().any(|row| row.excluded.is_none() && sku.may_cover(row.version))
            };
            self.estate.skus.iter().filter(|sku| covers(sku)).map(|sku| sku.id.clone()).collect()
        };
        let any = self.random.pick(&self.renewal.estate.skus).id.clone();
        let is_any = wanted.is_empty() || self.random.percent(20);
        let sku = if is_any { any } else { self.random.pick(&wanted).clone() };
        let scope = self.scope();
        let pack = *self.random.pick(&[None, None, None, Some(1), Some(2), Some(2), Some(3)]);
        let min = self.random.percent(25).then(|| 1 + self.random.next_u64() % 3);
        let size = pack.unwrap_or(1);
        let first = min.unwrap_or(1).div_ceil(size) * size;
        // Not always a whole number of packs.
        let max = self.random.percent(85).then(|| first.max(1 + self.random.next_u64() % 4));
        let fee = self.optional(20, &FEES);
        let prices = self.prices(max.unwrap_or(4));
        OfferRow { id, what: Offered::Lot { sku, scope }, prices, pack, min, max, fee }
    }

    /// The root where it may be left out, where something is installed, or anywhere.
    fn scope(&mut self) -> Option<String> {
        let scopes = &self.renewal.estate.scopes;
        let roots = scopes.iter().filter(|scope| scope.parent.is_none()).count();
        if scopes.is_empty() || roots == 1 && self.random.percent(60) {
            return None;
        }
        let installs: Vec<String> =
            self.renewal.estate.installs.iter().filter_map(|install| install.scope.clone()).collect();
        if installs.is_empty() || self.random.percent(40) {
            return Some(self.random.pick(&self.renewal.estate.scopes).id.clone());
        }
        Some(self.random.pick(&installs).clone())
    }

    /// One price, or two or three tiers that mostly get cheaper, sometimes so much that more units cost less.
    fn prices(&mut self, most: u64) -> Prices {
        if most < 2 || self.random.percent(60) {
            return Prices::One(self.text(&PRICES));
        }
        let mut tiers = vec![1];
        for _ in 0..if self.random.percent(25) { 2 } else { 1 } {
            tiers.push(2 + self.random.next_u64() % (most - 1));
        }
        tiers.sort_unstable();
        tiers.dedup();
        let mut prices: Vec<usize> = tiers.iter().map(|_| self.random.below(PRICES.len())).collect();
        prices.sort_unstable();
        if self.random.percent(85) {
            prices.reverse();
        }
        let tiers = tiers.into_iter().zip(prices.into_iter().map(|price| PRICES[price].to_owned())).collect();
        Prices::Tiers { tiers, is_for_all_units: self.random.percent(50) }
    }

    fn actions(&mut self) {
        let percent = if self.renewal.estate.transfers.is_empty() { 5 } else { 55 };
        self.renewal.transfers_are_paid = self.random.percent(percent);
        let (reclaims, reinstalls) =
            *self.random.pick(&[(0, 0), (0, 1), (0, 2), (0, 2), (1, 0), (2, 0), (1, 1), (2, 2)]);
        for _ in 0..reclaims {
            let Some((title, version)) = self.installed() else { return };
            let span = match self.random.below(4) {
                0 => Span::One(version),
                1 => Span::UpTo(version),
                _ => Span::All,
            };
            let unused_days = *self.random.pick(&[30, 90]);
            let cost = self.text(&ACTION_COSTS);
            // One version with the same days twice is refused.
            let same = |row: &ReclaimRow| row.title == title && row.unused_days == unused_days;
            if !self.renewal.reclaims.iter().any(same) {
                self.renewal.reclaims.push(ReclaimRow { title, span, unused_days, cost });
            }
        }
        for _ in 0..reinstalls {
            let Some((title, from)) = self.installed() else { return };
            let to = self.replacements(&title);
            let to = *self.random.pick(&to);
            let (to_title, to) = (self.estate.title_of(to).id.clone(), self.estate.versions[to].name.clone());
            let same = |row: &ReinstallRow| {
                (&row.title, &row.from) == (&title, &from) && (&row.to_title, &row.to) == (&to_title, &to)
            };
            if (&title, &from) != (&to_title, &to) && !self.renewal.reinstalls.iter().any(same) {
                let cost = self.text(&ACTION_COSTS);
                self.renewal.reinstalls.push(ReinstallRow { title, from, to_title, to, cost });
            }
        }
    }

    /// Versions to put in the place of one of a title: mostly those of the title that licenses may cover, seldom
    /// those of all titles whose installs are demand.
    fn replacements(&mut self, title: &str) -> Vec<VersionId> {
        let estate = &self.estate;
        let is_own = |version: VersionId| estate.title_of(version).id == title;
        let is_demand = |title: &Title| title.is_active && title.track_by == TrackBy::Installations;
        let active = estate.licenses.iter().filter(|license| license.state(estate.as_of) == LicenseState::Active);
        let licensed: BTreeSet<VersionId> =
            active.flat_map(|license| estate.skus[license.sku].may_cover.iter().copied()).collect();
        let licensed: Vec<VersionId> = licensed.into_iter().filter(|&version| is_own(version)).collect();
        let own = estate.versions.ids().filter(|&version| is_own(version)).collect();
        let of_all: Vec<VersionId> =
            estate.versions.ids().filter(|&version| is_demand(estate.title_of(version))).collect();
        match self.random.below(10) {
            0 if !of_all.is_empty() => of_all,
            1..8 if !licensed.is_empty() => licensed,
            _ => own,
        }
    }

    /// The title and the name of a version that is installed, mostly where nobody has been assigned anything.
    fn installed(&mut self) -> Option<(String, String)> {
        let draft = &self.renewal.estate;
        let is_assigned = |row: &InstallRow| {
            draft.assignments.iter().any(|assignment| match &assignment.target {
                TargetRow::Asset(asset) => row.asset.as_ref() == Some(asset),
                TargetRow::User(user) => row.user.as_ref() == Some(user),
            })
        };
        let free: Vec<&InstallRow> =
            draft.installs.iter().filter(|row| row.excluded.is_none() && !is_assigned(row)).collect();
        if draft.installs.is_empty() {
            return None;
        }
        let install = if free.is_empty() || self.random.percent(10) {
            self.random.pick(&draft.installs)
        } else {
            *self.random.pick(&free)
        };
        let Span::One(name) = &install.version.span else { unreachable!("installs are of one version") };
        Some((install.version.title.clone(), name.clone()))
    }

    /// Days of last use: those that decide whether an install may be uninstalled, and those around them.
    fn last_used(&mut self) {
        let as_of: Date = self.renewal.as_of.parse().unwrap();
        for install in &mut self.renewal.estate.installs {
            let limit = *self.random.pick(&[30, 90]);
            let days = *self.random.pick(&[limit, limit, limit - 1, limit + 1, 400, 400, 0]);
            let day = (0..days).fold(as_of, |day, _| day.yesterday().unwrap());
            install.last_used = self.random.percent(65).then(|| day.to_string());
        }
    }

    fn limits(&mut self) {
        let percent = if self.leaning == Leaning::Assigned { 60 } else { 25 };
        self.renewal.budget = self.optional(percent, &BUDGETS);
        self.renewal.shortage = match self.random.below(10) {
            0..3 => Shortage::LeftOut,
            3..6 => Shortage::Forbid,
            _ => Shortage::Cost(self.text(&SHORTAGE_COSTS)),
        };
    }
}
