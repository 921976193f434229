//! A component with bundles as an integer program: a column for each arc, a row for each node and bundle.

use crate::error::SolveError;
use crate::graph::{FREE, Graph, HUB, Tuple, minus, plus};
use milp::{Column, Objective, Program, Row};
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
        let most = enough(graph)?;
        let mut program = Program::default();
        for (arc, is_declared) in graph.arcs.iter().zip(decided(graph)) {
            let (tail, head) = (graph.nodes[arc.tail as usize], graph.nodes[arc.head as usize]);
            let upper = arc.capacity.unwrap_or(most);
            program.add_column(Column { name: format!("{tail:?} to {head:?}"), lower: 0, upper, is_declared });
        }
        add_balances(&mut program, graph);
        let node_rows = program.rows.len();
        for bundle in &graph.bundles {
            let brought = bundle.gate.map(|(gate, each)| (gate as usize, -each));
            let terms = bundle.arcs.iter().map(|&arc| (arc as usize, 1)).chain(brought).collect();
            let name = format!("units of {:?}", graph.nodes[graph.end(bundle.arcs[0]) as usize]);
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
            if let Some((gate, each)) = bundle.gate {
                raised[gate as usize] = minus(raised[gate as usize], super::times(price, each));
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

/// So much no arc needs to carry: what flows comes from a supply, or from an unlimited pool for something that is limited.
pub(super) fn enough(graph: &Graph) -> Result<i64, SolveError> {
    let supplies = graph.supply.iter().map(|&supply| i128::from(supply.max(0)));
    let capacities = graph.arcs.iter().filter_map(|arc| arc.capacity).map(i128::from);
    let units = graph.bundles.iter().map(|bundle| i128::from(bundle.units));
    let most: i128 = supplies.chain(capacities).chain(units).sum();
    i64::try_from(most).map_err(|_| SolveError::Limit {
        what: format!("{most} units in one component that is no network, at most {} fit", i64::MAX),
    })
}

/// By arc: whether it is to be decided on. With whole numbers on these the rest is a network.
fn decided(graph: &Graph) -> Vec<bool> {
    let mut is_decided = vec![false; graph.arcs.len()];
    for bundle in &graph.bundles {
        match bundle.gate {
            Some((gate, _)) => is_decided[gate as usize] = true,
            None => bundle.arcs.iter().for_each(|&arc| is_decided[arc as usize] = true),
        }
    }
    is_decided
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

/// A program over the columns that are not fixed, and where each column went; rows without any are left
/// out, as some point is known or will be tested. Objectives lose what is fixed.
pub(super) fn without_fixed_columns(program: &Program) -> (Program, Vec<Option<usize>>) {
    let mut kept = Program::default();
    let is_free = |column: &&Column| column.lower < column.upper;
    let keep = |column: &Column| Some(column).filter(is_free).map(|column| kept.add_column(column.clone()));
    let columns: Vec<Option<usize>> = program.columns.iter().map(keep).collect();
    let free = |terms: &[(usize, i64)]| -> Vec<(usize, i64)> {
        terms.iter().filter_map(|&(column, by)| columns[column].map(|column| (column, by))).collect()
    };
    for row in &program.rows {
        let carried = |&(column, coefficient): &(usize, i64)| match columns[column] {
            Some(_) => 0,
            None => coefficient * program.columns[column].lower,
        };
        let constant: i64 = row.terms.iter().map(carried).sum();
        let terms = free(&row.terms);
        if !terms.is_empty() {
            let [lower, upper] = [row.lower, row.upper].map(|bound| bound.map(|bound| bound - constant));
            kept.add_row(Row { name: row.name.clone(), terms, lower, upper });
        }
    }
    let objective = |row: &Objective| Objective { name: row.name.clone(), terms: free(&row.terms) };
    kept.objectives = program.objectives.iter().map(objective).collect();
    (kept, columns)
}

const _: () = assert!(LEVELS == Level::ALL.len());
