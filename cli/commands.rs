//! The commands, one file each.

mod batch;
mod check;
mod compare;
mod diff;
mod explain;
mod generate;
mod graph;
mod init;
mod mcf;
mod merge;
mod position;
mod renew;
mod report;
mod result;
mod schema;
mod verify;
mod worker;

use crate::arguments::Command;
use crate::failure::{Answer, Failure};
use crate::settings::Settings;
use solver::SolveError;
use std::num::NonZeroUsize;

/// Does what was asked for.
pub(crate) fn run(settings: &Settings) -> Result<Answer, Failure> {
    match &settings.command {
        Command::Position(arguments) => position::run(arguments, settings),
        Command::Renew(arguments) => renew::run(arguments, settings),
        Command::Report(arguments) => report::run(arguments, settings),
        Command::Explain(arguments) => explain::run(arguments, settings),
        Command::Batch(arguments) => batch::run(arguments, settings),
        Command::Worker(arguments) => worker::run(arguments, settings),
        Command::Merge(arguments) => merge::run(arguments, settings),
        Command::Verify(arguments) => verify::run(arguments, settings),
        Command::Check(arguments) => check::run(arguments, settings),
        Command::Compare(arguments) => compare::run(arguments, settings),
        Command::Diff(arguments) => diff::run(arguments, settings),
        Command::Graph(arguments) => graph::run(arguments, settings),
        Command::Generate(arguments) => generate::run(arguments, settings),
        Command::Init(arguments) => init::run(arguments),
        Command::Schema(arguments) => schema::run(arguments),
        Command::Mcf(arguments) => mcf::run(arguments, settings),
    }
}

/// Runs `work` on at most so many threads, or on as many as there are.
fn with_jobs<T: Send>(jobs: Option<NonZeroUsize>, work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
    let Some(jobs) = jobs else { return Ok(work()) };
    let threads = rayon::ThreadPoolBuilder::new().num_threads(jobs.get()).build();
    Ok(threads.map_err(|error| Failure::NoAnswer(format!("`--jobs {jobs}`: {error}")))?.install(work))
}

/// A limit is nobody's fault; an answer that the checker refuses is ours.
fn why(error: &SolveError) -> Failure {
    match error {
        SolveError::NotANetwork { .. }
        | SolveError::SeveralInstalls { .. }
        | SolveError::IntegerProgram { .. }
        | SolveError::Limit { .. } => Failure::NoAnswer(error.to_string()),
        SolveError::Refused(_) => Failure::Defect(error.to_string()),
    }
}
