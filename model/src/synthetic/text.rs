//! An estate as files.
//!
//! Ids and names are letters, digits, hyphens and blanks, none is a word that YAML reads as anything else, and none
//! needs a quote but a bare version, which may look like a number.

use super::assign::{Assignment, Target, What};
use super::calendar::{AS_OF, days_after};
use super::catalog::{Kind, Span};
use super::demand::{EXCLUSIONS, Install};
use super::portfolio::Title;
use super::supply::Lot;
use super::{File, Synthetic, Tables, parquet};
use crate::document::{assignments, installs, licenses, rows::Shape};
use jiff::civil::Date;
use std::fmt;
use std::io::{self, Write};

const INSTALL_KEYS: [&str; 8] = ["version", "quantity", "scope", "contract", "asset", "user", "last_used", "excluded"];
const LICENSE_KEYS: [&str; 9] =
    ["id", "sku", "quantity", "unlimited", "scope", "contract", "purchased", "start", "end"];
const ASSIGNMENT_KEYS: [&str; 6] = ["license", "title", "version", "asset", "user", "scope"];

/// What stands under a key of a row.
#[derive(Clone, Copy)]
pub(super) enum Cell<'s> {
    Nothing,
    Text(&'s str),
    Count(u64),
    Yes,
    Day(Date),
    /// A title and its version.
    Version(&'s str, &'s str),
    /// A version without its title.
    BareVersion(&'s str),
    Numbered(&'static str, usize),
}

impl fmt::Display for Cell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => Ok(()),
            Self::Text(text) | Self::BareVersion(text) => f.write_str(text),
            Self::Count(count) => write!(f, "{count}"),
            Self::Yes => f.write_str("true"),
            Self::Day(day) => write!(f, "{day}"),
            Self::Version(title, version) => write!(f, "{title}@{version}"),
            Self::Numbered(prefix, number) => write!(f, "{prefix}-{number:05}"),
        }
    }
}

/// The estate with its tables in the same file.
pub(super) fn write_yaml(estate: &Synthetic, out: &mut dyn Write) -> io::Result<()> {
    write_head(estate, out)?;
    list(out, "licenses", LICENSE_KEYS, licenses(estate))?;
    list(out, "installs", INSTALL_KEYS, installs(estate))?;
    list(out, "assignments", ASSIGNMENT_KEYS, assignments(estate))
}

/// The estate, which names its tables.
pub(super) fn write_estate(estate: &Synthetic, tables: Tables, out: &mut dyn Write) -> io::Result<()> {
    write_head(estate, out)?;
    writeln!(out, "licenses: {{file: {}}}", File::Licenses.name(tables))?;
    writeln!(out, "installs: {{file: {}}}", File::Installs.name(tables))?;
    writeln!(out, "assignments: {{file: {}}}", File::Assignments.name(tables))
}

pub(super) fn write_installs(estate: &Synthetic, tables: Tables, out: &mut (dyn Write + Send)) -> io::Result<()> {
    table(out, tables, &installs::SHAPE, INSTALL_KEYS, installs(estate))
}

pub(super) fn write_licenses(estate: &Synthetic, tables: Tables, out: &mut (dyn Write + Send)) -> io::Result<()> {
    table(out, tables, &licenses::SHAPE, LICENSE_KEYS, licenses(estate))
}

pub(super) fn write_assignments(estate: &Synthetic, tables: Tables, out: &mut (dyn Write + Send)) -> io::Result<()> {
    table(out, tables, &assignments::SHAPE, ASSIGNMENT_KEYS, assignments(estate))
}

fn write_head(estate: &Synthetic, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "licit: 1\nname: \"{}\"\nas_of: {AS_OF}\ncurrency: EUR\n", estate.name)?;
    let organization = &estate.organization;
    if organization.scopes.len() > 1 {
        writeln!(out, "scopes:")?;
        for scope in &organization.scopes {
            match scope.parent {
                Some(parent) => {
                    writeln!(out, "  - {{id: {}, parent: {}}}", scope.id, organization.scopes[parent as usize].id)?;
                }
                None => writeln!(out, "  - {{id: {}}}", scope.id)?,
            }
        }
    }
    if !organization.transfers.is_empty() {
        writeln!(out, "transfers:")?;
        for transfer in &organization.transfers {
            let scope = |scope: u32| &organization.scopes[scope as usize].id;
            let (from, to) = (scope(transfer.from), scope(transfer.to));
            writeln!(out, "  - {{from: {from}, to: {to}, cost: {}}}", Money(transfer.cost))?;
        }
    }
    write_titles(estate, out)?;
    write_skus(estate, out)
}

fn write_titles(estate: &Synthetic, out: &mut dyn Write) -> io::Result<()> {
    head(out, "titles", estate.portfolio.titles.is_empty())?;
    for title in &estate.portfolio.titles {
        let Title { id, name, .. } = title;
        let family = &estate.portfolio.families[title.family];
        write!(out, "  - {{id: {id}, name: {name}, publisher: {}, family: {}", family.publisher, family.name)?;
        let versions: Vec<String> = family.releases.iter().map(|release| format!("\"{}\"", release.name)).collect();
        write!(out, ", versions: [{}]", versions.join(", "))?;
        if !title.is_active {
            write!(out, ", status: inactive")?;
        }
        if title.is_tracked_by_assignments {
            write!(out, ", track_by: assignments")?;
        }
        writeln!(out, "}}")?;
    }
    Ok(())
}

fn write_skus(estate: &Synthetic, out: &mut dyn Write) -> io::Result<()> {
    head(out, "skus", estate.catalog.skus.is_empty())?;
    for sku in &estate.catalog.skus {
        write!(out, "  - {{id: {}, version: {}", sku.id, version(estate, sku.version))?;
        for (key, spans) in [("covers", &sku.covers), ("upgrades", &sku.upgrades)] {
            if !spans.is_empty() {
                let references: Vec<String> = spans.iter().map(|span| reference(estate, span)).collect();
                write!(out, ", {key}: [{}]", references.join(", "))?;
            }
        }
        write!(out, ", unit_cost: {}", Money(sku.unit_cost))?;
        if sku.kind == Kind::Gated {
            write!(out, ", use_only_when_assigned: true")?;
        }
        writeln!(out, "}}")?;
    }
    Ok(())
}

/// The shortest reference to versions of a title.
fn reference(estate: &Synthetic, span: &Span) -> String {
    let portfolio = &estate.portfolio;
    let title = portfolio.title_of[span.start];
    let all = portfolio.versions_of(title);
    let id = &portfolio.titles[title].id;
    let (first, last) = (portfolio.version_name(span.start), portfolio.version_name(span.end - 1));
    match (span.start == all.start, span.end == all.end) {
        (true, true) => format!("{id}@*"),
        _ if span.len() == 1 => format!("{id}@{first}"),
        (true, false) => format!("{id}@..{last}"),
        (false, true) => format!("{id}@{first}.."),
        (false, false) => format!("{id}@{first}..{last}"),
    }
}

fn version(estate: &Synthetic, version: usize) -> Cell<'_> {
    let portfolio = &estate.portfolio;
    Cell::Version(&portfolio.titles[portfolio.title_of[version]].id, portfolio.version_name(version))
}

/// A scope; nothing where there is only the implied one.
fn scope(estate: &Synthetic, scope: u32) -> Cell<'_> {
    let scopes = &estate.organization.scopes;
    if scopes.len() > 1 { Cell::Text(&scopes[scope as usize].id) } else { Cell::Nothing }
}

fn contract(estate: &Synthetic, contract: Option<u32>) -> Cell<'_> {
    contract.map_or(Cell::Nothing, |contract| Cell::Text(&estate.organization.contracts[contract as usize]))
}

fn day(day: Option<Date>) -> Cell<'static> {
    day.map_or(Cell::Nothing, Cell::Day)
}

fn asset(asset: Option<u32>) -> Cell<'static> {
    asset.map_or(Cell::Nothing, |asset| Cell::Numbered("PC", asset as usize))
}

fn user(user: Option<u32>) -> Cell<'static> {
    user.map_or(Cell::Nothing, |user| Cell::Numbered("user", user as usize))
}

fn installs(estate: &Synthetic) -> impl Iterator<Item = [Cell<'_>; INSTALL_KEYS.len()]> {
    estate.installs().map(|install: Install| {
        let last_used = install.unused_days.map(|days| days_after(AS_OF, -i64::from(days)));
        let exclusion = install.exclusion.map(|reason| EXCLUSIONS[usize::from(reason)]);
        [
            version(estate, install.version as usize),
            if install.quantity == 1 { Cell::Nothing } else { Cell::Count(install.quantity.into()) },
            scope(estate, install.scope),
            contract(estate, install.contract),
            asset(install.asset),
            user(install.user),
            day(last_used),
            exclusion.map_or(Cell::Nothing, Cell::Text),
        ]
    })
}

fn license_id(lot: usize) -> Cell<'static> {
    Cell::Numbered("L", lot + 1)
}

fn licenses(estate: &Synthetic) -> impl Iterator<Item = [Cell<'_>; LICENSE_KEYS.len()]> {
    estate.lots.iter().enumerate().map(|(index, lot): (usize, &Lot)| {
        [
            license_id(index),
            Cell::Text(&estate.catalog.skus[lot.sku].id),
            lot.quantity.map_or(Cell::Nothing, Cell::Count),
            if lot.quantity.is_none() { Cell::Yes } else { Cell::Nothing },
            scope(estate, lot.site.scope),
            contract(estate, lot.site.contract),
            Cell::Day(lot.purchased),
            day(lot.start),
            day(lot.end),
        ]
    })
}

fn assignments(estate: &Synthetic) -> impl Iterator<Item = [Cell<'_>; ASSIGNMENT_KEYS.len()]> {
    estate.assignments.iter().map(|row: &Assignment| {
        let (license, title) = match row.what {
            What::License(lot) => (license_id(lot), Cell::Nothing),
            What::Title(title) => (Cell::Nothing, Cell::Text(&estate.portfolio.titles[title].id)),
        };
        let (asset, user) = match row.target {
            Target::Asset(number) => (asset(Some(number)), Cell::Nothing),
            Target::User(number) => (Cell::Nothing, user(Some(number))),
        };
        let version = row.version.map_or(Cell::Nothing, |at| Cell::BareVersion(estate.portfolio.version_name(at)));
        [license, title, version, asset, user, row.scope.map_or(Cell::Nothing, |at| scope(estate, at))]
    })
}

fn table<'s, const N: usize>(
    out: &mut (dyn Write + Send),
    tables: Tables,
    shape: &Shape,
    keys: [&str; N],
    rows: impl Iterator<Item = [Cell<'s>; N]>,
) -> io::Result<()> {
    match tables {
        Tables::Csv => csv(out, keys, rows),
        Tables::Parquet => parquet::write(out, shape, keys, rows).map_err(io::Error::other),
    }
}

/// A table of comma-separated values with a header.
fn csv<'s, const N: usize>(
    out: &mut dyn Write,
    keys: [&str; N],
    rows: impl Iterator<Item = [Cell<'s>; N]>,
) -> io::Result<()> {
    writeln!(out, "{}", keys.join(","))?;
    for row in rows {
        for (index, cell) in row.iter().enumerate() {
            write!(out, "{}{cell}", if index == 0 { "" } else { "," })?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// A list with one mapping a row.
fn list<'s, const N: usize>(
    out: &mut dyn Write,
    section: &str,
    keys: [&str; N],
    rows: impl Iterator<Item = [Cell<'s>; N]>,
) -> io::Result<()> {
    let mut rows = rows.peekable();
    head(out, section, rows.peek().is_none())?;
    for row in rows {
        let mut separator = "  - {";
        for (key, cell) in keys.iter().zip(row) {
            match cell {
                Cell::Nothing => continue,
                Cell::BareVersion(version) => write!(out, "{separator}{key}: \"{version}\"")?,
                cell => write!(out, "{separator}{key}: {cell}")?,
            }
            separator = ", ";
        }
        writeln!(out, "}}")?;
    }
    Ok(())
}

fn head(out: &mut dyn Write, section: &str, is_empty: bool) -> io::Result<()> {
    writeln!(out, "{section}:{}", if is_empty { " []" } else { "" })
}

/// Hundredths as decimal text.
struct Money(u64);

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}
