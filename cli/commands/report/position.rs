//! The page of a position.

use super::other_result;
use super::redaction::Redaction;
use crate::arguments::Report;
use crate::commands::{diff, result, why, with_jobs};
use crate::failure::Failure;
use crate::settings::Settings;
use changes::{Differences, Snapshot, differences};
use explanation::{Explanation, Subject};
use model::estate::Estate;
use model::findings::Findings;
use model::id::VersionId;
use rayon::prelude::*;
use report::PositionPage;
use serde_json::Value;
use solver::baselines::{BaselineOutcome, Orders, Rule, baseline};
use solver::compare::{Comparison, judge};
use solver::position::Status;
use solver::{Position, SolveError};
use std::cmp::Reverse;

pub(super) fn page(
    mut estate: Estate,
    saved: Option<&str>,
    arguments: &Report,
    settings: &Settings,
) -> Result<String, Failure> {
    let digest = estate.digest();
    if let Some(saved) = saved {
        refuse_other_position(&estate, saved, arguments, settings)?;
    }
    let mut since = arguments.since.as_deref().map(result::read).transpose()?;
    if let (Some(text), Some(path)) = (&mut since, &arguments.since) {
        diff::snapshot(path, text).map_err(Failure::Refused)?;
        let mut value: Value = serde_json::from_str(text).expect("a result was read from it");
        let redaction = Redaction::of(&arguments.redact, &estate, Some(&value));
        redaction.redact(&mut value);
        redaction.redact_estate(&mut estate);
        *text = value.to_string();
    } else {
        Redaction::of(&arguments.redact, &estate, None).redact_estate(&mut estate);
    }
    let work = || html(&estate, digest, since.as_deref(), arguments);
    with_jobs(settings.jobs, work)?.map_err(|error| why(&error))
}

/// A saved result is shown if its figures are those that come of the facts.
fn refuse_other_position(estate: &Estate, saved: &str, arguments: &Report, settings: &Settings) -> Result<(), Failure> {
    let position = with_jobs(settings.jobs, || solver::position(estate))?.map_err(|error| why(&error))?;
    let saved = snapshot(saved);
    let is_same = differences(&saved, &own_snapshot(&position, &estate.digest())).is_empty();
    if is_same { Ok(()) } else { Err(other_result(arguments)) }
}

fn snapshot(text: &str) -> Snapshot {
    changes::read(text).expect("a result that the checker or a reader has accepted can be read")
}

/// What would be saved of a position, under the digest of its facts with all names.
fn own_snapshot(position: &Position<'_>, digest: &str) -> Snapshot {
    let own = position.certified.estate().digest();
    snapshot(&report::json(position, &Findings::new()).replacen(&own, digest, 1))
}

fn html(estate: &Estate, digest: String, since: Option<&str>, arguments: &Report) -> Result<String, SolveError> {
    let position = solver::position(estate)?;
    // Neither explanations nor baselines know licenses that cover several installs at once.
    let is_single = SolveError::unless_single(estate, "explanations").is_ok();
    let mut versions = to_explain(&position);
    let most = if is_single { arguments.explanations } else { 0 };
    let unexplained = versions.len().saturating_sub(most);
    versions.truncate(most);
    let explain = |&version: &VersionId| Ok((version, explanation::explain(&position, Subject::Version(version))?));
    let explanations: Result<Vec<(VersionId, Explanation)>, SolveError> = versions.par_iter().map(explain).collect();
    let baselines: Result<Vec<(BaselineOutcome, Comparison)>, SolveError> =
        Rule::ALL.into_iter().filter(|_| is_single).map(|rule| judged(&position, rule)).collect();
    let since: Option<Differences> =
        since.map(|before| differences(&snapshot(before), &own_snapshot(&position, &digest)));
    Ok(report::position_page(&PositionPage {
        position: &position,
        digest,
        is_redacted: !arguments.redact.is_empty(),
        is_saved: arguments.result.is_some(),
        explanations: explanations?,
        unexplained,
        is_explained: is_single,
        since,
        baselines: baselines?,
    }))
}

/// What is red, the largest shortages first, then what is yellow.
fn to_explain(position: &Position<'_>) -> Vec<VersionId> {
    let standings = position.derived.versions.enumerate();
    let mut versions: Vec<(Reverse<Status>, VersionId)> = standings
        .filter(|(_, standing)| standing.status >= Status::Yellow)
        .map(|(version, standing)| (Reverse(standing.status), version))
        .collect();
    let uncovered = |version: VersionId| position.certified.figures().versions[version].uncovered;
    versions.sort_by_key(|&(status, version)| (status, Reverse(uncovered(version)), version));
    versions.into_iter().map(|(_, version)| version).collect()
}

/// What a simpler method would have said, without the step at which it went wrong: that takes longer than all else.
fn judged(position: &Position<'_>, rule: Rule) -> Result<(BaselineOutcome, Comparison), SolveError> {
    let outcome = baseline(position.certified.estate(), rule, Orders::default())?;
    let shortage = |version: VersionId| position.derived.versions[version].shortage;
    let (versions, totals) = judge(&position.certified, shortage, &outcome);
    Ok((outcome, Comparison { versions, totals, misstep: None }))
}
