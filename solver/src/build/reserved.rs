//! States reserved units: each is a node of its own, and whatever stands on it is reserved for the same
//! target. Source: the input contract, section 4.

use super::{Builder, CostsAt, NOTHING};
use crate::graph::{ArcIndex, Bundle, FREE, HUB, Node, NodeIndex, Role, at, at_both};
use crate::places::{Map, Place, Whereabouts};
use crate::problem::{Demand, Wanted};
use model::estate::Target;
use model::id::{ScopeId, SkuId, VersionId};
use model::objective::{Level, STRETCH_UPGRADE};
use std::collections::BTreeMap;

/// An entitlement topped by a reserved unit.
struct ReservedEntitlement {
    sku: SkuId,
    node: NodeIndex,
    /// Of all units, which matters when it covers something.
    covering: Whereabouts,
    /// Of the unreserved units, which matters when it is set aside.
    aside: Whereabouts,
    /// Whether it can come about: no unit in it is of a lot without units.
    is_possible: bool,
}

/// Reserved units and entitlements on which a reserved upgrade may be stacked to the same effect.
struct ReservedGroup {
    covering: Whereabouts,
    aside: Whereabouts,
    members: Vec<Below>,
    /// Whether there is anything to stack it on, lots without units apart.
    is_possible: bool,
}

/// Whereabouts of all units, and of the unreserved ones.
type Key = (Whereabouts, Whereabouts);
/// What a reserved upgrade may be stacked on, by what comes of it.
type Groups = BTreeMap<Key, Vec<Below>>;

/// What a reserved upgrade may be stacked on.
#[derive(Clone, Copy)]
enum Below {
    /// Unreserved entitlements with this main version and these whereabouts.
    Unreserved(VersionId, Whereabouts),
    /// What a reserved unit of the same target tops, by position.
    Reserved(usize),
}

impl Builder<'_, '_, '_> {
    /// The units reserved for one target; on them only units of the same target may be stacked.
    pub(super) fn add_reserved(&mut self, target: Target, units: &[usize]) {
        let problem = self.problem;
        let mut in_order = units.to_vec();
        in_order.sort_by_key(|&unit| (self.rank[problem.reserved[unit].sku], unit));
        let mut topped: Vec<ReservedEntitlement> = Vec::new();
        for (position, &index) in in_order.iter().enumerate() {
            let unit = &problem.reserved[index];
            let mut entitlements = Vec::new();
            if problem.estate.skus[unit.sku].is_upgrade() {
                let groups = self.reserved_groups(target, &in_order[position..], &topped);
                let competing: Vec<Whereabouts> =
                    groups.iter().filter(|group| group.is_possible).map(|group| group.covering).collect();
                let shares = competing.len() > 1;
                let mut sharing = Vec::new();
                for group in groups {
                    let (node, arc) = self.add_reserved_upgrade(index, &group, &topped, shares);
                    if group.is_possible {
                        sharing.push(arc);
                    }
                    let ReservedGroup { covering, aside, is_possible, .. } = group;
                    entitlements.push(ReservedEntitlement { sku: unit.sku, node, covering, aside, is_possible });
                }
                if shares {
                    let mixed = Some((unit.license, [competing[0], competing[1]]));
                    self.graph.bundles.push(Bundle { arcs: sharing, units: 1, gate: None, mixed, guess: FREE });
                }
            } else {
                // A base unit that is reserved is always used: it can be set aside anywhere.
                let node = match unit.offer {
                    Some(offer) => self.add_offered_reserved(index, offer),
                    None => self.graph.add_node(Node::ReservedBase(index), 1),
                };
                let (covering, aside) = (self.map.join(Map::anywhere(), unit.site), Map::anywhere());
                entitlements.push(ReservedEntitlement { sku: unit.sku, node, covering, aside, is_possible: true });
            }
            for entitlement in entitlements {
                self.use_reserved(target, unit.scope, &entitlement);
                topped.push(entitlement);
            }
        }
    }

    fn add_reserved_upgrade(
        &mut self,
        index: usize,
        group: &ReservedGroup,
        topped: &[ReservedEntitlement],
        shares: bool,
    ) -> (NodeIndex, ArcIndex) {
        let forbidden = at(Level::LicenseAssignmentsUnmet, self.forbidden);
        let inner = self.add_node(Node::ReservedIn(index));
        let outer = self.add_node(Node::ReservedOut(index));
        let upgraded = match self.problem.reserved[index].offer {
            Some(offer) => self.add_upgraded(offer, outer, forbidden),
            None => outer,
        };
        self.give_up(inner, forbidden);
        let cost = at_both((Level::LicenseAssignmentsUnmet, -1), (Level::Stretch, STRETCH_UPGRADE));
        let capacity = (group.is_possible && !shares).then_some(1);
        let arc = self.graph.add_arc(inner, upgraded, capacity, cost, Role::Units);
        for below in &group.members {
            match *below {
                Below::Unreserved(version, whereabouts) => self.feed(inner, version, whereabouts),
                Below::Reserved(at) => {
                    self.graph.add_arc(topped[at].node, inner, None, FREE, Role::Right);
                }
            }
        }
        (outer, arc)
    }

    /// What the first of `units`, a reserved upgrade, may be stacked on; the others come after it in
    /// stacking order. Groups that are not possible stand in the graph for their prices.
    fn reserved_groups(
        &mut self,
        target: Target,
        units: &[usize],
        topped: &[ReservedEntitlement],
    ) -> Vec<ReservedGroup> {
        let unit = &self.problem.reserved[units[0]];
        let sku = &self.problem.estate.skus[unit.sku];
        let mut groups: Groups = BTreeMap::new();
        for &version in sku.upgrades.iter().flatten() {
            for &below in self.entitlements[version].keys() {
                let covering = self.map.join(below, unit.site);
                groups.entry((covering, below)).or_default().push(Below::Unreserved(version, below));
            }
        }
        for (at, below) in topped.iter().enumerate() {
            if sku.may_upgrade(self.problem.estate.skus[below.sku].version) {
                let covering = self.map.join(below.covering, unit.site);
                groups.entry((covering, below.aside)).or_default().push(Below::Reserved(at));
            }
        }
        if groups.len() > 1 {
            groups = self.alike(target, units, groups);
        }
        let is_possible = |below: &Below| match *below {
            Below::Unreserved(version, whereabouts) => self.entitlements[version][&whereabouts].units != NOTHING,
            Below::Reserved(at) => topped[at].is_possible,
        };
        let group = |((covering, aside), members): (Key, Vec<Below>)| {
            let is_possible = members.iter().any(is_possible);
            ReservedGroup { covering, aside, members, is_possible }
        };
        groups.into_iter().map(group).collect()
    }

    /// Joins groups that agree wherever it matters and drops those of no use.
    fn alike(&self, target: Target, units: &[usize], groups: Groups) -> Groups {
        let (covered, asides) = self.uses_above(target, units);
        let mut alike: BTreeMap<Vec<CostsAt>, (Key, Vec<Below>)> = BTreeMap::new();
        for (key, members) in groups {
            let to_cover = covered.iter().map(|&place| self.costs_at(key.0, place));
            let to_aside = asides.iter().map(|&place| self.costs_at(key.1, place));
            let costs: Vec<CostsAt> = to_cover.chain(to_aside).collect();
            if costs.iter().any(Option::is_some) {
                alike.entry(costs).or_insert((key, Vec::new())).1.extend(members);
            }
        }
        alike.into_values().collect()
    }

    /// Where the first of `units`, or those of the rest that may stand on it, can cover and be set aside.
    fn uses_above(&self, target: Target, units: &[usize]) -> (Vec<Place>, Vec<Place>) {
        let problem = self.problem;
        let skus = &problem.estate.skus;
        let mut above: Vec<usize> = vec![units[0]];
        for &unit in &units[1..] {
            let stands_on = |&below: &usize| {
                skus[problem.reserved[unit].sku].may_upgrade(skus[problem.reserved[below].sku].version)
            };
            if above.iter().any(stands_on) {
                above.push(unit);
            }
        }
        let any = |holds: &dyn Fn(SkuId) -> bool| above.iter().any(|&unit| holds(problem.reserved[unit].sku));
        let tied = self.tied_of.get(&target).into_iter().flatten().map(|&index| &problem.demands[index]);
        let covered = tied.filter(|demand| any(&|sku| skus[sku].may_cover(demand.key.version)));
        let wanted = self.asides_of.get(&target).into_iter().flatten().map(|&index| &problem.wanted[index]);
        let wanted = wanted.filter(|wanted| any(&|sku| wanted.is_met_by(problem.estate, sku)));
        let own = above.iter().map(|&unit| Place { scope: problem.reserved[unit].scope, contract: None });
        (covered.map(Demand::place).collect(), wanted.map(Wanted::place).chain(own).collect())
    }

    /// Lets an entitlement topped by a reserved unit cover its target's demand, or be set aside.
    fn use_reserved(&mut self, target: Target, scope: ScopeId, entitlement: &ReservedEntitlement) {
        let problem = self.problem;
        let sku = &problem.estate.skus[entitlement.sku];
        let forbidden = at(Level::LicenseAssignmentsUnmet, self.forbidden);
        self.offer_together(entitlement.sku, entitlement.node, entitlement.covering, Some((target, forbidden)));
        for index in self.tied_of.get(&target).cloned().unwrap_or_default() {
            let demand = &problem.demands[index];
            let cost = self.map.cost(entitlement.covering, demand.place());
            if let Some(cost) = cost.filter(|_| sku.may_cover(demand.key.version)) {
                let stretch = self.stretch(entitlement.sku, demand.key.version);
                let cost = at_both((Level::TransferCost, cost), (Level::Stretch, stretch));
                self.graph.add_arc(entitlement.node, self.singles[index], None, cost, Role::Right);
            }
        }
        for index in self.asides_of.get(&target).cloned().unwrap_or_default() {
            let wanted = &problem.wanted[index];
            let cost = self.map.cost(entitlement.aside, wanted.place());
            if let Some(cost) = cost.filter(|_| wanted.is_met_by(problem.estate, entitlement.sku)) {
                self.graph.add_arc(
                    entitlement.node,
                    self.wanted[index],
                    None,
                    at(Level::TransferCost, cost),
                    Role::Right,
                );
            }
        }
        match self.map.cost(entitlement.aside, Place { scope, contract: None }) {
            Some(cost) => {
                let cost = at_both((Level::SetAside, 1), (Level::TransferCost, cost));
                self.graph.add_arc(entitlement.node, HUB, None, cost, Role::Aside);
            }
            None => self.give_up(entitlement.node, at(Level::LicenseAssignmentsUnmet, self.forbidden)),
        }
    }
}
