//! Small markets with certificates worked out by hand.

use super::{
    Bound, Certificate, CertifiedPlan, Gap, MarketPrices, Order, Plan, ReclaimKey, Standing, Weights, adding, certify,
    weights_of,
};
use crate::allocation::{Allocation, DemandKey, Destination, Row, SetAside, Unit};
use crate::evidence::{Price, Prices};
use crate::violation::{Law, Violation};
use model::estate::{Estate, Target, find};
use model::id::{AssetId, Id, LicenseId, ScopeId, Table, VersionId};
use model::market::{Market, Offer, OfferId, Terms, Tier, TierRule};
use model::number::{Money, Quantity};
use model::objective::{LEVELS, Level};
use model::reading::{ReadOptions, read_estate_text};

mod actions;
mod budget;
mod changes;
mod offers;
mod quantities;

/// A plan with all that certifies it.
#[derive(Clone)]
struct Case {
    estate: Estate,
    market: Market,
    plan: Plan,
    allocation: Allocation,
    certificate: Certificate,
}

impl Case {
    /// Nothing offered and nothing done, nothing allocated, all prices zero.
    fn of(rows: &str) -> Self {
        Self {
            estate: estate(rows),
            market: Market::default(),
            plan: Plan::default(),
            allocation: Allocation::default(),
            certificate: leaf(MarketPrices::default()),
        }
    }

    /// An offer of a lot of its own, of which a plan has so many.
    fn offer(mut self, lot: &str, terms: Terms, had: u64) -> Self {
        let lot = self.license(lot);
        self.market.offers.push(Offer { id: self.estate.licenses[lot].id.clone(), lot, is_renewal: false, terms });
        self.plan.quantities.push(quantity(had));
        self
    }

    /// So many unreserved units of a license cover demand of `title@version`.
    fn covers(mut self, license: &str, version: &str, units: u64) -> Self {
        let destination = Destination::Demand(self.key(version));
        let path = vec![Unit::of(self.license(license))];
        self.allocation.rows.push(Row { destination, path, quantity: quantity(units) });
        self
    }

    fn proved_by(mut self, certificate: Certificate) -> Self {
        self.certificate = certificate;
        self
    }

    /// The prices of a certificate that is one bound.
    fn prices(&mut self) -> &mut MarketPrices {
        match &mut self.certificate {
            Certificate::Leaf(bounds) => &mut bounds[0].prices,
            Certificate::Branch { .. } => panic!("it is a leaf"),
        }
    }

    fn license(&self, id: &str) -> LicenseId {
        find(&self.estate.licenses, id, |license| &license.id).expect("it is there")
    }

    fn version(&self, text: &str) -> VersionId {
        let (title, name) = text.split_once('@').expect("title and version");
        self.estate.find_version(title, name).expect("it is there")
    }

    /// Anonymous demand in the root scope.
    fn key(&self, version: &str) -> DemandKey {
        let scope = self.estate.scopes.ids().find(|&scope| self.estate.scopes[scope].parent.is_none());
        DemandKey {
            version: self.version(version),
            scope: scope.expect("there is a root"),
            contract: None,
            asset: None,
            user: None,
        }
    }

    fn certify(&self) -> Result<CertifiedPlan, Vec<Violation>> {
        let Self { estate, market, plan, allocation, certificate } = self.clone();
        certify(&estate, &market, plan, allocation, certificate)
    }

    #[track_caller]
    fn is_optimal(&self) -> CertifiedPlan {
        let certified = self.certify().expect("it breaks no law");
        assert_eq!(certified.standing(), Standing::Optimal);
        certified
    }

    #[track_caller]
    fn has_gap(&self, level: Level, objective: i128, bound: i128) {
        let certified = self.certify().expect("it breaks no law");
        assert_eq!(certified.standing(), Standing::Proved(Gap { level, objective, bound }));
    }

    #[track_caller]
    fn breaks(&self, law: Law) {
        let violations = self.certify().expect_err("it breaks a law");
        assert!(violations.iter().all(|violation| violation.law == law), "{violations:?}");
    }
}

/// An estate with title `a`, in versions 1 and 2, and a SKU for each that covers nothing else.
fn estate(rows: &str) -> Estate {
    let head = "licit: 1\nas_of: 2027-01-01\ncurrency: EUR\n\
        titles: [{id: a, versions: ['1', '2']}, {id: off, versions: ['1'], status: inactive}]\n\
        skus: [{id: A1, version: a@1}, {id: A2, version: a@2}]\n";
    let reading = read_estate_text("estate", &format!("{head}{rows}"), &ReadOptions::default());
    reading.estate.unwrap_or_else(|| panic!("{:?}", reading.findings))
}

fn quantity(units: u64) -> Quantity {
    Quantity::new(units)
}

fn money(units: i64) -> Money {
    Money::from_units(units)
}

fn plain(price: i64) -> Terms {
    Terms::plain(money(price), quantity(10))
}

/// A bound that weighs nothing.
fn leaf(prices: MarketPrices) -> Certificate {
    weighed_leaf([None; 3], prices)
}

fn weighed_leaf(weights: Weights, prices: MarketPrices) -> Certificate {
    Certificate::Leaf(vec![Bound { weights, prices }])
}

/// Uncovered installs add so much to spend.
const fn weights(spend: i64) -> Weights {
    [None, None, Some(adding(Level::Spend, spend))]
}

fn branch(offer: usize, most: u64, within: Certificate, beyond: Certificate) -> Certificate {
    let (within, beyond) = (Box::new(within), Box::new(beyond));
    Certificate::Branch { offer: OfferId::at(offer), most: quantity(most), within, beyond }
}

/// A price with these levels, in the order of a certificate that weighs nothing.
fn price(levels: &[(Level, i64)]) -> Price {
    price_in(&Order::default(), levels)
}

fn price_in(order: &Order, levels: &[(Level, i64)]) -> Price {
    let mut price = [0; LEVELS];
    for &(level, amount) in levels {
        price[order.position(level)] = amount;
    }
    price
}

/// The prices of one lot and of one demand.
fn of_lot_and_demand(case: &Case, lot: &str, lot_price: Price, version: &str, demand_price: Price) -> MarketPrices {
    let facts = Prices {
        licenses: vec![(case.license(lot), lot_price)],
        demands: vec![(case.key(version), demand_price)],
        ..Prices::default()
    };
    MarketPrices { facts, reclaims: Vec::new() }
}

/// A unit is worth what it costs: so does a demand that it covers.
fn at_cost(case: &Case, lot: &str, version: &str, cost: i64) -> MarketPrices {
    let lot_price = price(&[(Level::Spend, cost), (Level::UnitsBought, 1)]);
    of_lot_and_demand(case, lot, lot_price, version, covering(cost, 1))
}

/// What a demand is worth that a unit covers for so much, bought or not.
fn covering(cost: i64, bought: i64) -> Price {
    let levels =
        [(Level::Uncovered, 1), (Level::Spend, -cost), (Level::UnitsBought, -bought), (Level::Flexibility, -1)];
    price(&levels)
}

/// Units are scarce: one more would cover one more.
fn scarce(case: &Case, lot: &str, version: &str) -> MarketPrices {
    let lot_price = price(&[(Level::Uncovered, 1), (Level::Flexibility, -1)]);
    of_lot_and_demand(case, lot, lot_price, version, [0; LEVELS])
}

/// Units are there whatever is used: one more is worth nothing.
fn plentiful(case: &Case, lot: &str, version: &str) -> MarketPrices {
    of_lot_and_demand(case, lot, [0; LEVELS], version, covering(0, 0))
}
