//! `licit mcf`: the network simplex alone, on a problem in a DIMACS `.min` file.

use crate::arguments::{Mcf, TextFormat};
use crate::failure::{Answer, Failure, say};
use crate::output;
use crate::settings::Settings;
use serde::Serialize;
use solver::dimacs::{self, Instance, McfOutcome};
use std::fs::File;
use std::io::BufReader;
use std::time::{Duration, Instant};

/// Bytes read from the file at once.
const BUFFER_BYTES: usize = 1 << 20;

pub(super) fn run(arguments: &Mcf, settings: &Settings) -> Result<Answer, Failure> {
    let start = Instant::now();
    let instance = read(arguments)?;
    let read_time = start.elapsed();
    let outcome = dimacs::solve_min(&instance);
    let solve_time = start.elapsed().saturating_sub(read_time);
    let outcome = outcome.map_err(|error| Failure::NoAnswer(format!("limit: {error}")))?;
    if let (true, McfOutcome::Optimal(solution)) = (arguments.check, &outcome) {
        dimacs::check_min(&instance, solution).map_err(|broken| Failure::Defect(broken.to_string()))?;
        if !settings.is_quiet {
            say("checked: the flow keeps all bounds, the potentials prove that none is cheaper, the cost adds up");
        }
    }
    match arguments.format {
        TextFormat::Text => print_text(&outcome)?,
        TextFormat::Json => print_json(&outcome, read_time, solve_time)?,
    }
    match outcome {
        McfOutcome::Optimal(_) => Ok(Answer::Yes),
        McfOutcome::Infeasible => Err(Failure::NoAnswer("infeasible: no flow meets all supplies".to_owned())),
        McfOutcome::Unbounded => {
            Err(Failure::NoAnswer("unbounded: a cycle without bounds costs less than 0".to_owned()))
        }
    }
}

fn read(arguments: &Mcf) -> Result<Instance, Failure> {
    let refuse = |what: String| Failure::refused(format!("{}: {what}", arguments.file.display()));
    let file = File::open(&arguments.file).map_err(|error| refuse(error.to_string()))?;
    dimacs::read(BufReader::with_capacity(BUFFER_BYTES, file)).map_err(|error| refuse(error.to_string()))
}

/// The cost; nothing where there is none.
fn print_text(outcome: &McfOutcome) -> Result<(), Failure> {
    match outcome {
        McfOutcome::Optimal(solution) => output::print(&format!("{}\n", solution.cost)),
        McfOutcome::Infeasible | McfOutcome::Unbounded => Ok(()),
    }
}

fn print_json(outcome: &McfOutcome, read_time: Duration, solve_time: Duration) -> Result<(), Failure> {
    let (status, solution) = match outcome {
        McfOutcome::Optimal(solution) => ("optimal", Some(solution)),
        McfOutcome::Infeasible => ("infeasible", None),
        McfOutcome::Unbounded => ("unbounded", None),
    };
    let report = Report {
        status,
        cost: solution.map(|solution| solution.cost),
        read_seconds: read_time.as_secs_f64(),
        solve_seconds: solve_time.as_secs_f64(),
        pivots: solution.map(|solution| solution.pivots),
    };
    output::print(&(serde_json::to_string(&report).expect("a report has text for keys") + "\n"))
}

#[derive(Serialize)]
struct Report {
    status: &'static str,
    cost: Option<i128>,
    read_seconds: f64,
    solve_seconds: f64,
    pivots: Option<u64>,
}
