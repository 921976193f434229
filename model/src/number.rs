//! Exact numbers: units of licenses and installs, and money in fixed point.

use crate::limits;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub, SubAssign};

/// Units of licenses, installs or demand; never negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(u64);

impl Quantity {
    /// No unit.
    pub const ZERO: Self = Self(0);
    /// One unit.
    pub const ONE: Self = Self(1);

    /// So many units.
    #[must_use]
    pub const fn new(units: u64) -> Self {
        Self(units)
    }

    /// The number of units.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The number of units, signed for sums and differences.
    #[must_use]
    pub fn signed(self) -> i64 {
        i64::try_from(self.0).expect("quantities stay below limits::QUANTITY_TOTAL_MAX")
    }

    /// Whether there is no unit.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// What is left after taking `other`, or zero where `other` is more.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Add for Quantity {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.checked_add(other.0).expect("sums of quantities stay in range"))
    }
}

impl Sub for Quantity {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.checked_sub(other.0).expect("a quantity is never negative"))
    }
}

impl AddAssign for Quantity {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Quantity {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Sum for Quantity {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Money of one row in units of 10^-4 of the currency; never negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(i64);

/// Why a text is no amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoneyError {
    /// Not decimal digits with an optional point and decimals.
    Form,
    /// More than four decimals.
    Decimals,
    /// Above [`limits::MONEY_MAX`].
    Range,
}

impl Money {
    /// Units of [`Money`] in one unit of the currency.
    pub const SCALE: i64 = 10_i64.pow(limits::MONEY_DECIMALS);
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// So many units of 10^-4.
    #[must_use]
    pub const fn from_units(units: i64) -> Self {
        Self(units)
    }

    /// The amount in units of 10^-4.
    #[must_use]
    pub const fn units(self) -> i64 {
        self.0
    }

    /// Reads decimal text such as `5`, `5.00` or `0.0125`.
    ///
    /// # Errors
    /// What is wrong with the text; it is never rounded.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(decimals) {
            return Err(MoneyError::Form);
        }
        let significant = decimals.trim_end_matches('0');
        if significant.len() > limits::MONEY_DECIMALS as usize {
            return Err(MoneyError::Decimals);
        }
        let whole: i64 = whole.parse().map_err(|_| MoneyError::Range)?;
        if whole > limits::MONEY_MAX {
            return Err(MoneyError::Range);
        }
        let fraction: i64 = format!("{significant:0<4}").parse().map_err(|_| MoneyError::Form)?;
        let units = whole * Self::SCALE + fraction;
        if units > limits::MONEY_MAX * Self::SCALE {
            return Err(MoneyError::Range);
        }
        Ok(Self(units))
    }
}

/// Writes `units` of 10^-4 as decimal text with at least `minor_digits` decimals, at most 4, and no
/// other trailing zeros.
#[must_use]
pub fn money_text(units: i128, minor_digits: usize) -> String {
    let scale = i128::from(Money::SCALE).unsigned_abs();
    let sign = if units < 0 { "-" } else { "" };
    let (whole, fraction) = (units.unsigned_abs() / scale, units.unsigned_abs() % scale);
    let mut decimals = format!("{fraction:04}");
    while decimals.len() > minor_digits && decimals.ends_with('0') {
        decimals.pop();
    }
    if decimals.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{decimals}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_read_exactly() {
        assert_eq!(Money::parse("5.00"), Ok(Money::from_units(50_000)));
        assert_eq!(Money::parse("0.0125"), Ok(Money::from_units(125)));
        assert_eq!(Money::parse("7"), Ok(Money::from_units(70_000)));
        assert_eq!(Money::parse("1.50000"), Ok(Money::from_units(15_000)));
    }

    #[test]
    fn money_refuses_what_is_not_plain_decimal_text() {
        for text in ["", ".", "1.", ".5", "-1", "1e3", "NaN", ".inf", "1,5", "1 000", "0x10"] {
            assert_eq!(Money::parse(text), Err(MoneyError::Form), "{text}");
        }
        assert_eq!(Money::parse("0.00001"), Err(MoneyError::Decimals));
        assert_eq!(Money::parse("1000000000001"), Err(MoneyError::Range));
        assert_eq!(Money::parse("1000000000000.0001"), Err(MoneyError::Range));
    }

    #[test]
    fn money_is_written_with_the_minor_digits_of_its_currency() {
        assert_eq!(money_text(50_000, 2), "5.00");
        assert_eq!(money_text(125, 2), "0.0125");
        assert_eq!(money_text(0, 0), "0");
        assert_eq!(money_text(-15_000, 0), "-1.5");
    }
}
