//! Points, tested in integers: rounded first, then held against every bound and row.

use crate::program::{ColumnIndex, MAGNITUDE_MAX, Program, Row, RowIndex};
use std::fmt;

/// What is wrong with a point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broken {
    /// There are more or fewer values than columns.
    Length,
    /// A value is no number, or too large for a float to be a whole number.
    NoNumber(ColumnIndex),
    /// A value is too far from any whole number.
    Fraction(ColumnIndex),
    /// A value is outside the bounds of its column.
    Bound(ColumnIndex),
    /// A row does not hold.
    Row(RowIndex),
    /// An earlier level costs more than it was held at.
    Held(usize),
}

/// How far a value may be from the whole number it stands for.
const ROUNDING_MAX: f64 = 1e-4;

/// The whole numbers nearest to floats, or the first that stands for none.
#[allow(clippy::float_arithmetic, clippy::cast_possible_truncation, clippy::cast_precision_loss)]
pub(crate) fn rounded(program: &Program, values: &[f64]) -> Result<Vec<i64>, Broken> {
    if values.len() != program.columns.len() {
        return Err(Broken::Length);
    }
    let whole = |(column, &value): (ColumnIndex, &f64)| {
        let nearest = value.round();
        match () {
            () if !nearest.is_finite() || nearest.abs() > MAGNITUDE_MAX as f64 => Err(Broken::NoNumber(column)),
            () if (value - nearest).abs() > ROUNDING_MAX => Err(Broken::Fraction(column)),
            () => Ok(nearest as i64),
        }
    };
    values.iter().enumerate().map(whole).collect()
}

/// Tests every bound and row of a program at a point.
///
/// # Errors
/// The first that does not hold.
pub fn test_point(program: &Program, point: &[i64]) -> Result<(), Broken> {
    if point.len() != program.columns.len() {
        return Err(Broken::Length);
    }
    let outside = program.columns.iter().zip(point).position(|(column, &x)| x < column.lower || x > column.upper);
    if let Some(column) = outside {
        return Err(Broken::Bound(column));
    }
    match program.rows.iter().position(|row| !holds(row, point)) {
        Some(row) => Err(Broken::Row(row)),
        None => Ok(()),
    }
}

/// What a level costs at a point.
#[must_use]
pub fn cost_at(program: &Program, level: usize, point: &[i64]) -> i128 {
    sum(&program.objectives[level].terms, point)
}

fn holds(row: &Row, point: &[i64]) -> bool {
    let sum = sum(&row.terms, point);
    row.lower.is_none_or(|lower| sum >= lower.into()) && row.upper.is_none_or(|upper| sum <= upper.into())
}

/// Products stay below 2^106, so 2^21 of them cannot overflow, and coefficients that large are no use.
fn sum(terms: &[(ColumnIndex, i64)], point: &[i64]) -> i128 {
    let product = |&(column, coefficient): &(ColumnIndex, i64)| i128::from(coefficient) * i128::from(point[column]);
    terms.iter().map(product).fold(0_i128, i128::saturating_add)
}

impl Broken {
    /// In words, with the names of the program.
    pub(crate) fn words(&self, program: &Program) -> String {
        let column = |index: ColumnIndex| format!("`{}`", program.columns[index].name);
        match *self {
            Self::Length => "has not one value for each column".to_owned(),
            Self::NoNumber(index) => format!("gives column {} no number", column(index)),
            Self::Fraction(index) => format!("gives column {} a fraction", column(index)),
            Self::Bound(index) => format!("breaks the bounds of column {}", column(index)),
            Self::Row(index) => format!("breaks row `{}`", program.rows[index].name),
            Self::Held(level) => format!("worsens level `{}`", program.objectives[level].name),
        }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Length => write!(f, "not one value for each column"),
            Self::NoNumber(column) => write!(f, "column {column} has no number"),
            Self::Fraction(column) => write!(f, "column {column} has a fraction"),
            Self::Bound(column) => write!(f, "the bounds of column {column} are broken"),
            Self::Row(row) => write!(f, "row {row} is broken"),
            Self::Held(level) => write!(f, "level {level} is worse than before"),
        }
    }
}
