//! What came of a batch, from its journal, row by row.

use crate::arguments::{BatchFormat, Summary};
use crate::failure::Failure;
use crate::output::Output;
use crate::settings::Settings;
use journal::{Detail, Journal};
use report::{BatchCsv, BatchJson, Cells, Color, ROWS_SHOWN_MAX};
use scenarios::batch::{Counts, ResultsDigest, Row};

/// Writes the summary of a journal. Returns how scenarios ended.
pub(in crate::commands) fn write(
    journal: &Journal,
    arguments: &Summary,
    mut output: Output,
    settings: &Settings,
) -> Result<Counts, Failure> {
    let mut counts = Counts::default();
    let mut digest = ResultsDigest::default();
    let mut count = |row: &Row| {
        counts.add(row);
        digest.add(row);
    };
    match arguments.format {
        BatchFormat::Json => {
            let mut json = BatchJson::default();
            journal.rows(Detail::Plans, |row| {
                count(&row);
                output.push(&json.row(&row))
            })?;
            output.push(&json.finish(&counts, &digest.finish()))?;
        }
        BatchFormat::Csv => {
            let mut csv = BatchCsv::new(if arguments.raw_csv { Cells::Raw } else { Cells::Safe });
            journal.rows(Detail::Figures, |row| {
                count(&row);
                output.push(&csv.row(&row))
            })?;
            output.push(&csv.finish())?;
        }
        BatchFormat::Table => {
            let mut shown = Vec::new();
            journal.rows::<Failure>(Detail::Figures, |row| {
                count(&row);
                if shown.len() < ROWS_SHOWN_MAX {
                    shown.push(row);
                }
                Ok(())
            })?;
            let color = if output.is_stdout() { settings.stdout_color } else { Color::Never };
            output.push(&report::batch_table(&shown, &counts, &digest.finish(), color))?;
        }
    }
    output.finish()?;
    Ok(counts)
}
