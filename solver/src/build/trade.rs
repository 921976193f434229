//! States what may be bought or done: units of offers, installs uninstalled, installs replaced.
//!
//! Units of an offer pass an arc of their own, from the hub for base units; what they cost is not stated here,
//! since it depends on how many pass. Installs that may be changed have a node apart from the others of their
//! version and place, because what is uninstalled must not count for those.

use super::Builder;
use crate::graph::{FREE, HUB, Node, NodeIndex, Role, Tuple, at, at_both};
use crate::places::Place;
use crate::problem::Ask;
use model::id::VersionId;
use model::market::OfferId;
use model::number::{Money, Quantity};
use model::objective::Level;
use std::collections::BTreeMap;

impl Builder<'_, '_, '_> {
    /// The node of the base units that an offer brings.
    fn offered(&mut self, offer: OfferId) -> NodeIndex {
        if let Some(&node) = self.offered.get(&offer) {
            return node;
        }
        let node = self.add_node(Node::Offered(offer));
        self.graph.add_arc(HUB, node, None, FREE, Role::Offered(offer));
        self.give_up(node, FREE);
        self.offered.insert(offer, node);
        node
    }

    /// Unreserved base units of an offer.
    pub(super) fn add_offered_pool(&mut self, index: usize, offer: OfferId) -> NodeIndex {
        let pool = &self.problem.pools[index];
        let flexibility = at(Level::Flexibility, self.flexibility(pool.sku));
        let offered = self.offered(offer);
        let node = self.add_node(Node::Pool(index));
        let (capacity, role) = if pool.is_after_reserved(self.problem) {
            (pool.units.map(Quantity::signed), Role::Units)
        } else {
            (None, Role::Right)
        };
        self.graph.add_arc(offered, node, capacity, flexibility, role);
        self.give_up(node, FREE);
        node
    }

    /// The node of entitlements that units of an offer have upgraded, before these are paid for, and what it costs to
    /// give one up.
    pub(super) fn add_upgraded(&mut self, offer: OfferId, outer: NodeIndex, given_up: Tuple) -> NodeIndex {
        let node = self.add_node(Node::Offered(offer));
        self.give_up(node, given_up);
        self.graph.add_arc(node, outer, None, FREE, Role::Offered(offer));
        node
    }

    /// A base unit of an offer that would be reserved: it is used if it is had.
    pub(super) fn add_offered_reserved(&mut self, index: usize, offer: OfferId) -> NodeIndex {
        let flexibility = self.flexibility(self.problem.reserved[index].sku);
        let offered = self.offered(offer);
        let node = self.add_node(Node::ReservedBase(index));
        let cost = at_both((Level::LicenseAssignmentsUnmet, -1), (Level::Flexibility, flexibility));
        self.graph.add_arc(offered, node, Some(1), cost, Role::Units);
        node
    }

    /// Installs of a version in a place that may be uninstalled or replaced.
    pub(super) fn add_changeable(&mut self, asked: NodeIndex, version: VersionId, place: Place, demands: &[usize]) {
        let problem = self.problem;
        let node = self.add_node(Node::Changeable(version, place));
        self.give_up(node, FREE);
        self.add_pooled(node, demands);
        self.graph.add_arc(asked, node, None, FREE, Role::Right);
        let mut reclaimable: BTreeMap<Money, Quantity> = BTreeMap::new();
        for (key, quantity) in problem.trade.reclaimable_at(version, place) {
            *reclaimable.entry(key.cost).or_default() += *quantity;
        }
        for (cost, quantity) in reclaimable {
            let spent = at(Level::Spend, cost.units());
            self.graph.add_arc(HUB, node, Some(quantity.signed()), spent, Role::Reclaimed(cost));
        }
        for reinstall in problem.trade.market.into_iter().flat_map(|market| market.reinstalls_of(version)) {
            let instead = self.asked[&(Ask::Cover(reinstall.to), place)];
            let spent = at(Level::Spend, reinstall.cost.units());
            self.graph.add_arc(instead, node, None, spent, Role::Reinstalled(reinstall.to));
        }
    }
}
