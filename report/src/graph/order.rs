//! Which SKU and which title stands above which: so that few lines cross.
//!
//! The barycenter method (Sugiyama, Tagawa, Toda 1981): SKUs and titles take turns in being sorted by the mean position
//! of what they are connected to, and the order with the fewest crossings is kept, the first of several. Versions of a
//! title stay in their order, oldest first. Means are compared as fractions and ties broken by ids, so that the same
//! facts give the same order.

use super::picture::Supply;
use model::estate::Estate;
use model::id::{TitleId, VersionId};
use std::cmp::Ordering;

/// How often SKUs and titles are sorted: after a few rounds little changes.
const ROUNDS: usize = 8;

/// Sorts supplies, and gives the versions in the order in which they stand.
pub(super) fn arrange(estate: &Estate, supplies: &mut [Supply], versions: &[VersionId]) -> Vec<VersionId> {
    let mut titles: Vec<Vec<VersionId>> =
        versions.chunk_by(|one, other| title(estate, *one) == title(estate, *other)).map(<[_]>::to_vec).collect();
    let mut best: Option<(usize, Vec<Vec<VersionId>>, Vec<Supply>)> = None;
    for _ in 0..ROUNDS {
        let row_of = rows(&titles);
        let key = |supply: &Supply| {
            let sku = &estate.skus[supply.sku];
            let rows = sku.may_cover.iter().filter_map(|&version| row(&row_of, version));
            (Mean::of(rows), sku.version, sku.is_upgrade(), supply.sku)
        };
        supplies.sort_by_cached_key(key);
        let crossings = crossings(estate, supplies, &row_of);
        if best.as_ref().is_none_or(|(least, ..)| crossings < *least) {
            best = Some((crossings, titles.clone(), supplies.to_vec()));
        }
        titles.sort_by_cached_key(|of_title| {
            let connected = supplies.iter().enumerate().flat_map(|(position, supply)| {
                let rights = of_title.iter().filter(|&&version| estate.skus[supply.sku].may_cover(version));
                rights.map(move |_| position)
            });
            (Mean::of(connected), of_title[0])
        });
    }
    let (_, titles, ordered) = best.expect("there is a first round");
    supplies.clone_from_slice(&ordered);
    titles.concat()
}

fn title(estate: &Estate, version: VersionId) -> TitleId {
    estate.versions[version].title
}

/// The row of each version, sorted by version.
fn rows(titles: &[Vec<VersionId>]) -> Vec<(VersionId, usize)> {
    let mut rows: Vec<_> = titles.iter().flatten().enumerate().map(|(row, &version)| (version, row)).collect();
    rows.sort_unstable();
    rows
}

fn row(rows: &[(VersionId, usize)], version: VersionId) -> Option<usize> {
    rows.binary_search_by_key(&version, |&(version, _)| version).ok().map(|index| rows[index].1)
}

/// How many pairs of rights cross if each is a straight line: for each, those above whose ends are below.
fn crossings(estate: &Estate, supplies: &[Supply], row_of: &[(VersionId, usize)]) -> usize {
    let mut ends_above = vec![0_usize; row_of.len()];
    let mut crossings = 0;
    for supply in supplies {
        let sku = &estate.skus[supply.sku];
        let rows: Vec<usize> = sku.may_cover.iter().filter_map(|&version| row(row_of, version)).collect();
        crossings += rows.iter().map(|&row| ends_above[row + 1..].iter().sum::<usize>()).sum::<usize>();
        for row in rows {
            ends_above[row] += 1;
        }
    }
    crossings
}

/// A mean of positions as a fraction; nothing stands before everything.
#[derive(Clone, Copy, Debug)]
struct Mean {
    sum: u128,
    count: u128,
}

impl Mean {
    fn of(positions: impl Iterator<Item = usize>) -> Self {
        positions.fold(Self { sum: 0, count: 0 }, |Self { sum, count }, position| Self {
            sum: sum + position as u128,
            count: count + 1,
        })
    }
}

impl Ord for Mean {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.sum * other.count.max(1)).cmp(&(other.sum * self.count.max(1)))
    }
}

impl PartialOrd for Mean {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Mean {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Mean {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_compare_as_fractions() {
        let mean = |positions: &[usize]| Mean::of(positions.iter().copied());
        assert!(mean(&[1, 2]) < mean(&[2]));
        assert!(mean(&[1, 2]) == mean(&[0, 3]));
        assert!(mean(&[0, 0, 1]) < mean(&[0, 1]));
        assert!(mean(&[]) == mean(&[0]));
    }
}
