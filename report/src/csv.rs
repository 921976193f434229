//! A position as comma-separated tables: the version rows, whole or by scope, and an effective license
//! position; and plans for renewals.
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula. Unless asked for raw
//! cells, text of users that begins so, or with a tab or a carriage return, gets an apostrophe before it.
//! Numbers stay numbers.

mod batch;
mod renewal;

pub use batch::BatchCsv;
pub use renewal::renewals_csv;

use crate::phrase::{installs, percent_text};
use checker::Certified;
use checker::figures::{CoveredBy, VersionFigures};
use model::estate::Estate;
use model::id::VersionId;
use solver::{Position, Shortage};
use std::fmt::Display;

/// What is done with text that a spreadsheet would take for a formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cells {
    /// An apostrophe keeps it text.
    Safe,
    /// It is written as it stands.
    Raw,
}

/// What begins a formula in some spreadsheet, full-width forms included.
const FORMULA_STARTS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// One row for every version.
#[must_use]
pub fn versions(position: &Position<'_>, cells: Cells) -> String {
    let Position { certified, derived } = position;
    let mut table = Table::new(
        cells,
        "title,version,status,reasons,installed,demand,covered,uncovered,shortage,exact,downgrade,newer,cross,\
         upgrade,licensed,idle,reach,percent",
    );
    for (version, figures) in certified.figures().versions.enumerate() {
        let standing = &derived.versions[version];
        let reasons: Vec<&str> = standing.reasons.iter().map(|reason| reason.word()).collect();
        table.name(certified.estate(), version);
        table.number(standing.status.word());
        table.number(reasons.join(" "));
        table.demand(figures);
        table.optional(standing.shortage.map(Shortage::word));
        table.covered_by(figures.covered_by);
        table.number(figures.licensed);
        table.number(figures.idle);
        table.optional(installs(standing.reach));
        table.optional(standing.percent.map(percent_text));
        table.end();
    }
    table.text
}

/// One row for every version and scope that have installs, demand or licenses.
#[must_use]
pub fn by_scope(certified: &Certified<'_>, cells: Cells) -> String {
    let mut table = Table::new(
        cells,
        "title,version,scope,installed,demand,covered,uncovered,exact,downgrade,newer,cross,upgrade,licensed,idle",
    );
    for ((version, scope), figures) in certified.by_scope() {
        table.name(certified.estate(), version);
        table.cell(&certified.estate().scopes[scope].id);
        table.demand(&figures);
        table.covered_by(figures.covered_by);
        table.number(figures.licensed);
        table.number(figures.idle);
        table.end();
    }
    table.text
}

/// The effective license position: how base units move from their main versions to what they cover.
#[must_use]
pub fn elp(certified: &Certified<'_>, cells: Cells) -> String {
    let mut table = Table::new(cells, "title,version,licensed,deployed,allocation (+/-),delta,idle,upgrades");
    for (version, row) in certified.effective().enumerate() {
        table.name(certified.estate(), version);
        table.number(row.licensed);
        table.number(row.deployed);
        table.number(row.moved);
        table.number(row.delta());
        table.number(row.idle);
        table.number(row.upgrades);
        table.end();
    }
    table.text
}

struct Table {
    cells: Cells,
    text: String,
}

impl Table {
    fn new(cells: Cells, header: &str) -> Self {
        Self { cells, text: format!("{header}\n") }
    }

    /// Text of a user: kept from being a formula, quoted where it must be.
    fn cell(&mut self, text: &str) {
        let is_formula = self.cells == Cells::Safe && text.starts_with(FORMULA_STARTS);
        let guard = if is_formula { "'" } else { "" };
        if text.contains(['"', ',', '\n', '\r']) {
            self.push(&format_args!("\"{guard}{}\"", text.replace('"', "\"\"")));
        } else {
            self.push(&format_args!("{guard}{text}"));
        }
    }

    /// A number or a word of ours.
    fn number(&mut self, value: impl Display) {
        self.push(&value);
    }

    fn optional(&mut self, value: Option<impl Display>) {
        match value {
            Some(value) => self.push(&value),
            None => self.push(&""),
        }
    }

    fn push(&mut self, value: &dyn Display) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push(',');
        }
        self.text += &value.to_string();
    }

    fn end(&mut self) {
        self.text.push('\n');
    }

    fn name(&mut self, estate: &Estate, version: VersionId) {
        self.cell(&estate.title_of(version).id);
        self.cell(&estate.versions[version].name);
    }

    fn demand(&mut self, figures: &VersionFigures) {
        for quantity in [figures.installed, figures.demand, figures.covered, figures.uncovered] {
            self.number(quantity);
        }
    }

    fn covered_by(&mut self, by: CoveredBy) {
        for quantity in [by.exact, by.downgrade, by.newer, by.cross, by.upgrade] {
            self.number(quantity);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: Cells, texts: &[&str]) -> String {
        let mut table = Table::new(cells, "x");
        for text in texts {
            table.cell(text);
        }
        table.end();
        table.text
    }

    #[test]
    fn what_a_spreadsheet_takes_for_a_formula_stays_text() {
        assert_eq!(row(Cells::Safe, &["=1+1", "-2", "a,b"]), "x\n'=1+1,'-2,\"a,b\"\n");
        assert_eq!(row(Cells::Safe, &["=HYPERLINK(\"x\",\"y\")"]), "x\n\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"\n");
        assert_eq!(row(Cells::Raw, &["=1+1"]), "x\n=1+1\n");
    }
}
