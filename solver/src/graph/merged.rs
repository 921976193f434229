//! Places that nothing tells apart as one.
//!
//! Two places where a version is asked for are alike if the same entitlements may serve both at the same cost, and what
//! is covered in either earns the same. A flow to one of them can go to the other, so that one node with the demand of
//! both has the same cheapest flows, up to how they are shared out, and its potential is that of both. Estates with many
//! sites become a few times smaller.
//!
//! *Cannot*: say who covers what; that takes the graph as it was. *Cost*: linear, but for sorting.

use super::{Arc, ArcIndex, Ends, Graph, HUB, Node, NodeIndex, Role, Tuple};
use crate::places::Place;
use crate::problem::Ask;
use std::collections::BTreeMap;

/// What a place is told apart by: what is asked, where entitlements come from at what cost, and what coverage earns.
type Sides = (Ask, Vec<(NodeIndex, Tuple)>, Vec<(bool, Tuple)>);

impl Graph {
    /// The graph with one node for all places that are alike.
    pub(crate) fn merged(self) -> Self {
        let stands_for = self.stands_for();
        let mut demand: BTreeMap<NodeIndex, i64> = BTreeMap::new();
        for arc in self.arcs.iter().filter(|arc| arc.role == Role::Demand) {
            *demand.entry(stands_for[arc.tail as usize]).or_default() += arc.capacity.unwrap_or_default();
        }
        let mut merged = Self::default();
        let mut renumbered = vec![HUB; self.nodes.len()];
        for (index, node) in (0..).zip(&self.nodes) {
            let first = stands_for[index as usize];
            if first == index {
                renumbered[index as usize] = merged.add_node(*node, self.supply[index as usize]);
            } else if let Node::Asked(_, place) = *node {
                merged.alike.entry(renumbered[first as usize]).or_default().push(place);
            }
        }
        let mut moved: Vec<ArcIndex> = Vec::with_capacity(self.arcs.len());
        for arc in &self.arcs {
            let is_first = |node: NodeIndex| stands_for[node as usize] == node;
            if is_first(arc.tail) && is_first(arc.head) {
                let all = demand.get(&arc.tail).copied().filter(|_| arc.role == Role::Demand);
                let ends = [arc.tail, arc.head].map(|node| renumbered[node as usize]);
                moved.push(merged.add_arc(ends[0], ends[1], all.or(arc.capacity), arc.cost, arc.role));
            } else {
                // In no bundle: these are rights and demand.
                moved.push(ArcIndex::MAX);
            }
        }
        for mut bundle in self.bundles {
            for arc in &mut bundle.arcs {
                *arc = moved[*arc as usize];
            }
            merged.bundles.push(bundle);
        }
        merged
    }

    /// The places that a node stands for, where something is asked for in a place.
    pub(crate) fn places_of(&self, node: NodeIndex) -> impl Iterator<Item = Place> {
        let own = match self.nodes[node as usize] {
            Node::Asked(_, place) | Node::Changeable(_, place) => Some(place),
            _ => None,
        };
        own.into_iter().chain(self.alike.get(&node).into_iter().flatten().copied())
    }

    /// By node: the first node that is alike.
    fn stands_for(&self) -> Vec<NodeIndex> {
        let ends = Ends::of(self);
        let mut first: BTreeMap<Sides, NodeIndex> = BTreeMap::new();
        let nodes = (0..).zip(&self.nodes);
        let alike = nodes.map(|(index, node)| match self.sides(&ends, index, *node) {
            Some(sides) => *first.entry(sides).or_insert(index),
            None => index,
        });
        alike.collect()
    }

    /// None where something else than plain demand depends on the place.
    fn sides(&self, ends: &Ends, index: NodeIndex, node: Node) -> Option<Sides> {
        let Node::Asked(ask @ Ask::Cover(_), _) = node else { return None };
        let arcs =
            |side: &'_ [ArcIndex]| -> Vec<Arc> { side.iter().map(|&arc| self.arcs[arc as usize].clone()).collect() };
        let (entering, leaving) = (arcs(ends.entering.of(index)), arcs(ends.leaving.of(index)));
        let is_plain = entering.iter().all(|arc| arc.role == Role::Right && arc.capacity.is_none())
            && leaving.iter().all(|arc| arc.head == HUB && matches!(arc.role, Role::Demand | Role::GivenUp));
        is_plain.then(|| {
            let mut from: Vec<(NodeIndex, Tuple)> = entering.iter().map(|arc| (arc.tail, arc.cost)).collect();
            let mut to: Vec<(bool, Tuple)> = leaving.iter().map(|arc| (arc.role == Role::Demand, arc.cost)).collect();
            from.sort_unstable();
            to.sort_unstable();
            (ask, from, to)
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::component::{Components, solve_all};
    use crate::graph::Graph;
    use crate::{Statement, divide};
    use model::ReadOptions;
    use model::generate::{Draft, Shape};
    use model::objective::LEVELS;

    /// What the cheapest flow costs, and whether it is proved.
    fn least(graph: &Graph) -> ([i128; LEVELS], bool) {
        let flows = solve_all(graph, &Components::of(graph), &divide).expect("small estates are within all limits");
        let level = |level: usize| {
            let costs = graph.arcs.iter().zip(&flows.flow);
            costs.map(|(arc, &flow)| i128::from(arc.cost[level]) * i128::from(flow)).sum()
        };
        (std::array::from_fn(level), flows.are_proved())
    }

    #[test]
    fn the_cheapest_flow_costs_the_same_where_places_are_merged() {
        let mut merged_count = 0;
        for seed in 0..40 {
            let text = Draft::generate(seed, &Shape::LARGE).to_yaml();
            let reading = model::read_estate_text("estate.yaml", &text, &ReadOptions::default());
            let estate = reading.estate.expect("a drawn estate is valid");
            let Ok(statement) = Statement::new(&estate) else { continue };
            let (whole, is_proved) = least(&statement.graph);
            let before = statement.size();
            let statement = statement.merged();
            let (merged, merged_is_proved) = least(&statement.graph);
            if is_proved && merged_is_proved {
                assert_eq!(whole, merged, "seed {seed}");
            }
            merged_count += before.0 - statement.size().0;
            let stood_for: usize = statement.graph.alike.values().map(Vec::len).sum();
            assert_eq!(before.0 - statement.size().0, stood_for, "seed {seed}");
        }
        assert!(merged_count > 10, "{merged_count} places merged");
    }
}
