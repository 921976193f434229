//! Results of renewals read back: what was written is accepted, and nothing that was changed.
//!
//! `LICIT_RENEWALS` sets how many drawn renewals are read back, `LICIT_TAMPERINGS` how many altered results are tried.

use crate::agreement::count;
use crate::renewal_draft::{Renewal, renewals};
use crate::renewal_files::read;
use crate::tampering::{is_needed, list_places, names, tamper};
use checker::claim::VerifyError;
use checker::plan::{Order, Standing, weights_of};
use checker::violation::{Law, Violation};
use model::generate::SplitMix64;
use rayon::prelude::*;
use scenarios::Scenarios;
use scenarios::renewal::{self, Solved, compare};
use scenarios::verify::verify;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The answers for all scenarios with their evidence; none where a limit was hit.
fn answered(scenarios: &Scenarios) -> Option<Vec<renewal::Renewal>> {
    let mut solved = Solved::with_evidence(scenarios, report::plan_evidence);
    (0..scenarios.count()).map(|position| solved.renew(position).ok()).collect()
}

fn written(answers: &[renewal::Renewal]) -> String {
    report::renewals_json(answers, &compare(answers))
}

/// The laws that a result breaks.
fn broken(scenarios: &Scenarios, result: &Value) -> Vec<Violation> {
    match verify(scenarios, &result.to_string()) {
        Ok(_) => Vec::new(),
        Err(VerifyError::Refused(violations)) => violations,
        Err(unreadable @ VerifyError::Unreadable { .. }) => panic!("{unreadable}"),
    }
}

/// A drawn renewal with two more scenarios beside its own.
fn scenarios_of(drawn: &Renewal) -> Scenarios {
    let scenario_yaml = &drawn.scenario_yaml;
    let (Some(install), Some((head, _))) = (drawn.estate.installs.first(), scenario_yaml.split_once("scenarios:"))
    else {
        return read(&drawn.estate_yaml, scenario_yaml);
    };
    let version = drawn.estate.version_text(install.version);
    let title = &drawn.estate.title_of(install.version).id;
    let more = format!(
        "  - {{name: as is}}\n  - {{name: growth, changes: [{{grow: \"{title}@*\", by: 60%}}]}}\n  \
         - {{name: less, changes: [{{retire: [\"{version}\"]}}]}}\n"
    );
    read(&drawn.estate_yaml, &format!("{head}scenarios:\n{more}"))
}

#[test]
fn what_is_written_of_a_renewal_is_accepted_for_what_it_says() {
    let (seed, count) = (count("LICIT_SEED", 1), count("LICIT_RENEWALS", 600));
    let drawn: Vec<Renewal> = renewals(seed, count).collect();
    let wholes: Vec<Option<usize>> = drawn
        .par_iter()
        .map(|drawn| {
            let scenarios = scenarios_of(drawn);
            let answers = answered(&scenarios)?;
            let standings = verify(&scenarios, &written(&answers));
            let standings = standings.unwrap_or_else(|error| panic!("seed {}: {error}", drawn.seed));
            assert_eq!(standings, answers.iter().map(renewal::Renewal::standing).collect::<Vec<_>>());
            Some(answers.iter().filter(|answer| answer.is_of_the_whole()).count())
        })
        .collect();
    let (answered, wholes): (usize, usize) = (wholes.iter().flatten().count(), wholes.iter().flatten().sum());
    println!("{count} renewals from seed {seed}: {answered} accepted; {wholes} scenarios solved as a whole");
    assert!(answered as u64 * 20 >= count * 19 && wholes > 0, "{answered} of {count}, {wholes} as a whole");
}

/// A result of one drawn renewal, with what its plan comes to.
struct Written<'d> {
    drawn: &'d Renewal,
    value: Value,
    renewal: &'d renewal::Renewal,
}

impl Written<'_> {
    /// Whether an alteration there must be refused. A certificate may be altered and prove the same: where plans are
    /// split or a budget gives several bounds, since not all of them are met exactly; where a price is that of an offer,
    /// of whose quantities the least counts; and where a level and all after it come to nothing, which is least anyway.
    fn is_proved(&self, place: &str) -> bool {
        let parts: Vec<&str> = place.split('/').skip(1).collect();
        match parts.as_slice() {
            [
                "evidence",
                "parts",
                "0",
                "proof",
                "certificate",
                "0",
                "bounds",
                "0",
                "prices",
                list,
                row,
                kind,
                level,
            ] => {
                let [row, level] = [row, level].map(|index| index.parse::<usize>().unwrap());
                self.is_met_exactly(level) && self.is_needed(list, row, kind)
            }
            ["scenarios", _, "marginal", ..] | ["evidence", "parts", _, "proof", "certificate", ..] => false,
            _ => true,
        }
    }

    /// Whether one bound is the whole proof, and has to be met from the level on.
    fn is_met_exactly(&self, level: usize) -> bool {
        let parts = self.value["evidence"]["parts"].as_array().unwrap();
        let is_split = parts[0]["proof"]["certificate"].as_array().unwrap().len() > 1;
        let market = &self.drawn.market;
        let had = Order::of(weights_of(market)).of_levels(self.renewal.objective());
        let comes_to_something = had[level..].iter().any(|&had| had > 0);
        let is_optimal = self.renewal.standing() == Standing::Optimal;
        parts.len() == 1 && !is_split && is_optimal && market.budget.is_none() && comes_to_something
    }

    fn is_needed(&self, list: &str, row: usize, kind: &str) -> bool {
        let Renewal { estate, market, .. } = self.drawn;
        let row = &self.value["evidence"]["parts"][0]["proof"]["certificate"][0]["bounds"][0]["prices"][list][row];
        let is_offered = market.offers.iter().any(|offer| estate.licenses[offer.lot].id == row["license"]);
        !is_offered && is_needed(estate, list, row, kind)
    }
}

/// What became of the alterations of one renewal.
#[derive(Default)]
struct Fates {
    /// By list: how many were refused, and how many accepted.
    by_list: BTreeMap<String, [usize; 2]>,
    /// Those accepted that must not be.
    wrong: Vec<String>,
}

fn fates(drawn: &Renewal, tries: usize) -> Option<Fates> {
    let scenarios = read(&drawn.estate_yaml, &drawn.scenario_yaml);
    let answers = answered(&scenarios)?;
    let value = serde_json::from_str(&written(&answers)).unwrap();
    let written = Written { drawn, value, renewal: &answers[0] };
    let (value, names, mut places) = (&written.value, names(&drawn.estate), Vec::new());
    list_places(value, "", &mut places);
    places.retain(|place| !place.contains("/marginal"));
    let mut random = SplitMix64::new(drawn.seed);
    let mut fates = Fates::default();
    for _ in 0..tries {
        let place = random.pick(&places).clone();
        let altered = tamper(value, &place, &names, &mut random);
        let is_accepted = verify(&scenarios, &altered.to_string()).is_ok();
        let is_proved = written.is_proved(&place);
        if is_accepted && is_proved {
            let (now, before) = (altered.pointer(&place), value.pointer(&place));
            fates.wrong.push(format!("seed {}: {place} = {now:?}, was {before:?}", drawn.seed));
        }
        let words: Vec<&str> = place.split('/').filter(|word| word.parse::<usize>().is_err()).collect();
        let list = words[1..words.len().min(5)].join("/") + if is_proved { "" } else { ", not needed" };
        fates.by_list.entry(list).or_default()[usize::from(is_accepted)] += 1;
    }
    Some(fates)
}

#[test]
fn no_altered_renewal_is_accepted() {
    let tries = usize::try_from(count("LICIT_TAMPERINGS", 6_000)).expect("a count of cases");
    let drawn: Vec<Renewal> = renewals(count("LICIT_SEED", 1), 200).collect();
    let each = tries.div_ceil(drawn.len());
    let all: Vec<Fates> = drawn.par_iter().filter_map(|renewal| fates(renewal, each)).collect();
    let mut fates: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    for (list, [refused, accepted]) in all.iter().flat_map(|fates| &fates.by_list) {
        let sum = fates.entry(list).or_default();
        *sum = [sum[0] + refused, sum[1] + accepted];
    }
    let altered: usize = fates.values().flatten().sum();
    let still_proofs: usize = fates.values().map(|fate| fate[1]).sum();
    println!("{altered} altered results; {still_proofs} are proofs all the same; refused and accepted: {fates:?}");
    let wrong: Vec<&String> = all.iter().flat_map(|fates| &fates.wrong).collect();
    assert!(wrong.is_empty(), "{} accepted: {:#?}", wrong.len(), &wrong[..wrong.len().min(10)]);
    assert!(altered >= tries * 9 / 10, "{altered} of {tries}");
}

const ESTATE: &str = "licit: 1
as_of: 2026-11-22
currency: EUR
titles: [{id: a, versions: [\"1\"]}, {id: b, versions: [\"1\", \"2\"]}]
skus: [{id: A, version: a@1}, {id: B, version: b@2, covers: [b@1]}]
licenses: [{id: la, sku: A, quantity: 2}, {id: lb, sku: B, quantity: 1, end: 2026-10-31}]
installs: [{version: a@1, quantity: 5}, {version: b@1, quantity: 2}, {version: b@2, asset: PC-1, last_used: 2020-01-01}]
";
const SCENARIOS: &str = "licit: 1
estate: estate.yaml
offers: [{id: na, sku: A, price: 10.00}, {id: nb, sku: B, price: 20.00}, {id: kb, renew: lb, price: 5.00}]
actions: [{reclaim: {versions: b@*, unused_for: 90d}, cost: 1.00}]
";

/// Two scenarios over two parts, of which the second is not within its budget: `a` grows by 1 and by 2.
fn example(budget: &str) -> (Scenarios, Value) {
    let changes = "scenarios: [{name: one, changes: [{grow: a@1, by: 1}]}, {name: two, changes: [{grow: a@1, by: 2}]}]";
    let scenarios = read(ESTATE, &format!("{SCENARIOS}limits: {{budget: {budget}}}\n{changes}\n"));
    let result = written(&answered(&scenarios).unwrap());
    assert!(verify(&scenarios, &result).is_ok());
    (scenarios, serde_json::from_str(&result).unwrap())
}

/// What is said of a result after a change.
fn said(budget: &str, change: impl Fn(&mut Value)) -> Vec<(Law, String)> {
    let (scenarios, mut result) = example(budget);
    change(&mut result);
    broken(&scenarios, &result).into_iter().map(|violation| (violation.law, violation.detail)).collect()
}

/// The laws that a result within its budget breaks after a change.
fn laws(change: impl Fn(&mut Value)) -> Vec<Law> {
    said("1000.00", change).into_iter().map(|(law, _)| law).collect()
}

fn parts(result: &mut Value) -> &mut Vec<Value> {
    result["evidence"]["parts"].as_array_mut().unwrap()
}

/// The position of the part that has an offer.
fn part_with(result: &Value, offer: &str) -> usize {
    let parts = result["evidence"]["parts"].as_array().unwrap();
    let has = |part: &Value| part["proof"]["offers"].as_array().unwrap().iter().any(|row| row["offer"] == offer);
    parts.iter().position(has).unwrap()
}

#[test]
fn each_different_part_is_proved_once_and_a_whole_only_where_a_budget_asks_for_it() {
    let (_, result) = example("1000.00");
    assert_eq!(result["evidence"]["as_a_whole"], json!([]));
    // `a` with one and with two installs more, and `b` as it is.
    assert_eq!(result["evidence"]["parts"].as_array().unwrap().len(), 3);
    // Four units of `a` at 10, one renewed at 5, one bought at 20 and one uninstalled at 1; with one more 76.
    let (_, result) = example("70.00");
    assert_eq!(result["evidence"]["as_a_whole"], json!(["two"]));
    assert_eq!(result["scenarios"][0]["spend"], "66.00");
    assert_eq!(result["scenarios"][1]["uncovered"], 1);
}

#[test]
fn evidence_that_is_swapped_dropped_repeated_or_for_nothing_is_refused() {
    let swapped = |result: &mut Value| {
        let digest = parts(result)[0]["digest"].take();
        parts(result)[0]["digest"] = std::mem::replace(&mut parts(result)[1]["digest"], digest);
    };
    assert!(!laws(swapped).is_empty());
    let dropped = said("1000.00", |result| {
        let part = part_with(result, "kb");
        parts(result).remove(part);
    });
    assert_eq!(dropped, [(Law::SameFacts, "the result has no proof for the facts of `b`".to_owned())]);
    let all = said("1000.00", |result| parts(result).clear());
    assert_eq!(all.iter().map(|(law, _)| *law).collect::<Vec<_>>(), [Law::SameFacts; 3]);
    let repeated = |result: &mut Value| {
        let part = parts(result)[0].clone();
        parts(result).push(part);
    };
    assert_eq!(laws(repeated), [Law::Figures]);
    let needless = |result: &mut Value| {
        let mut part = parts(result)[0].clone();
        part["digest"] = json!("0".repeat(64));
        parts(result).push(part);
    };
    assert_eq!(laws(needless), [Law::UnknownReference]);
}

#[test]
fn parts_that_exceed_the_budget_together_do_not_pass_for_a_plan() {
    let (_, with_parts) = example("1000.00");
    let mixed = said("70.00", |result| {
        result["evidence"] = with_parts["evidence"].clone();
    });
    let expected = "scenario `two`: 76.00 is paid for its parts together, the budget is 70.00";
    assert_eq!(mixed, [(Law::Budget, expected.to_owned())]);
    assert_eq!(laws(|result| result["evidence"]["as_a_whole"] = json!(["one"]))[0], Law::SameFacts);
    let not_as_a_whole = said("70.00", |result| result["evidence"]["as_a_whole"] = json!([]));
    assert_eq!(not_as_a_whole[0].0, Law::SameFacts);
    assert_eq!(laws(|result| result["evidence"]["as_a_whole"] = json!(["three"])), [Law::UnknownReference]);
    let twice = said("70.00", |result| result["evidence"]["as_a_whole"] = json!(["two", "two"]));
    assert_eq!(twice[0].0, Law::Figures);
}

#[test]
fn a_name_that_is_not_there_is_named() {
    let (_, result) = example("1000.00");
    let b = format!("/evidence/parts/{}/proof", part_with(&result, "kb"));
    for pointer in [
        "offers/0/offer",
        "reclaimed/0/version",
        "reclaimed/0/asset",
        "allocation/0/licenses/0",
        "allocation/0/scope",
        "licenses/0/license",
        "certificate/0/bounds/0/prices/licenses/0/license",
        "certificate/0/bounds/0/prices/demands/0/version",
    ] {
        let pointer = format!("{b}/{pointer}");
        let found = said("1000.00", |result| *result.pointer_mut(&pointer).expect(&pointer) = json!("nobody"));
        let place = pointer.replace("/evidence/parts/", "evidence.parts[").replacen("/proof", "].proof", 1);
        let place = place.split("].proof").next().unwrap().to_owned() + "].proof";
        let named = found.iter().any(|(law, detail)| {
            *law == Law::UnknownReference && detail.starts_with(&format!("`{place}")) && detail.contains("`nobody`")
        });
        assert!(named, "{pointer}: {found:?}");
    }
    let scenario = said("1000.00", |result| result["scenarios"][1]["name"] = json!("nobody"));
    assert_eq!(
        scenario[0],
        (Law::UnknownReference, "`scenarios[1].name` is `nobody`, which is no scenario of the file".to_owned())
    );
}

#[test]
fn whatever_is_stated_is_held_against_the_plans() {
    for (pointer, value, place) in [
        ("/scenarios/0/spend", json!("65.00"), "scenarios[0].spend"),
        ("/scenarios/0/totals/used", json!(9), "scenarios[0].totals.used"),
        ("/scenarios/0/buy/0/serves/0/quantity", json!(9), "scenarios[0].buy[0].serves[0].quantity"),
        ("/scenarios/1/gaps", json!([]), "scenarios[1].gaps"),
        ("/scenarios/0/reclaim", json!([]), "scenarios[0].reclaim"),
        ("/comparison/dearest", json!("one"), "comparison.dearest"),
        ("/comparison/in_any_case/0/quantity", json!(5), "comparison.in_any_case[0].quantity"),
    ] {
        let found = said("1000.00", |result| *result.pointer_mut(pointer).expect(pointer) = value.clone());
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].0 == Law::Figures && found[0].1.starts_with(&format!("`{place}` is claimed")), "{found:?}");
    }
    let gap = json!({"spend": {"objective": "66.00", "bound": "65.00", "gap": "1.00"}});
    let found = said("1000.00", |result| result["scenarios"][0]["gaps"] = gap.clone());
    let expected = "`scenarios[0].gaps.spend` is claimed; there is no such gap";
    assert_eq!(found, [(Law::Figures, expected.to_owned())]);
    assert_eq!(laws(|result| result["scenarios"][0]["as_of"] = json!("2026-11-23")), [Law::SameFacts]);
    let dropped = |result: &mut Value| drop(result["scenarios"].as_array_mut().unwrap().remove(1));
    assert!(!laws(dropped).is_empty());
    assert_eq!(laws(|result| result["scenarios"] = json!([])), [Law::Figures]);
    // Margins are no part of the proof, and keys may be added.
    assert_eq!(laws(|result| result["scenarios"][0]["marginal"] = json!("none")), []);
    assert_eq!(laws(|result| result["scenarios"][0]["note"] = json!(1.5)), []);
}

#[test]
fn other_facts_are_told_from_those_of_the_result() {
    let (_, result) = example("1000.00");
    let changes = "scenarios: [{name: one, changes: [{grow: a@1, by: 1}]}, {name: two, changes: [{grow: a@1, by: 2}]}]";
    let dearer = SCENARIOS.replace("price: 20.00", "price: 21.00");
    let scenarios = read(ESTATE, &format!("{dearer}limits: {{budget: 1000.00}}\n{changes}\n"));
    let found = broken(&scenarios, &result);
    assert_eq!(found[0].law, Law::SameFacts);
    assert_eq!(found[0].detail, "the result has no proof for the facts of `b`");
}

#[test]
fn a_certificate_that_is_no_tree_is_refused() {
    let certificate = |value: Value| {
        laws(move |result| {
            let part = part_with(result, "kb");
            result["evidence"]["parts"][part]["proof"]["certificate"] = value.clone();
        })
    };
    let leaf = json!({"bounds": []});
    let branch = json!({"offer": "nb", "most": 0});
    assert_eq!(certificate(json!([])), [Law::Bound]);
    assert_eq!(certificate(json!([leaf, leaf])), [Law::Bound]);
    assert_eq!(certificate(json!([branch, leaf])), [Law::Bound]);
    assert_eq!(certificate(json!([{"offer": "nb", "most": 0, "bounds": []}])), [Law::Bound]);
    assert_eq!(certificate(json!([{"offer": "nb"}])), [Law::Bound]);
    // It is lawful, and shows nothing.
    assert!(certificate(json!([branch, leaf, leaf])).iter().all(|&law| law == Law::Figures));
    let deep: Vec<Value> = std::iter::repeat_n(branch, 6_000).chain(std::iter::repeat_n(leaf, 6_001)).collect();
    assert_eq!(certificate(json!(deep)), [Law::Bound]);
}

#[test]
fn numbers_that_sums_could_not_hold_are_refused() {
    let huge = |result: &mut Value| {
        let part = part_with(result, "kb");
        let bound = &mut result["evidence"]["parts"][part]["proof"]["certificate"][0]["bounds"][0];
        bound["prices"]["demands"][0]["price"][3] = json!(i64::MIN);
    };
    assert_eq!(laws(huge), [Law::PriceForm]);
    let many = |result: &mut Value| {
        let part = part_with(result, "kb");
        result["evidence"]["parts"][part]["proof"]["offers"][0]["quantity"] = json!(i64::MAX);
    };
    assert_eq!(laws(many), [Law::Figures]);
}
