//! The words of a picture of version rights.

use super::{counted, listed};
use crate::text::neutral;
use checker::figures::{LicenseFigures, VersionFigures};
use model::estate::{Estate, License, LicenseState, Sku, TrackBy};
use model::id::{Id, LicenseId, TitleId, VersionId};
use model::number::Quantity;
use solver::Position;
use std::fmt::Write as _;

/// What the picture shows, and for which day.
pub(crate) fn title(estate: &Estate, title: Option<TitleId>) -> String {
    let of = match (title, &estate.name) {
        (Some(title), Some(name)) => {
            format!("{}: version rights of {}", neutral(name), neutral(&estate.titles[title].id))
        }
        (Some(title), None) => format!("Version rights of {}", neutral(&estate.titles[title].id)),
        (None, Some(name)) => format!("{}: version rights", neutral(name)),
        (None, None) => "Version rights".to_owned(),
    };
    format!("{of} as of {}", estate.as_of)
}

/// How to read the picture, below its title.
pub(crate) const SUBTITLE: &str = "Numbers in pills are units in use. Lines meet only where there is a mark.";

/// The heading of a title's versions: its name, if it has one, and its id.
pub(crate) fn title_heading(estate: &Estate, title: TitleId) -> String {
    let row = &estate.titles[title];
    match &row.name {
        Some(name) if *name != row.id => format!("{} ({})", neutral(name), neutral(&row.id)),
        _ => neutral(&row.id).into_owned(),
    }
}

/// What an active lot's units do; of one that is not active how many there are, and why they do not count.
pub(crate) fn lot_figures(estate: &Estate, id: LicenseId, row: &LicenseFigures) -> String {
    let license = &estate.licenses[id];
    let units = || license.quantity.map_or_else(|| "unlimited".to_owned(), |quantity| quantity.to_string());
    match (license.state(estate.as_of), license.end, license.start) {
        (LicenseState::Expired, Some(end), _) => format!("{}, ended {end}", units()),
        (LicenseState::NotStarted, _, Some(start)) => format!("{}, from {start}", units()),
        _ => {
            let parts = [(row.used, "used"), (row.idle.unwrap_or_default(), "idle"), (row.unusable, "unusable")];
            let said = parts.into_iter().filter(|(quantity, _)| !quantity.is_zero());
            let mut said: Vec<String> = said.map(|(quantity, word)| format!("{quantity} {word}")).collect();
            match license.quantity {
                None => said.push("unlimited".to_owned()),
                Some(_) if said.is_empty() => said.push("no units".to_owned()),
                Some(_) => {}
            }
            said.join(", ")
        }
    }
}

/// Everything about a lot, for a tip.
pub(crate) fn lot_tip(estate: &Estate, id: LicenseId, row: &LicenseFigures) -> String {
    let license = &estate.licenses[id];
    let mut tip = format!("{}: {}", neutral(&license.id), lot_figures(estate, id, row));
    if estate.scopes.len() > 1 {
        let _ = write!(tip, "; scope {}", neutral(&estate.scopes[license.scope].id));
    }
    if let Some(contract) = license.contract {
        let _ = write!(tip, "; contract {}", neutral(&estate.contracts[contract]));
    }
    tip += &days(license);
    if !row.assigned.is_zero() {
        let _ = write!(tip, "; {} reserved by assignments", counted(row.assigned.get(), "unit", "units"));
    }
    tip
}

fn days(license: &License) -> String {
    match (license.start, license.end) {
        (Some(start), Some(end)) => format!("; {start} to {end}"),
        (Some(start), None) => format!("; from {start}"),
        (None, Some(end)) => format!("; to {end}"),
        (None, None) => String::new(),
    }
}

/// The main version of a SKU, as a word of what it does.
pub(crate) fn sku_version(sku: &Sku, version: &str) -> String {
    if sku.is_upgrade() { format!("upgrade to {}", neutral(version)) } else { neutral(version).into_owned() }
}

/// A SKU for a tip.
pub(crate) fn sku_tip(sku: &Sku, version: &str) -> String {
    let gated = if sku.use_only_when_assigned { format!("; {GATED}") } else { String::new() };
    format!("{}: {}{gated}", neutral(&sku.id), sku_version(sku, version))
}

/// That only reserved units may be used.
pub(crate) const GATED: &str = "only units reserved by assignments";

/// What kind of license a SKU is; nothing for a plain one.
pub(crate) fn sku_kind(sku: &Sku) -> &'static str {
    match (sku.is_upgrade(), sku.use_only_when_assigned) {
        (true, true) => "upgrade, only when assigned",
        (true, false) => "upgrade",
        (false, true) => "only when assigned",
        (false, false) => "",
    }
}

/// Lots that are not shown one by one.
pub(crate) fn more_lots(count: usize) -> String {
    format!("and {}", counted(count as u64, "more lot", "more lots"))
}

/// The demand for a version and what became of it.
pub(crate) fn demand(estate: &Estate, version: VersionId, row: &VersionFigures) -> String {
    let title = estate.title_of(version);
    if !title.is_active {
        return format!("{}, not calculated", counted(row.installed.get(), "install", "installs"));
    }
    let what = match title.track_by {
        TrackBy::Installations => counted(row.demand.get(), "install", "installs"),
        TrackBy::Assignments => counted(row.demand.get(), "assigned use", "assigned uses"),
    };
    match (row.demand.get(), row.uncovered.get()) {
        (0, _) => "no demand".to_owned(),
        (_, 0) => format!("{what}, all covered"),
        (_, uncovered) => format!("{what}, {uncovered} uncovered"),
    }
}

/// `office@2013: red, 11 installs, 1 uncovered`.
pub(crate) fn version(estate: &Estate, position: &Position<'_>, version: VersionId) -> String {
    let status = super::status(&position.derived.versions[version]);
    let demand = demand(estate, version, &position.certified.figures().versions[version]);
    format!("{}: {status}, {demand}", neutral(&estate.version_text(version)))
}

/// What an assignment consumes although nothing is installed.
pub(crate) const SET_ASIDE: &str = "set aside";

/// How many units assignments consume although nothing is installed.
pub(crate) fn set_aside(quantity: Quantity) -> String {
    counted(quantity.get(), "entitlement for an assignment", "entitlements for assignments")
}

/// What the rail of a SKU says to whom points to it.
pub(crate) fn rights(sku: &Sku, ranges: &str, flows: &[(Quantity, String)]) -> String {
    format!("{} may cover {ranges}{}", neutral(&sku.id), uses("covers", flows))
}

/// Versions in their order, neighbors as ranges: `office@2007..2013, visio@2010`.
pub(crate) fn ranges(estate: &Estate, versions: &[VersionId]) -> String {
    let title = |version: VersionId| estate.versions[version].title;
    let is_next = |one: &VersionId, other: &VersionId| one.index() + 1 == other.index() && title(*one) == title(*other);
    let range = |run: &[VersionId]| {
        let first = neutral(&estate.version_text(run[0])).into_owned();
        match run.last().filter(|_| run.len() > 1) {
            Some(&last) => format!("{first}..{}", neutral(&estate.versions[last].name)),
            None => first,
        }
    };
    versions.chunk_by(is_next).map(range).collect::<Vec<_>>().join(", ")
}

/// What the rail of an upgrade says.
pub(crate) fn standing(sku: &Sku, below: &[String], flows: &[(Quantity, String)]) -> String {
    let names = listed(below.iter().cloned());
    format!("{} may stand on {names}{}", neutral(&sku.id), uses("stands on", flows))
}

fn uses(verb: &str, flows: &[(Quantity, String)]) -> String {
    if flows.is_empty() {
        return String::new();
    }
    let uses = flows.iter().map(|(quantity, what)| format!("{quantity} of {what}"));
    format!("; {verb} {}", uses.collect::<Vec<_>>().join(", "))
}

/// The name of a shortage set in the picture.
pub(crate) fn mark(number: usize) -> String {
    format!("S{number}")
}

/// What a right is.
pub(crate) const OWN: &str = "own version";
/// What a right is.
pub(crate) const DOWNGRADE: &str = "older version";
/// What a right is.
pub(crate) const NEWER: &str = "newer version";
/// What a right is.
pub(crate) const CROSS: &str = "other title or edition";
/// What a right is.
pub(crate) const STACK: &str = "upgrade of";
/// What a pill is.
pub(crate) const FLOW: &str = "units in use";
/// What a thin line is.
pub(crate) const UNUSED: &str = "right, not used";
/// What a dashed line is.
pub(crate) const LAPSED_RIGHT: &str = "right that has ended or not started";
/// Parts of a bar.
pub(crate) const USED: &str = "used or covered";
/// Parts of a bar.
pub(crate) const IDLE: &str = "idle";
/// Parts of a bar.
pub(crate) const UNCOVERED: &str = "uncovered or unusable";
/// What a dashed frame is.
pub(crate) const SHORT: &str = "in a shortage set";

/// Titles with neither licenses nor installs.
pub(crate) fn empty_titles(count: usize) -> String {
    let what = counted(count as u64, "title has", "titles have");
    format!("Not drawn: {what} neither licenses nor installs.")
}

/// That a picture would be too large to be read.
pub(crate) fn too_large(boxes: usize, is_of_title: bool, suggested: &[String]) -> String {
    let most = crate::graph::BOXES_MAX;
    if is_of_title {
        return format!(
            "rights connect {boxes} SKUs and versions to the title; a picture has at most {most} (`position` lists them all)"
        );
    }
    let titles: Vec<String> = suggested.iter().map(|title| format!("`{}`", neutral(title))).collect();
    let hint = if titles.is_empty() { String::new() } else { format!(", such as {}", titles.join(", ")) };
    format!("the estate has {boxes} SKUs and versions; a picture has at most {most}: name a title{hint}")
}
