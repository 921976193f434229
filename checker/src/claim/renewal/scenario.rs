//! What a scenario comes to: the plans of its parts together. And what several come to side by side.

use super::super::tree::Tree;
use super::plan::{Had, PlanFigures};
use super::together::TogetherFigures;
use crate::figures::{Objective, Totals};
use crate::plan::{Gap, Order, Standing, weights_of};
use crate::violation::{Law, Violation};
use model::Date;
use model::estate::Currency;
use model::market::Market;
use model::number::{Quantity, money_text};
use model::objective::{LEVELS, Level};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is known of a scenario beside the plans of its parts.
pub struct Scenario<'s> {
    /// Its name.
    pub name: &'s str,
    /// The day after renewal.
    pub as_of: Date,
    /// The currency of all money.
    pub currency: Option<Currency>,
    /// What limits all parts together; its offers and actions are not looked at.
    pub market: &'s Market,
    /// Licenses that may be renewed, in the order of their offers, with the units they had.
    pub renewable: &'s [(String, Quantity)],
}

/// A scenario at all values of a range, ascending.
pub struct Stretch<'s> {
    /// The scenario, without the value.
    pub scenario: &'s str,
    /// What takes the values.
    pub name: &'s str,
    /// Each value, with where among the scenarios its own stands.
    pub points: Vec<(&'s str, usize)>,
}

/// The sums of a scenario.
pub struct ScenarioFigures {
    name: String,
    standing: Standing,
    objective: Objective,
    currency: Option<Currency>,
    had: BTreeMap<Had, Quantity>,
}

impl ScenarioFigures {
    /// What the plans show together: optimal if each is, else the first level at which their bounds are below them.
    #[must_use]
    pub const fn standing(&self) -> Standing {
        self.standing
    }

    /// Sums the plans of all parts, or takes that of the case as a whole.
    ///
    /// # Errors
    /// That they exceed the budget together.
    pub(super) fn of(scenario: &Scenario<'_>, plans: &[Arc<PlanFigures>]) -> Result<Self, Violation> {
        let sum = |of: fn(&PlanFigures) -> &Objective| -> Objective {
            std::array::from_fn(|level| plans.iter().map(|plan| of(plan)[level]).sum())
        };
        let (objective, bound) = (sum(|plan| &plan.objective), sum(|plan| &plan.bound));
        let paid = objective[Level::Spend.index()];
        if let Some(budget) = scenario.market.budget.filter(|budget| paid > budget.units().into()) {
            let (name, money) = (scenario.name, |units| money_text(units, digits(scenario.currency)));
            let (paid, budget) = (money(paid), money(budget.units().into()));
            let detail = format!("scenario `{name}`: {paid} is paid for its parts together, the budget is {budget}");
            return Err(Violation::new(Law::Budget, detail));
        }
        let standing = standing(&Order::of(weights_of(scenario.market)), &objective, &bound);
        let mut had = BTreeMap::new();
        for (line, &quantity) in plans.iter().flat_map(|plan| &plan.had) {
            had.insert(line.clone(), quantity);
        }
        Ok(Self { name: scenario.name.to_owned(), standing, objective, currency: scenario.currency, had })
    }

    /// All that a result must state of the scenario.
    pub(super) fn stated(&self, scenario: &Scenario<'_>, plans: &[Arc<PlanFigures>]) -> Tree<'static> {
        let list = |of: fn(&PlanFigures) -> &Vec<Tree<'static>>| {
            Tree::List(plans.iter().flat_map(|plan| of(plan).iter().cloned()).collect())
        };
        let mut stated = self.compared();
        stated.add("as_of", Tree::of_text(scenario.as_of.to_string()));
        let code = scenario.currency.map(|currency| currency.code.to_owned());
        stated.add("currency", code.map_or(Tree::Null, Tree::of_text));
        stated.add("gaps", self.gaps());
        let levels =
            Level::of_position().map(|level| (level.name(), self.amount(level, self.objective[level.index()])));
        stated.add("objective", Tree::of(levels));
        stated.add("totals", totals(plans));
        stated.add("buy", list(|plan| &plan.buy));
        stated.add("renew", list(|plan| &plan.renew));
        stated.add("lapse", self.lapse(scenario.renewable));
        stated.add("transfer", list(|plan| &plan.transfer));
        stated.add("reclaim", list(|plan| &plan.reclaim));
        stated.add("reinstall", list(|plan| &plan.reinstall));
        stated.add("shortages", list(|plan| &plan.shortages));
        stated
    }

    /// What stands of it in the comparison.
    fn compared(&self) -> Tree<'static> {
        let level = |level: Level| self.amount(level, self.objective[level.index()]);
        Tree::of([
            ("name", Tree::of_text(self.name.clone())),
            ("standing", Tree::of_text(self.standing.word().to_owned())),
            ("uncovered", level(Level::Uncovered)),
            ("spend", level(Level::Spend)),
            ("units_bought", level(Level::UnitsBought)),
        ])
    }

    fn amount(&self, level: Level, amount: i128) -> Tree<'static> {
        if level.is_money() { Tree::of_text(money_text(amount, digits(self.currency))) } else { Tree::Integer(amount) }
    }

    fn gaps(&self) -> Tree<'static> {
        let Standing::Proved(gap) = self.standing else { return Tree::of([]) };
        let amount = |amount| self.amount(gap.level, amount);
        let row = [("objective", gap.objective), ("bound", gap.bound), ("gap", gap.size())];
        Tree::of([(gap.level.name(), Tree::of(row.map(|(key, figure)| (key, amount(figure)))))])
    }

    /// Units of licenses that could be renewed and are not.
    fn lapse(&self, renewable: &[(String, Quantity)]) -> Tree<'static> {
        let lines = self.had.iter().filter_map(|(line, &quantity)| Some((line.license.as_deref()?, quantity)));
        let renewed: BTreeMap<&str, Quantity> = lines.collect();
        let row = |(license, units): &(String, Quantity)| {
            let quantity = *units - renewed.get(license.as_str()).copied().unwrap_or_default();
            let row = [("license", Tree::of_text(license.clone())), ("quantity", Tree::of_quantity(quantity))];
            (!quantity.is_zero()).then(|| Tree::of(row))
        };
        Tree::List(renewable.iter().filter_map(row).collect())
    }
}

pub(super) fn digits(currency: Option<Currency>) -> usize {
    currency.map_or(0, |currency| currency.minor_digits.into())
}

fn standing(order: &Order, objective: &Objective, bound: &Objective) -> Standing {
    let had = order.of_levels(objective);
    let first = (0..LEVELS).find(|&position| had[position] != bound[position]);
    first.map_or(Standing::Optimal, |position| {
        Standing::Proved(Gap { level: order.level(position), objective: had[position], bound: bound[position] })
    })
}

fn totals(plans: &[Arc<PlanFigures>]) -> Tree<'static> {
    let sum = |of: fn(&Totals) -> Quantity| Tree::of_quantity(plans.iter().map(|plan| of(&plan.totals)).sum());
    Tree::of([
        ("installed", sum(|row| row.installed)),
        ("demand", sum(|row| row.demand)),
        ("covered", sum(|row| row.covered)),
        ("uncovered", sum(|row| row.uncovered)),
        ("owned", sum(|row| row.owned)),
        ("active", sum(|row| row.active)),
        ("used", sum(|row| row.used)),
        ("idle", sum(|row| row.idle)),
        ("unusable", sum(|row| row.unusable)),
    ])
}

/// Scenarios side by side; of those that pay the same the first name by bytes stands for all.
pub(super) fn comparison(
    scenarios: &[ScenarioFigures],
    stretches: &[Stretch<'_>],
    together: &[TogetherFigures],
) -> Tree<'static> {
    let paid = |row: &&ScenarioFigures| row.objective[Level::Spend.index()];
    let cheapest = scenarios.iter().min_by_key(|row| (paid(row), &row.name));
    let dearest = scenarios.iter().max_by_key(|row| (paid(row), Reverse(&row.name)));
    let name = |row: Option<&ScenarioFigures>| row.map_or(Tree::Null, |row| Tree::of_text(row.name.clone()));
    let mut comparison = Tree::of([
        ("scenarios", Tree::List(scenarios.iter().map(ScenarioFigures::compared).collect())),
        ("cheapest", name(cheapest)),
        ("dearest", name(dearest)),
        ("in_any_case", in_any_case(scenarios)),
    ]);
    if !stretches.is_empty() {
        comparison.add("curve", Tree::List(stretches.iter().map(|stretch| curve(scenarios, stretch)).collect()));
    }
    for (key, stated) in together.iter().map(TogetherFigures::stated) {
        comparison.add(key, stated);
    }
    comparison
}

/// Spend and uncovered over the values of a range: a new piece wherever the changes from value to value do.
fn curve(scenarios: &[ScenarioFigures], stretch: &Stretch<'_>) -> Tree<'static> {
    let points: Vec<(&str, &ScenarioFigures)> =
        stretch.points.iter().map(|&(value, index)| (value, &scenarios[index])).collect();
    let had = |index: usize, level: Level| points[index].1.objective[level.index()];
    let step = |index: usize| {
        let next = (index + 1).min(points.len() - 1);
        [Level::Spend, Level::Uncovered].map(|level| had(next, level) - had(index, level))
    };
    let is_break = |&index: &usize| index == 0 || step(index) != step(index - 1);
    let starts: Vec<usize> = (0..(points.len() - 1).max(1)).filter(is_break).collect();
    let ends = starts.iter().skip(1).copied().chain([points.len() - 1]);
    let piece = |(&start, end): (&usize, usize)| {
        let figures = points[start].1;
        let [spend, uncovered] = step(start);
        Tree::of([
            ("from", Tree::of_text(points[start].0.to_owned())),
            ("to", Tree::of_text(points[end].0.to_owned())),
            ("spend", figures.amount(Level::Spend, had(start, Level::Spend))),
            ("spend_per_step", figures.amount(Level::Spend, spend)),
            ("uncovered", Tree::Integer(had(start, Level::Uncovered))),
            ("uncovered_per_step", Tree::Integer(uncovered)),
        ])
    };
    let is_optimal = points.iter().all(|(_, figures)| figures.standing == Standing::Optimal);
    let standing = if is_optimal { "optimal" } else { "proved" };
    Tree::of([
        ("scenario", Tree::of_text(stretch.scenario.to_owned())),
        ("name", Tree::of_text(stretch.name.to_owned())),
        ("standing", Tree::of_text(standing.to_owned())),
        ("pieces", Tree::List(starts.iter().zip(ends).map(piece).collect())),
    ])
}

/// What is had in every scenario, with the least quantity.
fn in_any_case(scenarios: &[ScenarioFigures]) -> Tree<'static> {
    let Some((first, others)) = scenarios.split_first() else { return Tree::List(Vec::new()) };
    let least = |(line, &quantity): (&Had, &Quantity)| {
        let quantities = others.iter().map(|other| other.had.get(line).copied());
        quantities.chain([Some(quantity)]).min().flatten().map(|least| common(line, least))
    };
    Tree::List(first.had.iter().filter_map(least).collect())
}

fn common(line: &Had, quantity: Quantity) -> Tree<'static> {
    let action = if line.is_renewal { "renew" } else { "buy" };
    let mut row = Tree::of([
        ("action", Tree::of_text(action.to_owned())),
        ("offer", Tree::of_text(line.offer.clone())),
        ("quantity", Tree::of_quantity(quantity)),
    ]);
    if let Some(license) = &line.license {
        row.add("license", Tree::of_text(license.clone()));
    }
    if let Some((sku, scope)) = &line.bought {
        row.add("sku", Tree::of_text(sku.clone()));
        row.add("scope", Tree::of_text(scope.clone()));
    }
    row
}
