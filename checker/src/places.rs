//! The places in which lawful paths can end, told apart by what can be used there.
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

/// Where lawful paths can end, by place.
pub(crate) struct Places {
    /// Demands by kind of place, each kind with one of its places: paths to them weigh the same.
    pub(crate) demands: Vec<(Place, Vec<Part>)>,
    /// Sorted by scope and target.
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

impl Places {
    /// Sorts demands and what can be set aside by place.
    pub(crate) fn of(facts: &Facts<'_>) -> Self {
        Self { demands: demands_by_place(facts), asides: asides_by_scope(facts) }
    }
}

/// Demands in parts for one version in places of one kind.
fn demands_by_place(facts: &Facts<'_>) -> Vec<(Place, Vec<Part>)> {
    let licenses = || facts.estate.licenses.iter();
    let scopes: BTreeSet<ScopeId> = licenses().map(|license| license.scope).collect();
    let contracts: BTreeSet<ContractId> = licenses().filter_map(|license| license.contract).collect();
    let kind = |(scope, contract): Place| PlaceKind {
        sources: facts.sources(scope).iter().copied().filter(|(from, _)| scopes.contains(from)).collect(),
        contract: match contract {
            None => ContractKind::Unrestricted,
            Some(contract) if contracts.contains(&contract) => ContractKind::Licensed(contract),
            Some(_) => ContractKind::Unlicensed,
        },
    };
    let mut kinds: BTreeMap<PlaceKind, usize> = BTreeMap::new();
    let mut kind_at: Table<ScopeId, BTreeMap<Option<ContractId>, usize>> =
        Table::filled(BTreeMap::new(), facts.estate.scopes.len());
    let mut places: Vec<(Place, Vec<Part>)> = Vec::new();
    let mut start = 0;
    for run in facts.demands.chunk_by(|one, other| one.key.is_beside(&other.key)) {
        let DemandKey { scope, contract, .. } = run[0].key;
        let index = *kind_at[scope].entry(contract).or_insert_with(|| {
            *kinds.entry(kind((scope, contract))).or_insert_with(|| {
                places.push(((scope, contract), Vec::new()));
                places.len() - 1
            })
        });
        add_parts(facts, &mut places[index].1, start..start + run.len());
        start += run.len();
    }
    places
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

/// What can be set aside, by scope and target.
fn asides_by_scope(facts: &Facts<'_>) -> Vec<Aside> {
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
