//! What `licit verify` says of a result.

use crate::phrase;
use crate::text::neutral;
use checker::evidence::Standing;
use checker::violation::Violation;
use serde::Serialize;
use std::fmt::Write as _;

/// Most broken laws that are named one by one; the rest is counted.
const VIOLATIONS_SHOWN_MAX: usize = 100;

/// The verdict in words: what is accepted, or one line for each broken law.
#[must_use]
pub fn verdict(verdict: Result<Standing, &[Violation]>) -> String {
    let violations = match verdict {
        Ok(standing) => return format!("{}\n", phrase::accepted(standing)),
        Err(violations) => violations,
    };
    let mut out = format!("{}\n", phrase::refused(violations.len()));
    for violation in violations.iter().take(VIOLATIONS_SHOWN_MAX) {
        let _ = writeln!(out, "  {}", neutral(&violation.to_string()));
    }
    if violations.len() > VIOLATIONS_SHOWN_MAX {
        let _ = writeln!(out, "  {}", phrase::and_more(violations.len() - VIOLATIONS_SHOWN_MAX));
    }
    out
}

/// The verdict as one JSON object on one line.
#[must_use]
pub fn verdict_json(violations: &[Violation]) -> String {
    let rows = violations.iter().map(|violation| BrokenLaw { law: violation.law.name(), detail: &violation.detail });
    let verdict =
        Verdict { licit: 1, command: "verify", is_accepted: violations.is_empty(), violations: rows.collect() };
    serde_json::to_string(&verdict).expect("a verdict has text for keys") + "\n"
}

#[derive(Serialize)]
struct Verdict<'a> {
    licit: u32,
    command: &'static str,
    #[serde(rename = "accepted")]
    is_accepted: bool,
    violations: Vec<BrokenLaw<'a>>,
}

#[derive(Serialize)]
struct BrokenLaw<'a> {
    law: &'static str,
    detail: &'a str,
}
