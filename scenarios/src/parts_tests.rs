//! Parts of drawn estates, with offers, actions and changes drawn for them.

use crate::tests::read;
use crate::{Case, Remade, Scenarios, parts};
use model::edit::Facts;
use model::estate::{Estate, LicenseState};
use model::generate::{Draft, Shape, SplitMix64};
use model::market::Market;
use model::objective::LEVELS;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Drafts of several small estates in one, so that there are parts.
fn drawn(seed: u64) -> Draft {
    let drafts: Vec<Draft> = (0..4).map(|part| Draft::generate(seed * 4 + part, &Shape::SMALL)).collect();
    let mut draft = Draft::union(&drafts);
    draft.currency = Some("EUR".to_owned());
    draft
}

/// A scenario file for an estate: offers of some SKUs, actions, changes of each kind.
fn scenarios_for(seed: u64, estate: &Estate) -> String {
    let mut random = SplitMix64::new(seed);
    let mut text = String::from("licit: 1\nestate: estate.yaml\noffers:\n");
    let version = |random: &mut SplitMix64| {
        let ids: Vec<_> = estate.versions.ids().collect();
        estate.version_text(*random.pick(&ids))
    };
    let title = |random: &mut SplitMix64| random.pick(estate.titles.as_slice()).id.clone();
    let scope = |random: &mut SplitMix64| random.pick(estate.scopes.as_slice()).id.clone();
    for offer in 0..3 {
        let sku = &random.pick(estate.skus.as_slice()).id;
        let _ = writeln!(
            text,
            "  - {{id: zz-{offer}, sku: {sku}, scope: {}, price: 2{offer}, pack: {}}}",
            scope(&mut random),
            offer + 1
        );
    }
    let ended =
        estate.licenses.iter().filter(|row| row.state(estate.as_of) == LicenseState::Expired && row.quantity.is_some());
    for (number, license) in ended.take(2).enumerate() {
        let _ = writeln!(text, "  - {{id: yy-{number}, renew: {}, price: \"${{price}}\"}}", license.id);
    }
    let _ = writeln!(
        text,
        "  - {{id: xx, sku: {}, scope: {}, price: \"${{price}}\"}}",
        random.pick(estate.skus.as_slice()).id,
        scope(&mut random)
    );
    let _ =
        writeln!(text, "actions:\n  - {{reclaim: {{versions: {}@*, unused_for: 30d}}, cost: 1}}", title(&mut random));
    let (from, to) = (version(&mut random), version(&mut random));
    if from != to {
        let _ = writeln!(text, "  - {{reinstall: {{from: {from}, to: {to}}}, cost: 3}}");
    }
    text.push_str("sweep: {price: [5, 6]}\nscenarios:\n  - {name: as is}\n");
    for number in 0..4 {
        let _ = writeln!(text, "  - name: s{number}\n    changes:");
        let _ = writeln!(text, "      - {{grow: {}@*, by: {}%}}", title(&mut random), random.below(90));
        match number {
            0 => {
                let _ = writeln!(text, "      - {{retire: [{}@*]}}", title(&mut random));
                let _ = writeln!(text, "      - {{set_price: {{offer: zz-1, price: 99}}}}");
            }
            1 => {
                let (from, to) = (title(&mut random), title(&mut random));
                if from != to {
                    let to = estate.titles.iter().position(|title| title.id == to).expect("it is there");
                    let to = estate.version_text(estate.titles.as_slice()[to].versions.start);
                    let _ = writeln!(text, "      - {{migrate: {{from: {from}@*, to: {to}, share: 50%}}}}");
                }
                let _ = writeln!(text, "      - {{lapse: [{}]}}", random.pick(estate.licenses.as_slice()).id);
            }
            2 => {
                let sku = &random.pick(estate.skus.as_slice()).id;
                let _ = writeln!(
                    text,
                    "      - {{add_license: {{id: a-new, sku: {sku}, scope: {}, quantity: 3, contract: k}}}}",
                    scope(&mut random)
                );
                let _ = writeln!(text, "      - {{lapse: [a-new]}}");
            }
            _ => {
                let (from, into) = (scope(&mut random), scope(&mut random));
                if from != into {
                    let _ = writeln!(text, "      - {{merge_scope: {{from: {from}, into: {into}}}}}");
                }
            }
        }
    }
    text
}

fn parse(text: &str) -> Estate {
    let reading = model::read_estate_text("estate.yaml", text, &model::ReadOptions::default());
    reading.estate.unwrap_or_else(|| panic!("{:?}", reading.findings.diagnostics()))
}

fn with_scenarios(seed: u64) -> (Scenarios, String, Draft) {
    let draft = drawn(seed);
    let text = scenarios_for(seed, &parse(&draft.to_yaml()));
    (read(&draft.to_yaml(), &text), text, draft)
}

fn objective(estate: &Estate) -> Option<[i128; LEVELS]> {
    solver::answer(estate).ok().map(|position| position.figures().objective)
}

#[test]
fn positions_of_parts_add_up_to_the_position_of_the_whole() {
    let (mut compared, mut split) = (0, 0);
    for seed in 0..120 {
        let case = Case { name: String::new(), estate: parse(&drawn(seed).to_yaml()), market: Market::default() };
        let parts = parts(&case);
        split += usize::from(parts.len() > 4);
        let Some(whole) = objective(&case.estate) else { continue };
        let mut sum = [0; LEVELS];
        for part in &parts {
            let part = objective(&part.estate).expect("a part of a network is one");
            sum.iter_mut().zip(part).for_each(|(sum, level)| *sum += level);
        }
        assert_eq!(sum, whole, "seed {seed}");
        compared += 1;
    }
    assert!(compared > 20 && split > 20, "{compared} {split}");
}

#[test]
fn parts_are_estates_in_canonical_order_that_hold_every_row_once() {
    for seed in 0..40 {
        let (scenarios, ..) = with_scenarios(seed);
        for case in scenarios.cases() {
            let parts = parts(&case);
            for part in &parts {
                assert_eq!(Facts::of(part.estate.clone()).finish(), part.estate, "seed {seed}");
                let again = Case { name: String::new(), estate: part.estate.clone(), market: part.market.clone() };
                assert_eq!(crate::parts(&again), std::slice::from_ref(part), "seed {seed}");
            }
            let count = |rows: fn(&Estate) -> usize| {
                assert_eq!(
                    parts.iter().map(|part| rows(&part.estate)).sum::<usize>(),
                    rows(&case.estate),
                    "seed {seed}"
                );
            };
            count(|estate| estate.titles.len());
            count(|estate| estate.skus.len());
            count(|estate| estate.licenses.len());
            count(|estate| estate.installs.len());
            count(|estate| estate.assignments.len());
            assert_eq!(parts.iter().map(|part| part.market.offers.len()).sum::<usize>(), case.market.offers.len());
        }
    }
}

#[test]
fn every_lot_is_active_and_has_the_most_that_may_be_had() {
    for seed in 0..40 {
        for case in with_scenarios(seed).0.cases() {
            assert_eq!(Facts::of(case.estate.clone()).finish(), case.estate, "seed {seed}");
            for offer in &case.market.offers {
                let lot = &case.estate.licenses[offer.lot];
                assert_eq!(lot.quantity, Some(offer.terms.most));
                assert!(case.estate.is_active(offer.lot));
                assert_eq!(offer.is_renewal, lot.id != offer.id);
            }
        }
    }
}

#[test]
fn parts_that_are_made_again_are_those_of_the_case() {
    let mut shared = 0;
    for seed in 0..60 {
        let (scenarios, text, _) = with_scenarios(seed);
        let mut remade = Remade::new(&scenarios);
        let first = remade.parts(0);
        for position in 0..scenarios.count() {
            let again = remade.parts(position);
            let whole = parts(&scenarios.case(position));
            assert_eq!(again.len(), whole.len());
            for (again, whole) in again.iter().zip(&whole) {
                assert_eq!(**again, *whole, "seed {seed}, {position}: {text}");
            }
            shared += again.iter().filter(|part| first.iter().any(|other| std::sync::Arc::ptr_eq(part, other))).count();
        }
    }
    assert!(shared > 1_000, "{shared}");
}

#[test]
fn what_a_scenario_does_not_touch_keeps_its_digest() {
    let estate = "licit: 1\nas_of: 2026-11-22\ncurrency: EUR\ntitles: [{id: a, versions: [1]}, {id: b, versions: [1]}]\n\
        skus: [{id: A, version: a@1}, {id: B, version: b@1}]\ninstalls: [{version: a@1, quantity: 5}, {version: b@1}]\n";
    let text = "licit: 1\nestate: estate.yaml\noffers: [{id: x, sku: A, price: 1}, {id: y, sku: B, price: 2}]\n\
        scenarios: [{name: s}, {name: g, changes: [{grow: a@1, by: 5}]}, {name: p, changes: [{set_price: {offer: y, price: 3}}]}]\n";
    let scenarios = read(estate, text);
    let digests: Vec<Vec<String>> =
        scenarios.cases().map(|case| parts(&case).into_iter().map(|part| part.digest).collect()).collect();
    assert_eq!((&digests[1][1], &digests[2][0]), (&digests[0][1], &digests[0][0]));
    let all: BTreeSet<&String> = digests.iter().flatten().collect();
    assert_eq!(all.len(), 4);
}

#[test]
fn rows_in_another_order_give_the_same_cases() {
    for seed in 0..40 {
        let (scenarios, text, draft) = with_scenarios(seed);
        let permuted = read(&draft.permuted(seed).to_yaml(), &text);
        assert!(scenarios.cases().eq(permuted.cases()), "seed {seed}");
    }
}
