//! What paths are worth: one integer for each level of the objective, compared level by level.
//!
//! A path adds up a few prices and costs, so the largest of each level bound every sum. Where the
//! bounds allow it, a tuple is one integer: level l counts W(l) each, W(l) being the product of
//! 2 B + 1 over the levels below, B a level's bound. Two tuples within their bounds then compare as
//! their integers do, since all the levels below together differ by less than W(l), and integers add
//! up as their tuples. Else it is the tuple itself. Both are exact.

use crate::evidence::Price;
use crate::lawful::Weight;
use model::objective::LEVELS;
use std::ops::{Add, Mul, Sub};

/// How tuples are kept.
pub(crate) trait Scale {
    /// A tuple, ordered level by level.
    type Worth: Weight + Ord + Sub<Output = Self::Worth> + Mul<i128, Output = Self::Worth>;
    /// A tuple on the scale.
    fn of(&self, levels: &[i128; LEVELS]) -> Self::Worth;
    /// The tuple itself.
    fn levels(&self, worth: Self::Worth) -> [i128; LEVELS];
}

/// Every tuple in one integer.
pub(crate) struct Packed {
    /// What one counts at each level.
    weights: [i128; LEVELS],
    /// The largest absolute value of a sum at each level.
    bounds: [i128; LEVELS],
}

/// Every tuple as it is, for prices of any size.
pub(crate) struct Wide;

/// A tuple as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Levels(pub(crate) [i128; LEVELS]);

impl Levels {
    pub(crate) const NOTHING: Self = Self([0; LEVELS]);

    pub(crate) fn of(price: &Price) -> Self {
        Self(price.map(i128::from))
    }
}

impl Packed {
    /// For sums that stay within the bounds in absolute value, level by level; none if they do not fit.
    pub(crate) fn within(bounds: [i128; LEVELS]) -> Option<Self> {
        let mut weights = [1; LEVELS];
        let mut range = 1_i128;
        for level in (0..LEVELS).rev() {
            weights[level] = range;
            range = range.checked_mul(bounds[level].checked_mul(2)?.checked_add(1)?)?;
        }
        Some(Self { weights, bounds })
    }
}

impl Scale for Packed {
    type Worth = i128;

    fn of(&self, levels: &[i128; LEVELS]) -> i128 {
        levels.iter().zip(&self.weights).map(|(amount, weight)| amount * weight).sum()
    }

    fn levels(&self, worth: i128) -> [i128; LEVELS] {
        let mut levels = [0; LEVELS];
        let mut left = worth;
        for level in (0..LEVELS).rev() {
            let bound = self.bounds[level];
            levels[level] = (left + bound).rem_euclid(2 * bound + 1) - bound;
            left = (left - levels[level]) / (2 * bound + 1);
        }
        levels
    }
}

impl Scale for Wide {
    type Worth = Levels;

    fn of(&self, levels: &[i128; LEVELS]) -> Levels {
        Levels(*levels)
    }

    fn levels(&self, worth: Levels) -> [i128; LEVELS] {
        worth.0
    }
}

impl Add for Levels {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(std::array::from_fn(|level| self.0[level] + other.0[level]))
    }
}

impl Sub for Levels {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(std::array::from_fn(|level| self.0[level] - other.0[level]))
    }
}

impl Mul<i128> for Levels {
    type Output = Self;
    fn mul(self, times: i128) -> Self {
        Self(self.0.map(|amount| amount * times))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: [i128; LEVELS] = [1, 0, 2, 0, 1, 1, 3, 1, 2];

    /// All tuples within the bounds, in their order.
    fn all() -> Vec<[i128; LEVELS]> {
        let mut tuples = vec![[0; LEVELS]];
        for (level, bound) in BOUNDS.into_iter().enumerate() {
            let longer = tuples.into_iter().flat_map(|tuple| {
                (-bound..=bound).map(move |amount| {
                    let mut tuple = tuple;
                    tuple[level] = amount;
                    tuple
                })
            });
            tuples = longer.collect();
        }
        tuples
    }

    #[test]
    fn packed_tuples_within_their_bounds_compare_as_the_tuples_do() {
        let scale = Packed::within(BOUNDS).expect("small bounds fit");
        let packed: Vec<i128> = all().iter().map(|tuple| scale.of(tuple)).collect();
        assert!(packed.is_sorted_by(|one, other| one < other));
    }

    #[test]
    fn a_packed_tuple_tells_its_levels() {
        let scale = Packed::within(BOUNDS).expect("small bounds fit");
        for tuple in all() {
            assert_eq!(scale.levels(scale.of(&tuple)), tuple);
        }
    }

    #[test]
    fn tuples_that_could_overflow_are_not_packed() {
        assert!(Packed::within([i64::MAX.into(); LEVELS]).is_none());
        assert!(Packed::within([i128::MAX, 0, 0, 0, 0, 0, 0, 0, 0]).is_none());
        // 9 times 15 bits do not fit into 127, 9 times 14 do.
        assert!(Packed::within([1 << 14; LEVELS]).is_none());
        assert!(Packed::within([(1 << 13) - 1; LEVELS]).is_some());
    }
}
