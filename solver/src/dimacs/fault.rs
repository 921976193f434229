//! Why a file in the DIMACS format could not be read, and where.

use std::fmt;
use std::io;

use super::LINE_LIMIT;

/// Why a file could not be read.
#[derive(Debug)]
pub enum ReadError {
    /// The file itself could not be read.
    Io(io::Error),
    /// Something in it is wrong.
    At {
        /// The line, from 1.
        line: u64,
        /// The first byte of the word at fault within the line, from 1.
        column: usize,
        /// What is wrong.
        fault: Fault,
    },
}

/// What is wrong at a place of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A line exceeds [`LINE_LIMIT`].
    LongLine,
    /// A word is not UTF-8.
    NotUtf8,
    /// A line begins with a word that the format does not know.
    UnknownLine {
        /// The word.
        found: String,
    },
    /// The file ends without a problem line.
    NoProblem,
    /// A node or an arc comes before the problem line.
    ProblemComesFirst,
    /// There is a second problem line.
    SecondProblem {
        /// The line of the first.
        first: u64,
    },
    /// The problem is not of type `min`.
    NotMin {
        /// Its type.
        found: String,
    },
    /// A line ends too early.
    Missing {
        /// What should follow.
        what: &'static str,
    },
    /// A word is no integer.
    NotAnInteger {
        /// What it should be.
        what: &'static str,
        /// The word.
        found: String,
    },
    /// An integer is out of range.
    OutOfRange {
        /// What it should be.
        what: &'static str,
        /// The integer.
        found: String,
        /// The least it may be.
        least: i64,
        /// The most it may be.
        most: i64,
    },
    /// A line goes on after its last field.
    Trailing {
        /// The first word too many.
        found: String,
    },
    /// A node has a second line.
    SecondNode {
        /// The node, from 1.
        node: usize,
    },
    /// A capacity is below the lower bound.
    CapacityBelowLow {
        /// The lower bound.
        low: i64,
        /// The capacity.
        capacity: i64,
    },
    /// Capacity and lower bound lie further apart than `i64::MAX`.
    WideBounds {
        /// The lower bound.
        low: i64,
        /// The capacity.
        capacity: i64,
    },
    /// There are more arcs than announced.
    TooManyArcs {
        /// How many were.
        announced: usize,
    },
    /// There are fewer arcs than announced.
    TooFewArcs {
        /// How many were.
        announced: usize,
        /// How many there are.
        found: usize,
    },
    /// There are so many more nodes than lines that most can have no part in the problem.
    TooManyNodes {
        /// How many nodes were announced.
        announced: usize,
        /// How many lines speak of nodes.
        lines: usize,
    },
    /// The supply of a node less the lower bounds at it is out of range.
    LowerBounds {
        /// The node, from 1.
        node: usize,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LongLine => write!(f, "the line is longer than {LINE_LIMIT} bytes"),
            Self::NotUtf8 => write!(f, "the word is not UTF-8"),
            Self::UnknownLine { found } => write!(f, "a line begins with `c`, `p`, `n` or `a`, not `{found}`"),
            Self::NoProblem => write!(f, "the problem line `p min NODES ARCS` is missing"),
            Self::ProblemComesFirst => write!(f, "the problem line `p min NODES ARCS` comes before nodes and arcs"),
            Self::SecondProblem { first } => write!(f, "the problem line was line {first}, there is only one"),
            Self::NotMin { found } => write!(f, "the problem type is `min`, not `{found}`"),
            Self::Missing { what } => write!(f, "the line ends where {what} should follow"),
            Self::NotAnInteger { what, found } => write!(f, "{what} is an integer, not `{found}`"),
            Self::OutOfRange { what, found, least, most } => {
                write!(f, "{what} is from `{least}` to `{most}`, not `{found}`")
            }
            Self::Trailing { found } => write!(f, "the line should end before `{found}`"),
            Self::SecondNode { node } => write!(f, "node `{node}` already has a line"),
            Self::CapacityBelowLow { low, capacity } => {
                write!(f, "capacity `{capacity}` is below the lower bound `{low}`; `inf` is without bound")
            }
            Self::WideBounds { low, capacity } => {
                write!(f, "lower bound `{low}` and capacity `{capacity}` lie more than `{}` apart", i64::MAX)
            }
            Self::TooManyArcs { announced } => write!(f, "the problem line announces only `{announced}` arcs"),
            Self::TooFewArcs { announced, found } => {
                write!(f, "the problem line announces `{announced}` arcs, the file has `{found}`")
            }
            Self::TooManyNodes { announced, lines } => {
                write!(
                    f,
                    "the problem line announces `{announced}` nodes, only `{lines}` lines are about nodes or arcs"
                )
            }
            Self::LowerBounds { node } => {
                write!(f, "the supply of node `{node}` less the lower bounds at it is out of range")
            }
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "{error}"),
            Self::At { line, column, fault } => write!(f, "line {line}, column {column}: {fault}"),
        }
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            Self::At { .. } => None,
        }
    }
}
