//! What a right answer is, stated apart from everything that finds or checks one.
//!
//! Problem: given an estate, the least objective of section 5 over all lawful allocations. Supply comes
//! in pools: what is left of each active lot after its reserved units, and each reserved unit by itself.
//! A lawful path is a base unit with the upgrade units stacked on it, every one from its own pool. Units
//! of demand, title assignments and reserved units are taken one after another, each with every path
//! that may serve it, with one that covers something and may cover more ([`extents`]), or with none ([`search`]). So the result is exact, whatever the shape of the rights.
//! What follows from it is stated in [`derived`].
//!
//! Cost: exponential in the pools; the search panics rather than exceed its bounds. Written from the
//! input contract alone.

use model::estate::{Assigned, Assignment, Estate, LicenseState, Sku, Target, TrackBy};
use model::id::{ContractId, LicenseId, ScopeId, TitleId, VersionId};
use model::objective::{LEVELS, Level};
use search::{Choice, DEEDS_MAX, Deeds, Past, Stage, falling_short_of, search, search_within, using};
use std::collections::{BTreeMap, BTreeSet};

#[path = "statement_cases.rs"]
mod cases;
#[path = "statement_derived.rs"]
pub(crate) mod derived;
#[path = "statement_explained.rs"]
pub(crate) mod explained;
#[path = "statement_extents.rs"]
mod extents;
#[path = "statement_search.rs"]
mod search;

pub(crate) use search::Cost;

/// The least objective of an estate, level by level; `spend` is 0.
///
/// # Panics
/// When the estate is too large for exhaustive search.
pub(crate) fn optimum(estate: &Estate) -> [i128; LEVELS] {
    best(estate, LEVELS).cost.map(i128::from)
}

/// The allocations that are best at the first `levels` levels: their cost, 0 at the levels after, and
/// what they do.
fn best(estate: &Estate, levels: usize) -> Past {
    assert!(estate.versions.len().max(estate.licenses.len()) <= DEEDS_MAX, "too many rows for exhaustive search");
    let supply = Supply::of(estate);
    let wishes = wishes(estate);
    let demands = demands(estate, &wishes);
    search(&supply, &stages(&supply, &demands, &wishes), &|mut cost| {
        cost[levels..].fill(0);
        cost
    })
}

/// How the figures of an allocation are compared where money is spent on it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Valuation {
    /// Whether what transfers cost is spent, instead of a level of its own.
    pub(crate) transfers_are_paid: bool,
    /// What an uncovered install adds to what is spent; then its own level follows the units bought.
    pub(crate) shortage_cost: Option<i64>,
}

impl Valuation {
    /// Figures by level, put in the order in which they are compared.
    pub(crate) fn ranked(&self, figures: Cost) -> Cost {
        let [license, title, uncovered, spend, bought, aside, transfer, stretch, flexibility] = figures;
        let (spend, transfer) = if self.transfers_are_paid { (spend + transfer, 0) } else { (spend, transfer) };
        match self.shortage_cost {
            None => [license, title, uncovered, spend, bought, aside, transfer, stretch, flexibility],
            Some(cost) => {
                [license, title, spend + cost * uncovered, bought, uncovered, aside, transfer, stretch, flexibility]
            }
        }
    }

    /// The figures by level: the inverse of [`Self::ranked`], with paid transfers among what is spent.
    pub(crate) fn by_level(&self, ranked: Cost) -> Cost {
        let Some(cost) = self.shortage_cost else { return ranked };
        let [license, title, sum, bought, uncovered, aside, transfer, stretch, flexibility] = ranked;
        [license, title, uncovered, sum - cost * uncovered, bought, aside, transfer, stretch, flexibility]
    }
}

/// The least figures of an estate in the order of the valuation, over the allocations whose transfers cost no
/// more than so much in all.
///
/// # Panics
/// When the estate is too large for exhaustive search.
pub(crate) fn optimum_valued(estate: &Estate, valuation: &Valuation, transfers_most: Option<i64>) -> Cost {
    assert!(estate.versions.len().max(estate.licenses.len()) <= DEEDS_MAX, "too many rows for exhaustive search");
    let supply = Supply::of(estate);
    let wishes = wishes(estate);
    let stages = stages(&supply, &demands(estate, &wishes), &wishes);
    search_within(&supply, &stages, &|cost| valuation.ranked(cost), transfers_most).cost
}

/// Whether some upgrade license can be reached by entitlements that differ in where they may be used or
/// in what their use there costs, over all scopes and contracts of the estate, demanded or not.
///
/// Where this is false, no capacity of an upgrade license meets two kinds of entitlement (SPEC 3.4).
/// Use is covering as well as being set aside, where reserved units are free wherever they are. All
/// units of a license count as one, reserved or not.
pub(crate) fn upgrades_mix_places(estate: &Estate) -> bool {
    let supply = Supply::of(estate);
    supply.mix_places(supply.paths.iter().map(Vec::as_slice))
}

/// The same for one upgrade license.
pub(crate) fn upgrade_mixes_places(estate: &Estate, license: LicenseId) -> bool {
    let supply = Supply::of(estate);
    let is_topped = |path: &&[usize]| path.last().is_some_and(|&top| supply.pools[top].license == license);
    supply.mix_places(supply.paths.iter().map(Vec::as_slice).filter(is_topped))
}

/// What single paths can do, whatever else is allocated.
pub(crate) struct Possible {
    /// Licenses of which a unit is in some path that may serve something.
    pub(crate) used: BTreeSet<LicenseId>,
    /// Of each version, the units of demand that no path may cover; none is zero.
    pub(crate) unserved: BTreeMap<VersionId, u64>,
}

/// Which licenses can be of use, and which demand none can serve.
pub(crate) fn possible(estate: &Estate) -> Possible {
    let supply = Supply::of(estate);
    let wishes = wishes(estate);
    let demands = demands(estate, &wishes);
    let stages = stages(&supply, &demands, &wishes);
    let units = stages.iter().flat_map(|stage| &stage.choices).flat_map(|choice| &choice.units);
    let used = units.map(|&pool| supply.pools[pool].license).collect();
    let mut unserved = BTreeMap::new();
    for demand in &demands {
        if !supply.paths.iter().any(|path| supply.covering(path, demand).is_some()) {
            *unserved.entry(demand.version).or_default() += demand.units;
        }
    }
    Possible { used, unserved }
}

/// Units that are alike in every respect.
struct Pool {
    license: LicenseId,
    /// The license assignment that reserves it; then it is one unit.
    reserved: Option<Assignment>,
    /// How many; none if unlimited.
    units: Option<u64>,
}

/// Everything that may be used, and every lawful way to stack it.
struct Supply<'a> {
    estate: &'a Estate,
    pools: Vec<Pool>,
    /// Pools from the base up.
    paths: Vec<Vec<usize>>,
    /// License assignments that no allocation can meet: to inactive licenses, or beyond their units.
    dishonored: i64,
}

impl<'a> Supply<'a> {
    fn of(estate: &'a Estate) -> Self {
        let mut supply = Self { estate, pools: Vec::new(), paths: Vec::new(), dishonored: 0 };
        for (license, row) in estate.licenses.enumerate() {
            let to_license = |row: &&Assignment| row.assigned == Assigned::License(license);
            let mut assignments: Vec<Assignment> = estate.assignments.iter().filter(to_license).copied().collect();
            if row.state(estate.as_of) != LicenseState::Active {
                supply.dishonored += signed(assignments.len());
                continue;
            }
            assignments.sort_by_key(|row| match row.target {
                Target::Asset(asset) => (0, &estate.assets[asset]),
                Target::User(user) => (1, &estate.users[user]),
            });
            let units = row.quantity.map(model::number::Quantity::get);
            let honored = units.map_or(assignments.len(), |units| assignments.len().min(whole(units)));
            supply.dishonored += signed(assignments.len() - honored);
            let reserve = |&row| Pool { license, reserved: Some(row), units: Some(1) };
            supply.pools.extend(assignments[..honored].iter().map(reserve));
            if !estate.skus[row.sku].use_only_when_assigned {
                let units = units.map(|units| units - honored as u64);
                supply.pools.push(Pool { license, reserved: None, units });
            }
        }
        supply.pools.retain(|pool| pool.units != Some(0));
        supply.stack_all();
        supply
    }

    /// Finds every path there is.
    fn stack_all(&mut self) {
        for base in 0..self.pools.len() {
            if !self.sku(base).is_upgrade() {
                self.stack(vec![base]);
            }
        }
    }

    /// Adds a path and all that can be built on it. Upgrade rights form no cycle, so this ends.
    fn stack(&mut self, path: Vec<usize>) {
        let top = *path.last().expect("a path has a base");
        for pool in 0..self.pools.len() {
            let qualifies = self.sku(pool).may_upgrade(self.sku(top).version);
            // On a reserved unit only units reserved for the same target may be stacked.
            let is_free = self.target(top).is_none() || self.target(top) == self.target(pool);
            if qualifies && is_free {
                self.stack([path.as_slice(), &[pool]].concat());
            }
        }
        self.paths.push(path);
    }

    /// Whether some license on top of one of the paths stands on units of different use.
    fn mix_places<'p>(&self, paths: impl IntoIterator<Item = &'p [usize]>) -> bool {
        let scopes = || self.estate.scopes.ids();
        let contracts: Vec<Option<ContractId>> = self.estate.contracts.ids().map(Some).chain([None]).collect();
        let places: Vec<_> = scopes().flat_map(|scope| contracts.iter().map(move |&other| (scope, other))).collect();
        let mut uses: BTreeMap<LicenseId, Vec<Option<i64>>> = BTreeMap::new();
        paths.into_iter().any(|path| {
            let Some((&top, below)) = path.split_last().filter(|(_, below)| !below.is_empty()) else { return false };
            let covering = places.iter().map(|&(scope, contract)| self.transfer(below, scope, contract));
            let set_aside = scopes().map(|scope| self.transfer_aside(below, scope));
            let found: Vec<Option<i64>> = covering.chain(set_aside).collect();
            *uses.entry(self.pools[top].license).or_insert_with(|| found.clone()) != found
        })
    }

    fn sku(&self, pool: usize) -> &'a Sku {
        self.estate.sku_of(self.pools[pool].license)
    }

    fn target(&self, pool: usize) -> Option<Target> {
        self.pools[pool].reserved.map(|row| row.target)
    }

    /// What it costs to use units in a scope and under a contract, if all of them may be used there.
    fn transfer(&self, units: &[usize], scope: ScopeId, contract: Option<ContractId>) -> Option<i64> {
        units.iter().map(|&unit| self.transfer_of_one(unit, scope, contract)).sum()
    }

    fn transfer_of_one(&self, unit: usize, place: ScopeId, contract: Option<ContractId>) -> Option<i64> {
        let license = &self.estate.licenses[self.pools[unit].license];
        if license.contract.is_some_and(|own| contract.is_some_and(|other| own != other)) {
            return None;
        }
        let is_within = |scope: ScopeId| self.estate.scope_and_above(place).any(|above| above == scope);
        if is_within(license.scope) {
            return Some(0);
        }
        let transfers = self.estate.transfers.iter().filter(|row| row.from == license.scope && is_within(row.to));
        transfers.map(|row| row.cost.units()).min()
    }

    /// What using the units of a path costs, wherever and whatever for.
    fn cost_of_units(&self, path: &[usize]) -> Cost {
        let mut cost = [0; LEVELS];
        cost[Level::Stretch.index()] = 4 * signed(path.len() - 1);
        cost[Level::Flexibility.index()] = signed(self.sku(path[0]).may_cover.len());
        cost
    }

    /// What it costs to cover one unit of a demand by a path, if it may.
    fn covering(&self, path: &[usize], demand: &Demand) -> Option<Cost> {
        self.covering_at_once(path, &[demand])
    }

    /// What it costs to cover one unit of each demand by one path, if it may. A demand is named as often as units
    /// of it are covered.
    fn covering_at_once(&self, path: &[usize], demands: &[&Demand]) -> Option<Cost> {
        let top = *path.last()?;
        if !extents::reaches(self.sku(top), demands) {
            return None;
        }
        let mut cost = self.cost_of_units(path);
        for demand in demands {
            // All reserved units of a path are reserved for the target of the topmost one.
            let is_for_it = self.target(top).is_none_or(|target| demand.targets.contains(&target));
            if !is_for_it || !self.sku(top).may_cover(demand.version) {
                return None;
            }
            cost[Level::Stretch.index()] += self.stretch(self.sku(top).main_for(demand.version), demand.version);
        }
        for unit in path {
            // A unit is transferred once, as far as the dearest of its uses is.
            let uses = demands.iter().map(|demand| self.transfer_of_one(*unit, demand.scope, demand.contract));
            cost[Level::TransferCost.index()] += uses.collect::<Option<Vec<i64>>>()?.into_iter().max()?;
        }
        Some(cost)
    }

    /// How far a version is from the one that covers it.
    fn stretch(&self, main: VersionId, wanted: VersionId) -> i64 {
        if main == wanted {
            0
        } else if self.estate.versions[main].title != self.estate.versions[wanted].title {
            3
        } else if main > wanted {
            1
        } else {
            2
        }
    }

    /// What it costs to set a path aside where `scope` is the assignment's, if it may.
    fn setting_aside(&self, path: &[usize], scope: ScopeId) -> Option<Cost> {
        let mut cost = self.cost_of_units(path);
        cost[Level::SetAside.index()] = 1;
        cost[Level::TransferCost.index()] = self.transfer_aside(path, scope)?;
        Some(cost)
    }

    /// What it costs to have units in a path set aside: reserved ones count wherever they are, and where
    /// nothing is installed there is no other contract.
    fn transfer_aside(&self, units: &[usize], scope: ScopeId) -> Option<i64> {
        let others: Vec<usize> = units.iter().copied().filter(|&unit| self.target(unit).is_none()).collect();
        self.transfer(&others, scope, None)
    }
}

/// A title assignment that is calculated.
struct Wish {
    title: TitleId,
    target: Target,
    version: Option<VersionId>,
    scope: ScopeId,
}

fn wishes(estate: &Estate) -> Vec<Wish> {
    let calculated = estate.assignments.iter().filter_map(|row| match row.assigned {
        Assigned::Title(title) if estate.titles[title].is_active => {
            Some(Wish { title, target: row.target, version: row.version, scope: row.scope })
        }
        _ => None,
    });
    calculated.collect()
}

/// Units that need an entitlement each.
#[derive(Clone)]
struct Demand {
    version: VersionId,
    scope: ScopeId,
    contract: Option<ContractId>,
    /// Whose reserved units may cover it.
    targets: Vec<Target>,
    /// The title assignment that is met when one unit is covered.
    wish: Option<usize>,
    units: u64,
}

fn demands(estate: &Estate, wishes: &[Wish]) -> Vec<Demand> {
    let mut demands = tracked_demands(estate, wishes);
    for install in &estate.installs {
        let title = estate.title_of(install.version);
        let is_demand = install.excluded.is_none()
            && title.is_active
            && title.track_by == TrackBy::Installations
            && !install.quantity.is_zero();
        if !is_demand {
            continue;
        }
        let targets: Vec<Target> =
            install.asset.map(Target::Asset).into_iter().chain(install.user.map(Target::User)).collect();
        let matches = |target: Target| {
            wishes.iter().position(|wish| {
                wish.target == target
                    && wish.title == estate.versions[install.version].title
                    && wish.version.is_none_or(|version| version == install.version)
            })
        };
        demands.push(Demand {
            version: install.version,
            scope: install.scope,
            contract: install.contract,
            // The asset's title assignment comes first and takes the install away from the user's.
            wish: targets.iter().find_map(|&target| matches(target)),
            targets,
            units: install.quantity.get(),
        });
    }
    demands
}

/// The demand of titles tracked by assignments: one unit for each title, target and scope.
fn tracked_demands(estate: &Estate, wishes: &[Wish]) -> Vec<Demand> {
    // The newest version that a title assignment gives, and the newest of the SKUs assigned.
    type Versions = (Option<VersionId>, Option<VersionId>);
    let mut places: BTreeMap<(TitleId, Target, ScopeId), Versions> = BTreeMap::new();
    for row in &estate.assignments {
        let (title, main) = match row.assigned {
            Assigned::Title(title) => (title, None),
            Assigned::License(license) => {
                let main = estate.sku_of(license).version;
                (estate.versions[main].title, Some(main))
            }
        };
        let facts = &estate.titles[title];
        if facts.is_active && facts.track_by == TrackBy::Assignments {
            let (given, of_skus) = places.entry((title, row.target, row.scope)).or_default();
            *given = (*given).max(row.version);
            *of_skus = (*of_skus).max(main);
        }
    }
    let demand = |((title, target, scope), (given, of_skus)): (_, Versions)| Demand {
        version: given.or(of_skus).unwrap_or_else(|| estate.newest_version(title)),
        scope,
        contract: None,
        targets: vec![target],
        wish: wishes.iter().position(|wish| wish.title == title && wish.target == target),
        units: 1,
    };
    places.into_iter().map(demand).collect()
}

/// Demand first, the units that meet one title assignment side by side; then the title assignments for
/// which something is set aside; then the reserved units that nothing has used.
fn stages(supply: &Supply<'_>, demands: &[Demand], wishes: &[Wish]) -> Vec<Stage> {
    let mut stages = Vec::new();
    let mut order: Vec<&Demand> = demands.iter().collect();
    order.sort_by_key(|demand| (demand.wish, demand.version, demand.scope));
    for demand in order {
        for _ in 0..demand.units {
            let mut choices = vec![without(Level::Uncovered, falling_short_of(demand.version))];
            choices.extend(choose(supply, |path| supply.covering(path, demand)));
            stages.push(Stage { choices, demand: Some(demand.clone()), wish: demand.wish, reserved: None });
        }
    }
    for (index, wish) in wishes.iter().enumerate() {
        // Set aside only if no install counts. A tracked title has demand here, so nothing is.
        if demands.iter().any(|demand| demand.wish == Some(index)) {
            continue;
        }
        let aside = |path: &[usize]| {
            let top = *path.last()?;
            let is_for_it = supply.target(top).is_none_or(|target| target == wish.target);
            let is_wanted = |&version: &VersionId| match wish.version {
                Some(wanted) => version == wanted,
                None => supply.estate.versions[version].title == wish.title,
            };
            let is_able = supply.sku(top).may_cover.iter().any(is_wanted);
            if is_for_it && is_able { supply.setting_aside(path, wish.scope) } else { None }
        };
        let mut choices = vec![without(Level::TitleAssignmentsUnmet, 0)];
        choices.extend(choose(supply, aside));
        stages.push(Stage { choices, demand: None, wish: None, reserved: None });
    }
    for (pool, row) in supply.pools.iter().enumerate() {
        if row.reserved.is_some() {
            // A path is set aside at the turn of the first reserved unit in it.
            let is_reserved = |unit: &&usize| supply.target(**unit).is_some();
            let aside = |path: &[usize]| {
                let scope = supply.pools[*path.last()?].reserved?.scope;
                let first = path.iter().filter(is_reserved).min()?;
                if *first == pool { supply.setting_aside(path, scope) } else { None }
            };
            let mut choices = vec![without(Level::LicenseAssignmentsUnmet, 0)];
            choices.extend(choose(supply, aside));
            stages.push(Stage { choices, demand: None, wish: None, reserved: Some(pool) });
        }
    }
    stages
}

/// The choice of no path.
fn without(level: Level, deeds: Deeds) -> Choice {
    let mut cost = [0; LEVELS];
    cost[level.index()] = 1;
    Choice { units: Vec::new(), cost, transfers: 0, deeds }
}

/// One choice for each path that may be taken.
fn choose(supply: &Supply<'_>, cost: impl Fn(&[usize]) -> Option<Cost>) -> Vec<Choice> {
    let deeds = |path: &[usize]| path.iter().fold(0, |deeds, &unit| deeds | using(supply.pools[unit].license));
    let choice = |path: &Vec<usize>| {
        let cost = cost(path)?;
        Some(Choice { units: path.clone(), cost, transfers: cost[Level::TransferCost.index()], deeds: deeds(path) })
    };
    supply.paths.iter().filter_map(choice).collect()
}

fn signed(count: usize) -> i64 {
    i64::try_from(count).expect("counts are small")
}

fn whole(units: u64) -> usize {
    usize::try_from(units).unwrap_or(usize::MAX)
}
