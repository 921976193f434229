//! All lawful paths at once: the cheapest path to every destination, by shortest paths over the
//! upgrade rights.
//!
//! For each kind of place in which something is demanded, the SKUs that can matter there are visited in
//! stacking order; each finds the cheapest of its units and, for an upgrade, the cheapest entitlement
//! below. Reserved units of a target are laid on top. Time: linear in the rights and in the
//! (place, SKU) pairs that can meet; memory: linear in the SKUs and versions.

use crate::allocation::DemandKey;
use crate::facts::{Facts, MetBy, contracts_agree};
use model::estate::{Sku, Target};
use model::id::{ContractId, LicenseId, ScopeId, SkuId, Table, VersionId};
use model::market::Reinstall;
use model::number::Money;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Add, Range};

/// What the parts of a path weigh. Weights add along a path; the lightest path is wanted.
pub(crate) trait Tariff {
    type Weight: Copy + Ord + Add<Output = Self::Weight>;
    /// An unreserved unit of a license.
    fn lot(&self, license: LicenseId) -> Self::Weight;
    /// A reserved unit, by its index in the facts.
    fn reserved(&self, index: usize) -> Self::Weight;
    /// A unit of the SKU taking its part in a path, as base or upgrade.
    fn part(&self, sku: &Sku) -> Self::Weight;
    /// Use of a unit outside its own tree.
    fn transfer(&self, cost: Money) -> Self::Weight;
    /// Coverage of a version by the topmost SKU.
    fn cover(&self, sku: &Sku, version: VersionId) -> Self::Weight;
    /// Being set aside.
    fn aside(&self) -> Self::Weight;
    /// What may be put in the place of installs of a version, so that paths to it may end at their demand.
    fn replacements(&self, _version: VersionId) -> &[Reinstall] {
        &[]
    }
}

/// Where a lawful path can end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// At one of these demands, by index: all for one version, and any path to one can go to each.
    Demands(Range<usize>),
    /// At those of these demands whose installs may be replaced, in the place of which another version is put; what
    /// that costs is no part of the path's weight.
    Replaced(Range<usize>, Reinstall),
    /// Set aside for a title assignment, by its index.
    TitleAssignment(usize),
    /// Set aside for the assignment of the topmost reserved unit, by its index.
    Reserved(usize),
}

type Place = (ScopeId, Option<ContractId>);

/// Calls `visit` with the weight of the lightest lawful path for every ending that has one.
pub(crate) fn lightest_paths<T: Tariff>(
    facts: &Facts<'_>,
    places: &Places,
    tariff: &T,
    mut visit: impl FnMut(Ending, T::Weight),
) {
    let mut walk = Walk::new(facts, tariff);
    for (place, runs) in &places.0 {
        let demands = runs.iter().cloned().flatten().map(|index| &facts.demands[index].key);
        let targets = with_reserved_units(facts, demands.flat_map(DemandKey::targets));
        let replacements = |run: &Range<usize>| tariff.replacements(facts.demands[run.start].key.version);
        let versions = runs.iter().map(|run| facts.demands[run.start].key.version);
        let others = runs.iter().flat_map(replacements).map(|reinstall| reinstall.to);
        walk.enter(*place, versions.chain(others), &targets);
        for run in runs {
            for reinstall in replacements(run) {
                if let Some(weight) = walk.cover(reinstall.to) {
                    visit(Ending::Replaced(run.clone(), *reinstall), weight);
                }
            }
            let lightest = walk.cover(facts.demands[run.start].key.version);
            for part in apart_with_reserved_units(facts, run.clone()) {
                if let Some(weight) = lighter(lightest, walk.cover_by_reserved(part.start)) {
                    visit(Ending::Demands(part), weight);
                }
            }
        }
    }
    for (scope, by_target) in asides_by_scope(facts) {
        let wanted = by_target.values().flatten().flat_map(|&index| wanted_versions(facts, index));
        walk.enter((scope, None), wanted, &with_reserved_units(facts, by_target.keys().copied()));
        for (target, title_assignments) in by_target {
            let reserved = walk.reserved_aside(target);
            for index in title_assignments {
                if let Some(weight) = walk.title_assignment(index, &reserved) {
                    visit(Ending::TitleAssignment(index), weight);
                }
            }
            for (unit, weight) in reserved.into_iter().filter(|&(unit, _)| facts.reserved[unit].scope == scope) {
                visit(Ending::Reserved(unit), weight + tariff.aside());
            }
        }
    }
}

/// Demands by kind of place, each kind with one of its places: paths to them weigh the same.
pub(crate) struct Places(Vec<(Place, Vec<Range<usize>>)>);

impl Places {
    /// Sorts demands into runs for one version in places of one kind.
    pub(crate) fn of(facts: &Facts<'_>) -> Self {
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
        let mut kind_at: BTreeMap<Place, usize> = BTreeMap::new();
        let mut places: Vec<(Place, Vec<Range<usize>>)> = Vec::new();
        let mut start = 0;
        for run in facts.demands.chunk_by(|one, other| one.key.is_beside(&other.key)) {
            let DemandKey { version, scope, contract, .. } = run[0].key;
            let place = (scope, contract);
            let end = start + run.len();
            let index = *kind_at.entry(place).or_insert_with(|| {
                *kinds.entry(kind(place)).or_insert_with(|| {
                    places.push((place, Vec::new()));
                    places.len() - 1
                })
            });
            match places[index].1.last_mut() {
                Some(last) if last.end == start && facts.demands[last.start].key.version == version => last.end = end,
                _ => places[index].1.push(start..end),
            }
            start = end;
        }
        Self(places)
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

/// For each scope, the targets for which something can be set aside there, with their title assignments.
fn asides_by_scope(facts: &Facts<'_>) -> BTreeMap<ScopeId, BTreeMap<Target, Vec<usize>>> {
    let mut scopes: BTreeMap<ScopeId, BTreeMap<Target, Vec<usize>>> = BTreeMap::new();
    for (index, row) in facts.title_assignments.iter().enumerate() {
        if row.met_by == MetBy::SettingAside {
            scopes.entry(row.scope).or_default().entry(row.target).or_default().push(index);
        }
    }
    for unit in &facts.reserved {
        scopes.entry(unit.scope).or_default().entry(unit.target).or_default();
    }
    scopes
}

/// The versions that meet a title assignment.
fn wanted_versions(facts: &Facts<'_>, title_assignment: usize) -> impl Iterator<Item = VersionId> + use<> {
    let wanted = &facts.title_assignments[title_assignment];
    let only = wanted.version;
    let all = model::id::ids_in(&facts.estate.titles[wanted.title].versions);
    all.filter(move |&version| only.is_none_or(|only| only == version))
}

/// Those of the targets that have reserved units; sorted, no two alike.
fn with_reserved_units(facts: &Facts<'_>, targets: impl Iterator<Item = Target>) -> Vec<Target> {
    let mut found: Vec<Target> = targets.filter(|&target| facts.reserved_targets.contains(target)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// A run of demands in parts: each demand whose asset or user has reserved units stands alone.
fn apart_with_reserved_units(facts: &Facts<'_>, run: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let is_alone = |index: usize| facts.reserved_targets.have(&facts.demands[index].key);
    let mut start = run.start;
    std::iter::from_fn(move || {
        let first = start;
        if first == run.end {
            return None;
        }
        start += 1;
        if !is_alone(first) {
            start = (start..run.end).find(|&index| is_alone(index)).unwrap_or(run.end);
        }
        Some(first..start)
    })
}

/// Lots of a SKU that share scope and contract, with the lightest of them.
struct LotGroup<W> {
    scope: ScopeId,
    contract: Option<ContractId>,
    weight: W,
}

/// The state of the pass: what is lightest in the place entered last.
struct Walk<'f, 'e, T: Tariff> {
    facts: &'f Facts<'e>,
    tariff: &'f T,
    /// By SKU, sorted by scope.
    lots: Table<SkuId, Vec<LotGroup<T::Weight>>>,
    /// SKUs that may cover a version.
    covering: Table<VersionId, Vec<SkuId>>,
    place: Place,
    /// Which visit filled an entry of the three tables below; entries of earlier visits are void.
    visit: u32,
    entitlements: Table<VersionId, (u32, Option<T::Weight>)>,
    paths: Table<SkuId, (u32, Option<T::Weight>)>,
    covers: Table<VersionId, (u32, Option<T::Weight>)>,
    /// Lightest entitlements in the place whose topmost unit is reserved for a target, by target.
    reserved: BTreeMap<Target, Vec<(usize, T::Weight)>>,
}

impl<'f, 'e, T: Tariff> Walk<'f, 'e, T> {
    fn new(facts: &'f Facts<'e>, tariff: &'f T) -> Self {
        let estate = facts.estate;
        let mut lots: Table<SkuId, Vec<LotGroup<T::Weight>>> =
            Table::new(estate.skus.iter().map(|_| Vec::new()).collect());
        for (id, license) in estate.licenses.enumerate().filter(|&(id, _)| facts.lots[id].is_usable) {
            let (scope, contract) = (license.scope, license.contract);
            lots[license.sku].push(LotGroup { scope, contract, weight: tariff.lot(id) });
        }
        let mut covering = Table::filled(Vec::new(), estate.versions.len());
        for (id, sku) in estate.skus.enumerate() {
            for &version in &sku.may_cover {
                covering[version].push(id);
            }
            lots[id].sort_unstable_by_key(|group| (group.scope, group.contract, group.weight));
            // Of lots in the same place only the lightest can be on a lightest path.
            lots[id].dedup_by_key(|group| (group.scope, group.contract));
        }
        Self {
            facts,
            tariff,
            lots,
            covering,
            place: (model::id::Id::at(0), None),
            visit: 0,
            entitlements: Table::filled((0, None), estate.versions.len()),
            paths: Table::filled((0, None), estate.skus.len()),
            covers: Table::filled((0, None), estate.versions.len()),
            reserved: BTreeMap::new(),
        }
    }

    /// Finds the lightest paths in `place` that can matter to demand for `versions` and to `targets`.
    fn enter(&mut self, place: Place, versions: impl Iterator<Item = VersionId>, targets: &[Target]) {
        self.visit += 1;
        self.place = place;
        for sku in self.skus_that_matter(versions, targets) {
            let own = self.lightest_lot(sku);
            let weight = own.and_then(|own| self.stack(sku, own, None));
            self.paths[sku] = (self.visit, weight);
            let main = self.facts.estate.skus[sku].version;
            let known = self.entitlement(main);
            self.entitlements[main] = (self.visit, lighter(known, weight));
        }
        self.reserved.clear();
        for &target in targets {
            if let Some(units) = self.facts.reserved_of.get(&target) {
                let use_cost = |license| self.facts.use_cost(license, place.0, place.1);
                let entitlements = self.reserved_entitlements(units, use_cost);
                self.reserved.insert(target, entitlements);
            }
        }
    }

    /// In stacking order, all SKUs from which rights lead to the versions or to reserved units.
    fn skus_that_matter(&mut self, versions: impl Iterator<Item = VersionId>, targets: &[Target]) -> Vec<SkuId> {
        let estate = self.facts.estate;
        let mut open: Vec<SkuId> = Vec::new();
        let mut asked: Vec<VersionId> = versions.collect();
        asked.sort_unstable();
        asked.dedup();
        open.extend(asked.iter().flat_map(|&version| &self.covering[version]));
        let reserved = targets.iter().filter_map(|target| self.facts.reserved_of.get(target)).flatten();
        open.extend(reserved.map(|&index| estate.licenses[self.facts.reserved[index].license].sku));
        let mut found = Vec::new();
        while let Some(sku) = open.pop() {
            if self.paths[sku].0 == self.visit {
                continue;
            }
            self.paths[sku] = (self.visit, None);
            found.push(sku);
            for &version in estate.skus[sku].upgrades.iter().flatten() {
                if self.entitlements[version].0 != self.visit {
                    self.entitlements[version] = (self.visit, None);
                    open.extend(&self.facts.skus_of[version]);
                }
            }
        }
        found.sort_unstable_by_key(|&sku| self.facts.stacking_rank[sku]);
        found
    }

    fn lightest_lot(&self, sku: SkuId) -> Option<T::Weight> {
        let lots = &self.lots[sku];
        let mut lightest = None;
        for &(scope, cost) in self.facts.sources(self.place.0) {
            let first = lots.partition_point(|group| group.scope < scope);
            for group in lots[first..].iter().take_while(|group| group.scope == scope) {
                if contracts_agree(group.contract, self.place.1) {
                    let is_free = cost == Money::ZERO;
                    let weight = if is_free { group.weight } else { group.weight + self.tariff.transfer(cost) };
                    lightest = lighter(lightest, Some(weight));
                }
            }
        }
        lightest
    }

    /// The weight of a unit of `sku` with what it stands on: an unreserved entitlement, or one of
    /// `below` by main version; none if it is an upgrade and has nothing to stand on.
    fn stack(&self, sku: SkuId, unit: T::Weight, below: Option<&BTreeMap<VersionId, T::Weight>>) -> Option<T::Weight> {
        let sku = &self.facts.estate.skus[sku];
        let own = unit + self.tariff.part(sku);
        let Some(upgrades) = &sku.upgrades else { return Some(own) };
        let mut lightest = None;
        for &version in upgrades {
            lightest = lighter(lightest, self.entitlement(version));
            lightest = lighter(lightest, below.and_then(|below| below.get(&version).copied()));
        }
        lightest.map(|below| own + below)
    }

    fn entitlement(&self, version: VersionId) -> Option<T::Weight> {
        let (visit, weight) = self.entitlements[version];
        weight.filter(|_| visit == self.visit)
    }

    /// Lightest entitlements topped by each of the reserved `units` of one target, in stacking order.
    fn reserved_entitlements(
        &self,
        units: &[usize],
        use_cost: impl Fn(LicenseId) -> Option<Money>,
    ) -> Vec<(usize, T::Weight)> {
        let estate = self.facts.estate;
        let mut by_main: BTreeMap<VersionId, T::Weight> = BTreeMap::new();
        let mut found = Vec::new();
        for &index in units {
            let license = self.facts.reserved[index].license;
            let Some(cost) = use_cost(license) else { continue };
            let unit = self.tariff.reserved(index) + self.tariff.transfer(cost);
            if let Some(weight) = self.stack(estate.licenses[license].sku, unit, Some(&by_main)) {
                let main = estate.sku_of(license).version;
                let known = by_main.get(&main).copied();
                by_main.extend(lighter(known, Some(weight)).map(|weight| (main, weight)));
                found.push((index, weight));
            }
        }
        found
    }

    /// The lightest unreserved path in the place that covers `version`.
    fn cover(&mut self, version: VersionId) -> Option<T::Weight> {
        if self.covers[version].0 != self.visit {
            let mut lightest = None;
            for &sku in &self.covering[version] {
                let cover = |path| path + self.tariff.cover(&self.facts.estate.skus[sku], version);
                lightest = lighter(lightest, self.paths[sku].1.map(cover));
            }
            self.covers[version] = (self.visit, lightest);
        }
        self.covers[version].1
    }

    /// The lightest path to a demand whose topmost unit is reserved for its asset or user.
    fn cover_by_reserved(&self, index: usize) -> Option<T::Weight> {
        let key = &self.facts.demands[index].key;
        let mut lightest = None;
        for target in key.targets() {
            for &(unit, weight) in self.reserved.get(&target).into_iter().flatten() {
                let sku = self.facts.estate.sku_of(self.facts.reserved[unit].license);
                if sku.may_cover(key.version) {
                    lightest = lighter(lightest, Some(weight + self.tariff.cover(sku, key.version)));
                }
            }
        }
        lightest
    }

    /// Lightest entitlements in the scope entered that are topped by a reserved unit of the target
    /// and not used; reserved units count wherever they are.
    fn reserved_aside(&self, target: Target) -> Vec<(usize, T::Weight)> {
        let units = self.facts.reserved_of.get(&target).map_or(&[][..], Vec::as_slice);
        self.reserved_entitlements(units, |_| Some(Money::ZERO))
    }

    fn title_assignment(&self, index: usize, reserved: &[(usize, T::Weight)]) -> Option<T::Weight> {
        let mut lightest = None;
        for version in wanted_versions(self.facts, index) {
            for &sku in &self.covering[version] {
                lightest = lighter(lightest, self.paths[sku].1);
            }
        }
        for &(unit, weight) in reserved {
            let sku = self.facts.estate.licenses[self.facts.reserved[unit].license].sku;
            if self.facts.satisfies(sku, &self.facts.title_assignments[index]) {
                lightest = lighter(lightest, Some(weight));
            }
        }
        lightest.map(|path| path + self.tariff.aside())
    }
}

fn lighter<W: Ord>(one: Option<W>, other: Option<W>) -> Option<W> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, None) => one,
        (None, other) => other,
    }
}
