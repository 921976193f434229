//! `licit check`: everything wrong or suspicious in an estate. The findings are the result, so they
//! go to standard output.

use crate::arguments::Check;
use crate::estate;
use crate::failure::{Answer, Failure};
use crate::output;
use crate::settings::Settings;

pub(super) fn run(arguments: &Check, settings: &Settings) -> Result<Answer, Failure> {
    let reading = estate::read_all(&arguments.file, settings);
    let is_worth_saying = reading.findings.has_errors() || !settings.is_quiet;
    if is_worth_saying {
        output::print(&estate::text(&reading.findings, settings, settings.stdout_color))?;
    }
    if reading.findings.has_errors() { Err(Failure::RefusedAsSaid) } else { Ok(Answer::Yes) }
}
