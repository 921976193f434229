//! Which versions and licenses rights connect, in either result: the parts of which each decides alone.
//!
//! A license connects its main version, what it may cover and what it may stand on; an assignment of a title, tracking
//! by assignments, and another status or tracking than before connect the versions of the title. Where a result does not tell its rights, the versions of
//! every title are taken as connected, and what its license paths connect.

use crate::cause::Assigned;
use crate::inputs::pairs;
use crate::snapshot::Snapshot;
use std::collections::{BTreeMap, BTreeSet};

/// The part of each version and license.
pub(crate) struct Parts {
    versions: BTreeMap<String, usize>,
    licenses: BTreeMap<String, usize>,
    titles: BTreeMap<String, usize>,
    count: usize,
}

impl Parts {
    pub(crate) fn of(snapshots: [&Snapshot; 2]) -> Self {
        let mut nodes = Nodes::default();
        for snapshot in snapshots {
            nodes.add(snapshot);
            nodes.join_titles(snapshot, &changed_titles(snapshots));
        }
        nodes.finish(snapshots)
    }

    pub(crate) fn count(&self) -> usize {
        self.count
    }

    pub(crate) fn of_version(&self, version: &str) -> Option<usize> {
        self.versions.get(version).copied()
    }

    pub(crate) fn of_license(&self, license: &str) -> Option<usize> {
        self.licenses.get(license).copied()
    }

    /// The part of the first version of a title.
    pub(crate) fn of_title(&self, title: &str) -> Option<usize> {
        self.titles.get(title).copied()
    }

    pub(crate) fn of_assigned(&self, assigned: &Assigned) -> Option<usize> {
        match assigned {
            Assigned::License(license) => self.of_license(license),
            Assigned::Title(title) => self.of_title(title),
        }
    }
}

/// Versions and licenses in disjoint sets, by name.
#[derive(Default)]
struct Nodes {
    versions: BTreeMap<String, usize>,
    licenses: BTreeMap<String, usize>,
    above: Vec<usize>,
}

impl Nodes {
    fn version(&mut self, version: &str) -> usize {
        if let Some(&node) = self.versions.get(version) {
            return node;
        }
        self.versions.insert(version.to_owned(), self.above.len());
        self.push()
    }

    fn license(&mut self, license: &str) -> usize {
        if let Some(&node) = self.licenses.get(license) {
            return node;
        }
        self.licenses.insert(license.to_owned(), self.above.len());
        self.push()
    }

    fn push(&mut self) -> usize {
        self.above.push(self.above.len());
        self.above.len() - 1
    }

    fn root(&mut self, mut node: usize) -> usize {
        while self.above[node] != node {
            // Halving the path keeps the next walk short.
            self.above[node] = self.above[self.above[node]];
            node = self.above[node];
        }
        node
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.above[one.max(other)] = one.min(other);
    }

    fn add(&mut self, snapshot: &Snapshot) {
        for version in snapshot.versions.keys() {
            self.version(version);
        }
        for (license, facts) in &snapshot.licenses {
            let node = self.license(license);
            let rights = facts.rights.iter();
            for version in rights.flat_map(|rights| rights.covers.iter().chain(&rights.upgrades)) {
                let version = self.version(version);
                self.join(node, version);
            }
        }
        self.join_titles(snapshot, &joined_titles(snapshot));
        for (licenses, end) in &snapshot.ties {
            let first_of_title = snapshot.titles.get(end).and_then(|row| row.versions.first());
            let version = first_of_title.or_else(|| snapshot.versions.get_key_value(end).map(|(version, _)| version));
            let mut ends: Vec<usize> = licenses.iter().map(|license| self.license(license)).collect();
            ends.extend(version.map(|version| self.version(version)));
            ends.windows(2).for_each(|pair| self.join(pair[0], pair[1]));
        }
    }

    /// Joins the versions of each of the titles.
    fn join_titles(&mut self, snapshot: &Snapshot, titles: &BTreeSet<&str>) {
        for row in titles.iter().filter_map(|title| snapshot.titles.get(*title)) {
            for pair in row.versions.windows(2) {
                let (one, other) = (self.version(&pair[0]), self.version(&pair[1]));
                self.join(one, other);
            }
        }
    }

    /// Numbers the sets by the first of their versions, and of those without one by their first license.
    fn finish(mut self, snapshots: [&Snapshot; 2]) -> Parts {
        let roots: Vec<usize> = (0..self.above.len()).map(|node| self.root(node)).collect();
        let mut number_of_root: BTreeMap<usize, usize> = BTreeMap::new();
        let mut number = |node: usize| {
            let next = number_of_root.len();
            *number_of_root.entry(roots[node]).or_insert(next)
        };
        let mut numbered = |nodes: BTreeMap<String, usize>| -> BTreeMap<String, usize> {
            nodes.into_iter().map(|(name, node)| (name, number(node))).collect()
        };
        let (versions, licenses) = (numbered(self.versions), numbered(self.licenses));
        let titles = snapshots.into_iter().flat_map(|snapshot| &snapshot.titles).filter_map(|(title, row)| {
            let parts = row.versions.iter().filter_map(|version| versions.get(version));
            parts.min().map(|part| (title.clone(), *part))
        });
        let titles: BTreeMap<String, usize> = titles.collect();
        Parts { versions, licenses, titles, count: number_of_root.len() }
    }
}

/// Titles that are calculated in another way than before: that concerns all their versions.
fn changed_titles([before, after]: [&Snapshot; 2]) -> BTreeSet<&str> {
    let (Some(before), Some(after)) = (&before.facts, &after.facts) else { return BTreeSet::new() };
    let titles = pairs(&before.titles, &after.titles).filter(|(_, [before, after])| before != after);
    titles.map(|(title, _)| title.as_str()).collect()
}

/// Titles whose versions belong together for another reason than rights.
fn joined_titles(snapshot: &Snapshot) -> BTreeSet<&str> {
    let Some(facts) = &snapshot.facts else {
        return snapshot.titles.keys().map(String::as_str).collect();
    };
    let assigned = snapshot.assignments.keys().filter_map(|(assigned, _)| match assigned {
        Assigned::Title(title) => Some(title.as_str()),
        Assigned::License(_) => None,
    });
    let tracked = facts.titles.iter().filter(|(_, (_, track_by))| track_by == "assignments");
    assigned.chain(tracked.map(|(title, _)| title.as_str())).collect()
}
