//! Assignments: licenses and titles tied to assets and users.

use super::Source;
use super::licenses::LicenseFacts;
use super::parties::Parties;
use super::rows::{self, Record, Shape};
use super::scopes::Scopes;
use super::titles::Catalog;
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::estate::Assigned;
use crate::fields::Fields;
use crate::findings::Findings;
use crate::id::{LicenseId, ScopeId, VersionId};
use crate::registry::Registry;
use crate::value;

pub(crate) const SHAPE: Shape = Shape {
    section: "assignments",
    what: "an assignment",
    keys: &["license", "title", "version", "asset", "user", "scope"],
    typed: &[],
    required: &[],
};
const LICENSE: usize = 0;
const TITLE: usize = 1;
const VERSION: usize = 2;
const ASSET: usize = 3;
const USER: usize = 4;
const SCOPE: usize = 5;

/// What an assignment is tied to, with the number of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TargetNumber {
    Asset(u32),
    User(u32),
}

/// What is said about an assignment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AssignmentFacts {
    pub(crate) assigned: Assigned,
    pub(crate) target: TargetNumber,
    pub(crate) version: Option<VersionId>,
    pub(crate) scope: ScopeId,
    pub(crate) place: Place,
}

/// What an estate says that assignments refer to.
pub(crate) struct Known<'a, 'n> {
    pub(crate) scopes: &'a Scopes<'n>,
    pub(crate) catalog: &'a Catalog,
    pub(crate) licenses: &'a Registry<LicenseId, LicenseFacts>,
}

/// Reads the assignments.
pub(crate) fn read(
    estate: &Fields<'_, '_>,
    source: &Source<'_>,
    known: &Known<'_, '_>,
    parties: &mut Parties,
    findings: &mut Findings,
) -> Vec<AssignmentFacts> {
    let mut assignments = Vec::new();
    rows::for_each(estate, &SHAPE, source, findings, &mut |record, findings| {
        assignments.extend(read_assignment(record, known, parties, findings));
    });
    report_duplicates(&mut assignments, findings);
    assignments
}

fn read_assignment(
    record: &Record<'_>,
    known: &Known<'_, '_>,
    parties: &mut Parties,
    findings: &mut Findings,
) -> Option<AssignmentFacts> {
    let names_one_thing = exactly_one(record, LICENSE, TITLE, findings);
    let names_one_target = exactly_one(record, ASSET, USER, findings);
    let license = known.licenses.resolve(record.entries[LICENSE], "license", findings);
    let title = known.catalog.titles.resolve(record.entries[TITLE], "title", findings);
    let asset = record.read(ASSET, findings, value::text).map(|text| TargetNumber::Asset(parties.assets.number(text)));
    let user = record.read(USER, findings, value::text).map(|text| TargetNumber::User(parties.users.number(text)));
    if record.entries[LICENSE].is_present() && record.entries[VERSION].is_present() {
        findings.push(
            Diagnostic::new(
                Code::OneOf,
                record.place_of(VERSION),
                "a license assignment has a `version`; expected none",
            )
            .with_help("a license carries its version; assign the title for a version"),
        );
    }
    let version = record.entries[VERSION].cell().zip(title).and_then(|(cell, title)| {
        let own_title = known.catalog.titles.row(title).id.as_str();
        if let Some((title_id, name)) = cell.text.split_once('@') {
            let help = if title_id == own_title {
                format!("write `{name}`")
            } else {
                "the version is one of the title assigned".to_owned()
            };
            let message = format!("`version` is `{}`; expected the version without its title", cell.text);
            findings.push(Diagnostic::new(Code::ReferenceForm, cell.place, message).with_help(help));
            return None;
        }
        known.catalog.version(title, cell.text, cell, findings)
    });
    let scope = match license {
        Some(license) if !record.entries[SCOPE].is_present() => known.licenses.row(license).facts.scope,
        None if record.entries[LICENSE].is_present() && !record.entries[SCOPE].is_present() => None,
        _ => known.scopes.of(record, SCOPE, findings),
    };
    if !names_one_thing || !names_one_target {
        return None;
    }
    let assigned = license.map(Assigned::License).or(title.map(Assigned::Title))?;
    Some(AssignmentFacts { assigned, target: asset.or(user)?, version, scope: scope?, place: record.place })
}

/// Whether exactly one of two keys is given; anything else is reported.
fn exactly_one(record: &Record<'_>, one: usize, other: usize, findings: &mut Findings) -> bool {
    let (one_name, other_name) = (record.shape.keys[one], record.shape.keys[other]);
    let (has_one, has_other) = (record.entries[one].is_present(), record.entries[other].is_present());
    if has_one != has_other {
        return true;
    }
    let diagnostic = if has_one {
        let message = format!("an assignment has `{one_name}` and `{other_name}`; expected one");
        Diagnostic::new(Code::OneOf, record.place_of(other), message)
            .with_related(record.place_of(one), format!("`{one_name}` is given here"))
            .with_help("write two assignments, or remove one of the two")
    } else {
        let message = format!("an assignment has neither `{one_name}` nor `{other_name}`; expected one");
        Diagnostic::new(Code::OneOf, record.place, message)
            .with_help(format!("name the {one_name} or the {other_name}"))
    };
    findings.push(diagnostic);
    false
}

/// Reports what is assigned twice to one target, at the one that stands later.
fn report_duplicates(assignments: &mut [AssignmentFacts], findings: &mut Findings) {
    let what = |assignment: &AssignmentFacts| (assignment.assigned, assignment.target);
    assignments.sort_unstable_by_key(|assignment| (what(assignment), assignment.place));
    for alike in assignments.chunk_by(|left, right| what(left) == what(right)) {
        let [first, others @ ..] = alike else { continue };
        for other in others {
            let thing = match other.assigned {
                Assigned::License(_) => "license",
                Assigned::Title(_) => "title",
            };
            findings.push(
                Diagnostic::new(
                    Code::Duplicate,
                    other.place,
                    format!("this {thing} is assigned to this target already"),
                )
                .with_related(first.place, "it is assigned here first")
                .with_help("remove one of the two"),
            );
        }
    }
}
