//! Sends flow between nodes of a face, many at once: maximum flow by layers.
//!
//! Each round numbers nodes by their distance from the senders and then sends along shortest paths until
//! each of them is blocked; distances grow from round to round, so rounds are few. The hub is next to
//! everything, and no search goes on from it: what is sent goes to the hub or to its goal first, and
//! from the hub to what is still wanting then. Cost: linear in the arcs searched, for each round. Source:
//! Dinitz 1970.

use super::{Direction, Face};
use crate::graph::{ArcIndex, HUB, NodeIndex};

/// Distances of a round, with what they need; entries of earlier rounds are stale.
#[derive(Default)]
pub(super) struct Layers {
    round: u32,
    /// By node: in which round it was found, how far from the start, and its arcs that are not blocked.
    found: Vec<u32>,
    distance: Vec<u32>,
    next: Vec<u32>,
    /// By node: what it takes.
    wanted: Vec<i64>,
    queue: Vec<NodeIndex>,
}

impl Layers {
    pub(super) fn new(node_count: usize) -> Self {
        let none = vec![0; node_count];
        Self {
            round: 0,
            found: none.clone(),
            distance: none.clone(),
            next: none,
            wanted: vec![0; node_count],
            queue: Vec::new(),
        }
    }

    fn start(&mut self) {
        self.round += 1;
        self.queue.clear();
    }

    fn is_found(&self, node: NodeIndex) -> bool {
        self.found[node as usize] == self.round
    }

    fn find(&mut self, node: NodeIndex, distance: u32) {
        self.found[node as usize] = self.round;
        self.distance[node as usize] = distance;
        self.next[node as usize] = 0;
        self.queue.push(node);
    }
}

impl Face {
    /// Sends as much as it can between nodes, each given once with its units; of `to`, where the hub
    /// is not, it leaves those that did not come. Returns what is left at the hub, its own or sent there.
    pub(super) fn exchange(&mut self, from: &[(NodeIndex, i64)], to: &mut [(NodeIndex, i64)]) -> i64 {
        let (at_hub, mut elsewhere): (Vec<_>, Vec<_>) = from.iter().copied().partition(|&(node, _)| node == HUB);
        let own: i64 = at_hub.iter().map(|&(_, units)| units).sum();
        let all: i64 = from.iter().map(|&(_, units)| units).sum();
        let mut arrived = 0;
        if own < all {
            for &(node, units) in &*to {
                self.layers.wanted[node as usize] = units;
            }
            self.layers.wanted[HUB as usize] = all;
            self.send(&mut elsewhere, Direction::Along);
            arrived = all - std::mem::take(&mut self.layers.wanted[HUB as usize]);
            for (node, units) in &mut *to {
                *units = std::mem::take(&mut self.layers.wanted[*node as usize]);
            }
        }
        self.take_from_hub(to, own + arrived)
    }

    /// Sends at most so much from the hub to nodes; returns what is left of it.
    pub(super) fn take_from_hub(&mut self, to: &mut [(NodeIndex, i64)], units: i64) -> i64 {
        self.layers.wanted[HUB as usize] = units;
        self.send(to, Direction::Against);
        std::mem::take(&mut self.layers.wanted[HUB as usize])
    }

    /// Sends from the nodes to those that want something, or the other way round.
    fn send(&mut self, ends: &mut [(NodeIndex, i64)], direction: Direction) {
        // Unless nothing is left to send, the hub takes some, or it is the hub's and used up.
        while self.layers.wanted[HUB as usize] > 0
            && let Some(distance) = self.layer(ends, direction)
        {
            for (node, units) in ends.iter_mut() {
                while *units > 0 {
                    let sent = self.advance(*node, *units, distance, direction);
                    if sent == 0 {
                        break;
                    }
                    *units -= sent;
                }
            }
        }
    }

    /// Finds how far nodes are from the ends that have units left, up to the nearest that wants some,
    /// and returns how far that is.
    fn layer(&mut self, ends: &[(NodeIndex, i64)], direction: Direction) -> Option<u32> {
        let mut layers = std::mem::take(&mut self.layers);
        layers.start();
        for &(node, units) in ends {
            if units > 0 && !layers.is_found(node) {
                layers.find(node, 0);
            }
        }
        let mut nearest = None;
        let mut position = 0;
        while let Some(&node) = layers.queue.get(position) {
            position += 1;
            let distance = layers.distance[node as usize] + 1;
            if nearest.is_some_and(|nearest| distance > nearest) {
                break;
            }
            for &arc in self.arcs_at(node) {
                let Some(next) = self.step(arc, node, direction).filter(|&next| !layers.is_found(next)) else {
                    continue;
                };
                layers.find(next, distance);
                if layers.wanted[next as usize] > 0 {
                    nearest = Some(distance);
                }
            }
        }
        self.layers = layers;
        nearest
    }

    /// Sends units from a node on one shortest path that is not blocked, if there is one, and returns
    /// how many. `nearest` is the distance at which something is wanted.
    fn advance(&mut self, start: NodeIndex, units: i64, nearest: u32, direction: Direction) -> i64 {
        let mut path: Vec<(ArcIndex, NodeIndex)> = Vec::new();
        let mut node = start;
        while self.layers.distance[node as usize] < nearest {
            let next = self.layers.next[node as usize] as usize;
            match self.arcs_at(node).get(next) {
                Some(&arc) => match self.step(arc, node, direction).filter(|&to| self.is_onward(node, to, nearest)) {
                    Some(to) => {
                        path.push((arc, node));
                        node = to;
                    }
                    None => self.layers.next[node as usize] += 1,
                },
                None => {
                    let Some((_, before)) = path.pop() else { return 0 };
                    node = before;
                    self.layers.next[node as usize] += 1;
                }
            }
        }
        let rooms = path.iter().map(|&(arc, from)| self.room(arc, from, direction));
        let share = rooms.fold(units.min(self.layers.wanted[node as usize]), i64::min);
        for &(arc, from) in &path {
            self.log(arc);
            let is_raising = self.is_raising(arc, from, direction);
            self.flow[arc as usize] += if is_raising { share } else { -share };
        }
        self.layers.wanted[node as usize] -= share;
        share
    }

    /// Whether a step leads on to the next layer, the last of which is only for what is wanted.
    fn is_onward(&self, node: NodeIndex, next: NodeIndex, nearest: u32) -> bool {
        let layers = &self.layers;
        let distance = layers.distance[node as usize] + 1;
        let is_next = layers.is_found(next) && layers.distance[next as usize] == distance;
        is_next && (distance < nearest || layers.wanted[next as usize] > 0)
    }
}
