//! What if: from a scenario file to estates with what may be bought or done about them.
//!
//! ```text
//! text -> tree -> Scenarios -> Case -> [Part]
//!         read    findings     compile  split
//! ```
//!
//! [`read_scenarios`] reads a file and the estate it names and reports everything that is wrong with both; what it
//! returns has no fault left, so that making a [`Case`] cannot fail. A case is an estate after the changes of one
//! scenario, with a lot for each offer, and the [`Market`](model::market::Market) that prices the lots. A case falls
//! into [`Part`]s that know nothing of each other but a common budget.
//!
//! Reading looks at each scenario and combination of a sweep without making its estate: the cost is in proportion to
//! the file and the combinations, not to the installs. [`renewal`] has the parts solved and puts their plans together;
//! [`verify`] checks what came of it without solving anything.

mod amount;
pub mod batch;
mod case;
#[cfg(test)]
mod case_tests;
mod change;
mod deal;
mod digest;
mod document;
#[cfg(test)]
mod mutation_tests;
mod parts;
#[cfg(test)]
mod parts_tests;
mod reading;
mod remade;
pub mod renewal;
pub mod schema;
mod stage;
#[cfg(test)]
mod tests;
pub mod verify;

pub use case::Case;
pub use parts::{Part, parts, rows_around};
pub use reading::{Input, Reading, Scenarios, read_any, read_scenarios, read_scenarios_text};
pub use remade::Remade;
