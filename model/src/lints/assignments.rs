//! Assignments that no install of their target matches.

use super::reach::is_usable;
use super::{InstallPool, Places, and_others};
use crate::diagnostic::{Code, Diagnostic, quoted};
use crate::estate::{Assigned, Assignment, Estate, Target, TrackBy};
use crate::findings::Findings;
use crate::id::{AssignmentId, LicenseId, TitleId, VersionId};
use std::collections::BTreeMap;

/// Why no install matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Mismatch {
    /// The target has no install that counts.
    NotInstalled,
    /// It has installs of other titles.
    OtherTitle,
    /// It has installs of the title in other versions.
    OtherVersion,
    /// It has an install of the version where the license may not be used.
    Elsewhere,
}

/// Installs and assigned licenses of each target that has an assignment.
#[derive(Default)]
struct Held<'e> {
    installs: Vec<&'e InstallPool>,
    licenses: Vec<LicenseId>,
}

/// Reports assignments without a matching install: one finding for each thing assigned and each reason.
///
/// Nothing is said of what is assigned of a title that is inactive, or whose demand is its assignments. An
/// install of an inactive title matches. A license matches wherever one assigned to the same target may be
/// stacked on it, whatever that one covers.
pub(super) fn report(estate: &Estate, places: &Places, findings: &mut Findings) {
    let held = held_by_target(estate, places);
    let mut faulty: BTreeMap<(Assigned, Option<VersionId>, Mismatch), Vec<AssignmentId>> = BTreeMap::new();
    for (id, assignment) in estate.assignments.enumerate() {
        if let Some(mismatch) = mismatch(estate, assignment, &held[&assignment.target]) {
            faulty.entry((assignment.assigned, assignment.version, mismatch)).or_default().push(id);
        }
    }
    for ((assigned, version, mismatch), assignments) in faulty {
        let thing = match (assigned, version) {
            (Assigned::License(license), _) => format!("the license {}", quoted(&estate.licenses[license].id)),
            (Assigned::Title(title), None) => format!("the title {}", quoted(&estate.titles[title].id)),
            (Assigned::Title(_), Some(version)) => quoted(&estate.version_text(version)),
        };
        let plural = if assignments.len() == 1 { "" } else { "s" };
        let target = match estate.assignments[assignments[0]].target {
            Target::Asset(asset) => format!("the asset {}", quoted(&estate.assets[asset])),
            Target::User(user) => format!("the user {}", quoted(&estate.users[user])),
        };
        let why = match mismatch {
            Mismatch::NotInstalled => "nothing that counts is installed",
            Mismatch::OtherTitle => "only other titles are installed",
            Mismatch::OtherVersion => "only other versions are installed",
            Mismatch::Elsewhere => "the license may not be used where it is installed",
        };
        let others = and_others(assignments.len() - 1);
        let message = format!("no install matches the assignment{plural} of {thing} to {target}{others}: {why}");
        findings.push(
            Diagnostic::new(Code::NotInstalled, places.assignments[assignments[0]], message)
                .with_help("correct what does not agree, or remove the assignment: what it sets aside covers nothing"),
        );
    }
}

fn held_by_target<'e>(estate: &Estate, places: &'e Places) -> BTreeMap<Target, Held<'e>> {
    let mut held: BTreeMap<Target, Held<'e>> = BTreeMap::new();
    for assignment in &estate.assignments {
        let held = held.entry(assignment.target).or_default();
        held.licenses.extend(match assignment.assigned {
            Assigned::License(license) => Some(license),
            Assigned::Title(_) => None,
        });
    }
    for pool in &places.installs {
        for target in pool.asset.map(Target::Asset).into_iter().chain(pool.user.map(Target::User)) {
            held.entry(target).or_default().installs.push(pool);
        }
    }
    held
}

/// Why no install matches an assignment; none if one does, or none need.
fn mismatch(estate: &Estate, assignment: &Assignment, held: &Held<'_>) -> Option<Mismatch> {
    let needs_install = |title: TitleId| {
        let title = &estate.titles[title];
        title.is_active && title.track_by == TrackBy::Installations
    };
    match assignment.assigned {
        Assigned::Title(title) if needs_install(title) => mismatch_of_title(estate, title, assignment.version, held),
        Assigned::License(license) if needs_install(estate.versions[estate.sku_of(license).version].title) => {
            mismatch_of_license(estate, license, held)
        }
        Assigned::Title(_) | Assigned::License(_) => None,
    }
}

fn mismatch_of_title(estate: &Estate, title: TitleId, version: Option<VersionId>, held: &Held<'_>) -> Option<Mismatch> {
    let mut of_title = held.installs.iter().filter(|pool| estate.versions[pool.version].title == title).peekable();
    if held.installs.is_empty() {
        Some(Mismatch::NotInstalled)
    } else if of_title.peek().is_none() {
        Some(Mismatch::OtherTitle)
    } else if of_title.any(|pool| version.is_none_or(|version| version == pool.version)) {
        None
    } else {
        Some(Mismatch::OtherVersion)
    }
}

fn mismatch_of_license(estate: &Estate, id: LicenseId, held: &Held<'_>) -> Option<Mismatch> {
    let (license, sku) = (&estate.licenses[id], estate.sku_of(id));
    if held.licenses.iter().any(|&other| estate.sku_of(other).may_upgrade(sku.version)) {
        return None;
    }
    if held.installs.is_empty() {
        return Some(Mismatch::NotInstalled);
    }
    let mut coverable = held.installs.iter().filter(|pool| sku.may_cover(pool.version)).peekable();
    if coverable.peek().is_some() {
        let is_covered = coverable.any(|pool| is_usable(estate, license, pool.scope, pool.contract));
        return (!is_covered).then_some(Mismatch::Elsewhere);
    }
    let title_of = |version: VersionId| estate.versions[version].title;
    // Versions of a title stand together, so that the rights are sorted by title as well.
    let may_cover_title = |pool: &&InstallPool| {
        let title = title_of(pool.version);
        sku.may_cover.binary_search_by_key(&title, |&version| title_of(version)).is_ok()
    };
    let is_other_version = held.installs.iter().any(may_cover_title);
    Some(if is_other_version { Mismatch::OtherVersion } else { Mismatch::OtherTitle })
}
