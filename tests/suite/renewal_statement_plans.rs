//! Every plan of a small renewal, what it costs, and the estate after it.

use checker::allocation::DemandKey;
use checker::plan::{Plan, ReclaimKey};
use model::estate::{Estate, Install, Target, TrackBy};
use model::id::{ContractId, ScopeId, Table, VersionId};
use model::market::{Market, Reinstall, Terms, TierRule};
use model::number::{Money, Quantity};
use std::collections::BTreeMap;

/// Installs uninstalled and replaced, and what that costs.
#[derive(Clone, Debug, Default)]
pub(super) struct Actions {
    pub(super) cost: i64,
    reclaimed: Vec<(ReclaimKey, Quantity)>,
    reinstalled: Vec<(DemandKey, VersionId, Quantity)>,
}

/// Units of every offer, how many in all, and what they cost.
#[derive(Clone, Debug)]
pub(super) struct Purchase {
    pub(super) cost: i64,
    pub(super) units: i64,
    quantities: Vec<Quantity>,
}

/// How many plans there are, whatever the budget.
pub(crate) fn plan_count(estate: &Estate, market: &Market) -> usize {
    let of_groups = groups(estate, market).iter().map(|group| counts(group).len()).product::<usize>();
    let of_offers = market.offers.iter().map(|offer| quantities(&offer.terms).count()).product::<usize>();
    of_groups * of_offers
}

/// Everything that may be done beside buying.
pub(super) fn actions(estate: &Estate, market: &Market) -> Vec<Actions> {
    let mut actions = vec![Actions::default()];
    for group in groups(estate, market) {
        let ways: Vec<Actions> = counts(&group).iter().map(|counts| spread(&group, counts)).collect();
        let both = |one: &Actions, other: &Actions| Actions {
            cost: one.cost + other.cost,
            reclaimed: [one.reclaimed.as_slice(), &other.reclaimed].concat(),
            reinstalled: [one.reinstalled.as_slice(), &other.reinstalled].concat(),
        };
        actions = actions.iter().flat_map(|one| ways.iter().map(move |other| both(one, other))).collect();
    }
    actions
}

/// Everything that may be bought.
pub(super) fn purchases(market: &Market) -> Vec<Purchase> {
    let mut purchases = vec![Purchase { cost: 0, units: 0, quantities: Vec::new() }];
    for offer in &market.offers {
        let with = |purchase: &Purchase, quantity: Quantity| Purchase {
            cost: purchase.cost + price(&offer.terms, quantity),
            units: purchase.units + quantity.signed(),
            quantities: [purchase.quantities.as_slice(), &[quantity]].concat(),
        };
        let all = purchases.iter().flat_map(|one| quantities(&offer.terms).map(move |quantity| with(one, quantity)));
        purchases = all.collect();
    }
    purchases
}

/// The most of every lot, allowed or not.
pub(super) fn everything(market: &Market) -> Purchase {
    let quantities: Vec<Quantity> = market.offers.iter().map(|offer| offer.terms.most).collect();
    Purchase { cost: 0, units: 0, quantities }
}

/// The plan to do both.
pub(super) fn plan(actions: &Actions, purchase: &Purchase) -> Plan {
    let (mut reclaimed, mut reinstalled) = (actions.reclaimed.clone(), actions.reinstalled.clone());
    reclaimed.sort_unstable();
    reinstalled.sort_unstable();
    Plan { quantities: Table::new(purchase.quantities.clone()), reclaimed, reinstalled }
}

/// What a plan costs, transfers aside, and how many units it buys; none if something in it may not be had or done.
pub(super) fn cost_and_units(estate: &Estate, market: &Market, plan: &Plan) -> Option<(i64, i64)> {
    let (mut cost, mut units) = (0, 0);
    for (id, offer) in market.offers.enumerate() {
        let quantity = plan.quantities[id];
        cost += quantities(&offer.terms).any(|allowed| allowed == quantity).then(|| price(&offer.terms, quantity))?;
        units += quantity.signed();
    }
    for (key, quantity) in &plan.reclaimed {
        cost += key.cost.units() * quantity.signed();
    }
    for (key, to, quantity) in &plan.reinstalled {
        let may = |row: &&Reinstall| row.from == key.version && row.to == *to;
        cost += market.reinstalls.iter().find(may)?.cost.units() * quantity.signed();
    }
    after(estate, market, plan).map(|_| (cost, units))
}

/// The estate after a plan; none if it changes installs that are not there or may not be changed.
pub(super) fn after(estate: &Estate, market: &Market, plan: &Plan) -> Option<Estate> {
    let mut after = estate.clone();
    for (offer, &quantity) in plan.quantities.enumerate() {
        after.licenses[market.offers[offer].lot].quantity = Some(quantity);
    }
    for &(key, quantity) in &plan.reclaimed {
        let is_it = |install: &Install| reclaim_cost(estate, market, install) == Some(key.cost);
        take(estate, &mut after.installs, key.demand, quantity, is_it)?;
    }
    let mut replaced = Vec::new();
    for &(key, to, quantity) in &plan.reinstalled {
        take(estate, &mut after.installs, key, quantity, |_| true)?;
        let DemandKey { version: _, scope, contract, asset, user } = key;
        let (excluded, last_used) = (None, None);
        replaced.push(Install { version: to, scope, contract, asset, user, excluded, last_used, quantity });
    }
    after.installs.extend(replaced);
    Some(after)
}

/// Takes away so many installs of a demand that may be changed; none if there are fewer.
fn take(
    estate: &Estate,
    installs: &mut [Install],
    key: DemandKey,
    mut quantity: Quantity,
    is_it: impl Fn(&Install) -> bool,
) -> Option<()> {
    for install in installs {
        if key_of(install) == key && may_be_changed(estate, install) && is_it(install) {
            let taken = quantity.min(install.quantity);
            install.quantity -= taken;
            quantity -= taken;
        }
    }
    quantity.is_zero().then_some(())
}

/// Installs that no allocation and no action tells apart but by the cost of uninstalling them.
struct Group<'a> {
    members: Vec<Member>,
    /// Versions that may be put in their place, and the cost.
    versions: Vec<&'a Reinstall>,
}

/// Installs of one demand with one cost of uninstalling them; none if they may not be.
struct Member {
    key: DemandKey,
    reclaim_cost: Option<Money>,
    units: u64,
}

/// Installs of nobody who has an assignment are alike if version, scope and contract are.
fn groups<'a>(estate: &Estate, market: &'a Market) -> Vec<Group<'a>> {
    let mut groups: BTreeMap<(VersionId, ScopeId, Option<ContractId>), Group<'a>> = BTreeMap::new();
    for install in estate.installs.iter().filter(|install| may_be_changed(estate, install)) {
        let (key, reclaim_cost) = (key_of(install), reclaim_cost(estate, market, install));
        let versions = market.reinstalls.iter().filter(|row| row.from == install.version);
        let new = || Group { members: Vec::new(), versions: versions.collect() };
        let group = groups.entry((key.version, key.scope, key.contract)).or_insert_with(new);
        // Two rows of one demand may differ in the day of last use and have the same cost.
        match group.members.iter_mut().find(|member| (member.key, member.reclaim_cost) == (key, reclaim_cost)) {
            Some(member) => member.units += install.quantity.get(),
            None => group.members.push(Member { key, reclaim_cost, units: install.quantity.get() }),
        }
    }
    groups.into_values().collect()
}

/// How many of a group are uninstalled at each cost, and how many are replaced by each version.
#[derive(Clone, Default)]
struct Counts {
    reclaimed: Vec<(Money, u64)>,
    reinstalled: Vec<u64>,
}

/// All such numbers that the group has installs for.
fn counts(group: &Group<'_>) -> Vec<Counts> {
    let mut units_by_cost: BTreeMap<Money, u64> = BTreeMap::new();
    for member in &group.members {
        if let Some(cost) = member.reclaim_cost {
            *units_by_cost.entry(cost).or_default() += member.units;
        }
    }
    let total: u64 = group.members.iter().map(|member| member.units).sum();
    let mut all = vec![(Counts::default(), total)];
    for (cost, units) in units_by_cost {
        let mut next = Vec::new();
        for (counts, left) in all {
            for count in 0..=units {
                let mut counts: Counts = counts.clone();
                counts.reclaimed.push((cost, count));
                next.push((counts, left - count));
            }
        }
        all = next;
    }
    for _ in &group.versions {
        let mut next = Vec::new();
        for (counts, left) in all {
            for count in 0..=left {
                let mut counts: Counts = counts.clone();
                counts.reinstalled.push(count);
                next.push((counts, left - count));
            }
        }
        all = next;
    }
    all.into_iter().map(|(counts, _)| counts).collect()
}

/// Says which installs of the group they are.
fn spread(group: &Group<'_>, counts: &Counts) -> Actions {
    let mut actions = Actions::default();
    let mut left: Vec<u64> = group.members.iter().map(|member| member.units).collect();
    for &(cost, count) in &counts.reclaimed {
        actions.cost += cost.units() * Quantity::new(count).signed();
        let mut missing = count;
        for (member, left) in group.members.iter().zip(&mut left) {
            let taken = if member.reclaim_cost == Some(cost) { missing.min(*left) } else { 0 };
            *left -= taken;
            missing -= taken;
            if taken > 0 {
                actions.reclaimed.push((ReclaimKey { demand: member.key, cost }, Quantity::new(taken)));
            }
        }
        assert_eq!(missing, 0, "a group has the installs that are counted");
    }
    for (row, &count) in group.versions.iter().zip(&counts.reinstalled) {
        actions.cost += row.cost.units() * Quantity::new(count).signed();
        let mut by_key: BTreeMap<DemandKey, u64> = BTreeMap::new();
        let mut missing = count;
        for (member, left) in group.members.iter().zip(&mut left) {
            let taken = missing.min(*left);
            *left -= taken;
            missing -= taken;
            *by_key.entry(member.key).or_default() += taken;
        }
        assert_eq!(missing, 0, "a group has the installs that are counted");
        let taken = by_key.into_iter().filter(|&(_, taken)| taken > 0);
        actions.reinstalled.extend(taken.map(|(key, taken)| (key, row.to, Quantity::new(taken))));
    }
    actions
}

fn key_of(install: &Install) -> DemandKey {
    let &Install { version, scope, contract, asset, user, .. } = install;
    DemandKey { version, scope, contract, asset, user }
}

/// Whether installs are demand and neither their asset nor their user has an assignment.
pub(super) fn may_be_changed(estate: &Estate, install: &Install) -> bool {
    let title = &estate.titles[estate.versions[install.version].title];
    let is_assigned = estate.assignments.iter().any(|row| match row.target {
        Target::Asset(asset) => install.asset == Some(asset),
        Target::User(user) => install.user == Some(user),
    });
    let is_demand = install.excluded.is_none() && title.is_active && title.track_by == TrackBy::Installations;
    is_demand && !is_assigned
}

/// The least it costs to uninstall one install, by the rules that hold for the days it has not been used.
pub(super) fn reclaim_cost(estate: &Estate, market: &Market, install: &Install) -> Option<Money> {
    let unused_days = i64::from((estate.as_of - install.last_used?).get_days());
    let rules = market.reclaims.iter().filter(|rule| rule.version == install.version);
    rules.filter(|rule| i64::from(rule.unused_days) <= unused_days).map(|rule| rule.cost).min()
}

/// The quantities that may be had: nothing, or whole packs from the least to the most.
pub(super) fn quantities(terms: &Terms) -> impl Iterator<Item = Quantity> + use<> {
    let (least, most) = (terms.least.get().max(1), terms.most.get());
    let packs = usize::try_from(terms.pack.get()).expect("packs are small");
    let multiples = (0..=most).step_by(packs).filter(move |&units| units >= least);
    std::iter::once(0).chain(multiples).map(Quantity::new)
}

/// What so many units cost, unit by unit.
pub(super) fn price(terms: &Terms, quantity: Quantity) -> i64 {
    let price_from = |units: u64| {
        let reached = terms.tiers.iter().rfind(|tier| tier.from.get() <= units);
        reached.expect("the first tier is from 1 on").price.units()
    };
    let units = quantity.get();
    let of_unit = |unit: u64| match terms.tier_rule {
        TierRule::AllUnits => price_from(units),
        TierRule::Incremental => price_from(unit),
    };
    if units == 0 { 0 } else { terms.fee.units() + (1..=units).map(of_unit).sum::<i64>() }
}
