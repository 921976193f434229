//! Differences between two results as tables for a terminal: by part, what was put in and what came out, and for each
//! outcome the numbers of the causes that can have changed it.

use crate::diagnostics::Color;
use crate::grid::Alignment::{Left, Right};
use crate::grid::{Cell, Grid, ROWS_SHOWN_MAX};
use crate::phrase::changes as phrase;
use crate::table::{and_more, section};
use changes::outcome::{AssignmentOutcome, Change, LicenseOutcome, LicenseRow, Outcome, VersionOutcome, VersionRow};
use changes::{Differences, Part};
use std::cmp::Ordering;
use std::fmt::Write as _;

/// Most causes that are named for an outcome; JSON has them all.
const CAUSES_MAX: usize = 4;

/// The differences in words and tables.
#[must_use]
pub fn changes_table(differences: &Differences, color: Color) -> String {
    let mut out = format!("{}\n", color.heading(&phrase::title(differences)));
    if differences.is_empty() {
        let _ = writeln!(out, "{}", phrase::NO_DIFFERENCES);
    }
    for sums in [phrase::totals(differences), phrase::objective(differences)].into_iter().flatten() {
        let _ = writeln!(out, "{sums}");
    }
    for note in differences.notes() {
        let _ = writeln!(out, "{}", phrase::note(differences, note));
    }
    let common = common_causes(differences);
    if !common.is_empty() {
        let _ = writeln!(out, "\n{}", color.heading(phrase::EVERYWHERE));
        causes(differences, &common, &mut out);
    }
    for part in differences.parts.iter().take(ROWS_SHOWN_MAX) {
        let _ = writeln!(out, "\n{}", color.heading(&phrase::part(&part.titles)));
        causes(differences, &part.causes, &mut out);
        outcomes(part, color, &mut out);
    }
    and_more(differences.parts.len().saturating_sub(ROWS_SHOWN_MAX), &mut out);
    let names = differences.unknown_names.iter().map(|(name, installs)| phrase::unknown_name(name, installs));
    section("Unknown names", names.collect(), color, &mut out);
    out
}

/// A line for each cause, with its number.
fn causes(differences: &Differences, positions: &[usize], out: &mut String) {
    for &position in positions.iter().take(ROWS_SHOWN_MAX) {
        let _ = writeln!(out, "  {}", cause(differences, position));
    }
    and_more(positions.len().saturating_sub(ROWS_SHOWN_MAX), out);
}

fn outcomes(part: &Part, color: Color, out: &mut String) {
    if part.is_same() {
        let _ = writeln!(out, "  {}", phrase::NO_OUTCOME);
        return;
    }
    if !part.versions.is_empty() {
        out.push('\n');
        versions_grid(part.versions.iter().take(ROWS_SHOWN_MAX)).render(color, out);
        and_more(part.versions.len().saturating_sub(ROWS_SHOWN_MAX), out);
    }
    if !part.licenses.is_empty() {
        out.push('\n');
        licenses_grid(part.licenses.iter().take(ROWS_SHOWN_MAX)).render(color, out);
        and_more(part.licenses.len().saturating_sub(ROWS_SHOWN_MAX), out);
    }
    if !part.assignments.is_empty() {
        out.push('\n');
        for row in part.assignments.iter().take(ROWS_SHOWN_MAX) {
            let _ = writeln!(out, "{}", assignment(row));
        }
        and_more(part.assignments.len().saturating_sub(ROWS_SHOWN_MAX), out);
    }
}

/// An assignment whose outcome changed, with what can have changed it.
pub(crate) fn assignment(row: &AssignmentOutcome) -> String {
    format!("assignment of {}  {}", phrase::assignment(&row.key, &row.rows), because(row))
}

/// A cause with its number.
pub(crate) fn cause(differences: &Differences, position: usize) -> String {
    format!("[{}] {}", position + 1, phrase::cause(&differences.causes[position]))
}

/// Causes that concern all of the estate, by their positions.
pub(crate) fn common_causes(differences: &Differences) -> Vec<usize> {
    let causes = differences.causes.iter().enumerate().filter(|(_, cause)| cause.part.is_none());
    causes.map(|(position, _)| position).collect()
}

/// A row for each of some versions that came out differently.
pub(crate) fn versions_grid<'r>(rows: impl Iterator<Item = &'r VersionOutcome>) -> Grid {
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
        ("Because of", Left),
    ]);
    for row in rows {
        let rows = &row.rows;
        let number = |part: fn(&VersionRow) -> i64| changed(rows, |row| part(row).to_string());
        let is_worse = rows.worse() == Ordering::Greater;
        grid.push(vec![
            Cell::new(&row.key),
            Cell::new(&changed(rows, status)).alarming(is_worse),
            Cell::new(&number(|row| row.installed)),
            Cell::new(&number(|row| row.demand)),
            Cell::new(&number(|row| row.covered)),
            Cell::new(&number(|row| row.uncovered)).alarming(is_worse),
            Cell::new(&changed(rows, |row| row.shortage.clone().unwrap_or_else(|| "unknown".to_owned()))),
            Cell::new(&number(|row| row.licensed)),
            Cell::new(&number(|row| row.idle)),
            Cell::new(&changed(rows, |row| optional(row.reach))),
            Cell::new(&because(row)),
        ]);
    }
    grid
}

/// A row for each of some licenses that came out differently.
pub(crate) fn licenses_grid<'r>(rows: impl Iterator<Item = &'r LicenseOutcome>) -> Grid {
    let mut grid = Grid::new(&[
        ("License", Left),
        ("State", Left),
        ("Quantity", Right),
        ("Used", Right),
        ("Idle", Right),
        ("Unusable", Right),
        ("Assigned", Right),
        ("Needed", Left),
        ("Because of", Left),
    ]);
    for row in rows {
        let rows = &row.rows;
        let number = |part: fn(&LicenseRow) -> i64| changed(rows, |row| part(row).to_string());
        grid.push(vec![
            Cell::new(&row.key),
            Cell::new(&changed(rows, |row| row.state.clone())),
            Cell::new(&changed(rows, |row| optional(row.quantity))),
            Cell::new(&number(|row| row.used)),
            Cell::new(&changed(rows, |row| optional(row.idle))),
            Cell::new(&number(|row| row.unusable)),
            Cell::new(&number(|row| row.assigned)),
            Cell::new(&changed(rows, |row| row.needed.clone().unwrap_or_else(|| "unknown".to_owned()))),
            Cell::new(&because(row)),
        ]);
    }
    grid
}

fn status(row: &VersionRow) -> String {
    if row.reasons.is_empty() { row.status.clone() } else { format!("{}: {}", row.status, row.reasons.join(", ")) }
}

fn optional(count: Option<i64>) -> String {
    count.map_or_else(|| "-".to_owned(), |count| count.to_string())
}

/// What a row says, or what it said and says where that differs; a dash where there is no row.
fn changed<R>(rows: &Change<Option<R>>, part: impl Fn(&R) -> String) -> String {
    let text = |row: &Option<R>| row.as_ref().map_or_else(|| "-".to_owned(), &part);
    let (before, after) = (text(&rows.before), text(&rows.after));
    if before == after { after } else { format!("{before} -> {after}") }
}

/// The numbers of the causes that can have changed a row, the likeliest first.
fn because<K, R>(row: &Outcome<K, R>) -> String {
    let likely = &row.because;
    let shown: Vec<String> =
        likely.likely().iter().take(CAUSES_MAX).map(|position| format!("[{}]", position + 1)).collect();
    let mut text = shown.join(" ");
    if likely.likely > CAUSES_MAX {
        let _ = write!(text, " +{}", likely.likely - CAUSES_MAX);
    }
    text
}
