//! The strongly connected parts of the residual graph of a face.
//!
//! A depth-first search on a stack of its own, linear in the free arcs. Source: Tarjan 1972.

use super::{Direction, Face};
use crate::graph::NodeIndex;

/// Not in a part, or not yet.
const NO_PART: u32 = u32::MAX;

struct Search {
    part: Vec<u32>,
    part_count: u32,
    /// By node: when it was found, from 1, and the earliest node on the stack it leads back to.
    found: Vec<u32>,
    low: Vec<u32>,
    found_count: u32,
    /// Found, and not yet in a part.
    waiting: Vec<NodeIndex>,
    /// Being searched, each with the position of its next arc.
    stack: Vec<(NodeIndex, usize)>,
}

impl Face {
    /// By node: the number of its part.
    pub(super) fn parts(&self) -> Vec<u32> {
        let count = self.first.len() - 1;
        let mut search = Search {
            part: vec![NO_PART; count],
            part_count: 0,
            found: vec![0; count],
            low: vec![0; count],
            found_count: 0,
            waiting: Vec::new(),
            stack: Vec::new(),
        };
        for node in (0..).take(count) {
            search.visit(self, node);
        }
        search.part
    }
}

impl Search {
    fn visit(&mut self, face: &Face, start: NodeIndex) {
        if self.found[start as usize] > 0 {
            return;
        }
        self.enter(start);
        while let Some((node, next)) = self.stack.last_mut() {
            let node = *node;
            let arc = face.arcs_at(node).get(*next);
            *next += 1;
            match arc.map(|&arc| face.step(arc, node, Direction::Along)) {
                Some(Some(to)) if self.found[to as usize] == 0 => self.enter(to),
                Some(Some(to)) if self.part[to as usize] == NO_PART => {
                    self.low[node as usize] = self.low[node as usize].min(self.found[to as usize]);
                }
                Some(_) => {}
                None => self.leave(node),
            }
        }
    }

    fn enter(&mut self, node: NodeIndex) {
        self.found_count += 1;
        self.found[node as usize] = self.found_count;
        self.low[node as usize] = self.found_count;
        self.waiting.push(node);
        self.stack.push((node, 0));
    }

    fn leave(&mut self, node: NodeIndex) {
        self.stack.pop();
        if let Some(&(parent, _)) = self.stack.last() {
            self.low[parent as usize] = self.low[parent as usize].min(self.low[node as usize]);
        }
        if self.low[node as usize] == self.found[node as usize] {
            self.close(node);
        }
    }

    /// All that waits since `node` is one part.
    fn close(&mut self, node: NodeIndex) {
        while let Some(member) = self.waiting.pop() {
            self.part[member as usize] = self.part_count;
            if member == node {
                break;
            }
        }
        self.part_count += 1;
    }
}
