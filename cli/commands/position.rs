//! `licit position`: estate in, proven position out.

use super::{why, with_jobs};
use crate::arguments::{FailOn, Position, PositionFormat};
use crate::estate;
use crate::failure::{Answer, Failure};
use crate::output::Output;
use crate::settings::Settings;
use report::{Cells, Color, Rows};
use solver::position::Status;

pub(super) fn run(arguments: &Position, settings: &Settings) -> Result<Answer, Failure> {
    if arguments.format == PositionFormat::Xlsx && arguments.out.is_none() {
        return Err(Failure::refused("a workbook is no text: name a file for it with `--out`"));
    }
    let output = Output::open(arguments.out.as_deref(), &[&arguments.estate])?;
    let (estate, findings) = estate::read(&arguments.estate, settings)?;
    let position = with_jobs(settings.jobs, || solver::position(&estate))?.map_err(|error| why(&error))?;
    let color = if output.is_stdout() { settings.stdout_color } else { Color::Never };
    let cells = if arguments.raw_csv { Cells::Raw } else { Cells::Safe };
    let rows = if arguments.by_scope { Rows::Scopes } else { Rows::Versions };
    let text = match (arguments.format, rows) {
        (PositionFormat::Table, rows) => report::table(&position, rows, color),
        (PositionFormat::Csv, Rows::Versions) => report::versions(&position, cells),
        (PositionFormat::Csv, Rows::Scopes) => report::by_scope(&position.certified, cells),
        (PositionFormat::Json, _) => report::json(&position, &findings),
        (PositionFormat::Elp, _) => report::elp(&position.certified, cells),
        (PositionFormat::Markdown, _) => report::markdown(&position),
        (PositionFormat::Xlsx, _) => {
            let workbook = report::workbook(&position).map_err(|error| Failure::NoAnswer(error.to_string()))?;
            return output.write(&workbook).map(|()| answer(&position, arguments));
        }
    };
    output.write(&text)?;
    Ok(answer(&position, arguments))
}

fn answer(position: &solver::Position<'_>, arguments: &Position) -> Answer {
    let worst = position.derived.titles.iter().max();
    let fails = match arguments.fail_on {
        None => false,
        Some(FailOn::Uncovered | FailOn::Red) => worst >= Some(&Status::Red),
        Some(FailOn::Yellow) => worst >= Some(&Status::Yellow),
    };
    if fails { Answer::No } else { Answer::Yes }
}
