//! Ctrl-C, and the signal by which schedulers ask a program to end: the first one lets what has begun come to an end,
//! the second one stops at once. The journal is whole either way.

use crate::failure::{Failure, say};
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What an interrupted batch exits with: there is no answer.
const STOPPED: i32 = 3;

/// Whether somebody has asked the batch to end.
#[derive(Clone)]
pub(super) struct Interrupt {
    is_asked: Arc<AtomicBool>,
}

impl Interrupt {
    /// Listens from now on.
    pub(super) fn listen() -> Result<Self, Failure> {
        let interrupt = Self { is_asked: Arc::default() };
        let asked = interrupt.clone();
        let on_signal = move || {
            if asked.ask() {
                process::exit(STOPPED);
            }
            say(report::batch_phrase::INTERRUPT);
        };
        let heard = ctrlc::set_handler(on_signal);
        heard.map_err(|error| Failure::NoAnswer(format!("signals cannot be listened to: {error}")))?;
        Ok(interrupt)
    }

    /// Asks the batch to end. Returns whether that was asked before.
    pub(super) fn ask(&self) -> bool {
        self.is_asked.swap(true, Ordering::Relaxed)
    }

    /// Whether it was asked to end.
    pub(super) fn is_asked(&self) -> bool {
        self.is_asked.load(Ordering::Relaxed)
    }
}
