//! States the problem as a graph.
//!
//! Demand first, then pools in stacking order, then reserved units target by target. An upgrade
//! license is one node pair: that is a network only if all entitlements that reach it are alike in where
//! they may be used and what their use there costs. Those that agree in that are one group; an upgrade
//! pool with more than one group is stated once for each group. Where its units can run out the groups
//! share them, which is a bundle and no network. Source: the input contract, sections 3.4 and 4.

mod reserved;
mod together;
mod trade;

use crate::error::SolveError;
use crate::graph::{Bundle, FREE, Graph, HUB, Node, NodeIndex, Role, Tuple, at, at_both};
use crate::places::{Map, Place, Whereabouts};
use crate::problem::{Ask, Pool, Problem};
use model::estate::Target;
use model::id::{SkuId, Table, VersionId};
use model::market::OfferId;
use model::number::Quantity;
use model::objective::{Level, STRETCH_CROSS, STRETCH_DOWNGRADE, STRETCH_NEWER, STRETCH_UPGRADE};
use std::cmp::Ordering;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use together::{GateKey, HomesOf};

/// States the problem; without integer programs, says which upgrade license makes it no network.
pub(crate) fn graph<'e>(problem: &Problem<'e>, map: &mut Map<'e>) -> Result<Graph, SolveError> {
    let mut builder = Builder::new(problem, map);
    builder.add_demand();
    builder.add_clusters();
    for &sku in &problem.stacking_order {
        builder.add_pools(sku);
    }
    for (&target, units) in &problem.reserved_of {
        builder.add_reserved(target, units);
    }
    if let Some(error) = builder.refused_homes() {
        return Err(error);
    }
    if !cfg!(feature = "milp") && !builder.graph.gates.is_empty() {
        return Err(SolveError::SeveralInstalls { what: "builds without integer programs" });
    }
    let mut graph = builder.graph.without_dead_ends();
    for arc in &mut graph.arcs {
        arc.cost = problem.order.apply(arc.cost);
    }
    match graph.bundles.iter().find_map(|bundle| bundle.mixed) {
        Some((license, differing)) if !cfg!(feature = "milp") => {
            let estate = problem.estate;
            let [one, other] = differing.map(|whereabouts| map.words(estate, whereabouts));
            Err(SolveError::NotANetwork { license: estate.licenses[license].id.clone(), one, other })
        }
        _ => Ok(graph),
    }
}

/// What use in a place costs; none where it is not allowed.
type CostsAt = Option<Vec<i64>>;

/// No units, where none would mean without limit.
const NOTHING: Option<Quantity> = Some(Quantity::ZERO);

/// Entitlements that agree in main version and whereabouts.
struct Entitlements {
    /// Nodes that produce them.
    producers: Vec<NodeIndex>,
    /// At most so many can exist; none if unlimited.
    units: Option<Quantity>,
    /// Where upgrades find them, once an upgrade has asked.
    joint: Option<NodeIndex>,
}

/// Entitlements on which a unit may be stacked to the same effect.
struct Group {
    /// Of the entitlement that comes of it.
    whereabouts: Whereabouts,
    members: Vec<(VersionId, Whereabouts)>,
}

struct Builder<'p, 'm, 'e> {
    problem: &'p Problem<'e>,
    map: &'m mut Map<'e>,
    graph: Graph,
    /// Nodes of what is asked.
    asked: BTreeMap<(Ask, Place), NodeIndex>,
    /// Nodes of title assignments: counting or set aside.
    wanted: Vec<NodeIndex>,
    /// Nodes of single demands; the hub for others.
    singles: Vec<NodeIndex>,
    /// Single demands that reserved units of a target may cover, and its title assignments to set aside for.
    tied_of: BTreeMap<Target, Vec<usize>>,
    asides_of: BTreeMap<Target, Vec<usize>>,
    /// Nodes of the demand of clusters, by part.
    held: Vec<Vec<NodeIndex>>,
    /// Where entitlements of a kind find demand to cover at once.
    homes_of: HomesOf,
    /// Nodes of gates.
    gates: BTreeMap<GateKey, NodeIndex>,
    /// Whether a home has more places than can be stated.
    has_too_many_places: bool,
    /// Nodes of the units that offers bring.
    offered: BTreeMap<OfferId, NodeIndex>,
    /// Nodes of rights; none where they lead nowhere. Looked up only.
    rights: HashMap<(Ask, Whereabouts), Option<NodeIndex>>,
    entitlements: Table<VersionId, BTreeMap<Whereabouts, Entitlements>>,
    /// SKUs that may be stacked on a version.
    upgrades_of: Table<VersionId, Vec<SkuId>>,
    /// Positions in stacking order.
    rank: Table<SkuId, usize>,
    /// What giving up beyond a reserved unit costs at the first level: more than all of them earn.
    forbidden: i64,
}

impl<'p, 'm, 'e> Builder<'p, 'm, 'e> {
    fn new(problem: &'p Problem<'e>, map: &'m mut Map<'e>) -> Self {
        let mut upgrades_of = Table::filled(Vec::new(), problem.estate.versions.len());
        for (id, sku) in problem.estate.skus.enumerate() {
            for &version in sku.upgrades.iter().flatten() {
                upgrades_of[version].push(id);
            }
        }
        let mut graph = Graph::default();
        graph.add_node(Node::Hub, 0);
        Self {
            problem,
            map,
            graph,
            asked: BTreeMap::new(),
            wanted: Vec::new(),
            singles: Vec::new(),
            tied_of: BTreeMap::new(),
            asides_of: BTreeMap::new(),
            held: Vec::new(),
            homes_of: HomesOf::new(),
            gates: BTreeMap::new(),
            has_too_many_places: false,
            offered: BTreeMap::new(),
            rights: HashMap::new(),
            entitlements: Table::new(problem.estate.versions.iter().map(|_| BTreeMap::new()).collect()),
            rank: rank(problem),
            upgrades_of,
            forbidden: 1 + i64::try_from(problem.reserved.len()).expect("reserved units fit their limit"),
        }
    }

    /// Nodes for everything that can be asked, and its arcs into the hub.
    fn add_demand(&mut self) {
        for (&ask, places) in &self.problem.asks {
            for place in places.iter() {
                let node = self.add_node(Node::Asked(ask, place));
                self.give_up(node, FREE);
                self.asked.insert((ask, place), node);
            }
        }
        for (index, wanted) in self.problem.wanted.iter().enumerate() {
            let unmet = at(Level::TitleAssignmentsUnmet, -1);
            let node = if wanted.has_installs {
                let node = self.add_node(Node::Counting(index));
                self.graph.add_arc(node, HUB, Some(1), unmet, Role::Met);
                self.graph.add_arc(node, HUB, None, FREE, Role::Met);
                node
            } else {
                let node = self.add_node(Node::Aside(index));
                let cost = at_both((Level::TitleAssignmentsUnmet, -1), (Level::SetAside, 1));
                self.graph.add_arc(node, HUB, Some(1), cost, Role::Aside);
                let asked = self.asked[&(wanted.ask(), wanted.place())];
                self.graph.add_arc(asked, node, None, FREE, Role::Right);
                self.asides_of.entry(wanted.target).or_default().push(index);
                node
            };
            self.wanted.push(node);
        }
        let problem = self.problem;
        let place = |index: usize| (problem.demands[index].key.version, problem.demands[index].place());
        let all: Vec<usize> = (0..problem.demands.len()).collect();
        // These have nodes for all copies of their clusters.
        let copied = problem.clusters.iter().filter(|cluster| cluster.copies.len() > 1);
        let pooled_by_looks: HashSet<usize> = copied.flat_map(|cluster| &cluster.copies).flatten().copied().collect();
        for run in all.chunk_by(|&one, &other| place(one) == place(other)) {
            let (version, at_place) = place(run[0]);
            let asked = self.asked[&(Ask::Cover(version), at_place)];
            let (singles, pooled): (Vec<usize>, Vec<usize>) =
                run.iter().partition(|&&index| problem.demands[index].is_single());
            let (changeable, fixed): (Vec<usize>, Vec<usize>) =
                pooled.iter().partition(|&&index| problem.trade.changes(&problem.demands[index]));
            if !changeable.is_empty() {
                self.add_changeable(asked, version, at_place, &changeable);
            }
            if !fixed.is_empty() {
                self.add_pooled(asked, &fixed);
            }
            self.singles.resize(run[0] + run.len(), HUB);
            for index in singles.into_iter().filter(|index| !pooled_by_looks.contains(index)) {
                self.singles[index] = self.add_single(index, asked);
            }
        }
    }

    fn add_pooled(&mut self, asked: NodeIndex, demands: &[usize]) {
        let quantity: Quantity = demands.iter().map(|&index| self.problem.demands[index].quantity).sum();
        self.graph.add_arc(asked, HUB, Some(quantity.signed()), at(Level::Uncovered, -1), Role::Demand);
    }

    fn add_single(&mut self, index: usize, asked: NodeIndex) -> NodeIndex {
        let demand = &self.problem.demands[index];
        let node = self.add_node(Node::Single(index));
        let counts_for = demand.meets.filter(|&wanted| self.problem.wanted[wanted].has_installs);
        let head = counts_for.map_or(HUB, |wanted| self.wanted[wanted]);
        self.graph.add_arc(node, head, Some(demand.quantity.signed()), at(Level::Uncovered, -1), Role::Demand);
        self.give_up(node, at(Level::LicenseAssignmentsUnmet, self.forbidden));
        self.graph.add_arc(asked, node, None, FREE, Role::Right);
        if demand.is_tied {
            for target in demand.key.targets() {
                self.tied_of.entry(target).or_default().push(index);
            }
        }
        node
    }

    /// The pools of a SKU, whose entitlements below are all known.
    fn add_pools(&mut self, sku: SkuId) {
        let problem = self.problem;
        let first = problem.pools.partition_point(|pool| pool.sku < sku);
        let count = problem.pools[first..].partition_point(|pool| pool.sku == sku);
        for index in first..first + count {
            let pool = &problem.pools[index];
            if problem.estate.skus[sku].is_upgrade() {
                self.add_upgrade_pool(index, pool);
            } else {
                let node = match pool.offer {
                    Some(offer) => self.add_offered_pool(index, offer),
                    None => self.add_base_pool(index, pool),
                };
                let whereabouts = self.map.join(Map::anywhere(), pool.site);
                self.offer(sku, node, whereabouts, pool.units);
            }
        }
    }

    /// An idle base unit earns back the flexibility that using it costs.
    fn add_base_pool(&mut self, index: usize, pool: &Pool) -> NodeIndex {
        let flexibility = self.flexibility(pool.sku);
        let node = self.graph.add_node(Node::Pool(index), pool.units.map_or(0, Quantity::signed));
        self.graph.add_arc(node, HUB, None, at(Level::Flexibility, -flexibility), Role::Idle);
        if pool.units.is_none() {
            self.graph.add_arc(HUB, node, None, at(Level::Flexibility, flexibility), Role::Unlimited);
        }
        node
    }

    fn add_upgrade_pool(&mut self, index: usize, pool: &Pool) {
        let problem = self.problem;
        let below = |group: Group, entitlements: &Table<VersionId, BTreeMap<Whereabouts, Entitlements>>| {
            let units: Option<Quantity> =
                group.members.iter().map(|(version, at)| entitlements[*version][at].units).sum();
            (group, units)
        };
        let groups = self.groups_below(pool);
        let groups: Vec<(Group, Option<Quantity>)> =
            groups.into_iter().map(|group| below(group, &self.entitlements)).collect();
        // Lots without units bring nothing that could compete; they stand in the graph for their prices.
        let competing: Vec<Whereabouts> =
            groups.iter().filter(|(_, units)| *units != NOTHING).map(|(group, _)| group.whereabouts).collect();
        let reachable: Option<Quantity> = groups.iter().map(|&(_, units)| units).sum();
        // Of an offer the plan says how many there are, and units on arcs of their own need no other limit, unless
        // others are reserved before them.
        let is_limited = pool.offer.is_none() || pool.is_after_reserved(problem);
        let shared = pool.units.filter(|&units| {
            let runs_out = pool.offer.is_some() || reachable.is_none_or(|reachable| units < reachable);
            units != Quantity::ZERO && is_limited && runs_out && competing.len() > 1
        });
        let mut sharing = Vec::new();
        for (group, below) in groups {
            let is_bounded = pool.units == NOTHING || (below != NOTHING && competing.len() == 1);
            let capacity = pool.units.filter(|_| is_bounded && is_limited).map(Quantity::signed);
            let units = match (below, pool.units) {
                (Some(below), Some(units)) => Some(below.min(units)),
                (below, units) => below.or(units),
            };
            let inner = self.add_node(Node::UpgradeIn(index));
            let outer = self.add_node(Node::UpgradeOut(index));
            self.give_up(inner, FREE);
            self.give_up(outer, FREE);
            let (upgraded, role) = match pool.offer {
                Some(offer) if is_limited => (self.add_upgraded(offer, outer, FREE), Role::Units),
                Some(offer) => (outer, Role::Offered(offer)),
                None => (outer, Role::Units),
            };
            let arc = self.graph.add_arc(inner, upgraded, capacity, at(Level::Stretch, STRETCH_UPGRADE), role);
            if below != NOTHING {
                sharing.push(arc);
            }
            for (version, whereabouts) in group.members {
                self.feed(inner, version, whereabouts);
            }
            self.offer(pool.sku, outer, group.whereabouts, units);
        }
        if let Some(units) = shared {
            let mixed = Some((pool.lots[0].0, [competing[0], competing[1]]));
            let units = units.signed();
            self.graph.bundles.push(Bundle { arcs: sharing, units, gate: None, mixed, guess: FREE });
        }
    }

    /// The entitlements that a unit of the pool may be stacked on, grouped by what comes of it.
    fn groups_below(&mut self, pool: &Pool) -> Vec<Group> {
        let mut groups: BTreeMap<Whereabouts, Group> = BTreeMap::new();
        for &version in self.problem.estate.skus[pool.sku].upgrades.iter().flatten() {
            for &below in self.entitlements[version].keys() {
                let whereabouts = self.map.join(below, pool.site);
                let group = groups.entry(whereabouts).or_insert_with(|| Group { whereabouts, members: Vec::new() });
                group.members.push((version, below));
            }
        }
        if groups.len() <= 1 {
            return groups.into_values().collect();
        }
        // Whereabouts may differ in words and agree wherever it matters.
        let places = self.places_above(pool.sku);
        let mut alike: BTreeMap<Vec<CostsAt>, Group> = BTreeMap::new();
        for group in groups.into_values() {
            let costs = places.iter().map(|&place| self.costs_at(group.whereabouts, place));
            let costs: Vec<CostsAt> = costs.collect();
            if costs.iter().any(Option::is_some) {
                match alike.entry(costs) {
                    Entry::Vacant(slot) => drop(slot.insert(group)),
                    Entry::Occupied(mut slot) => slot.get_mut().members.extend(group.members),
                }
            }
        }
        alike.into_values().collect()
    }

    /// What use in a place costs, as far as it matters to what else the entitlement may cover: in all, or unit by unit
    /// where it may be used in several places at once.
    fn costs_at(&self, whereabouts: Whereabouts, place: Place) -> CostsAt {
        if self.problem.clusters.is_empty() {
            self.map.cost(whereabouts, place).map(|cost| vec![cost])
        } else {
            self.map.costs(whereabouts, place)
        }
    }

    /// Lets an entitlement do what its topmost SKU may.
    fn offer(&mut self, sku: SkuId, node: NodeIndex, whereabouts: Whereabouts, units: Option<Quantity>) {
        self.offer_together(sku, node, whereabouts, None);
        for ask in self.problem.asks_of(sku) {
            if let Some(right) = self.right(ask, whereabouts) {
                let stretch = match ask {
                    Ask::Cover(version) => self.stretch(sku, version),
                    Ask::AsideVersion(_) | Ask::AsideTitle(_) => 0,
                };
                self.graph.add_arc(node, right, None, at(Level::Stretch, stretch), Role::Right);
            }
        }
        let main = self.problem.estate.skus[sku].version;
        if self.upgrades_of[main].is_empty() {
            return;
        }
        let new = Entitlements { producers: Vec::new(), units: Some(Quantity::ZERO), joint: None };
        let row = self.entitlements[main].entry(whereabouts).or_insert(new);
        row.producers.push(node);
        row.units = row.units.zip(units).map(|(one, other)| one + other);
    }

    /// The node of a right, with its arcs to all places that its whereabouts allow.
    fn right(&mut self, ask: Ask, whereabouts: Whereabouts) -> Option<NodeIndex> {
        if let Some(&known) = self.rights.get(&(ask, whereabouts)) {
            return known;
        }
        let asked = &self.problem.asks[&ask];
        let allowed: Vec<(Place, i64)> = {
            let priced = |place| self.map.cost(whereabouts, place).map(|cost| (place, cost));
            match self.map.extent(whereabouts) {
                None => asked.iter().filter_map(priced).collect(),
                Some(extent) => asked.within(&extent.intervals, extent.contract).filter_map(priced).collect(),
            }
        };
        let node = (!allowed.is_empty()).then(|| {
            let node = self.add_node(Node::Right(ask, whereabouts));
            self.give_up(node, FREE);
            for (place, cost) in allowed {
                let head = self.asked[&(ask, place)];
                self.graph.add_arc(node, head, None, at(Level::TransferCost, cost), Role::Right);
            }
            node
        });
        self.rights.insert((ask, whereabouts), node);
        node
    }

    /// Places where an entitlement topped by `sku`, or by what may be stacked on it, can be asked for.
    fn places_above(&self, sku: SkuId) -> Vec<Place> {
        let mut seen = BTreeSet::from([sku]);
        let mut open = vec![sku];
        let mut places = Vec::new();
        while let Some(sku) = open.pop() {
            for ask in self.problem.asks_of(sku) {
                places.extend(self.problem.asks[&ask].iter());
            }
            let above = &self.upgrades_of[self.problem.estate.skus[sku].version];
            open.extend(above.iter().filter(|&&sku| seen.insert(sku)));
        }
        let reserved = self.problem.reserved.iter().filter(|unit| seen.contains(&unit.sku));
        places.extend(reserved.map(|unit| Place { scope: unit.scope, contract: None }));
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Offers the entitlements of a version and whereabouts to an upgrade.
    fn feed(&mut self, upgrade: NodeIndex, version: VersionId, whereabouts: Whereabouts) {
        let row = &self.entitlements[version][&whereabouts];
        let joint = row.joint.unwrap_or_else(|| {
            let joint = self.graph.add_node(Node::Entitlement, 0);
            self.graph.add_arc(joint, HUB, None, FREE, Role::GivenUp);
            for &producer in &row.producers {
                self.graph.add_arc(producer, joint, None, FREE, Role::Right);
            }
            joint
        });
        self.entitlements[version].entry(whereabouts).and_modify(|row| row.joint = Some(joint));
        self.graph.add_arc(joint, upgrade, None, FREE, Role::Right);
    }

    fn add_node(&mut self, node: Node) -> NodeIndex {
        self.graph.add_node(node, 0)
    }

    fn give_up(&mut self, node: NodeIndex, cost: Tuple) {
        self.graph.add_arc(node, HUB, None, cost, Role::GivenUp);
    }

    fn flexibility(&self, sku: SkuId) -> i64 {
        i64::try_from(self.problem.estate.skus[sku].may_cover.len()).expect("versions fit their limit")
    }

    /// How far a SKU is from a version it covers.
    fn stretch(&self, sku: SkuId, version: VersionId) -> i64 {
        let main = self.problem.estate.skus[sku].main_for(version);
        match main.cmp(&version) {
            Ordering::Equal => 0,
            _ if self.problem.estate.versions[main].title != self.problem.estate.versions[version].title => {
                STRETCH_CROSS
            }
            Ordering::Greater => STRETCH_DOWNGRADE,
            Ordering::Less => STRETCH_NEWER,
        }
    }
}

fn rank(problem: &Problem<'_>) -> Table<SkuId, usize> {
    let mut rank = Table::filled(0, problem.estate.skus.len());
    for (position, &sku) in problem.stacking_order.iter().enumerate() {
        rank[sku] = position;
    }
    rank
}
