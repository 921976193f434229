//! Results read back: what is refused before anything is added up, and under which law.

use crate::agreement;
use crate::estates::{read, repository};
use checker::claim::{VerifyError, verify};
use checker::violation::Law;
use model::estate::Estate;
use model::findings::Findings;
use model::generate::{Draft, Shape};
use serde_json::{Value, json};

/// The example that has a bit of everything, with its result.
fn contoso() -> (Estate, Value) {
    let estate = read(&repository("examples/contoso.yaml"));
    let result = report::json(&solver::position(&estate).unwrap(), &Findings::new());
    let result = serde_json::from_str(&result).unwrap();
    (estate, result)
}

/// The laws that the result breaks after a change.
fn broken(change: impl Fn(&mut Value)) -> Vec<Law> {
    let (estate, mut result) = contoso();
    change(&mut result);
    match verify(&estate, &result.to_string()) {
        Ok(_) => Vec::new(),
        Err(VerifyError::Refused(violations)) => violations.iter().map(|violation| violation.law).collect(),
        Err(unreadable @ VerifyError::Unreadable { .. }) => panic!("{unreadable}"),
    }
}

/// Sets the value at a pointer.
fn set(pointer: &'static str, value: Value) -> impl Fn(&mut Value) {
    move |result| *result.pointer_mut(pointer).unwrap() = value.clone()
}

/// Repeats the first row of a list.
fn repeat(pointer: &'static str) -> impl Fn(&mut Value) {
    move |result| {
        let rows = result.pointer_mut(pointer).unwrap().as_array_mut().unwrap();
        rows.push(rows[0].clone());
    }
}

/// Drops the first row of a list.
fn drop_first(pointer: &'static str) -> impl Fn(&mut Value) {
    move |result| drop(result.pointer_mut(pointer).unwrap().as_array_mut().unwrap().remove(0))
}

#[test]
fn what_is_unaltered_is_accepted() {
    assert_eq!(broken(|_| {}), []);
}

#[test]
fn rows_may_stand_in_any_order_and_keys_may_be_added() {
    let reversed = |result: &mut Value| {
        for list in ["/allocation", "/assignments", "/licenses", "/titles", "/evidence/prices/demands"] {
            result.pointer_mut(list).unwrap().as_array_mut().unwrap().reverse();
        }
        result["made_by"] = json!({"somebody": "else"});
        result["allocation"][0]["note"] = json!("by hand");
    };
    assert_eq!(broken(reversed), []);
}

#[test]
fn a_name_that_is_not_in_the_estate_is_named() {
    for pointer in [
        "/allocation/0/licenses/0",
        "/allocation/0/version",
        "/allocation/0/scope",
        "/allocation/0/user",
        "/shortages/0/licenses/0",
        "/shortages/0/demands/0/version",
        "/evidence/prices/licenses/0/license",
        "/evidence/prices/demands/0/scope",
        "/titles/0/title",
        "/titles/0/versions/0/version",
        "/licenses/0/license",
        "/assignments/0/license",
        "/assignments/0/target/user",
    ] {
        assert!(broken(set(pointer, json!("nobody"))).contains(&Law::UnknownReference), "{pointer}");
    }
}

#[test]
fn quantities_that_nothing_can_have_are_refused_before_they_are_added_up() {
    assert!(broken(set("/allocation/0/quantity", json!(-1))).contains(&Law::Figures));
    assert!(broken(set("/allocation/0/quantity", json!(0))).contains(&Law::Demand));
    assert!(broken(set("/allocation/0/quantity", json!(i64::MAX))).contains(&Law::Figures));
    assert!(broken(set("/shortages/0/demands/0/quantity", json!(i64::MAX))).contains(&Law::Figures));
    assert!(broken(set("/shortages/0/supply", json!(-1))).contains(&Law::Figures));
    let many = |result: &mut Value| {
        for row in result["allocation"].as_array_mut().unwrap() {
            row["quantity"] = json!(2_000_000_000_000_000_u64);
        }
    };
    assert_eq!(broken(many), [Law::Demand]);
}

#[test]
fn a_row_that_stands_twice_is_refused() {
    assert_eq!(broken(repeat("/allocation")), [Law::Demand]);
    assert_eq!(broken(repeat("/licenses")), [Law::Figures]);
    assert_eq!(broken(repeat("/assignments")), [Law::Figures]);
    assert_eq!(broken(repeat("/titles/0/versions")), [Law::Figures]);
    for list in ["licenses", "reserved", "demands"] {
        let twice = |result: &mut Value| {
            let rows = result["evidence"]["prices"][list].as_array_mut().unwrap();
            rows.push(rows[0].clone());
        };
        assert_eq!(broken(twice), [Law::PriceForm], "{list}");
    }
}

#[test]
fn a_row_that_is_missing_is_missed() {
    assert_eq!(broken(drop_first("/licenses")), [Law::Figures]);
    assert_eq!(broken(drop_first("/assignments")), [Law::Figures]);
    assert_eq!(broken(drop_first("/titles/0/versions")), [Law::Figures]);
    assert!(broken(drop_first("/titles")).iter().all(|&law| law == Law::Figures));
    assert!(broken(drop_first("/shortages")).contains(&Law::ShortageSum));
}

#[test]
fn a_path_that_is_none_is_refused() {
    assert_eq!(broken(set("/allocation/0/licenses", json!([]))), [Law::Stacking]);
    assert_eq!(broken(set("/allocation/0/reserved", json!(["asset", null]))), [Law::Reservation]);
    assert_eq!(broken(set("/allocation/0/reserved", json!(["machine"]))), [Law::Reservation]);
    let twice = |result: &mut Value| {
        result["allocation"][0]["licenses"] = json!(["off10", "off10"]);
        result["allocation"][0]["reserved"] = json!([null, null]);
    };
    assert!(broken(twice).contains(&Law::Stacking));
}

#[test]
fn figures_beyond_the_allocation_are_compared_too() {
    for (pointer, value) in [
        ("/standing", json!("proved")),
        ("/gaps", json!({"spend": {"bound": "0", "gap": "1"}})),
        ("/objective/transfer_cost", json!("40")),
        ("/objective/flexibility", json!(0)),
        ("/titles/1/versions/2/covered_by/upgrade", json!(21)),
        ("/licenses/0/state", json!("expired")),
        ("/licenses/0/quantity", json!(null)),
        ("/licenses/0/sku", json!("OFF10")),
        ("/allocation/0/right", json!("exact")),
        ("/assignments/0/outcome", json!("unmet")),
        ("/assignments/0/scope", json!("emea")),
    ] {
        assert_eq!(broken(set(pointer, value)), [Law::Figures], "{pointer}");
    }
    assert_eq!(broken(set("/as_of", json!("2026-11-21"))), [Law::SameFacts]);
    assert_eq!(broken(set("/digest", json!(""))), [Law::SameFacts]);
}

#[test]
fn results_of_licenses_that_cover_several_installs_are_read_back() {
    let mut with_shared = 0;
    for seed in 1..=200 {
        let estate = agreement::read(&Draft::generate(seed, &Shape::METRICS));
        let position = solver::position(&estate).unwrap();
        with_shared += u64::from(!position.certified.allocation().shared.is_empty());
        let result = report::json(&position, &Findings::new());
        verify(&estate, &result).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
    }
    assert!(with_shared >= 20, "{with_shared}");
}

#[test]
fn rows_that_belong_together_are_held_together() {
    let estate = read(&repository("examples/suites.yaml"));
    let result: Value =
        serde_json::from_str(&report::json(&solver::position(&estate).unwrap(), &Findings::new())).unwrap();
    let rows = result["allocation"].as_array().unwrap();
    let first = rows.iter().position(|row| row["together"] == json!(1)).unwrap();
    let broken = |change: &dyn Fn(&mut Value)| {
        let mut result = result.clone();
        change(&mut result["allocation"][first]);
        match verify(&estate, &result.to_string()) {
            Err(VerifyError::Refused(violations)) => violations.iter().map(|violation| violation.law).collect(),
            other => panic!("{other:?}"),
        }
    };
    let only = |laws: Vec<Law>, law: Law| assert!(laws.contains(&law), "{laws:?}");
    only(broken(&|row| row["together"] = json!(2)), Law::Together);
    only(broken(&|row| row["entitlements"] = json!(2)), Law::Together);
    only(broken(&|row| drop(row.as_object_mut().unwrap().remove("together"))), Law::Together);
    only(broken(&|row| row["licenses"] = json!(["cad"])), Law::Together);
    only(broken(&|row| row["quantity"] = json!(0)), Law::Demand);
}
