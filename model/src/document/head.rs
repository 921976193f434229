//! What stands once in an estate: format version, name, day, currency, thresholds.

use crate::currency::currency;
use crate::diagnostic::{Code, Diagnostic};
use crate::estate::{Currency, Thresholds};
use crate::fields::{Entry, Fields};
use crate::findings::Findings;
use crate::limits;
use crate::number::Money;
use crate::value::{self, Fault};
use jiff::civil::Date;

/// The format version this program reads.
const FORMAT_VERSION: &str = "1";
pub(crate) const THRESHOLD_KEYS: [&str; 3] = ["almost_under", "over", "expiring_days"];

/// What stands once.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) name: Option<String>,
    pub(crate) as_of: Option<Date>,
    pub(crate) currency: Option<Currency>,
    /// Whether a currency is given, known or not.
    pub(crate) names_a_currency: bool,
    pub(crate) thresholds: Thresholds,
}

/// Reads the costs of a section; the first one in an estate without a currency is reported.
pub(crate) struct Costs {
    has_currency: bool,
}

impl Costs {
    pub(crate) fn new(head: &Head) -> Self {
        Self { has_currency: head.names_a_currency }
    }

    /// The cost under `key`.
    pub(crate) fn read(&mut self, entry: Entry<'_>, key: &str, findings: &mut Findings) -> Option<Money> {
        if let Some(cell) = entry.cell()
            && !std::mem::replace(&mut self.has_currency, true)
        {
            findings.push(
                Diagnostic::new(Code::Currency, cell.place, "a cost stands here, but the estate has no `currency`")
                    .with_help("write `currency: EUR`, or another of ISO 4217"),
            );
        }
        entry.read(key, findings, value::money)
    }
}

/// Reads what stands once; `as_of` is the day that overrides the one in the file.
pub(crate) fn read(estate: &Fields<'_, '_>, as_of: Option<Date>, findings: &mut Findings) -> Head {
    check_format(estate, findings);
    let currency_entry = estate.entry("currency", findings);
    Head {
        name: estate.entry("name", findings).read("name", findings, value::text).map(ToOwned::to_owned),
        as_of: read_as_of(estate, as_of, findings),
        currency: currency_entry.read("currency", findings, currency),
        names_a_currency: currency_entry.is_present(),
        thresholds: read_thresholds(estate, findings),
    }
}

/// Reports a file that is not of the format version this program reads.
pub(crate) fn check_format(file: &Fields<'_, '_>, findings: &mut Findings) {
    let version = file.entry("licit", findings);
    if !version.is_present() {
        findings.push(
            crate::fields::missing(file.what, "licit", file.place)
                .with_help(format!("write `licit: {FORMAT_VERSION}`")),
        );
    }
    version.read("licit", findings, |text| {
        if text == FORMAT_VERSION {
            return Ok(());
        }
        let help = Some(format!("write `licit: {FORMAT_VERSION}`"));
        Err(Fault { code: Code::Licit, expected: format!("the format version `{FORMAT_VERSION}`"), help })
    });
}

fn read_as_of(estate: &Fields<'_, '_>, given: Option<Date>, findings: &mut Findings) -> Option<Date> {
    let entry = estate.entry("as_of", findings);
    let in_file = entry.read("as_of", findings, value::as_of);
    if let Some(day) = given {
        return match value::as_of(&day.to_string()) {
            Ok(day) => Some(day),
            Err(fault) => {
                findings.push(fault.at(estate.place, "as_of", &day.to_string()));
                None
            }
        };
    }
    if !entry.is_present() {
        let message = "an estate has no `as_of`; expected the day the position is for";
        findings.push(
            Diagnostic::new(Code::Missing, estate.place, message)
                .with_help("write `as_of: 2026-11-22`, or give `--as-of 2026-11-22`"),
        );
    }
    in_file
}

fn read_thresholds(estate: &Fields<'_, '_>, findings: &mut Findings) -> Thresholds {
    let default = Thresholds::default();
    let Some((_, node)) = estate.node("thresholds") else { return default };
    let Some(fields) = Fields::open(node, "a set of thresholds", &THRESHOLD_KEYS, findings) else { return default };
    let mut number = |key: &str, largest: u64, default: u32| {
        let entry = fields.entry(key, findings);
        let number = entry.read(key, findings, |text| value::whole_number(text, largest));
        number.and_then(|number| u32::try_from(number).ok()).unwrap_or(default)
    };
    Thresholds {
        almost_under_percent: number("almost_under", limits::PERCENT_MAX, default.almost_under_percent),
        over_percent: number("over", limits::PERCENT_MAX, default.over_percent),
        expiring_days: number("expiring_days", limits::EXPIRING_DAYS_MAX, default.expiring_days),
    }
}
