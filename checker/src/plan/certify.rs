//! The one door through which a plan becomes reportable.

use super::{Certificate, Order, Plan, after};
use crate::allocation::Allocation;
use crate::facts::Facts;
use crate::figures::{Figures, Objective};
use crate::violation::{Law, Violation};
use crate::{count, paths};
use model::estate::Estate;
use model::market::Market;
use model::objective::Level;

/// A plan that passed every law. Only [`certify`] makes one.
#[derive(Clone, Debug)]
pub struct CertifiedPlan {
    estate: Estate,
    plan: Plan,
    allocation: Allocation,
    certificate: Certificate,
    figures: Figures,
    objective: Objective,
    bound: Objective,
    standing: Standing,
}

/// What a certificate shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// No plan is better at any level.
    Optimal,
    /// No plan is better by more than the gap.
    Proved(Gap),
}

/// The first level at which a better plan is not excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The level; spend where weighed levels add to it is that sum.
    pub level: Level,
    /// What the plan comes to there.
    pub objective: i128,
    /// What no plan that is as good at the levels before can come below.
    pub bound: i128,
}

impl CertifiedPlan {
    /// The estate after the plan.
    #[must_use]
    pub const fn estate(&self) -> &Estate {
        &self.estate
    }

    /// What to buy, renew and do.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Who uses what after it.
    #[must_use]
    pub const fn allocation(&self) -> &Allocation {
        &self.allocation
    }

    /// Why no plan is better.
    #[must_use]
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The position of the estate after the plan, in numbers. Its objective knows no money spent.
    #[must_use]
    pub const fn figures(&self) -> &Figures {
        &self.figures
    }

    /// The value of the plan at each level, in their standing order. What is spent is what is paid, without the
    /// price of a shortage.
    #[must_use]
    pub const fn objective(&self) -> &Objective {
        &self.objective
    }

    /// The order in which [`Self::bound`] compares levels.
    #[must_use]
    pub fn order(&self) -> Order {
        Order::of(self.certificate.weights)
    }

    /// What no plan within the budget is below, in the order of the certificate.
    #[must_use]
    pub const fn bound(&self) -> &Objective {
        &self.bound
    }

    /// What the certificate shows.
    #[must_use]
    pub const fn standing(&self) -> Standing {
        self.standing
    }
}

/// Accepts a plan with the position it comes to and what bounds every plan, or says which laws are broken. The
/// allocation is one of the estate after the plan, the certificate is about the estate before it.
///
/// # Errors
/// Every broken law that was found; never empty.
pub fn certify(
    estate: &Estate,
    market: &Market,
    plan: Plan,
    allocation: Allocation,
    certificate: Certificate,
) -> Result<CertifiedPlan, Vec<Violation>> {
    let after = after(estate, market, &plan)?;
    let facts = Facts::derive(&after);
    let demands = paths::check(&facts, &allocation)?;
    let figures = count::figures(&facts, &allocation, &demands);
    drop((plan, allocation, figures, certificate));
    Err(vec![Violation::new(Law::Bound, "plans cannot be bounded yet")])
}
