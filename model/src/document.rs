//! From the tree of an estate file to the estate: the one place that knows the keys.
//!
//! Sections are read in the order in which they refer to each other: scopes, titles, names, SKUs, licenses,
//! assignments, installs, whose pools depend on what is assigned. Each is sorted before the next begins, so that
//! references resolve at once to final positions. All findings are collected; what is refused leaves a gap, and an estate with gaps is not built.

use crate::diagnostic::{FileId, Place};
use crate::estate::{Assignment, Estate, Install, License, Member, Scope, Sku, Target, Title, UnknownName, Version};
use crate::fields::Fields;
use crate::findings::Findings;
use crate::id::{AssetId, ContractId, Id, LicenseId, SkuId, Table, UserId, VersionId};
use crate::lints::{Places, Right};
use crate::registry::Registry;
use crate::yaml::Node;
use include::{Included, Parts};
use jiff::civil::Date;
use std::path::Path;
use std::sync::Arc;

pub(crate) mod assignments;
mod extent;
pub(crate) mod head;
pub(crate) mod include;
pub(crate) mod installs;
pub(crate) mod licenses;
mod maintenance;
mod names;
mod parties;
mod pools;
pub(crate) mod rows;
mod scopes;
mod skus;
pub(crate) mod titles;
mod totals;

/// Installs after whose facts memory is given back.
const GIVEN_BACK_ROWS: usize = 1 << 20;

const KEYS: [&str; 14] = [
    "licit",
    "name",
    "as_of",
    "currency",
    "include",
    "scopes",
    "transfers",
    "titles",
    "skus",
    "names",
    "licenses",
    "installs",
    "assignments",
    "thresholds",
];

/// The keys of each mapping that is read, by the name its definition has in the schema.
#[cfg(test)]
pub(crate) fn known_keys() -> [(&'static str, &'static [&'static str]); 11] {
    [
        ("estate", &KEYS),
        ("scope", &scopes::SCOPE_KEYS),
        ("transfer", &scopes::TRANSFER_KEYS),
        ("title", &titles::KEYS),
        ("version", &titles::VERSION_KEYS),
        ("sku", skus::SHAPE.keys),
        ("license", licenses::SHAPE.keys),
        ("install", installs::SHAPE.keys),
        ("assignment", assignments::SHAPE.keys),
        ("thresholds", &head::THRESHOLD_KEYS),
        ("table", &crate::tables::KEYS),
    ]
}

/// Where an estate or a catalog comes from.
#[derive(Debug)]
pub(crate) struct Source<'o> {
    /// The file.
    pub(crate) file: FileId,
    /// What it is: "estate" or "catalog".
    pub(crate) kind: &'static str,
    /// The folder that tables and catalogs stand in; none if there may be none.
    pub(crate) folder: Option<&'o Path>,
    /// The day that overrides the one in the file.
    pub(crate) as_of: Option<Date>,
}

/// Everything that was read, in final positions but for what rows merely name.
struct Facts<'n> {
    head: head::Head,
    scopes: scopes::Scopes<'n>,
    transfers: Vec<crate::estate::Transfer>,
    catalog: titles::Catalog,
    skus: Registry<SkuId, skus::SkuFacts>,
    licenses: Registry<LicenseId, licenses::LicenseFacts>,
    maintained: maintenance::Maintained,
    assignments: Vec<assignments::AssignmentFacts>,
    installs: Vec<installs::InstallFacts>,
    pools: pools::Pools,
    unknown_names: Vec<UnknownName>,
    parties: parties::Parties,
}

/// Reads an estate and where its facts stand; none exactly if there are errors among the findings.
pub(crate) fn read(
    root: &Node<'_>,
    source: &Source<'_>,
    included: &[Option<Included>],
    findings: &mut Findings,
) -> Option<(Estate, Places)> {
    let estate = Fields::open(root, "an estate", &KEYS, findings)?;
    let roots = include::parse(included, findings);
    let parts = Parts::open(estate, source, included, &roots, findings);
    let estate = &parts.estate;
    let head = head::read(estate, source.as_of, findings);
    let scopes = scopes::read(estate, source, findings);
    let transfers = scopes::read_transfers(estate, &scopes, &head, findings);
    let catalog = titles::read(&parts, findings);
    let mut names = names::read(&parts, &catalog, findings);
    let skus = skus::read(&parts, &catalog, &head, findings);
    let mut parties = parties::Parties::default();
    let licenses = licenses::read(estate, source, &scopes, &skus, &mut parties, findings);
    let maintained = maintenance::read(&catalog, &skus, &licenses, findings);
    let known = assignments::Known { scopes: &scopes, catalog: &catalog, licenses: &licenses };
    let assignments = assignments::read(estate, source, &known, &mut parties, findings);
    let tied = pools::Tied::new(&assignments);
    let mut known = installs::Known { scopes: &scopes, catalog: &catalog, names: &mut names, parties: &mut parties };
    let (installs, pools) = installs::read(estate, source, &mut known, tied, findings);
    let unknown_names = names.finish(&catalog, findings);
    if findings.has_errors() {
        return None;
    }
    let facts = Facts {
        head,
        scopes,
        transfers,
        catalog,
        skus,
        licenses,
        maintained,
        assignments,
        installs,
        pools,
        unknown_names,
        parties,
    };
    let built = build(facts);
    assert!(built.is_some(), "an estate without errors has no gaps");
    built
}

/// Puts the facts into their canonical order; none if there is a gap.
fn build(facts: Facts<'_>) -> Option<(Estate, Places)> {
    let (contracts, contract_positions) = facts.parties.contracts.into_sorted();
    let (assets, asset_positions) = facts.parties.assets.into_sorted();
    let (users, user_positions) = facts.parties.users.into_sorted();
    let (reasons, reason_positions) = facts.parties.reasons.into_sorted();
    let contract_of = |number: u32| ContractId::at(contract_positions[number as usize] as usize);

    let mut installs = facts.installs;
    // A number above 0 stands for a text; the position of the text replaces it.
    let renumbered =
        |number: u32, positions: &[u32]| number.checked_sub(1).map_or(0, |index| positions[index as usize] + 1);
    for install in &mut installs {
        let mut parts = install.what.parts();
        parts.contract = renumbered(parts.contract, &contract_positions);
        parts.asset = renumbered(parts.asset, &asset_positions);
        parts.user = renumbered(parts.user, &user_positions);
        parts.reason = renumbered(parts.reason, &reason_positions);
        install.what = installs::What::new(&parts);
    }
    installs::sort_and_merge(&mut installs);
    let installs = finished_installs(installs, &reasons);
    let assignments = finished_assignments(&facts.assignments, &asset_positions, &user_positions);
    let positions =
        pools::Positions { contracts: &contract_positions, assets: &asset_positions, users: &user_positions };
    let places = Places {
        licenses: Table::new(facts.licenses.rows().iter().map(|row| row.place).collect()),
        foreign_rights: foreign_rights(&facts.skus, &facts.maintained),
        assignments: Table::new(assignments.iter().map(|&(_, place)| place).collect()),
        installs: facts.pools.finish(&installs, &positions),
    };
    let licenses = finished_licenses(facts.licenses, &facts.maintained, contract_of)?;
    let scopes = (facts.scopes.registry.into_rows().into_iter().zip(facts.scopes.parents))
        .map(|(row, parent)| Scope { id: row.id, parent })
        .collect();
    let (titles, versions) = finished_titles(facts.catalog);
    let estate = Estate {
        name: facts.head.name,
        as_of: facts.head.as_of?,
        currency: facts.head.currency,
        scopes: Table::new(scopes),
        transfers: facts.transfers,
        titles,
        versions,
        skus: finished_skus(facts.skus, &facts.maintained)?,
        contracts: Table::new(contracts),
        assets: Table::new(assets),
        users: Table::new(users),
        licenses: Table::new(licenses),
        installs,
        unknown_names: facts.unknown_names,
        assignments: Table::new(assignments.into_iter().map(|(assignment, _)| assignment).collect()),
        thresholds: facts.head.thresholds,
    };
    Some((estate, places))
}

/// Installs from their facts in canonical order, whose memory is given back on the way: there may be tens of millions.
fn finished_installs(mut facts: Vec<installs::InstallFacts>, reasons: &[String]) -> Vec<Install> {
    let reasons: Vec<Arc<str>> = reasons.iter().map(|reason| Arc::from(reason.as_str())).collect();
    let mut installs = Vec::with_capacity(facts.len());
    facts.reverse();
    while let Some(install) = facts.pop() {
        installs.push(finished_install(&install, &reasons));
        if facts.len().is_multiple_of(GIVEN_BACK_ROWS) {
            facts.shrink_to_fit();
        }
    }
    installs
}

fn finished_install(install: &installs::InstallFacts, reasons: &[Arc<str>]) -> Install {
    let index = |number: u32| number.checked_sub(1).map(|index| index as usize);
    let parts = install.what.parts();
    Install {
        version: parts.version,
        scope: parts.scope,
        contract: index(parts.contract).map(ContractId::at),
        asset: index(parts.asset).map(AssetId::at),
        user: index(parts.user).map(UserId::at),
        excluded: index(parts.reason).map(|index| Arc::clone(&reasons[index])),
        last_used: parts.last_used,
        quantity: install.quantity,
    }
}

/// The assignments in canonical order, each with its place.
fn finished_assignments(
    assignments: &[assignments::AssignmentFacts],
    asset_positions: &[u32],
    user_positions: &[u32],
) -> Vec<(Assignment, Place)> {
    let target_of = |target| match target {
        assignments::TargetNumber::Asset(number) => {
            Target::Asset(AssetId::at(asset_positions[number as usize] as usize))
        }
        assignments::TargetNumber::User(number) => Target::User(UserId::at(user_positions[number as usize] as usize)),
    };
    let finished = assignments.iter().map(|facts| {
        let &assignments::AssignmentFacts { assigned, target, version, scope, place } = facts;
        (Assignment { assigned, target: target_of(target), version, scope }, place)
    });
    let mut finished: Vec<(Assignment, Place)> = finished.collect();
    finished.sort_unstable();
    finished
}

fn finished_licenses(
    licenses: Registry<LicenseId, licenses::LicenseFacts>,
    maintained: &maintenance::Maintained,
    contract_of: impl Fn(u32) -> ContractId,
) -> Option<Vec<License>> {
    let rows = licenses.into_rows().into_iter().zip(&maintained.sku_of).map(|(row, &sku)| {
        Some(License {
            id: row.id,
            sku: sku?,
            quantity: row.facts.quantity,
            scope: row.facts.scope?,
            contract: row.facts.contract.map(&contract_of),
            start: row.facts.start,
            end: row.facts.end,
            purchased: row.facts.purchased,
            maintenance_until: row.facts.maintenance_until,
            key: row.facts.key,
            order: row.facts.order,
            invoice: row.facts.invoice,
        })
    });
    rows.collect()
}

fn finished_titles(
    catalog: titles::Catalog,
) -> (Table<crate::id::TitleId, Title>, Table<crate::id::VersionId, Version>) {
    let ranges: Vec<_> = catalog.titles.ids().map(|title| catalog.versions_of(title)).collect();
    let (mut titles, mut versions) = (Table::new(Vec::new()), Table::new(Vec::new()));
    for (row, range) in catalog.titles.into_rows().into_iter().zip(ranges) {
        let title = titles.push(Title {
            id: row.id,
            name: row.facts.name,
            publisher: row.facts.publisher,
            family: row.facts.family,
            versions: range,
            is_active: row.facts.is_active,
            track_by: row.facts.track_by,
        });
        for (name, released) in row.facts.versions.into_iter().zip(row.facts.released) {
            versions.push(Version { title, name, released });
        }
    }
    (titles, versions)
}

/// Every SKU as written, and once more for each set of versions that maintenance adds.
fn finished_skus(
    skus: Registry<SkuId, skus::SkuFacts>,
    maintained: &maintenance::Maintained,
) -> Option<Table<SkuId, Sku>> {
    let rows = skus.into_rows();
    let finished = maintained.skus.iter().map(|(sku, added)| {
        let row = &rows[sku.index()];
        let version = row.facts.version?;
        let bundle = Member::maintained(&row.facts.bundle, version, added);
        let of_members = bundle.iter().flat_map(|member| &member.versions);
        let mut may_cover: Vec<VersionId> = row.facts.covers.iter().chain(added).chain(of_members).copied().collect();
        may_cover.push(version);
        may_cover.sort_unstable();
        may_cover.dedup();
        Some(Sku {
            id: row.id.clone(),
            version,
            may_cover,
            upgrades: row.facts.upgrades.clone(),
            use_only_when_assigned: row.facts.use_only_when_assigned,
            unit_cost: row.facts.unit_cost,
            has_maintenance: row.facts.maintenance.is_some(),
            metric: row.facts.metric,
            bundle,
        })
    });
    finished.collect::<Option<Vec<_>>>().map(Table::new)
}

/// The rights of each SKU as written, which its other rows have as well.
fn foreign_rights(skus: &Registry<SkuId, skus::SkuFacts>, maintained: &maintenance::Maintained) -> Vec<(SkuId, Right)> {
    let rows = (0..).map(SkuId::at).zip(&maintained.skus).filter(|(_, (_, added))| added.is_empty());
    rows.flat_map(|(id, &(sku, _))| skus.row(sku).facts.foreign.iter().map(move |&right| (id, right))).collect()
}
