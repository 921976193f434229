//! Pools of installs: like ones together, each with the place of its first row.
//!
//! Installs are alike if they agree in version, scope and contract; those of an asset or a user that has an
//! assignment are also told apart by it. Findings about a whole estate speak of pools, never of rows. Excluded
//! installs and rows without any install are in none. Memory is in proportion to the pools, time to the rows.

use super::assignments::{AssignmentFacts, TargetNumber};
use super::installs::Parts;
use crate::diagnostic::Place;
use crate::id::{AssetId, ContractId, Id, ScopeId, UserId, VersionId};
use crate::lints::InstallPool;
use crate::number::Quantity;
use crate::registry::LookUp;

/// The pools in the order of first mention.
#[derive(Debug)]
pub(crate) struct Pools {
    tied: Tied,
    rows: Vec<Pool>,
    positions: LookUp<Key, usize>,
    /// The pool of the row before: neighboring rows often agree.
    last: Option<usize>,
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

#[derive(Debug)]
struct Pool {
    key: Key,
    quantity: Quantity,
    place: Place,
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
}

/// The number of a text in [`Parts`] if it is among `tied`, else `0`.
fn if_tied(number: u32, tied: &[bool]) -> u32 {
    let is_tied = number.checked_sub(1).and_then(|index| tied.get(index as usize)).is_some_and(|&is_tied| is_tied);
    if is_tied { number } else { 0 }
}

impl Pools {
    pub(crate) fn new(tied: Tied) -> Self {
        Self { tied, rows: Vec::new(), positions: LookUp::default(), last: None }
    }

    /// Adds the installs of the row at `place`.
    pub(crate) fn add(&mut self, parts: &Parts, quantity: Quantity, place: Place) {
        if parts.reason != 0 || quantity.is_zero() {
            return;
        }
        let &Parts { version, scope, contract, asset, user, .. } = parts;
        let (asset, user) = (if_tied(asset, &self.tied.assets), if_tied(user, &self.tied.users));
        let key = Key { version, scope, contract, asset, user };
        let position = match self.last {
            Some(last) if self.rows[last].key == key => last,
            _ => *self.positions.entry(key).or_insert(self.rows.len()),
        };
        self.last = Some(position);
        match self.rows.get_mut(position) {
            // The sum of all rows is checked before it is used.
            Some(pool) => pool.quantity = Quantity::new(pool.quantity.get().saturating_add(quantity.get())),
            None => self.rows.push(Pool { key, quantity, place }),
        }
    }

    /// The pools in canonical order, with the final positions of texts for their numbers.
    pub(crate) fn finish(self, contracts: &[u32], assets: &[u32], users: &[u32]) -> Vec<InstallPool> {
        let position =
            |number: u32, positions: &[u32]| number.checked_sub(1).map(|number| positions[number as usize] as usize);
        let mut pools: Vec<InstallPool> = (self.rows.iter())
            .map(|pool| InstallPool {
                version: pool.key.version,
                scope: pool.key.scope,
                contract: position(pool.key.contract, contracts).map(ContractId::at),
                asset: position(pool.key.asset, assets).map(AssetId::at),
                user: position(pool.key.user, users).map(UserId::at),
                quantity: pool.quantity,
                place: pool.place,
            })
            .collect();
        pools.sort_unstable();
        pools
    }
}
