//! What is a network and what is none: two capacities that meet in one path.

use checker::Certified;
use checker::evidence::Standing;
use model::estate::Estate;
use model::objective::Level;
use solver::Statement;

/// Bases in two sites, an upgrade lot at the root, demand for the new version in both sites.
fn two_sites(upgrade: &str, more: &str) -> Estate {
    let text = format!(
        "
licit: 1
as_of: 2026-11-22
currency: EUR
scopes: [{{id: group}}, {{id: emea, parent: group}}, {{id: apac, parent: group}}]
titles: [{{id: app, versions: [1, 2]}}]
skus:
  - {{id: OLD, version: app@1}}
  - {{id: UPG, version: app@2, upgrades: [app@1]}}
licenses:
  - {{id: B-EMEA, sku: OLD, quantity: 2, scope: emea}}
  - {{id: B-APAC, sku: OLD, quantity: 2, scope: apac}}
  - {{id: U, sku: UPG, {upgrade}}}
{more}"
    );
    let reading = model::read_estate_text("estate.yaml", &text, &model::ReadOptions::default());
    reading.estate.unwrap_or_else(|| panic!("{:?}", reading.findings))
}

const BOTH: &str = "installs: [{version: app@2, quantity: 2, scope: emea}, {version: app@2, quantity: 2, scope: apac}]";
const EMEA: &str = "installs: [{version: app@2, quantity: 2, scope: emea}]";

#[test]
fn an_upgrade_over_two_sites_that_can_run_out_is_no_network() {
    let estate = two_sites("quantity: 3", BOTH);
    let position = optimum_of_no_network(&estate);
    assert_eq!(position.figures().totals.uncovered.get(), 1);
    // No set of licenses tells why; the prices do.
    assert_eq!((position.evidence().shortages.len(), position.evidence().uncovered_by_bound.get()), (0, 1));
}

/// The answer for an estate that must be no network, proved at every level.
fn optimum_of_no_network(estate: &Estate) -> Certified<'_> {
    assert!(!Statement::new(estate).unwrap().is_network(), "two capacities meet in one path");
    let position = solver::answer(estate).unwrap();
    assert_eq!(position.standing(), Standing::Optimal);
    position
}

#[test]
fn an_upgrade_over_two_sites_that_cannot_run_out_is_a_network() {
    for upgrade in ["quantity: 4", "unlimited: true"] {
        let estate = two_sites(upgrade, BOTH);
        let position = solver::answer(&estate).expect("the upgrade is no bottleneck");
        assert_eq!(position.figures().totals.uncovered.get(), 0, "{upgrade}");
    }
}

#[test]
fn sites_that_agree_wherever_something_is_demanded_are_a_network() {
    let estate = two_sites("quantity: 1", EMEA);
    let position = solver::answer(&estate).expect("bases of the other site are of no use");
    assert_eq!(position.figures().totals.uncovered.get(), 1);
    assert_eq!(position.evidence().shortages.len(), 1);
}

#[test]
fn an_upgrade_that_lives_in_one_site_takes_only_its_bases() {
    let estate = two_sites("quantity: 1, scope: emea", BOTH);
    let position = solver::answer(&estate).expect("bases of the other site cannot be used with it");
    assert_eq!(position.figures().totals.uncovered.get(), 3);
}

#[test]
fn contracts_that_differ_below_an_upgrade_are_no_network() {
    let text = "
licit: 1
as_of: 2026-11-22
titles: [{id: app, versions: [1, 2]}]
skus:
  - {id: OLD, version: app@1}
  - {id: UPG, version: app@2, upgrades: [app@1]}
licenses:
  - {id: B-1, sku: OLD, quantity: 1, contract: C-1}
  - {id: B-2, sku: OLD, quantity: 1, contract: C-2}
  - {id: U, sku: UPG, quantity: 1}
installs: [{version: app@2, contract: C-1}, {version: app@2, contract: C-2}]
";
    let reading = model::read_estate_text("estate.yaml", text, &model::ReadOptions::default());
    let estate = reading.estate.expect("the estate is valid");
    assert_eq!(optimum_of_no_network(&estate).figures().totals.uncovered.get(), 1);
}

#[test]
fn transfers_at_different_costs_below_an_upgrade_are_no_network() {
    let text = "
licit: 1
as_of: 2026-11-22
currency: EUR
scopes: [{id: a}, {id: b}, {id: c}]
transfers: [{from: a, to: c, cost: 1.00}, {from: b, to: c, cost: 2.00}]
titles: [{id: app, versions: [1, 2]}]
skus:
  - {id: OLD, version: app@1}
  - {id: UPG, version: app@2, upgrades: [app@1]}
licenses:
  - {id: B-A, sku: OLD, quantity: 1, scope: a}
  - {id: B-B, sku: OLD, quantity: 1, scope: b}
  - {id: U, sku: UPG, quantity: 1, scope: c}
installs: [{version: app@2, scope: c, quantity: 2}]
";
    let reading = model::read_estate_text("estate.yaml", text, &model::ReadOptions::default());
    let estate = reading.estate.expect("the estate is valid");
    let figures = optimum_of_no_network(&estate).figures().clone();
    // The cheaper transfer is taken.
    assert_eq!(figures.objective[Level::TransferCost.index()], 10_000);
}
