//! Civil dates: `2026-11-22` and nothing else.

use super::{Fault, is_digits};
use crate::diagnostic::Code;
use crate::limits;
use jiff::civil::Date;

const EXPECTED: &str = "a date such as `2026-11-22`";

/// A date written as year, month and day with hyphens, from [`limits::YEAR_MIN`] to [`limits::YEAR_MAX`].
///
/// # Errors
/// Any other text.
pub fn date(text: &str) -> Result<Date, Fault> {
    let bytes = text.as_bytes();
    if bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-' {
        let number = |from: usize, to: usize| text.get(from..to).filter(|digits| is_digits(digits))?.parse().ok();
        if let (Some(year), Some(month), Some(day)) = (number(0, 4), number(5, 7), number(8, 10)) {
            return civil(year, month, day);
        }
    }
    Err(not_a_date(text))
}

/// The day a position is for: a [`date`] up to [`limits::AS_OF_YEAR_MAX`].
///
/// # Errors
/// Any other text.
pub fn as_of(text: &str) -> Result<Date, Fault> {
    let day = date(text)?;
    if day.year() > limits::AS_OF_YEAR_MAX {
        return Err(Fault::new(Code::Date, format!("a year from {} to {}", limits::YEAR_MIN, limits::AS_OF_YEAR_MAX)));
    }
    Ok(day)
}

/// The date of three numbers, if the calendar has it.
fn civil(year: i16, month: i16, day: i16) -> Result<Date, Fault> {
    let fault = || Fault::new(Code::Date, "a date of the calendar");
    if !(limits::YEAR_MIN..=limits::YEAR_MAX).contains(&year) {
        let years = format!("a year from {} to {}", limits::YEAR_MIN, limits::YEAR_MAX);
        return Err(Fault::new(Code::Date, years));
    }
    let month = i8::try_from(month).ok().filter(|month| (1..=12).contains(month));
    let Some(first) = month.and_then(|month| Date::new(year, month, 1).ok()) else {
        return Err(fault().with_help("months go from 01 to 12"));
    };
    let last_day = first.days_in_month();
    match i8::try_from(day) {
        Ok(day) if (1..=last_day).contains(&day) => Date::new(year, first.month(), day).map_err(|_| fault()),
        _ => Err(fault().with_help(format!("this month has {last_day} days"))),
    }
}

/// Why a text is not a date although it may look like one.
fn not_a_date(text: &str) -> Fault {
    let day = text.split(['T', 't', ' ']).next().unwrap_or_default();
    if day.len() < text.len() && date(day).is_ok() {
        return Fault::new(Code::DateZone, "a civil date without time and time zone")
            .with_help(format!("write `{day}`"));
    }
    if let Some(day) = text.strip_suffix(['Z', 'z'])
        && date(day).is_ok()
    {
        return Fault::new(Code::DateZone, "a civil date without a time zone").with_help(format!("write `{day}`"));
    }
    if text.len() == 8 && is_digits(text) {
        return rewritten(&[(&text[..4], &text[4..6], &text[6..])]);
    }
    let parts: Vec<&str> = text.split(['.', '/', '-']).map(str::trim).collect();
    let [first, second, third] = parts.as_slice() else {
        return Fault::new(Code::Date, EXPECTED);
    };
    if ![first, second, third].into_iter().all(|part| is_digits(part)) {
        return Fault::new(Code::Date, EXPECTED);
    }
    if first.len() == 4 {
        return rewritten(&[(first, second, third)]);
    }
    // With points the day comes first wherever dates are written so.
    let fault = if text.contains('.') {
        rewritten(&[(third, second, first)])
    } else {
        rewritten(&[(third, second, first), (third, first, second)])
    };
    if third.len() == 4 { fault } else { Fault::new(Code::Date, EXPECTED) }
}

/// The fault of a date written in another order, with what it may stand for as (year, month, day).
fn rewritten(candidates: &[(&str, &str, &str)]) -> Fault {
    let mut likely: Vec<Date> = Vec::new();
    for (year, month, day) in candidates {
        if let (Ok(year), Ok(month), Ok(day)) = (year.parse(), month.parse(), day.parse())
            && let Ok(date) = civil(year, month, day)
            && !likely.contains(&date)
        {
            likely.push(date);
        }
    }
    match likely.as_slice() {
        [] => {
            let first = candidates.first().and_then(|(year, month, day)| {
                civil(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).err()?.help
            });
            Fault { help: first, ..Fault::new(Code::Date, "a date of the calendar, such as `2026-11-22`") }
        }
        [only] => Fault::new(Code::Date, EXPECTED).with_help(format!("write `{only}`")),
        [one, other, ..] => Fault::new(Code::DateAmbiguous, EXPECTED).with_help(format!("write `{one}` or `{other}`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil;

    fn check(text: &str, code: Code, help: Option<&str>) {
        let fault = date(text).expect_err(text);
        assert_eq!((fault.code, fault.help.as_deref()), (code, help), "{text}");
    }

    #[test]
    fn iso_dates_are_read() {
        assert_eq!(date("2026-11-22"), Ok(civil::date(2026, 11, 22)));
        assert_eq!(date("2024-02-29"), Ok(civil::date(2024, 2, 29)));
    }

    #[test]
    fn days_that_no_calendar_has_are_refused() {
        check("2026-02-29", Code::Date, Some("this month has 28 days"));
        check("2026-13-01", Code::Date, Some("months go from 01 to 12"));
        check("2026-00-01", Code::Date, Some("months go from 01 to 12"));
        check("2026-01-00", Code::Date, Some("this month has 31 days"));
        check("31.11.2026", Code::Date, Some("this month has 30 days"));
        check("0001-01-01", Code::Date, None);
    }

    #[test]
    fn other_orders_are_refused_with_their_likely_meaning() {
        check("30.11.2026", Code::Date, Some("write `2026-11-30`"));
        check("2026/3/4", Code::Date, Some("write `2026-03-04`"));
        check("20260304", Code::Date, Some("write `2026-03-04`"));
        check("13/04/2026", Code::Date, Some("write `2026-04-13`"));
        check("04/04/2026", Code::Date, Some("write `2026-04-04`"));
        check("03/04/2026", Code::DateAmbiguous, Some("write `2026-04-03` or `2026-03-04`"));
        check("3-4-26", Code::Date, None);
        check("yesterday", Code::Date, None);
        check("", Code::Date, None);
        check("２０２６-01-01", Code::Date, None);
    }

    #[test]
    fn times_and_time_zones_are_refused() {
        check("2026-03-01T00:00+02:00", Code::DateZone, Some("write `2026-03-01`"));
        check("2026-03-01 00:00:00", Code::DateZone, Some("write `2026-03-01`"));
        check("2026-03-01Z", Code::DateZone, Some("write `2026-03-01`"));
    }
}
