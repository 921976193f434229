//! Branch and bound over the quantities of offers.
//!
//! A part is a set of ranges, one for each offer. Its relaxation bounds every plan in it. Where an offer's true
//! cost lies above what the relaxation charges, the part is split at the last quantity that may be had and is
//! not above the units used. The part with the least bound is looked at first, so that the first whose bound
//! is met by a known plan ends the search. Source: Land and Doig 1960, with the piecewise-linear costs of Beale
//! and Tomlin 1970.
//!
//! The search is limited in work, not in time: the same market gives the same plan and the same proof.

use super::curve::{Curve, Paid};
use super::relax::{Ranges, Relaxation, Relaxed, Value};
use crate::component::Flows;
use crate::error::SolveError;
use model::id::Table;
use model::market::OfferId;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Most parts that are looked at.
const PARTS_MAX: usize = 20_000;
/// Most arcs in all relaxations together.
const WORK_MAX: usize = 400_000_000;

/// A set of plans.
pub(super) struct Part {
    pub(super) ranges: Ranges,
    /// Where it was split.
    pub(super) split: Option<Split>,
    /// Units used by the cheapest flow, and the offer to split at; none if its plan is as cheap as its bound.
    next: Option<(OfferId, u64)>,
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
    pub(super) quantities: Table<OfferId, u64>,
    pub(super) flows: Flows,
    /// All parts; the first is the whole.
    pub(super) parts: Vec<Part>,
}

struct Search<'r, 's, 'e> {
    relaxation: &'r mut Relaxation<'s, 'e>,
    parts: Vec<Part>,
    /// Parts that may hold a better plan, by their bounds.
    open: BinaryHeap<Reverse<(Value, usize)>>,
    best: Option<(Value, Table<OfferId, u64>, Flows)>,
    work: usize,
}

/// Searches for the best plan.
pub(super) fn search(relaxation: &mut Relaxation<'_, '_>) -> Result<Found, SolveError> {
    let whole = relaxation.all();
    let mut search = Search { relaxation, parts: Vec::new(), open: BinaryHeap::new(), best: None, work: 0 };
    search.look_at(whole)?;
    while let Some(Reverse((bound, part))) = search.open.pop() {
        if search.is_met(&bound) || search.parts.len() >= PARTS_MAX || search.work >= WORK_MAX {
            break;
        }
        search.split(part)?;
    }
    let (_, quantities, flows) = search.best.expect("to have nothing is a plan");
    Ok(Found { quantities, flows, parts: search.parts })
}

impl Search<'_, '_, '_> {
    /// Whether a plan is known that is as good as the bound.
    fn is_met(&self, bound: &Value) -> bool {
        self.best.as_ref().is_some_and(|(value, ..)| value <= bound)
    }

    fn split(&mut self, part: usize) -> Result<(), SolveError> {
        let Some((offer, used)) = self.parts[part].next else { return Ok(()) };
        let ranges = &self.parts[part].ranges;
        let curve = self.relaxation.curve(offer, ranges).expect("a part that is split has plans");
        let most = curve.last_allowed(used).expect("the true cost is met up to the first quantity");
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
        let next = self.bound(part, &ranges)?;
        self.parts.push(Part { ranges, split: None, next });
        Ok(part)
    }

    /// Bounds a part, makes a plan of its cheapest flow and says where to split it.
    fn bound(&mut self, part: usize, ranges: &Ranges) -> Result<Option<(OfferId, u64)>, SolveError> {
        let Some(relaxed) = self.relax(ranges)? else { return Ok(None) };
        if self.is_met(&relaxed.value) {
            return Ok(None);
        }
        let next = self.worst(ranges, &relaxed);
        let quantities = self.cheapest(ranges, &relaxed);
        if next.is_some() {
            self.open.push(Reverse((relaxed.value, part)));
            // Units that come with a pack or a minimum may be used too.
            let exactly = Table::new(quantities.iter().map(|&quantity| quantity..=quantity).collect());
            if let Some(exact) = self.relax(&exactly)? {
                self.keep(exact, quantities);
            }
        } else {
            self.keep(relaxed, quantities);
        }
        Ok(next)
    }

    fn relax(&mut self, ranges: &Ranges) -> Result<Option<Relaxed>, SolveError> {
        self.work += self.relaxation.size();
        self.relaxation.solve(ranges)
    }

    fn keep(&mut self, relaxed: Relaxed, quantities: Table<OfferId, u64>) {
        if !self.is_met(&relaxed.value) {
            self.best = Some((relaxed.value, quantities, relaxed.flows));
        }
    }

    /// The offer whose true cost is furthest above what was charged, the first of several.
    fn worst(&self, ranges: &Ranges, relaxed: &Relaxed) -> Option<(OfferId, u64)> {
        let excess = |offer: OfferId| -> Paid {
            let true_cost = self.cheapest_of(offer, ranges, relaxed).1;
            std::array::from_fn(|index| true_cost[index] - relaxed.charged[offer][index])
        };
        let worst = ranges.enumerate().map(|(offer, _)| (excess(offer), Reverse(offer))).max()?;
        (worst.0 > [0, 0]).then_some((worst.1.0, relaxed.used[worst.1.0]))
    }

    fn cheapest(&self, ranges: &Ranges, relaxed: &Relaxed) -> Table<OfferId, u64> {
        Table::new(ranges.enumerate().map(|(offer, _)| self.cheapest_of(offer, ranges, relaxed).0).collect())
    }

    fn cheapest_of(&self, offer: OfferId, ranges: &Ranges, relaxed: &Relaxed) -> (u64, Paid) {
        let curve: Curve<'_> = self.relaxation.curve(offer, ranges).expect("a part with a flow has plans");
        curve.cheapest(relaxed.used[offer])
    }
}
