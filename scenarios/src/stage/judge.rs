//! What a plan made before comes to in each scenario, and what no such plan is below: the door through which it becomes
//! reportable, for those who look for it and for those who check a result.
//!
//! Nothing is solved: what parts come to is asked of whoever has plans for them that the checker has accepted. The bounds
//! are those of [`checker::plan::stage`].

use super::{Block, Stage, Variant};
use crate::parts::Part;
use checker::plan::stage::{self, Aim, StageCase, StageNode, UpToSpend};
use checker::violation::{Law, Violation};
use model::number::{Money, Quantity};
use std::collections::BTreeMap;

/// What the plan of a part comes to.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) had: UpToSpend,
    /// What no plan is below; none where that is not known up to spend.
    pub(crate) bound: Option<UpToSpend>,
    /// Units by offer.
    pub(crate) quantities: BTreeMap<String, Quantity>,
}

/// What a plan made before comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Judged {
    /// What is to be least.
    pub(crate) value: i128,
    /// What no plan is below.
    pub(crate) bound: i128,
    /// What is paid before.
    pub(crate) paid: i128,
    /// By scenario.
    pub(crate) scenarios: Vec<JudgedScenario>,
}

/// What a plan made before comes to in a scenario.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct JudgedScenario {
    /// What is paid before and later, with the price of what is uncovered where it has one.
    pub(crate) cost: i128,
    /// How much of it would have been saved by the scenario's own plan.
    pub(crate) regret: i128,
    /// What is bought later: offer, units, cost.
    pub(crate) later: Vec<(usize, Quantity, i128)>,
}

/// What a plan made before comes to in the cases of a block.
pub(crate) struct BlockOutcome {
    /// By case.
    pub(crate) costs: Vec<i128>,
    later: Vec<Vec<(usize, Quantity, i128)>>,
}

/// Says what a part comes to, or what is wrong.
pub(crate) type Plans<'p, E> = dyn FnMut(Part) -> Result<Outcome, E> + 'p;
/// What the scenarios' own plans come to, by scenario and part.
pub(crate) type Own = Vec<Vec<Outcome>>;

/// Judges a plan by what its parts come to, and by a proof for each block.
pub(crate) fn judge<E: From<Vec<Violation>>>(
    (stage, own, aim): (&Stage, &Own, Aim),
    quantities: &[Quantity],
    proofs: &[Vec<StageNode>],
    plans: &mut Plans<'_, E>,
) -> Result<Judged, E> {
    let blocks = stage.blocks(aim);
    if blocks.len() != proofs.len() {
        return Err(refused(Law::Bound, "there is not one proof for each block of parts").into());
    }
    let paid = stage.offers.iter().zip(quantities).map(|(offer, &quantity)| offer.terms.cost(quantity)).sum();
    let mut judged = Judged { value: 0, bound: 0, paid, scenarios: vec![JudgedScenario::default(); own.len()] };
    for part in stage.beside() {
        judged.add_beside(part, (stage, own, aim));
    }
    for (block, proof) in blocks.iter().zip(proofs) {
        let outcome = outcome(stage, block, own, quantities, plans)?;
        let cases = cases(block, own);
        let decided = decided(stage, block, &cases, aim);
        let mut failed = None;
        let bound = decided.bound(proof, |case, prices| {
            least(stage, block, own, case, prices, plans).map_err(|error| {
                failed = Some(error);
                Vec::new()
            })
        });
        let bound = failed.map_or_else(|| bound.map_err(E::from), Err)?;
        let value = decided.value(&outcome.costs);
        if value < bound {
            return Err(refused(Law::Bound, "the plan for all scenarios together is below a bound on all plans").into());
        }
        judged.value += value;
        judged.bound += bound;
        for (case, (cost, later)) in block.cases.iter().zip(outcome.costs.iter().zip(&outcome.later)) {
            for &scenario in &case.scenarios {
                judged.scenarios[scenario].cost += cost;
                judged.scenarios[scenario].later.extend(later);
            }
        }
    }
    for (scenario, own) in judged.scenarios.iter_mut().zip(own) {
        scenario.regret = scenario.cost - own.iter().map(|outcome| outcome.had.spend).sum::<i128>();
        scenario.later.sort_unstable();
    }
    Ok(judged)
}

impl Judged {
    /// Adds a part in which nothing is decided before: the scenarios' own plans.
    fn add_beside(&mut self, part: usize, (stage, own, aim): (&Stage, &Own, Aim)) {
        for ((scenario, own), (_, weight)) in self.scenarios.iter_mut().zip(own).zip(&stage.scenarios) {
            let outcome = &own[part];
            scenario.cost += outcome.had.spend;
            if aim == Aim::ExpectedCost {
                let least = outcome.bound.as_ref().map_or(0, |bound| bound.spend);
                self.value += i128::from(*weight) * outcome.had.spend;
                self.bound += i128::from(*weight) * least;
            }
        }
    }
}

fn refused(law: Law, detail: &str) -> Vec<Violation> {
    vec![Violation::new(law, detail)]
}

/// The cases of a block as the checker knows them.
pub(crate) fn cases(block: &Block, own: &Own) -> Vec<StageCase> {
    let optimum = |scenario: usize| block.parts.iter().map(|&part| own[scenario][part].had.spend).sum();
    let case = |case: &super::BlockCase| StageCase { weight: case.weight, optimum: optimum(case.scenarios[0]) };
    block.cases.iter().map(case).collect()
}

/// A block as the checker knows it.
pub(crate) fn decided<'s>(stage: &'s Stage, block: &Block, cases: &'s [StageCase], aim: Aim) -> stage::Stage<'s> {
    stage::Stage { aim, offers: block.offers.iter().map(|&offer| &stage.offers[offer]).collect(), cases }
}

/// What quantities come to in the cases of a block.
pub(crate) fn outcome<E: From<Vec<Violation>>>(
    stage: &Stage,
    block: &Block,
    own: &Own,
    quantities: &[Quantity],
    plans: &mut Plans<'_, E>,
) -> Result<BlockOutcome, E> {
    if block.offers.iter().any(|&offer| !stage.offers[offer].terms.allows(quantities[offer])) {
        return Err(refused(Law::Plan, "a quantity of the plan for all scenarios together may not be had").into());
    }
    let paid: i128 = block.offers.iter().map(|&offer| stage.offers[offer].terms.cost(quantities[offer])).sum();
    let mut outcome = BlockOutcome { costs: Vec::new(), later: Vec::new() };
    for case in &block.cases {
        let (mut cost, mut later) = (paid, Vec::new());
        for (variant, part) in variants(stage, block, &case.variants) {
            let own = &own[case.scenarios[0]][part].had;
            let found = plans(variant.after(&stage.offers, quantities))?;
            if found.had.unmet > own.unmet {
                let (name, _) = &stage.scenarios[case.scenarios[0]];
                let detail = format!("the plan for all scenarios together leaves more unmet in `{name}` than must be");
                return Err(vec![Violation::new(Law::Plan, detail)].into());
            }
            cost += found.had.spend;
            later
                .extend(variant.offers.iter().filter_map(|&(_, offer)| bought_later(stage, offer, quantities, &found)));
        }
        outcome.costs.push(cost);
        outcome.later.push(later);
    }
    Ok(outcome)
}

/// What is bought of an offer beyond what was had before.
fn bought_later(
    stage: &Stage,
    offer: usize,
    quantities: &[Quantity],
    found: &Outcome,
) -> Option<(usize, Quantity, i128)> {
    let row = &stage.offers[offer];
    let had = found.quantities.get(&row.id).copied().unwrap_or_default();
    let units = had.saturating_sub(quantities[offer]);
    let price = row.true_up.filter(|_| !units.is_zero())?;
    Some((offer, units, i128::from(units.get()) * i128::from(price.units())))
}

/// What no plan of a case is below at prices of the block's offers.
pub(crate) fn least<E>(
    stage: &Stage,
    block: &Block,
    own: &Own,
    case: usize,
    prices: &[Money],
    plans: &mut Plans<'_, E>,
) -> Result<i128, E> {
    let case = &block.cases[case];
    let mut least = Some(0);
    for (variant, part) in variants(stage, block, &case.variants) {
        let own = &own[case.scenarios[0]][part].had;
        let found = plans(priced(stage, block, variant, prices))?;
        // Where it is not proved that no plan leaves less unmet than the own one, nothing is known of what that costs.
        let bound = found.bound.filter(|bound| bound.unmet == own.unmet);
        least = least.zip(bound).map(|(sum, bound)| sum + bound.spend);
    }
    Ok(least.unwrap_or(0))
}

/// Facts of a block where units of its offers cost so much each.
pub(crate) fn priced(stage: &Stage, block: &Block, variant: &Variant, prices: &[Money]) -> Part {
    let position = |offer: usize| block.offers.iter().position(|&other| other == offer).expect("an offer of the block");
    variant.at(&stage.offers, |offer| prices[position(offer)])
}

/// The facts of the parts of a case, each with the part.
pub(crate) fn variants<'s>(
    stage: &'s Stage,
    block: &'s Block,
    chosen: &'s [usize],
) -> impl Iterator<Item = (&'s Variant, usize)> {
    block.parts.iter().zip(chosen).map(|(&part, &variant)| (&stage.parts[part].variants[variant], part))
}
