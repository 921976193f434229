//! Quantities of many rows: their sum, and those that look like "as many as you like".

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::findings::Findings;
use crate::limits;
use crate::number::Quantity;

/// Quantities that stand for infinity in other programs.
const SENTINELS: [u64; 3] = [9_999, 99_999, 999_999];
/// Rows that are named where a sum is too large.
const LARGEST_NAMED: usize = 3;

/// A sum of quantities and the rows that matter most in it.
#[derive(Debug, Default)]
pub(crate) struct Total {
    units: u64,
    /// Largest first, at most [`LARGEST_NAMED`].
    largest: Vec<(Quantity, Place)>,
    /// For each of [`SENTINELS`], how many rows have it, and the first of them.
    sentinels: [Option<(u64, Place)>; SENTINELS.len()],
}

impl Total {
    /// Adds a row; 10^8 rows of at most 10^9 stay within 64 bits.
    pub(crate) fn add(&mut self, quantity: Quantity, place: Place) {
        self.units = self.units.saturating_add(quantity.get());
        if let Some(index) = SENTINELS.iter().position(|&sentinel| sentinel == quantity.get()) {
            self.sentinels[index].get_or_insert((0, place)).0 += 1;
        }
        if self.largest.len() == LARGEST_NAMED && self.largest[LARGEST_NAMED - 1].0 >= quantity {
            return;
        }
        let position = self.largest.partition_point(|&(other, _)| other >= quantity);
        self.largest.insert(position, (quantity, place));
        self.largest.truncate(LARGEST_NAMED);
    }

    /// Reports a sum beyond the limit at its largest row.
    pub(crate) fn check(&self, section: &str, findings: &mut Findings) {
        let limit = limits::QUANTITY_TOTAL_MAX;
        if self.units <= limit {
            return;
        }
        let [(quantity, place), others @ ..] = self.largest.as_slice() else { return };
        let message = format!(
            "the {section} add up to {} units; expected at most {limit}; the largest row has {quantity}",
            self.units
        );
        let mut diagnostic = Diagnostic::new(Code::RangeTotal, *place, message)
            .with_help("look at the largest rows first; such sums are mistyped or in another unit");
        for (quantity, place) in others {
            diagnostic = diagnostic.with_related(*place, format!("{quantity} units stand here"));
        }
        findings.push(diagnostic);
    }

    /// Warns of quantities that stand for infinity in other programs, each at its first row; `instead` says how
    /// that is written here.
    pub(crate) fn warn_of_sentinels(&self, instead: &str, findings: &mut Findings) {
        for (quantity, found) in SENTINELS.iter().zip(self.sentinels) {
            let Some((count, place)) = found else { continue };
            let rows = if count == 1 { String::new() } else { format!(", in {count} rows") };
            findings.push(
                Diagnostic::new(
                    Code::Sentinel,
                    place,
                    format!("the quantity {quantity} looks like a stand-in for a number nobody knew{rows}"),
                )
                .with_help(format!("write {instead} if that is meant; it counts as {quantity} units")),
            );
        }
    }
}
