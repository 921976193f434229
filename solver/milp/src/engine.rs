//! What is asked of a solver of integer programs, what it says, and HiGHS.
//!
//! An engine gets a program with one level to minimize and answers in floats. Everything it says is a
//! claim. HiGHS is run with gaps of zero (its own are not), one thread and a fixed seed, and a model is
//! built, solved and dropped on one thread.

use crate::program::{ColumnIndex, Program, Row, divisor};
use good_lp::solvers::highs::HighsProblem;
use good_lp::{Expression, ProblemVariables, SolverModel, Variable, constraint, variable};
use highs::{HighsModelStatus, HighsSolutionStatus};

/// Solves programs; may err, lie or give up.
pub type Engine<'e> = dyn Fn(&Question<'_>) -> Reply + Sync + 'e;

/// One level of a program to minimize.
#[derive(Clone, Copy, Debug)]
pub struct Question<'q> {
    /// The program.
    pub program: &'q Program,
    /// The level to minimize.
    pub level: usize,
    /// Rows that hold earlier levels.
    pub held: &'q [Row],
    /// Which columns must be whole.
    pub whole: Whole,
    /// A point of the program, to start from.
    pub start: Option<&'q [i64]>,
    /// When to give up.
    pub limits: Limits,
}

/// Which columns must be whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whole {
    /// None: the linear relaxation, whose rows have duals.
    None,
    /// Those that are declared.
    Declared,
    /// All.
    All,
}

/// When to give up; limits count work, so that they say the same on every machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Nodes of the search at each level.
    pub nodes_max: u32,
    /// Iterations of the simplex method, at each relaxation.
    pub iterations_max: u32,
    /// Whether the search of a level starts from a point that is known. HiGHS has been seen to take such a point for the
    /// best one where several copies of a network share columns; without it, it is right there.
    pub starts_from_known: bool,
}

/// What an engine says.
#[derive(Clone, Debug)]
pub struct Reply {
    /// What it claims.
    pub claim: Claim,
    /// A value for each column, if it has found a point.
    pub values: Option<Vec<f64>>,
    /// For the relaxation, a dual for each row of the program, then of those held: what the cost rises by
    /// when the bound that binds rises by one.
    pub duals: Option<Vec<f64>>,
}

/// What an engine claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// No point costs less.
    Optimal,
    /// There is no point.
    Infeasible,
    /// A limit on work was hit.
    Limit,
    /// Nothing, for this reason.
    Nothing(String),
}

impl Default for Limits {
    fn default() -> Self {
        Self { nodes_max: 100_000, iterations_max: 100_000_000, starts_from_known: true }
    }
}

/// Asks HiGHS.
#[must_use]
pub fn highs(question: &Question<'_>) -> Reply {
    let nothing = |what: String| Reply { claim: Claim::Nothing(what), values: None, duals: None };
    let (problem, sides) = stated(question);
    let mut model = match problem.try_into_inner() {
        Ok(model) => model,
        Err(error) => return nothing(format!("HiGHS refuses the program: {error}")),
    };
    if let Err(option) = set_options(&mut model, question.limits) {
        return nothing(format!("HiGHS refuses the option `{option}`"));
    }
    if let Some(start) = question.start.filter(|_| question.whole != Whole::None && question.limits.starts_from_known) {
        let values: Vec<f64> = start.iter().map(|&value| float(value)).collect();
        // A start that is not taken is no loss.
        let _ = model.try_set_solution(Some(&values), None, None, None);
    }
    let solved = match model.try_solve() {
        Ok(solved) => solved,
        Err(status) => return nothing(format!("HiGHS ends with the status {status:?}")),
    };
    let claim = match solved.status() {
        HighsModelStatus::Optimal | HighsModelStatus::ModelEmpty => Claim::Optimal,
        // Every column is bounded.
        HighsModelStatus::Infeasible | HighsModelStatus::UnboundedOrInfeasible => Claim::Infeasible,
        HighsModelStatus::ReachedSolutionLimit | HighsModelStatus::ReachedIterationLimit => Claim::Limit,
        other => Claim::Nothing(format!("HiGHS ends with {other:?}")),
    };
    let has_point = claim == Claim::Optimal || solved.primal_solution_status() == HighsSolutionStatus::Feasible;
    let solution = has_point.then(|| solved.get_solution());
    let duals =
        solution.as_ref().filter(|_| question.whole == Whole::None && claim == Claim::Optimal).map(|solution| {
            let scale = divisor(&question.program.objectives[question.level].terms);
            in_rows(&sides, solution.dual_rows(), scale)
        });
    Reply { claim, values: solution.map(|solution| solution.columns().to_vec()), duals }
}

/// Which rows of the statement a row of the program became: one for each bound, one for an equation.
type Sides = Vec<(usize, usize)>;

/// States a question with `good_lp`.
fn stated(question: &Question<'_>) -> (HighsProblem, Sides) {
    let program = question.program;
    let mut variables = ProblemVariables::new();
    let column = |column: &crate::Column| {
        let definition = variable().name(&column.name).min(float(column.lower)).max(float(column.upper));
        let is_whole = question.whole == Whole::All || question.whole == Whole::Declared && column.is_declared;
        variables.add(if is_whole { definition.integer() } else { definition })
    };
    let columns: Vec<Variable> = program.columns.iter().map(column).collect();
    let terms = &program.objectives[question.level].terms;
    let scale = divisor(terms);
    let scaled: Vec<(ColumnIndex, i64)> = terms.iter().map(|&(column, cost)| (column, cost / scale)).collect();
    let mut problem = variables.minimise(expression(&columns, &scaled)).using(good_lp::solvers::highs::highs);
    let mut sides = Sides::new();
    let mut count = 0;
    for row in program.rows.iter().chain(question.held) {
        let first = count;
        let sum = || expression(&columns, &row.terms);
        let mut add = |rule: good_lp::Constraint| {
            problem.add_constraint(rule.set_name(row.name.clone()));
            count += 1;
        };
        match (row.lower, row.upper) {
            (Some(lower), Some(upper)) if lower == upper => add(constraint::eq(sum(), float(lower))),
            (lower, upper) => {
                if let Some(lower) = lower {
                    add(constraint::geq(sum(), float(lower)));
                }
                if let Some(upper) = upper {
                    add(constraint::leq(sum(), float(upper)));
                }
            }
        }
        sides.push((first, count));
    }
    (problem, sides)
}

fn expression(columns: &[Variable], terms: &[(ColumnIndex, i64)]) -> Expression {
    let mut sum = Expression::with_capacity(terms.len());
    for &(column, coefficient) in terms {
        sum.add_mul(float(coefficient), columns[column]);
    }
    sum
}

/// Sets what makes an answer exact and the same every time; the name of an option that is refused.
fn set_options(model: &mut highs::Model, limits: Limits) -> Result<(), &'static str> {
    let word = |limit: u32| i32::try_from(limit).unwrap_or(i32::MAX);
    model.make_quiet();
    for (option, value) in [("mip_rel_gap", 0.0), ("mip_abs_gap", 0.0)] {
        model.try_set_option(option, value).map_err(|_| option)?;
    }
    let nodes = ("mip_max_nodes", word(limits.nodes_max));
    let iterations = ("simplex_iteration_limit", word(limits.iterations_max));
    for (option, value) in [("threads", 1), ("random_seed", 1), nodes, iterations] {
        model.try_set_option(option, value).map_err(|_| option)?;
    }
    for (option, value) in [("parallel", "off"), ("solver", "simplex")] {
        model.try_set_option(option, value).map_err(|_| option)?;
    }
    Ok(())
}

/// Duals of the rows of the program, for the objective as it was before it was divided by `scale`.
#[allow(clippy::float_arithmetic)]
fn in_rows(sides: &Sides, duals: &[f64], scale: i64) -> Vec<f64> {
    sides.iter().map(|&(first, end)| duals[first..end].iter().sum::<f64>() * float(scale)).collect()
}

/// Exact: programs are checked against the range before.
#[allow(clippy::cast_precision_loss)]
const fn float(value: i64) -> f64 {
    value as f64
}
