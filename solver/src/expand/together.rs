//! From flows through gates to entitlements that cover several units of demand at once.
//!
//! The copies of a cluster stand in a circle. Each gate takes the copies that follow those of gates for the same parts,
//! so that entitlements meet in one copy only where there are more of them than copies. Then part by part what gates
//! cover is given to their entitlements, first those of gates that can spare the least, where the fewest others could
//! use the demand. Where something is left over, the flow is that of no allocation as far as can be seen, and the copies
//! have to be stated apart.

use super::Entitlements;
use crate::component::Flows;
use crate::graph::{GateIndex, Graph, Node, Role};
use crate::homes::Kind;
use crate::problem::Problem;
use checker::allocation::{DemandKey, Destination, Row, Shared, Unit};
use model::estate::{Metric, Sku};
use model::number::Quantity;
use std::collections::{BTreeMap, BTreeSet};

/// What an entitlement covers.
type Set = Vec<(DemandKey, Quantity)>;
/// Units by part of a cluster.
type Covered = BTreeMap<usize, u64>;

/// What gates come to: entitlements that cover one unit after all are rows.
#[derive(Default)]
pub(super) struct Divided {
    pub(super) rows: Vec<Row>,
    pub(super) shared: Vec<Shared>,
}

pub(super) struct Together<'p, 'e> {
    problem: &'p Problem<'e>,
    graph: &'p Graph,
    /// What is covered through each gate.
    covered: BTreeMap<GateIndex, Covered>,
    /// What is not covered yet, by cluster with anything covered: by copy, by part.
    open: BTreeMap<usize, Vec<Vec<u64>>>,
}

/// An entitlement in a copy of its cluster.
struct Placed<'s> {
    gate: GateIndex,
    path: Vec<Unit>,
    copy: usize,
    sku: &'s Sku,
    covered: Covered,
    /// Of the cluster.
    assets: BTreeSet<usize>,
    members: BTreeSet<Option<usize>>,
    /// Devices that it may still reach; none if any number.
    devices: Option<u64>,
}

impl<'p, 'e> Together<'p, 'e> {
    pub(super) fn new(problem: &'p Problem<'e>, graph: &'p Graph, flows: &Flows) -> Self {
        let mut covered: BTreeMap<GateIndex, Covered> = BTreeMap::new();
        for (arc, &flow) in graph.arcs.iter().zip(&flows.flow).filter(|&(_, &flow)| flow > 0) {
            let Role::Together(gate) = arc.role else { continue };
            let part = match graph.nodes[arc.head as usize] {
                Node::Held(_, part) => part,
                Node::Single(demand) => {
                    let cluster = &problem.clusters[graph.gates[gate as usize].cluster];
                    let of_demand = cluster.copies[0].binary_search(&demand);
                    of_demand.expect("a gate covers demand of its cluster")
                }
                other => unreachable!("{other:?} is no demand"),
            };
            *covered.entry(gate).or_default().entry(part).or_default() += flow.unsigned_abs();
        }
        Self { problem, graph, covered, open: BTreeMap::new() }
    }

    /// Divides what gates cover among the entitlements that enter them.
    ///
    /// # Errors
    /// The clusters where that could not be done.
    pub(super) fn divide(&mut self, entering: BTreeMap<GateIndex, Entitlements>) -> Result<Divided, Vec<usize>> {
        let mut by_cluster: BTreeMap<usize, Vec<(GateIndex, Entitlements)>> = BTreeMap::new();
        for (gate, entitlements) in entering {
            by_cluster.entry(self.graph.gates[gate as usize].cluster).or_default().push((gate, entitlements));
        }
        let mut failed = Vec::new();
        let mut found: BTreeMap<(Set, Vec<Unit>), u64> = BTreeMap::new();
        for (cluster, gates) in by_cluster {
            let Some(placed) = self.divide_cluster(cluster, gates) else {
                failed.push(cluster);
                continue;
            };
            let copies = &self.problem.clusters[cluster].copies;
            for entitlement in placed {
                let demand = |part: usize| self.problem.demands[copies[entitlement.copy][part]].key;
                let covered = entitlement.covered.iter().map(|(&part, &units)| (demand(part), Quantity::new(units)));
                let mut covered: Set = covered.collect();
                covered.sort_unstable();
                *found.entry((covered, entitlement.path)).or_default() += 1;
            }
        }
        if !failed.is_empty() {
            return Err(failed);
        }
        let mut divided = Divided::default();
        for ((covered, path), count) in found {
            let quantity = Quantity::new(count);
            match covered[..] {
                // One that covers nothing is better left idle.
                [] => {}
                [(key, Quantity::ONE)] => {
                    divided.rows.push(Row { destination: Destination::Demand(key), path, quantity });
                }
                _ => divided.shared.push(Shared { covered, path, quantity }),
            }
        }
        Ok(divided)
    }

    /// Gives entitlements that cover one unit each to the copies that have it open.
    pub(super) fn cover(&mut self, held: BTreeMap<(usize, usize), Entitlements>) -> Vec<Row> {
        let mut rows = Vec::new();
        for ((cluster, part), entitlements) in held {
            let copies = &self.problem.clusters[cluster].copies;
            let open = self.open(cluster);
            let mut copy = 0;
            for (path, mut left) in entitlements {
                while left > 0 {
                    let taken = left.min(open[copy][part]);
                    (open[copy][part], left) = (open[copy][part] - taken, left - taken);
                    if taken > 0 {
                        rows.push((copies[copy][part], path.clone(), taken));
                    }
                    copy += usize::from(open[copy][part] == 0);
                }
            }
        }
        let row = |(demand, path, units): (usize, Vec<Unit>, u64)| Row {
            destination: Destination::Demand(self.problem.demands[demand].key),
            path,
            quantity: Quantity::new(units),
        };
        rows.into_iter().map(row).collect()
    }

    fn open(&mut self, cluster: usize) -> &mut Vec<Vec<u64>> {
        let stated = &self.problem.clusters[cluster];
        self.open.entry(cluster).or_insert_with(|| {
            let demanded: Vec<u64> = stated.parts.iter().map(|part| part.quantity.get()).collect();
            vec![demanded; stated.copies.len()]
        })
    }

    /// What each entitlement of a cluster covers; none if what the gates cover cannot be given to them.
    fn divide_cluster(&mut self, cluster: usize, gates: Vec<(GateIndex, Entitlements)>) -> Option<Vec<Placed<'p>>> {
        let mut placed = self.place(cluster, gates);
        let mut order: Vec<(u64, usize, GateIndex)> = Vec::new();
        let of_gates: BTreeSet<GateIndex> = placed.iter().map(|entitlement| entitlement.gate).collect();
        for gate in of_gates {
            let entitlements = placed.iter().filter(|entitlement| entitlement.gate == gate).count() as u64;
            let parts = &self.problem.clusters[cluster].parts;
            let spare = |part: usize, units: u64| (entitlements * parts[part].quantity.get()).saturating_sub(units);
            let covered = self.covered.get(&gate).into_iter().flatten();
            order.extend(covered.map(|(&part, &units)| (spare(part, units), part, gate)));
        }
        order.sort_unstable();
        for &(_, part, gate) in &order {
            let others = order.iter().filter(|&&(_, of, other)| of == part && other != gate).map(|row| row.2).collect();
            let units = self.covered[&gate][&part];
            if !self.give(cluster, (part, gate, units), &others, &mut placed) {
                return None;
            }
        }
        lend(&self.problem.clusters[cluster].parts, &mut placed);
        Some(placed)
    }

    /// The entitlements of a cluster in their copies.
    fn place(&self, cluster: usize, gates: Vec<(GateIndex, Entitlements)>) -> Vec<Placed<'p>> {
        let problem = self.problem;
        let copies = problem.clusters[cluster].copies.len();
        let mut placed = Vec::new();
        // By part: after the copies of all gates that cover it.
        let mut ends: BTreeMap<usize, usize> = BTreeMap::new();
        for (gate, entitlements) in gates {
            let parts: Vec<usize> = self.covered.get(&gate).into_iter().flatten().map(|(&part, _)| part).collect();
            let mut next = parts.iter().filter_map(|part| ends.get(part)).copied().max().unwrap_or(0);
            for (path, count) in entitlements {
                for _ in 0..count {
                    let sku = &problem.estate.skus[self.graph.gates[gate as usize].sku];
                    placed.push(Placed::new(gate, path.clone(), next % copies, sku));
                    next += 1;
                }
            }
            ends.extend(parts.into_iter().map(|part| (part, next)));
        }
        placed
    }

    /// Gives units of a part to entitlements of a gate; whether there was room for all.
    fn give(
        &mut self,
        cluster: usize,
        (part, gate, mut units): (usize, GateIndex, u64),
        others: &BTreeSet<GateIndex>,
        placed: &mut [Placed<'p>],
    ) -> bool {
        let facts = &self.problem.clusters[cluster].parts[part];
        let mut rivals: BTreeMap<usize, usize> = BTreeMap::new();
        for entitlement in placed.iter().filter(|entitlement| others.contains(&entitlement.gate)) {
            *rivals.entry(entitlement.copy).or_default() += 1;
        }
        let of_gate = placed.iter().enumerate().filter(|(_, entitlement)| entitlement.gate == gate);
        let mut candidates: Vec<(bool, usize, usize)> = of_gate
            .map(|(index, entitlement)| {
                let is_new = facts.asset.is_none_or(|asset| !entitlement.assets.contains(&asset));
                (is_new, rivals.get(&entitlement.copy).copied().unwrap_or(0), index)
            })
            .collect();
        candidates.sort_unstable();
        let open = self.open(cluster);
        for (_, _, index) in candidates {
            let entitlement = &mut placed[index];
            let room = &mut open[entitlement.copy][part];
            let member = entitlement.sku.member_with(facts.version);
            let taken = entitlement.most(member, facts.asset, units.min(*room));
            if taken > 0 {
                entitlement.take((part, member, facts.asset), taken);
                *room -= taken;
                units -= taken;
            }
        }
        units == 0
    }
}

/// Lets every entitlement cover something: one that covers nothing takes a unit over from another of its gate.
fn lend(parts: &[crate::homes::Part], placed: &mut [Placed<'_>]) {
    for index in 0..placed.len() {
        if !placed[index].covered.is_empty() {
            continue;
        }
        let gate = placed[index].gate;
        let is_rich = |other: &Placed<'_>| other.gate == gate && other.covered.values().sum::<u64>() > 1;
        let Some(rich) = placed.iter().position(is_rich) else { continue };
        let (part, left) = placed[rich].covered.pop_last().expect("it covers something");
        if left > 1 {
            placed[rich].covered.insert(part, left - 1);
        }
        placed[index].copy = placed[rich].copy;
        let member = placed[index].sku.member_with(parts[part].version);
        placed[index].take((part, member, parts[part].asset), 1);
    }
}

impl<'s> Placed<'s> {
    fn new(gate: GateIndex, path: Vec<Unit>, copy: usize, sku: &'s Sku) -> Self {
        let devices = match sku.metric {
            Metric::User { max_devices } => max_devices.map(Quantity::get),
            Metric::Install | Metric::Device => None,
        };
        let (covered, assets, members) = (Covered::new(), BTreeSet::new(), BTreeSet::new());
        Self { gate, path, copy, sku, covered, assets, members, devices }
    }

    /// How many of some units of one demand it may cover beside.
    fn most(&self, member: Option<usize>, asset: Option<usize>, units: u64) -> u64 {
        if Kind::of(self.sku) == Some(Kind::Suite) {
            return if self.members.contains(&member) { 0 } else { units.min(1) };
        }
        match (self.devices, asset) {
            (Some(0), Some(asset)) if !self.assets.contains(&asset) => 0,
            (Some(devices), None) => units.min(devices),
            _ => units,
        }
    }

    fn take(&mut self, (part, member, asset): (usize, Option<usize>, Option<usize>), units: u64) {
        *self.covered.entry(part).or_default() += units;
        self.members.insert(member);
        let new = match asset {
            Some(asset) => u64::from(self.assets.insert(asset)),
            None => units,
        };
        self.devices = self.devices.map(|devices| devices - new);
    }
}
