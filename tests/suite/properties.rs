//! What must hold of every position, whatever the right answer is.
//!
//! `LICIT_PROPERTIES` sets how many estates each property is tried on.

use crate::agreement::{count, read};
use model::estate::{Estate, LicenseState};
use model::findings::Findings;
use model::generate::{AssignedRow, Draft, Shape, Span, SplitMix64};
use model::number::Quantity;
use model::objective::LEVELS;
use std::fmt::Write as _;

/// The levels that say how well installs are licensed.
const COVERAGE_LEVELS: usize = 3;

/// Drawn estates with their seeds: mostly small ones, some large.
fn drafts(salt: u64) -> impl Iterator<Item = (u64, Draft)> {
    let tries = count("LICIT_PROPERTIES", 300);
    (0..tries).map(move |index| {
        let seed = salt + index;
        let shape = match index % 20 {
            0 => Shape::LARGE,
            1..=5 => Shape::SMALL,
            _ => Shape::TINY,
        };
        (seed, Draft::generate(seed, &shape))
    })
}

/// The result file of an estate.
fn result(estate: &Estate) -> String {
    let position = solver::position(estate).unwrap_or_else(|error| panic!("{error}"));
    report::json(&position, &Findings::new())
}

fn objective(estate: &Estate) -> [i128; LEVELS] {
    solver::answer(estate).unwrap_or_else(|error| panic!("{error}")).figures().objective
}

#[test]
fn the_order_of_rows_changes_no_byte() {
    for (seed, draft) in drafts(10_000) {
        assert_eq!(result(&read(&draft.permuted(seed))), result(&read(&draft)), "seed {seed}");
    }
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    for threads in [1, 2, 5] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads start");
        for (seed, draft) in drafts(20_000).step_by(3) {
            let estate = read(&draft);
            assert_eq!(pool.install(|| result(&estate)), result(&estate), "seed {seed}, {threads} threads");
        }
    }
}

#[test]
fn tables_and_lists_give_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder for the tables");
    for (seed, draft) in drafts(30_000).step_by(10) {
        let expected = result(&read(&draft));
        let mut rest = draft.with_explicit_scopes();
        let halves = rest.installs.split_off(rest.installs.len() / 2);
        let table = |rows: &[model::generate::InstallRow]| {
            let mut csv = String::from("user,quantity,version,asset,scope,last_used,contract,excluded\n");
            for row in rows {
                let text = |value: &Option<String>| value.clone().unwrap_or_default();
                let Span::One(version) = &row.version.span else { panic!("an install has one version") };
                let version = format!("{}@{version}", row.version.title);
                let quantity = row.quantity.map(|quantity| quantity.to_string()).unwrap_or_default();
                let scope = row.scope.clone().unwrap_or_default();
                let _ = writeln!(
                    csv,
                    "{},{quantity},{version},{},{scope},{},{},{}",
                    text(&row.user),
                    text(&row.asset),
                    text(&row.last_used),
                    text(&row.contract),
                    text(&row.excluded)
                );
            }
            csv
        };
        std::fs::write(folder.path().join("one.csv"), table(&halves)).expect("a table is written");
        std::fs::write(folder.path().join("two.csv"), table(&rest.installs)).expect("a table is written");
        rest.installs.clear();
        let text = rest.to_yaml().lines().filter(|line| !line.starts_with("installs")).collect::<Vec<_>>().join("\n");
        let path = folder.path().join("estate.yaml");
        std::fs::write(&path, text + "\ninstalls: {files: [one.csv, two.csv]}\n").expect("an estate is written");
        let reading = model::read_estate(&path, &model::ReadOptions::default());
        let estate = reading.estate.unwrap_or_else(|| panic!("seed {seed}: {:?}", reading.findings));
        let result = self::result(&estate);
        // Without a list of scopes the root is called `all`; written out, it is a fact of its own.
        assert_eq!(objective_line(&result), objective_line(&expected), "seed {seed}");
        if !draft.scopes.is_empty() {
            assert_eq!(result, expected, "seed {seed}");
        }
    }
}

fn objective_line(result: &str) -> Option<&str> {
    result.lines().find(|line| line.contains("\"objective\""))
}

#[test]
fn another_license_never_worsens_coverage() {
    for (seed, draft) in drafts(40_000) {
        let more = draft.with_another_license(seed);
        let (before, after) = (objective(&read(&draft)), objective(&read(&more)));
        assert!(after[..COVERAGE_LEVELS] <= before[..COVERAGE_LEVELS], "seed {seed}: {before:?}, then {after:?}");
    }
}

#[test]
fn another_right_never_worsens_coverage() {
    for (seed, draft) in drafts(50_000) {
        let mut more = draft.clone();
        let mut random = SplitMix64::new(seed);
        let title = random.pick(&draft.titles).clone();
        let version = random.pick(&title.versions).clone();
        let sku = random.below(more.skus.len());
        more.skus[sku].covers.push(model::generate::Reference::one(&title.id, &version));
        let (before, after) = (objective(&read(&draft)), objective(&read(&more)));
        assert!(after[..COVERAGE_LEVELS] <= before[..COVERAGE_LEVELS], "seed {seed}: {before:?}, then {after:?}");
    }
}

#[test]
fn another_anonymous_install_never_lowers_what_is_uncovered() {
    for (seed, draft) in drafts(60_000) {
        let more = draft.with_another_install(seed);
        let (before, after) = (objective(&read(&draft)), objective(&read(&more)));
        assert_eq!(after[..2], before[..2], "seed {seed}");
        assert!(after[2] >= before[2], "seed {seed}: {before:?}, then {after:?}");
    }
}

#[test]
fn every_unit_of_every_license_is_accounted_for() {
    for (seed, draft) in drafts(70_000) {
        let estate = read(&draft);
        let Ok(position) = solver::answer(&estate) else { continue };
        let figures = position.figures();
        for (id, license) in estate.licenses.enumerate() {
            let row = figures.licenses[id];
            let is_active = license.state(estate.as_of) == LicenseState::Active;
            let Some(quantity) = license.quantity else {
                assert_eq!(row.idle, None, "seed {seed}: `{}` is unlimited", license.id);
                continue;
            };
            let expected = if is_active { quantity } else { Quantity::ZERO };
            let idle = row.idle.expect("a finite license has idle units or none");
            assert_eq!(row.used + idle + row.unusable, expected, "seed {seed}: `{}`", license.id);
        }
        let totals = figures.totals;
        assert_eq!(totals.used + totals.idle + totals.unusable, totals.active, "seed {seed}");
        assert_eq!(totals.covered + totals.uncovered, totals.demand, "seed {seed}");
        for row in &figures.versions {
            let by = row.covered_by;
            assert_eq!(by.exact + by.downgrade + by.newer + by.cross + by.upgrade, row.covered, "seed {seed}");
        }
    }
}

#[test]
fn other_names_in_the_same_order_change_nothing_else() {
    for (seed, draft) in drafts(80_000) {
        // A common prefix keeps the order of ids.
        let renamed = draft.with_explicit_scopes().rename(|_, id| format!("zz-{id}"));
        let (before, after) = (result(&read(&draft.with_explicit_scopes())), result(&read(&renamed)));
        let without_digest = |text: &str| {
            let lines = text.lines().filter(|line| !line.contains("\"digest\""));
            lines.map(|line| line.replace("zz-", "")).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(without_digest(&after), without_digest(&before), "seed {seed}");
    }
}

#[test]
fn other_names_in_another_order_keep_the_objective() {
    for (seed, draft) in drafts(90_000) {
        // Which assignments of too many are honored goes by the ids of their targets.
        let keeps_order = |kind| matches!(kind, model::generate::Kind::Asset | model::generate::Kind::User);
        let renamed =
            draft.rename(
                |kind, id| if keeps_order(kind) { id.to_owned() } else { id.chars().rev().collect::<String>() + "x" },
            );
        assert_eq!(objective(&read(&renamed)), objective(&read(&draft)), "seed {seed}");
    }
}

#[test]
fn a_union_of_estates_has_the_sum_of_their_objectives() {
    let all: Vec<Draft> = drafts(100_000).map(|(_, draft)| draft).collect();
    for (index, parts) in all.chunks(7).enumerate() {
        let mut sum = [0; LEVELS];
        for value in parts.iter().map(|part| objective(&read(part))) {
            for (sum, value) in sum.iter_mut().zip(value) {
                *sum += value;
            }
        }
        assert_eq!(objective(&read(&Draft::union(parts))), sum, "chunk {index}");
    }
}

#[test]
fn a_million_times_the_quantities_have_a_million_times_the_objective() {
    const FACTOR: u64 = 1_000_000;
    for (seed, mut draft) in drafts(110_000) {
        draft.assignments.clear();
        let expected = objective(&read(&draft)).map(|level| level * i128::from(FACTOR));
        assert_eq!(objective(&read(&draft.scaled(FACTOR))), expected, "seed {seed}");
    }
}

#[test]
fn there_is_a_shortage_set_exactly_where_something_is_uncovered() {
    let mut sets = 0;
    for (seed, draft) in drafts(120_000) {
        let estate = read(&draft);
        let Ok(position) = solver::answer(&estate) else { continue };
        let short: Quantity = position.evidence().shortages.iter().map(|set| set.short).sum();
        let all_short = short + position.evidence().uncovered_by_bound;
        assert_eq!(all_short, position.figures().totals.uncovered, "seed {seed}");
        for set in &position.evidence().shortages {
            assert!(!set.short.is_zero(), "seed {seed}");
            assert!(set.demands.iter().all(|(_, quantity)| !quantity.is_zero()), "seed {seed}");
            sets += 1;
        }
    }
    assert!(sets > 0, "some drawn estate is short of something");
}

#[test]
fn drawn_estates_have_assignments_of_both_kinds() {
    let mut kinds = [0_u32; 2];
    for (_, draft) in drafts(130_000) {
        for row in &draft.assignments {
            kinds[usize::from(matches!(row.assigned, AssignedRow::Title(_)))] += 1;
        }
    }
    assert!(kinds.iter().all(|&kind| kind > 0), "{kinds:?}");
}
