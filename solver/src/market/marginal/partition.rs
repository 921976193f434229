//! One unit more, asked of many demands and lots at once, where costs have jumps.
//!
//! The parts in which the search for a plan has split all plans are a partition for each question too. The potentials of a
//! part say what a plan in it comes to at least with one unit more somewhere; the shortest path in its residual graph says
//! it exactly where the part is a network, and which plan comes close. The two differ where a jump lies on the path: the
//! part is then split there, for all questions. So a jump is met once and not by every question on its own, and most are
//! answered without a flow of their own. What is still open is searched for again, from the parts.
//!
//! *Cost*: for each part a flow and two searches for shortest paths.

use super::Source;
use crate::component::Flows;
use crate::error::SolveError;
use crate::graph::{FREE, Tuple, minus};
use crate::market::ascent;
use crate::market::branch::{self, Part};
use crate::market::curve::Curve;
use crate::market::relax::{Effort, Half, Ranges, Relaxation, Relaxed, Value, Worth, halves};
use crate::market::residual::{Direction, Residual, Shortest, Step};
use model::number::Money;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Most arcs in all flows for the margins of one plan.
const WORK_MAX: usize = 5_000_000;
/// Most bounds that are kept, 72 bytes each.
const BOUNDS_MAX: usize = 1_000_000;

/// All plans in parts, with what is known of each question.
pub(super) struct Partition<'r, 's, 'e> {
    relaxation: &'r mut Relaxation<'s, 'e>,
    sources: Vec<Source>,
    budget: Option<Money>,
    leaves: Vec<Leaf>,
    /// By question: what the best plan that is known comes to.
    known: Vec<Option<Value>>,
    /// By question: whether splitting parts is of no more use.
    is_hard: Vec<bool>,
    /// Arcs of all flows until searching ends.
    work_max: usize,
}

/// A part that is not split.
struct Leaf {
    ranges: Ranges,
    worth: Option<Rc<Worth>>,
    bound: Value,
    /// By question: what one unit more adds at least.
    raise: Vec<Tuple>,
}

impl Leaf {
    fn bound(&self, question: usize) -> Value {
        std::array::from_fn(|level| self.bound[level] + i128::from(self.raise[question][level]))
    }
}

impl<'r, 's, 'e> Partition<'r, 's, 'e> {
    pub(super) fn new(
        relaxation: &'r mut Relaxation<'s, 'e>,
        parts: &[Part],
        sources: Vec<Source>,
        budget: Option<Money>,
    ) -> Result<Self, SolveError> {
        let work_max = relaxation.work() + WORK_MAX;
        let known = vec![None; sources.len()];
        let is_hard = vec![false; sources.len()];
        let mut new = Self { relaxation, sources, budget, leaves: Vec::new(), known, is_hard, work_max };
        for part in parts.iter().filter(|part| part.split.is_none() && !part.is_empty()) {
            let leaf = new.leaf(part.ranges.clone(), part.worth().map(|worth| &**worth))?;
            new.leaves.extend(leaf);
        }
        Ok(new)
    }

    /// What the best plan with one unit more comes to, by question; none where that is not known.
    pub(super) fn answers(mut self) -> Result<Vec<Option<Value>>, SolveError> {
        loop {
            let mut asked: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
            for question in (0..self.sources.len()).filter(|&question| !self.is_hard[question]) {
                if let Some(leaf) = self.open_leaf(question) {
                    asked.entry(leaf).or_default().push(question);
                }
            }
            let is_full = (self.leaves.len() + asked.len()) * self.sources.len() > BOUNDS_MAX;
            if asked.is_empty() || is_full || self.work_left() == 0 {
                break;
            }
            for (leaf, questions) in asked {
                self.look_into(leaf, &questions)?;
            }
        }
        (0..self.sources.len()).map(|question| self.answer(question)).collect()
    }

    /// The first part with the least bound, unless a plan is known that is as good.
    fn open_leaf(&self, question: usize) -> Option<usize> {
        let bounds = self.leaves.iter().enumerate().map(|(index, leaf)| (leaf.bound(question), index));
        let (bound, leaf) = bounds.min()?;
        self.known[question].is_none_or(|known| bound < known).then_some(leaf)
    }

    /// Finds plans of a part for some questions, and splits it if a jump lies between plan and bound.
    fn look_into(&mut self, index: usize, questions: &[usize]) -> Result<(), SolveError> {
        let Leaf { ranges, worth, .. } = &self.leaves[index];
        let (ranges, worth) = (ranges.clone(), worth.clone());
        let mut relaxed = ascent::relax(self.relaxation, &ranges, worth.as_deref(), |_| false)?;
        if let Some(found) = relaxed.as_ref().filter(|relaxed| !relaxed.is_proved()) {
            relaxed = self.relaxation.solve_from(&ranges, found.worth.as_ref(), Effort::Most)?;
        }
        let relaxed = relaxed.expect("a part with plans");
        let pieces = relaxed.on_pieces();
        let mut split: Option<Half> = None;
        if relaxed.is_proved() {
            let exchange = Exchange::new(self.relaxation, &ranges, &relaxed, &pieces);
            // What is known of the part may have become more.
            self.leaves[index].bound = relaxed.bound;
            for &question in questions {
                let Exchanged { raise, value, half } = exchange.with_one_more(self.sources[question]);
                self.leaves[index].raise[question] = raise;
                let value = value.filter(|value| self.relaxation.is_within(self.budget, value));
                self.known[question] = value.into_iter().chain(self.known[question]).min();
                if self.known[question].is_none_or(|known| self.leaves[index].bound(question) < known) {
                    self.is_hard[question] = half.is_none();
                    split = split.or(half);
                }
            }
        } else {
            for &question in questions {
                self.is_hard[question] = true;
            }
        }
        if let Some(half) = split {
            let [within, beyond] = halves(&ranges, half);
            let within = self.leaf(within, relaxed.worth.as_ref())?;
            let beyond = self.leaf(beyond, relaxed.worth.as_ref())?;
            let mut leaves = within.into_iter().chain(beyond);
            self.leaves[index] = leaves.next().expect("a split part has plans on one side");
            self.leaves.extend(leaves);
        }
        Ok(())
    }

    /// A part with its bounds; none if there is no plan in it.
    fn leaf(&mut self, ranges: Ranges, worth: Option<&Worth>) -> Result<Option<Leaf>, SolveError> {
        let Some(relaxed) = ascent::relax(self.relaxation, &ranges, worth, |_| false)? else { return Ok(None) };
        let raise = self.sources.iter().map(|&source| raise(self.relaxation, &relaxed.flows, source)).collect();
        Ok(Some(Leaf { ranges, worth: relaxed.worth.map(Rc::new), bound: relaxed.bound, raise }))
    }

    /// What is known of a question, or what comes of searching again.
    fn answer(&mut self, question: usize) -> Result<Option<Value>, SolveError> {
        if self.open_leaf(question).is_none() {
            return Ok(self.known[question]);
        }
        let work_left = self.work_left();
        if work_left == 0 {
            return Ok(None);
        }
        let part = |leaf: &Leaf| Part::bounded(leaf.ranges.clone(), leaf.bound(question), leaf.worth.clone());
        let parts = self.leaves.iter().map(part).collect();
        let source = self.sources[question];
        self.relaxation.add_units(source, 1);
        let resumed = branch::resume(self.relaxation, parts, self.known[question], self.budget, work_left);
        self.relaxation.add_units(source, -1);
        resumed
    }

    const fn work_left(&self) -> usize {
        self.work_max.saturating_sub(self.relaxation.work())
    }
}

/// What one unit more changes at least, by the potentials of a flow.
fn raise(relaxation: &Relaxation<'_, '_>, flows: &Flows, source: Source) -> Tuple {
    match source {
        Source::Node(node) => minus(FREE, flows.potential[node as usize]),
        Source::Arc(arc) => minus(FREE, relaxation.graph().arcs[arc].saved(&flows.potential)).min(FREE),
    }
}

/// How the cheapest flow of a part can change.
struct Exchange<'x, 's, 'e> {
    relaxation: &'x Relaxation<'s, 'e>,
    ranges: &'x Ranges,
    curves: Vec<Curve<'e>>,
    relaxed: &'x Relaxed,
    residual: Residual<'x>,
    from_hub: Shortest<'x>,
    to_hub: Shortest<'x>,
}

/// The cheapest flow of a part with one unit more.
struct Exchanged {
    /// What the unit adds to the flow.
    raise: Tuple,
    /// What its plan comes to.
    value: Option<Value>,
    /// Where to split the part, if the plan costs more than the flow.
    half: Option<Half>,
}

impl<'x, 's, 'e> Exchange<'x, 's, 'e> {
    fn new(relaxation: &'x Relaxation<'s, 'e>, ranges: &'x Ranges, relaxed: &'x Relaxed, pieces: &'x Flows) -> Self {
        let curves = relaxation.curves(ranges).expect("a part with a flow has plans");
        let residual = Residual::new(relaxation.graph(), pieces);
        let (from_hub, to_hub) = (residual.shortest(Direction::FromHub), residual.shortest(Direction::ToHub));
        Self { relaxation, ranges, curves, relaxed, residual, from_hub, to_hub }
    }

    fn with_one_more(&self, source: Source) -> Exchanged {
        match source {
            Source::Node(node) => match self.to_hub.at(node).zip(self.to_hub.steps(node)) {
                Some(((cost, _), steps)) => self.along(cost, &steps, None),
                None => Exchanged { raise: FREE, value: None, half: None },
            },
            Source::Arc(arc) => {
                let (from_hub, to_hub) = (&self.from_hub, &self.to_hub);
                let across = self.residual.across(arc, from_hub, to_hub).filter(|&(cost, _)| cost < FREE);
                match across.zip(self.residual.steps_across(arc, from_hub, to_hub)) {
                    Some(((cost, _), steps)) => self.along(cost, &steps, Some(arc)),
                    None => self.along(FREE, &[], None),
                }
            }
        }
    }

    fn along(&self, cost: Tuple, steps: &[Step], widened: Option<usize>) -> Exchanged {
        let Self { relaxation, ranges, curves, relaxed, .. } = self;
        let changed = self.residual.changes(steps, widened);
        let rounded = changed.and_then(|(changes, cost)| {
            let value = std::array::from_fn(|level| relaxed.value[level] + i128::from(cost[level]));
            let rounding = relaxation.rounding(ranges, curves, relaxed, &changes)?;
            Some((relaxation.with_paid(value, rounding.excess), rounding.half))
        });
        let (value, half) = rounded.unzip();
        Exchanged { raise: cost, value, half: half.flatten() }
    }
}
