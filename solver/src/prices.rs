//! From potentials to prices on facts of the estate.
//!
//! A potential is what a unit has cost when it arrives. The price of a fact is what one unit more of
//! it would save: for supply at its node, for anything with a capacity the part of its arc's reduced
//! cost below zero. Complementary slackness makes the bound exact; see the checker for the law.

use crate::component::Flows;
use crate::graph::{Arc, FREE, Graph, Node, Role, Tuple, at, minus, plus};
use crate::problem::{Ask, Problem};
use checker::evidence::{AssignmentPrice, NO_PRICE, Price, Prices};
use model::objective::Level;

/// The prices that the potentials stand for; zero prices are not listed.
pub(crate) fn prices(problem: &Problem<'_>, graph: &Graph, flows: &Flows) -> Prices {
    let mut slots = Slots {
        pools: vec![NO_PRICE; problem.pools.len()],
        reserved: vec![NO_PRICE; problem.reserved.len()],
        demands: vec![NO_PRICE; problem.demands.len()],
        wanted: vec![(NO_PRICE, NO_PRICE); problem.wanted.len()],
    };
    for (node, &potential) in graph.nodes.iter().zip(&flows.potential) {
        slots.read_node(problem, *node, potential);
    }
    for arc in &graph.arcs {
        slots.read_arc(problem, graph, arc, saving(flows, arc));
    }
    slots.list(problem)
}

/// What one unit more of the arc's capacity would save.
fn saving(flows: &Flows, arc: &Arc) -> Tuple {
    let across = minus(flows.potential[arc.head as usize], flows.potential[arc.tail as usize]);
    minus(across, arc.cost).max(FREE)
}

struct Slots {
    pools: Vec<Price>,
    reserved: Vec<Price>,
    demands: Vec<Price>,
    /// Met, aside.
    wanted: Vec<(Price, Price)>,
}

impl Slots {
    fn read_node(&mut self, problem: &Problem<'_>, node: Node, potential: Tuple) {
        let flexibility = |sku: model::id::SkuId| {
            let versions = problem.estate.skus[sku].may_cover.len();
            at(Level::Flexibility, i64::try_from(versions).expect("versions fit their limit"))
        };
        match node {
            Node::Pool(pool) => self.pools[pool] = minus(potential, flexibility(problem.pools[pool].sku)),
            Node::ReservedBase(unit) => {
                let used = plus(potential, at(Level::LicenseAssignmentsUnmet, 1));
                self.reserved[unit] = minus(used, flexibility(problem.reserved[unit].sku));
            }
            Node::Counting(wanted) => self.wanted[wanted].0 = potential,
            Node::Aside(wanted) => self.wanted[wanted].0 = at(Level::TitleAssignmentsUnmet, 1),
            _ => {}
        }
    }

    fn read_arc(&mut self, problem: &Problem<'_>, graph: &Graph, arc: &Arc, saving: Tuple) {
        match (arc.role, graph.nodes[arc.tail as usize]) {
            (Role::Units, Node::UpgradeIn(pool)) => self.pools[pool] = self.pools[pool].max(saving),
            (Role::Units, Node::ReservedIn(unit)) => self.reserved[unit] = self.reserved[unit].max(saving),
            (Role::Aside, Node::Aside(wanted)) => self.wanted[wanted].1 = saving,
            (Role::Demand, Node::Single(demand)) => {
                // Demand of zero units counts for a title assignment that nothing else counts for:
                // its price bears what meeting the assignment is worth, at no cost.
                let row = &problem.demands[demand];
                let is_alone = row.meets.is_some_and(|wanted| !problem.wanted[wanted].has_installs);
                let met = if is_alone { at(Level::TitleAssignmentsUnmet, 1) } else { FREE };
                self.demands[demand] = plus(saving, met);
            }
            (Role::Demand, Node::Asked(Ask::Cover(version), place)) => {
                for demand in problem.demands_at(version, place) {
                    if !problem.demands[demand].is_single() {
                        self.demands[demand] = saving;
                    }
                }
            }
            _ => {}
        }
    }

    fn list(self, problem: &Problem<'_>) -> Prices {
        let is_priced = |price: &Price| *price != NO_PRICE;
        let pools = problem.pools.iter().zip(self.pools).filter(|(_, price)| is_priced(price));
        let mut licenses: Vec<_> =
            pools.flat_map(|(pool, price)| pool.lots.iter().map(move |&(license, _)| (license, price))).collect();
        licenses.sort_unstable();
        let reserved = problem.reserved.iter().zip(self.reserved).filter(|(_, price)| is_priced(price));
        let demands = problem.demands.iter().zip(self.demands).filter(|(_, price)| is_priced(price));
        let wanted = problem.wanted.iter().zip(self.wanted);
        let wanted = wanted.filter(|(_, (met, aside))| is_priced(met) || is_priced(aside));
        Prices {
            licenses,
            reserved: reserved.map(|(unit, price)| (unit.license, unit.target, price)).collect(),
            demands: demands.map(|(demand, price)| (demand.key, price)).collect(),
            assignments: wanted
                .map(|(row, (met, aside))| AssignmentPrice { title: row.title, target: row.target, met, aside })
                .collect(),
        }
    }
}
