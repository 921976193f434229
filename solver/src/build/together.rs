//! States entitlements that cover several units of demand at once.
//!
//! An entitlement that goes to a home passes a *gate* and covers a unit of demand as any other does. What it covers
//! beside comes from the hub. Both pass *portions*, which take no more than the gate lets: as many units of a part as
//! are demanded on each copy, one of each member of a suite, so many devices of a user. These limits are bundles
//! without units of their own.
//!
//! An entitlement used in several places costs what its dearest use does, unit by unit. So there is a gate for each set
//! of places that costs less than a larger one; mostly it is one set.

use super::Builder;
use crate::error::SolveError;
use crate::graph::{ArcIndex, Bundle, FREE, Gate, GateIndex, HUB, Node, NodeIndex, Role, Tuple, at};
use crate::homes::{Kind, devices};
use crate::places::{Place, Whereabouts};
use model::estate::{Metric, Sku, Target};
use model::id::{SkuId, VersionId};
use model::limits::PLACES_OF_A_HOME_MAX;
use model::number::Quantity;
use model::objective::Level;
use std::collections::{BTreeMap, BTreeSet};

/// What a gate is for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct GateKey {
    cluster: usize,
    home: usize,
    sku: SkuId,
    /// Sorted.
    places: Vec<Place>,
    /// Of reserved units.
    target: Option<Target>,
}

/// The homes of a kind with demand for a version: cluster, home.
pub(super) type HomesOf = BTreeMap<(Kind, VersionId), Vec<(usize, usize)>>;

impl Builder<'_, '_, '_> {
    /// Nodes for the demand of clusters that stand for several copies.
    pub(super) fn add_clusters(&mut self) {
        let problem = self.problem;
        for (index, cluster) in problem.clusters.iter().enumerate() {
            for (position, home) in cluster.homes.iter().enumerate() {
                let versions: BTreeSet<VersionId> =
                    home.parts.iter().map(|&part| cluster.parts[part].version).collect();
                for version in versions {
                    self.homes_of.entry((home.kind, version)).or_default().push((index, position));
                }
            }
            let nodes = (0..cluster.parts.len()).map(|part| match cluster.copies[..] {
                [ref copy] => self.singles[copy[part]],
                _ => self.add_held(index, part),
            });
            let nodes: Vec<NodeIndex> = nodes.collect();
            self.held.push(nodes);
        }
    }

    fn add_held(&mut self, index: usize, part: usize) -> NodeIndex {
        let cluster = &self.problem.clusters[index];
        let node = self.add_node(Node::Held(index, part));
        let demanded = Some(cluster.demanded(part));
        self.graph.add_arc(node, HUB, demanded, at(Level::Uncovered, -1), Role::Demand);
        self.give_up(node, FREE);
        let asked = self.asked[&(crate::problem::Ask::Cover(cluster.parts[part].version), cluster.parts[part].place)];
        self.graph.add_arc(asked, node, None, FREE, Role::Right);
        node
    }

    /// Lets an entitlement cover several units of demand at once, those of a target alone if it is topped by a unit
    /// reserved for it. Giving up beyond the gate costs so much.
    pub(super) fn offer_together(
        &mut self,
        sku: SkuId,
        node: NodeIndex,
        whereabouts: Whereabouts,
        reserved: Option<(Target, Tuple)>,
    ) {
        let facts = &self.problem.estate.skus[sku];
        let Some(kind) = Kind::of(facts) else { return };
        let homes = facts.may_cover.iter().filter_map(|&version| self.homes_of.get(&(kind, version)));
        let homes: BTreeSet<(usize, usize)> = homes.flatten().copied().collect();
        for (cluster, home) in homes {
            let parts = self.parts_within(cluster, home, facts, reserved.map(|(target, _)| target));
            for (places, cost) in self.sets_of_places(cluster, &parts, whereabouts) {
                let units = parts.iter().filter(|&&part| places.contains(&self.place_of(cluster, part)));
                let units: Quantity = units.map(|&part| self.problem.clusters[cluster].parts[part].quantity).sum();
                if units.get() < 2 {
                    continue;
                }
                let key = GateKey { cluster, home, sku, places, target: reserved.map(|(target, _)| target) };
                let given_up = reserved.map_or(FREE, |(_, cost)| cost);
                let gate = match self.gates.get(&key) {
                    Some(&gate) => gate,
                    None => self.add_gate(key, given_up),
                };
                self.graph.add_arc(node, gate, None, at(Level::TransferCost, cost), Role::Right);
            }
        }
    }

    fn place_of(&self, cluster: usize, part: usize) -> Place {
        self.problem.clusters[cluster].parts[part].place
    }

    /// The parts of a home that an entitlement may cover, wherever they are.
    fn parts_within(&self, cluster: usize, home: usize, sku: &Sku, target: Option<Target>) -> Vec<usize> {
        let cluster = &self.problem.clusters[cluster];
        let is_of = |part: usize| match (target, &cluster.copies[..]) {
            (None, _) => true,
            // What reserved units may cover stands for itself.
            (Some(target), [copy]) => self.problem.demands[copy[part]].key.is_of(target),
            (Some(_), _) => false,
        };
        let parts = cluster.homes[home].parts.iter().copied();
        parts.filter(|&part| sku.may_cover(cluster.parts[part].version) && is_of(part)).collect()
    }

    /// The sets of places in which an entitlement may be used at once, with what that costs: of those that cost the same
    /// the largest.
    fn sets_of_places(&mut self, cluster: usize, parts: &[usize], whereabouts: Whereabouts) -> Vec<(Vec<Place>, i64)> {
        let places: BTreeSet<Place> = parts.iter().map(|&part| self.place_of(cluster, part)).collect();
        let mut alike: BTreeMap<Vec<i64>, Vec<Place>> = BTreeMap::new();
        for place in places {
            if let Some(costs) = self.map.costs(whereabouts, place) {
                alike.entry(costs).or_default().push(place);
            }
        }
        let alike: Vec<(Vec<i64>, Vec<Place>)> = alike.into_iter().collect();
        if alike.len() > PLACES_OF_A_HOME_MAX {
            self.has_too_many_places = true;
            return Vec::new();
        }
        let cost = |chosen: usize| {
            let costs =
                alike.iter().enumerate().filter(|(index, _)| chosen >> index & 1 == 1).map(|(_, (costs, _))| costs);
            let dearest = costs
                .cloned()
                .reduce(|one, other| one.iter().zip(&other).map(|(one, other)| *one.max(other)).collect());
            dearest.map_or(0, |costs: Vec<i64>| costs.iter().sum::<i64>())
        };
        let mut sets = Vec::new();
        for chosen in 1_usize..1 << alike.len() {
            let paid = cost(chosen);
            let others = (0..alike.len()).filter(|index| chosen >> index & 1 == 0);
            if others.into_iter().all(|other| cost(chosen | 1 << other) > paid) {
                let chosen = alike.iter().enumerate().filter(|(index, _)| chosen >> index & 1 == 1);
                let mut places: Vec<Place> = chosen.flat_map(|(_, (_, places))| places).copied().collect();
                places.sort_unstable();
                sets.push((places, paid));
            }
        }
        sets
    }

    fn add_gate(&mut self, key: GateKey, given_up: Tuple) -> NodeIndex {
        let problem = self.problem;
        let GateKey { cluster, home, sku, ref places, target } = key;
        let facts = &problem.estate.skus[sku];
        let parts = self.parts_within(cluster, home, facts, target);
        let parts: Vec<usize> =
            parts.into_iter().filter(|&part| places.contains(&self.place_of(cluster, part))).collect();
        let index = GateIndex::try_from(self.graph.gates.len()).expect("the graph is checked against the limits");
        self.graph.gates.push(Gate { cluster, sku });
        let outside = self.add_node(Node::Gate(index));
        let inside = self.add_within(index);
        self.give_up(outside, given_up);
        let gate = self.graph.add_arc(outside, inside, None, FREE, Role::Gate(index));
        let of_cluster = &problem.clusters[cluster];
        match (facts.metric, Kind::of(facts)) {
            (Metric::User { max_devices: Some(most) }, _)
                if devices(&of_cluster.parts, &of_cluster.homes[home]) > most =>
            {
                self.add_devices(index, (inside, gate), &parts, most);
            }
            (_, Some(Kind::Suite)) => {
                let mut members: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
                for part in parts {
                    members.entry(facts.member_with(of_cluster.parts[part].version)).or_default().push(part);
                }
                for parts in members.into_values() {
                    self.add_portion(index, inside, &parts, Some((gate, 1)));
                }
            }
            _ => {
                for part in parts {
                    let each = of_cluster.parts[part].quantity.signed();
                    self.add_portion(index, inside, &[part], Some((gate, each)));
                }
            }
        }
        self.gates.insert(key, outside);
        outside
    }

    /// Each entitlement reaches so many devices of a user; what is on no asset that is known is each on one of its own.
    fn add_devices(
        &mut self,
        index: GateIndex,
        (inside, gate): (NodeIndex, ArcIndex),
        parts: &[usize],
        most: Quantity,
    ) {
        let problem = self.problem;
        let of_cluster = &problem.clusters[self.graph.gates[index as usize].cluster];
        let mut on_asset: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for &part in parts {
            match of_cluster.parts[part].asset {
                Some(asset) => on_asset.entry(asset).or_default().push(part),
                None => self.add_portion(index, inside, &[part], None),
            }
        }
        for parts in on_asset.into_values() {
            let device = self.add_within(index);
            let reached = self.graph.add_arc(inside, device, None, FREE, Role::Right);
            for part in parts {
                let each = of_cluster.parts[part].quantity.signed();
                self.add_portion(index, device, &[part], Some((reached, each)));
            }
            self.limit(vec![reached], (gate, 1));
        }
        if most > Quantity::ONE {
            let others = self.graph.add_arc(HUB, inside, None, FREE, Role::Right);
            self.limit(vec![others], (gate, most.signed() - 1));
        }
    }

    /// Beyond the gate nothing is given up: what passes it covers something.
    fn add_within(&mut self, index: GateIndex) -> NodeIndex {
        let node = self.add_node(Node::Within(index));
        self.give_up(node, at(Level::LicenseAssignmentsUnmet, self.forbidden));
        node
    }

    /// What is covered of some parts: so many units for each on an arc, or those alone that come along.
    fn add_portion(&mut self, index: GateIndex, from: NodeIndex, parts: &[usize], limit: Option<(ArcIndex, i64)>) {
        let portion = self.add_within(index);
        let first = self.graph.add_arc(from, portion, None, FREE, Role::Right);
        if let Some(limit) = limit {
            let beside = self.graph.add_arc(HUB, portion, None, FREE, Role::Right);
            self.limit(vec![first, beside], limit);
        }
        let Gate { cluster, sku } = self.graph.gates[index as usize];
        for &part in parts {
            let stretch = self.stretch(sku, self.problem.clusters[cluster].parts[part].version);
            let head = self.held[cluster][part];
            self.graph.add_arc(portion, head, None, at(Level::Stretch, stretch), Role::Together(index));
        }
    }

    /// Lets some arcs carry so many units together for each unit on another.
    fn limit(&mut self, arcs: Vec<ArcIndex>, gate: (ArcIndex, i64)) {
        self.graph.bundles.push(Bundle { arcs, units: 0, gate: Some(gate), mixed: None, guess: FREE });
    }

    /// Whether all homes could be stated.
    pub(super) fn refused_homes(&self) -> Option<SolveError> {
        self.has_too_many_places.then(|| SolveError::Limit {
            what: format!(
                "an asset or user has installs in more than {PLACES_OF_A_HOME_MAX} places that licenses tell apart"
            ),
        })
    }
}
