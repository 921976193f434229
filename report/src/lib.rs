//! How to say it: pure functions from certified results to text.
//!
//! Only a [`checker::Certified`] can be reported as an answer, and only the checker makes one: what no
//! checker has accepted cannot be written by accident. A baseline is shown beside one, labeled as not
//! proved. Nothing here computes a figure, opens a file or looks at a
//! terminal. Text of users is made safe before it is shown.

pub mod diagnostics;

mod compare;
mod grid;
mod json;
mod paint;
mod phrase;
mod table;
mod text;
mod verdict;

pub use compare::comparison_table;
pub use diagnostics::Color;
pub use json::{comparison_json, json};
pub use table::table;
pub use verdict::{verdict, verdict_json};
