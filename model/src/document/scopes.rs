//! Scopes and transfers: where rights apply.

use super::Source;
use super::head::{Costs, Head};
use super::rows::Record;
use crate::diagnostic::{self, Code, Diagnostic, Place};
use crate::estate::Transfer;
use crate::fields::{Entry, Fields};
use crate::findings::Findings;
use crate::id::{Id, ScopeId};
use crate::limits::SCOPE_DEPTH_MAX;
use crate::registry::Registry;
use crate::value;

pub(crate) const SCOPE_KEYS: [&str; 2] = ["id", "parent"];
pub(crate) const TRANSFER_KEYS: [&str; 3] = ["from", "to", "cost"];
/// The id of the scope of an estate that names none.
const ONLY_SCOPE: &str = "all";

/// All scopes, sorted by id.
#[derive(Debug)]
pub(crate) struct Scopes<'n> {
    pub(crate) registry: Registry<ScopeId, Parent<'n>>,
    /// Of each scope, the one it lies in.
    pub(crate) parents: Vec<Option<ScopeId>>,
    root: Root,
}

/// The parent as written, with its key's entry.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parent<'n>(Entry<'n>);

/// What a scope that is not given stands for.
#[derive(Clone, Copy, Debug)]
enum Root {
    One(ScopeId),
    Several,
    /// The scopes could not be read, which is reported.
    Unknown,
}

/// Reads the scopes; without any there is one, `all`.
pub(crate) fn read<'n>(estate: &Fields<'n, '_>, source: &Source<'_>, findings: &mut Findings) -> Scopes<'n> {
    let errors_before = findings.error_count();
    let mut registry = Registry::new("scope");
    let only_place = Place::start_of(source.file);
    match estate.list("scopes", findings) {
        Some((_, items)) => {
            for item in items {
                let Some(fields) = Fields::open(item, "a scope", &SCOPE_KEYS, findings) else { continue };
                let id = fields.required("id", findings);
                let parent = Parent(fields.entry("parent", findings));
                if let (Some(cell), Some(id)) = (id.cell(), id.read("id", findings, value::text)) {
                    registry.insert(id, cell.place, parent, findings);
                }
            }
        }
        None => registry.is_complete = estate.node("scopes").is_none() && !estate.is_misspelled("scopes"),
    }
    if registry.is_complete && registry.rows().is_empty() {
        registry.insert(ONLY_SCOPE, only_place, Parent(Entry::Absent), findings);
    }
    registry.sort();
    let parents: Vec<Option<ScopeId>> =
        registry.rows().iter().map(|row| registry.resolve(row.facts.0, "parent", findings)).collect();
    report_cycles(&registry, &parents, findings);
    if findings.error_count() == errors_before {
        report_depth(&registry, &parents, findings);
    }
    let root = if findings.error_count() > errors_before {
        Root::Unknown
    } else {
        let mut roots = registry.ids().filter(|scope| parents[scope.index()].is_none());
        match (roots.next(), roots.next()) {
            (Some(root), None) => Root::One(root),
            (Some(_), Some(_)) => Root::Several,
            (None, _) => Root::Unknown,
        }
    };
    Scopes { registry, parents, root }
}

/// Reports every cycle of scopes once, at its first scope by id.
fn report_cycles(registry: &Registry<ScopeId, Parent<'_>>, parents: &[Option<ScopeId>], findings: &mut Findings) {
    // The walk on which each scope was seen first.
    let mut seen_on: Vec<Option<ScopeId>> = vec![None; parents.len()];
    for start in registry.ids() {
        let mut scope = start;
        while seen_on[scope.index()].is_none() {
            seen_on[scope.index()] = Some(start);
            match parents[scope.index()] {
                Some(parent) => scope = parent,
                None => break,
            }
        }
        let is_on_new_cycle = seen_on[scope.index()] == Some(start) && parents[scope.index()].is_some();
        if is_on_new_cycle {
            let beyond = std::iter::successors(parents[scope.index()], |scope| parents[scope.index()]);
            let cycle: Vec<ScopeId> =
                std::iter::once(scope).chain(beyond.take_while(|&other| other != scope)).collect();
            findings.push(cycle_of_scopes(registry, &cycle));
        }
    }
}

/// Reports the first scope by id of those that are one too deep, and how many there are; the tree has
/// no cycle.
fn report_depth(registry: &Registry<ScopeId, Parent<'_>>, parents: &[Option<ScopeId>], findings: &mut Findings) {
    let mut depths: Vec<Option<usize>> = vec![None; parents.len()];
    for start in registry.ids() {
        let is_new = |scope: &ScopeId| depths[scope.index()].is_none();
        let above = std::iter::successors(Some(start), |scope| parents[scope.index()]);
        let walk: Vec<ScopeId> = above.take_while(is_new).collect();
        for scope in walk.into_iter().rev() {
            let parent_depth = parents[scope.index()].map_or(0, |parent| depths[parent.index()].unwrap_or(0));
            depths[scope.index()] = Some(parent_depth + 1);
        }
    }
    let is_first_too_deep = |scope: &ScopeId| depths[scope.index()] == Some(SCOPE_DEPTH_MAX + 1);
    let mut too_deep = registry.ids().filter(is_first_too_deep);
    let Some(first) = too_deep.next() else { return };
    let row = registry.row(first);
    let others = match too_deep.count() {
        0 => String::new(),
        count => format!(", and {count} more"),
    };
    let message =
        format!("scope `{}` lies deeper than {SCOPE_DEPTH_MAX} scopes{others}; expected a tree of places", row.id);
    let finding = Diagnostic::new(Code::Depth, row.facts.0.cell().map_or(row.place, |cell| cell.place), message);
    findings.push(finding.with_help("let scopes be places where rights apply: company, country, site"));
}

fn cycle_of_scopes(registry: &Registry<ScopeId, Parent<'_>>, cycle: &[ScopeId]) -> Diagnostic {
    let names: Vec<&str> = cycle.iter().map(|&scope| registry.row(scope).id.as_str()).collect();
    let place = |scope: ScopeId| {
        let row = registry.row(scope);
        row.facts.0.cell().map_or(row.place, |cell| cell.place)
    };
    let message = format!("scopes lie in each other: {}; expected a tree", diagnostic::cycle(&names, " in "));
    let mut finding = Diagnostic::new(Code::Cycle, place(cycle[0]), message).with_help("remove one `parent`");
    for &scope in cycle[1..].iter().take(diagnostic::CYCLE_RELATED_MAX) {
        finding = finding.with_related(place(scope), "this parent belongs to the cycle");
    }
    finding
}

impl Scopes<'_> {
    /// The scope under `key` of a row, or the root if it is not given.
    pub(crate) fn of(&self, record: &Record<'_>, key: usize, findings: &mut Findings) -> Option<ScopeId> {
        let entry = record.entries[key];
        if entry.is_present() {
            return self.registry.resolve(entry, record.shape.keys[key], findings);
        }
        match self.root {
            Root::One(root) => Some(root),
            Root::Unknown => None,
            Root::Several => {
                let message = format!("{} has no `scope`; expected one, as there are several roots", record.shape.what);
                let roots: Vec<&str> = (self.registry.rows().iter().zip(&self.parents))
                    .filter(|(_, parent)| parent.is_none())
                    .map(|(row, _)| row.id.as_str())
                    .take(3)
                    .collect();
                let help = format!("write a scope such as {}", diagnostic::alternatives(&roots));
                findings.push(Diagnostic::new(Code::Scope, record.place, message).with_help(help));
                None
            }
        }
    }
}

/// Reads the transfers; a cost needs a currency.
pub(crate) fn read_transfers(
    estate: &Fields<'_, '_>,
    scopes: &Scopes<'_>,
    head: &Head,
    findings: &mut Findings,
) -> Vec<Transfer> {
    let Some((_, items)) = estate.list("transfers", findings) else { return Vec::new() };
    let mut transfers: Vec<(Transfer, Place)> = Vec::new();
    let mut costs = Costs::new(head);
    for item in items {
        let Some(fields) = Fields::open(item, "a transfer", &TRANSFER_KEYS, findings) else { continue };
        let mut end = |key: &str| {
            let entry = fields.required(key, findings);
            scopes.registry.resolve(entry, key, findings)
        };
        let (from, to) = (end("from"), end("to"));
        let cost = costs.read(fields.required("cost", findings), "cost", findings);
        if let (Some(from), Some(to), Some(cost)) = (from, to, cost) {
            transfers.push((Transfer { from, to, cost }, fields.place));
        }
    }
    transfers.sort_unstable();
    for pair in transfers.windows(2) {
        let [(first, first_place), (second, place)] = pair else { continue };
        if (first.from, first.to) == (second.from, second.to) {
            let (place, first_place) = (place.max(first_place), place.min(first_place));
            findings.push(
                Diagnostic::new(Code::Duplicate, *place, "a transfer between these scopes stands twice")
                    .with_related(*first_place, "it stands here first")
                    .with_help("remove one of the two"),
            );
        }
    }
    transfers.into_iter().map(|(transfer, _)| transfer).collect()
}
