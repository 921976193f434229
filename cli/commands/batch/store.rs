//! The journal as threads and processes share it: they ask it for plans of parts, and one thread writes what happens.

use super::workers::Message;
use crate::failure::Failure;
use journal::{Event, Journal};
use scenarios::batch::Key;
use scenarios::renewal::{PlanStore, Stored};
use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A journal, with what will be in it.
pub(super) struct Store<'j>(Mutex<Shared<'j>>);

struct Shared<'j> {
    journal: &'j mut Journal,
    /// Plans of parts that are not written yet.
    found: Vec<Part>,
    /// Digests of parts that somebody was told to solve.
    begun: BTreeSet<String>,
}

/// The plan of a part.
struct Part {
    digest: String,
    plan: Vec<u8>,
}

impl<'j> Store<'j> {
    pub(super) const fn new(journal: &'j mut Journal) -> Self {
        Self(Mutex::new(Shared { journal, found: Vec::new(), begun: BTreeSet::new() }))
    }

    /// Writes down what has happened, and what was found meanwhile.
    pub(super) fn write(&self, messages: &[Message], keys: &[Key]) -> Result<(), Failure> {
        let Shared { journal, found, .. } = &mut *self.shared();
        let parts = found.iter().map(|part| Event::PartFound { digest: &part.digest, plan: &part.plan });
        let events: Vec<Event<'_>> = parts.chain(messages.iter().filter_map(|message| event(message, keys))).collect();
        if !events.is_empty() {
            journal.write(events)?;
        }
        found.clear();
        Ok(())
    }

    fn shared(&self) -> MutexGuard<'_, Shared<'j>> {
        // Nothing in there is ever half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PlanStore for Store<'_> {
    fn find(&self, digest: &str) -> Stored {
        let Shared { journal, found, begun } = &mut *self.shared();
        let found = found.iter().find(|part| part.digest == digest).map(|part| part.plan.clone());
        // What is the matter with the journal is said when it is written.
        let plan = found.or_else(|| journal.part(digest).ok().flatten());
        match plan {
            Some(plan) => Stored::Plan(plan),
            None if begun.insert(digest.to_owned()) => Stored::Nothing,
            None => Stored::Begun,
        }
    }

    fn keep(&self, digest: &str, plan: Vec<u8>) {
        let Shared { found, begun, .. } = &mut *self.shared();
        begun.remove(digest);
        found.push(Part { digest: digest.to_owned(), plan });
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
