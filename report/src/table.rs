//! A position as tables for a terminal.

use crate::diagnostics::Color;
use crate::grid::Alignment::{Left, Right};
use crate::grid::{Cell, Grid, ROWS_SHOWN_MAX};
use crate::phrase;
use checker::Certified;
use checker::claim::state_word;
use model::estate::Estate;
use model::id::{AssignmentId, LicenseId, VersionId};
use solver::position::Rollup;
use solver::{Needed, Position, Reach, Shortage};
use std::fmt::Write as _;

/// What the rows of versions are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// One for each version.
    Versions,
    /// One for each version and scope.
    Scopes,
}

/// The position in words and tables: what is uncovered and what is idle side by side, every version,
/// every license, assignments that are not plainly met, and why something must be uncovered.
#[must_use]
pub fn table(position: &Position<'_>, rows: Rows, color: Color) -> String {
    let certified = &position.certified;
    let estate = certified.estate();
    let mut out = format!("{}\n", color.heading(&phrase::title(estate)));
    out += &phrase::summary(certified);
    out.push('\n');
    match rows {
        Rows::Versions => versions(position, color, &mut out),
        Rows::Scopes => scopes(certified, color, &mut out),
    }
    out.push('\n');
    licenses(position, color, &mut out);
    rollups("Families", &position.derived.families, color, &mut out);
    rollups("Publishers", &position.derived.publishers, color, &mut out);
    section("Assignments", assignments(certified), color, &mut out);
    section("Shortages", phrase::shortages(certified), color, &mut out);
    out
}

fn versions(position: &Position<'_>, color: Color, out: &mut String) {
    let versions = position.certified.estate().versions.ids();
    let hidden = versions.len().saturating_sub(ROWS_SHOWN_MAX);
    versions_grid(position, versions.take(ROWS_SHOWN_MAX)).render(color, out);
    and_more(hidden, out);
}

/// A row for each of some versions.
pub(crate) fn versions_grid(position: &Position<'_>, versions: impl Iterator<Item = VersionId>) -> Grid {
    let mut grid = Grid::new(&[
        ("Version", Left),
        ("Status", Left),
        ("Installed", Right),
        ("Demand", Right),
        ("Covered", Right),
        ("Uncovered", Right),
        ("Shortage", Left),
        ("Licensed", Right),
        ("Idle", Right),
        ("Reach", Right),
        ("%", Right),
        ("Covered by", Left),
    ]);
    for version in versions {
        grid.push(version_row(position, version));
    }
    grid
}

fn version_row(position: &Position<'_>, version: VersionId) -> Vec<Cell> {
    let (row, standing) = (position.certified.figures().versions[version], &position.derived.versions[version]);
    let reach = match standing.reach {
        Reach::Installs(installs) => Cell::number(installs.get()),
        Reach::Unlimited => Cell::new(phrase::UNLIMITED),
        Reach::Unknown => Cell::new("?"),
    };
    vec![
        Cell::new(&position.certified.estate().version_text(version)),
        Cell::status(standing.status, phrase::status(standing)),
        Cell::number(row.installed.get()),
        Cell::number(row.demand.get()),
        Cell::number(row.covered.get()),
        Cell::alarm(row.uncovered.get()),
        Cell::new(phrase::certainty(standing.shortage.map(Shortage::word))),
        Cell::number(row.licensed.get()),
        Cell::number(row.idle.get()),
        reach,
        Cell::new(&standing.percent.map_or(String::new(), phrase::percent_text)),
        Cell::new(&phrase::covered_by(row.covered_by)),
    ]
}

fn scopes(certified: &Certified<'_>, color: Color, out: &mut String) {
    let mut grid = Grid::new(&[
        ("Version", Left),
        ("Scope", Left),
        ("Installed", Right),
        ("Demand", Right),
        ("Covered", Right),
        ("Uncovered", Right),
        ("Licensed", Right),
        ("Idle", Right),
        ("Covered by", Left),
    ]);
    let rows = certified.by_scope();
    let hidden = rows.len().saturating_sub(ROWS_SHOWN_MAX);
    for ((version, scope), row) in rows.into_iter().take(ROWS_SHOWN_MAX) {
        grid.push(vec![
            Cell::new(&certified.estate().version_text(version)),
            Cell::new(&certified.estate().scopes[scope].id),
            Cell::number(row.installed.get()),
            Cell::number(row.demand.get()),
            Cell::number(row.covered.get()),
            Cell::alarm(row.uncovered.get()),
            Cell::number(row.licensed.get()),
            Cell::number(row.idle.get()),
            Cell::new(&phrase::covered_by(row.covered_by)),
        ]);
    }
    grid.render(color, out);
    and_more(hidden, out);
}

/// Titles taken together; nothing where they have no such name.
fn rollups(heading: &'static str, rollups: &[Rollup], color: Color, out: &mut String) {
    if rollups.is_empty() {
        return;
    }
    out.push('\n');
    rollups_grid(heading, rollups.iter().take(ROWS_SHOWN_MAX)).render(color, out);
    and_more(rollups.len().saturating_sub(ROWS_SHOWN_MAX), out);
}

/// A row for each of some families or publishers.
pub(crate) fn rollups_grid<'r>(heading: &'static str, rollups: impl Iterator<Item = &'r Rollup>) -> Grid {
    let mut grid = Grid::new(&[
        (heading, Left),
        ("Status", Left),
        ("Installed", Right),
        ("Demand", Right),
        ("Covered", Right),
        ("Uncovered", Right),
        ("Owned", Right),
        ("Used", Right),
        ("Idle", Right),
    ]);
    for Rollup { name, status, totals } in rollups {
        grid.push(vec![
            Cell::new(name),
            Cell::status(*status, status.word().to_owned()),
            Cell::number(totals.installed.get()),
            Cell::number(totals.demand.get()),
            Cell::number(totals.covered.get()),
            Cell::alarm(totals.uncovered.get()),
            Cell::number(totals.owned.get()),
            Cell::number(totals.used.get()),
            Cell::number(totals.idle.get()),
        ]);
    }
    grid
}

fn licenses(position: &Position<'_>, color: Color, out: &mut String) {
    let licenses = position.certified.estate().licenses.ids();
    let hidden = licenses.len().saturating_sub(ROWS_SHOWN_MAX);
    licenses_grid(position, licenses.take(ROWS_SHOWN_MAX)).render(color, out);
    and_more(hidden, out);
}

/// A row for each of some licenses.
pub(crate) fn licenses_grid(position: &Position<'_>, licenses: impl Iterator<Item = LicenseId>) -> Grid {
    let mut grid = Grid::new(&[
        ("License", Left),
        ("SKU", Left),
        ("Version", Left),
        ("Quantity", Right),
        ("Used", Right),
        ("Idle", Right),
        ("Unusable", Right),
        ("Assigned", Right),
        ("Needed", Left),
        ("Notes", Left),
    ]);
    for license in licenses {
        grid.push(license_row(position, license));
    }
    grid
}

fn license_row(position: &Position<'_>, id: LicenseId) -> Vec<Cell> {
    let certified = &position.certified;
    let estate = certified.estate();
    let (license, sku, row) = (&estate.licenses[id], estate.sku_of(id), certified.figures().licenses[id]);
    vec![
        Cell::new(&license.id),
        Cell::new(&sku.id),
        Cell::new(&estate.version_text(sku.version)),
        license.quantity.map_or_else(|| Cell::new(phrase::UNLIMITED), |quantity| Cell::number(quantity.get())),
        Cell::number(row.used.get()),
        row.idle.map_or_else(|| Cell::new("-"), |idle| Cell::number(idle.get())),
        Cell::number(row.unusable.get()),
        Cell::number(row.assigned.get()),
        Cell::new(phrase::certainty(position.derived.needed[id].map(Needed::word))),
        Cell::new(&notes(estate, id, row.assigned)),
    ]
}

/// What else there is to say of a license.
fn notes(estate: &Estate, license: LicenseId, reserved: model::number::Quantity) -> String {
    if !estate.is_active(license) {
        return state_word(estate.licenses[license].state(estate.as_of)).to_owned();
    }
    let upgrade = estate.sku_of(license).is_upgrade().then_some(phrase::UPGRADE);
    let gated = phrase::has_gated_units(estate, license, reserved).then_some(phrase::GATED);
    upgrade.into_iter().chain(gated).collect::<Vec<_>>().join(", ")
}

fn assignments(certified: &Certified<'_>) -> Vec<String> {
    let estate = certified.estate();
    let phrase =
        |id: AssignmentId| phrase::assignment(estate, estate.assignments[id], certified.figures().assignments[id]);
    estate.assignments.ids().filter_map(phrase).collect()
}

/// A heading with a line for each phrase; nothing where there are none.
pub(crate) fn section(heading: &str, phrases: Vec<String>, color: Color, out: &mut String) {
    if phrases.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{}", color.heading(heading));
    let hidden = phrases.len().saturating_sub(ROWS_SHOWN_MAX);
    for phrase in phrases.into_iter().take(ROWS_SHOWN_MAX) {
        let _ = writeln!(out, "  {phrase}");
    }
    and_more(hidden, out);
}

/// Says how many rows are not shown, if any.
pub(crate) fn and_more(hidden: usize, out: &mut String) {
    if hidden > 0 {
        let _ = writeln!(out, "  {}", phrase::and_more(hidden));
    }
}
