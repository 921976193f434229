//! How to say it: pure functions from certified results to text.
//!
//! Only a [`solver::Position`] can be reported, which holds a [`checker::Certified`], and only the checker
//! makes one: what no checker has accepted cannot be written by accident. Nothing here computes a figure, opens a file or looks at a
//! terminal. Text of users is made safe before it is shown.

pub mod diagnostics;

mod csv;
mod grid;
mod json;
mod markdown;
mod paint;
mod phrase;
mod table;
mod text;
mod verdict;

pub use csv::{Cells, by_scope, elp, versions};
pub use diagnostics::Color;
pub use json::json;
pub use markdown::markdown;
pub use table::{Rows, table};
pub use verdict::{verdict, verdict_json};
