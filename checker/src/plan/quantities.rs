//! The quantities of an offer that a bound has to look at.
//!
//! Let a quantity q of an offer be worth the tuple (cost(q) at spend, q at units bought) less q times a price,
//! compared level by level. Over the quantities that may be had within a range, the least worth is found exactly
//! by looking at few of them. Take the quantities above zero that lie in one tier, and in the range, and may be
//! had: multiples of the pack between two bounds. There the cost is a + b q, whether the tier prices all units or
//! its own, with the fee in a; so the worth is α + q β for tuples α and β. It grows with q where β is above zero
//! level by level, falls where β is below, and stays where β is zero: it is least at the first or at the last of
//! these quantities. Between tiers it may jump, and from zero to the first unit the fee is a jump, so every tier
//! and zero are looked at on their own.
//!
//! Time: linear in the tiers.

use model::market::Terms;
use model::number::Quantity;

/// Quantities from the first to the last; none if the last is below the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) first: Quantity,
    pub(super) last: Quantity,
}

impl Span {
    pub(super) fn contains(self, quantity: Quantity) -> bool {
        (self.first..=self.last).contains(&quantity)
    }
}

/// Of the quantities in the span that may be had, those among which every worth as above is least.
pub(super) fn turning_points(terms: &Terms, span: Span) -> impl Iterator<Item = Quantity> {
    let zero = span.first.is_zero().then_some(Quantity::ZERO);
    let first = span.first.max(terms.least).max(Quantity::ONE);
    let last = span.last.min(terms.most);
    let ends = terms.tiers.iter().enumerate().flat_map(move |(index, tier)| {
        let next = terms.tiers.get(index + 1).map_or(last, |next| next.from - Quantity::ONE);
        let first = terms.packed_up(first.max(tier.from));
        let last = terms.packed_down(last.min(next));
        (first <= last).then_some([first, last]).into_iter().flatten()
    });
    zero.into_iter().chain(ends)
}
