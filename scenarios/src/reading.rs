//! The way in: from a file, or from text, to scenarios and everything that was found on the way.

use crate::case::{Case, compile, unreached_by_offers};
use crate::change::Change;
use crate::deal::Deal;
use crate::document::{self, sweep};
use checker::claim::Stretch;
use model::estate::Estate;
use model::fields::peek;
use model::findings::Findings;
use model::reading::{read_estate_as, read_estate_text};
use model::source::YamlSource;
use model::yaml::Node;
use model::{Date, ReadOptions};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What was read.
#[derive(Debug)]
pub struct Reading {
    /// The scenarios; none exactly if there are errors among the findings.
    pub scenarios: Option<Scenarios>,
    /// What was found in the file and in its estate, sorted, with the lines it is about.
    pub findings: Findings,
}

/// A file of either kind.
#[derive(Debug)]
pub enum Input {
    /// An estate.
    Estate(model::Reading),
    /// Scenarios.
    Scenarios(Reading),
}

/// Scenarios of one estate, each combination of a sweep one of its own, in the order of the file.
#[derive(Clone, Debug)]
pub struct Scenarios {
    /// The estate before all changes.
    pub(crate) estate: Estate,
    pub(crate) deals: Vec<Deal>,
    pub(crate) changes: Vec<Vec<Change>>,
    pub(crate) all: Vec<Scenario>,
    /// Where the file sweeps over one range of numbers and nothing else.
    pub(crate) range: Option<SweptRange>,
    /// Whether plans for all scenarios together are asked for.
    pub(crate) asks_for_all: bool,
}

/// The only name of a sweep, whose values are a range; of each scenario as written they are all there, one after the
/// other.
#[derive(Clone, Debug)]
pub(crate) struct SweptRange {
    pub(crate) name: String,
    pub(crate) values: Vec<String>,
    /// The scenarios as written, by name.
    pub(crate) scenarios: Vec<String>,
}

/// A scenario by the positions of what it is made of.
#[derive(Clone, Debug)]
pub(crate) struct Scenario {
    pub(crate) name: String,
    pub(crate) deal: usize,
    pub(crate) changes: usize,
    /// How much it counts, in 10^-4; either all scenarios have a weight or none.
    pub(crate) weight: Option<u64>,
}

/// Reads a scenario file, and the estate it names with its catalogs and tables, each file once.
///
/// The day of the options overrides the one in the file, which overrides the one in the estate; a folder among the
/// options says nothing, since files stand beside the one that names them.
#[must_use]
pub fn read_scenarios(path: &Path, options: &ReadOptions) -> Reading {
    let mut findings = Findings::new();
    match YamlSource::open(path, &mut findings) {
        Some(source) => read_source(&source, options.as_of, findings),
        None => Reading { scenarios: None, findings },
    }
}

/// Reads scenarios from text; `name` stands for the file in findings, and the estate stands in the folder of the
/// options.
#[must_use]
pub fn read_scenarios_text(name: &str, text: &str, options: &ReadOptions) -> Reading {
    let mut findings = Findings::new();
    let source = YamlSource::of_text(name, text, options.folder.clone(), &mut findings);
    read_source(&source, options.as_of, findings)
}

/// Reads a file as what it is: a file with `estate`, `offers` or `scenarios`, and without `titles`, is one of scenarios.
#[must_use]
pub fn read_any(path: &Path, options: &ReadOptions) -> Input {
    let mut findings = Findings::new();
    let Some(source) = YamlSource::open(path, &mut findings) else {
        return Input::Estate(model::Reading { estate: None, findings });
    };
    if holds_scenarios(&source) {
        return Input::Scenarios(read_source(&source, options.as_of, findings));
    }
    let options = ReadOptions { as_of: options.as_of, folder: source.folder.clone() };
    Input::Estate(read_estate_text(&path.to_string_lossy(), source.text(), &options))
}

/// Whether the keys of a file are those of scenarios.
fn holds_scenarios(source: &YamlSource) -> bool {
    const KEYS: [&str; 3] = ["estate", "offers", "scenarios"];
    // Most files need not be read twice.
    if !KEYS.iter().any(|key| source.text().contains(key)) {
        return false;
    }
    // What is found here will be found again.
    let unheard = &mut Findings::new();
    let checked = source.checked(unheard);
    let masked = sweep::masked(&checked);
    let tree = source.tree(&masked, unheard);
    tree.is_some_and(|root| KEYS.iter().any(|key| peek(&root, key).is_some()) && peek(&root, "titles").is_none())
}

fn read_source(source: &YamlSource, as_of: Option<Date>, mut findings: Findings) -> Reading {
    let checked = source.checked(&mut findings);
    let masked = sweep::masked(&checked);
    let root = source.tree(&masked, &mut findings);
    let (scenarios, mut beside) = match &root {
        Some(root) => read_tree(root, source, as_of, &mut findings),
        None => (None, None),
    };
    if let (Some(scenarios), Some(beside)) = (&scenarios, &mut beside) {
        withdraw_what_is_asked(scenarios, beside);
    }
    findings.sort();
    source.keep_lines(&mut findings);
    if let Some(beside) = beside {
        findings.append(beside);
    }
    let scenarios = scenarios.filter(|_| !findings.has_errors());
    assert!(scenarios.is_some() != findings.has_errors(), "there are scenarios exactly if there is no error");
    Reading { scenarios, findings }
}

/// That a version is out of reach of every license is no surprise where licenses have ended and what may replace them is
/// the question: warnings stay of what no offer can reach either.
fn withdraw_what_is_asked(scenarios: &Scenarios, beside: &mut Findings) {
    if beside.diagnostics().iter().any(|diagnostic| diagnostic.unreached.is_some()) {
        let unreached = unreached_by_offers(&scenarios.estate, &scenarios.deals);
        beside.withdraw_unreached(|version| !unreached.contains(&version));
    }
}

/// The scenarios of a tree, and what was found in the estate it names.
fn read_tree(
    root: &Node<'_>,
    source: &YamlSource,
    as_of: Option<Date>,
    findings: &mut Findings,
) -> (Option<Scenarios>, Option<Findings>) {
    let Some(head) = document::open(root, findings) else { return (None, None) };
    let found = document::estate_cell(&head.fields, findings);
    let found: Option<(PathBuf, String)> = found.and_then(|cell| source.estate_beside("scenario", cell, findings));
    let options = ReadOptions { as_of: as_of.or(head.as_of), folder: None };
    let (estate, beside) = match found {
        Some((path, name)) => {
            let model::Reading { estate, findings } = read_estate_as(&name, &path, &options);
            (estate, Some(findings))
        }
        None => (None, None),
    };
    (document::read(&head.fields, estate, findings), beside)
}

impl Scenarios {
    /// The estate before all changes.
    #[must_use]
    pub fn estate(&self) -> &Estate {
        &self.estate
    }

    /// How many there are; at least one.
    #[must_use]
    pub fn count(&self) -> usize {
        self.all.len()
    }

    /// Their names, no two alike.
    #[must_use]
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.all.iter().map(|scenario| scenario.name.as_str())
    }

    /// Of the scenarios at these positions those that have all values of the only range that is swept over.
    pub(crate) fn stretches(&self, positions: &[usize]) -> Vec<Stretch<'_>> {
        let Some(SweptRange { name, values, scenarios }) = &self.range else { return Vec::new() };
        let index_of: BTreeMap<usize, usize> =
            positions.iter().enumerate().map(|(index, &position)| (position, index)).collect();
        let mut stretches = Vec::new();
        for (written, scenario) in scenarios.iter().enumerate() {
            let first = written * values.len();
            let indexes = (first..first + values.len()).map(|position| index_of.get(&position).copied());
            let indexes: Option<Vec<usize>> = indexes.collect();
            let points = indexes.map(|indexes| values.iter().map(String::as_str).zip(indexes).collect());
            stretches.extend(points.map(|points| Stretch { scenario, name, points }));
        }
        stretches
    }

    /// Makes the case of a scenario, by its position among the names. Time is in proportion to the estate.
    #[must_use]
    pub fn case(&self, position: usize) -> Case {
        let scenario = &self.all[position];
        let (deal, changes) = (&self.deals[scenario.deal], &self.changes[scenario.changes]);
        let (estate, market) = compile(self.estate.clone(), deal, changes);
        Case { name: scenario.name.clone(), estate, market }
    }

    /// Makes all cases, one after the other.
    #[must_use]
    pub fn cases(&self) -> impl ExactSizeIterator<Item = Case> {
        (0..self.all.len()).map(|position| self.case(position))
    }
}
