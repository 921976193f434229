//! How to say it: pure functions from certified results to text.
//!
//! Only a [`solver::Position`] can be reported as an answer; it holds a [`checker::Certified`], and only
//! the checker makes one: what no checker has accepted cannot be written by accident. The same holds of a
//! [`scenarios::renewal::Renewal`], which is made of plans that the checker has accepted. A baseline is
//! shown beside one, labeled as not proved. Nothing here computes a figure, opens a file or looks at a
//! terminal. Text of users is made safe before it is shown.

pub mod diagnostics;
pub mod graph;

mod batch;
mod changes;
mod compare;
mod csv;
mod drawing;
mod explain;
mod grid;
mod html;
mod json;
mod markdown;
mod paint;
mod phrase;
mod renewal;
mod table;
mod text;
mod verdict;
mod workbook;

pub use batch::{ROWS_SHOWN_MAX, batch_table};
pub use changes::changes_table;
pub use compare::comparison_table;
pub use csv::{BatchCsv, Cells, by_scope, elp, renewals_csv, versions};
pub use diagnostics::Color;
pub use explain::{explanation_text, unnamed};
pub use html::{PositionPage, RenewalsPage, position_page, renewals_page};
pub use json::{
    BatchJson, ModelFiles, batch_answer, changes_json, comparison_json, explanation_json, json, models_json,
    plan_evidence, renewals_json,
};
pub use markdown::{markdown, renewals_markdown};
pub use phrase::batch as batch_phrase;
pub use renewal::{Omitted, renewals_table};
pub use table::{Rows, table};
pub use text::neutral;
pub use verdict::{accepted, refused, renewals_accepted, verdict_json};
pub use workbook::{TooManyRows, workbook};
