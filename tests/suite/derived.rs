//! The product against the independent statement: what is derived beside the objective.
//!
//! `LICIT_ESTATES` sets how many estates are drawn, `LICIT_SEED` the first seed.

use crate::agreement::{count, read};
use crate::estates::parse;
use crate::statement::derived::{
    Certainty, Facts, Reason, Status, certainties, reach, roll_up, standing, when_expiring,
};
use checker::figures::{Figures, VersionFigures};
use model::estate::{Estate, Thresholds};
use model::generate::{Draft, Shape, SplitMix64};
use model::id::{Id, LicenseId, Table, TitleId, VersionId, ids_in};
use solver::SolveError;
use std::collections::BTreeMap;

/// What the product says of an estate.
struct Answer {
    figures: Figures,
    versions: Table<VersionId, Standing>,
    /// None where it is not proved.
    needed: Table<LicenseId, Option<Certainty>>,
    titles: Table<TitleId, Status>,
}

/// What it says of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Standing {
    /// None where it is not proved.
    shortage: Option<Certainty>,
    reach: Option<u64>,
    status: Status,
    reasons: Vec<Reason>,
}

/// A drawn estate with thresholds that matter: none of the drawn rows has any.
fn drawn(seed: u64) -> Estate {
    let mut estate = read(&Draft::generate(seed, &Shape::TINY));
    let mut random = SplitMix64::new(seed);
    estate.thresholds = Thresholds {
        almost_under_percent: *random.pick(&[0, 33, 50, 67, 90, 100, 150]),
        over_percent: *random.pick(&[0, 0, 25, 34, 50, 100]),
        expiring_days: *random.pick(&[0, 1, 2, 90, 700]),
    };
    estate
}

/// Everything in which an answer differs from the statement.
fn disagreements(estate: &Estate, answer: &Answer) -> Vec<String> {
    let mut found = Vec::new();
    let mut expect = |what: String, is_right: bool| found.extend((!is_right).then_some(what));
    let certain = certainties(estate);
    let reach = reach(estate);
    let later = certainties(&when_expiring(estate)).shortage;
    for (version, said) in answer.versions.enumerate() {
        let name = estate.version_text(version);
        let shortage = certain.shortage[version];
        expect(format!("{name}: shortage {:?}, not {shortage:?}", said.shortage), said.shortage == Some(shortage));
        expect(format!("{name}: reach {:?}, not {:?}", said.reach, reach[version]), said.reach == reach[version]);
        let lawful = lawful_standings(estate, &answer.figures, reach[version], later[version], version);
        let is_lawful = lawful.iter().any(|(status, reasons)| {
            // Reasons are those of yellow; nothing says what else a red version lists.
            *status == said.status && (*status == Status::Red || *reasons == said.reasons)
        });
        expect(format!("{name}: {:?} {:?}, not one of {lawful:?}", said.status, said.reasons), is_lawful);
    }
    for (license, &said) in answer.needed.enumerate() {
        let (id, needed) = (&estate.licenses[license].id, certain.needed[license]);
        expect(format!("{id}: needed {said:?}, not {needed:?}"), said == Some(needed));
    }
    for (title, &said) in answer.titles.enumerate() {
        let facts = &estate.titles[title];
        let status = roll_up(ids_in(&facts.versions).map(|version| answer.versions[version].status));
        expect(format!("{}: {said:?}, not {status:?}", facts.id), said == status);
    }
    found
}

/// How a version may stand. Which of the best allocations is shown at a later day, nothing says: where
/// only some of them leave the version short, it may be expiring or not.
fn lawful_standings(
    estate: &Estate,
    figures: &Figures,
    reach: Option<u64>,
    later: Certainty,
    version: VersionId,
) -> Vec<(Status, Vec<Reason>)> {
    if !estate.title_of(version).is_active {
        return vec![(Status::Inactive, Vec::new())];
    }
    let VersionFigures { uncovered, demand, licensed, .. } = figures.versions[version];
    let has_unusable_upgrades = estate.licenses.ids().any(|license| {
        let sku = estate.sku_of(license);
        let is_such = sku.is_upgrade() && sku.version == version && estate.is_active(license);
        is_such && !figures.licenses[license].unusable.is_zero()
    });
    let expiring: &[bool] = match later {
        Certainty::Always => &[true],
        Certainty::Sometimes => &[false, true],
        Certainty::Never => &[false],
    };
    let facts = expiring.iter().map(|&is_expiring| Facts {
        uncovered: uncovered.get(),
        demand: demand.get(),
        licensed: licensed.get(),
        reach,
        has_unusable_upgrades,
        is_expiring,
    });
    facts.map(|facts| standing(&facts, &estate.thresholds)).collect()
}

/// Whether one allocation may do what it does, given what the best ones do.
fn is_possible(certainty: Certainty, is_done: bool) -> bool {
    certainty == Certainty::Sometimes || (certainty == Certainty::Always) == is_done
}

#[test]
fn the_position_is_one_of_the_best_allocations_of_the_statement() {
    let first = count("LICIT_SEED", 1);
    let mut mismatches = Vec::new();
    for seed in first..first + count("LICIT_ESTATES", 2_000) {
        let estate = drawn(seed);
        let position = match solver::position(&estate) {
            Ok(position) => position,
            Err(SolveError::NotANetwork { .. }) => continue,
            Err(error) => panic!("seed {seed}: {error}"),
        };
        let (certain, reach) = (certainties(&estate), reach(&estate));
        for (version, figures) in position.figures().versions.enumerate() {
            let is_right = is_possible(certain.shortage[version], !figures.uncovered.is_zero())
                && reach[version].is_none_or(|reach| figures.covered.get() <= reach);
            mismatches.extend((!is_right).then(|| format!("seed {seed}: {}", estate.version_text(version))));
        }
        for (license, figures) in position.figures().licenses.enumerate() {
            let is_right = is_possible(certain.needed[license], !figures.used.is_zero());
            mismatches.extend((!is_right).then(|| format!("seed {seed}: {}", estate.licenses[license].id)));
        }
    }
    assert!(mismatches.is_empty(), "{} mismatches: {:#?}", mismatches.len(), &mismatches[..mismatches.len().min(5)]);
}

/// Two units for 2013 and older, one of them ending soon; the newest version is short of one.
fn small() -> (Estate, Answer) {
    let estate = parse(
        "licit: 1\nas_of: 2026-11-22
titles: [{id: office, versions: [2010, 2013]}]
skus: [{id: OFF13, version: office@2013, covers: [office@2010]}, {id: OFF10, version: office@2010}]
licenses:
  - {id: A, sku: OFF13, quantity: 1}
  - {id: B, sku: OFF10, quantity: 2, end: 2026-12-31}
installs: [{version: office@2013, quantity: 2}, {version: office@2010, quantity: 2}]
",
    );
    let figures = solver::position(&estate).unwrap().figures().clone();
    let row = |shortage, reach, status, reasons| Standing { shortage: Some(shortage), reach, status, reasons };
    let old = row(Certainty::Never, Some(3), Status::Yellow, vec![Reason::Expiring]);
    let new = row(Certainty::Always, Some(1), Status::Red, Vec::new());
    let answer = Answer {
        figures,
        versions: Table::new(vec![old, new]),
        needed: Table::new(vec![Some(Certainty::Always); 2]),
        titles: Table::new(vec![Status::Red]),
    };
    (estate, answer)
}

#[test]
fn a_right_answer_agrees_and_each_wrong_word_is_noticed() {
    let (estate, mut answer) = small();
    assert_eq!(disagreements(&estate, &answer), [""; 0]);
    let notices = |change: &dyn Fn(&mut Answer)| {
        let (estate, mut answer) = small();
        change(&mut answer);
        disagreements(&estate, &answer).len()
    };
    let [old, new] = [0, 1].map(VersionId::at);
    assert_eq!(notices(&|answer| answer.versions[old].shortage = Some(Certainty::Sometimes)), 1);
    assert_eq!(notices(&|answer| answer.versions[new].shortage = None), 1);
    assert_eq!(notices(&|answer| answer.versions[new].reach = None), 1);
    assert_eq!(notices(&|answer| answer.versions[old].reasons = vec![]), 1);
    assert_eq!(notices(&|answer| answer.versions[old].status = Status::Green), 1);
    assert_eq!(notices(&|answer| answer.needed[LicenseId::at(1)] = Some(Certainty::Never)), 1);
    assert_eq!(notices(&|answer| answer.titles[TitleId::at(0)] = Status::Yellow), 1);
    // Thresholds are the estate's: two of three is nearly short where two thirds are.
    let mut strict = estate;
    strict.thresholds.almost_under_percent = 66;
    assert_eq!(disagreements(&strict, &answer).len(), 1);
    answer.versions[old].reasons.insert(0, Reason::AlmostUnder);
    assert_eq!(disagreements(&strict, &answer), [""; 0]);
}

#[test]
fn drawn_estates_ask_every_question() {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for seed in 0..500 {
        let estate = drawn(seed);
        let (certain, reach) = (certainties(&estate), reach(&estate));
        let later = certainties(&when_expiring(&estate)).shortage;
        let mut see = |what: String| *counts.entry(what).or_default() += 1;
        certain.needed.iter().for_each(|needed| see(format!("needed {needed:?}")));
        for version in estate.versions.ids() {
            see(format!("short {:?}", certain.shortage[version]));
            see(format!("short now and later: {}", certain.shortage[version] == later[version]));
            see(format!(
                "reach {}",
                reach[version].map_or("unlimited", |reach| if reach > 3 { "far" } else { "near" })
            ));
        }
    }
    assert_eq!(counts.len(), 3 + 3 + 2 + 3, "{counts:?}");
    assert!(counts.values().all(|&count| count >= 50), "{counts:?}");
}
