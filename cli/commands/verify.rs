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

pub(super) fn run(arguments: &Verify, settings: &Settings) -> Result<Answer, Failure> {
    let input = estate::read_any(&arguments.facts, settings)?;
    let result = result::read(&arguments.result)?;
    refuse_other_kind(arguments, &input, &result)?;
    let verdict = match &input {
        estate::Input::Estate(estate) => claim::verify(estate, &result).map(report::accepted),
        estate::Input::Scenarios(scenarios) => {
            let verified = with_jobs(settings.jobs, || verify(scenarios, &result))?;
            verified.map(|standings| report::renewals_accepted(&standings))
        }
    };
    let (text, violations, answer) = match verdict {
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

/// A position is checked with its estate, a renewal with its scenarios: says so where they do not go together.
fn refuse_other_kind(arguments: &Verify, input: &estate::Input, result: &str) -> Result<(), Failure> {
    let command = claim::command_of(result);
    let expected = match (input, command.as_deref()) {
        (estate::Input::Estate(_), Some("renew")) => "its scenario file, not with an estate: `licit verify SCENARIOS",
        (estate::Input::Scenarios(_), Some("position")) => "its estate, not with scenarios: `licit verify ESTATE",
        (_, Some("batch")) => {
            let what = "a result of `batch` has no evidence; `licit renew --format json` writes it";
            return Err(Failure::refused(format!("{}: {what}", arguments.result.display())));
        }
        _ => return Ok(()),
    };
    let (path, command) = (arguments.result.display(), neutral(command.as_deref().unwrap_or_default()));
    Err(Failure::refused(format!("{path}: a result of `{command}` is checked with {expected} {path}`")))
}
