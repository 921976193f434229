//! Plans for all scenarios together, for readers.

use crate::diagnostics::Color;
use crate::grid::Alignment::{Left, Right};
use crate::grid::{Cell, Grid, ROWS_SHOWN_MAX};
use crate::phrase::bare_money;
use crate::phrase::renewal as phrase;
use crate::table::and_more;
use scenarios::renewal::{Together, TogetherScenario};
use std::fmt::Write as _;

/// A plan in words and tables: what is had before, and what comes then in each scenario.
pub(super) fn together(plan: &Together, color: Color, out: &mut String) {
    let _ = writeln!(out, "\n{}", color.heading(&phrase::together(plan)));
    for said in phrase::together_summary(plan) {
        let _ = writeln!(out, "{said}");
    }
    if !plan.offers.is_empty() {
        out.push('\n');
        offers_grid(plan, ROWS_SHOWN_MAX).render(color, out);
        and_more(plan.offers.len().saturating_sub(ROWS_SHOWN_MAX), out);
    }
    out.push('\n');
    scenarios_grid(plan, ROWS_SHOWN_MAX).render(color, out);
    and_more(plan.scenarios.len().saturating_sub(ROWS_SHOWN_MAX), out);
}

/// What is had before, at most so many rows.
pub(crate) fn offers_grid(plan: &Together, most: usize) -> Grid {
    let mut grid = Grid::new(&[("Offer", Left), ("Quantity", Right), ("Cost", Right)]);
    for row in plan.offers.iter().take(most) {
        let cost = bare_money(row.cost, plan.currency);
        grid.push(vec![Cell::new(&row.offer), Cell::number(row.quantity.get()), Cell::new(&cost)]);
    }
    grid
}

/// What comes in each scenario, at most so many rows.
pub(crate) fn scenarios_grid(plan: &Together, most: usize) -> Grid {
    let aligned = SCENARIO_COLUMNS.into_iter().zip([Left, Right, Right, Right, Left]);
    let mut grid = Grid::new(&aligned.collect::<Vec<_>>());
    for row in plan.scenarios.iter().take(most) {
        grid.push(scenario_cells(plan, row).iter().map(|cell| Cell::new(cell)).collect());
    }
    grid
}

/// What is said of a scenario.
pub(crate) const SCENARIO_COLUMNS: [&str; 5] = ["Scenario", "Weight", "Cost", "Regret", "Bought later"];

pub(crate) fn scenario_cells(plan: &Together, row: &TogetherScenario) -> [String; 5] {
    [
        row.name.clone(),
        row.weight.map_or(String::new(), |weight| weight.to_string()),
        bare_money(row.cost, plan.currency),
        bare_money(row.regret, plan.currency),
        phrase::bought_later(plan, row),
    ]
}
