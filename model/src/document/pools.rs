//! Pools of installs: like ones together, each with the place of its first row.
//!
//! Installs are alike if they agree in version, scope and contract; those of an asset or a user that has an
//! assignment are also told apart by it. Findings about a whole estate speak of pools, never of rows. Excluded
//! installs and rows without any install are in none. Memory is in proportion to the pools. While rows are read
//! only first places are kept: nearly every row costs the look at one bit. Quantities are added up in the end,
//! from the installs in canonical order.

use super::assignments::{AssignmentFacts, TargetNumber};
use super::installs::Parts;
use crate::diagnostic::Place;
use crate::estate::Install;
use crate::id::{AssetId, ContractId, Id, ScopeId, UserId, VersionId};
use crate::lints::InstallPool;
use crate::number::Quantity;

/// Keys that are looked up and never walked through, so that their order cannot matter.
type Seen = std::collections::HashSet<Key, foldhash::fast::RandomState>;

/// Most pairs of a version and a scope for which a bit is kept: 8 MiB.
const BITS_MAX: usize = 1 << 26;

/// The pools in the order of first mention.
#[derive(Debug)]
pub(crate) struct Pools {
    tied: Tied,
    rows: Vec<(Key, Place)>,
    /// Whether there is a pool of a version in a scope without contract, asset and user; empty if there are too
    /// many of those.
    bits: Vec<u64>,
    scope_count: usize,
    /// The other pools.
    others: Seen,
}

/// What tells pools apart; as in [`Parts`], `0` stands for no text, and for one that does not matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    version: VersionId,
    scope: ScopeId,
    contract: u32,
    asset: u32,
    user: u32,
}

/// Where texts stand in the end, by their numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Positions<'p> {
    pub(crate) contracts: &'p [u32],
    pub(crate) assets: &'p [u32],
    pub(crate) users: &'p [u32],
}

/// The assets and users that have an assignment, by the numbers of their texts.
#[derive(Debug, Default)]
pub(crate) struct Tied {
    assets: Vec<bool>,
    users: Vec<bool>,
}

impl Tied {
    pub(crate) fn new(assignments: &[AssignmentFacts]) -> Self {
        let mut tied = Self::default();
        for assignment in assignments {
            let (numbers, number) = match assignment.target {
                TargetNumber::Asset(number) => (&mut tied.assets, number as usize),
                TargetNumber::User(number) => (&mut tied.users, number as usize),
            };
            numbers.resize(numbers.len().max(number + 1), false);
            numbers[number] = true;
        }
        tied
    }

    /// The same by final positions.
    fn finish(&self, positions: &Positions<'_>) -> Self {
        let moved = |tied: &[bool], positions: &[u32]| {
            let mut moved = vec![false; positions.len()];
            for (&is_tied, &position) in tied.iter().zip(positions) {
                moved[position as usize] = is_tied;
            }
            moved
        };
        Self { assets: moved(&self.assets, positions.assets), users: moved(&self.users, positions.users) }
    }
}

/// The number of a text in [`Parts`] if it is among `tied`, else `0`.
fn if_tied(number: u32, tied: &[bool]) -> u32 {
    let is_tied = number.checked_sub(1).and_then(|index| tied.get(index as usize)).is_some_and(|&is_tied| is_tied);
    if is_tied { number } else { 0 }
}

impl Pools {
    pub(crate) fn new(tied: Tied, version_count: usize, scope_count: usize) -> Self {
        let bit_count = version_count.checked_mul(scope_count).filter(|&count| count <= BITS_MAX).unwrap_or(0);
        let bits = vec![0; bit_count.div_ceil(u64::BITS as usize)];
        Self { tied, rows: Vec::new(), bits, scope_count, others: Seen::default() }
    }

    /// Notes the place of a row if it is the first of its pool.
    pub(crate) fn add(&mut self, parts: &Parts, quantity: Quantity, place: Place) {
        if parts.reason != 0 || quantity.is_zero() {
            return;
        }
        let &Parts { version, scope, contract, asset, user, .. } = parts;
        let (asset, user) = (if_tied(asset, &self.tied.assets), if_tied(user, &self.tied.users));
        let key = Key { version, scope, contract, asset, user };
        if self.is_new(&key) {
            self.rows.push((key, place));
        }
    }

    /// Whether the pool has not been seen before; from now on it has.
    fn is_new(&mut self, key: &Key) -> bool {
        let index = key.version.index() * self.scope_count + key.scope.index();
        let (word, bit) = (index / u64::BITS as usize, 1 << (index % u64::BITS as usize));
        match self.bits.get_mut(word) {
            Some(word) if key.contract == 0 && key.asset == 0 && key.user == 0 => {
                let is_new = *word & bit == 0;
                *word |= bit;
                is_new
            }
            _ => self.others.insert(*key),
        }
    }

    /// The pools in canonical order, with the quantities of the installs, which are in canonical order too.
    pub(crate) fn finish(self, installs: &[Install], positions: &Positions<'_>) -> Vec<InstallPool> {
        let position =
            |number: u32, positions: &[u32]| number.checked_sub(1).map(|number| positions[number as usize] as usize);
        let mut pools: Vec<InstallPool> = (self.rows.iter())
            .map(|&(key, place)| InstallPool {
                version: key.version,
                scope: key.scope,
                contract: position(key.contract, positions.contracts).map(ContractId::at),
                asset: position(key.asset, positions.assets).map(AssetId::at),
                user: position(key.user, positions.users).map(UserId::at),
                quantity: Quantity::ZERO,
                place,
            })
            .collect();
        pools.sort_unstable();
        add_quantities(&mut pools, installs, &self.tied.finish(positions));
        pools
    }
}

fn add_quantities(pools: &mut [InstallPool], installs: &[Install], tied: &Tied) {
    let mut rest = pools;
    for run in installs.chunk_by(|one, other| place_of(one) == place_of(other)) {
        let place = place_of(&run[0]);
        let of_pool = |pool: &InstallPool| (pool.version, pool.scope, pool.contract);
        let first = rest.partition_point(|pool| of_pool(pool) < place);
        rest = &mut rest[first..];
        let count = rest.partition_point(|pool| of_pool(pool) == place);
        for install in run.iter().filter(|install| install.excluded.is_none() && !install.quantity.is_zero()) {
            let asset = install.asset.filter(|asset| tied.assets.get(asset.index()) == Some(&true));
            let user = install.user.filter(|user| tied.users.get(user.index()) == Some(&true));
            let found = rest[..count].binary_search_by_key(&(asset, user), |pool| (pool.asset, pool.user));
            rest[found.expect("every install that counts is in a pool")].quantity += install.quantity;
        }
    }
}

fn place_of(install: &Install) -> (VersionId, ScopeId, Option<ContractId>) {
    (install.version, install.scope, install.contract)
}
