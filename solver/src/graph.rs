//! The version-rights graph: every lawful path of an estate is a path of the graph, and none other.
//!
//! Units flow from pools and reserved units through upgrades to demand. The hub, node 0, takes what is
//! idle. Costs are tuples, one integer per level of the objective. A level that only a decision at the
//! hub can change is written on arcs at the hub, so that potentials stay small: coverage earns at the
//! demand's arc into the hub, an idle base unit earns its flexibility back, a base unit that is
//! reserved and not used pays one at the level of license assignments by never being offered that way.
//!
//! Every node has an arc into the hub on which a unit may be given up, so that "everything idle,
//! everything uncovered" is a feasible tree to start from. Where giving up would cheat the law (beyond
//! a reserved unit) the arc is priced above all that reserved units can earn.
//!
//! Arcs are few because rights meet in nodes of their own: (what is asked, whereabouts) between
//! units and places. Size: linear in rights, lots, and pairs of whereabouts and places that meet.

mod merged;

use crate::places::{Place, Whereabouts};
use crate::problem::{Ask, Problem};
use model::id::{LicenseId, SkuId, VersionId};
use model::market::OfferId;
use model::number::Money;
use model::objective::{LEVELS, Level};
use std::collections::BTreeMap;

/// A cost or potential: one integer per level.
pub(crate) type Tuple = [i64; LEVELS];

/// The cost of nothing.
pub(crate) const FREE: Tuple = [0; LEVELS];

/// A node of the graph, by position.
pub(crate) type NodeIndex = u32;
/// An arc of the graph, by position.
pub(crate) type ArcIndex = u32;
/// A gate of the graph, by position.
pub(crate) type GateIndex = u32;

/// The hub.
pub(crate) const HUB: NodeIndex = 0;

/// What a node stands for; indices are those of the problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// Takes what is idle and gives what is unlimited.
    Hub,
    /// Units of a pool of base licenses.
    Pool(usize),
    /// Entitlements that may be upgraded by a pool of upgrade licenses, before and after it.
    UpgradeIn(usize),
    UpgradeOut(usize),
    /// Entitlements with one main version and one whereabouts, offered to upgrades.
    Entitlement,
    /// Entitlements with one whereabouts that can do what is asked.
    Right(Ask, Whereabouts),
    /// What is asked in one place.
    Asked(Ask, Place),
    /// Demand that an assignment concerns.
    Single(usize),
    /// Demand that counts for a title assignment.
    Counting(usize),
    /// The entitlement set aside for a title assignment.
    Aside(usize),
    /// A reserved base unit.
    ReservedBase(usize),
    /// Entitlements that may be upgraded by a reserved unit, before and after it.
    ReservedIn(usize),
    ReservedOut(usize),
    /// Units of an offer: base units had, or entitlements that a unit that is had has upgraded, where some of the
    /// units would be reserved.
    Offered(OfferId),
    /// Installs of a version in a place that may be uninstalled or replaced.
    Changeable(VersionId, Place),
    /// Demand of a cluster that stands for several copies, by its part.
    Held(usize, usize),
    /// Entitlements that cover several units of demand at once.
    Gate(GateIndex),
    /// What such entitlements cover: all of it, some of it, or the devices of a user that they reach.
    Within(GateIndex),
}

/// What an arc stands for, where the ends alone do not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Rights: from what can be used to what it can be used for.
    Right,
    /// The units of an upgrade pool or of a reserved upgrade unit; of an offer's lot, those that are reserved and
    /// those that are not.
    Units,
    /// Units of a pool without limit, from the hub.
    Unlimited,
    /// Units of an offer, whose cost depends on how many there are on all its arcs.
    Offered(OfferId),
    /// Installs that are uninstalled at a cost, from the hub.
    Reclaimed(Money),
    /// Installs that are covered as another version at the cost of putting that in their place.
    Reinstalled(VersionId),
    /// Into the hub: an idle base unit.
    Idle,
    /// Into the hub, or to what it counts for: demand being covered.
    Demand,
    /// Into the hub: an entitlement set aside.
    Aside,
    /// Into the hub: a title assignment met by its first coverage, and further coverage.
    Met,
    /// Into the hub: given up.
    GivenUp,
    /// An entitlement that covers several units of demand at once.
    Gate(GateIndex),
    /// What such entitlements cover.
    Together(GateIndex),
}

/// An arc.
#[derive(Clone, Debug)]
pub(crate) struct Arc {
    pub(crate) tail: NodeIndex,
    pub(crate) head: NodeIndex,
    /// None if unlimited.
    pub(crate) capacity: Option<i64>,
    pub(crate) cost: Tuple,
    pub(crate) role: Role,
}

/// Where entitlements with one topmost SKU cover several units of demand at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gate {
    /// Whose demand, in each copy.
    pub(crate) cluster: usize,
    pub(crate) sku: SkuId,
}

/// Arcs that share units: those of one upgrade license, or of one reserved unit of it, which entitlements that
/// differ in where they may be used reach; or those of an offer that cost the same; or those of what entitlements cover
/// beside other demand. All of them together take no more than there is.
///
/// Without bundles the graph is a network. Each arc of a bundle is without capacity of its own.
#[derive(Clone, Debug)]
pub(crate) struct Bundle {
    /// In the order of the graph; in no other bundle. Two at least, unless there is a gate.
    pub(crate) arcs: Vec<ArcIndex>,
    pub(crate) units: i64,
    /// An arc each unit of which brings so many more. Bundles of which it is one of the arcs come later.
    pub(crate) gate: Option<(ArcIndex, i64)>,
    /// The license whose units these are, and where two of the entitlements may be used; none for units of an
    /// offer.
    pub(crate) mixed: Option<(LicenseId, [Whereabouts; 2])>,
    /// What a unit may be worth, to begin a search with.
    pub(crate) guess: Tuple,
}

impl Bundle {
    /// The lowest price of a unit under which no arc of the bundle costs less than nothing by these potentials, if none
    /// of them is a gate.
    #[cfg_attr(not(feature = "milp"), allow(dead_code, reason = "only integer programs divide bundles"))]
    pub(crate) fn price(&self, graph: &Graph, potential: &[Tuple]) -> Tuple {
        let saved = self.arcs.iter().map(|&arc| graph.arcs[arc as usize].saved(potential));
        saved.fold(FREE, Ord::max)
    }

    /// All arcs that have to do with it.
    pub(crate) fn all_arcs(&self) -> impl Iterator<Item = ArcIndex> + '_ {
        self.arcs.iter().copied().chain(self.gate.map(|(gate, _)| gate))
    }
}

impl Arc {
    /// What a unit is worth at the head by these potentials, beyond what it is worth at the tail and the cost between.
    pub(crate) fn saved(&self, potential: &[Tuple]) -> Tuple {
        minus(minus(potential[self.head as usize], potential[self.tail as usize]), self.cost)
    }
}

/// The graph with the supplies of its nodes; what is supplied and not used flows into the hub.
#[derive(Clone, Default)]
pub(crate) struct Graph {
    pub(crate) nodes: Vec<Node>,
    pub(crate) supply: Vec<i64>,
    pub(crate) arcs: Vec<Arc>,
    pub(crate) bundles: Vec<Bundle>,
    pub(crate) gates: Vec<Gate>,
    /// Other places that the node of a place stands for too; none unless the graph is merged.
    pub(crate) alike: BTreeMap<NodeIndex, Vec<Place>>,
}

/// A cost with one level.
pub(crate) fn at(level: Level, amount: i64) -> Tuple {
    let mut tuple = FREE;
    tuple[level.index()] = amount;
    tuple
}

/// A cost with two levels.
pub(crate) fn at_both(one: (Level, i64), other: (Level, i64)) -> Tuple {
    let mut tuple = at(one.0, one.1);
    tuple[other.0.index()] = other.1;
    tuple
}

/// One cost plus another.
pub(crate) fn plus(one: Tuple, other: Tuple) -> Tuple {
    std::array::from_fn(|level| one[level] + other[level])
}

/// One cost less another.
pub(crate) fn minus(one: Tuple, other: Tuple) -> Tuple {
    std::array::from_fn(|level| one[level] - other[level])
}

impl Graph {
    pub(crate) fn add_node(&mut self, node: Node, supply: i64) -> NodeIndex {
        self.nodes.push(node);
        self.supply.push(supply);
        NodeIndex::try_from(self.nodes.len() - 1).expect("the graph is checked against the limits")
    }

    pub(crate) fn add_arc(
        &mut self,
        tail: NodeIndex,
        head: NodeIndex,
        capacity: Option<i64>,
        cost: Tuple,
        role: Role,
    ) -> ArcIndex {
        self.arcs.push(Arc { tail, head, capacity, cost, role });
        ArcIndex::try_from(self.arcs.len() - 1).expect("the graph is checked against the limits")
    }

    /// The end of an arc that is not the hub.
    pub(crate) fn end(&self, arc: ArcIndex) -> NodeIndex {
        let Arc { tail, head, .. } = self.arcs[arc as usize];
        if tail == HUB { head } else { tail }
    }

    /// The version whose demand is covered on the arc, if it is such an arc.
    pub(crate) fn demanded_on(&self, problem: &Problem<'_>, arc: &Arc) -> Option<VersionId> {
        match self.nodes[arc.tail as usize] {
            _ if arc.role != Role::Demand => None,
            Node::Asked(Ask::Cover(version), _) | Node::Changeable(version, _) => Some(version),
            Node::Single(demand) => Some(problem.demands[demand].key.version),
            Node::Held(cluster, part) => Some(problem.clusters[cluster].parts[part].version),
            other => unreachable!("{other:?} is no demand"),
        }
    }

    /// Drops all nodes from which nothing demanded can be reached, with their arcs.
    pub(crate) fn without_dead_ends(self) -> Self {
        let is_alive = self.reaches_a_purpose();
        let mut renumbered = vec![HUB; self.nodes.len()];
        let mut kept = Self::default();
        for (index, node) in self.nodes.into_iter().enumerate() {
            if is_alive[index] {
                renumbered[index] = kept.add_node(node, self.supply[index]);
            }
        }
        let mut moved: Vec<Option<ArcIndex>> = Vec::with_capacity(self.arcs.len());
        for arc in self.arcs {
            let is_alive = is_alive[arc.tail as usize] && is_alive[arc.head as usize];
            moved.push(is_alive.then(|| {
                let Arc { tail, head, capacity, cost, role } = arc;
                kept.add_arc(renumbered[tail as usize], renumbered[head as usize], capacity, cost, role)
            }));
        }
        for bundle in self.bundles {
            let arcs: Vec<ArcIndex> = bundle.arcs.iter().filter_map(|&arc| moved[arc as usize]).collect();
            let gate = bundle.gate.map(|(arc, each)| (moved[arc as usize].expect("a gate serves a purpose"), each));
            match arcs[..] {
                [] => {}
                // Units that nothing else can take are a capacity.
                [arc] if gate.is_none() => kept.arcs[arc as usize].capacity = Some(bundle.units),
                _ => kept.bundles.push(Bundle { arcs, gate, ..bundle }),
            }
        }
        kept.gates = self.gates;
        kept
    }

    fn reaches_a_purpose(&self) -> Vec<bool> {
        let into = Adjacency::by(self, |arc| arc.head);
        let mut is_alive = vec![false; self.nodes.len()];
        is_alive[HUB as usize] = true;
        let serves = |arc: &&Arc| matches!(arc.role, Role::Demand | Role::Aside | Role::Met);
        let mut open: Vec<NodeIndex> = self.arcs.iter().filter(serves).map(|arc| arc.tail).collect();
        while let Some(node) = open.pop() {
            if !std::mem::replace(&mut is_alive[node as usize], true) {
                open.extend(into.of(node).iter().map(|&arc| self.arcs[arc as usize].tail));
            }
        }
        is_alive
    }
}

/// The arcs at each node.
pub(crate) struct Ends {
    pub(crate) leaving: Adjacency,
    pub(crate) entering: Adjacency,
}

impl Ends {
    pub(crate) fn of(graph: &Graph) -> Self {
        Self { leaving: Adjacency::by(graph, |arc| arc.tail), entering: Adjacency::by(graph, |arc| arc.head) }
    }
}

/// Arcs grouped by one of their ends, in the order of the graph.
pub(crate) struct Adjacency {
    first: Vec<u32>,
    arcs: Vec<ArcIndex>,
}

impl Adjacency {
    fn by(graph: &Graph, end: impl Fn(&Arc) -> NodeIndex) -> Self {
        let mut first = vec![0_u32; graph.nodes.len() + 1];
        for arc in &graph.arcs {
            first[end(arc) as usize + 1] += 1;
        }
        for node in 1..first.len() {
            first[node] += first[node - 1];
        }
        let mut next = first.clone();
        let mut arcs = vec![0; graph.arcs.len()];
        for (index, arc) in (0..).zip(&graph.arcs) {
            let slot = &mut next[end(arc) as usize];
            arcs[*slot as usize] = index;
            *slot += 1;
        }
        Self { first, arcs }
    }

    /// The arcs at `node`.
    pub(crate) fn of(&self, node: NodeIndex) -> &[ArcIndex] {
        &self.arcs[self.first[node as usize] as usize..self.first[node as usize + 1] as usize]
    }
}
