//! What every reader of a scenario file needs: the names of the estate, and whether money may be stated.
//!
//! Where the estate could not be read, names are not looked up: what is wrong with the rest of the file is said all
//! the same, and nothing that would follow from the estate.

use super::installs::Installed;
use model::diagnostic::{Code, Diagnostic, Place, alternatives};
use model::estate::Estate;
use model::fields::{Cell, Entry, Fields, wrong_type, wrong_type_at};
use model::findings::Findings;
use model::id::{LicenseId, ScopeId, SkuId, VersionId};
use model::lookup::Names;
use model::number::Money;
use model::value::{self, Fault};
use model::yaml::{Node, Value};
use std::ops::Range;

/// What stands for nothing where something could.
const NONE: &str = "none";

/// Reads `none`, or what another reader reads.
pub(crate) fn or_none<T>(read: impl Fn(&str) -> Result<T, Fault>) -> impl Fn(&str) -> Result<Option<T>, Fault> {
    move |text| {
        if text == NONE {
            return Ok(None);
        }
        read(text).map(Some).map_err(|fault| Fault { expected: format!("{}, or `{NONE}`", fault.expected), ..fault })
    }
}

/// Roots that are named where a scope is missing.
const ROOTS_SHOWN: usize = 3;

/// What references resolve in.
pub(crate) struct Context<'e> {
    known: Option<Known<'e>>,
    /// Whether nothing needs to be said about the currency: it is there, or it was said.
    is_currency_settled: bool,
}

/// An estate with its names.
pub(crate) struct Known<'e> {
    pub(crate) estate: &'e Estate,
    pub(crate) names: Names,
    pub(crate) installed: Installed,
}

impl<'e> Context<'e> {
    pub(crate) fn new(estate: Option<&'e Estate>) -> Self {
        let is_currency_settled = estate.is_none_or(|estate| estate.currency.is_some());
        Self {
            known: estate.map(|estate| Known { estate, names: Names::of(estate), installed: Installed::default() }),
            is_currency_settled,
        }
    }

    pub(crate) fn known(&self) -> Option<&Known<'e>> {
        self.known.as_ref()
    }

    pub(crate) fn known_mut(&mut self) -> Option<&mut Known<'e>> {
        self.known.as_mut()
    }

    /// The amount under `key`; the first one beside an estate without currency is reported.
    pub(crate) fn money(&mut self, entry: Entry<'_>, key: &str, findings: &mut Findings) -> Option<Money> {
        self.settle_currency(entry, findings);
        entry.read(key, findings, value::money)
    }

    /// The same; none where `none` stands.
    pub(crate) fn money_or_none(&mut self, entry: Entry<'_>, key: &str, findings: &mut Findings) -> Option<Money> {
        if entry.cell().is_some_and(|cell| cell.text != NONE) {
            self.settle_currency(entry, findings);
        }
        entry.read(key, findings, or_none(value::money)).flatten()
    }

    fn settle_currency(&mut self, entry: Entry<'_>, findings: &mut Findings) {
        if let Some(cell) = entry.cell()
            && !std::mem::replace(&mut self.is_currency_settled, true)
        {
            let message = "money stands here, but the estate has no `currency`";
            findings.push(
                Diagnostic::new(Code::Currency, cell.place, message)
                    .with_help("write `currency: EUR` into the estate, or another of ISO 4217"),
            );
        }
    }

    pub(crate) fn version(&self, entry: Entry<'_>, key: &str, findings: &mut Findings) -> Option<VersionId> {
        self.known.as_ref()?.names.version(entry, key, findings)
    }

    pub(crate) fn sku(&self, entry: Entry<'_>, key: &str, findings: &mut Findings) -> Option<SkuId> {
        self.known.as_ref()?.names.sku(entry, key, findings)
    }

    pub(crate) fn license(&self, entry: Entry<'_>, key: &str, findings: &mut Findings) -> Option<LicenseId> {
        self.known.as_ref()?.names.license(entry, key, findings)
    }

    pub(crate) fn scope(&self, entry: Entry<'_>, key: &str, findings: &mut Findings) -> Option<ScopeId> {
        self.known.as_ref()?.names.scope(entry, key, findings)
    }

    /// The versions that a text names, or each text of a list; none if one of them is refused.
    pub(crate) fn versions(
        &self,
        fields: &Fields<'_, '_>,
        key: &str,
        findings: &mut Findings,
    ) -> Option<Vec<Range<VersionId>>> {
        let Some((key_place, node)) = fields.node(key) else {
            if !fields.is_misspelled(key) {
                findings.push(model::fields::missing(fields.what, key, fields.place));
            }
            return None;
        };
        match &node.value {
            Value::Text(_) => self.range(node, key, findings).map(|range| vec![range]),
            Value::List(items) if items.is_empty() => {
                let message = format!("`{key}` is empty; expected at least one reference");
                findings.push(
                    Diagnostic::new(Code::EmptyList, key_place, message)
                        .with_help("write `title@version`, or `title@*`"),
                );
                None
            }
            // All are read before one that is refused counts.
            Value::List(items) => {
                let ranges: Vec<_> = items.iter().map(|item| self.range(item, key, findings)).collect();
                ranges.into_iter().collect()
            }
            _ => {
                wrong_type_at(node, key_place, key, "a reference such as `title@*`, or a list of them", None, findings);
                None
            }
        }
    }

    fn range(&self, node: &Node<'_>, key: &str, findings: &mut Findings) -> Option<Range<VersionId>> {
        let Value::Text(text) = &node.value else {
            wrong_type(node, || "a reference such as `title@version`".to_owned(), findings);
            return None;
        };
        self.known.as_ref()?.names.versions(Cell { text, place: node.place }, key, findings)
    }

    /// The scope that `entry` names or, without it, the root among scopes with these parents; `is_there` tells scopes
    /// that are still there.
    pub(crate) fn scope_or_root(
        &self,
        entry: Entry<'_>,
        (what, place): (&str, Place),
        parents: impl Fn(ScopeId) -> Option<ScopeId>,
        is_there: impl Fn(ScopeId) -> bool,
        findings: &mut Findings,
    ) -> Option<ScopeId> {
        if entry.is_present() {
            return self.scope(entry, "scope", findings);
        }
        let scopes = &self.known.as_ref()?.estate.scopes;
        let roots: Vec<ScopeId> = scopes.ids().filter(|&scope| is_there(scope) && parents(scope).is_none()).collect();
        if let [root] = roots.as_slice() {
            return Some(*root);
        }
        let message = format!("{what} has no `scope`; expected one, as there are several roots");
        let names: Vec<&str> = roots.iter().take(ROOTS_SHOWN).map(|&root| scopes[root].id.as_str()).collect();
        let help = format!("write a scope such as {}", alternatives(&names));
        findings.push(Diagnostic::new(Code::Scope, place, message).with_help(help));
        None
    }
}

/// Whether exactly one of two keys is given; anything else is reported.
pub(crate) fn exactly_one(fields: &Fields<'_, '_>, one: &str, other: &str, findings: &mut Findings) -> bool {
    let what = fields.what;
    match (fields.node(one), fields.node(other)) {
        (Some(_), None) | (None, Some(_)) => return true,
        (Some((first, _)), Some((second, _))) => findings.push(
            Diagnostic::new(Code::OneOf, first.max(second), format!("{what} has `{one}` and `{other}`; expected one"))
                .with_related(first.min(second), "the other one is given here")
                .with_help("remove one of the two"),
        ),
        (None, None) if fields.is_misspelled(one) || fields.is_misspelled(other) => {}
        (None, None) => {
            let message = format!("{what} has neither `{one}` nor `{other}`; expected one");
            let help = format!("write `{one}` or `{other}`");
            findings.push(Diagnostic::new(Code::OneOf, fields.place, message).with_help(help));
        }
    }
    false
}

/// Reports keys that say nothing beside another one.
pub(crate) fn refuse_beside(fields: &Fields<'_, '_>, keys: &[&str], given: &str, help: &str, findings: &mut Findings) {
    for key in keys {
        if let Some((place, _)) = fields.node(key) {
            let message = format!("{} has `{key}` beside `{given}`; expected one of the two", fields.what);
            findings.push(Diagnostic::new(Code::OneOf, place, message).with_help(help));
        }
    }
}
