//! Floats that leave the crate: integers in fixed units, worth no more than a guess.

use std::fmt;

/// A value that an engine stated, in units of one part in [`Hint::ONE`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hint(i128);

/// Denominators that duals and vertices mostly have.
const PARTS: i64 = 5_040;
/// Halvings beyond that.
const HALVINGS: u32 = 20;
/// How near a value must be to a multiple of one part in 5,040 to be taken for it, in such parts.
const NEAR: f64 = 1e-2;

impl Hint {
    /// One whole.
    pub const ONE: i128 = (PARTS as i128) << HALVINGS;

    /// The hint of a float; none if it is no number or beyond 2^53.
    #[allow(clippy::float_arithmetic, clippy::cast_possible_truncation, clippy::cast_precision_loss)]
    pub(crate) fn of(value: f64) -> Option<Self> {
        if !value.is_finite() || value.abs() > crate::program::MAGNITUDE_MAX as f64 {
            return None;
        }
        let parts = value * PARTS as f64;
        let nearest = parts.round();
        if (parts - nearest).abs() < NEAR {
            return Some(Self((nearest as i128) << HALVINGS));
        }
        Some(Self((parts * f64::from(1_u32 << HALVINGS)).round() as i128))
    }

    /// The hint of a whole number.
    #[must_use]
    pub fn whole(value: i64) -> Self {
        Self(Self::ONE * i128::from(value))
    }

    /// In parts of [`Hint::ONE`].
    #[must_use]
    pub const fn parts(self) -> i128 {
        self.0
    }

    /// The nearest integer; a half goes up.
    #[must_use]
    pub fn nearest(self) -> i64 {
        i64::try_from((self.0 + Self::ONE / 2).div_euclid(Self::ONE)).expect("hints are below 2^53")
    }

    /// The largest integer that is not above.
    #[must_use]
    pub fn floor(self) -> i64 {
        i64::try_from(self.0.div_euclid(Self::ONE)).expect("hints are below 2^53")
    }

    /// Whether it stands for an integer.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        self.0.rem_euclid(Self::ONE) == 0
    }
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_whole() { write!(f, "{}", self.floor()) } else { write!(f, "{}/{}", self.0, Self::ONE) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(value: f64) -> Hint {
        Hint::of(value).expect("it is a number")
    }

    #[test]
    #[allow(clippy::float_arithmetic)]
    fn noise_is_taken_off() {
        let third = hint(1.0 / 3.0 + 1e-9);
        assert_eq!(third.parts() * 3, Hint::ONE);
        assert_eq!((third.nearest(), third.floor(), third.is_whole()), (0, 0, false));
        let three = hint(-3.000_000_001);
        assert_eq!((three.nearest(), three.is_whole()), (-3, true));
        assert_eq!(hint(0.5).nearest(), 1);
    }

    #[test]
    fn what_is_no_number_is_no_hint() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300] {
            assert_eq!(Hint::of(value), None);
        }
    }
}
