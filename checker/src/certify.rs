//! The one door through which an answer becomes reportable.

use crate::allocation::Allocation;
use crate::evidence::{Evidence, Standing};
use crate::facts::Facts;
use crate::figures::Figures;
use crate::violation::Violation;
use crate::{count, paths, proof};
use model::estate::Estate;

/// An answer that passed every law. Only [`certify`] makes one.
#[derive(Clone, Debug)]
pub struct Certified<'e> {
    estate: &'e Estate,
    allocation: Allocation,
    evidence: Evidence,
    figures: Figures,
    standing: Standing,
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
}

/// Accepts an allocation with its evidence, or says which laws are broken.
///
/// # Errors
/// Every broken law that was found; never empty.
pub fn certify(estate: &Estate, allocation: Allocation, evidence: Evidence) -> Result<Certified<'_>, Vec<Violation>> {
    let facts = Facts::derive(estate);
    let figures = count::figures(&facts, &paths::check(&facts, &allocation)?);
    let violations = proof::check(&facts, &evidence, &figures);
    if !violations.is_empty() {
        return Err(violations);
    }
    Ok(Certified { estate, allocation, evidence, figures, standing: Standing::Optimal })
}
