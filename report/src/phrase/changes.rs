//! The words of differences between two results.

use super::listed;
use crate::text::neutral;
use changes::cause::{Assigned, Cause, Kind, Subject, Target};
use changes::outcome::{AssignmentRow, Change};
use changes::{Differences, Note, Value};
use std::fmt::Write as _;

/// Whose positions they are, and of which days.
pub(crate) fn title(differences: &Differences) -> String {
    let Change { before, after } = &differences.headers;
    let what = match &after.name {
        Some(name) => format!("{}: what changed", neutral(name)),
        None => "What changed".to_owned(),
    };
    format!("{what} from {} to {}", neutral(&before.as_of), neutral(&after.as_of))
}

/// That two results agree in everything.
pub(crate) const NO_DIFFERENCES: &str = "No differences.";
/// Above causes that concern all of the estate.
pub(crate) const EVERYWHERE: &str = "Everywhere";
/// That nothing came out differently in a part.
pub(crate) const NO_OUTCOME: &str = "nothing came out differently";

/// What a reader should know.
pub(crate) fn note(differences: &Differences, note: Note) -> String {
    let Change { before, after } = &differences.headers;
    let named = |name: &Option<String>| name.as_ref().map_or("none".to_owned(), |name| format!("`{}`", neutral(name)));
    match note {
        Note::OtherName => {
            format!("The names differ: {} before, {} after.", named(&before.name), named(&after.name))
        }
        Note::OtherCurrency => {
            let (before, after) = (named(&before.currency), named(&after.currency));
            format!("The currencies differ: {before} before, {after} after; amounts are not converted.")
        }
        Note::NoFacts => {
            "A result tells no rights, as earlier versions wrote them: causes are known by title only.".to_owned()
        }
        Note::OtherFacts => "The facts differ in something that results do not hold, such as names.".to_owned(),
        Note::SameFacts => "The facts are the same: another version of licit made one of the results.".to_owned(),
    }
}

/// The totals that changed: `Totals: uncovered 1 -> 13 (+12), idle 3 -> 0 (-3).`; none if none did.
pub(crate) fn totals(differences: &Differences) -> Option<String> {
    sums(differences.totals.iter()).map(|sums| format!("Totals: {sums}."))
}

/// The levels of the objective that changed, but for those that totals have too.
pub(crate) fn objective(differences: &Differences) -> Option<String> {
    let is_total = |name: &str| differences.totals.iter().any(|(total, _)| *total == name);
    let levels = differences.objective.iter().filter(|(name, _)| !is_total(name));
    sums(levels).map(|sums| format!("Objective: {sums}."))
}

fn sums<'d>(rows: impl Iterator<Item = &'d (&'static str, Change<Value>)>) -> Option<String> {
    let changed = rows.filter(|(_, change)| change.is_change());
    let said: Vec<String> = changed
        .map(|(name, change)| {
            let name = name.replace('_', " ");
            format!("{name} {} -> {}{}", value(&change.before), value(&change.after), signed(change))
        })
        .collect();
    (!said.is_empty()).then(|| said.join(", "))
}

/// ` (+12)` for numbers.
fn signed(change: &Change<Value>) -> String {
    match (&change.before, &change.after) {
        (Value::Count(before), Value::Count(after)) => format!(" ({:+})", after - before),
        _ => String::new(),
    }
}

/// A value as it is shown.
fn value(value: &Value) -> String {
    match value {
        Value::None => "none".to_owned(),
        Value::Count(count) => count.to_string(),
        Value::Text(text) => neutral(text).into_owned(),
        Value::Texts(texts) => texts.iter().map(|text| neutral(text).into_owned()).collect::<Vec<_>>().join(", "),
    }
}

/// What was put in differently.
pub(crate) fn cause(cause: &Cause) -> String {
    let Cause { kind, subject, before, after, .. } = cause;
    let change = format!("{} -> {}", value(before), value(after));
    match (kind, subject) {
        (Kind::Day, _) => format!("the day of the position: {change}"),
        (Kind::Thresholds, _) => format!("thresholds: {change}"),
        (_, Subject::Scope(scope)) => match (before, after) {
            (Value::None, _) => format!("scope {} is new", neutral(scope)),
            (_, Value::None) => format!("scope {} is gone", neutral(scope)),
            _ => format!("parent of scope {}: {change}", neutral(scope)),
        },
        (_, Subject::Transfer { from, to }) => {
            format!("cost of transfers from {} to {}: {change}", neutral(from), neutral(to))
        }
        (_, Subject::License(license)) => license_cause(cause, &neutral(license), &change),
        (Kind::TitleTracking, Subject::Title(title)) => format!("title {} is tracked by: {change}", neutral(title)),
        (_, Subject::Title(title)) => format!("title {}: {change}", neutral(title)),
        (_, Subject::Version { version, scope, contract }) => {
            let mut what = neutral(version).into_owned();
            if let Some(scope) = scope {
                let _ = write!(what, " in {}", neutral(scope));
            }
            if let Some(contract) = contract {
                let _ = write!(what, " under contract {}", neutral(contract));
            }
            version_cause(cause, &what, &change)
        }
        (_, Subject::Assignment(assigned, target)) => {
            let what = format!("{} for {}", self::assigned(assigned), self::target(target));
            match (before, after) {
                (Value::None, _) => format!("assignment of {what} is new"),
                (_, Value::None) => format!("assignment of {what} is gone"),
                _ => format!("assignment of {what}: {change}"),
            }
        }
        (_, Subject::Estate) => change,
    }
}

fn license_cause(cause: &Cause, license: &str, change: &str) -> String {
    let Cause { kind, before, after, .. } = cause;
    let day = cause.day.as_ref().map_or(String::new(), |day| format!(" on {}", neutral(day)));
    let of_units = cause.units.as_ref().map_or(String::new(), |amount| format!(": {}", units(amount)));
    match kind {
        Kind::License if *before == Value::None => format!("license {license} is new: {}", units(after)),
        Kind::License => format!("license {license} is gone: {}", units(before)),
        Kind::LicenseState => match (words(before), words(after)) {
            (_, "expired") => format!("license {license} ended{day}{of_units}"),
            ("not-started", "active") => format!("license {license} started{day}{of_units}"),
            ("expired", "active") => format!("license {license} counts again, it had ended{day}{of_units}"),
            _ => format!("license {license} starts later{day}{of_units}"),
        },
        Kind::LicenseQuantity => format!("license {license}: {} -> {}", value(before), units(after)),
        Kind::LicenseStart => format!("start of license {license}: {change}"),
        Kind::LicenseEnd => format!("end of license {license}: {change}"),
        Kind::LicenseSku => format!("SKU of license {license}: {change}"),
        Kind::LicenseVersion => format!("main version of license {license}: {change}"),
        Kind::LicenseScope => format!("scope of license {license}: {change}"),
        Kind::LicenseContract => format!("contract of license {license}: {change}"),
        Kind::LicenseCovers => rights(&format!("license {license} may"), "cover", before, after),
        Kind::LicenseUpgrades => rights(&format!("license {license} may"), "stand on", before, after),
        _ => format!("license {license} may be used: {change}"),
    }
}

fn version_cause(cause: &Cause, what: &str, change: &str) -> String {
    let Cause { kind, before, after, .. } = cause;
    let counts = || match (before, after) {
        (Value::Count(before), Value::Count(after)) => (after - before, format!("({before} -> {after})")),
        _ => (0, String::new()),
    };
    let named =
        |singular: &'static str, plural: &'static str, count: i128| if count.abs() == 1 { singular } else { plural };
    match kind {
        Kind::Version if *before == Value::None => format!("version {what} is new"),
        Kind::Version => format!("version {what} is gone"),
        Kind::Demand => {
            let (difference, counts) = counts();
            format!("{difference:+} {} of {what} {counts}", named("install", "installs", difference))
        }
        Kind::AssignedUse => {
            let (difference, counts) = counts();
            format!("{difference:+} {} of {what} {counts}", named("assigned use", "assigned uses", difference))
        }
        Kind::Installs => {
            let (difference, counts) = counts();
            let installs = named("install", "installs", difference);
            format!("{difference:+} {installs} of {what} that {} no demand {counts}", named("is", "are", difference))
        }
        Kind::Targets => format!("{} of {what} of other assets or users", value(after)),
        _ => format!("{what}: {change}"),
    }
}

/// Versions gained and lost.
fn rights(beginning: &str, verb: &str, before: &Value, after: &Value) -> String {
    let texts = |value: &Value| match value {
        Value::Texts(texts) => texts.clone(),
        _ => Vec::new(),
    };
    let (before, after) = (texts(before), texts(after));
    let less = |all: &[String], others: &[String]| -> Vec<String> {
        let left = all.iter().filter(|version| !others.contains(version));
        left.map(|version| neutral(version).into_owned()).collect()
    };
    let (gained, lost) = (less(&after, &before), less(&before, &after));
    let also = (!gained.is_empty()).then(|| format!("also {verb} {}", listed(gained.into_iter())));
    let no_longer = (!lost.is_empty()).then(|| format!("no longer {verb} {}", listed(lost.into_iter())));
    let both: Vec<String> = also.into_iter().chain(no_longer).collect();
    format!("{beginning} {}", both.join(" and "))
}

fn words(value: &Value) -> &str {
    if let Value::Text(text) = value { text } else { "" }
}

fn units(amount: &Value) -> String {
    match amount {
        Value::Count(1) => "1 unit".to_owned(),
        Value::Text(_) => "unlimited".to_owned(),
        other => format!("{} units", value(other)),
    }
}

fn assigned(assigned: &Assigned) -> String {
    match assigned {
        Assigned::License(license) => format!("license {}", neutral(license)),
        Assigned::Title(title) => format!("title {}", neutral(title)),
    }
}

fn target(target: &Target) -> String {
    match target {
        Target::Asset(asset) => format!("asset {}", neutral(asset)),
        Target::User(user) => format!("user {}", neutral(user)),
    }
}

/// What became of an assignment, before and after.
pub(crate) fn assignment((what, whose): &(Assigned, Target), rows: &Change<Option<AssignmentRow>>) -> String {
    let fate = |row: &Option<AssignmentRow>| match row {
        None => "none".to_owned(),
        Some(AssignmentRow { outcome, reason: None }) => neutral(outcome).into_owned(),
        Some(AssignmentRow { outcome, reason: Some(reason) }) => format!("{}: {}", neutral(outcome), neutral(reason)),
    };
    format!("{} for {}: {} -> {}", assigned(what), target(whose), fate(&rows.before), fate(&rows.after))
}

/// Installs under a name that is no known version.
pub(crate) fn unknown_name(name: &str, installs: &Change<i64>) -> String {
    let (before, after) = (installs.before, installs.after);
    let difference = installs.difference();
    format!("{}: {before} -> {after} ({difference:+})", neutral(name))
}

/// The titles of a part.
pub(crate) fn part(titles: &[String]) -> String {
    if titles.is_empty() {
        return "Other licenses".to_owned();
    }
    listed(titles.iter().map(|title| neutral(title).into_owned()))
}
