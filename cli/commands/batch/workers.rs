//! Threads that solve scenarios, and one that writes down what comes of them.
//!
//! A thread that solves has a pool of its own with one thread: what it solves never takes up the work of another, on
//! which it may have to wait (see [`Solved`]). Plans of parts are shared by all. Or each thread has a process that solves
//! for it; then each process has the plans that it has found, and those that are in the store when it asks for them.

use super::interrupt::Interrupt;
use super::process::{Process, Program};
use crate::failure::Failure;
use rayon::{ThreadPool, ThreadPoolBuilder};
use scenarios::Scenarios;
use scenarios::batch::{Key, Outcome, Status, solve};
use scenarios::renewal::{PlanStore, Solved};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

/// How long nothing may happen before somebody is told.
const PATIENCE: Duration = Duration::from_secs(1);
/// Most messages that are written at once.
const WRITTEN_MAX: usize = 64;

/// What has happened.
pub(super) enum Message {
    /// Nothing for a while.
    Nothing,
    /// A scenario is begun.
    Started { position: usize },
    /// A scenario has ended.
    Ended { position: usize, outcome: Outcome, milliseconds: u64 },
}

impl Message {
    /// Whether there is a plan.
    pub(super) fn is_answer(&self) -> bool {
        matches!(self, Self::Ended { outcome: Outcome::Answered(_), .. })
    }
}

/// Who solves the scenarios of a file.
#[derive(Clone, Copy)]
pub(super) enum Solver<'s> {
    /// The threads.
    Threads(&'s Scenarios),
    /// A process for each thread.
    Processes(&'s Program),
}

/// Solves the scenarios of a file at these positions, on so many threads, until all are solved, the batch is asked to
/// end, or `write` fails. What has begun is brought to an end.
pub(super) fn run(
    solver: Solver<'_>,
    store: &dyn PlanStore,
    (keys, positions): (&[Key], &[usize]),
    threads: usize,
    interrupt: &Interrupt,
    write: impl FnMut(&[Message]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let turns = &Turns { positions, next: AtomicUsize::new(0), interrupt };
    let count = threads.min(positions.len());
    let (sender, receiver) = sync_channel(WRITTEN_MAX);
    match solver {
        Solver::Threads(scenarios) => {
            let pools = (0..count).map(|_| ThreadPoolBuilder::new().num_threads(1).build());
            let pools: Vec<ThreadPool> = pools
                .collect::<Result<_, _>>()
                .map_err(|error| Failure::NoAnswer(format!("threads cannot be started: {error}")))?;
            let first = &Solved::with_store(scenarios, store);
            thread::scope(|scope| {
                for pool in pools {
                    let sender = sender.clone();
                    scope.spawn(move || pool.install(|| solve_here(first, turns, &sender)));
                }
                drop(sender);
                write_all(&receiver, interrupt, write)
            })
        }
        Solver::Processes(program) => thread::scope(|scope| {
            for _ in 0..count {
                let sender = sender.clone();
                scope.spawn(move || {
                    let mut process = Process::new(program);
                    turns.take(&sender, |position| process.solve(position, &keys[position], store));
                });
            }
            drop(sender);
            write_all(&receiver, interrupt, write)
        }),
    }
}

/// Solves scenarios on this thread.
fn solve_here(solved: &Solved<'_>, turns: &Turns<'_>, sender: &SyncSender<Message>) {
    let mut own = solved.clone();
    turns.take(sender, |position| {
        let outcome = match solve(&mut own, position) {
            Ok(renewal) => Outcome::Answered(Box::new(report::batch_answer(&renewal))),
            Err(no_answer) => Outcome::Unanswered(no_answer),
        };
        if outcome.status() == Status::Crashed {
            own = solved.clone();
        }
        outcome
    });
}

/// Writes what happens until all threads have ended. After a failure nothing more is written.
fn write_all(
    receiver: &Receiver<Message>,
    interrupt: &Interrupt,
    mut write: impl FnMut(&[Message]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut written = Ok(());
    loop {
        let first = match receiver.recv_timeout(PATIENCE) {
            Ok(message) => message,
            Err(RecvTimeoutError::Timeout) => Message::Nothing,
            Err(RecvTimeoutError::Disconnected) => return written,
        };
        let messages: Vec<Message> = [first].into_iter().chain(receiver.try_iter().take(WRITTEN_MAX)).collect();
        if written.is_ok() {
            written = write(&messages);
            if written.is_err() {
                interrupt.ask();
            }
        }
    }
}

/// What is left to do, for all threads.
struct Turns<'t> {
    positions: &'t [usize],
    next: AtomicUsize,
    interrupt: &'t Interrupt,
}

impl Turns<'_> {
    /// Solves one scenario after the other, and says so.
    fn take(&self, sender: &SyncSender<Message>, mut solve: impl FnMut(usize) -> Outcome) {
        while !self.interrupt.is_asked() {
            let Some(&position) = self.positions.get(self.next.fetch_add(1, Ordering::Relaxed)) else { return };
            let begun = Instant::now();
            // Whoever writes listens to the end.
            let _ = sender.send(Message::Started { position });
            let outcome = solve(position);
            let milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
            let _ = sender.send(Message::Ended { position, outcome, milliseconds });
        }
    }
}
