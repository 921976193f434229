//! What follows from an estate before anything is allocated: demand, reserved units, places.
//!
//! Derived here from the estate alone, in the checker's own words.

use crate::allocation::DemandKey;
use model::estate::{Assigned, Estate, LicenseState, Target, TrackBy};
use model::id::{AssetId, AssignmentId, ContractId, Id, LicenseId, ScopeId, SkuId, Table, TitleId, UserId, VersionId};
use model::number::{Money, Quantity};
use std::collections::BTreeMap;

/// The facts a check stands on.
pub(crate) struct Facts<'e> {
    pub(crate) estate: &'e Estate,
    /// Installs of every version, those that are no demand too.
    pub(crate) installed: Table<VersionId, Quantity>,
    /// Sorted by key; installs that agree in it are added up.
    pub(crate) demands: Vec<Demand>,
    /// Unreserved units that may be used, by license.
    pub(crate) lots: Table<LicenseId, Lot>,
    /// Reserved units, sorted by license and target.
    pub(crate) reserved: Vec<Reserved>,
    /// Reserved units of each target, an upgrade after all it may stand on.
    pub(crate) reserved_of: BTreeMap<Target, Vec<usize>>,
    /// The targets that have reserved units.
    pub(crate) reserved_targets: Targets,
    /// Why a license assignment has no reserved unit; none where it has one.
    pub(crate) dishonored: BTreeMap<AssignmentId, Dishonored>,
    /// Title assignments, in the order of the estate.
    pub(crate) title_assignments: Vec<TitleAssignment>,
    /// SKUs in an order in which every upgrade comes after all it may stand on.
    pub(crate) stacking_order: Vec<SkuId>,
    /// The position of each in that order.
    pub(crate) stacking_rank: Table<SkuId, usize>,
    /// SKUs by main version.
    pub(crate) skus_of: Table<VersionId, Vec<SkuId>>,
    /// Which license scopes serve a scope, and what the transfer costs; sorted by license scope.
    sources: Table<ScopeId, Vec<(ScopeId, Money)>>,
}

/// A set of assets and users: most of an estate's are in none, and that must cost next to nothing.
pub(crate) struct Targets {
    assets: Table<AssetId, bool>,
    users: Table<UserId, bool>,
}

/// Finds demands one after another: keys asked for in order are found in a few steps each.
#[derive(Default)]
pub(crate) struct DemandCursor(usize);

/// Demand that one key names.
pub(crate) struct Demand {
    pub(crate) key: DemandKey,
    pub(crate) quantity: Quantity,
    /// The title assignment that is met when some of it is covered.
    pub(crate) meets: Option<usize>,
}

/// The unreserved units of a license.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lot {
    /// How many; none if unlimited.
    pub(crate) units: Option<Quantity>,
    /// Whether they may be used: the license is active and its SKU not gated.
    pub(crate) is_usable: bool,
}

/// A unit reserved by an honored license assignment.
pub(crate) struct Reserved {
    pub(crate) license: LicenseId,
    pub(crate) target: Target,
    /// The scope of the assignment.
    pub(crate) scope: ScopeId,
}

/// Why a license assignment has no reserved unit.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dishonored {
    Inactive(LicenseState),
    MoreAssignmentsThanUnits,
}

/// A title assignment and how it can be met.
pub(crate) struct TitleAssignment {
    pub(crate) title: TitleId,
    pub(crate) target: Target,
    pub(crate) version: Option<VersionId>,
    pub(crate) scope: ScopeId,
    pub(crate) met_by: MetBy,
}

/// What meets a title assignment.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum MetBy {
    /// Covering some demand that counts for it.
    Covering,
    /// An entitlement set aside: nothing that counts is installed.
    SettingAside,
    /// Nothing: the title is inactive.
    Nothing,
}

impl Targets {
    pub(crate) fn of(estate: &Estate, targets: impl Iterator<Item = Target>) -> Self {
        let mut set =
            Self { assets: Table::filled(false, estate.assets.len()), users: Table::filled(false, estate.users.len()) };
        for target in targets {
            match target {
                Target::Asset(asset) => set.assets[asset] = true,
                Target::User(user) => set.users[user] = true,
            }
        }
        set
    }

    pub(crate) fn contains(&self, target: Target) -> bool {
        match target {
            Target::Asset(asset) => self.assets[asset],
            Target::User(user) => self.users[user],
        }
    }

    /// Whether the demand is of one of them.
    pub(crate) fn have(&self, demand: &DemandKey) -> bool {
        demand.targets().any(|target| self.contains(target))
    }
}

impl DemandCursor {
    /// The demand that `key` names.
    pub(crate) fn find(&mut self, facts: &Facts<'_>, key: &DemandKey) -> Option<usize> {
        let index = self.seek(facts, key);
        facts.demands.get(index).is_some_and(|demand| demand.key == *key).then_some(index)
    }

    /// The first demand whose key is not below `key`: the last one found or the next, else by doubling
    /// steps from there, else from the start.
    pub(crate) fn seek(&mut self, facts: &Facts<'_>, key: &DemandKey) -> usize {
        let ahead = &facts.demands[self.0..];
        if let Some(step) = ahead.iter().take(2).position(|demand| demand.key == *key) {
            self.0 += step;
            return self.0;
        }
        if ahead.first().is_none_or(|last| last.key > *key) {
            self.0 = 0;
        }
        let ahead = &facts.demands[self.0..];
        let mut step = 1;
        while ahead.get(step).is_some_and(|demand| demand.key < *key) {
            step *= 2;
        }
        let window = &ahead[step / 2..ahead.len().min(step + 1)];
        self.0 += step / 2 + window.partition_point(|demand| demand.key < *key);
        self.0
    }
}

impl<'e> Facts<'e> {
    pub(crate) fn derive(estate: &'e Estate) -> Self {
        let (lots, reserved, dishonored) = reserve(estate);
        let skus_of = skus_by_main_version(estate);
        let (stacking_order, stacking_rank) = stacking_order(estate, &skus_of);
        let mut reserved_of: BTreeMap<Target, Vec<usize>> = BTreeMap::new();
        for (index, unit) in reserved.iter().enumerate() {
            reserved_of.entry(unit.target).or_default().push(index);
        }
        for units in reserved_of.values_mut() {
            units.sort_by_key(|&index| (stacking_rank[estate.licenses[reserved[index].license].sku], index));
        }
        let mut title_assignments = title_assignments(estate);
        let assigned_targets = Targets::of(estate, estate.assignments.iter().map(|row| row.target));
        let mut installed = Table::filled(Quantity::ZERO, estate.versions.len());
        let demands = demands(estate, &mut title_assignments, &assigned_targets, &mut installed);
        let sources = sources(estate);
        Self {
            estate,
            installed,
            demands,
            lots,
            reserved,
            reserved_targets: Targets::of(estate, reserved_of.keys().copied()),
            reserved_of,
            dishonored,
            title_assignments,
            stacking_order,
            stacking_rank,
            skus_of,
            sources,
        }
    }

    /// The unit of `license` reserved for `target`.
    pub(crate) fn reserved(&self, license: LicenseId, target: Target) -> Option<usize> {
        self.reserved.binary_search_by(|unit| (unit.license, unit.target).cmp(&(license, target))).ok()
    }

    /// The assignment of `title` to `target`.
    pub(crate) fn title_assignment(&self, title: TitleId, target: Target) -> Option<usize> {
        self.title_assignments.binary_search_by(|row| (row.title, row.target).cmp(&(title, target))).ok()
    }

    /// Scopes whose licenses may be used in `scope`, with the cost of the transfer.
    pub(crate) fn sources(&self, scope: ScopeId) -> &[(ScopeId, Money)] {
        &self.sources[scope]
    }

    /// What the use of a license costs in a place; none if it may not be used there.
    pub(crate) fn use_cost(&self, license: LicenseId, scope: ScopeId, contract: Option<ContractId>) -> Option<Money> {
        let license = &self.estate.licenses[license];
        if !contracts_agree(license.contract, contract) {
            return None;
        }
        let sources = &self.sources[scope];
        sources.binary_search_by_key(&license.scope, |&(from, _)| from).ok().map(|index| sources[index].1)
    }

    /// What no transfer costs more than.
    pub(crate) fn dearest_transfer(&self) -> Money {
        self.estate.transfers.iter().map(|transfer| transfer.cost).max().unwrap_or_default()
    }

    /// How many units a lawful path has at most: one more than upgrades can stand on each other.
    pub(crate) fn units_of_a_path_at_most(&self) -> u32 {
        let estate = self.estate;
        // By main version, of the SKUs so far.
        let mut highest = Table::filled(0, estate.versions.len());
        for sku in self.stacking_order.iter().map(|&sku| &estate.skus[sku]) {
            let below = sku.upgrades.iter().flatten().map(|&version| highest[version]).max();
            highest[sku.version] = highest[sku.version].max(below.unwrap_or(0) + 1);
        }
        highest.iter().copied().max().unwrap_or(0)
    }

    /// Whether a SKU may cover what a title assignment wants.
    pub(crate) fn satisfies(&self, sku: SkuId, wanted: &TitleAssignment) -> bool {
        let sku = &self.estate.skus[sku];
        match wanted.version {
            Some(version) => sku.may_cover(version),
            None => {
                let versions = &self.estate.titles[wanted.title].versions;
                let first = sku.may_cover.partition_point(|&version| version < versions.start);
                sku.may_cover.get(first).is_some_and(|&version| version < versions.end)
            }
        }
    }
}

/// A missing contract on either side is no restriction.
pub(crate) fn contracts_agree(license: Option<ContractId>, install: Option<ContractId>) -> bool {
    license.is_none() || install.is_none() || license == install
}

type Reservations = (Table<LicenseId, Lot>, Vec<Reserved>, BTreeMap<AssignmentId, Dishonored>);

/// Honors license assignments, assets before users, then ids by bytes, as far as the units go.
fn reserve(estate: &Estate) -> Reservations {
    let mut left: Table<LicenseId, Option<Quantity>> =
        Table::new(estate.licenses.iter().map(|license| license.quantity).collect());
    let mut reserved = Vec::new();
    let mut dishonored = BTreeMap::new();
    // The estate sorts assignments of a license by target: assets first, ids by bytes.
    for (id, assignment) in estate.assignments.enumerate() {
        let Assigned::License(license) = assignment.assigned else { continue };
        let state = estate.licenses[license].state(estate.as_of);
        if state != LicenseState::Active {
            dishonored.insert(id, Dishonored::Inactive(state));
        } else if left[license] == Some(Quantity::ZERO) {
            dishonored.insert(id, Dishonored::MoreAssignmentsThanUnits);
        } else {
            left[license] = left[license].map(|units| units - Quantity::ONE);
            reserved.push(Reserved { license, target: assignment.target, scope: assignment.scope });
        }
    }
    let lots = estate.licenses.ids().map(|license| Lot {
        units: left[license],
        is_usable: estate.is_active(license) && !estate.sku_of(license).use_only_when_assigned,
    });
    (Table::new(lots.collect()), reserved, dishonored)
}

fn title_assignments(estate: &Estate) -> Vec<TitleAssignment> {
    let rows = estate.assignments.iter().filter_map(|row| {
        let Assigned::Title(title) = row.assigned else { return None };
        let met_by = if estate.titles[title].is_active { MetBy::SettingAside } else { MetBy::Nothing };
        let (target, version, scope) = (row.target, row.version, row.scope);
        Some(TitleAssignment { title, target, version, scope, met_by })
    });
    rows.collect()
}

/// All demand; notes at the title assignments which of them it can meet, and counts installs.
fn demands(
    estate: &Estate,
    wanted: &mut [TitleAssignment],
    assigned: &Targets,
    installed: &mut Table<VersionId, Quantity>,
) -> Vec<Demand> {
    let mut quantities: Vec<(DemandKey, Quantity)> = Vec::new();
    // The estate sorts installs by what makes their key.
    for install in &estate.installs {
        installed[install.version] += install.quantity;
        let title = estate.title_of(install.version);
        if install.excluded.is_some() || !title.is_active || title.track_by != TrackBy::Installations {
            continue;
        }
        let key = DemandKey {
            version: install.version,
            scope: install.scope,
            contract: install.contract,
            asset: install.asset,
            user: install.user,
        };
        match quantities.last_mut() {
            Some((last, quantity)) if *last == key => *quantity += install.quantity,
            _ => quantities.push((key, install.quantity)),
        }
    }
    quantities.extend(tracked_demands(estate).into_iter().map(|key| (key, Quantity::ONE)));
    // Installs stand in order, which a stable sort keeps to merge the others in.
    quantities.sort();
    let mut wanted_of = Table::filled(0..0, estate.titles.len());
    let mut start = 0;
    for rows in wanted.chunk_by(|one, other| one.title == other.title) {
        wanted_of[rows[0].title] = start..start + rows.len();
        start += rows.len();
    }
    let rows = quantities.into_iter().map(|(key, quantity)| {
        let title = estate.versions[key.version].title;
        let of_title = wanted_of[title].clone();
        let meets = key.targets().filter(|&target| assigned.contains(target)).find_map(|target| {
            let found = wanted[of_title.clone()].binary_search_by_key(&target, |row| row.target);
            let index = of_title.start + found.ok()?;
            let is_tracked = estate.titles[title].track_by == TrackBy::Assignments;
            (is_tracked || wanted[index].version.is_none_or(|version| version == key.version)).then_some(index)
        });
        if let Some(index) = meets.filter(|_| !quantity.is_zero()) {
            wanted[index].met_by = MetBy::Covering;
        }
        Demand { key, quantity, meets }
    });
    rows.collect()
}

/// An assignment that asks for a title tracked by assignments.
struct Wanted {
    title: TitleId,
    target: Target,
    scope: ScopeId,
    /// The version that a title assignment names.
    named: Option<VersionId>,
    /// The main version of the license assigned.
    licensed: Option<VersionId>,
}

/// One demand for each target and scope to which a title tracked by assignments is assigned, itself
/// or by a license of it.
fn tracked_demands(estate: &Estate) -> Vec<DemandKey> {
    let wanted = estate.assignments.iter().filter_map(|assignment| {
        let (title, named, licensed) = match assignment.assigned {
            Assigned::Title(title) => (title, assignment.version, None),
            Assigned::License(license) => {
                let version = estate.sku_of(license).version;
                (estate.versions[version].title, None, Some(version))
            }
        };
        let is_tracked = estate.titles[title].is_active && estate.titles[title].track_by == TrackBy::Assignments;
        is_tracked.then_some(Wanted { title, target: assignment.target, scope: assignment.scope, named, licensed })
    });
    let mut wanted: Vec<Wanted> = wanted.collect();
    wanted.sort_by_key(|row| (row.title, row.target, row.scope));
    let is_one =
        |one: &Wanted, other: &Wanted| (one.title, one.target, one.scope) == (other.title, other.target, other.scope);
    let demand = |rows: &[Wanted]| {
        let &Wanted { title, target, scope, .. } = &rows[0];
        let named = rows.iter().filter_map(|row| row.named).max();
        let newest = named.or_else(|| rows.iter().filter_map(|row| row.licensed).max());
        let version = newest.unwrap_or_else(|| estate.newest_version(title));
        let (asset, user) = match target {
            Target::Asset(asset) => (Some(asset), None),
            Target::User(user) => (None, Some(user)),
        };
        DemandKey { version, scope, contract: None, asset, user }
    };
    wanted.chunk_by(is_one).map(demand).collect()
}

fn skus_by_main_version(estate: &Estate) -> Table<VersionId, Vec<SkuId>> {
    let mut skus_of = Table::filled(Vec::new(), estate.versions.len());
    for (id, sku) in estate.skus.enumerate() {
        skus_of[sku.version].push(id);
    }
    skus_of
}

/// An order in which every upgrade comes after all SKUs it may stand on, and the position of each SKU in it.
fn stacking_order(estate: &Estate, skus_of: &Table<VersionId, Vec<SkuId>>) -> (Vec<SkuId>, Table<SkuId, usize>) {
    let mut upgrades_of: Table<VersionId, Vec<SkuId>> = Table::filled(Vec::new(), estate.versions.len());
    let mut waiting_for = Table::<SkuId, usize>::filled(0, estate.skus.len());
    for (id, sku) in estate.skus.enumerate() {
        for &version in sku.upgrades.iter().flatten() {
            if !skus_of[version].is_empty() {
                upgrades_of[version].push(id);
                waiting_for[id] += 1;
            }
        }
    }
    let mut unranked: Table<VersionId, usize> = Table::new(skus_of.iter().map(Vec::len).collect());
    let mut ready: Vec<SkuId> = estate.skus.ids().filter(|&sku| waiting_for[sku] == 0).collect();
    let mut rank = Table::filled(usize::MAX, estate.skus.len());
    let mut order = Vec::with_capacity(estate.skus.len());
    while let Some(sku) = ready.pop() {
        rank[sku] = order.len();
        order.push(sku);
        let version = estate.skus[sku].version;
        unranked[version] -= 1;
        if unranked[version] == 0 {
            for &upgrade in &upgrades_of[version] {
                waiting_for[upgrade] -= 1;
                if waiting_for[upgrade] == 0 {
                    ready.push(upgrade);
                }
            }
        }
    }
    assert_eq!(order.len(), estate.skus.len(), "upgrade rights among SKUs form no cycle");
    (order, rank)
}

/// For every scope the scopes whose licenses may be used in it: itself and those above for nothing,
/// others by the cheapest transfer into it or above it.
fn sources(estate: &Estate) -> Table<ScopeId, Vec<(ScopeId, Money)>> {
    let mut transfers_to: Table<ScopeId, Vec<(ScopeId, Money)>> = Table::filled(Vec::new(), estate.scopes.len());
    for transfer in &estate.transfers {
        transfers_to[transfer.to].push((transfer.from, transfer.cost));
    }
    let of = |scope: ScopeId| {
        let mut found: Vec<(ScopeId, Money)> = Vec::new();
        for above in estate.scope_and_above(scope) {
            found.push((above, Money::ZERO));
            found.extend(&transfers_to[above]);
        }
        found.sort_unstable();
        found.dedup_by_key(|&mut (from, _)| from);
        found
    };
    Table::new((0..estate.scopes.len()).map(|index| of(ScopeId::at(index))).collect())
}
