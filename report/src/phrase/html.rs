//! Words of pages: headings, and how to read what stands below them.

use super::counted;

pub(crate) const AT_A_GLANCE: &str = "At a glance";
pub(crate) const PROOF: &str = "How sure this is";
pub(crate) const SHORTAGES: &str = "Shortages";
pub(crate) const TITLES: &str = "Titles";
pub(crate) const VERSIONS: &str = "Versions";
pub(crate) const LICENSES: &str = "Licenses";
pub(crate) const ASSIGNMENTS: &str = "Assignments";
pub(crate) const WHY: &str = "Why, and what would change it";
pub(crate) const BASELINES: &str = "What simpler methods would have said";
pub(crate) const EFFECTIVE: &str = "Effective license position";

pub(crate) const FAMILIES: &str = "Families";
pub(crate) const PUBLISHERS: &str = "Publishers";
pub(crate) const METHODS: &str = "The optimum and simpler methods";

pub(crate) const DEMAND: &str = "Demand";
pub(crate) const UNITS: &str = "Active units";
pub(crate) const COVERED: &str = "covered";
pub(crate) const UNCOVERED: &str = "uncovered";
pub(crate) const USED: &str = "used";
pub(crate) const IDLE: &str = "idle";
pub(crate) const UNUSABLE: &str = "unusable";

/// How to read the table of versions.
pub(crate) const VERSIONS_NOTE: &str = "Shortage says whether every best allocation leaves some of it uncovered (must), \
    some do (may) or none does (never). Reach is how many installs could be covered if nothing else were demanded, and \
    % the demand as a share of it. Licensed and idle count the active units whose main version it is.";
/// How to read the table of licenses.
pub(crate) const LICENSES_NOTE: &str = "Unusable units are upgrades with nothing left to stand on. Needed says whether \
    every best allocation uses the license (always), some do (sometimes) or none does (never). A license that is not \
    active on the day of the position counts for nothing.";
/// How to read the table of methods.
pub(crate) const METHODS_NOTE: &str = "False red: left short although no best allocation does that. False green: called \
    covered although every best allocation leaves some of it uncovered.";

/// What can be done about doubt, after what is proved.
pub(crate) const WHO_CHECKS: &str = "A program that shares no code with the one that found the answer has checked it: \
    that every use is lawful, that every figure is that of the uses, and that no allocation is better. Anybody who has \
    the estate can have that checked again. The digest stands for all facts that the answer rests on; it is the same \
    for the same facts.";
/// The name of what stands for the facts.
pub(crate) const DIGEST: &str = "Digest of the facts:";
/// What stands where names were taken out.
pub(crate) const REDACTED: &str = "The names of some assets or users are left out here. The digest is that of the facts \
    with their names.";
/// What stands where everything is green.
pub(crate) const NOTHING_TO_EXPLAIN: &str = "Nothing is red or yellow.";

/// The commands that check a position again.
pub(crate) fn verify_commands(as_of: &str) -> Vec<String> {
    vec![
        format!("licit position ESTATE --as-of {as_of} --format json --out result.json"),
        format!("licit verify ESTATE result.json --as-of {as_of}"),
    ]
}

/// What stands for explanations that are not there.
pub(crate) fn more_to_explain(count: usize) -> Option<String> {
    let versions = counted(count as u64, "version is", "versions are");
    (count > 0).then(|| format!("{versions} red or yellow beside these: `licit explain ESTATE VERSION` says why."))
}

/// The number of titles of each status.
pub(crate) const STATUS_WORDS: [&str; 4] = ["red", "yellow", "green", "not calculated"];
