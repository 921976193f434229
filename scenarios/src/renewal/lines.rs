//! The lines of a plan, by names: what to buy, renew, let lapse, move, uninstall and replace, and whom it serves.

use checker::allocation::{DemandKey, Destination, Row};
use checker::plan::CertifiedPlan;
use model::estate::{Estate, Target};
use model::id::{LicenseId, ScopeId, Table, VersionId};
use model::market::{Market, OfferId, Terms, TierRule};
use model::number::{Money, Quantity};
use solver::market::{Change, Marginals};
use std::collections::BTreeMap;

/// Units bought on an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purchase {
    /// The offer.
    pub offer: String,
    /// What is bought.
    pub sku: String,
    /// Where it may be used, with the scopes below.
    pub scope: String,
    /// Units.
    pub quantity: Quantity,
    /// Packs that these are.
    pub packs: Quantity,
    /// The price of a unit in 10^-4, the mean rounded half up where tiers differ; without the fee.
    pub unit_price: Money,
    /// Paid once, in the cost.
    pub fee: Money,
    /// All of it, with the fee, in 10^-4.
    pub cost: i128,
    /// What the units cover, alone or in a path.
    pub serves: Vec<Served>,
    /// Units that serve nothing.
    pub idle: Option<Idle>,
}

/// Units had on an offer that serve nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Idle {
    /// At least one.
    pub quantity: Quantity,
    /// Why fewer were not had, where the terms of the offer say it.
    pub reason: Option<IdleReason>,
}

/// Which terms of an offer make fewer units no better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdleReason {
    /// Units come only in packs of so many.
    Pack(Quantity),
    /// No fewer than so many may be had.
    Least(Quantity),
    /// A pack less would cost more.
    Tier,
}

/// Units of a license that is extended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// The offer.
    pub offer: String,
    /// What is extended.
    pub license: String,
    /// Units.
    pub quantity: Quantity,
    /// The price of a unit in 10^-4, the mean rounded half up where tiers differ; without the fee.
    pub unit_price: Money,
    /// Paid once, in the cost.
    pub fee: Money,
    /// All of it, with the fee, in 10^-4.
    pub cost: i128,
    /// What the units cover, alone or in a path.
    pub serves: Vec<Served>,
    /// Units that serve nothing.
    pub idle: Option<Idle>,
}

/// Units of a license that could be extended and are not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lapse {
    /// What ends.
    pub license: String,
    /// Units.
    pub quantity: Quantity,
}

/// Units used outside their own scope.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Transferred {
    /// Whose units.
    pub license: String,
    /// Where they belong.
    pub from: String,
    /// Where they are used.
    pub to: String,
    /// Units.
    pub quantity: Quantity,
    /// Per unit.
    pub unit_price: Money,
    /// All of it, in 10^-4.
    pub cost: i128,
}

/// Installs that are uninstalled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reclaimed {
    /// `title@version`.
    pub version: String,
    /// Where.
    pub place: Place,
    /// Installs.
    pub quantity: Quantity,
    /// Per install.
    pub unit_price: Money,
    /// All of it, in 10^-4.
    pub cost: i128,
}

/// Installs in whose place another version is put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reinstalled {
    /// `title@version` that is installed.
    pub from: String,
    /// `title@version` that is put in its place.
    pub to: String,
    /// Where.
    pub place: Place,
    /// Installs.
    pub quantity: Quantity,
    /// Per install.
    pub unit_price: Money,
    /// All of it, in 10^-4.
    pub cost: i128,
}

/// Where installs are, and whose.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The scope.
    pub scope: String,
    /// The contract.
    pub contract: Option<String>,
    /// The asset.
    pub asset: Option<String>,
    /// The user.
    pub user: Option<String>,
}

/// Demand of one version in one scope; without a version, what an assignment consumes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Served {
    /// `title@version`; none where an assignment consumes the units although nothing is installed.
    pub version: Option<String>,
    /// Where.
    pub scope: String,
    /// Units of demand.
    pub quantity: Quantity,
}

/// What one unit more would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Marginal {
    /// One more install, without asset and user.
    Install {
        /// `title@version`.
        version: String,
        /// Where.
        scope: String,
        /// The contract.
        contract: Option<String>,
        /// What it changes.
        change: Change,
    },
    /// One more unit of a license.
    Unit {
        /// Whose.
        license: String,
        /// What it changes.
        change: Change,
    },
}

impl Marginal {
    /// What it changes, whatever the budget.
    pub(super) const fn change(&self) -> Change {
        match *self {
            Self::Install { change, .. } | Self::Unit { change, .. } => change,
        }
    }
}

/// All lines of a plan.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines {
    pub(super) buy: Vec<Purchase>,
    pub(super) renew: Vec<Extension>,
    pub(super) transfer: Vec<Transferred>,
    pub(super) reclaim: Vec<Reclaimed>,
    pub(super) reinstall: Vec<Reinstalled>,
    pub(super) uncovered: Vec<Served>,
    pub(super) marginal: Vec<Marginal>,
}

impl Lines {
    /// How many there are.
    pub(super) fn count(&self) -> usize {
        let Self { buy, renew, transfer, reclaim, reinstall, uncovered, marginal } = self;
        let actions = buy.len() + renew.len() + transfer.len() + reclaim.len() + reinstall.len();
        actions + uncovered.len() + marginal.len()
    }

    pub(super) fn of(certified: &CertifiedPlan, marginals: &Marginals, market: &Market) -> Self {
        let estate = certified.estate();
        let mut lines = Self::default();
        let mut served = served_by(estate, market, &certified.allocation().rows);
        for (id, &quantity) in certified.plan().quantities.enumerate() {
            lines.add_offer(estate, market, id, quantity, std::mem::take(&mut served[id]));
        }
        lines.transfer = transfers(estate, &certified.allocation().rows);
        for &(key, quantity) in &certified.plan().reclaimed {
            lines.reclaim.push(Reclaimed {
                version: estate.version_text(key.demand.version),
                place: place(estate, &key.demand),
                quantity,
                unit_price: key.cost,
                cost: times(quantity, key.cost),
            });
        }
        for &(demand, to, quantity) in &certified.plan().reinstalled {
            let reinstall = market.reinstalls_of(demand.version).iter().find(|reinstall| reinstall.to == to);
            let unit_price = reinstall.expect("a certified plan replaces what the market allows").cost;
            lines.reinstall.push(Reinstalled {
                from: estate.version_text(demand.version),
                to: estate.version_text(to),
                place: place(estate, &demand),
                quantity,
                unit_price,
                cost: times(quantity, unit_price),
            });
        }
        lines.marginal = marginal(estate, marginals);
        let mut uncovered: BTreeMap<(VersionId, ScopeId), Quantity> = BTreeMap::new();
        for &(key, quantity) in &certified.figures().uncovered {
            *uncovered.entry((key.version, key.scope)).or_default() += quantity;
        }
        lines.uncovered = uncovered
            .into_iter()
            .map(|((version, scope), quantity)| named(estate, Some(version), scope, quantity))
            .collect();
        lines
    }

    fn add_offer(&mut self, estate: &Estate, market: &Market, id: OfferId, quantity: Quantity, serves: Vec<Served>) {
        let offer = &market.offers[id];
        let license = &estate.licenses[offer.lot];
        let (fee, cost) = (offer.terms.fee, offer.terms.cost(quantity));
        if quantity.is_zero() {
            return;
        }
        let unit_price = unit_price(market, id, quantity);
        let idle = idle(&offer.terms, quantity, &serves);
        if offer.is_renewal {
            let (offer, license) = (offer.id.clone(), license.id.clone());
            self.renew.push(Extension { offer, license, quantity, unit_price, fee, cost, serves, idle });
            return;
        }
        self.buy.push(Purchase {
            offer: offer.id.clone(),
            sku: estate.skus[license.sku].id.clone(),
            scope: estate.scopes[license.scope].id.clone(),
            quantity,
            packs: Quantity::new(quantity.get() / offer.terms.pack.get()),
            unit_price,
            fee,
            cost,
            serves,
            idle,
        });
    }
}

/// Units that serve nothing: a path has at most one unit of a lot.
fn idle(terms: &Terms, quantity: Quantity, serves: &[Served]) -> Option<Idle> {
    let idle = quantity - serves.iter().map(|served| served.quantity).sum();
    let fewer = quantity - terms.pack;
    let reason = if idle < terms.pack {
        Some(IdleReason::Pack(terms.pack))
    } else if fewer < terms.least {
        Some(IdleReason::Least(terms.least))
    } else {
        // At equal cost fewer units are better, so that only more cost keeps them.
        (terms.cost(fewer) > terms.cost(quantity)).then_some(IdleReason::Tier)
    };
    (!idle.is_zero()).then_some(Idle { quantity: idle, reason })
}

fn unit_price(market: &Market, offer: OfferId, quantity: Quantity) -> Money {
    let terms = &market.offers[offer].terms;
    let units = terms.cost(quantity) - i128::from(terms.fee.units());
    let reached = terms.tiers.partition_point(|tier| tier.from <= quantity);
    match terms.tier_rule {
        TierRule::AllUnits => terms.tiers[reached - 1].price,
        TierRule::Incremental => {
            let count = i128::from(quantity.get());
            Money::from_units(i64::try_from((2 * units + count).div_euclid(2 * count)).expect("a mean of prices"))
        }
    }
}

fn times(quantity: Quantity, cost: Money) -> i128 {
    i128::from(quantity.get()) * i128::from(cost.units())
}

fn place(estate: &Estate, key: &DemandKey) -> Place {
    Place {
        scope: estate.scopes[key.scope].id.clone(),
        contract: key.contract.map(|contract| estate.contracts[contract].clone()),
        asset: key.asset.map(|asset| estate.assets[asset].clone()),
        user: key.user.map(|user| estate.users[user].clone()),
    }
}

fn named(estate: &Estate, version: Option<VersionId>, scope: ScopeId, quantity: Quantity) -> Served {
    let version = version.map(|version| estate.version_text(version));
    Served { version, scope: estate.scopes[scope].id.clone(), quantity }
}

fn marginal(estate: &Estate, marginals: &Marginals) -> Vec<Marginal> {
    let install = |&(key, change): &(DemandKey, Change)| Marginal::Install {
        version: estate.version_text(key.version),
        scope: estate.scopes[key.scope].id.clone(),
        contract: key.contract.map(|contract| estate.contracts[contract].clone()),
        change,
    };
    let unit = |&(license, change): &(LicenseId, Change)| Marginal::Unit {
        license: estate.licenses[license].id.clone(),
        change,
    };
    marginals.installs.iter().map(install).chain(marginals.units.iter().map(unit)).collect()
}

/// Where a row ends: what it covers, and where.
fn end(row: &Row) -> (Option<VersionId>, ScopeId) {
    match row.destination {
        Destination::Demand(key) => (Some(key.version), key.scope),
        Destination::SetAside(aside) => (None, aside.scope),
    }
}

/// Of each offer what its units serve.
fn served_by(estate: &Estate, market: &Market, rows: &[Row]) -> Table<OfferId, Vec<Served>> {
    let offer_of: BTreeMap<LicenseId, OfferId> = market.offers.enumerate().map(|(id, offer)| (offer.lot, id)).collect();
    let mut served: Table<OfferId, BTreeMap<(Option<VersionId>, ScopeId), Quantity>> =
        Table::filled(BTreeMap::new(), market.offers.len());
    for row in rows {
        for offer in row.path.iter().filter_map(|unit| offer_of.get(&unit.license)) {
            *served[*offer].entry(end(row)).or_default() += row.quantity;
        }
    }
    let named_rows = |served: &BTreeMap<(Option<VersionId>, ScopeId), Quantity>| {
        served.iter().map(|(&(version, scope), &quantity)| named(estate, version, scope, quantity)).collect()
    };
    Table::new(served.iter().map(named_rows).collect())
}

/// Units that are used where only a transfer brings them; a reserved unit that is set aside counts where it is.
fn transfers(estate: &Estate, rows: &[Row]) -> Vec<Transferred> {
    let mut moved: BTreeMap<(LicenseId, ScopeId), (Quantity, Money)> = BTreeMap::new();
    for row in rows {
        let (version, scope) = end(row);
        let pays = |reserved: Option<Target>| version.is_some() || reserved.is_none();
        for unit in row.path.iter().filter(|unit| pays(unit.reserved_for)) {
            let from = estate.licenses[unit.license].scope;
            if !estate.scope_and_above(scope).any(|above| above == from) {
                let cost = transfer_cost(estate, from, scope).expect("a lawful path is used where it may be");
                moved.entry((unit.license, scope)).or_insert((Quantity::ZERO, cost)).0 += row.quantity;
            }
        }
    }
    let line = |((license, to), (quantity, unit_price)): ((LicenseId, ScopeId), (Quantity, Money))| Transferred {
        license: estate.licenses[license].id.clone(),
        from: estate.scopes[estate.licenses[license].scope].id.clone(),
        to: estate.scopes[to].id.clone(),
        quantity,
        unit_price,
        cost: times(quantity, unit_price),
    };
    moved.into_iter().map(line).collect()
}

/// The cheapest transfer of a license in `from` that brings it to `to`.
fn transfer_cost(estate: &Estate, from: ScopeId, to: ScopeId) -> Option<Money> {
    let above: Vec<ScopeId> = estate.scope_and_above(to).collect();
    let usable = estate.transfers.iter().filter(|transfer| transfer.from == from && above.contains(&transfer.to));
    usable.map(|transfer| transfer.cost).min()
}
