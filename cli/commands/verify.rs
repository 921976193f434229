//! `licit verify`: estate and result in, verdict out.

use super::result;
use crate::arguments::{TextFormat, Verify};
use crate::estate;
use crate::failure::{Answer, Failure};
use crate::output;
use crate::settings::Settings;
use checker::claim::{self, VerifyError};
use checker::evidence::Standing;
use checker::violation::Violation;

pub(super) fn run(arguments: &Verify, settings: &Settings) -> Result<Answer, Failure> {
    let (estate, _) = estate::read(&arguments.estate, settings)?;
    let result = result::read(&arguments.result)?;
    match claim::verify(&estate, &result) {
        Ok(standing) => say(Ok(standing), arguments.format).map(|()| Answer::Yes),
        Err(VerifyError::Refused(violations)) => say(Err(&violations), arguments.format).map(|()| Answer::No),
        Err(unreadable @ VerifyError::Unreadable { .. }) => {
            Err(Failure::refused(format!("{}: {unreadable}", arguments.result.display())))
        }
    }
}

fn say(verdict: Result<Standing, &[Violation]>, format: TextFormat) -> Result<(), Failure> {
    output::print(&match format {
        TextFormat::Text => report::verdict(verdict),
        TextFormat::Json => report::verdict_json(verdict.err().unwrap_or_default()),
    })
}
