//! What can still be reached when some rows of an allocation are taken as given.
//!
//! The rows come off the problem: their units off the pools and reserved units, what they cover off the
//! demand, the assignments they meet off what is wanted. The rest is solved at levels 1 to 3. The more
//! rows are given, the worse the best that is left, so the first row that costs something is found by
//! bisection: one solve for each doubling of the rows.

use crate::build;
use crate::component::{self, Components};
use crate::error::SolveError;
use crate::graph::Graph;
use crate::places::Map;
use crate::problem::{Extract, Problem};
use checker::allocation::{Destination, Row};
use model::estate::Estate;
use model::id::{LicenseId, Table};
use model::objective::Level;

/// The levels that say how well assignments and installs are served.
pub(crate) const COVERAGE_LEVELS: usize = 3;

/// A value at these levels, up to what no allocation changes; less is better.
pub(crate) type Coverage = [i128; COVERAGE_LEVELS];

/// Where a sequence of rows leaves the best allocations.
pub(crate) struct Departure {
    /// The first row with which the best can no longer be reached.
    pub(crate) row: usize,
    /// How much worse the best is that can be reached with it.
    pub(crate) lost: Coverage,
}

/// The first of `rows` after which the best cannot be reached any more; none if all lead there.
pub(crate) fn departure(estate: &Estate, rows: &[Row]) -> Result<Option<Departure>, SolveError> {
    let best = reachable(estate, &[])?;
    let mut reached = reachable(estate, rows)?;
    if reached == best {
        return Ok(None);
    }
    // With so many rows the best can be reached; with so many it cannot.
    let (mut good, mut bad) = (0, rows.len());
    while bad - good > 1 {
        let middle = good.midpoint(bad);
        let value = reachable(estate, &rows[..middle])?;
        if value == best {
            good = middle;
        } else {
            (bad, reached) = (middle, value);
        }
    }
    let lost = std::array::from_fn(|level| reached[level] - best[level]);
    Ok(Some(Departure { row: good, lost }))
}

/// The best value that can be reached with the rows given.
fn reachable(estate: &Estate, rows: &[Row]) -> Result<Coverage, SolveError> {
    let mut map = Map::new(estate);
    let mut problem = Problem::new(estate, Extract::whole(estate.as_of), &map);
    let mut value = take(&mut problem, rows);
    let mut graph = build::graph(&problem, &mut map)?;
    without_lower_levels(&mut graph);
    let flows = component::solve_all(&graph, &Components::of(&graph), &crate::divide)?;
    for (arc, &flow) in graph.arcs.iter().zip(&flows.flow) {
        for (sum, &cost) in value.iter_mut().zip(&arc.cost) {
            *sum += i128::from(cost) * i128::from(flow);
        }
    }
    Ok(value)
}

/// Makes every allocation that is best at levels 1 to 3 as good as any other.
fn without_lower_levels(graph: &mut Graph) {
    for arc in &mut graph.arcs {
        arc.cost[COVERAGE_LEVELS..].fill(0);
    }
}

/// Takes lawful rows off the problem and says what they are worth, as the arcs of the graph would.
fn take(problem: &mut Problem<'_>, rows: &[Row]) -> Coverage {
    let mut value = [0; COVERAGE_LEVELS];
    let mut is_met = vec![false; problem.wanted.len()];
    let lots = lots(problem);
    for row in rows {
        for unit in &row.path {
            match unit.reserved_for {
                None => {
                    let (pool, lot) = lots[unit.license];
                    let pool = &mut problem.pools[pool];
                    pool.lots[lot].1 = pool.lots[lot].1.map(|units| units - row.quantity);
                    pool.units = pool.units.map(|units| units - row.quantity);
                }
                Some(target) => {
                    let key = (unit.license, target);
                    let index = problem.reserved.binary_search_by_key(&key, |unit| (unit.license, unit.target));
                    let index = index.expect("lawful rows use units that are reserved");
                    // A reserved base unit is never idle: using it earns nothing.
                    if problem.estate.sku_of(unit.license).is_upgrade() {
                        value[Level::LicenseAssignmentsUnmet.index()] -= 1;
                    }
                    let units = problem.reserved_of.get_mut(&target).expect("a reserved unit has its target");
                    units.retain(|&unit| unit != index);
                }
            }
        }
        let met = match row.destination {
            Destination::Demand(key) => {
                let index = problem.demands.binary_search_by_key(&key, |demand| demand.key);
                let demand = &mut problem.demands[index.expect("lawful rows cover demand of the estate")];
                demand.quantity -= row.quantity;
                value[Level::Uncovered.index()] -= i128::from(row.quantity.get());
                demand.meets
            }
            Destination::SetAside(aside) => aside.title.and_then(|title| {
                problem.wanted.binary_search_by_key(&(title, aside.target), |row| (row.title, row.target)).ok()
            }),
        };
        if let Some(met) = met.filter(|&met| !std::mem::replace(&mut is_met[met], true)) {
            value[Level::TitleAssignmentsUnmet.index()] -= 1;
            // It asks for nothing more, and below no demand counts for it.
            problem.wanted[met].has_installs = true;
        }
    }
    for demand in &mut problem.demands {
        demand.meets = demand.meets.filter(|&wanted| !is_met[wanted]);
    }
    value
}

/// Pool and lot of the licenses that are in a pool.
fn lots(problem: &Problem<'_>) -> Table<LicenseId, (usize, usize)> {
    let mut lots = Table::filled((0, 0), problem.estate.licenses.len());
    for (index, pool) in problem.pools.iter().enumerate() {
        for (lot, &(license, _)) in pool.lots.iter().enumerate() {
            lots[license] = (index, lot);
        }
    }
    lots
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;
    use crate::baselines::{Orders, Rule, baseline};
    use model::generate::{Draft, Shape, SplitMix64};

    fn estate(seed: u64) -> Estate {
        let text = Draft::generate(seed, &Shape::SMALL).to_yaml();
        model::read_estate_text("estate.yaml", &text, &model::ReadOptions::default()).estate.unwrap()
    }

    #[test]
    fn the_rows_of_an_optimum_lead_to_the_best_in_any_order() {
        for seed in 600_000..600_300 {
            let estate = estate(seed);
            let Ok(optimum) = crate::answer(&estate) else { continue };
            let mut rows = optimum.allocation().rows.clone();
            SplitMix64::new(seed).shuffle(&mut rows);
            assert!(departure(&estate, &rows).unwrap().is_none(), "seed {seed}");
        }
    }

    #[test]
    fn what_can_be_reached_never_gets_better_with_more_rows_given() {
        for seed in 610_000..610_100 {
            let estate = estate(seed);
            if crate::answer(&estate).is_err() {
                continue;
            }
            let outcome = baseline(&estate, Rule::BestFit, Orders::default());
            let rows = outcome.unwrap().plan().unwrap().steps.clone();
            let values: Vec<Coverage> =
                (0..=rows.len()).map(|count| reachable(&estate, &rows[..count]).unwrap()).collect();
            assert!(values.is_sorted(), "seed {seed}: {values:?}");
            if let Some(found) = departure(&estate, &rows).unwrap() {
                let first = values.iter().position(|value| *value > values[0]).unwrap();
                assert_eq!(found.row + 1, first, "seed {seed}");
            }
        }
    }
}
