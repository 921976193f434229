//! From flows through gates to entitlements that cover several units of demand at once.
//!
//! The copies of a cluster stand in a circle. Each gate takes the copies that follow those of the gate before, so that
//! entitlements meet in one copy only where there are more of them than copies. What a gate covers of each part is then
//! given to its entitlements as far as the metric and the copies allow. Where something is left over, the flow belongs
//! to no allocation of the copies.

use crate::component::Flows;
use crate::graph::{Gate, GateIndex, Graph, Node, Role};
use crate::homes::Kind;
use crate::problem::Problem;
use checker::allocation::{DemandKey, Destination, Row, Shared, Unit};
use model::estate::{Metric, Sku};
use model::number::Quantity;
use std::collections::{BTreeMap, BTreeSet};

/// So many entitlements, each by its path.
type Entitlements = Vec<(Vec<Unit>, u64)>;

/// What gates come to: entitlements that cover one unit after all are rows.
#[derive(Default)]
pub(super) struct Divided {
    pub(super) rows: Vec<Row>,
    pub(super) shared: Vec<Shared>,
}

pub(super) struct Together<'p, 'e> {
    problem: &'p Problem<'e>,
    graph: &'p Graph,
    /// What is covered on the arcs of a gate, by part of its cluster.
    covered: BTreeMap<GateIndex, BTreeMap<usize, u64>>,
    /// What is not covered yet, by cluster with copies that are stated as one or that has gates: by copy, by part.
    open: BTreeMap<usize, Vec<Vec<u64>>>,
    /// By cluster: the copy that is next.
    next: BTreeMap<usize, usize>,
}

impl<'p, 'e> Together<'p, 'e> {
    pub(super) fn new(problem: &'p Problem<'e>, graph: &'p Graph, flows: &Flows) -> Self {
        let mut covered: BTreeMap<GateIndex, BTreeMap<usize, u64>> = BTreeMap::new();
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
        Self { problem, graph, covered, open: BTreeMap::new(), next: BTreeMap::new() }
    }

    /// Divides what gates cover among the entitlements that enter them.
    pub(super) fn divide(&mut self, entering: BTreeMap<GateIndex, Entitlements>) -> Option<Divided> {
        let mut found: BTreeMap<(Vec<(DemandKey, Quantity)>, Vec<Unit>), u64> = BTreeMap::new();
        for (gate, entitlements) in entering {
            let mut left = self.covered.remove(&gate).unwrap_or_default();
            let mut others: u64 = entitlements.iter().map(|(_, count)| count).sum();
            for (path, count) in entitlements {
                for _ in 0..count {
                    others -= 1;
                    let covered = self.cover_at_once(self.graph.gates[gate as usize], &mut left, others);
                    // One that covers nothing is better left idle.
                    if !covered.is_empty() {
                        *found.entry((covered, path.clone())).or_default() += 1;
                    }
                }
            }
            if left.values().any(|&units| units > 0) {
                return None;
            }
        }
        let mut divided = Divided::default();
        for ((covered, path), count) in found {
            let quantity = Quantity::new(count);
            match covered[..] {
                [(key, Quantity::ONE)] => divided.rows.push(Row { destination: Destination::Demand(key), path, quantity }),
                _ => divided.shared.push(Shared { covered, path, quantity }),
            }
        }
        Some(divided)
    }

    /// Gives entitlements that cover one unit each to the copies that have it open.
    pub(super) fn cover(&mut self, held: BTreeMap<(usize, usize), Entitlements>) -> Option<Vec<Row>> {
        let mut rows = Vec::new();
        for ((cluster, part), entitlements) in held {
            let mut copy = 0;
            for (path, mut left) in entitlements {
                while left > 0 {
                    let demand = *self.problem.clusters[cluster].copies.get(copy)?.get(part)?;
                    let open = &mut self.open(cluster)[copy][part];
                    let taken = left.min(*open);
                    (*open, left) = (*open - taken, left - taken);
                    copy += usize::from(*open == 0);
                    if taken > 0 {
                        let destination = Destination::Demand(self.problem.demands[demand].key);
                        rows.push(Row { destination, path: path.clone(), quantity: Quantity::new(taken) });
                    }
                }
            }
        }
        Some(rows)
    }

    fn open(&mut self, cluster: usize) -> &mut Vec<Vec<u64>> {
        let stated = &self.problem.clusters[cluster];
        self.open.entry(cluster).or_insert_with(|| {
            let demanded: Vec<u64> = stated.parts.iter().map(|part| part.quantity.get()).collect();
            vec![demanded; stated.copies.len()]
        })
    }

    /// Lets one entitlement cover what it may of what is left, in the copy that is next; of that something for each of so
    /// many others.
    fn cover_at_once(
        &mut self,
        gate: Gate,
        left: &mut BTreeMap<usize, u64>,
        others: u64,
    ) -> Vec<(DemandKey, Quantity)> {
        let problem = self.problem;
        let cluster = &problem.clusters[gate.cluster];
        let next = self.next.entry(gate.cluster).or_default();
        let copy = *next;
        *next = (copy + 1) % cluster.copies.len();
        let sku = &problem.estate.skus[gate.sku];
        let mut reach = Reached::of(sku);
        let open = &mut self.open(gate.cluster)[copy];
        let mut covered = Vec::new();
        let mut for_it = left.values().sum::<u64>().saturating_sub(others);
        for (&part, left) in left.iter_mut() {
            let facts = &cluster.parts[part];
            let units = for_it.min(*left).min(open[part]);
            let most = reach.most(sku.member_with(facts.version), facts.asset, units);
            if most > 0 {
                for_it -= most;
                reach.take(sku.member_with(facts.version), facts.asset, most);
                (*left, open[part]) = (*left - most, open[part] - most);
                covered.push((problem.demands[cluster.copies[copy][part]].key, Quantity::new(most)));
            }
        }
        covered.sort_unstable();
        covered
    }
}

/// What an entitlement covers so far.
struct Reached {
    is_suite: bool,
    members: BTreeSet<Option<usize>>,
    assets: BTreeSet<usize>,
    /// Devices that it may still reach; none if any number.
    devices: Option<u64>,
}

impl Reached {
    fn of(sku: &Sku) -> Self {
        let devices = match sku.metric {
            Metric::User { max_devices } => max_devices.map(Quantity::get),
            Metric::Install | Metric::Device => None,
        };
        let is_suite = Kind::of(sku) == Some(Kind::Suite);
        Self { is_suite, members: BTreeSet::new(), assets: BTreeSet::new(), devices }
    }

    /// How many of some units of one demand it may cover beside.
    fn most(&self, member: Option<usize>, asset: Option<usize>, units: u64) -> u64 {
        if self.is_suite {
            return if self.members.contains(&member) { 0 } else { units.min(1) };
        }
        match (self.devices, asset) {
            (None, _) => units,
            (Some(_), Some(asset)) if self.assets.contains(&asset) => units,
            (Some(devices), Some(_)) => if devices > 0 { units } else { 0 },
            (Some(devices), None) => units.min(devices),
        }
    }

    fn take(&mut self, member: Option<usize>, asset: Option<usize>, units: u64) {
        self.members.insert(member);
        let new = match asset {
            Some(asset) => u64::from(self.assets.insert(asset)),
            None => units,
        };
        self.devices = self.devices.map(|devices| devices - new);
    }
}
