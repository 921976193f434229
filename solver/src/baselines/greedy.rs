//! The greedy walk: demand by demand, the first entitlement that fits, never taken back.

use super::steps::{Step, ranks, steps};
use super::supply::Supply;
use super::{Orders, Rule, VersionOrder};
use crate::places::{Map, Place};
use crate::problem::Problem;
use checker::allocation::{Destination, Row, SetAside, Unit};
use model::estate::Target;
use model::id::{Id, LicenseId, Table, VersionId, ids_in};
use model::number::Quantity;
use std::collections::BTreeMap;
use std::ops::Range;

/// What has been taken so far.
pub(super) struct Walk<'p, 'e> {
    pub(super) problem: &'p Problem<'e>,
    pub(super) map: &'p Map<'e>,
    pub(super) steps: Vec<Step>,
    pub(super) ranks: Table<LicenseId, u32>,
    pub(super) supply: Supply<'p, 'e>,
    /// Demand that is not covered yet.
    pub(super) left: Vec<u64>,
    /// Title assignments that have their entitlement.
    pub(super) is_met: Vec<bool>,
    /// Reserved units in use.
    pub(super) is_used: Vec<bool>,
    /// Demand that an assignment concerns, by target.
    pub(super) singles_of: BTreeMap<Target, Vec<usize>>,
    /// Demand that counts for a title assignment, by assignment.
    counting_for: Vec<Vec<usize>>,
    versions: VersionOrder,
    rows: Vec<Row>,
}

/// The rows of a rule in the order in which it takes them.
pub(super) fn walk(problem: &Problem<'_>, map: &Map<'_>, rule: Rule, orders: Orders) -> Vec<Row> {
    let mut walk = Walk::new(problem, map, rule, orders);
    walk.serve_license_assignments();
    walk.serve_title_assignments();
    walk.serve_demand();
    walk.rows
}

impl<'p, 'e> Walk<'p, 'e> {
    fn new(problem: &'p Problem<'e>, map: &'p Map<'e>, rule: Rule, orders: Orders) -> Self {
        let ranks = ranks(problem.estate, orders);
        let mut singles_of: BTreeMap<Target, Vec<usize>> = BTreeMap::new();
        let mut counting_for = vec![Vec::new(); problem.wanted.len()];
        for (index, demand) in problem.demands.iter().enumerate().filter(|(_, demand)| demand.is_single()) {
            for target in demand.key.targets() {
                singles_of.entry(target).or_default().push(index);
            }
            if let Some(wanted) = demand.meets {
                counting_for[wanted].push(index);
            }
        }
        Self {
            steps: steps(rule, orders.rules),
            supply: Supply::new(problem, &ranks),
            left: problem.demands.iter().map(|demand| demand.quantity.get()).collect(),
            is_met: vec![false; problem.wanted.len()],
            is_used: vec![false; problem.reserved.len()],
            versions: orders.versions,
            rows: Vec::new(),
            problem,
            map,
            ranks,
            singles_of,
            counting_for,
        }
    }

    /// Less for a version that is served before another of the same title.
    pub(super) fn version_key(&self, version: VersionId) -> usize {
        match self.versions {
            VersionOrder::OldestFirst => version.index(),
            VersionOrder::NewestFirst => usize::MAX - version.index(),
        }
    }

    /// The versions in the range in the order of versions.
    fn in_order(&self, versions: &Range<VersionId>) -> Vec<VersionId> {
        let mut in_order: Vec<VersionId> = ids_in(versions).collect();
        if self.versions == VersionOrder::NewestFirst {
            in_order.reverse();
        }
        in_order
    }

    /// Covers one install for each title assignment that has one, or sets an entitlement aside.
    fn serve_title_assignments(&mut self) {
        for index in 0..self.problem.wanted.len() {
            if self.is_met[index] {
                continue;
            }
            if self.problem.wanted[index].has_installs {
                let mut demands = self.counting_for[index].clone();
                demands.sort_by_key(|&demand| (self.version_key(self.problem.demands[demand].key.version), demand));
                for demand in demands {
                    if self.cover_one(demand) {
                        break;
                    }
                }
            } else {
                self.set_aside(index);
            }
        }
    }

    /// Covers one unit of a demand, if anything can.
    fn cover_one(&mut self, demand: usize) -> bool {
        let row = &self.problem.demands[demand];
        if self.left[demand] == 0 {
            return false;
        }
        let Some(units) = self.take_one(row.key.version, row.place()) else { return false };
        self.cover(demand, units, 1);
        true
    }

    /// Sets an entitlement aside for a title assignment, if one is left.
    fn set_aside(&mut self, index: usize) {
        let wanted = &self.problem.wanted[index];
        let versions = match wanted.version {
            Some(version) => vec![version],
            None => self.in_order(&self.problem.estate.titles[wanted.title].versions),
        };
        let units = versions.into_iter().find_map(|version| self.take_one(version, wanted.place()));
        if let Some(units) = units {
            let aside = SetAside { target: wanted.target, title: Some(wanted.title), scope: wanted.scope };
            self.is_met[index] = true;
            self.push(Destination::SetAside(aside), units, 1);
        }
    }

    fn take_one(&mut self, version: VersionId, place: Place) -> Option<Vec<Unit>> {
        let path = self.steps.iter().find_map(|step| self.supply.entitlement(step, version, place))?;
        Some(self.supply.take(&path, 1))
    }

    /// Title by title, version by version, step by step, install by install.
    fn serve_demand(&mut self) {
        let steps = std::mem::take(&mut self.steps);
        for title in &self.problem.estate.titles {
            for version in self.in_order(&title.versions) {
                let classes = self.classes(version);
                for step in &steps {
                    for class in &classes {
                        self.fill(step, class.clone());
                    }
                }
            }
        }
    }

    /// The demands for a version, by place.
    fn classes(&self, version: VersionId) -> Vec<Range<usize>> {
        let demands = &self.problem.demands;
        let first = demands.partition_point(|demand| demand.key.version < version);
        let count = demands[first..].partition_point(|demand| demand.key.version == version);
        let mut next = first;
        let runs = demands[first..first + count].chunk_by(|one, other| one.place() == other.place());
        runs.map(|run| {
            let start = next;
            next += run.len();
            start..next
        })
        .collect()
    }

    /// Covers demand for a version in a place as far as a step goes.
    fn fill(&mut self, step: &Step, mut class: Range<usize>) {
        let first = &self.problem.demands[class.start];
        let (version, place) = (first.key.version, first.place());
        let mut wanted: u64 = self.left[class.clone()].iter().sum();
        while wanted > 0 {
            let Some(path) = self.supply.entitlement(step, version, place) else { return };
            let amount = self.supply.available(&path).map_or(wanted, |units| units.min(wanted));
            let units = self.supply.take(&path, amount);
            let mut rest = amount;
            while rest > 0 {
                let share = rest.min(self.left[class.start]);
                if share > 0 {
                    self.cover(class.start, units.clone(), share);
                    rest -= share;
                }
                if self.left[class.start] == 0 {
                    class.start += 1;
                }
            }
            wanted -= amount;
        }
    }

    /// Notes that entitlements cover demand.
    pub(super) fn cover(&mut self, demand: usize, path: Vec<Unit>, amount: u64) {
        let row = &self.problem.demands[demand];
        self.left[demand] -= amount;
        if let Some(wanted) = row.meets {
            self.is_met[wanted] = true;
        }
        self.push(Destination::Demand(row.key), path, amount);
    }

    pub(super) fn push(&mut self, destination: Destination, path: Vec<Unit>, amount: u64) {
        self.rows.push(Row { destination, path, quantity: Quantity::new(amount) });
    }
}
