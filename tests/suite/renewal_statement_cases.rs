//! The statement of renewals against answers computed by hand, and against itself.

use super::best;
use crate::agreement::count;
use crate::renewal_draft::renewals;
use std::time::Instant;

#[test]
fn measure() {
    let (seed, n) = (count("LICIT_SEED", 1), count("LICIT_RENEWALS", 300));
    let (mut plans, mut positions, mut worst) = (0, 0, (0, 0));
    let (mut draw, mut solve) = (0, 0);
    let mut now = Instant::now();
    for r in renewals(seed, n) {
        draw += now.elapsed().as_micros();
        now = Instant::now();
        let b = best(&r);
        plans += b.plans;
        positions += b.positions;
        let t = now.elapsed().as_micros();
        solve += t;
        worst = worst.max((t, r.seed));
        now = Instant::now();
    }
    println!("{n}: draw {draw} us, solve {solve} us, worst {worst:?}, plans {plans}, positions {positions}");
}
