//! The page of a position: what is shown of it, in which order.

use super::changes;
use super::flow::Flow;
use super::tables;
use super::view::{Bar, Bars, Block, Explanation, ExplanationPart, Marked, Page, Picture, Section, Table};
use crate::explain;
use crate::phrase::{self, explain as why, flow as flow_words, html as words, workbook};
use crate::{compare, table};
use ::changes::Differences;
use checker::Certified;
use explanation::Subject;
use model::estate::Estate;
use model::id::{Id, LicenseId, TitleId, VersionId, ids_in};
use model::number::Quantity;
use solver::Position;
use solver::baselines::BaselineOutcome;
use solver::compare::Comparison;
use solver::position::{Rollup, Status};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// Most titles with a picture of their own.
const PICTURES_MAX: usize = 24;

/// What a page shows of a position.
pub struct PositionPage<'p, 'e> {
    /// The answer.
    pub position: &'p Position<'e>,
    /// The digest of the facts, with all names.
    pub digest: String,
    /// Whether the estate of the position has names in place of those of assets or users.
    pub is_redacted: bool,
    /// Versions that are red or yellow, each with why, in the order to be shown.
    pub explanations: Vec<(VersionId, explanation::Explanation)>,
    /// How many more are red or yellow.
    pub unexplained: usize,
    /// Whether the estate is one that can be explained.
    pub is_explained: bool,
    /// Whether it is a saved result that was checked again.
    pub is_saved: bool,
    /// What changed since an earlier result, if there is one.
    pub since: Option<Differences>,
    /// What simpler methods would have said.
    pub baselines: Vec<(BaselineOutcome, Comparison)>,
}

pub(super) fn page(shown: &PositionPage<'_, '_>) -> Page {
    let estate = shown.position.certified.estate();
    let (flows, drawn) = flows(shown.position);
    let sections = [
        glance(shown.position),
        shortages(shown.position),
        shown.since.as_ref().map(changes::section),
        flows,
        Some(titles(shown.position, &drawn)),
        Some(versions(shown)),
        Some(licenses(shown.position)),
        assignments(shown.position),
        explanations(shown),
        baselines(shown),
        Some(effective(shown.position)),
        Some(proof(shown)),
    ];
    Page {
        title: phrase::title(estate),
        lead: phrase::summary(&shown.position.certified).lines().map(str::to_owned).collect(),
        sections: sections.into_iter().flatten().collect(),
    }
}

/// Gross figures drawn: what is uncovered and what is idle side by side, and how many titles are in which status.
fn glance(position: &Position<'_>) -> Option<Section> {
    let totals = position.certified.figures().totals;
    let titles = position.derived.titles.iter();
    let count = |status: Status| titles.clone().filter(|&&of| of == status).count() as u64;
    let [red, yellow, green, inactive] = words::STATUS_WORDS;
    let bars = [
        Bar::of(
            words::DEMAND,
            &[("used", totals.covered.get(), words::COVERED), ("bad", totals.uncovered.get(), words::UNCOVERED)],
        ),
        Bar::of(
            words::UNITS,
            &[
                ("used", totals.used.get(), words::USED),
                ("idle", totals.idle.get(), words::IDLE),
                ("bad", totals.unusable.get(), words::UNUSABLE),
            ],
        ),
        Bar::of(
            words::TITLES,
            &[
                ("bad", count(Status::Red), red),
                ("warn", count(Status::Yellow), yellow),
                ("good", count(Status::Green), green),
                ("idle", count(Status::Inactive), inactive),
            ],
        ),
    ];
    let bars: Vec<Bar> = bars.into_iter().flatten().collect();
    (!bars.is_empty()).then(|| Section::new("glance", words::AT_A_GLANCE, vec![Block::Bars(Bars { bars })]))
}

fn shortages(position: &Position<'_>) -> Option<Section> {
    let items = marked(&position.certified, 1..);
    (!items.is_empty()).then(|| Section::new("shortages", words::SHORTAGES, vec![Block::List { items }]))
}

/// Some shortages by their numbers, with the marks that they have in pictures.
fn marked(certified: &Certified<'_>, numbers: impl Iterator<Item = usize>) -> Vec<Marked> {
    let sentences = phrase::shortages(certified);
    let sets = certified.evidence().shortages.len();
    let mark = |number: usize| if number > sets { String::new() } else { phrase::graph::mark(number) };
    let item = |number: usize| {
        sentences.get(number - 1).map(|sentence| Marked { mark: mark(number), sentence: sentence.clone() })
    };
    numbers.map_while(item).collect()
}

/// The estate, then the titles in which most is short or calls for attention; and which these are.
fn flows(position: &Position<'_>) -> (Option<Section>, BTreeSet<TitleId>) {
    let certified = &position.certified;
    let estate = certified.estate();
    let Some(whole) = Flow::of_estate(position) else { return (None, BTreeSet::new()) };
    let mut titles: Vec<TitleId> = estate.titles.ids().collect();
    let uncovered = |title: TitleId| -> Quantity {
        ids_in(&estate.titles[title].versions).map(|version| certified.figures().versions[version].uncovered).sum()
    };
    titles.sort_by_key(|&title| (Reverse(position.derived.titles[title]), Reverse(uncovered(title)), title));
    let figures = |title: TitleId| ids_in(&estate.titles[title].versions).map(|id| certified.figures().versions[id]);
    let is_something = |&&title: &&TitleId| figures(title).any(|row| !row.demand.is_zero() || !row.licensed.is_zero());
    let count = titles.iter().filter(is_something).count();
    let pictures = titles.iter().filter_map(|&title| Some((title, Flow::of_title(position, title)?)));
    let pictures: Vec<(TitleId, Flow)> = pictures.take(PICTURES_MAX).collect();
    let hidden = count.saturating_sub(pictures.len());
    let mut blocks = vec![Block::Text { sentences: vec![flow_words::NOTE.to_owned()] }];
    blocks.push(picture(certified, &whole, "flow".to_owned(), flow_words::ESTATE.to_owned()));
    for (title, flow) in &pictures {
        blocks.push(picture(certified, flow, flow_id(*title), flow_words::title(&estate.titles[*title].id)));
    }
    blocks.extend(flow_words::more_titles(hidden).map(|rest| Block::Text { sentences: vec![rest] }));
    let section = Section::new("flows", flow_words::HEADING, blocks);
    (Some(section), pictures.into_iter().map(|(title, _)| title).collect())
}

fn picture(certified: &Certified<'_>, flow: &Flow, id: String, title: String) -> Block {
    let estate = certified.estate();
    Block::Picture(Picture {
        svg: flow.svg(estate, &id, &title),
        marks: marked(certified, flow.marks().into_iter()),
        as_a_table: flow_words::AS_A_TABLE,
        table: Table::of(format!("{id}-table"), title.clone(), flow.grid(estate)).named_above(),
        id,
        title,
    })
}

fn titles(position: &Position<'_>, drawn: &BTreeSet<TitleId>) -> Section {
    let estate = position.certified.estate();
    // A title leads to its picture, or else to its versions.
    let first = |&title: &TitleId| {
        let first_version = || ids_in(&estate.titles[title].versions).next().map(version_id);
        drawn.contains(&title).then(|| flow_id(title)).or_else(first_version)
    };
    let titles = Table::of("titles-table", words::TITLES, tables::titles(position)).named_above();
    let mut blocks = vec![Block::Table(titles.linked(estate.titles.ids(), |&title| title_id(title), first))];
    let derived = &position.derived;
    let rollup = |id: &str, caption: &str, heading: &'static str, rollups: &[Rollup]| {
        (!rollups.is_empty())
            .then(|| Block::Table(Table::of(id, caption, table::rollups_grid(heading, rollups.iter()))))
    };
    blocks.extend(rollup("families-table", words::FAMILIES, "Family", &derived.families));
    blocks.extend(rollup("publishers-table", words::PUBLISHERS, "Publisher", &derived.publishers));
    Section::new("titles", words::TITLES, blocks)
}

fn versions(shown: &PositionPage<'_, '_>) -> Section {
    let versions = || shown.position.certified.estate().versions.ids();
    let explained: BTreeSet<VersionId> = shown.explanations.iter().map(|&(version, _)| version).collect();
    let table = Table::of("versions-table", words::VERSIONS, table::versions_grid(shown.position, versions()));
    let link = |&version: &VersionId| explained.contains(&version).then(|| explanation_id(version));
    let table =
        table.named_above().noted(words::VERSIONS_NOTE).linked(versions(), |&version| version_id(version), link);
    Section::new("versions", words::VERSIONS, vec![Block::Table(table)])
}

fn licenses(position: &Position<'_>) -> Section {
    let licenses = || position.certified.estate().licenses.ids();
    let version = |&license: &LicenseId| Some(version_id(position.certified.estate().sku_of(license).version));
    let table = Table::of("licenses-table", words::LICENSES, table::licenses_grid(position, licenses()));
    let table =
        table.named_above().noted(words::LICENSES_NOTE).linked(licenses(), |&license| license_id(license), version);
    Section::new("licenses", words::LICENSES, vec![Block::Table(table)])
}

fn assignments(position: &Position<'_>) -> Option<Section> {
    if position.certified.estate().assignments.is_empty() {
        return None;
    }
    let table = Table::of("assignments-table", words::ASSIGNMENTS, tables::assignments(&position.certified));
    let table = table.named_above();
    Some(Section::new("assignments", words::ASSIGNMENTS, vec![Block::Table(table)]))
}

fn explanations(shown: &PositionPage<'_, '_>) -> Option<Section> {
    if !shown.is_explained {
        return None;
    }
    let mut blocks: Vec<Block> = shown
        .explanations
        .iter()
        .map(|(version, explanation)| Block::Explanation(explained(shown.position, *version, explanation)))
        .collect();
    let rest = words::more_to_explain(shown.unexplained);
    if blocks.is_empty() && rest.is_none() {
        blocks.push(Block::Text { sentences: vec![words::NOTHING_TO_EXPLAIN.to_owned()] });
    }
    blocks.extend(rest.map(|rest| Block::Text { sentences: vec![rest] }));
    Some(Section::new("why", words::WHY, blocks))
}

fn explained(position: &Position<'_>, version: VersionId, explanation: &explanation::Explanation) -> Explanation {
    let parts = explain::sections(position, explanation);
    // What is proved has been said of all of it.
    let standing = phrase::standing(&position.certified);
    let lead = explain::head(position, explanation).into_iter().filter(|sentence| *sentence != standing);
    Explanation {
        id: explanation_id(version),
        title: why::title(position, Subject::Version(version)),
        status: position.derived.versions[version].status.word(),
        lead: lead.collect(),
        parts: parts
            .into_iter()
            .map(|part| ExplanationPart { heading: part.heading, sentences: part.sentences })
            .collect(),
    }
}

fn baselines(shown: &PositionPage<'_, '_>) -> Option<Section> {
    if shown.baselines.is_empty() {
        return None;
    }
    let optimum = &shown.position.certified;
    let methods = compare::summary_grid(optimum, &shown.baselines);
    let mut blocks = vec![
        Block::Text { sentences: vec![phrase::standing_beside_baselines(optimum)] },
        Block::Table(Table::of("methods-table", words::METHODS, methods).noted(words::METHODS_NOTE)),
    ];
    for (outcome, comparison) in &shown.baselines {
        let heading = phrase::baseline(outcome.rule(), outcome.orders());
        blocks.push(Block::Heading { text: heading.clone() });
        blocks.push(baseline(optimum.estate(), outcome, comparison, heading));
    }
    Some(Section::new("baselines", words::BASELINES, blocks))
}

fn baseline(estate: &Estate, outcome: &BaselineOutcome, comparison: &Comparison, caption: String) -> Block {
    let differing = compare::differing(comparison);
    if differing.is_empty() {
        return Block::Text { sentences: vec![phrase::NO_DIFFERENCE.to_owned()] };
    }
    let table = Table::of(outcome.rule().name(), caption, compare::differences_grid(estate, &differing));
    Block::Table(table.named_above())
}

fn effective(position: &Position<'_>) -> Section {
    let table = Table::of("effective-table", words::EFFECTIVE, tables::effective(position));
    let table = Block::Table(table.named_above().noted(workbook::ABOUT_COLUMNS));
    Section::new("effective", words::EFFECTIVE, vec![table])
}

fn proof(shown: &PositionPage<'_, '_>) -> Section {
    let certified = &shown.position.certified;
    let mut sentences =
        vec![phrase::standing(certified), words::WHO_CHECKS.to_owned(), format!("{} {}", words::DIGEST, shown.digest)];
    if shown.is_saved {
        sentences.push(words::SAVED.to_owned());
    }
    if shown.is_redacted {
        sentences.push(words::REDACTED.to_owned());
    }
    let lines = words::verify_commands(&certified.estate().as_of.to_string());
    Section::new("proof", words::PROOF, vec![Block::Text { sentences }, Block::Commands { lines }])
}

fn title_id(title: TitleId) -> String {
    format!("title-{}", title.index())
}

pub(super) fn version_id(version: VersionId) -> String {
    format!("version-{}", version.index())
}

pub(super) fn license_id(license: LicenseId) -> String {
    format!("license-{}", license.index())
}

fn flow_id(title: TitleId) -> String {
    format!("flow-{}", title.index())
}

fn explanation_id(version: VersionId) -> String {
    format!("why-{}", version.index())
}
