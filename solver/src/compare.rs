//! The optimum against a baseline: what the baseline calls red or green although it is not, what that
//! costs, and the step at which it went wrong.
//!
//! A **false red** is a version of which the baseline leaves something uncovered although no best
//! allocation does: its shortage is [`Shortage::Never`]. A **false green** is a version of which the
//! baseline leaves nothing uncovered although every best allocation must: its shortage is
//! [`Shortage::Must`]. Best means best at levels 1 to 3.
//!
//! Where there are no assignments, no baseline that allots is falsely green. Its allocation is lawful, so the version
//! is covered in fact, and in a network demand that can be covered together can be extended to as much as
//! can be covered at all: sets linked by disjoint paths are the independent sets of a matroid (Perfect
//! 1968, Mason 1972). With assignments a version may be green at their expense. A baseline that only judges
//! may call green what no allocation covers.
//!
//! **Money**: an install that the baseline leaves uncovered beyond those the optimum does is a purchase
//! that nobody needs, at the lowest unit cost of the base SKUs whose main version it is. Where the
//! baseline leaves fewer uncovered, the same is subtracted: the optimum does not choose by cost which
//! of several versions falls short, so the sum may be less than nothing. Installs of versions
//! without a known unit cost are counted apart, not guessed.

use crate::baselines::BaselineOutcome;
use crate::certainty::Shortage;
use crate::error::SolveError;
use crate::position::Position;
use crate::prefix;
use checker::Certified;
use model::estate::Estate;
use model::id::{Table, VersionId};
use model::number::{Money, Quantity};
use std::cmp::Ordering;

/// The levels that say how well assignments and installs are served.
pub const COVERAGE_LEVELS: usize = prefix::COVERAGE_LEVELS;

/// A baseline held against the optimum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// A row for every version.
    pub versions: Table<VersionId, VersionComparison>,
    /// Sums over the estate.
    pub totals: ComparisonTotals,
    /// Where the baseline went wrong; none if it is as good as the optimum at levels 1 to 3, if it
    /// merely stopped early, or if it takes no steps.
    pub misstep: Option<Misstep>,
}

/// What the two say of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VersionComparison {
    /// Whether the baseline misjudges it.
    pub judgment: Judgment,
    /// Whether it must, may or never falls short; none where that is not known.
    pub shortage: Option<Shortage>,
    /// What the optimum leaves uncovered.
    pub optimum_uncovered: Quantity,
    /// What the baseline leaves uncovered; none where it has no verdict.
    pub baseline_uncovered: Option<Quantity>,
    /// What the difference costs, in units of 10^-4; none where no unit cost is known. Zero where there
    /// is no difference.
    pub cost: Option<i128>,
}

/// Whether a baseline misjudges a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgment {
    /// It does not.
    Right,
    /// It leaves something uncovered although no best allocation does.
    FalseRed,
    /// It leaves nothing uncovered although every best allocation does.
    FalseGreen,
}

/// Sums over the estate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ComparisonTotals {
    /// Versions that are falsely red.
    pub false_red: usize,
    /// Versions that are falsely green.
    pub false_green: usize,
    /// What the optimum leaves uncovered.
    pub optimum_uncovered: Quantity,
    /// What the baseline leaves uncovered, where it has a verdict.
    pub baseline_uncovered: Quantity,
    /// What the differences cost where a unit cost is known, in units of 10^-4; none if it is known for no
    /// version that differs, though some do.
    pub cost: Option<i128>,
    /// Installs by which versions without a known unit cost differ.
    pub unpriced: Quantity,
}

/// The first step of a baseline that makes the optimum unreachable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Misstep {
    /// Its position among the steps of the baseline, from 0.
    pub step: usize,
    /// By how much the best that can still be reached after it is worse than the optimum at
    /// levels 1 to 3.
    pub lost: [i128; COVERAGE_LEVELS],
}

impl Judgment {
    /// The word in results; none where there is nothing to say.
    #[must_use]
    pub const fn word(self) -> Option<&'static str> {
        match self {
            Self::Right => None,
            Self::FalseRed => Some("false-red"),
            Self::FalseGreen => Some("false-green"),
        }
    }

    fn of(uncovered: Quantity, shortage: Option<Shortage>) -> Self {
        match (uncovered.is_zero(), shortage) {
            (false, Some(Shortage::Never)) => Self::FalseRed,
            (true, Some(Shortage::Must)) => Self::FalseGreen,
            _ => Self::Right,
        }
    }
}

impl VersionComparison {
    /// Whether the baseline says anything else of the version than the optimum.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.judgment != Judgment::Right || self.baseline_uncovered != Some(self.optimum_uncovered)
    }
}

/// Holds a baseline against the optimum of the same estate.
///
/// # Errors
/// As [`Statement::solve`](crate::Statement::solve), for the steps that are tried.
pub fn compare(position: &Position<'_>, outcome: &BaselineOutcome) -> Result<Comparison, SolveError> {
    let optimum = &position.certified;
    let levels = |figures: &checker::figures::Figures| figures.objective[..COVERAGE_LEVELS].to_vec();
    let misstep = match outcome.plan() {
        None => None,
        Some(plan) => match levels(&plan.figures).cmp(&levels(optimum.figures())) {
            Ordering::Greater => prefix::departure(optimum.estate(), &plan.steps)?,
            Ordering::Equal => None,
            Ordering::Less => unreachable!("no lawful allocation is better than a certified one"),
        },
    };
    let misstep = misstep.map(|departure| Misstep { step: departure.row, lost: departure.lost });
    let (versions, totals) = judge(optimum, |version| position.derived.versions[version].shortage, outcome);
    Ok(Comparison { versions, totals, misstep })
}

/// What the two say of every version, and the sums: a comparison without the search for the misstep,
/// which costs more than all else.
///
/// The shortage of a version matters where the optimum or the baseline leaves something of it uncovered.
#[must_use]
pub fn judge(
    optimum: &Certified<'_>,
    shortage: impl Fn(VersionId) -> Option<Shortage>,
    outcome: &BaselineOutcome,
) -> (Table<VersionId, VersionComparison>, ComparisonTotals) {
    let estate = optimum.estate();
    let prices = unit_costs(estate);
    let row = |version: VersionId| {
        let shortage = shortage(version);
        let optimum_uncovered = optimum.figures().versions[version].uncovered;
        let baseline_uncovered = outcome.uncovered(version);
        let difference = baseline_uncovered.map(|units| i128::from(units.get()) - i128::from(optimum_uncovered.get()));
        let price = prices[version].map(|price| i128::from(price.units()));
        VersionComparison {
            judgment: baseline_uncovered.map_or(Judgment::Right, |units| Judgment::of(units, shortage)),
            shortage,
            optimum_uncovered,
            baseline_uncovered,
            cost: difference.and_then(|units| if units == 0 { Some(0) } else { price.map(|price| price * units) }),
        }
    };
    let versions = Table::new(estate.versions.ids().map(row).collect());
    let totals = totals(&versions);
    (versions, totals)
}

/// What one more unit for a version costs: the least of the base SKUs whose main version it is.
fn unit_costs(estate: &Estate) -> Table<VersionId, Option<Money>> {
    let mut costs: Table<VersionId, Option<Money>> = Table::filled(None, estate.versions.len());
    for sku in estate.skus.iter().filter(|sku| !sku.is_upgrade()) {
        let known = costs[sku.version];
        costs[sku.version] = known.into_iter().chain(sku.unit_cost).min();
    }
    costs
}

fn totals(versions: &Table<VersionId, VersionComparison>) -> ComparisonTotals {
    let mut totals = ComparisonTotals::default();
    let mut known = 0;
    let mut is_any_known = false;
    for row in versions {
        totals.false_red += usize::from(row.judgment == Judgment::FalseRed);
        totals.false_green += usize::from(row.judgment == Judgment::FalseGreen);
        totals.optimum_uncovered += row.optimum_uncovered;
        let Some(baseline_uncovered) = row.baseline_uncovered else { continue };
        totals.baseline_uncovered += baseline_uncovered;
        if baseline_uncovered != row.optimum_uncovered {
            match row.cost {
                Some(cost) => {
                    known += cost;
                    is_any_known = true;
                }
                None => {
                    let difference = baseline_uncovered.get().abs_diff(row.optimum_uncovered.get());
                    totals.unpriced += Quantity::new(difference);
                }
            }
        }
    }
    totals.cost = (is_any_known || totals.unpriced.is_zero()).then_some(known);
    totals
}
