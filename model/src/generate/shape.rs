//! How large a draft is, and the randomness it is drawn from.

/// Size of a drawn estate: the most of each that is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Scopes; one is the implied scope half of the time.
    pub scopes: usize,
    /// Titles; at least one is drawn.
    pub titles: usize,
    /// Versions of a title.
    pub versions: usize,
    /// SKUs; at least two are drawn.
    pub skus: usize,
    /// Licenses; at least two are drawn.
    pub licenses: usize,
    /// Install rows.
    pub installs: usize,
    /// Assignments.
    pub assignments: usize,
    /// Assets to choose from.
    pub assets: usize,
    /// Users to choose from.
    pub users: usize,
    /// Contracts to choose from.
    pub contracts: usize,
    /// Units of a license or an install row.
    pub quantity: u64,
    /// Installs in all that count as demand, tracked titles apart.
    pub demand: u64,
    /// Per cent of the estates that place every license freely. In the others all licenses that upgrade
    /// rights connect have one scope and one contract, so that hardly any upgrade license is reached by
    /// entitlements that differ in where they may be used. With 60, about one estate of eight has one
    /// that is, and so is no plain network.
    pub mixed_percent: u64,
    /// Per cent of the SKUs of which one license may cover several installs: of an asset, of a user, of a suite.
    /// Above 0, most installs are of an asset.
    pub metric_percent: u64,
}

impl Shape {
    /// Small enough for exhaustive search: a handful of lots and about seven units of demand.
    pub const TINY: Self = Self {
        scopes: 4,
        titles: 3,
        versions: 4,
        skus: 6,
        licenses: 6,
        installs: 6,
        assignments: 4,
        assets: 3,
        users: 2,
        contracts: 2,
        quantity: 3,
        demand: 7,
        mixed_percent: 60,
        metric_percent: 0,
    };

    /// As small, with several installs of an asset and a user, many of which one license may cover.
    pub const METRICS: Self =
        Self { scopes: 3, versions: 2, skus: 4, licenses: 5, assignments: 2, metric_percent: 60, ..Self::TINY };

    /// Small, with more assignments than [`Self::TINY`]; still within reach of exhaustive search.
    pub const SMALL: Self = Self { licenses: 9, installs: 12, assignments: 9, demand: 14, ..Self::TINY };

    /// Tens of titles and hundreds of installs, for properties that need no exhaustive search.
    pub const LARGE: Self = Self {
        scopes: 12,
        titles: 30,
        versions: 4,
        skus: 80,
        licenses: 150,
        installs: 400,
        assignments: 120,
        assets: 90,
        users: 60,
        contracts: 4,
        quantity: 12,
        demand: 2_000,
        mixed_percent: 60,
        metric_percent: 0,
    };
}

/// The generator `SplitMix64`: a counter and a mixing function, 2^64 numbers before it repeats.
#[derive(Clone, Debug)]
pub struct SplitMix64(u64);

impl SplitMix64 {
    /// Starts at a seed; neighboring seeds give unrelated numbers.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    #[must_use]
    pub const fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`; the bias of the remainder is below 2^-32 for bounds below 2^32.
    #[must_use]
    pub fn below(&mut self, bound: usize) -> usize {
        assert!(bound > 0, "nothing is below zero");
        usize::try_from(self.next_u64() % bound as u64).expect("a remainder is below its divisor")
    }

    /// True in so many of a hundred cases.
    #[must_use]
    pub fn percent(&mut self, percent: u64) -> bool {
        self.next_u64() % 100 < percent
    }

    /// One of the given.
    #[must_use]
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// Puts the rows in random order (Fisher and Yates).
    pub fn shuffle<T>(&mut self, rows: &mut [T]) {
        for last in (1..rows.len()).rev() {
            rows.swap(last, self.below(last + 1));
        }
    }
}
