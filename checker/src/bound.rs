//! The bound: prices on facts, checked against every lawful path, added up.
//!
//! Let c be what a unit of flow on a path adds to the objective, rewards negative. If for every lawful
//! path c plus the prices of what it uses is at least zero, then no allocation is better than the
//! value of doing nothing less the prices of all there is: linear-programming duality, over integers
//! ordered level by level.

use crate::allocation::DemandKey;
use crate::count::stretch;
use crate::evidence::{NO_PRICE, Price, Prices};
use crate::facts::{DemandCursor, Facts, MetBy};
use crate::figures::Objective;
use crate::lawful::{Ending, Places, Tariff, lightest_paths};
use crate::violation::{Law, Violation};
use model::estate::{Estate, Sku, Target};
use model::id::{LicenseId, Table, TitleId, VersionId};
use model::number::{Money, Quantity};
use model::objective::{LEVELS, Level, STRETCH_UPGRADE};
use std::collections::BTreeMap;
use std::ops::{Add, Range};

/// A sum of prices and costs, compared level by level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Worth([i128; LEVELS]);

impl Worth {
    const NOTHING: Self = Self([0; LEVELS]);

    fn of(price: Price) -> Self {
        Self(price.map(i128::from))
    }

    fn at(level: Level, amount: i128) -> Self {
        let mut levels = [0; LEVELS];
        levels[level.index()] = amount;
        Self(levels)
    }

    /// So many times; prices are `i64` and quantities stay below 10^15, so nothing overflows.
    fn times(self, count: u64) -> Self {
        Self(self.0.map(|amount| amount * i128::from(count)))
    }

    fn minus(self, other: Self) -> Self {
        Self(std::array::from_fn(|level| self.0[level] - other.0[level]))
    }
}

impl Add for Worth {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(std::array::from_fn(|level| self.0[level] + other.0[level]))
    }
}

/// The prices, by fact.
struct PricedFacts<'f, 'e> {
    facts: &'f Facts<'e>,
    lots: Table<LicenseId, Worth>,
    reserved: Vec<Worth>,
    demands: DemandPrices,
    met: Vec<Worth>,
    aside: Vec<Worth>,
}

/// The prices of demands, each different one once: demand for a version in a place mostly has one.
struct DemandPrices {
    /// By demand: which of the prices it has.
    which: Vec<u32>,
    /// No two alike; the first is nothing.
    different: Vec<Worth>,
    known: BTreeMap<Price, u32>,
}

/// Checks the prices against every lawful path and adds them up to the bound, where there is one.
pub(crate) fn check(facts: &Facts<'_>, places: &Places, prices: &Prices) -> (Vec<Violation>, Option<Objective>) {
    let tariff = match PricedFacts::of(facts, prices) {
        Ok(tariff) => tariff,
        Err(violations) => return (violations, None),
    };
    let mut violations = Vec::new();
    lightest_paths(facts, places, &tariff, |ending, weight| {
        if let Some(worth) = tariff.least_at_end(&ending, weight).filter(|&worth| worth < Worth::NOTHING) {
            violations.push(Violation::new(
                Law::PriceLaw,
                format!("a path to {} is worth {:?}", words(facts, &ending), worth.0),
            ));
        }
    });
    let bound = tariff.bound().map(|bound| bound.0);
    if bound.is_none() {
        violations.push(Violation::new(Law::Bound, "an unlimited license has a price"));
    }
    (violations, bound)
}

fn words(facts: &Facts<'_>, ending: &Ending) -> String {
    let estate = facts.estate;
    match *ending {
        Ending::Demands(Range { start, .. }) => {
            format!("demand of `{}`", estate.version_text(facts.demands[start].key.version))
        }
        Ending::TitleAssignment(index) => {
            format!("the assignment of `{}`", estate.titles[facts.title_assignments[index].title].id)
        }
        Ending::Reserved(index) => format!("the assignment of `{}`", estate.licenses[facts.reserved[index].license].id),
    }
}

impl DemandPrices {
    fn of(facts: &Facts<'_>, prices: &[(DemandKey, Price)], refuse: &mut impl FnMut(String)) -> Self {
        let mut demands = Self {
            which: vec![0; facts.demands.len()],
            different: vec![Worth::NOTHING],
            known: BTreeMap::from([(NO_PRICE, 0)]),
        };
        let mut cursor = DemandCursor::default();
        let mut last = (NO_PRICE, 0);
        for (key, price) in prices {
            let Some(index) = cursor.find(facts, key) else {
                refuse(format!("{} is not there", demand_words(facts.estate, key)));
                continue;
            };
            if *price != last.0 {
                last = (*price, demands.place_of(*price));
            }
            if *price < NO_PRICE {
                refuse(format!("the price of {} is below zero", demand_words(facts.estate, key)));
            } else if demands.which[index] != 0 {
                refuse(format!("{} is priced twice", demand_words(facts.estate, key)));
            }
            demands.which[index] = last.1;
        }
        demands
    }

    fn place_of(&mut self, price: Price) -> u32 {
        *self.known.entry(price).or_insert_with(|| {
            self.different.push(Worth::of(price));
            u32::try_from(self.different.len() - 1).expect("there are at most as many prices as demands")
        })
    }

    /// What all demand pays: each price times the demand that has it.
    fn total(&self, facts: &Facts<'_>) -> Worth {
        let mut quantities = vec![Quantity::ZERO; self.different.len()];
        for (demand, &which) in facts.demands.iter().zip(&self.which) {
            quantities[which as usize] += demand.quantity;
        }
        let paid = self.different.iter().zip(quantities).map(|(&worth, quantity)| worth.times(quantity.get()));
        paid.fold(Worth::NOTHING, Worth::add)
    }
}

impl<'f, 'e> PricedFacts<'f, 'e> {
    fn of(facts: &'f Facts<'e>, prices: &Prices) -> Result<Self, Vec<Violation>> {
        let mut violations = Vec::new();
        let mut refuse = |what: String| violations.push(Violation::new(Law::PriceForm, what));
        let mut slots = Self {
            facts,
            lots: Table::filled(Worth::NOTHING, facts.estate.licenses.len()),
            reserved: vec![Worth::NOTHING; facts.reserved.len()],
            demands: DemandPrices::of(facts, &prices.demands, &mut refuse),
            met: vec![Worth::NOTHING; facts.title_assignments.len()],
            aside: vec![Worth::NOTHING; facts.title_assignments.len()],
        };
        for &(license, price) in &prices.licenses {
            set(&mut slots.lots[license], price, || license_words(facts.estate, license), &mut refuse);
        }
        for &(license, target, price) in &prices.reserved {
            match facts.reserved(license, target) {
                Some(index) => {
                    set(&mut slots.reserved[index], price, || license_words(facts.estate, license), &mut refuse);
                }
                None => {
                    refuse(format!("{} has no unit reserved for that target", license_words(facts.estate, license)));
                }
            }
        }
        for row in &prices.assignments {
            let what = || assignment_words(facts.estate, row.title, row.target);
            match facts.title_assignment(row.title, row.target) {
                Some(index) => {
                    set(&mut slots.met[index], row.met, what, &mut refuse);
                    set(&mut slots.aside[index], row.aside, what, &mut refuse);
                }
                None => refuse(format!("{} is not there", what())),
            }
        }
        if violations.is_empty() { Ok(slots) } else { Err(violations) }
    }

    /// The least worth of a path of so much weight with its end; none if it ends nowhere.
    fn least_at_end(&self, ending: &Ending, weight: Worth) -> Option<Worth> {
        match *ending {
            Ending::Demands(ref run) => {
                // Neighbors mostly have the same end.
                let ends = run.clone().map(|index| (self.demands.which[index], self.facts.demands[index].meets));
                let mut least = None;
                let mut previous = None;
                for end in ends.filter(|&end| previous.replace(end) != Some(end)) {
                    let met = end.1.map_or(Worth::NOTHING, |index| self.met[index]);
                    let worth = weight + self.demands.different[end.0 as usize].minus(met);
                    least = Some(least.map_or(worth, |least: Worth| least.min(worth)));
                }
                least
            }
            Ending::TitleAssignment(index) => Some(weight + self.aside[index].minus(self.met[index])),
            Ending::Reserved(_) => Some(weight),
        }
    }

    /// No allocation has less than this; none where an unlimited license has a price.
    fn bound(&self) -> Option<Worth> {
        let facts = self.facts;
        let license_assignments = facts.reserved.len() + facts.dishonored.len();
        let mut bound = Worth::at(Level::LicenseAssignmentsUnmet, license_assignments as i128);
        for (license, &worth) in self.lots.enumerate() {
            match facts.lots[license].units {
                Some(units) => bound = bound.minus(worth.times(units.get())),
                None if worth == Worth::NOTHING => {}
                None => return None,
            }
        }
        for &worth in &self.reserved {
            bound = bound.minus(worth);
        }
        let demanded: Quantity = facts.demands.iter().map(|demand| demand.quantity).sum();
        bound = bound + Worth::at(Level::Uncovered, demanded.get().into());
        bound = bound.minus(self.demands.total(facts));
        let unmet = Worth::at(Level::TitleAssignmentsUnmet, 1);
        for (index, row) in facts.title_assignments.iter().enumerate() {
            if row.met_by != MetBy::Nothing {
                bound = bound + unmet.minus(unmet.minus(self.met[index]).max(Worth::NOTHING));
            }
            bound = bound.minus(self.aside[index]);
        }
        Some(bound)
    }
}

impl Tariff for PricedFacts<'_, '_> {
    type Weight = Worth;

    fn lot(&self, license: LicenseId) -> Worth {
        self.lots[license]
    }

    fn reserved(&self, index: usize) -> Worth {
        self.reserved[index] + Worth::at(Level::LicenseAssignmentsUnmet, -1)
    }

    fn part(&self, sku: &Sku) -> Worth {
        if sku.is_upgrade() {
            Worth::at(Level::Stretch, STRETCH_UPGRADE.into())
        } else {
            Worth::at(Level::Flexibility, sku.may_cover.len() as i128)
        }
    }

    fn transfer(&self, cost: Money) -> Worth {
        Worth::at(Level::TransferCost, cost.units().into())
    }

    fn cover(&self, sku: &Sku, version: VersionId) -> Worth {
        let stretch = stretch(self.facts.estate, sku.version, version);
        Worth::at(Level::Uncovered, -1) + Worth::at(Level::Stretch, stretch.into())
    }

    fn aside(&self) -> Worth {
        Worth::at(Level::SetAside, 1)
    }
}

fn set(slot: &mut Worth, price: Price, what: impl Fn() -> String, refuse: &mut impl FnMut(String)) {
    if price < NO_PRICE {
        refuse(format!("the price of {} is below zero", what()));
    } else if *slot != Worth::NOTHING {
        refuse(format!("{} is priced twice", what()));
    }
    *slot = Worth::of(price);
}

fn license_words(estate: &Estate, license: LicenseId) -> String {
    format!("license `{}`", estate.licenses[license].id)
}

fn demand_words(estate: &Estate, key: &DemandKey) -> String {
    format!("demand of `{}` in `{}`", estate.version_text(key.version), estate.scopes[key.scope].id)
}

fn assignment_words(estate: &Estate, title: TitleId, target: Target) -> String {
    let target = match target {
        Target::Asset(asset) => &estate.assets[asset],
        Target::User(user) => &estate.users[user],
    };
    format!("the assignment of `{}` to `{target}`", estate.titles[title].id)
}
