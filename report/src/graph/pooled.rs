//! What writers for other programs share: nodes with names of our own, labels as lines, and rights in ranges.
//!
//! Programs that place nodes themselves draw an edge for each pair they are told. A SKU that may cover a whole range of
//! versions is therefore joined to a node for the range, one for all SKUs with the same range; what units flow on is
//! an edge of its own. So the number of edges grows with SKUs and ranges, not with their product.

use super::picture::{End, Kind, Part, Picture, Right, Supply, What};
use crate::phrase::{self as phrases, graph as phrase};
use model::id::VersionId;
use std::fmt;
use std::ops::Range;

/// From so many neighbors on, versions are a range.
const RANGE_MIN: usize = 3;

/// A node of a part, with a name that no user has chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Supply(usize, usize),
    End(usize, usize),
    Range(usize, usize),
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Supply(part, index) => write!(f, "sku{part}_{index}"),
            Self::End(part, index) => write!(f, "version{part}_{index}"),
            Self::Range(part, index) => write!(f, "range{part}_{index}"),
        }
    }
}

/// The rights of a part.
pub(super) struct Rights {
    /// Neighboring ends that some SKU may cover together, by their first.
    pub(super) ranges: Vec<Range<usize>>,
    /// SKUs with rights of their own edge, used ones among them.
    pub(super) direct: Vec<(usize, Right)>,
    /// SKUs with the ranges that they may cover.
    pub(super) through: Vec<(usize, usize)>,
}

/// The rights of a part, whole ranges as one.
pub(super) fn pooled(part: &Part) -> Rights {
    let runs: Vec<(usize, &[Right])> = (part.supplies.iter().enumerate())
        .flat_map(|(index, supply)| {
            let is_next = |one: &Right, other: &Right| {
                one.end + 1 == other.end && one.kind == other.kind && !part.title_starts.contains(&other.end)
            };
            supply.rights.chunk_by(is_next).map(move |run| (index, run))
        })
        .collect();
    let range = |run: &[Right]| (run.len() >= RANGE_MIN).then(|| run[0].end..run[run.len() - 1].end + 1);
    let mut ranges: Vec<Range<usize>> = runs.iter().filter_map(|(_, run)| range(run)).collect();
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    ranges.dedup();
    let (mut direct, mut through) = (Vec::new(), Vec::new());
    for (supply, run) in runs {
        let position = range(run).and_then(|range| ranges.iter().position(|known| *known == range));
        through.extend(position.map(|position| (supply, position)));
        let own_edge = run.iter().filter(|right| position.is_none() || !right.used.is_zero());
        direct.extend(own_edge.map(|&right| (supply, right)));
    }
    Rights { ranges, direct, through }
}

/// A kind of right at an edge.
pub(super) const fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Own => "own",
        Kind::Downgrade => "older",
        Kind::Newer => "newer",
        Kind::Cross => "other title",
        Kind::SetAside => "set aside",
    }
}

/// A SKU and its lots, a line for each.
pub(super) fn lots(picture: &Picture<'_>, supply: &Supply) -> Vec<String> {
    let estate = picture.estate();
    let sku = &estate.skus[supply.sku];
    let kind = phrase::sku_kind(sku);
    let kind = if kind.is_empty() { String::new() } else { format!(" ({kind})") };
    let mut lines = vec![format!("SKU {}: {}{kind}", sku.id, estate.version_text(sku.version))];
    for lot in &supply.lots {
        let row = &picture.position.certified.figures().licenses[lot.license];
        lines.push(format!("lot {}{}", phrase::lot_tip(estate, lot.license, row), marks(&lot.marks)));
    }
    lines
}

/// A version with its demand, or what is set aside.
pub(super) fn version_lines(picture: &Picture<'_>, end: &End) -> Vec<String> {
    let estate = picture.estate();
    match end.what {
        What::Version(version) => {
            let position = picture.position;
            let row = &position.certified.figures().versions[version];
            let status = phrases::status(&position.derived.versions[version]);
            let name = format!("version {}", estate.version_text(version));
            vec![
                name,
                format!("status {status}{}", marks(&end.marks)),
                format!("demand: {}", phrase::demand(estate, version, row)),
            ]
        }
        What::SetAside(quantity) => vec![phrase::SET_ASIDE.to_owned(), format!("for {}", phrase::set_aside(quantity))],
    }
}

/// The ends of each title, and what is no version.
pub(super) fn titles(part: &Part) -> (Vec<Range<usize>>, Range<usize>) {
    let versions = part.ends.iter().take_while(|end| matches!(end.what, What::Version(_))).count();
    let ends = part.title_starts.iter().skip(1).copied().chain([versions]);
    (part.title_starts.iter().zip(ends).map(|(&start, end)| start..end).collect(), versions..part.ends.len())
}

fn marks(marks: &[usize]) -> String {
    let names: Vec<String> = marks.iter().map(|&mark| phrase::mark(mark)).collect();
    if names.is_empty() { String::new() } else { format!(" [{}]", names.join(", ")) }
}

impl Picture<'_> {
    /// The heading of the title whose first version is at `start`.
    pub(super) fn heading(&self, part: &Part, start: usize) -> String {
        let version = version_at(part, start).expect("a title starts with a version");
        format!("title {}", phrase::title_heading(self.estate(), self.estate().versions[version].title))
    }

    /// A range of ends in words.
    pub(super) fn range_text(&self, part: &Part, range: &Range<usize>) -> String {
        let versions: Vec<VersionId> = range.clone().filter_map(|end| version_at(part, end)).collect();
        format!("versions {}", phrase::ranges(self.estate(), &versions))
    }
}

fn version_at(part: &Part, end: usize) -> Option<VersionId> {
    match part.ends[end].what {
        What::Version(version) => Some(version),
        What::SetAside(_) => None,
    }
}
