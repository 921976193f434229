//! The rules as lists of steps: which licenses are looked at, and in which order.

use super::{LicenseOrder, Orders, Rule, RuleOrder};
use model::estate::Estate;
use model::id::{LicenseId, SkuId, Table, VersionId};
use std::cmp::Ordering;

/// How the main version of a SKU relates to a version it may cover.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// It is that version.
    Exact,
    /// It is a newer one of the same title.
    Downgrade,
    /// It is an older one of the same title.
    Newer,
    /// It is of another title.
    Cross,
}

/// What stands at the top of an entitlement.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tops {
    /// A base license, which is then the whole entitlement.
    Bases,
    /// An upgrade license.
    Upgrades,
    /// Either.
    Both,
}

/// One step of a rule: entitlements that are tried together, in one order.
pub(super) struct Step {
    pub(super) fits: &'static [Fit],
    pub(super) tops: Tops,
    /// Whether the oldest main version comes first, whatever the order of licenses.
    pub(super) is_oldest_first: bool,
}

const SAME_TITLE: &[Fit] = &[Fit::Exact, Fit::Downgrade, Fit::Newer];
const ANY: &[Fit] = &[Fit::Exact, Fit::Downgrade, Fit::Newer, Fit::Cross];

impl Step {
    const fn of(tops: Tops, fits: &'static [Fit]) -> Self {
        Self { fits, tops, is_oldest_first: false }
    }

    const fn oldest(tops: Tops, fits: &'static [Fit]) -> Self {
        Self { fits, tops, is_oldest_first: true }
    }

    /// Whether an entitlement topped by `sku` is tried for `version`; what it may cover is asked elsewhere.
    pub(super) fn admits(&self, estate: &Estate, sku: SkuId, version: VersionId) -> bool {
        let is_kind = match self.tops {
            Tops::Bases => !estate.skus[sku].is_upgrade(),
            Tops::Upgrades => estate.skus[sku].is_upgrade(),
            Tops::Both => true,
        };
        is_kind && self.fits.contains(&fit(estate, sku, version))
    }
}

fn fit(estate: &Estate, sku: SkuId, version: VersionId) -> Fit {
    let main = estate.skus[sku].version;
    match main.cmp(&version) {
        Ordering::Equal => Fit::Exact,
        _ if estate.versions[main].title != estate.versions[version].title => Fit::Cross,
        Ordering::Greater => Fit::Downgrade,
        Ordering::Less => Fit::Newer,
    }
}

/// The steps of a rule, in order. Together they admit every entitlement; a rule that only judges has none.
pub(super) fn steps(rule: Rule, order: RuleOrder) -> Vec<Step> {
    use Tops::{Bases, Both, Upgrades};
    match rule {
        Rule::BestFit => {
            let (first, second): (&[Fit], &[Fit]) = match order {
                RuleOrder::ExactFirst => (&[Fit::Exact], &[Fit::Downgrade]),
                RuleOrder::DowngradeFirst => (&[Fit::Downgrade], &[Fit::Exact]),
            };
            vec![
                Step::of(Bases, first),
                Step::of(Bases, second),
                Step::of(Upgrades, SAME_TITLE),
                Step::of(Bases, &[Fit::Newer]),
                Step::of(Bases, &[Fit::Cross]),
                Step::of(Upgrades, &[Fit::Cross]),
            ]
        }
        Rule::LowestSufficient => vec![
            Step::oldest(Bases, SAME_TITLE),
            Step::oldest(Bases, &[Fit::Cross]),
            Step::oldest(Upgrades, SAME_TITLE),
            Step::oldest(Upgrades, &[Fit::Cross]),
        ],
        Rule::PriorityList => vec![Step::of(Bases, &[Fit::Exact]), Step::of(Both, ANY)],
        Rule::PerTitle => Vec::new(),
    }
}

/// The position of each license in the order of licenses. What has no date, or no limit, comes last;
/// ties go by id.
pub(super) fn ranks(estate: &Estate, orders: Orders) -> Table<LicenseId, u32> {
    let mut ids: Vec<LicenseId> = estate.licenses.ids().collect();
    match orders.licenses {
        LicenseOrder::Purchased => ids.sort_by_key(|&id| {
            let purchased = estate.licenses[id].purchased;
            (purchased.is_none(), purchased, id)
        }),
        LicenseOrder::End => ids.sort_by_key(|&id| {
            let end = estate.licenses[id].end;
            (end.is_none(), end, id)
        }),
        LicenseOrder::Quantity => ids.sort_by_key(|&id| {
            let quantity = estate.licenses[id].quantity;
            (quantity.is_none(), quantity, id)
        }),
    }
    let mut ranks = Table::filled(0, ids.len());
    for (rank, id) in (0..).zip(ids) {
        ranks[id] = rank;
    }
    ranks
}
