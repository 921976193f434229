//! Counts the figures of an allocation that has passed the laws.

use crate::allocation::{DemandKey, Destination, Unit};
use crate::facts::{Dishonored, Facts, MetBy, Targets};
use crate::figures::{Figures, LicenseFigures, NotInstalled, Objective, Outcome, Totals, Unmet, VersionFigures};
use crate::paths::Lawful;
use crate::spot::Spot;
use model::estate::{Assigned, Assignment, Estate, LicenseState, Sku, Target};
use model::id::{AssignmentId, LicenseId, SkuId, Table, VersionId};
use model::number::Quantity;
use model::objective::{LEVELS, Level, STRETCH_CROSS, STRETCH_DOWNGRADE, STRETCH_NEWER, STRETCH_UPGRADE};
use std::collections::BTreeSet;

/// How far a covering SKU is from the version demanded.
pub(crate) fn stretch(estate: &Estate, sku: &Sku, demanded: VersionId) -> i64 {
    let main = sku.main_for(demanded);
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

/// Counts everything.
pub(crate) fn figures(facts: &Facts<'_>, lawful: &Lawful<'_>) -> Figures {
    let estate = facts.estate;
    let uses = Uses::of(facts, lawful);
    let licenses = license_figures(facts, &uses);
    let mut versions = Table::filled(VersionFigures::default(), estate.versions.len());
    for (version, &installed) in facts.installed.enumerate() {
        versions[version].installed = installed;
    }
    for (demand, &covered) in facts.demands.iter().zip(&lawful.covered) {
        let row = &mut versions[demand.key.version];
        row.demand += demand.quantity;
        row.covered += covered;
        row.uncovered += demand.quantity - covered;
    }
    for &(row, quantity) in &lawful.rows {
        if let Destination::Demand(key) = row.destination {
            versions[key.version].covered_by.add(row.right(estate), quantity);
        }
    }
    for shared in lawful.shared {
        for &(key, units) in &shared.covered {
            versions[key.version].covered_by.add(shared.right(estate, key.version), shared.in_all(units));
        }
    }
    for (id, license) in estate.licenses.enumerate().filter(|&(id, _)| estate.is_active(id)) {
        let row = &mut versions[estate.skus[license.sku].version];
        row.licensed += license.quantity.unwrap_or_default();
        row.idle += licenses[id].idle.unwrap_or_default();
    }
    let totals = totals(estate, &versions, &licenses);
    let assignments = outcomes(facts, &uses);
    let objective = objective(facts, lawful, &assignments, totals.uncovered);
    let lacking = facts.demands.iter().zip(&lawful.covered).filter(|(demand, covered)| **covered < demand.quantity);
    let uncovered = lacking.map(|(demand, &covered)| (demand.key, demand.quantity - covered)).collect();
    Figures { objective, totals, versions, licenses, assignments, uncovered }
}

/// What an allocation uses.
struct Uses {
    /// By license.
    used: Table<LicenseId, Quantity>,
    /// By reserved unit: unused, used for demand, or set aside.
    reserved: Vec<Use>,
    /// By title assignment: whether something is covered or set aside for it.
    is_met: Vec<bool>,
    /// Demands of the targets for which something is set aside, by target, then by index.
    demands_of: Vec<(Target, usize)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Idle,
    Covering,
    Aside,
}

impl Uses {
    fn of(facts: &Facts<'_>, lawful: &Lawful<'_>) -> Self {
        let mut uses = Self {
            used: Table::filled(Quantity::ZERO, facts.estate.licenses.len()),
            reserved: vec![Use::Idle; facts.reserved.len()],
            is_met: vec![false; facts.title_assignments.len()],
            demands_of: demands_of(facts, lawful),
        };
        for (demand, covered) in facts.demands.iter().zip(&lawful.covered) {
            if let Some(met) = demand.meets.filter(|_| !covered.is_zero()) {
                uses.is_met[met] = true;
            }
        }
        for &(row, quantity) in &lawful.rows {
            let kind = match row.destination {
                Destination::Demand(_) => Use::Covering,
                Destination::SetAside(aside) => {
                    if let Some(met) = aside.title.and_then(|title| facts.title_assignment(title, aside.target)) {
                        uses.is_met[met] = true;
                    }
                    Use::Aside
                }
            };
            uses.take(facts, &row.path, quantity, kind);
        }
        for shared in lawful.shared {
            uses.take(facts, &shared.path, shared.quantity, Use::Covering);
        }
        uses
    }

    fn take(&mut self, facts: &Facts<'_>, path: &[Unit], quantity: Quantity, kind: Use) {
        for unit in path {
            self.used[unit.license] += quantity;
            if let Some(target) = unit.reserved_for {
                let reserved = facts.reserved(unit.license, target).expect("lawful paths use units that are reserved");
                self.reserved[reserved] = kind;
            }
        }
    }

    /// The demands of a target for which something is set aside.
    fn demands_of(&self, target: Target) -> impl Iterator<Item = usize> + Clone {
        let first = self.demands_of.partition_point(|&(of, _)| of < target);
        self.demands_of[first..].iter().take_while(move |&&(of, _)| of == target).map(|&(_, demand)| demand)
    }
}

fn demands_of(facts: &Facts<'_>, lawful: &Lawful<'_>) -> Vec<(Target, usize)> {
    let targets = lawful.rows.iter().filter_map(|(row, _)| match row.destination {
        Destination::SetAside(aside) => Some(aside.target),
        Destination::Demand(_) => None,
    });
    let targets = Targets::of(facts.estate, targets);
    let demanded = facts.demands.iter().enumerate().filter(|(_, demand)| !demand.quantity.is_zero());
    let mut demands_of: Vec<(Target, usize)> = demanded
        .flat_map(|(index, demand)| demand.key.targets().map(move |target| (target, index)))
        .filter(|&(target, _)| targets.contains(target))
        .collect();
    demands_of.sort_unstable();
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
    lawful: &Lawful<'_>,
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
    for &(row, quantity) in &lawful.rows {
        let quantity = i128::from(quantity.get());
        let top = estate.sku_of(row.path.last().expect("a lawful path is never empty").license);
        let (place, covered) = match row.destination {
            Destination::Demand(key) => ((key.scope, key.contract), Some(key.version)),
            Destination::SetAside(aside) => ((aside.scope, None), None),
        };
        levels[Level::SetAside.index()] += if covered.is_none() { quantity } else { 0 };
        levels[Level::Stretch.index()] +=
            quantity * covered.map_or(0, |version| i128::from(stretch(estate, top, version)));
        add_units(facts, &row.path, quantity, &mut levels);
        for unit in row.path.iter().filter(|unit| covered.is_some() || unit.reserved_for.is_none()) {
            let cost = facts.use_cost(unit.license, place.0, place.1).expect("lawful rows use licenses where they may");
            levels[Level::TransferCost.index()] += quantity * i128::from(cost.units());
        }
    }
    for shared in lawful.shared {
        let quantity = i128::from(shared.quantity.get());
        let top = estate.sku_of(shared.path.last().expect("a lawful path is never empty").license);
        for &(key, units) in &shared.covered {
            let stretch = i128::from(stretch(estate, top, key.version));
            levels[Level::Stretch.index()] += quantity * i128::from(units.get()) * stretch;
        }
        add_units(facts, &shared.path, quantity, &mut levels);
        let spot = Spot::over(facts, shared.covered.iter().map(|(key, _)| (key.scope, key.contract)));
        for unit in &shared.path {
            let cost = spot.use_cost(&estate.licenses[unit.license]).expect("lawful paths use licenses where they may");
            levels[Level::TransferCost.index()] += quantity * i128::from(cost.units());
        }
    }
    levels
}

/// What the units of so many entitlements add by taking part.
fn add_units(facts: &Facts<'_>, path: &[Unit], quantity: i128, levels: &mut Objective) {
    for unit in path {
        let sku = facts.estate.sku_of(unit.license);
        if sku.is_upgrade() {
            levels[Level::Stretch.index()] += quantity * i128::from(STRETCH_UPGRADE);
        } else {
            levels[Level::Flexibility.index()] += quantity * sku.may_cover.len() as i128;
        }
    }
}

/// What became of every assignment; reserved units and title assignments stand in their order.
fn outcomes(facts: &Facts<'_>, uses: &Uses) -> Table<AssignmentId, Outcome> {
    let mut units = 0..facts.reserved.len();
    let mut title_assignments = 0..facts.title_assignments.len();
    let outcome = |(id, assignment): (AssignmentId, &Assignment)| match assignment.assigned {
        Assigned::License(_) => match facts.dishonored.get(&id) {
            Some(Dishonored::Inactive(LicenseState::NotStarted)) => Outcome::Unmet(Unmet::NotStarted),
            Some(Dishonored::Inactive(_)) => Outcome::Unmet(Unmet::Expired),
            Some(Dishonored::MoreAssignmentsThanUnits) => Outcome::Unmet(Unmet::MoreAssignmentsThanUnits),
            None => {
                let unit = units.next().expect("an honored assignment has its unit");
                match uses.reserved[unit] {
                    Use::Covering => Outcome::Met,
                    Use::Aside => Outcome::MetNotInstalled(why_no_install_uses(facts, uses, unit)),
                    Use::Idle => Outcome::Unmet(Unmet::NothingToStandOn),
                }
            }
        },
        Assigned::Title(_) => {
            let index = title_assignments.next().expect("a title assignment has its row");
            match (facts.title_assignments[index].met_by, uses.is_met[index]) {
                (MetBy::Nothing, _) => Outcome::InactiveTitle,
                (MetBy::Covering, true) => Outcome::Met,
                (MetBy::Covering, false) => Outcome::Unmet(Unmet::Uncovered),
                (MetBy::SettingAside, true) => Outcome::MetNotInstalled(why_nothing_counts(facts, uses, index)),
                (MetBy::SettingAside, false) => Outcome::Unmet(Unmet::NoEntitlement),
            }
        }
    };
    Table::new(facts.estate.assignments.enumerate().map(outcome).collect())
}

/// Why a reserved unit is set aside rather than used for an install of its target.
fn why_no_install_uses(facts: &Facts<'_>, uses: &Uses, unit: usize) -> NotInstalled {
    let estate = facts.estate;
    let license = facts.reserved[unit].license;
    let sku = estate.sku_of(license);
    let demands = uses.demands_of(facts.reserved[unit].target);
    let any = |holds: &dyn Fn(&DemandKey) -> bool| demands.clone().any(|demand| holds(&facts.demands[demand].key));
    let is_within_rights = |key: &DemandKey| sku.may_cover(key.version);
    let is_usable = |key: &DemandKey| facts.use_cost(license, key.scope, key.contract).is_some();
    let title = |version: VersionId| estate.versions[version].title;
    if demands.clone().next().is_none() {
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
    let mut others = uses.demands_of(row.target).filter(|&demand| is_there(demand)).peekable();
    if others.peek().is_none() {
        NotInstalled::NotInstalled
    } else if others.any(|demand| title(demand) == row.title) {
        NotInstalled::OtherVersion
    } else {
        NotInstalled::OtherTitle
    }
}
