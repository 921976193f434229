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
//! Where entitlements compete for units, what the units are worth is handed down from part to part, and an integer
//! program is asked about it only where that leaves something open: mostly only about the levels up to spend, which
//! decide whether a part is split.
//!
//! A search can be taken up again when a unit is added somewhere: the parts of the first search are a partition for it
//! too, with bounds that potentials give.
//!
//! The search is limited in work, not in time: the same market gives the same plan and the same proof.

use super::ascent;
use super::curve::{Curve, Paid};
use super::relax::{Effort, Half, Ranges, Relaxation, Relaxed, Value, Worth, halves};
use crate::component::Flows;
use crate::error::SolveError;
use model::id::Table;
use model::market::OfferId;
use model::number::{Money, Quantity};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::rc::Rc;

/// Most parts that are looked at.
const PARTS_MAX: usize = 20_000;
/// Most arcs in all relaxations of a search together.
const WORK_MAX: usize = 100_000_000;

/// A set of plans.
pub(super) struct Part {
    pub(super) ranges: Ranges,
    /// Where it was split.
    pub(super) split: Option<Split>,
    /// What no plan in it is below; none if there is no plan in it.
    bound: Option<Value>,
    /// What units are worth in its cheapest flow.
    worth: Option<Rc<Worth>>,
    next: Next,
}

/// What may be done about a part.
#[derive(Clone, Copy)]
enum Next {
    /// To find its cheapest flow.
    Relax,
    /// To split it.
    Split(Half),
    /// Nothing is gained by splitting it.
    Rest,
}

impl Part {
    /// Such plans, of which nothing is known but a bound and what units may be worth.
    pub(super) const fn bounded(ranges: Ranges, bound: Value, worth: Option<Rc<Worth>>) -> Self {
        Self { ranges, split: None, bound: Some(bound), worth, next: Next::Relax }
    }

    /// Whether there is no plan in it.
    pub(super) const fn is_empty(&self) -> bool {
        self.bound.is_none()
    }

    /// What units are worth in its cheapest flow.
    pub(super) const fn worth(&self) -> Option<&Rc<Worth>> {
        self.worth.as_ref()
    }

    /// Whether it may hold a plan that is better than the best one.
    pub(super) fn may_be_better_than(&self, best: Option<&Best>) -> bool {
        self.bound.is_some_and(|bound| best.is_none_or(|best| bound < best.value))
    }
}

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
    /// What the best plan that is known comes to.
    least: Option<Value>,
    /// The best plan that was met, if it is as good.
    best: Option<Best>,
    budget: Option<Money>,
}

/// Searches for the best plan within a budget.
pub(super) fn search(relaxation: &mut Relaxation<'_, '_>, budget: Option<Money>) -> Result<Found, SolveError> {
    let whole = relaxation.all();
    let mut search = Search::new(relaxation, budget);
    search.look_at(whole, None)?;
    search.run(WORK_MAX)?;
    let is_proved = search.is_proved();
    Ok(Found { best: search.best, parts: search.parts, is_proved })
}

/// Searches parts of which bounds are known for a plan better than one that is known, with at most so many arcs in all
/// relaxations together: what the best plan comes to, if it is proved.
pub(super) fn resume(
    relaxation: &mut Relaxation<'_, '_>,
    parts: Vec<Part>,
    least: Option<Value>,
    budget: Option<Money>,
    work_max: usize,
) -> Result<Option<Value>, SolveError> {
    let mut search = Search::new(relaxation, budget);
    search.least = least;
    let bounds = parts.iter().enumerate().filter_map(|(part, row)| Some(Reverse((row.bound?, part))));
    search.open = bounds.collect();
    search.parts = parts;
    search.run(work_max)?;
    Ok(search.least.filter(|_| search.is_proved()))
}

impl<'r, 's, 'e> Search<'r, 's, 'e> {
    const fn new(relaxation: &'r mut Relaxation<'s, 'e>, budget: Option<Money>) -> Self {
        Self { relaxation, parts: Vec::new(), open: BinaryHeap::new(), least: None, best: None, budget }
    }

    /// Takes up the part with the least bound as long as it may hold a better plan.
    fn run(&mut self, work_max: usize) -> Result<(), SolveError> {
        let work_max = self.relaxation.work() + work_max;
        while let Some(Reverse((bound, part))) = self.open.pop() {
            if self.is_met(&bound) || self.parts.len() >= PARTS_MAX || self.relaxation.work() >= work_max {
                break;
            }
            match self.parts[part].next {
                Next::Relax => {
                    let Part { ranges, worth, .. } = &self.parts[part];
                    let (ranges, worth) = (ranges.clone(), worth.clone());
                    self.parts[part] = self.bounded(part, ranges, worth.as_deref())?;
                }
                Next::Split(half) => self.split(part, half)?,
                Next::Rest => {}
            }
        }
        Ok(())
    }

    fn is_proved(&self) -> bool {
        let leaves = self.parts.iter().filter(|part| part.split.is_none());
        leaves.filter_map(|part| part.bound).all(|bound| self.is_met(&bound))
    }

    /// Whether a plan is known that is as good as the bound.
    fn is_met(&self, bound: &Value) -> bool {
        self.least.is_some_and(|least| least <= *bound)
    }

    /// Whether a bound leaves room for a plan that is better up to spend, whatever it comes to at later levels.
    fn is_below_up_to_spend(&self, bound: &Value) -> bool {
        let levels = self.relaxation.order.spend() + 1;
        self.least.is_some_and(|least| bound[..levels] < least[..levels])
    }

    fn split(&mut self, part: usize, half: Half) -> Result<(), SolveError> {
        let Part { ranges, worth, .. } = &self.parts[part];
        let ([within, beyond], worth) = (halves(ranges, half), worth.clone());
        let within = self.look_at(within, worth.as_deref())?;
        let beyond = self.look_at(beyond, worth.as_deref())?;
        let (offer, most) = half;
        self.parts[part].split = Some(Split { offer, most, within, beyond });
        Ok(())
    }

    /// Adds a part.
    fn look_at(&mut self, ranges: Ranges, worth: Option<&Worth>) -> Result<usize, SolveError> {
        let part = self.parts.len();
        let row = self.bounded(part, ranges, worth)?;
        self.parts.push(row);
        Ok(part)
    }

    /// Bounds a part, makes a plan of its cheapest flow and says where to split it.
    fn bounded(&mut self, part: usize, ranges: Ranges, worth: Option<&Worth>) -> Result<Part, SolveError> {
        let empty = |ranges| Part { ranges, split: None, bound: None, worth: None, next: Next::Rest };
        if self.left_of_budget(&ranges).is_some_and(|left| left < 0) {
            return Ok(empty(ranges));
        }
        let Some(mut relaxed) = self.relax(&ranges, worth)? else { return Ok(empty(ranges)) };
        let mut half = self.half(&ranges, &relaxed);
        if half.is_none() && !relaxed.is_proved() && !self.is_met(&relaxed.bound) {
            // The last levels count where a flow is a plan as it is.
            let again = self.relaxation.solve_from(&ranges, relaxed.worth.as_ref(), Effort::Most)?;
            relaxed = again.expect("a part with plans");
            half = self.half(&ranges, &relaxed);
        }
        let bound = relaxed.bound;
        let worth = relaxed.worth.clone().map(Rc::new);
        let next = match half.filter(|_| !self.is_met(&bound)) {
            Some(half) => {
                self.open.push(Reverse((bound, part)));
                // Units that come with a pack or a minimum may be used too.
                let quantities = self.cheapest(&ranges, &relaxed);
                if self.is_dearer(&quantities, &relaxed) {
                    return Ok(Part { ranges, split: None, bound: Some(bound), worth, next: Next::Split(half) });
                }
                let exactly = Table::new(quantities.iter().map(|&quantity| quantity..=quantity).collect());
                if let Some(exact) = self.relax_fully(&exactly, worth.as_deref())? {
                    self.keep(exact, quantities);
                }
                Next::Split(half)
            }
            None => {
                let quantities = self.cheapest(&ranges, &relaxed);
                if half.is_none() {
                    self.keep(relaxed, quantities);
                }
                Next::Rest
            }
        };
        Ok(Part { ranges, split: None, bound: Some(bound), worth, next })
    }

    /// Where to split a part, if anything is gained by that.
    fn half(&self, ranges: &Ranges, relaxed: &Relaxed) -> Option<Half> {
        self.dearest(ranges, relaxed).or_else(|| {
            let curves = self.relaxation.curves(ranges)?;
            self.relaxation.rounding(ranges, &curves, relaxed, &BTreeMap::new())?.half
        })
    }

    /// The cheapest flow of a part, as far as it takes to see whether the part is to be split.
    fn relax(&mut self, ranges: &Ranges, worth: Option<&Worth>) -> Result<Option<Relaxed>, SolveError> {
        let relaxed = self.climb(ranges, worth)?;
        let is_undecided = |search: &Self, relaxed: &Relaxed| {
            !relaxed.is_proved() && !search.is_met(&relaxed.bound) && !search.is_below_up_to_spend(&relaxed.bound)
        };
        let Some(first) = relaxed.as_ref().filter(|relaxed| is_undecided(self, relaxed)) else { return Ok(relaxed) };
        if self.least.is_none() {
            return self.relaxation.solve_from(ranges, first.worth.as_ref(), Effort::Most);
        }
        let relaxed = self.relaxation.solve_from(ranges, first.worth.as_ref(), Effort::UpToSpend)?;
        match relaxed.as_ref().filter(|relaxed| is_undecided(self, relaxed)) {
            Some(second) => self.relaxation.solve_from(ranges, second.worth.as_ref(), Effort::Most),
            None => Ok(relaxed),
        }
    }

    /// The cheapest flow of a part, unless it is no better than the best plan.
    fn relax_fully(&mut self, ranges: &Ranges, worth: Option<&Worth>) -> Result<Option<Relaxed>, SolveError> {
        let mut relaxed = self.climb(ranges, worth)?;
        for effort in [Effort::UpToSpend, Effort::Most] {
            match &relaxed {
                Some(found) if self.is_met(&found.bound) => return Ok(None),
                Some(found) if !found.is_proved() => {
                    relaxed = self.relaxation.solve_from(ranges, found.worth.as_ref(), effort)?;
                }
                _ => break,
            }
        }
        Ok(relaxed)
    }

    /// The cheapest flow as far as it is found without asking, up to where it is no better than the best plan.
    fn climb(&mut self, ranges: &Ranges, worth: Option<&Worth>) -> Result<Option<Relaxed>, SolveError> {
        let least = self.least;
        ascent::relax(self.relaxation, ranges, worth, |relaxed| least.is_some_and(|least| least <= relaxed.bound))
    }

    /// Whether it is plain that a plan with these quantities, which cost more than the cheapest flow is charged, is worse
    /// than the best plan: where units alone are paid for, using more of them makes none cheaper.
    fn is_dearer(&self, quantities: &Table<OfferId, u64>, relaxed: &Relaxed) -> bool {
        let Relaxation { market, order, .. } = &*self.relaxation;
        let spend = order.spend();
        let cost = |(offer, &units): (OfferId, &u64)| market.offers[offer].terms.cost(Quantity::new(units));
        let paid = || quantities.enumerate().map(cost).sum::<i128>();
        let is_above = |least: Value| (&least[..spend], least[spend]) < (&relaxed.bound[..spend], paid());
        self.relaxation.pays_for_units_alone() && self.least.is_some_and(is_above)
    }

    fn keep(&mut self, relaxed: Relaxed, quantities: Table<OfferId, u64>) {
        if self.relaxation.is_within(self.budget, &relaxed.value) && !self.is_met(&relaxed.value) {
            self.least = Some(relaxed.value);
            self.best = Some(Best { value: relaxed.value, quantities, flows: relaxed.flows });
        }
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
        dearest
            .filter(|_| !self.relaxation.is_within(self.budget, &value))
            .map(|(_, Reverse(offer), most)| (offer, most))
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
