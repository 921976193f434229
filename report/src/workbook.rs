//! An effective license position as a workbook (XLSX) that auditors can count in.
//!
//! Four sheets: the position, with what follows from its columns as formulas, and totals that follow a filter; the lots
//! behind it; who uses what; and what it is a position of, with what proves it. Text stays text: a cell that begins like a
//! formula is none.
//!
//! *Guaranteed*: the same answer gives the same bytes; its day is the day of the position. *Cannot*: hold more rows than
//! a sheet has.

use crate::phrase::{self, workbook as words};
use checker::allocation::Destination;
use checker::claim::state_word;
use checker::views::Effective;
use jiff::civil::Date;
use model::estate::{Estate, License, Target};
use model::id::{LicenseId, VersionId};
use model::number::Quantity;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Formula, Workbook, Worksheet, XlsxError};
use solver::{Needed, Position};
use std::fmt;

/// Rows of a sheet, header and totals included.
const ROWS_MAX: usize = 1_048_576;
/// Characters of a cell.
const CHARACTERS_MAX: usize = 32_767;
/// Numbers with groups of digits, and signs where what they stand for can be lacking.
const COUNT: &str = "#,##0";
const SIGNED: &str = "+#,##0;[Red]-#,##0;0";
const DATE: &str = "yyyy-mm-dd";

/// More rows than a sheet has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyRows {
    /// The rows that there are.
    pub rows: usize,
    /// The most that a sheet has.
    pub most: usize,
}

impl fmt::Display for TooManyRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&words::too_many(self.rows, self.most))
    }
}

/// The position as the bytes of a workbook.
///
/// # Errors
/// If versions, licenses or the allocation have more rows than a sheet.
pub fn workbook(position: &Position<'_>) -> Result<Vec<u8>, TooManyRows> {
    let estate = position.certified.estate();
    let most = ROWS_MAX - 2;
    let uses = position.certified.allocation().uses(estate).count();
    let rows = [estate.versions.len(), estate.licenses.len(), uses];
    match rows.into_iter().max() {
        Some(rows) if rows > most => Err(TooManyRows { rows, most }),
        _ => Ok(written(position).expect("names, dates and sizes are within those of a workbook")),
    }
}

fn written(position: &Position<'_>) -> Result<Vec<u8>, XlsxError> {
    let estate = position.certified.estate();
    let mut workbook = Workbook::new();
    let properties = DocProperties::new().set_title(clipped(&phrase::title(estate)));
    workbook.set_properties(&properties.set_creation_datetime(&excel_date(estate.as_of)?));
    add_position(workbook.add_worksheet(), position)?;
    add_licenses(workbook.add_worksheet(), position)?;
    add_uses(workbook.add_worksheet(), position)?;
    add_about(workbook.add_worksheet(), position)?;
    workbook.save_to_buffer()
}

/// A row for every version, and the totals of those that a filter shows.
fn add_position(sheet: &mut Worksheet, position: &Position<'_>) -> Result<(), XlsxError> {
    let mut table = Table::new(sheet, words::POSITION, &words::POSITION_COLUMNS)?;
    let estate = position.certified.estate();
    for (version, row) in position.certified.effective().enumerate() {
        table.version(estate, version)?;
        table.count(row.licensed)?;
        table.count(row.deployed)?;
        table.signed(row.moved)?;
        let number = table.row + 1;
        table.formula(&format!("=C{number}+E{number}-D{number}"), row.delta(), SIGNED)?;
        table.count(row.idle)?;
        table.count(row.upgrades)?;
        table.text(&phrase::status(&position.derived.versions[version]))?;
        table.end();
    }
    let rows: Vec<_> = position.certified.effective().iter().copied().collect();
    let sum = |of: &dyn Fn(&Effective) -> i64| rows.iter().map(of).sum::<i64>();
    table.totals(&[
        (2, sum(&|row| row.licensed.signed()), COUNT),
        (3, sum(&|row| row.deployed.signed()), COUNT),
        (4, sum(&|row| row.moved), SIGNED),
        (5, sum(&|row| row.delta()), SIGNED),
        (6, sum(&|row| row.idle.signed()), COUNT),
        (7, sum(&|row| row.upgrades.signed()), COUNT),
    ])
}

/// A row for every lot.
fn add_licenses(sheet: &mut Worksheet, position: &Position<'_>) -> Result<(), XlsxError> {
    let mut table = Table::new(sheet, words::LICENSES, &words::LICENSE_COLUMNS)?;
    let (estate, figures) = (position.certified.estate(), position.certified.figures());
    let mut totals = [0; 5];
    for (id, license) in estate.licenses.enumerate() {
        let row = figures.licenses[id];
        table.license(estate, id, license)?;
        table.optional(license.quantity)?;
        table.count(row.used)?;
        table.optional(row.idle)?;
        table.count(row.unusable)?;
        table.count(row.assigned)?;
        table.text(phrase::certainty(position.derived.needed[id].map(Needed::word)))?;
        table.end();
        let counts = [license.quantity, Some(row.used), row.idle, Some(row.unusable), Some(row.assigned)];
        for (total, count) in totals.iter_mut().zip(counts) {
            *total += count.map_or(0, Quantity::signed);
        }
    }
    let totals: Vec<(u16, i64, &str)> = (10..).zip(totals).map(|(column, total)| (column, total, COUNT)).collect();
    table.totals(&totals)
}

/// A row for every path and destination, as an auditor reads them.
fn add_uses(sheet: &mut Worksheet, position: &Position<'_>) -> Result<(), XlsxError> {
    let mut table = Table::new(sheet, words::USES, &words::USE_COLUMNS)?;
    let estate = position.certified.estate();
    let mut total = 0;
    for (path, destination, quantity, right) in position.certified.allocation().uses(estate) {
        table.destination(estate, destination)?;
        let path: Vec<&str> = path.iter().map(|unit| estate.licenses[unit.license].id.as_str()).collect();
        table.text(&path.join(words::STACKED))?;
        table.text(right.word())?;
        table.count(quantity)?;
        table.end();
        total += quantity.signed();
    }
    table.totals(&[(8, total, COUNT)])
}

/// What it is a position of, and what is proved.
fn add_about(sheet: &mut Worksheet, position: &Position<'_>) -> Result<(), XlsxError> {
    let estate = position.certified.estate();
    sheet.set_name(words::ABOUT)?;
    sheet.set_column_width(0, 18)?.set_column_width(1, 90)?;
    let bold = Format::new().set_bold();
    let wrapped = Format::new().set_text_wrap();
    let summary = phrase::summary(&position.certified);
    let rows = [
        (words::NAME, phrase::title(estate)),
        (words::CURRENCY, estate.currency.map_or(String::new(), |currency| currency.code.to_owned())),
        (words::DIGEST, estate.digest()),
        (words::SUMMARY, summary.trim_end().to_owned()),
        (words::VERIFY, words::HOW_TO_VERIFY.to_owned()),
        (words::COLUMNS, words::ABOUT_COLUMNS.to_owned()),
    ];
    for (row, (name, text)) in (0..).zip(rows) {
        sheet.write_string_with_format(row, 0, name, &bold)?;
        sheet.write_string_with_format(row, 1, clipped(&text), &wrapped)?;
    }
    Ok(())
}

/// A sheet with a header that stays in sight, written row by row.
struct Table<'s> {
    sheet: &'s mut Worksheet,
    /// From 0, the header.
    row: u32,
    column: u16,
    column_count: u16,
}

impl<'s> Table<'s> {
    fn new(sheet: &'s mut Worksheet, name: &str, columns: &[(&str, u16)]) -> Result<Self, XlsxError> {
        sheet.set_name(name)?;
        let header = Format::new().set_bold().set_text_wrap();
        let mut column_count = 0;
        for &(name, width) in columns {
            sheet.write_string_with_format(0, column_count, name, &header)?;
            sheet.set_column_width(column_count, width)?;
            column_count += 1;
        }
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_repeat_rows(0, 0)?;
        sheet.set_landscape().set_print_fit_to_pages(1, 0);
        Ok(Self { sheet, row: 1, column: 0, column_count })
    }

    fn next(&mut self) -> (u32, u16) {
        self.column += 1;
        (self.row, self.column - 1)
    }

    fn end(&mut self) {
        assert_eq!(self.column, self.column_count, "a row has a cell in each column");
        (self.row, self.column) = (self.row + 1, 0);
    }

    /// Text, never a formula.
    fn text(&mut self, text: &str) -> Result<(), XlsxError> {
        let (row, column) = self.next();
        if !text.is_empty() {
            self.sheet.write_string(row, column, clipped(text))?;
        }
        Ok(())
    }

    fn number(&mut self, number: i64, format: &str) -> Result<(), XlsxError> {
        let (row, column) = self.next();
        // Units of an estate are fewer than a cell counts exactly.
        let number: f64 = number.to_string().parse().expect("digits are a number");
        self.sheet.write_number_with_format(row, column, number, &Format::new().set_num_format(format))?;
        Ok(())
    }

    fn count(&mut self, count: Quantity) -> Result<(), XlsxError> {
        self.number(count.signed(), COUNT)
    }

    /// Nothing where there is no limit.
    fn optional(&mut self, count: Option<Quantity>) -> Result<(), XlsxError> {
        match count {
            Some(count) => self.count(count),
            None => self.text(words::UNLIMITED),
        }
    }

    fn signed(&mut self, number: i64) -> Result<(), XlsxError> {
        self.number(number, SIGNED)
    }

    /// A formula with what it comes to.
    fn formula(&mut self, formula: &str, result: i64, format: &str) -> Result<(), XlsxError> {
        let (row, column) = self.next();
        self.put_formula(row, column, formula, result, &Format::new().set_num_format(format))
    }

    fn put_formula(
        &mut self,
        row: u32,
        column: u16,
        formula: &str,
        result: i64,
        format: &Format,
    ) -> Result<(), XlsxError> {
        let formula = Formula::new(formula).set_result(result.to_string());
        self.sheet.write_formula_with_format(row, column, formula, format)?;
        Ok(())
    }

    fn date(&mut self, date: Option<Date>) -> Result<(), XlsxError> {
        let (row, column) = self.next();
        if let Some(date) = date {
            let format = Format::new().set_num_format(DATE);
            self.sheet.write_datetime_with_format(row, column, excel_date(date)?, &format)?;
        }
        Ok(())
    }

    fn version(&mut self, estate: &Estate, version: VersionId) -> Result<(), XlsxError> {
        self.text(&estate.title_of(version).id)?;
        self.text(&estate.versions[version].name)
    }

    /// What a lot is.
    fn license(&mut self, estate: &Estate, id: LicenseId, license: &License) -> Result<(), XlsxError> {
        let sku = estate.sku_of(id);
        self.text(&license.id)?;
        self.text(&sku.id)?;
        self.version(estate, sku.version)?;
        self.text(if sku.is_upgrade() { words::UPGRADE } else { words::BASE })?;
        self.text(&estate.scopes[license.scope].id)?;
        self.text(license.contract.map_or("", |contract| &estate.contracts[contract]))?;
        self.date(license.start)?;
        self.date(license.end)?;
        self.text(state_word(license.state(estate.as_of)))
    }

    /// What an entitlement covers, or whom it is set aside for.
    fn destination(&mut self, estate: &Estate, destination: Destination) -> Result<(), XlsxError> {
        let (scope, contract, asset, user) = match destination {
            Destination::Demand(key) => {
                self.version(estate, key.version)?;
                (key.scope, key.contract, key.asset, key.user)
            }
            Destination::SetAside(aside) => {
                self.text(aside.title.map_or("", |title| &estate.titles[title].id))?;
                self.text("")?;
                let (asset, user) = match aside.target {
                    Target::Asset(asset) => (Some(asset), None),
                    Target::User(user) => (None, Some(user)),
                };
                (aside.scope, None, asset, user)
            }
        };
        self.text(&estate.scopes[scope].id)?;
        self.text(contract.map_or("", |contract| &estate.contracts[contract]))?;
        self.text(asset.map_or("", |asset| &estate.assets[asset]))?;
        self.text(user.map_or("", |user| &estate.users[user]))
    }

    /// The last row: of some columns the totals of the rows that a filter shows.
    fn totals(mut self, totals: &[(u16, i64, &str)]) -> Result<(), XlsxError> {
        let row = self.row;
        let bold = Format::new().set_bold();
        self.sheet.write_string_with_format(row, 0, words::TOTAL, &bold)?;
        for &(column, total, format) in totals {
            let letter = char::from(b'A' + u8::try_from(column).expect("a sheet of ours has few columns"));
            let format = bold.clone().set_num_format(format);
            // Without rows there is nothing to add up but the header, which counts as nothing.
            let formula = format!("=SUBTOTAL(109,{letter}2:{letter}{})", row.max(2));
            if row > 1 {
                self.put_formula(row, column, &formula, total, &format)?;
            }
        }
        self.sheet.autofilter(0, 0, row.max(2) - 1, self.column_count - 1)?;
        Ok(())
    }
}

/// Text as a cell takes it.
fn clipped(text: &str) -> String {
    match text.char_indices().nth(CHARACTERS_MAX) {
        None => text.to_owned(),
        Some(_) => text.chars().take(CHARACTERS_MAX - 1).chain(['…']).collect(),
    }
}

/// A day as such programs count them, from 1900 to 9999: estates have no other.
fn excel_date(date: Date) -> Result<ExcelDateTime, XlsxError> {
    let year = u16::try_from(date.year()).expect("a part of a date is above 0");
    let [month, day] = [date.month(), date.day()].map(|part| u8::try_from(part).expect("a part of a date is above 0"));
    ExcelDateTime::from_ymd(year, month, day)
}
