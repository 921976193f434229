//! What `licit verify` says of a result.

use crate::phrase;
use crate::text::neutral;
use checker::evidence::Standing;
use checker::plan;
use checker::violation::Violation;
use serde::Serialize;
use std::fmt::Write as _;

/// Most broken laws that are named one by one; the rest is counted.
const VIOLATIONS_SHOWN_MAX: usize = 100;

/// That a position is accepted, in words.
#[must_use]
pub fn accepted(standing: Standing) -> String {
    format!("{}\n", phrase::accepted(standing))
}

/// That a renewal is accepted, for what is shown of each scenario, in words.
#[must_use]
pub fn renewals_accepted(standings: &[plan::Standing]) -> String {
    let optimal = standings.iter().filter(|&&standing| standing == plan::Standing::Optimal).count();
    format!("{}\n", phrase::renewal::accepted(standings.len(), optimal))
}

/// That a result is refused: a line for each broken law.
#[must_use]
pub fn refused(violations: &[Violation]) -> String {
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
