//! How to say it: pure functions from certified results to text.
//!
//! Only a [`checker::Certified`] can be reported, and only the checker makes one: what no checker has
//! accepted cannot be written by accident. Nothing here computes a figure, opens a file or looks at a
//! terminal. Text of users is made safe before it is shown.

pub mod diagnostics;

mod grid;
mod json;
mod paint;
mod phrase;
mod table;
mod text;
mod verdict;

pub use diagnostics::Color;
pub use json::json;
pub use table::table;
pub use verdict::{verdict, verdict_json};
