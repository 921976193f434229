//! What to buy at renewal: the answer for each scenario, put together from the plans of its parts.
//!
//! Each part is solved and certified alone, and once for all scenarios that share its facts: a part is known by its
//! digest. Only where the plans of the parts together exceed a budget is the case solved as a whole. Answers are put
//! together in the order of scenarios and parts, so that threads and the order of scenarios leave no trace.
//!
//! *Guaranteed*: every figure comes from a plan that the checker has accepted, in this process or in the one that gave it
//! to a [`PlanStore`]. *Cost*: for each scenario the time to make its parts, and to solve those that no scenario before it
//! had. *Memory*: the lines of the plans of different parts, up to a bound.

mod comparison;
mod curve;
mod lines;
mod packed;
mod plans;
mod together;

pub(crate) use plans::message_of;

pub use comparison::{Common, Comparison, Had, compare, compare_of};
pub use curve::{Curve, Piece};
pub use lines::{
    Extension, Idle, IdleReason, Lapse, Marginal, Place, Purchase, Reclaimed, Reinstalled, Served, Transferred,
};
pub use plans::{PlanStore, Stored};
pub use together::{Had as HadBefore, Later, Together, TogetherScenario};

use crate::case::Case;
use crate::parts::Part;
use crate::reading::Scenarios;
use crate::remade::Remade;
use checker::figures::{Objective, Totals};
use checker::plan::{CertifiedPlan, Gap, Order, Standing, weights_of};
use lines::Lines;
use model::Date;
use model::estate::{Currency, Estate, License, find};
use model::id::{LicenseId, Table};
use model::market::Market;
use model::number::{Money, Quantity};
use model::objective::{LEVELS, Level};
use plans::Plans;
use solver::SolveError;
use solver::market::{Answer, Change, Marginals};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The answer for one scenario.
#[derive(Clone, Debug)]
pub struct Renewal {
    name: String,
    as_of: Date,
    currency: Option<Currency>,
    objective: Objective,
    bound: Objective,
    order: Order,
    totals: Totals,
    budget: Option<Money>,
    shortage_cost: Option<Money>,
    transfers_are_paid: bool,
    has_several_scopes: bool,
    lapse: Vec<Lapse>,
    is_of_the_whole: bool,
    parts: Vec<Arc<PartPlan>>,
}

/// What is kept of the plan of a part.
#[derive(Clone, Debug)]
struct PartPlan {
    objective: Objective,
    /// In the order of the market.
    bound: Objective,
    totals: Totals,
    lines: Lines,
    /// None where it was not asked for.
    proof: Option<Proof>,
}

/// Why a plan is right, for others to check.
#[derive(Clone, Debug)]
struct Proof {
    /// Of the estate and the market that the plan is for.
    digest: String,
    /// As it stands in a result.
    evidence: String,
}

/// Writes down the plan, the allocation and the certificate of a plan, as they stand in a result.
pub type WriteEvidence = fn(&CertifiedPlan, &Market) -> String;

/// Solves scenarios, one after the other, and keeps the plans of parts by digest.
///
/// A clone shares the plans, so that several threads can solve scenarios of one file; each must have a thread pool of
/// its own.
#[derive(Clone)]
pub struct Solved<'s> {
    scenarios: &'s Scenarios,
    remade: Remade<'s>,
    plans: Arc<Plans<'s>>,
    wanted: Wanted,
}

/// What is wanted beside the plans.
#[derive(Clone, Copy)]
struct Wanted {
    /// What one unit more would change, which often takes longer than the plan and says most of what there is to say.
    marginals: bool,
    /// Whether and how evidence is kept.
    evidence: Option<WriteEvidence>,
}

impl Wanted {
    fn answer(self, estate: &Estate, market: &Market) -> Result<Answer, SolveError> {
        if self.marginals {
            return solver::market::answer(estate, market);
        }
        let certified = solver::market::plan(estate, market)?;
        Ok(Answer { certified, marginals: Marginals::default() })
    }
}

/// What a scenario says beside its parts.
pub(crate) struct Head {
    name: String,
    as_of: Date,
    currency: Option<Currency>,
    market: Market,
    has_several_scopes: bool,
    /// Licenses that may be renewed, by offer, with the units they had.
    renewable: Vec<(String, Quantity)>,
}

impl<'s> Solved<'s> {
    /// Splits the estate of the scenarios; nothing is solved yet.
    #[must_use]
    pub fn new(scenarios: &'s Scenarios) -> Self {
        let wanted = Wanted { marginals: true, evidence: None };
        Self { scenarios, remade: Remade::new(scenarios), plans: Arc::new(Plans::new(None)), wanted }
    }

    /// The same without what one unit more would change, and with plans that a store has from before; it gets those that
    /// are found.
    #[must_use]
    pub fn with_store(scenarios: &'s Scenarios, store: &'s dyn PlanStore) -> Self {
        let wanted = Wanted { marginals: false, evidence: None };
        Self { plans: Arc::new(Plans::new(Some(store))), wanted, ..Self::new(scenarios) }
    }

    /// The same, so that answers keep their evidence: its bytes, once for each different part.
    #[must_use]
    pub fn with_evidence(scenarios: &'s Scenarios, write: WriteEvidence) -> Self {
        Self { wanted: Wanted { marginals: true, evidence: Some(write) }, ..Self::new(scenarios) }
    }

    /// The answer for a scenario; its parts are solved on all threads of the pool, those known are not solved again.
    ///
    /// # Errors
    /// Of the first part, in their order, that has no answer.
    ///
    /// # Panics
    /// As solving one of its parts did, for this scenario or another.
    pub fn renew(&mut self, position: usize) -> Result<Renewal, SolveError> {
        let own = self.remade.parts(position);
        let plans = self.plans.of(&own, self.wanted)?;
        let head = Head::of(self.scenarios, position, &own);
        if head.is_in_budget(&plans) {
            return Ok(Renewal::of(head, plans));
        }
        let Case { estate, market, .. } = self.scenarios.case(position);
        let answer = self.wanted.answer(&estate, &market)?;
        let whole = PartPlan::of(&answer, &market, || market.digest_with(&estate), self.wanted.evidence);
        Ok(Renewal::of_the_whole(head, whole))
    }

    /// Parts that were asked for, and parts that were solved for that.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        self.plans.counts()
    }
}

impl Head {
    /// Of a scenario, by its position, with its parts.
    pub(crate) fn of(scenarios: &Scenarios, position: usize, parts: &[Arc<Part>]) -> Self {
        let scenario = &scenarios.all[position];
        let deal = &scenarios.deals[scenario.deal];
        // Every part has all scopes, as they are after the changes.
        let estate = parts.first().map_or(&scenarios.estate, |part| &part.estate);
        Self {
            name: scenario.name.clone(),
            as_of: estate.as_of,
            currency: estate.currency,
            market: Market {
                transfers_are_paid: deal.transfers_are_paid,
                budget: deal.budget,
                shortage_cost: deal.shortage_cost,
                ..Market::default()
            },
            has_several_scopes: estate.scopes.len() > 1,
            renewable: renewable(&scenarios.estate.licenses, parts),
        }
    }

    /// The same for the checker.
    pub(crate) fn scenario(&self) -> checker::claim::Scenario<'_> {
        checker::claim::Scenario {
            name: &self.name,
            as_of: self.as_of,
            currency: self.currency,
            market: &self.market,
            renewable: &self.renewable,
        }
    }

    /// Whether the plans of parts come to no more than may be paid together.
    fn is_in_budget(&self, plans: &[Arc<PartPlan>]) -> bool {
        let paid = |plan: &Arc<PartPlan>| plan.objective[Level::Spend.index()];
        self.market.budget.is_none_or(|budget| plans.iter().map(paid).sum::<i128>() <= budget.units().into())
    }
}

/// The licenses that may be renewed, of those that are owned, in the order of the offers' ids.
fn renewable(owned: &Table<LicenseId, License>, parts: &[Arc<Part>]) -> Vec<(String, Quantity)> {
    let mut found: Vec<(&str, &str, Quantity)> = Vec::new();
    for part in parts {
        for offer in part.market.offers.iter().filter(|offer| offer.is_renewal) {
            let license = &part.estate.licenses[offer.lot].id;
            let units = find(owned, license, |row| &row.id).and_then(|id| owned[id].quantity);
            found.extend(units.map(|units| (offer.id.as_str(), license.as_str(), units)));
        }
    }
    found.sort_unstable();
    found.into_iter().map(|(_, license, units)| (license.to_owned(), units)).collect()
}

impl PartPlan {
    fn of(answer: &Answer, market: &Market, digest: impl Fn() -> String, evidence: Option<WriteEvidence>) -> Self {
        let plan = &answer.certified;
        Self {
            objective: *plan.objective(),
            bound: plan.bound(),
            totals: plan.figures().totals,
            lines: Lines::of(plan, &answer.marginals, market),
            proof: evidence.map(|write| Proof { digest: digest(), evidence: write(plan, market) }),
        }
    }
}

impl Renewal {
    /// From a plan of the case as a whole.
    fn of_the_whole(head: Head, whole: PartPlan) -> Self {
        Self { is_of_the_whole: true, ..Self::of(head, vec![Arc::new(whole)]) }
    }

    /// From the plans of all parts.
    fn of(head: Head, parts: Vec<Arc<PartPlan>>) -> Self {
        let sum = |figure: fn(&PartPlan) -> &Objective| -> Objective {
            let mut sum = [0; LEVELS];
            for part in &parts {
                for (sum, level) in sum.iter_mut().zip(figure(part)) {
                    *sum += level;
                }
            }
            sum
        };
        Self {
            name: head.name,
            as_of: head.as_of,
            currency: head.currency,
            objective: sum(|part| &part.objective),
            bound: sum(|part| &part.bound),
            order: Order::of(weights_of(&head.market)),
            totals: parts.iter().fold(Totals::default(), |sum, part| added(sum, part.totals)),
            budget: head.market.budget,
            shortage_cost: head.market.shortage_cost,
            transfers_are_paid: head.market.transfers_are_paid,
            has_several_scopes: head.has_several_scopes,
            lapse: lapsed(&head.renewable, &parts),
            is_of_the_whole: false,
            parts,
        }
    }

    /// The scenario, with the values of the sweep.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The day after renewal.
    #[must_use]
    pub const fn as_of(&self) -> Date {
        self.as_of
    }

    /// The currency of all money.
    #[must_use]
    pub const fn currency(&self) -> Option<Currency> {
        self.currency
    }

    /// The value of the plan at each level, in their standing order.
    #[must_use]
    pub const fn objective(&self) -> &Objective {
        &self.objective
    }

    /// Installs, demand and units after the plan.
    #[must_use]
    pub const fn totals(&self) -> Totals {
        self.totals
    }

    /// What is paid, in 10^-4.
    #[must_use]
    pub const fn spend(&self) -> i128 {
        self.objective[Level::Spend.index()]
    }

    /// The most that may be paid.
    #[must_use]
    pub const fn budget(&self) -> Option<Money> {
        self.budget
    }

    /// What an uncovered install costs, where shortage has a price; no part of what is paid.
    #[must_use]
    pub const fn shortage_cost(&self) -> Option<Money> {
        self.shortage_cost
    }

    /// What all that is uncovered costs, where shortage has a price.
    #[must_use]
    pub fn shortage_total(&self) -> Option<i128> {
        let uncovered = self.objective[Level::Uncovered.index()];
        self.shortage_cost.map(|cost| i128::from(cost.units()) * uncovered)
    }

    /// Whether there is more than one place to tell apart.
    #[must_use]
    pub const fn has_several_scopes(&self) -> bool {
        self.has_several_scopes
    }

    /// Whether the cost of transfers is part of what is paid.
    #[must_use]
    pub const fn transfers_are_paid(&self) -> bool {
        self.transfers_are_paid
    }

    /// What the certificates show together: optimal if each is, else the first level at which the sum of the bounds
    /// lies below the plan.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let ordered = self.order.of_levels(&self.objective);
        let position = ordered.iter().zip(&self.bound).position(|(had, bound)| had != bound);
        position.map_or(Standing::Optimal, |position| {
            let (objective, bound) = (ordered[position], self.bound[position]);
            Standing::Proved(Gap { level: self.order.level(position), objective, bound })
        })
    }

    /// What is bought, in the order of parts and offers.
    pub fn buy(&self) -> impl Iterator<Item = &Purchase> {
        self.parts.iter().flat_map(|part| &part.lines.buy)
    }

    /// What is renewed.
    pub fn renew(&self) -> impl Iterator<Item = &Extension> {
        self.parts.iter().flat_map(|part| &part.lines.renew)
    }

    /// Units of licenses with an offer to renew them that are not renewed, in the order of offers.
    pub fn lapse(&self) -> impl Iterator<Item = &Lapse> {
        self.lapse.iter()
    }

    /// Units used where a transfer brings them.
    pub fn transfer(&self) -> impl Iterator<Item = &Transferred> {
        self.parts.iter().flat_map(|part| &part.lines.transfer)
    }

    /// What is uninstalled.
    pub fn reclaim(&self) -> impl Iterator<Item = &Reclaimed> {
        self.parts.iter().flat_map(|part| &part.lines.reclaim)
    }

    /// What is replaced.
    pub fn reinstall(&self) -> impl Iterator<Item = &Reinstalled> {
        self.parts.iter().flat_map(|part| &part.lines.reinstall)
    }

    /// What one more install would cost, and what one more unit of a license would save, as far as the budget reaches.
    /// What the rest of it does not pay for, and what was not proved, is left out.
    pub fn marginal(&self) -> impl Iterator<Item = (&Marginal, Change)> {
        let left = self.budget.map(|budget| i128::from(budget.units()) - self.spend());
        let lines = self.parts.iter().flat_map(|part| &part.lines.marginal);
        lines.filter_map(move |line| Some((line, affordable(line.change(), left)?)))
    }

    /// Whether the case was solved as a whole, since the plans of its parts exceed the budget together.
    #[must_use]
    pub const fn is_of_the_whole(&self) -> bool {
        self.is_of_the_whole
    }

    /// The digest of each part and the evidence that its plan is right, where it was asked for.
    pub fn evidence(&self) -> impl Iterator<Item = (&str, &str)> {
        let proofs = self.parts.iter().filter_map(|part| part.proof.as_ref());
        proofs.map(|proof| (proof.digest.as_str(), proof.evidence.as_str()))
    }

    /// What stays without an entitlement, by version and place.
    pub fn uncovered(&self) -> impl Iterator<Item = &Served> {
        self.parts.iter().flat_map(|part| &part.lines.uncovered)
    }
}

/// A change that the rest of a budget pays for, for as many units as it does; none if not even for one.
///
/// Plans of parts know no budget. Where they fit into it together, so does the best plan with units that it still pays
/// for; with more, the best plan may be another.
fn affordable(change: Change, left: Option<i128>) -> Option<Change> {
    let Some(left) = left.filter(|_| change.paid > 0) else { return Some(change) };
    let units = Quantity::new(u64::try_from(left / change.paid).unwrap_or(u64::MAX));
    let holds_for = Some(change.holds_for.map_or(units, |holds_for| holds_for.min(units)));
    (!units.is_zero()).then_some(Change { holds_for, ..change })
}

/// Of each license that could be renewed the units that are not. Packs and a `max` may keep some from being offered,
/// so that the estate before all changes, which no change gives other quantities, says how many there are.
fn lapsed(renewable: &[(String, Quantity)], parts: &[Arc<PartPlan>]) -> Vec<Lapse> {
    let extensions = parts.iter().flat_map(|part| &part.lines.renew);
    let renewed: BTreeMap<&str, Quantity> = extensions.map(|line| (line.license.as_str(), line.quantity)).collect();
    let left = |(license, owned): &(String, Quantity)| {
        let quantity = *owned - renewed.get(license.as_str()).copied().unwrap_or_default();
        (!quantity.is_zero()).then(|| Lapse { license: license.clone(), quantity })
    };
    renewable.iter().filter_map(left).collect()
}

fn added(one: Totals, other: Totals) -> Totals {
    Totals {
        installed: one.installed + other.installed,
        demand: one.demand + other.demand,
        covered: one.covered + other.covered,
        uncovered: one.uncovered + other.uncovered,
        owned: one.owned + other.owned,
        active: one.active + other.active,
        used: one.used + other.used,
        idle: one.idle + other.idle,
        unusable: one.unusable + other.unusable,
    }
}
