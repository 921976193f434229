//! The process that solves scenarios for a batch; see `batch/process.rs`, from where it is started and asked.

use super::batch::wire;
use super::with_jobs;
use crate::arguments::Worker;
use crate::estate;
use crate::failure::{Answer, Failure};
use crate::output;
use crate::settings::Settings;
use report::neutral;
use scenarios::Scenarios;
use scenarios::batch::{Keys, Outcome, Status, solve};
use scenarios::renewal::{PlanStore, Solved, Stored};
use std::io;
use std::num::NonZeroU64;
use std::process;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

pub(super) fn run(arguments: &Worker, settings: &Settings) -> Result<Answer, Failure> {
    limit_memory(arguments.memory_limit)?;
    let parent = Parent::listen();
    let scenarios = estate::read_scenarios_again(&arguments.file, settings).ok_or(Failure::RefusedAsSaid)?;
    with_jobs(settings.jobs, || answer(&scenarios, &parent))??;
    Ok(Answer::Yes)
}

/// Whoever has started this process and asks it.
struct Parent {
    /// What it says.
    lines: Mutex<Receiver<String>>,
}

impl Parent {
    /// Listens from now on. Whoever asks is gone when there is nothing more, and with him the reason to go on.
    fn listen() -> Self {
        let (sender, receiver) = channel();
        thread::spawn(move || {
            for line in io::stdin().lines() {
                let Ok(line) = line else { break };
                if sender.send(line).is_err() {
                    break;
                }
            }
            process::exit(0);
        });
        Self { lines: Mutex::new(receiver) }
    }

    /// What it says next, after this line if it is to hear something.
    fn next(&self, line: Option<&str>) -> Option<String> {
        // Whoever asks hears the answer.
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = line {
            output::print(line).ok()?;
        }
        lines.recv().ok()
    }
}

impl PlanStore for Parent {
    fn find(&self, digest: &str) -> Stored {
        self.next(Some(&wire::asked(digest))).map_or(Stored::Nothing, |line| wire::stored(&line))
    }

    fn keep(&self, digest: &str, plan: Vec<u8>) {
        // If nobody hears it, nobody needs it.
        let _ = output::print(&wire::found(digest, &plan));
    }
}

fn answer(scenarios: &Scenarios, parent: &Parent) -> Result<(), Failure> {
    let (mut solved, keys) = (Solved::with_store(scenarios, parent), Keys::new(scenarios));
    output::print(&format!("{}\n", wire::READY))?;
    while let Some(line) = parent.next(None) {
        let position = line.parse().ok().filter(|&position| position < scenarios.count());
        let position =
            position.ok_or_else(|| Failure::refused(format!("there is no scenario `{}`", neutral(&line))))?;
        let outcome = match solve(&mut solved, position) {
            Ok(renewal) => Outcome::Answered(Box::new(report::batch_answer(&renewal))),
            Err(no_answer) => Outcome::Unanswered(no_answer),
        };
        if outcome.status() == Status::Crashed {
            solved = Solved::with_store(scenarios, parent);
        }
        output::print(&wire::ended(&keys.key(position), &outcome))?;
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
