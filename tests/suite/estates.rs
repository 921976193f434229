//! Estates of the tests: read from files, solved, certified.

use checker::Certified;
use checker::figures::{LicenseFigures, VersionFigures};
use model::estate::{Estate, find};
use model::number::Quantity;
use model::objective::Level;
use model::reading::{ReadOptions, Reading, read_estate, read_estate_text};
use scenarios::renewal::{self, Comparison, Renewal, Solved};
use std::path::{Path, PathBuf};

/// A file of the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The estate in a file that has no errors.
pub(crate) fn read(path: &Path) -> Estate {
    let Reading { estate, findings } = read_estate(path, &ReadOptions::default());
    estate.unwrap_or_else(|| panic!("{}: {:?}", path.display(), findings.diagnostics()))
}

/// The estate written as `text`.
pub(crate) fn parse(text: &str) -> Estate {
    let Reading { estate, findings } = read_estate_text("estate.yaml", text, &ReadOptions::default());
    estate.unwrap_or_else(|| panic!("{:?}", findings.diagnostics()))
}

/// The answers for the scenarios of a file with their evidence, and their comparison.
pub(crate) fn answers(path: &Path) -> (Vec<Renewal>, Comparison) {
    let scenarios::Reading { scenarios, findings } = scenarios::read_scenarios(path, &ReadOptions::default());
    let scenarios = scenarios.unwrap_or_else(|| panic!("{}: {:?}", path.display(), findings.diagnostics()));
    let mut solved = Solved::with_evidence(&scenarios, report::plan_evidence);
    let answers = (0..scenarios.count()).map(|position| solved.renew(position).unwrap());
    let answers: Vec<Renewal> = answers.collect();
    let comparison = renewal::compare(&answers);
    (answers, comparison)
}

/// The figures of `title@version`.
pub(crate) fn version(position: &Certified<'_>, name: &str) -> VersionFigures {
    let (title, version) = name.split_once('@').unwrap();
    position.figures().versions[position.estate().find_version(title, version).unwrap()]
}

/// The figures of a license.
pub(crate) fn license(position: &Certified<'_>, id: &str) -> LicenseFigures {
    position.figures().licenses[find(&position.estate().licenses, id, |license| &license.id).unwrap()]
}

/// The objective at a level.
pub(crate) fn level(position: &Certified<'_>, level: Level) -> i128 {
    position.figures().objective[level.index()]
}

/// So many units.
pub(crate) const fn units(count: u64) -> Quantity {
    Quantity::new(count)
}
