//! The position of a later day with the installs of today: which versions would lack something.
//!
//! A license ties the versions that it may cover, and those it may stand on, to its main version. Titles
//! that no license of either day ties together share nothing. So only those are stated and solved for
//! the later day to which a license leads that starts or ends before it; of all others the position is
//! that of today, where what is short is red already.
//!
//! Cost: linear in rights and installs, and the position of the titles concerned. Where some of them are
//! no network on that day, nothing is known of any of them.

use crate::component::Parts;
use crate::problem::Extract;
use crate::{Solved, Statement};
use jiff::ToSpan;
use jiff::civil::Date;
use model::estate::{Estate, LicenseState};
use model::id::{Id, Table, TitleId, VersionId};

/// The versions that would lack something `expiring_days` later, those apart that are red today.
pub(super) fn short_later(estate: &Estate) -> Table<VersionId, bool> {
    let none = || Table::filled(false, estate.versions.len());
    let later = days_after(estate.as_of, estate.thresholds.expiring_days);
    let titles = titles_concerned(estate, later);
    if titles.iter().all(|&is_concerned| !is_concerned) {
        return none();
    }
    let uncovered = |solved: Solved<'_, '_>| solved.uncovered();
    let then =
        Statement::of(estate, Extract::of_titles(later, titles)).and_then(|statement| statement.solve().map(uncovered));
    then.map_or_else(|_| none(), |uncovered| Table::new(uncovered.iter().map(|units| !units.is_zero()).collect()))
}

/// Titles that are tied to a license which is active today or on the later day, not on both.
fn titles_concerned(estate: &Estate, later: Date) -> Table<TitleId, bool> {
    let number = |version: VersionId| {
        let title = estate.versions[version].title;
        u32::try_from(title.index()).expect("titles fit their limit")
    };
    let mut ties = Parts::new(estate.titles.len());
    let mut is_tied = Table::filled(false, estate.skus.len());
    let mut changing: Vec<VersionId> = Vec::new();
    for license in &estate.licenses {
        let is_active = [estate.as_of, later].map(|day| license.state(day) == LicenseState::Active);
        let sku = &estate.skus[license.sku];
        if is_active[0] != is_active[1] {
            changing.push(sku.version);
        }
        if is_active != [false; 2] && !std::mem::replace(&mut is_tied[license.sku], true) {
            for &version in sku.may_cover.iter().chain(sku.upgrades.iter().flatten()) {
                ties.join(number(sku.version), number(version));
            }
        }
    }
    let mut is_concerned = vec![false; estate.titles.len()];
    for version in changing {
        is_concerned[ties.find(number(version)) as usize] = true;
    }
    let numbers = (0..).take(estate.titles.len());
    Table::new(numbers.map(|title| is_concerned[ties.find(title) as usize]).collect())
}

fn days_after(day: Date, days: u32) -> Date {
    day.checked_add(i64::from(days).days()).unwrap_or(Date::MAX)
}
