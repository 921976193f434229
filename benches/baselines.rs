//! How often baselines are wrong, and by how much: many estates of each shape against the optimum.
//!
//! `cargo bench --bench baselines` prints a Markdown table. `LICIT_ESTATES` sets how many estates of a shape are
//! drawn, `LICIT_SEED` the first seed; the same numbers give the same table. Estates without an
//! answer are left out; the table says how many have one. A new shape is a line in [`SHAPES`], a new baseline one in [`BASELINES`].
//!
//! `cost` is what the installs that differ from the optimum would cost. It may be less than nothing where
//! a baseline leaves more uncovered, but of cheaper versions: which of several versions falls short is no matter
//! to the optimum, whatever a license for it costs.
//!
//! What the table does not say: how often real estates are like these. The random ones mix rules far more densely
//! than any organization would; the synthetic ones buy what is demanded, with little to spare.

use checker::Certified;
use checker::figures::Figures;
use model::ReadOptions;
use model::estate::Estate;
use model::generate::{Draft, Shape};
use model::id::{Table, VersionId};
use model::number::Money;
use model::objective::Level;
use model::synthetic::{self, Size};
use rayon::prelude::*;
use solver::baselines::{BaselineOutcome, LicenseOrder, Orders, Plan, Rule, RuleOrder, VersionOrder, baseline};
use solver::compare::{COVERAGE_LEVELS, VersionComparison, judge};
use solver::{Shortage, SolveError, Statement};

/// Estates of a shape in a quick run.
const ESTATES: u64 = 3;

/// A shape: its name, and the estate file for a seed.
type Family = (&'static str, fn(u64) -> String);

/// All shapes.
const SHAPES: [Family; 8] = [
    ("random, small", |seed| Draft::generate(seed, &Shape::SMALL).to_yaml()),
    ("random, small, no assignments", without_assignments),
    ("random, large", |seed| Draft::generate(seed, &Shape::LARGE).to_yaml()),
    ("synthetic, plain", |seed| drawn(seed, synthetic::Shape::Plain)),
    ("synthetic, upgrades", |seed| drawn(seed, synthetic::Shape::Upgrades)),
    ("synthetic, sites", |seed| drawn(seed, synthetic::Shape::Sites)),
    ("synthetic, assigned", |seed| drawn(seed, synthetic::Shape::Assigned)),
    ("synthetic, mixed", |seed| drawn(seed, synthetic::Shape::Mixed)),
];

const DEFAULT: Orders =
    Orders { versions: VersionOrder::OldestFirst, rules: RuleOrder::ExactFirst, licenses: LicenseOrder::Purchased };

/// All baselines: the three rules as they come, and best fit with each other order.
const BASELINES: [(&str, Rule, Orders); 8] = [
    ("best-fit", Rule::BestFit, DEFAULT),
    ("best-fit, newest first", Rule::BestFit, Orders { versions: VersionOrder::NewestFirst, ..DEFAULT }),
    ("best-fit, downgrade first", Rule::BestFit, Orders { rules: RuleOrder::DowngradeFirst, ..DEFAULT }),
    ("best-fit, by end", Rule::BestFit, Orders { licenses: LicenseOrder::End, ..DEFAULT }),
    ("best-fit, by quantity", Rule::BestFit, Orders { licenses: LicenseOrder::Quantity, ..DEFAULT }),
    ("lowest-sufficient", Rule::LowestSufficient, DEFAULT),
    ("priority-list", Rule::PriorityList, DEFAULT),
    ("per-title", Rule::PerTitle, DEFAULT),
];

fn without_assignments(seed: u64) -> String {
    let mut draft = Draft::generate(seed, &Shape::SMALL);
    draft.assignments.clear();
    draft.to_yaml()
}

/// A thousand installs in forty versions, with licenses planted for every one.
fn drawn(seed: u64, shape: synthetic::Shape) -> String {
    let size = Size::new(1_000, 40, Size::TIGHTNESS_PERCENT).expect("a usual size");
    synthetic::draw(seed, &size, shape).to_yaml()
}

/// What has been counted of a baseline over the estates of a shape.
#[derive(Clone, Copy, Default)]
struct Tally {
    estates: u64,
    as_good: u64,
    with_false_red: u64,
    with_false_green: u64,
    /// Installs left uncovered beyond those of the optimum; less than none where assignments were
    /// given up, or where a mere verdict calls green what cannot be.
    installs_off: i128,
    /// Assignments left unmet beyond those of the optimum.
    assignments_off: i128,
    /// What the installs cost, in units of 10^-4; none if no estate has prices.
    cost: Option<i128>,
}

fn main() {
    let number = |variable: &str, otherwise: u64| {
        std::env::var(variable).map_or(otherwise, |text| text.parse().expect("a count is a number"))
    };
    let (estates, first) = (number("LICIT_ESTATES", ESTATES), number("LICIT_SEED", 1));
    println!("{estates} estates of each shape from seed {first}. Means are per estate.\n");
    println!(
        "| shape | answered | baseline | as good | with false red | with false green | installs off | assignments off | cost |"
    );
    println!("|---|---:|---|---:|---:|---:|---:|---:|---:|");
    let mut as_good = Vec::new();
    for (name, family) in SHAPES {
        let drawn = (first..first + estates).into_par_iter().map(|seed| tallies(&read(&family(seed))));
        let tallies = drawn.reduce(|| vec![Tally::default(); BASELINES.len()], sums);
        for ((baseline, ..), tally) in BASELINES.iter().zip(&tallies) {
            println!("{}", line(name, baseline, tally));
            if tally.as_good == tally.estates {
                as_good.push(format!("{baseline} on {name}"));
            }
        }
    }
    let as_good = if as_good.is_empty() { "nowhere".to_owned() } else { as_good.join("; ") };
    println!("\nAs good as the optimum on every estate that was drawn: {as_good}.");
}

fn read(text: &str) -> Estate {
    let reading = model::read_estate_text("estate.yaml", text, &ReadOptions::default());
    reading.estate.unwrap_or_else(|| panic!("a shape gives valid estates: {:?}", reading.findings))
}

/// What is counted of one estate: nothing if it has no answer.
fn tallies(estate: &Estate) -> Vec<Tally> {
    let mut tallies = vec![Tally::default(); BASELINES.len()];
    let outcomes: Vec<BaselineOutcome> = BASELINES
        .iter()
        .map(|&(_, rule, orders)| baseline(estate, rule, orders).expect("a baseline is lawful"))
        .collect();
    let Ok((optimum, shortages)) = optimum(estate, &outcomes) else { return tallies };
    for (outcome, tally) in outcomes.iter().zip(&mut tallies) {
        let (versions, totals) = judge(&optimum, |version| shortages[version], outcome);
        tally.estates += 1;
        tally.with_false_red += u64::from(totals.false_red > 0);
        tally.with_false_green += u64::from(totals.false_green > 0);
        tally.installs_off += i128::from(totals.baseline_uncovered.get()) - i128::from(totals.optimum_uncovered.get());
        let best = &optimum.figures().objective;
        match outcome.plan() {
            Some(Plan { figures: Figures { objective, .. }, .. }) => {
                let off = |level: Level| objective[level.index()] - best[level.index()];
                tally.as_good += u64::from(objective[..COVERAGE_LEVELS] == best[..COVERAGE_LEVELS]);
                tally.assignments_off += off(Level::LicenseAssignmentsUnmet) + off(Level::TitleAssignmentsUnmet);
            }
            // A mere verdict is as good where it says of every version what the optimum does.
            None => tally.as_good += u64::from(!versions.iter().any(VersionComparison::differs)),
        }
        let has_prices = estate.skus.iter().any(|sku| sku.unit_cost.is_some());
        if let Some(cost) = totals.cost.filter(|_| has_prices) {
            tally.cost = Some(tally.cost.unwrap_or_default() + cost);
        }
    }
    tallies
}

/// The optimum, and whether versions are short of which it or a baseline leaves something uncovered.
fn optimum<'e>(
    estate: &'e Estate,
    outcomes: &[BaselineOutcome],
) -> Result<(Certified<'e>, Table<VersionId, Option<Shortage>>), SolveError> {
    let statement = Statement::new(estate)?;
    let solved = statement.solve()?;
    let optimum = solved.certified()?;
    let is_short = |version: &VersionId| {
        let by_baseline = || outcomes.iter().filter_map(|outcome| outcome.uncovered(*version));
        by_baseline().chain([optimum.figures().versions[*version].uncovered]).any(|uncovered| !uncovered.is_zero())
    };
    let asked: Vec<VersionId> = estate.versions.ids().filter(is_short).collect();
    let shortages = solved.shortages(&asked);
    Ok((optimum, shortages))
}

/// The sums of two counts.
fn sums(mut one: Vec<Tally>, other: Vec<Tally>) -> Vec<Tally> {
    for (one, other) in one.iter_mut().zip(other) {
        one.estates += other.estates;
        one.as_good += other.as_good;
        one.with_false_red += other.with_false_red;
        one.with_false_green += other.with_false_green;
        one.installs_off += other.installs_off;
        one.assignments_off += other.assignments_off;
        one.cost = [one.cost, other.cost].into_iter().flatten().reduce(|one, other| one + other);
    }
    one
}

fn line(family: &str, baseline: &str, tally: &Tally) -> String {
    let Tally { estates, as_good, with_false_red, with_false_green, installs_off, assignments_off, cost } = *tally;
    let count = i128::from(estates.max(1));
    let share = |part: u64| format!("{} %", decimal(i128::from(part) * 1_000 / count, 1));
    let mean = |sum: i128| decimal(sum * 100 / count, 2);
    let cost = cost.map_or_else(|| "-".to_owned(), |cost| decimal(cost * 100 / (i128::from(Money::SCALE) * count), 2));
    format!(
        "| {family} | {estates} | {baseline} | {} | {} | {} | {} | {} | {cost} |",
        share(as_good),
        share(with_false_red),
        share(with_false_green),
        mean(installs_off),
        mean(assignments_off),
    )
}

/// A whole number of parts of ten to the power of `digits` as decimal text; the rest was cut off.
fn decimal(parts: i128, digits: u32) -> String {
    let scale = 10_u128.pow(digits);
    let sign = if parts < 0 { "-" } else { "" };
    let (whole, rest) = (parts.unsigned_abs() / scale, parts.unsigned_abs() % scale);
    format!("{sign}{whole}.{rest:0width$}", width = digits as usize)
}
