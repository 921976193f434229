//! Prices as the evidence lists them, laid out by fact.

use crate::allocation::DemandKey;
use crate::evidence::{NO_PRICE, Price, Prices};
use crate::facts::{DemandCursor, Facts};
use crate::violation::{Law, Violation};
use model::estate::{Estate, Target};
use model::id::{LicenseId, Table, TitleId};
use model::number::Quantity;
use model::objective::LEVELS;
use std::collections::BTreeMap;

/// The price of every fact.
pub(crate) struct FactPrices {
    pub(crate) lots: Table<LicenseId, Price>,
    pub(crate) reserved: Vec<Price>,
    pub(crate) demands: DemandPrices,
    /// By title assignment: what meeting it is worth.
    pub(crate) met: Vec<Price>,
    /// By title assignment: what setting aside for it costs.
    pub(crate) aside: Vec<Price>,
}

/// The prices of demands, each different one once: demand for a version in a place mostly has one.
pub(crate) struct DemandPrices {
    /// By demand: which of the prices it has.
    pub(crate) which: Vec<u32>,
    /// No two alike; the first is nothing.
    pub(crate) different: Vec<Price>,
}

impl FactPrices {
    /// Lays the prices out.
    ///
    /// # Errors
    /// Every price below zero, of a fact that is not there, or beside another of the same fact.
    pub(crate) fn of(facts: &Facts<'_>, prices: &Prices) -> Result<Self, Vec<Violation>> {
        let mut violations = Vec::new();
        let mut refuse = |what: String| violations.push(Violation::new(Law::PriceForm, what));
        let estate = facts.estate;
        let mut slots = Self {
            lots: Table::filled(NO_PRICE, estate.licenses.len()),
            reserved: vec![NO_PRICE; facts.reserved.len()],
            demands: DemandPrices::of(facts, &prices.demands, &mut refuse),
            met: vec![NO_PRICE; facts.title_assignments.len()],
            aside: vec![NO_PRICE; facts.title_assignments.len()],
        };
        for &(license, price) in &prices.licenses {
            set(&mut slots.lots[license], price, || license_words(estate, license), &mut refuse);
        }
        for &(license, target, price) in &prices.reserved {
            let what = || license_words(estate, license);
            match facts.reserved(license, target) {
                Some(index) => set(&mut slots.reserved[index], price, what, &mut refuse),
                None => refuse(format!("{} has no unit reserved for that target", what())),
            }
        }
        for row in &prices.assignments {
            let what = || assignment_words(estate, row.title, row.target);
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

    /// The largest absolute value of a price at each level.
    pub(crate) fn largest(&self) -> [u64; LEVELS] {
        let mut largest = [0; LEVELS];
        let of_assignments = self.met.iter().chain(&self.aside);
        for price in self.lots.iter().chain(&self.reserved).chain(&self.demands.different).chain(of_assignments) {
            for (largest, amount) in largest.iter_mut().zip(price) {
                *largest = amount.unsigned_abs().max(*largest);
            }
        }
        largest
    }
}

impl DemandPrices {
    fn of(facts: &Facts<'_>, prices: &[(DemandKey, Price)], refuse: &mut impl FnMut(String)) -> Self {
        let mut demands = Self { which: vec![0; facts.demands.len()], different: vec![NO_PRICE] };
        let mut known = BTreeMap::from([(NO_PRICE, 0)]);
        let mut cursor = DemandCursor::default();
        let mut last = 0;
        for (key, price) in prices {
            let Some(index) = cursor.find(facts, key) else {
                refuse(format!("{} is not there", demand_words(facts.estate, key)));
                continue;
            };
            if *price != demands.different[last] {
                last = *known.entry(*price).or_insert_with(|| {
                    demands.different.push(*price);
                    demands.different.len() - 1
                });
            }
            if *price < NO_PRICE {
                refuse(format!("the price of {} is below zero", demand_words(facts.estate, key)));
            } else if demands.which[index] != 0 {
                refuse(format!("{} is priced twice", demand_words(facts.estate, key)));
            }
            demands.which[index] = u32::try_from(last).expect("there are at most as many prices as demands");
        }
        demands
    }

    /// The price of a demand, by its index.
    pub(crate) fn of_demand(&self, index: usize) -> &Price {
        &self.different[self.which[index] as usize]
    }

    /// The quantity of the demand that has each of the prices.
    pub(crate) fn quantities(&self, facts: &Facts<'_>) -> Vec<Quantity> {
        let mut quantities = vec![Quantity::ZERO; self.different.len()];
        for (demand, &which) in facts.demands.iter().zip(&self.which) {
            quantities[which as usize] += demand.quantity;
        }
        quantities
    }
}

fn set(slot: &mut Price, price: Price, what: impl Fn() -> String, refuse: &mut impl FnMut(String)) {
    if price < NO_PRICE {
        refuse(format!("the price of {} is below zero", what()));
    } else if *slot != NO_PRICE {
        refuse(format!("{} is priced twice", what()));
    }
    *slot = price;
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
