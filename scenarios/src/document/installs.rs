//! No more installs than these: a bound on their number after each change, so that sums are known to stay within their
//! limit before any estate is made.
//!
//! Installs that count are bounded for each version and scope. What changes do there is followed to the unit but for
//! roundings, which per cents make for each contract: each may add one. Excluded installs stay what they are.
//!
//! *Cost*: the installs of each title that changes name are looked at once for a file; a change then costs as much as the
//! versions and scopes that it concerns.

use crate::amount::{Growth, Percent};
use model::edit::installs_of;
use model::estate::Estate;
use model::id::{ContractId, Id, ScopeId, TitleId, VersionId};
use model::number::Quantity;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Installs that count, by version and scope.
type Rows = BTreeMap<(VersionId, ScopeId), Row>;

/// The installs of a version in a scope.
#[derive(Clone, Copy, Debug, Default)]
struct Row {
    /// At most so many.
    quantity: u64,
    /// Under so many contracts at most, none counting as one.
    contracts: u64,
}

/// The installs before all changes; those of a title are looked at when they are first asked for.
#[derive(Debug, Default)]
pub(crate) struct Installed {
    total: Option<u64>,
    titles: BTreeMap<TitleId, Rows>,
}

/// A bound on the installs after the changes of a scenario so far.
#[derive(Debug)]
pub(crate) struct InstallBound {
    total: u64,
    /// Of the titles that changes have named.
    rows: Rows,
    titles: BTreeSet<TitleId>,
    /// Scopes that were merged into others, in this order.
    merged: Vec<(ScopeId, ScopeId)>,
}

impl Row {
    fn add(&mut self, other: Self) {
        self.quantity = self.quantity.saturating_add(other.quantity);
        self.contracts = self.contracts.saturating_add(other.contracts);
    }

    /// The least and the most that a share of it comes to, which is rounded up for each contract.
    fn share(self, percent: Percent) -> (u64, u64) {
        let least = percent.of(Quantity::new(self.quantity)).get();
        let roundings = if least == 0 { 0 } else { self.contracts.saturating_sub(1) };
        (least, least.saturating_add(roundings))
    }
}

impl Installed {
    /// All installs of an estate, excluded ones too.
    fn total(&mut self, estate: &Estate) -> u64 {
        let sum = || estate.installs.iter().map(|install| install.quantity).sum::<Quantity>().get();
        *self.total.get_or_insert_with(sum)
    }

    fn of_title(&mut self, estate: &Estate, title: TitleId) -> &Rows {
        self.titles.entry(title).or_insert_with(|| {
            let mut contracts: BTreeSet<(VersionId, ScopeId, Option<ContractId>)> = BTreeSet::new();
            let mut rows = Rows::new();
            let installs = installs_of(estate, &estate.titles[title]).iter();
            for install in installs.filter(|install| install.excluded.is_none()) {
                let is_new = contracts.insert((install.version, install.scope, install.contract));
                let row = Row { quantity: install.quantity.get(), contracts: is_new.into() };
                rows.entry((install.version, install.scope)).or_default().add(row);
            }
            rows
        })
    }
}

impl InstallBound {
    /// Before all changes.
    pub(crate) fn of(estate: &Estate, installed: &mut Installed) -> Self {
        Self { total: installed.total(estate), rows: Rows::new(), titles: BTreeSet::new(), merged: Vec::new() }
    }

    /// At most so many installs.
    pub(crate) const fn total(&self) -> u64 {
        self.total
    }

    /// Looks at the installs of a title, where mergers have put them.
    pub(crate) fn look_at(&mut self, title: TitleId, estate: &Estate, installed: &mut Installed) {
        if self.titles.insert(title) {
            for (&(version, scope), &row) in installed.of_title(estate, title) {
                let moved = |scope, &(from, into): &(ScopeId, ScopeId)| if scope == from { into } else { scope };
                let scope = self.merged.iter().fold(scope, moved);
                self.rows.entry((version, scope)).or_default().add(row);
            }
        }
    }

    /// Installs of a version in a scope become more or fewer by a number; the title was looked at.
    pub(crate) fn grow_by_number(&mut self, version: VersionId, scope: ScopeId, by: Growth) {
        let row = self.rows.entry((version, scope)).or_default();
        let before = row.quantity;
        match by {
            Growth::Add(quantity) => row.add(Row { quantity: quantity.get(), contracts: 1 }),
            Growth::Remove(quantity) => row.quantity = before.saturating_sub(quantity.get()),
            Growth::More(_) | Growth::Fewer(_) => unreachable!("per cents are no number"),
        }
        let after = row.quantity;
        self.total =
            self.total.saturating_add(after.saturating_sub(before)).saturating_sub(before.saturating_sub(after));
    }

    /// Installs of versions become more or fewer by per cent, in the scopes that are meant; the title was looked at.
    pub(crate) fn grow_by_percent(
        &mut self,
        versions: &Range<VersionId>,
        by: Growth,
        is_meant: impl Fn(ScopeId) -> bool,
    ) {
        for (_, row) in self.rows.range_mut(keys(versions)).filter(|((_, scope), _)| is_meant(*scope)) {
            match by {
                Growth::More(percent) => {
                    let (_, most) = row.share(percent);
                    row.quantity = row.quantity.saturating_add(most);
                    self.total = self.total.saturating_add(most);
                }
                Growth::Fewer(percent) => {
                    let (least, _) = row.share(percent);
                    row.quantity -= least;
                    self.total = self.total.saturating_sub(least);
                }
                Growth::Add(_) | Growth::Remove(_) => unreachable!("a number is no per cent"),
            }
        }
    }

    /// A share of the installs of versions become those of another; both titles were looked at.
    pub(crate) fn migrate(&mut self, from: &Range<VersionId>, to: VersionId, share: Percent) {
        let mut moved: Vec<(ScopeId, Row)> = Vec::new();
        for (&(_, scope), row) in self.rows.range_mut(keys(from)) {
            let (least, most) = row.share(share);
            let quantity = most.min(row.quantity);
            moved.push((scope, Row { quantity, contracts: row.contracts }));
            row.quantity -= least;
            self.total = self.total.saturating_add(quantity).saturating_sub(least);
        }
        for (scope, row) in moved {
            self.rows.entry((to, scope)).or_default().add(row);
        }
    }

    /// Installs of versions vanish; the title was looked at.
    pub(crate) fn retire(&mut self, versions: &Range<VersionId>) {
        for (_, row) in self.rows.range_mut(keys(versions)) {
            self.total = self.total.saturating_sub(std::mem::take(&mut row.quantity));
        }
    }

    /// What is in one scope is in another from now on.
    pub(crate) fn merge_scope(&mut self, from: ScopeId, into: ScopeId) {
        self.merged.push((from, into));
        let moved: Vec<((VersionId, ScopeId), Row)> =
            self.rows.extract_if(.., |(_, scope), _| *scope == from).collect();
        for ((version, _), row) in moved {
            self.rows.entry((version, into)).or_default().add(row);
        }
    }
}

/// The keys of versions of one title.
fn keys(versions: &Range<VersionId>) -> Range<(VersionId, ScopeId)> {
    (versions.start, ScopeId::at(0))..(versions.end, ScopeId::at(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::amount::{growth, share};
    use crate::change::{Change, apply};
    use crate::deal::Deal;
    use crate::tests::{read, try_read};
    use model::edit::Facts;
    use model::generate::SplitMix64;
    use std::fmt::Write as _;

    const ESTATE: &str = "licit: 1\nas_of: 2026-11-22\n\
        scopes: [{id: a}, {id: b, parent: a}, {id: c, parent: b}, {id: d, parent: a}]\n\
        titles: [{id: t, versions: [1, 2, 3]}, {id: s, versions: [1]}]\n\
        installs: [{version: t@1, quantity: 11, scope: a}, {version: t@1, quantity: 5, scope: b, contract: k}, \
        {version: t@1, quantity: 7, scope: b}, {version: t@2, quantity: 30, scope: c, contract: k}, \
        {version: t@2, quantity: 9, scope: d, excluded: scrap}, {version: t@3, quantity: 2, scope: d, contract: l}, \
        {version: s@1, quantity: 40, scope: a}, {version: s@1, quantity: 3, scope: d, user: u}]\n";

    /// A change that may follow those before it; scopes that were merged are not there.
    fn drawn(random: &mut SplitMix64, estate: &Estate, merged: &[ScopeId]) -> Change {
        let mut below = |count: usize| random.below(count);
        let title = &estate.titles[TitleId::at(below(2))].versions;
        let count = title.end.index() - title.start.index();
        let first = VersionId::at(title.start.index() + below(count));
        let versions = first..VersionId::at(first.index() + 1 + below(title.end.index() - first.index()));
        let scopes: Vec<ScopeId> = estate.scopes.ids().filter(|scope| !merged.contains(scope)).collect();
        let scope = scopes[below(scopes.len())];
        let one = first..VersionId::at(first.index() + 1);
        match below(9) {
            0 | 1 => {
                let by = ["10%", "33.3%", "250%", "-40%", "-0.01%"][below(5)];
                let scope = Some(scope).filter(|_| below(2) == 0);
                Change::Grow { versions, scope, by: growth(by).expect("growth") }
            }
            2 | 3 => {
                let by = growth(["12", "-6", "1", "-100"][below(4)]).expect("growth");
                Change::Grow { versions: one, scope: Some(scope), by }
            }
            4..=6 => {
                let to = VersionId::at(below(estate.versions.len()));
                let share = share(["50%", "100%", "33%", "1%"][below(4)]).expect("a share");
                let from = if versions.contains(&to) { one } else { versions };
                if from.contains(&to) { Change::Retire(vec![from]) } else { Change::Migrate { from, to, share } }
            }
            7 if scopes.len() > 1 => {
                let into = scopes.iter().copied().find(|&other| other != scope).expect("there is another");
                Change::MergeScope { from: scope, into }
            }
            _ => Change::Retire(vec![one]),
        }
    }

    /// Follows a change as the reader of changes does.
    fn follow(
        bound: &mut InstallBound,
        change: &Change,
        before: &Estate,
        (estate, installed): (&Estate, &mut Installed),
    ) {
        let title = |version: VersionId| estate.versions[version].title;
        match change {
            Change::Grow { versions, scope, by } => {
                bound.look_at(title(versions.start), estate, installed);
                match (by, scope) {
                    (Growth::Add(_) | Growth::Remove(_), Some(scope)) => {
                        bound.grow_by_number(versions.start, *scope, *by);
                    }
                    _ => bound.grow_by_percent(versions, *by, |other| {
                        scope.is_none_or(|scope| before.scope_and_above(other).any(|above| above == scope))
                    }),
                }
            }
            Change::Migrate { from, to, share } => {
                bound.look_at(title(from.start), estate, installed);
                bound.look_at(title(*to), estate, installed);
                bound.migrate(from, *to, *share);
            }
            Change::Retire(ranges) => {
                for range in ranges {
                    bound.look_at(title(range.start), estate, installed);
                    bound.retire(range);
                }
            }
            Change::MergeScope { from, into } => bound.merge_scope(*from, *into),
            _ => unreachable!("not drawn"),
        }
    }

    #[test]
    fn the_bound_is_never_below_what_there_is_and_above_it_by_roundings_alone() {
        let scenarios = read(ESTATE, "licit: 1\nestate: estate.yaml\n");
        let estate = scenarios.estate();
        let mut installed = Installed::default();
        let mut met = 0;
        for seed in 0..500 {
            let mut random = SplitMix64::new(seed);
            let mut facts = Facts::of(estate.clone());
            let mut bound = InstallBound::of(estate, &mut installed);
            let mut merged = Vec::new();
            for step in 1..=6_u64 {
                let change = drawn(&mut random, estate, &merged);
                if let Change::MergeScope { from, .. } = change {
                    merged.push(from);
                }
                let before = facts.rows().clone();
                apply(&change, &mut facts, &mut Deal::default());
                follow(&mut bound, &change, &before, (estate, &mut installed));
                let there: Quantity = facts.rows().installs.iter().map(|install| install.quantity).sum();
                // Excluded installs that are retired stay in the bound; each per cent may round in each row, and what
                // was rounded grows with the rest.
                let roundings = (9 + 12 * step) * 4_u64.pow(u32::try_from(step).expect("few steps"));
                assert!(bound.total() >= there.get(), "seed {seed}, step {step}: {change:?}");
                assert!(bound.total() <= there.get() + roundings, "seed {seed}, step {step}: {change:?}");
                met += u32::from(bound.total() == there.get());
            }
        }
        assert!(met > 1_000, "{met} bounds are met");
    }

    #[test]
    fn growths_of_different_titles_do_not_multiply() {
        let count = 256;
        let mut estate = String::from("licit: 1\nas_of: 2026-11-22\ntitles:\n");
        (0..count).for_each(|title| writeln!(estate, "- {{id: t{title}, versions: [1]}}").expect("memory"));
        estate.push_str("installs:\n");
        (0..count).for_each(|title| writeln!(estate, "- {{version: t{title}@1, quantity: 1000}}").expect("memory"));
        let growths = |title: &dyn Fn(usize) -> usize| {
            let mut text = String::from("licit: 1\nestate: estate.yaml\nscenarios:\n- name: growth\n  changes:\n");
            (0..count).for_each(|index| {
                writeln!(text, "  - {{grow: t{}@*, by: 20%}}", title(index)).expect("memory");
            });
            text
        };
        assert!(try_read(&estate, &growths(&|index| index)).is_ok());
        // One title that grows as often would be too large by far; the first growth beyond the limit is named.
        let found = try_read(&estate, &growths(&|_| 0)).map(|read| read.count()).expect_err("too many");
        assert!(found[0].starts_with("E-RANGE-TOTAL"), "{found:?}");
    }
}
