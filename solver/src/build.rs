//! States the problem as a graph.
//!
//! Demand first, then pools in stacking order, then reserved units target by target. An upgrade
//! license is one node pair: it is a network only if all entitlements that reach it are alike in where
//! they may be used and what their use there costs. Those that agree in that are one group; an upgrade
//! pool with more than one group stays a network only if its units cannot run out, and is then stated
//! once for each group. Source: the input contract, sections 3.4 and 4.

use crate::error::SolveError;
use crate::graph::{FREE, Graph, HUB, Node, NodeIndex, Role, Tuple, at, at_both};
use crate::places::{Map, Place, Whereabouts};
use crate::problem::{Ask, Demand, Pool, Problem};
use model::estate::Target;
use model::id::{LicenseId, ScopeId, SkuId, Table, VersionId};
use model::number::Quantity;
use model::objective::{Level, STRETCH_CROSS, STRETCH_DOWNGRADE, STRETCH_NEWER, STRETCH_UPGRADE};
use std::cmp::Ordering;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// States the problem, or says which upgrade license makes it no network.
pub(crate) fn graph<'e>(problem: &Problem<'e>, map: &mut Map<'e>) -> Result<Graph, SolveError> {
    let mut builder = Builder::new(problem, map);
    builder.add_demand();
    for &sku in &problem.stacking_order {
        builder.add_pools(sku)?;
    }
    for (&target, units) in &problem.reserved_of {
        builder.add_reserved(target, units)?;
    }
    Ok(builder.graph.without_dead_ends())
}

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

/// An entitlement topped by a reserved unit.
struct ReservedEntitlement {
    sku: SkuId,
    node: NodeIndex,
    /// Of all units, which matters when it covers something.
    covering: Whereabouts,
    /// Of the unreserved units, which matters when it is set aside.
    aside: Whereabouts,
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
        for run in all.chunk_by(|&one, &other| place(one) == place(other)) {
            let (version, at_place) = place(run[0]);
            let asked = self.asked[&(Ask::Cover(version), at_place)];
            let (singles, pooled): (Vec<usize>, Vec<usize>) =
                run.iter().partition(|&&index| problem.demands[index].is_single());
            if !pooled.is_empty() {
                let quantity: Quantity = pooled.iter().map(|&index| problem.demands[index].quantity).sum();
                let capacity = Some(quantity.signed());
                self.graph.add_arc(asked, HUB, capacity, at(Level::Uncovered, -1), Role::Demand);
            }
            self.singles.resize(run[0] + run.len(), HUB);
            for index in singles {
                self.singles[index] = self.add_single(index, asked);
            }
        }
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
    fn add_pools(&mut self, sku: SkuId) -> Result<(), SolveError> {
        let problem = self.problem;
        let first = problem.pools.partition_point(|pool| pool.sku < sku);
        let count = problem.pools[first..].partition_point(|pool| pool.sku == sku);
        for index in first..first + count {
            let pool = &problem.pools[index];
            if problem.estate.skus[sku].is_upgrade() {
                self.add_upgrade_pool(index, pool)?;
            } else {
                let node = self.add_base_pool(index, pool);
                let whereabouts = self.map.join(Map::anywhere(), pool.site);
                self.offer(sku, node, whereabouts, pool.units);
            }
        }
        Ok(())
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

    fn add_upgrade_pool(&mut self, index: usize, pool: &Pool) -> Result<(), SolveError> {
        let groups = self.groups_below(pool);
        let below = |group: &Group| -> Option<Quantity> {
            group.members.iter().map(|(version, at)| self.entitlements[*version][at].units).sum()
        };
        let reachable: Option<Quantity> = groups.iter().map(below).sum();
        let runs_out = pool.units.is_some_and(|units| reachable.is_none_or(|reachable| units < reachable));
        if groups.len() > 1 && runs_out {
            let license = pool.lots[0].0;
            return Err(self.no_network(license, [groups[0].whereabouts, groups[1].whereabouts]));
        }
        let capacity = if groups.len() > 1 { None } else { pool.units.map(Quantity::signed) };
        let sized: Vec<(Group, Option<Quantity>)> =
            groups.into_iter().map(|group| (below(&group), group)).map(|(units, group)| (group, units)).collect();
        for (group, below) in sized {
            let units = match (below, pool.units) {
                (Some(below), Some(units)) => Some(below.min(units)),
                (below, units) => below.or(units),
            };
            let inner = self.add_node(Node::UpgradeIn(index));
            let outer = self.add_node(Node::UpgradeOut(index));
            self.give_up(inner, FREE);
            self.give_up(outer, FREE);
            self.graph.add_arc(inner, outer, capacity, at(Level::Stretch, STRETCH_UPGRADE), Role::Units);
            for (version, whereabouts) in group.members {
                self.feed(inner, version, whereabouts);
            }
            self.offer(pool.sku, outer, group.whereabouts, units);
        }
        Ok(())
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
        let mut alike: BTreeMap<Vec<Option<i64>>, Group> = BTreeMap::new();
        for group in groups.into_values() {
            let costs: Vec<Option<i64>> = places.iter().map(|&place| self.map.cost(group.whereabouts, place)).collect();
            if costs.iter().any(Option::is_some) {
                match alike.entry(costs) {
                    Entry::Vacant(slot) => drop(slot.insert(group)),
                    Entry::Occupied(mut slot) => slot.get_mut().members.extend(group.members),
                }
            }
        }
        alike.into_values().collect()
    }

    /// Lets an entitlement do what its topmost SKU may.
    fn offer(&mut self, sku: SkuId, node: NodeIndex, whereabouts: Whereabouts, units: Option<Quantity>) {
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
        let none = Entitlements { producers: Vec::new(), units: Some(Quantity::ZERO), joint: None };
        let row = self.entitlements[main].entry(whereabouts).or_insert(none);
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
                Some((intervals, contract)) => asked.within(&intervals, contract).filter_map(priced).collect(),
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

    /// The units reserved for one target; on them only units of the same target may be stacked.
    fn add_reserved(&mut self, target: Target, units: &[usize]) -> Result<(), SolveError> {
        let problem = self.problem;
        let mut in_order = units.to_vec();
        in_order.sort_by_key(|&unit| (self.rank[problem.reserved[unit].sku], unit));
        let mut topped: Vec<ReservedEntitlement> = Vec::new();
        for (position, &index) in in_order.iter().enumerate() {
            let unit = &problem.reserved[index];
            let entitlement = if problem.estate.skus[unit.sku].is_upgrade() {
                let Some(group) = self.reserved_group(target, &in_order[position..], &topped)? else { continue };
                let node = self.add_reserved_upgrade(index, &group, &topped);
                ReservedEntitlement { sku: unit.sku, node, covering: group.covering, aside: group.aside }
            } else {
                // A base unit that is reserved is always used: it can be set aside anywhere.
                let node = self.graph.add_node(Node::ReservedBase(index), 1);
                let covering = self.map.join(Map::anywhere(), unit.site);
                ReservedEntitlement { sku: unit.sku, node, covering, aside: Map::anywhere() }
            };
            self.use_reserved(target, unit.scope, &entitlement);
            topped.push(entitlement);
        }
        Ok(())
    }

    fn add_reserved_upgrade(
        &mut self,
        index: usize,
        group: &ReservedGroup,
        topped: &[ReservedEntitlement],
    ) -> NodeIndex {
        let inner = self.add_node(Node::ReservedIn(index));
        let outer = self.add_node(Node::ReservedOut(index));
        self.give_up(inner, at(Level::LicenseAssignmentsUnmet, self.forbidden));
        let cost = at_both((Level::LicenseAssignmentsUnmet, -1), (Level::Stretch, STRETCH_UPGRADE));
        self.graph.add_arc(inner, outer, Some(1), cost, Role::Units);
        for below in &group.members {
            match *below {
                Below::Unreserved(version, whereabouts) => self.feed(inner, version, whereabouts),
                Below::Reserved(at) => {
                    self.graph.add_arc(topped[at].node, inner, None, FREE, Role::Right);
                }
            }
        }
        outer
    }

    /// What the first of `units`, a reserved upgrade, may be stacked on; the others come after it in
    /// stacking order. None if there is nothing.
    fn reserved_group(
        &mut self,
        target: Target,
        units: &[usize],
        topped: &[ReservedEntitlement],
    ) -> Result<Option<ReservedGroup>, SolveError> {
        let unit = &self.problem.reserved[units[0]];
        let sku = &self.problem.estate.skus[unit.sku];
        let mut groups: BTreeMap<(Whereabouts, Whereabouts), Vec<Below>> = BTreeMap::new();
        for &version in sku.upgrades.iter().flatten() {
            for &below in self.entitlements[version].keys() {
                let covering = self.map.join(below, unit.site);
                groups.entry((covering, below)).or_default().push(Below::Unreserved(version, below));
            }
        }
        for (at, below) in topped.iter().enumerate() {
            if sku.may_upgrade(self.problem.estate.skus[below.sku].version) {
                let covering = self.map.join(below.covering, unit.site);
                groups.entry((covering, below.aside)).or_default().push(Below::Reserved(at));
            }
        }
        if groups.len() > 1 {
            groups = self.alike(target, units, groups);
        }
        if groups.len() > 1 {
            let mut differing = groups.keys().map(|&(covering, _)| covering);
            let pair = [differing.next(), differing.next()].map(|covering| covering.unwrap_or(Map::anywhere()));
            return Err(self.no_network(unit.license, pair));
        }
        Ok(groups.pop_first().map(|((covering, aside), members)| ReservedGroup { covering, aside, members }))
    }

    /// Joins groups that agree wherever it matters and drops those of no use.
    fn alike(
        &self,
        target: Target,
        units: &[usize],
        groups: BTreeMap<(Whereabouts, Whereabouts), Vec<Below>>,
    ) -> BTreeMap<(Whereabouts, Whereabouts), Vec<Below>> {
        let (covered, asides) = self.uses_above(target, units);
        let mut alike: BTreeMap<Vec<Option<i64>>, ((Whereabouts, Whereabouts), Vec<Below>)> = BTreeMap::new();
        for (key, members) in groups {
            let to_cover = covered.iter().map(|&place| self.map.cost(key.0, place));
            let to_aside = asides.iter().map(|&place| self.map.cost(key.1, place));
            let costs: Vec<Option<i64>> = to_cover.chain(to_aside).collect();
            if costs.iter().any(Option::is_some) {
                alike.entry(costs).or_insert((key, Vec::new())).1.extend(members);
            }
        }
        alike.into_values().collect()
    }

    /// Where the first of `units`, or those of the rest that may stand on it, can cover and be set aside.
    fn uses_above(&self, target: Target, units: &[usize]) -> (Vec<Place>, Vec<Place>) {
        let problem = self.problem;
        let skus = &problem.estate.skus;
        let mut above: Vec<usize> = vec![units[0]];
        for &unit in &units[1..] {
            let stands_on = |&below: &usize| {
                skus[problem.reserved[unit].sku].may_upgrade(skus[problem.reserved[below].sku].version)
            };
            if above.iter().any(stands_on) {
                above.push(unit);
            }
        }
        let any = |holds: &dyn Fn(SkuId) -> bool| above.iter().any(|&unit| holds(problem.reserved[unit].sku));
        let tied = self.tied_of.get(&target).into_iter().flatten().map(|&index| &problem.demands[index]);
        let covered = tied.filter(|demand| any(&|sku| skus[sku].may_cover(demand.key.version)));
        let wanted = self.asides_of.get(&target).into_iter().flatten().map(|&index| &problem.wanted[index]);
        let wanted = wanted.filter(|wanted| any(&|sku| wanted.is_met_by(problem.estate, sku)));
        let own = above.iter().map(|&unit| Place { scope: problem.reserved[unit].scope, contract: None });
        (covered.map(Demand::place).collect(), wanted.map(|wanted| wanted.place()).chain(own).collect())
    }

    /// Lets an entitlement topped by a reserved unit cover its target's demand, or be set aside.
    fn use_reserved(&mut self, target: Target, scope: ScopeId, entitlement: &ReservedEntitlement) {
        let problem = self.problem;
        let sku = &problem.estate.skus[entitlement.sku];
        for index in self.tied_of.get(&target).cloned().unwrap_or_default() {
            let demand = &problem.demands[index];
            let cost = self.map.cost(entitlement.covering, demand.place());
            if let Some(cost) = cost.filter(|_| sku.may_cover(demand.key.version)) {
                let stretch = self.stretch(entitlement.sku, demand.key.version);
                let cost = at_both((Level::TransferCost, cost), (Level::Stretch, stretch));
                self.graph.add_arc(entitlement.node, self.singles[index], None, cost, Role::Right);
            }
        }
        for index in self.asides_of.get(&target).cloned().unwrap_or_default() {
            let wanted = &problem.wanted[index];
            let cost = self.map.cost(entitlement.aside, wanted.place());
            if let Some(cost) = cost.filter(|_| wanted.is_met_by(problem.estate, entitlement.sku)) {
                self.graph.add_arc(
                    entitlement.node,
                    self.wanted[index],
                    None,
                    at(Level::TransferCost, cost),
                    Role::Right,
                );
            }
        }
        match self.map.cost(entitlement.aside, Place { scope, contract: None }) {
            Some(cost) => {
                let cost = at_both((Level::SetAside, 1), (Level::TransferCost, cost));
                self.graph.add_arc(entitlement.node, HUB, None, cost, Role::Aside);
            }
            None => self.give_up(entitlement.node, at(Level::LicenseAssignmentsUnmet, self.forbidden)),
        }
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
        let main = self.problem.estate.skus[sku].version;
        match main.cmp(&version) {
            Ordering::Equal => 0,
            _ if self.problem.estate.versions[main].title != self.problem.estate.versions[version].title => {
                STRETCH_CROSS
            }
            Ordering::Greater => STRETCH_DOWNGRADE,
            Ordering::Less => STRETCH_NEWER,
        }
    }

    fn no_network(&self, license: LicenseId, [one, other]: [Whereabouts; 2]) -> SolveError {
        let estate = self.problem.estate;
        SolveError::NotANetwork {
            license: estate.licenses[license].id.clone(),
            one: self.map.words(estate, one),
            other: self.map.words(estate, other),
        }
    }
}

/// Reserved units and entitlements on which a reserved upgrade may be stacked to the same effect.
struct ReservedGroup {
    covering: Whereabouts,
    aside: Whereabouts,
    members: Vec<Below>,
}

/// What a reserved upgrade may be stacked on.
#[derive(Clone, Copy)]
enum Below {
    /// Unreserved entitlements with this main version and these whereabouts.
    Unreserved(VersionId, Whereabouts),
    /// What a reserved unit of the same target tops, by position.
    Reserved(usize),
}

fn rank(problem: &Problem<'_>) -> Table<SkuId, usize> {
    let mut rank = Table::filled(0, problem.estate.skus.len());
    for (position, &sku) in problem.stacking_order.iter().enumerate() {
        rank[sku] = position;
    }
    rank
}
