//! What a right answer is, stated apart from everything that finds or checks one.
//!
//! Problem: given an estate, the least objective of section 5 over all lawful allocations. Supply comes
//! in pools: what is left of each active lot after its reserved units, and each reserved unit by itself.
//! A lawful path is a base unit with the upgrade units stacked on it, every one from its own pool. Units
//! of demand, title assignments and reserved units are taken one after another, each with every path
//! that may serve it or with none; allocations that leave the same units for what is still to come are
//! merged, keeping the cheapest. So the result is exact, whatever the shape of the rights.
//!
//! Cost: time and memory grow with the number of different leftovers, which is exponential in the pools;
//! the search panics rather than exceed [`STATES_MAX`]. Written from the input contract alone.

use model::estate::{Assigned, Assignment, Estate, LicenseState, Sku, Target, TrackBy};
use model::id::{ContractId, LicenseId, ScopeId, TitleId, VersionId};
use model::objective::{LEVELS, Level};
use std::collections::{BTreeMap, BTreeSet};

#[path = "statement_cases.rs"]
mod cases;

/// Most pools of supply that are searched.
const POOLS_MAX: usize = 40;
/// Most different leftovers at any moment of the search.
const STATES_MAX: usize = 3_000_000;

/// The levels of the objective, in their order.
type Cost = [i64; LEVELS];

/// The least objective of an estate, level by level; `spend` is 0.
///
/// # Panics
/// When the estate is too large for exhaustive search.
pub(crate) fn optimum(estate: &Estate) -> [i128; LEVELS] {
    let supply = Supply::of(estate);
    let wishes = wishes(estate);
    let demands = demands(estate, &wishes);
    let stages = stages(&supply, &demands, &wishes);
    search(&supply, &stages).map(i128::from)
}

/// Whether some upgrade license can be reached by entitlements that differ in where they may be used or
/// in what their use there costs, over all scopes and contracts of the estate, demanded or not.
///
/// Where this is false, no capacity of an upgrade license meets two kinds of entitlement (SPEC 3.4).
/// Use is covering as well as being set aside, where reserved units are free wherever they are. All
/// units of a license count as one, reserved or not.
pub(crate) fn upgrades_mix_places(estate: &Estate) -> bool {
    let supply = Supply::of(estate);
    let contracts: Vec<Option<ContractId>> = estate.contracts.ids().map(Some).chain([None]).collect();
    let mut reach: BTreeMap<LicenseId, Vec<Option<i64>>> = BTreeMap::new();
    supply.paths.iter().filter(|path| path.len() > 1).any(|path| {
        let (&top, below) = path.split_last().expect("it has two units");
        let places = estate.scopes.ids().flat_map(|scope| contracts.iter().map(move |&contract| (scope, contract)));
        let covering = places.map(|(scope, contract)| supply.transfer(below, scope, contract));
        let set_aside = estate.scopes.ids().map(|scope| supply.transfer_aside(below, scope));
        let uses: Vec<Option<i64>> = covering.chain(set_aside).collect();
        *reach.entry(supply.pools[top].license).or_insert_with(|| uses.clone()) != uses
    })
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
        for base in 0..supply.pools.len() {
            if !supply.sku(base).is_upgrade() {
                supply.stack(vec![base]);
            }
        }
        supply
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
        let top = *path.last()?;
        // All reserved units of a path are reserved for the target of the topmost one.
        let is_for_it = self.target(top).is_none_or(|target| demand.targets.contains(&target));
        if !is_for_it || !self.sku(top).may_cover(demand.version) {
            return None;
        }
        let mut cost = self.cost_of_units(path);
        cost[Level::TransferCost.index()] = self.transfer(path, demand.scope, demand.contract)?;
        let (main, wanted) = (self.sku(top).version, demand.version);
        cost[Level::Stretch.index()] += if main == wanted {
            0
        } else if self.estate.versions[main].title != self.estate.versions[wanted].title {
            3
        } else if main > wanted {
            1
        } else {
            2
        };
        Some(cost)
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

/// One step of the search: something that one path may serve, or none.
struct Stage {
    choices: Vec<Choice>,
    /// For demand: the title assignment that it meets when covered.
    wish: Option<usize>,
    /// For the turn of a reserved unit: its pool. Nothing is decided if the unit is used already.
    reserved: Option<usize>,
}

/// One way to take a step.
struct Choice {
    units: Vec<usize>,
    cost: Cost,
}

/// Demand first, the units that meet one title assignment side by side; then the title assignments for
/// which something is set aside; then the reserved units that nothing has used.
fn stages(supply: &Supply<'_>, demands: &[Demand], wishes: &[Wish]) -> Vec<Stage> {
    let mut stages = Vec::new();
    let mut order: Vec<&Demand> = demands.iter().collect();
    order.sort_by_key(|demand| (demand.wish, demand.version, demand.scope));
    for demand in order {
        for _ in 0..demand.units {
            let mut choices = vec![without(Level::Uncovered)];
            choices.extend(choose(supply, |path| supply.covering(path, demand)));
            stages.push(Stage { choices, wish: demand.wish, reserved: None });
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
        let mut choices = vec![without(Level::TitleAssignmentsUnmet)];
        choices.extend(choose(supply, aside));
        stages.push(Stage { choices, wish: None, reserved: None });
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
            let mut choices = vec![without(Level::LicenseAssignmentsUnmet)];
            choices.extend(choose(supply, aside));
            stages.push(Stage { choices, wish: None, reserved: Some(pool) });
        }
    }
    stages
}

/// The choice of no path.
fn without(level: Level) -> Choice {
    let mut cost = [0; LEVELS];
    cost[level.index()] = 1;
    Choice { units: Vec::new(), cost }
}

/// One choice for each path that may be taken.
fn choose(supply: &Supply<'_>, cost: impl Fn(&[usize]) -> Option<Cost>) -> Vec<Choice> {
    let choice = |path: &Vec<usize>| cost(path).map(|cost| Choice { units: path.clone(), cost });
    supply.paths.iter().filter_map(choice).collect()
}

/// What the past of a search means for its future.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    /// Units left in each pool, as far as they can still be used.
    left: [u8; POOLS_MAX],
    /// Whether a unit that meets the title assignment at hand is covered.
    is_met: bool,
}

/// The least cost over all ways to take every stage, with what no allocation can meet.
fn search(supply: &Supply<'_>, stages: &[Stage]) -> Cost {
    let pools = supply.pools.len();
    assert!(pools <= POOLS_MAX, "{pools} pools are too many for exhaustive search");
    // How many stages from each on can use each pool: what is left beyond that makes no difference.
    let mut uses = vec![[0_u8; POOLS_MAX]];
    for stage in stages.iter().rev() {
        let mut use_count = *uses.last().expect("it starts with one");
        for (pool, count) in use_count.iter_mut().enumerate() {
            let is_usable = stage.reserved == Some(pool) || stage.choices.iter().any(|way| way.units.contains(&pool));
            *count = count.checked_add(u8::from(is_usable)).expect("few enough stages for exhaustive search");
        }
        uses.push(use_count);
    }
    uses.reverse();
    let mut start = State { left: uses[0], is_met: false };
    for (left, pool) in start.left.iter_mut().zip(&supply.pools) {
        *left = pool.units.map_or(*left, |units| (*left).min(u8::try_from(units).unwrap_or(u8::MAX)));
    }
    let mut cost = [0; LEVELS];
    cost[Level::LicenseAssignmentsUnmet.index()] = supply.dishonored;
    let mut layer = vec![(start, cost)];
    for (index, stage) in stages.iter().enumerate() {
        let is_last_of_wish = stages.get(index + 1).is_none_or(|next| next.wish != stage.wish);
        let mut next = Vec::new();
        for before in &layer {
            take(stage, before, |mut state, mut cost| {
                if stage.wish.is_some() && is_last_of_wish {
                    cost[Level::TitleAssignmentsUnmet.index()] += i64::from(!state.is_met);
                    state.is_met = false;
                }
                state.left.iter_mut().zip(&uses[index + 1]).for_each(|(left, &most)| *left = (*left).min(most));
                next.push((state, cost));
            });
        }
        // The cheapest of each state comes first and is the one that is kept.
        next.sort_unstable();
        next.dedup_by_key(|(state, _)| *state);
        assert!(next.len() <= STATES_MAX, "too many leftovers for exhaustive search");
        layer = next;
    }
    layer.into_iter().map(|(_, cost)| cost).min().expect("taking no path is always a way")
}

/// Every way to take a stage from a state.
fn take(stage: &Stage, (before, cost): &(State, Cost), mut go: impl FnMut(State, Cost)) {
    if stage.reserved.is_some_and(|pool| before.left[pool] == 0) {
        return go(*before, *cost);
    }
    for way in &stage.choices {
        if way.units.iter().all(|&pool| before.left[pool] > 0) {
            let mut after = *before;
            way.units.iter().for_each(|&pool| after.left[pool] -= 1);
            after.is_met |= stage.wish.is_some() && !way.units.is_empty();
            go(after, std::array::from_fn(|level| cost[level] + way.cost[level]));
        }
    }
}

fn signed(count: usize) -> i64 {
    i64::try_from(count).expect("counts are small")
}

fn whole(units: u64) -> usize {
    usize::try_from(units).unwrap_or(usize::MAX)
}
