//! Packs tuples of costs into one machine word, so that comparing words compares level by level.
//!
//! A potential is the cost of a simple path of the tree from the hub, a reduced cost that of a simple
//! cycle. At each level both are bounded by the sum over the nodes of the largest cost at them, with
//! the arcs at the hub counted twice and apart: a path meets the hub once, a cycle uses at most two of
//! its arcs. With digits of radix 2 bound + 1 no level can overflow into the one above.

use crate::error::SolveError;
use crate::graph::{Arc, HUB, Tuple};
use model::objective::{LEVELS, Level};

/// The digits of a component.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Packing {
    /// Largest magnitude of a potential or reduced cost, by level.
    bound: [i64; LEVELS],
    /// What one unit of each level weighs in a word; none if beyond `i128`.
    weight: Option<[i128; LEVELS]>,
    /// One more than any word.
    top: i128,
}

/// Words keep three binary digits of headroom for sums of a cost and two potentials.
const HEADROOM: i128 = 8;
/// Largest bound at one level.
const BOUND_MAX: i64 = i64::MAX / 8;

/// A machine word.
pub(crate) trait Word: Copy + TryFrom<i128> + From<i64> + TryInto<i64> {
    const MAX: i128;
    /// `self` + `digit` · `weight`; both products and sums stay below the top.
    fn plus(self, digit: i64, weight: i128) -> Self;
    /// The digit of radix 2 `bound` + 1 nearest to zero, and the word without it.
    fn split(self, bound: i64) -> (i64, Self);
}

/// Implements [`Word`] for a signed integer of at least 64 bits.
macro_rules! word {
    ($integer:ty) => {
        impl Word for $integer {
            const MAX: i128 = <$integer>::MAX as i128;

            fn plus(self, digit: i64, weight: i128) -> Self {
                let weight = Self::try_from(weight).expect("a weight lies below the top");
                self + Self::from(digit) * weight
            }

            fn split(self, bound: i64) -> (i64, Self) {
                let bound = Self::from(bound);
                let radix = 2 * bound + 1;
                let digit = (self + bound).rem_euclid(radix) - bound;
                (i64::try_from(digit).expect("a digit is within its bound"), (self - digit) / radix)
            }
        }
    };
}

word!(i64);
word!(i128);

impl Packing {
    /// Reads the bounds off the arcs of a component with `node_count` nodes.
    pub(crate) fn of<'a>(
        arcs: impl Iterator<Item = &'a Arc>,
        local: &[u32],
        node_count: usize,
    ) -> Result<Self, SolveError> {
        let mut largest = vec![[0_i64; LEVELS]; node_count];
        for arc in arcs {
            let ends: &[u32] = if arc.tail == HUB || arc.head == HUB { &[HUB] } else { &[arc.tail, arc.head] };
            for &end in ends {
                let at = if end == HUB { 0 } else { local[end as usize] as usize };
                for (largest, cost) in largest[at].iter_mut().zip(arc.cost) {
                    *largest = (*largest).max(cost.abs());
                }
            }
        }
        let mut bound = [0_i64; LEVELS];
        for (level, name) in Level::ALL.into_iter().enumerate() {
            let at_hub = i128::from(largest[0][level]);
            let sum: i128 = 2 * at_hub + largest[1..].iter().map(|levels| i128::from(levels[level])).sum::<i128>();
            bound[level] = i64::try_from(sum).ok().filter(|&bound| bound <= BOUND_MAX).ok_or_else(|| {
                let what =
                    format!("costs at the level `{name}` add up to {sum} in one component, at most {BOUND_MAX} fit");
                SolveError::Limit { what }
            })?;
        }
        Ok(Self::with(bound))
    }

    fn with(bound: [i64; LEVELS]) -> Self {
        let mut weight = [0_i128; LEVELS];
        let mut top = Some(1_i128);
        for level in (0..LEVELS).rev() {
            weight[level] = top.unwrap_or(0);
            top = top.and_then(|top| top.checked_mul(2 * i128::from(bound[level]) + 1));
        }
        Self { bound, weight: top.map(|_| weight), top: top.unwrap_or(i128::MAX) }
    }

    /// A word above all that can occur; none if the tuples do not fit the word.
    pub(crate) fn top<W: Word>(&self) -> Option<W> {
        let fits = self.weight.is_some() && self.top <= W::MAX / HEADROOM;
        fits.then(|| W::try_from(self.top).ok()).flatten()
    }

    /// A tuple above all that can occur.
    pub(crate) fn above_all(&self) -> Tuple {
        let mut tuple = [0; LEVELS];
        tuple[0] = 2 * self.bound[0] + 1;
        tuple
    }

    /// The word of a tuple.
    pub(crate) fn pack<W: Word>(&self, tuple: Tuple) -> W {
        let weight = self.weight.as_ref().expect("packed only where the tuples fit");
        tuple.iter().zip(weight).fold(W::from(0), |word, (&digit, &weight)| word.plus(digit, weight))
    }

    /// The tuple of a word: digits are balanced around zero.
    pub(crate) fn unpack<W: Word>(&self, word: W) -> Tuple {
        let mut rest = word;
        let mut tuple = [0; LEVELS];
        // The digit of a level that nothing is weighed at is zero.
        for level in (0..LEVELS).rev().filter(|&level| self.bound[level] > 0) {
            (tuple[level], rest) = rest.split(self.bound[level]);
        }
        assert!(rest.try_into().is_ok_and(|rest| rest == 0), "a word lies below the top");
        tuple
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_compare_as_tuples_do() {
        let packing = Packing::with([2, 0, 1, 0, 0, 3, 1_000, 7, 50]);
        let tuples = [
            [0, 0, 1, 0, 0, -3, 0, 0, 0],
            [0, 0, 1, 0, 0, -3, -1_000, 7, 50],
            [-2, 0, 1, 0, 0, 3, 0, 0, 0],
            [0; LEVELS],
        ];
        for one in tuples {
            assert_eq!(packing.unpack::<i128>(packing.pack(one)), one);
            assert_eq!(packing.unpack::<i64>(packing.pack(one)), one);
            for other in tuples {
                assert_eq!(packing.pack::<i64>(one).cmp(&packing.pack::<i64>(other)), one.cmp(&other));
            }
        }
    }

    #[test]
    fn what_does_not_fit_a_word_is_not_packed() {
        let packing = Packing::with([1 << 20, 0, 1 << 20, 0, 0, 1 << 20, 0, 0, 1 << 20]);
        assert_eq!(packing.top::<i64>(), None);
        assert!(packing.top::<i128>().is_some());
        assert_eq!(Packing::with([1 << 60; LEVELS]).top::<i128>(), None);
    }
}
