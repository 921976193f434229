//! The evidence that a plan is right, as it stands in the result of a renewal: what `licit verify` reads.
//!
//! Everything is named by the ids of the files. A certificate is a tree; its nodes are listed each before what is below
//! it, since readers of JSON limit how deep objects may stand in each other.

use super::lines::Lines;
use super::money;
use super::prices::prices;
use super::rows::{DemandKeys, Rows, VersionText};
use checker::allocation::DemandKey;
use checker::evidence::Price;
use checker::plan::stage::{Aim, CasePrices, StageNode};
use checker::plan::{Bound, Certificate, CertifiedPlan, ReclaimKey};
use model::estate::Currency;
use model::market::{Market, OfferId};
use model::number::{Money, Quantity};
use scenarios::renewal::{Renewal, Together};
use serde::Serialize;
use std::collections::BTreeMap;

/// The plan, the allocation after it and the certificate of a plan that the checker has accepted, as one JSON object.
#[must_use]
pub fn plan_evidence(plan: &CertifiedPlan, market: &Market) -> String {
    let rows = Named { rows: Rows { estate: plan.estate() }, market };
    let mut lines = Lines::new();
    let had = plan.plan().quantities.enumerate().filter(|(_, quantity)| !quantity.is_zero());
    lines.rows("offers", had.map(|(offer, quantity)| rows.offered(offer, *quantity)));
    lines.rows("reclaimed", plan.plan().reclaimed.iter().map(|&(key, quantity)| rows.reclaimed(key, quantity)));
    let reinstalled = plan.plan().reinstalled.iter();
    lines.rows(
        "reinstalled",
        reinstalled.map(|&(demand, to, quantity)| ReinstalledRow {
            demand: rows.rows.demand_keys(demand),
            to: rows.rows.version_text(to),
            quantity: quantity.get(),
        }),
    );
    lines.rows("allocation", plan.allocation().rows.iter().map(|row| rows.rows.allocation(row)));
    let used = plan.figures().licenses.enumerate().filter(|(_, figures)| !figures.used.is_zero());
    lines.rows(
        "licenses",
        used.map(|(license, figures)| UsedRow { license: rows.rows.license_id(license), used: figures.used.get() }),
    );
    let uncovered = plan.figures().uncovered.iter();
    lines.rows("uncovered", uncovered.map(|&(key, quantity)| rows.rows.uncovered(key, quantity)));
    certificate(plan.certificate(), rows, &mut lines);
    lines.finish().trim_end().to_owned()
}

/// The evidence of all renewals, each different part once, by digest.
pub(super) fn evidence(renewals: &[Renewal], together: &[Together], lines: &mut Lines) {
    let own = renewals.iter().flat_map(Renewal::evidence);
    let parts: BTreeMap<&str, &str> = own.chain(together.iter().flat_map(Together::evidence)).collect();
    if parts.is_empty() {
        return;
    }
    lines.open("evidence");
    let wholes = renewals.iter().filter(|renewal| renewal.is_of_the_whole());
    lines.rows("as_a_whole", wholes.map(Renewal::name));
    lines.list("parts");
    for (digest, proof) in parts {
        lines.item();
        lines.field("digest", digest);
        lines.object("proof", proof);
        lines.close();
    }
    lines.close_list();
    if !together.is_empty() {
        lines.list("together");
        for plan in together {
            for_all(plan, lines);
        }
        lines.close_list();
    }
    lines.close();
}

/// A plan for all scenarios together, and why no plan is better.
fn for_all(plan: &Together, lines: &mut Lines) {
    lines.item();
    let aim = match plan.aim {
        Aim::WorstRegret => "worst-regret",
        Aim::ExpectedCost => "expected-cost",
    };
    lines.field("aim", aim);
    let had = plan.offers.iter();
    lines.rows("offers", had.map(|row| OfferedRow { offer: &row.offer, quantity: row.quantity.get() }));
    lines.list("blocks");
    for (offers, cases, nodes) in plan.proofs() {
        lines.item();
        lines.rows("nodes", nodes.iter().map(|node| stage_node(node, offers, cases, plan.currency)));
        lines.close();
    }
    lines.close_list();
    lines.close();
}

fn stage_node<'r>(
    node: &StageNode,
    offers: &'r [String],
    cases: &'r [String],
    currency: Option<Currency>,
) -> StageRow<'r> {
    match node {
        StageNode::Split { offer, most } => StageRow::Split { offer: &offers[*offer], most: most.get() },
        StageNode::Leaf(leaf) => {
            let price = |(offer, price): (&'r String, &Money)| StagePriceRow {
                offer,
                price: money(price.units().into(), currency),
            };
            let case = |(scenario, case): (&'r String, &CasePrices)| StageCaseRow {
                scenario,
                weight: case.weight,
                prices: offers.iter().zip(&case.prices).filter(|(_, price)| **price > Money::ZERO).map(price).collect(),
            };
            StageRow::Leaf { cases: cases.iter().zip(leaf).map(case).collect() }
        }
    }
}

/// A node of the proof of a plan for all scenarios together.
#[derive(Serialize)]
#[serde(untagged)]
enum StageRow<'r> {
    Split { offer: &'r str, most: u64 },
    Leaf { cases: Vec<StageCaseRow<'r>> },
}

#[derive(Serialize)]
struct StageCaseRow<'r> {
    scenario: &'r str,
    weight: u64,
    prices: Vec<StagePriceRow<'r>>,
}

#[derive(Serialize)]
struct StagePriceRow<'r> {
    offer: &'r str,
    price: String,
}

fn certificate(root: &Certificate, rows: Named<'_>, lines: &mut Lines) {
    lines.list("certificate");
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        lines.item();
        match node {
            Certificate::Leaf(bounds) => {
                lines.list("bounds");
                for bound in bounds {
                    rows.bound(bound, lines);
                }
                lines.close_list();
            }
            Certificate::Branch { offer, most, within, beyond } => {
                lines.field("offer", rows.offer(*offer));
                lines.field("most", &most.get());
                open.extend([beyond.as_ref(), within.as_ref()]);
            }
        }
        lines.close();
    }
    lines.close_list();
}

#[derive(Serialize)]
struct OfferedRow<'e> {
    offer: &'e str,
    quantity: u64,
}

#[derive(Serialize)]
struct ReclaimedRow<'e> {
    #[serde(flatten)]
    demand: DemandKeys<'e>,
    cost: String,
    quantity: u64,
}

#[derive(Serialize)]
struct ReinstalledRow<'e> {
    #[serde(flatten)]
    demand: DemandKeys<'e>,
    to: VersionText<'e>,
    quantity: u64,
}

#[derive(Serialize)]
struct UsedRow<'e> {
    license: &'e str,
    used: u64,
}

#[derive(Serialize)]
struct ReclaimPriceRow<'e> {
    #[serde(flatten)]
    demand: DemandKeys<'e>,
    cost: String,
    price: Price,
}

/// Makes rows from facts of an estate and its market.
#[derive(Clone, Copy)]
struct Named<'e> {
    rows: Rows<'e>,
    market: &'e Market,
}

impl<'e> Named<'e> {
    fn offer(self, offer: OfferId) -> &'e str {
        &self.market.offers[offer].id
    }

    fn money(self, amount: Money) -> String {
        money(amount.units().into(), self.rows.estate.currency)
    }

    fn offered(self, offer: OfferId, quantity: Quantity) -> OfferedRow<'e> {
        OfferedRow { offer: self.offer(offer), quantity: quantity.get() }
    }

    fn reclaimed(self, key: ReclaimKey, quantity: Quantity) -> ReclaimedRow<'e> {
        let ReclaimKey { demand, cost } = key;
        ReclaimedRow { demand: self.demand(demand), cost: self.money(cost), quantity: quantity.get() }
    }

    fn demand(self, demand: DemandKey) -> DemandKeys<'e> {
        self.rows.demand_keys(demand)
    }

    fn bound(self, bound: &Bound, lines: &mut Lines) {
        lines.item();
        lines.field("weights", &bound.weights);
        prices(&bound.prices.facts, self.rows, |price| price, lines);
        let reclaims = bound.prices.reclaims.iter();
        lines.rows(
            "reclaims",
            reclaims.map(|&(ReclaimKey { demand, cost }, price)| ReclaimPriceRow {
                demand: self.demand(demand),
                cost: self.money(cost),
                price,
            }),
        );
        lines.close();
    }
}
