//! The order in which a market or a bound compares levels.

use crate::figures::Objective;
use model::number::Money;
use model::objective::{LEVELS, Level};

/// Levels that may be weighed: those above spend.
const WEIGHABLE: usize = Level::Spend.index();

/// The order in which a market or a bound compares levels: first those of the first three that are not weighed, then
/// spend with what the weighed ones add to it, then units bought, the weighed levels themselves, and the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    levels: [Level; LEVELS],
    positions: [usize; LEVELS],
    weights: [Option<Money>; WEIGHABLE],
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
    pub fn of(weights: [Option<Money>; WEIGHABLE]) -> Self {
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
        if let Some(&Some(weight)) = self.weights.get(level.index()) {
            ordered[self.position(Level::Spend)] += amount * i128::from(weight.units());
        }
        ordered
    }

    /// What stands level by level, in this order.
    #[must_use]
    pub fn of_levels(&self, levels: &Objective) -> Objective {
        let mut ordered = self.levels.map(|level| levels[level.index()]);
        for (amount, weight) in levels.iter().zip(self.weights) {
            let weight = weight.map_or(0, Money::units);
            ordered[self.position(Level::Spend)] += amount * i128::from(weight);
        }
        ordered
    }
}
