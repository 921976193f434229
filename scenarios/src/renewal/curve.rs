//! What is paid and what stays uncovered as curves over the one number that a sweep goes through.
//!
//! Every value of the range is solved, and nothing between two values is guessed: parts that a value does not touch are
//! shared, so that a value costs what its own parts cost. From value to value spend and uncovered change by so much; a
//! piece is as long as both change by the same from each value to the next. The pieces of a curve meet at its breakpoints,
//! and where plans are not proved best, the curve is that of the plans. Time: linear in the values.

use super::Renewal;
use crate::reading::Scenarios;
use checker::claim::Stretch;
use checker::plan::Standing;
use model::estate::Currency;
use model::objective::Level;

/// A curve over all values of a range, in one scenario as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Curve {
    /// The scenario, without the value.
    pub scenario: String,
    /// The name that is swept over.
    pub name: String,
    /// Whether the plan of every value is proved best at every level.
    pub is_optimal: bool,
    /// Each begins where the one before it ends; a range of one value is one piece.
    pub pieces: Vec<Piece>,
    /// The currency of all money.
    pub currency: Option<Currency>,
}

/// Values over which spend and uncovered go along a line each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The first value.
    pub from: String,
    /// The last value; the first again where there is no other.
    pub to: String,
    /// What is paid at the first value, in 10^-4.
    pub spend: i128,
    /// What is paid more from each value to the next, in 10^-4.
    pub spend_per_step: i128,
    /// What is uncovered at the first value.
    pub uncovered: i128,
    /// What is uncovered more from each value to the next.
    pub uncovered_per_step: i128,
}

/// The curves of those scenarios whose answers for all values of a range are here; `positions` says which renewal is which
/// scenario.
pub(super) fn curves(scenarios: &Scenarios, positions: &[usize], renewals: &[Renewal]) -> Vec<Curve> {
    let curve = |Stretch { scenario, name, points }: Stretch<'_>| {
        let renewals = || points.iter().map(|&(_, index)| &renewals[index]);
        let had = renewals().map(|renewal| [renewal.spend(), renewal.objective[Level::Uncovered.index()]]);
        Curve {
            scenario: scenario.to_owned(),
            name: name.to_owned(),
            is_optimal: renewals().all(|renewal| renewal.standing() == Standing::Optimal),
            pieces: pieces(points.iter().map(|&(value, _)| value).zip(had)),
            currency: renewals().next().and_then(Renewal::currency),
        }
    };
    scenarios.stretches(positions).into_iter().map(curve).collect()
}

/// The longest pieces of points in their order: values, each with spend and uncovered.
fn pieces<'v>(points: impl Iterator<Item = (&'v str, [i128; 2])>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut last: Option<(&str, [i128; 2])> = None;
    for (value, had) in points {
        let (from, before) = last.replace((value, had)).unwrap_or((value, had));
        let step = [had[0] - before[0], had[1] - before[1]];
        match pieces.last_mut() {
            // The first piece begins as a point.
            Some(piece) if piece.from == piece.to || [piece.spend_per_step, piece.uncovered_per_step] == step => {
                [piece.spend_per_step, piece.uncovered_per_step] = step;
                value.clone_into(&mut piece.to);
            }
            _ => pieces.push(Piece {
                from: from.to_owned(),
                to: value.to_owned(),
                spend: before[0],
                spend_per_step: step[0],
                uncovered: before[1],
                uncovered_per_step: step[1],
            }),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(ends: [&str; 2], spend: [i128; 2], uncovered: [i128; 2]) -> Piece {
        Piece {
            from: ends[0].to_owned(),
            to: ends[1].to_owned(),
            spend: spend[0],
            spend_per_step: spend[1],
            uncovered: uncovered[0],
            uncovered_per_step: uncovered[1],
        }
    }

    #[test]
    fn pieces_are_as_long_as_both_figures_go_along_lines() {
        let points = [("0", [5, 0]), ("1", [7, 0]), ("2", [9, 0]), ("3", [9, 1]), ("4", [9, 2]), ("5", [20, 2])];
        let expected =
            [piece(["0", "2"], [5, 2], [0, 0]), piece(["2", "4"], [9, 0], [0, 1]), piece(["4", "5"], [9, 11], [2, 0])];
        assert_eq!(pieces(points.into_iter()), expected);
    }

    #[test]
    fn one_value_is_one_piece() {
        assert_eq!(pieces([("7", [5, 1])].into_iter()), [piece(["7", "7"], [5, 0], [1, 0])]);
    }
}
