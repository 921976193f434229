//! Titles, their versions, and references to versions.

use super::include::Parts;
use crate::diagnostic::{Code, Diagnostic, Place, listed, quoted};
use crate::estate::TrackBy;
use crate::fields::{Cell, Entry, Fields, wrong_type};
use crate::findings::Findings;
use crate::id::{Id, TitleId, VersionId};
use crate::registry::{LookUp, Registry, Row};
use crate::suggest;
use crate::value;
use crate::yaml::{Node, Value};
use jiff::civil::Date;
use std::ops::Range;

/// Versions of a title that are named where none is near.
const LATEST_SHOWN: usize = 6;
pub(crate) const VERSION_KEYS: [&str; 2] = ["id", "released"];
pub(crate) const KEYS: [&str; 7] = ["id", "name", "publisher", "family", "versions", "status", "track_by"];

/// What is said about a title.
#[derive(Debug)]
pub(crate) struct TitleFacts {
    pub(crate) name: Option<String>,
    pub(crate) publisher: Option<String>,
    pub(crate) family: Option<String>,
    pub(crate) versions: Vec<String>,
    /// Of each version the day it came out, where that is known.
    pub(crate) released: Vec<Option<Date>>,
    pub(crate) is_active: bool,
    pub(crate) track_by: TrackBy,
    /// Whether all versions could be read; if not, a version that is not here may exist.
    has_all_versions: bool,
}

/// All titles sorted by id, and their versions by text.
#[derive(Debug)]
pub(crate) struct Catalog {
    pub(crate) titles: Registry<TitleId, TitleFacts>,
    /// Of each title the position of its first version; one more at the end.
    first_versions: Vec<usize>,
    /// Every version by `title@version`.
    exact: LookUp<Box<str>, VersionId>,
}

/// Reads the titles.
pub(crate) fn read(parts: &Parts<'_, '_>, findings: &mut Findings) -> Catalog {
    let mut titles = Registry::new("title");
    titles.is_complete = parts.are_all_there;
    for (file, _) in parts.files() {
        match file.list("titles", findings) {
            Some((_, items)) => items.iter().for_each(|item| read_title(item, &mut titles, findings)),
            None => titles.is_complete &= file.node("titles").is_none() && !file.is_misspelled("titles"),
        }
    }
    Catalog::with(titles)
}

impl Catalog {
    /// The titles of an estate that was read, to look names up once more.
    pub(crate) fn of(estate: &crate::estate::Estate, place: Place, findings: &mut Findings) -> Self {
        let mut titles = Registry::new("title");
        for title in &estate.titles {
            let versions = crate::id::ids_in(&title.versions).map(|version| &estate.versions[version]);
            let (versions, released) = versions.map(|version| (version.name.clone(), version.released)).unzip();
            let facts = TitleFacts {
                name: title.name.clone(),
                publisher: title.publisher.clone(),
                family: title.family.clone(),
                versions,
                released,
                is_active: title.is_active,
                track_by: title.track_by,
                has_all_versions: true,
            };
            titles.insert(&title.id, place, facts, findings);
        }
        Self::with(titles)
    }

    /// Sorts the titles and finds their versions.
    fn with(mut titles: Registry<TitleId, TitleFacts>) -> Self {
        titles.sort();
        let mut first_versions = vec![0];
        let mut exact = LookUp::default();
        for row in titles.rows() {
            let first = first_versions.last().copied().unwrap_or_default();
            for (position, version) in row.facts.versions.iter().enumerate() {
                exact.insert(format!("{}@{version}", row.id).into_boxed_str(), VersionId::at(first + position));
            }
            first_versions.push(first + row.facts.versions.len());
        }
        Self { titles, first_versions, exact }
    }
}

fn read_title(item: &Node<'_>, titles: &mut Registry<TitleId, TitleFacts>, findings: &mut Findings) {
    let Some(fields) = Fields::open(item, "a title", &KEYS, findings) else { return };
    let id = fields.required("id", findings);
    let facts = read_facts(&fields, findings);
    if let (Some(cell), Some(id)) = (id.cell(), id.read("id", findings, value::title_id))
        && !titles.insert(id, cell.place, facts, findings)
    {
        // The versions of the second are not here, although they exist.
        titles.facts_mut(id, |facts| facts.has_all_versions = false);
    }
}

fn read_facts(fields: &Fields<'_, '_>, findings: &mut Findings) -> TitleFacts {
    let mut text = |key: &str| fields.entry(key, findings).read(key, findings, value::text).map(ToOwned::to_owned);
    let (name, publisher, family) = (text("name"), text("publisher"), text("family"));
    let status = fields.entry("status", findings);
    let track_by = fields.entry("track_by", findings);
    let track_by_choices = [("installations", TrackBy::Installations), ("assignments", TrackBy::Assignments)];
    let errors_before = findings.error_count();
    let (versions, released) = read_versions(fields, findings).into_iter().unzip();
    TitleFacts {
        name,
        publisher,
        family,
        has_all_versions: findings.error_count() == errors_before && fields.node("versions").is_some(),
        versions,
        released,
        is_active: status
            .read("status", findings, |text| value::choice(text, &[("active", true), ("inactive", false)]))
            .unwrap_or(true),
        track_by: track_by
            .read("track_by", findings, |text| value::choice(text, &track_by_choices))
            .unwrap_or(TrackBy::Installations),
    }
}

fn read_versions(fields: &Fields<'_, '_>, findings: &mut Findings) -> Vec<(String, Option<Date>)> {
    let Some((key_place, items)) = fields.list("versions", findings) else {
        if fields.node("versions").is_none() && !fields.is_misspelled("versions") {
            findings.push(crate::fields::missing(fields.what, "versions", fields.place));
        }
        return Vec::new();
    };
    if items.is_empty() {
        findings.push(
            Diagnostic::new(Code::EmptyList, key_place, "`versions` is empty; expected at least one version")
                .with_help("name the versions, oldest first"),
        );
    }
    let mut versions: Vec<(String, Option<Date>)> = Vec::new();
    let mut places: LookUp<&str, Place> = LookUp::default();
    let mut spellings: LookUp<String, (&str, Place)> = LookUp::default();
    for item in items {
        let Some((cell, released)) = read_version(item, findings) else { continue };
        let Some(version) = Entry::Text(cell).read("versions", findings, value::version_name) else { continue };
        if let Some(&first) = places.get(version) {
            findings.push(
                Diagnostic::new(Code::Duplicate, cell.place, format!("the version {} stands twice", quoted(version)))
                    .with_related(first, "it stands here first")
                    .with_help("remove one of the two"),
            );
            continue;
        }
        places.insert(version, cell.place);
        if let Some((twin, twin_place)) = spellings.insert(spelling(version), (version, cell.place)) {
            let message = format!("the versions {} and {} may be one", quoted(twin), quoted(version));
            findings.push(
                Diagnostic::new(Code::VersionTwins, cell.place, message)
                    .with_related(twin_place, "the other one")
                    .with_help("versions are compared as text; keep one spelling if they are one version"),
            );
        }
        versions.push((version.to_owned(), released));
    }
    versions
}

/// A version, which is its text, or a mapping that also says when it came out.
fn read_version<'n>(item: &'n Node<'_>, findings: &mut Findings) -> Option<(Cell<'n>, Option<Date>)> {
    match &item.value {
        Value::Text(text) => Some((Cell { text, place: item.place }, None)),
        Value::Mapping(_) => {
            let fields = Fields::open(item, "a version", &VERSION_KEYS, findings)?;
            let id = fields.required("id", findings).cell();
            let released = fields.entry("released", findings).read("released", findings, value::date);
            id.map(|cell| (cell, released))
        }
        _ => {
            wrong_type(item, || "a version such as `\"2016\"`".to_owned(), findings);
            None
        }
    }
}

/// A version without what different spellings of one version differ in.
fn spelling(version: &str) -> String {
    let lower = version.to_lowercase();
    let lower =
        lower.strip_prefix('v').filter(|rest| rest.starts_with(|first: char| first.is_ascii_digit())).unwrap_or(&lower);
    let mut parts: Vec<&str> = lower.split('.').collect();
    while parts.len() > 1 && parts.last().is_some_and(|part| !part.is_empty() && part.bytes().all(|byte| byte == b'0'))
    {
        parts.pop();
    }
    parts.join(".")
}

impl Catalog {
    /// The versions of a title.
    pub(crate) fn versions_of(&self, title: TitleId) -> Range<VersionId> {
        VersionId::at(self.first_versions[title.index()])..VersionId::at(self.first_versions[title.index() + 1])
    }

    /// The number of versions of all titles.
    pub(crate) fn version_count(&self) -> usize {
        self.exact.len()
    }

    /// The title of a version.
    pub(crate) fn title_of(&self, version: VersionId) -> TitleId {
        TitleId::at(self.first_versions.partition_point(|&first| first <= version.index()) - 1)
    }

    /// `title@version`.
    pub(crate) fn text(&self, version: VersionId) -> String {
        let title = self.title_of(version);
        let row = self.titles.row(title);
        format!("{}@{}", row.id, row.facts.versions[version.index() - self.first_versions[title.index()]])
    }

    /// The one version that `entry` under `key` names.
    pub(crate) fn one(&self, entry: Entry<'_>, key: &str, findings: &mut Findings) -> Option<VersionId> {
        let cell = entry.cell()?;
        if let Some(&version) = self.exact.get(cell.text) {
            return Some(version);
        }
        if cell.text.split_once('@').is_some_and(|(_, version)| version.contains('*') || version.contains("..")) {
            let message = format!("`{key}` is {}; expected one version", quoted(cell.text));
            findings.push(Diagnostic::new(Code::ReferenceForm, cell.place, message).with_help("write `title@version`"));
            return None;
        }
        self.several(cell, key, findings).map(|versions| versions.start)
    }

    /// The versions that a reference such as `title@a..b` in a list under `key` names.
    pub(crate) fn several(&self, cell: Cell<'_>, key: &str, findings: &mut Findings) -> Option<Range<VersionId>> {
        let Some((title_id, versions)) = cell.text.split_once('@') else {
            findings.push_error(|findings| {
                let message = format!("`{key}` is {}; expected a reference such as `title@version`", quoted(cell.text));
                let help = self.without_at(cell.text, findings);
                Diagnostic::new(Code::ReferenceForm, cell.place, message).with_help_if(help)
            });
            return None;
        };
        let Some(title) = self.titles.find(title_id) else {
            if self.titles.is_complete {
                findings.push_error(|findings| self.no_such_title(cell, title_id, findings));
            }
            return None;
        };
        let all = self.versions_of(title);
        if versions == "*" {
            return Some(all);
        }
        let Some((first, last)) = versions.split_once("..") else {
            let version = self.version(title, versions, cell, findings)?;
            return Some(version..VersionId::at(version.index() + 1));
        };
        if first.is_empty() && last.is_empty() {
            let message = format!("{} has no end; expected at least one", quoted(cell.text));
            let help = format!("write `{title_id}@*` for all versions");
            findings.push(Diagnostic::new(Code::ReferenceForm, cell.place, message).with_help(help));
            return None;
        }
        let start = if first.is_empty() { Some(all.start) } else { self.version(title, first, cell, findings) };
        let last = if last.is_empty() {
            all.end.index().checked_sub(1).map(VersionId::at)
        } else {
            self.version(title, last, cell, findings)
        };
        let (start, last) = (start?, last?);
        if start > last {
            let message = format!("the range {} goes from newer to older", quoted(cell.text));
            let help = format!("write `{title_id}@{}..{}`", self.name(last), self.name(start));
            findings.push(Diagnostic::new(Code::Reversed, cell.place, message).with_help(help));
            return None;
        }
        Some(start..VersionId::at(last.index() + 1))
    }

    fn no_such_title(&self, cell: Cell<'_>, title: &str, findings: &mut Findings) -> Diagnostic {
        let message = format!("{} names no title; there is none with the id {}", quoted(cell.text), quoted(title));
        let help = self.titles.suggestion(title, findings);
        Diagnostic::new(Code::Reference, cell.place, message).with_help_if(help)
    }

    /// The day a version came out, where that is known.
    pub(crate) fn released(&self, version: VersionId) -> Option<Date> {
        let title = self.title_of(version);
        self.titles.row(title).facts.released[version.index() - self.first_versions[title.index()]]
    }

    fn name(&self, version: VersionId) -> &str {
        let title = self.title_of(version);
        &self.titles.row(title).facts.versions[version.index() - self.first_versions[title.index()]]
    }

    /// The version `name` of a title; `cell` holds the reference that names it.
    pub(crate) fn version(
        &self,
        title: TitleId,
        name: &str,
        cell: Cell<'_>,
        findings: &mut Findings,
    ) -> Option<VersionId> {
        let row = self.titles.row(title);
        let found = self.exact.get(format!("{}@{name}", row.id).as_str()).copied();
        if found.is_none() && row.facts.has_all_versions {
            findings.push_error(|findings| {
                let message =
                    format!("{} names no version; {} has no {}", quoted(cell.text), quoted(&row.id), quoted(name));
                let help = nearest_versions(row, name, findings);
                Diagnostic::new(Code::Reference, cell.place, message).with_help_if(help)
            });
        }
        found
    }

    /// What a reference without `@` may stand for: a title, or a version of some title.
    fn without_at(&self, text: &str, findings: &mut Findings) -> Option<String> {
        if self.titles.find(text).is_some() {
            return Some(format!("write `{text}@*` for all versions, or name one"));
        }
        if !findings.may_suggest(self.version_count()) {
            return None;
        }
        let with_version: Vec<String> = (self.titles.rows().iter())
            .filter(|row| row.facts.versions.iter().any(|version| version == text))
            .take(3)
            .map(|row| format!("{}@{text}", row.id))
            .collect();
        if with_version.is_empty() {
            return self.titles.suggestion(text, findings);
        }
        let with_version: Vec<&str> = with_version.iter().map(String::as_str).collect();
        Some(format!("did you mean {}?", crate::diagnostic::alternatives(&with_version)))
    }
}

/// The versions of a title nearest to one that it does not have, or else its latest.
fn nearest_versions(title: &Row<TitleFacts>, wanted: &str, findings: &mut Findings) -> Option<String> {
    let versions = &title.facts.versions;
    if !findings.may_suggest(versions.len()) {
        return None;
    }
    suggest::did_you_mean(wanted, versions.iter().map(String::as_str)).or_else(|| {
        let latest: Vec<&str> = versions.iter().rev().take(LATEST_SHOWN).rev().map(String::as_str).collect();
        Some(format!("the latest versions of {} are {}", quoted(&title.id), listed(&latest, "and")))
    })
}
