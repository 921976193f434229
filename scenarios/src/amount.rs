//! Texts of scenario files and what they mean: per cents, growth, days.
//!
//! Nothing is guessed, rounded or clamped; see [`model::value`].

use model::diagnostic::Code;
use model::limits;
use model::number::{Money, Quantity};
use model::value::{self, Fault};

/// A number of per cent in units of 10^-4, so that `12.5%` is exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Percent(u64);

/// By how much installs grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Growth {
    /// By a share of what is there.
    More(Percent),
    /// By a share of what is there, downward.
    Fewer(Percent),
    /// By so many.
    Add(Quantity),
    /// By so many, downward.
    Remove(Quantity),
}

impl Percent {
    /// In 10^-4.
    pub(crate) const fn units(self) -> u64 {
        self.0
    }

    /// The share of a price, rounded up to the next 10^-4.
    pub(crate) fn of_price(self, price: Money) -> Money {
        const WHOLE: i128 = 100 * Money::SCALE as i128;
        let share = i128::from(price.units()) * i128::from(self.0);
        Money::from_units(i64::try_from((share + WHOLE - 1) / WHOLE).unwrap_or(i64::MAX))
    }

    /// The share of a quantity, rounded up: a person more needs a whole license.
    pub(crate) fn of(self, quantity: Quantity) -> Quantity {
        const WHOLE: u128 = 100 * Money::SCALE.unsigned_abs() as u128;
        let share = (u128::from(quantity.get()) * u128::from(self.0)).div_ceil(WHOLE);
        Quantity::new(u64::try_from(share).unwrap_or(u64::MAX))
    }
}

impl Growth {
    /// A number for the kind of growth, and how much in the unit of that kind.
    pub(crate) const fn parts(self) -> (u64, u64) {
        match self {
            Self::More(percent) => (0, percent.units()),
            Self::Fewer(percent) => (1, percent.units()),
            Self::Add(quantity) => (2, quantity.get()),
            Self::Remove(quantity) => (3, quantity.get()),
        }
    }
}

/// A fault with a help.
fn fault(code: Code, expected: impl Into<String>, help: Option<String>) -> Fault {
    Fault { code, expected: expected.into(), help }
}

/// Digits with at most four decimals before `%`, at most so many.
fn percent(text: &str, largest: u64) -> Result<Percent, Fault> {
    let expected = || "per cent such as `10%`".to_owned();
    let Some(number) = text.strip_suffix('%').map(str::trim_end) else {
        let help = Money::parse(text).is_ok().then(|| format!("write `{text}%`"));
        return Err(fault(Code::NumberForm, expected(), help));
    };
    let amount = value::money(number).map_err(|error| match error.code {
        Code::Minor => fault(Code::Minor, "per cent with at most 4 decimals", None),
        Code::Range => fault(Code::Range, format!("at most {largest}%"), None),
        code => fault(code, expected(), None),
    })?;
    let percent = amount.units().unsigned_abs();
    let limit = largest * Money::SCALE.unsigned_abs();
    if percent > limit { Err(fault(Code::Range, format!("at most {largest}%"), None)) } else { Ok(Percent(percent)) }
}

/// A share of at most all.
pub(crate) fn share(text: &str) -> Result<Percent, Fault> {
    percent(text, 100)
}

/// What a unit costs later, as per cent of what it costs now.
pub(crate) fn rate(text: &str) -> Result<Percent, Fault> {
    percent(text, limits::GROWTH_PERCENT_MAX)
}

/// `10%`, `-10%`, `50` or `-20`.
pub(crate) fn growth(text: &str) -> Result<Growth, Fault> {
    let (is_decrease, number) = match text.strip_prefix(['-', '−']) {
        Some(number) => (true, number),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if number.ends_with('%') {
        let largest = if is_decrease { 100 } else { limits::GROWTH_PERCENT_MAX };
        let percent = percent(number, largest)?;
        return Ok(if is_decrease { Growth::Fewer(percent) } else { Growth::More(percent) });
    }
    let quantity = value::quantity(number).map_err(|error| match error.code {
        Code::Negative | Code::NumberForm => {
            fault(Code::NumberForm, "a number such as `50` or per cent such as `10%`", error.help)
        }
        _ => error,
    })?;
    Ok(if is_decrease { Growth::Remove(quantity) } else { Growth::Add(quantity) })
}

/// Days as `90d`.
pub(crate) fn days(text: &str) -> Result<u32, Fault> {
    let expected = "days such as `90d`";
    let help = |days: &str| Some(format!("write `{days}d`"));
    let Some(number) = text.strip_suffix('d') else {
        let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
        let unit = text[digits.len()..].trim();
        let is_days = matches!(unit, "" | "D" | "day" | "days");
        return Err(fault(Code::NumberForm, expected, help(&digits).filter(|_| is_days && !digits.is_empty())));
    };
    let days = value::whole_number(number, limits::UNUSED_DAYS_MAX).map_err(|error| match error.code {
        Code::Range => fault(Code::Range, format!("at most `{}d`", limits::UNUSED_DAYS_MAX), None),
        code => fault(code, expected, None),
    })?;
    Ok(u32::try_from(days).expect("the limit is below 2^32"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_up_and_exact() {
        let of = |text: &str, quantity| share(text).expect("a share").of(Quantity::new(quantity)).get();
        assert_eq!([of("10%", 11), of("50%", 3), of("0%", 9), of("100%", 7), of("12.5%", 8)], [2, 2, 0, 7, 1]);
        assert_eq!(of("33.3333%", 30_000), 10_000);
    }

    #[test]
    fn growth_is_a_number_or_per_cent_in_either_direction() {
        assert_eq!(growth("50"), Ok(Growth::Add(Quantity::new(50))));
        assert_eq!(growth("+50"), Ok(Growth::Add(Quantity::new(50))));
        assert_eq!(growth("-20"), Ok(Growth::Remove(Quantity::new(20))));
        assert_eq!(growth("10%"), Ok(Growth::More(Percent(100_000))));
        assert_eq!(growth("-2.5%"), Ok(Growth::Fewer(Percent(25_000))));
    }

    #[test]
    fn other_amounts_are_told_apart() {
        let code = |text: &str| growth(text).expect_err(text).code;
        assert_eq!(
            [code("ten"), code("1.5"), code("1e3"), code("--3")],
            [Code::NumberForm, Code::Fraction, Code::NumberForm, Code::NumberForm]
        );
        assert_eq!(
            [code("-101%"), code("10001%"), code("1.00001%"), code("x%")],
            [Code::Range, Code::Range, Code::Minor, Code::NumberForm]
        );
        assert_eq!(share("50").expect_err("no per cent").help.as_deref(), Some("write `50%`"));
        assert_eq!(days("90 days").expect_err("a word").help.as_deref(), Some("write `90d`"));
        assert_eq!([days("3 weeks").expect_err("weeks").help, days("d").expect_err("none").help], [None, None]);
        assert_eq!(days("90d"), Ok(90));
    }
}
