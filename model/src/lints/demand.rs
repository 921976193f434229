//! What needs an entitlement: installs and assignments, pooled, each with its place in the files.

use super::Places;
use crate::diagnostic::Place;
use crate::estate::{Assigned, Assignment, Estate, Target, TrackBy};
use crate::id::{AssetId, ContractId, ScopeId, TitleId, UserId, VersionId, ids_in};
use crate::number::Quantity;
use std::collections::BTreeMap;

/// The demand of an estate, and what is to be set aside.
pub(super) struct Demand {
    /// Sorted by version.
    pub(super) rows: Vec<Row>,
    /// What an entitlement may be set aside for: versions, and where. Every title assignment is here, whether
    /// something is installed for it or not.
    pub(super) asides: Vec<(VersionId, ScopeId)>,
}

/// Demand that agrees in all but quantity and place.
pub(super) struct Row {
    pub(super) version: VersionId,
    pub(super) scope: ScopeId,
    pub(super) contract: Option<ContractId>,
    asset: Option<AssetId>,
    user: Option<UserId>,
    pub(super) quantity: Quantity,
    pub(super) place: Place,
}

impl Row {
    /// The asset and the user, where they have an assignment.
    pub(super) fn targets(&self) -> impl Iterator<Item = Target> {
        self.asset.map(Target::Asset).into_iter().chain(self.user.map(Target::User))
    }
}

impl Demand {
    pub(super) fn new(estate: &Estate, places: &Places) -> Self {
        let installs = places.installs.iter().filter(|pool| {
            let title = estate.title_of(pool.version);
            title.is_active && title.track_by == TrackBy::Installations
        });
        let mut rows: Vec<Row> = installs
            .map(|pool| {
                let &super::InstallPool { version, scope, contract, asset, user, quantity, place } = pool;
                Row { version, scope, contract, asset, user, quantity, place }
            })
            .chain(tracked(estate, places))
            .collect();
        // Stable: rows of a version keep their canonical order.
        rows.sort_by_key(|row| row.version);
        Self { rows, asides: asides(estate) }
    }

    /// Whether nothing is needed at all.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.asides.is_empty()
    }

    /// Where each version is needed, whatever for.
    pub(super) fn wants(&self) -> impl Iterator<Item = (VersionId, ScopeId, Option<ContractId>)> {
        let rows = self.rows.iter().map(|row| (row.version, row.scope, row.contract));
        rows.chain(self.asides.iter().map(|&(version, scope)| (version, scope, None)))
    }
}

/// What an assignment to a title tracked by assignments demands.
struct Tracked {
    /// The newest version that a title assignment names.
    named: Option<VersionId>,
    /// The newest main version of a license assigned.
    main: Option<VersionId>,
    place: Place,
}

/// One unit for each target and scope that has an assignment to a title tracked by assignments.
fn tracked(estate: &Estate, places: &Places) -> Vec<Row> {
    let mut demands: BTreeMap<(TitleId, Target, ScopeId), Tracked> = BTreeMap::new();
    for (id, assignment) in estate.assignments.enumerate() {
        let (title, named, main) = match assignment.assigned {
            Assigned::Title(title) => (title, assignment.version, None),
            Assigned::License(license) => {
                let main = estate.sku_of(license).version;
                (estate.versions[main].title, None, Some(main))
            }
        };
        if !estate.titles[title].is_active || estate.titles[title].track_by != TrackBy::Assignments {
            continue;
        }
        let place = places.assignments[id];
        let empty = Tracked { named: None, main: None, place };
        let demand = demands.entry((title, assignment.target, assignment.scope)).or_insert(empty);
        demand.named = demand.named.max(named);
        demand.main = demand.main.max(main);
        demand.place = demand.place.min(place);
    }
    let row = |((title, target, scope), demand): ((TitleId, Target, ScopeId), Tracked)| {
        let (asset, user) = match target {
            Target::Asset(asset) => (Some(asset), None),
            Target::User(user) => (None, Some(user)),
        };
        let version = demand.named.or(demand.main).unwrap_or_else(|| estate.newest_version(title));
        Row { version, scope, contract: None, asset, user, quantity: Quantity::ONE, place: demand.place }
    };
    demands.into_iter().map(row).collect()
}

fn asides(estate: &Estate) -> Vec<(VersionId, ScopeId)> {
    let wanted = |assignment: &Assignment| match assignment.assigned {
        Assigned::Title(title) if estate.titles[title].is_active => Some((title, assignment.version, assignment.scope)),
        _ => None,
    };
    let mut titles: Vec<(TitleId, Option<VersionId>, ScopeId)> = estate.assignments.iter().filter_map(wanted).collect();
    titles.sort_unstable();
    titles.dedup();
    let mut asides: Vec<(VersionId, ScopeId)> = Vec::new();
    for (title, version, scope) in titles {
        let all = ids_in(&estate.titles[title].versions);
        asides.extend(all.filter(|&one| version.is_none_or(|only| only == one)).map(|one| (one, scope)));
    }
    asides
}
