//! SKUs and their version rights.

use super::extent;
use super::head::{Costs, Head};
use super::include::Parts;
use super::rows::{self, Holds, Record, Shape};
use super::titles::Catalog;
use crate::diagnostic::{self, Code, Diagnostic, Place, quoted};
use crate::estate::{Member, Metric};
use crate::fields::{Cell, Entry, wrong_type};
use crate::findings::Findings;
use crate::id::{Id, SkuId, VersionId};
use crate::limits;
use crate::lints::Right;
use crate::number::Money;
use crate::registry::Registry;
use crate::value;
use crate::yaml::Value;

pub(crate) const SHAPE: Shape = Shape {
    section: "skus",
    what: "a SKU",
    keys: &[
        "id",
        "version",
        "covers",
        "upgrades",
        "use_only_when_assigned",
        "unit_cost",
        "metric",
        "max_devices",
        "bundle",
    ],
    typed: &[
        ("covers", Holds::List),
        ("upgrades", Holds::List),
        ("use_only_when_assigned", Holds::Flag),
        ("unit_cost", Holds::Money),
        ("max_devices", Holds::Count),
        ("bundle", Holds::List),
    ],
    required: &[&["id"], &["version"]],
};
const ID: usize = 0;
const VERSION: usize = 1;
const COVERS: usize = 2;
const UPGRADES: usize = 3;
const USE_ONLY_WHEN_ASSIGNED: usize = 4;
const UNIT_COST: usize = 5;
pub(super) const METRIC: usize = 6;
pub(super) const MAX_DEVICES: usize = 7;
const BUNDLE: usize = 8;

/// What stands in `covers` for newer versions that came out while a lot was maintained.
const MAINTENANCE: &str = "maintenance";

/// What is said about a SKU.
#[derive(Debug)]
pub(crate) struct SkuFacts {
    /// The main version; none if it is refused.
    pub(crate) version: Option<VersionId>,
    pub(crate) covers: Vec<VersionId>,
    pub(crate) upgrades: Option<Vec<VersionId>>,
    pub(crate) use_only_when_assigned: bool,
    pub(crate) unit_cost: Option<Money>,
    pub(crate) metric: Metric,
    /// The members of a suite; none if it is no suite.
    pub(crate) bundle: Vec<Member>,
    /// Where `covers` names maintenance, if it does.
    pub(crate) maintenance: Option<Place>,
    /// Rights to versions of other titles than the main one's, as they were written.
    pub(crate) foreign: Vec<Right>,
    upgrades_place: Place,
}

/// Reads the SKUs of all files.
pub(crate) fn read(
    parts: &Parts<'_, '_>,
    catalog: &Catalog,
    head: &Head,
    findings: &mut Findings,
) -> Registry<SkuId, SkuFacts> {
    let mut skus = Registry::new("SKU");
    skus.is_complete = parts.are_all_there;
    let mut rights = 0;
    let mut costs = Costs::new(head);
    for (file, source) in parts.files() {
        skus.is_complete &= rows::for_each(file, &SHAPE, source, findings, &mut |record, findings| {
            let facts = read_facts(record, catalog, &mut costs, findings);
            let id = record.required(ID, findings);
            let rights_before = rights;
            let of_members: usize = facts.bundle.iter().map(|member| member.versions.len()).sum();
            rights += facts.covers.len() + of_members + facts.upgrades.as_ref().map_or(0, Vec::len);
            if rights > limits::RIGHTS_MAX {
                if rights_before <= limits::RIGHTS_MAX {
                    findings.push(too_many_rights(record.place));
                }
                return;
            }
            if let (Some(cell), Some(id)) = (id.cell(), id.read("id", findings, value::text)) {
                skus.insert(id, cell.place, facts, findings);
            }
        });
    }
    skus.sort();
    report_cycles(&skus, catalog, findings);
    skus
}

pub(crate) fn too_many_rights(place: Place) -> Diagnostic {
    let message = format!("the SKUs up to this one name more than {} versions", limits::RIGHTS_MAX);
    Diagnostic::new(Code::Size, place, message).with_help("narrow the ranges in `covers` and `upgrades`")
}

fn read_facts(record: &Record<'_>, catalog: &Catalog, costs: &mut Costs, findings: &mut Findings) -> SkuFacts {
    let version = catalog.one(record.required(VERSION, findings), "version", findings);
    let covers = references(record, COVERS, catalog, findings).unwrap_or_default();
    let upgrades = references(record, UPGRADES, catalog, findings);
    let upgrades_place = record.place_of(UPGRADES);
    let bundle = references(record, BUNDLE, catalog, findings);
    let others = upgrades.iter().chain(&bundle);
    let written = covers.written.iter().chain(others.flat_map(|references| &references.written));
    let own = version.map(|version| catalog.title_of(version));
    let facts = SkuFacts {
        version,
        metric: extent::metric(record, findings),
        bundle: bundle.as_ref().zip(version).map_or_else(Vec::new, |(bundle, version)| {
            extent::members(version, &covers.versions, &bundle.each, record.place_of(BUNDLE), catalog, findings)
        }),
        foreign: written.filter(|right| Some(right.title) != own).copied().collect(),
        covers: covers.versions,
        maintenance: covers.maintenance,
        upgrades: upgrades.map(|upgrades| upgrades.versions),
        use_only_when_assigned: record.read(USE_ONLY_WHEN_ASSIGNED, findings, value::boolean).unwrap_or(false),
        unit_cost: costs.read(record.entries[UNIT_COST], "unit_cost", findings),
        upgrades_place,
    };
    if let Some(version) = facts.version
        && facts.upgrades.as_ref().is_some_and(|versions| versions.binary_search(&version).is_ok())
    {
        let message =
            format!("the SKU upgrades its own version {}; expected other versions", quoted(&catalog.text(version)));
        findings.push(
            Diagnostic::new(Code::SelfUpgrade, upgrades_place, message)
                .with_help("end the range below the main version, or leave the version out"),
        );
    }
    facts
}

/// What a list of references names.
#[derive(Default)]
struct References {
    /// Sorted, no two alike.
    versions: Vec<VersionId>,
    /// The first reference to each title.
    written: Vec<Right>,
    /// What each reference to a member of a suite names.
    each: Vec<Vec<VersionId>>,
    /// Where it names maintenance, which only `covers` may.
    maintenance: Option<Place>,
}

/// Reads a list of references to versions: a list, or in a table a cell with semicolons between them.
fn references(record: &Record<'_>, key: usize, catalog: &Catalog, findings: &mut Findings) -> Option<References> {
    let mut found = References::default();
    match record.entries[key] {
        Entry::Absent | Entry::Refused => return None,
        Entry::List(place, []) if key == UPGRADES => findings.push(
            Diagnostic::new(Code::EmptyList, place, "`upgrades` is empty; expected at least one version")
                .with_help("an upgrade license is worthless alone; leave the key out for a base license"),
        ),
        Entry::List(place, []) if key == BUNDLE => findings.push(
            Diagnostic::new(Code::EmptyList, place, "`bundle` is empty; expected at least one version")
                .with_help("name the members of the suite, or leave the key out"),
        ),
        Entry::List(_, items) => {
            for item in items {
                match &item.value {
                    Value::Text(text) => {
                        found.add(Cell { text, place: item.place }, record.shape.keys[key], catalog, findings);
                    }
                    _ => wrong_type(item, || "a reference such as `title@version`".to_owned(), findings),
                }
            }
        }
        Entry::Text(cell) => {
            for text in cell.text.split(';') {
                let part = Cell { text: text.trim(), ..cell };
                if part.text.matches('@').count() > 1 {
                    let message = format!("{} holds several references; expected one", quoted(part.text));
                    findings.push(
                        Diagnostic::new(Code::ReferenceForm, cell.place, message)
                            .with_help("write `;` between references; versions may hold spaces"),
                    );
                } else {
                    found.add(part, record.shape.keys[key], catalog, findings);
                }
            }
        }
    }
    found.versions.sort_unstable();
    found.versions.dedup();
    found.written.sort_by_key(|right| (right.title, right.place));
    found.written.dedup_by_key(|right| right.title);
    Some(found)
}

impl References {
    fn add(&mut self, cell: Cell<'_>, key: &'static str, catalog: &Catalog, findings: &mut Findings) {
        if cell.text == MAINTENANCE && key == "covers" {
            self.maintenance = Some(cell.place);
            return;
        }
        let range = catalog.several(cell, key, findings);
        if let Some(first) = range.iter().flat_map(crate::id::ids_in).next() {
            self.written.push(Right { key, title: catalog.title_of(first), place: cell.place });
        }
        if key == "bundle" {
            self.each.extend(range.as_ref().map(|range| crate::id::ids_in(range).collect()));
        }
        self.versions.extend(range.iter().flat_map(crate::id::ids_in));
        // However often versions are named again, the list stays in proportion to those there are.
        if self.versions.len() > 2 * catalog.version_count() {
            self.versions.sort_unstable();
            self.versions.dedup();
        }
    }
}

/// Reports cycles of upgrade rights, where every SKU may be stacked on the one before.
///
/// Rights lead from SKU to SKU through main versions, so that a walk over versions finds every cycle: from a
/// version to the main versions of the SKUs that upgrade it. Each SKU that closes no reported cycle is
/// walked over once; time is in proportion to the upgrade rights.
fn report_cycles(skus: &Registry<SkuId, SkuFacts>, catalog: &Catalog, findings: &mut Findings) {
    let mut upgraded_by: Vec<Vec<SkuId>> = vec![Vec::new(); catalog.version_count()];
    for sku in skus.ids() {
        for version in skus.row(sku).facts.upgrades.iter().flatten() {
            // A SKU that upgrades its own version is a finding of its own.
            if skus.row(sku).facts.version != Some(*version) {
                upgraded_by[version.index()].push(sku);
            }
        }
    }
    let mut states = vec![State::New; upgraded_by.len()];
    for start in 0..upgraded_by.len() {
        if states[start] == State::New {
            walk(start, &upgraded_by, &mut states, skus, &mut |cycle| findings.push(cycle_of_skus(skus, cycle)));
        }
    }
}

/// How far a walk has come with a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    New,
    OnPath,
    Done,
}

/// A version on the path of a walk.
struct Step {
    version: usize,
    /// The SKU that led here; none at the start.
    by: Option<SkuId>,
    /// How many of the SKUs that upgrade the version were followed.
    followed: usize,
}

fn walk(
    start: usize,
    upgraded_by: &[Vec<SkuId>],
    states: &mut [State],
    skus: &Registry<SkuId, SkuFacts>,
    report: &mut dyn FnMut(&[SkuId]),
) {
    let mut path = vec![Step { version: start, by: None, followed: 0 }];
    let mut has_reported = false;
    states[start] = State::OnPath;
    while let Some(step) = path.last_mut() {
        let Some(&sku) = upgraded_by[step.version].get(step.followed) else {
            states[step.version] = State::Done;
            path.pop();
            continue;
        };
        step.followed += 1;
        let Some(next) = skus.row(sku).facts.version.map(Id::index) else { continue };
        match states[next] {
            State::New => {
                states[next] = State::OnPath;
                path.push(Step { version: next, by: Some(sku), followed: 0 });
            }
            // One cycle of those that hang together is enough to see what is wrong.
            State::OnPath if !has_reported => {
                has_reported = true;
                let begin = path.iter().position(|step| step.version == next).unwrap_or_default();
                let mut cycle: Vec<SkuId> = path[begin + 1..].iter().filter_map(|step| step.by).collect();
                cycle.push(sku);
                report(&cycle);
            }
            State::OnPath | State::Done => {}
        }
    }
}

fn cycle_of_skus(skus: &Registry<SkuId, SkuFacts>, cycle: &[SkuId]) -> Diagnostic {
    // The cycle is told from its first SKU by id, wherever the walk entered it.
    let first = cycle.iter().enumerate().min_by_key(|&(_, sku)| sku).map_or(0, |(position, _)| position);
    let cycle: Vec<SkuId> = cycle[first..].iter().chain(&cycle[..first]).copied().collect();
    let names: Vec<&str> = cycle.iter().map(|&sku| skus.row(sku).id.as_str()).collect();
    let message = format!("upgrade rights lead in a circle: {}; expected an end", diagnostic::cycle(&names, " → "));
    let place = |sku: SkuId| skus.row(sku).facts.upgrades_place;
    let mut finding = Diagnostic::new(Code::Cycle, place(cycle[0]), message)
        .with_help("an arrow leads from a SKU to one that may be stacked on it; remove one of these rights");
    for &sku in cycle[1..].iter().take(diagnostic::CYCLE_RELATED_MAX) {
        finding = finding.with_related(place(sku), "these upgrade rights belong to the circle");
    }
    finding
}
