//! Choices in proportion to integer weights.

use crate::generate::SplitMix64;

/// The weight of the first rank; large enough that the hundred thousandth still has one.
const FIRST: u64 = 1 << 20;

/// The weight of a rank, from 0, after Zipf's law with exponent 1: the reciprocal of its number.
pub(super) fn zipf(rank: usize) -> u64 {
    FIRST / (rank as u64 + 1)
}

/// Positions to be drawn in proportion to their weights, each in logarithmic time.
#[derive(Clone, Debug)]
pub(super) struct Weights {
    /// The sum of the weights up to each position.
    cumulative: Vec<u64>,
}

impl Weights {
    pub(super) fn new(weights: impl IntoIterator<Item = u64>) -> Self {
        let sum = |total: &mut u64, weight: u64| {
            *total += weight;
            Some(*total)
        };
        Self { cumulative: weights.into_iter().scan(0, sum).collect() }
    }

    /// A position; none if no weight is above zero. The bias of the remainder is far below any weight.
    pub(super) fn draw(&self, random: &mut SplitMix64) -> Option<usize> {
        let total = self.cumulative.last().copied().filter(|&total| total > 0)?;
        let ticket = random.next_u64() % total;
        Some(self.cumulative.partition_point(|&end| end <= ticket))
    }
}
