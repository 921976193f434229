//! Reach: how many installs of a version could be covered if it were the only demand.
//!
//! Without assignments every unit is like any other; a gated lot has as many as are reserved. Where no
//! upgrade leads to the version, reach is a sum over the lots that may be used where it is demanded.
//! Else it is a maximum flow from base lots through upgrade lots, over the few lots from which rights
//! lead to the version. An upgrade lot on entitlements that differ in where they may be used is split
//! for each kind of them; where it can run out these share its units, and the flow is an integer
//! program's. Its answer counts only where an exact bound meets it; else, and without integer programs,
//! reach is not known.
//!
//! Cost: for each version, linear in the rights that lead to it times the places where it is demanded,
//! and the flow.

use crate::homes::Kind;
use crate::places::{Extent, Map, Place, Site};
use crate::problem::{Demand, Problem};
use crate::simplex::{Network, Outcome, Start, Workspace, artificial_cost};
use model::estate::{Estate, Target};
use model::id::{ContractId, Id, ScopeId, SkuId, Table, VersionId};
use model::number::Quantity;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// How many installs of a version could be covered if it were the only demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// So many.
    Installs(Quantity),
    /// As many as there may be.
    Unlimited,
    /// Not known: the upgrade rights that lead to the version are no network, and what was found is not
    /// proved; or licenses may cover several of its installs at once.
    Unknown,
}

/// The reach of every version.
pub(crate) fn reach(problem: &Problem<'_>, map: &Map<'_>) -> Table<VersionId, Reach> {
    let rights = Rights::of(problem, map);
    let count = problem.estate.versions.len();
    let rows = (0..count).into_par_iter().map_init(Workspace::new, |workspace, version| {
        let version = VersionId::at(version);
        if rights.may_cover_several(version) {
            return Reach::Unknown;
        }
        let places: Vec<PlaceAt> =
            rights.places(version).into_iter().map(|place| (map.preorder(place.scope), place.contract)).collect();
        let leads_by_upgrades = |&&sku: &&SkuId| problem.estate.skus[sku].is_upgrade() && !rights.lots[sku].is_empty();
        if rights.covering[version].iter().any(|sku| leads_by_upgrades(&sku)) {
            Chains::of(&rights, version, &places).flow(workspace)
        } else {
            let lots = rights.covering[version].iter().flat_map(|&sku| &rights.lots[sku]);
            let is_usable = |lot: &&Lot| places.iter().any(|&(scope, contract)| lot.extent.contains(scope, contract));
            let units: Option<Quantity> = lots.filter(is_usable).map(|lot| lot.units).sum();
            units.map_or(Reach::Unlimited, Reach::Installs)
        }
    });
    Table::new(rows.collect())
}

/// What all versions share.
struct Rights<'p, 'e> {
    problem: &'p Problem<'e>,
    /// By SKU: its lots, those of one site in one.
    lots: Table<SkuId, Vec<Lot>>,
    /// SKUs that may cover a version.
    covering: Table<VersionId, Vec<SkuId>>,
    /// SKUs by main version.
    skus_of: Table<VersionId, Vec<SkuId>>,
    /// Positions in stacking order.
    rank: Table<SkuId, usize>,
    roots: Vec<ScopeId>,
}

struct Lot {
    extent: Extent,
    /// None if unlimited.
    units: Option<Quantity>,
}

impl<'p, 'e> Rights<'p, 'e> {
    fn of(problem: &'p Problem<'e>, map: &Map<'_>) -> Self {
        let estate = problem.estate;
        let mut covering = Table::filled(Vec::new(), estate.versions.len());
        let mut skus_of = Table::filled(Vec::new(), estate.versions.len());
        for (id, sku) in estate.skus.enumerate() {
            skus_of[sku.version].push(id);
            for &version in &sku.may_cover {
                covering[version].push(id);
            }
        }
        let mut rank = Table::filled(0, estate.skus.len());
        for (position, &sku) in problem.stacking_order.iter().enumerate() {
            rank[sku] = position;
        }
        let roots = estate.scopes.enumerate().filter(|(_, scope)| scope.parent.is_none()).map(|(id, _)| id);
        Self { problem, lots: lots(problem, map), covering, skus_of, rank, roots: roots.collect() }
    }

    /// Whether some entitlement may cover several of the version's installs: then there is no number of installs that
    /// licenses cover, whatever they are.
    fn may_cover_several(&self, version: VersionId) -> bool {
        let with_lots = self.covering[version].iter().filter(|&&sku| !self.lots[sku].is_empty());
        let kinds: BTreeSet<Kind> = with_lots.filter_map(|&sku| Kind::of(&self.problem.estate.skus[sku])).collect();
        // A suite covers one install of each member.
        kinds.into_iter().filter(|&kind| kind != Kind::Suite).any(|kind| {
            let mut units: BTreeMap<Target, Quantity> = BTreeMap::new();
            for demand in self.problem.demands_for(version) {
                if let Some(home) = kind.home(demand) {
                    *units.entry(home).or_default() += demand.quantity;
                }
            }
            units.values().any(|&units| units > Quantity::ONE)
        })
    }

    /// In stacking order, the SKUs from which rights lead to the version.
    fn leading_to(&self, version: VersionId) -> Vec<SkuId> {
        let skus = &self.problem.estate.skus;
        let mut seen: BTreeSet<SkuId> = self.covering[version].iter().copied().collect();
        let mut open = self.covering[version].clone();
        while let Some(sku) = open.pop() {
            let below = skus[sku].upgrades.iter().flatten().flat_map(|&version| &self.skus_of[version]);
            open.extend(below.filter(|&&sku| seen.insert(sku)));
        }
        let mut in_order: Vec<SkuId> = seen.into_iter().collect();
        in_order.sort_unstable_by_key(|&sku| self.rank[sku]);
        in_order
    }

    /// Where the version is demanded; at every root if nowhere.
    fn places(&self, version: VersionId) -> Vec<Place> {
        let demands = self.problem.demands_for(version).iter().filter(|demand| !demand.quantity.is_zero());
        let mut places: Vec<Place> = demands.map(Demand::place).collect();
        places.dedup();
        if places.is_empty() {
            places.extend(self.roots.iter().map(|&scope| Place { scope, contract: None }));
        }
        places
    }
}

fn lots(problem: &Problem<'_>, map: &Map<'_>) -> Table<SkuId, Vec<Lot>> {
    let estate = problem.estate;
    let mut reserved = Table::filled(Quantity::ZERO, estate.licenses.len());
    for unit in &problem.reserved {
        reserved[unit.license] += Quantity::ONE;
    }
    let mut by_site: Table<SkuId, BTreeMap<Site, Option<Quantity>>> =
        Table::new(estate.skus.iter().map(|_| BTreeMap::new()).collect());
    for (id, license) in estate.licenses.enumerate().filter(|&(id, _)| problem.is_active(id)) {
        let is_gated = estate.skus[license.sku].use_only_when_assigned;
        let units = if is_gated { Some(reserved[id]) } else { license.quantity };
        if units != Some(Quantity::ZERO) {
            let site = Site { scope: license.scope, contract: license.contract };
            let sum = by_site[license.sku].entry(site).or_insert(Some(Quantity::ZERO));
            *sum = sum.zip(units).map(|(sum, units)| sum + units);
        }
    }
    let lot = |(&site, &units): (&Site, &Option<Quantity>)| Lot { extent: map.site_extent(site), units };
    let rows = by_site.iter().map(|sites| sites.iter().map(lot).collect());
    Table::new(rows.collect())
}

/// A set of places, by their positions; never empty.
type PlaceSet = Vec<u64>;

/// Where a lot may be used, and its units; none if unlimited.
type UsableLot = (PlaceSet, Option<Quantity>);

/// A place: its scope by its position in preorder, and its contract.
type PlaceAt = (u32, Option<ContractId>);

/// Those of the places where a lot may be used; none if there is none.
fn usable(lot: &Lot, places: &[PlaceAt]) -> Option<PlaceSet> {
    let mut set = vec![0; places.len().div_ceil(64)];
    for (position, &(scope, contract)) in places.iter().enumerate() {
        set[position / 64] |= u64::from(lot.extent.contains(scope, contract)) << (position % 64);
    }
    set.iter().any(|&word| word != 0).then_some(set)
}

/// The places in both; none if there is none.
fn meet(one: &PlaceSet, other: &PlaceSet) -> Option<PlaceSet> {
    let set: PlaceSet = one.iter().zip(other).map(|(one, other)| one & other).collect();
    set.iter().any(|&word| word != 0).then_some(set)
}

/// Where an entitlement may be used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Usable {
    /// Somewhere, and nothing that may be stacked on it changes that.
    Somewhere,
    /// Exactly here.
    At(PlaceSet),
}

/// Entitlements that may be used alike.
struct Entitlements {
    producers: Vec<usize>,
    /// At most so many; none if unlimited.
    units: Option<Quantity>,
}

impl Entitlements {
    const fn none() -> Self {
        Self { producers: Vec::new(), units: Some(Quantity::ZERO) }
    }

    fn add(&mut self, producers: &[usize], units: Option<Quantity>) {
        self.producers.extend(producers);
        self.units = self.units.zip(units).map(|(sum, units)| sum + units);
    }
}

/// The lots from which rights lead to one version, as a network: from the hub, node 0, through base and
/// upgrade lots back to the hub, where covering the version earns one.
struct Chains<'r> {
    estate: &'r Estate,
    version: VersionId,
    /// What all that may be stacked on a SKU has in common; none if nothing may.
    kept: BTreeMap<SkuId, Option<PlaceSet>>,
    /// By main version.
    entitlements: BTreeMap<VersionId, BTreeMap<Usable, Entitlements>>,
    node_count: usize,
    /// Tail, head, capacity, cost.
    arcs: Vec<(usize, usize, Option<i64>, i64)>,
    /// Arcs that share the units of one lot.
    bundles: Vec<(Vec<usize>, i64)>,
}

impl<'r> Chains<'r> {
    fn of(rights: &Rights<'r, '_>, version: VersionId, places: &[PlaceAt]) -> Self {
        let estate = rights.problem.estate;
        let in_order = rights.leading_to(version);
        let lots_of = |sku: SkuId| {
            rights.lots[sku].iter().filter_map(|lot| usable(lot, places).map(|set| (set, lot.units))).collect()
        };
        let lots: Vec<(SkuId, Vec<UsableLot>)> = in_order.into_iter().map(|sku| (sku, lots_of(sku))).collect();
        let kept = kept_above(estate, &lots);
        let (entitlements, arcs, bundles) = (BTreeMap::new(), Vec::new(), Vec::new());
        let mut chains = Self { estate, version, kept, entitlements, node_count: 1, arcs, bundles };
        for (sku, lots) in lots {
            for (set, units) in lots {
                match &estate.skus[sku].upgrades {
                    None => chains.add_base(sku, set, units),
                    Some(upgrades) => chains.add_upgrade(sku, upgrades, &set, units),
                }
            }
        }
        chains
    }

    fn add_base(&mut self, sku: SkuId, set: PlaceSet, units: Option<Quantity>) {
        let node = self.add_node();
        self.arcs.push((HUB, node, units.map(Quantity::signed), 0));
        let at = self.sort(sku, set);
        self.offer(sku, at, node, units);
    }

    fn add_upgrade(&mut self, sku: SkuId, upgrades: &[VersionId], set: &PlaceSet, units: Option<Quantity>) {
        let mut groups: BTreeMap<Usable, Entitlements> = BTreeMap::new();
        for (at, below) in upgrades.iter().filter_map(|version| self.entitlements.get(version)).flatten() {
            let at = match at {
                Usable::Somewhere => Some(Usable::Somewhere),
                Usable::At(below) => meet(below, set).map(|set| self.sort(sku, set)),
            };
            if let Some(at) = at {
                groups.entry(at).or_insert_with(Entitlements::none).add(&below.producers, below.units);
            }
        }
        let reachable: Option<Quantity> = groups.values().map(|group| group.units).sum();
        let runs_out = units.is_some_and(|units| reachable.is_none_or(|reachable| units < reachable));
        let capacity = units.filter(|_| runs_out);
        let mut sharing = Vec::new();
        for (at, group) in groups {
            let (inner, outer) = (self.add_node(), self.add_node());
            self.arcs.extend(group.producers.into_iter().map(|node| (node, inner, None, 0)));
            sharing.push(self.arcs.len());
            self.arcs.push((inner, outer, capacity.map(Quantity::signed), 0));
            self.offer(sku, at, outer, capacity.or(group.units));
        }
        if let Some(units) = capacity.filter(|_| sharing.len() > 1) {
            self.bundles.push((sharing, units.signed()));
        }
    }

    /// Lets what is topped by `sku` cover the version and be upgraded.
    fn offer(&mut self, sku: SkuId, at: Usable, node: usize, units: Option<Quantity>) {
        let sku = &self.estate.skus[sku];
        if sku.may_cover(self.version) {
            self.arcs.push((node, HUB, None, -1));
        }
        let alike = self.entitlements.entry(sku.version).or_default();
        alike.entry(at).or_insert_with(Entitlements::none).add(&[node], units);
    }

    fn add_node(&mut self) -> usize {
        self.node_count += 1;
        self.node_count - 1
    }

    fn sort(&self, sku: SkuId, set: PlaceSet) -> Usable {
        let is_kept = self.kept[&sku].as_ref().is_none_or(|kept| meet(kept, &set).as_ref() == Some(&set));
        if is_kept { Usable::Somewhere } else { Usable::At(set) }
    }

    /// The largest flow.
    fn flow(self, workspace: &mut Workspace<i64>) -> Reach {
        if !self.bundles.is_empty() {
            return self.shared_flow(workspace);
        }
        let mut network = Network::new(self.node_count);
        for &(tail, head, capacity, cost) in &self.arcs {
            network.add_arc(tail, head, capacity, cost);
        }
        let Some(artificial) = artificial_cost(&network) else { return Reach::Unknown };
        match workspace.solve(&network, Start { artificial, hub: Some(HUB) }) {
            Ok(Outcome::Optimal(solution)) => {
                let covering = self.arcs.iter().zip(solution.flow).filter(|((.., cost), _)| *cost < 0);
                let units: i64 = covering.map(|(_, flow)| flow).sum();
                Reach::Installs(Quantity::new(units.unsigned_abs()))
            }
            Ok(Outcome::Unbounded) => Reach::Unlimited,
            Ok(Outcome::Infeasible) => unreachable!("nothing covered is feasible"),
            Err(_) => Reach::Unknown,
        }
    }
}

#[cfg(feature = "milp")]
impl Chains<'_> {
    fn shared_flow(&self, workspace: &mut Workspace<i64>) -> Reach {
        use crate::bundled::reach::{Most, most};
        match most(self.node_count, &self.arcs, &self.bundles, workspace) {
            Most::Units(units) => Reach::Installs(Quantity::new(units.unsigned_abs())),
            Most::Unlimited => Reach::Unlimited,
            Most::Unknown => Reach::Unknown,
        }
    }
}

#[cfg(not(feature = "milp"))]
impl Chains<'_> {
    #[expect(clippy::unused_self, reason = "as with integer programs")]
    fn shared_flow(&self, _: &mut Workspace<i64>) -> Reach {
        Reach::Unknown
    }
}

/// The node where everything begins and ends.
const HUB: usize = 0;

/// For each SKU the places that all lots which may be stacked on it, one on another, have in common.
fn kept_above(estate: &Estate, lots: &[(SkuId, Vec<UsableLot>)]) -> BTreeMap<SkuId, Option<PlaceSet>> {
    let mut kept = BTreeMap::new();
    let mut kept_on: BTreeMap<VersionId, PlaceSet> = BTreeMap::new();
    for (id, lots) in lots.iter().rev() {
        let sku = &estate.skus[*id];
        let above = kept_on.get(&sku.version).cloned();
        let sets = lots.iter().map(|(set, _)| set).chain(&above);
        let own = sets.cloned().reduce(|one, other| meet(&one, &other).unwrap_or(vec![0; one.len()]));
        if let Some(own) = own.filter(|_| !lots.is_empty()) {
            for &version in sku.upgrades.iter().flatten() {
                let known =
                    kept_on.get(&version).map_or(own.clone(), |known| meet(known, &own).unwrap_or(vec![0; own.len()]));
                kept_on.insert(version, known);
            }
        }
        kept.insert(*id, above);
    }
    kept
}
