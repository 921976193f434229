//! The one door through which a plan becomes reportable.

use super::{Certificate, Order, Plan, after, bound, weights_of};
use crate::allocation::Allocation;
use crate::facts::Facts;
use crate::figures::{Figures, Objective};
use crate::violation::{Law, Violation};
use crate::{count, paths};
use model::estate::Estate;
use model::market::Market;
use model::number::{Money, Quantity, money_text};
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
    order: Order,
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

impl Standing {
    /// The word in results.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Optimal => "optimal",
            Self::Proved(_) => "proved",
        }
    }
}

impl Gap {
    /// By how much a better plan may be better at most; more than 0.
    #[must_use]
    pub const fn size(self) -> i128 {
        self.objective - self.bound
    }
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

    /// The order in which the market compares levels.
    #[must_use]
    pub const fn order(&self) -> Order {
        self.order
    }

    /// What no plan within the budget is below, in the order of the market. At the levels after that of a gap it says
    /// nothing.
    #[must_use]
    pub fn bound(&self) -> Objective {
        let mut bound = self.order.of_levels(&self.objective);
        if let Standing::Proved(gap) = self.standing {
            bound[self.order.position(gap.level)] = gap.bound;
        }
        bound
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
    let figures = {
        let facts = Facts::derive(&after);
        count::figures(&facts, &paths::check(&facts, &allocation)?)
    };
    let objective = objective(market, &plan, &figures);
    let violations = budget_violations(market, &objective);
    if !violations.is_empty() {
        return Err(violations);
    }
    let standing = bound::standing(&Facts::derive(estate), market, &plan, &objective, &certificate)?;
    let order = Order::of(weights_of(market));
    Ok(CertifiedPlan { estate: after, plan, allocation, certificate, figures, objective, order, standing })
}

/// The value of a plan at each level: that of the position it comes to, with what is paid and bought.
fn objective(market: &Market, plan: &Plan, figures: &Figures) -> Objective {
    let mut objective = figures.objective;
    let times = |quantity: Quantity, cost: Money| i128::from(quantity.get()) * i128::from(cost.units());
    let offers = plan.quantities.enumerate();
    let mut paid: i128 = offers.map(|(offer, &quantity)| market.offers[offer].terms.cost(quantity)).sum();
    paid += plan.reclaimed.iter().map(|&(key, quantity)| times(quantity, key.cost)).sum::<i128>();
    for &(demand, to, quantity) in &plan.reinstalled {
        let reinstall = market.reinstalls_of(demand.version).iter().find(|reinstall| reinstall.to == to);
        paid += times(quantity, reinstall.expect("a lawful plan puts in place what the market has").cost);
    }
    if market.transfers_are_paid {
        paid += std::mem::take(&mut objective[Level::TransferCost.index()]);
    }
    objective[Level::Spend.index()] = paid;
    objective[Level::UnitsBought.index()] = plan.quantities.iter().copied().sum::<Quantity>().get().into();
    objective
}

fn budget_violations(market: &Market, objective: &Objective) -> Vec<Violation> {
    let paid = objective[Level::Spend.index()];
    let exceeded = market.budget.filter(|budget| paid > budget.units().into());
    let words = |budget: Money| {
        let (paid, budget) = (money_text(paid, 0), money_text(budget.units().into(), 0));
        Violation::new(Law::Budget, format!("{paid} is paid, the budget is {budget}"))
    };
    exceeded.map(words).into_iter().collect()
}
