//! The order in which a market or a bound compares levels.

use crate::figures::Objective;
use model::market::Market;
use model::objective::{LEVELS, Level};

/// Levels that may be weighed: those above spend.
const WEIGHABLE: usize = Level::Spend.index();

/// What a unit at a level adds to others, by level: to spend, and to those that stand after it.
pub type Weight = [i64; LEVELS];

/// The weights of the first three levels; none where the level stands above spend.
pub type Weights = [Option<Weight>; WEIGHABLE];

/// The weights of a market: uncovered installs add what a shortage costs to spend, if it has a price.
#[must_use]
pub fn weights_of(market: &Market) -> Weights {
    market.weights().map(|weight| weight.map(|weight| adding(Level::Spend, weight.units())))
}

/// A weight that adds to one level.
#[must_use]
pub const fn adding(level: Level, amount: i64) -> Weight {
    let mut weight = [0; LEVELS];
    weight[level.index()] = amount;
    weight
}

/// The order in which a market or a bound compares levels: first those of the first three levels that are not
/// weighed, then spend, then units bought, the weighed levels themselves, and the rest; each with what the weighed
/// levels add to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    levels: [Level; LEVELS],
    positions: [usize; LEVELS],
    weights: Weights,
}

impl Default for Order {
    /// That of the levels themselves.
    fn default() -> Self {
        Self::of([None; WEIGHABLE])
    }
}

impl Order {
    /// The order that weights make.
    #[must_use]
    pub fn of(weights: Weights) -> Self {
        // Stable: within each part the levels keep their order.
        let mut levels = Level::ALL;
        levels.sort_by_key(|&level| match level {
            _ if level < Level::Spend && weights[level.index()].is_some() => 2,
            _ if level <= Level::Spend => 0,
            Level::UnitsBought => 1,
            _ => 3,
        });
        let mut positions = [0; LEVELS];
        for (position, level) in levels.into_iter().enumerate() {
            positions[level.index()] = position;
        }
        Self { levels, positions, weights }
    }

    /// The level at a position of the order.
    #[must_use]
    pub fn level(&self, position: usize) -> Level {
        self.levels[position]
    }

    /// Where in the order a level stands.
    #[must_use]
    pub fn position(&self, level: Level) -> usize {
        self.positions[level.index()]
    }

    /// So much at one level, in this order.
    #[inline]
    #[must_use]
    pub fn at(&self, level: Level, amount: i128) -> Objective {
        let mut ordered = [0; LEVELS];
        ordered[self.position(level)] = amount;
        self.add_weight(&mut ordered, level.index(), amount);
        ordered
    }

    /// What stands level by level, in this order.
    #[must_use]
    pub fn of_levels(&self, levels: &Objective) -> Objective {
        let mut ordered = self.levels.map(|level| levels[level.index()]);
        for (index, &amount) in levels.iter().enumerate() {
            self.add_weight(&mut ordered, index, amount);
        }
        ordered
    }

    fn add_weight(&self, ordered: &mut Objective, index: usize, amount: i128) {
        if let Some(&Some(weight)) = self.weights.get(index) {
            for (position, &more) in self.positions.iter().zip(&weight) {
                ordered[*position] += amount * i128::from(more);
            }
        }
    }
}
