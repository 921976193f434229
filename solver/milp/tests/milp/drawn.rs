//! Small programs drawn at random, and their best points found by trying all.

use milp::{Column, Objective, Program, Row, cost_at, test_point};

/// Random numbers that are the same everywhere (Vigna 2015, splitmix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + i64::try_from(self.next() % high.abs_diff(low).saturating_add(1)).unwrap()
    }
}

/// Two to five columns, one to four rows, one to three levels.
pub(crate) fn program(seed: u64) -> Program {
    let mut random = Random(seed);
    let mut program = Program::default();
    for index in 0..random.between(2, 5) {
        let lower = random.between(-2, 1);
        let upper = lower + random.between(0, 4);
        let is_declared = random.between(0, 3) > 0;
        program.add_column(Column { name: format!("column {index}"), lower, upper, is_declared });
    }
    for index in 0..random.between(1, 4) {
        let lower = (random.between(0, 1) == 0).then(|| random.between(-6, 2));
        let upper = (random.between(0, 2) > 0).then(|| lower.unwrap_or(-2) + random.between(0, 6));
        let terms = terms(&mut random, program.columns.len(), 3);
        program.add_row(Row { name: format!("rule {index}"), terms, lower, upper });
    }
    for index in 0..random.between(1, 3) {
        let terms = terms(&mut random, program.columns.len(), 50);
        program.objectives.push(Objective { name: format!("level {index}"), terms });
    }
    program
}

fn terms(random: &mut Random, columns: usize, largest: i64) -> Vec<(usize, i64)> {
    let drawn = (0..columns).map(|column| (column, random.between(-largest, largest)));
    drawn.filter(|&(_, coefficient)| coefficient != 0).collect()
}

/// All points of a program.
pub(crate) fn points(program: &Program) -> Vec<Vec<i64>> {
    let mut points = vec![Vec::new()];
    for column in &program.columns {
        let extended = |point: &Vec<i64>, value| point.iter().copied().chain([value]).collect();
        points = points
            .iter()
            .flat_map(|point| (column.lower..=column.upper).map(move |value| extended(point, value)))
            .collect();
    }
    points.retain(|point| test_point(program, point).is_ok());
    points
}

/// What all levels cost at a point.
pub(crate) fn costs(program: &Program, point: &[i64]) -> Vec<i128> {
    (0..program.objectives.len()).map(|level| cost_at(program, level, point)).collect()
}

/// The least costs, level by level; none if there is no point.
pub(crate) fn least(program: &Program) -> Option<Vec<i128>> {
    points(program).iter().map(|point| costs(program, point)).min()
}
