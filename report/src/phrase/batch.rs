//! Every phrase of a batch.

use super::counted;
use crate::text::neutral;
use scenarios::batch::{Answer, Counts, Outcome, Row};

/// How a scenario ended, in a word.
pub(crate) fn status(row: &Row) -> &'static str {
    row.outcome.as_ref().map_or("open", |outcome| outcome.status().word())
}

/// Why there is no plan, if there is none.
pub(crate) fn why(row: &Row) -> &str {
    match &row.outcome {
        Some(Outcome::Unanswered(no_answer)) => &no_answer.why,
        Some(Outcome::Answered(_)) | None => "",
    }
}

/// What is proved of a plan, in a column.
pub(crate) fn standing(answer: &Answer) -> &'static str {
    if answer.standing == "optimal" { "proved least" } else { "proved up to a gap" }
}

/// `1250.00 EUR`.
pub(crate) fn spend(answer: &Answer) -> String {
    answer.currency.as_ref().map_or_else(|| answer.spend.clone(), |currency| format!("{} {currency}", answer.spend))
}

/// `12.345`.
pub(crate) fn seconds(milliseconds: u64) -> String {
    format!("{}.{:03}", milliseconds / 1_000, milliseconds % 1_000)
}

/// How many scenarios there are, and how they ended.
pub(crate) fn counts(counts: &Counts) -> String {
    let scenarios = counted(counts.total(), "scenario", "scenarios");
    let others = without_answer(counts);
    let others = if others.is_empty() { String::new() } else { format!(", {others}") };
    let uncovered = match counts.uncovered {
        0 => "nothing uncovered".to_owned(),
        count => format!("something uncovered in {count}"),
    };
    format!("{scenarios}: {} done{others}; {uncovered}.", counts.done)
}

/// `3 at a limit, 2 crashed`.
fn without_answer(counts: &Counts) -> String {
    let parts =
        [(counts.limit, "at a limit"), (counts.failed, "failed"), (counts.crashed, "crashed"), (counts.open, "open")];
    let some = parts.into_iter().filter(|&(count, _)| count > 0);
    some.map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
}

/// What one digest of all results is good for.
pub(crate) fn digest(digest: &str) -> String {
    format!("Digest of the results: {digest}.")
}

/// That some scenarios have no answer: `2 of 500 scenarios have no answer: 2 crashed`.
#[must_use]
pub fn unanswered(counts: &Counts) -> String {
    let (count, total) = (counts.without_answer(), counted(counts.total(), "scenario", "scenarios"));
    let have = if count == 1 { "has" } else { "have" };
    format!("{count} of {total} {have} no answer: {}", without_answer(counts))
}

/// That a batch was interrupted, and how to go on.
#[must_use]
pub fn interrupted(done: u64, total: u64, journal: &str) -> String {
    let total = counted(total, "scenario", "scenarios");
    format!("interrupted: {done} of {total} are done; the same command goes on from `{}`", neutral(journal))
}

/// What is said when a batch is asked to end.
pub const INTERRUPT: &str = "interrupted: what has begun is brought to an end; interrupt again to stop at once";

/// How far a batch is: `120 of 500 scenarios, 24.0 per second, 16 s left`. The rate is in tenths; none of both is known
/// at first.
#[must_use]
pub fn progress(done: u64, total: u64, pace: Option<(u64, u64)>) -> String {
    let so_far = format!("{done} of {}", counted(total, "scenario", "scenarios"));
    match pace {
        None => so_far,
        Some((tenths, seconds_left)) => {
            format!("{so_far}, {}.{} per second, {} left", tenths / 10, tenths % 10, duration(seconds_left))
        }
    }
}

/// `45 s`, `12 min`, `3 h 5 min`.
fn duration(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_answer_is_counted_by_its_kind() {
        let all = Counts { done: 495, limit: 3, crashed: 2, uncovered: 7, ..Counts::default() };
        assert_eq!(counts(&all), "500 scenarios: 495 done, 3 at a limit, 2 crashed; something uncovered in 7.");
        assert_eq!(unanswered(&all), "5 of 500 scenarios have no answer: 3 at a limit, 2 crashed");
        let one = Counts { failed: 1, ..Counts::default() };
        assert_eq!(unanswered(&one), "1 of 1 scenario has no answer: 1 failed");
        assert_eq!(counts(&Counts { done: 1, ..Counts::default() }), "1 scenario: 1 done; nothing uncovered.");
    }

    #[test]
    fn progress_has_a_pace_and_what_is_left() {
        assert_eq!(progress(0, 500, None), "0 of 500 scenarios");
        assert_eq!(progress(120, 500, Some((240, 16))), "120 of 500 scenarios, 24.0 per second, 16 s left");
        let left = [119, 120, 7_199, 11_100].map(duration);
        assert_eq!(left, ["119 s", "2 min", "119 min", "3 h 5 min"]);
    }

    #[test]
    fn seconds_have_three_decimals() {
        assert_eq!([0, 7, 12_345].map(seconds), ["0.000", "0.007", "12.345"]);
    }
}
