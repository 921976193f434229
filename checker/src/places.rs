//! The places in which lawful paths can end, told apart by what can be used there at what cost.
//!
//! Takes time and memory linear in the demands and the assignments, but for sorting.

use crate::allocation::DemandKey;
use crate::facts::{Facts, MetBy};
use model::estate::Target;
use model::id::{ContractId, ScopeId, Table};
use model::number::Money;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Where something is demanded: in a scope, perhaps under a contract.
pub(crate) type Place = (ScopeId, Option<ContractId>);

/// Where lawful paths can end, by kind of place.
pub(crate) struct Places<'f, 'e> {
    facts: &'f Facts<'e>,
    /// Scopes and contracts that licenses have.
    scopes: BTreeSet<ScopeId>,
    contracts: BTreeSet<ContractId>,
    by_kind: BTreeMap<PlaceKind, usize>,
    by_place: Table<ScopeId, BTreeMap<Option<ContractId>, usize>>,
    ends: Vec<PlaceEnds>,
}

/// Where paths can end in places of one kind: unreserved paths to them weigh the same.
pub(crate) struct PlaceEnds {
    /// One of the places.
    pub(crate) place: Place,
    /// By version.
    pub(crate) parts: Vec<Part>,
    /// Sorted.
    pub(crate) asides: Vec<Aside>,
}

/// Demands for one version in places of one kind, any path to one can go to each.
pub(crate) struct Part {
    pub(crate) demands: Range<usize>,
    /// Whether it is one demand whose asset or user has reserved units.
    pub(crate) is_apart: bool,
}

/// What can be set aside for a target in a scope: something for a title assignment, or reserved units alone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Aside {
    pub(crate) scope: ScopeId,
    pub(crate) target: Target,
    pub(crate) title_assignment: Option<usize>,
}

impl<'f, 'e> Places<'f, 'e> {
    /// Sorts demands and what can be set aside by place.
    pub(crate) fn of(facts: &'f Facts<'e>) -> Self {
        let licenses = || facts.estate.licenses.iter();
        let mut places = Self {
            facts,
            scopes: licenses().map(|license| license.scope).collect(),
            contracts: licenses().filter_map(|license| license.contract).collect(),
            by_kind: BTreeMap::new(),
            by_place: Table::filled(BTreeMap::new(), facts.estate.scopes.len()),
            ends: Vec::new(),
        };
        let mut start = 0;
        for run in facts.demands.chunk_by(|one, other| one.key.is_beside(&other.key)) {
            let DemandKey { scope, contract, .. } = run[0].key;
            add_parts(facts, &mut places.ends_at((scope, contract)).parts, start..start + run.len());
            start += run.len();
        }
        for aside in asides(facts) {
            places.ends_at((aside.scope, None)).asides.push(aside);
        }
        places
    }

    /// All kinds of places.
    pub(crate) fn ends(&self) -> &[PlaceEnds] {
        &self.ends
    }

    /// What can end in places of the kind of this one.
    fn ends_at(&mut self, place: Place) -> &mut PlaceEnds {
        let (scope, contract) = place;
        if let Some(&index) = self.by_place[scope].get(&contract) {
            return &mut self.ends[index];
        }
        let sources = self.facts.sources(scope).iter().copied();
        let kind = PlaceKind {
            sources: sources.filter(|(from, _)| self.scopes.contains(from)).collect(),
            contract: match contract {
                None => ContractKind::Unrestricted,
                Some(contract) if self.contracts.contains(&contract) => ContractKind::Licensed(contract),
                Some(_) => ContractKind::Unlicensed,
            },
        };
        let index = *self.by_kind.entry(kind).or_insert(self.ends.len());
        if index == self.ends.len() {
            self.ends.push(PlaceEnds { place, parts: Vec::new(), asides: Vec::new() });
        }
        self.by_place[scope].insert(contract, index);
        &mut self.ends[index]
    }
}

/// Adds demands for one version in one place: each whose asset or user has reserved units stands
/// alone, the others join their neighbors.
fn add_parts(facts: &Facts<'_>, parts: &mut Vec<Part>, run: Range<usize>) {
    let version = facts.demands[run.start].key.version;
    for index in run {
        let is_apart = facts.reserved_targets.have(&facts.demands[index].key);
        match parts.last_mut() {
            Some(Part { demands, is_apart: false })
                if !is_apart && demands.end == index && facts.demands[demands.start].key.version == version =>
            {
                demands.end += 1;
            }
            _ => parts.push(Part { demands: index..index + 1, is_apart }),
        }
    }
}

/// What tells places apart: whose licenses may be used there at what cost, and under which contract.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct PlaceKind {
    sources: Vec<(ScopeId, Money)>,
    contract: ContractKind,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum ContractKind {
    Unrestricted,
    Licensed(ContractId),
    /// A contract that no license has is as good as any other such.
    Unlicensed,
}

/// What can be set aside, sorted by scope and target.
fn asides(facts: &Facts<'_>) -> Vec<Aside> {
    let reserved = facts.reserved.iter();
    let mut asides: Vec<Aside> =
        reserved.map(|unit| Aside { scope: unit.scope, target: unit.target, title_assignment: None }).collect();
    for (index, row) in facts.title_assignments.iter().enumerate() {
        if row.met_by == MetBy::SettingAside {
            asides.push(Aside { scope: row.scope, target: row.target, title_assignment: Some(index) });
        }
    }
    asides.sort_unstable();
    asides
}
