//! A batch as rows of a table, piece by piece.

use super::{Cells, Table};
use crate::phrase::batch as phrase;
use scenarios::batch::{Outcome, Row};

/// Writes a batch as comma-separated rows; what the functions return is to be written in order.
pub struct BatchCsv(Table);

impl BatchCsv {
    /// Begins with the header.
    #[must_use]
    pub fn new(cells: Cells) -> Self {
        let header = "file,scenario,status,standing,uncovered,spend,currency,attempts,seconds,why";
        Self(Table::new(cells, header))
    }

    /// The next scenario.
    #[must_use]
    pub fn row(&mut self, row: &Row) -> String {
        let table = &mut self.0;
        let answer = row.outcome.as_ref().and_then(Outcome::answer);
        table.cell(&row.file);
        table.cell(&row.name);
        table.number(phrase::status(row));
        table.optional(answer.map(|answer| &answer.standing));
        table.optional(answer.map(|answer| answer.uncovered));
        table.optional(answer.map(|answer| &answer.spend));
        table.optional(answer.and_then(|answer| answer.currency.as_ref()));
        table.number(row.attempts);
        table.number(phrase::seconds(row.milliseconds));
        table.cell(phrase::why(row));
        table.end();
        std::mem::take(&mut table.text)
    }

    /// What follows the last scenario: the header, if there was none.
    #[must_use]
    pub fn finish(self) -> String {
        self.0.text
    }
}
