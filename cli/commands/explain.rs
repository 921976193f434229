//! `licit explain`: estate and a name in, facts, reasons and remedies out.

use super::{why, with_jobs};
use crate::arguments::{Explain, ExplainFormat};
use crate::estate;
use crate::failure::{Answer, Failure};
use crate::output::Output;
use crate::settings::Settings;
use explanation::{Explanation, Subject};
use model::estate::Estate;
use report::Color;
use solver::{Position, SolveError};

pub(super) fn run(arguments: &Explain, settings: &Settings) -> Result<Answer, Failure> {
    let output = Output::open(arguments.out.as_deref(), &[&arguments.estate])?;
    let (estate, _) = estate::read(&arguments.estate, settings)?;
    let subject = Subject::find(&estate, &arguments.name);
    let subject = subject.map_err(|unnamed| Failure::refused(report::unnamed(&estate, &arguments.name, &unnamed)))?;
    let explained = with_jobs(settings.jobs, || explained(&estate, subject))?;
    let (position, explanation) = explained.map_err(|error| why(&error))?;
    let color = if output.is_stdout() { settings.stdout_color } else { Color::Never };
    output.write(&match arguments.format {
        ExplainFormat::Text => report::explanation_text(&position, subject, &explanation, color),
        ExplainFormat::Json => report::explanation_json(&position, subject, &explanation),
    })?;
    Ok(Answer::Yes)
}

fn explained(estate: &Estate, subject: Subject) -> Result<(Position<'_>, Explanation), SolveError> {
    let position = solver::position(estate)?;
    let explanation = explanation::explain(&position, subject)?;
    Ok((position, explanation))
}
