//! The units that are left, and what a step takes from them next.
//!
//! Lots that agree in SKU, scope and contract are one pool, used up in the order of licenses. For a
//! place only pools in the scopes that serve it are looked at, so that taking costs the SKUs that may
//! cover the version times the scopes above the place, whatever the number of lots.

use super::steps::Step;
use crate::places::Place;
use crate::problem::Problem;
use checker::allocation::Unit;
use model::estate::Estate;
use model::id::{LicenseId, ScopeId, SkuId, Table, VersionId};
use model::number::Quantity;
use std::collections::{BTreeMap, BTreeSet};

/// Pools with what is left of them.
pub(super) struct Supply<'p, 'e> {
    problem: &'p Problem<'e>,
    /// As the pools of the problem.
    stocks: Vec<Stock>,
    /// SKUs that have pools and may cover a version.
    covering: Table<VersionId, Vec<SkuId>>,
    /// SKUs that have pools, by main version.
    of_main: Table<VersionId, Vec<SkuId>>,
    /// The scopes whose licenses may be used in a scope, with the cost of the transfer.
    sources: Table<ScopeId, Vec<(ScopeId, i64)>>,
    /// Upgrades for which nothing is left to stand on in a place. Units never come back, so it stays so.
    barren: BTreeSet<(SkuId, Place)>,
}

/// The lots of a pool in the order of licenses.
struct Stock {
    lots: Vec<Lot>,
    /// The first lot with units; all before it are used up.
    next: usize,
}

struct Lot {
    rank: u32,
    license: LicenseId,
    /// None if unlimited.
    left: Option<u64>,
}

/// A pool that may be used next. Ordered as a step tries them: by main version if it says so, free use
/// before paid transfer, then in the order of licenses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    main: Option<VersionId>,
    cost: i64,
    rank: u32,
    pool: usize,
}

/// An upgrade pool of which it is not known yet whether something is left to stand on.
struct Frame {
    upgrade: SkuId,
    pool: Option<usize>,
    /// Upgrade pools to stand on that are still to be tried, the next one last.
    untried: Vec<Candidate>,
}

impl Stock {
    fn head(&self) -> Option<&Lot> {
        self.lots.get(self.next)
    }

    fn take(&mut self, amount: u64) -> LicenseId {
        let lot = &mut self.lots[self.next];
        if let Some(left) = &mut lot.left {
            *left -= amount;
        }
        let license = lot.license;
        self.skip_empty();
        license
    }

    fn skip_empty(&mut self) {
        while self.head().is_some_and(|lot| lot.left == Some(0)) {
            self.next += 1;
        }
    }
}

impl<'p, 'e> Supply<'p, 'e> {
    pub(super) fn new(problem: &'p Problem<'e>, ranks: &Table<LicenseId, u32>) -> Self {
        let estate = problem.estate;
        let stocks = problem.pools.iter().map(|pool| {
            let lot = |&(license, units): &(LicenseId, Option<Quantity>)| Lot {
                rank: ranks[license],
                license,
                left: units.map(Quantity::get),
            };
            let mut lots: Vec<Lot> = pool.lots.iter().map(lot).collect();
            lots.sort_unstable_by_key(|lot| lot.rank);
            let mut stock = Stock { lots, next: 0 };
            stock.skip_empty();
            stock
        });
        let mut covering = Table::filled(Vec::new(), estate.versions.len());
        let mut of_main = Table::filled(Vec::new(), estate.versions.len());
        for run in problem.pools.chunk_by(|one, other| one.sku == other.sku) {
            let sku = run[0].sku;
            of_main[estate.skus[sku].version].push(sku);
            for &version in &estate.skus[sku].may_cover {
                covering[version].push(sku);
            }
        }
        Self { problem, stocks: stocks.collect(), covering, of_main, sources: sources(estate), barren: BTreeSet::new() }
    }

    /// The pools of the entitlement that a step takes next for a version in a place, base first.
    pub(super) fn entitlement(&mut self, step: &Step, version: VersionId, place: Place) -> Option<Vec<usize>> {
        let estate = self.problem.estate;
        let skus = self.covering[version].iter().filter(|&&sku| step.admits(estate, sku, version));
        let mut candidates = self.candidates(skus.copied(), place, step.is_oldest_first);
        candidates.sort_unstable();
        candidates.into_iter().find_map(|Candidate { pool, .. }| {
            let sku = self.problem.pools[pool].sku;
            let mut path = if estate.skus[sku].is_upgrade() { self.below(sku, place)? } else { Vec::new() };
            path.push(pool);
            Some(path)
        })
    }

    /// The pools of an entitlement that a unit of `upgrade` may be stacked on in a place, base first: a
    /// base license before another upgrade, each in the order of licenses.
    pub(super) fn below(&mut self, upgrade: SkuId, place: Place) -> Option<Vec<usize>> {
        if self.barren.contains(&(upgrade, place)) {
            return None;
        }
        // Depth first, without recursion: chains of upgrades may be long.
        let mut frames = vec![self.frame(upgrade, None, place)];
        loop {
            let frame = frames.last_mut()?;
            match frame.untried.pop() {
                Some(Candidate { pool, .. }) => {
                    let sku = self.problem.pools[pool].sku;
                    if !self.problem.estate.skus[sku].is_upgrade() {
                        let upgrades = frames.iter().rev().filter_map(|frame| frame.pool);
                        return Some(std::iter::once(pool).chain(upgrades).collect());
                    }
                    if !self.barren.contains(&(sku, place)) {
                        frames.push(self.frame(sku, Some(pool), place));
                    }
                }
                None => {
                    self.barren.insert((frame.upgrade, place));
                    frames.pop();
                }
            }
        }
    }

    fn frame(&self, upgrade: SkuId, pool: Option<usize>, place: Place) -> Frame {
        let estate = self.problem.estate;
        let below = estate.skus[upgrade].upgrades.iter().flatten();
        let skus = below.flat_map(|&version| &self.of_main[version]).copied();
        let mut untried = self.candidates(skus, place, false);
        let is_upgrade = |candidate: &Candidate| estate.skus[self.problem.pools[candidate.pool].sku].is_upgrade();
        untried.sort_unstable_by(|one, other| (is_upgrade(other), other).cmp(&(is_upgrade(one), one)));
        Frame { upgrade, pool, untried }
    }

    /// The pools of `skus` that have units left which may be used in a place.
    fn candidates(&self, skus: impl Iterator<Item = SkuId>, place: Place, is_oldest_first: bool) -> Vec<Candidate> {
        let pools = &self.problem.pools;
        let mut candidates = Vec::new();
        for sku in skus {
            let main = is_oldest_first.then_some(self.problem.estate.skus[sku].version);
            for &(scope, cost) in &self.sources[place.scope] {
                let first = pools.partition_point(|pool| (pool.sku, pool.site.scope) < (sku, scope));
                let of_site = pools[first..].iter().take_while(|pool| (pool.sku, pool.site.scope) == (sku, scope));
                for (pool, row) in (first..).zip(of_site) {
                    let contracts = (row.site.contract, place.contract);
                    let agree = !matches!(contracts, (Some(one), Some(other)) if one != other);
                    if let Some(lot) = self.stocks[pool].head().filter(|_| agree) {
                        candidates.push(Candidate { main, cost, rank: lot.rank, pool });
                    }
                }
            }
        }
        candidates
    }

    /// How many entitlements can be taken at once without coming to another lot; none if unlimited.
    pub(super) fn available(&self, path: &[usize]) -> Option<u64> {
        path.iter().filter_map(|&pool| self.stocks[pool].head()?.left).min()
    }

    /// Takes entitlements; `amount` is at most what is available.
    pub(super) fn take(&mut self, path: &[usize], amount: u64) -> Vec<Unit> {
        path.iter().map(|&pool| Unit::of(self.stocks[pool].take(amount))).collect()
    }
}

/// For every scope the scopes whose licenses may be used in it: itself and those above for nothing,
/// others by the cheapest transfer to one of these.
fn sources(estate: &Estate) -> Table<ScopeId, Vec<(ScopeId, i64)>> {
    let mut into: Table<ScopeId, Vec<(ScopeId, i64)>> = Table::filled(Vec::new(), estate.scopes.len());
    for transfer in &estate.transfers {
        into[transfer.to].push((transfer.from, transfer.cost.units()));
    }
    let of = |scope: ScopeId| {
        let mut cheapest: BTreeMap<ScopeId, i64> = BTreeMap::new();
        for above in estate.scope_and_above(scope) {
            for &(from, cost) in into[above].iter().chain(&[(above, 0)]) {
                let known = cheapest.entry(from).or_insert(cost);
                *known = cost.min(*known);
            }
        }
        cheapest.into_iter().collect()
    };
    Table::new(estate.scopes.ids().map(of).collect())
}
