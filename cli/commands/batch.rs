//! `licit batch`: many scenario files in, what came of each scenario out, by way of a journal.
//!
//! ```text
//! files -> list -> for each file: pending -> threads -> journal -> summary
//! ```
//!
//! Every file is read before anything is solved, so that what is wrong with the last one is said at once; all but the
//! first are read again when it is their turn, so that few estates are in memory.

mod interrupt;
mod process;
mod progress;
mod store;
mod summary;
pub(super) mod wire;
mod workers;

pub(super) use summary::write as write_summary;

use crate::arguments::{Batch, RenewFailOn};
use crate::estate;
use crate::failure::{Answer, Failure};
use crate::output::Output;
use crate::settings::Settings;
use interrupt::Interrupt;
use journal::Journal;
use process::Program;
use progress::Progress;
use report::{batch_phrase as phrase, neutral};
use scenarios::Scenarios;
use scenarios::batch::{Key, Shard, entries};
use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;
use store::Store;
use workers::Solver;

/// What results depend on beside their input.
const VERSION: &str = if cfg!(feature = "milp") {
    env!("CARGO_PKG_VERSION")
} else {
    concat!(env!("CARGO_PKG_VERSION"), " without integer programs")
};

pub(super) fn run(arguments: &Batch, settings: &Settings) -> Result<Answer, Failure> {
    let shard = shard(arguments.shard.as_deref())?;
    refuse_twice(&arguments.files)?;
    let journal_path = arguments.journal.as_path();
    let inputs: Vec<&Path> = arguments.files.iter().map(PathBuf::as_path).chain([journal_path]).collect();
    let output = Output::open(arguments.summary.out.as_deref(), &inputs)?;
    let mut journal = Journal::open(journal_path, VERSION)?;
    let (first, total) = match list(&mut journal, &arguments.files, shard, settings) {
        Ok(listed) => listed,
        Err(failure) => {
            journal.discard();
            return Err(failure);
        }
    };
    let interrupt = Interrupt::listen()?;
    let mut progress = Progress::new(journal.done_count()?, total, settings);
    let mut first = Some(first);
    for (file, path) in arguments.files.iter().enumerate() {
        let pending = journal.pending(file)?;
        let kept = first.take();
        if pending.is_empty() || interrupt.is_asked() {
            continue;
        }
        let keys = journal.keys(file)?;
        let on = (&interrupt, &mut progress);
        if is_apart(arguments) {
            drop(kept);
            let program = program(arguments, path)?;
            solve(&mut journal, Solver::Processes(&program), (&keys, &pending), on, settings)?;
        } else {
            let scenarios = match kept {
                Some(scenarios) => scenarios,
                None => unchanged(path, file, &keys, settings)?,
            };
            solve(&mut journal, Solver::Threads(&scenarios), (&keys, &pending), on, settings)?;
        }
    }
    progress.finish();
    let done = journal.done_count()?;
    if interrupt.is_asked() && done < total {
        journal.close()?;
        return Err(Failure::NoAnswer(phrase::interrupted(done, total, &journal_path.display().to_string())));
    }
    let counts = summary::write(&journal, &arguments.summary, output, settings)?;
    journal.close()?;
    if counts.without_answer() > 0 {
        return Err(Failure::NoAnswer(phrase::unanswered(&counts)));
    }
    let fails = matches!(arguments.fail_on, Some(RenewFailOn::Uncovered)) && counts.uncovered > 0;
    Ok(if fails { Answer::No } else { Answer::Yes })
}

fn shard(text: Option<&str>) -> Result<Shard, Failure> {
    let Some(text) = text else { return Ok(Shard::WHOLE) };
    text.parse().map_err(|fault| Failure::refused(format!("`--shard {}`: {fault}", neutral(text))))
}

/// The same scenarios twice are nobody's intent.
fn refuse_twice(files: &[PathBuf]) -> Result<(), Failure> {
    let mut first_of: BTreeMap<PathBuf, &Path> = BTreeMap::new();
    for file in files {
        let Ok(path) = fs::canonicalize(file) else { continue };
        if let Some(first) = first_of.insert(path, file) {
            let (first, file) = (first.display().to_string(), file.display().to_string());
            return Err(Failure::refused(format!("`{}` and `{}` are the same file", neutral(&first), neutral(&file))));
        }
    }
    Ok(())
}

/// Writes down what is asked for. Returns the scenarios of the first file, and how many the shard has of all.
fn list(
    journal: &mut Journal,
    files: &[PathBuf],
    shard: Shard,
    settings: &Settings,
) -> Result<(Scenarios, u64), Failure> {
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    let mut listing = journal.list(&names, shard)?;
    let mut first = None;
    let mut refused = None;
    for (file, path) in files.iter().enumerate() {
        let scenarios = match estate::read_scenarios(path, settings) {
            Ok(scenarios) => scenarios,
            // What is wrong with the others is said too.
            Err(failure) => {
                refused = Some(failure);
                continue;
            }
        };
        for entry in entries(&scenarios, file) {
            listing.add(&entry)?;
        }
        first.get_or_insert(scenarios);
    }
    match (refused, first) {
        (None, Some(first)) => Ok((first, listing.finish()?)),
        (refused, _) => Err(refused.unwrap_or(Failure::RefusedAsSaid)),
    }
}

/// The scenarios of a file, which must be those that were listed.
fn unchanged(path: &Path, file: usize, keys: &[Key], settings: &Settings) -> Result<Scenarios, Failure> {
    let again = estate::read_scenarios_again(path, settings);
    let same = again.filter(|scenarios| entries(scenarios, file).map(|entry| entry.key).eq(keys.iter().cloned()));
    same.ok_or_else(|| {
        let path = path.display().to_string();
        Failure::refused(format!(
            "`{}`, or its estate, has changed since the batch began; run it again",
            neutral(&path)
        ))
    })
}

/// Whether scenarios are solved in processes of their own.
const fn is_apart(arguments: &Batch) -> bool {
    arguments.isolate || arguments.time_limit.is_some() || arguments.memory_limit.is_some()
}

/// The program that solves scenarios of a file for this one.
fn program(arguments: &Batch, file: &Path) -> Result<Program, Failure> {
    let path = env::current_exe();
    let path = path.map_err(|error| Failure::NoAnswer(format!("this program does not find itself: {error}")))?;
    let mut words: Vec<OsString> = ["worker", "--jobs", "1"].map(OsString::from).into();
    if let Some(as_of) = &arguments.as_of {
        words.extend(["--as-of".into(), as_of.into()]);
    }
    if let Some(megabytes) = arguments.memory_limit {
        words.extend(["--memory-limit".into(), megabytes.to_string().into()]);
    }
    words.extend(["--".into(), file.into()]);
    let time_limit = arguments.time_limit.map(|seconds| Duration::from_secs(seconds.get()));
    Ok(Program { path, arguments: words, time_limit })
}

/// Solves the scenarios of a file at these positions, and writes down what comes of each.
fn solve(
    journal: &mut Journal,
    solver: Solver<'_>,
    (keys, pending): (&[Key], &[usize]),
    (interrupt, progress): (&Interrupt, &mut Progress),
    settings: &Settings,
) -> Result<(), Failure> {
    let threads =
        settings.jobs.map_or_else(|| thread::available_parallelism().map_or(1, NonZeroUsize::get), NonZeroUsize::get);
    let store = &Store::new(journal);
    workers::run(solver, store, (keys, pending), threads, interrupt, |messages| {
        store.write(messages, keys)?;
        progress.advance(messages.iter().filter(|message| message.is_answer()).count() as u64);
        Ok(())
    })
}
