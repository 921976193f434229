//! `licit check`: everything wrong or suspicious in an estate, or in scenarios and their estate. The findings are
//! the result, so they go to standard output.

use crate::arguments::Check;
use crate::estate;
use crate::failure::{Answer, Failure};
use crate::output;
use crate::settings::Settings;
use model::ReadOptions;
use scenarios::Input;

pub(super) fn run(arguments: &Check, settings: &Settings) -> Result<Answer, Failure> {
    let options = ReadOptions { as_of: settings.as_of, folder: None };
    let findings = match scenarios::read_any(&arguments.file, &options) {
        Input::Estate(reading) => reading.findings,
        Input::Scenarios(reading) => reading.findings,
    };
    let is_worth_saying = findings.has_errors() || !settings.is_quiet;
    if is_worth_saying {
        output::print(&estate::text(&findings, settings, settings.stdout_color))?;
    }
    if findings.has_errors() { Err(Failure::RefusedAsSaid) } else { Ok(Answer::Yes) }
}
