//! A batch as a table for a terminal.

use crate::diagnostics::Color;
use crate::grid::Alignment::{Left, Right};
use crate::grid::{Cell, Grid};
use crate::phrase::batch as phrase;
use crate::table::and_more;
use scenarios::batch::{Counts, Outcome, Row};

pub use crate::grid::ROWS_SHOWN_MAX;

/// How scenarios ended, one row each, with how many there are in all, of which the rows are the first.
#[must_use]
pub fn batch_table(rows: &[Row], counts: &Counts, digest: &str, color: Color) -> String {
    let mut out = format!("{}\n{}\n", phrase::counts(counts), phrase::digest(digest));
    if rows.is_empty() {
        return out;
    }
    out.push('\n');
    let mut grid = Grid::new(&[
        ("File", Left),
        ("Scenario", Left),
        ("Status", Left),
        ("Standing", Left),
        ("Uncovered", Right),
        ("Spend", Right),
        ("Seconds", Right),
        ("", Left),
    ]);
    for row in rows {
        let answer = row.outcome.as_ref().and_then(Outcome::answer);
        grid.push(vec![
            Cell::new(&row.file),
            Cell::new(&row.name),
            Cell::new(phrase::status(row)).alarming(answer.is_none()),
            Cell::new(answer.map_or("", phrase::standing)),
            answer.map_or(Cell::new(""), |answer| Cell::alarm(answer.uncovered)),
            Cell::new(&answer.map_or(String::new(), phrase::spend)),
            Cell::new(&phrase::seconds(row.milliseconds)),
            Cell::new(phrase::why(row)),
        ]);
    }
    grid.render(color, &mut out);
    and_more(usize::try_from(counts.total()).unwrap_or(usize::MAX).saturating_sub(rows.len()), &mut out);
    out
}
