//! What changed since an earlier result, as a section of the page of the later one.

use super::view::{Block, Marked, Section, Table};
use crate::changes::{assignment, cause, common_causes, licenses_grid, versions_grid};
use crate::phrase::{changes as phrase, html as words};
use changes::{Differences, Part};

pub(super) fn section(differences: &Differences) -> Section {
    let mut sentences = vec![phrase::title(differences)];
    if differences.is_empty() {
        sentences.push(phrase::NO_DIFFERENCES.to_owned());
    } else {
        sentences.push(words::CHANGES_NOTE.to_owned());
    }
    sentences.extend(phrase::totals(differences));
    sentences.extend(phrase::objective(differences));
    sentences.extend(differences.notes().into_iter().map(|note| phrase::note(differences, note)));
    let mut blocks = vec![Block::Text { sentences }];
    let common = common_causes(differences);
    if !common.is_empty() {
        blocks.push(Block::Heading { text: phrase::EVERYWHERE.to_owned() });
        blocks.push(causes(differences, &common));
    }
    for (index, part) in differences.parts.iter().enumerate() {
        blocks.push(Block::Heading { text: phrase::part(&part.titles) });
        blocks.push(causes(differences, &part.causes));
        outcomes(part, index, &mut blocks);
    }
    let names: Vec<String> =
        (differences.unknown_names.iter()).map(|(name, installs)| phrase::unknown_name(name, installs)).collect();
    if !names.is_empty() {
        blocks.push(list(names));
    }
    Section::new("changes", words::CHANGES, blocks)
}

fn causes(differences: &Differences, positions: &[usize]) -> Block {
    list(positions.iter().map(|&position| cause(differences, position)).collect())
}

fn outcomes(part: &Part, index: usize, blocks: &mut Vec<Block>) {
    if part.is_same() {
        blocks.push(Block::Text { sentences: vec![phrase::NO_OUTCOME.to_owned()] });
    }
    if !part.versions.is_empty() {
        let grid = versions_grid(part.versions.iter());
        blocks.push(Block::Table(Table::of(format!("changed-versions-{index}"), words::CHANGED_VERSIONS, grid)));
    }
    if !part.licenses.is_empty() {
        let grid = licenses_grid(part.licenses.iter());
        blocks.push(Block::Table(Table::of(format!("changed-licenses-{index}"), words::CHANGED_LICENSES, grid)));
    }
    if !part.assignments.is_empty() {
        blocks.push(list(part.assignments.iter().map(assignment).collect()));
    }
}

fn list(sentences: Vec<String>) -> Block {
    let items = sentences.into_iter().map(|sentence| Marked { mark: String::new(), sentence });
    Block::List { items: items.collect() }
}
