//! Where the units of a license go, why others lie idle, and what one more or less would change.

use crate::demand::{Served, Spot, demands};
use crate::part::{Part, Trial, TrialFigures};
use crate::supply::{Reason, Supply};
use crate::version::without;
use checker::allocation::{Row, Unit};
use model::id::{LicenseId, VersionId};
use model::number::Quantity;
use solver::{Needed, Position, Shortage, SolveError};
use std::collections::{BTreeMap, BTreeSet};

/// What there is to say of a license.
#[derive(Clone, Debug)]
pub struct LicenseExplanation {
    /// The license.
    pub license: LicenseId,
    /// The rows of the allocation that have a unit of it.
    pub uses: Vec<Row>,
    /// Why units of it are not used; none if all are.
    pub idle: Option<Idle>,
    /// Whether best allocations use it; none where that is not known.
    pub needed: Option<Needed>,
    /// What would change with one unit more; none if unlimited, inactive or not possible to try.
    pub one_more: Option<Effect>,
    /// What would change with one unit less.
    pub one_less: Option<Effect>,
    /// What would change if it went or, where it is inactive, if it counted.
    pub turned: Option<Turned>,
}

/// Why units are not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Idle {
    /// Nothing is demanded that a right leads to.
    NothingDemanded,
    /// All that it could serve is covered.
    AllCovered,
    /// It cannot serve what it has a right to.
    Refused(Reason),
}

/// What a change does to what comes first, each as the difference after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// License assignments unmet.
    pub license_assignments_unmet: i128,
    /// Title assignments unmet.
    pub title_assignments_unmet: i128,
    /// Installs uncovered.
    pub uncovered: i128,
}

/// What the license going, or coming, does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turned {
    /// The differences.
    pub effect: Effect,
    /// Versions of which something is then uncovered in every best allocation, and is not now.
    pub newly_short: Vec<VersionId>,
}

impl Effect {
    fn between(before: &TrialFigures, after: &TrialFigures) -> Self {
        Self {
            license_assignments_unmet: after.unmet[0] - before.unmet[0],
            title_assignments_unmet: after.unmet[1] - before.unmet[1],
            uncovered: after.uncovered - before.uncovered,
        }
    }

    /// Whether nothing changes.
    #[must_use]
    pub fn is_nothing(self) -> bool {
        self == Self::default()
    }
}

/// Explains a license.
pub(crate) fn explain(position: &Position<'_>, license: LicenseId) -> Result<LicenseExplanation, SolveError> {
    let certified = &position.certified;
    let estate = certified.estate();
    let has_unit = |row: &&Row| row.path.iter().any(|unit: &Unit| unit.license == license);
    let uses = certified.allocation().rows.iter().filter(has_unit).cloned().collect();
    let main = estate.sku_of(license).version;
    let part = Part::around(estate, &[estate.versions[main].title], &BTreeSet::new());
    // A version of which nothing is uncovered in one best allocation is not short in all.
    let now = Trial::of(&part.estate, TrialFigures::short)?;
    let is_active = estate.is_active(license);
    let one = |change: fn(Quantity) -> Option<Quantity>| -> Result<Option<Effect>, SolveError> {
        let quantity = estate.licenses[license].quantity.and_then(change).filter(|_| is_active);
        let (Some(quantity), Some(now), Some(own)) = (quantity, &now, part.license(license)) else { return Ok(None) };
        let mut changed = part.estate.clone();
        changed.licenses[own].quantity = Some(quantity);
        let after = Trial::of(&changed, |_| Vec::new())?;
        Ok(after.map(|after| Effect::between(&now.figures, &after.figures)))
    };
    let after = if is_active {
        without(&part, license, TrialFigures::short)?
    } else {
        let counted = part.changed(&[crate::change::Edit::Count(license)]);
        counted.map(|changed| Trial::of(&changed, TrialFigures::short)).transpose()?.flatten()
    };
    Ok(LicenseExplanation {
        license,
        uses,
        idle: idle(position, license),
        needed: position.derived.needed[license],
        one_more: one(|quantity| Some(quantity + Quantity::ONE))?,
        one_less: one(|quantity| (!quantity.is_zero()).then(|| quantity - Quantity::ONE))?,
        turned: now.as_ref().zip(after.as_ref()).map(|(now, after)| turned(&part, now, after)),
    })
}

fn turned(part: &Part<'_>, now: &Trial, after: &Trial) -> Turned {
    let is_short = |trial: &Trial, version: VersionId| trial.shortage[version] == Some(Shortage::Must);
    let newly = part.estate.versions.ids().filter(|&version| is_short(after, version) && !is_short(now, version));
    Turned {
        effect: Effect::between(&now.figures, &after.figures),
        newly_short: newly.map(|version| part.whole_version(version)).collect(),
    }
}

/// Why units of a license are not used; none if all are.
fn idle(position: &Position<'_>, license: LicenseId) -> Option<Idle> {
    let certified = &position.certified;
    let estate = certified.estate();
    let used = certified.figures().licenses[license].used;
    if estate.is_active(license) && estate.licenses[license].quantity.is_some_and(|quantity| quantity == used) {
        return None;
    }
    let supply = Supply::of(certified);
    let coverable = supply.catalog.coverable(estate.licenses[license].sku);
    let wanted: BTreeMap<Spot, Served> = demands(certified, |version| coverable.contains(&version));
    if wanted.is_empty() {
        return Some(Idle::NothingDemanded);
    }
    let ways = supply.all_ways(wanted.keys());
    let reason = supply.reason(license, &ways);
    if matches!(reason, Reason::NoRight | Reason::Barred { .. }) {
        return Some(Idle::Refused(reason));
    }
    let served = supply.served_by(license, &ways);
    let open = |spot: &Spot| served[spot] && !wanted[spot].uncovered.is_zero();
    if wanted.keys().any(open) {
        let ways = supply.all_ways(wanted.keys().filter(|spot| open(spot)));
        return Some(Idle::Refused(supply.reason(license, &ways)));
    }
    Some(Idle::AllCovered)
}
