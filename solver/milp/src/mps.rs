//! Programs as MPS files, for other solvers.
//!
//! Free format. Names are made of the name in the program and its position, as blanks are not allowed
//! and names must differ. One level is the objective, earlier ones are rows.

use crate::program::{ColumnIndex, Program, RangeFault, Row};
use std::fmt::Write as _;

/// One level of a program, with earlier ones held at the costs given, as MPS.
///
/// # Errors
/// If a number does not fit a float, which is what readers of MPS compute with.
pub fn write_mps(program: &Program, level: usize, held: &[i128]) -> Result<String, RangeFault> {
    program.check()?;
    let holding = program.holding(held)?;
    let rows: Vec<&Row> = program.rows.iter().chain(&holding).collect();
    let row_names: Vec<String> = rows.iter().enumerate().map(|(index, row)| name("r", index, &row.name)).collect();
    let columns = program.columns.iter().enumerate();
    let column_names: Vec<String> = columns.map(|(index, column)| name("c", index, &column.name)).collect();
    let mut out = String::from("NAME licit\nOBJSENSE\n MIN\nROWS\n N cost\n");
    for (row, name) in rows.iter().zip(&row_names) {
        let kind = match (row.lower, row.upper) {
            (Some(lower), Some(upper)) if lower == upper => "E",
            (_, Some(_)) => "L",
            (Some(_), None) => "G",
            (None, None) => "N",
        };
        let _ = writeln!(out, " {kind} {name}");
    }
    let costs = &program.objectives[level].terms;
    write_columns(&mut out, &by_column(program, &rows, costs), &column_names, &row_names);
    out.push_str("RHS\n");
    for (row, name) in rows.iter().zip(&row_names) {
        if let Some(side) = row.upper.or(row.lower) {
            let _ = writeln!(out, " rhs {name} {side}");
        }
    }
    out.push_str("RANGES\n");
    for (row, name) in rows.iter().zip(&row_names) {
        if let (Some(lower), Some(upper)) = (row.lower, row.upper)
            && lower != upper
        {
            let _ = writeln!(out, " range {name} {}", i128::from(upper) - i128::from(lower));
        }
    }
    out.push_str("BOUNDS\n");
    for (column, name) in program.columns.iter().zip(&column_names) {
        let _ = writeln!(out, " LO bound {name} {}\n UP bound {name} {}", column.lower, column.upper);
    }
    out.push_str("ENDATA\n");
    Ok(out)
}

/// Where a column stands: the row, none for the objective, and the coefficient.
type Entries = Vec<Vec<(Option<usize>, i64)>>;

fn by_column(program: &Program, rows: &[&Row], costs: &[(ColumnIndex, i64)]) -> Entries {
    let mut entries: Entries = vec![Vec::new(); program.columns.len()];
    for &(column, cost) in costs {
        entries[column].push((None, cost));
    }
    for (index, row) in rows.iter().enumerate() {
        for &(column, coefficient) in &row.terms {
            entries[column].push((Some(index), coefficient));
        }
    }
    entries
}

fn write_columns(out: &mut String, entries: &Entries, column_names: &[String], row_names: &[String]) {
    out.push_str("COLUMNS\n start 'MARKER' 'INTORG'\n");
    for (entries, column) in entries.iter().zip(column_names) {
        // A column that stands nowhere is named all the same.
        if entries.is_empty() {
            let _ = writeln!(out, " {column} cost 0");
        }
        for &(row, coefficient) in entries {
            let row = row.map_or("cost", |row| &row_names[row]);
            let _ = writeln!(out, " {column} {row} {coefficient}");
        }
    }
    out.push_str(" end 'MARKER' 'INTEND'\n");
}

fn name(kind: &str, index: usize, name: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() || "@.-".contains(letter) { letter } else { '_' };
    let name: String = name.chars().take(60).map(plain).collect();
    format!("{kind}{index}_{name}")
}
