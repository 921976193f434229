//! Where units go: lots, the upgrades that stand on them, and what they cover, as one picture with widths in proportion.
//!
//! ```text
//! Position -> Flow -> Layout -> SVG
//!             add up  place  \-> table (the same in numbers)
//! ```
//!
//! A [`Flow`] is data: nodes in columns and links between them. A lot is as high as it has units, a version as there is
//! demand for it: what is idle, unusable or uncovered is the part of a node that no link leaves or enters, and so as
//! visible as what is used. Every figure is of the certified allocation; sums are of its rows. The layout is geometry and
//! knows no license.
//!
//! *Cannot*: show more than some nodes in a column; the smallest ones are gathered in one, with their number.

mod layout;
mod svg;

#[cfg(test)]
mod tests;

use crate::grid::Alignment::{Left, Right};
use crate::grid::{Cell, Grid};
use crate::phrase::flow as words;
use checker::Certified;
use checker::allocation::Destination;
use checker::evidence::NamedDemand;
use model::estate::Estate;
use model::id::{LicenseId, Table, TitleId, VersionId, ids_in};
use model::number::Quantity;
use solver::Position;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Most nodes in a column of the picture of a title, and in one of upgrades alone.
const TITLE_NODES_MAX: Most = Most { nodes: 40, upgrades: 40 };
/// The same in the picture of the estate, where much passes the columns of upgrades.
const ESTATE_NODES_MAX: Most = Most { nodes: 14, upgrades: 5 };

/// Most nodes of a column.
#[derive(Clone, Copy)]
struct Most {
    nodes: usize,
    upgrades: usize,
}

/// Nodes from left to right, and what flows between them.
pub(super) struct Flow {
    /// By column, each in the order of the estate.
    nodes: Vec<Node>,
    links: Vec<Link>,
}

/// A lot, a version, or several of them.
struct Node {
    key: Key,
    column: usize,
    amounts: Amounts,
    /// How many it stands for.
    count: usize,
    /// The shortage sets that name it, from 1.
    marks: Vec<usize>,
}

/// Units or demand of a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Amounts {
    /// In links.
    used: Quantity,
    /// Units that nothing uses.
    idle: Quantity,
    /// Units with nothing to stand on, or demand without an entitlement.
    bad: Quantity,
}

/// Units from one node to another; positions among the nodes.
struct Link {
    from: usize,
    to: usize,
    quantity: Quantity,
}

/// What a node is, in the order from top to bottom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    Lot(LicenseId),
    /// The lots of a title in a column.
    Lots(TitleId, usize),
    Version(VersionId),
    /// The demand for a title.
    Demand(TitleId),
    /// The small ones of a column of lots.
    SmallerLots(usize),
    /// The small ones of the last column.
    SmallerEnds,
    /// Versions of other titles.
    Elsewhere,
    SetAside,
}

/// What is added up before it is put in order.
#[derive(Default)]
struct Draft {
    nodes: BTreeMap<Key, (usize, Amounts)>,
    links: BTreeMap<(Key, Key), Quantity>,
}

impl Flow {
    /// The lots of a title and all that covers its versions; nothing where there is neither.
    pub(super) fn of_title(position: &Position<'_>, title: TitleId) -> Option<Self> {
        let certified = &position.certified;
        let estate = certified.estate();
        let is_own = |license: LicenseId| estate.versions[estate.sku_of(license).version].title == title;
        let columns = columns(certified);
        let end_column = columns.iter().max().map_or(1, |&last| last + 1);
        let mut draft = Draft::default();
        for version in ids_in(&estate.titles[title].versions) {
            let row = certified.figures().versions[version];
            let amounts = Amounts { bad: row.uncovered, ..Amounts::default() };
            draft.add(Key::Version(version), end_column, amounts);
        }
        for license in estate.licenses.ids().filter(|&license| is_own(license)) {
            draft.add(Key::Lot(license), columns[license], unused(certified, license));
        }
        for (path, destination, quantity, _) in certified.allocation().uses(estate) {
            let end = match destination {
                Destination::Demand(key) if estate.versions[key.version].title == title => Key::Version(key.version),
                Destination::Demand(_) => Key::Elsewhere,
                Destination::SetAside(_) => Key::SetAside,
            };
            if matches!(end, Key::Version(_)) || path.iter().any(|unit| is_own(unit.license)) {
                let path = path.iter().map(|unit| (Key::Lot(unit.license), columns[unit.license]));
                draft.flow(path.chain([(end, end_column)]), quantity);
            }
        }
        draft.finish(certified, TITLE_NODES_MAX)
    }

    /// The estate, a node for each title, the small ones gathered; nothing where nothing is owned and demanded.
    pub(super) fn of_estate(position: &Position<'_>) -> Option<Self> {
        let certified = &position.certified;
        let estate = certified.estate();
        let columns = columns(certified);
        let end_column = columns.iter().max().map_or(1, |&last| last + 1);
        let lots = |license: LicenseId| {
            let title = estate.versions[estate.sku_of(license).version].title;
            (Key::Lots(title, columns[license]), columns[license])
        };
        let mut draft = Draft::default();
        for (version, row) in certified.figures().versions.enumerate() {
            let amounts = Amounts { bad: row.uncovered, ..Amounts::default() };
            draft.add(Key::Demand(estate.versions[version].title), end_column, amounts);
        }
        for license in estate.licenses.ids() {
            let (key, column) = lots(license);
            draft.add(key, column, unused(certified, license));
        }
        for (path, destination, quantity, _) in certified.allocation().uses(estate) {
            let end = match destination {
                Destination::Demand(key) => Key::Demand(estate.versions[key.version].title),
                Destination::SetAside(_) => Key::SetAside,
            };
            let path = path.iter().map(|unit| lots(unit.license));
            draft.flow(path.chain([(end, end_column)]), quantity);
        }
        draft.finish(certified, ESTATE_NODES_MAX)
    }

    /// The shortage sets that name something shown, from 1.
    pub(super) fn marks(&self) -> Vec<usize> {
        let marks: BTreeSet<usize> = self.nodes.iter().flat_map(|node| node.marks.iter().copied()).collect();
        marks.into_iter().collect()
    }

    /// The same as a table: what flows, then what does not.
    pub(super) fn grid(&self, estate: &Estate) -> Grid {
        let mut grid = Grid::new(&[("From", Left), ("To", Left), ("Units", Right), ("State", Left)]);
        let name = |position: usize| words::name(estate, self.nodes[position].key, self.nodes[position].count);
        for link in &self.links {
            let ends = [name(link.from), name(link.to)];
            grid.push(row(&ends[0], &ends[1], link.quantity, words::USED));
        }
        for (position, node) in self.nodes.iter().enumerate() {
            if !node.amounts.idle.is_zero() {
                grid.push(row(&name(position), "", node.amounts.idle, words::IDLE));
            }
            if !node.amounts.bad.is_zero() {
                let (from, to, state) = if node.key.is_end() {
                    (String::new(), name(position), words::UNCOVERED)
                } else {
                    (name(position), String::new(), words::UNUSABLE)
                };
                grid.push(row(&from, &to, node.amounts.bad, state));
            }
        }
        grid
    }

    /// All of it in a sentence.
    pub(super) fn description(&self) -> String {
        let sum = |is_end: bool, part: fn(&Amounts) -> Quantity| -> Quantity {
            self.nodes.iter().filter(|node| node.key.is_end() == is_end).map(|node| part(&node.amounts)).sum()
        };
        words::description(
            [sum(true, |amounts| amounts.used), sum(true, |amounts| amounts.bad)],
            [sum(false, |amounts| amounts.idle), sum(false, |amounts| amounts.bad)],
        )
    }
}

fn row(from: &str, to: &str, units: Quantity, state: &str) -> Vec<Cell> {
    vec![Cell::new(from), Cell::new(to), Cell::number(units.get()), Cell::new(state)]
}

/// What nothing uses of a lot.
fn unused(certified: &Certified<'_>, license: LicenseId) -> Amounts {
    let row = certified.figures().licenses[license];
    Amounts { used: Quantity::ZERO, idle: row.idle.unwrap_or_default(), bad: row.unusable }
}

/// The column of each lot: further right than all that it stands on, and upgrades never in the first.
fn columns(certified: &Certified<'_>) -> Table<LicenseId, usize> {
    let estate = certified.estate();
    let first = |license: LicenseId| usize::from(estate.sku_of(license).is_upgrade());
    let mut columns = Table::new(estate.licenses.ids().map(first).collect());
    let stacked = certified.allocation().uses(estate).flat_map(|(path, ..)| path.windows(2));
    let pairs: BTreeSet<(LicenseId, LicenseId)> = stacked.map(|pair| (pair[0].license, pair[1].license)).collect();
    // Upgrade rights form no cycle, so that columns settle within the length of the longest chain.
    loop {
        let is_behind = |&&(below, above): &&(LicenseId, LicenseId)| columns[above] <= columns[below];
        let behind: Vec<(LicenseId, LicenseId)> = pairs.iter().filter(is_behind).copied().collect();
        if behind.is_empty() {
            return columns;
        }
        for (below, above) in behind {
            columns[above] = columns[below] + 1;
        }
    }
}

impl Key {
    /// Whether it is where units go, not where they are from.
    const fn is_end(self) -> bool {
        matches!(self, Self::Version(_) | Self::Demand(_) | Self::SmallerEnds | Self::Elsewhere | Self::SetAside)
    }
}

impl Amounts {
    fn total(self) -> Quantity {
        self.used + self.idle + self.bad
    }

    fn add(&mut self, other: Self) {
        self.used += other.used;
        self.idle += other.idle;
        self.bad += other.bad;
    }
}

impl Draft {
    fn add(&mut self, key: Key, column: usize, amounts: Amounts) {
        self.nodes.entry(key).or_insert((column, Amounts::default())).1.add(amounts);
    }

    /// Units that go from each of some nodes to the next.
    fn flow(&mut self, path: impl Iterator<Item = (Key, usize)>, quantity: Quantity) {
        let mut before = None;
        for (key, column) in path {
            self.add(key, column, Amounts { used: quantity, ..Amounts::default() });
            if let Some(before) = before.replace(key) {
                *self.links.entry((before, key)).or_default() += quantity;
            }
        }
    }

    /// Leaves out what is nothing, gathers the smallest nodes of each column, and marks what shortage sets name.
    fn finish(mut self, certified: &Certified<'_>, most: Most) -> Option<Flow> {
        self.nodes.retain(|_, (_, amounts)| !amounts.total().is_zero());
        // Columns that nothing stands in are no columns.
        let used: BTreeSet<usize> = self.nodes.values().map(|&(column, _)| column).collect();
        let column_of: BTreeMap<usize, usize> = used.iter().enumerate().map(|(new, &old)| (old, new)).collect();
        let gathered = self.gathered(&column_of, most);
        let marks = marks(certified);
        let mut nodes: BTreeMap<Key, Node> = BTreeMap::new();
        for (&key, &(column, amounts)) in &self.nodes {
            let column = column_of[&column];
            let shown = gathered.get(&key).copied().unwrap_or(key);
            let node = nodes.entry(shown).or_insert_with(|| Node {
                key: shown,
                column,
                amounts: Amounts::default(),
                count: 0,
                marks: Vec::new(),
            });
            node.amounts.add(amounts);
            node.count += 1;
            node.marks.extend(marks.get(&key).into_iter().flatten());
        }
        let positions: BTreeMap<Key, usize> =
            nodes.keys().enumerate().map(|(position, &key)| (key, position)).collect();
        let mut links: BTreeMap<(usize, usize), Quantity> = BTreeMap::new();
        for (&(from, to), &quantity) in &self.links {
            let position = |key: Key| positions[gathered.get(&key).unwrap_or(&key)];
            *links.entry((position(from), position(to))).or_default() += quantity;
        }
        let mut nodes: Vec<Node> = nodes.into_values().collect();
        for node in &mut nodes {
            node.marks.sort_unstable();
            node.marks.dedup();
        }
        let links = links.into_iter().map(|((from, to), quantity)| Link { from, to, quantity });
        (!nodes.is_empty()).then(|| Flow { nodes, links: links.collect() })
    }

    /// What stands for the smallest nodes of each column that has too many.
    fn gathered(&self, column_of: &BTreeMap<usize, usize>, most: Most) -> BTreeMap<Key, Key> {
        let mut by_column: BTreeMap<(bool, usize), Vec<Key>> = BTreeMap::new();
        for (&key, &(column, _)) in &self.nodes {
            by_column.entry((key.is_end(), column_of[&column])).or_default().push(key);
        }
        let mut gathered = BTreeMap::new();
        for ((is_end, column), mut keys) in by_column {
            let most = if is_end || column == 0 { most.nodes } else { most.upgrades };
            if keys.len() > most {
                keys.sort_unstable_by_key(|key| (Reverse(self.nodes[key].1.total()), *key));
                let smaller = if is_end { Key::SmallerEnds } else { Key::SmallerLots(column) };
                gathered.extend(keys[most - 1..].iter().map(|&key| (key, smaller)));
            }
        }
        gathered
    }
}

/// The shortage sets that name each lot and version, from 1.
fn marks(certified: &Certified<'_>) -> BTreeMap<Key, Vec<usize>> {
    let mut marks: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
    for (index, set) in certified.evidence().shortages.iter().enumerate() {
        let lots = set.units.iter().map(|unit| Key::Lot(unit.license));
        let versions = set.demands.iter().filter_map(|(demand, _)| match demand {
            NamedDemand::Installs(key) => Some(Key::Version(key.version)),
            NamedDemand::Reserved(..) | NamedDemand::SetAside(..) => None,
        });
        let named: BTreeSet<Key> = lots.chain(versions).collect();
        for key in named {
            marks.entry(key).or_default().push(index + 1);
        }
    }
    marks
}
