//! How long the network simplex takes, by family and size.

mod families;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use families::Instance;
use solver::simplex::{Start, Workspace, artificial_cost};

fn solve_families(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("simplex");
    group.sample_size(10);
    for Instance { name, network, hub } in families::all() {
        let start = Start { artificial: artificial_cost(&network).expect("small costs"), hub };
        let mut workspace = Workspace::new();
        group.bench_function(name, |bencher| bencher.iter(|| workspace.solve(black_box(&network), start)));
    }
    group.finish();
}

/// A component as estates have them by the thousand: about 20 nodes and 40 arcs.
fn solve_components(criterion: &mut Criterion) {
    let components: Vec<Instance> = (0..256).map(|seed| families::license(1, seed)).collect();
    let starts: Vec<Start<i64>> = components
        .iter()
        .map(|Instance { network, hub, .. }| Start {
            artificial: artificial_cost(network).expect("small costs"),
            hub: *hub,
        })
        .collect();
    let mut workspace = Workspace::new();
    criterion.bench_function("256 components of 16 nodes", |bencher| {
        bencher.iter(|| {
            for (component, &start) in components.iter().zip(&starts) {
                black_box(workspace.solve(&component.network, start)).ok();
            }
        });
    });
}

criterion_group!(benches, solve_families, solve_components);
criterion_main!(benches);
