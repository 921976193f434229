//! The page of renewals: what is shown of the plans, in which order.

use super::curve;
use super::view::{Block, Marked, Page, Picture, Section, Table};
use crate::phrase::{self, flow, html as words, renewal as why};
use crate::renewal::together::{offers_grid, scenarios_grid as then_grid};
use crate::renewal::{Omitted, in_any_case, lines_grid, lines_without, pieces_grid, scenarios_grid};
use model::objective::Level;
use scenarios::renewal::{Comparison, Curve, Renewal, Together};

/// Most scenarios whose plans are shown line by line; all stand in the table side by side.
const PLANS_MAX: usize = 200;

/// What a page shows of renewals.
pub struct RenewalsPage<'r> {
    /// The plans, at least one.
    pub renewals: &'r [Renewal],
    /// What they have in common, curves, and plans for all of them together.
    pub comparison: &'r Comparison,
    /// Whose names are left out.
    pub omitted: Omitted,
    /// Whether it is a saved result that was checked again.
    pub is_saved: bool,
}

pub(super) fn page(shown: &RenewalsPage<'_>) -> Page {
    let (title, lead) = match shown.renewals {
        [one] => (why::title(one), why::summary(one)),
        several => {
            let as_of = several.first().map_or(String::new(), |renewal| renewal.as_of().to_string());
            (words::renewals_title(several.len(), &as_of), Vec::new())
        }
    };
    let sections = [
        side_by_side(shown),
        Some(plans(shown)),
        curves(shown),
        together(&shown.comparison.together),
        Some(proof(shown)),
    ];
    Page { title, lead, sections: sections.into_iter().flatten().collect() }
}

fn side_by_side(shown: &RenewalsPage<'_>) -> Option<Section> {
    if shown.renewals.len() < 2 {
        return None;
    }
    let grid = scenarios_grid(shown.renewals, shown.comparison);
    let table = Table::of("scenarios-table", words::SCENARIOS, grid).named_above();
    let table = table.linked(0..shown.renewals.len(), |index| format!("scenario-{index}"), |&index| plan_id(index));
    let common = in_any_case(shown.comparison).into_iter();
    let items = common.map(|sentence| Marked { mark: String::new(), sentence }).collect();
    let in_any_case = Block::Heading { text: why::IN_ANY_CASE.to_owned() };
    Some(Section::new("scenarios", words::SCENARIOS, vec![Block::Table(table), in_any_case, Block::List { items }]))
}

/// Where the plan of a scenario stands, if it is shown.
fn plan_id(index: usize) -> Option<String> {
    (index < PLANS_MAX).then(|| format!("plan-{index}"))
}

fn plans(shown: &RenewalsPage<'_>) -> Section {
    let mut blocks = Vec::new();
    let is_alone = shown.renewals.len() == 1;
    for (index, renewal) in shown.renewals.iter().take(PLANS_MAX).enumerate() {
        let title = why::title(renewal);
        if !is_alone {
            blocks.push(Block::Heading { text: title.clone() });
            blocks.push(Block::Text { sentences: why::summary(renewal) });
        }
        let lines = lines_without(renewal, shown.omitted);
        if lines.is_empty() {
            blocks.push(Block::Text { sentences: vec![why::NOTHING_TO_DO.to_owned()] });
        } else {
            let grid = lines_grid(renewal, lines.into_iter());
            blocks.push(Block::Table(Table::of(format!("plan-{index}"), title, grid).named_above()));
        }
    }
    let hidden = shown.renewals.len().saturating_sub(PLANS_MAX);
    if hidden > 0 {
        blocks.push(Block::Text { sentences: vec![phrase::and_more(hidden)] });
    }
    Section::new("plans", words::PLANS, blocks)
}

fn curves(shown: &RenewalsPage<'_>) -> Option<Section> {
    let mut blocks = Vec::new();
    for (index, curve) in shown.comparison.curves.iter().enumerate() {
        blocks.push(Block::Heading { text: why::curve(curve) });
        blocks.extend(pictures(shown.renewals, curve, index));
        let grid = pieces_grid(curve, curve.pieces.iter());
        blocks.push(Block::Table(Table::of(format!("curve-{index}"), why::curve(curve), grid).named_above()));
    }
    (!blocks.is_empty()).then(|| Section::new("curves", words::CURVES, blocks))
}

/// What is paid, and what is uncovered where something is, over the values; nothing where values are no whole numbers.
fn pictures(renewals: &[Renewal], curve: &Curve, index: usize) -> Vec<Block> {
    let Some(last) = curve.pieces.last() else { return Vec::new() };
    let is_end = |renewal: &&Renewal| renewal.name() == format!("{}, {}={}", curve.scenario, curve.name, last.to);
    let Some(end) = renewals.iter().find(is_end) else { return Vec::new() };
    let uncovered_at_end = end.objective()[Level::Uncovered.index()];
    let kinds = [
        (words::SPEND, curve.pieces.iter().map(|piece| piece.spend).chain([end.spend()]).collect::<Vec<i128>>()),
        (words::DEMAND_UNCOVERED, curve.pieces.iter().map(|piece| piece.uncovered).chain([uncovered_at_end]).collect()),
    ];
    let places: Vec<&str> = curve.pieces.iter().map(|piece| piece.from.as_str()).chain([last.to.as_str()]).collect();
    let mut blocks = Vec::new();
    for (what, amounts) in kinds {
        let is_money = what == words::SPEND;
        let said = |amount: i128| if is_money { phrase::money(amount, curve.currency) } else { amount.to_string() };
        let points = places.iter().zip(amounts);
        let points: Option<Vec<curve::Point>> =
            points.map(|(place, amount)| curve::Point::of(place, amount, said(amount))).collect();
        let Some(points) = points.filter(|points| points.iter().any(|point| point.amount > 0)) else { continue };
        let id = format!("curve-{index}-{}", what.to_lowercase());
        let title = words::curve(what, &curve.scenario, &curve.name);
        let table = Table::of(format!("{id}-table"), title.clone(), curve::grid(what, &points)).named_above();
        let svg = curve::svg(&id, &title, &points);
        blocks.push(Block::Picture(Picture { id, title, svg, marks: Vec::new(), as_a_table: flow::AS_A_TABLE, table }));
    }
    blocks
}

fn together(plans: &[Together]) -> Option<Section> {
    let mut blocks = Vec::new();
    for (index, plan) in plans.iter().enumerate() {
        blocks.push(Block::Heading { text: why::together(plan) });
        blocks.push(Block::Text { sentences: why::together_summary(plan).into() });
        if !plan.offers.is_empty() {
            let grid = offers_grid(plan, usize::MAX);
            blocks.push(Block::Table(Table::of(format!("before-{index}"), words::HAD_BEFORE, grid)));
        }
        blocks.push(Block::Table(Table::of(format!("then-{index}"), words::THEN, then_grid(plan, usize::MAX))));
    }
    (!blocks.is_empty()).then(|| Section::new("together", words::TOGETHER, blocks))
}

fn proof(shown: &RenewalsPage<'_>) -> Section {
    let mut sentences = vec![words::WHO_CHECKS_PLANS.to_owned()];
    if shown.is_saved {
        sentences.push(words::SAVED.to_owned());
    }
    let as_of = shown.renewals.first().map_or(String::new(), |renewal| renewal.as_of().to_string());
    let commands = Block::Commands { lines: words::verify_renewal_commands(&as_of) };
    Section::new("proof", words::PROOF, vec![Block::Text { sentences }, commands])
}
