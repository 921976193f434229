//! From potentials to prices on facts of the estate.
//!
//! A potential is what a unit has cost when it arrives. The price of a fact is what one unit more of
//! it would save: for supply at its node, for anything with a capacity the part of its arc's reduced
//! cost below zero. Complementary slackness makes the bound exact; see the checker for the law.

use crate::component::Flows;
use crate::graph::{Arc, FREE, Graph, Node, Role, Tuple, at, minus, plus};
use crate::order::Order;
use crate::places::Place;
use crate::problem::{Ask, Pool, Problem};
use checker::evidence::{AssignmentPrice, NO_PRICE, Price, Prices};
use checker::plan::{MarketPrices, ReclaimKey};
use model::id::{Id, VersionId};
use model::market::OfferId;
use model::number::Money;
use model::objective::Level;

/// The prices that the potentials stand for; zero prices are not listed.
pub(crate) fn prices(problem: &Problem<'_>, graph: &Graph, flows: &Flows) -> Prices {
    market_prices(problem, &problem.order, graph, flows).facts
}

/// The same with the prices of what may be bought or done; the costs of the graph are in the order given.
pub(crate) fn market_prices(problem: &Problem<'_>, order: &Order, graph: &Graph, flows: &Flows) -> MarketPrices {
    let mut slots = Slots {
        order,
        pools: vec![NO_PRICE; problem.pools.len()],
        reserved: vec![NO_PRICE; problem.reserved.len()],
        demands: vec![NO_PRICE; problem.demands.len()],
        wanted: vec![(NO_PRICE, NO_PRICE); problem.wanted.len()],
        offers: vec![NO_PRICE; problem.trade.market.map_or(0, |market| market.offers.len())],
        reclaims: Vec::new(),
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
    arc.saved(&flows.potential).max(FREE)
}

struct Slots<'o> {
    order: &'o Order,
    pools: Vec<Price>,
    reserved: Vec<Price>,
    demands: Vec<Price>,
    /// Met, aside.
    wanted: Vec<(Price, Price)>,
    offers: Vec<Price>,
    reclaims: Vec<(ReclaimKey, Price)>,
}

impl Slots<'_> {
    fn read_node(&mut self, problem: &Problem<'_>, node: Node, potential: Tuple) {
        let order = self.order;
        let at = |level, amount| order.apply(at(level, amount));
        let flexibility = |sku: model::id::SkuId| {
            let versions = problem.estate.skus[sku].may_cover.len();
            at(Level::Flexibility, i64::try_from(versions).expect("versions fit their limit"))
        };
        match node {
            Node::Pool(pool) if problem.pools[pool].offer.is_none() => {
                self.pools[pool] = minus(potential, flexibility(problem.pools[pool].sku));
            }
            Node::ReservedBase(unit) if problem.reserved[unit].offer.is_none() => {
                let used = plus(potential, at(Level::LicenseAssignmentsUnmet, 1));
                self.reserved[unit] = minus(used, flexibility(problem.reserved[unit].sku));
            }
            Node::Counting(wanted) => self.wanted[wanted].0 = potential,
            Node::Aside(wanted) => self.wanted[wanted].0 = at(Level::TitleAssignmentsUnmet, 1),
            _ => {}
        }
    }

    fn read_arc(&mut self, problem: &Problem<'_>, graph: &Graph, arc: &Arc, saving: Tuple) {
        let head = graph.nodes[arc.head as usize];
        match (arc.role, graph.nodes[arc.tail as usize]) {
            (Role::Offered(offer), _) => self.offers[offer.index()] = self.offers[offer.index()].max(saving),
            (Role::Reclaimed(cost), _) => self.read_reclaims(problem, head, cost, saving),
            (Role::Units, Node::Offered(_)) => match head {
                Node::ReservedBase(unit) => self.reserved[unit] = saving,
                Node::Pool(pool) => self.pools[pool] = saving,
                other => unreachable!("{other:?} is no unit"),
            },
            (Role::Units, Node::UpgradeIn(pool)) => self.pools[pool] = self.pools[pool].max(saving),
            (Role::Units, Node::ReservedIn(unit)) => self.reserved[unit] = self.reserved[unit].max(saving),
            (Role::Aside, Node::Aside(wanted)) => self.wanted[wanted].1 = saving,
            (Role::Demand, Node::Single(demand)) => {
                // Demand of zero units counts for a title assignment that nothing else counts for:
                // its price bears what meeting the assignment is worth, at no cost.
                let row = &problem.demands[demand];
                let is_alone = row.meets.is_some_and(|wanted| !problem.wanted[wanted].has_installs);
                let met = if is_alone { self.order.apply(at(Level::TitleAssignmentsUnmet, 1)) } else { FREE };
                self.demands[demand] = plus(saving, met);
            }
            (Role::Demand, Node::Held(cluster, part)) => {
                for copy in &problem.clusters[cluster].copies {
                    self.demands[copy[part]] = saving;
                }
            }
            (Role::Demand, Node::Asked(Ask::Cover(version), _)) => {
                for place in graph.places_of(arc.tail) {
                    self.read_pooled(problem, version, place, false, saving);
                }
            }
            (Role::Demand, Node::Changeable(version, place)) => {
                self.read_pooled(problem, version, place, true, saving);
            }
            _ => {}
        }
    }

    /// Of the demand for a version in a place, that which may be changed or that which stays as it is.
    fn read_pooled(&mut self, problem: &Problem<'_>, version: VersionId, place: Place, changes: bool, saving: Tuple) {
        for demand in problem.demands_at(version, place) {
            let row = &problem.demands[demand];
            if !row.is_single() && problem.trade.changes(row) == changes {
                self.demands[demand] = saving;
            }
        }
    }

    fn read_reclaims(&mut self, problem: &Problem<'_>, head: Node, cost: Money, saving: Tuple) {
        if let Node::Changeable(version, place) = head
            && saving != NO_PRICE
        {
            let keys = problem.trade.reclaimable_at(version, place).map(|&(key, _)| key);
            self.reclaims.extend(keys.filter(|key| key.cost == cost).map(|key| (key, saving)));
        }
    }

    fn list<'p>(mut self, problem: &'p Problem<'_>) -> MarketPrices {
        let is_priced = |price: &Price| *price != NO_PRICE;
        // A unit of an offer is worth what any of its units is, and what one of its kind is on top.
        let with_offer = |price: Price, offer: Option<OfferId>| {
            plus(price, offer.map_or(NO_PRICE, |offer| self.offers[offer.index()]))
        };
        let pools = problem.pools.iter().zip(&self.pools).map(|(pool, &price)| (pool, with_offer(price, pool.offer)));
        let lots = |(pool, price): (&'p Pool, Price)| pool.lots.iter().map(move |&(license, _)| (license, price));
        let mut licenses: Vec<_> = pools.filter(|(_, price)| is_priced(price)).flat_map(lots).collect();
        licenses.sort_unstable();
        self.reclaims.sort_unstable();
        let reserved = problem.reserved.iter().zip(&self.reserved);
        let reserved = reserved.map(|(unit, &price)| (unit, with_offer(price, unit.offer)));
        let reserved = reserved.filter(|(_, price)| is_priced(price));
        let demands = problem.demands.iter().zip(&self.demands).filter(|(_, price)| is_priced(price));
        let wanted = problem.wanted.iter().zip(&self.wanted);
        let wanted = wanted.filter(|(_, (met, aside))| is_priced(met) || is_priced(aside));
        let facts = Prices {
            licenses,
            reserved: reserved.map(|(unit, price)| (unit.license, unit.target, price)).collect(),
            demands: demands.map(|(demand, price)| (demand.key, *price)).collect(),
            assignments: wanted
                .map(|(row, &(met, aside))| AssignmentPrice { title: row.title, target: row.target, met, aside })
                .collect(),
        };
        MarketPrices { facts, reclaims: self.reclaims }
    }
}
