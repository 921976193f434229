//! A small seeded generator of numbers: `SplitMix64` (Steele, Lea and Flood 2014).

/// A stream of numbers that its seed determines.
pub(crate) struct Random(u64);

impl Random {
    /// The stream of `seed`.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from `least` to `most`, both included.
    pub(crate) fn within(&mut self, least: i64, most: i64) -> i64 {
        let span = u128::from(most.abs_diff(least)) + 1;
        let offset = (u128::from(self.next()) * span) >> 64;
        i64::try_from(i128::from(least) + i128::try_from(offset).expect("below 2^64")).expect("between two words")
    }

    /// An index below `count`.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        let most = i64::try_from(count).expect("counts are small") - 1;
        usize::try_from(self.within(0, most)).expect("not negative")
    }

    /// True once in `times`.
    pub(crate) fn one_in(&mut self, times: i64) -> bool {
        self.within(1, times) == 1
    }
}
