//! The optimum against baselines, as JSON.
//!
//! A baseline has the rows of a position and no evidence. `proved` says which is which.

use super::lines::Lines;
use super::rows::Rows;
use super::rows::totals;
use super::{FORMAT, ObjectiveRow, money};
use checker::Certified;
use model::estate::Estate;
use model::id::VersionId;
use model::number::Quantity;
use serde::Serialize;
use solver::baselines::{BaselineOutcome, Orders};
use solver::compare::{Comparison, Misstep, VersionComparison};

#[derive(Serialize)]
struct OrdersRow {
    versions: &'static str,
    rules: &'static str,
    licenses: &'static str,
}

#[derive(Serialize)]
struct DifferenceRow {
    false_red: usize,
    false_green: usize,
    uncovered: u64,
    optimum_uncovered: u64,
    cost: Option<String>,
    unpriced: u64,
}

#[derive(Serialize)]
struct VersionRow {
    version: String,
    shortage: Option<&'static str>,
    uncovered: Option<u64>,
    optimum_uncovered: u64,
    judgment: Option<&'static str>,
    cost: Option<String>,
}

#[derive(Serialize)]
struct MisstepRow<R: Serialize> {
    step: usize,
    steps: usize,
    lost: LostRow,
    row: R,
}

#[derive(Serialize)]
struct LostRow {
    license_assignments_unmet: i128,
    title_assignments_unmet: i128,
    uncovered: i128,
}

/// The comparison as one JSON object with a line feed at its end.
#[must_use]
pub fn comparison_json(optimum: &Certified<'_>, baselines: &[(BaselineOutcome, Comparison)]) -> String {
    let (estate, figures) = (optimum.estate(), optimum.figures());
    let mut lines = Lines::new();
    lines.field("licit", &FORMAT);
    lines.field("command", "compare");
    lines.field("name", &estate.name);
    lines.field("as_of", &estate.as_of.to_string());
    lines.field("currency", &estate.currency.map(|currency| currency.code));
    lines.field("digest", &estate.digest());
    lines.open("optimum");
    lines.field("proved", &true);
    lines.field("standing", optimum.standing().word());
    lines.field("objective", &ObjectiveRow { objective: &figures.objective, currency: estate.currency });
    lines.field("totals", &totals(figures.totals));
    lines.close();
    lines.open("baselines");
    for (outcome, comparison) in baselines {
        lines.open(outcome.rule().name());
        baseline(estate, outcome, comparison, &mut lines);
        lines.close();
    }
    lines.close();
    lines.finish()
}

fn baseline(estate: &Estate, outcome: &BaselineOutcome, comparison: &Comparison, lines: &mut Lines) {
    let rows = Rows { estate };
    lines.field("proved", &false);
    lines.field("orders", &orders_row(outcome.orders()));
    let figures = outcome.plan().map(|plan| &plan.figures);
    let objective = figures.map(|figures| ObjectiveRow { objective: &figures.objective, currency: estate.currency });
    lines.field("objective", &objective);
    lines.field("totals", &figures.map(|figures| totals(figures.totals)));
    let totals = comparison.totals;
    lines.field(
        "difference",
        &DifferenceRow {
            false_red: totals.false_red,
            false_green: totals.false_green,
            uncovered: totals.baseline_uncovered.get(),
            optimum_uncovered: totals.optimum_uncovered.get(),
            cost: cost_text(estate, totals.cost),
            unpriced: totals.unpriced.get(),
        },
    );
    lines.rows("versions", comparison.versions.enumerate().map(|(version, row)| version_row(estate, version, row)));
    let steps = outcome.plan().map_or(&[][..], |plan| &plan.steps);
    let misstep = comparison.misstep.map(|Misstep { step, lost: [license, title, uncovered] }| MisstepRow {
        step: step + 1,
        steps: steps.len(),
        lost: LostRow { license_assignments_unmet: license, title_assignments_unmet: title, uncovered },
        row: rows.allocation(&steps[step]),
    });
    lines.field("misstep", &misstep);
    match outcome.plan() {
        Some(plan) => lines.rows("allocation", plan.allocation.rows.iter().map(|row| rows.allocation(row))),
        None => lines.field("allocation", &None::<()>),
    }
}

const fn orders_row(orders: Orders) -> OrdersRow {
    OrdersRow { versions: orders.versions.word(), rules: orders.rules.word(), licenses: orders.licenses.word() }
}

fn version_row(estate: &Estate, version: VersionId, row: &VersionComparison) -> VersionRow {
    VersionRow {
        version: estate.version_text(version),
        shortage: row.shortage.map(solver::Shortage::word),
        uncovered: row.baseline_uncovered.map(Quantity::get),
        optimum_uncovered: row.optimum_uncovered.get(),
        judgment: row.judgment.word(),
        cost: cost_text(estate, row.cost),
    }
}

fn cost_text(estate: &Estate, cost: Option<i128>) -> Option<String> {
    cost.map(|cost| money(cost, estate.currency))
}
