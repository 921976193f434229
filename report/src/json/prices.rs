//! Prices of facts as they stand in evidence: with a number for each level that is shown, which is not the same for
//! positions and for plans.

use super::lines::Lines;
use super::rows::{DemandKeys, Rows, TargetKeys};
use checker::evidence::{Price, Prices};
use serde::Serialize;

#[derive(Serialize)]
struct LicensePriceRow<'e, P> {
    license: &'e str,
    price: P,
}

#[derive(Serialize)]
struct ReservedPriceRow<'e, P> {
    license: &'e str,
    #[serde(flatten)]
    target: TargetKeys<'e>,
    price: P,
}

#[derive(Serialize)]
struct DemandPriceRow<'e, P> {
    #[serde(flatten)]
    demand: DemandKeys<'e>,
    price: P,
}

#[derive(Serialize)]
struct AssignmentPriceRow<'e, P> {
    title: &'e str,
    #[serde(flatten)]
    target: TargetKeys<'e>,
    met: P,
    aside: P,
}

/// Writes the prices of facts as an object; `shown` picks the levels.
pub(super) fn prices<P: Serialize>(prices: &Prices, rows: Rows<'_>, shown: impl Fn(Price) -> P, lines: &mut Lines) {
    lines.open("prices");
    let licenses = prices.licenses.iter();
    lines.rows(
        "licenses",
        licenses.map(|&(license, price)| LicensePriceRow { license: rows.license_id(license), price: shown(price) }),
    );
    let reserved = prices.reserved.iter();
    lines.rows(
        "reserved",
        reserved.map(|&(license, target, price)| ReservedPriceRow {
            license: rows.license_id(license),
            target: rows.target(target),
            price: shown(price),
        }),
    );
    let demands = prices.demands.iter();
    lines.rows(
        "demands",
        demands.map(|&(key, price)| DemandPriceRow { demand: rows.demand_keys(key), price: shown(price) }),
    );
    let assignments = prices.assignments.iter();
    lines.rows(
        "assignments",
        assignments.map(|row| AssignmentPriceRow {
            title: rows.title_id(row.title),
            target: rows.target(row.target),
            met: shown(row.met),
            aside: shown(row.aside),
        }),
    );
    lines.close();
}
