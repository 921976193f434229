//! The one door through which an answer becomes reportable.

use crate::allocation::Allocation;
use crate::evidence::{Evidence, Gap, Standing};
use crate::facts::Facts;
use crate::figures::{Figures, Objective};
use crate::mixed::Mixed;
use crate::violation::{Law, Violation};
use crate::{count, paths, proof};
use model::estate::Estate;
use model::objective::Level;

/// An answer that passed every law. Only [`certify`] makes one.
#[derive(Clone, Debug)]
pub struct Certified<'e> {
    estate: &'e Estate,
    allocation: Allocation,
    evidence: Evidence,
    figures: Figures,
    standing: Standing,
    gaps: Vec<Gap>,
}

impl<'e> Certified<'e> {
    /// The estate the answer is for.
    #[must_use]
    pub const fn estate(&self) -> &'e Estate {
        self.estate
    }

    /// Who uses what.
    #[must_use]
    pub const fn allocation(&self) -> &Allocation {
        &self.allocation
    }

    /// Why that is right.
    #[must_use]
    pub const fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// What it comes to.
    #[must_use]
    pub const fn figures(&self) -> &Figures {
        &self.figures
    }

    /// What the evidence shows.
    #[must_use]
    pub const fn standing(&self) -> Standing {
        self.standing
    }

    /// The levels at which the cost is above what is proved, in their order; before the first it is least.
    #[must_use]
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }
}

/// Accepts an allocation with its evidence, or says which laws are broken.
///
/// A bound below the objective is accepted where the estate may be no network: where entitlements that
/// differ in where they may be used reach one upgrade license.
///
/// # Errors
/// Every broken law that was found; never empty.
pub fn certify(estate: &Estate, allocation: Allocation, evidence: Evidence) -> Result<Certified<'_>, Vec<Violation>> {
    let facts = Facts::derive(estate);
    let figures = count::figures(&facts, &paths::check(&facts, &allocation)?);
    let bound = proof::check(&facts, &evidence, &figures)?;
    let (standing, gaps) = standing(&facts, &bound, &figures.objective).map_err(|violation| vec![violation])?;
    Ok(Certified { estate, allocation, evidence, figures, standing, gaps })
}

/// What a bound shows about the objective of a position.
fn standing(facts: &Facts<'_>, bound: &Objective, objective: &Objective) -> Result<(Standing, Vec<Gap>), Violation> {
    if bound == objective {
        return Ok((Standing::Optimal, Vec::new()));
    }
    if bound > objective || !Mixed::of(facts).is_anywhere() {
        let what = format!("the prices bound {bound:?}, the objective is {objective:?}");
        return Err(Violation::new(Law::Bound, what));
    }
    Ok((Standing::Proved, gaps(bound, objective)))
}

/// Where an objective is above its bound: from the first level at which the two differ the bound says
/// nothing, and no level is below zero.
fn gaps(bound: &Objective, objective: &Objective) -> Vec<Gap> {
    let first = bound.iter().zip(objective).take_while(|(bound, cost)| bound == cost).count();
    let least = |level: Level| if level.index() == first { bound[first].max(0) } else { 0 };
    let gap = |level: Level| Gap { level, bound: least(level), gap: objective[level.index()] - least(level) };
    Level::ALL.into_iter().skip(first).map(gap).filter(|gap| gap.gap > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_the_first_gap_on_only_zero_bounds() {
        let found = gaps(&[0, 0, 2, -5, 9, 0, 0, 0, 7], &[0, 0, 3, 0, 0, 1, 0, 0, 9]);
        let found: Vec<_> = found.iter().map(|gap| (gap.level, gap.bound, gap.gap)).collect();
        assert_eq!(found, [(Level::Uncovered, 2, 1), (Level::SetAside, 0, 1), (Level::Flexibility, 0, 9)]);
    }

    #[test]
    fn nothing_is_below_zero_so_zero_needs_no_bound() {
        assert_eq!(gaps(&[0, 0, -1, 9, 0, 0, 0, 0, 0], &[0; 9]), []);
    }
}
