//! Plans for all scenarios together: of least worst regret, and of least expected cost where scenarios have weights.
//!
//! One integer program of the solver says what to have before it is known which scenario comes true
//! ([`solver::market::stage`]). What that comes to is then certified scenario by scenario, like any renewal; so are the
//! renewals at the prices that its duals suggest, which bound every such plan ([`checker::plan::stage`]). Where the bound
//! is not met, quantities are split at those of the plan, at most [`LEAVES_MAX`] times for a block of parts.
//!
//! What is proved is the worst regret, or the expected cost. Of the plans that are as good in that, the program takes one
//! with the least of the sum of costs, then with the fewest units, which nothing proves.

use super::{PartPlan, Renewal, Solved, Wanted};
use crate::parts::Part;
use crate::stage::judge::{Outcome, Own, cases, decided, judge, least, outcome, variants};
use crate::stage::{Block, Stage};
use checker::plan::stage::{Aim, CasePrices, Stage as Decided, StageCase, StageNode, StageSpans, UpToSpend};
use checker::plan::{Order, weights_of};
use model::estate::Currency;
use model::market::OfferId;
use model::number::{Money, Quantity};
use solver::SolveError;
use solver::market::stage::{Copy, Decision, Guess, decide, guess};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Most parts that the quantities of a block are split into.
const LEAVES_MAX: usize = 500;
/// What stands for a price that is too high for any plan is no higher than this, in 10^-4.
const PENALTY_MAX: i128 = 100_000_000_000_000;
/// It is a multiple of this.
const PENALTY_STEP: i128 = 1_000_000;

/// A plan for all scenarios together.
#[derive(Clone, Debug)]
pub struct Together {
    /// What is least.
    pub aim: Aim,
    /// What is had before it is known which scenario comes true, by offer.
    pub offers: Vec<Had>,
    /// What is paid for it, in 10^-4.
    pub paid: i128,
    /// The worst regret, or the sum of the costs of scenarios, each times its weight; in 10^-4.
    pub value: i128,
    /// What no plan is below in that.
    pub bound: i128,
    /// All weights together.
    pub weight: u64,
    /// What comes then.
    pub scenarios: Vec<TogetherScenario>,
    /// The currency of all money.
    pub currency: Option<Currency>,
    /// Of each block of parts why no plan is better.
    proofs: Vec<Proof>,
    /// The plans of the parts that this rests on.
    parts: Vec<Arc<PartPlan>>,
}

/// Units that are had before it is known which scenario comes true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Had {
    /// The offer.
    pub offer: String,
    /// Units, at least one.
    pub quantity: Quantity,
    /// All of it, in 10^-4.
    pub cost: i128,
}

/// What a plan for all scenarios comes to in one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TogetherScenario {
    /// Its name.
    pub name: String,
    /// Its weight, as small as whole numbers can be; none where scenarios have none.
    pub weight: Option<u64>,
    /// What is paid before and then, with the price of what is uncovered where it has one; in 10^-4.
    pub cost: i128,
    /// How much less its own plan comes to.
    pub regret: i128,
    /// What is bought then of the same offers.
    pub later: Vec<Later>,
}

/// Units bought when it is known which scenario comes true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Later {
    /// The offer.
    pub offer: String,
    /// Units, at least one.
    pub quantity: Quantity,
    /// All of it, in 10^-4.
    pub cost: i128,
}

/// A proof with the names of what it is about.
#[derive(Clone, Debug)]
struct Proof {
    offers: Vec<String>,
    /// Of each case its first scenario.
    cases: Vec<String>,
    nodes: Vec<StageNode>,
}

impl Together {
    /// Whether no plan is better.
    #[must_use]
    pub const fn is_optimal(&self) -> bool {
        self.value == self.bound
    }

    /// The value as money: of costs their mean, rounded half up.
    #[must_use]
    pub fn shown_value(&self) -> i128 {
        let weight = i128::from(self.weight);
        match self.aim {
            Aim::WorstRegret => self.value,
            Aim::ExpectedCost => (2 * self.value + weight).div_euclid(2 * weight),
        }
    }

    /// What no plan is below as money: of costs their mean, rounded down unless the plan is best.
    #[must_use]
    pub fn shown_bound(&self) -> i128 {
        match self.aim {
            _ if self.is_optimal() => self.shown_value(),
            Aim::WorstRegret => self.bound,
            Aim::ExpectedCost => self.bound.div_euclid(self.weight.into()),
        }
    }

    /// Of each block of parts its offers, the first scenario of each case, and why no plan is better.
    pub fn proofs(&self) -> impl Iterator<Item = (&[String], &[String], &[StageNode])> {
        self.proofs.iter().map(|proof| (&proof.offers[..], &proof.cases[..], &proof.nodes[..]))
    }

    /// The digest of each part that the plan rests on and the evidence of its plan, where it was asked for.
    pub fn evidence(&self) -> impl Iterator<Item = (&str, &str)> {
        let proofs = self.parts.iter().filter_map(|part| part.proof.as_ref());
        proofs.map(|proof| (proof.digest.as_str(), proof.evidence.as_str()))
    }
}

impl Solved<'_> {
    /// The plans for all of these scenarios together, of which these are the answers; none where none are asked for, or
    /// for one scenario.
    ///
    /// # Errors
    /// A limit of size or work, or what is wrong with what was found.
    pub fn together(&mut self, positions: &[usize], renewals: &[Renewal]) -> Result<Vec<Together>, SolveError> {
        if !self.scenarios.asks_for_all || positions.len() < 2 {
            return Ok(Vec::new());
        }
        let parts: Vec<Vec<Arc<Part>>> = positions.iter().map(|&position| self.remade.parts(position)).collect();
        let stage = Stage::of(self.scenarios, positions, &parts).map_err(|what| SolveError::Limit { what })?;
        let own_of = |(parts, renewal): (&Vec<Arc<Part>>, &Renewal)| {
            parts.iter().zip(&renewal.parts).map(|(part, plan)| outcome_of(part, plan)).collect()
        };
        let own: Own = parts.iter().zip(renewals).map(own_of).collect();
        let currency = renewals.first().and_then(Renewal::currency);
        stage.aims().map(|aim| Search { solved: self, stage: &stage, own: &own, aim }.together(currency)).collect()
    }
}

/// What the plan of a part comes to.
fn outcome_of(part: &Part, plan: &PartPlan) -> Outcome {
    let order = Order::of(weights_of(&part.market));
    let bought = plan.lines.buy.iter().map(|line| (line.offer.clone(), line.quantity));
    let renewed = plan.lines.renew.iter().map(|line| (line.offer.clone(), line.quantity));
    Outcome {
        had: UpToSpend::of(&order, &plan.objective),
        bound: UpToSpend::bound(&order, &plan.objective, &plan.bound),
        quantities: bought.chain(renewed).collect(),
    }
}

/// The search for one plan.
struct Search<'c, 's> {
    solved: &'c Solved<'s>,
    stage: &'c Stage,
    own: &'c Own,
    aim: Aim,
}

/// A part of the quantities of a block.
enum Node {
    Leaf { spans: StageSpans, guess: Guess, bound: i128 },
    Split { offer: usize, most: Quantity, within: usize, beyond: usize },
}

impl Search<'_, '_> {
    fn together(&self, currency: Option<Currency>) -> Result<Together, SolveError> {
        let stage = self.stage;
        let mut quantities = vec![Quantity::ZERO; stage.offers.len()];
        let mut proofs = Vec::new();
        for block in stage.blocks(self.aim) {
            let nodes = self.decide(&block, &mut quantities)?;
            proofs.push(Proof {
                offers: block.offers.iter().map(|&offer| stage.offers[offer].id.clone()).collect(),
                cases: block.cases.iter().map(|case| stage.scenarios[case.scenarios[0]].0.clone()).collect(),
                nodes,
            });
        }
        let nodes: Vec<Vec<StageNode>> = proofs.iter().map(|proof| proof.nodes.clone()).collect();
        let mut used: BTreeMap<String, Arc<PartPlan>> = BTreeMap::new();
        let judged = judge::<SolveError>((stage, self.own, self.aim), &quantities, &nodes, &mut |part| {
            let digest = part.digest.clone();
            let (outcome, plan) = self.plan(part)?;
            used.insert(digest, plan);
            Ok(outcome)
        })?;
        let line = |(offer, quantity, cost): (usize, Quantity, i128)| (stage.offers[offer].id.clone(), quantity, cost);
        let had = stage.offers.iter().zip(&quantities).filter(|(_, quantity)| !quantity.is_zero());
        let scenarios =
            stage.scenarios.iter().zip(judged.scenarios).map(|((name, weight), scenario)| TogetherScenario {
                name: name.clone(),
                weight: stage.is_weighed.then_some(*weight),
                cost: scenario.cost,
                regret: scenario.regret,
                later: scenario
                    .later
                    .into_iter()
                    .map(line)
                    .map(|(offer, quantity, cost)| Later { offer, quantity, cost })
                    .collect(),
            });
        Ok(Together {
            aim: self.aim,
            offers: had
                .map(|(offer, &quantity)| Had { offer: offer.id.clone(), quantity, cost: offer.terms.cost(quantity) })
                .collect(),
            paid: judged.paid,
            value: judged.value,
            bound: judged.bound,
            weight: stage.scenarios.iter().map(|(_, weight)| weight).sum(),
            scenarios: scenarios.collect(),
            currency,
            proofs,
            parts: used.into_values().collect(),
        })
    }

    /// The plan of a part, with what it comes to.
    fn plan(&self, part: Part) -> Result<(Outcome, Arc<PartPlan>), SolveError> {
        let part = Arc::new(part);
        let wanted = Wanted { marginals: false, ..self.solved.wanted };
        let plan = self.solved.plans.of(&[Arc::clone(&part)], wanted)?.remove(0);
        Ok((outcome_of(&part, &plan), plan))
    }

    /// Decides what is had of the offers of a block, and proves it as well as it can.
    fn decide(&self, block: &Block, quantities: &mut [Quantity]) -> Result<Vec<StageNode>, SolveError> {
        let cases = cases(block, self.own);
        let stage = decided(self.stage, block, &cases, self.aim);
        let (facts, of_case) = self.facts(block);
        let copies = facts.iter().map(|(part, offers)| Copy { estate: &part.estate, market: &part.market, offers });
        let decision = Decision { stage: &stage, copies: copies.collect(), cases: of_case };
        let found = decide(&decision)?;
        for (&offer, &quantity) in block.offers.iter().zip(&found.quantities) {
            quantities[offer] = quantity;
        }
        let plans = &mut |part: Part| self.plan(part).map(|(outcome, _)| outcome);
        let costs = outcome::<SolveError>(self.stage, block, self.own, quantities, plans)?.costs;
        let value = stage.value(&costs);
        let penalty = penalty(&stage, &costs, value);
        let leaf = |spans: StageSpans| self.leaf(block, (&decision, &found), spans, penalty);
        let mut nodes = vec![leaf(stage.spans())?];
        for _ in 1..LEAVES_MAX {
            let Some((position, offer, most)) = widest(&nodes, &stage, &found.quantities, value) else { break };
            let Node::Leaf { spans, .. } = &nodes[position] else { unreachable!("only leaves are split") };
            let (mut within, mut beyond) = (spans.clone(), spans.clone());
            within[offer].1 = most;
            beyond[offer].0 = most + Quantity::ONE;
            nodes.push(leaf(within)?);
            nodes.push(leaf(beyond)?);
            let (within, beyond) = (nodes.len() - 2, nodes.len() - 1);
            nodes[position] = Node::Split { offer, most, within, beyond };
        }
        Ok(flat(&nodes))
    }

    /// The different facts of a block, where units had later cost what they do and are free if there are none, each with
    /// its offers by their positions in the block; and of each case its facts.
    fn facts(&self, block: &Block) -> (Vec<Facts>, Vec<Vec<usize>>) {
        let later = |offer: usize| self.stage.offers[offer].true_up.unwrap_or(Money::ZERO);
        let position = |offer: usize| block.offers.iter().position(|&other| other == offer);
        let mut index: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        let mut facts: Vec<Facts> = Vec::new();
        let mut of_case = Vec::new();
        for case in &block.cases {
            let mut copies = Vec::new();
            for ((variant, part), &number) in variants(self.stage, block, &case.variants).zip(&case.variants) {
                copies.push(*index.entry((part, number)).or_insert_with(|| {
                    let own = variant.offers.iter().filter_map(|&(id, offer)| Some((id, position(offer)?)));
                    facts.push((variant.at(&self.stage.offers, later), own.collect()));
                    facts.len() - 1
                }));
            }
            of_case.push(copies);
        }
        (facts, of_case)
    }

    /// A bound on plans with quantities in spans.
    fn leaf(
        &self,
        block: &Block,
        (decision, found): (&Decision<'_>, &solver::market::stage::Decided),
        spans: StageSpans,
        penalty: i64,
    ) -> Result<Node, SolveError> {
        let stage = decision.stage;
        let nothing = || {
            let prices = vec![Money::ZERO; stage.offers.len()];
            let of_case = |case: &StageCase| CasePrices { weight: case.weight, prices: prices.clone() };
            Guess { prices: stage.cases.iter().map(of_case).collect(), split: None }
        };
        if stage.is_empty(&spans) {
            return Ok(Node::Leaf { spans, guess: nothing(), bound: i128::MAX });
        }
        let guess = guess(decision, found, &spans, penalty)?.unwrap_or_else(nothing);
        let plans = &mut |part: Part| self.plan(part).map(|(outcome, _)| outcome);
        let bounds = guess
            .prices
            .iter()
            .enumerate()
            .map(|(case, row)| least::<SolveError>(self.stage, block, self.own, case, &row.prices, plans));
        let bounds: Vec<i128> = bounds.collect::<Result<_, _>>()?;
        let bound = stage.leaf_bound(&spans, &guess.prices, &bounds).expect("there are quantities");
        Ok(Node::Leaf { spans, guess, bound })
    }
}

/// Facts with the offers that are decided on.
type Facts = (Part, Vec<(OfferId, usize)>);

/// What is above what any plan as good as one comes to in a case.
fn penalty(stage: &Decided<'_>, costs: &[i128], value: i128) -> i64 {
    let cases = stage.cases;
    let most = |amounts: &mut dyn Iterator<Item = i128>| amounts.max().unwrap_or(0);
    let enough = match stage.aim {
        Aim::WorstRegret => most(&mut costs.iter().copied()) + most(&mut cases.iter().map(|case| case.optimum)),
        Aim::ExpectedCost => value / i128::from(cases.iter().map(|case| case.weight).min().unwrap_or(1).max(1)),
    };
    // A round sum keeps the numbers of the program small.
    let round = (enough / PENALTY_STEP + 1) * PENALTY_STEP;
    i64::try_from(round.clamp(PENALTY_STEP, PENALTY_MAX)).expect("it is clamped")
}

/// The leaf with the least bound, if it is below the value, and where to split it: where the relaxation says, or else at
/// the quantity of the plan of that offer for which the prices would have another.
fn widest(
    nodes: &[Node],
    stage: &Decided<'_>,
    quantities: &[Quantity],
    value: i128,
) -> Option<(usize, usize, Quantity)> {
    let leaves = nodes.iter().enumerate().filter_map(|(position, node)| match node {
        Node::Leaf { spans, guess, bound } if *bound < value => Some((*bound, position, spans, guess)),
        _ => None,
    });
    let (_, position, spans, guess) = leaves.min_by_key(|&(bound, position, ..)| (bound, position))?;
    if let Some((offer, most)) = guess.split {
        return Some((position, offer, most));
    }
    let split = |offer: usize| {
        let (first, last) = stage.ends(spans, offer).filter(|(first, last)| first < last)?;
        let had = quantities[offer].clamp(first, last);
        let (worth, cheapest) = stage.cheapest(spans, &guess.prices, offer)?;
        let slack = stage.worth(&guess.prices, offer, had) - worth;
        let goes_up = if cheapest == had { had < last } else { cheapest > had };
        let most = if goes_up { had } else { had - Quantity::ONE };
        Some((slack, last.get() - first.get(), Reverse(offer), most))
    };
    let (.., Reverse(offer), most) = (0..stage.offers.len()).filter_map(split).max()?;
    Some((position, offer, most))
}

/// The tree, each node before those below it.
fn flat(nodes: &[Node]) -> Vec<StageNode> {
    let (mut open, mut flat) = (vec![0], Vec::with_capacity(nodes.len()));
    while let Some(position) = open.pop() {
        flat.push(match &nodes[position] {
            Node::Leaf { guess, .. } => StageNode::Leaf(guess.prices.clone()),
            Node::Split { offer, most, within, beyond } => {
                open.extend([beyond, within]);
                StageNode::Split { offer: *offer, most: *most }
            }
        });
    }
    flat
}
