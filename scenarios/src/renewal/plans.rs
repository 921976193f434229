//! Plans of parts by digest, shared by scenarios and by the threads that solve them.
//!
//! A part is solved by whoever asks for it first. Who asks for parts solves those that nobody has begun, and only then
//! waits for those that others have, so that no two wait for each other, and many threads that begin with the same parts
//! share them out. That holds as long as no thread takes up another scenario in the middle of one: threads that share
//! plans must not share a pool.
//!
//! *Guaranteed*: what is asked for at the same time or soon again is solved once. *Memory*: the plans asked for last,
//! [`LINES_MAX`] lines of them, and those that are in use; others are forgotten and solved again when they are asked
//! for.

use super::{PartPlan, WriteEvidence};
use crate::parts::Part;
use rayon::prelude::*;
use solver::SolveError;
use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// Most lines of plans that are kept; so many bytes of evidence count as a line.
const LINES_MAX: usize = 1_000_000;
/// What a line takes, about.
const LINE_BYTES: usize = 200;

/// A plan that is there or will be.
type Cell = Arc<OnceLock<Found>>;
/// A plan, or why there is none.
type Found = Result<Arc<PartPlan>, NoPlan>;

/// Why a part has no plan.
#[derive(Clone)]
enum NoPlan {
    Error(SolveError),
    /// Finding one ended in a panic.
    Panic(String),
}

/// The plans of parts.
pub(super) struct Plans {
    kept: Mutex<Kept>,
    asked: AtomicUsize,
    solved: AtomicUsize,
}

/// What was asked for last, and what before that.
#[derive(Default)]
struct Kept {
    young: BTreeMap<String, Cell>,
    old: BTreeMap<String, Cell>,
    /// Of the young ones.
    line_count: usize,
}

impl Plans {
    pub(super) fn new() -> Self {
        Self { kept: Mutex::default(), asked: AtomicUsize::new(0), solved: AtomicUsize::new(0) }
    }

    /// The plans of parts, in their order; those not begun yet are solved on all threads of the pool.
    ///
    /// # Errors
    /// Of the first part, in their order, that has none.
    ///
    /// # Panics
    /// If finding one of them has ended in a panic, here or elsewhere.
    pub(super) fn of(
        &self,
        parts: &[Arc<Part>],
        evidence: Option<WriteEvidence>,
    ) -> Result<Vec<Arc<PartPlan>>, SolveError> {
        self.of_by(parts, |part| {
            let answer = solver::market::answer(&part.estate, &part.market)?;
            Ok(PartPlan::of(&answer, &part.market, || part.digest.clone(), evidence))
        })
    }

    fn of_by(
        &self,
        parts: &[Arc<Part>],
        solve: impl Fn(&Part) -> Result<PartPlan, SolveError> + Sync,
    ) -> Result<Vec<Arc<PartPlan>>, SolveError> {
        self.asked.fetch_add(parts.len(), Ordering::Relaxed);
        let begun = parts.par_iter().map(|part| {
            let (cell, is_own) = self.kept().claim(&part.digest);
            if is_own {
                let found = found(|| solve(part));
                self.kept().add(line_count(&found));
                self.solved.fetch_add(1, Ordering::Relaxed);
                assert!(cell.set(found).is_ok(), "a part is solved by the one who claims it");
            }
            cell
        });
        let cells: Vec<Cell> = begun.collect();
        let plan = |cell: &Cell| match cell.wait() {
            Ok(plan) => Ok(Arc::clone(plan)),
            Err(NoPlan::Error(error)) => Err(error.clone()),
            // It has been said where it happened.
            Err(NoPlan::Panic(message)) => panic::resume_unwind(Box::new(message.clone())),
        };
        cells.iter().map(plan).collect()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Nothing in there is ever half done.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Parts that were asked for, and parts that were solved for that.
    pub(super) fn counts(&self) -> (usize, usize) {
        (self.asked.load(Ordering::Relaxed), self.solved.load(Ordering::Relaxed))
    }
}

impl Kept {
    /// The cell of a part, and whether it is new, so that whoever asks is to fill it.
    fn claim(&mut self, digest: &str) -> (Cell, bool) {
        if let Some(cell) = self.cell(digest) {
            return (cell, false);
        }
        let cell = Cell::default();
        self.young.insert(digest.to_owned(), Arc::clone(&cell));
        (cell, true)
    }

    /// The cell of a part, if it is kept; it is young again.
    fn cell(&mut self, digest: &str) -> Option<Cell> {
        if let Some(cell) = self.young.get(digest) {
            return Some(Arc::clone(cell));
        }
        let (digest, cell) = self.old.remove_entry(digest)?;
        let line_count = cell.get().map_or(0, line_count);
        self.young.insert(digest, Arc::clone(&cell));
        self.add(line_count);
        Some(cell)
    }

    /// Counts lines of a young plan; enough of them make all of them old.
    fn add(&mut self, line_count: usize) {
        self.line_count += line_count;
        if self.line_count > LINES_MAX / 2 {
            self.old = std::mem::take(&mut self.young);
            self.line_count = 0;
        }
    }
}

/// What comes of solving a part, a panic included.
fn found(solve: impl FnOnce() -> Result<PartPlan, SolveError>) -> Found {
    match panic::catch_unwind(AssertUnwindSafe(solve)) {
        Ok(plan) => plan.map(Arc::new).map_err(NoPlan::Error),
        Err(panic) => Err(NoPlan::Panic(message_of(&*panic))),
    }
}

/// The lines of a plan; one without any takes room too.
fn line_count(plan: &Found) -> usize {
    let lines = |plan: &Arc<PartPlan>| {
        let bytes = plan.proof.as_ref().map_or(0, |proof| proof.evidence.len());
        plan.lines.count() + bytes / LINE_BYTES
    };
    plan.as_ref().map_or(0, lines) + 1
}

/// What a panic says.
pub(crate) fn message_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic without a message".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remade::Remade;
    use crate::renewal::lines::Lines;
    use crate::tests::read;
    use checker::figures::Totals;
    use model::objective::LEVELS;

    /// Parts of a few titles that have nothing in common.
    fn parts() -> Vec<Arc<Part>> {
        let estate = "licit: 1\nas_of: 2026-11-22\ntitles: [{id: a, versions: [1]}, {id: b, versions: [1]}, {id: c, versions: [1]}]\n\
            installs: [{version: a@1}, {version: b@1}, {version: c@1}]\n";
        let scenarios = read(estate, "licit: 1\nestate: estate.yaml\n");
        Remade::new(&scenarios).parts(0)
    }

    fn plan() -> PartPlan {
        let (objective, bound) = ([0; LEVELS], [0; LEVELS]);
        PartPlan { objective, bound, totals: Totals::default(), lines: Lines::default(), proof: None }
    }

    #[test]
    fn threads_that_ask_for_the_same_parts_solve_each_of_them_once() {
        let (parts, plans) = (parts(), Plans::new());
        assert_eq!(parts.len(), 3);
        let ask = |order: [usize; 3]| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("one thread");
            let asked: Vec<Arc<Part>> = order.map(|index| Arc::clone(&parts[index])).into();
            let found = pool.install(|| {
                plans.of_by(&asked, |_| {
                    std::thread::sleep(std::time::Duration::from_millis(2));
                    Ok(plan())
                })
            });
            assert_eq!(found.expect("each has a plan").len(), 3);
        };
        std::thread::scope(|scope| {
            for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [1, 0, 2]] {
                scope.spawn(move || ask(order));
            }
        });
        assert_eq!(plans.counts(), (12, 3));
    }

    #[test]
    fn a_part_without_an_answer_is_tried_once_and_said_to_all_who_ask() {
        let (parts, plans) = (parts(), Plans::new());
        let error = || SolveError::Limit { what: "too big".to_owned() };
        for _ in 0..2 {
            assert_eq!(plans.of_by(&parts[..1], |_| Err(error())).map(|found| found.len()), Err(error()));
        }
        let crash = || {
            let asked = AssertUnwindSafe(|| plans.of_by(&parts[1..2], |_| panic::resume_unwind(Box::new("boom"))));
            message_of(&*panic::catch_unwind(asked).expect_err("it ends in a panic"))
        };
        assert_eq!([crash(), crash()], ["boom", "boom"]);
        assert_eq!(plans.counts(), (4, 2));
    }

    #[test]
    fn plans_that_nobody_asks_for_are_forgotten_and_those_in_use_are_kept() {
        let mut kept = Kept::default();
        for name in ["used", "unused"] {
            kept.young.insert(name.to_owned(), Cell::default());
        }
        for _ in 0..3 {
            kept.add(LINES_MAX / 2 + 1);
            assert!(kept.cell("used").is_some());
        }
        assert!(kept.cell("unused").is_none());
    }
}
