//! Integer programs, level by level, with a solver that is not believed.
//!
//! # Problem
//!
//! Whole numbers x within finite bounds, rows l ≤ Ax ≤ u, and objectives c₁, c₂, … compared one after
//! another: among all points find one that is least at the first level, among those one that is least at
//! the second, and so on. Everything is an integer. Earlier levels are held by a row; there is no big-M.
//!
//! # What is guaranteed
//!
//! * A [`Program`] is stated with `good_lp` and solved by HiGHS, or by any other [`Engine`]. What comes back
//!   are floats: they are rounded first, then every row and bound is tested exactly, then the cost of
//!   every level is counted in integers. A claimed optimum that fails is a [`Fault`], shown as such.
//! * Why the search stopped ([`Stop`]) and what was found ([`Answer`]) are kept apart. That nothing is
//!   better is the engine's word alone ([`Answer::claimed_levels`]); [`exact_bound`] turns duals of the
//!   [relaxation](relax) into a bound that holds whatever the engine is.
//! * No float leaves this crate: duals are [`Hint`]s, integers in units of one part in [`Hint::ONE`].
//! * The same program gives the same answer on the same machine: one thread, a fixed seed, limits that
//!   count work and not seconds.
//!
//! # Cost
//!
//! A copy of the program for each level, and what HiGHS takes. It builds from C++, which needs cmake, a
//! C++ compiler and libclang, and takes minutes.
//!
//! # What it cannot do
//!
//! Magnitudes above 2^53 do not fit a float and are refused; long before that HiGHS may return points
//! that fail the exact test. That a program has no point is not proved. Another machine may find another
//! point of the same cost.
//!
//! # Sources
//!
//! * A. Neumaier and O. Shcherbina, Safe bounds in linear and mixed-integer linear programming, 2004: the
//!   bound from approximate duals.
//! * Q. Huangfu and J. Hall, Parallelizing the dual revised simplex method, 2018: HiGHS.

mod bound;
mod engine;
mod hint;
mod minimize;
mod mps;
mod point;
mod program;

pub use bound::exact_bound;
pub use engine::{Claim, Engine, Limits, Question, Reply, Whole, highs};
pub use hint::Hint;
pub use minimize::{Answer, Fault, Outcome, Relaxation, Stop, minimize, relax};
pub use mps::write_mps;
pub use point::{Broken, cost_at, test_point};
pub use program::{Column, ColumnIndex, Objective, Program, RangeFault, Row, RowIndex};
