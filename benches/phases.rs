//! The phases of a position, timed one by one: reading, stating, solving, certifying, writing.
//!
//! `cargo bench --bench phases`. Families times sizes; a family is a function in `families`.

#![allow(missing_docs, reason = "criterion makes the groups")]

mod families;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use model::ReadOptions;
use model::estate::Estate;
use model::synthetic::{File, Tables};
use std::hint::black_box;
use std::path::Path;

/// Titles and installs; a title has four versions.
const SIZES: [(usize, usize); 3] = [(5, 200), (50, 10_000), (500, 100_000)];

fn write(folder: &Path, files: &[(&str, String)]) -> std::path::PathBuf {
    for (name, text) in files {
        std::fs::write(folder.join(name), text).expect("a folder to write to");
    }
    folder.join(File::Estate.name(Tables::Csv))
}

fn read(path: &Path) -> Estate {
    let reading = model::read_estate(path, &ReadOptions::default());
    reading.estate.unwrap_or_else(|| panic!("a family gives valid estates: {:?}", reading.findings))
}

fn phases(criterion: &mut Criterion) {
    for (name, family) in families::ALL {
        for (titles, installs) in SIZES {
            let folder = tempfile::tempdir().expect("a folder to write to");
            let path = write(folder.path(), &family(titles, installs));
            let estate = read(&path);
            let statement = solver::Statement::new(&estate).expect("a family gives networks");
            let answer = statement
                .solve()
                .expect("a family stays within the limits")
                .answer()
                .expect("every entitlement covers one unit");
            let solved = statement.solve().expect("a family stays within the limits");
            let position = solver::position(&estate).expect("a family is solved");
            let mut group = criterion.benchmark_group(name);
            group.sample_size(10).throughput(Throughput::Elements(installs as u64));
            let id = |phase: &str| BenchmarkId::new(phase, installs);
            group.bench_function(id("read"), |bencher| bencher.iter(|| read(black_box(&path))));
            group.bench_function(id("state"), |bencher| bencher.iter(|| solver::Statement::new(black_box(&estate))));
            group.bench_function(id("solve"), |bencher| {
                bencher.iter(|| black_box(&statement).solve().map(|solved| solved.answer()));
            });
            group.bench_function(id("certify"), |bencher| {
                bencher.iter_batched(
                    || answer.clone(),
                    |answer| checker::certify(&estate, answer.allocation, answer.evidence),
                    criterion::BatchSize::LargeInput,
                );
            });
            group.bench_function(id("derive"), |bencher| bencher.iter(|| solved.derive(&position.certified)));
            group.bench_function(id("write"), |bencher| {
                bencher.iter(|| report::json(black_box(&position), &model::findings::Findings::new()));
            });
            group.finish();
        }
    }
}

/// One connected component of about fifty nodes, from the estate in memory to the accepted answer.
fn component(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder to write to");
    let estate = read(&write(folder.path(), &families::upgrades(1, 10)));
    let (nodes, arcs) = solver::Statement::new(&estate).expect("the family gives networks").size();
    let mut group = criterion.benchmark_group("component");
    group.bench_function(BenchmarkId::new("state, solve, certify", format!("{nodes} nodes, {arcs} arcs")), |bencher| {
        bencher.iter(|| solver::answer(black_box(&estate)).map(|position| position.figures().totals));
    });
    group.finish();
}

criterion_group!(benches, component, phases);
criterion_main!(benches);
