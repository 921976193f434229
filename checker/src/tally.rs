//! The figures of an allocation that nobody claims to be best.

use crate::allocation::Allocation;
use crate::facts::Facts;
use crate::figures::Figures;
use crate::violation::Violation;
use crate::{count, paths};
use model::estate::Estate;

/// Checks that an allocation is lawful and counts its figures. That it is lawful says nothing about
/// whether another one is better: what comes out is no [`Certified`](crate::Certified).
///
/// # Errors
/// Every broken law that was found; never empty.
pub fn tally(estate: &Estate, allocation: &Allocation) -> Result<Figures, Vec<Violation>> {
    let facts = Facts::derive(estate);
    Ok(count::figures(&facts, &paths::check(&facts, allocation)?))
}
