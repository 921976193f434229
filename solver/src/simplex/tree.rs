//! The spanning tree: its cycles, its exchange of arcs and its potentials.
//!
//! Every node but the root hangs on its parent by one tree arc. The node keeps the residual
//! capacities of that arc in both directions, so flows need no array of their own. Nodes are linked
//! in preorder: a subtree is the stretch of the thread from its root to its last node.
//!
//! Cost: one pivot takes time in the length of its cycle plus the size of the subtree that moves,
//! or of the rest of the tree where that is less, and the second part dominates. The thread is therefore kept apart from all else, to stay in
//! cache, and is walked from both ends at once, which halves the wait for memory.
//!
//! Source: the XTI and related labels of Barr, Glover and Klingman (1979) as laid out in Ahuja,
//! Magnanti and Orlin (1993), sections 11.3 to 11.5; Cunningham (1976) for the leaving arc.

use super::cost::Cost;

/// No node, no arc slot.
pub(super) const NONE: u32 = u32::MAX;
/// The tree arc is artificial: it has no slot among the arcs.
pub(super) const ARTIFICIAL: u32 = u32::MAX - 1;

/// What a node knows about its place in the tree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// The parent, or [`NONE`] at the root.
    pub(super) parent: u32,
    /// The slot of the arc to the parent, or [`ARTIFICIAL`].
    pub(super) arc: u32,
    /// The number of nodes in the subtree.
    pub(super) size: u32,
    /// The last node of the subtree in preorder.
    pub(super) last: u32,
    /// The residual capacity towards the parent.
    pub(super) up: i64,
    /// The residual capacity from the parent.
    pub(super) down: i64,
}

/// A spanning tree with potentials under which every tree arc has reduced cost zero.
#[derive(Debug)]
pub(super) struct Tree<C> {
    pub(super) place: Vec<Place>,
    /// The next node in preorder; the last node is followed by the root.
    pub(super) thread: Vec<u32>,
    /// The node before in preorder.
    pub(super) back: Vec<u32>,
    /// Costs from the root to each node, plus the potential of the root, modulo the range of `C`.
    pub(super) potential: Vec<C>,
}

/// The cycle that an entering arc closes with the tree, traversed from the apex down to the arc's
/// tail, over the arc, and from its head back up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cycle {
    pub(super) tail: usize,
    pub(super) head: usize,
    /// The lowest node above both ends.
    pub(super) apex: usize,
    /// The arc that blocks last on the way down to the tail.
    tail_side: Block,
    /// The arc that blocks last on the way up from the head.
    head_side: Block,
}

/// The least residual capacity on one side of a cycle, and the node below the arc that has it.
#[derive(Clone, Copy, Debug)]
struct Block {
    residual: i64,
    node: usize,
}

/// Which arc stops the push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaving {
    /// The entering arc itself: it goes from one bound to the other and the tree stays.
    Entering,
    /// An arc of the tree.
    Tree(TreeArc),
}

/// An arc of the tree on a cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TreeArc {
    /// The one above this node, on the way down to the entering arc's tail.
    AboveTail(usize),
    /// The one above this node, on the way up from the entering arc's head.
    AboveHead(usize),
}

impl Cycle {
    /// The last blocking arc, and how many units can be pushed until it blocks.
    ///
    /// Of several arcs that block, the last one along the cycle from the apex leaves (Cunningham's
    /// rule). It keeps the tree strongly feasible: from every node some flow can still be sent to
    /// the root. Then no sequence of pivots that move nothing can return to where it began, and
    /// the method ends.
    pub(super) fn last_blocking(&self, capacity: i64) -> (Leaving, i64) {
        let mut leaving = (Leaving::Entering, capacity);
        // Strictly less: on a tie the entering arc comes later along the cycle.
        if self.tail_side.residual < leaving.1 {
            leaving = (Leaving::Tree(TreeArc::AboveTail(self.tail_side.node)), self.tail_side.residual);
        }
        // Less or equal: on a tie this side comes later along the cycle.
        if self.head_side.residual <= leaving.1 {
            leaving = (Leaving::Tree(TreeArc::AboveHead(self.head_side.node)), self.head_side.residual);
        }
        leaving
    }
}

impl<C: Cost> Tree<C> {
    pub(super) fn new() -> Self {
        Self { place: vec![], thread: vec![], back: vec![], potential: vec![] }
    }

    /// The number of artificial arcs in the tree.
    pub(super) fn artificial_count(&self) -> usize {
        self.place.iter().filter(|place| place.arc == ARTIFICIAL).count()
    }

    /// The cycle that an arc from `tail` to `head` closes with the tree.
    ///
    /// Of two distinct nodes the one with the smaller subtree is not above the other, so it can
    /// always step to its parent; where the two meet is the apex.
    #[inline]
    pub(super) fn cycle(&self, tail: usize, head: usize) -> Cycle {
        let mut tail_side = Block { residual: i64::MAX, node: tail };
        let mut head_side = Block { residual: i64::MAX, node: head };
        let (mut from_tail, mut from_head) = (tail, head);
        while from_tail != from_head {
            let (tail_place, head_place) = (&self.place[from_tail], &self.place[from_head]);
            if tail_place.size < head_place.size {
                // Strictly less: this side is walked against the cycle, so the first found is last.
                if tail_place.down < tail_side.residual {
                    tail_side = Block { residual: tail_place.down, node: from_tail };
                }
                from_tail = tail_place.parent as usize;
            } else {
                // Less or equal: this side is walked along the cycle, so the last found is last.
                if head_place.up <= head_side.residual {
                    head_side = Block { residual: head_place.up, node: from_head };
                }
                from_head = head_place.parent as usize;
            }
        }
        Cycle { tail, head, apex: from_tail, tail_side, head_side }
    }

    /// Sends `units` along the tree arcs of the cycle.
    #[inline]
    pub(super) fn push(&mut self, cycle: &Cycle, units: i64) {
        let mut node = cycle.tail;
        while node != cycle.apex {
            let place = &mut self.place[node];
            place.down -= units;
            place.up += units;
            node = place.parent as usize;
        }
        let mut node = cycle.head;
        while node != cycle.apex {
            let place = &mut self.place[node];
            place.up -= units;
            place.down += units;
            node = place.parent as usize;
        }
    }

    /// Cuts the subtree of `cut` off, turns it so that `inner` becomes its root, and hangs it under
    /// `outer` by the entering arc.
    ///
    /// `inner` lies in the subtree, `outer` outside, `apex` above both.
    pub(super) fn swap(&mut self, swap: &Swap, apex: usize) {
        let &Swap { cut, inner, outer, .. } = swap;
        let moved = self.place[cut].size;
        self.detach(cut);
        self.resize(self.place[cut].parent as usize, apex, moved.wrapping_neg());
        self.turn(swap);
        self.resize(outer, apex, moved);
        self.attach(inner, outer);
    }

    /// Takes the subtree of `cut` out of the thread, which stays linked in itself.
    fn detach(&mut self, cut: usize) {
        let before = self.back[cut];
        let last = self.place[cut].last;
        let after = self.thread[last as usize];
        self.link(before, after);
        let mut above = self.place[cut].parent;
        while above != NONE && self.place[above as usize].last == last {
            self.place[above as usize].last = before;
            above = self.place[above as usize].parent;
        }
        // Closed to a ring, so that turning it never looks outside.
        self.link(last, word(cut));
    }

    /// Makes `inner` the root of the detached subtree of `cut`.
    ///
    /// The new preorder is the old subtree of `inner`, then for every node on the way up to `cut`
    /// what its old subtree holds beyond the one just visited.
    fn turn(&mut self, swap: &Swap) {
        let &Swap { cut, inner, outer, arc, up, down } = swap;
        let moved = self.place[cut].size;
        let mut child = inner;
        // The old labels of `child`, whose new ones are written as we go.
        let mut old = self.place[child];
        let mut old_back = self.back[child];
        // The node that followed the old subtree of `child`, and the end of the new preorder so far.
        let mut next = self.thread[old.last as usize];
        let mut end = old.last;
        self.place[child] = Place { parent: word(outer), arc, size: moved, last: NONE, up, down };
        while child != cut {
            let node = old.parent as usize;
            let node_old = self.place[node];
            let node_back = self.back[node];
            self.link(end, old.parent);
            if node_old.last == old.last {
                end = old_back;
            } else {
                self.link(old_back, next);
                end = node_old.last;
                next = self.thread[end as usize];
            }
            // The arc between the two is the same, seen from its other end.
            self.place[node] = Place {
                parent: word(child),
                arc: old.arc,
                size: moved - old.size,
                last: NONE,
                up: old.down,
                down: old.up,
            };
            (child, old, old_back) = (node, node_old, node_back);
        }
        // Every node on the way now ends where the whole subtree ends.
        let mut node = cut;
        while node != outer {
            self.place[node].last = end;
            node = self.place[node].parent as usize;
        }
        self.link(end, word(inner));
    }

    /// Puts the turned subtree of `inner` into the thread as the first child of `outer`.
    fn attach(&mut self, inner: usize, outer: usize) {
        let last = self.place[inner].last;
        let after = self.thread[outer];
        self.link(word(outer), word(inner));
        self.link(last, after);
        let mut above = word(outer);
        while above != NONE && self.place[above as usize].last == word(outer) {
            self.place[above as usize].last = last;
            above = self.place[above as usize].parent;
        }
    }

    /// Adds `change` (modulo 2^32) to the size of every node from `node` up to below `apex`.
    fn resize(&mut self, mut node: usize, apex: usize, change: u32) {
        while node != apex {
            let place = &mut self.place[node];
            place.size = place.size.wrapping_add(change);
            node = place.parent as usize;
        }
    }

    #[inline]
    pub(super) fn link(&mut self, node: u32, next: u32) {
        self.thread[node as usize] = next;
        self.back[next as usize] = node;
    }

    /// Raises the potentials of the subtree of `top` by `change` against all others, and returns how
    /// many it touched.
    ///
    /// Only differences count, so the smaller side is what changes: the subtree, or the rest the
    /// other way. The potential of the root drifts by that, modulo the range.
    #[inline]
    pub(super) fn reprice(&mut self, top: usize, change: C) -> usize {
        let Place { size, last, .. } = self.place[top];
        let others = word(self.place.len()) - size;
        let (mut front, mut rear, count, change) = if size <= others {
            (top, last as usize, size, change)
        } else {
            (self.thread[last as usize] as usize, self.back[top] as usize, others, -change)
        };
        for _ in 0..count / 2 {
            self.potential[front] = self.potential[front].wrapping_sum(change);
            self.potential[rear] = self.potential[rear].wrapping_sum(change);
            front = self.thread[front] as usize;
            rear = self.back[rear] as usize;
        }
        if count % 2 == 1 {
            self.potential[front] = self.potential[front].wrapping_sum(change);
        }
        count as usize
    }
}

/// What enters and leaves the tree in one pivot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Swap {
    /// The node whose arc to its parent leaves.
    pub(super) cut: usize,
    /// The end of the entering arc below `cut`.
    pub(super) inner: usize,
    /// The other end.
    pub(super) outer: usize,
    /// The slot of the entering arc.
    pub(super) arc: u32,
    /// Its residual capacity from `inner` to `outer`.
    pub(super) up: i64,
    /// Its residual capacity from `outer` to `inner`.
    pub(super) down: i64,
}

impl Swap {
    /// The exchange of the arc `leaving` on `cycle` for the one in `slot`, which has `room` left and
    /// carries `units` in the direction it is stored in.
    #[inline]
    pub(super) fn new(cycle: &Cycle, leaving: TreeArc, slot: usize, room: i64, units: i64) -> Self {
        let &Cycle { tail, head, .. } = cycle;
        let arc = word(slot);
        match leaving {
            TreeArc::AboveTail(cut) => Self { cut, inner: tail, outer: head, arc, up: room, down: units },
            TreeArc::AboveHead(cut) => Self { cut, inner: head, outer: tail, arc, up: units, down: room },
        }
    }
}

/// A node or slot as the word it is kept in; both are fewer than 2^32 by construction.
#[expect(clippy::cast_possible_truncation, reason = "`Network::LIMIT`")]
#[inline]
pub(super) fn word(index: usize) -> u32 {
    index as u32
}
