//! What units of an offer cost, seen from how many are used: the true cost and a convex one below it.
//!
//! Whoever uses u units pays for the cheapest quantity q >= u that may be had; unused units lie idle. The true
//! cost g(u) has jumps (packs, a minimum, a fee, all-units tiers). Its lower convex envelope, cut into pieces
//! with whole slopes, is what a network can state: parallel arcs, the cheaper ones first. It meets g at the
//! vertices of the envelope and lies below it elsewhere, so that a flow on it bounds every plan; where it lies
//! below, the range of quantities is split in two and each half has a tighter envelope.
//!
//! Costs are pairs (spend in 10^-4, units), compared in this order. Time: linear in the tiers, but for sorting.

use model::market::Terms;
use model::number::Quantity;
use std::ops::RangeInclusive;

/// Spend and units.
pub(super) type Paid = [i128; 2];

/// An offer whose quantity lies in a range.
pub(super) struct Curve<'t> {
    terms: &'t Terms,
    range: RangeInclusive<u64>,
    /// Quantities at the ends of affine stretches that no larger one undercuts, ascending in both.
    points: Vec<(u64, Paid)>,
}

/// So many units at one cost each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) units: u64,
    /// Spend and units for each.
    pub(super) slope: [i64; 2],
}

impl<'t> Curve<'t> {
    /// None if no quantity in the range may be had.
    pub(super) fn new(terms: &'t Terms, range: RangeInclusive<u64>) -> Option<Self> {
        let mut points: Vec<(u64, Paid)> = Vec::new();
        for (from, to) in stretches(terms, &range) {
            points.push((from, paid(terms, from)));
            if from != to {
                points.push((to, paid(terms, to)));
            }
        }
        points.sort_unstable();
        let mut kept: Vec<(u64, Paid)> = Vec::with_capacity(points.len());
        for point in points.into_iter().rev() {
            if kept.last().is_none_or(|&(_, cost)| point.1 < cost) {
                kept.push(point);
            }
        }
        kept.reverse();
        (!kept.is_empty()).then_some(Self { terms, range, points: kept })
    }

    /// What is paid even if nothing is used.
    pub(super) fn base(&self) -> Paid {
        self.points[0].1
    }

    /// The most units that may be used.
    pub(super) fn most(&self) -> u64 {
        self.points[self.points.len() - 1].0
    }

    /// The cheapest quantity for so many used units, with its cost.
    pub(super) fn cheapest(&self, used: u64) -> (u64, Paid) {
        let beyond = self.points.iter().copied().filter(|&(quantity, _)| quantity >= used);
        self.next_allowed(used)
            .into_iter()
            .chain(beyond)
            .min_by_key(|&(quantity, cost)| (cost, quantity))
            .expect("used units are within the range")
    }

    fn next_allowed(&self, used: u64) -> Option<(u64, Paid)> {
        let least = used.max(*self.range.start());
        let least = if least == 0 { 0 } else { least.max(self.terms.least.get()) };
        let quantity = self.terms.packed_up(Quantity::new(least));
        let is_allowed = self.terms.allows(quantity) && self.range.contains(&quantity.get());
        is_allowed.then(|| (quantity.get(), paid(self.terms, quantity.get())))
    }

    /// The last quantity that may be had and is not above `used`; none if there is none in the range.
    pub(super) fn last_allowed(&self, used: u64) -> Option<u64> {
        let packed = self.terms.packed_down(Quantity::new(used.min(*self.range.end())).min(self.terms.most));
        let allowed = [packed, Quantity::ZERO].into_iter().find(|&quantity| self.terms.allows(quantity));
        allowed.map(Quantity::get).filter(|quantity| self.range.contains(quantity))
    }

    /// The convex cost beyond the base.
    pub(super) fn pieces(&self) -> Vec<Piece> {
        let mut hull: Vec<(u64, Paid)> = vec![(0, self.base())];
        for &(quantity, cost) in self.points.iter().filter(|&&(quantity, _)| quantity > 0) {
            while hull.len() > 1 && !is_below(hull[hull.len() - 2], hull[hull.len() - 1], (quantity, cost)) {
                hull.pop();
            }
            hull.push((quantity, cost));
        }
        let sides = hull.windows(2).map(|ends| whole_slopes(ends[1].0 - ends[0].0, minus(ends[1].1, ends[0].1)));
        let mut pieces: Vec<Piece> = sides.flatten().collect();
        // Rounding may put the last slope of one side above the first of the next.
        pieces.sort_unstable_by_key(|piece| piece.slope);
        pieces
    }
}

fn paid(terms: &Terms, quantity: u64) -> Paid {
    [terms.cost(Quantity::new(quantity)), quantity.into()]
}

fn minus(one: Paid, other: Paid) -> Paid {
    [one[0] - other[0], one[1] - other[1]]
}

/// First and last quantities that may be had within each tier, where the cost is affine; zero alone.
pub(super) fn stretches(terms: &Terms, range: &RangeInclusive<u64>) -> Vec<(u64, u64)> {
    let mut stretches = Vec::new();
    if *range.start() == 0 {
        stretches.push((0, 0));
    }
    for (index, tier) in terms.tiers.iter().enumerate() {
        let end = terms.tiers.get(index + 1).map_or(u64::MAX, |next| next.from.get() - 1);
        let from = tier.from.get().max(terms.least.get()).max(*range.start()).max(1);
        let to = end.min(terms.most.get()).min(*range.end());
        if from <= to {
            let (from, to) = (terms.packed_up(Quantity::new(from)).get(), terms.packed_down(Quantity::new(to)).get());
            if from <= to {
                stretches.push((from, to));
            }
        }
    }
    stretches
}

/// Whether the middle one lies below the line from the first to the last.
fn is_below(first: (u64, Paid), middle: (u64, Paid), last: (u64, Paid)) -> bool {
    let (before, after) = (i128::from(middle.0 - first.0), i128::from(last.0 - middle.0));
    let (rise, next) = (minus(middle.1, first.1), minus(last.1, middle.1));
    rise.map(|rise| rise * after) < next.map(|next| next * before)
}

/// Whole slopes that add up to `rise` over `units`.
fn whole_slopes(units: u64, rise: Paid) -> Vec<Piece> {
    let count = i128::from(units);
    let (spend, dearer) = (rise[0].div_euclid(count), rise[0].rem_euclid(count));
    let cheaper = count - dearer;
    // Both parts have their share of the units bought, the cheaper one rounded down.
    let share = (rise[1] * cheaper).div_euclid(count);
    let mut pieces = Vec::new();
    for (count, spend, bought) in [(cheaper, spend, share), (dearer, spend + 1, rise[1] - share)] {
        if count == 0 {
            continue;
        }
        let (slope, more) = (bought.div_euclid(count), bought.rem_euclid(count));
        for (units, bought) in [(count - more, slope), (more, slope + 1)] {
            if units > 0 {
                let units = u64::try_from(units).expect("a part of the units");
                pieces
                    .push(Piece { units, slope: [spend, bought].map(|slope| i64::try_from(slope).expect("a price")) });
            }
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::generate::SplitMix64;
    use model::market::{Tier, TierRule};
    use model::number::Money;

    fn drawn(random: &mut SplitMix64) -> Terms {
        let mut below =
            |bound: u64| u64::try_from(random.below(usize::try_from(bound).expect("small"))).expect("small");
        let mut from = 1;
        let tiers = (0..=below(3))
            .map(|_| {
                let tier = Tier { from: Quantity::new(from), price: Money::from_units(below(12).cast_signed()) };
                from += 1 + below(6);
                tier
            })
            .collect();
        let pack = 1 + below(3);
        let most = pack * (1 + below(6));
        Terms {
            pack: Quantity::new(pack),
            least: Quantity::new(below(most + 1)),
            most: Quantity::new(most),
            fee: Money::from_units(below(9).cast_signed()),
            tiers,
            tier_rule: if below(2) == 0 { TierRule::AllUnits } else { TierRule::Incremental },
        }
    }

    /// What the pieces charge for so many units, with the base.
    fn charged(curve: &Curve<'_>, used: u64) -> Paid {
        let mut left = used;
        let mut cost = curve.base();
        for piece in curve.pieces() {
            let units = left.min(piece.units);
            left -= units;
            for (cost, slope) in cost.iter_mut().zip(piece.slope) {
                *cost += i128::from(units) * i128::from(slope);
            }
        }
        cost
    }

    /// The cheapest of all quantities, one by one.
    fn by_hand(terms: &Terms, range: &RangeInclusive<u64>, used: u64) -> Option<Paid> {
        let allowed = range.clone().filter(|&quantity| quantity >= used && terms.allows(Quantity::new(quantity)));
        allowed.map(|quantity| paid(terms, quantity)).min()
    }

    #[test]
    fn the_convex_cost_lies_below_the_true_one_and_meets_it_at_its_ends() {
        let mut random = SplitMix64::new(1);
        for _ in 0..20_000 {
            let terms = drawn(&mut random);
            let mut ends = [0, 0].map(|_| random.below(20) as u64 % (terms.most.get() + 1));
            ends.sort_unstable();
            let range = ends[0]..=ends[1];
            let Some(curve) = Curve::new(&terms, range.clone()) else {
                assert_eq!(by_hand(&terms, &range, 0), None, "{terms:?} in {range:?}");
                continue;
            };
            let pieces = curve.pieces();
            assert!(
                pieces.iter().all(|piece| piece.slope >= [0, i64::MIN]) && pieces.is_sorted_by_key(|piece| piece.slope)
            );
            for used in 0..=curve.most() {
                let true_cost = by_hand(&terms, &range, used).expect("may be used");
                assert_eq!(curve.cheapest(used).1, true_cost, "{used} of {terms:?} in {range:?}");
                assert!(charged(&curve, used) <= true_cost, "{used} of {terms:?} in {range:?}");
            }
            assert_eq!(by_hand(&terms, &range, curve.most() + 1), None);
            for used in [0, curve.most()] {
                assert_eq!(
                    Some(charged(&curve, used)),
                    by_hand(&terms, &range, used),
                    "{used} of {terms:?} in {range:?}"
                );
            }
        }
    }

    #[test]
    fn a_plain_price_is_one_piece() {
        let terms = Terms::plain(Money::from_units(41), Quantity::new(1_000));
        let curve = Curve::new(&terms, 0..=1_000).expect("may be had");
        assert_eq!(curve.pieces(), [Piece { units: 1_000, slope: [41, 1] }]);
    }
}
