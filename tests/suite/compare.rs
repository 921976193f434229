//! Comparisons of baselines with the optimum, and `licit compare`.

use crate::agreement::{count, read as read_draft};
use crate::estates::{parse, read, repository, units};
use model::estate::Estate;
use model::generate::{Draft, Shape};
use serde_json::Value;
use solver::Shortage;
use solver::baselines::{Orders, Rule, RuleOrder, VersionOrder, baseline};
use solver::compare::{Comparison, Judgment, compare};
use std::process::{Command, Output};

fn comparison(estate: &Estate, rule: Rule, orders: Orders) -> Comparison {
    let position = solver::position(estate).unwrap();
    compare(&position, &baseline(estate, rule, orders).unwrap()).unwrap()
}

fn newest_first() -> Orders {
    Orders { versions: VersionOrder::NewestFirst, ..Orders::default() }
}

fn downgrade_first() -> Orders {
    Orders { rules: RuleOrder::DowngradeFirst, ..Orders::default() }
}

const EDITIONS: &str = "tests/cases/editions.yaml";
const FALSE_RED: &str = "tests/cases/a19-smallest-false-red.yaml";

/// Two editions with prices, one of them given twice.
const PRICED: &str = "\
licit: 1
as_of: 2026-11-22
currency: EUR
titles: [{id: desktop, versions: [pro, enterprise]}]
skus:
  - {id: PRO, version: desktop@pro}
  - {id: ENT, version: desktop@enterprise, covers: [desktop@pro], unit_cost: 120.50}
  - {id: ENT-DEAR, version: desktop@enterprise, covers: [desktop@pro], unit_cost: 150}
licenses: [{id: pro-lot, sku: PRO, quantity: 2}, {id: ent-lot, sku: ENT, quantity: 2}]
installs: [{version: desktop@pro, quantity: 2}, {version: desktop@enterprise, quantity: 2}]
";

#[test]
fn a19_newest_first_is_a_false_red_from_its_only_step() {
    let estate = read(&repository(FALSE_RED));
    let comparison = comparison(&estate, Rule::BestFit, newest_first());
    let old = comparison.versions[estate.find_version("app", "v1").unwrap()];
    assert_eq!((old.judgment, old.shortage), (Judgment::FalseRed, Some(Shortage::Never)));
    assert_eq!((comparison.totals.false_red, comparison.totals.false_green), (1, 0));
    assert_eq!((comparison.totals.baseline_uncovered, comparison.totals.optimum_uncovered), (units(1), units(0)));
    let misstep = comparison.misstep.unwrap();
    assert_eq!((misstep.step, misstep.lost), (0, [0, 0, 1]));
}

#[test]
fn a_baseline_that_is_as_good_has_no_misstep() {
    let estate = read(&repository(EDITIONS));
    for rule in Rule::ALL {
        let comparison = comparison(&estate, rule, Orders::default());
        assert_eq!(comparison.misstep, None, "{rule:?}");
        assert_eq!(comparison.totals.false_red, 0);
        assert!(comparison.versions.iter().all(|row| !row.differs()));
    }
}

#[test]
fn the_misstep_is_the_first_step_after_which_the_optimum_is_out_of_reach() {
    // Newest first, exact first: two rows for v2 before the one that takes the only license v1 could use.
    let estate = parse(
        "licit: 1\nas_of: 2026-11-22\ntitles: [{id: app, versions: [v1, v2]}]\n\
         skus: [{id: BOTH, version: app@v2, covers: [app@v1]}, {id: NEW, version: app@v2}]\n\
         licenses:\n  - {id: A, sku: NEW, quantity: 3, purchased: 2018-01-01}\n  - {id: B, sku: NEW, quantity: 2, purchased: 2019-01-01}\n\
         \x20 - {id: C, sku: BOTH, quantity: 4, purchased: 2020-01-01}\n  - {id: D, sku: NEW, quantity: 9}\n\
         installs: [{version: app@v1, quantity: 2}, {version: app@v2, quantity: 10}]\n",
    );
    let comparison = comparison(&estate, Rule::BestFit, newest_first());
    let misstep = comparison.misstep.unwrap();
    assert_eq!((misstep.step, misstep.lost), (2, [0, 0, 2]));
}

#[test]
fn the_difference_costs_the_cheapest_base_license_of_the_version() {
    let estate = parse(PRICED);
    let comparison = comparison(&estate, Rule::BestFit, downgrade_first());
    assert_eq!(comparison.totals.baseline_uncovered, units(2));
    assert_eq!(comparison.totals.cost, Some(2 * 1_205_000));
    assert_eq!(comparison.totals.unpriced, units(0));
}

#[test]
fn what_has_no_price_is_counted_apart_and_not_guessed() {
    let estate = parse(&PRICED.replace(", unit_cost: 120.50", "").replace(", unit_cost: 150", ""));
    let comparison = comparison(&estate, Rule::BestFit, downgrade_first());
    assert_eq!((comparison.totals.cost, comparison.totals.unpriced), (None, units(2)));
}

#[test]
fn a_version_covered_at_the_expense_of_an_assignment_is_a_false_green() {
    // PC-1 may have either lot, PC-2 only the first, which is spent on PC-1: so the second is left for z.
    let estate = parse(
        "licit: 1\nas_of: 2026-11-22\n\
         titles: [{id: x, versions: [\"1\"]}, {id: y, versions: [\"1\"]}, {id: z, versions: [\"1\"]}]\n\
         skus: [{id: XY, version: x@1, covers: [y@1]}, {id: XZ, version: x@1, covers: [z@1]}]\n\
         licenses: [{id: A, sku: XY, quantity: 1}, {id: B, sku: XZ, quantity: 1}]\n\
         installs: [{version: z@1}]\n\
         assignments: [{title: x, asset: PC-1}, {title: y, asset: PC-2}]\n",
    );
    let comparison = comparison(&estate, Rule::BestFit, Orders::default());
    let row = comparison.versions[estate.find_version("z", "1").unwrap()];
    assert_eq!((row.judgment, row.shortage), (Judgment::FalseGreen, Some(Shortage::Must)));
    let misstep = comparison.misstep.unwrap();
    assert_eq!((misstep.step, misstep.lost), (0, [0, 1, -1]));
}

#[test]
fn without_assignments_what_a_baseline_covers_is_never_a_false_green() {
    // What can be covered together can always be extended to as much as can be covered at all.
    let estates = count("LICIT_PROPERTIES", 300);
    let mut false_reds = 0;
    for seed in 620_000..620_000 + estates {
        let mut draft = Draft::generate(seed, &Shape::SMALL);
        draft.assignments.clear();
        let estate = read_draft(&draft);
        if solver::answer(&estate).is_err() {
            continue;
        }
        for rule in Rule::GREEDY {
            let comparison = comparison(&estate, rule, Orders::default());
            assert_eq!(comparison.totals.false_green, 0, "seed {seed}, {rule:?}");
            let is_worse = comparison.totals.baseline_uncovered > comparison.totals.optimum_uncovered;
            assert_eq!(comparison.misstep.is_some(), is_worse, "seed {seed}, {rule:?}");
            false_reds += comparison.totals.false_red;
        }
    }
    assert!(false_reds > 0, "some baseline is falsely red somewhere");
}

#[test]
fn versions_that_pass_alone_may_fail_together() {
    let estate = parse(
        "licit: 1\nas_of: 2026-11-22\ntitles: [{id: app, versions: [v1, v2]}]\n\
         skus: [{id: NEW, version: app@v2, covers: [app@v1]}]\nlicenses: [{id: A, sku: NEW, quantity: 2}]\n\
         installs: [{version: app@v1, quantity: 2}, {version: app@v2, quantity: 2}]\n",
    );
    let comparison = comparison(&estate, Rule::PerTitle, Orders::default());
    assert_eq!(comparison.totals.baseline_uncovered, units(0));
    assert_eq!(comparison.totals.optimum_uncovered, units(2));
    // Which of the two falls short is open, so that neither is green beyond doubt: it is the sum that is wrong.
    assert!(comparison.versions.iter().all(|row| row.shortage == Some(Shortage::May)));
    assert_eq!(comparison.totals.false_green, 0);
    let estate = parse(
        "licit: 1\nas_of: 2026-11-22\ntitles: [{id: app, versions: [v1, v2]}]\n\
         skus: [{id: NEW, version: app@v2, covers: [app@v1]}]\nlicenses: [{id: A, sku: NEW, quantity: 3}]\n\
         installs: [{version: app@v1, quantity: 3}, {version: app@v2, asset: PC, quantity: 1}]\n\
         assignments: [{license: A, asset: PC}]\n",
    );
    let comparison = self::comparison(&estate, Rule::PerTitle, Orders::default());
    let old = comparison.versions[estate.find_version("app", "v1").unwrap()];
    assert_eq!((old.judgment, old.shortage), (Judgment::FalseGreen, Some(Shortage::Must)));
    assert_eq!(comparison.misstep, None);
}

fn licit(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_licit")).args(arguments).current_dir(repository("")).output().unwrap()
}

fn stdout(arguments: &[&str]) -> String {
    let output = licit(arguments);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn compare_shows_the_optimum_as_proved_and_baselines_as_not() {
    let shown = stdout(&["compare", EDITIONS, "--rule-order", "downgrade-first", "--baseline", "best-fit"]);
    let expected = "\
Editions: optimum and baselines as of 2026-11-22
700 demands: 700 covered, 0 uncovered. 720 active units: 700 used, 20 idle.
The optimum is proved at every level, and the checker has accepted the proof. Baselines are rules of thumb: what they allot is lawful, and nothing they say is proved.

Method    Proved  Unmet assignments  Uncovered  False red  False green  Difference costs
optimum   yes                     0          0          -            -                 -
best-fit  no                      0        100          1            0                 -

best-fit: oldest-first, downgrade-first, purchased
  Version             Optimum uncovered  Baseline uncovered  Shortage  Judgment   Difference costs
  desktop@enterprise                  0                 100  never     false red                 -
  went wrong at step 1 of 2, ent-lot for 370 installs of desktop@pro: from here on at least 100 more uncovered
";
    assert_eq!(shown, expected);
}

#[test]
fn compare_as_json_has_every_baseline_with_its_rows_and_no_evidence() {
    let text = stdout(&["compare", FALSE_RED, "--format", "json", "--version-order", "newest-first"]);
    let result: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(result["command"], "compare");
    assert_eq!(result["optimum"]["proved"], true);
    let names: Vec<&String> = result["baselines"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["best-fit", "lowest-sufficient", "priority-list", "per-title"]);
    let best_fit = &result["baselines"]["best-fit"];
    assert_eq!(best_fit["proved"], false);
    assert_eq!(best_fit["orders"]["versions"], "newest-first");
    assert_eq!(best_fit["difference"]["false_red"], 1);
    assert_eq!(best_fit["misstep"]["step"], 1);
    assert_eq!(best_fit["misstep"]["lost"]["uncovered"], 1);
    assert_eq!(best_fit["versions"][0]["judgment"], "false-red");
    assert_eq!(best_fit["allocation"].as_array().unwrap().len(), 1);
    assert!(best_fit.get("evidence").is_none());
}
