//! The order in which levels are compared: that of a position, or that of a market.
//!
//! A market may count transfers as spend, and may give a level above spend a price: it then adds to spend and
//! stands itself right after the units bought. A bound may let it add to other levels too. Applying an order is linear,
//! so costs may be put in order before anything is solved.

use crate::graph::{FREE, Tuple};
use checker::plan::Weights;
use model::market::Market;
use model::objective::{LEVELS, Level};

/// How costs by level become what is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    /// The level at each position.
    levels: [Level; LEVELS],
    /// The position of spend.
    spend: usize,
    /// What a unit of each of the first three levels adds to others.
    weights: Weights,
    transfers_are_paid: bool,
}

impl Order {
    /// That of a position.
    pub(crate) fn of_position() -> Self {
        Self { levels: Level::ALL, spend: Level::Spend.index(), weights: [None; 3], transfers_are_paid: false }
    }

    /// That of a market, with a level of coverage weighed wherever a weight is given.
    pub(crate) fn new(market: &Market, weights: Weights) -> Self {
        let is_weighed = |level: &Level| weights.get(level.index()).is_some_and(Option::is_some);
        let coverage = &Level::ALL[..weights.len()];
        let paid = [Level::Spend, Level::UnitsBought];
        let rest = &Level::ALL[Level::UnitsBought.index() + 1..];
        let first = coverage.iter().filter(|level| !is_weighed(level));
        let weighed = coverage.iter().filter(|level| is_weighed(level));
        let mut in_order = first.chain(&paid).chain(weighed).chain(rest).copied();
        let levels: [Level; LEVELS] = std::array::from_fn(|_| in_order.next().expect("each level stands once"));
        let spend = levels.iter().position(|&level| level == Level::Spend).expect("spend is a level");
        Self { levels, spend, weights, transfers_are_paid: market.transfers_are_paid }
    }

    /// A cost by level, as it is compared.
    pub(crate) fn apply(&self, cost: Tuple) -> Tuple {
        let mut ordered = self.levels.map(|level| cost[level.index()]);
        for (weight, amount) in self.weights.iter().zip(cost).filter(|&(_, amount)| amount != 0) {
            for (level, ordered) in self.levels.iter().zip(&mut ordered) {
                *ordered += weight.map_or(0, |weight| weight[level.index()]) * amount;
            }
        }
        if self.transfers_are_paid {
            let transfer = self.levels.iter().position(|&level| level == Level::TransferCost);
            ordered[self.spend] += std::mem::take(&mut ordered[transfer.expect("transfers are a level")]);
        }
        ordered
    }

    /// What so much spend and so many units bought come to.
    pub(crate) fn bought(&self, spend: i64, units: i64) -> Tuple {
        let mut tuple = FREE;
        tuple[self.spend] = spend;
        tuple[self.spend + 1] = units;
        tuple
    }

    /// Spend without what weighed levels add to it, where they add to nothing else.
    pub(crate) fn paid(&self, value: &[i128; LEVELS]) -> i128 {
        let weighed = self.levels.iter().zip(value).filter_map(|(level, amount)| {
            let weight = self.weights.get(level.index()).copied().flatten()?;
            Some(i128::from(weight[Level::Spend.index()]) * amount)
        });
        value[self.spend] - weighed.sum::<i128>()
    }

    /// What the first three levels come to, where none adds to them.
    pub(crate) fn unmet(&self, value: &[i128; LEVELS]) -> [i128; 3] {
        let amount = |wanted: usize| {
            let position = self.levels.iter().position(|level| level.index() == wanted);
            value[position.expect("each level stands once")]
        };
        std::array::from_fn(amount)
    }

    /// The level that is compared at a position.
    pub(crate) const fn level(&self, position: usize) -> Level {
        self.levels[position]
    }

    /// The positions of spend and of the units bought.
    pub(crate) const fn spend(&self) -> usize {
        self.spend
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use checker::plan::adding;

    #[test]
    fn a_priced_shortage_is_spent_and_compared_after_the_units_bought() {
        let market = Market { transfers_are_paid: true, ..Market::default() };
        let order = Order::new(&market, [None, None, Some(adding(Level::Spend, 500))]);
        assert_eq!(order.apply([1, 2, 3, 40, 5, 6, 7, 8, 9]), [1, 2, 40 + 7 + 1_500, 5, 3, 6, 0, 8, 9]);
        assert_eq!(order.bought(40, 5), order.apply([0, 0, 0, 40, 5, 0, 0, 0, 0]));
    }

    #[test]
    fn the_order_of_a_position_changes_nothing() {
        assert_eq!(Order::of_position(), Order::new(&Market::default(), [None; 3]));
        assert_eq!(Order::of_position().apply([1, 2, 3, 4, 5, 6, 7, 8, 9]), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
}
