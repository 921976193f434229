//! Branch and bound over the quantities of offers.
//!
//! A part is a set of ranges, one for each offer. Its relaxation bounds every plan in it. Where an offer's true
//! cost lies above what the relaxation charges, the part is split at the last quantity that may be had and is
//! not above the units used, or below the units that must be had for them. The part with the least bound is looked at first, so that the first whose bound
//! is met by a known plan ends the search.
//!
//! A budget is no cost: parts whose cheapest quantities exceed it hold no plan, and a part whose cheapest flow
//! exceeds it is split where an offer can no longer be paid, or in the middle. Source: Land and Doig 1960, with the
//! piecewise-linear costs of Beale and Tomlin 1970.
//!
//! The search is limited in work, not in time: the same market gives the same plan and the same proof.

use super::curve::{Curve, Paid};
use super::relax::{Ranges, Relaxation, Relaxed, Value};
use crate::component::Flows;
use crate::error::SolveError;
use model::id::Table;
use model::market::OfferId;
use model::number::Money;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Most parts that are looked at.
const PARTS_MAX: usize = 20_000;
/// As many times as long as a flow takes one for which an integer program is asked, about.
const ASKED: usize = 100;
/// Most arcs in all relaxations of a search together.
pub(super) const WORK_MAX: usize = 100_000_000;

/// A set of plans.
pub(super) struct Part {
    pub(super) ranges: Ranges,
    /// Where it was split.
    pub(super) split: Option<Split>,
    /// What no plan in it is below; none if there is no plan in it.
    bound: Option<Value>,
    /// The offer to split at, and the last quantity of the first half; none if nothing is gained by that.
    next: Option<Half>,
}

impl Part {
    /// Whether it may hold a plan that is better than the best one.
    pub(super) fn may_be_better_than(&self, best: Option<&Best>) -> bool {
        self.bound.is_some_and(|bound| best.is_none_or(|best| bound < best.value))
    }
}

/// An offer, and the last quantity of the first half.
type Half = (OfferId, u64);

/// A part in two.
#[derive(Clone, Copy)]
pub(super) struct Split {
    pub(super) offer: OfferId,
    /// The last quantity of the first part.
    pub(super) most: u64,
    pub(super) within: usize,
    pub(super) beyond: usize,
}

/// What was found.
pub(super) struct Found {
    /// The best plan; none if every plan that was met exceeds the budget.
    pub(super) best: Option<Best>,
    /// All parts; the first is the whole.
    pub(super) parts: Vec<Part>,
    /// Whether no part can hold a better plan.
    pub(super) is_proved: bool,
    /// Arcs of all relaxations together.
    pub(super) work: usize,
}

/// A plan as flows.
pub(super) struct Best {
    pub(super) value: Value,
    pub(super) quantities: Table<OfferId, u64>,
    pub(super) flows: Flows,
}

struct Search<'r, 's, 'e> {
    relaxation: &'r mut Relaxation<'s, 'e>,
    parts: Vec<Part>,
    /// Parts that may hold a better plan, by their bounds.
    open: BinaryHeap<Reverse<(Value, usize)>>,
    best: Option<Best>,
    budget: Option<Money>,
    work: usize,
}

/// Searches for the best plan within a budget.
pub(super) fn search(relaxation: &mut Relaxation<'_, '_>, budget: Option<Money>) -> Result<Found, SolveError> {
    search_within(relaxation, budget, WORK_MAX)
}

/// The same with at most so many arcs in all relaxations together.
pub(super) fn search_within(
    relaxation: &mut Relaxation<'_, '_>,
    budget: Option<Money>,
    work_max: usize,
) -> Result<Found, SolveError> {
    let whole = relaxation.all();
    let mut search = Search { relaxation, parts: Vec::new(), open: BinaryHeap::new(), best: None, budget, work: 0 };
    search.look_at(whole)?;
    while let Some(Reverse((bound, part))) = search.open.pop() {
        if search.is_met(&bound) || search.parts.len() >= PARTS_MAX || search.work >= work_max {
            break;
        }
        search.split(part)?;
    }
    let leaves = search.parts.iter().filter(|part| part.split.is_none());
    let is_proved = leaves.filter_map(|part| part.bound).all(|bound| search.is_met(&bound));
    Ok(Found { best: search.best, parts: search.parts, is_proved, work: search.work })
}

impl Search<'_, '_, '_> {
    /// Whether a plan is known that is as good as the bound.
    fn is_met(&self, bound: &Value) -> bool {
        self.best.as_ref().is_some_and(|best| best.value <= *bound)
    }

    fn split(&mut self, part: usize) -> Result<(), SolveError> {
        let Some((offer, most)) = self.parts[part].next else { return Ok(()) };
        let ranges = &self.parts[part].ranges;
        let (mut within, mut beyond) = (ranges.clone(), ranges.clone());
        within[offer] = *ranges[offer].start()..=most;
        beyond[offer] = most + 1..=*ranges[offer].end();
        let within = self.look_at(within)?;
        let beyond = self.look_at(beyond)?;
        self.parts[part].split = Some(Split { offer, most, within, beyond });
        Ok(())
    }

    /// Adds a part.
    fn look_at(&mut self, ranges: Ranges) -> Result<usize, SolveError> {
        let part = self.parts.len();
        let (bound, next) = self.bound(part, &ranges)?;
        self.parts.push(Part { ranges, split: None, bound, next });
        Ok(part)
    }

    /// Bounds a part, makes a plan of its cheapest flow and says where to split it.
    fn bound(&mut self, part: usize, ranges: &Ranges) -> Result<(Option<Value>, Option<Half>), SolveError> {
        if self.left_of_budget(ranges).is_some_and(|left| left < 0) {
            return Ok((None, None));
        }
        let Some(relaxed) = self.relax(ranges)? else { return Ok((None, None)) };
        let bound = Some(relaxed.bound);
        if self.is_met(&relaxed.bound) {
            return Ok((bound, None));
        }
        let quantities = self.cheapest(ranges, &relaxed);
        let next = self.dearest(ranges, &relaxed).or_else(|| self.worst(ranges, &relaxed));
        if next.is_some() {
            self.open.push(Reverse((relaxed.bound, part)));
            // Units that come with a pack or a minimum may be used too.
            let exactly = Table::new(quantities.iter().map(|&quantity| quantity..=quantity).collect());
            if let Some(exact) = self.relax(&exactly)? {
                self.keep(exact, quantities);
            }
        } else {
            self.keep(relaxed, quantities);
        }
        Ok((bound, next))
    }

    fn relax(&mut self, ranges: &Ranges) -> Result<Option<Relaxed>, SolveError> {
        let relaxed = self.relaxation.solve(ranges)?;
        let is_asked = relaxed.as_ref().is_some_and(|relaxed| relaxed.flows.are_asked());
        self.work += self.relaxation.size() * if is_asked { ASKED } else { 1 };
        Ok(relaxed)
    }

    fn keep(&mut self, relaxed: Relaxed, quantities: Table<OfferId, u64>) {
        let exceeds = self.budget.is_some_and(|budget| self.relaxation.paid(&relaxed.value) > budget.units().into());
        if !exceeds && !self.is_met(&relaxed.value) {
            self.best = Some(Best { value: relaxed.value, quantities, flows: relaxed.flows });
        }
    }

    /// The offer whose true cost is furthest above what was charged, the first of several.
    fn worst(&self, ranges: &Ranges, relaxed: &Relaxed) -> Option<(OfferId, u64)> {
        let excess = |offer: OfferId| -> Paid {
            let true_cost = self.cheapest_of(offer, ranges, relaxed).1;
            std::array::from_fn(|index| true_cost[index] - relaxed.charged[offer][index])
        };
        let (worst, Reverse(offer)) = ranges.enumerate().map(|(offer, _)| (excess(offer), Reverse(offer))).max()?;
        let curve = self.relaxation.curve(offer, ranges).expect("a part with a flow has plans");
        let (first, last) = (*ranges[offer].start(), *ranges[offer].end());
        if worst <= [0, 0] || first == last {
            return None;
        }
        // A unit used before those that must be had first is not there, or all of them are paid for.
        let (used, needed) = (relaxed.used[offer], relaxed.needed[offer]);
        let most = if used < needed { Some(needed - 1) } else { curve.last_allowed(used).filter(|&most| most < last) };
        Some((offer, most.unwrap_or_else(|| first.midpoint(last - 1))))
    }

    /// Where a part is split whose cheapest flow exceeds the budget: the offer that costs most beyond its least.
    fn dearest(&self, ranges: &Ranges, relaxed: &Relaxed) -> Option<(OfferId, u64)> {
        let left = self.left_of_budget(ranges)?;
        let mut value = relaxed.value;
        let mut dearest = None;
        for (offer, range) in ranges.enumerate() {
            let curve = self.relaxation.curve(offer, ranges).expect("a part with a flow has plans");
            let (used, base) = (relaxed.needed[offer], curve.base()[0]);
            let true_cost = curve.cheapest(used).1;
            let excess = std::array::from_fn(|index| true_cost[index] - relaxed.charged[offer][index]);
            value = self.relaxation.with_paid(value, excess);
            if used > *range.start() {
                let affordable = most_within(*range.start()..=used, |units| curve.cheapest(units).1[0] - base <= left);
                let middle = range.start().midpoint(used - 1);
                let most = if affordable < used { affordable } else { middle };
                dearest = dearest.max(Some((true_cost[0] - base, Reverse(offer), most)));
            }
        }
        let exceeds = self.budget.is_some_and(|budget| self.relaxation.paid(&value) > budget.units().into());
        dearest.filter(|_| exceeds).map(|(_, Reverse(offer), most)| (offer, most))
    }

    /// What is left of the budget when each offer has its cheapest quantity; none without a budget.
    fn left_of_budget(&self, ranges: &Ranges) -> Option<i128> {
        let cheapest = |(offer, _)| self.relaxation.curve(offer, ranges).map(|curve| curve.base()[0]);
        let least: Option<i128> = ranges.enumerate().map(cheapest).sum();
        Some(i128::from(self.budget?.units()) - least?)
    }

    fn cheapest(&self, ranges: &Ranges, relaxed: &Relaxed) -> Table<OfferId, u64> {
        Table::new(ranges.enumerate().map(|(offer, _)| self.cheapest_of(offer, ranges, relaxed).0).collect())
    }

    fn cheapest_of(&self, offer: OfferId, ranges: &Ranges, relaxed: &Relaxed) -> (u64, Paid) {
        let curve: Curve<'_> = self.relaxation.curve(offer, ranges).expect("a part with a flow has plans");
        curve.cheapest(relaxed.needed[offer])
    }
}

/// The last of the units for which it holds; it holds for the first.
fn most_within(units: std::ops::RangeInclusive<u64>, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut within, mut end) = (*units.start(), *units.end() + 1);
    while within + 1 < end {
        let middle = within.midpoint(end);
        if holds(middle) {
            within = middle;
        } else {
            end = middle;
        }
    }
    within
}
