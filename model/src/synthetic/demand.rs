//! What is installed where, and what of it is demand.

use super::assign::{Assignment, What};
use super::organization::{Organization, id};
use super::portfolio::Portfolio;
use super::shape::{Fleet, Profile};
use crate::generate::SplitMix64;
use std::collections::VecDeque;

/// Steps of a hundred that give a row without a machine, with about twenty installs.
const ANONYMOUS_PERCENT: u64 = 2;
const EXCLUDED_PERCENT: u64 = 2;
/// Cells that are collected before like ones are merged for the first time.
const CELLS_MIN: usize = 1 << 20;
/// Most installs on a machine.
const PER_MACHINE_MAX: usize = 7;
/// Why installs are excluded.
pub(super) const EXCLUSIONS: [&str; 4] =
    ["in the scrap store", "template of a virtual machine", "standby for recovery", "trial"];

/// A row of the installs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Install {
    pub(super) version: u32,
    pub(super) scope: u32,
    pub(super) quantity: u32,
    pub(super) contract: Option<u32>,
    pub(super) asset: Option<u32>,
    pub(super) user: Option<u32>,
    /// Days since it was last used.
    pub(super) unused_days: Option<u16>,
    /// A position in [`EXCLUSIONS`].
    pub(super) exclusion: Option<u8>,
}

/// Demand for a version in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cell {
    pub(super) version: usize,
    pub(super) scope: u32,
    pub(super) contract: Option<u32>,
    pub(super) quantity: u64,
}

/// A machine and who works at it.
#[derive(Clone, Copy)]
struct Machine {
    asset: u32,
    user: Option<u32>,
    scope: u32,
    contract: Option<u32>,
}

/// Draws exactly as many installs as were asked for, row by row: a copy draws the same rows again.
#[derive(Clone)]
pub(super) struct Rows<'a> {
    random: SplitMix64,
    known: Known<'a>,
    /// Installs that are still to come.
    left: u64,
    last: Option<Machine>,
    /// Installs that the next machine has more, or less, than usual, to make up for the last one.
    owed: Option<usize>,
    /// The rows of the machine that was drawn last which are still to come.
    drawn: VecDeque<Install>,
}

/// What installs are drawn from.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) portfolio: &'a Portfolio,
    pub(super) organization: &'a Organization,
    pub(super) profile: Profile,
    pub(super) fleet: Option<Fleet>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(random: SplitMix64, installs: u64, known: Known<'a>) -> Self {
        Self { random, known, left: installs, last: None, owed: None, drawn: VecDeque::new() }
    }

    /// Draws the rows of the next machine, or one without a machine.
    fn draw(&mut self) {
        let Known { portfolio, organization, profile, fleet } = self.known;
        let random = &mut self.random;
        if fleet.is_none() && random.percent(ANONYMOUS_PERCENT) {
            let row = anonymous(random, self.left, portfolio, organization, &profile);
            self.left -= u64::from(row.quantity);
            self.drawn.push_back(row);
            return;
        }
        let machine = machine(random, self.last, organization, &profile);
        self.last = Some(machine);
        let left = usize::try_from(self.left).unwrap_or(usize::MAX);
        let (count, tries) = match fleet {
            Some(fleet) => (self.count(fleet).min(left), usize::MAX),
            None => (usize::MAX, 1 + self.random.below(left.min(PER_MACHINE_MAX))),
        };
        for _ in 0..tries {
            if self.drawn.len() == count {
                break;
            }
            let version = portfolio.draw_version(&mut self.random);
            let title = portfolio.title_of[version];
            // One machine has one version of a title.
            if self.drawn.iter().all(|row| portfolio.title_of[row.version as usize] != title) {
                self.drawn.push_back(on_machine(&mut self.random, version, machine));
            }
        }
        self.left -= self.drawn.len() as u64;
    }

    /// How many installs the next machine has: of two machines together twice as many as usual.
    fn count(&mut self, fleet: Fleet) -> usize {
        let titles = self.known.portfolio.titles.len();
        let count = self.owed.take().unwrap_or_else(|| {
            let more = self.random.below(fleet.per_machine / 2);
            self.owed = Some(fleet.per_machine - more);
            fleet.per_machine + more
        });
        // Else a machine would never be done.
        count.min(titles / 2).max(1)
    }
}

impl Iterator for Rows<'_> {
    type Item = Install;

    fn next(&mut self) -> Option<Install> {
        if self.drawn.is_empty() && self.left > 0 {
            self.draw();
        }
        self.drawn.pop_front()
    }
}

fn anonymous(
    random: &mut SplitMix64,
    left: u64,
    portfolio: &Portfolio,
    organization: &Organization,
    profile: &Profile,
) -> Install {
    let scope = organization.draw_scope(random);
    let quantity = 2 + random.below(39);
    Install {
        version: id(portfolio.draw_version(random)),
        scope,
        quantity: u32::try_from(left).unwrap_or(u32::MAX).min(id(quantity)),
        contract: organization.contract_of(scope).filter(|_| random.percent(profile.contracts_percent)),
        asset: None,
        user: None,
        unused_days: None,
        exclusion: None,
    }
}

/// The next machine: four of five have a user, of whom a seventh has the one before too, at the same place.
fn machine(random: &mut SplitMix64, last: Option<Machine>, organization: &Organization, profile: &Profile) -> Machine {
    let asset = last.map_or(0, |last| last.asset + 1);
    if let Some(last) = last.filter(|last| last.user.is_some())
        && random.percent(14)
    {
        return Machine { asset, ..last };
    }
    let scope = organization.draw_scope(random);
    Machine {
        asset,
        // Machines are numbered through, and so are users after their first machine.
        user: random.percent(80).then_some(asset),
        scope,
        contract: organization.contract_of(scope).filter(|_| random.percent(profile.contracts_percent)),
    }
}

fn on_machine(random: &mut SplitMix64, version: usize, machine: Machine) -> Install {
    let unused_days = match random.below(10) {
        0..3 => None,
        3..8 => Some(random.below(30)),
        8 => Some(30 + random.below(150)),
        _ => Some(180 + random.below(540)),
    };
    let reason = u8::try_from(random.below(EXCLUSIONS.len())).expect("there are few reasons");
    Install {
        version: id(version),
        scope: machine.scope,
        quantity: 1,
        contract: machine.contract,
        asset: Some(machine.asset),
        user: machine.user,
        unused_days: unused_days.map(|days| u16::try_from(days).expect("a few years")),
        exclusion: random.percent(EXCLUDED_PERCENT).then_some(reason),
    }
}

/// The demand of an estate, sorted, one cell for each version and place.
pub(super) fn cells(
    portfolio: &Portfolio,
    installs: impl Iterator<Item = Install>,
    assignments: &[Assignment],
) -> Vec<Cell> {
    let counts = |install: &Install| {
        install.exclusion.is_none() && portfolio.counts_installs(portfolio.title_of[install.version as usize])
    };
    let installed = installs.filter(counts).map(|install| Cell {
        version: install.version as usize,
        scope: install.scope,
        contract: install.contract,
        quantity: install.quantity.into(),
    });
    let assigned = assignments.iter().filter_map(|assignment| {
        let What::Title(title) = assignment.what else { return None };
        let version = assignment.version.unwrap_or(portfolio.versions_of(title).end - 1);
        // The root is the first scope, and the default.
        Some(Cell { version, scope: assignment.scope.unwrap_or_default(), contract: None, quantity: 1 })
    });
    let mut cells: Vec<Cell> = Vec::new();
    let mut merge_at = CELLS_MIN;
    for cell in installed.chain(assigned) {
        if cells.len() == merge_at {
            merge(&mut cells);
            merge_at = CELLS_MIN.max(2 * cells.len());
        }
        cells.push(cell);
    }
    merge(&mut cells);
    cells
}

/// Sorts cells, and adds up those of one version and place.
fn merge(cells: &mut Vec<Cell>) {
    cells.sort_unstable();
    cells.dedup_by(|next, kept| {
        let place = |cell: &Cell| (cell.version, cell.scope, cell.contract);
        let is_same = place(next) == place(kept);
        if is_same {
            kept.quantity += next.quantity;
        }
        is_same
    });
}
