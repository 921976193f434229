//! What is drawn, and how the facts and the files of a renewal agree.

use super::{Renewal, renewals};
use crate::renewal_statement::{Best, PLANS_MAX, best, plan_count};
use crate::statement;
use model::ReadOptions;
use model::estate::{Assigned, Estate, LicenseState};
use model::findings::Findings;
use model::market::{Market, TierRule};
use model::number::Quantity;
use model::objective::Level;
use model::yaml;

/// The estate file as it is, on the day of the renewal.
fn before(renewal: &Renewal) -> Estate {
    let options = ReadOptions { as_of: Some(renewal.estate.as_of), folder: None };
    model::read_estate_text("estate.yaml", &renewal.estate_yaml, &options).estate.unwrap()
}

/// The estate with lots without units.
fn with_nothing_bought(renewal: &Renewal) -> Estate {
    let mut estate = renewal.estate.clone();
    for offer in &renewal.market.offers {
        estate.licenses[offer.lot].quantity = Some(Quantity::ZERO);
    }
    estate
}

#[test]
fn the_same_seed_gives_the_same_renewal() {
    for (one, other) in renewals(1, 50).zip(renewals(1, 50)) {
        assert_eq!((one.scenario_yaml, one.estate_yaml), (other.scenario_yaml, other.estate_yaml));
        assert_eq!((one.estate, one.market), (other.estate, other.market));
    }
}

#[test]
fn buying_nothing_leads_to_the_position_of_the_estate_file() {
    for renewal in renewals(1, 300) {
        let nothing = statement::optimum(&with_nothing_bought(&renewal));
        assert_eq!(nothing, statement::optimum(&before(&renewal)), "seed {}", renewal.seed);
    }
}

#[test]
fn each_offer_has_its_lot() {
    for renewal in renewals(1, 500) {
        let before = before(&renewal);
        for offer in &renewal.market.offers {
            let lot = &renewal.estate.licenses[offer.lot];
            assert_eq!(lot.quantity, Some(offer.terms.most), "seed {}", renewal.seed);
            assert_eq!(lot.state(renewal.estate.as_of), LicenseState::Active, "seed {}", renewal.seed);
            let twin = before.licenses.iter().find(|license| license.id == lot.id);
            assert_eq!(twin.is_some(), offer.is_renewal, "seed {}", renewal.seed);
            assert!(twin.is_none_or(|twin| twin.state(before.as_of) == LicenseState::Expired), "seed {}", renewal.seed);
        }
        assert!(renewal.market.offers.iter().is_sorted_by(|one, other| one.id < other.id), "seed {}", renewal.seed);
        assert!(plan_count(&renewal.estate, &renewal.market) <= PLANS_MAX, "seed {}", renewal.seed);
    }
}

#[test]
fn the_scenario_file_is_yaml() {
    for renewal in renewals(1, 300) {
        let mut findings = Findings::new();
        let file = findings.add_file("renewal.yaml");
        assert!(yaml::read(&renewal.scenario_yaml, file, &mut findings).is_some(), "{}", renewal.scenario_yaml);
        assert!(!findings.has_errors(), "{}", renewal.scenario_yaml);
    }
}

/// What a renewal and its best plan may show, by name.
fn shown(renewal: &Renewal, best: &Best) -> Vec<(&'static str, bool)> {
    let (market, plan) = (&renewal.market, &best.plan);
    let had =
        || market.offers.enumerate().map(|(id, offer)| (offer, plan.quantities[id])).filter(|(_, q)| !q.is_zero());
    let figure = |level: Level| best.figures.levels[level.index()];
    let nothing = statement::optimum(&with_nothing_bought(renewal));
    let sku = |lot| renewal.estate.sku_of(lot);
    let assignments =
        |lot| renewal.estate.assignments.iter().filter(|row| row.assigned == Assigned::License(lot)).count();
    let assigned = |lot| assignments(lot) > 0;
    let without_budget = || {
        let market = Market { budget: None, ..market.clone() };
        crate::renewal_statement::best(&Renewal { market, ..renewal.clone() }).figures
    };
    vec![
        ("offers", !market.offers.is_empty()),
        ("renewals", market.offers.iter().any(|offer| offer.is_renewal)),
        ("of assigned licenses", market.offers.iter().any(|offer| offer.is_renewal && assigned(offer.lot))),
        ("packs", market.offers.iter().any(|offer| offer.terms.pack > Quantity::ONE)),
        ("minima", market.offers.iter().any(|offer| offer.terms.least > Quantity::ONE)),
        ("fees", market.offers.iter().any(|offer| offer.terms.fee.units() > 0)),
        ("tiers", market.offers.iter().any(|offer| offer.terms.tiers.len() > 1)),
        ("for all units", market.offers.iter().any(|offer| offer.terms.tier_rule == TierRule::AllUnits)),
        ("upgrades", market.offers.iter().any(|offer| sku(offer.lot).is_upgrade())),
        (
            "competition for an offer",
            market.offers.iter().any(|offer| statement::upgrade_mixes_places(&renewal.estate, offer.lot)),
        ),
        (
            "buys what is competed for",
            had().any(|(offer, _)| statement::upgrade_mixes_places(&renewal.estate, offer.lot)),
        ),
        ("gated", market.offers.iter().any(|offer| sku(offer.lot).use_only_when_assigned)),
        ("reclaims", !market.reclaims.is_empty()),
        ("reinstalls", !market.reinstalls.is_empty()),
        ("paid transfers", market.transfers_are_paid && !renewal.estate.transfers.is_empty()),
        ("priced shortage", market.shortage_cost.is_some()),
        ("budgets", market.budget.is_some()),
        ("mixed places", statement::upgrades_mix_places(&renewal.estate)),
        ("buys", had().any(|(offer, _)| !offer.is_renewal)),
        ("buys two lots", had().count() > 1),
        ("buys an upgrade", had().any(|(offer, _)| sku(offer.lot).is_upgrade())),
        ("buys more than one", figure(Level::UnitsBought) > 1),
        ("renews", had().any(|(offer, _)| offer.is_renewal)),
        ("renews in part", had().any(|(offer, quantity)| offer.is_renewal && quantity < offer.terms.most)),
        ("renews what is assigned", had().any(|(offer, _)| offer.is_renewal && assigned(offer.lot))),
        (
            "renews for some of the assignments",
            had().any(|(offer, quantity)| offer.is_renewal && quantity.get() < assignments(offer.lot) as u64),
        ),
        ("pays a fee", had().any(|(offer, _)| offer.terms.fee.units() > 0)),
        (
            "reaches a tier",
            had().any(|(offer, quantity)| offer.terms.tiers.get(1).is_some_and(|tier| tier.from <= quantity)),
        ),
        ("uninstalls", !plan.reclaimed.is_empty()),
        ("replaces", !plan.reinstalled.is_empty()),
        ("spends", figure(Level::Spend) > 0),
        ("is short anyway", figure(Level::Uncovered) > 0),
        ("leaves assignments unmet", figure(Level::LicenseAssignmentsUnmet) + figure(Level::TitleAssignmentsUnmet) > 0),
        ("does nothing about something", best.figures.levels[..3] == nothing[..3] && nothing[..3] != [0; 3]),
        ("has nothing to do", nothing[..3] == [0; 3]),
        ("is bound by the budget", market.budget.is_some() && without_budget() != best.figures),
    ]
}

#[test]
fn everything_that_can_be_drawn_is_drawn() {
    let mut counts: Vec<(&str, u32)> = Vec::new();
    let mut plans = Vec::new();
    let mut positions = 0;
    for renewal in renewals(1, 600) {
        let best = best(&renewal);
        plans.push(best.plans);
        positions += best.positions;
        let shown = shown(&renewal, &best);
        counts.resize(shown.len(), ("", 0));
        for (count, (name, is_shown)) in counts.iter_mut().zip(shown) {
            *count = (name, count.1 + u32::from(is_shown));
        }
    }
    plans.sort_unstable();
    println!("plans {} in the middle, {} at most, positions {positions}", plans[300], plans[599]);
    println!("{counts:#?}");
    for (name, count) in counts {
        assert!(count >= 6, "{name}: {count} of 600");
    }
}
