//! A batch as JSON, piece by piece: every scenario with its plan, so that no more than one is in memory.
//!
//! Nothing in it depends on when, where or how fast scenarios were solved.

use super::FORMAT;
use super::lines::Lines;
use crate::phrase::batch as phrase;
use scenarios::batch::{Counts, Outcome, Row};
use serde::Serialize;

/// Writes a batch as one JSON object with a line feed at its end; what the functions return is to be written in order.
pub struct BatchJson(Lines);

#[derive(Serialize)]
struct CountsRow {
    scenarios: u64,
    done: u64,
    limit: u64,
    failed: u64,
    crashed: u64,
    open: u64,
    uncovered: u64,
}

impl Default for BatchJson {
    fn default() -> Self {
        let mut lines = Lines::new();
        lines.field("licit", &FORMAT);
        lines.field("command", "batch");
        lines.list("scenarios");
        Self(lines)
    }
}

impl BatchJson {
    /// The next scenario.
    #[must_use]
    pub fn row(&mut self, row: &Row) -> String {
        let lines = &mut self.0;
        let answer = row.outcome.as_ref().and_then(Outcome::answer);
        lines.item();
        lines.field("file", &row.file);
        lines.field("name", &row.name);
        lines.field("status", phrase::status(row));
        if let Some(Outcome::Unanswered(no_answer)) = &row.outcome {
            lines.field("why", &no_answer.why);
        }
        lines.field("standing", &answer.map(|answer| &answer.standing));
        lines.field("uncovered", &answer.map(|answer| answer.uncovered));
        lines.field("spend", &answer.map(|answer| &answer.spend));
        match answer {
            Some(answer) => lines.object("plan", &answer.plan),
            None => lines.field("plan", &()),
        }
        lines.close();
        lines.take()
    }

    /// What follows the last scenario.
    #[must_use]
    pub fn finish(self, counts: &Counts, digest: &str) -> String {
        let mut lines = self.0;
        lines.close_list();
        let &Counts { done, limit, failed, crashed, open, uncovered } = counts;
        let counts = CountsRow { scenarios: counts.total(), done, limit, failed, crashed, open, uncovered };
        lines.field("counts", &counts);
        lines.field("digest", digest);
        lines.finish()
    }
}
