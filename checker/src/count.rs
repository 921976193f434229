//! Counts the figures of an allocation that has passed the laws.

use crate::allocation::{Allocation, DemandKey, Destination};
use crate::facts::{Dishonored, Facts, MetBy};
use crate::figures::{Figures, LicenseFigures, NotInstalled, Objective, Outcome, Totals, Unmet, VersionFigures};
use model::estate::{Assigned, Estate, LicenseState, Target};
use model::id::{AssignmentId, LicenseId, SkuId, Table, VersionId};
use model::number::Quantity;
use model::objective::{LEVELS, Level, STRETCH_CROSS, STRETCH_DOWNGRADE, STRETCH_NEWER, STRETCH_UPGRADE};
use std::collections::{BTreeMap, BTreeSet};

/// How far a covering SKU is from the version demanded.
pub(crate) fn stretch(estate: &Estate, main: VersionId, demanded: VersionId) -> i64 {
    if main == demanded {
        0
    } else if estate.versions[main].title != estate.versions[demanded].title {
        STRETCH_CROSS
    } else if main > demanded {
        STRETCH_DOWNGRADE
    } else {
        STRETCH_NEWER
    }
}

/// Counts everything; `demands` says which demand each row covers.
pub(crate) fn figures(facts: &Facts<'_>, allocation: &Allocation, demands: &[Option<usize>]) -> Figures {
    let estate = facts.estate;
    let uses = Uses::of(facts, allocation, demands);
    let licenses = license_figures(facts, &uses);
    let mut versions = Table::filled(VersionFigures::default(), estate.versions.len());
    for install in &estate.installs {
        versions[install.version].installed += install.quantity;
    }
    for (index, demand) in facts.demands.iter().enumerate() {
        let row = &mut versions[demand.key.version];
        row.demand += demand.quantity;
        row.covered += uses.covered[index];
        row.uncovered += demand.quantity - uses.covered[index];
    }
    for row in &allocation.rows {
        if let Destination::Demand(key) = row.destination {
            versions[key.version].covered_by.add(row.right(estate), row.quantity);
        }
    }
    for (id, license) in estate.licenses.enumerate().filter(|&(id, _)| estate.is_active(id)) {
        let row = &mut versions[estate.skus[license.sku].version];
        row.licensed += license.quantity.unwrap_or_default();
        row.idle += licenses[id].idle.unwrap_or_default();
    }
    let totals = totals(estate, &versions, &licenses);
    let assignments =
        Table::new(estate.assignments.ids().map(|assignment| outcome(facts, &uses, assignment)).collect::<Vec<_>>());
    let objective = objective(facts, allocation, &assignments, totals.uncovered);
    let lacking = facts.demands.iter().zip(&uses.covered).filter(|(demand, covered)| **covered < demand.quantity);
    let uncovered = lacking.map(|(demand, &covered)| (demand.key, demand.quantity - covered)).collect();
    Figures { objective, totals, versions, licenses, assignments, uncovered }
}

/// What an allocation uses.
struct Uses {
    /// By demand.
    covered: Vec<Quantity>,
    /// By license.
    used: Table<LicenseId, Quantity>,
    /// By reserved unit: unused, used for demand, or set aside.
    reserved: Vec<Use>,
    /// By title assignment: whether something is covered or set aside for it.
    is_met: Vec<bool>,
    /// Demands of the targets of assignments, by index.
    demands_of: BTreeMap<Target, Vec<usize>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Idle,
    Covering,
    Aside,
}

impl Uses {
    fn of(facts: &Facts<'_>, allocation: &Allocation, demands: &[Option<usize>]) -> Self {
        let mut uses = Self {
            covered: vec![Quantity::ZERO; facts.demands.len()],
            used: Table::filled(Quantity::ZERO, facts.estate.licenses.len()),
            reserved: vec![Use::Idle; facts.reserved.len()],
            is_met: vec![false; facts.title_assignments.len()],
            demands_of: demands_of(facts),
        };
        for (row, &demand) in allocation.rows.iter().zip(demands) {
            let (kind, met) = match (row.destination, demand) {
                (Destination::SetAside(aside), _) => {
                    (Use::Aside, aside.title.and_then(|title| facts.title_assignment(title, aside.target)))
                }
                (Destination::Demand(_), Some(demand)) => {
                    uses.covered[demand] += row.quantity;
                    (Use::Covering, facts.demands[demand].meets)
                }
                (Destination::Demand(_), None) => unreachable!("lawful rows cover demand of the estate"),
            };
            if let Some(met) = met {
                uses.is_met[met] = true;
            }
            for unit in &row.path {
                uses.used[unit.license] += row.quantity;
                if let Some(target) = unit.reserved_for {
                    let reserved =
                        facts.reserved(unit.license, target).expect("lawful rows use units that are reserved");
                    uses.reserved[reserved] = kind;
                }
            }
        }
        uses
    }
}

fn demands_of(facts: &Facts<'_>) -> BTreeMap<Target, Vec<usize>> {
    let targets = facts.estate.assignments.iter().map(|assignment| (assignment.target, Vec::new()));
    let mut demands_of: BTreeMap<Target, Vec<usize>> = targets.collect();
    for (index, demand) in facts.demands.iter().enumerate().filter(|(_, demand)| !demand.quantity.is_zero()) {
        for target in demand.key.targets().filter(|&target| facts.assigned_targets.contains(target)) {
            demands_of.get_mut(&target).expect("every assigned target has its row").push(index);
        }
    }
    demands_of
}

fn license_figures(facts: &Facts<'_>, uses: &Uses) -> Table<LicenseId, LicenseFigures> {
    let estate = facts.estate;
    let mut rows = Table::filled(LicenseFigures::default(), estate.licenses.len());
    for (id, license) in estate.licenses.enumerate() {
        let active = license.quantity.map(|units| if estate.is_active(id) { units } else { Quantity::ZERO });
        rows[id].used = uses.used[id];
        rows[id].idle = active.map(|units| units - uses.used[id]);
    }
    for unit in &facts.reserved {
        rows[unit.license].assigned += Quantity::ONE;
    }
    let idle_bases = IdleBases::of(facts, &rows);
    for (id, license) in estate.licenses.enumerate() {
        let Some(idle) = rows[id].idle.filter(|idle| !idle.is_zero()) else { continue };
        if !estate.skus[license.sku].is_upgrade() {
            continue;
        }
        // Unreserved units of a gated lot wait for an assignment; they are idle.
        let gated = if facts.lots[id].is_usable { Quantity::ZERO } else { facts.lots[id].units.unwrap_or_default() };
        let in_question = idle.saturating_sub(gated);
        let unusable = idle_bases.missing(license.sku, in_question);
        rows[id].unusable = unusable;
        rows[id].idle = Some(idle - unusable);
    }
    rows
}

/// Idle base units by SKU; none where unlimited.
struct IdleBases<'f, 'e> {
    facts: &'f Facts<'e>,
    by_sku: Table<SkuId, Option<Quantity>>,
}

impl<'f, 'e> IdleBases<'f, 'e> {
    fn of(facts: &'f Facts<'e>, rows: &Table<LicenseId, LicenseFigures>) -> Self {
        let mut by_sku = Table::filled(Some(Quantity::ZERO), facts.estate.skus.len());
        for (id, license) in facts.estate.licenses.enumerate() {
            if facts.estate.is_active(id) && !facts.estate.skus[license.sku].is_upgrade() {
                by_sku[license.sku] = by_sku[license.sku].zip(rows[id].idle).map(|(sum, idle)| sum + idle);
            }
        }
        Self { facts, by_sku }
    }

    /// By how much `wanted` exceeds the idle base units from which rights lead to `upgrade`.
    fn missing(&self, upgrade: SkuId, wanted: Quantity) -> Quantity {
        let mut missing = wanted;
        let mut seen = BTreeSet::from([upgrade]);
        let mut open = vec![upgrade];
        while let Some(sku) = open.pop().filter(|_| !missing.is_zero()) {
            match &self.facts.estate.skus[sku].upgrades {
                None => match self.by_sku[sku] {
                    None => return Quantity::ZERO,
                    Some(idle) => missing = missing.saturating_sub(idle),
                },
                Some(versions) => {
                    let below = versions.iter().flat_map(|&version| &self.facts.skus_of[version]);
                    open.extend(below.filter(|&&sku| seen.insert(sku)));
                }
            }
        }
        missing
    }
}

fn totals(
    estate: &Estate,
    versions: &Table<VersionId, VersionFigures>,
    licenses: &Table<LicenseId, LicenseFigures>,
) -> Totals {
    let mut totals = Totals::default();
    versions.iter().for_each(|row| totals.add_version(row));
    for (id, license) in estate.licenses.enumerate() {
        totals.add_license(license.quantity, estate.is_active(id).then_some(&licenses[id]));
    }
    totals
}

fn objective(
    facts: &Facts<'_>,
    allocation: &Allocation,
    outcomes: &Table<AssignmentId, Outcome>,
    uncovered: Quantity,
) -> Objective {
    let estate = facts.estate;
    let mut levels = [0_i128; LEVELS];
    for (id, assignment) in estate.assignments.enumerate() {
        let level = match assignment.assigned {
            Assigned::License(_) => Level::LicenseAssignmentsUnmet,
            Assigned::Title(_) => Level::TitleAssignmentsUnmet,
        };
        levels[level.index()] += i128::from(matches!(outcomes[id], Outcome::Unmet(_)));
    }
    levels[Level::Uncovered.index()] = uncovered.get().into();
    for row in &allocation.rows {
        let quantity = i128::from(row.quantity.get());
        let top = row.path.last().expect("a lawful path is never empty").license;
        let (place, covered) = match row.destination {
            Destination::Demand(key) => ((key.scope, key.contract), Some(key.version)),
            Destination::SetAside(aside) => ((aside.scope, None), None),
        };
        levels[Level::SetAside.index()] += if covered.is_none() { quantity } else { 0 };
        if let Some(version) = covered {
            levels[Level::Stretch.index()] +=
                quantity * i128::from(stretch(estate, estate.sku_of(top).version, version));
        }
        for unit in &row.path {
            let sku = estate.sku_of(unit.license);
            if sku.is_upgrade() {
                levels[Level::Stretch.index()] += quantity * i128::from(STRETCH_UPGRADE);
            } else {
                levels[Level::Flexibility.index()] += quantity * sku.may_cover.len() as i128;
            }
            if covered.is_some() || unit.reserved_for.is_none() {
                let cost =
                    facts.use_cost(unit.license, place.0, place.1).expect("lawful rows use licenses where they may");
                levels[Level::TransferCost.index()] += quantity * i128::from(cost.units());
            }
        }
    }
    levels
}

fn outcome(facts: &Facts<'_>, uses: &Uses, id: AssignmentId) -> Outcome {
    let assignment = &facts.estate.assignments[id];
    match assignment.assigned {
        Assigned::License(license) => {
            if let Some(why) = facts.dishonored.get(&id) {
                return Outcome::Unmet(match why {
                    Dishonored::Inactive(LicenseState::NotStarted) => Unmet::NotStarted,
                    Dishonored::Inactive(_) => Unmet::Expired,
                    Dishonored::MoreAssignmentsThanUnits => Unmet::MoreAssignmentsThanUnits,
                });
            }
            let unit = facts.reserved(license, assignment.target).expect("an honored assignment has its unit");
            match uses.reserved[unit] {
                Use::Covering => Outcome::Met,
                Use::Aside => Outcome::MetNotInstalled(why_no_install_uses(facts, uses, unit)),
                Use::Idle => Outcome::Unmet(Unmet::NothingToStandOn),
            }
        }
        Assigned::Title(title) => {
            let index = facts.title_assignment(title, assignment.target).expect("a title assignment has its row");
            let row = &facts.title_assignments[index];
            match (row.met_by, uses.is_met[index]) {
                (MetBy::Nothing, _) => Outcome::InactiveTitle,
                (MetBy::Covering, true) => Outcome::Met,
                (MetBy::Covering, false) => Outcome::Unmet(Unmet::Uncovered),
                (MetBy::SettingAside, true) => Outcome::MetNotInstalled(why_nothing_counts(facts, uses, index)),
                (MetBy::SettingAside, false) => Outcome::Unmet(Unmet::NoEntitlement),
            }
        }
    }
}

/// Why a reserved unit is set aside rather than used for an install of its target.
fn why_no_install_uses(facts: &Facts<'_>, uses: &Uses, unit: usize) -> NotInstalled {
    let estate = facts.estate;
    let license = facts.reserved[unit].license;
    let sku = estate.sku_of(license);
    let demands = &uses.demands_of[&facts.reserved[unit].target];
    let any = |holds: &dyn Fn(&DemandKey) -> bool| demands.iter().any(|&demand| holds(&facts.demands[demand].key));
    let is_within_rights = |key: &DemandKey| sku.may_cover(key.version);
    let is_usable = |key: &DemandKey| facts.use_cost(license, key.scope, key.contract).is_some();
    let title = |version: VersionId| estate.versions[version].title;
    if demands.is_empty() {
        NotInstalled::NotInstalled
    } else if any(&|key| is_within_rights(key) && is_usable(key)) {
        NotInstalled::CoveredOtherwise
    } else if any(&is_within_rights) {
        NotInstalled::OtherPlace
    } else if any(&|key| title(key.version) == title(sku.version)) {
        NotInstalled::OtherVersion
    } else {
        NotInstalled::OtherTitle
    }
}

/// Why no install counts for a title assignment.
fn why_nothing_counts(facts: &Facts<'_>, uses: &Uses, title_assignment: usize) -> NotInstalled {
    let row = &facts.title_assignments[title_assignment];
    let title = |demand: usize| facts.estate.versions[facts.demands[demand].key.version].title;
    // What counts for the assignment of an asset is as if it were not there for its user's.
    let is_there = |demand: usize| title(demand) != row.title || facts.demands[demand].meets.is_none();
    let mut others = uses.demands_of[&row.target].iter().copied().filter(|&demand| is_there(demand)).peekable();
    if others.peek().is_none() {
        NotInstalled::NotInstalled
    } else if others.any(|demand| title(demand) == row.title) {
        NotInstalled::OtherVersion
    } else {
        NotInstalled::OtherTitle
    }
}
