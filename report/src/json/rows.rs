//! The rows of a position, as they stand in the file.

use crate::phrase::{has_gated_units, installs, percent_text};
use checker::allocation::{DemandKey, Destination, Right, Row, Shared, Unit};
use checker::claim::state_word;
use checker::evidence::{NamedDemand, ShortageSet};
use checker::figures::{CoveredBy, Figures, Totals};
use model::diagnostic::Diagnostic;
use model::estate::{Assigned, Estate, Target, UnknownName};
use model::findings::Findings;
use model::id::{AssignmentId, LicenseId, ScopeId, TitleId, VersionId, ids_in};
use model::number::Quantity;
use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use solver::position::{Percent, Rollup};
use solver::{Needed, Position, Shortage};

/// Makes rows from facts of its estate.
#[derive(Clone, Copy)]
pub(super) struct Rows<'e> {
    pub(super) estate: &'e Estate,
}

#[derive(Serialize)]
pub(super) struct TotalsRow {
    pub(super) installed: u64,
    pub(super) demand: u64,
    pub(super) covered: u64,
    pub(super) uncovered: u64,
    pub(super) owned: u64,
    pub(super) active: u64,
    pub(super) used: u64,
    pub(super) idle: u64,
    pub(super) unusable: u64,
}

#[derive(Serialize)]
pub(super) struct TitleRow<'e> {
    title: &'e str,
    status: &'static str,
    versions: Vec<VersionRow<'e>>,
}

#[derive(Serialize)]
pub(super) struct VersionRow<'e> {
    version: &'e str,
    status: &'static str,
    installed: u64,
    demand: u64,
    covered: u64,
    uncovered: u64,
    shortage: Option<&'static str>,
    covered_by: CoveredByRow,
    licensed: u64,
    idle: u64,
    reach: Option<u64>,
    percent: Option<PercentNumber>,
    reasons: Vec<&'static str>,
}

/// One decimal.
struct PercentNumber(Percent);

#[derive(Serialize)]
pub(super) struct FamilyRow<'p> {
    family: &'p str,
    status: &'static str,
    totals: TotalsRow,
}

#[derive(Serialize)]
pub(super) struct PublisherRow<'p> {
    publisher: &'p str,
    status: &'static str,
    totals: TotalsRow,
}

#[derive(Serialize)]
struct CoveredByRow {
    exact: u64,
    downgrade: u64,
    newer: u64,
    cross: u64,
    upgrade: u64,
}

#[derive(Serialize)]
pub(super) struct UnknownNameRow<'e> {
    name: &'e str,
    quantity: u64,
}

/// What identifies a purchase stands in a row where it is given.
#[derive(Serialize)]
pub(super) struct LicenseRow<'e> {
    license: &'e str,
    sku: &'e str,
    quantity: Option<u64>,
    state: &'static str,
    used: u64,
    idle: Option<u64>,
    unusable: u64,
    assigned: u64,
    needed: Option<&'static str>,
    scope: &'e str,
    contract: Option<&'e str>,
    start: Option<String>,
    end: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maintenance_until: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invoice: Option<&'e str>,
    reasons: &'static [&'static str],
}

#[derive(Serialize)]
pub(super) struct AllocationRow<'e> {
    licenses: Vec<&'e str>,
    version: Option<VersionText<'e>>,
    scope: &'e str,
    contract: Option<&'e str>,
    asset: Option<&'e str>,
    user: Option<&'e str>,
    quantity: u64,
    right: &'static str,
    /// For each license, whether its unit is one reserved for the row's asset or user.
    reserved: Vec<Option<&'static str>>,
    /// The title whose assignment the row is set aside for.
    title: Option<&'e str>,
    /// Rows that the same entitlements cover at once have the same number.
    #[serde(skip_serializing_if = "Option::is_none")]
    together: Option<u64>,
    /// How many entitlements these are.
    #[serde(skip_serializing_if = "Option::is_none")]
    entitlements: Option<u64>,
}

#[derive(Serialize)]
pub(super) struct AssignmentRow<'e> {
    license: Option<&'e str>,
    title: Option<&'e str>,
    version: Option<&'e str>,
    target: TargetKeys<'e>,
    scope: &'e str,
    outcome: &'static str,
    reason: Option<&'static str>,
}

#[derive(Serialize)]
pub(super) struct ShortageRow<'e> {
    demands: Vec<NamedDemandRow<'e>>,
    licenses: Vec<NamedUnit<'e>>,
    demand: u64,
    supply: u64,
    short: u64,
}

#[derive(Serialize)]
#[serde(untagged)]
enum NamedDemandRow<'e> {
    Installs {
        version: VersionText<'e>,
        scope: &'e str,
        contract: Option<&'e str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        asset: Option<&'e str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        user: Option<&'e str>,
        quantity: u64,
    },
    Reserved {
        license: &'e str,
        #[serde(flatten)]
        target: TargetKeys<'e>,
        quantity: u64,
    },
    SetAside {
        title: &'e str,
        #[serde(flatten)]
        target: TargetKeys<'e>,
        quantity: u64,
    },
}

#[derive(Serialize)]
#[serde(untagged)]
enum NamedUnit<'e> {
    Unreserved(&'e str),
    Reserved {
        license: &'e str,
        #[serde(flatten)]
        target: TargetKeys<'e>,
    },
}

/// What tells demands apart.
#[derive(Serialize)]
pub(super) struct DemandKeys<'e> {
    version: VersionText<'e>,
    scope: &'e str,
    contract: Option<&'e str>,
    asset: Option<&'e str>,
    user: Option<&'e str>,
}

#[derive(Serialize)]
pub(super) struct UncoveredRow<'e> {
    #[serde(flatten)]
    demand: DemandKeys<'e>,
    quantity: u64,
}

/// Ordered by its fields.
#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct DiagnosticRow<'f> {
    code: &'static str,
    severity: &'static str,
    message: &'f str,
    help: Option<&'f str>,
}

/// The key and name of a target.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum TargetKeys<'e> {
    Asset(&'e str),
    User(&'e str),
}

/// Written as `title@version`.
pub(super) struct VersionText<'e> {
    title: &'e str,
    version: &'e str,
}

impl Serialize for VersionText<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}@{}", self.title, self.version))
    }
}

impl<'e> Rows<'e> {
    pub(super) fn title(self, title: TitleId, position: &Position<'_>) -> TitleRow<'e> {
        let row = &self.estate.titles[title];
        TitleRow {
            title: &row.id,
            status: position.derived.titles[title].word(),
            versions: ids_in(&row.versions).map(|version| self.version(version, position)).collect(),
        }
    }

    pub(super) fn version(self, version: VersionId, position: &Position<'_>) -> VersionRow<'e> {
        let (row, standing) = (position.certified.figures().versions[version], &position.derived.versions[version]);
        VersionRow {
            version: &self.estate.versions[version].name,
            status: standing.status.word(),
            installed: row.installed.get(),
            demand: row.demand.get(),
            covered: row.covered.get(),
            uncovered: row.uncovered.get(),
            shortage: standing.shortage.map(Shortage::word),
            covered_by: covered_by(row.covered_by),
            licensed: row.licensed.get(),
            idle: row.idle.get(),
            reach: installs(standing.reach),
            percent: standing.percent.map(PercentNumber),
            reasons: standing.reasons.iter().map(|reason| reason.word()).collect(),
        }
    }

    pub(super) fn family(rollup: &Rollup) -> FamilyRow<'_> {
        FamilyRow { family: &rollup.name, status: rollup.status.word(), totals: totals(rollup.totals) }
    }

    pub(super) fn publisher(rollup: &Rollup) -> PublisherRow<'_> {
        PublisherRow { publisher: &rollup.name, status: rollup.status.word(), totals: totals(rollup.totals) }
    }

    pub(super) fn license(self, id: LicenseId, position: &Position<'_>) -> LicenseRow<'e> {
        let (license, row) = (&self.estate.licenses[id], position.certified.figures().licenses[id]);
        LicenseRow {
            license: &license.id,
            sku: &self.estate.sku_of(id).id,
            quantity: license.quantity.map(Quantity::get),
            state: state_word(license.state(self.estate.as_of)),
            used: row.used.get(),
            idle: row.idle.map(Quantity::get),
            unusable: row.unusable.get(),
            assigned: row.assigned.get(),
            needed: position.derived.needed[id].map(Needed::word),
            scope: self.scope_id(license.scope),
            contract: license.contract.map(|contract| self.estate.contracts[contract].as_str()),
            start: license.start.map(|day| day.to_string()),
            end: license.end.map(|day| day.to_string()),
            maintenance_until: license.maintenance_until.map(|day| day.to_string()),
            key: license.key.as_deref(),
            order: license.order.as_deref(),
            invoice: license.invoice.as_deref(),
            reasons: if has_gated_units(self.estate, id, row.assigned) { &["gated"] } else { &[] },
        }
    }

    pub(super) fn allocation(self, row: &Row) -> AllocationRow<'e> {
        match row.destination {
            Destination::Demand(key) => self.covering(&row.path, row.quantity, row.right(self.estate), key),
            Destination::SetAside(aside) => AllocationRow {
                scope: self.scope_id(aside.scope),
                asset: self.asset_of(aside.target),
                user: self.user_of(aside.target),
                title: aside.title.map(|title| self.title_id(title)),
                ..self.taking(&row.path, row.quantity, row.right(self.estate))
            },
        }
    }

    /// The rows of what some entitlements cover at once, which have a number in common.
    pub(super) fn shared(self, number: usize, shared: &Shared) -> impl Iterator<Item = AllocationRow<'e>> {
        shared.covered.iter().map(move |&(key, units)| AllocationRow {
            together: Some(number as u64),
            entitlements: Some(shared.quantity.get()),
            ..self.covering(&shared.path, shared.in_all(units), shared.right(self.estate, key.version), key)
        })
    }

    fn covering(self, path: &[Unit], quantity: Quantity, right: Right, key: DemandKey) -> AllocationRow<'e> {
        AllocationRow {
            version: Some(self.version_text(key.version)),
            scope: self.scope_id(key.scope),
            contract: key.contract.map(|contract| self.estate.contracts[contract].as_str()),
            asset: key.asset.map(|asset| self.estate.assets[asset].as_str()),
            user: key.user.map(|user| self.estate.users[user].as_str()),
            ..self.taking(path, quantity, right)
        }
    }

    /// A row that takes a path, wherever that goes.
    fn taking(self, path: &[Unit], quantity: Quantity, right: Right) -> AllocationRow<'e> {
        AllocationRow {
            licenses: path.iter().map(|unit| self.license_id(unit.license)).collect(),
            version: None,
            scope: "",
            contract: None,
            asset: None,
            user: None,
            quantity: quantity.get(),
            right: right.word(),
            reserved: path.iter().map(|unit| unit.reserved_for.map(target_kind)).collect(),
            title: None,
            together: None,
            entitlements: None,
        }
    }

    pub(super) fn assignment(self, id: AssignmentId, figures: &Figures) -> AssignmentRow<'e> {
        let (assignment, outcome) = (self.estate.assignments[id], figures.assignments[id]);
        let (license, title) = match assignment.assigned {
            Assigned::License(license) => (Some(self.license_id(license)), None),
            Assigned::Title(title) => (None, Some(self.title_id(title))),
        };
        AssignmentRow {
            license,
            title,
            version: assignment.version.map(|version| self.estate.versions[version].name.as_str()),
            target: self.target(assignment.target),
            scope: self.scope_id(assignment.scope),
            outcome: outcome.word(),
            reason: outcome.reason(),
        }
    }

    pub(super) fn shortage(self, set: &ShortageSet) -> ShortageRow<'e> {
        ShortageRow {
            demands: set.demands.iter().map(|&(demand, quantity)| self.named_demand(demand, quantity)).collect(),
            licenses: set.units.iter().map(|&unit| self.named_unit(unit)).collect(),
            demand: set.demand.get(),
            supply: set.supply.get(),
            short: set.short.get(),
        }
    }

    fn named_demand(self, demand: NamedDemand, quantity: Quantity) -> NamedDemandRow<'e> {
        let quantity = quantity.get();
        match demand {
            NamedDemand::Installs(key) => NamedDemandRow::Installs {
                version: self.version_text(key.version),
                scope: self.scope_id(key.scope),
                contract: key.contract.map(|contract| self.estate.contracts[contract].as_str()),
                asset: key.asset.map(|asset| self.estate.assets[asset].as_str()),
                user: key.user.map(|user| self.estate.users[user].as_str()),
                quantity,
            },
            NamedDemand::Reserved(license, target) => {
                NamedDemandRow::Reserved { license: self.license_id(license), target: self.target(target), quantity }
            }
            NamedDemand::SetAside(title, target) => {
                NamedDemandRow::SetAside { title: self.title_id(title), target: self.target(target), quantity }
            }
        }
    }

    fn named_unit(self, unit: Unit) -> NamedUnit<'e> {
        let license = self.license_id(unit.license);
        match unit.reserved_for {
            None => NamedUnit::Unreserved(license),
            Some(target) => NamedUnit::Reserved { license, target: self.target(target) },
        }
    }

    pub(super) fn uncovered(self, key: DemandKey, quantity: Quantity) -> UncoveredRow<'e> {
        UncoveredRow { demand: self.demand_keys(key), quantity: quantity.get() }
    }

    pub(super) fn demand_keys(self, key: DemandKey) -> DemandKeys<'e> {
        DemandKeys {
            version: self.version_text(key.version),
            scope: self.scope_id(key.scope),
            contract: key.contract.map(|contract| self.estate.contracts[contract].as_str()),
            asset: key.asset.map(|asset| self.estate.assets[asset].as_str()),
            user: key.user.map(|user| self.estate.users[user].as_str()),
        }
    }

    pub(super) fn version_text(self, version: VersionId) -> VersionText<'e> {
        VersionText { title: &self.estate.title_of(version).id, version: &self.estate.versions[version].name }
    }

    pub(super) fn title_id(self, title: TitleId) -> &'e str {
        &self.estate.titles[title].id
    }

    pub(super) fn license_id(self, license: LicenseId) -> &'e str {
        &self.estate.licenses[license].id
    }

    fn scope_id(self, scope: ScopeId) -> &'e str {
        &self.estate.scopes[scope].id
    }

    fn asset_of(self, target: Target) -> Option<&'e str> {
        match target {
            Target::Asset(asset) => Some(&self.estate.assets[asset]),
            Target::User(_) => None,
        }
    }

    fn user_of(self, target: Target) -> Option<&'e str> {
        match target {
            Target::Asset(_) => None,
            Target::User(user) => Some(&self.estate.users[user]),
        }
    }

    pub(super) fn target(self, target: Target) -> TargetKeys<'e> {
        match target {
            Target::Asset(asset) => TargetKeys::Asset(&self.estate.assets[asset]),
            Target::User(user) => TargetKeys::User(&self.estate.users[user]),
        }
    }
}

pub(super) fn unknown_name(unknown: &UnknownName) -> UnknownNameRow<'_> {
    UnknownNameRow { name: &unknown.name, quantity: unknown.quantity.get() }
}

/// What was found, whatever the order of rows in the files.
pub(super) fn diagnostics(findings: &Findings) -> Vec<DiagnosticRow<'_>> {
    let mut rows: Vec<_> = findings.diagnostics().iter().map(diagnostic).collect();
    rows.sort_unstable();
    rows
}

fn diagnostic(diagnostic: &Diagnostic) -> DiagnosticRow<'_> {
    DiagnosticRow {
        code: diagnostic.code.as_str(),
        severity: diagnostic.severity.as_str(),
        message: &diagnostic.message,
        help: diagnostic.help.as_deref(),
    }
}

impl Serialize for PercentNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number: f64 = percent_text(self.0).parse().map_err(S::Error::custom)?;
        serializer.serialize_f64(number)
    }
}

pub(super) fn totals(totals: Totals) -> TotalsRow {
    TotalsRow {
        installed: totals.installed.get(),
        demand: totals.demand.get(),
        covered: totals.covered.get(),
        uncovered: totals.uncovered.get(),
        owned: totals.owned.get(),
        active: totals.active.get(),
        used: totals.used.get(),
        idle: totals.idle.get(),
        unusable: totals.unusable.get(),
    }
}

fn target_kind(target: Target) -> &'static str {
    match target {
        Target::Asset(_) => "asset",
        Target::User(_) => "user",
    }
}

fn covered_by(by: CoveredBy) -> CoveredByRow {
    CoveredByRow {
        exact: by.exact.get(),
        downgrade: by.downgrade.get(),
        newer: by.newer.get(),
        cross: by.cross.get(),
        upgrade: by.upgrade.get(),
    }
}
