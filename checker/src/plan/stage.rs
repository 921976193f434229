//! What is had before it is known which of several cases comes true, and why nothing else would be better.
//!
//! Quantities x of some offers are had in all cases alike. Then a case comes true: what is missing is bought later at a
//! price t for each unit, if there is one, and everything else is decided. Let f(x) be what x costs, and c(x) what the case
//! comes to with it, later purchases included. For any price p with 0 <= p <= t of each offer
//!
//! ```text
//! c(x) >= f(x) - p x + B(p),
//! ```
//!
//! where B(p) is the least that the case comes to if units cost p each, any number of them: whoever has z units in the end
//! has paid f(x) and t for each beyond x, and t max(0, z - x) >= p (z - x). B(p) is a renewal of one case at plain
//! prices, whose plan bears a certificate of its own. For weights w of the cases the bounds add up, and x stands in
//! Σ w f(x) - Σ w p x alone, whose least over the quantities that may be had is found offer by offer at few of them.
//! So the expected cost is bounded, and the worst regret: the greatest of c(x) - optimum is no less than their mean in any
//! weights. Where one set of prices does not meet the plan, quantities are split, and each part has prices of its own.
//!
//! Sources: Rockafellar and Wets 1991 (plans that must not know the future, and prices for that); Carøe and Schultz 1999
//! (such prices with branching on what is whole); Kouvelis and Yu 1997 (regret).
//!
//! Time: for each part linear in cases times offers. What a case comes to at prices is for others to show.

use super::quantities::{Span, turning_points};
use crate::figures::Objective;
use crate::plan::Order;
use crate::violation::{Law, Violation};
use model::market::Terms;
use model::number::{Money, Quantity};
use model::objective::Level;

/// Largest weight of a case, so that sums stay within their integers.
pub const WEIGHT_MAX: u64 = 1_000_000_000_000;

/// An offer whose quantity is the same in all cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageOffer {
    /// Its id.
    pub id: String,
    /// What units cost before, and which quantities may be had; its most is that of before and later together.
    pub terms: Terms,
    /// What a unit costs later; none if there are none then.
    pub true_up: Option<Money>,
}

/// One of the cases that may come true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StageCase {
    /// How much it counts in the expected cost.
    pub weight: u64,
    /// What it comes to if it is known before, in 10^-4.
    pub optimum: i128,
}

/// What is to be least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// The greatest difference between what a case comes to and its optimum.
    WorstRegret,
    /// The sum of what cases come to, each times its weight.
    ExpectedCost,
}

/// What is decided, and what it is judged by.
pub struct Stage<'s> {
    /// What is to be least.
    pub aim: Aim,
    /// What is had.
    pub offers: Vec<&'s StageOffer>,
    /// What may come true; at least one.
    pub cases: &'s [StageCase],
}

/// A proof as a tree over quantities, each node before those below it: first those within, then those beyond.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StageNode {
    /// Plans with at most so many units of an offer, and those with more.
    Split {
        /// The offer, by position.
        offer: usize,
        /// The last quantity of the first part.
        most: Quantity,
    },
    /// Of each case how it is weighed, and at which prices.
    Leaf(Vec<CasePrices>),
}

/// How a case is weighed, and what a unit of each offer is charged in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CasePrices {
    /// Its weight.
    pub weight: u64,
    /// Per unit, by offer.
    pub prices: Vec<Money>,
}

/// First and last quantity of each offer.
pub type StageSpans = Vec<(Quantity, Quantity)>;

/// What cannot be below what a plan has: levels above spend, and spend with what a shortage is priced at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpToSpend {
    /// What is unmet, level by level, as far as it stands above spend.
    pub unmet: Vec<i128>,
    /// What is paid, with the price of what is uncovered where it has one.
    pub spend: i128,
}

impl UpToSpend {
    /// Of a plan.
    #[must_use]
    pub fn of(order: &Order, objective: &Objective) -> Self {
        Self::of_ordered(order, &order.of_levels(objective))
    }

    fn of_ordered(order: &Order, levels: &Objective) -> Self {
        let spend = order.position(Level::Spend);
        Self { unmet: levels[..spend].to_vec(), spend: levels[spend] }
    }

    /// What no plan is below, of a plan and its bound, which is in the order; none if what is unmet is not proved least.
    #[must_use]
    pub fn bound(order: &Order, objective: &Objective, bound: &Objective) -> Option<Self> {
        let (had, bound) = (Self::of(order, objective), Self::of_ordered(order, bound));
        (had.unmet == bound.unmet).then_some(bound)
    }

    /// Both together.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        for (sum, more) in self.unmet.iter_mut().zip(&other.unmet) {
            *sum += more;
        }
        self.spend += other.spend;
        self
    }
}

impl Stage<'_> {
    /// All quantities.
    #[must_use]
    pub fn spans(&self) -> StageSpans {
        self.offers.iter().map(|offer| (Quantity::ZERO, offer.terms.most)).collect()
    }

    /// What quantities cost before anything is known.
    #[must_use]
    pub fn paid(&self, quantities: &[Quantity]) -> i128 {
        self.offers.iter().zip(quantities).map(|(offer, &quantity)| offer.terms.cost(quantity)).sum()
    }

    /// What is to be least, of what each case comes to.
    ///
    /// # Panics
    /// Without a case.
    #[must_use]
    pub fn value(&self, costs: &[i128]) -> i128 {
        let cases = self.cases.iter().zip(costs);
        match self.aim {
            Aim::WorstRegret => cases.map(|(case, cost)| cost - case.optimum).max().expect("there is a case"),
            Aim::ExpectedCost => cases.map(|(case, cost)| i128::from(case.weight) * cost).sum(),
        }
    }

    /// What no plan is below whose quantities are in the spans, if no case is below so much at the prices of a leaf; none
    /// if there are no such quantities.
    #[must_use]
    pub fn leaf_bound(&self, spans: &StageSpans, leaf: &[CasePrices], least: &[i128]) -> Option<i128> {
        let total: i128 = leaf.iter().map(|case| i128::from(case.weight)).sum();
        let offers = (0..self.offers.len()).map(|offer| self.cheapest(spans, leaf, offer).map(|(worth, _)| worth));
        let mut sum = offers.sum::<Option<i128>>()?;
        for ((case, prices), least) in self.cases.iter().zip(leaf).zip(least) {
            let beside = if self.aim == Aim::WorstRegret { case.optimum } else { 0 };
            sum += i128::from(prices.weight) * (least - beside);
        }
        // What regret is above a mean is a whole number too.
        Some(if self.aim == Aim::WorstRegret { -(-sum).div_euclid(total) } else { sum })
    }

    /// What units of an offer cost before, weighed, less what they are charged in the cases.
    #[must_use]
    pub fn worth(&self, leaf: &[CasePrices], offer: usize, quantity: Quantity) -> i128 {
        let paid = self.offers[offer].terms.cost(quantity);
        let charged = |case: &CasePrices| i128::from(case.prices[offer].units()) * i128::from(quantity.get());
        leaf.iter().map(|case| i128::from(case.weight) * (paid - charged(case))).sum()
    }

    /// The least of that over the quantities in a span, and one that has it; none if no quantity may be had.
    #[must_use]
    pub fn cheapest(&self, spans: &StageSpans, leaf: &[CasePrices], offer: usize) -> Option<(i128, Quantity)> {
        let (first, last) = spans[offer];
        let quantities = turning_points(&self.offers[offer].terms, Span { first, last });
        quantities.map(|quantity| (self.worth(leaf, offer, quantity), quantity)).min()
    }

    /// The first and the last quantity of an offer in a span that may be had; none if there is none.
    #[must_use]
    pub fn ends(&self, spans: &StageSpans, offer: usize) -> Option<(Quantity, Quantity)> {
        let (first, last) = spans[offer];
        let quantities = || turning_points(&self.offers[offer].terms, Span { first, last });
        quantities().min().zip(quantities().max())
    }

    /// Whether no quantities in the spans may be had.
    #[must_use]
    pub fn is_empty(&self, spans: &StageSpans) -> bool {
        (0..self.offers.len()).any(|offer| self.ends(spans, offer).is_none())
    }

    /// What no plan is below; `least` says what no case is below at prices.
    ///
    /// # Errors
    /// Weights and prices that are none, a tree that is none, and what `least` finds.
    pub fn bound(
        &self,
        nodes: &[StageNode],
        mut least: impl FnMut(usize, &[Money]) -> Result<i128, Vec<Violation>>,
    ) -> Result<i128, Vec<Violation>> {
        let broken = |law: Law, detail: &str| vec![Violation::new(law, detail)];
        let mut open = vec![self.spans()];
        let mut bound: Option<i128> = None;
        for node in nodes {
            let Some(spans) = open.pop() else {
                return Err(broken(Law::Bound, "there are more parts than quantities were split into"));
            };
            match node {
                StageNode::Split { offer, most } => {
                    let Some((from, to)) = spans.get(*offer).copied().filter(|span| (span.0..span.1).contains(most))
                    else {
                        return Err(broken(Law::Bound, "quantities are split where there are none"));
                    };
                    let (mut within, mut beyond) = (spans.clone(), spans);
                    within[*offer] = (from, *most);
                    beyond[*offer] = (*most + Quantity::ONE, to);
                    open.extend([beyond, within]);
                }
                StageNode::Leaf(leaf) => {
                    self.refused(leaf).map_or(Ok(()), |detail| Err(broken(Law::PriceForm, detail)))?;
                    if self.is_empty(&spans) {
                        continue;
                    }
                    let costs = leaf.iter().enumerate().map(|(case, prices)| least(case, &prices.prices));
                    let costs: Vec<i128> = costs.collect::<Result<_, _>>()?;
                    bound = [bound, self.leaf_bound(&spans, leaf, &costs)].into_iter().flatten().min();
                }
            }
        }
        if !open.is_empty() {
            return Err(broken(Law::Bound, "there are fewer parts than quantities were split into"));
        }
        bound.ok_or_else(|| broken(Law::Bound, "no part has a plan"))
    }

    /// Why a leaf is none.
    fn refused(&self, leaf: &[CasePrices]) -> Option<&'static str> {
        let has_all = leaf.len() == self.cases.len() && leaf.iter().all(|case| case.prices.len() == self.offers.len());
        if !has_all {
            return Some("a part does not have each case with a price of each offer");
        }
        let of_cases = || self.cases.iter().zip(leaf).all(|(case, prices)| case.weight == prices.weight);
        if self.aim == Aim::ExpectedCost && !of_cases() {
            return Some("the weights are not those of the scenarios");
        }
        if leaf.iter().any(|case| case.weight > WEIGHT_MAX) || leaf.iter().all(|case| case.weight == 0) {
            return Some("weights are out of range, or all zero");
        }
        let is_refused = |(offer, price): (&&StageOffer, &Money)| {
            *price < Money::ZERO || offer.true_up.is_some_and(|true_up| *price > true_up)
        };
        let prices = leaf.iter().flat_map(|case| self.offers.iter().zip(&case.prices));
        prices.into_iter().any(is_refused).then_some("a unit is charged less than nothing, or more than it costs later")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(price: i64, true_up: Option<i64>) -> StageOffer {
        let terms = Terms::plain(Money::from_units(price), Quantity::new(10));
        StageOffer { id: "a".to_owned(), terms, true_up: true_up.map(Money::from_units) }
    }

    fn leaf(cases: &[(u64, i64)]) -> StageNode {
        let case = |&(weight, price)| CasePrices { weight, prices: vec![Money::from_units(price)] };
        StageNode::Leaf(cases.iter().map(case).collect())
    }

    /// Two cases that need 4 and 10 units of an offer at 10, later 15: they come to 40 and 100 if they are known.
    fn bound(aim: Aim, nodes: &[StageNode]) -> Result<i128, Law> {
        let offer = offer(10, Some(15));
        let cases = [StageCase { weight: 1, optimum: 40 }, StageCase { weight: 1, optimum: 100 }];
        let stage = Stage { aim, offers: vec![&offer], cases: &cases };
        let least = |case: usize, prices: &[Money]| Ok([4, 10][case] * i128::from(prices[0].units()));
        stage.bound(nodes, least).map_err(|violations| violations[0].law)
    }

    #[test]
    fn prices_and_weights_bound_the_worst_regret_and_the_expected_cost() {
        // With 6 units both regret 20. Weighed 1 to 2, a unit more is worth nothing: it costs 10 and saves 15 in the second.
        assert_eq!(bound(Aim::WorstRegret, &[leaf(&[(1, 0), (2, 15)])]), Ok(20));
        assert_eq!(bound(Aim::WorstRegret, &[leaf(&[(1, 10), (2, 10)])]), Ok(0));
        // With 4 units they come to 40 and 130; a unit more costs 20 and saves 15.
        assert_eq!(bound(Aim::ExpectedCost, &[leaf(&[(1, 5), (1, 15)])]), Ok(170));
        let split = StageNode::Split { offer: 0, most: Quantity::new(4) };
        let parts = [split, leaf(&[(1, 10), (1, 10)]), leaf(&[(1, 0), (1, 15)])];
        assert_eq!(bound(Aim::ExpectedCost, &parts), Ok(140));
    }

    #[test]
    fn what_is_no_proof_is_refused() {
        let refused = |nodes: &[StageNode]| bound(Aim::ExpectedCost, nodes).expect_err("it is no proof");
        assert_eq!(refused(&[leaf(&[(1, 16), (1, 0)])]), Law::PriceForm);
        assert_eq!(refused(&[leaf(&[(1, 0), (1, -1)])]), Law::PriceForm);
        assert_eq!(refused(&[leaf(&[(1, 0), (2, 0)])]), Law::PriceForm);
        assert_eq!(refused(&[leaf(&[(1, 0)])]), Law::PriceForm);
        assert_eq!(refused(&[]), Law::Bound);
        let split = |offer, most| StageNode::Split { offer, most: Quantity::new(most) };
        let whole = || leaf(&[(1, 0), (1, 15)]);
        assert_eq!(refused(&[split(0, 4), whole()]), Law::Bound);
        assert_eq!(refused(&[split(0, 10), whole(), whole()]), Law::Bound);
        assert_eq!(refused(&[split(1, 4), whole(), whole()]), Law::Bound);
        assert_eq!(refused(&[whole(), whole()]), Law::Bound);
        assert_eq!(bound(Aim::WorstRegret, &[leaf(&[(0, 0), (0, 0)])]), Err(Law::PriceForm));
    }
}
