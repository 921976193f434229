//! The search over all allocations of a small estate.
//!
//! Problem: given stages, each of which takes one of some choices, the least cost over all ways to take
//! every stage, and what all of the cheapest ways do or only some of them. What a stage takes is gone
//! for those after it. Ways that leave the same units for what is still to come are merged, keeping the
//! cheapest with what they do: the beginning of a cheapest way is a cheapest way to where it leads.
//!
//! Cost: time and memory grow with the number of different leftovers, which is exponential in the pools;
//! the search panics rather than exceed [`STATES_MAX`].

use super::{Demand, Supply};
use model::id::{Id, LicenseId, VersionId};
use model::objective::{LEVELS, Level};

/// Most pools of supply that are searched.
const POOLS_MAX: usize = 40;
/// Most different leftovers at any moment of the search.
const STATES_MAX: usize = 3_000_000;
/// Most versions, and most licenses, whose deeds are told apart.
pub(super) const DEEDS_MAX: usize = 64;

/// The levels of the objective, in their order.
pub(crate) type Cost = [i64; LEVELS];

/// One step of the search: something that one path may serve, or none.
pub(super) struct Stage {
    pub(super) choices: Vec<Choice>,
    /// The demand of which a unit is to be covered, which an entitlement in use may cover too.
    pub(super) demand: Option<Demand>,
    /// For demand: the title assignment that it meets when covered.
    pub(super) wish: Option<usize>,
    /// For the turn of a reserved unit: its pool. Nothing is decided if the unit is used already.
    pub(super) reserved: Option<usize>,
}

/// One way to take a step.
pub(super) struct Choice {
    pub(super) units: Vec<usize>,
    pub(super) cost: Cost,
    /// What its transfers cost, whatever the cost above makes of that.
    pub(super) transfers: i64,
    pub(super) deeds: Deeds,
}

/// A set of what an allocation may do: leave demand of a version uncovered, use a unit of a license.
pub(super) type Deeds = u128;

/// Leaving something of a version uncovered.
pub(super) fn falling_short_of(version: VersionId) -> Deeds {
    1 << version.index()
}

/// Using a unit of a license, to cover or to set aside.
pub(super) fn using(license: LicenseId) -> Deeds {
    1 << (DEEDS_MAX + license.index())
}

/// What the past of a search means for its future.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    /// Units left in each pool, as far as they can still be used.
    left: [u8; POOLS_MAX],
    /// Whether a unit that meets the title assignment at hand is covered.
    is_met: bool,
    /// What the transfers so far cost, where that is limited; else 0.
    transfers: i64,
    /// Entitlements that may cover something still to come beside what they cover; sorted.
    open: Vec<Open>,
}

/// An entitlement that covers something and may cover more.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Open {
    /// Its units.
    path: Vec<usize>,
    /// What it covers, by the stages.
    covered: Vec<usize>,
}

impl Open {
    /// What it costs in all to cover what one more stage demands beside what it covers, if it may.
    fn with(&self, supply: &Supply<'_>, stages: &[Stage], stage: usize) -> Option<Cost> {
        let demands = self.covered.iter().chain([&stage]).map(|&stage| stages[stage].demand.as_ref());
        supply.covering_at_once(&self.path, &demands.collect::<Option<Vec<&Demand>>>()?)
    }

    /// What it costs.
    fn cost(&self, supply: &Supply<'_>, stages: &[Stage]) -> Cost {
        let (last, before) = self.covered.split_last().expect("it covers something");
        let before = Self { path: self.path.clone(), covered: before.to_vec() };
        before.with(supply, stages, *last).expect("what is covered may be covered")
    }
}

/// The cheapest ways to a state.
#[derive(Clone)]
pub(super) struct Past {
    state: State,
    pub(super) cost: Cost,
    /// What some of them do.
    pub(super) done: Deeds,
    /// What some of them do not do.
    pub(super) spared: Deeds,
}

impl Past {
    /// Takes in other ways to the same state, if none of them is cheaper.
    fn merge(&mut self, other: &Self) {
        if self.cost == other.cost {
            self.done |= other.done;
            self.spared |= other.spared;
        }
    }
}

/// How figures by level are put in the order in which they are compared; sums of them likewise.
pub(super) type Weigh<'w> = &'w dyn Fn(Cost) -> Cost;

/// The cheapest over all ways to take every stage, with what no allocation can meet.
pub(super) fn search(supply: &Supply<'_>, stages: &[Stage], weigh: Weigh<'_>) -> Past {
    search_within(supply, stages, weigh, None)
}

/// The same over the ways whose transfers cost no more than so much in all.
///
/// The cheapest beginning may leave too little for the transfers to come, so that ways are told apart by what
/// their transfers cost; of several that are cheapest, what one of them does is returned.
pub(super) fn search_within(
    supply: &Supply<'_>,
    stages: &[Stage],
    weigh: Weigh<'_>,
    transfers_most: Option<i64>,
) -> Past {
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
    let mut start = State { left: uses[0], is_met: false, transfers: 0, open: Vec::new() };
    for (left, pool) in start.left.iter_mut().zip(&supply.pools) {
        *left = pool.units.map_or(*left, |units| (*left).min(u8::try_from(units).unwrap_or(u8::MAX)));
    }
    let mut cost = [0; LEVELS];
    cost[Level::LicenseAssignmentsUnmet.index()] = supply.dishonored;
    let mut layer = vec![Past { state: start, cost, done: 0, spared: Deeds::MAX }];
    for (index, stage) in stages.iter().enumerate() {
        let is_last_of_wish = stages.get(index + 1).is_none_or(|next| next.wish != stage.wish);
        let mut next = Vec::new();
        for before in &layer {
            let step = Step { supply, stages, index, weigh, transfers_most };
            step.take(before, |mut past| {
                let state = &mut past.state;
                state
                    .open
                    .retain(|open| (index + 1..stages.len()).any(|later| open.with(supply, stages, later).is_some()));
                state.open.sort();
                if stage.wish.is_some() && is_last_of_wish {
                    past.cost[Level::TitleAssignmentsUnmet.index()] += i64::from(!state.is_met);
                    state.is_met = false;
                }
                state.left.iter_mut().zip(&uses[index + 1]).for_each(|(left, &most)| *left = (*left).min(most));
                next.push(past);
            });
        }
        // The cheapest of each state comes first and is the one that is kept.
        next.sort_unstable_by(|one, other| (&one.state, &one.cost).cmp(&(&other.state, &other.cost)));
        next.dedup_by(|later, kept| {
            let is_same = later.state == kept.state;
            if is_same {
                kept.merge(later);
            }
            is_same
        });
        assert!(next.len() <= STATES_MAX, "too many leftovers for exhaustive search");
        layer = next;
    }
    // Nothing is to come that could use what is left, so all that is left is alike.
    layer.into_iter().min_by_key(|past| past.cost).expect("taking no path is always a way")
}

/// A stage to be taken.
struct Step<'s> {
    supply: &'s Supply<'s>,
    stages: &'s [Stage],
    index: usize,
    weigh: Weigh<'s>,
    transfers_most: Option<i64>,
}

impl Step<'_> {
    /// Every way to take it from a state.
    fn take(&self, before: &Past, mut go: impl FnMut(Past)) {
        let stage = &self.stages[self.index];
        if stage.reserved.is_some_and(|pool| before.state.left[pool] == 0) {
            return go(before.clone());
        }
        for way in &stage.choices {
            if way.units.iter().all(|&pool| before.state.left[pool] > 0) {
                let mut after = before.clone();
                way.units.iter().for_each(|&pool| after.state.left[pool] -= 1);
                after.state.is_met |= stage.wish.is_some() && !way.units.is_empty();
                after.done |= way.deeds;
                after.spared &= !way.deeds;
                let top = way.units.last().filter(|_| stage.demand.is_some());
                if top.is_some_and(|&top| self.supply.sku(top).covers_several()) {
                    after.state.open.push(Open { path: way.units.clone(), covered: vec![self.index] });
                }
                self.pay(after, way.cost, way.transfers, &mut go);
            }
        }
        for (position, open) in before.state.open.iter().enumerate() {
            let Some(cost) = open.with(self.supply, self.stages, self.index) else { continue };
            let paid = open.cost(self.supply, self.stages);
            let more: Cost = std::array::from_fn(|level| cost[level] - paid[level]);
            let mut after = before.clone();
            after.state.is_met |= stage.wish.is_some();
            after.state.open[position].covered.push(self.index);
            self.pay(after, more, more[Level::TransferCost.index()], &mut go);
        }
    }

    /// Goes on if what the transfers cost is within the limit.
    fn pay(&self, mut after: Past, cost: Cost, transfers: i64, go: &mut impl FnMut(Past)) {
        after.cost.iter_mut().zip((self.weigh)(cost)).for_each(|(sum, cost)| *sum += cost);
        if let Some(most) = self.transfers_most {
            after.state.transfers += transfers;
            if after.state.transfers > most {
                return;
            }
        }
        go(after);
    }
}
