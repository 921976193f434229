//! Every phrase of an explanation; of why licenses do not help and of what would, beside it.

pub(crate) mod reason;
pub(crate) mod remedy;

use super::{counted, installs_in, listed, listed_with, percent_text, target};
use crate::text::neutral;
use checker::Certified;
use checker::allocation::{Destination, Right, Row};
use checker::figures::{Outcome, Unmet, VersionFigures};
use explanation::{
    Counts, Coverage, DemandFacts, Dependence, Effect, InstallFacts, PathUnit, PlaceFacts, Subject, Turned, Unnamed,
};
use model::estate::{Assigned, Estate, LicenseState, TrackBy};
use model::id::{AssignmentId, ContractId, LicenseId, ScopeId, TitleId, VersionId};
use model::number::Quantity;
use solver::position::{Reason, VersionStanding};
use solver::{Needed, Position, Reach, Shortage};
use std::fmt::Write as _;

pub(crate) const INSTALLED: &str = "Installed";
pub(crate) const COVERED_BY: &str = "Covered by";
pub(crate) const WHY_SHORT: &str = "Why it is short";
pub(crate) const WHY_NO_OTHER: &str = "Why no other license helps";
pub(crate) const WOULD_HELP: &str = "What would remove the shortage";
pub(crate) const WHY_UNMET: &str = "Why an assignment is unmet";
pub(crate) const WOULD_MEET: &str = "What would meet it";
pub(crate) const RESTS_ON: &str = "What that rests on";
pub(crate) const ATTENTION: &str = "What calls for attention";
pub(crate) const USES: &str = "Where its units are used";
pub(crate) const IDLE: &str = "Why units are not used";
pub(crate) const WORTH: &str = "What it is worth";
pub(crate) const TRACKED: &str = "Demanded by its assignments";
pub(crate) const ASIDE: &str = "Set aside";
pub(crate) const ASSIGNMENTS: &str = "Assignments";

/// What stands before the remedies.
pub(crate) const TRIED: &str = "Each was tried, and the checker accepted the answer: then no best allocation leaves any of it uncovered, and with \
     one unit less some do.";
/// What stands before what would meet an assignment.
pub(crate) const TRIED_TO_MEET: &str =
    "Each was tried, and the checker accepted the answer: then it is met, and with one unit less it is not.";
/// What stands where no remedy was found.
pub(crate) const NO_REMEDY: &str = "No change of one kind that was tried removes it.";
/// What stands where nothing can be tried.
pub(crate) const NOT_TRIED: &str = "Not tried: without integer programs this estate cannot be solved once changed.";
/// What stands where nothing is installed or assigned.
pub(crate) const NOTHING: &str = "nothing";

/// What is explained, and for which day: `office@2013: red, as of 2026-11-22`.
pub(crate) fn title(position: &Position<'_>, subject: Subject) -> String {
    let estate = position.certified.estate();
    let name = subject.name(estate);
    let name = neutral(&name);
    let about = match subject {
        Subject::Version(version) => format!("{name}: {}", super::status(&position.derived.versions[version])),
        Subject::Title(title) => format!("{name}: {}", position.derived.titles[title].word()),
        Subject::License(license) => format!("license {name}: {}", license_words(estate, license)),
        Subject::Holder(_) => format!("{} {name}", subject.kind()),
    };
    format!("{about}, as of {}", estate.as_of)
}

/// `60 units of OFF13 for office-pro@2013 in emea, active`.
fn license_words(estate: &Estate, license: LicenseId) -> String {
    let row = &estate.licenses[license];
    let sku = estate.sku_of(license);
    let quantity =
        row.quantity.map_or("unlimited units".to_owned(), |quantity| counted(quantity.get(), "unit", "units"));
    let place = place(estate, row.scope, row.contract);
    let version = estate.version_text(sku.version);
    let upgrade = if sku.is_upgrade() { ", an upgrade," } else { "" };
    format!("{quantity} of {}{upgrade} for {}{place}, {}", neutral(&sku.id), neutral(&version), state(estate, license))
}

/// `active`, `ended on 2025-06-30`.
fn state(estate: &Estate, license: LicenseId) -> String {
    let row = &estate.licenses[license];
    match row.state(estate.as_of) {
        LicenseState::Active => "active".to_owned(),
        LicenseState::Expired => format!("ended on {}", row.end.map_or(String::new(), |day| day.to_string())),
        LicenseState::NotStarted => format!("starts on {}", row.start.map_or(String::new(), |day| day.to_string())),
    }
}

/// ` in emea under contract EA-7`; the scope only where there are several.
fn place(estate: &Estate, scope: ScopeId, contract: Option<ContractId>) -> String {
    let mut phrase = String::new();
    if estate.scopes.len() > 1 {
        let _ = write!(phrase, " in {}", neutral(&estate.scopes[scope].id));
    }
    if let Some(contract) = contract {
        let _ = write!(phrase, " under contract {}", neutral(&estate.contracts[contract]));
    }
    phrase
}

/// The figures of a version or of a title, in a sentence.
pub(crate) fn figures(estate: &Estate, title: TitleId, rows: &[VersionFigures]) -> String {
    let sum = |figure: fn(&VersionFigures) -> Quantity| rows.iter().map(figure).sum::<Quantity>();
    let installed = counted(sum(|row| row.installed).get(), "install", "installs");
    if !estate.titles[title].is_active {
        return format!("{installed}. The title is inactive: nothing of it is calculated.");
    }
    let demand = counted(sum(|row| row.demand).get(), "demand", "demands");
    let tracked = match estate.titles[title].track_by {
        TrackBy::Installations => "",
        TrackBy::Assignments => " by assignments",
    };
    let (covered, uncovered) = (sum(|row| row.covered), sum(|row| row.uncovered));
    format!("{installed}, {demand}{tracked}: {covered} covered, {uncovered} uncovered.")
}

/// `11 installs of office@2013 in emea: 10 covered, 1 uncovered`.
pub(crate) fn installed(estate: &Estate, version: VersionId, row: PlaceFacts) -> String {
    let demand = row.served.covered + row.served.uncovered;
    let mut parts = vec![format!("{} covered", row.served.covered)];
    if !row.served.uncovered.is_zero() {
        parts.push(format!("{} uncovered", row.served.uncovered));
    }
    if !row.excluded.is_zero() {
        parts.push(format!("{} excluded", row.excluded));
    }
    let place = (version, row.scope, row.contract);
    let is_tracked = estate.title_of(version).track_by == TrackBy::Assignments;
    match (is_tracked, estate.title_of(version).is_active) {
        (_, false) => format!("{}: not calculated", installs_in(estate, place, row.installed)),
        (false, true) => format!("{}: {}", installs_in(estate, place, row.installed), parts.join(", ")),
        (true, true) => {
            let installed = counted(row.installed.get(), "install", "installs");
            format!("{installed}, {}: {}", installs_in(estate, place, demand), parts.join(", "))
        }
    }
}

/// `10 of office@2013 by off10 -> off16-upg (upgrade)`.
pub(crate) fn coverage(estate: &Estate, version: VersionId, row: &Coverage) -> String {
    let path: Vec<String> = row.path.iter().map(|unit| path_unit(estate, *unit)).collect();
    let version = estate.version_text(version);
    format!("{} of {} by {} ({})", row.quantity, neutral(&version), path.join(" -> "), right(row.right))
}

fn path_unit(estate: &Estate, unit: PathUnit) -> String {
    let id = neutral(&estate.licenses[unit.license].id);
    if unit.is_reserved { format!("{id} [assigned]") } else { id.into_owned() }
}

const fn right(right: Right) -> &'static str {
    match right {
        Right::Exact => "its own version",
        Right::Downgrade => "downgrade from a newer version",
        Right::Newer => "from an older version",
        Right::Cross => "from another title",
        Right::Upgrade => "upgrade",
        Right::SetAside => "set aside",
    }
}

/// The figures of a license, in a sentence.
pub(crate) fn license_figures(certified: &Certified<'_>, license: LicenseId) -> String {
    let estate = certified.estate();
    let row = certified.figures().licenses[license];
    if !estate.is_active(license) {
        return "It is in no calculation: it does not count on this day.".to_owned();
    }
    let mut phrase = counted(row.used.get(), "unit used", "units used");
    if let Some(idle) = row.idle {
        let _ = write!(phrase, ", {idle} idle");
    }
    if !row.unusable.is_zero() {
        let _ = write!(phrase, ", {} unusable", row.unusable);
    }
    if !row.assigned.is_zero() {
        let _ = write!(phrase, "; {} assigned", row.assigned);
    }
    phrase + "."
}

/// Why a name says nothing, with what may have been meant.
pub(crate) fn unnamed(estate: &Estate, text: &str, unnamed: &Unnamed) -> String {
    let text = neutral(text);
    let quoted = |names: &[String]| listed_with(names.iter().map(|name| format!("`{}`", neutral(name))), "or");
    match unnamed {
        Unnamed::Unknown(near) if near.is_empty() => format!(
            "`{text}` is no version, title, license, asset or user of the estate; a version is written `title@version`"
        ),
        Unnamed::Unknown(near) => {
            format!(
                "`{text}` is no version, title, license, asset or user of the estate; did you mean {}?",
                quoted(near)
            )
        }
        Unnamed::NoVersion { title, versions } => {
            let title = neutral(&estate.titles[*title].id);
            format!("`{text}` is no version of title `{title}`; did you mean {}?", quoted(versions))
        }
        Unnamed::Ambiguous(subjects) => {
            let kinds: Vec<String> =
                subjects.iter().map(|subject| format!("{}:{}", subject.kind(), subject.name(estate))).collect();
            format!("`{text}` names more than one thing; write {}", quoted(&kinds))
        }
    }
}

/// Why a covered version is yellow.
pub(crate) fn attention(estate: &Estate, version: VersionId, standing: &VersionStanding) -> Vec<String> {
    let thresholds = &estate.thresholds;
    let percent = standing.percent.map_or(String::new(), percent_text);
    let reach = match standing.reach {
        Reach::Installs(installs) => installs.to_string(),
        Reach::Unlimited | Reach::Unknown => String::new(),
    };
    let name = estate.version_text(version);
    let name = neutral(&name);
    let sentence = |reason: &Reason| match reason {
        Reason::AlmostUnder => format!(
            "{name} is nearly short: {percent} % of the reach of its licenses ({reach}) is in use, at or above {} %.",
            thresholds.almost_under_percent
        ),
        Reason::Over => format!(
            "{name} has licenses and little use: {percent} % of their reach ({reach}), at or below {} %.",
            thresholds.over_percent
        ),
        Reason::UnusableUpgrades => format!("{name} has upgrade units with nothing left to stand on."),
        Reason::Expiring => {
            format!("{name} will be short within {} days: licenses end until then.", thresholds.expiring_days)
        }
    };
    standing.reasons.iter().map(sentence).collect()
}

/// What would become of a version without a license.
pub(crate) fn rests_on(estate: &Estate, rows: &[Dependence]) -> Vec<String> {
    let of = |shortage: Option<Shortage>| {
        let rows: Vec<&Dependence> = rows.iter().filter(|row| row.shortage == shortage).collect();
        (!rows.is_empty()).then(|| listed_with(rows.iter().map(|row| license_name(estate, row.license)), "or"))
    };
    let must = of(Some(Shortage::Must)).map(|names| format!("Without {names} it would be red."));
    let unknown = of(None).map(|names| format!("Whether it would be red without {names} is not known."));
    let may = of(Some(Shortage::May))
        .map(|names| format!("Without {names} it might be red: best allocations would differ about it."));
    let all: Vec<String> = must.into_iter().chain(may).chain(unknown).collect();
    if all.is_empty() { vec!["It would stay covered if any single license went.".to_owned()] } else { all }
}

pub(crate) fn license_name(estate: &Estate, license: LicenseId) -> String {
    neutral(&estate.licenses[license].id).into_owned()
}

/// Where units of a license are used: `10 for 10 installs of office@2013 (its own version), on off10`.
pub(crate) fn license_use(certified: &Certified<'_>, license: LicenseId, row: &Row) -> String {
    let estate = certified.estate();
    let is_own = |index: usize| row.path[index].license == license;
    let position = (0..row.path.len()).find(|&index| is_own(index)).unwrap_or_default();
    let names =
        |range: std::ops::Range<usize>| listed(row.path[range].iter().map(|unit| license_name(estate, unit.license)));
    let mut phrase = match row.destination {
        Destination::Demand(key) => {
            let whose = key.targets().next().filter(|_| row.path[position].reserved_for.is_some());
            let place = (key.version, key.scope, key.contract);
            let what = installs_in(estate, place, row.quantity);
            let whose = whose.map_or(String::new(), |whose| format!(" of {}", target(estate, whose)));
            format!("{what}{whose}: {}", right(row.right(estate)))
        }
        Destination::SetAside(aside) => {
            let what = aside.title.map_or(String::new(), |title| format!(" to {}", neutral(&estate.titles[title].id)));
            format!("set aside for the assignment{what} of {}", target(estate, aside.target))
        }
    };
    if position > 0 {
        let _ = write!(phrase, ", on {}", names(0..position));
    }
    if position + 1 < row.path.len() {
        let _ = write!(phrase, ", below {}", names(position + 1..row.path.len()));
    }
    phrase
}

/// Whether best allocations use a license.
pub(crate) fn needed(needed: Option<Needed>) -> &'static str {
    match needed {
        Some(Needed::Always) => "Every best allocation uses it.",
        Some(Needed::Sometimes) => "Some best allocations use it, not all: others could take its place.",
        Some(Needed::Never) => "No best allocation uses it.",
        None => "Whether best allocations use it is not known.",
    }
}

/// `One unit more would leave 1 install less uncovered.`
pub(crate) fn one_unit(is_more: bool, effect: Effect) -> String {
    let which = if is_more { "One unit more" } else { "One unit less" };
    format!("{which} would {}.", effect_words(effect))
}

/// What the license going, or coming, would do.
pub(crate) fn turned(estate: &Estate, license: LicenseId, turned: &Turned) -> String {
    let is_active = estate.is_active(license);
    let which = if is_active { "If it went, it would" } else { "If it counted today, it would" };
    let versions = turned.newly_short.iter().map(|&version| neutral(&estate.version_text(version)).into_owned());
    let newly = match turned.newly_short.len() {
        0 => String::new(),
        _ => format!(" {} would be short.", listed(versions)),
    };
    format!("{which} {}.{newly}", effect_words(turned.effect))
}

/// `leave 1 install more uncovered`; what changes first comes first.
fn effect_words(effect: Effect) -> String {
    let part = |change: i128, singular: &str, plural: &str, state: &str| {
        let count = u64::try_from(change.unsigned_abs()).unwrap_or(u64::MAX);
        let direction = if change > 0 { "more" } else { "less" };
        (change != 0).then(|| format!("{} {direction} {state}", counted(count, singular, plural)))
    };
    let parts = [
        part(effect.license_assignments_unmet, "license assignment", "license assignments", "unmet"),
        part(effect.title_assignments_unmet, "title assignment", "title assignments", "unmet"),
        part(effect.uncovered, "install", "installs", "uncovered"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        "change no coverage and no assignment".to_owned()
    } else {
        format!("leave {}", parts.join(", "))
    }
}

/// An install of an asset or user, with what covers it.
pub(crate) fn install(estate: &Estate, facts: &InstallFacts, is_of_asset: bool) -> String {
    let row = &facts.install;
    let mut what = installs_in(estate, (row.version, row.scope, row.contract), row.quantity);
    let other = match (is_of_asset, row.asset, row.user) {
        (true, _, Some(user)) => Some(model::estate::Target::User(user)),
        (false, Some(asset), _) => Some(model::estate::Target::Asset(asset)),
        _ => None,
    };
    if let Some(other) = other {
        let _ = write!(what, ", {}", target(estate, other));
    }
    let fate = match &facts.counts {
        Counts::Demand(demand) => demand_fate(estate, demand),
        Counts::Excluded => {
            format!("excluded: {}", neutral(row.excluded.as_deref().unwrap_or_default()))
        }
        Counts::InactiveTitle => "not calculated, the title is inactive".to_owned(),
        Counts::TrackedByAssignments => "counted only: assignments are what its title demands".to_owned(),
    };
    format!("{what}: {fate}")
}

/// Demand of a title tracked by assignments, with what covers it.
pub(crate) fn tracked(estate: &Estate, demand: &DemandFacts) -> String {
    let key = &demand.key;
    let version = estate.version_text(key.version);
    format!("{}{}: {}", neutral(&version), place(estate, key.scope, key.contract), demand_fate(estate, demand))
}

/// `covered by off10 -> off16-upg (upgrade)`.
fn demand_fate(estate: &Estate, demand: &DemandFacts) -> String {
    let row = |row: &Row| {
        let unit = |unit: &checker::allocation::Unit| PathUnit {
            license: unit.license,
            is_reserved: unit.reserved_for.is_some(),
        };
        let path: Vec<String> = row.path.iter().map(|row| path_unit(estate, unit(row))).collect();
        let count = if demand.rows.len() > 1 || !demand.uncovered.is_zero() {
            format!("{} ", row.quantity)
        } else {
            String::new()
        };
        format!("{count}covered by {} ({})", path.join(" -> "), right(row.right(estate)))
    };
    let mut parts: Vec<String> = demand.rows.iter().map(row).collect();
    if !demand.uncovered.is_zero() {
        let version = estate.version_text(demand.key.version);
        parts.push(format!("{} uncovered, {} is short", demand.uncovered, neutral(&version)));
    }
    if parts.is_empty() { NOTHING.to_owned() } else { parts.join(", ") }
}

/// An entitlement set aside for an asset or user.
pub(crate) fn set_aside(estate: &Estate, row: &Row) -> String {
    let names = row.path.iter().map(|unit| license_name(estate, unit.license)).collect::<Vec<_>>().join(" -> ");
    match row.destination {
        Destination::SetAside(aside) => {
            let title = aside.title.map(|title| format!(" for {}", neutral(&estate.titles[title].id)));
            format!("{names}{}", title.unwrap_or_default())
        }
        Destination::Demand(_) => names,
    }
}

/// An assignment and what became of it.
pub(crate) fn assignment(position: &Position<'_>, id: AssignmentId) -> String {
    let estate = position.certified.estate();
    let row = estate.assignments[id];
    let outcome = position.certified.figures().assignments[id];
    let met = || format!("{}: {}", super::assigned(estate, row), super::MET);
    super::assignment(estate, row, outcome).unwrap_or_else(met)
}

/// Why an assignment is unmet, with the figures.
pub(crate) fn unmet(position: &Position<'_>, id: AssignmentId) -> String {
    let estate = position.certified.estate();
    let row = estate.assignments[id];
    let said = assignment(position, id);
    let Assigned::License(license) = row.assigned else { return format!("{said}.") };
    let same = estate.assignments.iter().filter(|other| other.assigned == row.assigned).count();
    match position.certified.figures().assignments[id] {
        Outcome::Unmet(Unmet::MoreAssignmentsThanUnits) => {
            let units = estate.licenses[license].quantity.unwrap_or_default();
            let units = counted(units.get(), "unit", "units");
            format!("{said}: {same} assignments for {units}; assets come before users, then they go by id.")
        }
        Outcome::Unmet(Unmet::Expired | Unmet::NotStarted) => format!("{said}: it {}.", state(estate, license)),
        _ => format!("{said}."),
    }
}

/// Upgrade units that are of no use.
pub(crate) fn unusable(units: Quantity) -> Option<String> {
    let counted = counted(units.get(), "unit has", "units have");
    (!units.is_zero()).then(|| format!("{counted} nothing left to stand on."))
}

/// What is uncovered although no set says why.
pub(crate) const BY_BOUND: &str = "Licenses serve several installs or places at once, so that no set of licenses says why: the prices are the evidence.";

/// The sets in other words where nothing of them is uncovered in this allocation.
pub(crate) fn may_be_short(set: &str) -> String {
    format!("{set}; other best allocations leave some of it uncovered.")
}
