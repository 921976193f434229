//! Every figure a result claims, beside the figure that its allocation comes to.

use super::document::{self, Amount, Document};
use super::state_word;
use crate::allocation::DemandKey;
use crate::certify::Certified;
use crate::json::Object;
use crate::violation::{Law, Violation};
use model::estate::{Assigned, Assignment, Estate, Target, find};
use model::id::{AssignmentId, Table, VersionId, ids_in};
use model::number::{Quantity, money_text};
use model::objective::Level;
use std::collections::HashMap;
use std::fmt;

/// All figures of `document` that are not those of `certified`.
pub(super) fn compare(
    document: &Document<'_>,
    uncovered: &[(DemandKey, Quantity)],
    certified: &Certified<'_>,
) -> Vec<Violation> {
    let mut comparison = Comparison { certified, estate: certified.estate(), violations: Vec::new() };
    comparison.same("standing", &*document.standing, certified.standing().word());
    comparison.gaps(&document.gaps);
    comparison.objective(&document.objective);
    comparison.totals(&document.totals);
    comparison.titles(&document.titles);
    comparison.licenses(&document.licenses);
    comparison.assignments(&document.assignments);
    comparison.uncovered(uncovered);
    comparison.violations
}

struct Comparison<'c, 'e> {
    certified: &'c Certified<'e>,
    estate: &'e Estate,
    violations: Vec<Violation>,
}

/// The status of what lacks something.
const RED: &str = "red";

impl Comparison<'_, '_> {
    /// The same demands lack the same quantities.
    fn uncovered(&mut self, claimed: &[(DemandKey, Quantity)]) {
        let figures = &self.certified.figures().uncovered;
        let differing = claimed.iter().find(|row| figures.binary_search(row).is_err());
        let missing = figures.iter().find(|row| claimed.binary_search(row).is_err());
        if let Some((key, quantity)) = differing.or(missing) {
            let version = self.estate.version_text(key.version);
            let scope = &self.estate.scopes[key.scope].id;
            let whose = if differing.is_some() { "the result has" } else { "the result lacks" };
            let detail = format!("`uncovered`: {whose} a row of {quantity} `{version}` in `{scope}`");
            self.violations.push(Violation::new(Law::Figures, detail));
        }
        self.same("uncovered: rows", claimed.len(), figures.len());
    }

    /// The same levels have the same bounds and gaps.
    fn gaps(&mut self, claimed: &document::Gaps<'_>) {
        let found = self.certified.gaps();
        self.same("gaps: levels", claimed.0.len(), found.len());
        for (gap, (level, row)) in found.iter().zip(&claimed.0) {
            self.same("gaps", &**level, gap.level.name());
            for (what, claimed, figure) in [("bound", &row.bound, gap.bound), ("gap", &row.gap, gap.gap)] {
                let place = format_args!("gaps.{}.{what}", gap.level).to_string();
                match claimed {
                    Amount::Count(claimed) if !gap.level.is_money() => self.same(place, *claimed, figure),
                    Amount::Money(claimed) if gap.level.is_money() => {
                        self.same(place, &**claimed, &*money_text(figure, self.minor_digits()));
                    }
                    _ => self.differ(place, "a value of another kind", figure),
                }
            }
        }
    }

    fn minor_digits(&self) -> usize {
        self.estate.currency.map_or(0, |currency| usize::from(currency.minor_digits))
    }

    fn objective(&mut self, claimed: &document::Objective<'_>) {
        let figures = &self.certified.figures().objective;
        let counts = [
            (Level::LicenseAssignmentsUnmet, claimed.license_assignments_unmet),
            (Level::TitleAssignmentsUnmet, claimed.title_assignments_unmet),
            (Level::Uncovered, claimed.uncovered),
            (Level::SetAside, claimed.set_aside),
            (Level::Stretch, claimed.stretch),
            (Level::Flexibility, claimed.flexibility),
        ];
        for (level, claimed) in counts {
            self.same(format_args!("objective.{level}"), claimed, figures[level.index()]);
        }
        let minor_digits = self.minor_digits();
        for (level, claimed) in [(Level::Spend, &claimed.spend), (Level::TransferCost, &claimed.transfer_cost)] {
            let amount = money_text(figures[level.index()], minor_digits);
            self.same(format_args!("objective.{level}"), &**claimed, &*amount);
        }
    }

    fn totals(&mut self, claimed: &document::Totals) {
        let totals = self.certified.figures().totals;
        let pairs = [
            ("installed", claimed.installed, totals.installed),
            ("demand", claimed.demand, totals.demand),
            ("covered", claimed.covered, totals.covered),
            ("uncovered", claimed.uncovered, totals.uncovered),
            ("owned", claimed.owned, totals.owned),
            ("active", claimed.active, totals.active),
            ("used", claimed.used, totals.used),
            ("idle", claimed.idle, totals.idle),
            ("unusable", claimed.unusable, totals.unusable),
        ];
        for (name, claimed, figure) in pairs {
            self.same_quantity(format_args!("totals.{name}"), claimed, figure);
        }
    }

    /// Every title once, with every version once.
    fn titles(&mut self, claimed: &[Object<document::Title<'_>>]) {
        let mut is_listed = Table::filled(false, self.estate.versions.len());
        for title in claimed {
            let Some(id) = find(&self.estate.titles, &title.title, |row| &row.id) else {
                self.unknown("titles", "title", &title.title);
                continue;
            };
            let versions = ids_in(&self.estate.titles[id].versions);
            let by_name: HashMap<&str, _> = versions.map(|id| (self.estate.versions[id].name.as_str(), id)).collect();
            for row in &title.versions {
                let Some(&version) = by_name.get(&*row.version) else {
                    self.unknown(format_args!("titles.{}", &*title.title), "version", &row.version);
                    continue;
                };
                if std::mem::replace(&mut is_listed[version], true) {
                    self.twice("titles", self.estate.version_text(version));
                }
                self.version(&title.title, row, version);
            }
            let is_short = |version| !self.certified.figures().versions[version].uncovered.is_zero();
            let is_red = ids_in(&self.estate.titles[id].versions).any(is_short);
            self.same_color(format_args!("titles.{}.status", &*title.title), &title.status, is_red);
        }
        for version in self.estate.versions.ids().filter(|&version| !is_listed[version]) {
            self.missing("titles", self.estate.version_text(version));
        }
    }

    fn version(&mut self, title: &str, row: &document::Version<'_>, version: VersionId) {
        let figures = self.certified.figures().versions[version];
        let by = figures.covered_by;
        let pairs = [
            ("installed", row.installed, figures.installed),
            ("demand", row.demand, figures.demand),
            ("covered", row.covered, figures.covered),
            ("uncovered", row.uncovered, figures.uncovered),
            ("covered_by.exact", row.covered_by.exact, by.exact),
            ("covered_by.downgrade", row.covered_by.downgrade, by.downgrade),
            ("covered_by.newer", row.covered_by.newer, by.newer),
            ("covered_by.cross", row.covered_by.cross, by.cross),
            ("covered_by.upgrade", row.covered_by.upgrade, by.upgrade),
            ("licensed", row.licensed, figures.licensed),
            ("idle", row.idle, figures.idle),
        ];
        for (name, claimed, figure) in pairs {
            self.same_quantity(format_args!("titles.{title}@{}.{name}", &*row.version), claimed, figure);
        }
        let is_red = !figures.uncovered.is_zero();
        self.same_color(format_args!("titles.{title}@{}.status", &*row.version), &row.status, is_red);
    }

    /// Whether it is red is part of the proof; which other color it has is not.
    fn same_color(&mut self, what: impl fmt::Display, claimed: &str, is_red: bool) {
        if (claimed == RED) != is_red {
            let comes_to = if is_red { "`red`" } else { "another color" };
            let detail = format!("`{what}` is claimed to be `{claimed}` and comes to {comes_to}");
            self.violations.push(Violation::new(Law::Figures, detail));
        }
    }

    /// Every license once.
    fn licenses(&mut self, claimed: &[Object<document::License<'_>>]) {
        let mut is_listed = Table::filled(false, self.estate.licenses.len());
        for row in claimed {
            let Some(id) = find(&self.estate.licenses, &row.license, |license| &license.id) else {
                self.unknown("licenses", "license", &row.license);
                continue;
            };
            if std::mem::replace(&mut is_listed[id], true) {
                self.twice("licenses", &*row.license);
            }
            let (license, figures) = (&self.estate.licenses[id], self.certified.figures().licenses[id]);
            let place = format_args!("licenses.{}", license.id);
            self.same(format_args!("{place}.sku"), &*row.sku, self.estate.sku_of(id).id.as_str());
            self.same(format_args!("{place}.state"), &*row.state, state_word(license.state(self.estate.as_of)));
            self.same_optional(format_args!("{place}.quantity"), row.quantity, license.quantity);
            self.same_optional(format_args!("{place}.idle"), row.idle, figures.idle);
            self.same_quantity(format_args!("{place}.used"), row.used, figures.used);
            self.same_quantity(format_args!("{place}.unusable"), row.unusable, figures.unusable);
            self.same_quantity(format_args!("{place}.assigned"), row.assigned, figures.assigned);
        }
        for id in self.estate.licenses.ids().filter(|&id| !is_listed[id]) {
            self.missing("licenses", &self.estate.licenses[id].id);
        }
    }

    /// Every assignment once.
    fn assignments(&mut self, claimed: &[Object<document::Assignment<'_>>]) {
        let ids: HashMap<(Assigned, Target), AssignmentId> =
            self.estate.assignments.enumerate().map(|(id, row)| ((row.assigned, row.target), id)).collect();
        let mut is_listed = Table::filled(false, self.estate.assignments.len());
        for (index, row) in claimed.iter().enumerate() {
            let key = self.assigned(row).zip(self.target(&row.target));
            let Some(&id) = key.and_then(|key| ids.get(&key)) else {
                self.violations.push(Violation::new(
                    Law::UnknownReference,
                    format!("`assignments[{index}]` is no assignment of the estate"),
                ));
                continue;
            };
            if std::mem::replace(&mut is_listed[id], true) {
                self.twice("assignments", format_args!("assignments[{index}]"));
            }
            let (assignment, outcome) = (self.estate.assignments[id], self.certified.figures().assignments[id]);
            let version = assignment.version.map(|version| self.estate.versions[version].name.as_str());
            let place = format_args!("assignments[{index}]");
            self.same_text(format_args!("{place}.version"), row.version.as_deref(), version);
            self.same(format_args!("{place}.scope"), &*row.scope, self.estate.scopes[assignment.scope].id.as_str());
            self.same(format_args!("{place}.outcome"), &*row.outcome, outcome.word());
            self.same_text(format_args!("{place}.reason"), row.reason.as_deref(), outcome.reason());
        }
        for id in self.estate.assignments.ids().filter(|&id| !is_listed[id]) {
            self.missing("assignments", self.assignment_text(id));
        }
    }

    fn assignment_text(&self, id: AssignmentId) -> String {
        let Assignment { assigned, target, .. } = self.estate.assignments[id];
        let assigned = match assigned {
            Assigned::License(license) => &self.estate.licenses[license].id,
            Assigned::Title(title) => &self.estate.titles[title].id,
        };
        let target = match target {
            Target::Asset(asset) => &self.estate.assets[asset],
            Target::User(user) => &self.estate.users[user],
        };
        format!("{assigned} of {target}")
    }

    fn assigned(&self, row: &document::Assignment<'_>) -> Option<Assigned> {
        match (&row.license, &row.title) {
            (Some(license), None) => find(&self.estate.licenses, license, |row| &row.id).map(Assigned::License),
            (None, Some(title)) => find(&self.estate.titles, title, |row| &row.id).map(Assigned::Title),
            _ => None,
        }
    }

    fn target(&self, row: &document::Target<'_>) -> Option<Target> {
        match (&row.asset, &row.user) {
            (Some(asset), None) => find(&self.estate.assets, asset, |id| id).map(Target::Asset),
            (None, Some(user)) => find(&self.estate.users, user, |id| id).map(Target::User),
            _ => None,
        }
    }

    fn same<T: PartialEq + fmt::Display>(&mut self, place: impl fmt::Display, claimed: T, figure: T) {
        if claimed != figure {
            self.differ(place, claimed, figure);
        }
    }

    fn same_quantity(&mut self, place: impl fmt::Display, claimed: i64, figure: Quantity) {
        self.same(place, i128::from(claimed), i128::from(figure.get()));
    }

    fn same_optional(&mut self, place: impl fmt::Display, claimed: Option<i64>, figure: Option<Quantity>) {
        if claimed.map(i128::from) != figure.map(|figure| i128::from(figure.get())) {
            let text = |value: Option<String>| value.unwrap_or_else(|| "null".to_owned());
            self.differ(
                place,
                text(claimed.map(|value| value.to_string())),
                text(figure.map(|value| value.to_string())),
            );
        }
    }

    fn same_text(&mut self, place: impl fmt::Display, claimed: Option<&str>, figure: Option<&str>) {
        if claimed != figure {
            self.differ(place, claimed.unwrap_or("null"), figure.unwrap_or("null"));
        }
    }

    fn differ(&mut self, place: impl fmt::Display, claimed: impl fmt::Display, figure: impl fmt::Display) {
        let detail = format!("`{place}` is claimed to be `{claimed}` and comes to `{figure}`");
        self.violations.push(Violation::new(Law::Figures, detail));
    }

    fn unknown(&mut self, place: impl fmt::Display, kind: &str, name: &str) {
        let detail = format!("`{place}` names the {kind} `{name}`, which is not in the estate");
        self.violations.push(Violation::new(Law::UnknownReference, detail));
    }

    fn twice(&mut self, place: &str, name: impl fmt::Display) {
        self.violations.push(Violation::new(Law::Figures, format!("`{place}` has two rows for `{name}`")));
    }

    fn missing(&mut self, place: &str, name: impl fmt::Display) {
        self.violations.push(Violation::new(Law::Figures, format!("`{place}` has no row for `{name}`")));
    }
}
