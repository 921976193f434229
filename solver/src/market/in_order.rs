//! Units of offers that are had in an order: those that would be reserved come first, as assignments are honored.
//!
//! A unit can be used only if so many are had that it is among them, and whoever uses it needs all before it.

use crate::Statement;
use crate::graph::{Node, Role};
use model::id::Table;
use model::market::OfferId;
use std::ops::Range;

/// The units of an offer some of which would be reserved; empty for all other offers.
#[derive(Clone, Default)]
pub(super) struct InOrder {
    /// The arcs of each reserved unit, in the order in which they are had.
    pub(super) reserved: Vec<Vec<usize>>,
    /// The arcs of all units after these.
    pub(super) rest: Vec<usize>,
}

impl InOrder {
    /// So many units must be had for those that are used.
    pub(super) fn needed(&self, used: impl Fn(&Vec<usize>) -> u64) -> u64 {
        let last = self.reserved.iter().rposition(|arcs| used(arcs) > 0);
        match used(&self.rest) {
            0 => last.map_or(0, |last| last as u64 + 1),
            rest => self.reserved.len() as u64 + rest,
        }
    }

    /// How many units flow on which arcs at most, where no more than so many may be had.
    pub(super) fn rooms(&self, most: u64) -> impl Iterator<Item = (&[usize], i64)> {
        let reserved = (1..).zip(&self.reserved).map(move |(rank, arcs)| (arcs.as_slice(), i64::from(rank <= most)));
        let rest = most.saturating_sub(self.reserved.len() as u64);
        let rest = i64::try_from(rest).expect("quantities fit their limit");
        reserved.chain([(self.rest.as_slice(), rest)])
    }
}

/// The arcs on which units of offers are had in an order.
pub(super) fn in_order(statement: &Statement<'_>) -> Table<OfferId, InOrder> {
    let Statement { problem, graph, .. } = statement;
    let market = problem.trade.market.expect("a statement of a market");
    let reserved = market.offers.iter().map(|offer| problem.reserved_by(offer.lot));
    let reserved: Table<OfferId, Range<usize>> = Table::new(reserved.collect());
    let none = |units: &Range<usize>| InOrder { reserved: vec![Vec::new(); units.len()], rest: Vec::new() };
    let mut in_order = Table::new(reserved.iter().map(none).collect());
    for (index, arc) in graph.arcs.iter().enumerate().filter(|(_, arc)| arc.role == Role::Units) {
        match [arc.tail, arc.head].map(|node| graph.nodes[node as usize]) {
            [Node::Offered(offer), Node::ReservedBase(unit)] | [Node::ReservedIn(unit), Node::Offered(offer)] => {
                in_order[offer].reserved[unit - reserved[offer].start].push(index);
            }
            [Node::Offered(offer), Node::Pool(_)] | [Node::UpgradeIn(_), Node::Offered(offer)] => {
                in_order[offer].rest.push(index);
            }
            _ => {}
        }
    }
    in_order
}
