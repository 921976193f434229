//! The page of a renewal.

use super::other_result;
use crate::arguments::{Redacted, Report};
use crate::commands::renew::{Answers, answers};
use crate::failure::Failure;
use crate::settings::Settings;
use report::{Omitted, RenewalsPage};
use scenarios::Scenarios;

pub(super) fn page(
    scenarios: &Scenarios,
    saved: Option<&str>,
    arguments: &Report,
    settings: &Settings,
) -> Result<String, Failure> {
    let Answers { renewals, comparison, .. } = answers(scenarios, &arguments.scenario, saved.is_some(), settings)?;
    // What comes of the same facts are the same bytes.
    if saved.is_some_and(|saved| saved != report::renewals_json(&renewals, &comparison)) {
        return Err(other_result(arguments));
    }
    let is_omitted = |kind: Redacted| arguments.redact.contains(&kind);
    Ok(report::renewals_page(&RenewalsPage {
        renewals: &renewals,
        comparison: &comparison,
        omitted: Omitted { assets: is_omitted(Redacted::Assets), users: is_omitted(Redacted::Users) },
        is_saved: saved.is_some(),
    }))
}
