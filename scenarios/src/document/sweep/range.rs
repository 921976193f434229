//! Ranges of numbers: `{from: 0, to: 500, step: 10}` stands for 0, 10, 20 and so on to 500.
//!
//! Numbers have a sign, at most four decimals and perhaps `%`, the same in all of them. They are counted in units of
//! 10^-4, so that each value is exact; it is written with as many decimals as the range is.

use model::diagnostic::{Code, Diagnostic};
use model::fields::Fields;
use model::findings::Findings;
use model::limits;
use model::number::Money;
use model::value::{self, Fault};
use model::yaml::Node;

pub(crate) const KEYS: [&str; 3] = ["from", "to", "step"];
/// Decimals of a unit of 10^-4.
const DECIMALS: usize = 4;

/// A number as it is written.
#[derive(Clone, Copy)]
struct Number {
    /// In 10^-4.
    units: i64,
    decimals: usize,
    is_percent: bool,
}

/// The values of a range, ascending; none if it is refused.
pub(super) fn read(node: &Node<'_>, findings: &mut Findings) -> Vec<String> {
    let Some(fields) = Fields::open(node, "a range", &KEYS, findings) else { return Vec::new() };
    let mut number = |key: &str| fields.required(key, findings).read(key, findings, number);
    let (from, to, step) = (number("from"), number("to"), number("step"));
    let (Some(from), Some(to), Some(step)) = (from, to, step) else { return Vec::new() };
    let mut refuse = |key: &str, code: Code, message: &str, help: &str| {
        let place = fields.node(key).map_or(fields.place, |(_, node)| node.place);
        findings.push(Diagnostic::new(code, place, message).with_help(help));
        Vec::new()
    };
    if [to, step].iter().any(|number| number.is_percent != from.is_percent) {
        let message = "a range has numbers and per cents; expected one of the two";
        return refuse("from", Code::NumberForm, message, "write `%` behind `from`, `to` and `step`, or behind none");
    }
    if step.units <= 0 {
        return refuse("step", Code::Range, "`step` is not above 0", "ranges ascend; exchange `from` and `to`");
    }
    if to.units < from.units {
        return refuse("to", Code::Reversed, "`to` is below `from`", "ranges ascend; exchange `from` and `to`");
    }
    if (to.units - from.units) % step.units != 0 {
        let message = "`to` is no whole number of steps above `from`";
        return refuse("to", Code::Range, message, "a range ends with `to`; choose another `step` or `to`");
    }
    let count = usize::try_from((to.units - from.units) / step.units).map_or(usize::MAX, |steps| steps + 1);
    if count > limits::SCENARIOS_MAX {
        let message = format!("the range has more than {} values", limits::SCENARIOS_MAX);
        return refuse("step", Code::Size, &message, "choose a larger `step`");
    }
    let decimals = from.decimals.max(step.decimals);
    let step = usize::try_from(step.units).expect("a number that is above 0 fits");
    (from.units..=to.units).step_by(step).map(|units| text(Number { units, decimals, ..from })).collect()
}

/// `-2.50%`.
fn text(Number { units, decimals, is_percent }: Number) -> String {
    let sign = if units < 0 { "-" } else { "" };
    let (whole, part) = (units.unsigned_abs() / 10_000, units.unsigned_abs() % 10_000);
    let percent = if is_percent { "%" } else { "" };
    let part = &format!("{part:04}")[..decimals];
    let point = if part.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{part}{percent}")
}

fn number(text: &str) -> Result<Number, Fault> {
    let fault = |code, expected: &str| Fault { code, expected: expected.to_owned(), help: None };
    let (is_negative, unsigned) = match text.strip_prefix(['-', '−']) {
        Some(unsigned) => (true, unsigned),
        None => (false, text),
    };
    let (digits, is_percent) = unsigned.strip_suffix('%').map_or((unsigned, false), |digits| (digits, true));
    let amount: Money = value::money(digits).map_err(|found| match found.code {
        Code::Minor => fault(Code::Minor, "a number with at most 4 decimals"),
        Code::Range => fault(Code::Range, "a smaller number"),
        _ => fault(Code::NumberForm, "a number such as `10`, `-2.5` or `10%`"),
    })?;
    let units = if is_negative { -amount.units() } else { amount.units() };
    let decimals = digits.split_once('.').map_or(0, |(_, part)| part.len().min(DECIMALS));
    Ok(Number { units, decimals, is_percent })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_they_were_read() {
        let again = |written: &str| number(written).map(text).map_err(|fault| fault.code);
        for written in ["0", "-20", "12.50", "-0.5%", "100%", "380.0000"] {
            assert_eq!(again(written).as_deref(), Ok(written));
        }
        assert_eq!([again("1e3"), again("--1")], [Err(Code::NumberForm), Err(Code::NumberForm)]);
        assert_eq!(again("1.00001"), Err(Code::Minor));
    }
}
