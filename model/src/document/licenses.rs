//! Licenses: dated purchase lots.

use super::Source;
use super::parties::Parties;
use super::rows::{self, Holds, Record, Shape};
use super::scopes::Scopes;
use super::skus::SkuFacts;
use super::totals::Total;
use crate::diagnostic::{Code, Diagnostic};
use crate::fields::Fields;
use crate::findings::Findings;
use crate::id::{LicenseId, ScopeId, SkuId};
use crate::number::Quantity;
use crate::registry::Registry;
use crate::value;
use jiff::civil::Date;

pub(crate) const SHAPE: Shape = Shape {
    section: "licenses",
    what: "a license",
    keys: &[
        "id",
        "sku",
        "quantity",
        "unlimited",
        "scope",
        "start",
        "end",
        "purchased",
        "contract",
        "maintenance_until",
        "key",
        "order",
        "invoice",
    ],
    typed: &[
        ("quantity", Holds::Count),
        ("unlimited", Holds::Flag),
        ("start", Holds::Day),
        ("end", Holds::Day),
        ("purchased", Holds::Day),
        ("maintenance_until", Holds::Day),
    ],
    required: &[&["id"], &["sku"]],
};
const ID: usize = 0;
const SKU: usize = 1;
const QUANTITY: usize = 2;
const UNLIMITED: usize = 3;
const SCOPE: usize = 4;
const START: usize = 5;
const END: usize = 6;
const PURCHASED: usize = 7;
const CONTRACT: usize = 8;
const MAINTENANCE_UNTIL: usize = 9;
const KEY: usize = 10;
const ORDER: usize = 11;
const INVOICE: usize = 12;

/// What is said about a license; where something is refused the estate is never built.
#[derive(Clone, Debug)]
pub(crate) struct LicenseFacts {
    pub(crate) sku: Option<SkuId>,
    /// None if unlimited.
    pub(crate) quantity: Option<Quantity>,
    pub(crate) scope: Option<ScopeId>,
    /// The number of the contract, in the order of first mention.
    pub(crate) contract: Option<u32>,
    pub(crate) start: Option<Date>,
    pub(crate) end: Option<Date>,
    pub(crate) purchased: Option<Date>,
    pub(crate) maintenance_until: Option<Date>,
    pub(crate) key: Option<String>,
    pub(crate) order: Option<String>,
    pub(crate) invoice: Option<String>,
}

/// Reads the licenses.
pub(crate) fn read(
    estate: &Fields<'_, '_>,
    source: &Source<'_>,
    scopes: &Scopes<'_>,
    skus: &Registry<SkuId, SkuFacts>,
    parties: &mut Parties,
    findings: &mut Findings,
) -> Registry<LicenseId, LicenseFacts> {
    let mut licenses = Registry::new("license");
    let mut total = Total::default();
    let is_complete = rows::for_each(estate, &SHAPE, source, findings, &mut |record, findings| {
        let text = |key, findings: &mut Findings| record.read(key, findings, value::text).map(ToOwned::to_owned);
        let facts = LicenseFacts {
            sku: skus.resolve(record.required(SKU, findings), "sku", findings),
            quantity: read_quantity(record, &mut total, findings),
            scope: scopes.of(record, SCOPE, findings),
            contract: record.read(CONTRACT, findings, value::text).map(|text| parties.contracts.number(text)),
            start: record.read(START, findings, value::date),
            end: record.read(END, findings, value::date),
            purchased: record.read(PURCHASED, findings, value::date),
            maintenance_until: record.read(MAINTENANCE_UNTIL, findings, value::date),
            key: text(KEY, findings),
            order: text(ORDER, findings),
            invoice: text(INVOICE, findings),
        };
        check_order(record, &facts, findings);
        let id = record.required(ID, findings);
        if let (Some(cell), Some(id)) = (id.cell(), id.read("id", findings, value::text)) {
            licenses.insert(id, cell.place, facts, findings);
        }
    });
    licenses.is_complete = is_complete;
    licenses.sort();
    total.check("licenses", findings);
    total.warn_of_sentinels("`unlimited: true`", findings);
    licenses
}

/// The quantity, or none if unlimited; exactly one of the two must be given.
fn read_quantity(record: &Record<'_>, total: &mut Total, findings: &mut Findings) -> Option<Quantity> {
    let unlimited = record.read(UNLIMITED, findings, value::boolean);
    let is_unlimited = unlimited == Some(true);
    let is_unlimited_readable = unlimited.is_some() || !record.entries[UNLIMITED].is_present();
    let quantity = record.read(QUANTITY, findings, value::quantity);
    let has_quantity = record.entries[QUANTITY].is_present();
    if is_unlimited && has_quantity {
        findings.push(
            Diagnostic::new(
                Code::OneOf,
                record.place_of(QUANTITY),
                "the license has a `quantity` and is `unlimited`; expected one",
            )
            .with_related(record.place_of(UNLIMITED), "it is unlimited here")
            .with_help("remove one of the two"),
        );
    } else if !has_quantity && !is_unlimited && is_unlimited_readable {
        findings.push(
            Diagnostic::new(
                Code::OneOf,
                record.place,
                "a license has neither `quantity` nor `unlimited`; expected one",
            )
            .with_help("write `quantity: 1`, or `unlimited: true`"),
        );
    }
    if let Some(quantity) = quantity {
        total.add(quantity, record.place_of(QUANTITY));
    }
    quantity.filter(|_| !is_unlimited)
}

fn check_order(record: &Record<'_>, facts: &LicenseFacts, findings: &mut Findings) {
    if let (Some(start), Some(end)) = (facts.start, facts.end)
        && end < start
    {
        findings.push(
            Diagnostic::new(
                Code::DateOrder,
                record.place_of(END),
                format!("`end` is {end}, before `start`; expected {start} or later"),
            )
            .with_related(record.place_of(START), "it starts here")
            .with_help("correct one of the two, or exchange them"),
        );
    }
}
