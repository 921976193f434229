//! The picture as data: who supplies, who demands, and what connects them.

use super::choice::{self, Chosen, TooLarge};
use super::order;
use crate::phrase::{self, graph as words};
use checker::evidence::NamedDemand;
use checker::views::Flows;
use model::estate::Estate;
use model::id::{LicenseId, SkuId, Table, TitleId, VersionId, ids_in};
use model::number::Quantity;
use solver::Position;
use std::collections::BTreeMap;

/// Most versions that a description names.
const DESCRIBED_MAX: usize = 60;

/// The version rights of an estate, or of one title and what rights connect to it.
#[derive(Clone, Debug)]
pub struct Picture<'p> {
    /// The position it shows.
    pub(super) position: &'p Position<'p>,
    /// The title that was asked for; none for the whole estate.
    pub(super) title: Option<TitleId>,
    /// Parts that no right connects, by their first titles.
    pub(super) parts: Vec<Part>,
    /// Shortage sets that concern what is drawn, in the order of the position; their marks are positions here, from 1.
    pub(super) shortages: Vec<String>,
    /// What is left out and why, in sentences.
    pub(super) notes: Vec<String>,
}

/// SKUs and versions that rights connect.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    /// From top to bottom.
    pub(super) supplies: Vec<Supply>,
    /// From top to bottom: title after title, oldest version first, then what is set aside.
    pub(super) ends: Vec<End>,
    /// The ends that are the first version of a title.
    pub(super) title_starts: Vec<usize>,
    /// Which SKU an upgrade may stand on, sorted.
    pub(super) stacks: Vec<Stack>,
}

/// A SKU with lots.
#[derive(Clone, Debug)]
pub(super) struct Supply {
    pub(super) sku: SkuId,
    /// Its lots, by id.
    pub(super) lots: Vec<Lot>,
    /// What it may cover, by position of the end; then what it is set aside for.
    pub(super) rights: Vec<Right>,
    /// Whether no lot counts on the day of the position.
    pub(super) is_lapsed: bool,
}

/// A lot of a supply.
#[derive(Clone, Debug)]
pub(super) struct Lot {
    pub(super) license: LicenseId,
    /// The shortage sets that name it.
    pub(super) marks: Vec<usize>,
}

/// What units may go to.
#[derive(Clone, Debug)]
pub(super) struct End {
    pub(super) what: What,
    /// The shortage sets that name it.
    pub(super) marks: Vec<usize>,
}

/// What an end is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A version.
    Version(VersionId),
    /// Assignments for which entitlements are set aside, so many.
    SetAside(Quantity),
}

/// A right to cover, and what is covered by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Right {
    /// The position of the end.
    pub(super) end: usize,
    pub(super) kind: Kind,
    /// The units that flow.
    pub(super) used: Quantity,
}

/// How a SKU's main version relates to what it may cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// It is the main version.
    Own,
    /// An older one of the title.
    Downgrade,
    /// A newer one of the title.
    Newer,
    /// One of another title or edition.
    Cross,
    /// An assignment.
    SetAside,
}

/// A right to stand on the entitlements of a SKU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stack {
    /// The position of the SKU that is stood on.
    pub(super) below: usize,
    /// The position of the upgrade.
    pub(super) above: usize,
    /// The units that flow.
    pub(super) used: Quantity,
}

impl Kind {
    /// All of versions.
    pub(super) const ALL: [Self; 4] = [Self::Own, Self::Downgrade, Self::Newer, Self::Cross];

    fn of(estate: &Estate, main: VersionId, version: VersionId) -> Self {
        if main == version {
            Self::Own
        } else if estate.versions[main].title != estate.versions[version].title {
            Self::Cross
        } else if version < main {
            Self::Downgrade
        } else {
            Self::Newer
        }
    }
}

impl<'p> Picture<'p> {
    /// The picture of a title and of everything that rights connect to it, or of the whole estate.
    ///
    /// # Errors
    /// [`TooLarge`] if it would have more than [`BOXES_MAX`](super::BOXES_MAX) SKUs and versions.
    pub fn of(position: &'p Position<'p>, title: Option<TitleId>) -> Result<Self, TooLarge> {
        let certified = &position.certified;
        let Chosen { parts, notes } = choice::choose(certified, title)?;
        let flows = certified.flows();
        let (shortages, marks) = shortages(position, &parts);
        let parts = parts.iter().map(|part| Part::of(position, part, &flows, &marks)).collect();
        Ok(Self { position, title, parts, shortages, notes })
    }

    /// The picture in words, for those who do not see it: every version with its demand, as far as that can be listened
    /// to, and every shortage.
    pub(super) fn description(&self) -> String {
        let ends = self.parts.iter().flat_map(|part| &part.ends);
        let versions: Vec<VersionId> = (ends.filter_map(|end| match end.what {
            What::Version(version) => Some(version),
            What::SetAside(_) => None,
        }))
        .collect();
        let mut sentences: Vec<String> = (versions.iter().take(DESCRIBED_MAX))
            .map(|&version| words::version(self.estate(), self.position, version))
            .collect();
        if versions.len() > DESCRIBED_MAX {
            sentences.push(phrase::and_more(versions.len() - DESCRIBED_MAX));
        }
        let shortages = self.shortages.iter().enumerate();
        sentences.extend(shortages.map(|(index, sentence)| format!("{}: {sentence}", words::mark(index + 1))));
        sentences.join(". ")
    }

    /// The facts of the position.
    pub(super) fn estate(&self) -> &'p Estate {
        self.position.certified.estate()
    }
}

/// Which shortage sets name a license or a version.
struct Marks {
    licenses: BTreeMap<LicenseId, Vec<usize>>,
    versions: BTreeMap<VersionId, Vec<usize>>,
}

/// The sets that name something chosen, in words, and what they name.
fn shortages(position: &Position<'_>, parts: &[choice::Part]) -> (Vec<String>, Marks) {
    let certified = &position.certified;
    let estate = certified.estate();
    let mut is_drawn = Table::filled(false, estate.versions.len());
    for version in parts.iter().flat_map(|part| &part.versions) {
        is_drawn[*version] = true;
    }
    let mut marks = Marks { licenses: BTreeMap::new(), versions: BTreeMap::new() };
    let mut phrases = Vec::new();
    for set in &certified.evidence().shortages {
        let licenses: Vec<LicenseId> = set.units.iter().map(|unit| unit.license).collect();
        let versions: Vec<VersionId> = (set.demands.iter())
            .flat_map(|&(demand, _)| match demand {
                NamedDemand::Installs(key) => vec![key.version],
                NamedDemand::Reserved(license, _) => vec![estate.sku_of(license).version],
                NamedDemand::SetAside(title, _) => ids_in(&estate.titles[title].versions).collect(),
            })
            .collect();
        if !versions.iter().any(|&version| is_drawn[version]) {
            continue;
        }
        phrases.push(phrase::shortage(estate, set));
        let mark = phrases.len();
        for license in licenses {
            push_once(marks.licenses.entry(license).or_default(), mark);
        }
        let installed = set.demands.iter().filter_map(|(demand, _)| match demand {
            NamedDemand::Installs(key) => Some(key.version),
            NamedDemand::Reserved(..) | NamedDemand::SetAside(..) => None,
        });
        installed.for_each(|version| push_once(marks.versions.entry(version).or_default(), mark));
    }
    (phrases, marks)
}

/// Marks come in ascending order.
fn push_once(marks: &mut Vec<usize>, mark: usize) {
    if marks.last() != Some(&mark) {
        marks.push(mark);
    }
}

impl Part {
    fn of(position: &Position<'_>, chosen: &choice::Part, flows: &Flows, marks: &Marks) -> Self {
        let estate = position.certified.estate();
        let of = |marks: Option<&Vec<usize>>| marks.cloned().unwrap_or_default();
        let mut supplies: Vec<Supply> = (chosen.skus.iter())
            .map(|(sku, lots)| Supply {
                sku: *sku,
                lots: (lots.iter()).map(|&license| Lot { license, marks: of(marks.licenses.get(&license)) }).collect(),
                rights: Vec::new(),
                is_lapsed: !lots.iter().any(|&license| estate.is_active(license)),
            })
            .collect();
        let versions = order::arrange(estate, &mut supplies, &chosen.versions);
        let set_aside = supplies.iter().filter_map(|supply| flows.set_aside.get(&supply.sku)).copied().sum();
        let mut ends: Vec<End> = (versions.iter())
            .map(|&version| End { what: What::Version(version), marks: of(marks.versions.get(&version)) })
            .collect();
        if set_aside > Quantity::ZERO {
            ends.push(End { what: What::SetAside(set_aside), marks: Vec::new() });
        }
        for supply in &mut supplies {
            supply.rights = rights(estate, supply.sku, &versions, flows);
        }
        let title = |version: VersionId| estate.versions[version].title;
        let is_first = |&end: &usize| end == 0 || title(versions[end - 1]) != title(versions[end]);
        let title_starts = (0..versions.len()).filter(is_first).collect();
        let stacks = stacks(estate, &supplies, flows);
        Self { supplies, ends, title_starts, stacks }
    }
}

fn rights(estate: &Estate, id: SkuId, versions: &[VersionId], flows: &Flows) -> Vec<Right> {
    let sku = &estate.skus[id];
    let covering = versions.iter().enumerate().filter(|&(_, &version)| sku.may_cover(version));
    let mut rights: Vec<Right> = covering
        .map(|(end, &version)| Right {
            end,
            kind: Kind::of(estate, sku.version, version),
            used: flows.covering.get(&(id, version)).copied().unwrap_or_default(),
        })
        .collect();
    if let Some(&used) = flows.set_aside.get(&id) {
        rights.push(Right { end: versions.len(), kind: Kind::SetAside, used });
    }
    rights
}

fn stacks(estate: &Estate, supplies: &[Supply], flows: &Flows) -> Vec<Stack> {
    let mut stacks = Vec::new();
    for (above, upgrade) in supplies.iter().enumerate() {
        let sku = &estate.skus[upgrade.sku];
        for (below, stood_on) in supplies.iter().enumerate() {
            if sku.may_upgrade(estate.skus[stood_on.sku].version) {
                let used = flows.stacked.get(&(stood_on.sku, upgrade.sku)).copied().unwrap_or_default();
                stacks.push(Stack { below, above, used });
            }
        }
    }
    stacks
}
