//! From names to facts: rebuilds the allocation and the evidence that a result claims.

use super::document::{self, Document, NamedUnit};
use crate::allocation::{Allocation, DemandKey, Destination, Row, SetAside, Shared, Unit};
use crate::evidence::{AssignmentPrice, Evidence, NamedDemand, Price, Prices, ShortageSet};
use crate::json::Object;
use crate::violation::{Law, Violation};
use model::estate::{Estate, Target, find};
use model::id::{AssetId, ContractId, LicenseId, ScopeId, TitleId, UserId, VersionId};
use model::limits;
use model::number::Quantity;
use std::collections::{BTreeMap, HashMap};
use std::fmt;

/// Looks names up in the estate and collects what is not there.
pub(super) struct Resolver<'e> {
    estate: &'e Estate,
    /// Versions by `title@version`. This and the next two are only looked up, never iterated.
    versions: HashMap<String, VersionId>,
    /// Assets and users may be as many as installs: too many to search for each row.
    assets: HashMap<&'e str, AssetId>,
    users: HashMap<&'e str, UserId>,
    violations: Vec<Violation>,
}

/// The most units an allocation can say anything about: more are refused before they are added up.
const UNITS_MAX: u64 = 2 * limits::QUANTITY_TOTAL_MAX;

/// What a result claims of facts, in canonical order.
pub(super) struct Claims {
    pub(super) allocation: Allocation,
    pub(super) evidence: Evidence,
    pub(super) uncovered: Vec<(DemandKey, Quantity)>,
}

/// Rebuilds the claims of a result.
pub(super) fn resolve(estate: &Estate, document: &Document<'_>) -> Result<Claims, Vec<Violation>> {
    let mut resolver = Resolver::new(estate);
    let allocation = resolver.allocation(&"allocation", &document.allocation);
    let prices = resolver.prices(&"evidence.prices", &document.evidence.prices);
    let shortages = resolver.shortages(&document.shortages);
    let uncovered = resolver.uncovered(&"uncovered", &document.uncovered);
    let by_bound = document.evidence.uncovered_by_bound.unwrap_or_default();
    let uncovered_by_bound = resolver.quantity(&"evidence.uncovered_by_bound", by_bound).unwrap_or_default();
    let evidence = Evidence { prices, shortages, uncovered_by_bound };
    resolver.finish(Claims { allocation, evidence, uncovered })
}

impl<'e> Resolver<'e> {
    pub(super) fn new(estate: &'e Estate) -> Self {
        let versions = estate.versions.ids().map(|version| (estate.version_text(version), version)).collect();
        let assets = estate.assets.enumerate().map(|(asset, name)| (name.as_str(), asset)).collect();
        let users = estate.users.enumerate().map(|(user, name)| (name.as_str(), user)).collect();
        Self { estate, versions, assets, users, violations: Vec::new() }
    }

    /// What was resolved, if every name was found and no quantity is out of range.
    pub(super) fn finish<T>(self, resolved: T) -> Result<T, Vec<Violation>> {
        if self.violations.is_empty() { Ok(resolved) } else { Err(self.violations) }
    }

    pub(super) fn allocation(&mut self, list: &dyn fmt::Display, claimed: &[Object<document::Row<'_>>]) -> Allocation {
        let mut rows: Vec<Row> = Vec::with_capacity(claimed.len());
        let mut together: BTreeMap<i64, Vec<(Row, i64)>> = BTreeMap::new();
        for (index, claim) in claimed.iter().enumerate() {
            let row = self.row(&format_args!("{list}[{index}]"), claim);
            match claim.together {
                None => rows.extend(row),
                Some(number) => {
                    together.entry(number).or_default().extend(row.map(|row| (row, claim.entitlements.unwrap_or(0))));
                }
            }
        }
        self.refuse_excess(
            list,
            Law::Demand,
            rows.iter().chain(together.values().flatten().map(|row| &row.0)).map(|row| row.quantity),
        );
        rows.sort_unstable();
        for pair in rows.windows(2) {
            if pair[0].destination == pair[1].destination && pair[0].path == pair[1].path {
                self.refuse_twice(list, &pair[0].path, "one destination");
            }
        }
        let mut shared: Vec<Shared> = Vec::with_capacity(together.len());
        for (number, rows) in together {
            shared.extend(self.shared(&format_args!("{list}: together {number}"), rows));
        }
        shared.sort_unstable();
        for pair in shared.windows(2) {
            if pair[0].covered == pair[1].covered && pair[0].path == pair[1].path {
                self.refuse_twice(list, &pair[0].path, "cover the same");
            }
        }
        Allocation { rows, shared }
    }

    fn refuse_twice(&mut self, list: &dyn fmt::Display, path: &[Unit], what: &str) {
        let path: Vec<&str> = path.iter().map(|unit| self.estate.licenses[unit.license].id.as_str()).collect();
        let path = path.join(" -> ");
        self.refuse(Law::Demand, format!("two rows of `{list}` have the path `{path}` and {what}"));
    }

    /// The entitlements that cover all of the rows, each with how many it says they are.
    fn shared(&mut self, place: &dyn fmt::Display, rows: Vec<(Row, i64)>) -> Option<Shared> {
        let (first, entitlements) = rows.first()?;
        let (path, entitlements) = (first.path.clone(), *entitlements);
        let quantity = self.quantity(place, entitlements)?;
        let mut covered = Vec::with_capacity(rows.len());
        for (row, claimed) in rows {
            let Destination::Demand(key) = row.destination else {
                self.refuse(Law::Together, format!("{place}: what is set aside covers nothing"));
                return None;
            };
            let units = row.quantity.get().checked_div(quantity.get()).unwrap_or_default();
            if row.path != path
                || claimed != entitlements
                || Some(row.quantity.get()) != units.checked_mul(quantity.get())
            {
                self.refuse(
                    Law::Together,
                    format!("{place}: rows differ in path or entitlements, or are no multiple of them"),
                );
                return None;
            }
            covered.push((key, Quantity::new(units)));
        }
        covered.sort_unstable();
        Some(Shared { covered, path, quantity })
    }

    pub(super) fn uncovered(
        &mut self,
        list: &dyn fmt::Display,
        claimed: &[Object<document::Uncovered<'_>>],
    ) -> Vec<(DemandKey, Quantity)> {
        let mut rows = Vec::with_capacity(claimed.len());
        for (index, row) in claimed.iter().enumerate() {
            let place = format_args!("{list}[{index}]");
            let key = self.demand_key(
                &place,
                &row.version,
                &row.scope,
                [row.contract.as_deref(), row.asset.as_deref(), row.user.as_deref()],
            );
            rows.extend(key.zip(self.quantity(&place, row.quantity)));
        }
        rows.sort_unstable();
        rows
    }

    fn row(&mut self, place: &dyn fmt::Display, row: &document::Row<'_>) -> Option<Row> {
        let quantity = self.quantity(place, row.quantity);
        if row.quantity == 0 {
            self.refuse(Law::Demand, format!("`{place}.quantity` is 0; a row says who uses what"));
        }
        let destination = match &row.version {
            Some(version) => self.demand_row(place, row, version).map(Destination::Demand),
            None => self.set_aside_row(place, row).map(Destination::SetAside),
        };
        let path = self.path(place, row);
        let resolved = Row { destination: destination?, path: path?, quantity: quantity? };
        let right = resolved.right(self.estate).word();
        if *row.right != *right {
            let detail = format!("`{place}.right` is claimed to be `{}` and comes to `{right}`", &*row.right);
            self.refuse(Law::Figures, detail);
        }
        Some(resolved)
    }

    fn demand_row(&mut self, place: &dyn fmt::Display, row: &document::Row<'_>, version: &str) -> Option<DemandKey> {
        if row.title.is_some() {
            self.refuse(
                Law::SettingAside,
                format!("`{place}` names both a version it covers and a title it is set aside for"),
            );
        }
        self.demand_key(
            place,
            version,
            &row.scope,
            [row.contract.as_deref(), row.asset.as_deref(), row.user.as_deref()],
        )
    }

    fn set_aside_row(&mut self, place: &dyn fmt::Display, row: &document::Row<'_>) -> Option<SetAside> {
        if row.contract.is_some() {
            self.refuse(Law::SettingAside, format!("`{place}` is set aside and names a contract"));
        }
        let target = self.target(place, row.asset.as_deref(), row.user.as_deref());
        let title = self.optional(place, row.title.as_deref(), Self::title);
        let scope = self.scope(place, &row.scope);
        Some(SetAside { target: target?, title: title?, scope: scope? })
    }

    fn path(&mut self, place: &dyn fmt::Display, row: &document::Row<'_>) -> Option<Vec<Unit>> {
        if row.licenses.is_empty() {
            self.refuse(Law::Stacking, format!("`{place}.licenses` is empty"));
            return None;
        }
        // Upgrade rights form no cycle, so a path has no SKU twice.
        if row.licenses.len() > self.estate.skus.len() {
            self.refuse(Law::Stacking, format!("`{place}.licenses` has more licenses than there are SKUs"));
            return None;
        }
        if row.reserved.as_ref().is_some_and(|reserved| reserved.len() != row.licenses.len()) {
            self.refuse(Law::Reservation, format!("`{place}.reserved` and `{place}.licenses` differ in length"));
            return None;
        }
        let mut path = Vec::with_capacity(row.licenses.len());
        for (index, license) in row.licenses.iter().enumerate() {
            let reserved = row.reserved.as_ref().and_then(|reserved| reserved[index].as_deref());
            let license = self.license(place, license);
            let reserved_for = match reserved {
                None => Some(None),
                Some("asset") => self.target(place, row.asset.as_deref(), None).map(Some),
                Some("user") => self.target(place, None, row.user.as_deref()).map(Some),
                Some(other) => {
                    self.refuse(Law::Reservation, format!("`{place}.reserved` says `{other}`, not `asset` or `user`"));
                    None
                }
            };
            path.push(Unit { license: license?, reserved_for: reserved_for? });
        }
        let mut licenses: Vec<LicenseId> = path.iter().map(|unit| unit.license).collect();
        licenses.sort_unstable();
        if licenses.windows(2).any(|pair| pair[0] == pair[1]) {
            self.refuse(Law::Stacking, format!("`{place}.licenses` names one license twice"));
        }
        Some(path)
    }

    pub(super) fn prices<P: Copy + Into<Price>>(
        &mut self,
        lists: &dyn fmt::Display,
        claimed: &document::Prices<'_, P>,
    ) -> Prices {
        let mut prices = Prices::default();
        for (index, row) in claimed.licenses.iter().enumerate() {
            let license = self.license(&format_args!("{lists}.licenses[{index}]"), &row.license);
            prices.licenses.extend(license.map(|license| (license, row.price.into())));
        }
        for (index, row) in claimed.reserved.iter().enumerate() {
            let place = format_args!("{lists}.reserved[{index}]");
            let (license, target) =
                (self.license(&place, &row.license), self.target(&place, row.asset.as_deref(), row.user.as_deref()));
            prices.reserved.extend(license.zip(target).map(|(license, target)| (license, target, row.price.into())));
        }
        for (index, row) in claimed.demands.iter().enumerate() {
            let place = format_args!("{lists}.demands[{index}]");
            let key = self.demand_key(
                &place,
                &row.version,
                &row.scope,
                [row.contract.as_deref(), row.asset.as_deref(), row.user.as_deref()],
            );
            prices.demands.extend(key.map(|key| (key, row.price.into())));
        }
        for (index, row) in claimed.assignments.iter().enumerate() {
            let place = format_args!("{lists}.assignments[{index}]");
            let (title, target) =
                (self.title(&place, &row.title), self.target(&place, row.asset.as_deref(), row.user.as_deref()));
            let price =
                |(title, target)| AssignmentPrice { title, target, met: row.met.into(), aside: row.aside.into() };
            prices.assignments.extend(title.zip(target).map(price));
        }
        self.sort_prices(lists, &mut prices);
        prices
    }

    /// Puts prices in the order of their facts; a fact has one price.
    fn sort_prices(&mut self, lists: &dyn fmt::Display, prices: &mut Prices) {
        prices.licenses.sort_unstable();
        prices.reserved.sort_unstable();
        prices.demands.sort_unstable();
        prices.assignments.sort_unstable();
        let twice = [
            ("licenses", prices.licenses.windows(2).any(|pair| pair[0].0 == pair[1].0)),
            ("reserved", prices.reserved.windows(2).any(|pair| (pair[0].0, pair[0].1) == (pair[1].0, pair[1].1))),
            ("demands", prices.demands.windows(2).any(|pair| pair[0].0 == pair[1].0)),
            (
                "assignments",
                prices
                    .assignments
                    .windows(2)
                    .any(|pair| (pair[0].title, pair[0].target) == (pair[1].title, pair[1].target)),
            ),
        ];
        for (list, _) in twice.into_iter().filter(|&(_, is_twice)| is_twice) {
            self.refuse(Law::PriceForm, format!("`{lists}.{list}` gives one fact two prices"));
        }
    }

    fn shortages(&mut self, claimed: &[Object<document::Shortage<'_>>]) -> Vec<ShortageSet> {
        let mut sets = Vec::with_capacity(claimed.len());
        for (index, set) in claimed.iter().enumerate() {
            sets.extend(self.shortage(&format_args!("shortages[{index}]"), set));
        }
        sets
    }

    fn shortage(&mut self, place: &dyn fmt::Display, set: &document::Shortage<'_>) -> Option<ShortageSet> {
        let mut demands = Vec::with_capacity(set.demands.len());
        for (index, row) in set.demands.iter().enumerate() {
            let place = format_args!("{place}.demands[{index}]");
            let (demand, quantity) = (self.named_demand(&place, row), self.quantity(&place, row.quantity));
            demands.extend(demand.zip(quantity));
        }
        let mut units = Vec::with_capacity(set.licenses.len());
        for (index, unit) in set.licenses.iter().enumerate() {
            let place = format_args!("{place}.licenses[{index}]");
            units.extend(match unit {
                NamedUnit::Unreserved(license) => self.license(&place, license).map(Unit::of),
                NamedUnit::Reserved(unit) => {
                    let target = self.target(&place, unit.asset.as_deref(), unit.user.as_deref());
                    let license = self.license(&place, &unit.license);
                    license.zip(target).map(|(license, target)| Unit { license, reserved_for: Some(target) })
                }
            });
        }
        self.refuse_excess(place, Law::ShortageSet, demands.iter().map(|&(_, quantity)| quantity));
        let demand = self.quantity(place, set.demand);
        let supply = self.quantity(place, set.supply);
        let short = self.quantity(place, set.short);
        Some(ShortageSet { demands, units, demand: demand?, supply: supply?, short: short? })
    }

    fn named_demand(&mut self, place: &dyn fmt::Display, row: &document::NamedDemand<'_>) -> Option<NamedDemand> {
        match (&row.version, &row.license, &row.title, &row.scope) {
            (Some(version), None, None, Some(scope)) => self
                .demand_key(place, version, scope, [row.contract.as_deref(), row.asset.as_deref(), row.user.as_deref()])
                .map(NamedDemand::Installs),
            (None, Some(license), None, _) => {
                let (license, target) =
                    (self.license(place, license), self.target(place, row.asset.as_deref(), row.user.as_deref()));
                Some(NamedDemand::Reserved(license?, target?))
            }
            (None, None, Some(title), _) => {
                let (title, target) =
                    (self.title(place, title), self.target(place, row.asset.as_deref(), row.user.as_deref()));
                Some(NamedDemand::SetAside(title?, target?))
            }
            _ => {
                self.refuse(
                    Law::ShortageSet,
                    format!("`{place}` names neither a version with its scope, nor a license, nor a title, or several"),
                );
                None
            }
        }
    }

    pub(super) fn demand_key(
        &mut self,
        place: &dyn fmt::Display,
        version: &str,
        scope: &str,
        [contract, asset, user]: [Option<&str>; 3],
    ) -> Option<DemandKey> {
        let version = self.version(place, version);
        let scope = self.scope(place, scope);
        let contract = self.optional(place, contract, Self::contract);
        let asset = self.optional(place, asset, Self::asset);
        let user = self.optional(place, user, Self::user);
        Some(DemandKey { version: version?, scope: scope?, contract: contract?, asset: asset?, user: user? })
    }

    /// A name that may be absent: the outer option tells whether it could be resolved.
    #[expect(clippy::option_option, reason = "an absent name and an unknown name are two things")]
    fn optional<I>(
        &mut self,
        place: &dyn fmt::Display,
        name: Option<&str>,
        resolve: impl Fn(&mut Self, &dyn fmt::Display, &str) -> Option<I>,
    ) -> Option<Option<I>> {
        match name {
            None => Some(None),
            Some(name) => resolve(self, place, name).map(Some),
        }
    }

    /// The target that exactly one of `asset` and `user` names.
    fn target(&mut self, place: &dyn fmt::Display, asset: Option<&str>, user: Option<&str>) -> Option<Target> {
        match (asset, user) {
            (Some(asset), None) => self.asset(place, asset).map(Target::Asset),
            (None, Some(user)) => self.user(place, user).map(Target::User),
            _ => {
                self.refuse(
                    Law::UnknownReference,
                    format!("`{place}` does not name exactly one of `asset` and `user`"),
                );
                None
            }
        }
    }

    pub(super) fn quantity(&mut self, place: &dyn fmt::Display, claimed: i64) -> Option<Quantity> {
        match u64::try_from(claimed) {
            Ok(units) if units <= UNITS_MAX => Some(Quantity::new(units)),
            _ => {
                self.refuse(Law::Figures, format!("`{place}` has a quantity of {claimed}, which nothing can have"));
                None
            }
        }
    }

    /// Refuses sums that no estate can have, so that nothing later overflows.
    fn refuse_excess(&mut self, place: &dyn fmt::Display, law: Law, quantities: impl Iterator<Item = Quantity>) {
        let total: u128 = quantities.map(|quantity| u128::from(quantity.get())).sum();
        if total > u128::from(UNITS_MAX) {
            self.refuse(law, format!("`{place}` sums to {total}, more than any estate has"));
        }
    }

    pub(super) fn refuse(&mut self, law: Law, detail: String) {
        self.violations.push(Violation::new(law, detail));
    }

    pub(super) fn known<I>(&mut self, found: Option<I>, place: &dyn fmt::Display, kind: &str, name: &str) -> Option<I> {
        if found.is_none() {
            self.refuse(
                Law::UnknownReference,
                format!("`{place}` names the {kind} `{name}`, which is not in the estate"),
            );
        }
        found
    }

    pub(super) fn license(&mut self, place: &dyn fmt::Display, name: &str) -> Option<LicenseId> {
        self.known(find(&self.estate.licenses, name, |row| &row.id), place, "license", name)
    }

    fn title(&mut self, place: &dyn fmt::Display, name: &str) -> Option<TitleId> {
        self.known(find(&self.estate.titles, name, |row| &row.id), place, "title", name)
    }

    pub(super) fn version(&mut self, place: &dyn fmt::Display, name: &str) -> Option<VersionId> {
        self.known(self.versions.get(name).copied(), place, "version", name)
    }

    fn scope(&mut self, place: &dyn fmt::Display, name: &str) -> Option<ScopeId> {
        self.known(find(&self.estate.scopes, name, |row| &row.id), place, "scope", name)
    }

    fn contract(&mut self, place: &dyn fmt::Display, name: &str) -> Option<ContractId> {
        self.known(find(&self.estate.contracts, name, |id| id), place, "contract", name)
    }

    fn asset(&mut self, place: &dyn fmt::Display, name: &str) -> Option<AssetId> {
        self.known(self.assets.get(name).copied(), place, "asset", name)
    }

    fn user(&mut self, place: &dyn fmt::Display, name: &str) -> Option<UserId> {
        self.known(self.users.get(name).copied(), place, "user", name)
    }
}
