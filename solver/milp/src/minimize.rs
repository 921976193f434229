//! Level after level, with everything that an engine says tested before the next.

use crate::engine::{Claim, Engine, Limits, Question, Reply, Whole};
use crate::hint::Hint;
use crate::point::{Broken, cost_at, rounded, test_point};
use crate::program::{Program, RangeFault};
use std::fmt;

/// What came of a search: why it stopped and what it found are two things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Why it stopped.
    pub stop: Stop,
    /// The best point found, tested in integers; none if none was.
    pub answer: Option<Answer>,
}

/// Why a search stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The engine claims every level.
    Finished,
    /// The engine claims that there is no point; nothing shows it.
    Infeasible,
    /// A limit on work was hit at this level.
    Limit {
        /// The level.
        level: usize,
    },
    /// The engine gave up at this level.
    GaveUp {
        /// The level.
        level: usize,
        /// What it says.
        reason: String,
    },
}

/// A point that keeps every row and bound exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The value of each column.
    pub point: Vec<i64>,
    /// What each level costs there.
    pub costs: Vec<i128>,
    /// At so many levels, from the first on, the engine claims that nothing is better.
    pub claimed_levels: usize,
}

/// What must not be believed or cannot be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A number does not fit.
    Range(RangeFault),
    /// A claimed optimum is no point of the program.
    Refused {
        /// The level, by name.
        level: String,
        /// What is wrong with it, in words.
        detail: String,
    },
    /// A claim is against a point that is known.
    Contradicted {
        /// The level, by name.
        level: String,
        /// The claim, and what is known.
        detail: String,
    },
}

/// What an engine says of a linear relaxation; nothing of it is certain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relaxation {
    /// The value of each column.
    pub values: Vec<Hint>,
    /// The dual of each row of the program, then of the levels held.
    pub duals: Vec<Hint>,
}

/// Minimizes all levels of a program, the first first, perhaps from a point that is known.
///
/// # Errors
/// [`Fault::Range`] if a number does not fit, or the known point is none; [`Fault::Refused`] and
/// [`Fault::Contradicted`] if the engine claims what is not so.
pub fn minimize(
    program: &Program,
    start: Option<&[i64]>,
    limits: Limits,
    engine: &Engine<'_>,
) -> Result<Outcome, Fault> {
    program.check().map_err(Fault::Range)?;
    if let Some(broken) = start.and_then(|start| test_point(program, start).err()) {
        let what = format!("the point to start from {}", broken.words(program));
        return Err(Fault::Range(RangeFault { what }));
    }
    let mut known: Option<Vec<i64>> = start.map(<[i64]>::to_vec);
    let mut held = Vec::new();
    let mut stop = Stop::Finished;
    for level in 0..program.objectives.len() {
        // A level without terms costs nothing anywhere.
        if program.objectives[level].terms.is_empty() && known.is_some() {
            held.push(0);
            continue;
        }
        let (claim, point) = ask(program, level, &held, known.as_deref(), limits, engine)?;
        let found = point.map(|point| (cost_at(program, level, &point), point));
        let before = known.as_ref().map(|known| cost_at(program, level, known));
        known = match (found, before) {
            (Some((cost, point)), before) if before.is_none_or(|before| cost <= before) => Some(point),
            (found, Some(before)) if claim == Claim::Optimal => {
                let what = found.map_or("no point".to_owned(), |(cost, _)| cost.to_string());
                return Err(contradicted(program, level, format!("{what} is claimed to be least, {before} is known")));
            }
            (_, known_cost) if claim == Claim::Infeasible && known_cost.is_some() => {
                return Err(contradicted(program, level, "no point is claimed to be, one is known".to_owned()));
            }
            _ => known,
        };
        stop = match claim {
            Claim::Optimal => Stop::Finished,
            Claim::Infeasible => Stop::Infeasible,
            Claim::Limit => Stop::Limit { level },
            Claim::Nothing(reason) => Stop::GaveUp { level, reason },
        };
        match &known {
            Some(known) if stop == Stop::Finished => held.push(cost_at(program, level, known)),
            _ => break,
        }
    }
    let costs = |point: &[i64]| (0..program.objectives.len()).map(|level| cost_at(program, level, point)).collect();
    let answer = known.map(|point| Answer { costs: costs(&point), point, claimed_levels: held.len() });
    Ok(Outcome { stop, answer })
}

/// Asks for one level; the point has passed every test.
fn ask(
    program: &Program,
    level: usize,
    held: &[i128],
    start: Option<&[i64]>,
    limits: Limits,
    engine: &Engine<'_>,
) -> Result<(Claim, Option<Vec<i64>>), Fault> {
    let rows = program.holding(held).map_err(Fault::Range)?;
    let question = |whole| Question { program, level, held: &rows, whole, start, limits };
    let can_declare_more = program.columns.iter().any(|column| !column.is_declared);
    let mut whole = Whole::Declared;
    loop {
        let Reply { claim, values, .. } = engine(&question(whole));
        let point = values.map(|values| tested(program, held, &values));
        match point {
            // What was not declared did not come out whole: declare it.
            Some(Err(_)) if whole == Whole::Declared && can_declare_more => whole = Whole::All,
            Some(Err(broken)) if claim == Claim::Optimal => {
                let detail = format!("its point {}", broken.words(program));
                return Err(Fault::Refused { level: program.objectives[level].name.clone(), detail });
            }
            None if claim == Claim::Optimal => {
                let detail = "it has no point".to_owned();
                return Err(Fault::Refused { level: program.objectives[level].name.clone(), detail });
            }
            point => return Ok((claim, point.and_then(Result::ok))),
        }
    }
}

fn tested(program: &Program, held: &[i128], values: &[f64]) -> Result<Vec<i64>, Broken> {
    let point = rounded(program, values)?;
    test_point(program, &point)?;
    let worse = (0..held.len()).find(|&level| cost_at(program, level, &point) > held[level]);
    worse.map_or(Ok(point), |level| Err(Broken::Held(level)))
}

fn contradicted(program: &Program, level: usize, detail: String) -> Fault {
    Fault::Contradicted { level: program.objectives[level].name.clone(), detail }
}

/// Asks for the linear relaxation of one level, with earlier levels held at the costs given.
///
/// None if the engine has no optimum of it, or one that is not made of numbers.
///
/// # Errors
/// [`Fault::Range`] if a number does not fit.
pub fn relax(
    program: &Program,
    level: usize,
    held: &[i128],
    limits: Limits,
    engine: &Engine<'_>,
) -> Result<Option<Relaxation>, Fault> {
    program.check().map_err(Fault::Range)?;
    let rows = program.holding(held).map_err(Fault::Range)?;
    let reply = engine(&Question { program, level, held: &rows, whole: Whole::None, start: None, limits });
    let hints = |floats: Option<Vec<f64>>, count: usize| {
        let hints: Option<Vec<Hint>> = floats?.into_iter().map(Hint::of).collect();
        hints.filter(|hints| hints.len() == count)
    };
    if reply.claim != Claim::Optimal {
        return Ok(None);
    }
    let values = hints(reply.values, program.columns.len());
    let duals = hints(reply.duals, program.rows.len() + rows.len());
    Ok(values.zip(duals).map(|(values, duals)| Relaxation { values, duals }))
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Range(fault) => write!(f, "{fault}"),
            Self::Refused { level, detail } => write!(f, "a claimed optimum of level `{level}` is refused: {detail}"),
            Self::Contradicted { level, detail } => {
                write!(f, "a claim about level `{level}` is contradicted: {detail}")
            }
        }
    }
}

impl std::error::Error for Fault {}
