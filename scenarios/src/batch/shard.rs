//! Which scenarios a machine solves.

use super::Key;
use std::fmt;
use std::str::FromStr;

/// One of several shares of a batch.
///
/// Every scenario is in exactly one of them, and in which one depends on what it says alone: neither on the estate nor
/// on the other scenarios. Shares are about equal in number, not in work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shard {
    /// From 1 to the count.
    index: u32,
    /// How many there are.
    count: u32,
}

/// Why a text names no shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShardFault {
    /// It is not of the form `2/8`.
    Form,
    /// The first number is not from 1 to the second.
    Range,
}

impl Shard {
    /// All of a batch.
    pub const WHOLE: Self = Self { index: 1, count: 1 };

    /// The `index`th of `count`, counted from 1; none if there is no such.
    #[must_use]
    pub fn new(index: u32, count: u32) -> Option<Self> {
        (1..=count).contains(&index).then_some(Self { index, count })
    }

    /// Which one it is, counted from 1.
    #[must_use]
    pub const fn index(self) -> u32 {
        self.index
    }

    /// How many there are.
    #[must_use]
    pub const fn count(self) -> u32 {
        self.count
    }

    /// Whether a scenario is its own.
    #[must_use]
    pub fn owns(self, key: &Key) -> bool {
        let digits = key.scenario.get(..16).and_then(|digits| u64::from_str_radix(digits, 16).ok());
        let number = digits.expect("a digest has 64 hexadecimal digits");
        number % u64::from(self.count) == u64::from(self.index - 1)
    }
}

impl FromStr for Shard {
    type Err = ShardFault;

    fn from_str(text: &str) -> Result<Self, ShardFault> {
        let (index, count) = text.split_once('/').ok_or(ShardFault::Form)?;
        let number = |text: &str| {
            let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            if is_number { text.parse::<u32>().map_err(|_| ShardFault::Range) } else { Err(ShardFault::Form) }
        };
        Self::new(number(index)?, number(count)?).ok_or(ShardFault::Range)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

impl fmt::Display for ShardFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "expected a shard and how many there are, such as `2/8`",
            Self::Range => "shards are counted from 1 to their number, as in `1/8` to `8/8`",
        })
    }
}

impl std::error::Error for ShardFault {}

#[cfg(test)]
mod tests {
    use super::*;
    use model::digest::Encoder;

    #[test]
    fn a_shard_is_written_as_its_number_among_all() {
        assert_eq!("2/8".parse(), Ok(Shard { index: 2, count: 8 }));
        assert_eq!("1/1".parse(), Ok(Shard::WHOLE));
        for text in ["0/8", "9/8", "1/0", "1/99999999999"] {
            assert_eq!(text.parse::<Shard>(), Err(ShardFault::Range), "{text}");
        }
        for text in ["", "2", "2/", "/8", "a/8", "+2/8", "2/8/9", "2 / 8", "-1/8"] {
            assert_eq!(text.parse::<Shard>(), Err(ShardFault::Form), "{text}");
        }
    }

    #[test]
    fn every_scenario_is_in_one_shard_and_shards_are_about_equal() {
        let shards: Vec<Shard> = (1..=7).filter_map(|index| Shard::new(index, 7)).collect();
        let mut counts = [0_u32; 7];
        for number in 0..7_000 {
            let mut encoder = Encoder::new("test");
            encoder.number(number);
            let key = Key { estate: String::new(), scenario: encoder.finish() };
            let owners: Vec<usize> = (0..7).filter(|&index| shards[index].owns(&key)).collect();
            assert_eq!(owners.len(), 1);
            counts[owners[0]] += 1;
            assert!(Shard::WHOLE.owns(&key));
        }
        assert!(counts.iter().all(|count| (900..1_100).contains(count)), "{counts:?}");
    }
}
