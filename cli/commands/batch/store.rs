//! The journal as threads and processes share it: they ask it for plans of parts, and one thread writes what happens.

use super::workers::Message;
use crate::failure::Failure;
use journal::{Event, Journal};
use scenarios::batch::Key;
use scenarios::renewal::PlanStore;
use std::sync::{Mutex, PoisonError};

/// A journal, with what was found and is not written yet.
pub(super) struct Store<'j> {
    journal: Mutex<&'j mut Journal>,
    found: Mutex<Vec<Part>>,
}

/// The plan of a part.
struct Part {
    digest: String,
    plan: Vec<u8>,
}

impl<'j> Store<'j> {
    pub(super) const fn new(journal: &'j mut Journal) -> Self {
        Self { journal: Mutex::new(journal), found: Mutex::new(Vec::new()) }
    }

    /// Writes down what has happened, and what was found meanwhile.
    pub(super) fn write(&self, messages: &[Message], keys: &[Key]) -> Result<(), Failure> {
        let found = std::mem::take(&mut *self.found.lock().unwrap_or_else(PoisonError::into_inner));
        let parts = found.iter().map(|part| Event::PartFound { digest: &part.digest, plan: &part.plan });
        let events: Vec<Event<'_>> = parts.chain(messages.iter().filter_map(|message| event(message, keys))).collect();
        if !events.is_empty() {
            self.journal.lock().unwrap_or_else(PoisonError::into_inner).write(events)?;
        }
        Ok(())
    }
}

impl PlanStore for Store<'_> {
    fn find(&self, digest: &str) -> Option<Vec<u8>> {
        // Without it the part is solved; what is the matter with the journal is said when it is written.
        self.journal.lock().unwrap_or_else(PoisonError::into_inner).part(digest).ok().flatten()
    }

    fn keep(&self, digest: &str, plan: Vec<u8>) {
        let part = Part { digest: digest.to_owned(), plan };
        self.found.lock().unwrap_or_else(PoisonError::into_inner).push(part);
    }
}

/// What of a message is written down.
fn event<'e>(message: &'e Message, keys: &'e [Key]) -> Option<Event<'e>> {
    match message {
        Message::Started { position } => Some(Event::Started(&keys[*position])),
        Message::Ended { position, outcome, milliseconds } => {
            Some(Event::Ended { key: &keys[*position], outcome, milliseconds: *milliseconds })
        }
        Message::Nothing => None,
    }
}
