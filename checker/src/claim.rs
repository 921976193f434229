//! A result in a file, checked from the file and the estate alone: the work of `licit verify`.
//!
//! Positions are checked by [`verify`], renewals part by part by a [`RenewalClaim`].
//!
//! A claim is believed in nothing. Its names are resolved in the estate, its allocation and its
//! evidence go through [`certify`](crate::certify()) like an answer of any solver, and then every
//! figure it states is compared with the figure its own allocation comes to. What a result says
//! beyond that (names, diagnostics) is passed over.
//!
//! Takes time linear in the length of the file, but for sorting, beside the time of `certify`.

mod compare;
mod document;
mod renewal;
mod resolve;
mod tree;

pub use renewal::{
    PlanFigures, RenewalClaim, Scenario, ScenarioFigures, Stretch, TogetherFigures, TogetherScenarioFigures,
};

use crate::evidence::Standing;
use crate::json::{Object, Text};
use crate::violation::{Law, Violation};
use document::Document;
use model::estate::{Estate, LicenseState};
use serde::Deserialize;
use std::fmt;

/// The format of results this reads.
const FORMAT: i64 = 1;

/// Why a result is not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VerifyError {
    /// The text is no result at all.
    Unreadable {
        /// What is wrong with it.
        what: String,
        /// The line where reading stopped, from 1; 0 if the text as a whole is wrong.
        line: usize,
        /// The column where reading stopped, from 1; 0 if the text as a whole is wrong.
        column: usize,
    },
    /// Laws that the result breaks; never empty.
    Refused(Vec<Violation>),
}

/// Checks the text of a result against its estate, and says what its evidence shows.
///
/// # Errors
/// [`VerifyError::Unreadable`] for a text that is no position in JSON with all keys the proof needs,
/// [`VerifyError::Refused`] for a position that breaks a law or claims a figure that its allocation
/// does not come to.
pub fn verify(estate: &Estate, result: &str) -> Result<Standing, VerifyError> {
    let document: Object<Document<'_>> = serde_json::from_str(result).map_err(|error| unreadable(&error))?;
    if document.licit != FORMAT {
        return Err(whole(format!("the format is `{}`, not `{FORMAT}`", document.licit)));
    }
    if *document.command != *"position" {
        return Err(whole(format!("it is the result of `{}`, not of `position`", &*document.command)));
    }
    let same_facts = same_facts(estate, &document);
    if !same_facts.is_empty() {
        return Err(VerifyError::Refused(same_facts));
    }
    let claims = resolve::resolve(estate, &document).map_err(VerifyError::Refused)?;
    let certified = crate::certify(estate, claims.allocation, claims.evidence).map_err(VerifyError::Refused)?;
    let differences = compare::compare(&document, &claims.uncovered, &certified);
    if differences.is_empty() { Ok(certified.standing()) } else { Err(VerifyError::Refused(differences)) }
}

/// The command that a text says it is the result of, if it says one.
#[must_use]
pub fn command_of(result: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Head<'a> {
        #[serde(borrow)]
        command: Text<'a>,
    }
    serde_json::from_str::<Object<Head<'_>>>(result).ok().map(|head| head.command.to_string())
}

/// The word for the state of a license in results.
#[must_use]
pub const fn state_word(state: LicenseState) -> &'static str {
    match state {
        LicenseState::Active => "active",
        LicenseState::Expired => "expired",
        LicenseState::NotStarted => "not-started",
    }
}

/// Whether the result is for this estate on this day.
fn same_facts(estate: &Estate, document: &Document<'_>) -> Vec<Violation> {
    let mut violations = Vec::new();
    let as_of = estate.as_of.to_string();
    if *document.as_of != *as_of {
        let detail = format!("the result is as of `{}`, the estate as of `{as_of}`", &*document.as_of);
        violations.push(Violation::new(Law::SameFacts, detail));
    } else if let Some(digest) = &document.digest {
        let facts = estate.digest();
        if **digest != *facts {
            let detail = format!("the result is for the facts `{}`, the estate has `{facts}`", &**digest);
            violations.push(Violation::new(Law::SameFacts, detail));
        }
    }
    violations
}

fn unreadable(error: &serde_json::Error) -> VerifyError {
    let (line, column) = (error.line(), error.column());
    let what = error.to_string();
    let place = format!(" at line {line} column {column}");
    let what = what.strip_suffix(&place).unwrap_or(&what).to_owned();
    VerifyError::Unreadable { what, line, column }
}

fn whole(what: String) -> VerifyError {
    VerifyError::Unreadable { what, line: 0, column: 0 }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { what, line: 0, .. } => write!(f, "no result: {what}"),
            Self::Unreadable { what, line, column } => write!(f, "no result: {line}:{column}: {what}"),
            Self::Refused(violations) => {
                for (index, violation) in violations.iter().enumerate() {
                    write!(f, "{}{violation}", if index == 0 { "" } else { "\n" })?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for VerifyError {}
