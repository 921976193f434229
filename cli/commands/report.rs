//! `licit report`: estate in, a page that people look at out.

use super::{why, with_jobs};
use crate::arguments::{Redacted, Report};
use crate::estate;
use crate::failure::{Answer, Failure};
use crate::output::Output;
use crate::settings::Settings;
use explanation::{Explanation, Subject};
use model::estate::Estate;
use model::id::{Id, Table, VersionId};
use rayon::prelude::*;
use report::PositionPage;
use solver::baselines::{BaselineOutcome, Orders, Rule, baseline};
use solver::compare::{Comparison, judge};
use solver::position::Status;
use solver::{Position, SolveError};
use std::cmp::Reverse;

pub(super) fn run(arguments: &Report, settings: &Settings) -> Result<Answer, Failure> {
    let output = Output::open(arguments.out.as_deref(), &[&arguments.estate])?;
    let (mut estate, _) = estate::read(&arguments.estate, settings)?;
    let digest = estate.digest();
    redact(&mut estate, &arguments.redact);
    let page = with_jobs(settings.jobs, || page(&estate, digest, arguments))?.map_err(|error| why(&error))?;
    output.write(&page)?;
    Ok(Answer::Yes)
}

/// Puts numbers in the place of names.
fn redact(estate: &mut Estate, kinds: &[Redacted]) {
    if kinds.contains(&Redacted::Assets) {
        estate.assets = numbers(estate.assets.len());
    }
    if kinds.contains(&Redacted::Users) {
        estate.users = numbers(estate.users.len());
    }
}

/// Numbers from 1 with as many digits as the largest: their order is that of the names they stand for.
fn numbers<I: Id>(count: usize) -> Table<I, String> {
    let width = count.to_string().len();
    Table::new((1..=count).map(|number| format!("{number:0width$}")).collect())
}

fn page(estate: &Estate, digest: String, arguments: &Report) -> Result<String, SolveError> {
    let position = solver::position(estate)?;
    let mut versions = to_explain(&position);
    let unexplained = versions.len().saturating_sub(arguments.explanations);
    versions.truncate(arguments.explanations);
    let explain = |&version: &VersionId| Ok((version, explanation::explain(&position, Subject::Version(version))?));
    let explanations: Result<Vec<(VersionId, Explanation)>, SolveError> = versions.par_iter().map(explain).collect();
    let baselines: Result<Vec<(BaselineOutcome, Comparison)>, SolveError> =
        Rule::ALL.into_iter().map(|rule| judged(&position, rule)).collect();
    Ok(report::position_page(&PositionPage {
        position: &position,
        digest,
        is_redacted: !arguments.redact.is_empty(),
        explanations: explanations?,
        unexplained,
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
