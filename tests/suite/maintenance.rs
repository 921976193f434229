//! Rights by maintenance against the independent statement, on random estates in which they meet upgrades, several
//! lots of one SKU and assignments.
//!
//! Each estate is written twice: with `covers: [maintenance]`, and with a SKU for each lot that names every version
//! the lot may cover. The second way knows nothing of maintenance.
//!
//! `LICIT_ESTATES` sets how many estates are drawn.

use crate::agreement::count;
use crate::estates::parse;
use crate::statement;
use model::estate::Estate;
use model::findings::Findings;
use model::generate::SplitMix64;
use solver::baselines::{BaselineOutcome, Orders, Rule, baseline};
use std::fmt::Write as _;

/// Versions of the title `t`; the title `u` has one.
const VERSIONS: usize = 4;
/// Main versions of the SKUs by id, and which versions may be upgraded.
const SKUS: [(&str, usize, &[usize]); 5] =
    [("B", 1, &[]), ("C", 2, &[]), ("U", 3, &[1, 2]), ("V", 2, &[1]), ("W", 4, &[3])];

/// An estate, written in two ways.
pub(crate) struct Drawn {
    /// With maintenance.
    pub(crate) maintained: String,
    /// With a SKU for each lot.
    spelled_out: String,
    pub(crate) has_assignments: bool,
}

struct Rights {
    covers: Vec<String>,
    upgrades: Vec<String>,
    has_maintenance: bool,
}

struct Lot {
    sku: usize,
    quantity: usize,
    /// The year in the middle of which maintenance ends.
    until: Option<usize>,
}

/// Draws an estate.
pub(crate) fn draw(seed: u64) -> Drawn {
    let mut random = SplitMix64::new(seed);
    // Versions may come out in any order, on the days on which maintenance ends.
    let released: Vec<Option<usize>> =
        (0..VERSIONS).map(|_| (random.below(6) > 0).then(|| 2001 + random.below(6))).collect();
    let rights: Vec<Rights> =
        SKUS.iter().map(|&(_, main, upgrades)| draw_rights(&mut random, main, upgrades)).collect();
    let lots: Vec<Lot> = (0..2 + random.below(4))
        .map(|_| Lot {
            sku: random.below(SKUS.len()),
            quantity: random.below(3),
            until: (random.below(6) > 0).then(|| 2000 + random.below(8)),
        })
        .collect();
    let mut rest = draw_installs(&mut random);
    let has_assignments = random.below(2) == 0;
    if has_assignments {
        let (one, other) = (random.below(lots.len()), random.below(lots.len()));
        let _ = writeln!(rest, "assignments: [{{license: L{one}, asset: PC-0}}, {{license: L{other}, asset: PC-1}}]");
    }
    let titles = titles(&released);
    Drawn {
        maintained: format!("{titles}{}{rest}", maintained(&rights, &lots)),
        spelled_out: format!("{titles}{}{rest}", spelled_out(&rights, &lots, &released)),
        has_assignments,
    }
}

fn draw_rights(random: &mut SplitMix64, main: usize, upgrades: &[usize]) -> Rights {
    let mut covers: Vec<String> = (1..=VERSIONS)
        .filter(|&version| version != main && random.below(4) == 0)
        .map(|version| format!("t@{version}"))
        .collect();
    if random.below(4) == 0 {
        covers.push("u@1".to_owned());
    }
    let upgrades = upgrades.iter().map(|version| format!("t@{version}")).collect();
    Rights { covers, upgrades, has_maintenance: random.below(4) > 0 }
}

fn draw_installs(random: &mut SplitMix64) -> String {
    let mut text = "installs:\n".to_owned();
    for _ in 0..=random.below(4) {
        let version = match random.below(VERSIONS + 1) {
            0 => "u@1".to_owned(),
            version => format!("t@{version}"),
        };
        let asset = if random.below(3) == 0 { format!(", asset: PC-{}", random.below(2)) } else { String::new() };
        let _ = writeln!(text, "  - {{version: {version}, quantity: {}{asset}}}", 1 + random.below(2));
    }
    text
}

fn titles(released: &[Option<usize>]) -> String {
    let mut text =
        "licit: 1\nas_of: 2026-11-22\ntitles:\n  - {id: u, versions: [\"1\"]}\n  - id: t\n    versions:\n".to_owned();
    for (version, released) in (1..).zip(released) {
        let released = released.map_or(String::new(), |year| format!(", released: {year}-06-15"));
        let _ = writeln!(text, "      - {{id: \"{version}\"{released}}}");
    }
    text
}

fn write_sku(text: &mut String, id: &str, sku: usize, covers: &[String], upgrades: &[String]) {
    let upgrades = if upgrades.is_empty() { String::new() } else { format!(", upgrades: [{}]", upgrades.join(", ")) };
    let _ = writeln!(text, "  - {{id: {id}, version: t@{}, covers: [{}]{upgrades}}}", SKUS[sku].1, covers.join(", "));
}

fn maintained(rights: &[Rights], lots: &[Lot]) -> String {
    let mut text = "skus:\n".to_owned();
    for (sku, rights) in rights.iter().enumerate() {
        let maintenance = rights.has_maintenance.then(|| "maintenance".to_owned());
        let covers: Vec<String> = rights.covers.iter().cloned().chain(maintenance).collect();
        write_sku(&mut text, SKUS[sku].0, sku, &covers, &rights.upgrades);
    }
    text += "licenses:\n";
    for (number, &Lot { sku, quantity, until }) in lots.iter().enumerate() {
        let until = until.map_or(String::new(), |year| format!(", maintenance_until: {year}-06-15"));
        let _ = writeln!(text, "  - {{id: L{number}, sku: {}, quantity: {quantity}{until}}}", SKUS[sku].0);
    }
    text
}

fn spelled_out(rights: &[Rights], lots: &[Lot], released: &[Option<usize>]) -> String {
    let mut text = "skus:\n".to_owned();
    for (number, &Lot { sku, until, .. }) in lots.iter().enumerate() {
        let mut covers = rights[sku].covers.clone();
        for version in SKUS[sku].1 + 1..=VERSIONS {
            let day = released[version - 1];
            if rights[sku].has_maintenance && day.is_some() && day <= until {
                covers.push(format!("t@{version}"));
            }
        }
        write_sku(&mut text, &format!("S{number}"), sku, &covers, &rights[sku].upgrades);
    }
    text += "licenses:\n";
    for (number, Lot { quantity, .. }) in lots.iter().enumerate() {
        let _ = writeln!(text, "  - {{id: L{number}, sku: S{number}, quantity: {quantity}}}");
    }
    text
}

#[test]
fn maintenance_says_the_same_as_a_sku_for_each_lot() {
    let mut split_count = 0;
    for seed in 0..count("LICIT_ESTATES", 2_000) {
        let drawn = draw(seed);
        let estate = parse(&drawn.maintained);
        let expected = statement::optimum(&parse(&drawn.spelled_out));
        assert_eq!(statement::optimum(&estate), expected, "seed {seed}\n{}", drawn.maintained);
        let position = solver::position(&estate).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        assert_eq!(position.certified.figures().objective, expected, "seed {seed}\n{}", drawn.maintained);
        let result = report::json(&position, &Findings::new());
        checker::claim::verify(&estate, &result).unwrap_or_else(|error| panic!("seed {seed}: {error:?}"));
        split_count += usize::from(estate.skus.len() > SKUS.len());
    }
    assert!(split_count > 100, "in {split_count} estates lots of a SKU differ, not enough to tell");
}

/// What follows from the estate alone, whichever best allocation is at hand: for each version the shortage, the reach
/// and what each baseline leaves uncovered; for each license whether it is needed.
fn derived(estate: &Estate) -> impl PartialEq + std::fmt::Debug + use<> {
    let position = solver::position(estate).unwrap();
    let baselines: Vec<BaselineOutcome> =
        Rule::ALL.into_iter().map(|rule| baseline(estate, rule, Orders::default()).unwrap()).collect();
    let of_version = |version| {
        let standing = &position.derived.versions[version];
        let uncovered: Vec<_> = baselines.iter().map(|outcome| outcome.uncovered(version)).collect();
        (standing.shortage, standing.reach, uncovered)
    };
    let versions: Vec<_> = estate.versions.ids().map(of_version).collect();
    let needed: Vec<_> = estate.licenses.ids().map(|license| position.derived.needed[license]).collect();
    (versions, needed)
}

#[test]
fn certainty_reach_and_baselines_are_those_of_a_sku_for_each_lot() {
    for seed in 0..count("LICIT_ESTATES", 500) {
        let drawn = draw(seed);
        let (maintained, spelled_out) = (parse(&drawn.maintained), parse(&drawn.spelled_out));
        assert_eq!(derived(&maintained), derived(&spelled_out), "seed {seed}\n{}", drawn.maintained);
    }
}
