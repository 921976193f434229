//! Renewals as Markdown: for a page, a ticket, a mail.

use super::{escaped, section};
use crate::phrase::renewal as phrase;
use crate::phrase::{bare_money, money};
use crate::renewal::together::{SCENARIO_COLUMNS, scenario_cells};
use crate::renewal::{Line, PIECE_COLUMNS, in_any_case, lines, piece_cells};
use model::objective::Level;
use scenarios::renewal::{Comparison, Curve, Renewal, Together};
use std::fmt::Write as _;

/// The answers: for each scenario what is paid, what is proved and every line of the plan, then all side by side.
#[must_use]
pub fn renewals_markdown(renewals: &[Renewal], comparison: &Comparison) -> String {
    let mut out = String::new();
    for renewal in renewals {
        if !out.is_empty() {
            out.push('\n');
        }
        scenario(renewal, &mut out);
    }
    if renewals.len() > 1 {
        side_by_side(renewals, comparison, &mut out);
        section(phrase::IN_ANY_CASE, in_any_case(comparison).into_iter(), &mut out);
    }
    for curve in &comparison.curves {
        along(curve, &mut out);
    }
    for plan in &comparison.together {
        together(plan, &mut out);
    }
    out
}

fn scenario(renewal: &Renewal, out: &mut String) {
    let _ = writeln!(out, "# {}\n", escaped(&phrase::title(renewal)));
    for said in phrase::summary(renewal) {
        let _ = writeln!(out, "{}", escaped(&said));
    }
    let lines = lines(renewal);
    if lines.is_empty() {
        let _ = writeln!(out, "{}", phrase::NOTHING_TO_DO);
        return;
    }
    out.push_str("\n| Action | Offer | What | Scope | Quantity | Unit price | Cost | Reason |\n");
    out.push_str("|---|---|---|---|--:|--:|--:|---|\n");
    for line in lines {
        row(renewal, &line, out);
    }
}

fn row(renewal: &Renewal, line: &Line, out: &mut String) {
    let money = |units: Option<i128>| units.map_or(String::new(), |units| bare_money(units, renewal.currency()));
    let _ = writeln!(
        out,
        "| {} | {} | {} | {} | {} | {} | {} | {} |",
        line.action.word(),
        escaped(&line.offer),
        escaped(&line.what),
        escaped(&line.scope),
        line.quantity,
        money(line.unit_price.map(|price| price.units().into())),
        money(line.cost),
        escaped(&line.reason),
    );
}

fn side_by_side(renewals: &[Renewal], comparison: &Comparison, out: &mut String) {
    let _ = writeln!(out, "\n# {}\n", phrase::COMPARISON);
    out.push_str("| Scenario | Uncovered | Spend | Units bought | Standing | |\n|---|--:|--:|--:|---|---|\n");
    for (position, renewal) in renewals.iter().enumerate() {
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} |",
            escaped(renewal.name()),
            renewal.totals().uncovered,
            money(renewal.spend(), renewal.currency()),
            renewal.objective()[Level::UnitsBought.index()],
            escaped(&phrase::standing_words(renewal)),
            phrase::rank(position == comparison.cheapest, position == comparison.dearest),
        );
    }
}

fn along(curve: &Curve, out: &mut String) {
    let _ = writeln!(out, "\n# {}\n", escaped(&phrase::curve(curve)));
    let _ = writeln!(out, "| {} |\n|{}", PIECE_COLUMNS.join(" | "), "--:|".repeat(PIECE_COLUMNS.len()));
    for piece in &curve.pieces {
        let _ = writeln!(out, "| {} |", piece_cells(curve, piece).join(" | "));
    }
}

/// A plan for all scenarios together.
fn together(plan: &Together, out: &mut String) {
    let _ = writeln!(out, "\n# {}\n", escaped(&phrase::together(plan)));
    for said in phrase::together_summary(plan) {
        let _ = writeln!(out, "{}", escaped(&said));
    }
    if !plan.offers.is_empty() {
        out.push_str("\n| Offer | Quantity | Cost |\n|---|--:|--:|\n");
        for row in &plan.offers {
            let cost = bare_money(row.cost, plan.currency);
            let _ = writeln!(out, "| {} | {} | {cost} |", escaped(&row.offer), row.quantity);
        }
    }
    let _ = writeln!(out, "\n| {} |\n|---|--:|--:|--:|---|", SCENARIO_COLUMNS.join(" | "));
    for row in &plan.scenarios {
        let cells = scenario_cells(plan, row).map(|cell| escaped(&cell));
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
}
