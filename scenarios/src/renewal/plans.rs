//! Plans of parts by digest, shared by scenarios and by the threads that solve them.
//!
//! A part is solved by whoever asks for it first. Who asks for parts solves those that nobody has begun, and only then
//! waits for those that others have, so that no two wait for each other, and many threads that begin with the same parts
//! share them out. That holds as long as no thread takes up another scenario in the middle of one: threads that share
//! plans must not share a pool. A part that a store knows from before is read from there, and one that others are solving
//! who share the store comes last.
//!
//! *Guaranteed*: what is asked for at the same time or soon again is solved once. *Memory*: the plans asked for last,
//! [`LINES_MAX`] lines of them, and those that are in use; others are forgotten and solved again when they are asked
//! for.

use super::packed::{pack, unpack};
use super::{PartPlan, Wanted};
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

/// Where plans of parts are kept as bytes beyond the process that found them, by the digests of the parts.
///
/// A plan that is read back was accepted by the checker where it was found, and is not checked again: a store must have
/// it from this version of the program, and answers for it as for any result that it keeps.
pub trait PlanStore: Sync {
    /// What is known of a plan.
    fn find(&self, digest: &str) -> Stored;

    /// Takes the bytes of a plan that was found.
    fn keep(&self, digest: &str, plan: Vec<u8>);
}

/// What a store knows of the plan of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored {
    /// Its bytes.
    Plan(Vec<u8>),
    /// Others have begun to solve the part: whoever has something else to do does that first.
    Begun,
    /// Nothing. Whoever hears that begins.
    Nothing,
}

/// When a part is asked for, of all that are asked for together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    First,
    /// When all others have had their turn.
    Last,
}

/// The plans of parts.
pub(super) struct Plans<'s> {
    store: Option<&'s dyn PlanStore>,
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

impl<'s> Plans<'s> {
    pub(super) fn new(store: Option<&'s dyn PlanStore>) -> Self {
        Self { store, kept: Mutex::default(), asked: AtomicUsize::new(0), solved: AtomicUsize::new(0) }
    }

    /// The plans of parts, in their order; those not begun yet are solved on all threads of the pool.
    ///
    /// # Errors
    /// Of the first part, in their order, that has none.
    ///
    /// # Panics
    /// If finding one of them has ended in a panic, here or elsewhere.
    pub(super) fn of(&self, parts: &[Arc<Part>], wanted: Wanted) -> Result<Vec<Arc<PartPlan>>, SolveError> {
        self.of_by(parts, |part| {
            let answer = wanted.answer(&part.estate, &part.market)?;
            Ok(PartPlan::of(&answer, &part.market, || part.digest.clone(), wanted.evidence))
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
            let is_left = is_own && !self.fill(&cell, part, &solve, Turn::First);
            (part, cell, is_left)
        });
        let begun: Vec<(&Arc<Part>, Cell, bool)> = begun.collect();
        let left = begun.par_iter().filter(|(.., is_left)| *is_left);
        left.for_each(|(part, cell, _)| {
            self.fill(cell, part, &solve, Turn::Last);
        });
        let plan = |cell: &Cell| match cell.wait() {
            Ok(plan) => Ok(Arc::clone(plan)),
            Err(NoPlan::Error(error)) => Err(error.clone()),
            // It has been said where it happened.
            Err(NoPlan::Panic(message)) => panic::resume_unwind(Box::new(message.clone())),
        };
        begun.iter().map(|(_, cell, _)| plan(cell)).collect()
    }

    /// Fills the cell of a part with what the store has, or what comes of solving it. Returns whether it did: not at the
    /// first turn if others have begun.
    fn fill(
        &self,
        cell: &Cell,
        part: &Part,
        solve: impl Fn(&Part) -> Result<PartPlan, SolveError>,
        turn: Turn,
    ) -> bool {
        let stored = match self.store.map_or(Stored::Nothing, |store| store.find(&part.digest)) {
            Stored::Begun if turn == Turn::First => return false,
            Stored::Plan(bytes) => unpack(&bytes, &part.digest),
            Stored::Begun | Stored::Nothing => None,
        };
        let found = match stored {
            Some(plan) => Ok(Arc::new(plan)),
            // What makes no sense is solved again, and so is what others still have not solved: they may never.
            None => self.solved(&part.digest, || solve(part)),
        };
        self.kept().add(line_count(&found));
        assert!(cell.set(found).is_ok(), "a part is solved by the one who claims it");
        true
    }

    /// What comes of solving a part; a plan goes to the store.
    fn solved(&self, digest: &str, solve: impl FnOnce() -> Result<PartPlan, SolveError>) -> Found {
        let found = found(solve);
        self.solved.fetch_add(1, Ordering::Relaxed);
        if let (Some(store), Ok(plan)) = (self.store, &found) {
            store.keep(digest, pack(plan, digest));
        }
        found
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
        let (parts, plans) = (parts(), Plans::new(None));
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
        let (parts, plans) = (parts(), Plans::new(None));
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

    /// A store in memory.
    #[derive(Default)]
    struct Shelf(Mutex<BTreeMap<String, Vec<u8>>>);

    impl PlanStore for Shelf {
        fn find(&self, digest: &str) -> Stored {
            let plan = self.0.lock().expect("nobody panics with it").get(digest).cloned();
            plan.map_or(Stored::Nothing, Stored::Plan)
        }

        fn keep(&self, digest: &str, plan: Vec<u8>) {
            self.0.lock().expect("nobody panics with it").insert(digest.to_owned(), plan);
        }
    }

    #[test]
    fn what_was_found_before_is_read_from_a_store_and_solved_again_only_if_that_makes_no_sense() {
        let (parts, shelf) = (parts(), Shelf::default());
        let ask = |count: usize| {
            let plans = Plans::new(Some(&shelf));
            let found = plans.of_by(&parts[..count], |_| Ok(plan())).expect("each has a plan");
            assert_eq!(found.len(), count);
            plans.counts().1
        };
        assert_eq!([ask(2), ask(2), ask(3), ask(3)], [2, 0, 1, 0]);
        shelf.keep(&parts[0].digest, b"something else".to_vec());
        let Stored::Plan(of_another) = shelf.find(&parts[2].digest) else { panic!("it is there") };
        shelf.keep(&parts[1].digest, of_another);
        assert_eq!([ask(3), ask(3)], [2, 0]);
    }

    #[test]
    fn what_has_no_plan_is_not_stored() {
        let (parts, shelf) = (parts(), Shelf::default());
        let plans = Plans::new(Some(&shelf));
        assert!(plans.of_by(&parts[..1], |_| Err(SolveError::Limit { what: "too big".to_owned() })).is_err());
        assert_eq!(shelf.find(&parts[0].digest), Stored::Nothing);
    }

    /// A store in which others have begun all parts, and which says what it was asked for. At the second time it has the
    /// plan of one of them.
    struct Others {
        asked: Mutex<Vec<String>>,
        solved: String,
    }

    impl PlanStore for Others {
        fn find(&self, digest: &str) -> Stored {
            let mut asked = self.asked.lock().expect("nobody panics with it");
            let is_again = asked.iter().any(|other| other == digest);
            asked.push(digest.to_owned());
            if is_again && digest == self.solved { Stored::Plan(pack(&plan(), digest)) } else { Stored::Begun }
        }

        fn keep(&self, digest: &str, _: Vec<u8>) {
            assert_ne!(digest, self.solved);
        }
    }

    #[test]
    fn what_others_have_begun_comes_last_and_is_solved_if_it_is_still_not_there() {
        let parts = parts();
        let store = Others { asked: Mutex::default(), solved: parts[1].digest.clone() };
        let plans = Plans::new(Some(&store));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("one thread");
        let found = pool.install(|| plans.of_by(&parts, |_| Ok(plan())));
        assert_eq!((found.expect("each has a plan").len(), plans.counts()), (3, (3, 2)));
        let once: Vec<&str> = parts.iter().map(|part| part.digest.as_str()).collect();
        assert_eq!(*store.asked.lock().expect("nobody panicked with it"), [&once[..], &once].concat());
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
