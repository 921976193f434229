//! The laws of single paths and of the sums over them.

use crate::allocation::{Allocation, DemandKey, Destination, Row, SetAside, Shared, Unit};
use crate::extent;
use crate::facts::{DemandCursor, Facts, MetBy};
use crate::spot::Spot;
use crate::violation::{Law, Violation};
use model::estate::Target;
use model::id::{LicenseId, Table};
use model::limits::QUANTITY_TOTAL_MAX;
use model::number::Quantity;

/// An allocation that keeps the laws of paths, for counting.
pub(crate) struct Lawful<'a> {
    /// Rows that are alike as one, each with all their units.
    pub(crate) rows: Vec<(&'a Row, Quantity)>,
    /// Entitlements that cover several units of demand each.
    pub(crate) shared: &'a [Shared],
    /// How much of each demand is covered.
    pub(crate) covered: Vec<Quantity>,
}

impl<'a> Lawful<'a> {
    /// Every path with how many entitlements take it.
    pub(crate) fn paths(&self) -> impl Iterator<Item = (&'a [Unit], Quantity)> {
        let of_rows = self.rows.iter().map(|&(row, quantity)| (row.path.as_slice(), quantity));
        of_rows.chain(self.shared.iter().map(|shared| (shared.path.as_slice(), shared.quantity)))
    }
}

/// Checks every row and what rows add up to.
///
/// # Errors
/// Every broken law of the rows and of their sums.
pub(crate) fn check<'a>(facts: &Facts<'_>, allocation: &'a Allocation) -> Result<Lawful<'a>, Vec<Violation>> {
    let mut cursor = DemandCursor::default();
    let covered = vec![Quantity::ZERO; facts.demands.len()];
    let mut lawful = Lawful { rows: Vec::new(), shared: &allocation.shared, covered };
    let mut violations: Vec<Violation> = Vec::new();
    for alike in allocation.rows.chunk_by(Row::is_like) {
        let first = &alike[0];
        let mut units = Quantity::ZERO;
        let mut violation = path_violation(facts, first);
        for row in alike {
            violation = violation.or_else(|| demand_violation(facts, row, &mut cursor, &mut lawful.covered));
            units += row.quantity;
        }
        violation = violation.or_else(|| destination_violation(facts, first));
        violations.extend(violation.map(|(law, what)| name(facts, &first.path, law, &what)));
        lawful.rows.push((first, units));
    }
    for shared in lawful.shared {
        let mut demanded = shared.covered.iter();
        let broken = shared_violation(facts, shared).or_else(|| {
            demanded.find_map(|row| shared_demand_violation(facts, shared, row, &mut cursor, &mut lawful.covered))
        });
        violations.extend(broken.map(|(law, what)| name(facts, &shared.path, law, &what)));
    }
    if violations.is_empty() {
        violations.extend(supply_violations(facts, &lawful));
        violations.extend(sum_violations(facts, &lawful));
    }
    if violations.is_empty() { Ok(lawful) } else { Err(violations) }
}

/// Whether a row covers demand that is there; adds up how much of it.
fn demand_violation(
    facts: &Facts<'_>,
    row: &Row,
    cursor: &mut DemandCursor,
    covered: &mut [Quantity],
) -> Option<(Law, String)> {
    if row.quantity.is_zero() {
        return Some((Law::Demand, "its quantity is zero".to_owned()));
    }
    let Destination::Demand(key) = row.destination else { return None };
    cover(facts, &key, row.quantity, cursor, covered)
}

/// Adds up how much of a demand is covered, if it is there.
fn cover(
    facts: &Facts<'_>,
    key: &DemandKey,
    units: Quantity,
    cursor: &mut DemandCursor,
    covered: &mut [Quantity],
) -> Option<(Law, String)> {
    let Some(index) = cursor.find(facts, key) else {
        return Some((Law::Demand, format!("`{}` is not demanded there", facts.estate.version_text(key.version))));
    };
    covered[index] += units;
    None
}

/// The same for one of the demands that an entitlement covers together.
fn shared_demand_violation(
    facts: &Facts<'_>,
    shared: &Shared,
    &(key, units): &(DemandKey, Quantity),
    cursor: &mut DemandCursor,
    covered: &mut [Quantity],
) -> Option<(Law, String)> {
    let demand = u128::from(units.get()) * u128::from(shared.quantity.get());
    let Some(demand) = u64::try_from(demand).ok().filter(|&demand| demand <= QUANTITY_TOTAL_MAX) else {
        return Some((Law::Demand, "it covers more than is demanded".to_owned()));
    };
    cover(facts, &key, Quantity::new(demand), cursor, covered)
}

fn name(facts: &Facts<'_>, path: &[Unit], law: Law, what: &str) -> Violation {
    let ids: Vec<&str> = path.iter().map(|unit| facts.estate.licenses[unit.license].id.as_str()).collect();
    Violation::new(law, format!("path `{}`: {what}", ids.join(" -> ")))
}

/// The laws of a path by itself, which rows that are alike keep or break together.
fn path_violation(facts: &Facts<'_>, row: &Row) -> Option<(Law, String)> {
    stacking_violation(facts, &row.path)
        .or_else(|| row.path.iter().find_map(|unit| availability_violation(facts, unit)))
        .or_else(|| {
            reservation_violation(&row.path, |target| match row.destination {
                Destination::Demand(key) => key.is_of(target),
                Destination::SetAside(aside) => aside.target == target,
            })
        })
}

/// The laws of an entitlement that covers several units of demand, which are there.
fn shared_violation(facts: &Facts<'_>, shared: &Shared) -> Option<(Law, String)> {
    let Shared { path, covered, .. } = shared;
    stacking_violation(facts, path)
        .or_else(|| path.iter().find_map(|unit| availability_violation(facts, unit)))
        .or_else(|| reservation_violation(path, |target| covered.iter().all(|(key, _)| key.is_of(target))))
        .or_else(|| {
            let top = facts.estate.sku_of(path.last()?.license);
            let stray = covered.iter().find(|(key, _)| !top.may_cover(key.version));
            stray.map(|(key, _)| beyond_rights(facts, key)).or_else(|| extent::violation(top, shared))
        })
        .or_else(|| {
            let spot = Spot::over(facts, covered.iter().map(|(key, _)| (key.scope, key.contract)));
            let stray = path.iter().find(|unit| spot.use_cost(&facts.estate.licenses[unit.license]).is_none())?;
            Some(elsewhere(facts, stray))
        })
}

/// The laws of a path and where it ends; the demand is there.
fn destination_violation(facts: &Facts<'_>, row: &Row) -> Option<(Law, String)> {
    match row.destination {
        Destination::Demand(key) => covering_violation(facts, row, &key),
        Destination::SetAside(aside) => aside_violation(facts, row, aside),
    }
}

fn stacking_violation(facts: &Facts<'_>, path: &[Unit]) -> Option<(Law, String)> {
    let Some(base) = path.first() else { return Some((Law::Stacking, "it has no unit".to_owned())) };
    if facts.estate.sku_of(base.license).is_upgrade() {
        return Some((Law::Stacking, "an upgrade has nothing to stand on".to_owned()));
    }
    path.windows(2).find_map(|pair| {
        let below = facts.estate.sku_of(pair[0].license).version;
        let stands = facts.estate.sku_of(pair[1].license).may_upgrade(below);
        let what = || format!("`{}` may not stand on it", facts.estate.licenses[pair[1].license].id);
        (!stands).then(|| (Law::Stacking, what()))
    })
}

fn availability_violation(facts: &Facts<'_>, unit: &Unit) -> Option<(Law, String)> {
    let id = &facts.estate.licenses[unit.license].id;
    match unit.reserved_for {
        None if !facts.estate.is_active(unit.license) => Some((Law::Availability, format!("`{id}` is not active"))),
        None if !facts.lots[unit.license].is_usable => {
            Some((Law::Availability, format!("`{id}` may be used only when assigned")))
        }
        Some(target) if facts.reserved(unit.license, target).is_none() => {
            Some((Law::Reservation, format!("no unit of `{id}` is reserved for that target")))
        }
        _ => None,
    }
}

fn reservation_violation(path: &[Unit], serves: impl Fn(Target) -> bool) -> Option<(Law, String)> {
    let reserved = path.iter().find_map(|unit| unit.reserved_for)?;
    if !serves(reserved) {
        return Some((Law::Reservation, "a reserved unit serves another target".to_owned()));
    }
    let mut from_reserved = path.iter().skip_while(|unit| unit.reserved_for.is_none());
    let is_broken = from_reserved.any(|unit| unit.reserved_for != Some(reserved));
    is_broken
        .then(|| (Law::Reservation, "on a reserved unit stands one that is not reserved for its target".to_owned()))
}

fn covering_violation(facts: &Facts<'_>, row: &Row, key: &DemandKey) -> Option<(Law, String)> {
    let top = row.path.last()?.license;
    if !facts.estate.sku_of(top).may_cover(key.version) {
        return Some(beyond_rights(facts, key));
    }
    let stray = row.path.iter().find(|unit| facts.use_cost(unit.license, key.scope, key.contract).is_none())?;
    Some(elsewhere(facts, stray))
}

fn beyond_rights(facts: &Facts<'_>, key: &DemandKey) -> (Law, String) {
    let version = facts.estate.version_text(key.version);
    (Law::Rights, format!("its topmost license may not cover `{version}`"))
}

fn elsewhere(facts: &Facts<'_>, unit: &Unit) -> (Law, String) {
    (Law::Place, format!("`{}` may not be used there", facts.estate.licenses[unit.license].id))
}

fn aside_violation(facts: &Facts<'_>, row: &Row, aside: SetAside) -> Option<(Law, String)> {
    let law = |what: &str| Some((Law::SettingAside, what.to_owned()));
    let top = *row.path.last()?;
    let scope = if let Some(title) = aside.title {
        let Some(index) = facts.title_assignment(title, aside.target) else {
            return law("the title is not assigned to the target");
        };
        let wanted = &facts.title_assignments[index];
        if wanted.met_by != MetBy::SettingAside {
            return law("installs of the target count for the assignment, or its title is inactive");
        }
        if !facts.satisfies(facts.estate.licenses[top.license].sku, wanted) {
            return law("the entitlement may not cover what is assigned");
        }
        wanted.scope
    } else {
        let Some(unit) = top.reserved_for.and_then(|target| facts.reserved(top.license, target)) else {
            return law("no assignment asks for it");
        };
        facts.reserved[unit].scope
    };
    if scope != aside.scope {
        return law("its scope is not that of the assignment");
    }
    let mut unreserved = row.path.iter().filter(|unit| unit.reserved_for.is_none());
    let stray = unreserved.find(|unit| facts.use_cost(unit.license, scope, None).is_none())?;
    Some(elsewhere(facts, stray))
}

fn supply_violations(facts: &Facts<'_>, lawful: &Lawful<'_>) -> Vec<Violation> {
    let mut lots: Table<LicenseId, Quantity> = Table::filled(Quantity::ZERO, facts.estate.licenses.len());
    let mut reserved = vec![Quantity::ZERO; facts.reserved.len()];
    for (path, quantity) in lawful.paths() {
        for unit in path {
            match unit.reserved_for.and_then(|target| facts.reserved(unit.license, target)) {
                Some(index) => reserved[index] += quantity,
                None => lots[unit.license] += quantity,
            }
        }
    }
    let beyond = |license: LicenseId, kind: &str, used: Quantity, units: Quantity| {
        let id = &facts.estate.licenses[license].id;
        Violation::new(Law::Supply, format!("{used} {kind} units of `{id}` are used, it has {units}"))
    };
    let of_lots = lots.enumerate().filter_map(|(license, &used)| {
        let units = facts.lots[license].units?;
        (used > units).then(|| beyond(license, "unreserved", used, units))
    });
    let of_reserved = reserved.iter().enumerate().filter(|&(_, &used)| used > Quantity::ONE);
    let of_reserved =
        of_reserved.map(|(index, &used)| beyond(facts.reserved[index].license, "reserved", used, Quantity::ONE));
    of_lots.chain(of_reserved).collect()
}

fn sum_violations(facts: &Facts<'_>, lawful: &Lawful<'_>) -> Vec<Violation> {
    let mut aside = vec![Quantity::ZERO; facts.title_assignments.len()];
    for &(row, quantity) in &lawful.rows {
        if let Destination::SetAside(SetAside { title: Some(title), target, .. }) = row.destination
            && let Some(index) = facts.title_assignment(title, target)
        {
            aside[index] += quantity;
        }
    }
    let of_demands = facts.demands.iter().zip(&lawful.covered).filter(|(demand, covered)| **covered > demand.quantity);
    let of_demands = of_demands.map(|(demand, covered)| {
        let version = facts.estate.version_text(demand.key.version);
        Violation::new(Law::Demand, format!("{covered} of {} demanded `{version}` are covered", demand.quantity))
    });
    let twice = facts.title_assignments.iter().zip(&aside).filter(|(_, aside)| **aside > Quantity::ONE);
    let twice = twice.map(|(row, aside)| {
        let title = &facts.estate.titles[row.title].id;
        Violation::new(Law::Demand, format!("{aside} entitlements are set aside for one assignment of `{title}`"))
    });
    of_demands.chain(twice).collect()
}
