//! Certificates of renewals that were changed: whatever is accepted is so.
//!
//! A plan that is not the best must not pass for it, whatever certificate goes with it; and no bound may stand above
//! what the best plan comes to. `LICIT_TAMPERINGS` sets how many altered certificates are tried.

use crate::agreement::count;
use crate::renewal_draft::{Renewal, renewals};
use crate::renewal_statement::best;
use checker::allocation::Allocation;
use checker::plan::{Certificate, MarketPrices, Order, Plan, Standing, after, certify, weights_of};
use model::generate::SplitMix64;
use model::id::Table;
use model::market::Market;
use model::number::Quantity;
use model::objective::{LEVELS, Level};
use rayon::prelude::*;

/// What became of the certificates of one renewal.
#[derive(Clone, Copy, Default)]
struct Fates {
    refused: usize,
    accepted: usize,
    /// Accepted with as much shown as before.
    unchanged: usize,
}

/// Ways to change a certificate.
const CHANGES: usize = 8;

/// The plan that does nothing, and an allocation after it.
fn idle(renewal: &Renewal) -> (Plan, Allocation) {
    let quantities = Table::filled(Quantity::ZERO, renewal.market.offers.len());
    let plan = Plan { quantities, ..Plan::default() };
    let estate = after(&renewal.estate, &renewal.market, &plan).expect("doing nothing is allowed");
    let certified = solver::answer(&estate).expect("every position has an answer");
    (plan, certified.allocation().clone())
}

/// Changes something in some part of a certificate.
fn alter(certificate: &mut Certificate, random: &mut SplitMix64) {
    match certificate {
        Certificate::Branch { within, beyond, most, .. } => match random.below(8) {
            0 => std::mem::swap(within, beyond),
            1 => *most = Quantity::new(random.next_u64() % 5),
            2 => *certificate = (**within).clone(),
            3 => *certificate = (**beyond).clone(),
            4 | 5 => alter(within, random),
            _ => alter(beyond, random),
        },
        Certificate::Leaf(bounds) if bounds.is_empty() => {}
        Certificate::Leaf(bounds) => {
            let at = random.below(bounds.len());
            let bound = &mut bounds[at];
            match random.below(CHANGES) {
                0 => drop(bounds.remove(at)),
                1 => {
                    let level = random.below(LEVELS);
                    let weight = bound.weights[random.below(3)].get_or_insert([0; LEVELS]);
                    weight[level] += *random.pick(&[-1, 1, 25_000, -30]);
                }
                2 => bound.weights[random.below(3)] = None,
                _ => alter_prices(&mut bound.prices, random),
            }
        }
    }
}

/// Another price of some fact, or none.
fn alter_prices(prices: &mut MarketPrices, random: &mut SplitMix64) {
    let facts = &mut prices.facts;
    let met = facts.assignments.iter_mut().flat_map(|row| [&mut row.met, &mut row.aside]);
    let mut all: Vec<&mut [i64; LEVELS]> = (facts.licenses.iter_mut().map(|row| &mut row.1))
        .chain(facts.reserved.iter_mut().map(|row| &mut row.2))
        .chain(facts.demands.iter_mut().map(|row| &mut row.1))
        .chain(prices.reclaims.iter_mut().map(|row| &mut row.1))
        .chain(met)
        .collect();
    if all.is_empty() {
        return;
    }
    let at = random.below(all.len());
    if random.percent(20) {
        *all[at] = [0; LEVELS];
    } else {
        all[at][random.below(LEVELS)] += *random.pick(&[-1, 1, 1, 2, -5_000, 10_000]);
    }
}

/// Whether what is shown of a plan is so, given the best figures in the order of the market.
fn is_so(market: &Market, objective: &[i128; LEVELS], standing: Standing, best: &[i128; LEVELS]) -> bool {
    let order = Order::of(weights_of(market));
    let (had, best) = (order.of_levels(objective), order.of_levels(best));
    match standing {
        Standing::Optimal => had == best,
        Standing::Proved(gap) => {
            let position = order.position(gap.level);
            // Up to the gap nothing is better, and there nothing is below the bound.
            had[..position] < best[..position] || (had[..position] == best[..position] && gap.bound <= best[position])
        }
    }
}

fn fates(renewal: &Renewal, tries: usize) -> Fates {
    let Renewal { estate, market, seed, .. } = renewal;
    let mut random = SplitMix64::new(*seed);
    let best = best(renewal).figures.levels;
    let certified = solver::market::plan(estate, market).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
    let (nothing, allocation) = idle(renewal);
    let mut fates = Fates::default();
    for _ in 0..tries {
        let mut certificate = certified.certificate().clone();
        for _ in 0..=random.below(2) {
            alter(&mut certificate, &mut random);
        }
        let (own, used) = (certified.plan().clone(), certified.allocation().clone());
        for (plan, allocation) in [(own, used), (nothing.clone(), allocation.clone())] {
            match certify(estate, market, plan, allocation, certificate.clone()) {
                Ok(other) => {
                    let standing = other.standing();
                    assert!(is_so(market, other.objective(), standing, &best), "seed {seed}: {standing:?}, {best:?}");
                    fates.accepted += 1;
                    fates.unchanged += usize::from(standing == Standing::Optimal);
                }
                Err(violations) => fates.refused += usize::from(!violations.is_empty()),
            }
        }
    }
    fates
}

#[test]
fn no_altered_certificate_shows_what_is_not_so() {
    let tries = usize::try_from(count("LICIT_TAMPERINGS", 4_000)).expect("a count of cases");
    let drawn: Vec<Renewal> = renewals(count("LICIT_SEED", 1), 400).collect();
    let each = tries.div_ceil(2 * drawn.len());
    let all: Vec<Fates> = drawn.par_iter().map(|renewal| fates(renewal, each)).collect();
    let sum = |of: fn(&Fates) -> usize| all.iter().map(of).sum::<usize>();
    let (refused, accepted, unchanged) = (sum(|one| one.refused), sum(|one| one.accepted), sum(|one| one.unchanged));
    println!("{refused} refused, {accepted} accepted for what they show, {unchanged} of them for as much as before");
    assert!(refused > 0 && unchanged < accepted, "something is altered");
}

#[test]
fn a_certificate_without_a_bound_shows_nothing() {
    for renewal in renewals(1, 60) {
        let (plan, allocation) = idle(&renewal);
        let certificate = Certificate::Leaf(Vec::new());
        let certified = certify(&renewal.estate, &renewal.market, plan, allocation, certificate).expect("it is lawful");
        let order = Order::of(weights_of(&renewal.market));
        let had = order.of_levels(certified.objective());
        match certified.standing() {
            Standing::Optimal => assert_eq!(had, [0; LEVELS], "seed {}", renewal.seed),
            Standing::Proved(gap) => {
                let first = had.iter().position(|&had| had > 0).expect("there is a gap");
                assert_eq!((gap.level, gap.bound), (order.level(first), 0), "seed {}", renewal.seed);
            }
        }
        assert_eq!(certified.objective()[Level::UnitsBought.index()], 0);
    }
}
