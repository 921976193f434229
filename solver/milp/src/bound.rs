//! A lower bound from approximate duals, in integers.
//!
//! For any multipliers y of the rows, no point costs less than Σ yᵢbᵢ + Σ min over the bounds of
//! (c − Aᵀy)ⱼxⱼ, where bᵢ is the lower bound of a row with positive y and the upper bound of one with
//! negative y. A cost is a multiple of the coefficients' common divisor, so the bound is rounded up to
//! one. Multipliers of rows without the bound that their sign asks for count as zero.

use crate::hint::Hint;
use crate::program::{Program, divisor};

/// The largest integer that the duals of the rows prove no point to cost less than, at a level with
/// earlier levels held; duals stand for the rows of the program, then for the levels held. None if the
/// sums overflow or there are too few or too many duals.
#[must_use]
pub fn exact_bound(program: &Program, level: usize, held: &[i128], duals: &[Hint]) -> Option<i128> {
    let holding = program.holding(held).ok()?;
    if duals.len() != program.rows.len() + holding.len() {
        return None;
    }
    let mut reduced = vec![0_i128; program.columns.len()];
    for &(column, coefficient) in &program.objectives[level].terms {
        reduced[column] = Hint::ONE.checked_mul(coefficient.into())?;
    }
    let mut bound = 0_i128;
    for (row, dual) in program.rows.iter().chain(&holding).zip(duals) {
        let dual = dual.parts();
        let side = if dual > 0 { row.lower } else { row.upper };
        let Some(side) = side.filter(|_| dual != 0) else { continue };
        bound = bound.checked_add(dual.checked_mul(side.into())?)?;
        for &(column, coefficient) in &row.terms {
            reduced[column] = reduced[column].checked_sub(dual.checked_mul(coefficient.into())?)?;
        }
    }
    for (column, reduced) in program.columns.iter().zip(reduced) {
        let at = if reduced > 0 { column.lower } else { column.upper };
        bound = bound.checked_add(reduced.checked_mul(at.into())?)?;
    }
    let unit = i128::from(divisor(&program.objectives[level].terms));
    let whole = Hint::ONE.checked_mul(unit)?;
    // Division that rounds up.
    Some(-(-bound).div_euclid(whole) * unit)
}
