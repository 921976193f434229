//! Renewals: what a further scenario costs, how many plans with jumps in their costs are proved, an estate with
//! scenarios for `straight.py`, which compares with another solver, one with 10,000 scenarios for `licit batch`, and what
//! each of these would take alone.
//!
//! `cargo bench --bench renewals -- curve|proved|estate FOLDER|night FOLDER SHAPE|alone FOLDER`; without a word a short run of
//! the first two.

#![allow(missing_docs, reason = "a driver, not a library")]
#![allow(clippy::float_arithmetic, reason = "times are shown in milliseconds")]

mod offers;

use checker::plan::Standing;
use model::ReadOptions;
use model::estate::Estate;
use model::synthetic::{self, File, Shape, Size, Tables};
use offers::{growths, night, offers};
use scenarios::renewal::{PlanStore, Solved, Stored};
use scenarios::{Scenarios, parts, read_scenarios};
use std::path::Path;
use std::time::Instant;

/// Seconds after which a part counts as not proved.
const SECONDS_MAX: f64 = 10.0;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["curve"] => curve(2_000, 100_000),
        ["proved"] => proved(200),
        ["estate", folder] => {
            let text = |estate: &Estate| offers(estate, 100, 7) + &growths(estate, &[4; 9]);
            write(Path::new(folder), Shape::Sites, (400, 20_000), text);
        }
        ["night", folder, shape] => {
            let text = |estate: &Estate| offers(estate, 500, 7) + &night(estate, 10_000, 7);
            write(Path::new(folder), named(shape), (2_000, 100_000), text);
        }
        ["alone", folder] => alone(Path::new(folder), 25),
        _ => {
            curve(40, 500);
            proved(5);
        }
    }
}

/// The shape of this name.
fn named(shape: &str) -> Shape {
    match shape {
        "plain" => Shape::Plain,
        "upgrades" => Shape::Upgrades,
        "assigned" => Shape::Assigned,
        "sites" => Shape::Sites,
        "mixed" => Shape::Mixed,
        other => panic!("`{other}` is none of plain, upgrades, assigned, sites, mixed"),
    }
}

/// An estate of a shape with a scenario file beside it.
fn scenarios(
    folder: &Path,
    seed: u64,
    shape: Shape,
    size: (usize, u64),
    text: impl Fn(&Estate) -> String,
) -> Scenarios {
    let size = Size::new(size.1, size.0, Size::TIGHTNESS_PERCENT).expect("a usual size");
    let drawn = synthetic::draw(seed, &size, shape);
    for file in File::ALL {
        let mut bytes = Vec::new();
        drawn.write(file, Tables::Csv, &mut bytes).expect("memory can be written");
        std::fs::write(folder.join(file.name(Tables::Csv)), bytes).expect("a folder to write to");
    }
    let estate = model::read_estate(&folder.join(File::Estate.name(Tables::Csv)), &ReadOptions::default()).estate;
    let path = folder.join("renewal.yaml");
    std::fs::write(&path, text(&estate.expect("a shape gives valid estates"))).expect("a folder to write to");
    let reading = read_scenarios(&path, &ReadOptions::default());
    reading.scenarios.unwrap_or_else(|| panic!("refused: {:?}", reading.findings))
}

/// The time of a scenario after the first, by how many titles it touches.
fn curve(versions: usize, installs: u64) {
    let folder = tempfile::tempdir().expect("a folder to write to");
    let touched: Vec<usize> = [1, 1, 4, 4, 16, 16, 64, 64].into_iter().filter(|&count| count <= versions / 4).collect();
    let scenarios = scenarios(folder.path(), 7, Shape::Sites, (versions, installs), |estate| {
        offers(estate, 500, 7) + &growths(estate, &touched)
    });
    println!("{installs} installs, {versions} versions, 500 offers at most");
    println!("{:<32} {:>12} {:>14}", "scenario", "ms", "parts solved");
    let start = Instant::now();
    let mut solved = Solved::new(&scenarios);
    println!("{:<32} {:>12.1}", "(split)", start.elapsed().as_secs_f64() * 1e3);
    for position in 0..scenarios.count() {
        let before = solved.counts().1;
        let start = Instant::now();
        let renewal = solved.renew(position);
        let seconds = start.elapsed().as_secs_f64();
        let name = renewal.as_ref().map_or_else(ToString::to_string, |renewal| renewal.name().to_owned());
        println!("{name:<32} {:>12.1} {:>14}", seconds * 1e3, solved.counts().1 - before);
    }
}

/// Parts of estates of every shape whose offers have jumps in their costs: how many are proved, how fast.
fn proved(count: usize) {
    let shapes = [Shape::Plain, Shape::Upgrades, Shape::Assigned, Shape::Sites, Shape::Mixed];
    let mut seconds = Vec::new();
    let (mut optimal, mut open) = (0, Vec::new());
    for (seed, &shape) in (0..).zip(shapes.iter().cycle()) {
        let folder = tempfile::tempdir().expect("a folder to write to");
        let scenarios = scenarios(folder.path(), seed, shape, (60, 3_000), |estate| {
            offers(estate, usize::MAX, seed) + "scenarios:\n  - {name: as is}\n"
        });
        let own = parts(&scenarios.case(0));
        // Parts in which something is bought: the others need no proof.
        for part in own.iter().filter(|part| part.market.offers.len() > 1).take(8) {
            if seconds.len() == count {
                return report(&seconds, optimal, &open);
            }
            let start = Instant::now();
            let plan = solver::market::plan(&part.estate, &part.market);
            let taken = start.elapsed().as_secs_f64();
            match plan.as_ref().map(checker::plan::CertifiedPlan::standing) {
                Ok(Standing::Optimal) if taken <= SECONDS_MAX => optimal += 1,
                other => {
                    open.push(format!("seed {seed}, {} offers: {other:?} in {taken:.1} s", part.market.offers.len()));
                }
            }
            seconds.push(taken);
        }
    }
}

fn report(seconds: &[f64], optimal: usize, open: &[String]) {
    let mut sorted = seconds.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |percent: usize| sorted[(sorted.len() - 1) * percent / 100] * 1e3;
    println!(
        "{optimal} of {} parts optimal within {SECONDS_MAX} s; ms: median {:.1}, 90 % {:.1}, most {:.1}",
        seconds.len(),
        at(50),
        at(90),
        at(100)
    );
    for what in open {
        println!("  {what}");
    }
}

/// Some scenarios of a folder, each with no plan of a part but its own, and then again with all of theirs shared.
fn alone(folder: &Path, count: u32) {
    let reading = read_scenarios(&folder.join("renewal.yaml"), &ReadOptions::default());
    let scenarios = reading.scenarios.unwrap_or_else(|| panic!("refused: {:?}", reading.findings));
    let every = scenarios.count() / count as usize;
    let positions: Vec<usize> = (0..count as usize).map(|index| index * every).collect();
    let start = Instant::now();
    for &position in &positions {
        Solved::with_store(&scenarios, &Forgetful).renew(position).expect("within all limits");
    }
    println!("{count} scenarios, each alone: {:.3} s for one", (start.elapsed() / count).as_secs_f64());
    let mut shared = Solved::with_store(&scenarios, &Forgetful);
    let start = Instant::now();
    for &position in &positions {
        shared.renew(position).expect("within all limits");
    }
    println!("{count} scenarios, plans shared: {:.3} s for one", (start.elapsed() / count).as_secs_f64());
}

/// A store that keeps nothing.
struct Forgetful;

impl PlanStore for Forgetful {
    fn find(&self, _: &str) -> Stored {
        Stored::Nothing
    }

    fn keep(&self, _: &str, _: Vec<u8>) {}
}

/// An estate of so many versions and installs in a folder, with scenarios.
fn write(folder: &Path, shape: Shape, size: (usize, u64), text: impl Fn(&Estate) -> String) {
    std::fs::create_dir_all(folder).expect("a folder to write to");
    let scenarios = scenarios(folder, 7, shape, size, text);
    println!("{} scenarios in {}", scenarios.count(), folder.join("renewal.yaml").display());
}
