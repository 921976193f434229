//! The currencies of ISO 4217 that amounts are stated in, with the decimals of their minor units.

use crate::diagnostic::{Code, alternatives};
use crate::estate::Currency;
use crate::value::Fault;

/// Codes with two decimals.
const TWO: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC \
    CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR \
    KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK \
    PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH \
    USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG";
/// Codes without a minor unit.
const NONE: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
/// Codes with three decimals.
const THREE: &str = "BHD IQD JOD KWD LYD OMR TND";

/// What people write instead of the code.
const COLLOQUIAL: &[(&str, &[&str])] = &[
    ("€", &["EUR"]),
    ("euro", &["EUR"]),
    ("$", &["USD"]),
    ("us$", &["USD"]),
    ("dollar", &["USD"]),
    ("£", &["GBP"]),
    ("pound", &["GBP"]),
    ("¥", &["JPY", "CNY"]),
    ("yen", &["JPY"]),
    ("rmb", &["CNY"]),
    ("kr", &["DKK", "NOK", "SEK"]),
    ("nkr", &["NOK"]),
    ("skr", &["SEK"]),
    ("dkr", &["DKK"]),
    ("fr", &["CHF"]),
    ("fr.", &["CHF"]),
    ("sfr", &["CHF"]),
    ("sfr.", &["CHF"]),
    ("zł", &["PLN"]),
    ("zl", &["PLN"]),
    ("₹", &["INR"]),
    ("rs", &["INR"]),
    ("kč", &["CZK"]),
    ("ft", &["HUF"]),
];

fn all() -> impl Iterator<Item = Currency> {
    let of = |codes: &'static str, minor_digits| {
        codes.split_ascii_whitespace().map(move |code| Currency { code, minor_digits })
    };
    of(TWO, 2).chain(of(NONE, 0)).chain(of(THREE, 3))
}

/// The currency with the code `text`.
///
/// # Errors
/// Any text that is not a code in capitals; the nearest codes are named.
pub fn currency(text: &str) -> Result<Currency, Fault> {
    all().find(|currency| currency.code == text).ok_or_else(|| {
        let lower = text.trim().to_lowercase();
        let colloquial = COLLOQUIAL.iter().find(|(word, _)| *word == lower);
        let help = match colloquial {
            Some((_, codes)) => Some(format!("did you mean {}?", alternatives(codes))),
            None => crate::suggest::did_you_mean(text, all().map(|currency| currency.code)),
        };
        Fault { code: Code::Currency, expected: "a currency code of ISO 4217, such as `EUR`".into(), help }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_carry_their_minor_digits() {
        let digits = |code: &str| currency(code).map(|currency| currency.minor_digits);
        assert_eq!((digits("EUR"), digits("JPY"), digits("KWD")), (Ok(2), Ok(0), Ok(3)));
    }

    #[test]
    fn every_code_has_three_capitals_and_stands_once() {
        let mut codes: Vec<&str> = all().map(|currency| currency.code).collect();
        assert!(codes.iter().all(|code| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase())));
        let count = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), count);
    }

    #[test]
    fn what_people_write_leads_to_the_code() {
        let help = |text: &str| currency(text).expect_err(text).help;
        assert_eq!(help("Nkr").as_deref(), Some("did you mean `NOK`?"));
        assert_eq!(help("KR").as_deref(), Some("did you mean `DKK`, `NOK` or `SEK`?"));
        assert_eq!(help("eur").as_deref(), Some("did you mean `EUR`?"));
    }
}
