//! Tables that a page has and a terminal has not.

use crate::grid::Alignment::{Left, Right};
use crate::grid::{Cell, Grid};
use crate::phrase::{self, workbook as words};
use checker::Certified;
use checker::figures::{Outcome, Totals};
use model::estate::Assigned;
use model::id::{TitleId, ids_in};
use solver::Position;

/// A row for every title.
pub(super) fn titles(position: &Position<'_>) -> Grid {
    let (certified, derived) = (&position.certified, &position.derived);
    let mut grid = Grid::new(&[
        ("Title", Left),
        ("Name", Left),
        ("Status", Left),
        ("Installed", Right),
        ("Demand", Right),
        ("Covered", Right),
        ("Uncovered", Right),
    ]);
    for (id, title) in certified.estate().titles.enumerate() {
        let (status, totals) = (derived.titles[id], totals(certified, id));
        grid.push(vec![
            Cell::new(&title.id),
            Cell::new(title.name.as_deref().unwrap_or_default()),
            Cell::status(status, status.word().to_owned()),
            Cell::number(totals.installed.get()),
            Cell::number(totals.demand.get()),
            Cell::number(totals.covered.get()),
            Cell::alarm(totals.uncovered.get()),
        ]);
    }
    grid
}

/// Sums over the versions of a title.
fn totals(certified: &Certified<'_>, title: TitleId) -> Totals {
    let mut totals = Totals::default();
    let versions = ids_in(&certified.estate().titles[title].versions);
    versions.for_each(|version| totals.add_version(&certified.figures().versions[version]));
    totals
}

/// A row for every assignment, with what became of it.
pub(super) fn assignments(certified: &Certified<'_>) -> Grid {
    let estate = certified.estate();
    let mut grid = Grid::new(&[("Assigned", Left), ("To", Left), ("Scope", Left), ("Kind", Left), ("Outcome", Left)]);
    for (id, &assignment) in estate.assignments.enumerate() {
        let outcome = certified.figures().assignments[id];
        let fate = phrase::fate(outcome).unwrap_or_else(|| phrase::MET.to_owned());
        let kind = match assignment.assigned {
            Assigned::License(_) => "license",
            Assigned::Title(_) => "title",
        };
        grid.push(vec![
            Cell::new(&phrase::assigned(estate, assignment)),
            Cell::new(&phrase::target(estate, assignment.target)),
            Cell::new(&estate.scopes[assignment.scope].id),
            Cell::new(kind),
            Cell::new(&fate).alarming(matches!(outcome, Outcome::Unmet(_))),
        ]);
    }
    grid
}

/// A row for every version, as auditors read it.
pub(super) fn effective(position: &Position<'_>) -> Grid {
    let estate = position.certified.estate();
    let alignments = [Left, Left, Right, Right, Right, Right, Right, Right, Left];
    let columns = words::POSITION_COLUMNS.iter().zip(alignments).map(|(&(name, _), alignment)| (name, alignment));
    let mut grid = Grid::new(&columns.collect::<Vec<_>>());
    for (version, row) in position.certified.effective().enumerate() {
        let standing = &position.derived.versions[version];
        grid.push(vec![
            Cell::new(&estate.title_of(version).id),
            Cell::new(&estate.versions[version].name),
            Cell::number(row.licensed.get()),
            Cell::number(row.deployed.get()),
            Cell::new(&row.moved.to_string()),
            Cell::new(&row.delta().to_string()).alarming(row.delta() < 0),
            Cell::number(row.idle.get()),
            Cell::number(row.upgrades.get()),
            Cell::status(standing.status, phrase::status(standing)),
        ]);
    }
    grid
}
