//! Files for other solvers: what is read back from them has the cost of the best plan of all, found by enumeration.
//!
//! DIMACS files are solved by `licit mcf`'s own code and by cost scaling, a method and a crate of others; MPS files are
//! read by a few lines here and solved by HiGHS. That HiGHS' own reader finds the same is tested beside it, in
//! `solver/milp/tests`, on the files of the example. `LICIT_SEED` and `LICIT_RENEWALS` choose the renewals.

use crate::agreement::count;
use crate::cli::{code, licit, stderr, stdout, text};
use crate::estates::repository;
use crate::renewal_draft::{Renewal, renewals};
use crate::renewal_statement::{Figures, best};
use model::objective::Level;
use rayon::prelude::*;
use serde_json::Value;
use solver::dimacs::{self, McfOutcome};
use solver::market::{FlowModel, Models, models};
use std::fs;
use std::path::Path;

/// The models of drawn renewals that have any, with the figures of their best plans.
fn drawn() -> Vec<(Renewal, Models, Figures)> {
    let (seed, count) = (count("LICIT_SEED", 1), count("LICIT_RENEWALS", 600));
    let all: Vec<Renewal> = renewals(seed, count).collect();
    let stated = all.into_par_iter().filter_map(|renewal| {
        let models = models(&renewal.estate, &renewal.market).ok()?;
        let figures = best(&renewal).figures;
        Some((renewal, models, figures))
    });
    stated.collect()
}

/// What is to be least: what is paid, and what a priced shortage costs.
fn spend(figures: &Figures) -> i128 {
    figures.penalized.unwrap_or(figures.levels[Level::Spend.index()])
}

/// The cost that a flow model comes to with the figures.
fn cost(flow: &FlowModel, figures: &Figures) -> i128 {
    let amount = |level: Level| match level {
        Level::Spend => spend(figures) / i128::from(flow.money_unit),
        level => figures.levels[level.index()],
    };
    flow.weights.iter().map(|&(level, weight)| i128::from(weight) * amount(level)).sum::<i128>() - flow.constant
}

/// The least cost of a DIMACS file, as the network simplex finds and checks it.
fn by_simplex(text: &str) -> i128 {
    let instance = dimacs::read(text.as_bytes()).unwrap();
    let McfOutcome::Optimal(solution) = dimacs::solve_min(&instance).unwrap() else { panic!("{text}") };
    dimacs::check_min(&instance, &solution).unwrap();
    solution.cost
}

/// The least cost of a DIMACS file, as cost scaling finds it; none where it does not fit that.
fn by_cost_scaling(text: &str) -> Option<i128> {
    let numbers = |line: &str| -> Vec<i64> { line.split_whitespace().filter_map(|word| word.parse().ok()).collect() };
    let lines = |kind: char| text.lines().filter(move |line| line.starts_with(kind)).map(numbers);
    let at = |node: i64| usize::try_from(node - 1).unwrap();
    let nodes = lines('p').next().unwrap()[0];
    let mut builder = eo_mcf::Problem::builder(at(nodes + 1));
    for line in lines('n') {
        builder = builder.supply(at(line[0]), line[1]);
    }
    for line in lines('a') {
        assert_eq!(line[2], 0, "no lower bounds");
        builder = builder.edge(at(line[0]), at(line[1]), line[3], line[4]);
    }
    match eo_mcf::solve(&builder.build().unwrap()) {
        Ok(solution) => Some(solution.objective()),
        Err(eo_mcf::SolveError::Overflow(_)) => None,
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_flow_in_dimacs_costs_what_the_best_plan_of_all_does() {
    let (mut flows, mut scaled) = (0, 0);
    for (renewal, models, figures) in drawn() {
        let Ok(flow) = models.flow else { continue };
        let expected = cost(&flow, &figures);
        assert_eq!(by_simplex(&flow.text), expected, "seed {}:\n{}", renewal.seed, flow.text);
        if let Some(other) = by_cost_scaling(&flow.text) {
            assert_eq!(other, expected, "seed {}", renewal.seed);
            scaled += 1;
        }
        flows += 1;
    }
    println!("{flows} flows, {scaled} of them solved by cost scaling too");
    assert!(flows > 50 && scaled > 50, "{flows} flows, {scaled} by cost scaling");
}

/// The program of an MPS file in free form, by the names that stand in it.
#[cfg(feature = "milp")]
fn program(text: &str) -> solver::milp::Program {
    use solver::milp::{Column, Objective, Program, Row};
    use std::collections::BTreeMap;
    let mut program = Program::default();
    let (mut rows, mut columns) = (BTreeMap::<&str, usize>::new(), BTreeMap::<&str, usize>::new());
    let mut cost = Vec::new();
    let mut kinds = Vec::new();
    let mut section = "";
    for line in text.lines().filter(|line| !line.starts_with('*')) {
        let words: Vec<&str> = line.split_whitespace().collect();
        if !line.starts_with(' ') {
            section = words[0];
            continue;
        }
        let number = |word: &str| word.parse::<i64>().unwrap();
        match (section, words.as_slice()) {
            ("OBJSENSE", ["MIN"]) | ("ROWS", ["N", "cost"]) | ("COLUMNS", [_, "'MARKER'", _]) => {}
            ("ROWS", [kind, name]) => {
                let row = Row { name: (*name).into(), terms: Vec::new(), lower: None, upper: None };
                rows.insert(name, program.add_row(row));
                kinds.push((*kind).to_owned());
            }
            ("COLUMNS", [column, row, coefficient]) => {
                let column = *columns.entry(column).or_insert_with_key(|name| {
                    program.add_column(Column { name: (**name).into(), lower: 0, upper: 0, is_declared: true })
                });
                match *row {
                    "cost" => cost.push((column, number(coefficient))),
                    row => program.rows[rows[row]].terms.push((column, number(coefficient))),
                }
            }
            ("RHS", [_, row, side]) => {
                let index = rows[row];
                let side = number(side);
                let (is_lower, is_upper) = (kinds[index] != "L", kinds[index] != "G");
                program.rows[index].lower = is_lower.then_some(side);
                program.rows[index].upper = is_upper.then_some(side);
            }
            ("RANGES", [_, row, range]) => {
                let row = &mut program.rows[rows[row]];
                row.lower = row.lower.or(row.upper.map(|upper| upper - number(range)));
            }
            ("BOUNDS", ["LO", _, column, bound]) => program.columns[columns[column]].lower = number(bound),
            ("BOUNDS", ["UP", _, column, bound]) => program.columns[columns[column]].upper = number(bound),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(section, "ENDATA");
    program.objectives = vec![Objective { name: "cost".into(), terms: cost }];
    program
}

#[test]
#[cfg(feature = "milp")]
fn a_program_in_mps_costs_what_the_best_plan_of_all_does() {
    use solver::milp::{Limits, highs, minimize};
    let mut kinds = [0; 3];
    let (mut within_budget, mut not_best) = (0, 0);
    for (renewal, models, figures) in drawn() {
        let model = models.program.unwrap();
        let is_held = model.held.iter().all(|&(level, held)| held == figures.levels[level.index()]);
        if !is_held {
            // A search within a budget may end before it has found the best plan.
            assert!(renewal.market.budget.is_some(), "seed {}: {:?}, {figures:?}", renewal.seed, model.held);
            not_best += 1;
            continue;
        }
        let found = minimize(&program(&model.text), None, Limits::default(), &highs).unwrap();
        let least = found.answer.unwrap_or_else(|| panic!("seed {}: {}", renewal.seed, model.text)).costs[0];
        let (least, expected) = (least + model.constant, spend(&figures));
        assert_eq!(least, expected, "seed {}:\n{}", renewal.seed, model.text);
        kinds[usize::from(models.flow.is_err()) + usize::from(renewal.market.shortage_cost.is_some())] += 1;
        within_budget += u32::from(renewal.market.budget.is_some());
    }
    println!("{kinds:?} programs, {within_budget} within a budget, {not_best} not held at the best");
    assert!(kinds.iter().all(|&count| count > 10) && within_budget > 10 && not_best * 50 < kinds.iter().sum());
}

/// The index of the models that `licit renew` writes for a scenario file.
fn written(folder: &Path, arguments: &[&str]) -> Value {
    let output = licit(&[&["renew", "--quiet", "--write-model", text(folder)], arguments].concat());
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    serde_json::from_str(&fs::read_to_string(folder.join("models.json")).unwrap()).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    names
}

#[test]
fn the_models_of_the_example_are_as_they_were_read_last() {
    let folder = tempfile::tempdir().unwrap();
    let new = folder.path().join("models");
    written(&new, &["examples/renewal.yaml"]);
    let expected = repository("tests/formats/models");
    if std::env::var_os("LICIT_BLESS").is_some() {
        fs::create_dir_all(&expected).unwrap();
        for name in names(&new) {
            fs::copy(new.join(&name), expected.join(&name)).unwrap();
        }
    }
    assert_eq!(names(&new), names(&expected));
    for name in names(&new) {
        let [new, expected] = [&new, &expected].map(|folder| fs::read_to_string(folder.join(&name)).unwrap());
        assert!(new == expected, "{name} differs:\n{new}");
    }
}

#[test]
fn a_model_that_is_a_flow_is_solved_by_mcf_at_the_cost_of_the_index() {
    let folder = tempfile::tempdir().unwrap();
    let index = written(&folder.path().join("models"), &["cli/starter/renewal.yaml"]);
    let mut flows = 0;
    for row in index["models"].as_array().unwrap() {
        assert_eq!(row["standing"], "optimal");
        let Some(file) = row["min"]["file"].as_str() else { continue };
        let output = licit(&["mcf", "--check", "--quiet", text(&folder.path().join("models").join(file))]);
        assert_eq!(stdout(&output).trim(), row["min"]["cost"].to_string());
        flows += 1;
    }
    let reasons = index["models"].as_array().unwrap().iter().filter(|row| row["no_min"].is_string()).count();
    assert_eq!(flows + reasons, index["models"].as_array().unwrap().len());
}

#[test]
fn models_go_to_a_folder_that_holds_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let taken = folder.path().join("taken");
    fs::create_dir(&taken).unwrap();
    fs::write(taken.join("notes"), "mine").unwrap();
    let output = licit(&["renew", "examples/renewal.yaml", "--write-model", text(&taken)]);
    assert_eq!((code(&output), stdout(&output)), (2, ""));
    assert!(stderr(&output).contains("is not empty; expected a new or an empty folder"), "{}", stderr(&output));
    assert_eq!(names(&taken), ["notes"]);
    // What is refused leaves no folder behind.
    let refused = folder.path().join("refused");
    let output = licit(&["renew", "examples/missing.yaml", "--write-model", text(&refused)]);
    assert_eq!(code(&output), 2);
    assert!(!refused.exists());
    let chosen = folder.path().join("chosen");
    let index = written(&chosen, &["examples/renewal.yaml", "--scenario", "apac hires, people=10"]);
    assert_eq!(index["models"].as_array().unwrap().len(), 1);
    assert!(names(&chosen).iter().all(|name| name == "models.json" || name.starts_with("2-apac-hires-people-10.")));
}
