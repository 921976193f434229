//! Every phrase of a position, in one place.

use crate::text::neutral;
use checker::Certified;
use checker::allocation::{DemandKey, Unit};
use checker::evidence::{NamedDemand, ShortageSet, Standing};
use checker::figures::{CoveredBy, NotInstalled, Outcome, Unmet};
use model::estate::{Assigned, Assignment, Estate, Target, TrackBy};
use model::id::{ContractId, LicenseId, ScopeId, VersionId};
use model::number::{Quantity, money_text};
use model::objective::Level;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Most names in one sentence; the rest is counted.
const NAMES_MAX: usize = 6;

/// `1 unit`, `2 units`.
fn counted(count: u64, singular: &str, plural: &str) -> String {
    format!("{count} {}", if count == 1 { singular } else { plural })
}

/// `a`, `a and b`, `a, b and c`, `a, b and 7 more`.
fn listed(names: &[String]) -> String {
    if names.len() > NAMES_MAX {
        let shown = names[..NAMES_MAX - 1].join(", ");
        return format!("{shown} and {} more", names.len() + 1 - NAMES_MAX);
    }
    match names {
        [] => String::new(),
        [name] => name.clone(),
        [names @ .., last] => format!("{} and {last}", names.join(", ")),
    }
}

/// Whose position it is, and for which day.
pub(crate) fn title(estate: &Estate) -> String {
    let name = estate.name.as_deref().map_or("License position".into(), |name| format!("{}: license position", neutral(name)));
    format!("{name} as of {}", estate.as_of)
}

/// What the evidence shows.
pub(crate) fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Optimal => "Optimal at every level; the checker has accepted the proof.",
    }
}

/// Gross figures, side by side: what is uncovered is never netted against what is idle.
pub(crate) fn gross(certified: &Certified<'_>) -> String {
    let totals = certified.figures().totals;
    let mut phrase = format!(
        "{} uncovered and {} covered of {}; {} idle and {} used",
        totals.uncovered,
        totals.covered,
        counted(totals.demand.get(), "demand", "demands"),
        totals.idle,
        totals.used,
    );
    if !totals.unusable.is_zero() {
        let _ = write!(phrase, " and {} unusable", totals.unusable);
    }
    phrase + &format!(" of {}", counted(totals.active.get(), "active unit", "active units"))
}

/// The other levels of the objective that say something.
pub(crate) fn objective(certified: &Certified<'_>) -> Option<String> {
    let estate = certified.estate();
    let minor_digits = estate.currency.map_or(0, |currency| usize::from(currency.minor_digits));
    let parts: Vec<String> = Level::ALL
        .into_iter()
        .filter_map(|level| {
            let value = certified.figures().objective[level.index()];
            let phrase = level_phrase(level)?;
            if value == 0 {
                return None;
            }
            let text = if level.is_money() { money_text(value, minor_digits) } else { value.to_string() };
            let unit = estate.currency.filter(|_| level.is_money()).map_or(String::new(), |currency| format!(" {}", currency.code));
            Some(format!("{phrase} {text}{unit}"))
        })
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// The name of a level; none for what the gross figures say, and for the levels that only break ties.
const fn level_phrase(level: Level) -> Option<&'static str> {
    match level {
        Level::LicenseAssignmentsUnmet => Some("license assignments unmet"),
        Level::TitleAssignmentsUnmet => Some("title assignments unmet"),
        Level::Spend => Some("spend"),
        Level::SetAside => Some("set aside"),
        Level::TransferCost => Some("transfer cost"),
        Level::Uncovered | Level::Stretch | Level::Flexibility => None,
    }
}

/// `10 exact, 2 downgrade`.
pub(crate) fn covered_by(by: CoveredBy) -> String {
    let parts = [
        (by.exact, "exact"),
        (by.downgrade, "downgrade"),
        (by.newer, "newer"),
        (by.cross, "cross"),
        (by.upgrade, "upgrade"),
    ];
    let said = parts.into_iter().filter(|(quantity, _)| !quantity.is_zero());
    said.map(|(quantity, word)| format!("{quantity} {word}")).collect::<Vec<_>>().join(", ")
}

/// Whether the license has units that nobody may use because no assignment reserves them.
pub(crate) fn has_gated_units(estate: &Estate, license: LicenseId, reserved: Quantity) -> bool {
    let is_gated = estate.sku_of(license).use_only_when_assigned && estate.is_active(license);
    is_gated && estate.licenses[license].quantity.is_none_or(|quantity| quantity > reserved)
}

/// An assignment that is not plainly met, with the reason.
pub(crate) fn assignment(estate: &Estate, assignment: Assignment, outcome: Outcome) -> Option<String> {
    let what = match assignment.assigned {
        Assigned::License(license) => format!("license {}", neutral(&estate.licenses[license].id)),
        Assigned::Title(title) => match assignment.version {
            Some(version) => neutral(&estate.version_text(version)).into_owned(),
            None => format!("title {}", neutral(&estate.titles[title].id)),
        },
    };
    let fate = match outcome {
        Outcome::Met => return None,
        Outcome::MetNotInstalled(reason) => format!("set aside, {}", set_aside(reason)),
        Outcome::Unmet(reason) => format!("unmet, {}", unmet(reason)),
        Outcome::InactiveTitle => "not calculated, the title is inactive".to_owned(),
    };
    Some(format!("{what} for {}: {fate}", target(estate, assignment.target)))
}

const fn set_aside(reason: NotInstalled) -> &'static str {
    match reason {
        NotInstalled::NotInstalled => "nothing is installed",
        NotInstalled::OtherVersion => "another version is installed",
        NotInstalled::OtherTitle => "only other titles are installed",
        NotInstalled::OtherPlace => "it may not be used where the installs are",
        NotInstalled::CoveredOtherwise => "the installs are covered without it",
    }
}

const fn unmet(reason: Unmet) -> &'static str {
    match reason {
        Unmet::Expired => "the license has ended",
        Unmet::NotStarted => "the license has not started",
        Unmet::MoreAssignmentsThanUnits => "there are more assignments than units",
        Unmet::NothingToStandOn => "no entitlement is there for the upgrade to stand on",
        Unmet::Uncovered => "its installs are uncovered",
        Unmet::NoEntitlement => "no entitlement is left to set aside",
    }
}

fn target(estate: &Estate, target: Target) -> String {
    match target {
        Target::Asset(asset) => format!("asset {}", neutral(&estate.assets[asset])),
        Target::User(user) => format!("user {}", neutral(&estate.users[user])),
    }
}

/// Why something must be uncovered: `11 installs of office@2013 can be covered only by the 10 units of
/// L1: 1 short`.
pub(crate) fn shortage(estate: &Estate, set: &ShortageSet) -> String {
    let is_all_installs = set.demands.iter().all(|(demand, _)| matches!(demand, NamedDemand::Installs(_)));
    let verb = if is_all_installs { "covered" } else { "served" };
    let supply = supply(estate, set);
    let supply = if supply.is_empty() { "by no license".to_owned() } else { format!("only by {}", listed(&supply)) };
    format!("{} can be {verb} {supply}: {} short", listed(&needs(estate, set)), set.short)
}

/// The named demand, added up over assets and users.
fn needs(estate: &Estate, set: &ShortageSet) -> Vec<String> {
    let mut installs: BTreeMap<(VersionId, ScopeId, Option<ContractId>), Quantity> = BTreeMap::new();
    let mut others = Vec::new();
    for &(demand, quantity) in &set.demands {
        match demand {
            NamedDemand::Installs(DemandKey { version, scope, contract, .. }) => {
                *installs.entry((version, scope, contract)).or_default() += quantity;
            }
            NamedDemand::Reserved(license, whose) => others.push(reserved_unit(estate, license, whose)),
            NamedDemand::SetAside(title, whose) => {
                let title = neutral(&estate.titles[title].id);
                others.push(format!("the entitlement to {title} for {}", target(estate, whose)));
            }
        }
    }
    let mut needs: Vec<String> = installs.into_iter().map(|(place, quantity)| installs_in(estate, place, quantity)).collect();
    needs.append(&mut others);
    needs
}

/// `11 installs of office@2013 in emea under contract EA-7`.
fn installs_in(
    estate: &Estate,
    (version, scope, contract): (VersionId, ScopeId, Option<ContractId>),
    quantity: Quantity,
) -> String {
    let count = match estate.title_of(version).track_by {
        TrackBy::Installations => counted(quantity.get(), "install", "installs"),
        TrackBy::Assignments => counted(quantity.get(), "assigned use", "assigned uses"),
    };
    let mut phrase = format!("{count} of {}", neutral(&estate.version_text(version)));
    if estate.scopes.len() > 1 {
        let _ = write!(phrase, " in {}", neutral(&estate.scopes[scope].id));
    }
    if let Some(contract) = contract {
        let _ = write!(phrase, " under contract {}", neutral(&estate.contracts[contract]));
    }
    phrase
}

/// The named units: `the 10 units of L1`.
fn supply(estate: &Estate, set: &ShortageSet) -> Vec<String> {
    let names_reserved = |license| set.units.iter().any(|unit| unit.license == license && unit.reserved_for.is_some());
    let phrase = |unit: &Unit| match unit.reserved_for {
        Some(whose) => reserved_unit(estate, unit.license, whose),
        None => unreserved_units(estate, unit.license, names_reserved(unit.license)),
    };
    set.units.iter().map(phrase).collect()
}

fn unreserved_units(estate: &Estate, license: LicenseId, has_reserved: bool) -> String {
    let id = neutral(&estate.licenses[license].id);
    let reserved = estate.assignments.iter().any(|assignment| assignment.assigned == Assigned::License(license));
    match estate.licenses[license].quantity {
        Some(quantity) if !reserved => match quantity.get() {
            1 => format!("the unit of {id}"),
            units => format!("the {units} units of {id}"),
        },
        _ if has_reserved => format!("the other units of {id}"),
        _ => format!("the unreserved units of {id}"),
    }
}

fn reserved_unit(estate: &Estate, license: LicenseId, whose: Target) -> String {
    format!("the unit of {} reserved for {}", neutral(&estate.licenses[license].id), target(estate, whose))
}

/// The quantity of an unlimited license.
pub(crate) const UNLIMITED: &str = "unlimited";
/// The note on a license whose units are worthless alone.
pub(crate) const UPGRADE: &str = "upgrade";
/// The note on a license with units that only an assignment could free.
pub(crate) const GATED: &str = "gated";

/// What `verify` says of a result that passed.
pub(crate) const ACCEPTED: &str =
    "accepted: every path is lawful, the figures are those of the allocation, and the prices prove it optimal";

/// What `verify` says of a result that did not, before the broken laws.
pub(crate) fn refused(violations: usize) -> String {
    format!("refused: {}", counted(violations as u64, "law is broken", "laws are broken"))
}

/// What stands for rows that are too many to show.
pub(crate) fn and_more(count: usize) -> String {
    format!("and {count} more")
}
