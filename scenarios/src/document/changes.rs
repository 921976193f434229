//! Changes: read one after the other, each in the estate that those before it leave.
//!
//! Names are looked at, and of the titles they name how many installs there are, so that each combination of a sweep
//! can be looked through. Sums are bounded from above.

use super::actions::one_of;
use super::context::{Context, Known};
use super::installs::InstallBound;
use crate::amount::{self, Growth};
use crate::change::{AddedLicense, Change};
use crate::deal::{Deal, Subject};
use model::diagnostic::{Code, Diagnostic, Place, quoted};
use model::edit::parents_after_merge;
use model::estate::License;
use model::fields::{Cell, Entry, Fields};
use model::findings::Findings;
use model::id::{Id, LicenseId, ScopeId, VersionId, ids_in};
use model::limits;
use model::number::Quantity;
use model::value;
use model::yaml::{Node, Value};
use std::collections::BTreeMap;
use std::ops::Range;

pub(crate) const KEYS: [&str; 9] =
    ["grow", "scope", "by", "migrate", "retire", "lapse", "add_license", "set_price", "merge_scope"];
pub(crate) const MIGRATE_KEYS: [&str; 3] = ["from", "to", "share"];
pub(crate) const SET_PRICE_KEYS: [&str; 2] = ["offer", "price"];
pub(crate) const MERGE_SCOPE_KEYS: [&str; 2] = ["from", "into"];
pub(crate) const LICENSE_KEYS: [&str; 13] = [
    "id",
    "sku",
    "quantity",
    "unlimited",
    "scope",
    "start",
    "end",
    "purchased",
    "contract",
    "maintenance_until",
    "key",
    "order",
    "invoice",
];
const KINDS: [&str; 7] = ["grow", "migrate", "retire", "lapse", "add_license", "set_price", "merge_scope"];

/// How many units a license has.
enum Units {
    Finite(Quantity),
    Unlimited,
}

/// What the changes so far have left.
struct State<'c, 'e> {
    context: &'c mut Context<'e>,
    deal: &'c Deal,
    /// Whether an offer that is not in the deal is not in the file.
    has_all_offers: bool,
    /// Of each scope, license and version that is gone, the change that removed it.
    merged: BTreeMap<ScopeId, Place>,
    lapsed: BTreeMap<LicenseId, Place>,
    retired: Vec<(Range<VersionId>, Place)>,
    /// Licenses added, by id.
    added: BTreeMap<String, (LicenseId, Place)>,
    /// Of each scope the one it lies in; none before the first merger.
    parents: Option<Vec<Option<ScopeId>>>,
    /// No more installs and units than these; no bound where the estate could not be read.
    installs_bound: Option<InstallBound>,
    units_bound: u64,
}

/// Reads the changes of a scenario that stands at `place`; what is refused is left out.
pub(crate) fn read(
    (place, items): (Place, &[Node<'_>]),
    (deal, has_all_offers): (&Deal, bool),
    context: &mut Context<'_>,
    findings: &mut Findings,
) -> Vec<Change> {
    let installs_bound = context.known_mut().map(|known| InstallBound::of(known.estate, &mut known.installed));
    let units = |known: &Known<'_>| known.estate.licenses.iter().filter_map(|license| license.quantity).sum();
    let units_bound = context.known().map_or(Quantity::ZERO, units).get();
    let mut state = State {
        context,
        deal,
        has_all_offers,
        merged: BTreeMap::new(),
        lapsed: BTreeMap::new(),
        retired: Vec::new(),
        added: BTreeMap::new(),
        parents: None,
        installs_bound,
        units_bound,
    };
    let mut changes = Vec::new();
    for item in items {
        let Some(fields) = Fields::open(item, "a change", &KEYS, findings) else { continue };
        let Some(kind) = one_of(&fields, &KINDS, findings) else { continue };
        if kind != "grow" {
            for key in ["scope", "by"] {
                if let Some((place, _)) = fields.node(key) {
                    let message = format!("`{key}` says nothing beside `{kind}`; it belongs to `grow`");
                    findings.push(Diagnostic::new(Code::OneOf, place, message).with_help("remove it"));
                }
            }
        }
        changes.extend(match kind {
            "grow" => state.grow(&fields, findings),
            "migrate" => state.migrate(&fields, findings),
            "retire" => state.retire(&fields, findings),
            "lapse" => state.lapse(&fields, findings),
            "add_license" => state.add_license(&fields, findings),
            "set_price" => state.set_price(&fields, findings),
            _ => state.merge_scope(&fields, findings),
        });
    }
    state.check_lots(place, findings);
    changes
}

/// The finding for something that an earlier change removed.
fn removed(key: &str, cell: Cell<'_>, by: Place) -> Diagnostic {
    let message = format!("`{key}` names {}, which an earlier change removed", quoted(cell.text));
    Diagnostic::new(Code::Reference, cell.place, message)
        .with_related(by, "this change removed it")
        .with_help("put this change before the other, or remove one of the two")
}

impl State<'_, '_> {
    /// Reports lots that may have more units together than an estate.
    fn check_lots(&self, place: Place, findings: &mut Findings) {
        let assignments = self.context.known().map_or(0, |known| known.estate.assignments.len() as u64);
        let installs = self.installs_bound.as_ref().map_or(0, InstallBound::total);
        let useful = Quantity::new(installs.saturating_add(2 * assignments));
        let lots = self.deal.offers.iter().map(|offer| offer.terms(useful).most.get());
        let units = lots.fold(self.units_bound, u64::saturating_add);
        if units > limits::QUANTITY_TOTAL_MAX {
            let message =
                format!("licenses and offers may come to more than {} units here", limits::QUANTITY_TOTAL_MAX);
            findings.push(Diagnostic::new(Code::RangeTotal, place, message).with_help("give the offers a `max`"));
        }
    }

    fn grow(&mut self, fields: &Fields<'_, '_>, findings: &mut Findings) -> Option<Change> {
        let entry = fields.entry("grow", findings);
        let versions = self.versions_of(entry, "grow", findings);
        let scope_entry = fields.entry("scope", findings);
        let by_entry = fields.required("by", findings);
        let by = by_entry.read("by", findings, amount::growth);
        let scope = match by {
            Some(Growth::Add(_) | Growth::Remove(_)) => Some(self.scope_or_root(scope_entry, fields, findings)?),
            _ if scope_entry.is_present() => Some(self.scope(scope_entry, "scope", findings)?),
            _ => None,
        };
        let (versions, by) = (versions?, by?);
        let is_number = matches!(by, Growth::Add(_) | Growth::Remove(_));
        if let Some(cell) = entry.cell()
            && is_number
            && ids_in(&versions).count() != 1
        {
            let message = format!("`grow` is {} by a number; expected one version", quoted(cell.text));
            findings.push(
                Diagnostic::new(Code::ReferenceForm, cell.place, message)
                    .with_help("name one version, or let all grow by per cent"),
            );
            return None;
        }
        self.bound_growth(&versions, scope, by);
        let is_too_much = self.installs_bound.as_ref().is_some_and(|bound| bound.total() > limits::QUANTITY_TOTAL_MAX);
        if let Some(cell) = by_entry.cell().filter(|_| is_too_much) {
            findings.push(too_many("installs", cell.place));
            return None;
        }
        Some(Change::Grow { versions, scope, by })
    }

    fn bound_growth(&mut self, versions: &Range<VersionId>, scope: Option<ScopeId>, by: Growth) {
        self.look_at(versions.start);
        let (Some(known), Some(bound)) = (self.context.known(), &mut self.installs_bound) else { return };
        match (by, scope) {
            (Growth::Add(_) | Growth::Remove(_), Some(scope)) => bound.grow_by_number(versions.start, scope, by),
            _ => {
                let parent = |&scope: &ScopeId| match &self.parents {
                    Some(parents) => parents[scope.index()],
                    None => known.estate.scopes[scope].parent,
                };
                bound.grow_by_percent(versions, by, |other| {
                    scope.is_none_or(|scope| std::iter::successors(Some(other), parent).any(|above| above == scope))
                });
            }
        }
    }

    /// Looks at the installs of a version's title.
    fn look_at(&mut self, version: VersionId) {
        if let (Some(known), Some(bound)) = (self.context.known_mut(), &mut self.installs_bound) {
            bound.look_at(known.estate.versions[version].title, known.estate, &mut known.installed);
        }
    }

    fn migrate(&mut self, fields: &Fields<'_, '_>, findings: &mut Findings) -> Option<Change> {
        let (_, node) = fields.node("migrate")?;
        let fields = Fields::open(node, "a migration", &MIGRATE_KEYS, findings)?;
        let from = self.versions_of(fields.required("from", findings), "from", findings);
        let entry = fields.required("to", findings);
        let to = self.context.version(entry, "to", findings);
        let share = fields.required("share", findings).read("share", findings, amount::share);
        let (from, to, cell) = (from?, to?, entry.cell()?);
        if let Some(by) = self.retired_by(to) {
            findings.push(removed("to", cell, by));
            return None;
        }
        if from.contains(&to) {
            findings.push(
                Diagnostic::new(
                    Code::Same,
                    cell.place,
                    "a migration leads to a version that it begins at; expected another one",
                )
                .with_help("name the version to install in `to`, and leave it out of `from`"),
            );
            return None;
        }
        let share = share?;
        self.look_at(from.start);
        self.look_at(to);
        if let Some(bound) = &mut self.installs_bound {
            bound.migrate(&from, to, share);
        }
        Some(Change::Migrate { from, to, share })
    }

    fn retire(&mut self, fields: &Fields<'_, '_>, findings: &mut Findings) -> Option<Change> {
        let (place, items) = fields.list("retire", findings)?;
        let cells = cells(items, "a reference such as `title@version`", findings);
        if items.is_empty() {
            findings.push(empty("retire", place));
        }
        let read: Vec<_> = cells.iter().map(|&cell| self.versions_of(Entry::Text(cell), "retire", findings)).collect();
        let ranges: Vec<Range<VersionId>> = read.into_iter().flatten().collect();
        self.retired.extend(ranges.iter().map(|range| (range.clone(), fields.place)));
        for range in &ranges {
            self.look_at(range.start);
            if let Some(bound) = &mut self.installs_bound {
                bound.retire(range);
            }
        }
        Some(Change::Retire(ranges))
    }

    fn lapse(&mut self, fields: &Fields<'_, '_>, findings: &mut Findings) -> Option<Change> {
        let (place, items) = fields.list("lapse", findings)?;
        if items.is_empty() {
            findings.push(empty("lapse", place));
        }
        let mut licenses = Vec::new();
        for cell in cells(items, "the id of a license", findings) {
            let added = self.added.get(cell.text).map(|&(license, _)| license);
            let Some(license) = added.or_else(|| self.context.license(Entry::Text(cell), "lapse", findings)) else {
                continue;
            };
            match self.lapsed.insert(license, fields.place) {
                Some(by) => findings.push(removed("lapse", cell, by)),
                None => licenses.push(license),
            }
        }
        Some(Change::Lapse(licenses))
    }

    fn add_license(&mut self, fields: &Fields<'_, '_>, findings: &mut Findings) -> Option<Change> {
        let (_, node) = fields.node("add_license")?;
        let fields = Fields::open(node, "a license", &LICENSE_KEYS, findings)?;
        let id_entry = fields.required("id", findings);
        let id = id_entry.cell().zip(id_entry.read("id", findings, value::text));
        let id = id.filter(|&(cell, id)| self.is_new_license(cell, id, findings));
        let sku = self.context.sku(fields.required("sku", findings), "sku", findings);
        let units = self.units(&fields, findings);
        let scope = self.scope_or_root(fields.entry("scope", findings), &fields, findings);
        let mut date = |key: &str| fields.entry(key, findings).read(key, findings, value::date);
        let (start, end) = (date("start"), date("end"));
        let (purchased, maintenance_until) = (date("purchased"), date("maintenance_until"));
        let mut text = |key: &str| fields.entry(key, findings).read(key, findings, value::text).map(ToOwned::to_owned);
        let (contract, key, order, invoice) = (text("contract"), text("key"), text("order"), text("invoice"));
        if let (Some(start), Some(end)) = (start, end)
            && end < start
        {
            let place = fields.entry("end", findings).cell().map_or(fields.place, |cell| cell.place);
            let message = format!("`end` is {end}, before `start`; expected {start} or later");
            findings.push(
                Diagnostic::new(Code::DateOrder, place, message).with_help("correct one of the two, or exchange them"),
            );
        }
        let (cell, id) = id?;
        let license = LicenseId::at(self.context.known()?.estate.licenses.len() + self.added.len());
        self.added.insert(id.to_owned(), (license, cell.place));
        let license = License {
            id: id.to_owned(),
            sku: sku?,
            quantity: match units? {
                Units::Finite(quantity) => Some(quantity),
                Units::Unlimited => None,
            },
            scope: scope?,
            contract: None,
            start,
            end,
            purchased,
            maintenance_until,
            key,
            order,
            invoice,
        };
        Some(Change::AddLicense(Box::new(AddedLicense { license, contract })))
    }

    /// Whether no license and no offer to buy has this id; else that is reported.
    fn is_new_license(&self, cell: Cell<'_>, id: &str, findings: &mut Findings) -> bool {
        let finding = |what: &str| {
            let message = format!("{} is the id of {what}", quoted(id));
            Diagnostic::new(Code::DuplicateId, cell.place, message)
                .with_help("every id stands once; choose another one")
        };
        let is_bought = |subject: Subject| matches!(subject, Subject::Buy { .. });
        if let Some((_, place)) = self.added.get(id) {
            findings.push(finding("a license that another change adds").with_related(*place, "it is added here"));
        } else if self.context.known().is_some_and(|known| known.names.find_license(id).is_some()) {
            findings.push(finding("a license of the estate"));
        } else if self.deal.offers.iter().any(|offer| offer.id == id && is_bought(offer.subject)) {
            findings.push(finding("an offer, which is a license if anything is bought on it"));
        } else {
            return true;
        }
        false
    }

    /// How many units a license has that is added.
    fn units(&mut self, fields: &Fields<'_, '_>, findings: &mut Findings) -> Option<Units> {
        let entry = fields.entry("quantity", findings);
        let unlimited = fields.entry("unlimited", findings);
        let is_unlimited = unlimited.read("unlimited", findings, value::boolean);
        if is_unlimited == Some(false) || !unlimited.is_present() {
            if !entry.is_present() {
                let message = "a license has neither `quantity` nor `unlimited`; expected one";
                findings.push(
                    Diagnostic::new(Code::OneOf, fields.place, message)
                        .with_help("write `quantity: 1`, or `unlimited: true`"),
                );
                return None;
            }
            let quantity = entry.read("quantity", findings, value::quantity)?;
            self.units_bound = self.units_bound.saturating_add(quantity.get());
            if self.units_bound > limits::QUANTITY_TOTAL_MAX {
                findings.push(too_many("units", entry.cell()?.place));
                return None;
            }
            return Some(Units::Finite(quantity));
        }
        super::context::refuse_beside(fields, &["quantity"], "unlimited", "remove one of the two", findings);
        is_unlimited.map(|_| Units::Unlimited)
    }

    fn set_price(&mut self, fields: &Fields<'_, '_>, findings: &mut Findings) -> Option<Change> {
        let (_, node) = fields.node("set_price")?;
        let fields = Fields::open(node, "a price", &SET_PRICE_KEYS, findings)?;
        let entry = fields.required("offer", findings);
        let price = self.context.money(fields.required("price", findings), "price", findings);
        let cell = entry.cell()?;
        // Where the estate could not be read, offers are missing here that are in the file.
        self.context.known()?;
        let Some(offer) = self.deal.offers.iter().find(|offer| offer.id == cell.text) else {
            if self.has_all_offers {
                let message = format!("`offer` is {}; expected the id of an offer", quoted(cell.text));
                let ids = self.deal.offers.iter().map(|offer| offer.id.as_str());
                findings.push(
                    Diagnostic::new(Code::Reference, cell.place, message)
                        .with_help_if(model::suggest::did_you_mean(cell.text, ids)),
                );
            }
            return None;
        };
        if let Subject::Renew(license) = offer.subject
            && let Some(&by) = self.lapsed.get(&license)
        {
            findings.push(removed("offer", cell, by));
            return None;
        }
        if !offer.has_one_price {
            let message = format!("the offer {} has `tiers`; expected an offer with one `price`", quoted(cell.text));
            findings.push(
                Diagnostic::new(Code::OneOf, cell.place, message)
                    .with_help("write `${name}` into the tiers and let `sweep` give the prices"),
            );
            return None;
        }
        Some(Change::SetPrice { offer: offer.id.clone(), price: price? })
    }

    fn merge_scope(&mut self, fields: &Fields<'_, '_>, findings: &mut Findings) -> Option<Change> {
        let (_, node) = fields.node("merge_scope")?;
        let fields = Fields::open(node, "a merger", &MERGE_SCOPE_KEYS, findings)?;
        let entries = (fields.required("from", findings), fields.required("into", findings));
        let from = self.scope(entries.0, "from", findings);
        let into = self.scope(entries.1, "into", findings);
        let (from, into, place) = (from?, into?, entries.1.cell()?.place);
        if from == into {
            findings.push(
                Diagnostic::new(Code::Same, place, "a scope is merged into itself; expected another one")
                    .with_help("name the scope that takes the other in"),
            );
            return None;
        }
        let known = self.context.known()?;
        let before =
            self.parents.take().unwrap_or_else(|| known.estate.scopes.iter().map(|scope| scope.parent).collect());
        let parents = parents_after_merge(&before, from, into);
        self.merged.insert(from, node.place);
        if depth(&parents) > limits::SCOPE_DEPTH_MAX {
            let message = format!("scopes lie deeper than {} after this merger", limits::SCOPE_DEPTH_MAX);
            findings.push(Diagnostic::new(Code::Depth, place, message).with_help("merge into a scope further up"));
        }
        self.parents = Some(parents);
        if let Some(bound) = &mut self.installs_bound {
            bound.merge_scope(from, into);
        }
        Some(Change::MergeScope { from, into })
    }

    /// The versions that a reference names, not all of them retired.
    fn versions_of(&self, entry: Entry<'_>, key: &str, findings: &mut Findings) -> Option<Range<VersionId>> {
        let cell = entry.cell()?;
        let versions = self.context.known()?.names.versions(cell, key, findings)?;
        let gone: Option<Vec<Place>> = ids_in(&versions).map(|version| self.retired_by(version)).collect();
        if let Some(&by) = gone.as_deref().and_then(<[_]>::first) {
            findings.push(removed(key, cell, by));
            return None;
        }
        Some(versions)
    }

    fn retired_by(&self, version: VersionId) -> Option<Place> {
        self.retired.iter().find(|(range, _)| range.contains(&version)).map(|&(_, place)| place)
    }

    fn scope(&self, entry: Entry<'_>, key: &str, findings: &mut Findings) -> Option<ScopeId> {
        let scope = self.context.scope(entry, key, findings)?;
        if let Some(&by) = self.merged.get(&scope) {
            findings.push(removed(key, entry.cell()?, by));
            return None;
        }
        Some(scope)
    }

    fn scope_or_root(&self, entry: Entry<'_>, fields: &Fields<'_, '_>, findings: &mut Findings) -> Option<ScopeId> {
        if entry.is_present() {
            return self.scope(entry, "scope", findings);
        }
        let known = self.context.known()?;
        let parent = |scope: ScopeId| match &self.parents {
            Some(parents) => parents[scope.index()],
            None => known.estate.scopes[scope].parent,
        };
        let is_there = |scope: ScopeId| !self.merged.contains_key(&scope);
        self.context.scope_or_root(entry, (fields.what, fields.place), parent, is_there, findings)
    }
}

/// The texts of a list; anything else is reported.
fn cells<'n>(items: &'n [Node<'_>], expected: &str, findings: &mut Findings) -> Vec<Cell<'n>> {
    let mut cells = Vec::new();
    for item in items {
        match &item.value {
            Value::Text(text) => cells.push(Cell { text, place: item.place }),
            _ => model::fields::wrong_type(item, || expected.to_owned(), findings),
        }
    }
    cells
}

fn empty(key: &str, place: Place) -> Diagnostic {
    Diagnostic::new(Code::EmptyList, place, format!("`{key}` is empty; expected at least one"))
        .with_help("leave the change out if there is nothing to say")
}

fn too_many(what: &str, place: Place) -> Diagnostic {
    let message = format!("{what} may add up to more than {} after this change", limits::QUANTITY_TOTAL_MAX);
    Diagnostic::new(Code::RangeTotal, place, message).with_help("look for a mistyped number or another unit")
}

/// The depth of the deepest scope; a root has 1.
fn depth(parents: &[Option<ScopeId>]) -> usize {
    let above = |scope: ScopeId| std::iter::successors(Some(scope), |&scope| parents[scope.index()]).count();
    (0..parents.len()).map(|index| above(ScopeId::at(index))).max().unwrap_or(0)
}
