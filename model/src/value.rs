//! From the text of one value to what it means, or to what is wrong with it.
//!
//! Nothing is guessed, rounded or clamped. A refused text says what was expected and, where it can be
//! told, what was probably meant.

use crate::diagnostic::{Code, Diagnostic, Place, alternatives, quoted};
use crate::limits;
use crate::number::{Money, MoneyError, Quantity};

mod date;

pub use date::{as_of, date};

/// Why a text is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What kind of fault.
    pub code: Code,
    /// What was expected, to follow the word "expected".
    pub expected: String,
    /// What was probably meant.
    pub help: Option<String>,
}

impl Fault {
    fn new(code: Code, expected: impl Into<String>) -> Self {
        Self { code, expected: expected.into(), help: None }
    }

    fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// What is wrong with `text` as the value of `key`.
    #[must_use]
    pub fn message(&self, key: &str, text: &str) -> String {
        let found = if text.is_empty() { "empty".to_owned() } else { quoted(text) };
        format!("`{key}` is {found}; expected {}", self.expected)
    }

    /// The finding for `text` as the value of `key`.
    #[must_use]
    pub fn at(self, place: Place, key: &str, text: &str) -> Diagnostic {
        Diagnostic::new(self.code, place, self.message(key, text)).with_help_if(self.help)
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A whole number from 0 to [`limits::QUANTITY_MAX`].
///
/// # Errors
/// Any other text.
pub fn quantity(text: &str) -> Result<Quantity, Fault> {
    whole_number(text, limits::QUANTITY_MAX).map(Quantity::new).map_err(|fault| match fault.code {
        Code::Range => fault.with_help("look for a mistyped number or another unit"),
        _ => fault,
    })
}

/// A whole number from 0 to `largest`, in digits.
///
/// # Errors
/// Any other text.
pub fn whole_number(text: &str, largest: u64) -> Result<u64, Fault> {
    if !is_digits(text) {
        return Err(not_digits(text, largest));
    }
    let number = text.parse().ok().filter(|&number| number <= largest);
    number.ok_or_else(|| Fault::new(Code::Range, format!("at most {largest}")))
}

/// Why a text is no whole number although it may look like one.
fn not_digits(text: &str, largest: u64) -> Fault {
    const EXPECTED: &str = "a whole number in digits";
    if let Some(digits) = text.strip_prefix(['-', '−']) {
        let is_negative = Money::parse(digits).is_ok_and(|amount| amount != Money::ZERO);
        return if is_negative {
            Fault::new(Code::Negative, format!("a whole number from 0 to {largest}"))
        } else {
            Fault::new(Code::NumberForm, EXPECTED)
        };
    }
    if let Some((whole, decimals)) = text.split_once(['.', ','])
        && is_digits(whole)
        && is_digits(decimals)
        && !is_grouped(text, '.')
        && !is_grouped(text, ',')
    {
        let whole = trimmed_zeros(whole);
        return if text.contains(',') {
            Fault::new(Code::NumberForm, EXPECTED).with_help("this looks like a decimal comma; units are not divided")
        } else if decimals.bytes().all(|digit| digit == b'0') {
            Fault::new(Code::Fraction, "a whole number").with_help(format!("write `{whole}`"))
        } else {
            Fault::new(Code::Fraction, "a whole number")
                .with_help(format!("units are not divided; write `{whole}` or the next number"))
        };
    }
    let fault = Fault::new(Code::NumberForm, EXPECTED);
    match likely_whole_numbers(text).as_slice() {
        [] => fault,
        likely => {
            let likely: Vec<&str> = likely.iter().map(String::as_str).collect();
            fault.with_help(format!("write {} if that is meant", alternatives(&likely)))
        }
    }
}

fn trimmed_zeros(digits: &str) -> &str {
    let trimmed = digits.trim_start_matches('0');
    if trimmed.is_empty() { "0" } else { trimmed }
}

/// What a text in another notation probably stands for.
fn likely_whole_numbers(text: &str) -> Vec<String> {
    let radix = |prefix: &str, radix| {
        let digits = text.strip_prefix(prefix)?;
        u64::from_str_radix(digits, radix).ok().map(|number| number.to_string())
    };
    if let Some(number) = radix("0x", 16).or_else(|| radix("0o", 8)).or_else(|| radix("0b", 2)) {
        return vec![number];
    }
    if let Some((digits, exponent)) = text.split_once(['e', 'E'])
        && let (true, Ok(exponent)) = (is_digits(digits), exponent.trim_start_matches('+').parse::<usize>())
        && digits.len() + exponent <= 18
    {
        return vec![format!("{}{}", trimmed_zeros(digits), "0".repeat(exponent))];
    }
    if is_grouped(text, '.') || is_grouped(text, ',') {
        let without: String = text.chars().filter(char::is_ascii_digit).collect();
        let whole = text.split(['.', ',']).next().unwrap_or_default();
        return vec![without, whole.to_owned()];
    }
    let without: String = text
        .chars()
        .filter(|&character| !character.is_whitespace() && !matches!(character, '_' | '\'' | '’'))
        .collect();
    let without = without.strip_prefix('+').unwrap_or(&without);
    if is_digits(without) { vec![trimmed_zeros(without).to_owned()] } else { Vec::new() }
}

/// Whether a text is digits in groups of three, such as `1.000`.
fn is_grouped(text: &str, separator: char) -> bool {
    let mut groups = text.split(separator);
    let first = groups.next().unwrap_or_default();
    let mut others = groups.peekable();
    others.peek().is_some()
        && (1..=3).contains(&first.len())
        && is_digits(first)
        && others.all(|group| group.len() == 3 && is_digits(group))
}

/// An amount of money: digits with an optional point and at most four decimals.
///
/// # Errors
/// Any other text.
pub fn money(text: &str) -> Result<Money, Fault> {
    const EXPECTED: &str = "an amount such as `12.50`";
    Money::parse(text).map_err(|error| match error {
        MoneyError::Decimals => Fault::new(Code::Minor, format!("at most {} decimals", limits::MONEY_DECIMALS))
            .with_help("amounts are not rounded"),
        MoneyError::Range => Fault::new(Code::Range, format!("at most {}", limits::MONEY_MAX)),
        MoneyError::Form => match text.strip_prefix(['-', '−']).map(Money::parse) {
            Some(Ok(amount)) if amount != Money::ZERO => Fault::new(Code::Negative, "an amount of at least 0"),
            _ => {
                let likely = text.replace(',', ".");
                let fault = Fault::new(Code::NumberForm, EXPECTED);
                if Money::parse(&likely).is_ok() {
                    fault.with_help(format!("write `{likely}` if the comma stands for the decimal point"))
                } else {
                    fault
                }
            }
        },
    })
}

/// `true` or `false`.
///
/// # Errors
/// Any other text.
pub fn boolean(text: &str) -> Result<bool, Fault> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => {
            let fault = Fault::new(Code::Bool, "`true` or `false`");
            match text.to_lowercase().as_str() {
                "true" | "yes" | "y" | "on" | "1" => Err(fault.with_help("write `true` if that is meant")),
                "false" | "no" | "n" | "off" | "0" => Err(fault.with_help("write `false` if that is meant")),
                _ => Err(fault),
            }
        }
    }
}

/// One of a few words.
///
/// # Errors
/// Any other text.
pub fn choice<T: Copy>(text: &str, choices: &[(&str, T)]) -> Result<T, Fault> {
    let found = choices.iter().find(|(word, _)| *word == text);
    found.map(|&(_, choice)| choice).ok_or_else(|| {
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        Fault {
            help: crate::suggest::did_you_mean(text, words.iter().copied()),
            ..Fault::new(Code::Choice, alternatives(&words))
        }
    })
}

/// Text on one line, without spaces at its ends.
///
/// # Errors
/// Nothing, or text between spaces; hidden characters were refused before.
pub fn text(text: &str) -> Result<&str, Fault> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        Err(Fault::new(Code::Type, "some text"))
    } else if trimmed.len() == text.len() {
        Ok(text)
    } else {
        Err(Fault::new(Code::Space, "no space at the beginning or the end")
            .with_help(format!("write {}", quoted(trimmed))))
    }
}

/// The id of a title, which a version reference must be able to name.
///
/// # Errors
/// Text with `@`, and what [`text`] refuses.
pub fn title_id(id: &str) -> Result<&str, Fault> {
    if id.contains('@') { Err(Fault::new(Code::Id, "a title id without `@`")) } else { text(id) }
}

/// The name of a version, which a version reference must be able to name.
///
/// # Errors
/// Text with `@`, `*` or `..`, and what [`text`] refuses.
pub fn version_name(name: &str) -> Result<&str, Fault> {
    if name.contains(['@', '*']) || name.contains("..") {
        Err(Fault::new(Code::Id, "a version without `@`, `*` and `..`"))
    } else {
        text(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, code: Code, help: Option<&str>) {
        let fault = quantity(text).expect_err(text);
        assert_eq!((fault.code, fault.help.as_deref()), (code, help), "{text}");
    }

    #[test]
    fn quantities_are_digits_only() {
        assert_eq!(quantity("0"), Ok(Quantity::ZERO));
        assert_eq!(quantity("007"), Ok(Quantity::new(7)));
        assert_eq!(quantity("1000000000"), Ok(Quantity::new(limits::QUANTITY_MAX)));
    }

    #[test]
    fn other_notations_are_refused_with_their_likely_meaning() {
        check("1e3", Code::NumberForm, Some("write `1000` if that is meant"));
        check("0x10", Code::NumberForm, Some("write `16` if that is meant"));
        check("0o17", Code::NumberForm, Some("write `15` if that is meant"));
        check("1_000", Code::NumberForm, Some("write `1000` if that is meant"));
        check("1 000", Code::NumberForm, Some("write `1000` if that is meant"));
        check("1\u{a0}000", Code::NumberForm, Some("write `1000` if that is meant"));
        check("1.000", Code::NumberForm, Some("write `1000` or `1` if that is meant"));
        check("1,000", Code::NumberForm, Some("write `1000` or `1` if that is meant"));
        check("1,5", Code::NumberForm, Some("this looks like a decimal comma; units are not divided"));
        check("+5", Code::NumberForm, Some("write `5` if that is meant"));
        check("many", Code::NumberForm, None);
        check("NaN", Code::NumberForm, None);
        check("-0", Code::NumberForm, None);
    }

    #[test]
    fn negative_and_fractional_quantities_have_codes_of_their_own() {
        check("-3", Code::Negative, None);
        check("2.0", Code::Fraction, Some("write `2`"));
        check("2.5", Code::Fraction, Some("units are not divided; write `2` or the next number"));
    }

    #[test]
    fn a_quantity_beyond_the_limit_is_refused_and_never_wraps() {
        for text in ["1000000001", "99999999999999999999", "18446744073709551617"] {
            assert_eq!(quantity(text).expect_err(text).code, Code::Range);
        }
    }

    #[test]
    fn money_faults_are_told_apart() {
        let code = |text: &str| money(text).expect_err(text).code;
        assert_eq!(code("1.00001"), Code::Minor);
        assert_eq!(code("-1"), Code::Negative);
        assert_eq!(code("1e308"), Code::NumberForm);
        assert_eq!(code(".inf"), Code::NumberForm);
        assert_eq!(code("-0"), Code::NumberForm);
        assert_eq!(code("9999999999999"), Code::Range);
        assert_eq!(
            money("5,00").expect_err("a comma").help.as_deref(),
            Some("write `5.00` if the comma stands for the decimal point")
        );
    }

    #[test]
    fn only_true_and_false_are_booleans() {
        assert_eq!(boolean("true"), Ok(true));
        for text in ["yes", "True", "on", "y", "null", "1"] {
            assert_eq!(boolean(text).expect_err(text).code, Code::Bool);
        }
    }
}
