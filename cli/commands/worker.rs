//! The process that solves scenarios for a batch; see `batch/process.rs`, from where it is started and asked.

use super::batch::wire;
use super::with_jobs;
use crate::arguments::Worker;
use crate::estate;
use crate::failure::{Answer, Failure};
use crate::output;
use crate::settings::Settings;
use scenarios::Scenarios;
use scenarios::batch::{Keys, Outcome, Status, solve};
use scenarios::renewal::Solved;
use std::io;
use std::num::NonZeroU64;
use std::process;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

pub(super) fn run(arguments: &Worker, settings: &Settings) -> Result<Answer, Failure> {
    limit_memory(arguments.memory_limit)?;
    let questions = questions();
    let scenarios = estate::read_scenarios_again(&arguments.file, settings).ok_or(Failure::RefusedAsSaid)?;
    with_jobs(settings.jobs, || answer(&scenarios, questions))??;
    Ok(Answer::Yes)
}

/// The positions asked for. Whoever asks is gone when there are no more, and with him the reason to go on.
fn questions() -> Receiver<usize> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in io::stdin().lines() {
            let Some(position) = line.ok().and_then(|line| line.parse().ok()) else { break };
            if sender.send(position).is_err() {
                break;
            }
        }
        process::exit(0);
    });
    receiver
}

fn answer(scenarios: &Scenarios, questions: Receiver<usize>) -> Result<(), Failure> {
    let (mut solved, keys) = (Solved::new(scenarios), Keys::new(scenarios));
    output::print(&format!("{}\n", wire::READY))?;
    for position in questions {
        if position >= scenarios.count() {
            return Err(Failure::refused(format!("there is no scenario {position}")));
        }
        let outcome = match solve(&mut solved, position) {
            Ok(renewal) => Outcome::Answered(Box::new(report::batch_answer(&renewal))),
            Err(no_answer) => Outcome::Unanswered(no_answer),
        };
        if outcome.status() == Status::Crashed {
            solved = Solved::new(scenarios);
        }
        output::print(&wire::line(&keys.key(position), &outcome))?;
    }
    Ok(())
}

/// Whoever asks for more memory than this, in 10^6 bytes, gets none.
#[cfg(unix)]
fn limit_memory(megabytes: Option<NonZeroU64>) -> Result<(), Failure> {
    let Some(bytes) = megabytes.map(|megabytes| megabytes.get().saturating_mul(1_000_000)) else { return Ok(()) };
    let limited = rlimit::Resource::DATA.set(bytes, bytes);
    limited.map_err(|error| Failure::NoAnswer(format!("memory cannot be limited: {error}")))
}

#[cfg(not(unix))]
fn limit_memory(megabytes: Option<NonZeroU64>) -> Result<(), Failure> {
    match megabytes {
        None => Ok(()),
        Some(_) => Err(Failure::refused("memory cannot be limited on this system")),
    }
}
