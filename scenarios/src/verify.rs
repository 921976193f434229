//! The result of a renewal, checked from the scenario file and its estate: the work of `licit verify` for renewals.
//!
//! ```text
//! Scenarios -> [Part] \
//!                      -> [PlanFigures] -> ScenarioFigures -> differences
//! result -> proofs    /   checker          checker        /
//!        -> what it states -------------------------------
//! ```
//!
//! Nothing is solved. Scenarios are made into parts again; of each different part the proof in the result is put through
//! [`checker::plan::certify`], once; the checker sums the plans that it accepts and holds what the result states against
//! the sums. Plans of parts are best together as long as they are within the budget; where they are not, the result has a
//! proof for the case as a whole.
//!
//! *Guaranteed*: what is accepted has, for every scenario, a lawful plan with the figures and lines stated, and no plan is
//! better than its standing says. *Cost*: for each scenario the time to make its parts, for each different part that of
//! the checker. *Cannot*: find a mistake in what renewing and verifying have in common: how scenario files are read, how
//! changes are applied, how cases are split. `marginal` is no part of the proof and is not looked at.

use crate::case::Case;
use crate::parts::Part;
use crate::reading::Scenarios;
use crate::remade::Remade;
use crate::renewal::Head;
use crate::stage::Stage;
use crate::stage::judge::{Outcome, Own, judge};
use checker::claim::{
    PlanFigures, RenewalClaim, ScenarioFigures, TogetherFigures, TogetherScenarioFigures, VerifyError,
};
use checker::plan::Standing;
use checker::plan::stage::Aim;
use checker::violation::{Law, Violation};
use model::estate::Estate;
use model::market::Market;
use model::number::Quantity;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What became of the proof of a part, by its digest; none if it is refused or missing, which has been said.
type Proved = BTreeMap<String, Option<Arc<PlanFigures>>>;

/// Parts with their plans.
type PlannedParts = (Vec<Arc<Part>>, Vec<Arc<PlanFigures>>);

/// Checks the text of a result against its scenarios, and says what the evidence shows of each in the result's order.
///
/// # Errors
/// [`VerifyError::Unreadable`] for a text that is no renewal in JSON with all keys the proof needs,
/// [`VerifyError::Refused`] for one that breaks a law or states what its plans do not come to.
pub fn verify(scenarios: &Scenarios, result: &str) -> Result<Vec<Standing>, VerifyError> {
    let claim = RenewalClaim::read(result)?;
    if let Some(violation) = claim.other_day(scenarios.estate.as_of) {
        return refuse(vec![violation]);
    }
    let positions = positions(scenarios, &claim).map_err(VerifyError::Refused)?;
    let mut checked =
        Checked { scenarios, claim: &claim, proved: Proved::new(), own: Vec::new(), violations: Vec::new() };
    let figures = checked.scenarios(&positions);
    let together = checked.together(&positions);
    let (proved, mut violations) = (checked.proved, checked.violations);
    let needless = claim.digests().filter(|digest| !proved.contains_key(*digest));
    violations.extend(needless.map(|digest| {
        let detail = format!("`evidence.parts` has a proof about `{digest}`, a part of no scenario in the result");
        Violation::new(Law::UnknownReference, detail)
    }));
    if violations.is_empty() {
        let positions: Vec<usize> = positions.iter().map(|&(position, _)| position).collect();
        violations = claim.comparison(&figures, &scenarios.stretches(&positions), &together);
    }
    if violations.is_empty() { Ok(figures.iter().map(ScenarioFigures::standing).collect()) } else { refuse(violations) }
}

fn refuse<T>(violations: Vec<Violation>) -> Result<T, VerifyError> {
    Err(VerifyError::Refused(violations))
}

/// Where the scenarios of a result stand in the file, and whether each was solved as a whole.
fn positions(scenarios: &Scenarios, claim: &RenewalClaim<'_>) -> Result<Vec<(usize, bool)>, Vec<Violation>> {
    let known: BTreeMap<&str, usize> = scenarios.names().enumerate().map(|(position, name)| (name, position)).collect();
    let wholes: BTreeSet<&str> = claim.as_a_whole().collect();
    let (mut positions, mut listed, mut violations) = (Vec::new(), BTreeSet::new(), Vec::new());
    for (index, name) in claim.names().enumerate() {
        match known.get(name) {
            Some(&position) => positions.push((position, wholes.contains(name))),
            None => {
                let detail = format!("`scenarios[{index}].name` is `{name}`, which is no scenario of the file");
                violations.push(Violation::new(Law::UnknownReference, detail));
            }
        }
        if !listed.insert(name) {
            violations.push(Violation::new(Law::Figures, format!("`scenarios[{index}]` is about `{name}` again")));
        }
    }
    let unlisted = claim.as_a_whole().filter(|name| !listed.contains(name));
    violations.extend(unlisted.map(|name| {
        let detail = format!("`evidence.as_a_whole` names `{name}`, which is no scenario of the result");
        Violation::new(Law::UnknownReference, detail)
    }));
    if wholes.len() < claim.as_a_whole().count() {
        let detail = "`evidence.as_a_whole` names a scenario twice";
        violations.push(Violation::new(Law::Figures, detail));
    }
    if violations.is_empty() { Ok(positions) } else { Err(violations) }
}

/// What has been checked of a result so far.
struct Checked<'c, 's> {
    scenarios: &'s Scenarios,
    claim: &'c RenewalClaim<'c>,
    proved: Proved,
    /// Of each scenario that is accepted its parts with their plans.
    own: Vec<PlannedParts>,
    violations: Vec<Violation>,
}

impl Checked<'_, '_> {
    /// What the plans of the scenarios come to; one that is refused is left out.
    fn scenarios(&mut self, positions: &[(usize, bool)]) -> Vec<ScenarioFigures> {
        let mut remade = Remade::new(self.scenarios);
        let mut figures = Vec::with_capacity(positions.len());
        for (index, &(position, is_of_the_whole)) in positions.iter().enumerate() {
            let parts = remade.parts(position);
            let plans = if is_of_the_whole { self.whole(position) } else { self.parts(&parts) };
            let Some(plans) = plans else { continue };
            let head = Head::of(self.scenarios, position, &parts);
            match self.claim.scenario(index, &head.scenario(), &plans) {
                Ok(found) => {
                    figures.push(found);
                    self.own.push((parts, plans));
                }
                Err(violations) => self.violations.extend(violations),
            }
        }
        figures
    }

    /// The plans of the parts of a scenario, if each has one.
    fn parts(&mut self, parts: &[Arc<Part>]) -> Option<Vec<Arc<PlanFigures>>> {
        let mut new: Vec<&Part> = Vec::new();
        for part in parts {
            if !self.proved.contains_key(&part.digest) {
                self.proved.insert(part.digest.clone(), None);
                new.push(part);
            }
        }
        let claim = self.claim;
        let plans: Vec<_> = new.par_iter().map(|part| plan(claim, &part.digest, &part.estate, &part.market)).collect();
        for (part, plan) in new.iter().zip(plans) {
            self.keep(&part.digest, plan);
        }
        parts.iter().map(|part| self.proved[&part.digest].clone()).collect()
    }

    /// The plan of a scenario as a whole, if there is one.
    fn whole(&mut self, position: usize) -> Option<Vec<Arc<PlanFigures>>> {
        let Case { estate, market, .. } = self.scenarios.case(position);
        let digest = market.digest_with(&estate);
        if !self.proved.contains_key(&digest) {
            let plan = plan(self.claim, &digest, &estate, &market);
            self.keep(&digest, plan);
        }
        self.proved[&digest].clone().map(|whole| vec![whole])
    }

    /// What plans for all scenarios together come to; those that are refused are left out.
    fn together(&mut self, positions: &[(usize, bool)]) -> Vec<TogetherFigures> {
        let is_asked = self.scenarios.asks_for_all && positions.len() > 1;
        let is_complete = self.own.len() == positions.len() && !positions.iter().any(|&(_, is_whole)| is_whole);
        if !is_asked || !is_complete {
            let others = if is_complete { self.claim.other_aims(&[]) } else { Vec::new() };
            self.violations.extend(others);
            return Vec::new();
        }
        let own = std::mem::take(&mut self.own);
        let positions: Vec<usize> = positions.iter().map(|&(position, _)| position).collect();
        let parts: Vec<Vec<Arc<Part>>> = own.iter().map(|(parts, _)| parts.clone()).collect();
        let stage = match Stage::of(self.scenarios, &positions, &parts) {
            Ok(stage) => stage,
            Err(what) => {
                self.violations.push(Violation::new(Law::SameFacts, what));
                return Vec::new();
            }
        };
        let aims: Vec<Aim> = stage.aims().collect();
        let others = self.claim.other_aims(&aims);
        if !others.is_empty() {
            self.violations.extend(others);
            return Vec::new();
        }
        let outcomes = |(parts, plans): &PlannedParts| {
            parts.iter().zip(plans).map(|(part, plan)| outcome_of(part, plan)).collect()
        };
        let outcomes: Own = own.iter().map(outcomes).collect();
        let mut found = Vec::new();
        for (index, &aim) in aims.iter().enumerate() {
            match self.judged(index, (&stage, &outcomes, aim)) {
                Ok(figures) => found.push(figures),
                Err(violations) => self.violations.extend(violations),
            }
        }
        found
    }

    /// What a plan for all scenarios together comes to.
    fn judged(
        &mut self,
        index: usize,
        (stage, own, aim): (&Stage, &Own, Aim),
    ) -> Result<TogetherFigures, Vec<Violation>> {
        let claim = self.claim;
        let ids: Vec<&str> = stage.offers.iter().map(|offer| offer.id.as_str()).collect();
        let quantities = claim.quantities(index, &ids)?;
        let mut proofs = Vec::new();
        for (position, block) in stage.blocks(aim).iter().enumerate() {
            let offers: Vec<&str> = block.offers.iter().map(|&offer| ids[offer]).collect();
            let cases: Vec<&str> =
                block.cases.iter().map(|case| stage.scenarios[case.scenarios[0]].0.as_str()).collect();
            proofs.push(claim.proof(index, position, &offers, &cases)?);
        }
        if claim.block_count(index) > proofs.len() {
            let detail = format!("`evidence.together[{index}].blocks` has more proofs than there are blocks of parts");
            return Err(vec![Violation::new(Law::Bound, detail)]);
        }
        let judged = judge::<Vec<Violation>>((stage, own, aim), &quantities, &proofs, &mut |part| {
            if !self.proved.contains_key(&part.digest) {
                let plan = plan(claim, &part.digest, &part.estate, &part.market);
                self.keep(&part.digest, plan);
            }
            // What is refused has been said.
            let plan = self.proved[&part.digest].as_ref().ok_or_else(Vec::new)?;
            Ok(outcome_of(&part, plan))
        })?;
        let line = |(offer, quantity, cost): (usize, Quantity, i128)| (ids[offer].to_owned(), quantity, cost);
        let had = stage.offers.iter().zip(&quantities).filter(|(_, quantity)| !quantity.is_zero());
        let scenarios = stage.scenarios.iter().zip(judged.scenarios);
        Ok(TogetherFigures {
            aim,
            value: judged.value,
            bound: judged.bound,
            weight: stage.scenarios.iter().map(|(_, weight)| weight).sum(),
            paid: judged.paid,
            offers: had.map(|(offer, &units)| (offer.id.clone(), units, offer.terms.cost(units))).collect(),
            scenarios: scenarios
                .map(|((name, weight), row)| TogetherScenarioFigures {
                    name: name.clone(),
                    weight: stage.is_weighed.then_some(*weight),
                    cost: row.cost,
                    regret: row.regret,
                    later: row.later.into_iter().map(line).collect(),
                })
                .collect(),
            currency: self.scenarios.estate.currency,
        })
    }

    fn keep(&mut self, digest: &str, plan: Result<PlanFigures, Vec<Violation>>) {
        let plan = plan.map_err(|violations| self.violations.extend(violations)).ok();
        self.proved.insert(digest.to_owned(), plan.map(Arc::new));
    }
}

/// What the plan of a part comes to.
fn outcome_of(part: &Part, plan: &PlanFigures) -> Outcome {
    let (had, bound) = plan.up_to_spend(&part.market);
    let quantities = plan.quantities().map(|(offer, quantity)| (offer.to_owned(), quantity)).collect();
    Outcome { had, bound, quantities }
}

/// What the plan of a part comes to that the result proves.
fn plan(
    claim: &RenewalClaim<'_>,
    digest: &str,
    estate: &Estate,
    market: &Market,
) -> Result<PlanFigures, Vec<Violation>> {
    claim.certify(digest, estate, market).unwrap_or_else(|| Err(vec![missing(estate)]))
}

/// The result has no proof of a part: it is for other facts, or was cut.
fn missing(estate: &Estate) -> Violation {
    let first = estate.titles.iter().next().map_or("", |title| title.id.as_str());
    let others = estate.titles.len().saturating_sub(1);
    let titles = match others {
        0 => format!("`{first}`"),
        1 => format!("`{first}` and another title"),
        others => format!("`{first}` and {others} other titles"),
    };
    Violation::new(Law::SameFacts, format!("the result has no proof for the facts of {titles}"))
}
