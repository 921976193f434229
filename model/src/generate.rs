//! Seeded small estates in which every rule of the input meets every other.
//!
//! The product is a [`Draft`]: the rows of an estate file as they would be typed, before they are read.
//! Tests draw drafts by the thousand, write them with [`Draft::to_yaml`], read them back and compare
//! what several parts of the program say about them; they also transform a draft in ways whose effect
//! on the answer is known ([`Draft::permuted`], [`Draft::rename`], [`Draft::scaled`], [`Draft::union`]).
//!
//! Guaranteed: every drawn draft is valid input, and the same seed and shape give the same draft on
//! every machine. Source of randomness: `SplitMix64` (Steele, Lea, Flood 2014, "Fast splittable
//! pseudorandom number generators"). Time and memory are linear in the rows drawn, but for the ranges
//! of upgrade rights, which look at all pairs of SKUs. A draft looks like no real estate: its mix of
//! rules is far denser than any organization would have.

mod draw;
mod shape;
mod text;

pub use shape::{Shape, SplitMix64};

/// The rows of an estate file as typed. `None` stands for a key that is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The day of the position, `YYYY-MM-DD`.
    pub as_of: String,
    /// The currency; required where a transfer has a cost.
    pub currency: Option<String>,
    /// Empty for the one implied scope.
    pub scopes: Vec<ScopeRow>,
    /// Transfers between scopes.
    pub transfers: Vec<TransferRow>,
    /// Products.
    pub titles: Vec<TitleRow>,
    /// What can be bought.
    pub skus: Vec<SkuRow>,
    /// Purchase lots.
    pub licenses: Vec<LicenseRow>,
    /// Measured use.
    pub installs: Vec<InstallRow>,
    /// Ties to assets and users.
    pub assignments: Vec<AssignmentRow>,
}

/// A row of `scopes`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeRow {
    /// Its id.
    pub id: String,
    /// The scope it lies in; none for a root.
    pub parent: Option<String>,
}

/// A row of `transfers`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferRow {
    /// The scope of the license.
    pub from: String,
    /// Where it may be used too.
    pub to: String,
    /// Decimal text.
    pub cost: String,
}

/// A row of `titles`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TitleRow {
    /// Its id.
    pub id: String,
    /// Who publishes it.
    pub publisher: Option<String>,
    /// What it is rolled up into.
    pub family: Option<String>,
    /// Oldest first.
    pub versions: Vec<String>,
    /// False for `status: inactive`.
    pub is_active: bool,
    /// True for `track_by: assignments`.
    pub is_tracked_by_assignments: bool,
}

/// A reference to versions of one title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The title.
    pub title: String,
    /// Which of its versions.
    pub span: Span,
}

/// Which versions of a title a reference names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// `title@v`.
    One(String),
    /// `title@*`.
    All,
    /// `title@..v`.
    UpTo(String),
    /// `title@v..`.
    From(String),
    /// `title@a..b`.
    Between(String, String),
}

/// A row of `skus`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkuRow {
    /// Its id.
    pub id: String,
    /// The main version: a [`Span::One`].
    pub version: Reference,
    /// What it may cover instead.
    pub covers: Vec<Reference>,
    /// For an upgrade, what it may be stacked on; empty for a base SKU.
    pub upgrades: Vec<Reference>,
    /// Whether only reserved units may be used.
    pub use_only_when_assigned: bool,
    /// How much one license covers.
    pub metric: MetricRow,
    /// Members of a suite; empty if it is none.
    pub bundle: Vec<Reference>,
}

/// A `metric`, with what belongs to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MetricRow {
    /// Left out.
    #[default]
    Install,
    /// `device`.
    Device,
    /// `user`, with `max_devices` if it is given.
    User(Option<u64>),
}

/// A row of `licenses`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LicenseRow {
    /// Its id.
    pub id: String,
    /// What was bought.
    pub sku: String,
    /// How many units; none for `unlimited: true`.
    pub quantity: Option<u64>,
    /// Where; the root if left out.
    pub scope: Option<String>,
    /// The first day it is active.
    pub start: Option<String>,
    /// The last day it is active.
    pub end: Option<String>,
    /// The day it was bought.
    pub purchased: Option<String>,
    /// The contract it belongs to.
    pub contract: Option<String>,
}

/// A row of `installs`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstallRow {
    /// What is installed: a [`Span::One`].
    pub version: Reference,
    /// How many; one if left out.
    pub quantity: Option<u64>,
    /// Where; the root if left out.
    pub scope: Option<String>,
    /// Under which contract.
    pub contract: Option<String>,
    /// On which asset.
    pub asset: Option<String>,
    /// Used by whom.
    pub user: Option<String>,
    /// The day it was last used.
    pub last_used: Option<String>,
    /// Why it does not count.
    pub excluded: Option<String>,
}

/// A row of `assignments`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignmentRow {
    /// What is assigned.
    pub assigned: AssignedRow,
    /// To what or whom.
    pub target: TargetRow,
    /// For a title: the version wanted.
    pub version: Option<String>,
    /// Where; for a license its own scope, for a title the root if left out.
    pub scope: Option<String>,
}

/// What an assignment row names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssignedRow {
    /// A license.
    License(String),
    /// A title.
    Title(String),
}

/// The target an assignment row names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetRow {
    /// A machine.
    Asset(String),
    /// A person.
    User(String),
}

/// What an id names, for [`Draft::rename`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A scope.
    Scope,
    /// A title.
    Title,
    /// A SKU.
    Sku,
    /// A license.
    License,
    /// A contract.
    Contract,
    /// An asset.
    Asset,
    /// A user.
    User,
}

impl Reference {
    /// `title@version`.
    #[must_use]
    pub fn one(title: &str, version: &str) -> Self {
        Self { title: title.to_owned(), span: Span::One(version.to_owned()) }
    }
}

impl Draft {
    /// Draws an estate; the same seed and shape give the same draft.
    #[must_use]
    pub fn generate(seed: u64, shape: &Shape) -> Self {
        draw::draft(seed, shape)
    }

    /// The estate file.
    #[must_use]
    pub fn to_yaml(&self) -> String {
        text::yaml(self)
    }

    /// The same facts with the rows of every list in another order.
    #[must_use]
    pub fn permuted(&self, seed: u64) -> Self {
        let mut random = SplitMix64::new(seed);
        let mut draft = self.clone();
        random.shuffle(&mut draft.scopes);
        random.shuffle(&mut draft.transfers);
        random.shuffle(&mut draft.titles);
        random.shuffle(&mut draft.skus);
        for sku in &mut draft.skus {
            random.shuffle(&mut sku.covers);
            random.shuffle(&mut sku.upgrades);
            random.shuffle(&mut sku.bundle);
        }
        random.shuffle(&mut draft.licenses);
        random.shuffle(&mut draft.installs);
        random.shuffle(&mut draft.assignments);
        draft
    }

    /// The same facts under other names. `name` must give different ids of a kind different names.
    ///
    /// Which assignments to a license are honored goes by the ids of assets and users: where there are
    /// more assignments than units, only names that keep their order keep the answer.
    #[must_use]
    pub fn rename(&self, name: impl Fn(Kind, &str) -> String) -> Self {
        let mut draft = self.clone();
        draft.for_each_id(&mut |kind, id| *id = name(kind, id));
        draft
    }

    /// Every license and install with `factor` times its quantity; assignments stay as they are, so
    /// that the answer scales only in drafts without any.
    #[must_use]
    pub fn scaled(&self, factor: u64) -> Self {
        let mut draft = self.clone();
        for license in &mut draft.licenses {
            license.quantity = license.quantity.map(|quantity| quantity * factor);
        }
        for install in &mut draft.installs {
            install.quantity = Some(install.quantity.unwrap_or(1) * factor);
        }
        draft
    }

    /// One more license: a copy of one there is, under a new id. The first three levels of the answer
    /// can only get better, or stay.
    #[must_use]
    pub fn with_another_license(&self, seed: u64) -> Self {
        let mut draft = self.clone();
        if !draft.licenses.is_empty() {
            let mut license = SplitMix64::new(seed).pick(&self.licenses).clone();
            license.id = format!("{}-again", license.id);
            draft.licenses.push(license);
        }
        draft
    }

    /// One more install: a copy of one there is, of no asset and no user. Levels 1 and 2 of the answer
    /// stay; `uncovered` stays or grows, by no more than its quantity.
    #[must_use]
    pub fn with_another_install(&self, seed: u64) -> Self {
        let mut draft = self.clone();
        if !draft.installs.is_empty() {
            let install = SplitMix64::new(seed).pick(&self.installs).clone();
            draft.installs.push(InstallRow { asset: None, user: None, ..install });
        }
        draft
    }

    /// The parts side by side: ids prefixed, the scopes of each part a tree (or trees) of their own.
    /// Nothing in one part can reach another, so every figure of the answer is the sum of the parts'.
    ///
    /// # Panics
    /// When there is no part, or the parts are for different days or in different currencies.
    #[must_use]
    pub fn union(parts: &[Self]) -> Self {
        let mut whole: Option<Self> = None;
        for (index, part) in parts.iter().enumerate() {
            let part = part.with_explicit_scopes().rename(|_, id| format!("p{index}-{id}"));
            let Some(whole) = &mut whole else {
                whole = Some(part);
                continue;
            };
            assert_eq!(whole.as_of, part.as_of, "the parts of a union are for the same day");
            let currencies = (whole.currency.take(), part.currency);
            whole.currency = match currencies {
                (Some(one), Some(other)) => {
                    assert_eq!(one, other, "the parts of a union have the same currency");
                    Some(one)
                }
                (one, other) => one.or(other),
            };
            whole.scopes.extend(part.scopes);
            whole.transfers.extend(part.transfers);
            whole.titles.extend(part.titles);
            whole.skus.extend(part.skus);
            whole.licenses.extend(part.licenses);
            whole.installs.extend(part.installs);
            whole.assignments.extend(part.assignments);
        }
        whole.expect("a union has at least one part")
    }

    /// The same facts with the root scope written wherever it is the default.
    #[must_use]
    pub fn with_explicit_scopes(&self) -> Self {
        let mut draft = self.clone();
        if draft.scopes.is_empty() {
            draft.scopes.push(ScopeRow { id: "all".to_owned(), parent: None });
        }
        // With several roots nothing may leave its scope to the default, so the first one serves.
        let root = draft.scopes.iter().find(|scope| scope.parent.is_none()).expect("scopes form trees").id.clone();
        let places = (draft.licenses.iter_mut().map(|license| &mut license.scope))
            .chain(draft.installs.iter_mut().map(|install| &mut install.scope));
        for scope in places {
            scope.get_or_insert_with(|| root.clone());
        }
        for assignment in &mut draft.assignments {
            if matches!(assignment.assigned, AssignedRow::Title(_)) {
                assignment.scope.get_or_insert_with(|| root.clone());
            }
        }
        draft
    }

    fn for_each_id(&mut self, change: &mut impl FnMut(Kind, &mut String)) {
        for scope in &mut self.scopes {
            change(Kind::Scope, &mut scope.id);
            scope.parent.iter_mut().for_each(|parent| change(Kind::Scope, parent));
        }
        for transfer in &mut self.transfers {
            change(Kind::Scope, &mut transfer.from);
            change(Kind::Scope, &mut transfer.to);
        }
        for title in &mut self.titles {
            change(Kind::Title, &mut title.id);
        }
        for sku in &mut self.skus {
            change(Kind::Sku, &mut sku.id);
            change(Kind::Title, &mut sku.version.title);
            let references = sku.covers.iter_mut().chain(&mut sku.upgrades).chain(&mut sku.bundle);
            references.for_each(|reference| change(Kind::Title, &mut reference.title));
        }
        for license in &mut self.licenses {
            change(Kind::License, &mut license.id);
            change(Kind::Sku, &mut license.sku);
            license.scope.iter_mut().for_each(|scope| change(Kind::Scope, scope));
            license.contract.iter_mut().for_each(|contract| change(Kind::Contract, contract));
        }
        for install in &mut self.installs {
            change(Kind::Title, &mut install.version.title);
            install.scope.iter_mut().for_each(|scope| change(Kind::Scope, scope));
            install.contract.iter_mut().for_each(|contract| change(Kind::Contract, contract));
            install.asset.iter_mut().for_each(|asset| change(Kind::Asset, asset));
            install.user.iter_mut().for_each(|user| change(Kind::User, user));
        }
        for assignment in &mut self.assignments {
            match &mut assignment.assigned {
                AssignedRow::License(license) => change(Kind::License, license),
                AssignedRow::Title(title) => change(Kind::Title, title),
            }
            match &mut assignment.target {
                TargetRow::Asset(asset) => change(Kind::Asset, asset),
                TargetRow::User(user) => change(Kind::User, user),
            }
            assignment.scope.iter_mut().for_each(|scope| change(Kind::Scope, scope));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_draft() {
        for seed in 0..50 {
            assert_eq!(Draft::generate(seed, &Shape::TINY), Draft::generate(seed, &Shape::TINY));
        }
        assert_ne!(Draft::generate(1, &Shape::TINY), Draft::generate(2, &Shape::TINY));
    }

    #[test]
    fn no_two_assignments_tie_the_same_thing_to_the_same_target() {
        for seed in 0..500 {
            let draft = Draft::generate(seed, &Shape::SMALL);
            for (index, row) in draft.assignments.iter().enumerate() {
                let twin = |other: &AssignmentRow| (&other.assigned, &other.target) == (&row.assigned, &row.target);
                assert!(!draft.assignments[..index].iter().any(twin), "seed {seed}");
            }
        }
    }

    #[test]
    fn a_union_names_every_scope() {
        let parts = [Draft::generate(3, &Shape::TINY), Draft::generate(4, &Shape::TINY)];
        let union = Draft::union(&parts);
        assert!(union.licenses.iter().all(|license| license.scope.is_some()));
        assert!(union.installs.iter().all(|install| install.scope.is_some()));
        assert_eq!(union.titles.len(), parts[0].titles.len() + parts[1].titles.len());
    }

    #[test]
    fn a_permutation_keeps_the_rows() {
        let draft = Draft::generate(5, &Shape::LARGE);
        let permuted = draft.permuted(9);
        assert_ne!(draft, permuted);
        assert!(draft.installs.iter().all(|install| permuted.installs.contains(install)));
    }
}
