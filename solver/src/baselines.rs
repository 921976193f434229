//! What simpler methods would have said: greedy rules as they are practised, to compare the optimum with.
//!
//! A rule walks through demand in a fixed order and gives each the first entitlement that fits; what is
//! given is never taken back. Order of the walk: license assignments, title assignments, then titles
//! by id, their versions in [`VersionOrder`], for each version the steps of the [`Rule`], for each step
//! the installs by scope, contract, asset and user. Where the rules leave something open, the walk does
//! what a license manager would expect:
//!
//! * Licenses of one step are tried in [`LicenseOrder`], those that may be used for nothing before
//!   those that need a paid transfer. What has no date, or no limit, comes last; ties go by id.
//! * An upgrade stands on a base license before another upgrade, again in the order of licenses.
//! * A reserved unit that stands on others chooses first, and stands on what is reserved for the same
//!   target before what anybody could use. It covers an install of its target by the first step that
//!   admits it, else it is set aside and meets a title assignment of the target if it can.
//! * A title assignment takes one install of its target, or sets one entitlement aside.
//!
//! [`Rule::PerTitle`] alone does not walk: it holds each version against its reach.
//!
//! Guaranteed: the allocation is lawful (the checker has counted it), and the same facts give the same
//! rows. It is never proven to be anything more, and a [`BaselineOutcome`] is no
//! [`Certified`](checker::Certified). Nothing here knows the network. Time: for each version and place
//! and each lot used up, the SKUs that may cover the version times the scopes above the place. Source
//! of the rules: the input contract, section 9.

mod assigned;
mod greedy;
mod steps;
mod supply;

use crate::error::SolveError;
use crate::expand;
use crate::places::Map;
use crate::problem::{Extract, Problem};
use crate::reach::{Reach, reach};
use checker::allocation::{Allocation, Row};
use checker::figures::Figures;
use model::estate::Estate;
use model::id::{Table, VersionId};
use model::number::Quantity;

/// How a license is found for an install.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// An exact base license, then one of a newer version, then an upgrade stacked on a free
    /// entitlement, then one of an older version, then one of another title.
    BestFit,
    /// A base license of the oldest version that suffices, of the same title before another; then an
    /// upgrade in the same way.
    LowestSufficient,
    /// An exact base license, then anything that fits, in the order of licenses.
    PriorityList,
    /// Each version alone against its reach, as if it were the only demand: a verdict and no allocation.
    /// Where several versions need the same units, it calls green what cannot be.
    PerTitle,
}

/// Which versions of a title are served first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VersionOrder {
    /// From the oldest to the newest.
    #[default]
    OldestFirst,
    /// From the newest to the oldest.
    NewestFirst,
}

/// Which of the first two steps of [`Rule::BestFit`] comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RuleOrder {
    /// Exact licenses.
    #[default]
    ExactFirst,
    /// Licenses of newer versions.
    DowngradeFirst,
}

/// Which licenses are used first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LicenseOrder {
    /// Those bought first.
    #[default]
    Purchased,
    /// Those that end first.
    End,
    /// The smallest lots.
    Quantity,
}

/// The orders in which a rule walks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Orders {
    /// Of the versions of a title.
    pub versions: VersionOrder,
    /// Of the first steps of best fit; other rules pass it over.
    pub rules: RuleOrder,
    /// Of licenses.
    pub licenses: LicenseOrder,
}

/// What a baseline says of an estate: not proven, and not to be mistaken for a position.
#[derive(Clone, Debug)]
pub struct BaselineOutcome {
    rule: Rule,
    orders: Orders,
    /// None where the rule has no verdict.
    uncovered: Table<VersionId, Option<Quantity>>,
    plan: Option<Plan>,
}

/// What a baseline allots.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Rows in the order in which they were taken; together they are the allocation.
    pub steps: Vec<Row>,
    /// Who uses what; lawful.
    pub allocation: Allocation,
    /// What the allocation comes to, as the checker counts it.
    pub figures: Figures,
}

impl Rule {
    /// All rules.
    pub const ALL: [Self; 4] = [Self::BestFit, Self::LowestSufficient, Self::PriorityList, Self::PerTitle];

    /// The rules that allot.
    pub const GREEDY: [Self; 3] = [Self::BestFit, Self::LowestSufficient, Self::PriorityList];

    /// The name in results and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::BestFit => "best-fit",
            Self::LowestSufficient => "lowest-sufficient",
            Self::PriorityList => "priority-list",
            Self::PerTitle => "per-title",
        }
    }
}

impl VersionOrder {
    /// The word in results and on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::OldestFirst => "oldest-first",
            Self::NewestFirst => "newest-first",
        }
    }
}

impl RuleOrder {
    /// The word in results and on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::ExactFirst => "exact-first",
            Self::DowngradeFirst => "downgrade-first",
        }
    }
}

impl LicenseOrder {
    /// The word in results and on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Purchased => "purchased",
            Self::End => "end",
            Self::Quantity => "quantity",
        }
    }
}

impl BaselineOutcome {
    /// The rule that was followed.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        self.rule
    }

    /// The orders in which it walked.
    #[must_use]
    pub const fn orders(&self) -> Orders {
        self.orders
    }

    /// What it allots; none for a rule that only judges.
    #[must_use]
    pub const fn plan(&self) -> Option<&Plan> {
        self.plan.as_ref()
    }

    /// Demand for a version that the baseline leaves without an entitlement; none where it has no verdict,
    /// since the upgrade rights that lead to the version are no network.
    #[must_use]
    pub fn uncovered(&self, version: VersionId) -> Option<Quantity> {
        self.uncovered[version]
    }
}

/// Follows a rule through an estate.
///
/// # Errors
/// [`SolveError::Refused`] if the checker finds the allocation unlawful: a fault of this program;
/// [`SolveError::SeveralInstalls`].
pub fn baseline(estate: &Estate, rule: Rule, orders: Orders) -> Result<BaselineOutcome, SolveError> {
    SolveError::unless_single(estate, "baselines")?;
    let map = Map::new(estate);
    let problem = Problem::new(estate, Extract::whole(estate.as_of), &map);
    if rule == Rule::PerTitle {
        return Ok(BaselineOutcome { rule, orders, uncovered: beyond_reach(&problem, &map), plan: None });
    }
    let steps = greedy::walk(&problem, &map, rule, orders);
    let allocation = expand::merged(steps.clone());
    let figures = checker::tally(estate, &allocation).map_err(SolveError::Refused)?;
    let uncovered = Table::new(figures.versions.iter().map(|row| Some(row.uncovered)).collect());
    Ok(BaselineOutcome { rule, orders, uncovered, plan: Some(Plan { steps, allocation, figures }) })
}

/// By how much the demand for each version exceeds its reach.
fn beyond_reach(problem: &Problem<'_>, map: &Map<'_>) -> Table<VersionId, Option<Quantity>> {
    let mut demands = Table::filled(Quantity::ZERO, problem.estate.versions.len());
    for demand in &problem.demands {
        demands[demand.key.version] += demand.quantity;
    }
    let beyond = |(demand, reach): (&Quantity, &Reach)| match reach {
        Reach::Installs(reach) => Some(demand.saturating_sub(*reach)),
        Reach::Unlimited => Some(Quantity::ZERO),
        Reach::Unknown => None,
    };
    Table::new(demands.iter().zip(&reach(problem, map)).map(beyond).collect())
}
