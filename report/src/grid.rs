//! Columns of text that line up.

use crate::diagnostics::Color;
use crate::text::neutral;
use solver::position::Status;
use unicode_width::UnicodeWidthStr;

/// Most rows shown under one heading; the rest is counted, and the JSON has them all.
pub const ROWS_SHOWN_MAX: usize = 1000;

/// Rows under a heading. Cells are text of users or numbers; all of it is made safe to print.
pub(crate) struct Grid {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
    /// Before each line.
    indent: &'static str,
}

/// What stands above cells, and where they stand.
pub(crate) struct Column {
    pub(crate) heading: &'static str,
    pub(crate) alignment: Alignment,
}

/// The side of its column a cell stands on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Alignment {
    Left,
    Right,
}

/// One cell.
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) is_alarming: bool,
    /// The status that it says, if it says one.
    pub(crate) status: Option<Status>,
}

impl Cell {
    /// A plain cell.
    pub(crate) fn new(text: &str) -> Self {
        Self { text: neutral(text).into_owned(), is_alarming: false, status: None }
    }

    /// A status, in our own words.
    pub(crate) fn status(status: Status, text: String) -> Self {
        Self { text, is_alarming: status == Status::Red, status: Some(status) }
    }

    /// A number.
    pub(crate) fn number(value: impl Into<u64>) -> Self {
        Self { text: value.into().to_string(), is_alarming: false, status: None }
    }

    /// A number that should be zero.
    pub(crate) fn alarm(value: impl Into<u64>) -> Self {
        let value = value.into();
        Self { text: value.to_string(), is_alarming: value > 0, status: None }
    }

    /// The same, shown as what should not be if it is so.
    pub(crate) fn alarming(self, is_alarming: bool) -> Self {
        Self { is_alarming, ..self }
    }
}

impl Grid {
    /// A grid with these columns.
    pub(crate) fn new(columns: &[(&'static str, Alignment)]) -> Self {
        let columns = columns.iter().map(|&(heading, alignment)| Column { heading, alignment }).collect();
        Self { columns, rows: Vec::new(), indent: "" }
    }

    /// The same, somewhat to the right.
    pub(crate) fn indented(self) -> Self {
        Self { indent: "  ", ..self }
    }

    /// The columns.
    pub(crate) fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The rows, each with a cell for each column.
    pub(crate) fn into_rows(self) -> Vec<Vec<Cell>> {
        self.rows
    }

    /// Appends a row with one cell for each column.
    pub(crate) fn push(&mut self, row: Vec<Cell>) {
        debug_assert_eq!(row.len(), self.columns.len(), "a row has a cell for each column");
        self.rows.push(row);
    }

    /// Appends the grid to `out`, each line with its end.
    pub(crate) fn render(&self, color: Color, out: &mut String) {
        let widths: Vec<usize> = (0..self.columns.len()).map(|column| self.width(column)).collect();
        let mut line = String::new();
        for (column, &width) in self.columns.iter().zip(&widths) {
            append(&mut line, column.heading, &color.heading(column.heading), width, column.alignment);
        }
        self.finish(&mut line, out);
        for row in &self.rows {
            for ((cell, column), &width) in row.iter().zip(&self.columns).zip(&widths) {
                let shown = if cell.is_alarming { color.alarm(&cell.text) } else { cell.text.clone() };
                append(&mut line, &cell.text, &shown, width, column.alignment);
            }
            self.finish(&mut line, out);
        }
    }

    /// Moves the line to `out` without trailing spaces.
    fn finish(&self, line: &mut String, out: &mut String) {
        out.push_str(self.indent);
        out.push_str(line.trim_end());
        out.push('\n');
        line.clear();
    }

    fn width(&self, column: usize) -> usize {
        let cells = self.rows.iter().map(|row| row[column].text.width());
        cells.fold(self.columns[column].heading.width(), usize::max)
    }
}

/// Appends a cell, padded by the width of its plain text, after the gap between columns.
fn append(line: &mut String, plain: &str, shown: &str, width: usize, alignment: Alignment) {
    if !line.is_empty() {
        line.push_str("  ");
    }
    let padding = " ".repeat(width - plain.width());
    let (before, after) = if alignment == Alignment::Right { (&*padding, "") } else { ("", &*padding) };
    line.push_str(before);
    line.push_str(shown);
    line.push_str(after);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_for_wide_characters() {
        let mut grid = Grid::new(&[("Name", Alignment::Left), ("Units", Alignment::Right)]);
        grid.push(vec![Cell::new("日本"), Cell::number(7_u64)]);
        grid.push(vec![Cell::new("Contoso"), Cell::alarm(12_u64)]);
        let mut out = String::new();
        grid.render(Color::Never, &mut out);
        assert_eq!(out, "Name     Units\n日本         7\nContoso     12\n");
    }
}
