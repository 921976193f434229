//! A result as facts that can be held against those of another.

use crate::cause::{Assigned, Target};
use crate::document::{self, Document, Range};
use crate::outcome::{AssignmentRow, LicenseRow, VersionRow};
use checker::json::{Object, Text};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The format of results this reads.
const FORMAT: i64 = 1;

/// Why a text is no result that can be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// What is wrong with it.
    pub what: String,
    /// The line where reading stopped, from 1; 0 if the text as a whole is wrong.
    pub line: usize,
    /// The column where reading stopped, from 1; 0 if the text as a whole is wrong.
    pub column: usize,
}

/// What a fact is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// There is none.
    None,
    /// A number.
    Count(i128),
    /// A word, a name, a day, an amount of money.
    Text(String),
    /// Names.
    Texts(Vec<String>),
}

/// A position, read from a result.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub(crate) header: Header,
    pub(crate) totals: Vec<(&'static str, Value)>,
    pub(crate) objective: Vec<(&'static str, Value)>,
    /// By `title@version`.
    pub(crate) versions: BTreeMap<String, VersionFacts>,
    pub(crate) titles: BTreeMap<String, TitleRow>,
    pub(crate) licenses: BTreeMap<String, LicenseFacts>,
    /// Demand by place, and there by asset and user.
    pub(crate) demand: BTreeMap<Place, BTreeMap<Whose, i64>>,
    pub(crate) assignments: BTreeMap<(Assigned, Target), AssignmentFacts>,
    pub(crate) unknown_names: BTreeMap<String, i64>,
    /// What license paths and shortage sets connect, beside rights.
    pub(crate) ties: Vec<(Vec<String>, String)>,
    pub(crate) facts: Option<Facts>,
}

/// What a result says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The organization.
    pub name: Option<String>,
    /// The day of the position.
    pub as_of: String,
    /// The currency of all money.
    pub currency: Option<String>,
    /// The digest of the facts.
    pub digest: Option<String>,
    /// What the evidence shows, as the result claims.
    pub standing: String,
}

#[derive(Clone, Debug)]
pub(crate) struct VersionFacts {
    pub(crate) title: String,
    /// The position in the title, from the oldest.
    pub(crate) position: usize,
    pub(crate) row: VersionRow,
}

#[derive(Clone, Debug)]
pub(crate) struct TitleRow {
    pub(crate) status: String,
    /// `title@version`, oldest first.
    pub(crate) versions: Vec<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct LicenseFacts {
    pub(crate) row: LicenseRow,
    pub(crate) sku: String,
    pub(crate) scope: Option<String>,
    pub(crate) contract: Option<String>,
    pub(crate) start: Option<String>,
    pub(crate) end: Option<String>,
    pub(crate) rights: Option<Rights>,
}

/// What a license may be used for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rights {
    pub(crate) main: String,
    /// The main version too.
    pub(crate) covers: BTreeSet<String>,
    pub(crate) upgrades: BTreeSet<String>,
    pub(crate) is_gated: bool,
}

/// Where demand for a version is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) version: String,
    pub(crate) scope: String,
    pub(crate) contract: Option<String>,
}

/// The asset and the user of demand.
pub(crate) type Whose = (Option<String>, Option<String>);

#[derive(Clone, Debug)]
pub(crate) struct AssignmentFacts {
    pub(crate) scope: String,
    pub(crate) version: Option<String>,
    pub(crate) row: AssignmentRow,
}

/// What concerns all of an estate.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// Almost under, over, days.
    pub(crate) thresholds: [i64; 3],
    pub(crate) parents: BTreeMap<String, Option<String>>,
    pub(crate) transfers: BTreeMap<(String, String), String>,
    /// Status and tracking of titles that are not plainly calculated from installs.
    pub(crate) titles: BTreeMap<String, (String, String)>,
}

impl Snapshot {
    /// Whether the demand of a title is its assignments, as far as the result tells.
    pub(crate) fn is_tracked(&self, title: &str) -> bool {
        let facts = self.facts.as_ref().and_then(|facts| facts.titles.get(title));
        facts.is_some_and(|(_, track_by)| track_by == "assignments")
    }
}

/// Reads the text of a result of `licit position --format json`.
///
/// # Errors
/// If it is none, with the place where reading stopped.
pub fn read(text: &str) -> Result<Snapshot, ReadError> {
    let document: Object<Document<'_>> = serde_json::from_str(text).map_err(|error| unreadable(&error))?;
    if document.licit != FORMAT {
        return Err(whole(format!("the format is `{}`, not `{FORMAT}`", document.licit)));
    }
    if *document.command != *"position" {
        return Err(whole(format!("it is the result of `{}`, not of `position`", &*document.command)));
    }
    let titles = titles(&document)?;
    let versions = versions(&document)?;
    let facts = document.facts.as_ref().map(|facts| self::facts(facts)).transpose()?;
    let rights = document.facts.as_ref().map(|facts| rights(facts, &titles)).transpose()?.unwrap_or_default();
    Ok(Snapshot {
        header: Header {
            name: owned(document.name.as_ref()),
            as_of: document.as_of.to_string(),
            currency: owned(document.currency.as_ref()),
            digest: owned(document.digest.as_ref()),
            standing: document.standing.to_string(),
        },
        totals: totals(&document.totals),
        objective: objective(&document.objective),
        licenses: licenses(&document, rights)?,
        demand: demand(&document),
        assignments: assignments(&document)?,
        unknown_names: document.unknown_names.iter().map(|row| (row.name.to_string(), row.quantity)).collect(),
        ties: ties(&document),
        versions,
        titles,
        facts,
    })
}

fn unreadable(error: &serde_json::Error) -> ReadError {
    let (line, column) = (error.line(), error.column());
    let what = error.to_string();
    let place = format!(" at line {line} column {column}");
    let what = what.strip_suffix(&place).unwrap_or(&what).to_owned();
    ReadError { what, line, column }
}

fn whole(what: String) -> ReadError {
    ReadError { what, line: 0, column: 0 }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "no position: {}", self.what),
            line => write!(f, "no position: {line}:{}: {}", self.column, self.what),
        }
    }
}

impl std::error::Error for ReadError {}

fn owned(text: Option<&Text<'_>>) -> Option<String> {
    text.map(|text| text.to_string())
}

/// Adds a row under its key; two rows of one key are no result.
fn insert<K: Ord + fmt::Debug, V>(rows: &mut BTreeMap<K, V>, kind: &str, key: K, row: V) -> Result<(), ReadError> {
    match rows.entry(key) {
        std::collections::btree_map::Entry::Occupied(taken) => {
            Err(whole(format!("the {kind} {:?} stands twice", taken.key())))
        }
        std::collections::btree_map::Entry::Vacant(free) => {
            free.insert(row);
            Ok(())
        }
    }
}

fn version_text(title: &str, version: &str) -> String {
    format!("{title}@{version}")
}

fn titles(document: &Document<'_>) -> Result<BTreeMap<String, TitleRow>, ReadError> {
    let mut titles = BTreeMap::new();
    for title in &document.titles {
        let versions = title.versions.iter().map(|row| version_text(&title.title, &row.version));
        let row = TitleRow { status: title.status.to_string(), versions: versions.collect() };
        insert(&mut titles, "title", title.title.to_string(), row)?;
    }
    Ok(titles)
}

fn versions(document: &Document<'_>) -> Result<BTreeMap<String, VersionFacts>, ReadError> {
    let mut versions = BTreeMap::new();
    for title in &document.titles {
        for (position, row) in title.versions.iter().enumerate() {
            let by = &row.covered_by;
            let facts = VersionFacts {
                title: title.title.to_string(),
                position,
                row: VersionRow {
                    status: row.status.to_string(),
                    reasons: row.reasons.iter().map(|reason| reason.to_string()).collect(),
                    installed: row.installed,
                    demand: row.demand,
                    covered: row.covered,
                    uncovered: row.uncovered,
                    shortage: owned(row.shortage.as_ref()),
                    covered_by: [by.exact, by.downgrade, by.newer, by.cross, by.upgrade],
                    licensed: row.licensed,
                    idle: row.idle,
                    reach: row.reach,
                },
            };
            insert(&mut versions, "version", version_text(&title.title, &row.version), facts)?;
        }
    }
    Ok(versions)
}

fn licenses(
    document: &Document<'_>,
    mut rights: BTreeMap<String, Rights>,
) -> Result<BTreeMap<String, LicenseFacts>, ReadError> {
    let mut licenses = BTreeMap::new();
    for row in &document.licenses {
        let facts = LicenseFacts {
            row: LicenseRow {
                state: row.state.to_string(),
                quantity: row.quantity,
                used: row.used,
                idle: row.idle,
                unusable: row.unusable,
                assigned: row.assigned,
                needed: owned(row.needed.as_ref()),
            },
            sku: row.sku.to_string(),
            scope: owned(row.scope.as_ref()),
            contract: owned(row.contract.as_ref()),
            start: owned(row.start.as_ref()),
            end: owned(row.end.as_ref()),
            rights: rights.remove(&*row.license),
        };
        insert(&mut licenses, "license", row.license.to_string(), facts)?;
    }
    Ok(licenses)
}

/// Covered and uncovered demand together are all of it.
fn demand(document: &Document<'_>) -> BTreeMap<Place, BTreeMap<Whose, i64>> {
    let mut demand: BTreeMap<Place, BTreeMap<Whose, i64>> = BTreeMap::new();
    let mut add = |place: Place, whose: Whose, quantity: i64| {
        let sum = demand.entry(place).or_default().entry(whose).or_default();
        // Quantities of a lawful result are far from the bound; others need no exact sum, only an end.
        *sum = sum.saturating_add(quantity);
    };
    for row in &document.allocation {
        if let Some(version) = &row.version {
            let place = Place {
                version: version.to_string(),
                scope: row.scope.to_string(),
                contract: owned(row.contract.as_ref()),
            };
            add(place, (owned(row.asset.as_ref()), owned(row.user.as_ref())), row.quantity);
        }
    }
    for row in &document.uncovered {
        let place = Place {
            version: row.version.to_string(),
            scope: row.scope.to_string(),
            contract: owned(row.contract.as_ref()),
        };
        add(place, (owned(row.asset.as_ref()), owned(row.user.as_ref())), row.quantity);
    }
    demand
}

fn assignments(document: &Document<'_>) -> Result<BTreeMap<(Assigned, Target), AssignmentFacts>, ReadError> {
    let mut assignments = BTreeMap::new();
    for row in &document.assignments {
        let assigned = match (&row.license, &row.title) {
            (Some(license), None) => Assigned::License(license.to_string()),
            (None, Some(title)) => Assigned::Title(title.to_string()),
            _ => return Err(whole("an assignment is to a license or to a title".to_owned())),
        };
        let target = match (&row.target.asset, &row.target.user) {
            (Some(asset), None) => Target::Asset(asset.to_string()),
            (None, Some(user)) => Target::User(user.to_string()),
            _ => return Err(whole("the target of an assignment is an asset or a user".to_owned())),
        };
        let facts = AssignmentFacts {
            scope: row.scope.to_string(),
            version: owned(row.version.as_ref()),
            row: AssignmentRow { outcome: row.outcome.to_string(), reason: owned(row.reason.as_ref()) },
        };
        insert(&mut assignments, "assignment", (assigned, target), facts)?;
    }
    Ok(assignments)
}

/// Licenses on one path, with the version they cover or the title they are set aside for.
fn ties(document: &Document<'_>) -> Vec<(Vec<String>, String)> {
    let rows = document.allocation.iter().map(|row| {
        let licenses: Vec<String> = row.licenses.iter().map(|license| license.to_string()).collect();
        let end = row.version.as_ref().or(row.title.as_ref()).map_or(String::new(), |text| text.to_string());
        (licenses, end)
    });
    let mut ties: Vec<(Vec<String>, String)> = rows.collect();
    ties.sort_unstable();
    ties.dedup();
    ties
}

fn facts(facts: &document::Facts<'_>) -> Result<Facts, ReadError> {
    let document::Thresholds { almost_under, over, expiring_days } = *facts.thresholds;
    let mut parents = BTreeMap::new();
    for row in &facts.scopes {
        insert(&mut parents, "scope", row.scope.to_string(), owned(row.parent.as_ref()))?;
    }
    let mut transfers = BTreeMap::new();
    for row in &facts.transfers {
        insert(&mut transfers, "transfer", (row.from.to_string(), row.to.to_string()), row.cost.to_string())?;
    }
    let mut titles = BTreeMap::new();
    for row in &facts.titles {
        insert(&mut titles, "title", row.title.to_string(), (row.status.to_string(), row.track_by.to_string()))?;
    }
    Ok(Facts { thresholds: [almost_under, over, expiring_days], parents, transfers, titles })
}

/// The rights of each license.
fn rights(
    facts: &document::Facts<'_>,
    titles: &BTreeMap<String, TitleRow>,
) -> Result<BTreeMap<String, Rights>, ReadError> {
    let mut all = BTreeMap::new();
    for row in &facts.rights {
        let mut covers = versions_in(&row.covers, titles)?;
        covers.insert(row.version.to_string());
        let rights = Rights {
            main: row.version.to_string(),
            covers,
            upgrades: versions_in(row.upgrades.as_deref().unwrap_or_default(), titles)?,
            is_gated: row.use_only_when_assigned,
        };
        for license in &row.licenses {
            insert(&mut all, "license", license.to_string(), rights.clone())?;
        }
    }
    Ok(all)
}

/// The versions in ranges.
fn versions_in(
    ranges: &[Object<Range<'_>>],
    titles: &BTreeMap<String, TitleRow>,
) -> Result<BTreeSet<String>, ReadError> {
    let mut versions = BTreeSet::new();
    for range in ranges {
        let (from, to) = (version_text(&range.title, &range.from), version_text(&range.title, &range.to));
        let of_title = titles.get(&*range.title).map_or(&[][..], |title| &title.versions);
        let place = |wanted: &str| of_title.iter().position(|version| version == wanted);
        match (place(&from), place(&to)) {
            (Some(first), Some(last)) if first <= last => versions.extend(of_title[first..=last].iter().cloned()),
            _ => return Err(whole(format!("`{from}` to `{to}` is no range of versions"))),
        }
    }
    Ok(versions)
}

fn totals(totals: &document::Totals) -> Vec<(&'static str, Value)> {
    let rows = [
        ("installed", totals.installed),
        ("demand", totals.demand),
        ("covered", totals.covered),
        ("uncovered", totals.uncovered),
        ("owned", totals.owned),
        ("active", totals.active),
        ("used", totals.used),
        ("idle", totals.idle),
        ("unusable", totals.unusable),
    ];
    rows.into_iter().map(|(name, count)| (name, Value::Count(count.into()))).collect()
}

fn objective(objective: &document::Objective<'_>) -> Vec<(&'static str, Value)> {
    vec![
        ("license_assignments_unmet", Value::Count(objective.license_assignments_unmet)),
        ("title_assignments_unmet", Value::Count(objective.title_assignments_unmet)),
        ("uncovered", Value::Count(objective.uncovered)),
        ("spend", Value::Text(objective.spend.to_string())),
        ("set_aside", Value::Count(objective.set_aside)),
        ("transfer_cost", Value::Text(objective.transfer_cost.to_string())),
        ("stretch", Value::Count(objective.stretch)),
        ("flexibility", Value::Count(objective.flexibility)),
    ]
}
