//! A position as Markdown: for a page, a ticket, a mail; renewals beside it.

mod renewal;

pub use renewal::renewals_markdown;

use crate::phrase::{self, installs, percent_text};
use crate::text::neutral;
use model::id::{LicenseId, VersionId};
use solver::{Needed, Position, Shortage};
use std::fmt::Write as _;

/// The position: gross figures, every version, every license, what is not plainly met, and why something
/// must be uncovered.
#[must_use]
pub fn markdown(position: &Position<'_>) -> String {
    let certified = &position.certified;
    let estate = certified.estate();
    let mut out = format!("# {}\n\n", escaped(&phrase::title(estate)));
    out += &phrase::summary(certified);
    out.push('\n');
    out += "| Version | Status | Installed | Demand | Covered | Uncovered | Shortage | Licensed | Idle | Reach | % |\n";
    out += "|---|---|--:|--:|--:|--:|---|--:|--:|--:|--:|\n";
    for version in estate.versions.ids() {
        version_row(position, version, &mut out);
    }
    out += "\n| License | SKU | Version | Quantity | Used | Idle | Unusable | Assigned | Needed |\n";
    out += "|---|---|---|--:|--:|--:|--:|--:|---|\n";
    for license in estate.licenses.ids() {
        license_row(position, license, &mut out);
    }
    let assignments = estate
        .assignments
        .ids()
        .filter_map(|id| phrase::assignment(estate, estate.assignments[id], certified.figures().assignments[id]));
    section("Assignments", assignments, &mut out);
    section("Shortages", phrase::shortages(certified).into_iter(), &mut out);
    out
}

fn version_row(position: &Position<'_>, version: VersionId, out: &mut String) {
    let (row, standing) = (position.certified.figures().versions[version], &position.derived.versions[version]);
    let _ = writeln!(
        out,
        "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
        escaped(&position.certified.estate().version_text(version)),
        phrase::status(standing),
        row.installed,
        row.demand,
        row.covered,
        row.uncovered,
        phrase::certainty(standing.shortage.map(Shortage::word)),
        row.licensed,
        row.idle,
        installs(standing.reach).map_or(String::new(), |installs| installs.to_string()),
        standing.percent.map_or(String::new(), percent_text),
    );
}

fn license_row(position: &Position<'_>, id: LicenseId, out: &mut String) {
    let certified = &position.certified;
    let estate = certified.estate();
    let (license, sku, row) = (&estate.licenses[id], estate.sku_of(id), certified.figures().licenses[id]);
    let _ = writeln!(
        out,
        "| {} | {} | {} | {} | {} | {} | {} | {} | {} |",
        escaped(&license.id),
        escaped(&sku.id),
        escaped(&estate.version_text(sku.version)),
        license.quantity.map_or_else(|| phrase::UNLIMITED.to_owned(), |quantity| quantity.to_string()),
        row.used,
        row.idle.map_or(String::new(), |idle| idle.to_string()),
        row.unusable,
        row.assigned,
        phrase::certainty(position.derived.needed[id].map(Needed::word)),
    );
}

fn section(heading: &str, phrases: impl Iterator<Item = String>, out: &mut String) {
    let mut phrases = phrases.peekable();
    if phrases.peek().is_some() {
        let _ = writeln!(out, "\n## {heading}\n");
        for phrase in phrases {
            let _ = writeln!(out, "- {}", escaped(&phrase));
        }
    }
}

/// Text that neither Markdown nor the HTML made of it obeys.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in neutral(text).chars() {
        match character {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' => escaped.extend(['\\', character]),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_of_users_is_shown_and_not_obeyed() {
        assert_eq!(escaped("<img onerror=x>|[a](b)"), "&lt;img onerror=x&gt;\\|\\[a\\](b)");
    }
}
