//! The optimum against baselines, as tables for a terminal.

use crate::diagnostics::Color;
use crate::grid::Alignment::{Left, Right};
use crate::grid::{Cell, Grid, ROWS_SHOWN_MAX};
use crate::phrase;
use checker::Certified;
use model::estate::Estate;
use model::id::VersionId;
use solver::Shortage;
use solver::baselines::BaselineOutcome;
use solver::compare::{Comparison, VersionComparison};
use std::fmt::Write as _;

/// The comparison in words and tables: the optimum and every baseline in a row each, then for each
/// baseline the versions about which it differs and the step at which it went wrong. The optimum is
/// labeled as proved, baselines as not.
#[must_use]
pub fn comparison_table(optimum: &Certified<'_>, baselines: &[(BaselineOutcome, Comparison)], color: Color) -> String {
    let estate = optimum.estate();
    let mut out = format!("{}\n", color.heading(&phrase::comparison_title(estate)));
    let _ = writeln!(out, "{}", phrase::gross(optimum.figures().totals));
    if let Some(unknown) = phrase::unknown_names(estate) {
        let _ = writeln!(out, "{unknown}");
    }
    let _ = writeln!(out, "{}\n", phrase::standing_beside_baselines(optimum));
    summary_grid(optimum, baselines).render(color, &mut out);
    for (outcome, comparison) in baselines {
        let heading = phrase::baseline(outcome.rule(), outcome.orders());
        let _ = writeln!(out, "\n{}", color.heading(&heading));
        differences(estate, comparison, color, &mut out);
        if let (Some(misstep), Some(plan)) = (comparison.misstep, outcome.plan()) {
            let _ = writeln!(out, "  {}", phrase::misstep(estate, &plan.steps, misstep));
        }
    }
    out
}

/// The methods, a row each.
pub(crate) fn summary_grid(optimum: &Certified<'_>, baselines: &[(BaselineOutcome, Comparison)]) -> Grid {
    let mut grid = Grid::new(&[
        ("Method", Left),
        ("Proved", Left),
        ("Unmet assignments", Right),
        ("Uncovered", Right),
        ("False red", Right),
        ("False green", Right),
        ("Difference costs", Right),
    ]);
    let of_optimum = &optimum.figures().objective;
    grid.push(vec![
        Cell::new(phrase::OPTIMUM),
        Cell::new(phrase::PROVED),
        Cell::new(&phrase::assignments_unmet(of_optimum)),
        Cell::number(optimum.figures().totals.uncovered.get()),
        Cell::new(phrase::NOTHING),
        Cell::new(phrase::NOTHING),
        Cell::new(phrase::NOTHING),
    ]);
    for (outcome, comparison) in baselines {
        let totals = comparison.totals;
        grid.push(vec![
            Cell::new(outcome.rule().name()),
            Cell::new(phrase::NOT_PROVED),
            Cell::new(
                &outcome.plan().map_or_else(
                    || phrase::NOTHING.to_owned(),
                    |plan| phrase::assignments_unmet(&plan.figures.objective),
                ),
            ),
            Cell::number(totals.baseline_uncovered.get()),
            Cell::alarm(totals.false_red as u64),
            Cell::alarm(totals.false_green as u64),
            Cell::new(&phrase::cost_of_difference(optimum.estate(), totals.cost)),
        ]);
    }
    grid
}

/// The versions about which a baseline differs from the optimum, or is wrong.
pub(crate) fn differing(comparison: &Comparison) -> Vec<(VersionId, VersionComparison)> {
    let rows = comparison.versions.enumerate().map(|(version, &row)| (version, row));
    rows.filter(|(_, row)| row.differs()).collect()
}

fn differences(estate: &Estate, comparison: &Comparison, color: Color, out: &mut String) {
    let differing = differing(comparison);
    if differing.is_empty() {
        let _ = writeln!(out, "  {}", phrase::NO_DIFFERENCE);
        return;
    }
    let shown = &differing[..differing.len().min(ROWS_SHOWN_MAX)];
    differences_grid(estate, shown).indented().render(color, out);
    if differing.len() > ROWS_SHOWN_MAX {
        let _ = writeln!(out, "  {}", phrase::and_more(differing.len() - ROWS_SHOWN_MAX));
    }
}

/// Versions about which a baseline differs, a row each.
pub(crate) fn differences_grid(estate: &Estate, differing: &[(VersionId, VersionComparison)]) -> Grid {
    let mut grid = Grid::new(&[
        ("Version", Left),
        ("Optimum uncovered", Right),
        ("Baseline uncovered", Right),
        ("Shortage", Left),
        ("Judgment", Left),
        ("Difference costs", Right),
    ]);
    for &(version, row) in differing {
        grid.push(vec![
            Cell::new(&estate.version_text(version)),
            Cell::number(row.optimum_uncovered.get()),
            row.baseline_uncovered.map_or_else(|| Cell::new(phrase::NOTHING), |units| Cell::number(units.get())),
            Cell::new(phrase::certainty(row.shortage.map(Shortage::word))),
            Cell::new(phrase::judgment(row.judgment)),
            Cell::new(&phrase::cost_of_difference(estate, row.cost)),
        ]);
    }
    grid
}
