//! What to think of a version: its status with the reasons, rolled up to titles, families, publishers.

use super::{Derived, Known};
use crate::certainty::{Needed, Shortage};
use crate::reach::Reach;
use checker::Certified;
use checker::figures::{Totals, VersionFigures};
use model::estate::{Thresholds, Title};
use model::id::{LicenseId, Table, TitleId, VersionId, ids_in};
use model::number::Quantity;
use std::collections::BTreeMap;

/// How well demand is covered, from good to bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Not calculated.
    Inactive,
    /// All is covered, and nothing calls for attention.
    Green,
    /// All is covered, and something calls for attention.
    Yellow,
    /// Something is uncovered.
    Red,
}

/// Why a covered version calls for attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Demand is near its reach.
    AlmostUnder,
    /// Licenses lie idle.
    Over,
    /// Upgrade units have nothing to stand on.
    UnusableUpgrades,
    /// Something will be uncovered once licenses have ended.
    Expiring,
}

/// A ratio of demand to reach; reach is not zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Percent {
    demand: Quantity,
    reach: Quantity,
}

/// What to think of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionStanding {
    /// Whether it is short in best allocations; none where that is not known.
    pub shortage: Option<Shortage>,
    /// How many installs could be covered if it were the only demand.
    pub reach: Reach,
    /// Demand as a share of reach; none where reach is zero, unlimited or unknown.
    pub percent: Option<Percent>,
    /// How well it is covered.
    pub status: Status,
    /// Why it is yellow; empty else.
    pub reasons: Vec<Reason>,
}

/// Titles taken together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rollup {
    /// The family or publisher.
    pub name: String,
    /// The worst of its titles.
    pub status: Status,
    /// Sums over its titles and the licenses whose main version is of them.
    pub totals: Totals,
}

impl Status {
    /// The word in results.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Inactive => "inactive",
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Red => "red",
        }
    }
}

impl Reason {
    /// The word in results.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::AlmostUnder => "almost-under",
            Self::Over => "over",
            Self::UnusableUpgrades => "unusable-upgrades",
            Self::Expiring => "expiring",
        }
    }
}

impl Percent {
    /// Demand as a share of reach; none where that says nothing.
    fn of(demand: Quantity, reach: Reach) -> Option<Self> {
        match reach {
            Reach::Installs(reach) if !reach.is_zero() => Some(Self { demand, reach }),
            _ => None,
        }
    }

    /// In tenths of a per cent, rounded half up.
    #[must_use]
    pub fn tenths(self) -> u128 {
        let (demand, reach) = (u128::from(self.demand.get()), u128::from(self.reach.get()));
        (2 * 1000 * demand + reach) / (2 * reach)
    }

    /// Demand in hundredths against a threshold times reach: exact, where a quotient would be rounded.
    fn sides(self, threshold_percent: u32) -> (u128, u128) {
        (100 * u128::from(self.demand.get()), u128::from(threshold_percent) * u128::from(self.reach.get()))
    }
}

/// Everything that follows from certified figures and from what is known of each version.
pub(super) fn derive(
    certified: &Certified<'_>,
    needed: Table<LicenseId, Option<Needed>>,
    known: impl Fn(VersionId) -> Known,
) -> Derived {
    let (estate, figures) = (certified.estate(), certified.figures());
    let mut has_unusable = Table::filled(false, estate.versions.len());
    for (id, _) in figures.licenses.enumerate().filter(|(_, row)| !row.unusable.is_zero()) {
        has_unusable[estate.sku_of(id).version] = true;
    }
    let standing = |(version, figures): (VersionId, &VersionFigures)| {
        let Known { shortage, reach, is_short_later } = known(version);
        let percent = Percent::of(figures.demand, reach);
        let reasons = reasons(&estate.thresholds, figures, percent, has_unusable[version], is_short_later);
        let status = match () {
            () if !estate.title_of(version).is_active => Status::Inactive,
            () if !figures.uncovered.is_zero() => Status::Red,
            () if reasons.is_empty() => Status::Green,
            () => Status::Yellow,
        };
        let reasons = if status == Status::Yellow { reasons } else { Vec::new() };
        VersionStanding { shortage, reach, percent, status, reasons }
    };
    let versions = Table::new(figures.versions.enumerate().map(standing).collect());
    let worst = |title: &Title| ids_in(&title.versions).map(|version: VersionId| versions[version].status).max();
    let titles = estate.titles.iter().map(|title| worst(title).expect("a title has at least one version"));
    let titles: Table<TitleId, Status> = Table::new(titles.collect());
    let families = rollups(certified, &titles, |title| title.family.as_deref());
    let publishers = rollups(certified, &titles, |title| title.publisher.as_deref());
    Derived { versions, titles, needed, families, publishers }
}

fn reasons(
    thresholds: &Thresholds,
    figures: &VersionFigures,
    percent: Option<Percent>,
    has_unusable: bool,
    is_short_later: bool,
) -> Vec<Reason> {
    let is_at_least = |percent: Percent| {
        let (used, threshold) = percent.sides(thresholds.almost_under_percent);
        used >= threshold
    };
    let is_at_most = |percent: Percent| {
        let (used, threshold) = percent.sides(thresholds.over_percent);
        used <= threshold
    };
    let reasons = [
        (percent.is_some_and(is_at_least), Reason::AlmostUnder),
        (!figures.licensed.is_zero() && percent.is_some_and(is_at_most), Reason::Over),
        (has_unusable, Reason::UnusableUpgrades),
        (is_short_later, Reason::Expiring),
    ];
    reasons.into_iter().filter(|&(holds, _)| holds).map(|(_, reason)| reason).collect()
}

/// Titles by a name they share; those without one are in none.
fn rollups(
    certified: &Certified<'_>,
    titles: &Table<TitleId, Status>,
    name: impl Fn(&Title) -> Option<&str>,
) -> Vec<Rollup> {
    let (estate, figures) = (certified.estate(), certified.figures());
    let mut rows: BTreeMap<&str, (Status, Totals)> = BTreeMap::new();
    for (id, title) in estate.titles.enumerate() {
        let Some(name) = name(title) else { continue };
        let (status, totals) = rows.entry(name).or_insert((Status::Inactive, Totals::default()));
        *status = (*status).max(titles[id]);
        for version in ids_in(&title.versions) {
            totals.add_version(&figures.versions[version]);
        }
    }
    for (id, license) in estate.licenses.enumerate() {
        let title: &Title = estate.title_of(estate.skus[license.sku].version);
        if let Some((_, totals)) = name(title).and_then(|name| rows.get_mut(name)) {
            totals.add_license(license.quantity, estate.is_active(id).then_some(&figures.licenses[id]));
        }
    }
    let rollup = |(name, (status, totals)): (&str, (Status, Totals))| Rollup { name: name.to_owned(), status, totals };
    rows.into_iter().map(rollup).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percent(demand: u64, reach: u64) -> Percent {
        Percent::of(Quantity::new(demand), Reach::Installs(Quantity::new(reach))).expect("reach is not zero")
    }

    #[test]
    fn tenths_are_rounded_half_up() {
        assert_eq!(percent(1, 3).tenths(), 333);
        assert_eq!(percent(2, 3).tenths(), 667);
        assert_eq!(percent(1, 2000).tenths(), 1);
        assert_eq!(percent(12, 11).tenths(), 1091);
    }

    #[test]
    fn thresholds_compare_exactly() {
        let (used, threshold) = percent(8_999_999, 10_000_000).sides(90);
        assert!(used < threshold);
        let (used, threshold) = percent(9, 10).sides(90);
        assert!(used >= threshold);
    }

    #[test]
    fn nothing_has_a_share_of_no_reach() {
        assert_eq!(Percent::of(Quantity::ONE, Reach::Installs(Quantity::ZERO)), None);
        assert_eq!(Percent::of(Quantity::ONE, Reach::Unlimited), None);
    }
}
