//! Why a version, or each of a title's, is covered or short.

use crate::demand::{Need, Served, Spot, demands};
use crate::part::{Part, Trial, TrialFigures};
use crate::remedy::{Question, Remedy, Search};
use crate::supply::{Reason, Supply};
use checker::Certified;
use checker::allocation::{Destination, Right, Unit};
use checker::evidence::{NamedDemand, ShortageSet};
use jiff::ToSpan;
use model::estate::{Assigned, Assignment, Estate, Target};
use model::id::{ContractId, LicenseId, ScopeId, TitleId, VersionId, ids_in};
use model::number::Quantity;
use rayon::prelude::*;
use solver::{Needed, Position, Shortage, SolveError};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// What there is to say of some versions of one title.
#[derive(Clone, Debug)]
pub struct DemandExplanation {
    /// The title.
    pub title: TitleId,
    /// The versions asked about, in their order: one of them, or all.
    pub versions: Vec<VersionFacts>,
    /// Whether they are covered, and why.
    pub fate: Fate,
}

/// What is installed of a version where, and what covers it.
#[derive(Clone, Debug)]
pub struct VersionFacts {
    /// The version.
    pub version: VersionId,
    /// Where it is installed or demanded.
    pub places: Vec<PlaceFacts>,
    /// The license paths that cover it.
    pub covered_by: Vec<Coverage>,
}

/// What is installed and demanded in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlaceFacts {
    /// Where.
    pub scope: ScopeId,
    /// Under which contract.
    pub contract: Option<ContractId>,
    /// Installs, those that are no demand too.
    pub installed: Quantity,
    /// Installs that are excluded.
    pub excluded: Quantity,
    /// Demand with and without an entitlement.
    pub served: Served,
}

/// Entitlements of one shape that cover a version, over all its places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// The base unit, then the upgrades stacked on it. Units reserved for different targets stand together.
    pub path: Vec<PathUnit>,
    /// The right of the topmost one.
    pub right: Right,
    /// How many.
    pub quantity: Quantity,
}

/// A unit of a path, whoever it is reserved for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PathUnit {
    /// The license.
    pub license: LicenseId,
    /// Whether it is reserved for the asset or user of the install.
    pub is_reserved: bool,
}

/// How it stands with the versions asked about.
#[derive(Clone, Debug)]
pub enum Fate {
    /// The title is not calculated.
    Inactive,
    /// Nothing is demanded.
    NoDemand,
    /// Something is uncovered.
    Short(Shortfall),
    /// All is covered.
    Covered(Support),
}

/// Why something is uncovered, and what would remove that.
#[derive(Clone, Debug)]
pub struct Shortfall {
    /// The sets that name demand of the versions: each has more demand than its licenses have units.
    pub sets: Vec<ShortageSet>,
    /// Whether something is uncovered where upgrades make no network; there the prices are the evidence.
    pub is_by_bound: bool,
    /// What the licenses are too few for: what the sets name, or the versions asked about.
    pub needs: Vec<Need>,
    /// Why each license that is near and in none of the sets does not help: those of the title, of its publisher, and
    /// those with idle units.
    pub refused: Vec<Refusal>,
    /// What would remove the shortage, in the order of [`Remedy`]; none if it was not possible to try.
    pub remedies: Option<Vec<Remedy>>,
}

/// A license that does not help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The license.
    pub license: LicenseId,
    /// Active units that nothing uses, for whatever reason; none if unlimited.
    pub unused: Option<Quantity>,
    /// Why not.
    pub reason: Reason,
}

/// What the coverage of the versions rests on.
#[derive(Clone, Debug)]
pub struct Support {
    /// Sets that name demand of the versions: other best allocations leave something of them uncovered.
    pub sets: Vec<ShortageSet>,
    /// Licenses without any one of which something would be uncovered; none if it was not possible to try.
    pub rests_on: Option<Vec<Dependence>>,
}

/// What would become of the versions if a license went, where that is worse than it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dependence {
    /// The license.
    pub license: LicenseId,
    /// Whether every best allocation without it leaves something of the versions uncovered, or some do; none where
    /// that is not known.
    pub shortage: Option<Shortage>,
}

/// Explains some versions of one title.
pub(crate) fn explain(
    position: &Position<'_>,
    title: TitleId,
    versions: &[VersionId],
) -> Result<DemandExplanation, SolveError> {
    let estate = position.certified.estate();
    let facts = versions.iter().map(|&version| facts(&position.certified, version)).collect();
    let figures = &position.certified.figures().versions;
    let fate = match () {
        () if !estate.titles[title].is_active => Fate::Inactive,
        () if versions.iter().all(|&version| figures[version].demand.is_zero()) => Fate::NoDemand,
        () if versions.iter().any(|&version| !figures[version].uncovered.is_zero()) => {
            Fate::Short(shortfall(position, title, versions)?)
        }
        () => Fate::Covered(support(position, title, versions)?),
    };
    Ok(DemandExplanation { title, versions: facts, fate })
}

/// What is installed and what covers it.
fn facts(certified: &Certified<'_>, version: VersionId) -> VersionFacts {
    let estate = certified.estate();
    let title = estate.title_of(version);
    let mut places: BTreeMap<(ScopeId, Option<ContractId>), PlaceFacts> = BTreeMap::new();
    let at = |places: &mut BTreeMap<_, PlaceFacts>, scope, contract, add: &dyn Fn(&mut PlaceFacts)| {
        let (installed, excluded) = (Quantity::ZERO, Quantity::ZERO);
        let none = PlaceFacts { scope, contract, installed, excluded, served: Served::default() };
        add(places.entry((scope, contract)).or_insert(none));
    };
    for install in model::edit::installs_of(estate, title).iter().filter(|install| install.version == version) {
        at(&mut places, install.scope, install.contract, &|place| {
            place.installed += install.quantity;
            if install.excluded.is_some() {
                place.excluded += install.quantity;
            }
        });
    }
    for (spot, served) in demands(certified, |other| other == version) {
        at(&mut places, spot.scope, spot.contract, &|place| place.served = served);
    }
    let places = places.into_values().filter(|place| !place.installed.is_zero() || place.served != Served::default());
    VersionFacts { version, places: places.collect(), covered_by: coverage(certified, version) }
}

/// The paths that cover a version, those with the most units first.
fn coverage(certified: &Certified<'_>, version: VersionId) -> Vec<Coverage> {
    let mut paths: BTreeMap<Vec<PathUnit>, (Right, Quantity)> = BTreeMap::new();
    for row in &certified.allocation().rows {
        if let Destination::Demand(key) = &row.destination
            && key.version == version
        {
            let unit = |unit: &Unit| PathUnit { license: unit.license, is_reserved: unit.reserved_for.is_some() };
            let path = row.path.iter().map(unit).collect();
            let (_, quantity) = paths.entry(path).or_insert((row.right(certified.estate()), Quantity::ZERO));
            *quantity += row.quantity;
        }
    }
    let mut found: Vec<Coverage> =
        paths.into_iter().map(|(path, (right, quantity))| Coverage { path, right, quantity }).collect();
    found.sort_by_key(|row| Reverse(row.quantity));
    found
}

/// The sets that name demand of some versions.
fn sets_of(certified: &Certified<'_>, versions: &[VersionId]) -> Vec<ShortageSet> {
    let names = |set: &&ShortageSet| {
        let mut demands = set.demands.iter();
        demands.any(|(demand, _)| matches!(demand, NamedDemand::Installs(key) if versions.contains(&key.version)))
    };
    certified.evidence().shortages.iter().filter(names).cloned().collect()
}

fn shortfall(position: &Position<'_>, title: TitleId, versions: &[VersionId]) -> Result<Shortfall, SolveError> {
    let certified = &position.certified;
    let supply = Supply::of(certified);
    let sets = sets_of(certified, versions);
    let named: BTreeSet<Spot> =
        sets.iter().flat_map(|set| &set.demands).flat_map(|(demand, _)| named_spots(certified, *demand)).collect();
    let open = uncovered_spots(certified, versions).into_iter().filter(|spot| !named.contains(spot));
    let open: Vec<Spot> = open.collect();
    let is_by_bound = !open.is_empty();
    let spots: Vec<Spot> = named.iter().copied().chain(open).collect();
    let refused = refusals(certified, &supply, &sets, title, &spots);
    let kept = lacking_targets(position, versions);
    let part = Part::around(certified.estate(), &[title], &kept);
    // Without a set, what covers anything else may free what is short.
    let all = || demands(certified, |version| part.version(version).is_some()).into_keys().collect();
    let sought: Vec<Spot> = if is_by_bound { all() } else { spots.clone() };
    let search = Search::new(certified, &supply, &part, Question::Cover(versions), &sought)?;
    let remedies = search.map(|search| search.remedies()).transpose()?;
    Ok(Shortfall { sets, is_by_bound, needs: needs(&spots), refused, remedies })
}

/// What is needed where for the demand that a set names.
///
/// What is set aside for a title may be of any version that is wanted; a reserved upgrade needs a base where it is used.
fn named_spots(certified: &Certified<'_>, demand: NamedDemand) -> Vec<Spot> {
    let estate = certified.estate();
    match demand {
        NamedDemand::Installs(key) => vec![Spot::of(&key)],
        NamedDemand::SetAside(title, target) => {
            let found =
                estate.assignments.iter().find(|row| (row.assigned, row.target) == (Assigned::Title(title), target));
            found.map_or(Vec::new(), |row| wanted_spots(estate, row, title))
        }
        NamedDemand::Reserved(license, _) if !estate.sku_of(license).is_upgrade() => Vec::new(),
        NamedDemand::Reserved(license, target) => {
            let need = Need::Base(estate.licenses[license].sku);
            let unit = Unit { license, reserved_for: Some(target) };
            let rows = certified.allocation().rows.iter().filter(|row| row.path.contains(&unit));
            let place = rows.map(|row| match row.destination {
                Destination::Demand(key) => Spot { need, scope: key.scope, contract: key.contract },
                Destination::SetAside(aside) => Spot { need, scope: aside.scope, contract: None },
            });
            place.collect()
        }
    }
}

/// The versions of which one is to be set aside for a title assignment, where.
pub(crate) fn wanted_spots(estate: &Estate, row: &Assignment, title: TitleId) -> Vec<Spot> {
    let versions = ids_in(&estate.titles[title].versions);
    let wanted = versions.filter(|&version| row.version.is_none_or(|only| only == version));
    wanted.map(|version| Spot { need: Need::Cover(version), scope: row.scope, contract: None }).collect()
}

/// What is needed at some spots, wherever.
pub(crate) fn needs(spots: &[Spot]) -> Vec<Need> {
    let needs: BTreeSet<Need> = spots.iter().map(|spot| spot.need).collect();
    needs.into_iter().collect()
}

/// The spots at which something of the versions is uncovered.
fn uncovered_spots(certified: &Certified<'_>, versions: &[VersionId]) -> Vec<Spot> {
    let all = demands(certified, |version| versions.contains(&version));
    all.into_iter().filter(|(_, served)| !served.uncovered.is_zero()).map(|(spot, _)| spot).collect()
}

/// The assets and users of uncovered installs, where a unit might be assigned to them.
fn lacking_targets(position: &Position<'_>, versions: &[VersionId]) -> BTreeSet<Target> {
    let certified = &position.certified;
    let estate = certified.estate();
    if estate.skus.iter().all(|sku| !sku.use_only_when_assigned) {
        return BTreeSet::new();
    }
    let lacking = certified.figures().uncovered.iter().filter(|(key, _)| versions.contains(&key.version));
    lacking.flat_map(|(key, _)| key.targets()).collect()
}

/// Why each license that is near and in none of the sets does not help.
pub(crate) fn refusals(
    certified: &Certified<'_>,
    supply: &Supply<'_>,
    sets: &[ShortageSet],
    title: TitleId,
    spots: &[Spot],
) -> Vec<Refusal> {
    let estate = certified.estate();
    let ways = supply.all_ways(spots);
    let in_sets: BTreeSet<Unit> = sets.iter().flat_map(|set| set.units.iter().copied()).collect();
    let near = estate.licenses.ids().filter(|&license| !in_sets.contains(&Unit::of(license)));
    let near =
        near.filter(|&license| is_near(estate, title, license) || unused(certified, license) != Some(Quantity::ZERO));
    let refusal =
        |license| Refusal { license, unused: unused(certified, license), reason: supply.reason(license, &ways) };
    near.map(refusal).collect()
}

/// Active units of a license that nothing uses; none if unlimited.
fn unused(certified: &Certified<'_>, license: LicenseId) -> Option<Quantity> {
    if !certified.estate().is_active(license) {
        return Some(Quantity::ZERO);
    }
    let used = certified.figures().licenses[license].used;
    certified.estate().licenses[license].quantity.map(|quantity| quantity.saturating_sub(used))
}

/// Whether a license is of the title or covers some of it, or is of its publisher.
fn is_near(estate: &Estate, title: TitleId, license: LicenseId) -> bool {
    let sku = estate.sku_of(license);
    let publisher = |title: TitleId| estate.titles[title].publisher.as_ref();
    let own = estate.versions[sku.version].title;
    own == title
        || sku.may_cover.iter().any(|&version| estate.versions[version].title == title)
        || (publisher(title).is_some() && publisher(own) == publisher(title))
}

fn support(position: &Position<'_>, title: TitleId, versions: &[VersionId]) -> Result<Support, SolveError> {
    let certified = &position.certified;
    let part = Part::around(certified.estate(), &[title], &BTreeSet::new());
    let is_candidate = |license: &LicenseId| {
        certified.estate().is_active(*license) && position.derived.needed[*license] != Some(Needed::Never)
    };
    let candidates: Vec<LicenseId> = part.licenses().iter().copied().filter(is_candidate).collect();
    let asked: Vec<VersionId> = versions.iter().filter_map(|&version| part.version(version)).collect();
    let tried: Result<Vec<Option<Trial>>, SolveError> =
        candidates.par_iter().map(|&license| without(&part, license, |_| asked.clone())).collect();
    let tried = tried?;
    let sets = sets_of(certified, versions);
    if tried.iter().any(Option::is_none) {
        return Ok(Support { sets, rests_on: None });
    }
    // What other best allocations leave uncovered as it is rests on nothing.
    let now = versions.iter().filter_map(|&version| position.derived.versions[version].shortage).max();
    let mut rests_on = Vec::new();
    for (license, trial) in candidates.into_iter().zip(tried.into_iter().flatten()) {
        let shortages = || asked.iter().map(|&version| trial.shortage[version]);
        // What must be is so, whatever is unknown of the other versions.
        let shortage = match shortages().flatten().max() {
            Some(Shortage::Must) => Some(Shortage::Must),
            _ if shortages().any(|shortage| shortage.is_none()) => None,
            worst => worst,
        };
        if shortage != Some(Shortage::Never) && shortage != now {
            rests_on.push(Dependence { license, shortage });
        }
    }
    Ok(Support { sets, rests_on: Some(rests_on) })
}

/// What the part comes to if a license ends the day before.
pub(crate) fn without(
    part: &Part<'_>,
    license: LicenseId,
    asked: impl Fn(&TrialFigures) -> Vec<VersionId>,
) -> Result<Option<Trial>, SolveError> {
    let Some(license) = part.license(license) else { return Ok(None) };
    let mut estate = part.estate.clone();
    let day_before = estate.as_of.saturating_sub(1.days());
    let row = &mut estate.licenses[license];
    (row.start, row.end) = (None, Some(day_before));
    Trial::of(&estate, asked)
}
