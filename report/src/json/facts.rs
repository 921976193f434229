//! The facts of a result: what the position was computed from, as far as it tells why another one differs.
//!
//! Rights stand once for all licenses that have them, and neighboring versions as a range, so that what is written grows
//! with SKUs and not with the versions they may cover.

use super::lines::Lines;
use model::estate::{Estate, Sku, TrackBy};
use model::id::{Id, LicenseId, SkuId, VersionId};
use model::number::money_text;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Thresholds {
    almost_under: u32,
    over: u32,
    expiring_days: u32,
}

#[derive(Serialize)]
struct ScopeRow<'e> {
    scope: &'e str,
    parent: Option<&'e str>,
}

#[derive(Serialize)]
struct TransferRow<'e> {
    from: &'e str,
    to: &'e str,
    cost: String,
}

#[derive(Serialize)]
struct TitleRow<'e> {
    title: &'e str,
    status: &'static str,
    track_by: &'static str,
}

/// The rights of the licenses that it lists.
#[derive(Serialize)]
struct RightsRow<'e> {
    licenses: Vec<&'e str>,
    version: String,
    covers: Vec<Range<'e>>,
    upgrades: Option<Vec<Range<'e>>>,
    use_only_when_assigned: bool,
}

/// Versions of a title, in its order.
#[derive(Serialize)]
struct Range<'e> {
    title: &'e str,
    from: &'e str,
    to: &'e str,
}

/// Writes the facts.
pub(super) fn facts(estate: &Estate, lines: &mut Lines) {
    let thresholds = &estate.thresholds;
    lines.open("facts");
    lines.field(
        "thresholds",
        &Thresholds {
            almost_under: thresholds.almost_under_percent,
            over: thresholds.over_percent,
            expiring_days: thresholds.expiring_days,
        },
    );
    let scope = |id| estate.scopes[id].id.as_str();
    lines.rows("scopes", estate.scopes.iter().map(|row| ScopeRow { scope: &row.id, parent: row.parent.map(scope) }));
    let minor_digits = estate.currency.map_or(0, |currency| usize::from(currency.minor_digits));
    let transfers = estate.transfers.iter().map(|row| {
        let cost = money_text(i128::from(row.cost.units()), minor_digits);
        TransferRow { from: scope(row.from), to: scope(row.to), cost }
    });
    lines.rows("transfers", transfers);
    let is_plain = |is_active: bool, track_by: TrackBy| is_active && track_by == TrackBy::Installations;
    let titles = estate.titles.iter().filter(|row| !is_plain(row.is_active, row.track_by)).map(|row| TitleRow {
        title: &row.id,
        status: if row.is_active { "active" } else { "inactive" },
        track_by: match row.track_by {
            TrackBy::Installations => "installations",
            TrackBy::Assignments => "assignments",
        },
    });
    lines.rows("titles", titles);
    let mut lots: BTreeMap<SkuId, Vec<LicenseId>> = BTreeMap::new();
    for (id, license) in estate.licenses.enumerate() {
        lots.entry(license.sku).or_default().push(id);
    }
    lines.rows("rights", lots.iter().map(|(&sku, lots)| rights(estate, &estate.skus[sku], lots)));
    lines.close();
}

fn rights<'e>(estate: &'e Estate, sku: &'e Sku, lots: &[LicenseId]) -> RightsRow<'e> {
    RightsRow {
        licenses: lots.iter().map(|&license| estate.licenses[license].id.as_str()).collect(),
        version: estate.version_text(sku.version),
        covers: ranges(estate, &sku.may_cover),
        upgrades: sku.upgrades.as_deref().map(|versions| ranges(estate, versions)),
        use_only_when_assigned: sku.use_only_when_assigned,
    }
}

/// Versions in their order, neighbors of one title together.
fn ranges<'e>(estate: &'e Estate, versions: &[VersionId]) -> Vec<Range<'e>> {
    let title = |version: VersionId| estate.versions[version].title;
    let is_next = |one: &VersionId, other: &VersionId| one.index() + 1 == other.index() && title(*one) == title(*other);
    let range = |run: &[VersionId]| Range {
        title: &estate.titles[title(run[0])].id,
        from: &estate.versions[run[0]].name,
        to: &estate.versions[run[run.len() - 1]].name,
    };
    versions.chunk_by(is_next).map(range).collect()
}
