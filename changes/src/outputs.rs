//! What came out differently, and which causes can have changed it.

use crate::cause::{Assigned, Cause, Sense, Subject, Target};
use crate::connect::Parts;
use crate::inputs::pairs;
use crate::outcome::{AssignmentOutcome, AssignmentRow, Because, Change, LicenseOutcome, Outcome, VersionOutcome};
use crate::snapshot::{AssignmentFacts, LicenseFacts, Snapshot};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Outcomes of all kinds, each with the part it is in.
#[derive(Default)]
pub(crate) struct Outputs {
    pub(crate) versions: Vec<(Option<usize>, VersionOutcome)>,
    pub(crate) licenses: Vec<(Option<usize>, LicenseOutcome)>,
    pub(crate) assignments: Vec<(Option<usize>, AssignmentOutcome)>,
}

/// Everything that differs, in the order of the estate.
pub(crate) fn outputs(before: &Snapshot, after: &Snapshot, parts: &Parts, causes: &[Cause]) -> Outputs {
    let tracer = Tracer::of([before, after], causes);
    let mut outputs = Outputs::default();
    for version in ordered_versions(before, after) {
        let row = |snapshot: &Snapshot| snapshot.versions.get(version).map(|facts| facts.row.clone());
        let rows = Change { before: row(before), after: row(after) };
        if rows.is_change() {
            let part = parts.of_version(version);
            let because = tracer.because(part, direction(rows.worse()), &tracer.near_version(version));
            outputs.versions.push((part, Outcome { key: version.clone(), rows, because }));
        }
    }
    for (license, [before, after]) in pairs(&before.licenses, &after.licenses) {
        let row = |facts: Option<&LicenseFacts>| facts.map(|facts| facts.row.clone());
        let rows = Change { before: row(before), after: row(after) };
        if rows.is_change() {
            let part = parts.of_license(license);
            let because = tracer.because(part, Sense::Either, &tracer.near_license(license));
            outputs.licenses.push((part, Outcome { key: license.clone(), rows, because }));
        }
    }
    for (key, [before, after]) in pairs(&before.assignments, &after.assignments) {
        let row = |facts: Option<&AssignmentFacts>| facts.map(|facts| facts.row.clone());
        let rows: Change<Option<AssignmentRow>> = Change { before: row(before), after: row(after) };
        if rows.is_change() {
            let part = parts.of_assigned(&key.0);
            let because = tracer.because(part, direction(rows.worse()), &tracer.near_assignment(key));
            outputs.assignments.push((part, Outcome { key: key.clone(), rows, because }));
        }
    }
    outputs
}

/// What can have made something worse, or better.
fn direction(worse: Ordering) -> Sense {
    match worse {
        Ordering::Greater => Sense::Harms,
        Ordering::Less => Sense::Helps,
        Ordering::Equal => Sense::Either,
    }
}

/// Versions by title, then by position in it; one that only one result has stands where it stands there.
fn ordered_versions<'s>(before: &'s Snapshot, after: &'s Snapshot) -> Vec<&'s String> {
    let mut versions: Vec<_> = (pairs(&before.versions, &after.versions))
        .filter_map(|(version, rows)| {
            let position = rows.into_iter().flatten().map(|facts| facts.position).max();
            let title = rows.into_iter().flatten().next().map(|facts| facts.title.as_str());
            Some((title?, position?, version))
        })
        .collect();
    versions.sort_unstable();
    versions.into_iter().map(|(.., version)| version).collect()
}

/// Finds the causes of outcomes, the nearest of them by what they are about.
struct Tracer<'t> {
    causes: &'t [Cause],
    /// By the part they concern, those that concern all under none; there by sense, in their order.
    of_part: BTreeMap<Option<usize>, BTreeMap<Sense, Vec<usize>>>,
    of_version: BTreeMap<&'t str, Vec<usize>>,
    of_license: BTreeMap<&'t str, Vec<usize>>,
    of_title: BTreeMap<&'t str, Vec<usize>>,
    /// Causes about the demand or an assignment of a target.
    of_target: BTreeMap<&'t Target, Vec<usize>>,
    /// Causes about licenses, by the versions that these have to do with.
    beside_version: BTreeMap<&'t str, Vec<usize>>,
    /// The versions that a license has to do with, in either result.
    versions_of: BTreeMap<&'t str, BTreeSet<&'t str>>,
}

impl<'t> Tracer<'t> {
    fn of(snapshots: [&'t Snapshot; 2], causes: &'t [Cause]) -> Self {
        let mut tracer = Self {
            causes,
            of_part: BTreeMap::new(),
            of_version: BTreeMap::new(),
            of_license: BTreeMap::new(),
            of_title: BTreeMap::new(),
            of_target: BTreeMap::new(),
            beside_version: BTreeMap::new(),
            versions_of: versions_of(snapshots),
        };
        for (position, cause) in causes.iter().enumerate() {
            tracer.of_part.entry(cause.part).or_default().entry(cause.sense).or_default().push(position);
            for target in &cause.targets {
                tracer.of_target.entry(target).or_default().push(position);
            }
            match &cause.subject {
                Subject::Version { version, .. } => tracer.of_version.entry(version).or_default().push(position),
                Subject::Title(title) => tracer.of_title.entry(title).or_default().push(position),
                Subject::License(license) => {
                    tracer.of_license.entry(license).or_default().push(position);
                    for version in tracer.versions_of.get(license.as_str()).into_iter().flatten() {
                        tracer.beside_version.entry(version).or_default().push(position);
                    }
                }
                Subject::Assignment(_, target) => tracer.of_target.entry(target).or_default().push(position),
                Subject::Estate | Subject::Scope(_) | Subject::Transfer { .. } => {}
            }
        }
        tracer
    }

    /// Causes about a version, then about licenses of it.
    fn near_version(&self, version: &str) -> [Vec<usize>; 2] {
        [found(&self.of_version, version), found(&self.beside_version, version)]
    }

    /// Causes about a license, then about versions of it.
    fn near_license(&self, license: &str) -> [Vec<usize>; 2] {
        let versions = self.versions_of.get(license).into_iter().flatten();
        let beside = versions.flat_map(|version| self.of_version.get(version).into_iter().flatten().take(NEAR_MAX));
        [found(&self.of_license, license), beside.copied().collect()]
    }

    /// Causes about what is assigned and about the target, whose other demand tells the reason too; then what is near
    /// to the license.
    fn near_assignment(&self, (assigned, target): &(Assigned, Target)) -> [Vec<usize>; 2] {
        let (own, beside) = match assigned {
            Assigned::License(license) => self.near_license(license).into(),
            Assigned::Title(title) => (found(&self.of_title, title.as_str()), Vec::new()),
        };
        let of_target = self.of_target.get(target).into_iter().flatten().copied();
        [own.into_iter().chain(of_target).collect(), beside]
    }

    /// The causes of a part and those that concern all: first those that work in the direction, near ones before far
    /// ones, what concerns all after them; last those that work against it.
    fn because(&self, part: Option<usize>, direction: Sense, near: &[Vec<usize>; 2]) -> Because {
        let own = part.and_then(|part| self.of_part.get(&Some(part)));
        let common = self.of_part.get(&None);
        let lists = || own.into_iter().chain(common).flatten();
        let mut ranked: BTreeMap<usize, (u8, bool, usize)> = BTreeMap::new();
        let mut add = |position: usize, distance: usize| {
            let cause = &self.causes[position];
            ranked.entry(position).or_insert((rank(cause.sense, direction), cause.part.is_none(), distance));
        };
        near[0].iter().for_each(|&position| add(position, 0));
        near[1].iter().for_each(|&position| add(position, 1));
        // Of what is far, no more can be among those kept.
        lists().for_each(|(_, list)| list.iter().take(BECAUSE_MAX).for_each(|&position| add(position, 2)));
        let elsewhere = ranked.keys().filter(|&&position| {
            let of = self.causes[position].part;
            of.is_some() && of != part
        });
        let elsewhere = elsewhere.count();
        let counted = |is_counted: fn(u8) -> bool| {
            let counted = lists().filter(|(sense, _)| is_counted(rank(**sense, direction)));
            counted.map(|(_, list)| list.len()).sum::<usize>() + elsewhere
        };
        let (all, likely) = (counted(|_| true), counted(|rank| rank < AGAINST));
        let mut order: Vec<_> = ranked.into_iter().map(|(position, rank)| (rank, position)).collect();
        order.sort_unstable();
        order.truncate(BECAUSE_MAX);
        Because {
            causes: order.into_iter().map(|(_, position)| position).collect(),
            likely: if likely == 0 { all } else { likely },
            all,
        }
    }
}

/// Most causes that are kept for an outcome: the others are counted.
const BECAUSE_MAX: usize = 50;
/// Most causes about a version that count as near to each of its licenses.
const NEAR_MAX: usize = 8;
/// The rank of what works against a change.
const AGAINST: u8 = 2;

/// Causes that work against the direction come later; where there is none, all are alike.
fn rank(sense: Sense, direction: Sense) -> u8 {
    match (sense, direction) {
        (_, Sense::Either) => 0,
        (sense, direction) if sense == direction => 0,
        (Sense::Either, _) => 1,
        _ => AGAINST,
    }
}

fn found(index: &BTreeMap<&str, Vec<usize>>, name: &str) -> Vec<usize> {
    index.get(name).cloned().unwrap_or_default()
}

/// The versions that licenses may cover, or cover, in either result.
fn versions_of(snapshots: [&Snapshot; 2]) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut versions_of: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for snapshot in snapshots {
        for (license, facts) in &snapshot.licenses {
            let versions = facts.rights.iter().flat_map(|rights| &rights.covers);
            versions_of.entry(license).or_default().extend(versions.map(String::as_str));
        }
        for (licenses, end) in &snapshot.ties {
            for license in licenses {
                versions_of.entry(license).or_default().insert(end);
            }
        }
    }
    versions_of
}
