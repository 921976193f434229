//! The bound: what lawful paths are worth at given prices, and what the prices add up to.
//!
//! Let c be what a unit of flow on a path adds to the objective, rewards negative. If for every lawful
//! path c plus the prices of what it uses is at least zero, then no allocation is better than the
//! value of doing nothing less the prices of all there is: linear-programming duality, over integers
//! ordered level by level.

use crate::count::stretch;
use crate::evidence::{NO_PRICE, Price};
use crate::facts::{Facts, MetBy};
use crate::figures::Objective;
use crate::lawful::{Ending, Tariff};
use crate::prices::FactPrices;
use crate::violation::{Law, Violation};
use crate::worth::Scale;
use model::estate::Sku;
use model::id::{LicenseId, Table, VersionId};
use model::number::{Money, Quantity};
use model::objective::{LEVELS, Level, STRETCH_UPGRADE};
use std::ops::Range;

/// Whether the sum of the prices is anything but the objective.
pub(crate) fn violation(facts: &Facts<'_>, prices: &FactPrices, objective: &Objective) -> Option<Violation> {
    match bound(facts, prices) {
        Some(bound) if bound == *objective => None,
        Some(bound) => {
            Some(Violation::new(Law::Bound, format!("the prices bound {bound:?}, the objective is {objective:?}")))
        }
        None => Some(Violation::new(Law::Bound, "an unlimited license has a price")),
    }
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

/// What no sum of prices and costs along a path, nor any part of it, exceeds in absolute value.
pub(crate) fn largest_sums(facts: &Facts<'_>, prices: &FactPrices) -> [i128; LEVELS] {
    let largest = prices.largest();
    let flexibility = facts.estate.skus.iter().map(|sku| sku.may_cover.len()).max();
    // Each unit has a price, its part and its transfer. The end has two prices and what covering or
    // setting aside costs, and that is at no level more than what a unit may cost here.
    let summands = i128::from(facts.units_of_a_path_at_most()) + 2;
    std::array::from_fn(|index| {
        let cost = match Level::ALL[index] {
            Level::LicenseAssignmentsUnmet | Level::Uncovered | Level::SetAside => 1,
            Level::TitleAssignmentsUnmet | Level::Spend => 0,
            Level::TransferCost => facts.dearest_transfer().units().into(),
            Level::Stretch => STRETCH_UPGRADE.into(),
            Level::Flexibility => flexibility.unwrap_or_default() as i128,
        };
        summands * (i128::from(largest[index]) + cost)
    })
}

/// No allocation has less than this; none where an unlimited license has a price.
fn bound(facts: &Facts<'_>, prices: &FactPrices) -> Option<Objective> {
    let mut bound = [0; LEVELS];
    bound[Level::LicenseAssignmentsUnmet.index()] = (facts.reserved.len() + facts.dishonored.len()) as i128;
    let demanded: Quantity = facts.demands.iter().map(|demand| demand.quantity).sum();
    bound[Level::Uncovered.index()] = demanded.get().into();
    for (license, price) in prices.lots.enumerate().filter(|(_, price)| **price != NO_PRICE) {
        pay(&mut bound, price, facts.lots[license].units?);
    }
    for price in prices.reserved.iter().chain(&prices.aside) {
        pay(&mut bound, price, Quantity::ONE);
    }
    for (price, quantity) in prices.demands.different.iter().zip(prices.demands.quantities(facts)) {
        pay(&mut bound, price, quantity);
    }
    for (row, met) in facts.title_assignments.iter().zip(&prices.met) {
        if row.met_by == MetBy::Nothing {
            continue;
        }
        // Going without costs one, meeting it what it is worth: the lesser of the two is certain.
        let mut unmet = [0; LEVELS];
        unmet[Level::TitleAssignmentsUnmet.index()] = 1;
        for (bound, certain) in bound.iter_mut().zip(unmet.min(met.map(i128::from))) {
            *bound += certain;
        }
    }
    Some(bound)
}

/// Takes a price off so many times; quantities add up to at most 10^15, so nothing overflows.
fn pay(bound: &mut Objective, price: &Price, quantity: Quantity) {
    for (bound, &amount) in bound.iter_mut().zip(price) {
        *bound -= i128::from(amount) * i128::from(quantity.get());
    }
}

/// The prices, by fact, on one scale.
pub(crate) struct PricedFacts<'f, 'e, S: Scale> {
    facts: &'f Facts<'e>,
    scale: S,
    lots: Table<LicenseId, S::Worth>,
    reserved: Vec<S::Worth>,
    /// By demand: which of the prices it has.
    which: &'f [u32],
    demands: Vec<S::Worth>,
    met: Vec<S::Worth>,
    aside: Vec<S::Worth>,
}

impl<'f, 'e, S: Scale> PricedFacts<'f, 'e, S> {
    pub(crate) fn of(facts: &'f Facts<'e>, prices: &'f FactPrices, scale: S) -> Self {
        let all = |prices: &[Price]| prices.iter().map(|price| scale.of(price)).collect::<Vec<_>>();
        Self {
            facts,
            lots: Table::new(all(prices.lots.as_slice())),
            reserved: all(&prices.reserved),
            which: &prices.demands.which,
            demands: all(&prices.demands.different),
            met: all(&prices.met),
            aside: all(&prices.aside),
            scale,
        }
    }

    /// Whether a path of so much weight is priced below its cost.
    pub(crate) fn violation(&self, ending: &Ending, weight: S::Worth) -> Option<Violation> {
        let worth = self.least_at_end(ending, weight);
        let is_below = worth < self.scale.at(Level::Uncovered, 0);
        is_below.then(|| {
            let levels = self.scale.levels(worth);
            let what = format!("a path to {} is worth {levels:?}", words(self.facts, ending));
            Violation::new(Law::PriceLaw, what)
        })
    }

    /// The least worth of a path of so much weight with its end.
    fn least_at_end(&self, ending: &Ending, weight: S::Worth) -> S::Worth {
        match *ending {
            Ending::Demands(ref run) => {
                // Neighbors mostly have the same end.
                let ends = run.clone().map(|index| (self.which[index], self.facts.demands[index].meets));
                let mut least = None;
                let mut previous = None;
                for end in ends.filter(|&end| previous.replace(end) != Some(end)) {
                    let price = self.demands[end.0 as usize];
                    let worth = weight + end.1.map_or(price, |index| price - self.met[index]);
                    least = Some(least.map_or(worth, |least: S::Worth| least.min(worth)));
                }
                least.expect("a run has a demand")
            }
            Ending::TitleAssignment(index) => weight + (self.aside[index] - self.met[index]),
            Ending::Reserved(_) => weight,
        }
    }
}

impl<S: Scale> Tariff for PricedFacts<'_, '_, S> {
    type Weight = S::Worth;

    fn lot(&self, license: LicenseId) -> S::Worth {
        self.lots[license]
    }

    fn reserved(&self, index: usize) -> S::Worth {
        self.reserved[index] + self.scale.at(Level::LicenseAssignmentsUnmet, -1)
    }

    fn part(&self, sku: &Sku) -> S::Worth {
        if sku.is_upgrade() {
            self.scale.at(Level::Stretch, STRETCH_UPGRADE)
        } else {
            let versions = i64::try_from(sku.may_cover.len()).expect("versions are limited to 2^32");
            self.scale.at(Level::Flexibility, versions)
        }
    }

    fn transfer(&self, cost: Money) -> S::Worth {
        self.scale.at(Level::TransferCost, cost.units())
    }

    fn cover(&self, sku: &Sku, version: VersionId) -> S::Worth {
        let stretch = stretch(self.facts.estate, sku.version, version);
        self.scale.at(Level::Uncovered, -1) + self.scale.at(Level::Stretch, stretch)
    }

    fn aside(&self) -> S::Worth {
        self.scale.at(Level::SetAside, 1)
    }
}
