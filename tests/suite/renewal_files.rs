//! From files to answers: renewals read from their scenario files, against the independent statement.
//!
//! That plans are found and proved at all is held by [`crate::renewals`]; here it is held that what comes out of the
//! files is the plan and no more than what is proved of it. `LICIT_SEED` and `LICIT_RENEWALS` choose the renewals that
//! are drawn.

use crate::agreement::count;
use crate::estates::answers;
use crate::renewal_draft::{Renewal, renewals};
use crate::renewal_statement::{Figures, best, figures_of};
use checker::allocation::DemandKey;
use checker::plan::{Plan, ReclaimKey, Standing};
use model::ReadOptions;
use model::estate::{Estate, find};
use model::id::{Id, Table, VersionId};
use model::market::{Market, Offer};
use model::number::{Money, Quantity};
use model::objective::Level;
use rayon::prelude::*;
use scenarios::renewal::{self, Place, Solved};
use scenarios::{Reading, Scenarios, read_scenarios_text};
use solver::SolveError;
use std::fs;
use std::path::Path;

/// The scenarios of a text beside an estate.
pub(crate) fn read(estate: &str, scenarios: &str) -> Scenarios {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("estate.yaml"), estate).unwrap();
    let options = ReadOptions { as_of: None, folder: Some(folder.path().to_owned()) };
    let Reading { scenarios: read, findings } = read_scenarios_text("renewal.yaml", scenarios, &options);
    read.unwrap_or_else(|| panic!("{:?}\n{scenarios}\n{estate}", findings.diagnostics()))
}

/// The answer for the only scenario of a drawn renewal; none where a limit was hit.
fn answer(drawn: &Renewal) -> Option<renewal::Renewal> {
    let scenarios = read(&drawn.estate_yaml, &drawn.scenario_yaml);
    match Solved::new(&scenarios).renew(0) {
        Ok(answer) => Some(answer),
        Err(SolveError::Limit { .. }) => None,
        Err(error) => panic!("seed {}: {error}", drawn.seed),
    }
}

/// What renewals are compared by: with a priced shortage, spend with its price stands above what is uncovered.
fn ranked(figures: &Figures) -> (Vec<i128>, Vec<i128>) {
    let [license, title, uncovered, spend, units, ..] = figures.levels;
    match figures.penalized {
        Some(penalized) => (vec![license, title, penalized, units, uncovered], figures.levels[5..].to_vec()),
        None => (vec![license, title, uncovered, spend, units], figures.levels[5..].to_vec()),
    }
}

fn figures(answer: &renewal::Renewal) -> Figures {
    let penalized = answer.shortage_total().map(|shortage| shortage + answer.spend());
    Figures { levels: *answer.objective(), penalized }
}

/// How many of them were something.
fn tally<T>(outcomes: &[T], is: impl Fn(&T) -> bool) -> usize {
    outcomes.iter().filter(|&outcome| is(outcome)).count()
}

#[test]
fn answers_to_files_agree_with_the_enumeration_of_all_plans() {
    let (seed, count) = (count("LICIT_SEED", 1), count("LICIT_RENEWALS", 600));
    let outcomes: Vec<Option<bool>> = renewals(seed, count)
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|drawn| {
            let answer = answer(&drawn)?;
            let (had, best) = (figures(&answer), best(&drawn).figures);
            let is_optimal = answer.standing() == Standing::Optimal;
            if is_optimal {
                assert_eq!(had, best, "seed {}", drawn.seed);
            }
            assert!(ranked(&had) >= ranked(&best), "seed {}: {had:?} is better than the best, {best:?}", drawn.seed);
            if let Standing::Proved(gap) = answer.standing() {
                assert!(gap.size() > 0, "seed {}", drawn.seed);
                assert!(is_within(gap.level, gap.bound, &best), "seed {}: {gap:?}, {best:?}", drawn.seed);
            }
            let uncovered: Quantity = answer.uncovered().map(|line| line.quantity).sum();
            assert_eq!(i128::from(uncovered.get()), answer.objective()[Level::Uncovered.index()]);
            Some(is_optimal)
        })
        .collect();
    let solved = tally(&outcomes, Option::is_some);
    let proved = tally(&outcomes, |outcome| *outcome == Some(true));
    println!("{count} renewals from seed {seed}: {solved} solved, {} with a gap", solved - proved);
    assert!(proved * 10 >= outcomes.len() * 9, "{proved} of {count} are optimal");
}

/// Whether the best plan is not below a bound at a level.
fn is_within(level: Level, bound: i128, best: &Figures) -> bool {
    let at_level = best.levels[level.index()];
    let had = if level == Level::Spend { best.penalized.unwrap_or(at_level) } else { at_level };
    had >= bound
}

/// The plan that the lines of an answer say.
fn plan(answer: &renewal::Renewal, estate: &Estate, market: &Market) -> Plan {
    let mut quantities = Table::filled(Quantity::ZERO, market.offers.len());
    let bought = answer.buy().map(|line| (&line.offer, line.quantity));
    for (offer, quantity) in bought.chain(answer.renew().map(|line| (&line.offer, line.quantity))) {
        let id = market.offers.enumerate().find(|(_, known)| known.id == *offer).unwrap().0;
        quantities[id] += quantity;
    }
    let reclaimed = answer.reclaim().map(|line| {
        let key = ReclaimKey { demand: demand(estate, &line.version, &line.place), cost: line.unit_price };
        (key, line.quantity)
    });
    let reinstalled = answer
        .reinstall()
        .map(|line| (demand(estate, &line.from, &line.place), version(estate, &line.to), line.quantity));
    let (mut reclaimed, mut reinstalled): (Vec<_>, Vec<_>) = (reclaimed.collect(), reinstalled.collect());
    reclaimed.sort_unstable();
    reinstalled.sort_unstable();
    Plan { quantities, reclaimed, reinstalled }
}

fn version(estate: &Estate, text: &str) -> VersionId {
    let (title, version) = text.split_once('@').unwrap();
    estate.find_version(title, version).unwrap()
}

fn demand(estate: &Estate, of: &str, place: &Place) -> DemandKey {
    fn named<I: Id>(names: &Table<I, String>, name: Option<&String>) -> Option<I> {
        name.map(|name| find(names, name, |known| known).unwrap())
    }
    DemandKey {
        version: version(estate, of),
        scope: find(&estate.scopes, &place.scope, |scope| &scope.id).unwrap(),
        contract: named(&estate.contracts, place.contract.as_ref()),
        asset: named(&estate.assets, place.asset.as_ref()),
        user: named(&estate.users, place.user.as_ref()),
    }
}

/// A pack less of an offer, if so many may be had.
fn fewer(offer: &Offer, quantity: Quantity) -> Option<Quantity> {
    let fewer = (!quantity.is_zero()).then(|| quantity - offer.terms.pack)?;
    offer.terms.allows(fewer).then_some(fewer)
}

#[test]
fn the_lines_are_the_plan_and_no_unit_or_pack_in_it_is_in_vain() {
    let (seed, count) = (count("LICIT_SEED", 20_001), count("LICIT_RENEWALS", 600));
    let removed: Vec<usize> = renewals(seed, count)
        .collect::<Vec<_>>()
        .into_par_iter()
        .filter_map(|drawn| {
            let (estate, market) = (&drawn.estate, &drawn.market);
            let answer = answer(&drawn)?;
            let plan = plan(&answer, estate, market);
            let had = figures_of(estate, market, &plan).expect("it may be carried out");
            assert_eq!(had, figures(&answer), "seed {}", drawn.seed);
            let mut removed = 0;
            for (id, offer) in market.offers.enumerate() {
                let Some(quantity) = fewer(offer, plan.quantities[id]) else { continue };
                let mut less = plan.clone();
                less.quantities[id] = quantity;
                // With paid transfers a plan with fewer units may cost more than the budget.
                let Some(then) = figures_of(estate, market, &less) else { continue };
                let is_worse = ranked(&then) > ranked(&had);
                assert!(is_worse, "seed {}: {quantity} of {} do as well: {then:?}, {had:?}", drawn.seed, offer.id);
                removed += 1;
            }
            Some(removed)
        })
        .collect();
    let removed: usize = removed.into_iter().sum();
    println!("{count} renewals from seed {seed}: {removed} times a pack less");
    assert!(removed as u64 * 3 >= count, "{removed} times a pack was removed");
}

#[test]
fn the_lines_add_up_to_what_is_paid_and_had() {
    for drawn in renewals(1, 300) {
        let Some(answer) = answer(&drawn) else { continue };
        let costs = answer.buy().map(|line| line.cost).chain(answer.renew().map(|line| line.cost));
        let costs = costs.chain(answer.reclaim().map(|line| line.cost)).chain(answer.reinstall().map(|line| line.cost));
        let transfers = answer.transfer().map(|line| line.cost).sum::<i128>();
        let (paid, unpaid) = if answer.transfers_are_paid() { (transfers, 0) } else { (0, transfers) };
        assert_eq!(costs.sum::<i128>() + paid, answer.spend(), "seed {}", drawn.seed);
        assert_eq!(answer.objective()[Level::TransferCost.index()], unpaid, "seed {}", drawn.seed);
        for line in answer.buy() {
            let served: Quantity = line.serves.iter().map(|served| served.quantity).sum();
            let idle = line.idle.map_or(Quantity::ZERO, |idle| idle.quantity);
            assert_eq!(served + idle, line.quantity, "seed {}", drawn.seed);
        }
        let renewed = |license: &str| answer.renew().find(|line| line.license == license).map(|line| line.quantity);
        for offer in drawn.market.offers.iter().filter(|offer| offer.is_renewal) {
            let id = &drawn.estate.licenses[offer.lot].id;
            let lapsed = answer.lapse().find(|line| line.license == *id).map(|line| line.quantity);
            let sum = renewed(id).unwrap_or_default() + lapsed.unwrap_or_default();
            assert_eq!(sum, offer.terms.most, "seed {}", drawn.seed);
        }
    }
}

/// The answers for the scenarios of a renewal in an order, by name.
fn in_order(estate: &str, file: &str, order: &[&str]) -> (Vec<String>, String) {
    let (head, _) = file.split_once("scenarios:").unwrap();
    let scenarios = read(estate, &format!("{head}scenarios:\n{}", order.concat()));
    let mut solved = Solved::new(&scenarios);
    let answers: Vec<_> = (0..order.len()).filter_map(|position| solved.renew(position).ok()).collect();
    if answers.len() < order.len() {
        return (Vec::new(), String::new());
    }
    let comparison = renewal::compare(&answers);
    let [cheapest, dearest] = [comparison.cheapest, comparison.dearest].map(|position| answers[position].name());
    let common = format!("{cheapest} {dearest} {:?}", comparison.in_any_case);
    let mut one_by_one: Vec<String> = answers
        .iter()
        .map(|one| report::renewals_json(std::slice::from_ref(one), &renewal::compare(std::slice::from_ref(one))))
        .collect();
    one_by_one.sort_unstable();
    (one_by_one, common)
}

#[test]
fn the_order_of_scenarios_changes_no_answer() {
    let mut compared = 0;
    for drawn in renewals(1, 150) {
        let Some(install) = drawn.estate.installs.first() else { continue };
        let version = drawn.estate.version_text(install.version);
        let title = &drawn.estate.title_of(install.version).id;
        let scenarios = [
            "  - {name: as is}\n".to_owned(),
            format!("  - {{name: growth, changes: [{{grow: \"{title}@*\", by: 60%}}]}}\n"),
            format!("  - {{name: less, changes: [{{retire: [\"{version}\"]}}]}}\n"),
        ];
        let [one, two, three] = scenarios.each_ref().map(String::as_str);
        let (estate, file) = (&drawn.estate_yaml, &drawn.scenario_yaml);
        let expected = in_order(estate, file, &[one, two, three]);
        for order in [[three, two, one], [two, three, one]] {
            assert_eq!(in_order(estate, file, &order), expected, "seed {}", drawn.seed);
        }
        compared += usize::from(!expected.0.is_empty());
    }
    assert!(compared > 100, "{compared} were solved");
}

/// The answer for the only scenario of a published case.
fn published(name: &str) -> renewal::Renewal {
    let file = format!("tests/cases/renewals/{name}-renewal.yaml");
    let (mut answers, _) = answers(Path::new(&file));
    assert_eq!(answers.len(), 1);
    answers.remove(0)
}

#[test]
fn published_renewals_come_to_their_published_answers() {
    let money = |units: i128| model::number::money_text(units, 2);
    for (name, spend, units) in [
        ("b08-packs-of-16", "320.00", 32),
        ("b08-packs-of-2", "200.00", 20),
        ("d01-value-units", "72500.00", 150_000),
        ("d21-employee-tiers", "12000.00", 1_000),
    ] {
        let answer = published(name);
        assert_eq!(answer.standing(), Standing::Optimal, "{name}");
        assert_eq!((money(answer.spend()).as_str(), answer.objective()[Level::UnitsBought.index()]), (spend, units));
        assert_eq!(answer.totals().uncovered, Quantity::ZERO, "{name}");
    }
    let packs: Vec<u64> = published("b08-packs-of-16").buy().map(|line| line.packs.get()).collect();
    assert_eq!(packs, [2]);
    let price = published("d21-employee-tiers").buy().next().map(|line| line.unit_price);
    assert_eq!(price, Some(Money::parse("12.00").unwrap()));
}
