//! What is drawn: a title with everything that rights connect to it, or all parts of an estate.
//!
//! SKUs connect their main version, what they may cover and what they may be stacked on, if some lot of them is there.
//! Versions of a title belong together. Takes time linear in the rights.

use crate::phrase::graph as phrase;
use checker::Certified;
use model::estate::Estate;
use model::id::{Id, LicenseId, SkuId, Table, TitleId, VersionId, ids_in};
use std::collections::BTreeMap;
use std::fmt;

/// Most SKUs and versions in a picture: beyond that nobody can read it.
pub const BOXES_MAX: usize = 400;
/// Most titles suggested in place of an estate that is too large.
const SUGGESTED_MAX: usize = 3;

/// Why there is no picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TooLarge {
    /// How many SKUs and versions it would have.
    boxes: usize,
    /// Whether a title was asked for.
    is_of_title: bool,
    /// Titles whose pictures are small enough: those with most demand uncovered first, then with most demand.
    suggested: Vec<String>,
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&phrase::too_large(self.boxes, self.is_of_title, &self.suggested))
    }
}

impl std::error::Error for TooLarge {}

/// What is drawn.
pub(super) struct Chosen {
    pub(super) parts: Vec<Part>,
    pub(super) notes: Vec<String>,
}

/// What rights connect.
#[derive(Default)]
pub(super) struct Part {
    /// By id, with their lots by id.
    pub(super) skus: Vec<(SkuId, Vec<LicenseId>)>,
    /// In their order.
    pub(super) versions: Vec<VersionId>,
}

impl Part {
    fn boxes(&self) -> usize {
        self.skus.len() + self.versions.len()
    }
}

/// Chooses what is drawn for a title, or for the estate if none is given.
pub(super) fn choose(certified: &Certified<'_>, title: Option<TitleId>) -> Result<Chosen, TooLarge> {
    let estate = certified.estate();
    let parts = parts(estate);
    if let Some(title) = title {
        let version = estate.titles[title].versions.start;
        let part = parts.into_iter().find(|part| part.versions.contains(&version));
        let part = part.expect("every version is in a part");
        return match part.boxes() {
            boxes if boxes > BOXES_MAX => Err(TooLarge { boxes, is_of_title: true, suggested: Vec::new() }),
            _ => Ok(Chosen { parts: vec![part], notes: Vec::new() }),
        };
    }
    let installed =
        |part: &Part| part.versions.iter().any(|&version| !certified.figures().versions[version].installed.is_zero());
    let (drawn, empty): (Vec<Part>, Vec<Part>) =
        parts.into_iter().partition(|part| !part.skus.is_empty() || installed(part));
    let boxes = drawn.iter().map(Part::boxes).sum();
    if boxes > BOXES_MAX {
        return Err(TooLarge { boxes, is_of_title: false, suggested: suggested(certified, &drawn) });
    }
    let notes = if empty.is_empty() { Vec::new() } else { vec![phrase::empty_titles(empty.len())] };
    Ok(Chosen { parts: drawn, notes })
}

/// Titles of parts that are small enough, those first that are most worth a look.
fn suggested(certified: &Certified<'_>, parts: &[Part]) -> Vec<String> {
    let (estate, figures) = (certified.estate(), &certified.figures().versions);
    let mut titles: Vec<_> = (parts.iter())
        .filter(|part| part.boxes() <= BOXES_MAX)
        .map(|part| {
            let worst = part.versions.iter().max_by_key(|&&version| {
                (figures[version].uncovered, figures[version].demand, std::cmp::Reverse(version))
            });
            let worst = *worst.expect("a part has a version");
            (std::cmp::Reverse((figures[worst].uncovered, figures[worst].demand)), estate.versions[worst].title)
        })
        .collect();
    titles.sort_unstable();
    titles.into_iter().take(SUGGESTED_MAX).map(|(_, title)| estate.titles[title].id.clone()).collect()
}

/// All versions and all SKUs with lots, in parts that no right connects, by first version.
fn parts(estate: &Estate) -> Vec<Part> {
    let mut lots: BTreeMap<SkuId, Vec<LicenseId>> = BTreeMap::new();
    for (id, license) in estate.licenses.enumerate() {
        lots.entry(license.sku).or_default().push(id);
    }
    let mut sets = Sets::new(estate.versions.len());
    for title in &estate.titles {
        ids_in(&title.versions).for_each(|version| sets.join(title.versions.start, version));
    }
    for &id in lots.keys() {
        let sku = &estate.skus[id];
        for &version in sku.may_cover.iter().chain(sku.upgrades.iter().flatten()) {
            sets.join(sku.version, version);
        }
    }
    let mut parts: BTreeMap<VersionId, Part> = BTreeMap::new();
    for version in estate.versions.ids() {
        parts.entry(sets.first(version)).or_default().versions.push(version);
    }
    for (id, lots) in lots {
        let part = sets.first(estate.skus[id].version);
        parts.entry(part).or_default().skus.push((id, lots));
    }
    parts.into_values().collect()
}

/// Disjoint sets of versions, each known by its first.
struct Sets {
    above: Table<VersionId, VersionId>,
}

impl Sets {
    fn new(count: usize) -> Self {
        Self { above: Table::new((0..count).map(VersionId::at).collect()) }
    }

    fn first(&mut self, version: VersionId) -> VersionId {
        let mut at = version;
        while self.above[at] != at {
            // Halving the path keeps the next walk short.
            self.above[at] = self.above[self.above[at]];
            at = self.above[at];
        }
        at
    }

    fn join(&mut self, one: VersionId, other: VersionId) {
        let (one, other) = (self.first(one), self.first(other));
        self.above[one.max(other)] = one.min(other);
    }
}
