//! A component with bundles as an integer program: a column for each arc, a row for each node and bundle.

use crate::error::SolveError;
use crate::graph::{FREE, Graph, HUB, Tuple, minus, plus};
use milp::{Column, Engine, Fault, Hint, Limits, Objective, Program, Relaxation, Row};
use model::objective::{LEVELS, Level};
use std::ops::Range;

/// The program of a component.
pub(crate) struct Statement {
    program: Program,
    /// Rows of the nodes come first.
    node_rows: usize,
    /// No arc needs to carry more.
    most: i64,
}

impl Statement {
    /// States the component; the hub's balance follows from the others and is left out.
    pub(crate) fn of(graph: &Graph) -> Result<Self, SolveError> {
        let supplies = graph.supply.iter().map(|&supply| i128::from(supply.max(0)));
        let capacities = graph.arcs.iter().filter_map(|arc| arc.capacity).map(i128::from);
        let units = graph.bundles.iter().map(|bundle| i128::from(bundle.units));
        // What flows comes from a supply, or from an unlimited pool for something that is limited.
        let most: i128 = supplies.chain(capacities).chain(units).sum();
        let most = i64::try_from(most).map_err(|_| SolveError::Limit {
            what: format!("{most} units in one component that is no network, at most {} fit", i64::MAX),
        })?;
        let mut program = Program::default();
        let is_bundled = super::bundled(graph);
        for (arc, &is_declared) in graph.arcs.iter().zip(&is_bundled) {
            let (tail, head) = (graph.nodes[arc.tail as usize], graph.nodes[arc.head as usize]);
            let upper = arc.capacity.unwrap_or(most);
            program.add_column(Column { name: format!("{tail:?} to {head:?}"), lower: 0, upper, is_declared });
        }
        add_balances(&mut program, graph);
        let node_rows = program.rows.len();
        for bundle in &graph.bundles {
            let terms = bundle.arcs.iter().map(|&arc| (arc as usize, 1)).collect();
            let name = format!("units of {:?}", graph.nodes[graph.arcs[bundle.arcs[0] as usize].tail as usize]);
            program.add_row(Row { name, terms, lower: None, upper: Some(bundle.units) });
        }
        for level in Level::ALL {
            let costs = graph.arcs.iter().map(|arc| arc.cost[level.index()]).enumerate();
            let terms = costs.filter(|&(_, cost)| cost != 0).collect();
            program.objectives.push(Objective { name: level.name().to_owned(), terms });
        }
        Ok(Self { program, node_rows, most })
    }

    pub(crate) const fn program(&self) -> &Program {
        &self.program
    }

    pub(crate) fn bundle_rows(&self) -> Range<usize> {
        self.node_rows..self.program.rows.len()
    }

    /// Keeps every arc where it must be to be best up to a level: free where its reduced cost is zero,
    /// else empty or full. A bundle whose units have a price is used up.
    pub(crate) fn keep_free(&mut self, graph: &Graph, potential: &[Tuple], prices: &[Tuple], level: usize) {
        let up_to_level = |mut cost: Tuple| {
            cost[level + 1..].fill(0);
            cost
        };
        let mut raised: Vec<Tuple> = graph.arcs.iter().map(|arc| arc.cost).collect();
        for (bundle, &price) in graph.bundles.iter().zip(prices) {
            for &arc in &bundle.arcs {
                raised[arc as usize] = plus(raised[arc as usize], price);
            }
        }
        for ((arc, cost), column) in graph.arcs.iter().zip(raised).zip(&mut self.program.columns) {
            let reduced = plus(cost, minus(potential[arc.tail as usize], potential[arc.head as usize]));
            let reduced = up_to_level(reduced);
            if reduced > FREE {
                column.upper = column.lower;
            } else if reduced < FREE {
                column.lower = column.upper;
            }
        }
        for (row, price) in self.program.rows[self.node_rows..].iter_mut().zip(prices) {
            if up_to_level(*price) > FREE {
                row.lower = row.upper;
            }
        }
    }

    /// Takes back what [`Self::keep_free`] has kept.
    pub(crate) fn free_all(&mut self, graph: &Graph) {
        for (arc, column) in graph.arcs.iter().zip(&mut self.program.columns) {
            column.lower = 0;
            column.upper = arc.capacity.unwrap_or(self.most);
        }
        for row in &mut self.program.rows[self.node_rows..] {
            row.lower = None;
        }
    }
}

/// A program over the columns that are not fixed; what the others carry is in the bounds of the rows, and
/// rows without any are left out, as some point is known.
pub(crate) struct Reduced {
    pub(crate) program: Program,
    /// By column: where it went.
    pub(crate) columns: Vec<Option<usize>>,
    /// By row: where it went.
    pub(crate) rows: Vec<Option<usize>>,
}

impl Reduced {
    pub(crate) fn of(whole: &Program) -> Self {
        let mut program = Program::default();
        let column = |column: &Column| (column.lower < column.upper).then(|| program.add_column(column.clone()));
        let columns: Vec<Option<usize>> = whole.columns.iter().map(column).collect();
        let moved = |terms: &[(usize, i64)]| -> Vec<(usize, i64)> {
            terms.iter().filter_map(|&(column, by)| columns[column].map(|column| (column, by))).collect()
        };
        let row = |row: &Row| {
            let carried = |&&(column, _): &&(usize, i64)| columns[column].is_none();
            let carried = row.terms.iter().filter(carried).map(|&(column, by)| by * whole.columns[column].lower);
            let carried: i64 = carried.sum();
            let terms = moved(&row.terms);
            let bound = |bound: Option<i64>| bound.map(|bound| bound - carried);
            let (lower, upper) = (bound(row.lower), bound(row.upper));
            (!terms.is_empty()).then(|| program.add_row(Row { name: row.name.clone(), terms, lower, upper }))
        };
        let rows = whole.rows.iter().map(row).collect();
        let objective = |level: &Objective| Objective { name: level.name.clone(), terms: moved(&level.terms) };
        program.objectives = whole.objectives.iter().map(objective).collect();
        Self { program, columns, rows }
    }

    /// What the relaxation of a level says of all columns and rows: fixed columns have their values, rows
    /// that are left out no duals.
    pub(crate) fn relax(
        &self,
        whole: &Program,
        level: usize,
        limits: Limits,
        engine: &Engine<'_>,
    ) -> Result<Option<Relaxation>, Fault> {
        let relaxed = milp::relax(&self.program, level, &[], limits, engine)?;
        Ok(relaxed.map(|relaxed| {
            let value = |(column, &at): (&Column, &Option<usize>)| {
                at.map_or_else(|| Hint::whole(column.lower), |at| relaxed.values[at])
            };
            let dual = |at: &Option<usize>| at.map_or_else(Hint::default, |at| relaxed.duals[at]);
            Relaxation {
                values: whole.columns.iter().zip(&self.columns).map(value).collect(),
                duals: self.rows.iter().map(dual).collect(),
            }
        }))
    }
}

/// What leaves a node is what enters it and what it supplies.
fn add_balances(program: &mut Program, graph: &Graph) {
    let mut terms: Vec<Vec<(usize, i64)>> = vec![Vec::new(); graph.nodes.len()];
    for (index, arc) in graph.arcs.iter().enumerate() {
        terms[arc.tail as usize].push((index, 1));
        terms[arc.head as usize].push((index, -1));
    }
    for (node, terms) in terms.into_iter().enumerate().filter(|&(node, _)| node != HUB as usize) {
        let supply = Some(graph.supply[node]);
        let name = format!("balance of {:?}", graph.nodes[node]);
        program.add_row(Row { name, terms, lower: supply, upper: supply });
    }
}

const _: () = assert!(LEVELS == Level::ALL.len());
