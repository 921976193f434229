//! Nothing that was changed is accepted: results with one field altered, answers that are lawful and
//! not the best.
//!
//! `LICIT_TAMPERINGS` sets how many altered results are tried.

use crate::agreement::{count, read};
use checker::claim::VerifyError;
use checker::evidence::{Evidence, Standing};
use checker::violation::Law;
use model::estate::Estate;
use model::findings::Findings;
use model::generate::{Draft, Shape, SplitMix64};
use model::number::Quantity;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A result with everything that may be altered in it.
struct Result {
    seed: u64,
    estate: Estate,
    value: Value,
    places: Vec<String>,
}

impl Result {
    fn of(seed: u64) -> Option<Self> {
        let estate = read(&Draft::generate(seed, &Shape::TINY));
        let position = solver::position(&estate).ok()?;
        let text = report::json(&position, &Findings::new());
        assert!(checker::claim::verify(&estate, &text).is_ok(), "seed {seed}: an unaltered result is accepted");
        let value: Value = serde_json::from_str(&text).expect("a result is JSON");
        let mut places = Vec::new();
        list_places(&value, "", &mut places);
        places.retain(|place| is_proved(&estate, &value, place));
        Some(Self { seed, estate, value, places })
    }

    fn is_refused(&self, altered: &Value) -> bool {
        match checker::claim::verify(&self.estate, &altered.to_string()) {
            Ok(_) => false,
            Err(VerifyError::Refused(violations)) => !violations.is_empty(),
            Err(VerifyError::Unreadable { .. }) => true,
        }
    }
}

/// All pointers to numbers, texts, nulls and rows.
pub(crate) fn list_places(value: &Value, pointer: &str, places: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                list_places(field, &format!("{pointer}/{key}"), places);
            }
        }
        Value::Array(rows) => {
            for (index, row) in rows.iter().enumerate() {
                let row_pointer = format!("{pointer}/{index}");
                if row.is_object() {
                    places.push(row_pointer.clone());
                }
                list_places(row, &row_pointer, places);
            }
        }
        _ => places.push(pointer.to_owned()),
    }
}

/// Whether the contract promises that an alteration there is caught.
fn is_proved(estate: &Estate, result: &Value, place: &str) -> bool {
    let parts: Vec<&str> = place.split('/').skip(1).collect();
    match parts.as_slice() {
        ["as_of" | "standing"]
        | ["evidence", "uncovered_by_bound"]
        | ["objective", _]
        | ["gaps" | "allocation" | "uncovered" | "shortages", ..]
        | ["titles", _, "status"]
        | ["titles", _, "versions", _, "covered_by", _]
        | ["assignments", _, "outcome"] => true,
        ["totals", field] => !matches!(*field, "idle" | "unusable"),
        ["titles", _, "versions", _, field] => {
            matches!(*field, "status" | "installed" | "demand" | "covered" | "uncovered" | "licensed")
        }
        ["licenses", _, field] => matches!(*field, "quantity" | "state" | "used" | "assigned"),
        ["evidence", "prices", list, row, ..] => {
            let row = &result["evidence"]["prices"][list][row.parse::<usize>().expect("rows are numbered")];
            parts.len() == 6 && is_before_gaps(result, parts[5]) && is_needed(estate, list, row, parts[4])
        }
        _ => false,
    }
}

/// Whether a level of a price comes before all gaps: from the first gap on prices say nothing.
fn is_before_gaps(result: &Value, level: &str) -> bool {
    let level: usize = level.parse().expect("levels are numbered");
    let name = model::objective::Level::of_position().nth(level).expect("a price has a number for each level").name();
    let has_gap = |level: &str| result["gaps"].get(level).is_some();
    let before = model::objective::Level::of_position().take(level).any(|level| has_gap(level.name()));
    !before && !has_gap(name)
}

/// Whether a price belongs to a fact with a quantity above zero that the bound needs.
pub(crate) fn is_needed(estate: &Estate, list: &str, row: &Value, kind: &str) -> bool {
    let text = |key: &str| row[key].as_str();
    match list {
        "licenses" => {
            let license = estate.licenses.iter().find(|license| Some(license.id.as_str()) == text("license"));
            let position = estate.licenses.iter().position(|license| Some(license.id.as_str()) == text("license"));
            let reserved = estate.assignments.iter().filter(|assignment| match assignment.assigned {
                model::estate::Assigned::License(id) => Some(model::id::Id::index(id)) == position,
                model::estate::Assigned::Title(_) => false,
            });
            let reserved = Quantity::new(reserved.count() as u64);
            license.is_some_and(|license| license.quantity.is_some_and(|units| units > reserved))
        }
        "demands" => {
            let version = text("version").and_then(|version| version.split_once('@'));
            let version = version.and_then(|(title, version)| estate.find_version(title, version));
            let is_tracked =
                version.is_some_and(|version| estate.title_of(version).track_by == model::estate::TrackBy::Assignments);
            let counted = estate.installs.iter().filter(|install| {
                Some(install.version) == version
                    && install.excluded.is_none()
                    && text("scope") == Some(estate.scopes[install.scope].id.as_str())
                    && text("contract") == install.contract.map(|contract| estate.contracts[contract].as_str())
                    && text("asset") == install.asset.map(|asset| estate.assets[asset].as_str())
                    && text("user") == install.user.map(|user| estate.users[user].as_str())
            });
            is_tracked || counted.map(|install| install.quantity).sum::<Quantity>() > Quantity::ZERO
        }
        // Meeting a title assignment is worth no more than one at its level to the bound.
        "assignments" if kind == "met" => row["met"][1] == json!(0) && row["met"][0] == json!(0),
        _ => true,
    }
}

/// Another value of the same kind.
fn alter(value: &Value, names: &[String], random: &mut SplitMix64) -> Value {
    let step = |number: i64, up: bool| if up { number + 1 } else { number - 1 };
    match value {
        Value::Number(number) => json!(step(number.as_i64().expect("numbers are integers"), random.percent(50))),
        // Of a status it is proved whether it is red.
        Value::String(text) if text == "red" => json!("green"),
        Value::String(text) if matches!(&**text, "yellow" | "green" | "inactive") => json!("red"),
        Value::String(text) => match text.parse::<f64>() {
            Ok(_) => json!(format!("1{text}")),
            Err(_) => loop {
                let other = random.pick(names);
                if other != text {
                    break json!(other);
                }
            },
        },
        Value::Null => json!(random.pick(names)),
        other => panic!("{other} is not altered as a value"),
    }
}

/// The words and names that texts are altered to.
pub(crate) fn names(estate: &Estate) -> Vec<String> {
    let words = ["optimal", "proved", "claimed", "met", "met-not-installed", "unmet", "inactive-title", "active"];
    let more = ["expired", "not-started", "exact", "downgrade", "newer", "cross", "upgrade", "set-aside", "2026-11-23"];
    let words = words.into_iter().chain(more).map(str::to_owned);
    let ids = estate.licenses.iter().map(|license| license.id.clone());
    let versions = estate.versions.ids().map(|version| estate.version_text(version));
    let scopes = estate.scopes.iter().map(|scope| scope.id.clone());
    let rest = estate.contracts.iter().chain(&estate.assets).chain(&estate.users).cloned();
    words.chain(ids).chain(versions).chain(scopes).chain(rest).collect()
}

/// Alters one place of a result: a value, or a row that is removed or stands twice.
pub(crate) fn tamper(result: &Value, place: &str, names: &[String], random: &mut SplitMix64) -> Value {
    let mut altered = result.clone();
    let target = altered.pointer_mut(place).expect("the place is in the result");
    if target.is_object() {
        let (list, index) = place.rsplit_once('/').expect("a row is in a list");
        let index: usize = index.parse().expect("rows are numbered");
        let Some(Value::Array(rows)) = altered.pointer_mut(list) else { panic!("a row is in a list") };
        if random.percent(50) {
            rows.remove(index);
        } else {
            rows.push(rows[index].clone());
        }
    } else {
        *target = alter(target, names, random);
    }
    altered
}

#[test]
fn no_altered_result_is_accepted() {
    let wanted = count("LICIT_TAMPERINGS", 5_000);
    let (mut tried, mut seed) = (0, count("LICIT_SEED", 1));
    let mut by_list: BTreeMap<String, u64> = BTreeMap::new();
    let mut accepted = Vec::new();
    while tried < wanted {
        let result = Result::of(seed);
        seed += 1;
        let Some(result) = result.filter(|result| !result.places.is_empty()) else { continue };
        let mut random = SplitMix64::new(seed);
        for _ in 0..20 {
            let place = random.pick(&result.places).clone();
            let altered = tamper(&result.value, &place, &names(&result.estate), &mut random);
            if !result.is_refused(&altered) {
                let now = altered.pointer(&place).cloned();
                accepted.push(format!(
                    "seed {}: {place} = {now:?}, was {:?}",
                    result.seed,
                    result.value.pointer(&place)
                ));
            }
            *by_list.entry(place.split('/').nth(1).unwrap_or_default().to_owned()).or_default() += 1;
            tried += 1;
        }
    }
    println!("{tried} altered results, {} accepted; by list: {by_list:?}", accepted.len());
    assert!(accepted.is_empty(), "{} accepted: {:#?}", accepted.len(), &accepted[..accepted.len().min(10)]);
}

#[test]
fn a_lawful_answer_that_is_not_the_best_is_refused_with_whatever_prices() {
    let mut refused = 0;
    for seed in 1..count("LICIT_PROPERTIES", 300) {
        let estate = read(&Draft::generate(seed, &Shape::SMALL));
        let Ok(position) = solver::answer(&estate) else { continue };
        let mut random = SplitMix64::new(seed);
        for index in 0..position.allocation().rows.len() {
            // One unit fewer than the best is lawful.
            let mut worse = position.allocation().clone();
            worse.rows[index].quantity -= Quantity::ONE;
            worse.rows.retain(|row| !row.quantity.is_zero());
            let mut shifted = position.evidence().clone();
            for (_, price) in &mut shifted.prices.demands {
                price[random.below(price.len())] += 1;
            }
            for (_, price) in &mut shifted.prices.licenses {
                price[random.below(price.len())] += 1;
            }
            for evidence in [position.evidence().clone(), Evidence::default(), shifted] {
                let violations = match checker::certify(&estate, worse.clone(), evidence) {
                    Ok(certified) => {
                        // Where upgrades may make no network it passes for what it is: within a gap.
                        assert_eq!(certified.standing(), Standing::Proved, "seed {seed}");
                        let gap = certified.gaps()[0];
                        let best = position.figures().objective[gap.level.index()];
                        assert!(gap.bound <= best, "seed {seed}: {gap:?}, {best} is possible");
                        continue;
                    }
                    Err(violations) => violations,
                };
                // Where upgrades may make no network a gap is allowed, but no shortage that is not explained.
                let names = |law| matches!(law, Law::Bound | Law::PriceLaw | Law::ShortageSum);
                let is_named = violations.iter().any(|violation| names(violation.law));
                assert!(is_named, "seed {seed}: {violations:?}");
                refused += 1;
            }
        }
    }
    assert!(refused > 0, "some drawn estate has something allocated");
}
