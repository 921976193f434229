//! Cost words: what an arc may cost and how costs are compared.
//!
//! The network simplex only adds, subtracts, negates and compares costs, so any ordered group will
//! do: a machine word, or a tuple of words that is compared level by level. Overflow is kept out by
//! ranges that are proved before the first pivot ([`artificial_cost`]), not by checks in the loop.

use std::fmt::Debug;
use std::ops::{Add, Neg, Sub};

use super::network::Network;

/// A cost, a potential or a reduced cost.
///
/// An ordered commutative group: `a < b` implies `a + c < b + c`.
pub trait Cost: Copy + Ord + Debug + Add<Output = Self> + Sub<Output = Self> + Neg<Output = Self> {
    /// Costs nothing.
    const ZERO: Self;

    /// What a whole flow costs: wide enough for sums of cost times units.
    type Total: Copy + Ord + Debug;

    /// The cost of the empty flow.
    const NOTHING: Self::Total;

    /// `total` plus `units` times this cost, or `None` out of range.
    fn charge(self, units: i64, total: Self::Total) -> Option<Self::Total>;

    /// The larger of the two magnitudes, level by level, or `None` out of range.
    fn wider(self, other: Self) -> Option<Self>;

    /// The sum, or `None` out of range.
    fn checked_sum(self, other: Self) -> Option<Self>;

    /// The sum modulo the range, level by level.
    #[must_use]
    fn wrapping_sum(self, other: Self) -> Self;

    /// The difference modulo the range, level by level: the true one wherever that is in range.
    #[must_use]
    fn wrapping_difference(self, other: Self) -> Self;

    /// A cost above every cost whose magnitude is at most `magnitude` at every level, or `None` if
    /// sums of eight such costs could leave the range.
    fn above(magnitude: Self) -> Option<Self>;

    /// This cost as a single machine word, or `None` if it is no single number or out of range.
    fn to_word(self) -> Option<i64>;

    /// The cost that [`Cost::to_word`] turned into `word`.
    fn from_word(word: i64) -> Self;
}

/// Implements [`Cost`] for a signed integer.
macro_rules! integer_cost {
    ($integer:ty) => {
        impl Cost for $integer {
            const ZERO: Self = 0;
            type Total = i128;
            const NOTHING: i128 = 0;

            fn charge(self, units: i64, total: i128) -> Option<i128> {
                i128::from(self).checked_mul(i128::from(units))?.checked_add(total)
            }

            fn wider(self, other: Self) -> Option<Self> {
                Some(self.checked_abs()?.max(other.checked_abs()?))
            }

            fn checked_sum(self, other: Self) -> Option<Self> {
                self.checked_add(other)
            }

            #[inline]
            fn wrapping_sum(self, other: Self) -> Self {
                self.wrapping_add(other)
            }

            #[inline]
            fn wrapping_difference(self, other: Self) -> Self {
                self.wrapping_sub(other)
            }

            fn above(magnitude: Self) -> Option<Self> {
                (magnitude < Self::MAX / 8).then_some(magnitude + 1)
            }

            #[inline]
            fn to_word(self) -> Option<i64> {
                i64::try_from(self).ok()
            }

            #[inline]
            fn from_word(word: i64) -> Self {
                Self::try_from(word).expect("a word goes back to the type it came from")
            }
        }
    };
}

integer_cost!(i32);
integer_cost!(i64);
integer_cost!(i128);

/// A tuple of costs, the first of which matters most: compared level by level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lexicographic<const N: usize>(pub [i64; N]);

impl<const N: usize> Add for Lexicographic<N> {
    type Output = Self;

    #[inline]
    fn add(mut self, other: Self) -> Self {
        for (level, add) in self.0.iter_mut().zip(other.0) {
            *level += add;
        }
        self
    }
}

impl<const N: usize> Sub for Lexicographic<N> {
    type Output = Self;

    #[inline]
    fn sub(mut self, other: Self) -> Self {
        for (level, subtract) in self.0.iter_mut().zip(other.0) {
            *level -= subtract;
        }
        self
    }
}

impl<const N: usize> Neg for Lexicographic<N> {
    type Output = Self;

    #[inline]
    fn neg(self) -> Self {
        Self(self.0.map(Neg::neg))
    }
}

impl<const N: usize> Cost for Lexicographic<N> {
    const ZERO: Self = Self([0; N]);
    type Total = [i128; N];
    const NOTHING: [i128; N] = [0; N];

    fn charge(self, units: i64, mut total: [i128; N]) -> Option<[i128; N]> {
        for (level, cost) in total.iter_mut().zip(self.0) {
            *level = cost.charge(units, *level)?;
        }
        Some(total)
    }

    fn wider(mut self, other: Self) -> Option<Self> {
        for (level, cost) in self.0.iter_mut().zip(other.0) {
            *level = level.wider(cost)?;
        }
        Some(self)
    }

    fn checked_sum(mut self, other: Self) -> Option<Self> {
        for (level, add) in self.0.iter_mut().zip(other.0) {
            *level = level.checked_add(add)?;
        }
        Some(self)
    }

    #[inline]
    fn wrapping_sum(mut self, other: Self) -> Self {
        for (level, add) in self.0.iter_mut().zip(other.0) {
            *level = level.wrapping_add(add);
        }
        self
    }

    #[inline]
    fn wrapping_difference(mut self, other: Self) -> Self {
        for (level, subtract) in self.0.iter_mut().zip(other.0) {
            *level = level.wrapping_sub(subtract);
        }
        self
    }

    /// One more at the first level and nothing at the others is enough: the first level decides.
    fn above(magnitude: Self) -> Option<Self> {
        let mut cost = Self::ZERO;
        for (level, magnitude) in magnitude.0.into_iter().enumerate() {
            let beyond = i64::above(magnitude)?;
            if level == 0 {
                cost.0[0] = beyond;
            }
        }
        Some(cost)
    }

    fn to_word(self) -> Option<i64> {
        None
    }

    fn from_word(_: i64) -> Self {
        unreachable!("a tuple is no single word")
    }
}

/// A cost that exceeds the cost of every simple path, for [`Start::artificial`](super::Start), or
/// `None` if the costs of `network` are too large for the type to be computed with.
///
/// A simple path leaves each node at most once, so the largest magnitude at each node, summed over
/// the nodes, bounds it. Tree paths hold one artificial arc at most; a reduced cost then stays
/// within five times this value, and eight times fits.
#[must_use]
pub fn artificial_cost<C: Cost>(network: &Network<C>) -> Option<C> {
    let mut widest = vec![C::ZERO; network.node_count()];
    for arc in 0..network.arc_count() {
        for node in [network.tail(arc), network.head(arc)] {
            widest[node] = widest[node].wider(network.cost(arc))?;
        }
    }
    let sum = widest.into_iter().try_fold(C::ZERO, C::checked_sum)?;
    C::above(sum)
}
