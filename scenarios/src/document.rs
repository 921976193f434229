//! From the tree of a scenario file to scenarios: the one place that knows the keys.
//!
//! The sections that all scenarios share, and the changes of each, are read once for each combination of the values
//! that they use. What is wrong in several combinations is said once.

use crate::change::Change;
use crate::deal::Deal;
use crate::reading::{Scenario, Scenarios, SweptRange};
use context::Context;
use model::diagnostic::{Code, Diagnostic, Place, quoted};
use model::estate::Estate;
use model::fields::{Fields, missing};
use model::findings::Findings;
use model::number::Money;
use model::value::{self, Fault};
use model::yaml::{Node, Value};
use model::{Date, limits};
use std::collections::{BTreeMap, BTreeSet};
use sweep::Sweep;

mod actions;
mod changes;
mod context;
mod installs;
mod offers;
pub(crate) mod sweep;

pub(crate) const KEYS: [&str; 10] =
    ["licit", "estate", "as_of", "offers", "true_up", "actions", "limits", "shortage", "scenarios", "sweep"];
pub(crate) const SCENARIO_KEYS: [&str; 3] = ["name", "weight", "changes"];
/// The sections that all scenarios share.
const SHARED: [&str; 5] = ["offers", "true_up", "actions", "limits", "shortage"];
/// The scenario of a file that names none.
const ONLY_SCENARIO: &str = "as is";

/// The keys of each mapping that is read, by the name its definition has in the schema.
#[cfg(test)]
pub(crate) fn known_keys() -> [(&'static str, &'static [&'static str]); 15] {
    [
        ("scenarios", &KEYS),
        ("offer", &offers::KEYS),
        ("tier", &offers::TIER_KEYS),
        ("action", &actions::KEYS),
        ("reclaim", &actions::RECLAIM_KEYS),
        ("reinstall", &actions::REINSTALL_KEYS),
        ("limits", &actions::LIMIT_KEYS),
        ("shortage", &actions::SHORTAGE_KEYS),
        ("scenario", &SCENARIO_KEYS),
        ("change", &changes::KEYS),
        ("migration", &changes::MIGRATE_KEYS),
        ("license", &changes::LICENSE_KEYS),
        ("price", &changes::SET_PRICE_KEYS),
        ("merger", &changes::MERGE_SCOPE_KEYS),
        ("range", &sweep::range::KEYS),
    ]
}

/// What a file says before its estate is read.
pub(crate) struct Head<'n, 't> {
    pub(crate) fields: Fields<'n, 't>,
    pub(crate) as_of: Option<Date>,
}

/// A scenario as written.
struct Written<'n, 't> {
    name: String,
    place: Place,
    /// How much it counts, in 10^-4.
    weight: Option<u64>,
    /// Its changes, still with placeholders.
    changes: &'n [Node<'t>],
    /// The names of the sweep that they use.
    used: BTreeSet<usize>,
}

/// Opens a file and reads what stands once.
pub(crate) fn open<'n, 't>(root: &'n Node<'t>, findings: &mut Findings) -> Option<Head<'n, 't>> {
    let fields = Fields::open(root, "a scenario file", &KEYS, findings)?;
    model::source::check_format(&fields, findings);
    let as_of = fields.entry("as_of", findings).read("as_of", findings, value::as_of);
    for (key, what) in
        [("licit", "the format version"), ("estate", "the name of a file"), ("as_of", "the day of the position")]
    {
        if let Some((_, node)) = fields.node(key) {
            sweep::forbid(node, what, findings);
        }
    }
    Some(Head { fields, as_of })
}

/// Reads the scenarios of an opened file; none if anything is wrong, which is reported.
pub(crate) fn read(file: &Fields<'_, '_>, estate: Option<Estate>, findings: &mut Findings) -> Option<Scenarios> {
    let sweep = Sweep::read(file, findings);
    let written = read_scenarios(file, &sweep, findings);
    let shared = used_by_shared(file, &sweep, findings);
    let asks_for_all = asks_for_all(file, findings);
    let mut used = shared.clone();
    used.extend(written.iter().flat_map(|scenario| &scenario.used));
    sweep.report_unused(&used, findings);
    let count = sweep.combination_count().and_then(|count| count.checked_mul(written.len().max(1)));
    if count.is_none_or(|count| count > limits::SCENARIOS_MAX) {
        let place = file.node("sweep").or_else(|| file.node("scenarios")).map_or(file.place, |(place, _)| place);
        let message = format!("scenarios and values combine to more than {} cases", limits::SCENARIOS_MAX);
        findings.push(
            Diagnostic::new(Code::Size, place, message).with_help("sweep over fewer values, or in several files"),
        );
        return None;
    }
    let mut reader = Reader {
        context: Context::new(estate.as_ref()),
        file,
        sweep: &sweep,
        shared,
        deals: Vec::new(),
        deal_of: BTreeMap::new(),
        changes: Vec::new(),
        changes_of: BTreeMap::new(),
        said: BTreeSet::new(),
    };
    let mut scenarios = Vec::new();
    for (position, scenario) in written.iter().enumerate() {
        for number in 0..sweep.combination_count().unwrap_or(1) {
            let values = sweep.combination(number);
            let deal = reader.deal(&values, findings);
            let changes = reader.changes(position, scenario, deal, &values, findings);
            let (name, weight) = (format!("{}{}", scenario.name, sweep.suffix(&values)), scenario.weight);
            scenarios.push(Scenario { name, deal, changes, weight });
        }
    }
    let Reader { deals, changes, .. } = reader;
    if findings.has_errors() {
        return None;
    }
    let deals = deals.into_iter().map(|(deal, _)| deal).collect();
    let range = sweep.only_range().map(|swept| SweptRange {
        name: swept.name.clone(),
        values: swept.values.clone(),
        scenarios: written.iter().map(|scenario| scenario.name.clone()).collect(),
    });
    estate.map(|estate| Scenarios { estate, deals, changes, all: scenarios, range, asks_for_all })
}

/// Reads sections once for each combination of the values that they use.
struct Reader<'r, 'n, 't, 'e> {
    context: Context<'e>,
    file: &'r Fields<'n, 't>,
    sweep: &'r Sweep,
    /// The names that the shared sections use.
    shared: BTreeSet<usize>,
    /// Deals, and whether every offer of the file is in them.
    deals: Vec<(Deal, bool)>,
    deal_of: BTreeMap<Vec<usize>, usize>,
    changes: Vec<Vec<Change>>,
    changes_of: BTreeMap<(usize, usize, Vec<usize>), usize>,
    /// What was said already.
    said: BTreeSet<(Place, Code, String)>,
}

impl Reader<'_, '_, '_, '_> {
    /// The position of the deal for a combination.
    fn deal(&mut self, values: &[usize], findings: &mut Findings) -> usize {
        let key: Vec<usize> = self.shared.iter().map(|&name| values[name]).collect();
        if let Some(&found) = self.deal_of.get(&key) {
            return found;
        }
        let sections = SHARED.into_iter().filter_map(|key| self.file.section(key)).map(|(key, node)| {
            let key = model::yaml::Key { text: key.text.as_ref().into(), place: key.place };
            (key, self.sweep.filled(node, values))
        });
        let root = Node { place: self.file.place, value: Value::Mapping(sections.collect()) };
        let found = &mut Findings::new();
        let mut deal = Deal::default();
        let mut has_all_offers = false;
        if let Some(file) = Fields::open(&root, "a scenario file", &SHARED, found) {
            deal.offers = offers::read(&file, &mut self.context, found);
            has_all_offers = !found.has_errors();
            actions::read(&file, &mut deal, &mut self.context, found);
            actions::read_limits(&file, &mut deal, &mut self.context, found);
            actions::read_shortage(&file, &mut deal, &mut self.context, found);
        }
        self.say(found, findings);
        self.deals.push((deal, has_all_offers));
        self.deal_of.insert(key, self.deals.len() - 1);
        self.deals.len() - 1
    }

    /// The position of the changes of a scenario for a combination.
    fn changes(
        &mut self,
        position: usize,
        scenario: &Written<'_, '_>,
        deal: usize,
        values: &[usize],
        findings: &mut Findings,
    ) -> usize {
        let key = (position, deal, scenario.used.iter().map(|&name| values[name]).collect::<Vec<usize>>());
        if let Some(&found) = self.changes_of.get(&key) {
            return found;
        }
        let items: Vec<Node<'_>> = scenario.changes.iter().map(|item| self.sweep.filled(item, values)).collect();
        let found = &mut Findings::new();
        let (offered, has_all_offers) = &self.deals[deal];
        let known = (offered, *has_all_offers);
        self.changes.push(changes::read((scenario.place, &items), known, &mut self.context, found));
        self.say(found, findings);
        self.changes_of.insert(key, self.changes.len() - 1);
        self.changes.len() - 1
    }

    /// Reports what was not said for another combination.
    fn say(&mut self, found: &Findings, findings: &mut Findings) {
        for diagnostic in found.diagnostics() {
            let mut diagnostic = diagnostic.clone();
            diagnostic.message = sweep::unmasked(&diagnostic.message);
            diagnostic.help = diagnostic.help.as_deref().map(sweep::unmasked);
            if self.said.insert((diagnostic.place, diagnostic.code, diagnostic.message.clone())) {
                findings.push(diagnostic);
            }
        }
    }
}

/// The names of the sweep that the shared sections use.
fn used_by_shared(file: &Fields<'_, '_>, sweep: &Sweep, findings: &mut Findings) -> BTreeSet<usize> {
    let mut used = BTreeSet::new();
    for key in SHARED {
        if let Some((_, node)) = file.node(key) {
            sweep.uses(node, &mut used, findings);
        }
    }
    let offers = file.node("offers").map(|(_, node)| &node.value);
    if let Some(Value::List(items)) = offers {
        for (_, id) in items.iter().filter_map(|offer| model::fields::peek(offer, "id")) {
            sweep::forbid(id, "the id of an offer", findings);
        }
    }
    used
}

/// The scenarios as written; one without changes if the file names none.
fn read_scenarios<'n, 't>(file: &Fields<'n, 't>, sweep: &Sweep, findings: &mut Findings) -> Vec<Written<'n, 't>> {
    let only = || Written {
        name: ONLY_SCENARIO.to_owned(),
        place: file.place,
        weight: None,
        changes: &[],
        used: BTreeSet::new(),
    };
    if file.node("scenarios").is_none() {
        return vec![only()];
    }
    let Some((key_place, items)) = file.list("scenarios", findings) else { return Vec::new() };
    if items.is_empty() {
        findings.push(
            Diagnostic::new(Code::EmptyList, key_place, "`scenarios` is empty; expected at least one scenario")
                .with_help(format!("leave the key out for one scenario, {}", quoted(ONLY_SCENARIO))),
        );
    }
    let mut names: BTreeMap<&str, Place> = BTreeMap::new();
    let mut written = Vec::new();
    for item in items {
        let Some(fields) = Fields::open(item, "a scenario", &SCENARIO_KEYS, findings) else { continue };
        let entry = fields.required("name", findings);
        let name = entry.read("name", findings, value::text);
        if let Some((_, node)) = fields.node("name") {
            sweep::forbid(node, "the name of a scenario", findings);
        }
        if let Some((cell, name)) = entry.cell().zip(name)
            && let Some(first) = names.insert(name, cell.place)
        {
            findings.push(
                Diagnostic::new(Code::DuplicateId, cell.place, format!("the scenario {} stands twice", quoted(name)))
                    .with_related(first, "it stands here first")
                    .with_help("rename or remove one of the two"),
            );
        }
        let changes = fields.list("changes", findings).map_or(&[][..], |(_, items)| items);
        let mut used = BTreeSet::new();
        for change in changes {
            sweep.uses(change, &mut used, findings);
        }
        if let Some((_, node)) = fields.node("weight") {
            sweep::forbid(node, "the weight of a scenario", findings);
        }
        let weight = fields.entry("weight", findings).read("weight", findings, weight);
        let name = name.unwrap_or_default().to_owned();
        written.push(Written { name, place: fields.place, weight, changes, used });
    }
    report_unweighed(items, &written, findings);
    written
}

/// Largest weight of a scenario.
const WEIGHT_MAX: u64 = 1_000_000;

/// A number above 0 with at most four decimals, in 10^-4.
fn weight(text: &str) -> Result<u64, Fault> {
    let scale = Money::SCALE.unsigned_abs();
    let expected = || format!("a number above 0, at most {WEIGHT_MAX}, with at most 4 decimals");
    let fault = |code| Fault { code, expected: expected(), help: None };
    let units = value::money(text).map_err(|found| fault(found.code))?.units().unsigned_abs();
    if (1..=WEIGHT_MAX * scale).contains(&units) { Ok(units) } else { Err(fault(Code::Range)) }
}

/// Reports scenarios without a weight where others have one: nothing is weighed by chance.
fn report_unweighed(items: &[Node<'_>], written: &[Written<'_, '_>], findings: &mut Findings) {
    let weighed = items.iter().find_map(|item| model::fields::peek(item, "weight"));
    let Some((first, _)) = weighed else { return };
    let has_weight = |place: Place| {
        let item = items.iter().find(|item| item.place == place);
        item.is_some_and(|item| model::fields::peek(item, "weight").is_some())
    };
    for scenario in written.iter().filter(|scenario| !has_weight(scenario.place)) {
        let message = format!("the scenario {} has no `weight`; others have one", quoted(&scenario.name));
        findings.push(
            Diagnostic::new(Code::Missing, scenario.place, message)
                .with_related(first, "this one has a weight")
                .with_help("give every scenario a weight, or none"),
        );
    }
}

/// Whether plans for all scenarios together are asked for, which know no budget.
fn asks_for_all(file: &Fields<'_, '_>, findings: &mut Findings) -> bool {
    let has = |key: &str, inner: &str| match file.node(key).map(|(_, node)| &node.value) {
        Some(Value::List(items)) => items.iter().any(|item| model::fields::peek(item, inner).is_some()),
        _ => false,
    };
    let is_asked = file.node("true_up").is_some() || has("offers", "true_up") || has("scenarios", "weight");
    let budget = file.node("limits").and_then(|(_, node)| model::fields::peek(node, "budget"));
    if let Some((place, _)) = budget.filter(|_| is_asked) {
        let message = "`budget` stands beside `true_up` or `weight`; plans for all scenarios together know no budget";
        findings.push(
            Diagnostic::new(Code::OneOf, place, message)
                .with_help("remove the budget, or `true_up` and every `weight`"),
        );
    }
    is_asked
}

/// The cell that names the estate; a file without one is reported.
pub(crate) fn estate_cell<'n>(file: &Fields<'n, '_>, findings: &mut Findings) -> Option<model::fields::Cell<'n>> {
    let entry = file.entry("estate", findings);
    if !entry.is_present() {
        findings.push(missing(file.what, "estate", file.place).with_help("write `estate: estate.yaml`"));
    }
    entry.read("estate", findings, value::text).and(entry.cell())
}
