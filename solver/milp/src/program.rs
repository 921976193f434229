//! Statements: columns, rows and objectives, all of them integers.

use std::fmt;

/// A column of a program, by position.
pub type ColumnIndex = usize;
/// A row of a program, by position.
pub type RowIndex = usize;

/// An unknown: a whole number within bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What it counts, for files and messages.
    pub name: String,
    /// It is at least so much.
    pub lower: i64,
    /// It is at most so much; tight bounds make a fast search.
    pub upper: i64,
    /// Whether the engine is told at once that it is whole. A column that comes out whole by itself is
    /// cheaper untold; where that fails, the engine is asked again and told of all.
    pub is_declared: bool,
}

/// A rule: a weighted sum of columns within bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The rule it states, for files and messages.
    pub name: String,
    /// Coefficients; no column stands twice.
    pub terms: Vec<(ColumnIndex, i64)>,
    /// The sum is at least so much.
    pub lower: Option<i64>,
    /// The sum is at most so much.
    pub upper: Option<i64>,
}

/// A level of the objective: a weighted sum of columns, to be least.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objective {
    /// The level, for files and messages.
    pub name: String,
    /// Coefficients; no column stands twice.
    pub terms: Vec<(ColumnIndex, i64)>,
}

/// An integer program with objectives that are compared one after another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Program {
    /// The unknowns.
    pub columns: Vec<Column>,
    /// The rules.
    pub rows: Vec<Row>,
    /// Levels, the most important first.
    pub objectives: Vec<Objective>,
}

/// A number of a program that the method cannot compute with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RangeFault {
    /// Where it stands and what it is.
    pub what: String,
}

/// The largest magnitude that a float holds exactly.
pub(crate) const MAGNITUDE_MAX: i64 = 1 << 53;

impl Program {
    /// Adds a column and returns its index.
    pub fn add_column(&mut self, column: Column) -> ColumnIndex {
        self.columns.push(column);
        self.columns.len() - 1
    }

    /// Adds a row and returns its index.
    pub fn add_row(&mut self, row: Row) -> RowIndex {
        self.rows.push(row);
        self.rows.len() - 1
    }

    /// The rows that hold the first levels at costs they were found to have.
    pub(crate) fn holding(&self, costs: &[i128]) -> Result<Vec<Row>, RangeFault> {
        let hold = |(Objective { name, terms }, &cost): (&Objective, &i128)| {
            // A cost is a multiple of the divisor; smaller numbers are kinder to floats.
            let divisor = divisor(terms);
            let upper = i64::try_from(cost.div_euclid(divisor.into())).ok().filter(|&upper| fits(upper));
            let Some(upper) = upper else {
                return Err(RangeFault { what: format!("level `{name}` costs {cost}") });
            };
            let terms = terms.iter().map(|&(column, coefficient)| (column, coefficient / divisor)).collect();
            Ok(Row { name: format!("{name} held"), terms, lower: None, upper: Some(upper) })
        };
        self.objectives.iter().zip(costs).map(hold).collect()
    }

    /// Whether every number fits a float.
    ///
    /// # Errors
    /// The first one that does not, and the first term without a column or with one that stands twice.
    pub fn check(&self) -> Result<(), RangeFault> {
        let refuse = |what: String| Err(RangeFault { what });
        for Column { name, lower, upper, .. } in &self.columns {
            if !fits(*lower) || !fits(*upper) || lower > upper {
                return refuse(format!("column `{name}` is bounded by {lower} and {upper}"));
            }
        }
        let rows = self.rows.iter().map(|row| (&row.name, &row.terms));
        let objectives = self.objectives.iter().map(|level| (&level.name, &level.terms));
        let mut last_seen = vec![usize::MAX; self.columns.len()];
        for (position, (name, terms)) in rows.chain(objectives).enumerate() {
            for &(column, coefficient) in terms {
                match last_seen.get_mut(column) {
                    None => return refuse(format!("`{name}` has column {column}, which is not there")),
                    Some(last) if *last == position => return refuse(format!("`{name}` has column {column} twice")),
                    Some(last) => *last = position,
                }
                if !fits(coefficient) {
                    return refuse(format!("`{name}` has the coefficient {coefficient}"));
                }
            }
        }
        let bounds = self.rows.iter().flat_map(|row| [(&row.name, row.lower), (&row.name, row.upper)]);
        match bounds.into_iter().find(|(_, bound)| bound.is_some_and(|bound| !fits(bound))) {
            Some((name, Some(bound))) => refuse(format!("row `{name}` is bounded by {bound}")),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for RangeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, at most {MAGNITUDE_MAX} can be computed with", self.what)
    }
}

impl std::error::Error for RangeFault {}

const fn fits(amount: i64) -> bool {
    amount.unsigned_abs() <= MAGNITUDE_MAX.unsigned_abs()
}

/// The greatest common divisor of the coefficients; one if there are none.
pub(crate) fn divisor(terms: &[(ColumnIndex, i64)]) -> i64 {
    let mut divisor = 0_u64;
    for &(_, coefficient) in terms {
        let mut rest = coefficient.unsigned_abs();
        while rest != 0 {
            (divisor, rest) = (rest, divisor % rest);
        }
    }
    i64::try_from(divisor.max(1)).expect("coefficients are within their range")
}
