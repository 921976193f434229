//! What the parts of a path are worth: prices of facts, and what a unit of flow adds to the objective.
//!
//! One tariff serves positions and plans. Costs stand at levels, prices in the order in which they are compared:
//! every cost goes through the order before it is put on a scale, and one unit at each level is put there once.

use crate::count::stretch;
use crate::evidence::Price;
use crate::facts::{Facts, Targets};
use crate::homes::{EndTariff, Homes};
use crate::lawful::{Ending, Tariff};
use crate::plan::Order;
use crate::prices::FactPrices;
use crate::worth::Scale;
use model::estate::Sku;
use model::id::{LicenseId, Table, VersionId};
use model::market::Reinstall;
use model::number::Money;
use model::objective::{LEVELS, Level, STRETCH_UPGRADE};

/// In which order levels are compared, and what a market adds to paths.
#[derive(Default)]
pub(crate) struct Rules {
    pub(crate) order: Order,
    /// None for a position, where nothing is bought or done.
    pub(crate) market: Option<MarketRules>,
}

/// What a market adds to paths.
pub(crate) struct MarketRules {
    /// The lots that are offered: how many of their units there are, reserved ones too, is for a plan to say.
    pub(crate) is_offered: Table<LicenseId, bool>,
    /// What may be put in the place of installs of a version that are demand.
    pub(crate) replacements: Table<VersionId, Vec<Reinstall>>,
    /// Whose installs stay as they are: all that something is assigned to, here or in another part of an estate.
    pub(crate) assigned: Targets,
    /// Whether the cost of transfers is spent.
    pub(crate) transfers_are_paid: bool,
}

impl Rules {
    /// Whether a license is of that kind.
    pub(crate) fn is_offered(&self, license: LicenseId) -> bool {
        self.market.as_ref().is_some_and(|market| market.is_offered[license])
    }

    /// Where the cost of transfers counts.
    fn transfer_level(&self) -> Level {
        match &self.market {
            Some(market) if market.transfers_are_paid => Level::Spend,
            _ => Level::TransferCost,
        }
    }
}

/// What no sum of prices and costs along a path, nor any part of it, exceeds in absolute value; nor one at any level.
pub(crate) fn largest_sums(facts: &Facts<'_>, homes: &Homes, prices: &FactPrices, rules: &Rules) -> [i128; LEVELS] {
    let largest = prices.largest();
    let flexibility = facts.estate.skus.iter().map(|sku| sku.may_cover.len()).max();
    let mut costs = Level::ALL.map(|level| match level {
        // No path costs anything at the second of these; one of it is held beside the others.
        Level::LicenseAssignmentsUnmet | Level::TitleAssignmentsUnmet | Level::Uncovered | Level::SetAside => 1,
        Level::Stretch => STRETCH_UPGRADE.into(),
        Level::Flexibility => flexibility.unwrap_or_default() as i128,
        Level::Spend | Level::UnitsBought | Level::TransferCost => 0,
    });
    costs[rules.transfer_level().index()] = facts.dearest_transfer().units().into();
    if let Some(market) = &rules.market {
        let replacements = market.replacements.iter().flatten();
        let dearest = replacements.map(|reinstall| reinstall.cost.units().unsigned_abs()).max();
        let spend = &mut costs[Level::Spend.index()];
        *spend = i128::from(dearest.unwrap_or_default()).max(*spend);
    }
    let mut ordered_costs = [0; LEVELS];
    for (level, cost) in Level::ALL.into_iter().zip(costs) {
        for (sum, cost) in ordered_costs.iter_mut().zip(rules.order.at(level, cost)) {
            *sum += cost.abs();
        }
    }
    // Each unit has its price, its part and its transfer. The end has two prices and what covering, replacing or
    // setting aside costs, and that is at no level more than what a unit may cost here.
    // One that covers several units of demand has as many ends.
    let ends = i128::try_from(homes.largest(facts)).expect("quantities fit their limit").max(1);
    let summands = i128::from(facts.units_of_a_path_at_most()) + 2 * ends;
    std::array::from_fn(|position| summands * (i128::from(largest[position]) + ordered_costs[position]))
}

/// The prices, by fact, on one scale.
pub(crate) struct PricedFacts<'f, 'e, S: Scale> {
    pub(crate) facts: &'f Facts<'e>,
    pub(crate) scale: S,
    rules: &'f Rules,
    /// One at each level.
    ones: [S::Worth; LEVELS],
    /// What a transfer is worth for each unit of its cost.
    transfer: S::Worth,
    lots: Table<LicenseId, S::Worth>,
    reserved: Vec<S::Worth>,
    /// By demand: which of the prices it has.
    which: &'f [u32],
    demands: Vec<S::Worth>,
    met: Vec<S::Worth>,
    aside: Vec<S::Worth>,
}

impl<'f, 'e, S: Scale> PricedFacts<'f, 'e, S> {
    pub(crate) fn of(facts: &'f Facts<'e>, prices: &'f FactPrices, rules: &'f Rules, scale: S) -> Self {
        let all = |prices: &[Price]| prices.iter().map(|price| scale.of(&price.map(i128::from))).collect::<Vec<_>>();
        let ones = Level::ALL.map(|level| scale.of(&rules.order.at(level, 1)));
        let lots = Table::new(all(prices.lots.as_slice()));
        let mut reserved = all(&prices.reserved);
        for worth in &mut reserved {
            *worth = *worth - ones[Level::LicenseAssignmentsUnmet.index()];
        }
        Self {
            facts,
            rules,
            transfer: ones[rules.transfer_level().index()],
            ones,
            lots,
            reserved,
            which: &prices.demands.which,
            demands: all(&prices.demands.different),
            met: all(&prices.met),
            aside: all(&prices.aside),
            scale,
        }
    }

    /// So much at one level.
    fn at(&self, level: Level, amount: i64) -> S::Worth {
        self.ones[level.index()] * i128::from(amount)
    }

    /// What demand is worth that has this one of the prices and meets that title assignment.
    fn end(&self, (which, meets): (u32, Option<usize>)) -> S::Worth {
        let price = self.demands[which as usize];
        meets.map_or(price, |index| price - self.met[index])
    }

    /// The least worth of a path of so much weight with its end; none if it ends nowhere.
    pub(crate) fn least_at_end(&self, ending: &Ending, weight: S::Worth) -> Option<S::Worth> {
        match *ending {
            Ending::Demands(ref run) => {
                // Neighbors mostly have the same end.
                let ends = run.clone().map(|index| (self.which[index], self.facts.demands[index].meets));
                let mut least = None;
                let mut previous = None;
                for end in ends.filter(|&end| previous.replace(end) != Some(end)) {
                    let worth = weight + self.end(end);
                    least = Some(least.map_or(worth, |least: S::Worth| least.min(worth)));
                }
                least
            }
            Ending::Replaced(ref run, reinstall) => {
                // Nothing is assigned to whose installs may be replaced, so that their demand meets nothing.
                let assigned = &self.rules.market.as_ref()?.assigned;
                let demands = run.clone().filter(|&index| !assigned.have(&self.facts.demands[index].key));
                let least = demands.map(|index| self.demands[self.which[index] as usize]).min()?;
                Some(weight + self.at(Level::Spend, reinstall.cost.units()) + least)
            }
            Ending::TitleAssignment(index) => Some(weight + (self.aside[index] - self.met[index])),
            Ending::Reserved(_) => Some(weight),
        }
    }
}

impl<S: Scale> EndTariff for PricedFacts<'_, '_, S> {
    fn nothing(&self) -> S::Worth {
        self.scale.of(&[0; LEVELS])
    }

    fn demand(&self, index: usize) -> S::Worth {
        self.end((self.which[index], self.facts.demands[index].meets))
    }
}

impl<S: Scale> Tariff for PricedFacts<'_, '_, S> {
    type Weight = S::Worth;

    fn lot(&self, license: LicenseId) -> S::Worth {
        self.lots[license]
    }

    fn reserved(&self, index: usize) -> S::Worth {
        self.reserved[index]
    }

    fn part(&self, sku: &Sku) -> S::Worth {
        if sku.is_upgrade() {
            self.at(Level::Stretch, STRETCH_UPGRADE)
        } else {
            let versions = i64::try_from(sku.may_cover.len()).expect("versions are limited to 2^32");
            self.at(Level::Flexibility, versions)
        }
    }

    fn transfer(&self, cost: Money) -> S::Worth {
        self.transfer * i128::from(cost.units())
    }

    fn cover(&self, sku: &Sku, version: VersionId) -> S::Worth {
        let stretch = stretch(self.facts.estate, sku, version);
        self.at(Level::Stretch, stretch) - self.ones[Level::Uncovered.index()]
    }

    fn aside(&self) -> S::Worth {
        self.ones[Level::SetAside.index()]
    }

    fn replacements(&self, version: VersionId) -> &[Reinstall] {
        self.rules.market.as_ref().map_or(&[], |market| &market.replacements[version])
    }
}
