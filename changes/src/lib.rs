//! What changed between two positions, and from which change of the facts.
//!
//! ```text
//! text -> Snapshot \
//!                   -> Differences: causes, outcomes, parts
//! text -> Snapshot /
//!         read          pair, connect, trace
//! ```
//!
//! A [`Snapshot`] is what a result of `licit position --format json` says. Two of them are held against each other fact
//! by fact: what was put in (licenses, installs, assignments, rights, the day) makes [causes](cause::Cause), what came
//! out (versions, licenses, assignments) makes [outcomes](outcome). Rights split an estate into parts that know nothing
//! of each other, so that an outcome can have changed only through a cause in its part, or through one that concerns
//! everything (the day, thresholds, scopes, transfers): those are the ones named for it, those first that work in its
//! direction and are near.
//!
//! *Guaranteed*: every figure is one of the two files, every difference theirs; nothing is solved. The differences from
//! B to A are those from A to B turned round. *Cost*: time linear in the results but for sorting: of each outcome the
//! nearest causes are found by what they are about, and the others counted.
//!
//! *Cannot*: check the results (that is `licit verify`); tell which of several causes in one part was the decisive one;
//! name a cause in what a result does not hold (names, days of last use). Results without `facts`, as earlier versions
//! wrote them, are compared as well: then titles that share a license path count as one part.

mod connect;
mod document;
mod inputs;
mod outputs;
mod snapshot;
mod trace;

pub mod cause;
pub mod outcome;

pub use snapshot::{Header, ReadError, Snapshot, Value, read};
pub use trace::{Differences, Note, Part, differences};
