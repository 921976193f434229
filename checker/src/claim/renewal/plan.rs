//! What a certified plan comes to, row by row, as a result states it: read off the plan, the allocation after it and the
//! market alone.

use super::super::tree::Tree;
use crate::allocation::{DemandKey, Destination, Row};
use crate::figures::{Objective, Totals};
use crate::plan::stage::UpToSpend;
use crate::plan::{CertifiedPlan, Order, weights_of};
use model::estate::{Estate, Target};
use model::id::{LicenseId, ScopeId, VersionId};
use model::market::{Market, Offer, TierRule};
use model::number::{Money, Quantity, money_text};
use std::collections::BTreeMap;

/// What the plan of a part adds to a scenario.
pub struct PlanFigures {
    pub(super) objective: Objective,
    /// In the order of the market.
    pub(super) bound: Objective,
    pub(super) totals: Totals,
    pub(super) buy: Vec<Tree<'static>>,
    pub(super) renew: Vec<Tree<'static>>,
    pub(super) transfer: Vec<Tree<'static>>,
    pub(super) reclaim: Vec<Tree<'static>>,
    pub(super) reinstall: Vec<Tree<'static>>,
    pub(super) shortages: Vec<Tree<'static>>,
    pub(super) had: BTreeMap<Had, Quantity>,
}

/// What units are had on: in the order of results, purchases first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Had {
    pub(super) is_renewal: bool,
    pub(super) offer: String,
    /// What is renewed; none for a purchase.
    pub(super) license: Option<String>,
    /// What is bought and for where; none for a renewal.
    pub(super) bought: Option<(String, String)>,
}

/// Demand of a version in a scope; without a version what assignments consume.
type Place = (Option<VersionId>, ScopeId);

impl PlanFigures {
    /// What it comes to up to spend, and what no plan is below, if that is proved so far; in the order of its market.
    #[must_use]
    pub fn up_to_spend(&self, market: &Market) -> (UpToSpend, Option<UpToSpend>) {
        let order = Order::of(weights_of(market));
        (UpToSpend::of(&order, &self.objective), UpToSpend::bound(&order, &self.objective, &self.bound))
    }

    /// Units had on each offer of which some are.
    pub fn quantities(&self) -> impl Iterator<Item = (&str, Quantity)> {
        self.had.iter().map(|(line, &quantity)| (line.offer.as_str(), quantity))
    }

    pub(super) fn of(plan: &CertifiedPlan, market: &Market) -> Self {
        let rows = Rows { estate: plan.estate(), market };
        let mut figures = Self {
            objective: *plan.objective(),
            bound: plan.bound(),
            totals: plan.figures().totals,
            buy: Vec::new(),
            renew: Vec::new(),
            transfer: rows.transfers(&plan.allocation().rows),
            reclaim: Vec::new(),
            reinstall: Vec::new(),
            shortages: Vec::new(),
            had: BTreeMap::new(),
        };
        let mut served = served(market, &plan.allocation().rows);
        let had = market.offers.iter().zip(&plan.plan().quantities);
        for (offer, &quantity) in had.filter(|(_, quantity)| !quantity.is_zero()) {
            let served = served.remove(&offer.lot).unwrap_or_default();
            let list = if offer.is_renewal { &mut figures.renew } else { &mut figures.buy };
            list.push(rows.offered(offer, quantity, served));
            figures.had.insert(rows.had(offer), quantity);
        }
        let reclaimed = plan.plan().reclaimed.iter();
        figures.reclaim = reclaimed.map(|&(key, quantity)| rows.reclaimed(&key.demand, key.cost, quantity)).collect();
        let reinstalled = plan.plan().reinstalled.iter();
        figures.reinstall =
            reinstalled.map(|&(demand, to, quantity)| rows.reinstalled(&demand, to, quantity)).collect();
        let mut short: BTreeMap<Place, Quantity> = BTreeMap::new();
        for &(key, quantity) in &plan.figures().uncovered {
            *short.entry((Some(key.version), key.scope)).or_default() += quantity;
        }
        figures.shortages = rows.places(short);
        figures
    }
}

/// What the units of each offered lot serve.
fn served(market: &Market, rows: &[Row]) -> BTreeMap<LicenseId, BTreeMap<Place, Quantity>> {
    let mut served: BTreeMap<LicenseId, BTreeMap<Place, Quantity>> =
        market.offers.iter().map(|offer| (offer.lot, BTreeMap::new())).collect();
    for row in rows {
        // Upgrade rights form no cycle: a path has at most one unit of a lot.
        for unit in &row.path {
            if let Some(served) = served.get_mut(&unit.license) {
                *served.entry(place(row)).or_default() += row.quantity;
            }
        }
    }
    served
}

fn place(row: &Row) -> Place {
    match row.destination {
        Destination::Demand(key) => (Some(key.version), key.scope),
        Destination::SetAside(aside) => (None, aside.scope),
    }
}

fn cost_of(quantity: Quantity, each: Money) -> i128 {
    i128::from(quantity.get()) * i128::from(each.units())
}

/// Makes rows from facts of the estate after a plan.
#[derive(Clone, Copy)]
struct Rows<'e> {
    estate: &'e Estate,
    market: &'e Market,
}

impl Rows<'_> {
    fn money(self, units: i128) -> Tree<'static> {
        Tree::of_text(money_text(units, self.estate.currency.map_or(0, |currency| currency.minor_digits.into())))
    }

    fn version(self, version: VersionId) -> Tree<'static> {
        Tree::of_text(self.estate.version_text(version))
    }

    fn scope(self, scope: ScopeId) -> Tree<'static> {
        Tree::of_text(self.estate.scopes[scope].id.clone())
    }

    fn places(self, places: BTreeMap<Place, Quantity>) -> Vec<Tree<'static>> {
        let row = |((version, scope), quantity): (Place, Quantity)| {
            let version = version.map_or(Tree::Null, |version| self.version(version));
            Tree::of([("version", version), ("scope", self.scope(scope)), ("quantity", Tree::of_quantity(quantity))])
        };
        places.into_iter().map(row).collect()
    }

    fn had(self, offer: &Offer) -> Had {
        let lot = &self.estate.licenses[offer.lot];
        let (is_renewal, offer_id) = (offer.is_renewal, offer.id.clone());
        let bought = (self.estate.skus[lot.sku].id.clone(), self.estate.scopes[lot.scope].id.clone());
        Had {
            is_renewal,
            offer: offer_id,
            license: is_renewal.then(|| lot.id.clone()),
            bought: (!is_renewal).then_some(bought),
        }
    }

    fn offered(self, offer: &Offer, quantity: Quantity, served: BTreeMap<Place, Quantity>) -> Tree<'static> {
        let Had { offer: id, license, bought, .. } = self.had(offer);
        let mut row = Tree::of([
            ("offer", Tree::of_text(id)),
            ("quantity", Tree::of_quantity(quantity)),
            ("cost", self.money(offer.terms.cost(quantity))),
            ("serves", Tree::List(self.places(served))),
        ]);
        if let Some(license) = license {
            row.add("license", Tree::of_text(license));
        }
        if let Some((sku, scope)) = bought {
            row.add("sku", Tree::of_text(sku));
            row.add("scope", Tree::of_text(scope));
            row.add("packs", Tree::Integer((quantity.get() / offer.terms.pack.get()).into()));
            row.add("unit_price", self.money(unit_price(offer, quantity)));
        }
        row
    }

    /// Units that are used outside their scope and the scopes below it: by the cheapest transfer. A reserved unit that is
    /// set aside counts wherever it is.
    fn transfers(self, rows: &[Row]) -> Vec<Tree<'static>> {
        let mut moved: BTreeMap<(LicenseId, ScopeId), Quantity> = BTreeMap::new();
        for row in rows {
            let (version, scope) = place(row);
            let counts_here = |reserved_for: Option<Target>| version.is_some() || reserved_for.is_none();
            for unit in row.path.iter().filter(|unit| counts_here(unit.reserved_for)) {
                if !self.reaches(self.estate.licenses[unit.license].scope, scope) {
                    *moved.entry((unit.license, scope)).or_default() += row.quantity;
                }
            }
        }
        moved.into_iter().map(|((license, scope), quantity)| self.transferred(license, scope, quantity)).collect()
    }

    fn reaches(self, from: ScopeId, to: ScopeId) -> bool {
        self.estate.scope_and_above(to).any(|above| above == from)
    }

    fn transferred(self, license: LicenseId, to: ScopeId, quantity: Quantity) -> Tree<'static> {
        let lot = &self.estate.licenses[license];
        let usable = self.estate.transfers.iter().filter(|row| row.from == lot.scope && self.reaches(row.to, to));
        let each = usable.map(|row| row.cost).min().expect("a lawful path is used where it may be");
        Tree::of([
            ("license", Tree::of_text(lot.id.clone())),
            ("from", self.scope(lot.scope)),
            ("to", self.scope(to)),
            ("quantity", Tree::of_quantity(quantity)),
            ("cost", self.money(cost_of(quantity, each))),
        ])
    }

    fn reclaimed(self, demand: &DemandKey, each: Money, quantity: Quantity) -> Tree<'static> {
        let mut row = self.installs(demand, each, quantity);
        row.add("version", self.version(demand.version));
        row
    }

    fn reinstalled(self, demand: &DemandKey, to: VersionId, quantity: Quantity) -> Tree<'static> {
        let replaced = self.market.reinstalls_of(demand.version).iter().find(|row| row.to == to);
        let each = replaced.expect("a lawful plan puts in place what the market has").cost;
        let mut row = self.installs(demand, each, quantity);
        row.add("from", self.version(demand.version));
        row.add("to", self.version(to));
        row
    }

    /// Installs that are changed: where, whose, how many and at what cost.
    fn installs(self, demand: &DemandKey, each: Money, quantity: Quantity) -> Tree<'static> {
        let name = |name: Option<&String>| name.map_or(Tree::Null, |name| Tree::of_text(name.clone()));
        Tree::of([
            ("scope", self.scope(demand.scope)),
            ("contract", name(demand.contract.map(|contract| &self.estate.contracts[contract]))),
            ("asset", name(demand.asset.map(|asset| &self.estate.assets[asset]))),
            ("user", name(demand.user.map(|user| &self.estate.users[user]))),
            ("quantity", Tree::of_quantity(quantity)),
            ("cost", self.money(cost_of(quantity, each))),
        ])
    }
}

/// What a unit costs without the fee: the price of the tier, or the mean over tiers, rounded half up.
fn unit_price(offer: &Offer, quantity: Quantity) -> i128 {
    let terms = &offer.terms;
    if terms.tier_rule == TierRule::AllUnits {
        let reached = terms.tiers.iter().rev().find(|tier| tier.from <= quantity);
        return reached.expect("tiers begin at the first unit").price.units().into();
    }
    let (paid, count) = (terms.cost(quantity) - i128::from(terms.fee.units()), i128::from(quantity.get()));
    let (each, rest) = (paid.div_euclid(count), paid.rem_euclid(count));
    if 2 * rest >= count { each + 1 } else { each }
}
