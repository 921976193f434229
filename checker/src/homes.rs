//! Sets of demand that one entitlement may cover at once: the lightest path with the lightest set for every asset and
//! user.
//!
//! By the metric of its topmost SKU an entitlement covers what shares an asset or a user, its *home*. Whether a path
//! covers one unit of demand is a matter of where that is; what it covers beside is of the same home. So for each home
//! the walk over paths enters every set of its places, and lays on the lightest path of each SKU all demand of the home
//! that makes it lighter, as far as the metric allows. Homes that look alike are passed once.
//!
//! Places are told apart by the licenses that such paths can be made of. Time: for each kind of home, the walk for each
//! set of its places, which are mostly one.

use crate::allocation::DemandKey;
use crate::extent::Extent;
use crate::facts::Facts;
use crate::lawful::{Tariff, Walk};
use crate::places::Place;
use crate::spot::Spot;
use crate::violation::{Law, Violation};
use model::estate::{Sku, Target};
use model::id::{LicenseId, SkuId, Table, VersionId};
use model::limits::PLACES_OF_A_HOME_MAX;
use model::number::Money;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Mul;

/// A tariff that also says what covering a unit of a demand weighs.
pub(crate) trait EndTariff: Tariff<Weight: Ord + Mul<i128, Output = Self::Weight>> {
    fn nothing(&self) -> Self::Weight;
    /// Where a path to the demand ends, by its index.
    fn demand(&self, index: usize) -> Self::Weight;
}

/// Demand that one entitlement may cover together: of one asset, or of one user.
pub(crate) struct Home {
    target: Target,
    /// The SKUs whose entitlements may.
    kind: Kind,
    /// By index; two units of demand at least.
    demands: Vec<usize>,
}

/// What homes look like, demand by demand.
type Looks<W> = Vec<(VersionId, Place, W, u64, Option<usize>)>;

/// Extents that have the same homes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Device,
    Suite,
    User,
}

impl Kind {
    const fn of(extent: Extent) -> Self {
        match extent {
            Extent::Device => Self::Device,
            Extent::Suite => Self::Suite,
            Extent::User(_) => Self::User,
        }
    }
}

/// Every home of an estate.
pub(crate) struct Homes {
    all: Vec<Home>,
    /// The SKUs of a kind that may cover a version; only those of which there are licenses.
    covering: BTreeMap<(Kind, VersionId), Vec<SkuId>>,
    /// By place of demand: the first that no license of such paths tells apart from it.
    alike: BTreeMap<(Kind, Place), Place>,
}

impl Homes {
    pub(crate) fn of(facts: &Facts<'_>) -> Self {
        let mut covering: BTreeMap<(Kind, VersionId), Vec<SkuId>> = BTreeMap::new();
        let mut extents: BTreeMap<Kind, Extent> = BTreeMap::new();
        let owned: BTreeSet<SkuId> = active(facts).map(|(_, sku)| sku).collect();
        for id in owned {
            let sku = &facts.estate.skus[id];
            let Some(extent) = Extent::of(sku) else { continue };
            extents.insert(Kind::of(extent), extent);
            for &version in &sku.may_cover {
                covering.entry((Kind::of(extent), version)).or_default().push(id);
            }
        }
        let mut at_home: Vec<(Kind, Target, usize)> = Vec::new();
        for (&kind, extent) in &extents {
            let mut is_concerned = Table::filled(false, facts.estate.versions.len());
            covering.keys().filter(|(of, _)| *of == kind).for_each(|&(_, version)| is_concerned[version] = true);
            let demanded = facts.demands.iter().enumerate().filter(|(_, demand)| !demand.quantity.is_zero());
            let concerned = demanded.filter(|(_, demand)| is_concerned[demand.key.version]);
            at_home.extend(concerned.filter_map(|(index, row)| Some((kind, extent.home(&row.key)?, index))));
        }
        at_home.sort_unstable();
        let homes = at_home.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)).map(|rows| {
            let (kind, target, _) = rows[0];
            Home { target, kind, demands: rows.iter().map(|row| row.2).collect() }
        });
        let homes: Vec<Home> = homes.filter(|home| home.units(facts) >= 2).collect();
        let alike = alike(facts, &covering, &homes);
        Self { all: homes, covering, alike }
    }

    /// No home has more units of demand.
    pub(crate) fn largest(&self, facts: &Facts<'_>) -> u128 {
        self.all.iter().map(|home| home.units(facts)).max().unwrap_or(0)
    }

    /// Whether every entitlement covers one unit of demand.
    pub(crate) fn are_none(&self) -> bool {
        self.all.is_empty()
    }

    /// Calls `visit` with the weight of every lightest path that covers something of a home, with the lightest that it
    /// may cover there.
    ///
    /// # Errors
    /// That a home has too many places.
    pub(crate) fn lightest_sets<T: EndTariff>(
        &self,
        facts: &Facts<'_>,
        tariff: &T,
        mut visit: impl FnMut(&Home, T::Weight),
    ) -> Result<(), Violation> {
        let mut walk = Walk::new(facts, tariff);
        let mut passed = BTreeSet::new();
        for home in &self.all {
            let at = |&index: &usize| self.alike[&(home.kind, place(&facts.demands[index].key))];
            let kinds: Vec<Place> = home.demands.iter().map(at).collect();
            let is_apart = home.demands.iter().any(|&index| facts.reserved_targets.have(&facts.demands[index].key));
            if !is_apart && !passed.insert((home.kind, home.looks(facts, tariff, &kinds))) {
                continue;
            }
            let different: Vec<Place> = kinds.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
            if different.len() > PLACES_OF_A_HOME_MAX {
                let what = format!(
                    "{} has demand in {} places that licenses tell apart, at most {PLACES_OF_A_HOME_MAX} are checked",
                    home.words(facts),
                    different.len()
                );
                return Err(Violation::new(Law::Size, what));
            }
            for chosen in 1_usize..1 << different.len() {
                let at: Vec<Place> =
                    (0..different.len()).filter(|bit| chosen >> bit & 1 == 1).map(|bit| different[bit]).collect();
                let there = home.demands.iter().zip(&kinds).filter(|(_, kind)| at.contains(kind));
                let there: Vec<usize> = there.map(|(&index, _)| index).collect();
                let spot = Spot::over(facts, at.iter().copied());
                self.visit_spot(facts, home, spot, &there, &mut walk, tariff, &mut visit);
            }
        }
        Ok(())
    }

    /// The lightest sets among some demand of a home, for paths that may go to all places of a spot.
    #[expect(clippy::too_many_arguments, reason = "they are one state, borrowed in different ways")]
    fn visit_spot<'f, T: EndTariff>(
        &self,
        facts: &'f Facts<'_>,
        home: &Home,
        spot: Spot<'f>,
        demands: &[usize],
        walk: &mut Walk<'f, '_, T>,
        tariff: &T,
        visit: &mut impl FnMut(&Home, T::Weight),
    ) {
        let key = |index: usize| &facts.demands[index].key;
        let targets: BTreeSet<Target> = demands.iter().flat_map(|&index| key(index).targets()).collect();
        walk.enter(spot, demands.iter().map(|&index| key(index).version), targets.iter().copied());
        let skus = demands.iter().filter_map(|&index| self.covering.get(&(home.kind, key(index).version)));
        let skus: BTreeSet<SkuId> = skus.flatten().copied().collect();
        for sku in skus {
            if let Some(path) = walk.entitlement_of(sku)
                && let Some(set) = lightest_set(facts, tariff, sku, demands.iter().copied())
            {
                visit(home, path + set);
            }
        }
        for target in targets {
            for (unit, path) in walk.reserved_covering(target) {
                let sku = facts.estate.licenses[facts.reserved[unit].license].sku;
                if Extent::of(&facts.estate.skus[sku]).is_some_and(|extent| Kind::of(extent) == home.kind) {
                    let of_target = demands.iter().copied().filter(|&index| key(index).is_of(target));
                    if let Some(set) = lightest_set(facts, tariff, sku, of_target) {
                        visit(home, path + set);
                    }
                }
            }
        }
    }
}

/// The active licenses with their SKUs.
fn active(facts: &Facts<'_>) -> impl Iterator<Item = (LicenseId, SkuId)> {
    let licenses = facts.estate.licenses.enumerate().filter(|&(id, _)| facts.estate.is_active(id));
    licenses.map(|(id, license)| (id, license.sku))
}

fn place(key: &DemandKey) -> Place {
    (key.scope, key.contract)
}

/// For the places of homes the first place where the licenses that matter to them may be used at the same costs.
fn alike(
    facts: &Facts<'_>,
    covering: &BTreeMap<(Kind, VersionId), Vec<SkuId>>,
    homes: &[Home],
) -> BTreeMap<(Kind, Place), Place> {
    let mut alike = BTreeMap::new();
    for kind in homes.iter().map(|home| home.kind).collect::<BTreeSet<_>>() {
        let tops = covering.iter().filter(|((of, _), _)| *of == kind).flat_map(|(_, skus)| skus).copied();
        let mut in_paths: BTreeSet<SkuId> = tops.collect();
        let mut open: Vec<SkuId> = in_paths.iter().copied().collect();
        while let Some(sku) = open.pop() {
            let below = facts.estate.skus[sku].upgrades.iter().flatten().flat_map(|&version| &facts.skus_of[version]);
            open.extend(below.filter(|&&sku| in_paths.insert(sku)));
        }
        // One license of each scope and contract.
        let licenses = active(facts).filter(|(_, sku)| in_paths.contains(sku)).map(|(id, _)| {
            let license = &facts.estate.licenses[id];
            ((license.scope, license.contract), id)
        });
        let licenses: BTreeMap<Place, LicenseId> = licenses.collect();
        let of_kind = homes.iter().filter(|home| home.kind == kind).flat_map(|home| &home.demands);
        let places: BTreeSet<Place> = of_kind.map(|&index| place(&facts.demands[index].key)).collect();
        let mut first: BTreeMap<Vec<Option<Money>>, Place> = BTreeMap::new();
        for place in places {
            let costs = licenses.values().map(|&license| facts.use_cost(license, place.0, place.1));
            alike.insert((kind, place), *first.entry(costs.collect()).or_insert(place));
        }
    }
    alike
}

impl Home {
    pub(crate) fn words(&self, facts: &Facts<'_>) -> String {
        match self.target {
            Target::Asset(asset) => format!("asset `{}`", facts.estate.assets[asset]),
            Target::User(user) => format!("user `{}`", facts.estate.users[user]),
        }
    }

    fn units(&self, facts: &Facts<'_>) -> u128 {
        self.demands.iter().map(|&index| u128::from(facts.demands[index].quantity.get())).sum()
    }

    /// All that matters of it where nothing is reserved: for each demand its version, kind of place, weight at the end
    /// and units, and which of its assets it is on.
    fn looks<T: EndTariff>(&self, facts: &Facts<'_>, tariff: &T, kinds: &[Place]) -> Looks<T::Weight> {
        let mut assets = Vec::new();
        let mut asset = |key: &DemandKey| {
            let asset = key.asset?;
            Some(assets.iter().position(|&other| other == asset).unwrap_or_else(|| {
                assets.push(asset);
                assets.len() - 1
            }))
        };
        let demands = self.demands.iter().zip(kinds).map(|(&index, &kind)| {
            let demand = &facts.demands[index];
            (demand.key.version, kind, tariff.demand(index), demand.quantity.get(), asset(&demand.key))
        });
        demands.collect()
    }
}

/// What an entitlement of the SKU weighs at its ends, at least, if it covers any number of some units of demand; none if
/// each of them adds to the weight, where the lightest set is one of them alone.
fn lightest_set<T: EndTariff>(
    facts: &Facts<'_>,
    tariff: &T,
    sku: SkuId,
    demands: impl Iterator<Item = usize>,
) -> Option<T::Weight> {
    let sku: &Sku = &facts.estate.skus[sku];
    let nothing = tariff.nothing();
    let within = demands.filter(|&index| sku.may_cover(facts.demands[index].key.version));
    let unit = |index: usize| tariff.cover(sku, facts.demands[index].key.version) + tariff.demand(index);
    let units = |index: usize| i128::from(facts.demands[index].quantity.get());
    let mut lighter = within.map(|index| (index, unit(index))).filter(|&(_, weight)| weight < nothing).peekable();
    lighter.peek()?;
    Some(match Extent::of(sku).expect("its entitlements cover several units") {
        Extent::Device | Extent::User(None) => {
            lighter.fold(nothing, |sum, (index, weight)| sum + weight * units(index))
        }
        Extent::Suite => {
            let mut members = vec![nothing; sku.bundle.len()];
            for (index, weight) in lighter {
                let member = sku.member_with(facts.demands[index].key.version).expect("rights of a suite are members'");
                members[member] = members[member].min(weight);
            }
            members.into_iter().fold(nothing, |sum, weight| sum + weight)
        }
        Extent::User(Some(most)) => {
            let mut by_asset = BTreeMap::new();
            // By weight: of what is on no asset that is known each unit is on one of its own.
            let mut devices: Vec<(T::Weight, u64)> = Vec::new();
            for (index, weight) in lighter {
                match facts.demands[index].key.asset {
                    Some(asset) => {
                        let sum = by_asset.entry(asset).or_insert(nothing);
                        *sum = *sum + weight * units(index);
                    }
                    None => devices.push((weight, facts.demands[index].quantity.get())),
                }
            }
            devices.extend(by_asset.into_values().map(|weight| (weight, 1)));
            devices.sort_unstable();
            let mut left = most.get();
            devices.into_iter().fold(nothing, |sum, (weight, count)| {
                let taken = count.min(left);
                left -= taken;
                sum + weight * i128::from(taken)
            })
        }
    })
}
