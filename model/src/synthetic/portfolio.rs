//! What is on the market: publishers, families of titles in editions, versions over the years.

use super::shape::{Profile, Size};
use super::weights::{self, Weights};
use crate::generate::SplitMix64;
use std::collections::BTreeMap;
use std::ops::Range;

/// Popularity of editions, the lowest first.
const EDITION_WEIGHTS: [u64; 3] = [50, 35, 15];
/// Popularity of versions, the newest first: most have not moved to it yet.
const AGE_WEIGHTS: [u64; 8] = [28, 34, 18, 10, 5, 3, 1, 1];
/// The year in which the newest versions are out.
const LATEST_YEAR: i16 = 2026;

const PREFIXES: [&str; 16] = [
    "Alder", "Basalt", "Cobalt", "Dune", "Ember", "Fjord", "Garnet", "Harbor", "Indigo", "Juniper", "Kestrel",
    "Lantern", "Meadow", "Nimbus", "Onyx", "Pine",
];
const SUFFIXES: [&str; 6] = ["Soft", "Works", "Labs", "Systems", "Data", "Studio"];
const PRODUCTS: [&str; 24] = [
    "Draft", "Ledger", "Query", "Vault", "Canvas", "Post", "Sheet", "Model", "Render", "Archive", "Planner", "Deploy",
    "Monitor", "Backup", "Report", "Survey", "Script", "Scan", "Layout", "Forecast", "Catalog", "Meeting", "Design",
    "Terminal",
];
const EDITIONS: [(&str, &str); 3] = [("std", "Standard"), ("pro", "Professional"), ("ent", "Enterprise")];

/// All families, most popular in no particular place.
#[derive(Clone, Debug)]
pub(super) struct Portfolio {
    pub(super) families: Vec<Family>,
    pub(super) titles: Vec<Title>,
    /// The title of each version; those of a title stand together, oldest first.
    pub(super) title_of: Vec<usize>,
    /// How versions are drawn.
    popularity: Weights,
}

/// Titles that differ in their edition alone.
#[derive(Clone, Debug)]
pub(super) struct Family {
    pub(super) publisher: String,
    pub(super) name: String,
    /// Its titles, the lowest edition first.
    pub(super) titles: Range<usize>,
    /// Its versions, oldest first; all editions have them.
    pub(super) releases: Vec<Release>,
    pub(super) terms: Terms,
    /// Families that upgrade rights connect have the same number here.
    pub(super) component: usize,
}

/// A version of a family.
#[derive(Clone, Debug)]
pub(super) struct Release {
    pub(super) name: String,
    pub(super) year: i16,
}

/// What a publisher lets its customers do.
#[derive(Clone, Debug)]
pub(super) struct Terms {
    /// So many older versions may be used instead.
    pub(super) downgrades: usize,
    /// An edition may be used as a lower one.
    pub(super) covers_lower_editions: bool,
    /// What upgrades are sold from, if any are.
    pub(super) upgrades: Option<UpgradeTerms>,
    pub(super) has_subscriptions: bool,
    /// Units are sold that must be assigned.
    pub(super) has_gated: bool,
    /// An earlier family whose customers may upgrade to this one.
    pub(super) rival: Option<usize>,
}

/// What upgrades are sold from.
#[derive(Clone, Copy, Debug)]
pub(super) struct UpgradeTerms {
    /// So many versions back.
    pub(super) back: usize,
    /// From the edition below too.
    pub(super) is_from_lower_edition: bool,
}

/// An edition of a family.
#[derive(Clone, Debug)]
pub(super) struct Title {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) family: usize,
    /// 0 for the lowest.
    pub(super) edition: usize,
    /// Its oldest version.
    pub(super) first_version: usize,
    pub(super) is_active: bool,
    pub(super) is_tracked_by_assignments: bool,
    pub(super) is_unlimited: bool,
}

impl Portfolio {
    pub(super) fn draw(random: &mut SplitMix64, size: &Size, profile: &Profile) -> Self {
        let mut portfolio =
            Self { families: Vec::new(), titles: Vec::new(), title_of: Vec::new(), popularity: Weights::new([]) };
        let mut names = Names::new();
        let mut publishers = 0;
        let mut of_publisher = 0;
        while portfolio.title_of.len() < size.versions() {
            if of_publisher == 0 {
                publishers += 1;
                of_publisher = 1 + random.below(5);
            }
            of_publisher -= 1;
            let left = size.versions() - portfolio.title_of.len();
            let publisher = publisher(publishers - 1);
            let name = family_name(&mut names, &publisher, portfolio.families.len());
            portfolio.add_family(random, publisher, name, left, profile);
        }
        portfolio.popularity = portfolio.popularity(random);
        portfolio
    }

    fn add_family(&mut self, random: &mut SplitMix64, publisher: String, name: String, left: usize, profile: &Profile) {
        let (editions, versions) = family_size(random, left, profile);
        let index = self.families.len();
        let slug = name.to_lowercase().replace(' ', "-");
        let releases = releases(random, versions);
        let terms = self.terms(random, &publisher, editions, profile);
        let component = terms.rival.map_or(index, |rival| self.families[rival].component);
        let first = self.titles.len();
        for (edition, (short, long)) in EDITIONS.into_iter().take(editions).enumerate() {
            let is_active = !random.percent(profile.inactive_percent);
            self.titles.push(Title {
                id: if editions == 1 { slug.clone() } else { format!("{slug}-{short}") },
                name: if editions == 1 { name.clone() } else { format!("{name} {long}") },
                family: index,
                edition,
                first_version: self.title_of.len(),
                is_active,
                is_tracked_by_assignments: random.percent(profile.tracked_percent),
                is_unlimited: random.percent(profile.unlimited_percent),
            });
            self.title_of.extend(std::iter::repeat_n(first + edition, versions));
        }
        let titles = first..self.titles.len();
        self.families.push(Family { publisher, name, titles, releases, terms, component });
    }

    fn terms(&self, random: &mut SplitMix64, publisher: &str, editions: usize, profile: &Profile) -> Terms {
        let downgrades = match random.below(100) {
            0..55 => usize::MAX,
            55..75 => 2,
            75..90 => 1,
            _ => 0,
        };
        let upgrades = random.percent(profile.upgrades_percent).then(|| UpgradeTerms {
            back: match random.below(10) {
                0..4 => 1,
                4..7 => 2,
                _ => usize::MAX,
            },
            is_from_lower_edition: editions > 1 && random.percent(50),
        });
        let rival = (!self.families.is_empty() && random.percent(profile.competitive_percent))
            .then(|| random.below(self.families.len()))
            .filter(|&rival| self.families[rival].publisher != publisher);
        Terms {
            downgrades,
            covers_lower_editions: editions > 1 && random.percent(60),
            upgrades,
            has_subscriptions: random.percent(profile.subscriptions_percent),
            has_gated: random.percent(profile.gated_percent),
            rival,
        }
    }

    fn popularity(&self, random: &mut SplitMix64) -> Weights {
        let mut ranks: Vec<usize> = (0..self.families.len()).collect();
        random.shuffle(&mut ranks);
        Weights::new(self.title_of.iter().enumerate().map(|(version, &title)| {
            let title = &self.titles[title];
            let age = self.families[title.family].releases.len() - 1 - (version - title.first_version);
            weights::zipf(ranks[title.family]) * EDITION_WEIGHTS[title.edition] * AGE_WEIGHTS[age]
        }))
    }

    /// A version, the popular ones more often.
    ///
    /// # Panics
    /// When there is none.
    pub(super) fn draw_version(&self, random: &mut SplitMix64) -> usize {
        self.popularity.draw(random).expect("a version that can be installed")
    }

    /// The family of a title.
    pub(super) fn family_of(&self, title: usize) -> &Family {
        &self.families[self.titles[title].family]
    }

    /// All versions of a title.
    pub(super) fn versions_of(&self, title: usize) -> Range<usize> {
        let first = self.titles[title].first_version;
        first..first + self.family_of(title).releases.len()
    }

    /// The position of a version within its title.
    pub(super) fn position(&self, version: usize) -> usize {
        version - self.titles[self.title_of[version]].first_version
    }

    /// The name of a version.
    pub(super) fn version_name(&self, version: usize) -> &str {
        &self.family_of(self.title_of[version]).releases[self.position(version)].name
    }

    /// Whether the installs of a title are its demand.
    pub(super) fn counts_installs(&self, title: usize) -> bool {
        self.titles[title].is_active && !self.titles[title].is_tracked_by_assignments
    }
}

/// Editions and versions of a family, no more than `left` together.
fn family_size(random: &mut SplitMix64, left: usize, profile: &Profile) -> (usize, usize) {
    let editions = if random.percent(profile.editions_percent) { 2 + random.below(2) } else { 1 };
    // Two editions of two versions are the least that is worth calling editions.
    let editions = if left < 2 * editions { 1 } else { editions };
    let wanted = if editions == 1 { 3 + random.below(6) } else { 2 + random.below(5) };
    (editions, wanted.min(left / editions))
}

fn publisher(number: usize) -> String {
    let prefix = PREFIXES[number % PREFIXES.len()];
    let suffix = SUFFIXES[number / PREFIXES.len() % SUFFIXES.len()];
    match number / (PREFIXES.len() * SUFFIXES.len()) {
        0 => format!("{prefix} {suffix}"),
        round => format!("{prefix} {suffix} {}", round + 1),
    }
}

/// How often each name was given.
type Names = BTreeMap<String, usize>;

/// The publisher's first word and a product, numbered where that was given before.
fn family_name(names: &mut Names, publisher: &str, index: usize) -> String {
    let word = publisher.split(' ').next().unwrap_or_default();
    let name = format!("{word} {}", PRODUCTS[index % PRODUCTS.len()]);
    let round = names.entry(name.clone()).or_default();
    *round += 1;
    if *round == 1 { name } else { format!("{name} {round}") }
}

/// Versions a few years apart, named after their years or by major and minor numbers.
fn releases(random: &mut SplitMix64, count: usize) -> Vec<Release> {
    let is_named_by_year = random.percent(60);
    let mut year = LATEST_YEAR - small(random.below(4));
    let mut major = 3 + count + random.below(12);
    let mut releases: Vec<Release> = (0..count)
        .map(|_| {
            let name = if is_named_by_year { year.to_string() } else { format!("{major}.{}", 1 + random.below(9)) };
            let release = Release { name, year };
            year -= 1 + small(random.below(4));
            major -= 1;
            release
        })
        .collect();
    releases.reverse();
    releases
}

fn small(number: usize) -> i16 {
    i16::try_from(number).expect("a few years")
}
