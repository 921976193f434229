//! `licit verify`: an estate or scenarios and a result in, verdict out.

use super::{result, with_jobs};
use crate::arguments::{TextFormat, Verify};
use crate::estate;
use crate::failure::{Answer, Failure};
use crate::output;
use crate::settings::Settings;
use checker::claim::{self, VerifyError};
use report::neutral;
use scenarios::verify::verify;
use std::path::Path;

pub(super) fn run(arguments: &Verify, settings: &Settings) -> Result<Answer, Failure> {
    let input = estate::read_any(&arguments.facts, settings)?;
    let result = result::read(&arguments.result)?;
    refuse_other_kind(&arguments.result, &input, &result)?;
    let (text, violations, answer) = match verdict(&input, &result, settings)? {
        Ok(text) => (text, Vec::new(), Answer::Yes),
        Err(VerifyError::Refused(violations)) => (report::refused(&violations), violations, Answer::No),
        Err(unreadable @ VerifyError::Unreadable { .. }) => {
            return Err(Failure::refused(format!("{}: {unreadable}", arguments.result.display())));
        }
    };
    output::print(&match arguments.format {
        TextFormat::Text => text,
        TextFormat::Json => report::verdict_json(&violations),
    })?;
    Ok(answer)
}

/// What the checker says of a result and its facts.
fn verdict(input: &estate::Input, result: &str, settings: &Settings) -> Result<Result<String, VerifyError>, Failure> {
    Ok(match input {
        estate::Input::Estate(estate) => claim::verify(estate, result).map(report::accepted),
        estate::Input::Scenarios(scenarios) => {
            let verified = with_jobs(settings.jobs, || verify(scenarios, result))?;
            verified.map(|standings| report::renewals_accepted(&standings))
        }
    })
}

/// The text of a saved result that the checker accepts for these facts.
pub(super) fn accepted(path: &Path, input: &estate::Input, settings: &Settings) -> Result<String, Failure> {
    let result = result::read(path)?;
    refuse_other_kind(path, input, &result)?;
    match verdict(input, &result, settings)? {
        Ok(_) => Ok(result),
        Err(VerifyError::Refused(violations)) => {
            Err(Failure::refused(format!("{}: {}", path.display(), report::refused(&violations).trim_end())))
        }
        Err(unreadable @ VerifyError::Unreadable { .. }) => {
            Err(Failure::refused(format!("{}: {unreadable}", path.display())))
        }
    }
}

/// A position is checked with its estate, a renewal with its scenarios: says so where they do not go together.
fn refuse_other_kind(path: &Path, input: &estate::Input, result: &str) -> Result<(), Failure> {
    let command = claim::command_of(result);
    let expected = match (input, command.as_deref()) {
        (estate::Input::Estate(_), Some("renew")) => "its scenario file, not with an estate: `licit verify SCENARIOS",
        (estate::Input::Scenarios(_), Some("position")) => "its estate, not with scenarios: `licit verify ESTATE",
        (_, Some("batch")) => {
            let what = "a result of `batch` has no evidence; `licit renew --format json` writes it";
            return Err(Failure::refused(format!("{}: {what}", path.display())));
        }
        _ => return Ok(()),
    };
    let (path, command) = (path.display(), neutral(command.as_deref().unwrap_or_default()));
    Err(Failure::refused(format!("{path}: a result of `{command}` is checked with {expected} {path}`")))
}
