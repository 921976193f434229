//! Rows that are added to a drawn estate so that a rule that is rarely met by chance is met often.

use super::{DAYS, Drawing, OfferRow, Offered};
use model::generate::{
    AssignedRow, AssignmentRow, Draft, InstallRow, LicenseRow, MetricRow, Reference, Shape, SkuRow, SplitMix64,
    TargetRow, TitleRow,
};

/// What a renewal leans to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaning {
    /// Nothing in particular.
    None,
    /// Entitlements that differ in where they may be used compete for the units of an offered upgrade.
    Upgrade,
    /// A license that has ended is assigned to several targets and may be renewed in part.
    Assigned,
}

/// The license that has ended and may be renewed in part.
pub(super) const ASSIGNED: &str = "assigned";
/// The upgrade that is offered, or the ended license of it.
const UPGRADE: &str = "UP";

/// With a handful of rows, to which others are added.
const SMALLER: Shape = Shape { skus: 3, licenses: 2, installs: 2, assignments: 2, demand: 2, ..super::SHAPE };

impl Leaning {
    /// Every other renewal leans to something.
    pub(super) const fn of(seed: u64) -> Self {
        match seed % 4 {
            1 => Self::Upgrade,
            3 => Self::Assigned,
            _ => Self::None,
        }
    }

    /// What is drawn before anything is added.
    pub(super) const fn shape(self) -> &'static Shape {
        match self {
            Self::None => &super::SHAPE,
            Self::Upgrade | Self::Assigned => &SMALLER,
        }
    }

    /// Adds what the renewal leans to, if some title has versions for it.
    pub(super) fn add_to(self, random: &mut SplitMix64, draft: &mut Draft) {
        let is_usual = |title: &&TitleRow| title.is_active && !title.is_tracked_by_assignments;
        let Some(title) = draft.titles.iter().filter(is_usual).max_by_key(|title| title.versions.len()).cloned() else {
            return;
        };
        let mut addition = Addition { random, draft, title };
        match self {
            Self::None => {}
            Self::Upgrade if addition.title.versions.len() > 1 => addition.competition(),
            Self::Upgrade | Self::Assigned => addition.assigned(),
        }
    }
}

/// Rows being added to a draft.
struct Addition<'d> {
    random: &'d mut SplitMix64,
    draft: &'d mut Draft,
    title: TitleRow,
}

impl Addition<'_> {
    fn version(&self, position: usize) -> Reference {
        Reference::one(&self.title.id, &self.title.versions[position])
    }

    fn sku(&mut self, id: &str, version: usize, upgrades: Vec<Reference>) {
        let covers = if version > 0 && self.random.percent(40) { vec![self.version(version - 1)] } else { Vec::new() };
        let row = SkuRow {
            id: id.to_owned(),
            version: self.version(version),
            covers,
            upgrades,
            use_only_when_assigned: self.random.percent(5),
            metric: MetricRow::Install,
            bundle: Vec::new(),
        };
        self.draft.skus.push(row);
    }

    fn quantity(&mut self) -> u64 {
        1 + self.random.next_u64() % 2
    }

    /// Any scope, and a contract where there is but one.
    fn place(&mut self) -> (Option<String>, Option<String>) {
        let has_one = self.draft.scopes.len() < 2;
        let scope = (!self.draft.scopes.is_empty()).then(|| self.random.pick(&self.draft.scopes).id.clone());
        let contract = self.random.percent(if has_one { 80 } else { 15 });
        (scope, contract.then(|| format!("EA-{}", self.random.below(2))))
    }

    fn license(&mut self, id: &str, sku: &str, quantity: u64) {
        let (scope, contract) = self.place();
        let (id, sku, quantity) = (id.to_owned(), sku.to_owned(), Some(quantity));
        let (start, end, purchased) = (None, None, None);
        self.draft.licenses.push(LicenseRow { id, sku, quantity, scope, start, end, purchased, contract });
    }

    fn install(&mut self, version: usize, quantity: u64, asset: Option<String>) {
        let (scope, contract) = self.place();
        let (version, quantity) = (self.version(version), Some(quantity));
        let (user, last_used, excluded) = (None, None, None);
        self.draft.installs.push(InstallRow { version, quantity, scope, contract, asset, user, last_used, excluded });
    }

    fn assign(&mut self, license: &str, target: TargetRow) {
        let (assigned, scope) = (AssignedRow::License(license.to_owned()), None);
        self.draft.assignments.push(AssignmentRow { assigned, target, version: None, scope });
    }

    /// Bases in several places, installs of the version above, and an upgrade that leads there.
    fn competition(&mut self) {
        let above = 1 + self.random.below(self.title.versions.len() - 1);
        let below = self.random.below(above);
        let upgrades = vec![self.version(below)];
        self.sku("BASE", below, Vec::new());
        self.sku(UPGRADE, above, upgrades);
        for index in 0..2 + self.random.below(2) {
            let quantity = self.quantity();
            self.license(&format!("base-{index}"), "BASE", quantity);
            let quantity = self.quantity();
            self.install(above, quantity, None);
        }
        if self.random.percent(30) {
            self.assign("base-0", TargetRow::Asset("PC-1".to_owned()));
        }
        if self.random.percent(40) {
            let quantity = 1 + self.quantity();
            self.license(ASSIGNED, UPGRADE, quantity);
            self.end_assigned();
            if self.random.percent(60) {
                self.targets(1);
            }
        }
    }

    /// A license that has ended with assignments to most of its units, or to more; some have installs.
    fn assigned(&mut self) {
        let newest = self.title.versions.len() - 1;
        let version = self.random.below(newest + 1);
        let is_upgrade = version > 0 && self.random.percent(50);
        let upgrades = if is_upgrade { vec![self.version(version - 1)] } else { Vec::new() };
        self.sku(UPGRADE, version, upgrades);
        if is_upgrade {
            self.sku("BASE", version - 1, Vec::new());
            let quantity = self.quantity();
            self.license("base-0", "BASE", quantity);
        }
        let quantity = 1 + self.quantity();
        self.license(ASSIGNED, UPGRADE, quantity);
        self.end_assigned();
        self.targets(2);
        self.install(version, 1, None);
        for asset in 1..=3 {
            if self.random.percent(45) {
                self.install(version, 1, Some(format!("PC-{asset}")));
            }
        }
    }

    /// Ends the license that was added last on the eve of some renewal.
    fn end_assigned(&mut self) {
        let license = self.draft.licenses.last_mut().expect("one was added");
        license.end = Some(DAYS[0].1.to_owned());
    }

    /// Assigns the license to so many targets, or some more.
    fn targets(&mut self, fewest: usize) {
        let mut targets: Vec<TargetRow> = (1..=3).map(|asset| TargetRow::Asset(format!("PC-{asset}"))).collect();
        targets.push(TargetRow::User("user-1".to_owned()));
        self.random.shuffle(&mut targets);
        targets.truncate(fewest + self.random.below(2));
        for target in targets {
            self.assign(ASSIGNED, target);
        }
    }
}

impl Drawing {
    /// Offers what the renewal leans to: the license again, or units of the upgrade.
    pub(super) fn lean(&mut self) {
        let mut offers = Vec::new();
        let license = self.renewal.estate.licenses.iter().find(|row| row.id == ASSIGNED).cloned();
        if let Some(license) = license {
            let row = self.renewal_of("again".to_owned(), &license);
            offers.push(OfferRow { what: Offered::License { license: license.id, is_whole: false }, ..row });
        }
        let has_upgrade = self.renewal.estate.skus.iter().any(|row| row.id == UPGRADE && !row.upgrades.is_empty());
        if has_upgrade && self.random.percent(if offers.is_empty() { 100 } else { 50 }) {
            let root = |drawing: &Self| drawing.renewal.estate.scopes.first().map(|root| root.id.clone());
            let scope = if self.random.percent(50) { root(self) } else { self.scope() };
            let row = self.lot("ups".to_owned());
            offers.push(OfferRow { what: Offered::Lot { sku: UPGRADE.to_owned(), scope }, ..row });
        }
        if !offers.is_empty() {
            // Those that come first are taken back last.
            self.renewal.offers.truncate(1);
            self.renewal.offers.splice(0..0, offers);
        }
    }
}
