//! Words of pages: headings, and how to read what stands below them.

use super::counted;
use crate::text::neutral;

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
    that every use is lawful, that every figure is that of the uses, and what is said of how good they are. Anybody who \
    has the estate can have that checked again. The digest stands for all facts that the answer rests on; it is the same \
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

/// The heading of a column that has none on a terminal.
pub(crate) const REMARK: &str = "Remark";

/// What stands where a saved result was asked for.
pub(crate) const SAVED: &str = "These are the figures of a saved result, which was checked against the estate again when \
    this page was written.";

pub(crate) const CHANGES: &str = "What changed";
pub(crate) const CHANGED_VERSIONS: &str = "Versions that came out differently";
pub(crate) const CHANGED_LICENSES: &str = "Licenses that came out differently";
/// How to read what changed.
pub(crate) const CHANGES_NOTE: &str = "The numbers beside an outcome are those of the changes that can have caused it, the \
    likeliest first.";

/// What a page of several scenarios is about.
pub(crate) fn renewals_title(count: usize, as_of: &str) -> String {
    format!("Renewal in {} as of {as_of}", counted(count as u64, "scenario", "scenarios"))
}

pub(crate) const SCENARIOS: &str = "Scenarios side by side";
pub(crate) const PLANS: &str = "What to buy, renew and do";
pub(crate) const CURVES: &str = "Cost and coverage as numbers grow";
pub(crate) const TOGETHER: &str = "Before it is known which scenario comes true";
pub(crate) const HAD_BEFORE: &str = "To have before";
pub(crate) const THEN: &str = "What comes then in each scenario";
/// What a curve says.
pub(crate) const SPEND: &str = "Spend";
/// What a curve says.
pub(crate) const DEMAND_UNCOVERED: &str = "Uncovered";
/// What can be done about doubt.
pub(crate) const WHO_CHECKS_PLANS: &str = "A program that shares no code with the one that found the plans has checked \
    each of them: that it is lawful, that every figure is that of the plan, and what is said of how good it is. Anybody who \
    has the scenario file and the estate can have that checked again.";

/// The commands that check a renewal again.
pub(crate) fn verify_renewal_commands(as_of: &str) -> Vec<String> {
    vec![
        format!("licit renew SCENARIOS --as-of {as_of} --format json --out renewal.json"),
        format!("licit verify SCENARIOS renewal.json --as-of {as_of}"),
    ]
}

/// The title of a curve.
pub(crate) fn curve(what: &str, scenario: &str, name: &str) -> String {
    format!("{what} in {} over {}", neutral(scenario), neutral(name))
}

/// A curve in a sentence.
pub(crate) fn curve_described(first: &(String, String), last: &(String, String), breakpoints: usize) -> String {
    let breaks = counted(breakpoints as u64, "breakpoint", "breakpoints");
    format!("{} at {}, {} at {}, with {breaks} between.", first.1, first.0, last.1, last.0)
}

/// The number of titles of each status.
pub(crate) const STATUS_WORDS: [&str; 4] = ["red", "yellow", "green", "not calculated"];
