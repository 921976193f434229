//! All lawful paths at once: the cheapest path to every destination, by shortest paths over the
//! upgrade rights.
//!
//! For each kind of place in which something is demanded or set aside, the SKUs that can matter there are visited in
//! stacking order; each finds the cheapest of its units and, for an upgrade, the cheapest entitlement
//! below. Reserved units of a target are laid on top. Time: linear in the rights and in the
//! (place, SKU) pairs that can meet; memory: linear in the licenses and the rights.

use crate::allocation::DemandKey;
use crate::facts::Facts;
use crate::places::{Aside, Part, PlaceEnds, Places};
use crate::spot::Spot;
use crate::worth::Levels;
use model::estate::{Sku, Target};
use model::id::{ContractId, LicenseId, ScopeId, SkuId, Table, VersionId};
use model::market::Reinstall;
use model::number::Money;
use std::collections::BTreeMap;
use std::ops::{Add, Range};

/// What the parts of a path weigh. Weights add along a path; the lightest path is wanted.
pub(crate) trait Tariff {
    type Weight: Weight;
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

/// Something that adds along a path and of which the least is wanted.
pub(crate) trait Weight: Copy + Add<Output = Self> {
    /// The lesser one.
    fn lighter(self, other: Self) -> Self;
}

/// The weights of two tariffs; each is the least by itself, perhaps on different paths.
#[derive(Clone, Copy)]
pub(crate) struct Both<A, B>(pub(crate) A, pub(crate) B);

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

/// So many lots are passed faster one by one.
const FEW_LOTS: usize = 8;

/// Calls `visit` with the weight of the lightest lawful path for every ending that has one.
pub(crate) fn lightest_paths<T: Tariff>(
    facts: &Facts<'_>,
    places: &Places<'_, '_>,
    tariff: &T,
    mut visit: impl FnMut(Ending, T::Weight),
) {
    let mut walk = Walk::new(facts, tariff);
    for PlaceEnds { place, parts, asides } in places.ends() {
        let demand = |part: &Part| &facts.demands[part.demands.start].key;
        let wanted = asides.iter().filter_map(|aside| aside.title_assignment);
        let versions = parts.iter().map(|part| demand(part).version);
        let replacements = |part: &Part| tariff.replacements(demand(part).version);
        let others = parts.iter().flat_map(replacements).map(|reinstall| reinstall.to);
        let versions = versions.chain(others).chain(wanted.flat_map(|index| wanted_versions(facts, index)));
        let targets = parts.iter().filter(|part| part.is_apart).flat_map(|part| demand(part).targets());
        walk.enter(Spot::at(facts, *place), versions, targets.chain(asides.iter().map(|aside| aside.target)));
        for part in parts {
            for reinstall in replacements(part) {
                if let Some(weight) = walk.cover(reinstall.to) {
                    visit(Ending::Replaced(part.demands.clone(), *reinstall), weight);
                }
            }
            let lightest = walk.cover(demand(part).version);
            let by_reserved = if part.is_apart { walk.cover_by_reserved(demand(part)) } else { None };
            if let Some(weight) = lighter(lightest, by_reserved) {
                visit(Ending::Demands(part.demands.clone()), weight);
            }
        }
        for asides in asides.chunk_by(|one, other| (one.scope, one.target) == (other.scope, other.target)) {
            let Aside { scope, target, .. } = asides[0];
            let reserved = walk.reserved_aside(target);
            for index in asides.iter().filter_map(|aside| aside.title_assignment) {
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

/// The versions that meet a title assignment.
fn wanted_versions(facts: &Facts<'_>, title_assignment: usize) -> impl Iterator<Item = VersionId> + use<> {
    let wanted = &facts.title_assignments[title_assignment];
    let only = wanted.version;
    let all = model::id::ids_in(&facts.estate.titles[wanted.title].versions);
    all.filter(move |&version| only.is_none_or(|only| only == version))
}

/// Lots of a SKU that share scope and contract, with the lightest of them.
struct LotGroup<W> {
    sku: SkuId,
    scope: ScopeId,
    contract: Option<ContractId>,
    weight: W,
}

/// All lots that may be used; sorted, those of a SKU in one place as one.
fn lot_groups<T: Tariff>(facts: &Facts<'_>, tariff: &T) -> Vec<LotGroup<T::Weight>> {
    let usable = facts.estate.licenses.enumerate().filter(|&(id, _)| facts.lots[id].is_usable);
    let mut lots: Vec<LotGroup<T::Weight>> = usable
        .map(|(id, license)| LotGroup {
            sku: license.sku,
            scope: license.scope,
            contract: license.contract,
            weight: tariff.lot(id),
        })
        .collect();
    lots.sort_unstable_by_key(|group| (group.sku, group.scope, group.contract));
    // Of lots in the same place only the lightest can be on a lightest path.
    lots.dedup_by(|group, first| {
        let is_same = (group.sku, group.scope, group.contract) == (first.sku, first.scope, first.contract);
        if is_same {
            first.weight = first.weight.lighter(group.weight);
        }
        is_same
    });
    lots
}

/// The state of the pass: what is lightest where it entered last.
pub(crate) struct Walk<'f, 'e, T: Tariff> {
    facts: &'f Facts<'e>,
    tariff: &'f T,
    /// By SKU.
    skus: Table<SkuId, WalkedSku<T::Weight>>,
    /// Those of a SKU are neighbors, sorted by scope.
    lots: Vec<LotGroup<T::Weight>>,
    rights: Rights<T::Weight>,
    spot: Spot<'f>,
    /// Which visit filled an entry of the tables below; entries of earlier visits are void.
    visit: u32,
    /// In which visit the SKUs that may cover a version were found to matter.
    asked: Table<VersionId, u32>,
    /// In which visit a SKU was found to matter.
    reached: Table<SkuId, u32>,
    entitlements: Table<VersionId, (u32, Option<T::Weight>)>,
    /// Of the SKUs that were found to matter in this visit.
    paths: Table<SkuId, Option<T::Weight>>,
    covers: Table<VersionId, (u32, Option<T::Weight>)>,
    /// Base SKUs that matter there.
    bases: Vec<SkuId>,
    /// Upgrades that matter there, by their positions in stacking order; sorted in the end.
    upgrades: Vec<usize>,
    /// Lightest entitlements in the place whose topmost unit is reserved for a target, by target.
    reserved: BTreeMap<Target, Vec<(usize, T::Weight)>>,
}

/// The SKUs that may cover each version, side by side with the weights of doing so: most SKUs are only asked
/// whether they matter.
struct Rights<W> {
    of: Table<VersionId, Range<usize>>,
    skus: Vec<SkuId>,
    weights: Vec<W>,
}

impl<W> Rights<W> {
    fn of<T: Tariff<Weight = W>>(facts: &Facts<'_>, tariff: &T) -> Self {
        let skus = facts.estate.skus.enumerate();
        let rights = skus.flat_map(|(id, sku)| sku.may_cover.iter().map(move |&version| (version, id)));
        let mut rights: Vec<(VersionId, SkuId)> = rights.collect();
        rights.sort_unstable();
        let mut of = Table::filled(0..0, facts.estate.versions.len());
        let mut start = 0;
        for rights in rights.chunk_by(|one, other| one.0 == other.0) {
            of[rights[0].0] = start..start + rights.len();
            start += rights.len();
        }
        let weight = |&(version, sku): &(VersionId, SkuId)| tariff.cover(&facts.estate.skus[sku], version);
        Self { of, weights: rights.iter().map(weight).collect(), skus: rights.iter().map(|right| right.1).collect() }
    }
}

/// What the pass needs of a SKU.
#[derive(Clone)]
struct WalkedSku<W> {
    main: VersionId,
    part: W,
    /// Of an upgrade.
    stacking_rank: Option<usize>,
    lots: Range<usize>,
}

impl<'f, 'e, T: Tariff> Walk<'f, 'e, T> {
    pub(crate) fn new(facts: &'f Facts<'e>, tariff: &'f T) -> Self {
        let estate = facts.estate;
        let lots = lot_groups(facts, tariff);
        let mut skus = Table::new(Vec::with_capacity(estate.skus.len()));
        let mut end = 0;
        for (id, sku) in estate.skus.enumerate() {
            let start = end;
            end += lots[start..].iter().take_while(|group| group.sku == id).count();
            let (main, part) = (sku.version, tariff.part(sku));
            let stacking_rank = sku.is_upgrade().then_some(facts.stacking_rank[id]);
            skus.push(WalkedSku { main, part, stacking_rank, lots: start..end });
        }
        Self {
            facts,
            tariff,
            skus,
            lots,
            rights: Rights::of(facts, tariff),
            spot: Spot::default(),
            visit: 0,
            asked: Table::filled(0, estate.versions.len()),
            entitlements: Table::filled((0, None), estate.versions.len()),
            reached: Table::filled(0, estate.skus.len()),
            paths: Table::filled(None, estate.skus.len()),
            covers: Table::filled((0, None), estate.versions.len()),
            bases: Vec::new(),
            upgrades: Vec::new(),
            reserved: BTreeMap::new(),
        }
    }

    /// Finds the lightest paths to a spot that can matter to demand for `versions` and to `targets`.
    pub(crate) fn enter(
        &mut self,
        spot: Spot<'f>,
        versions: impl Iterator<Item = VersionId>,
        targets: impl Iterator<Item = Target>,
    ) {
        self.visit += 1;
        self.spot = spot;
        self.reserved.clear();
        self.find_what_matters(versions, targets);
        for index in 0..self.bases.len() {
            self.weigh(self.bases[index]);
        }
        for index in 0..self.upgrades.len() {
            self.weigh(self.facts.stacking_order[self.upgrades[index]]);
        }
    }

    /// Finds all SKUs from which rights lead to the versions or to reserved units.
    fn find_what_matters(&mut self, versions: impl Iterator<Item = VersionId>, targets: impl Iterator<Item = Target>) {
        let facts = self.facts;
        self.bases.clear();
        self.upgrades.clear();
        for version in versions {
            if std::mem::replace(&mut self.asked[version], self.visit) != self.visit {
                for index in self.rights.of[version].clone() {
                    self.reach(self.rights.skus[index]);
                }
            }
        }
        for target in targets {
            for &unit in reserved_of(facts, target) {
                self.reach(facts.estate.licenses[facts.reserved[unit].license].sku);
            }
        }
        let mut next = 0;
        while let Some(&rank) = self.upgrades.get(next) {
            next += 1;
            for &version in facts.estate.skus[facts.stacking_order[rank]].upgrades.iter().flatten() {
                if self.entitlements[version].0 != self.visit {
                    self.entitlements[version] = (self.visit, None);
                    facts.skus_of[version].iter().for_each(|&below| self.reach(below));
                }
            }
        }
        self.upgrades.sort_unstable();
    }

    /// Notes that a SKU matters in the place.
    fn reach(&mut self, sku: SkuId) {
        if std::mem::replace(&mut self.reached[sku], self.visit) != self.visit {
            match self.skus[sku].stacking_rank {
                Some(rank) => self.upgrades.push(rank),
                None => self.bases.push(sku),
            }
        }
    }

    /// Finds the lightest path whose topmost unit is an unreserved one of the SKU; what it may stand on has
    /// been weighed.
    fn weigh(&mut self, sku: SkuId) {
        self.paths[sku] = self.lightest_lot(sku).and_then(|own| self.stack(sku, own, None));
        if self.paths[sku].is_some() {
            let main = self.skus[sku].main;
            self.entitlements[main] = (self.visit, lighter(self.entitlement(main), self.paths[sku]));
        }
    }

    fn lightest_lot(&self, sku: SkuId) -> Option<T::Weight> {
        let mut lightest = None;
        // Sources and lots are sorted by scope; a few steps lead over a few lots, a search over many.
        let mut lots = &self.lots[self.skus[sku].lots.clone()];
        for &(scope, cost) in self.spot.sources() {
            let is_before = |group: &LotGroup<T::Weight>| group.scope < scope;
            let before = if lots.len() <= FEW_LOTS {
                lots.iter().take_while(|group| is_before(group)).count()
            } else {
                lots.partition_point(is_before)
            };
            lots = &lots[before..];
            if lots.is_empty() {
                break;
            }
            for group in lots.iter().take_while(|group| group.scope == scope) {
                if self.spot.allows(group.contract) {
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
        let own = unit + self.skus[sku].part;
        let Some(upgrades) = &self.facts.estate.skus[sku].upgrades else { return Some(own) };
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
            let rights = self.rights.of[version].clone();
            for (&sku, &cover) in self.rights.skus[rights.clone()].iter().zip(&self.rights.weights[rights]) {
                lightest = lighter(lightest, self.paths[sku].map(|path| path + cover));
            }
            self.covers[version] = (self.visit, lightest);
        }
        self.covers[version].1
    }

    /// The lightest path to a demand whose topmost unit is reserved for its asset or user.
    fn cover_by_reserved(&mut self, key: &DemandKey) -> Option<T::Weight> {
        let facts = self.facts;
        let mut lightest = None;
        for target in key.targets().filter(|&target| facts.reserved_targets.contains(target)) {
            if !self.reserved.contains_key(&target) {
                let entitlements = self.reserved_covering(target);
                self.reserved.insert(target, entitlements);
            }
            for &(unit, weight) in &self.reserved[&target] {
                let sku = facts.estate.sku_of(facts.reserved[unit].license);
                if sku.may_cover(key.version) {
                    lightest = lighter(lightest, Some(weight + self.tariff.cover(sku, key.version)));
                }
            }
        }
        lightest
    }

    /// Lightest entitlements topped by each of the reserved units of the target, used at the spot.
    pub(crate) fn reserved_covering(&mut self, target: Target) -> Vec<(usize, T::Weight)> {
        let facts = self.facts;
        let use_cost = |license| self.spot.use_cost(&facts.estate.licenses[license]);
        self.reserved_entitlements(reserved_of(facts, target), use_cost)
    }

    /// The lightest unreserved entitlement at the spot whose topmost unit is of the SKU.
    pub(crate) fn entitlement_of(&self, sku: SkuId) -> Option<T::Weight> {
        self.paths[sku].filter(|_| self.reached[sku] == self.visit)
    }

    /// Lightest entitlements at the spot entered that are topped by a reserved unit of the target
    /// and not used; reserved units count wherever they are.
    fn reserved_aside(&self, target: Target) -> Vec<(usize, T::Weight)> {
        self.reserved_entitlements(reserved_of(self.facts, target), |_| Some(Money::ZERO))
    }

    fn title_assignment(&self, index: usize, reserved: &[(usize, T::Weight)]) -> Option<T::Weight> {
        let mut lightest = None;
        for version in wanted_versions(self.facts, index) {
            for &sku in &self.rights.skus[self.rights.of[version].clone()] {
                lightest = lighter(lightest, self.paths[sku]);
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

/// The reserved units of a target, in stacking order.
fn reserved_of<'f>(facts: &'f Facts<'_>, target: Target) -> &'f [usize] {
    if !facts.reserved_targets.contains(target) {
        return &[];
    }
    facts.reserved_of.get(&target).map_or(&[], Vec::as_slice)
}

fn lighter<W: Weight>(one: Option<W>, other: Option<W>) -> Option<W> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.lighter(other)),
        (one, None) => one,
        (None, other) => other,
    }
}

impl Weight for i128 {
    fn lighter(self, other: Self) -> Self {
        self.min(other)
    }
}

impl Weight for Levels {
    fn lighter(self, other: Self) -> Self {
        self.min(other)
    }
}

impl<A: Weight, B: Weight> Weight for Both<A, B> {
    fn lighter(self, other: Self) -> Self {
        Self(self.0.lighter(other.0), self.1.lighter(other.1))
    }
}

impl<A: Weight, B: Weight> Add for Both<A, B> {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0, self.1 + other.1)
    }
}

impl<A: Tariff, B: Tariff> Tariff for (&A, &B) {
    type Weight = Both<A::Weight, B::Weight>;

    fn lot(&self, license: LicenseId) -> Self::Weight {
        Both(self.0.lot(license), self.1.lot(license))
    }

    fn reserved(&self, index: usize) -> Self::Weight {
        Both(self.0.reserved(index), self.1.reserved(index))
    }

    fn part(&self, sku: &Sku) -> Self::Weight {
        Both(self.0.part(sku), self.1.part(sku))
    }

    fn transfer(&self, cost: Money) -> Self::Weight {
        Both(self.0.transfer(cost), self.1.transfer(cost))
    }

    fn cover(&self, sku: &Sku, version: VersionId) -> Self::Weight {
        Both(self.0.cover(sku, version), self.1.cover(sku, version))
    }

    fn aside(&self) -> Self::Weight {
        Both(self.0.aside(), self.1.aside())
    }
}
