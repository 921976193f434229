//! Reads an estate, or scenarios and their estate, and says what was found on the way.

use crate::arguments::MessageFormat;
use crate::failure::Failure;
use crate::settings::Settings;
use model::estate::Estate;
use model::findings::Findings;
use model::{ReadOptions, Reading};
use report::{Color, diagnostics};
use scenarios::Scenarios;
use std::io::{self, Write};
use std::path::Path;

/// An estate without errors, with the warnings there were.
pub(crate) fn read(path: &Path, settings: &Settings) -> Result<(Estate, Findings), Failure> {
    let Reading { estate, findings } = read_all(path, settings);
    say(&findings, settings);
    match estate {
        Some(estate) if !findings.has_errors() => Ok((estate, findings)),
        _ => Err(Failure::RefusedAsSaid),
    }
}

/// Scenarios without errors; the warnings there were have been said.
pub(crate) fn read_scenarios(path: &Path, settings: &Settings) -> Result<Scenarios, Failure> {
    let options = ReadOptions { as_of: settings.as_of, folder: None };
    let scenarios::Reading { scenarios, findings } = scenarios::read_scenarios(path, &options);
    say(&findings, settings);
    scenarios.ok_or(Failure::RefusedAsSaid)
}

/// Scenarios that were read before without errors, of whose findings nothing is left to say; none if there are errors now.
pub(crate) fn read_scenarios_again(path: &Path, settings: &Settings) -> Option<Scenarios> {
    scenarios::read_scenarios(path, &ReadOptions { as_of: settings.as_of, folder: None }).scenarios
}

/// What a file without errors holds.
pub(crate) enum Input {
    Estate(Estate),
    Scenarios(Scenarios),
}

/// A file of either kind without errors; the warnings there were have been said.
pub(crate) fn read_any(path: &Path, settings: &Settings) -> Result<Input, Failure> {
    let (input, findings) = match scenarios::read_any(path, &ReadOptions { as_of: settings.as_of, folder: None }) {
        scenarios::Input::Estate(Reading { estate, findings }) => (estate.map(Input::Estate), findings),
        scenarios::Input::Scenarios(scenarios::Reading { scenarios, findings }) => {
            (scenarios.map(Input::Scenarios), findings)
        }
    };
    say(&findings, settings);
    input.filter(|_| !findings.has_errors()).ok_or(Failure::RefusedAsSaid)
}

/// Writes what was found to standard error, if it is worth saying.
fn say(findings: &Findings, settings: &Settings) {
    let is_worth_saying = findings.has_errors() || !settings.is_quiet;
    if is_worth_saying && !findings.is_empty() {
        // Where standard error cannot be written there is nobody to tell.
        let _ = io::stderr().lock().write_all(text(findings, settings, settings.stderr_color).as_bytes());
    }
}

/// The estate, if it has no errors, and everything found.
pub(crate) fn read_all(path: &Path, settings: &Settings) -> Reading {
    model::read_estate(path, &ReadOptions { as_of: settings.as_of, folder: None })
}

/// Findings as they were asked for.
pub(crate) fn text(findings: &Findings, settings: &Settings, color: Color) -> String {
    match settings.message_format {
        MessageFormat::Human => diagnostics::text(findings, color),
        MessageFormat::Json => diagnostics::json_lines(findings),
    }
}
