//! The days on which things were bought, used and ended.

use crate::generate::SplitMix64;
use jiff::ToSpan;
use jiff::civil::{Date, date};

/// The day every estate is for.
pub(super) const AS_OF: Date = date(2026, 11, 22);

/// The first day of a year.
pub(super) const fn new_year(year: i16) -> Date {
    date(year, 1, 1)
}

/// So many days later, or earlier if negative.
pub(super) fn days_after(day: Date, days: i64) -> Date {
    day.checked_add(days.days()).expect("all days lie within a century")
}

/// A day from `first` to `last`, both included; `first` if it comes later.
pub(super) fn between(random: &mut SplitMix64, first: Date, last: Date) -> Date {
    let days = first.until(last).expect("all days lie within a century").get_days();
    let days = usize::try_from(days).unwrap_or_default();
    let after = i64::try_from(random.below(days + 1)).expect("a century has few days");
    days_after(first, after)
}
