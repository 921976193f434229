//! All differences of two results, by part.

use crate::cause::Cause;
use crate::connect::Parts;
use crate::inputs::{causes, pairs};
use crate::outcome::{AssignmentOutcome, Change, LicenseOutcome, VersionOutcome};
use crate::outputs::{Outputs, outputs};
use crate::snapshot::{Header, Snapshot, Value};

/// Everything that differs between two results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differences {
    /// What the results say of themselves.
    pub headers: Change<Header>,
    /// Whether both results tell the rights they were computed from.
    pub has_facts: bool,
    /// Sums over the estate, changed or not, by name.
    pub totals: Vec<(&'static str, Change<Value>)>,
    /// The levels of the objective, changed or not, by name.
    pub objective: Vec<(&'static str, Change<Value>)>,
    /// What was put in differently.
    pub causes: Vec<Cause>,
    /// The parts in which something differs.
    pub parts: Vec<Part>,
    /// Titles whose status differs; none where there is no such title.
    pub titles: Vec<(String, Change<Option<String>>)>,
    /// Unknown names, with their installs, that differ.
    pub unknown_names: Vec<(String, Change<i64>)>,
}

/// What differs among versions and licenses that rights connect.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// The titles in it, of those in which something differs.
    pub titles: Vec<String>,
    /// Positions of the causes in it.
    pub causes: Vec<usize>,
    /// Versions that differ.
    pub versions: Vec<VersionOutcome>,
    /// Licenses that differ.
    pub licenses: Vec<LicenseOutcome>,
    /// Assignments whose fate differs.
    pub assignments: Vec<AssignmentOutcome>,
}

/// What a reader should know about two results beside their differences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// They are of organizations with different names.
    OtherName,
    /// Their money is in different currencies.
    OtherCurrency,
    /// One of them does not tell the rights it was computed from.
    NoFacts,
    /// Their facts differ in something that no cause tells.
    OtherFacts,
    /// Their facts are the same, and something came out differently.
    SameFacts,
}

impl Differences {
    /// What a reader should know beside the differences.
    #[must_use]
    pub fn notes(&self) -> Vec<Note> {
        let Change { before, after } = &self.headers;
        let is_same_digest = before.digest == after.digest;
        let has_outcomes = self.parts.iter().any(|part| !part.is_same());
        let notes = [
            (before.name != after.name, Note::OtherName),
            (before.currency != after.currency, Note::OtherCurrency),
            (!self.has_facts, Note::NoFacts),
            (!is_same_digest && self.causes.is_empty(), Note::OtherFacts),
            (is_same_digest && before.digest.is_some() && has_outcomes, Note::SameFacts),
        ];
        notes.into_iter().filter(|(holds, _)| *holds).map(|(_, note)| note).collect()
    }

    /// Whether nothing differs, neither what was put in nor what came out.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let is_same = |rows: &[(&str, Change<Value>)]| rows.iter().all(|(_, change)| !change.is_change());
        self.causes.is_empty()
            && self.parts.is_empty()
            && self.titles.is_empty()
            && self.unknown_names.is_empty()
            && is_same(&self.totals)
            && is_same(&self.objective)
    }

    /// The differences from the later to the earlier.
    #[must_use]
    pub fn inverse(self) -> Self {
        let rows = |rows: Vec<(&'static str, Change<Value>)>| {
            rows.into_iter().map(|(name, change)| (name, change.inverse())).collect()
        };
        Self {
            headers: self.headers.inverse(),
            has_facts: self.has_facts,
            totals: rows(self.totals),
            objective: rows(self.objective),
            causes: self.causes.into_iter().map(Cause::inverse).collect(),
            parts: self.parts.into_iter().map(Part::inverse).collect(),
            titles: self.titles.into_iter().map(|(title, change)| (title, change.inverse())).collect(),
            unknown_names: self.unknown_names.into_iter().map(|(name, change)| (name, change.inverse())).collect(),
        }
    }
}

impl Part {
    /// Whether nothing came out differently.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.versions.is_empty() && self.licenses.is_empty() && self.assignments.is_empty()
    }

    fn inverse(self) -> Self {
        Self {
            versions: self.versions.into_iter().map(VersionOutcome::inverse).collect(),
            licenses: self.licenses.into_iter().map(LicenseOutcome::inverse).collect(),
            assignments: self.assignments.into_iter().map(AssignmentOutcome::inverse).collect(),
            ..self
        }
    }
}

/// What changed from one result to another.
#[must_use]
pub fn differences(before: &Snapshot, after: &Snapshot) -> Differences {
    let connected = Parts::of([before, after]);
    let mut causes = causes(before, after, &connected);
    let parts = parts(before, after, &connected, &mut causes);
    let named = |before: &[(&'static str, Value)], after: &[(&'static str, Value)]| {
        let pairs = before.iter().zip(after);
        pairs
            .map(|((name, before), (_, after))| (*name, Change { before: before.clone(), after: after.clone() }))
            .collect()
    };
    let titles = pairs(&before.titles, &after.titles).map(|(title, [before, after])| {
        let status = |row: Option<&crate::snapshot::TitleRow>| row.map(|row| row.status.clone());
        (title.clone(), Change { before: status(before), after: status(after) })
    });
    let unknown_names = pairs(&before.unknown_names, &after.unknown_names).map(|(name, rows)| {
        let [before, after] = rows.map(|installs| installs.copied().unwrap_or(0));
        (name.clone(), Change { before, after })
    });
    Differences {
        headers: Change { before: before.header.clone(), after: after.header.clone() },
        has_facts: before.facts.is_some() && after.facts.is_some(),
        totals: named(&before.totals, &after.totals),
        objective: named(&before.objective, &after.objective),
        titles: titles.filter(|(_, change)| change.is_change()).collect(),
        unknown_names: unknown_names.filter(|(_, change)| change.is_change()).collect(),
        causes,
        parts,
    }
}

/// The parts with causes or outcomes, by which causes are then known; what is in no part is in one at the end.
fn parts(before: &Snapshot, after: &Snapshot, connected: &Parts, causes: &mut [Cause]) -> Vec<Part> {
    let mut parts = vec![Part::default(); connected.count() + 1];
    let last = connected.count();
    let Outputs { versions, licenses, assignments } = outputs(before, after, connected, causes);
    for (position, cause) in causes.iter().enumerate() {
        if let Some(part) = cause.part {
            parts[part].causes.push(position);
        }
    }
    for (part, row) in versions {
        parts[part.unwrap_or(last)].versions.push(row);
    }
    for (part, row) in licenses {
        parts[part.unwrap_or(last)].licenses.push(row);
    }
    for (part, row) in assignments {
        parts[part.unwrap_or(last)].assignments.push(row);
    }
    for (title, _) in pairs(&before.titles, &after.titles) {
        if let Some(part) = connected.of_title(title) {
            parts[part].titles.push(title.clone());
        }
    }
    parts.retain(|part| !part.is_same() || !part.causes.is_empty());
    for (number, part) in parts.iter().enumerate() {
        part.causes.iter().for_each(|&cause| causes[cause].part = Some(number));
    }
    parts
}
