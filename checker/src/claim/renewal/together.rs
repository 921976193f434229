//! Plans for all scenarios together: what a result claims of them, and what it must state.
//!
//! Which offers are decided on, which scenarios are alike and what their parts come to says whoever has the scenario file;
//! the bounds are those of [`crate::plan::stage`].

use super::super::tree::Tree;
use super::RenewalClaim;
use super::document::Together;
use super::scenario::digits;
use crate::plan::stage::{Aim, CasePrices, StageNode, WEIGHT_MAX};
use crate::violation::{Law, Violation};
use model::estate::Currency;
use model::limits;
use model::number::{Money, Quantity, money_text};

/// What a plan for all scenarios together comes to.
pub struct TogetherFigures {
    /// What is to be least.
    pub aim: Aim,
    /// The worst regret, or the sum of costs, each times its weight; in 10^-4.
    pub value: i128,
    /// What no plan is below in that.
    pub bound: i128,
    /// All weights together.
    pub weight: u64,
    /// What is paid before it is known which scenario comes true.
    pub paid: i128,
    /// What is had before: offer, units and cost.
    pub offers: Vec<(String, Quantity, i128)>,
    /// What comes then.
    pub scenarios: Vec<TogetherScenarioFigures>,
    /// The currency of all money.
    pub currency: Option<Currency>,
}

/// What a plan for all scenarios comes to in one.
pub struct TogetherScenarioFigures {
    /// Its name.
    pub name: String,
    /// Its weight; none where scenarios have none.
    pub weight: Option<u64>,
    /// What it costs.
    pub cost: i128,
    /// How much less its own plan comes to.
    pub regret: i128,
    /// What is bought then of the same offers: offer, units and cost.
    pub later: Vec<(String, Quantity, i128)>,
}

/// Where a plan stands in the comparison, and what its evidence is known by.
const fn names(aim: Aim) -> (&'static str, &'static str) {
    match aim {
        Aim::WorstRegret => ("least_worst_regret", "worst-regret"),
        Aim::ExpectedCost => ("least_expected_cost", "expected-cost"),
    }
}

impl RenewalClaim<'_> {
    /// What says that the result has plans for all scenarios together that nobody asks for, or not those that are asked
    /// for.
    #[must_use]
    pub fn other_aims(&self, aims: &[Aim]) -> Vec<Violation> {
        let claimed: Vec<&str> = self.together().iter().map(|plan| &*plan.aim).collect();
        let asked: Vec<&str> = aims.iter().map(|&aim| names(aim).1).collect();
        let mut violations = Vec::new();
        if claimed != asked {
            let detail =
                format!("`evidence.together` is about [{}], asked for is [{}]", claimed.join(", "), asked.join(", "));
            violations.push(Violation::new(Law::UnknownReference, detail));
        }
        for aim in [Aim::WorstRegret, Aim::ExpectedCost].into_iter().filter(|aim| !aims.contains(aim)) {
            let (key, _) = names(aim);
            if self.document.comparison.get(key).is_some() {
                let detail = format!("`comparison.{key}` is stated; nobody asks for it");
                violations.push(Violation::new(Law::Figures, detail));
            }
        }
        violations
    }

    fn together(&self) -> &[crate::json::Object<Together<'_>>] {
        self.document.evidence.together.as_deref().unwrap_or_default()
    }

    /// The quantities of a plan, by offer; what is not named is not had.
    ///
    /// # Errors
    /// Names and quantities that are none.
    ///
    /// # Panics
    /// If there is no such plan.
    pub fn quantities(&self, index: usize, offers: &[&str]) -> Result<Vec<Quantity>, Vec<Violation>> {
        let mut quantities = vec![Quantity::ZERO; offers.len()];
        for (row, had) in self.together()[index].offers.iter().enumerate() {
            let place = format!("evidence.together[{index}].offers[{row}]");
            let position = position(offers, &had.offer, &place)?;
            let units = units(had.quantity, &place)?;
            if !std::mem::replace(&mut quantities[position], units).is_zero() || units.is_zero() {
                return Err(refused(Law::Plan, format!("`{place}` is not the only row about some units of an offer")));
            }
        }
        Ok(quantities)
    }

    /// The proof of a block of parts, with positions of these offers and cases.
    ///
    /// # Errors
    /// Names and numbers that are none, or no such proof.
    ///
    /// # Panics
    /// If there is no such plan.
    pub fn proof(
        &self,
        index: usize,
        block: usize,
        offers: &[&str],
        cases: &[&str],
    ) -> Result<Vec<StageNode>, Vec<Violation>> {
        let blocks = &self.together()[index].blocks;
        let place = format!("evidence.together[{index}].blocks[{block}]");
        let Some(found) = blocks.get(block) else {
            return Err(refused(Law::Bound, format!("`{place}` is missing")));
        };
        let node = |(row, node): (usize, &crate::json::Object<super::document::TogetherNode<'_>>)| {
            let place = format!("{place}.nodes[{row}]");
            match (&node.offer, node.most, &node.cases) {
                (Some(offer), Some(most), None) => {
                    Ok(StageNode::Split { offer: position(offers, offer, &place)?, most: units(most, &place)? })
                }
                (None, None, Some(rows)) => {
                    if rows.len() != cases.len() {
                        return Err(refused(Law::Bound, format!("`{place}` does not have each scenario that differs")));
                    }
                    let leaf = rows.iter().zip(cases).map(|(row, case)| priced(row, case, offers, &place));
                    leaf.collect::<Result<_, _>>().map(StageNode::Leaf)
                }
                _ => Err(refused(Law::Bound, format!("`{place}` is neither a split nor a bound"))),
            }
        };
        found.nodes.iter().enumerate().map(node).collect()
    }

    /// How many blocks a plan has proofs of.
    ///
    /// # Panics
    /// If there is no such plan.
    #[must_use]
    pub fn block_count(&self, index: usize) -> usize {
        self.together()[index].blocks.len()
    }
}

/// The weight and the prices of a case.
fn priced(
    row: &crate::json::Object<super::document::TogetherCase<'_>>,
    case: &str,
    offers: &[&str],
    place: &str,
) -> Result<CasePrices, Vec<Violation>> {
    if *row.scenario != *case {
        return Err(refused(Law::Bound, format!("`{place}` is about `{}` in the place of `{case}`", &*row.scenario)));
    }
    let weight = u64::try_from(row.weight).ok().filter(|&weight| weight <= WEIGHT_MAX);
    let Some(weight) = weight else {
        return Err(refused(Law::PriceForm, format!("`{place}` has a weight out of range")));
    };
    let mut prices = vec![Money::ZERO; offers.len()];
    for price in &row.prices {
        let amount = Money::parse(&price.price);
        let amount = amount.map_err(|_| refused(Law::PriceForm, format!("`{place}` has a price that is none")))?;
        prices[position(offers, &price.offer, place)?] = amount;
    }
    Ok(CasePrices { weight, prices })
}

fn position(offers: &[&str], offer: &str, place: &str) -> Result<usize, Vec<Violation>> {
    let found = offers.iter().position(|&other| other == offer);
    found.ok_or_else(|| {
        refused(Law::UnknownReference, format!("`{place}` names `{offer}`, no offer that is decided on"))
    })
}

fn units(units: i64, place: &str) -> Result<Quantity, Vec<Violation>> {
    let units = u64::try_from(units).ok().filter(|&units| units <= limits::QUANTITY_TOTAL_MAX);
    units.map(Quantity::new).ok_or_else(|| refused(Law::Plan, format!("`{place}` has a quantity that is none")))
}

fn refused(law: Law, detail: String) -> Vec<Violation> {
    vec![Violation::new(law, detail)]
}

impl TogetherFigures {
    /// Where it stands in the comparison, and what must stand there.
    pub(super) fn stated(&self) -> (&'static str, Tree<'static>) {
        let money = |units: i128| Tree::of_text(money_text(units, digits(self.currency)));
        let line = |(offer, quantity, cost): &(String, Quantity, i128)| {
            Tree::of([
                ("offer", Tree::of_text(offer.clone())),
                ("quantity", Tree::of_quantity(*quantity)),
                ("cost", money(*cost)),
            ])
        };
        let scenario = |row: &TogetherScenarioFigures| {
            let mut stated = Tree::of([
                ("name", Tree::of_text(row.name.clone())),
                ("cost", money(row.cost)),
                ("regret", money(row.regret)),
                ("later", Tree::List(row.later.iter().map(line).collect())),
            ]);
            if let Some(weight) = row.weight {
                stated.add("weight", Tree::Integer(weight.into()));
            }
            stated
        };
        let standing = if self.value == self.bound { "optimal" } else { "proved" };
        let weight = i128::from(self.weight);
        // A mean is rounded half up, and what none is below down.
        let (key, value, bound) = match self.aim {
            Aim::WorstRegret => ("worst_regret", self.value, self.bound),
            Aim::ExpectedCost => {
                let mean = (2 * self.value + weight).div_euclid(2 * weight);
                ("expected_cost", mean, if self.value == self.bound { mean } else { self.bound.div_euclid(weight) })
            }
        };
        let stated = Tree::of([
            ("standing", Tree::of_text(standing.to_owned())),
            (key, money(value)),
            ("bound", money(bound)),
            ("paid", money(self.paid)),
            ("offers", Tree::List(self.offers.iter().map(line).collect())),
            ("scenarios", Tree::List(self.scenarios.iter().map(scenario).collect())),
        ]);
        (names(self.aim).0, stated)
    }
}
