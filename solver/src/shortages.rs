//! The smallest set that proves each shortage: a minimum cut, read off the residual graph.
//!
//! With what assignments got held fixed (every reserved unit in use is a demand below it and a supply
//! above it, every entitlement set aside for a title a demand), coverage is a plain maximum flow, and
//! nothing is lost by honoring assignments first: sets of demand that can be served together form a
//! gammoid, so what is served already can always be extended to a largest set. The nodes from which an
//! uncovered demand can still be reached are then the smallest minimum cut: everything in it that
//! supplies is used up. Source: Ford and Fulkerson 1956; Perfect 1968 for gammoids.
//!
//! What it cannot do: where arcs share units there need be no such set. A part with a bundle gets none;
//! what is uncovered there is counted, and the bound is the evidence.

use crate::component::{Flows, Parts};
use crate::graph::{Arc, Ends, Graph, HUB, Node, NodeIndex, Role};
use crate::problem::{Ask, Problem};
use checker::allocation::{DemandKey, Unit};
use checker::evidence::{NamedDemand, ShortageSet};
use model::number::Quantity;
use std::collections::{BTreeMap, BTreeSet};

/// One set for each connected part with something uncovered and without bundles, and what is uncovered
/// in the other parts.
pub(crate) fn shortages(
    problem: &Problem<'_>,
    graph: &Graph,
    ends: &Ends,
    flows: &Flows,
) -> (Vec<ShortageSet>, Quantity) {
    let residual = Residual { graph, flows, ends, below_upgrade: below_upgrade(graph) };
    let is_short = residual.reaches_uncovered();
    if !is_short.contains(&true) {
        return (Vec::new(), Quantity::ZERO);
    }
    let mut parts = residual.parts();
    let bundled: BTreeSet<NodeIndex> =
        graph.bundles.iter().map(|bundle| parts.find(graph.end(bundle.arcs[0]))).collect();
    let lacking = graph.arcs.iter().zip(&flows.flow).filter(|(arc, _)| arc.role == Role::Demand);
    let lacking = lacking.map(|(arc, flow)| (arc.tail, arc.capacity.expect("demand is finite") - flow));
    let by_bound = lacking.filter(|&(node, _)| bundled.contains(&parts.find(node)));
    let by_bound: Quantity = by_bound.map(|(_, lack)| Quantity::new(lack.unsigned_abs())).sum();
    let mut sets: BTreeMap<NodeIndex, Named> = BTreeMap::new();
    for (node, _) in (0..).zip(&is_short).filter(|&(_, &is_short)| is_short) {
        let part = parts.find(node);
        if bundled.contains(&part) {
            continue;
        }
        let set = sets.entry(part).or_default();
        set.demands.extend(residual.demand_at(problem, node));
        set.units.extend(residual.supply_at(problem, node, &is_short));
    }
    (sets.into_values().map(Named::into_set).collect(), by_bound)
}

/// What a set names, with quantities.
#[derive(Default)]
struct Named {
    demands: Vec<(NamedDemand, Quantity)>,
    units: Vec<(Unit, Quantity)>,
}

impl Named {
    fn into_set(mut self) -> ShortageSet {
        self.demands.sort_unstable();
        self.units.sort_unstable();
        let demand: Quantity = self.demands.iter().map(|&(_, quantity)| quantity).sum();
        let supply: Quantity = self.units.iter().map(|&(_, quantity)| quantity).sum();
        ShortageSet {
            demands: self.demands,
            units: self.units.into_iter().map(|(unit, _)| unit).collect(),
            demand,
            supply,
            short: demand.saturating_sub(supply),
        }
    }
}

struct Residual<'g> {
    graph: &'g Graph,
    flows: &'g Flows,
    ends: &'g Ends,
    /// The nodes below each upgrade: more than one where entitlements that differ reach it.
    below_upgrade: BTreeMap<Upgrade, Vec<NodeIndex>>,
}

/// An upgrade pool or a reserved upgrade unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Upgrade {
    Pool(usize),
    Reserved(usize),
}

fn below_upgrade(graph: &Graph) -> BTreeMap<Upgrade, Vec<NodeIndex>> {
    let mut below: BTreeMap<Upgrade, Vec<NodeIndex>> = BTreeMap::new();
    for (index, node) in (0..).zip(&graph.nodes) {
        match *node {
            Node::UpgradeIn(pool) => below.entry(Upgrade::Pool(pool)).or_default().push(index),
            Node::ReservedIn(unit) => below.entry(Upgrade::Reserved(unit)).or_default().push(index),
            _ => {}
        }
    }
    below
}

impl<'g> Residual<'g> {
    /// Nodes from which more could be sent to something uncovered, if there were more.
    fn reaches_uncovered(&self) -> Vec<bool> {
        let mut is_short = vec![false; self.graph.nodes.len()];
        let uncovered =
            self.graph.arcs.iter().zip(&self.flows.flow).filter(|(arc, flow)| {
                arc.role == Role::Demand && arc.capacity.is_some_and(|capacity| **flow < capacity)
            });
        let mut open: Vec<NodeIndex> = uncovered.map(|(arc, _)| arc.tail).collect();
        while let Some(node) = open.pop() {
            if std::mem::replace(&mut is_short[node as usize], true) {
                continue;
            }
            // What must be brought to a reserved unit in use can be brought to any node below it.
            if let Node::ReservedIn(unit) = self.graph.nodes[node as usize]
                && self.is_used(node, Role::Units)
            {
                open.extend(&self.below_upgrade[&Upgrade::Reserved(unit)]);
            }
            let into = self.ends.entering.of(node).iter().map(|&index| self.arc(index));
            let has_room = |arc: &Arc, flow: i64| arc.capacity.is_none_or(|capacity| flow < capacity);
            open.extend(
                into.filter(|&(arc, flow)| self.passes(arc, flow) && has_room(arc, flow)).map(|(arc, _)| arc.tail),
            );
            let out_of = self.ends.leaving.of(node).iter().map(|&index| self.arc(index));
            open.extend(out_of.filter(|&(arc, flow)| self.passes(arc, flow) && flow > 0).map(|(arc, _)| arc.head));
        }
        is_short
    }

    fn arc(&self, index: u32) -> (&'g Arc, i64) {
        (&self.graph.arcs[index as usize], self.flows.flow[index as usize])
    }

    /// Whether flow on the arc may change: a reserved unit in use stays in use.
    fn passes(&self, arc: &Arc, flow: i64) -> bool {
        let is_reserved = || matches!(self.graph.nodes[arc.tail as usize], Node::ReservedIn(_));
        connects(arc) && !(arc.role == Role::Units && flow > 0 && is_reserved())
    }

    /// Whether something leaves the node in this role.
    fn is_used(&self, node: NodeIndex, role: Role) -> bool {
        self.ends.leaving.of(node).iter().map(|&index| self.arc(index)).any(|(arc, flow)| arc.role == role && flow > 0)
    }

    /// Parts that license paths connect.
    fn parts(&self) -> Parts {
        let mut parts = Parts::new(self.graph.nodes.len());
        for arc in self.graph.arcs.iter().filter(|arc| connects(arc)) {
            parts.join(arc.tail, arc.head);
        }
        // All nodes below an upgrade lead to the same units.
        for pair in self.below_upgrade.values().flat_map(|nodes| nodes.windows(2)) {
            parts.join(pair[0], pair[1]);
        }
        for bundle in &self.graph.bundles {
            let first = self.graph.end(bundle.arcs[0]);
            bundle.all_arcs().for_each(|arc| parts.join(first, self.graph.end(arc)));
        }
        parts
    }

    /// The demand that a node of the cut stands for.
    fn demand_at(&self, problem: &Problem<'_>, node: NodeIndex) -> Option<(NamedDemand, Quantity)> {
        let named = match self.graph.nodes[node as usize] {
            Node::Asked(Ask::Cover(version), place) => {
                let all = problem.demands_at(version, place).map(|index| &problem.demands[index]);
                let quantity = all.filter(|demand| !demand.is_tied).map(|demand| demand.quantity).sum();
                let (scope, contract) = (place.scope, place.contract);
                (NamedDemand::Installs(DemandKey { version, scope, contract, asset: None, user: None }), quantity)
            }
            Node::Single(index) if problem.demands[index].is_tied => {
                (NamedDemand::Installs(problem.demands[index].key), problem.demands[index].quantity)
            }
            Node::ReservedIn(index) if self.is_used(node, Role::Units) => {
                let unit = &problem.reserved[index];
                (NamedDemand::Reserved(unit.license, unit.target), Quantity::ONE)
            }
            Node::Aside(index) if self.is_used(node, Role::Aside) => {
                let wanted = &problem.wanted[index];
                (NamedDemand::SetAside(wanted.title, wanted.target), Quantity::ONE)
            }
            _ => return None,
        };
        Some(named).filter(|(_, quantity)| !quantity.is_zero())
    }

    /// The supply that a node of the cut stands for.
    fn supply_at(&self, problem: &Problem<'_>, node: NodeIndex, is_short: &[bool]) -> Vec<(Unit, Quantity)> {
        let lots = |pool: usize| {
            let lots = problem.pools[pool].lots.iter().map(|&(license, units)| (license, units.unwrap_or_default()));
            lots.filter(|(_, units)| !units.is_zero()).map(|(license, units)| (Unit::of(license), units)).collect()
        };
        let reserved = |index: usize| {
            let unit = &problem.reserved[index];
            vec![(Unit { license: unit.license, reserved_for: Some(unit.target) }, Quantity::ONE)]
        };
        let below = || {
            let mut into = self.ends.entering.of(node).iter().map(|&index| self.arc(index));
            let (arc, flow) = into.find(|(arc, _)| arc.role == Role::Units).expect("an upgrade stands below");
            (flow, is_short[arc.tail as usize])
        };
        match self.graph.nodes[node as usize] {
            Node::Pool(pool) => lots(pool),
            Node::UpgradeOut(pool) if !below().1 => lots(pool),
            Node::ReservedBase(index) => reserved(index),
            Node::ReservedOut(index) if below().0 > 0 || !below().1 => reserved(index),
            _ => Vec::new(),
        }
    }
}

/// Whether paths run along the arc.
fn connects(arc: &Arc) -> bool {
    arc.tail != HUB && arc.head != HUB && matches!(arc.role, Role::Right | Role::Units)
}
