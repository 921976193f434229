//! Scenarios held against each other, for plans that are made before it is known which of them comes true.
//!
//! What is decided before are the quantities of those offers that all scenarios have on the same terms. An offer that some
//! scenario does not have, or has on other terms, is part of what is known only then, and is decided with everything else
//! once the scenario is known: what is bought later, uninstalled, replaced, moved. Parts are the same titles in all
//! scenarios, and each has as many *variants* as there are different facts. Where a `max` is not given, as many units may
//! be had as any scenario can use.
//!
//! The expected cost is a sum over parts, so that each part is a *block* decided alone; so is a part of one variant when
//! the worst regret is asked for, since it adds the same in all scenarios. The other parts are one block then: the worst of
//! sums is no sum of the worst.

use crate::change::apply_to_offers;
use crate::deal::Offered;
use crate::parts::Part;
use crate::reading::Scenarios;
use checker::plan::stage::{Aim, StageOffer};
use model::market::{OfferId, Terms, Tier, TierRule};
use model::number::{Money, Quantity};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) mod judge;

/// Most scenarios that a plan is made for.
pub(crate) const SCENARIOS_MAX: usize = 200;

/// All scenarios that a plan is made for.
pub(crate) struct Stage {
    /// What is decided before, by id.
    pub(crate) offers: Vec<StageOffer>,
    pub(crate) parts: Vec<StagePart>,
    /// Of each scenario its name and its weight, as small as whole numbers can be.
    pub(crate) scenarios: Vec<(String, u64)>,
    pub(crate) is_weighed: bool,
}

/// A part in all scenarios.
pub(crate) struct StagePart {
    /// Those of its offers that are decided before.
    pub(crate) offers: Vec<usize>,
    /// Its different facts.
    pub(crate) variants: Vec<Variant>,
    /// Of each scenario its variant.
    of_scenario: Vec<usize>,
}

/// Facts of a part, whose lots have as many units as may be had in any scenario.
pub(crate) struct Variant {
    part: Arc<Part>,
    /// What is decided before, by offer of the part.
    pub(crate) offers: Vec<(OfferId, usize)>,
}

/// Parts whose quantities are decided together.
pub(crate) struct Block {
    /// In their order.
    pub(crate) parts: Vec<usize>,
    /// What is decided, in its order.
    pub(crate) offers: Vec<usize>,
    /// Scenarios by their different facts.
    pub(crate) cases: Vec<BlockCase>,
}

/// Scenarios in which the parts of a block have the same facts.
pub(crate) struct BlockCase {
    pub(crate) scenarios: Vec<usize>,
    /// Of all of them together.
    pub(crate) weight: u64,
    /// Of each part of the block.
    pub(crate) variants: Vec<usize>,
}

impl Stage {
    /// Of the scenarios at these positions, each with its parts.
    ///
    /// # Errors
    /// Why no plan can be made for all of them: a limit, in words.
    pub(crate) fn of(scenarios: &Scenarios, positions: &[usize], parts: &[Vec<Arc<Part>>]) -> Result<Self, String> {
        if positions.len() > SCENARIOS_MAX {
            return Err(format!(
                "a plan is made for at most {SCENARIOS_MAX} scenarios together, not for {}",
                positions.len()
            ));
        }
        let titles = |parts: &Vec<Arc<Part>>| -> Vec<Vec<String>> {
            parts.iter().map(|part| part.estate.titles.iter().map(|title| title.id.clone()).collect()).collect()
        };
        if parts.windows(2).any(|pair| titles(&pair[0]) != titles(&pair[1])) {
            return Err("a plan is made for scenarios with the same replacements of versions".to_owned());
        }
        let is_priced = |parts: &Vec<Arc<Part>>| parts.iter().any(|part| part.market.shortage_cost.is_some());
        if parts.windows(2).any(|pair| is_priced(&pair[0]) != is_priced(&pair[1])) {
            return Err("a plan is made for scenarios in all of which a shortage has a price, or in none".to_owned());
        }
        let (offers, part_of) = offers(scenarios, positions, parts);
        let stage_part = |index: usize| {
            let own = (0..offers.len()).filter(|&offer| part_of[offer] == index).collect();
            StagePart::of(own, &offers, parts.iter().map(|parts| &parts[index]))
        };
        let stage_parts = (0..parts[0].len()).map(stage_part).collect();
        let of_scenario = |&position: &usize| {
            let scenario = &scenarios.all[position];
            (scenario.name.clone(), scenario.weight.unwrap_or(1))
        };
        let named: Vec<(String, u64)> = positions.iter().map(of_scenario).collect();
        let divisor = named.iter().map(|(_, weight)| *weight).fold(0, divisor).max(1);
        Ok(Self {
            offers,
            parts: stage_parts,
            scenarios: named.into_iter().map(|(name, weight)| (name, weight / divisor)).collect(),
            is_weighed: positions.iter().all(|&position| scenarios.all[position].weight.is_some()),
        })
    }

    /// What is asked for: the expected cost only where scenarios have weights.
    pub(crate) fn aims(&self) -> impl Iterator<Item = Aim> {
        [Aim::WorstRegret, Aim::ExpectedCost].into_iter().take(1 + usize::from(self.is_weighed))
    }

    /// The parts in blocks.
    pub(crate) fn blocks(&self, aim: Aim) -> Vec<Block> {
        let is_alone = |part: usize| aim == Aim::ExpectedCost || self.parts[part].variants.len() == 1;
        let has_offers = |part: &usize| !self.parts[*part].offers.is_empty();
        let (alone, together): (Vec<usize>, Vec<usize>) =
            (0..self.parts.len()).filter(has_offers).partition(|&part| is_alone(part));
        let together = (!together.is_empty()).then_some(together);
        alone.into_iter().map(|part| vec![part]).chain(together).map(|parts| self.block(parts)).collect()
    }

    /// The parts in which nothing is decided before.
    pub(crate) fn beside(&self) -> impl Iterator<Item = usize> {
        (0..self.parts.len()).filter(|&part| self.parts[part].offers.is_empty())
    }

    fn block(&self, parts: Vec<usize>) -> Block {
        let mut cases: BTreeMap<Vec<usize>, (Vec<usize>, u64)> = BTreeMap::new();
        for (scenario, (_, weight)) in self.scenarios.iter().enumerate() {
            let variants = parts.iter().map(|&part| self.parts[part].of_scenario[scenario]).collect();
            let case = cases.entry(variants).or_default();
            case.0.push(scenario);
            case.1 += weight;
        }
        let case = |(variants, (scenarios, weight))| BlockCase { scenarios, weight, variants };
        let offers = parts.iter().flat_map(|&part| self.parts[part].offers.iter().copied()).collect();
        Block { parts, offers, cases: cases.into_iter().map(case).collect() }
    }
}

/// The offers that all scenarios have on the same terms, and the part of each.
fn offers(scenarios: &Scenarios, positions: &[usize], parts: &[Vec<Arc<Part>>]) -> (Vec<StageOffer>, Vec<usize>) {
    let offered = |&position: &usize| -> Vec<Offered> {
        let scenario = &scenarios.all[position];
        let mut offers = scenarios.deals[scenario.deal].offers.clone();
        scenarios.changes[scenario.changes].iter().for_each(|change| apply_to_offers(change, &mut offers));
        offers
    };
    let mut all = positions.iter().map(offered);
    let mut common = all.next().unwrap_or_default();
    for offers in all {
        common.retain(|offer| offers.contains(offer));
    }
    let mut found = Vec::with_capacity(common.len());
    for offer in common {
        let of_part = |part: &Arc<Part>| part.market.offers.iter().find(|other| other.id == offer.id).cloned();
        let Some(part) = parts[0].iter().position(|part| of_part(part).is_some()) else { continue };
        let rows = parts.iter().filter_map(|parts| of_part(&parts[part]));
        let terms = rows.map(|row| row.terms).max_by_key(|terms| terms.most).expect("it is there");
        found.push((StageOffer { id: offer.id.clone(), terms, true_up: offer.later_price() }, part));
    }
    found.into_iter().unzip()
}

impl StagePart {
    fn of<'p>(own: Vec<usize>, offers: &[StageOffer], parts: impl Iterator<Item = &'p Arc<Part>>) -> Self {
        let mut variants: Vec<Variant> = Vec::new();
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        let of_scenario = parts.map(|part| {
            *known.entry(part.digest.clone()).or_insert_with(|| {
                variants.push(Variant::of(part, &own, offers));
                variants.len() - 1
            })
        });
        let of_scenario = of_scenario.collect();
        Self { offers: own, variants, of_scenario }
    }
}

impl Variant {
    fn of(part: &Arc<Part>, own: &[usize], offers: &[StageOffer]) -> Self {
        let ids = part.market.offers.enumerate();
        let decided = ids.filter_map(|(id, offer)| {
            own.iter().find(|&&position| offers[position].id == offer.id).map(|&position| (id, position))
        });
        Self { part: Arc::clone(part), offers: decided.collect() }
    }

    /// The same facts once so many units are had: those cost nothing more, and further ones what they cost later.
    pub(crate) fn after(&self, offers: &[StageOffer], quantities: &[Quantity]) -> Part {
        self.with(|position| {
            let (row, had) = (&offers[position], quantities[position]);
            let most = if row.true_up.is_some() { row.terms.most } else { had };
            let mut terms = Terms::plain(Money::ZERO, most);
            if let Some(price) = row.true_up {
                let later = Tier { from: had + Quantity::ONE, price };
                terms.tiers.retain(|_| !had.is_zero());
                terms.tiers.push(later);
            }
            terms
        })
    }

    /// The same facts where units cost so much each, any number of them.
    pub(crate) fn at(&self, offers: &[StageOffer], price: impl Fn(usize) -> Money) -> Part {
        self.with(|position| Terms::plain(price(position), offers[position].terms.most))
    }

    fn with(&self, terms: impl Fn(usize) -> Terms) -> Part {
        let (mut estate, mut market) = (self.part.estate.clone(), self.part.market.clone());
        for &(id, position) in &self.offers {
            let terms = terms(position);
            debug_assert_eq!(terms.tier_rule, TierRule::Incremental);
            estate.licenses[market.offers[id].lot].quantity = Some(terms.most);
            market.offers[id].terms = terms;
        }
        let digest = market.digest_with(&estate);
        Part { estate, market, digest }
    }
}

/// The greatest common divisor; the other one if one is zero.
const fn divisor(mut one: u64, mut other: u64) -> u64 {
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}
