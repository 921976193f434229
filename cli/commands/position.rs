//! `licit position`: estate in, proven position out.

use crate::arguments::{FailOn, Position, PositionFormat};
use crate::estate;
use crate::failure::{Answer, Failure};
use crate::output::Output;
use crate::settings::Settings;
use model::objective::Level;
use report::Color;
use solver::SolveError;
use std::num::NonZeroUsize;

pub(super) fn run(arguments: &Position, settings: &Settings) -> Result<Answer, Failure> {
    let output = Output::open(arguments.out.as_deref(), &[&arguments.estate])?;
    let (estate, findings) = estate::read(&arguments.estate, settings)?;
    let position = with_jobs(settings.jobs, || solver::position(&estate))?.map_err(|error| why(&error))?;
    let certified = position.certified;
    let color = if output.is_stdout() { settings.stdout_color } else { Color::Never };
    output.write(&match arguments.format {
        PositionFormat::Table => report::table(&certified, color),
        PositionFormat::Json => report::json(&certified, &findings),
    })?;
    let uncovered = certified.figures().objective[Level::Uncovered.index()];
    Ok(match arguments.fail_on {
        Some(FailOn::Uncovered) if uncovered > 0 => Answer::No,
        _ => Answer::Yes,
    })
}

/// Runs `work` on at most so many threads, or on as many as there are.
pub(super) fn with_jobs<T: Send>(jobs: Option<NonZeroUsize>, work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
    let Some(jobs) = jobs else { return Ok(work()) };
    let threads = rayon::ThreadPoolBuilder::new().num_threads(jobs.get()).build();
    Ok(threads.map_err(|error| Failure::NoAnswer(format!("`--jobs {jobs}`: {error}")))?.install(work))
}

/// A limit is nobody's fault; an answer that the checker refuses is ours.
pub(super) fn why(error: &SolveError) -> Failure {
    match error {
        SolveError::NotANetwork { .. } | SolveError::Limit { .. } => Failure::NoAnswer(error.to_string()),
        SolveError::Refused(_) => Failure::Defect(error.to_string()),
    }
}
