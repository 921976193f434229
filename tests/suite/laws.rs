//! Each law of a right answer, broken once: the checker names it.

use crate::estates::parse;
use checker::allocation::{Allocation, DemandKey, Destination, Row, SetAside, Shared, Unit};
use checker::evidence::{Evidence, NamedDemand, Price, Prices};
use checker::violation::Law;
use model::estate::{Estate, Target};
use model::id::{AssetId, LicenseId, ScopeId, TitleId};
use model::number::Quantity;
use model::objective::LEVELS;

const ESTATE: &str = "
licit: 1
as_of: 2026-11-22
scopes: [{id: group}, {id: emea, parent: group}, {id: apac, parent: group}]
titles: [{id: app, versions: [1, 2]}, {id: tool, versions: [1]}]
skus:
  - {id: OLD, version: app@1}
  - {id: UPG, version: app@2, upgrades: [app@1]}
  - {id: GATED, version: app@1, use_only_when_assigned: true}
  - {id: TOOL, version: tool@1}
licenses:
  - {id: ENDED, sku: OLD, quantity: 5, end: 2020-01-01}
  - {id: GATE, sku: GATED, quantity: 2}
  - {id: OLD-EMEA, sku: OLD, quantity: 3, scope: emea}
  - {id: TOOLS, sku: TOOL, quantity: 2}
  - {id: UP, sku: UPG, quantity: 1, scope: emea}
installs:
  - {version: app@1, scope: emea, quantity: 3}
  - {version: app@1, scope: apac}
  - {version: app@2, scope: emea}
  - {version: app@1, scope: emea, asset: PC-1}
assignments:
  - {license: GATE, asset: PC-1}
  - {title: tool, asset: PC-2}
";

fn estate() -> Estate {
    let reading = model::read_estate_text("estate.yaml", ESTATE, &model::ReadOptions::default());
    reading.estate.unwrap_or_else(|| panic!("{:?}", reading.findings))
}

fn license(estate: &Estate, id: &str) -> LicenseId {
    estate.licenses.ids().find(|&license| estate.licenses[license].id == id).expect("the license is there")
}

fn scope(estate: &Estate, id: &str) -> ScopeId {
    estate.scopes.ids().find(|&scope| estate.scopes[scope].id == id).expect("the scope is there")
}

fn asset(estate: &Estate, id: &str) -> AssetId {
    estate.assets.ids().find(|&asset| estate.assets[asset] == id).expect("the asset is there")
}

fn title(estate: &Estate, id: &str) -> TitleId {
    estate.titles.ids().find(|&title| estate.titles[title].id == id).expect("the title is there")
}

/// Anonymous demand for a version of `app`.
fn demand(estate: &Estate, version: &str, place: &str) -> Destination {
    let version = estate.find_version("app", version).expect("the version is there");
    Destination::Demand(DemandKey { version, scope: scope(estate, place), contract: None, asset: None, user: None })
}

fn row(destination: Destination, path: &[Unit], quantity: u64) -> Row {
    Row { destination, path: path.to_vec(), quantity: Quantity::new(quantity) }
}

/// The laws that an allocation of one row breaks.
fn broken(row: Row) -> Vec<Law> {
    broken_by(Allocation { rows: vec![row], ..Allocation::default() }, Evidence::default())
}

fn broken_by(allocation: Allocation, evidence: Evidence) -> Vec<Law> {
    let estate = estate();
    let violations = checker::certify(&estate, allocation, evidence).expect_err("a law is broken");
    violations.into_iter().map(|violation| violation.law).collect()
}

/// The right answer, altered.
fn altered(alter: impl Fn(&Estate, &mut Allocation, &mut Evidence)) -> Vec<Law> {
    let estate = estate();
    let position = solver::answer(&estate).expect("the estate is a network");
    let (mut allocation, mut evidence) = (position.allocation().clone(), position.evidence().clone());
    alter(&estate, &mut allocation, &mut evidence);
    broken_by(allocation, evidence)
}

#[test]
fn an_upgrade_stands_on_what_it_may() {
    let estate = estate();
    let unit = |id| Unit::of(license(&estate, id));
    assert_eq!(broken(row(demand(&estate, "2", "emea"), &[unit("UP")], 1)), [Law::Stacking]);
    assert_eq!(broken(row(demand(&estate, "2", "emea"), &[unit("TOOLS"), unit("UP")], 1)), [Law::Stacking]);
    assert_eq!(broken(row(demand(&estate, "2", "emea"), &[unit("OLD-EMEA"), unit("TOOLS")], 1)), [Law::Stacking]);
    assert_eq!(broken(row(demand(&estate, "2", "emea"), &[], 1)), [Law::Stacking]);
}

#[test]
fn licenses_that_ended_or_are_gated_are_not_available() {
    let estate = estate();
    for id in ["ENDED", "GATE"] {
        let path = [Unit::of(license(&estate, id))];
        assert_eq!(broken(row(demand(&estate, "1", "emea"), &path, 1)), [Law::Availability], "{id}");
    }
}

#[test]
fn a_reserved_unit_serves_its_target_and_nothing_else() {
    let estate = estate();
    let gate = license(&estate, "GATE");
    let reserved = |id| Unit { license: gate, reserved_for: Some(Target::Asset(asset(&estate, id))) };
    assert_eq!(broken(row(demand(&estate, "1", "emea"), &[reserved("PC-1")], 1)), [Law::Reservation]);
    assert_eq!(broken(row(demand(&estate, "1", "emea"), &[reserved("PC-2")], 1)), [Law::Reservation]);
    let stacked = [reserved("PC-1"), Unit::of(license(&estate, "UP"))];
    assert_eq!(broken(row(demand(&estate, "2", "emea"), &stacked, 1)), [Law::Reservation]);
}

#[test]
fn a_license_covers_what_it_may_where_it_may() {
    let estate = estate();
    let old = [Unit::of(license(&estate, "OLD-EMEA"))];
    assert_eq!(broken(row(demand(&estate, "2", "emea"), &old, 1)), [Law::Rights]);
    assert_eq!(broken(row(demand(&estate, "1", "apac"), &old, 1)), [Law::Place]);
    assert_eq!(broken(row(demand(&estate, "1", "group"), &old, 1)), [Law::Demand]);
    assert_eq!(broken(row(demand(&estate, "1", "emea"), &old, 0)), [Law::Demand]);
}

#[test]
fn only_an_assignment_sets_an_entitlement_aside() {
    let estate = estate();
    let tools = [Unit::of(license(&estate, "TOOLS"))];
    let aside = |asset_id: &str, title, scope_id: &str| {
        let target = Target::Asset(asset(&estate, asset_id));
        Destination::SetAside(SetAside { target, title, scope: scope(&estate, scope_id) })
    };
    let tool = Some(title(&estate, "tool"));
    assert_eq!(broken(row(aside("PC-1", tool, "group"), &tools, 1)), [Law::SettingAside]);
    assert_eq!(broken(row(aside("PC-2", None, "group"), &tools, 1)), [Law::SettingAside]);
    assert_eq!(broken(row(aside("PC-2", tool, "emea"), &tools, 1)), [Law::SettingAside]);
    let old = [Unit::of(license(&estate, "OLD-EMEA"))];
    assert_eq!(broken(row(aside("PC-2", tool, "group"), &old, 1)), [Law::SettingAside]);
    assert_eq!(broken(row(aside("PC-2", tool, "group"), &tools, 2)), [Law::Demand]);
}

#[test]
fn no_unit_is_used_twice_and_no_demand_covered_twice() {
    let estate = estate();
    let old = [Unit::of(license(&estate, "OLD-EMEA"))];
    assert_eq!(broken(row(demand(&estate, "1", "emea"), &old, 4)), [Law::Supply, Law::Demand]);
}

#[test]
fn prices_are_not_negative_and_stand_once() {
    let negative = altered(|_, _, evidence| evidence.prices.licenses[0].1[0] = -1);
    assert!(negative.contains(&Law::PriceForm), "{negative:?}");
    let twice = altered(|_, _, evidence| {
        let row = *evidence.prices.demands.first().expect("some demand is priced");
        evidence.prices.demands.push(row);
    });
    assert!(twice.contains(&Law::PriceForm), "{twice:?}");
}

#[test]
fn prices_bound_every_lawful_path() {
    let free = altered(|_, _, evidence| evidence.prices = Prices::default());
    assert!(free.contains(&Law::PriceLaw), "{free:?}");
    let dear = altered(|_, _, evidence| evidence.prices.demands[0].1[2] += 1);
    assert_eq!(dear, [Law::Bound]);
}

#[test]
fn prices_of_any_size_are_judged_exactly() {
    let text = "
licit: 1
as_of: 2026-11-22
titles: [{id: app, versions: [1]}]
skus: [{id: APP, version: app@1}]
licenses: [{id: NONE-LEFT, sku: APP, quantity: 1}, {id: ONE-LEFT, sku: APP, quantity: 1}]
installs: [{version: app@1, asset: PC-1}]
assignments: [{license: NONE-LEFT, asset: PC-1}]
";
    let estate = model::read_estate_text("estate.yaml", text, &model::ReadOptions::default()).estate.expect("valid");
    let certified = solver::answer(&estate).expect("the estate is solved");
    let judged = |id: &str, price: Price| {
        let mut evidence = certified.evidence().clone();
        assert!(evidence.prices.licenses.is_empty(), "nothing is scarce");
        evidence.prices.licenses.push((license(&estate, id), price));
        checker::certify(&estate, certified.allocation().clone(), evidence).map(|_| ())
    };
    let mut first = [i64::MIN; LEVELS];
    first[0] = i64::MAX;
    let mut last = [0; LEVELS];
    last[LEVELS - 1] = i64::MAX;
    for price in [[i64::MAX; LEVELS], first, last] {
        assert_eq!(judged("NONE-LEFT", price), Ok(()), "a price of no unit bounds nothing");
        let violations = judged("ONE-LEFT", price).expect_err("a unit that is idle has no price");
        assert_eq!(violations.iter().map(|violation| violation.law).collect::<Vec<_>>(), [Law::Bound]);
    }
}

#[test]
fn shortage_sets_name_enough_and_explain_all() {
    let none = altered(|_, _, evidence| evidence.shortages.clear());
    assert_eq!(none, [Law::ShortageSum]);
    let without_supply = altered(|_, _, evidence| {
        let set = evidence.shortages.iter_mut().find(|set| !set.units.is_empty()).expect("a set names a license");
        set.units.clear();
        set.supply = Quantity::ZERO;
        set.short = set.demand;
    });
    assert!(without_supply.contains(&Law::ShortageSum), "{without_supply:?}");
    let other_demand = altered(|estate, _, evidence| {
        let covered = DemandKey {
            version: estate.find_version("app", "1").expect("the version is there"),
            scope: scope(estate, "emea"),
            contract: None,
            asset: Some(asset(estate, "PC-1")),
            user: None,
        };
        // As much is short, but what is named can be served by a unit that is not.
        let set = evidence.shortages.iter_mut().find(|set| set.units.is_empty()).expect("a set names no license");
        set.demands = vec![(NamedDemand::Installs(covered), Quantity::ONE)];
    });
    assert_eq!(other_demand, [Law::ShortageSet]);
}

/// Suites of three, licenses of a user for two devices and of a device.
fn sharing() -> Estate {
    parse(
        "licit: 1\nas_of: 2026-11-22
titles: [{id: a, versions: [1, 2]}, {id: b, versions: [1]}]
skus:
  - {id: SUITE, version: a@2, covers: [a@1], bundle: [b@1]}
  - {id: USER, version: b@1, metric: user, max_devices: 2}
  - {id: DEVICE, version: b@1, metric: device}
  - {id: PLAIN, version: b@1}
licenses:
  - {id: suite, sku: SUITE, quantity: 1}
  - {id: user, sku: USER, quantity: 1}
  - {id: device, sku: DEVICE, quantity: 2}
  - {id: plain, sku: PLAIN, quantity: 9}
installs:
  - {version: a@1, asset: X, user: u}
  - {version: a@2, asset: X, user: u}
  - {version: b@1, asset: X, user: u, quantity: 2}
  - {version: b@1, asset: Y, user: u}
  - {version: b@1, asset: Z, user: u}
assignments: [{license: device, asset: Y}]
",
    )
}

/// The laws that one entitlement breaks that covers so many units of some versions on assets.
fn broken_together(id: &str, reserved: Option<&str>, covered: &[(&str, &str, u64)]) -> Vec<Law> {
    let estate = sharing();
    let key = |&(version, on, units): &(&str, &str, u64)| {
        let (title, version) = version.split_once('@').expect("a version of a title");
        let version = estate.find_version(title, version).expect("the version is there");
        let user = estate.users.ids().next();
        let key =
            DemandKey { version, scope: scope(&estate, "all"), contract: None, asset: Some(asset(&estate, on)), user };
        (key, Quantity::new(units))
    };
    let reserved_for = reserved.map(|on| Target::Asset(asset(&estate, on)));
    let path = vec![Unit { license: license(&estate, id), reserved_for }];
    let shared = Shared { covered: covered.iter().map(key).collect(), path, quantity: Quantity::ONE };
    let allocation = Allocation { rows: Vec::new(), shared: vec![shared] };
    let violations = checker::certify(&estate, allocation, Evidence::default()).expect_err("nothing is proved");
    violations.into_iter().map(|violation| violation.law).collect()
}

#[test]
fn an_entitlement_covers_together_what_its_metric_allows() {
    // What is lawful is refused for its evidence alone.
    let lawful = |laws: Vec<Law>| !laws.contains(&Law::Together) && !laws.contains(&Law::Reservation);
    assert!(lawful(broken_together("suite", None, &[("a@1", "X", 1), ("b@1", "X", 1)])));
    assert!(lawful(broken_together("user", None, &[("b@1", "X", 2), ("b@1", "Z", 1)])));
    assert!(lawful(broken_together("device", None, &[("b@1", "X", 2)])));
    let refused =
        |id: &str, covered: &[(&str, &str, u64)]| assert_eq!(broken_together(id, None, covered), [Law::Together]);
    // A member twice, in two versions or in one.
    refused("suite", &[("a@1", "X", 1), ("a@2", "X", 1)]);
    refused("suite", &[("a@1", "X", 1), ("b@1", "X", 2)]);
    // Two assets, three of them, one unit, and a license that covers one install.
    refused("suite", &[("a@1", "X", 1), ("b@1", "Y", 1)]);
    refused("device", &[("b@1", "X", 1), ("b@1", "Y", 1)]);
    refused("user", &[("b@1", "X", 1), ("b@1", "Y", 1), ("b@1", "Z", 1)]);
    refused("device", &[("b@1", "X", 1)]);
    refused("plain", &[("b@1", "X", 2)]);
    refused("user", &[("b@1", "Z", 1), ("b@1", "X", 1)]);
    // More than the topmost SKU may cover, and than is demanded.
    assert_eq!(broken_together("device", None, &[("a@1", "X", 1), ("b@1", "X", 1)]), [Law::Rights]);
    assert_eq!(broken_together("device", None, &[("b@1", "X", 3)]), [Law::Demand]);
    // A reserved unit is its target's.
    assert_eq!(broken_together("device", Some("Y"), &[("b@1", "X", 2)]), [Law::Reservation]);
}
