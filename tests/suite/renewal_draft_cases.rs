//! What is drawn, and how the facts and the files of a renewal agree.

use super::renewals;

#[test]
fn placeholder() {
    for r in renewals(0, 3) {
        println!("{}\n{}\n{}", r.seed, r.scenario_yaml, r.estate_yaml);
    }
}
