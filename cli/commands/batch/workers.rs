//! Threads that solve scenarios, and one that writes down what comes of them.
//!
//! Each thread has a pool of its own with one thread: what it solves never takes up the work of another, on which it
//! may have to wait (see [`Solved`]). Plans of parts are shared by all.

use super::interrupt::Interrupt;
use crate::failure::Failure;
use rayon::{ThreadPool, ThreadPoolBuilder};
use scenarios::Scenarios;
use scenarios::batch::{NoAnswer, Outcome, Status, solve};
use scenarios::renewal::Solved;
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

/// Solves scenarios, by their positions, on so many threads, until all are solved, the batch is asked to end, or `write`
/// fails. What has begun is brought to an end.
pub(super) fn run(
    scenarios: &Scenarios,
    positions: &[usize],
    threads: usize,
    interrupt: &Interrupt,
    write: impl FnMut(&[Message]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let pools = (0..threads.min(positions.len())).map(|_| ThreadPoolBuilder::new().num_threads(1).build());
    let pools: Vec<ThreadPool> = pools
        .collect::<Result<_, _>>()
        .map_err(|error| Failure::NoAnswer(format!("threads cannot be started: {error}")))?;
    let (solved, next) = (&Solved::new(scenarios), &AtomicUsize::new(0));
    let (sender, receiver) = sync_channel(WRITTEN_MAX);
    thread::scope(|scope| {
        for pool in pools {
            let sender = sender.clone();
            scope.spawn(move || pool.install(|| work(solved, positions, next, interrupt, &sender)));
        }
        drop(sender);
        write_all(&receiver, interrupt, write)
    })
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

/// Solves one scenario after the other.
fn work(
    solved: &Solved<'_>,
    positions: &[usize],
    next: &AtomicUsize,
    interrupt: &Interrupt,
    sender: &SyncSender<Message>,
) {
    let mut own = solved.clone();
    while !interrupt.is_asked() {
        let Some(&position) = positions.get(next.fetch_add(1, Ordering::Relaxed)) else { return };
        let begun = Instant::now();
        // Whoever writes listens to the end.
        let _ = sender.send(Message::Started { position });
        let outcome = match solve(&mut own, position) {
            Ok(renewal) => Outcome::Answered(Box::new(report::batch_answer(&renewal))),
            Err(no_answer) => Outcome::Unanswered(no_answer),
        };
        if matches!(outcome, Outcome::Unanswered(NoAnswer { status: Status::Crashed, .. })) {
            own = solved.clone();
        }
        let milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let _ = sender.send(Message::Ended { position, outcome, milliseconds });
    }
}
