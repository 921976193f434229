//! Shortage sets: named licenses that are too few for named demands.
//!
//! A set holds when every lawful path uses at least as many of the named units as it serves named
//! demands. Then at most `supply` of the named demand is served and at least `short` goes without.
//! Sets that share nothing, hold, and sum to all that is uncovered explain it completely. In parts that
//! may be no network there need be no such sets: what is said to be uncovered there is at most what is.

use crate::allocation::{DemandKey, Unit};
use crate::evidence::{Evidence, NamedDemand, ShortageSet};
use crate::facts::{DemandCursor, Facts, MetBy};
use crate::figures::Figures;
use crate::homes::{EndTariff, Home};
use crate::lawful::{Ending, Tariff};
use crate::mixed::Mixed;
use crate::violation::{Law, Violation};
use model::estate::Sku;
use model::id::{LicenseId, Table, VersionId};
use model::number::{Money, Quantity};

/// The weight of a unit that is not there: no path that serves something is lighter than nothing.
const NO_PATH: i128 = 1 << 80;

/// Which facts the sets name.
pub(crate) struct Named {
    lots: Table<LicenseId, bool>,
    /// Lots without unreserved units: no path has a unit of theirs.
    is_empty: Table<LicenseId, bool>,
    reserved_units: Vec<bool>,
    reserved_demands: Vec<bool>,
    demands: Vec<bool>,
    title_assignments: Vec<bool>,
}

fn uncovered_in_mixed_parts(facts: &Facts<'_>, figures: &Figures) -> Quantity {
    let mixed = Mixed::of(facts);
    figures.uncovered.iter().filter(|(key, _)| mixed.has(key.version)).map(|&(_, quantity)| quantity).sum()
}

/// Whether a reserved unit of one of its own targets may cover the demand as topmost unit.
fn is_tied(facts: &Facts<'_>, key: &DemandKey) -> bool {
    if !facts.reserved_targets.have(key) {
        return false;
    }
    let mut units = key.targets().filter_map(|target| facts.reserved_of.get(&target)).flatten();
    units.any(|&unit| facts.estate.sku_of(facts.reserved[unit].license).may_cover(key.version))
}

/// Marks what a set names and checks its sums.
fn name_all(
    facts: &Facts<'_>,
    named: &mut Named,
    set: &ShortageSet,
    cursor: &mut DemandCursor,
) -> Result<(), Violation> {
    let refuse = |what: &str| Violation::new(Law::ShortageSet, what);
    let mut demand = Quantity::ZERO;
    for &(row, quantity) in &set.demands {
        if named.mark_demand(facts, row, cursor)? != quantity {
            return Err(refuse("the quantity of a named demand is not that of the estate"));
        }
        demand += quantity;
    }
    let mut supply = Quantity::ZERO;
    for &unit in &set.units {
        supply += named.mark_unit(facts, unit)?;
    }
    if demand != set.demand || supply != set.supply {
        return Err(refuse("its demand or supply is not the sum of what it names"));
    }
    if set.short.is_zero() || demand.saturating_sub(supply) != set.short {
        return Err(refuse("`short` is not its demand less its supply, or is zero"));
    }
    Ok(())
}

impl Named {
    /// Names what the sets of an answer name, and checks their sums, by themselves and against what is uncovered.
    pub(crate) fn of(facts: &Facts<'_>, evidence: &Evidence, figures: &Figures) -> (Self, Vec<Violation>) {
        let (sets, uncovered) = (&evidence.shortages, figures.totals.uncovered);
        let mut named = Self::nothing(facts);
        let mut cursor = DemandCursor::default();
        let refused = sets.iter().filter_map(|set| name_all(facts, &mut named, set, &mut cursor).err());
        let mut violations: Vec<Violation> = refused.collect();
        let short: u128 = sets.iter().map(|set| u128::from(set.short.get())).sum();
        let by_bound = evidence.uncovered_by_bound;
        if short + u128::from(by_bound.get()) != u128::from(uncovered.get()) {
            let what = format!("the sets are short by {short}, {by_bound} are beside them, {uncovered} are uncovered");
            violations.push(Violation::new(Law::ShortageSum, what));
        }
        if !by_bound.is_zero() && by_bound > uncovered_in_mixed_parts(facts, figures) {
            let what = format!("less than {by_bound} are uncovered where upgrades make no network");
            violations.push(Violation::new(Law::ShortageSum, what));
        }
        (named, violations)
    }

    /// No fact is named.
    fn nothing(facts: &Facts<'_>) -> Self {
        Self {
            lots: Table::filled(false, facts.estate.licenses.len()),
            is_empty: Table::new(facts.lots.iter().map(|lot| lot.units == Some(Quantity::ZERO)).collect()),
            reserved_units: vec![false; facts.reserved.len()],
            reserved_demands: vec![false; facts.reserved.len()],
            demands: vec![false; facts.demands.len()],
            title_assignments: vec![false; facts.title_assignments.len()],
        }
    }

    /// Whether a path with so many named units serves more named demands.
    pub(crate) fn violation(&self, ending: &Ending, units: i128) -> Option<Violation> {
        (units < self.serves(ending)).then(|| {
            let what = format!("a path to {ending:?} serves more named demands than it uses named units");
            Violation::new(Law::ShortageSet, what)
        })
    }

    /// Marks a named demand and returns its quantity.
    fn mark_demand(
        &mut self,
        facts: &Facts<'_>,
        row: NamedDemand,
        cursor: &mut DemandCursor,
    ) -> Result<Quantity, Violation> {
        let missing = || Violation::new(Law::ShortageSet, "a named demand is not there");
        match row {
            NamedDemand::Installs(key) => {
                if key.targets().next().is_some() {
                    let index = cursor.find(facts, &key).ok_or_else(missing)?;
                    mark(&mut self.demands[index])?;
                    return Ok(facts.demands[index].quantity);
                }
                // The key without asset and user comes first among those beside it.
                let first = cursor.seek(facts, &key);
                let beside = facts.demands[first..].iter().take_while(|demand| demand.key.is_beside(&key));
                let loose = (first..).zip(beside).filter(|(_, demand)| !is_tied(facts, &demand.key));
                let mut quantity = None;
                for (index, demand) in loose {
                    mark(&mut self.demands[index])?;
                    quantity = Some(quantity.unwrap_or(Quantity::ZERO) + demand.quantity);
                }
                quantity.ok_or_else(missing)
            }
            NamedDemand::Reserved(license, target) => {
                let index = facts.reserved(license, target).ok_or_else(missing)?;
                mark(&mut self.reserved_demands[index]).map(|()| Quantity::ONE)
            }
            NamedDemand::SetAside(title, target) => {
                let index = facts.title_assignment(title, target).ok_or_else(missing)?;
                if facts.title_assignments[index].met_by != MetBy::SettingAside {
                    return Err(missing());
                }
                mark(&mut self.title_assignments[index]).map(|()| Quantity::ONE)
            }
        }
    }

    /// Marks named supply and returns its quantity.
    fn mark_unit(&mut self, facts: &Facts<'_>, unit: Unit) -> Result<Quantity, Violation> {
        match unit.reserved_for {
            None => {
                mark(&mut self.lots[unit.license])?;
                if self.is_empty[unit.license] {
                    return Err(Violation::new(Law::ShortageSet, "a license without unreserved units is named"));
                }
                let units = facts.lots[unit.license].units;
                units.ok_or_else(|| Violation::new(Law::ShortageSet, "an unlimited license is named as too little"))
            }
            Some(target) => {
                let missing = || Violation::new(Law::ShortageSet, "a named reserved unit is not there");
                let index = facts.reserved(unit.license, target).ok_or_else(missing)?;
                mark(&mut self.reserved_units[index]).map(|()| Quantity::ONE)
            }
        }
    }

    /// How many named demands a path serves that ends there, at most.
    fn serves(&self, ending: &Ending) -> i128 {
        i128::from(match *ending {
            Ending::Demands(ref run) => self.demands[run.clone()].contains(&true),
            Ending::TitleAssignment(index) => self.title_assignments[index],
            Ending::Reserved(_) | Ending::Replaced(..) => false,
        })
    }
}

/// Whether a path that covers some of a home at once serves more named demands than it uses named units.
pub(crate) fn violation_at(facts: &Facts<'_>, home: &Home, excess: i128) -> Option<Violation> {
    (excess < 0).then(|| {
        let home = home.words(facts);
        let what = format!("a path to demand of {home} serves more named demands than it uses named units");
        Violation::new(Law::ShortageSet, what)
    })
}

fn mark(slot: &mut bool) -> Result<(), Violation> {
    if std::mem::replace(slot, true) {
        return Err(Violation::new(Law::ShortageSet, "something is named twice"));
    }
    Ok(())
}

impl EndTariff for Named {
    fn nothing(&self) -> i128 {
        0
    }

    fn demand(&self, index: usize) -> i128 {
        -i128::from(self.demands[index])
    }
}

impl Tariff for Named {
    type Weight = i128;

    fn lot(&self, license: LicenseId) -> i128 {
        if self.is_empty[license] { NO_PATH } else { i128::from(self.lots[license]) }
    }

    fn reserved(&self, index: usize) -> i128 {
        i128::from(self.reserved_units[index]) - i128::from(self.reserved_demands[index])
    }

    fn part(&self, _: &Sku) -> i128 {
        0
    }

    fn transfer(&self, _: Money) -> i128 {
        0
    }

    fn cover(&self, _: &Sku, _: VersionId) -> i128 {
        0
    }

    fn aside(&self) -> i128 {
        0
    }
}
