//! Why there is no answer.

use checker::violation::Violation;
use model::estate::Estate;
use std::fmt;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SolveError {
    /// An upgrade license can be reached by entitlements that differ in where they may be used or in
    /// what their use there costs: its component is no network and needs an integer program, which this
    /// build is without.
    NotANetwork {
        /// The upgrade license.
        license: String,
        /// Where one entitlement that can reach it would be used, in words.
        one: String,
        /// Where another would.
        other: String,
    },
    /// The checker refused the answer: a fault of this program, not of the estate.
    Refused(Vec<Violation>),
    /// The solver of integer programs was caught in a false claim, or cannot compute with a number.
    IntegerProgram {
        /// What it claims, and what is wrong with it.
        what: String,
    },
    /// What was asked for knows no licenses that cover several installs at once, and the estate has some.
    SeveralInstalls {
        /// What was asked for, in the plural.
        what: &'static str,
    },
    /// A limit was hit.
    Limit {
        /// Which one, with its figures.
        what: String,
    },
}

impl SolveError {
    /// Refuses what knows no licenses that cover several installs at once, if an estate has some.
    ///
    /// # Errors
    /// [`Self::SeveralInstalls`].
    pub fn unless_single(estate: &Estate, what: &'static str) -> Result<(), Self> {
        let has_some = estate.licenses.ids().any(|license| estate.sku_of(license).covers_several());
        if has_some { Err(Self::SeveralInstalls { what }) } else { Ok(()) }
    }
}

impl fmt::Display for SolveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotANetwork { license, one, other } => write!(
                f,
                "this estate is no network: upgrade license `{license}` can be stacked on entitlements that differ in \
                 where they may be used or at what cost, among them {one} and {other}; it needs an integer program, which this build is without"
            ),
            Self::Refused(violations) => {
                let laws: Vec<String> = violations.iter().map(ToString::to_string).collect();
                write!(f, "the checker refuses the answer: {}", laws.join("; "))
            }
            Self::IntegerProgram { what } => write!(f, "integer program: {what}"),
            Self::SeveralInstalls { what } => {
                write!(f, "{what} know no licenses that cover several installs at once, and this estate has some")
            }
            Self::Limit { what } => write!(f, "limit: {what}"),
        }
    }
}

#[cfg(feature = "milp")]
impl From<milp::Fault> for SolveError {
    fn from(fault: milp::Fault) -> Self {
        match fault {
            milp::Fault::Range(_) => Self::Limit { what: fault.to_string() },
            milp::Fault::Refused { .. } | milp::Fault::Contradicted { .. } => {
                Self::IntegerProgram { what: fault.to_string() }
            }
        }
    }
}

impl From<Vec<Violation>> for SolveError {
    fn from(violations: Vec<Violation>) -> Self {
        Self::Refused(violations)
    }
}

impl std::error::Error for SolveError {}
