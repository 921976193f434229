//! Demand that one entitlement may cover at once, and what of it looks alike.
//!
//! By the metric of its topmost SKU an entitlement covers what shares an asset or a user: its *home*. Homes that share
//! demand, as an asset and its user do, are one *cluster*. Clusters that look alike are stated once, with as much demand
//! as all of their copies have together: an entitlement may be used in any copy, and mostly a flow of all can be divided
//! among them. Where it cannot, every copy is stated for itself.
//!
//! Cost: linear in the demands, but for sorting.

use crate::component::Parts;
use crate::places::Place;
use crate::problem::{Apart, Demand, Pool, ReservedUnit};
use model::estate::{Estate, Metric, Sku, Target};
use model::id::{AssetId, SkuId, Table, VersionId};
use model::number::Quantity;
use std::collections::{BTreeMap, BTreeSet};

/// Metrics that have the same homes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Device,
    Suite,
    User,
}

/// Homes that share demand, as often as it looks alike.
pub(crate) struct Cluster {
    /// What each copy demands.
    pub(crate) parts: Vec<Part>,
    pub(crate) homes: Vec<Home>,
    /// By copy, by part: its demand.
    pub(crate) copies: Vec<Vec<usize>>,
}

/// One of the demands of a cluster.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Part {
    pub(crate) version: VersionId,
    pub(crate) place: Place,
    pub(crate) quantity: Quantity,
    /// Which of the assets of the cluster it is on.
    pub(crate) asset: Option<usize>,
    /// Which of the users it is by.
    user: Option<usize>,
}

/// Parts of a cluster with an asset or a user in common.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Home {
    pub(crate) kind: Kind,
    /// Sorted.
    pub(crate) parts: Vec<usize>,
}

/// A home by its demands.
type HomeDemands = (Kind, Vec<usize>);

impl Kind {
    /// None of a SKU whose entitlements cover one install each.
    pub(crate) fn of(sku: &Sku) -> Option<Self> {
        match sku.metric {
            Metric::Install => (sku.bundle.len() > 1).then_some(Self::Suite),
            Metric::Device => Some(Self::Device),
            Metric::User { .. } => Some(Self::User),
        }
    }

    /// The asset or user of which it covers several installs.
    pub(crate) fn home(self, demand: &Demand) -> Option<Target> {
        match self {
            Self::Device => demand.key.asset.map(Target::Asset),
            Self::Suite => demand.key.targets().next(),
            Self::User => demand.key.user.map(Target::User),
        }
    }
}

impl Cluster {
    /// How many units of a part all copies demand.
    pub(crate) fn demanded(&self, part: usize) -> i64 {
        let copies = i64::try_from(self.copies.len()).expect("demands fit their limit");
        self.parts[part].quantity.signed() * copies
    }
}

/// The clusters of all homes in which an entitlement that there is may cover more than one unit of demand.
pub(crate) fn clusters(
    estate: &Estate,
    demands: &[Demand],
    pools: &[Pool],
    reserved: &[ReservedUnit],
    apart: &Apart,
) -> Vec<Cluster> {
    let owned: BTreeSet<SkuId> =
        pools.iter().map(|pool| pool.sku).chain(reserved.iter().map(|unit| unit.sku)).collect();
    let sharing: Vec<(Kind, &Sku)> =
        owned.into_iter().filter_map(|sku| Some((Kind::of(&estate.skus[sku])?, &estate.skus[sku]))).collect();
    if sharing.is_empty() {
        return Vec::new();
    }
    let homes = homes(estate, demands, &sharing);
    let limited = sharing.iter().filter_map(|(_, sku)| match sku.metric {
        Metric::User { max_devices } => max_devices,
        Metric::Install | Metric::Device => None,
    });
    let fewest_devices = limited.min();
    let mut ties = Parts::new(demands.len());
    let number = |demand: usize| u32::try_from(demand).expect("demands fit their limit");
    for pair in homes.iter().flat_map(|(_, demands)| demands.windows(2)) {
        ties.join(number(pair[0]), number(pair[1]));
    }
    let mut by_root: BTreeMap<u32, (BTreeSet<usize>, Vec<HomeDemands>)> = BTreeMap::new();
    for (kind, demands) in homes {
        let (members, homes) = by_root.entry(ties.find(number(demands[0]))).or_default();
        members.extend(&demands);
        homes.push((kind, demands));
    }
    let mut clusters: Vec<Cluster> = Vec::new();
    let mut alike: BTreeMap<(Vec<Part>, Vec<Home>), usize> = BTreeMap::new();
    for (members, homes) in by_root.into_values() {
        let members: Vec<usize> = members.into_iter().collect();
        let parts = parts(demands, &members);
        let part = |demand: &usize| members.binary_search(demand).expect("the demand of a home is its cluster's");
        let mut homes: Vec<Home> = homes
            .iter()
            .map(|(kind, demands)| Home { kind: *kind, parts: demands.iter().map(part).collect() })
            .collect();
        homes.sort_unstable();
        let is_single = |&demand: &usize| demands[demand].is_tied || demands[demand].meets.is_some();
        let is_apart = match apart {
            Apart::All => true,
            Apart::With(demands) => members.iter().any(|demand| demands.contains(demand)),
        };
        let exceeds =
            |home: &Home| home.kind == Kind::User && fewest_devices.is_some_and(|most| devices(&parts, home) > most);
        if is_apart || members.iter().any(is_single) || homes.iter().any(exceeds) {
            clusters.push(Cluster { parts, homes, copies: vec![members] });
            continue;
        }
        let known = *alike.entry((parts.clone(), homes.clone())).or_insert(clusters.len());
        match clusters.get_mut(known) {
            Some(cluster) => cluster.copies.push(members),
            None => clusters.push(Cluster { parts, homes, copies: vec![members] }),
        }
    }
    clusters
}

/// Homes with the demand in them that some SKU may cover, where it may cover two units at least.
fn homes(estate: &Estate, demands: &[Demand], sharing: &[(Kind, &Sku)]) -> Vec<HomeDemands> {
    let kinds: BTreeSet<Kind> = sharing.iter().map(|(kind, _)| *kind).collect();
    let mut found = Vec::new();
    for kind in kinds {
        let mut covering: Table<VersionId, Vec<usize>> = Table::filled(Vec::new(), estate.versions.len());
        for (index, (_, sku)) in sharing.iter().enumerate().filter(|(_, (of, _))| *of == kind) {
            sku.may_cover.iter().for_each(|&version| covering[version].push(index));
        }
        let demanded = demands.iter().enumerate().filter(|(_, demand)| !demand.quantity.is_zero());
        let coverable = demanded.filter(|(_, demand)| !covering[demand.key.version].is_empty());
        let mut at_home: Vec<(Target, usize)> =
            coverable.filter_map(|(index, demand)| Some((kind.home(demand)?, index))).collect();
        at_home.sort_unstable();
        for rows in at_home.chunk_by(|one, other| one.0 == other.0) {
            let mut units: BTreeMap<usize, Quantity> = BTreeMap::new();
            for &(_, index) in rows {
                for &sku in &covering[demands[index].key.version] {
                    *units.entry(sku).or_default() += demands[index].quantity;
                }
            }
            if units.values().any(|units| units.get() > 1) {
                found.push((kind, rows.iter().map(|row| row.1).collect()));
            }
        }
    }
    found
}

/// What the demands of a cluster are like; assets and users by the order in which they come.
fn parts(demands: &[Demand], members: &[usize]) -> Vec<Part> {
    fn numbered<T: PartialEq>(met: &mut Vec<T>, id: T) -> usize {
        met.iter().position(|other| *other == id).unwrap_or_else(|| {
            met.push(id);
            met.len() - 1
        })
    }
    let (mut assets, mut users): (Vec<AssetId>, Vec<_>) = (Vec::new(), Vec::new());
    let part = |&index: &usize| {
        let demand = &demands[index];
        Part {
            version: demand.key.version,
            place: demand.place(),
            quantity: demand.quantity,
            asset: demand.key.asset.map(|asset| numbered(&mut assets, asset)),
            user: demand.key.user.map(|user| numbered(&mut users, user)),
        }
    };
    members.iter().map(part).collect()
}

/// On how many devices the installs of a home may be: what is on no asset that is known may be on any.
pub(crate) fn devices(parts: &[Part], home: &Home) -> Quantity {
    let assets: BTreeSet<usize> = home.parts.iter().filter_map(|&part| parts[part].asset).collect();
    let elsewhere = home.parts.iter().filter(|&&part| parts[part].asset.is_none());
    elsewhere.map(|&part| parts[part].quantity).sum::<Quantity>() + Quantity::new(assets.len() as u64)
}
