//! The problem behind an estate: pools of interchangeable units, reserved units, classes of demand.
//!
//! Units of licenses that agree in SKU, scope and contract are interchangeable at every level of the
//! objective, and so are installs that agree in version, scope and contract unless an assignment
//! concerns them. Everything here is sorted by ids, so that the order of rows drops out.

use crate::homes::{Cluster, clusters};
use crate::order::Order;
use crate::places::{Map, Place, Site};
use crate::trade::Trade;
use checker::allocation::DemandKey;
use jiff::civil::Date;
use model::estate::{Assigned, Estate, LicenseState, Target, TrackBy};
use model::id::{ContractId, LicenseId, ScopeId, SkuId, Table, TitleId, VersionId};
use model::market::OfferId;
use model::number::Quantity;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Everything the network is built from.
pub(crate) struct Problem<'e> {
    pub(crate) estate: &'e Estate,
    extract: Extract,
    /// Sorted by SKU, scope, contract.
    pub(crate) pools: Vec<Pool>,
    /// Sorted by license and target.
    pub(crate) reserved: Vec<ReservedUnit>,
    /// Reserved units by target.
    pub(crate) reserved_of: BTreeMap<Target, Vec<usize>>,
    /// Sorted by key.
    pub(crate) demands: Vec<Demand>,
    /// The demands for each version, by position.
    demands_for: Table<VersionId, Range<usize>>,
    /// Title assignments that are calculated, sorted by title and target.
    pub(crate) wanted: Vec<Wanted>,
    /// What can be asked of an entitlement, with the places where it is.
    pub(crate) asks: BTreeMap<Ask, AskPlaces>,
    /// SKUs in an order in which every upgrade comes after all it may stand on.
    pub(crate) stacking_order: Vec<SkuId>,
    /// Demand that one entitlement may cover at once.
    pub(crate) clusters: Vec<Cluster>,
    /// What may be bought or done.
    pub(crate) trade: Trade<'e>,
    /// How costs are compared.
    pub(crate) order: Order,
}

/// What of an estate is stated: the licenses that are active on a day, and all titles or some.
pub(crate) struct Extract {
    day: Date,
    /// None for all of them.
    titles: Option<Table<TitleId, bool>>,
    apart: Apart,
}

/// Which assets and users that look alike are stated apart nonetheless.
#[derive(Clone)]
pub(crate) enum Apart {
    /// Those with some of these demands.
    With(BTreeSet<usize>),
    All,
}

/// Unreserved usable units that agree in SKU, scope and contract.
pub(crate) struct Pool {
    pub(crate) sku: SkuId,
    pub(crate) site: Site,
    /// The offer by which units are had, which is of one lot; they are no more than what may be.
    pub(crate) offer: Option<OfferId>,
    /// Limited lots before unlimited ones, then by id.
    pub(crate) lots: Vec<(LicenseId, Option<Quantity>)>,
    /// All units; none if a lot is unlimited.
    pub(crate) units: Option<Quantity>,
}

/// A unit reserved by an honored license assignment.
pub(crate) struct ReservedUnit {
    pub(crate) license: LicenseId,
    pub(crate) sku: SkuId,
    pub(crate) site: Site,
    /// The offer by which the unit is had.
    pub(crate) offer: Option<OfferId>,
    pub(crate) target: Target,
    /// The scope of the assignment.
    pub(crate) scope: ScopeId,
}

/// Demand with one key.
pub(crate) struct Demand {
    pub(crate) key: DemandKey,
    pub(crate) quantity: Quantity,
    /// The title assignment that it meets when some of it is covered.
    pub(crate) meets: Option<usize>,
    /// Whether a reserved unit of one of its targets may cover it as topmost unit.
    pub(crate) is_tied: bool,
    /// Whether it may be covered beside other demand.
    pub(crate) is_held: bool,
}

/// A title assignment that is calculated.
pub(crate) struct Wanted {
    pub(crate) title: TitleId,
    pub(crate) target: Target,
    pub(crate) version: Option<VersionId>,
    pub(crate) scope: ScopeId,
    /// Whether something counts for it that can be covered; else an entitlement is set aside.
    pub(crate) has_installs: bool,
}

/// What can be asked of an unreserved entitlement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Ask {
    /// To cover a version.
    Cover(VersionId),
    /// To be set aside for a version.
    AsideVersion(VersionId),
    /// To be set aside for any version of a title.
    AsideTitle(TitleId),
}

/// The places where something is asked, by contract, then by the preorder of their scopes.
#[derive(Default)]
pub(crate) struct AskPlaces(BTreeMap<Option<ContractId>, Vec<(u32, Place)>>);

impl Extract {
    /// All of it.
    pub(crate) fn whole(day: Date) -> Self {
        Self { day, titles: None, apart: Apart::With(BTreeSet::new()) }
    }

    /// Only what concerns some of the titles, which no active license ties to the others.
    pub(crate) fn of_titles(day: Date, titles: Table<TitleId, bool>) -> Self {
        Self { day, titles: Some(titles), apart: Apart::With(BTreeSet::new()) }
    }

    /// The same with some assets and users stated apart.
    pub(crate) fn with_apart(self, apart: Apart) -> Self {
        Self { apart, ..self }
    }

    fn has_title(&self, title: TitleId) -> bool {
        self.titles.as_ref().is_none_or(|titles| titles[title])
    }

    /// Whether a license counts.
    fn is_active(&self, estate: &Estate, license: LicenseId) -> bool {
        let main = estate.sku_of(license).version;
        estate.licenses[license].state(self.day) == LicenseState::Active && self.has_title(estate.versions[main].title)
    }
}

impl Pool {
    /// Whether its units are those of an offer's lot that are had after reserved ones.
    pub(crate) fn is_after_reserved(&self, problem: &Problem<'_>) -> bool {
        self.offer.is_some() && self.lots.iter().any(|&(license, _)| !problem.reserved_by(license).is_empty())
    }
}

impl Demand {
    /// Whether an assignment or what is demanded beside it concerns it, so that it is not pooled with all demand for its
    /// version in its place.
    pub(crate) fn is_single(&self) -> bool {
        self.is_tied || self.meets.is_some() || self.is_held
    }

    pub(crate) fn place(&self) -> Place {
        Place { scope: self.key.scope, contract: self.key.contract }
    }
}

impl Wanted {
    pub(crate) fn ask(&self) -> Ask {
        self.version.map_or(Ask::AsideTitle(self.title), Ask::AsideVersion)
    }

    pub(crate) fn place(&self) -> Place {
        Place { scope: self.scope, contract: None }
    }

    /// Whether a SKU may cover what is wanted.
    pub(crate) fn is_met_by(&self, estate: &Estate, sku: SkuId) -> bool {
        let may_cover = &estate.skus[sku].may_cover;
        match self.version {
            Some(version) => may_cover.contains(&version),
            None => may_cover.iter().any(|&version| estate.versions[version].title == self.title),
        }
    }
}

impl AskPlaces {
    fn add(&mut self, preorder: u32, place: Place) {
        self.0.entry(place.contract).or_default().push((preorder, place));
    }

    fn sort(&mut self) {
        for places in self.0.values_mut() {
            places.sort_unstable();
            places.dedup();
        }
    }

    /// All places.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Place> + '_ {
        self.0.values().flatten().map(|&(_, place)| place)
    }

    /// Places that lie in one of the intervals and may be served under `contract`.
    pub(crate) fn within(
        &self,
        intervals: &[(u32, u32)],
        contract: Option<ContractId>,
    ) -> impl Iterator<Item = Place> + '_ {
        let lists: Vec<&Vec<(u32, Place)>> = match contract {
            None => self.0.values().collect(),
            Some(_) => [None, contract].iter().filter_map(|contract| self.0.get(contract)).collect(),
        };
        let slices: Vec<&[(u32, Place)]> = lists
            .into_iter()
            .flat_map(|places| {
                intervals.iter().map(move |&(first, end)| {
                    let from = places.partition_point(|&(preorder, _)| preorder < first);
                    let to = places.partition_point(|&(preorder, _)| preorder < end);
                    &places[from..to]
                })
            })
            .collect();
        slices.into_iter().flatten().map(|&(_, place)| place)
    }
}

impl<'e> Problem<'e> {
    pub(crate) fn new(estate: &'e Estate, extract: Extract, map: &Map<'_>) -> Self {
        Self::with(estate, extract, map, Trade::default(), Order::of_position())
    }

    /// The problem with what may be bought or done.
    pub(crate) fn with(estate: &'e Estate, extract: Extract, map: &Map<'_>, trade: Trade<'e>, order: Order) -> Self {
        let (reserved, left) = honor(estate, &extract, &trade);
        let mut reserved_of: BTreeMap<Target, Vec<usize>> = BTreeMap::new();
        for (index, unit) in reserved.iter().enumerate() {
            reserved_of.entry(unit.target).or_default().push(index);
        }
        let mut wanted = wanted(estate, &extract);
        let mut demands = demands(estate, &extract, &reserved, &reserved_of, &mut wanted);
        let asks = asks(map, &demands, &wanted, &trade);
        let pools = pools(estate, &extract, &left, &trade);
        let clusters = clusters(estate, &demands, &pools, &reserved, &extract.apart);
        for &demand in clusters.iter().flat_map(|cluster| &cluster.copies).flatten() {
            demands[demand].is_held = true;
        }
        Self {
            pools,
            clusters,
            stacking_order: stacking_order(estate),
            estate,
            extract,
            reserved,
            reserved_of,
            demands_for: demands_by_version(estate, &demands),
            demands,
            wanted,
            asks,
            trade,
            order,
        }
    }

    /// Whether a license counts.
    pub(crate) fn is_active(&self, license: LicenseId) -> bool {
        self.extract.is_active(self.estate, license)
    }

    /// The reserved units of a license, in the order in which its assignments are honored.
    pub(crate) fn reserved_by(&self, license: LicenseId) -> Range<usize> {
        let start = self.reserved.partition_point(|unit| unit.license < license);
        start..self.reserved.partition_point(|unit| unit.license <= license)
    }

    /// The demands for a version.
    pub(crate) fn demands_for(&self, version: VersionId) -> &[Demand] {
        &self.demands[self.demands_for[version].clone()]
    }

    /// The demands for a version in a place.
    pub(crate) fn demands_at(&self, version: VersionId, place: Place) -> Range<usize> {
        let Range { start, end } = self.demands_for[version];
        let wanted = (place.scope, place.contract);
        let key = |demand: &Demand| (demand.key.scope, demand.key.contract);
        let first = start + self.demands[start..end].partition_point(|demand| key(demand) < wanted);
        let count = self.demands[first..end].partition_point(|demand| key(demand) == wanted);
        first..first + count
    }

    /// What may be asked of a unit of `sku`, in order.
    pub(crate) fn asks_of(&self, sku: SkuId) -> Vec<Ask> {
        let may_cover = &self.estate.skus[sku].may_cover;
        let mut asks: Vec<Ask> = Vec::new();
        for &version in may_cover {
            asks.extend([Ask::Cover(version), Ask::AsideVersion(version)]);
            asks.push(Ask::AsideTitle(self.estate.versions[version].title));
        }
        asks.sort_unstable();
        asks.dedup();
        asks.retain(|ask| self.asks.contains_key(ask));
        asks
    }
}

/// Reserves units for license assignments, and says how many units each license has left.
fn honor(
    estate: &Estate,
    extract: &Extract,
    trade: &Trade<'_>,
) -> (Vec<ReservedUnit>, Table<LicenseId, Option<Quantity>>) {
    let mut left = Table::new(estate.licenses.iter().map(|license| license.quantity).collect::<Vec<_>>());
    let mut reserved = Vec::new();
    for assignment in &estate.assignments {
        if let Assigned::License(id) = assignment.assigned
            && extract.is_active(estate, id)
            && left[id].is_none_or(|units| !units.is_zero())
        {
            left[id] = left[id].map(|units| units - Quantity::ONE);
            let license = &estate.licenses[id];
            reserved.push(ReservedUnit {
                license: id,
                sku: license.sku,
                site: Site { scope: license.scope, contract: license.contract },
                offer: trade.offer_of(id),
                target: assignment.target,
                scope: assignment.scope,
            });
        }
    }
    (reserved, left)
}

fn pools(
    estate: &Estate,
    extract: &Extract,
    left: &Table<LicenseId, Option<Quantity>>,
    trade: &Trade<'_>,
) -> Vec<Pool> {
    let mut pools: BTreeMap<(SkuId, Site, Option<OfferId>), Vec<LicenseId>> = BTreeMap::new();
    for (id, license) in estate.licenses.enumerate() {
        if extract.is_active(estate, id) && !estate.skus[license.sku].use_only_when_assigned {
            let site = Site { scope: license.scope, contract: license.contract };
            pools.entry((license.sku, site, trade.offer_of(id))).or_default().push(id);
        }
    }
    let pool = |((sku, site, offer), ids): ((SkuId, Site, Option<OfferId>), Vec<LicenseId>)| {
        let mut lots: Vec<(LicenseId, Option<Quantity>)> = ids.into_iter().map(|id| (id, left[id])).collect();
        lots.sort_by_key(|&(id, units)| (units.is_none(), id));
        let units = lots.iter().map(|&(_, units)| units).sum();
        Pool { sku, site, offer, lots, units }
    };
    pools.into_iter().map(pool).collect()
}

fn wanted(estate: &Estate, extract: &Extract) -> Vec<Wanted> {
    let rows = estate.assignments.iter().filter_map(|assignment| match assignment.assigned {
        Assigned::Title(title) if estate.titles[title].is_active && extract.has_title(title) => Some(Wanted {
            title,
            target: assignment.target,
            version: assignment.version,
            scope: assignment.scope,
            has_installs: false,
        }),
        _ => None,
    });
    rows.collect()
}

fn demands(
    estate: &Estate,
    extract: &Extract,
    reserved: &[ReservedUnit],
    reserved_of: &BTreeMap<Target, Vec<usize>>,
    wanted: &mut [Wanted],
) -> Vec<Demand> {
    let counts = |version: VersionId, track_by: TrackBy| {
        let title = estate.title_of(version);
        title.is_active && title.track_by == track_by && extract.has_title(estate.versions[version].title)
    };
    let installs = estate
        .installs
        .iter()
        .filter(|install| install.excluded.is_none() && counts(install.version, TrackBy::Installations));
    let mut rows: Vec<(DemandKey, Quantity)> = installs
        .map(|install| {
            let &model::estate::Install { version, scope, contract, asset, user, quantity, .. } = install;
            (DemandKey { version, scope, contract, asset, user }, quantity)
        })
        .chain(assigned_demands(estate, extract).into_iter().map(|key| (key, Quantity::ONE)))
        .collect();
    rows.sort_unstable();
    let runs = rows.chunk_by(|one, other| one.0 == other.0);
    let demand = |run: &[(DemandKey, Quantity)]| {
        let key = run[0].0;
        let quantity: Quantity = run.iter().map(|&(_, quantity)| quantity).sum();
        let meets = met_by(estate, wanted, &key);
        if let Some(index) = meets
            && !quantity.is_zero()
        {
            wanted[index].has_installs = true;
        }
        let mut own = key.targets().filter_map(|target| reserved_of.get(&target)).flatten();
        let is_tied = own.any(|&unit| estate.skus[reserved[unit].sku].may_cover(key.version));
        Demand { key, quantity, meets, is_tied, is_held: false }
    };
    runs.map(demand).collect()
}

fn demands_by_version(estate: &Estate, demands: &[Demand]) -> Table<VersionId, Range<usize>> {
    let mut ranges = Table::filled(0..0, estate.versions.len());
    let mut start = 0;
    for run in demands.chunk_by(|one, other| one.key.version == other.key.version) {
        ranges[run[0].key.version] = start..start + run.len();
        start += run.len();
    }
    ranges
}

/// The title assignment that demand counts for: its asset's before its user's.
fn met_by(estate: &Estate, wanted: &[Wanted], key: &DemandKey) -> Option<usize> {
    let title = estate.versions[key.version].title;
    let is_tracked = estate.titles[title].track_by == TrackBy::Assignments;
    key.targets().find_map(|target| {
        let index = wanted.binary_search_by_key(&(title, target), |row| (row.title, row.target)).ok()?;
        let version = wanted[index].version;
        (is_tracked || version.is_none() || version == Some(key.version)).then_some(index)
    })
}

/// Demand of the titles that are tracked by assignments.
fn assigned_demands(estate: &Estate, extract: &Extract) -> Vec<DemandKey> {
    // Named versions of title assignments come before main versions of licenses, newest first.
    let mut rows: Vec<(TitleId, Target, ScopeId, bool, Option<VersionId>)> = Vec::new();
    for assignment in &estate.assignments {
        let (title, by_title, version) = match assignment.assigned {
            Assigned::Title(title) => (title, true, assignment.version),
            Assigned::License(license) => {
                let main = estate.sku_of(license).version;
                (estate.versions[main].title, false, Some(main))
            }
        };
        let row = &estate.titles[title];
        if row.is_active && row.track_by == TrackBy::Assignments && extract.has_title(title) {
            rows.push((title, assignment.target, assignment.scope, by_title && version.is_some(), version));
        }
    }
    rows.sort_unstable();
    let runs = rows.chunk_by(|one, other| (one.0, one.1, one.2) == (other.0, other.1, other.2));
    let demand = |run: &[(TitleId, Target, ScopeId, bool, Option<VersionId>)]| {
        let &(title, target, scope, _, newest) = run.last().expect("a run has a row");
        let (asset, user) = match target {
            Target::Asset(asset) => (Some(asset), None),
            Target::User(user) => (None, Some(user)),
        };
        let version = newest.unwrap_or_else(|| estate.newest_version(title));
        DemandKey { version, scope, contract: None, asset, user }
    };
    runs.map(demand).collect()
}

fn asks(map: &Map<'_>, demands: &[Demand], wanted: &[Wanted], trade: &Trade<'_>) -> BTreeMap<Ask, AskPlaces> {
    let mut asks: BTreeMap<Ask, AskPlaces> = BTreeMap::new();
    let instead = demands.iter().filter(|demand| trade.may_change(demand)).flat_map(|demand| {
        let versions = trade.market.into_iter().flat_map(|market| market.reinstalls_of(demand.key.version));
        versions.map(|reinstall| (Ask::Cover(reinstall.to), demand.place()))
    });
    let of_demands = demands.iter().map(|demand| (Ask::Cover(demand.key.version), demand.place()));
    let of_wanted = wanted.iter().filter(|row| !row.has_installs).map(|row| (row.ask(), row.place()));
    for (ask, place) in of_demands.chain(of_wanted).chain(instead) {
        asks.entry(ask).or_default().add(map.preorder(place.scope), place);
    }
    asks.values_mut().for_each(AskPlaces::sort);
    asks
}

/// Depth-first through the upgrade rights: a SKU is placed when all it may stand on have been.
fn stacking_order(estate: &Estate) -> Vec<SkuId> {
    let mut skus_of: Table<VersionId, Vec<SkuId>> = Table::filled(Vec::new(), estate.versions.len());
    for (id, sku) in estate.skus.enumerate() {
        skus_of[sku.version].push(id);
    }
    let mut order = Vec::with_capacity(estate.skus.len());
    let mut is_sku_open = Table::<SkuId, bool>::filled(false, estate.skus.len());
    let mut is_version_open = Table::<VersionId, bool>::filled(false, estate.versions.len());
    let mut stack: Vec<Visit> = estate.skus.ids().rev().map(Visit::Sku).collect();
    while let Some(visit) = stack.pop() {
        match visit {
            Visit::Sku(sku) if !std::mem::replace(&mut is_sku_open[sku], true) => {
                stack.push(Visit::Done(sku));
                stack.extend(estate.skus[sku].upgrades.iter().flatten().copied().map(Visit::Version));
            }
            Visit::Version(version) if !std::mem::replace(&mut is_version_open[version], true) => {
                stack.extend(skus_of[version].iter().copied().map(Visit::Sku));
            }
            Visit::Sku(_) | Visit::Version(_) => {}
            Visit::Done(sku) => order.push(sku),
        }
    }
    order
}

/// A step of the depth-first search; a node is opened when it is popped, not when it is pushed.
enum Visit {
    Sku(SkuId),
    Version(VersionId),
    Done(SkuId),
}
