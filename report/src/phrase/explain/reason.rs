//! Why licenses do not help.

use super::super::{counted, listed, listed_with};
use super::license_name;
use crate::text::neutral;
use explanation::{Idle, Need, Obstacle, Reason, Refusal};
use model::estate::Estate;
use model::id::{LicenseId, ScopeId, SkuId};
use model::number::Quantity;

/// Why each license does not help with some needs, of which some were asked about: those refused alike in one
/// sentence, what is nearest to helping first.
pub(crate) fn refusals(estate: &Estate, needs: &[Need], asked: &[Need], refused: &[Refusal]) -> Vec<String> {
    let mut groups: Vec<(&Reason, Vec<&Refusal>)> = Vec::new();
    for refusal in refused {
        match groups.iter_mut().find(|(reason, _)| **reason == refusal.reason) {
            Some((_, alike)) => alike.push(refusal),
            None => groups.push((&refusal.reason, vec![refusal])),
        }
    }
    groups.sort_by_key(|(reason, _)| rank(reason));
    let sentence = |(reason, alike): (&Reason, Vec<&Refusal>)| {
        let names = listed(alike.iter().map(|refusal| name(estate, refusal)));
        format!("{names}: {}.", reason_words(estate, needs, asked, reason))
    };
    groups.into_iter().map(sentence).collect()
}

/// What lacks least comes first.
const fn rank(reason: &Reason) -> u8 {
    match reason {
        Reason::UsedUp => 0,
        Reason::Blocked { .. } => 1,
        Reason::Barred { .. } => 2,
        Reason::NoRight => 3,
    }
}

/// `L07 (1 unused)`.
fn name(estate: &Estate, refusal: &Refusal) -> String {
    let id = license_name(estate, refusal.license);
    match refusal.unused {
        None => format!("{id} (unlimited)"),
        Some(Quantity::ZERO) => id,
        Some(unused) => format!("{id} ({unused} unused)"),
    }
}

fn reason_words(estate: &Estate, needs: &[Need], asked: &[Need], reason: &Reason) -> String {
    match reason {
        Reason::NoRight => {
            let needs = listed_with(needs.iter().map(|&need| need_name(estate, need)), "or");
            format!("no right leads to {needs}")
        }
        Reason::Barred { toward, obstacles } => {
            let for_others = if toward.iter().any(|need| asked.contains(need)) {
                String::new()
            } else {
                format!("for {}, ", listed(toward.iter().map(|&need| need_name(estate, need))))
            };
            let obstacles: Vec<String> = obstacles.iter().map(|obstacle| obstacle_words(estate, obstacle)).collect();
            format!("{for_others}{}", obstacles.join("; "))
        }
        Reason::UsedUp => "all units of it that are reserved for nobody are used".to_owned(),
        Reason::Blocked { by } => {
            let names = listed_with(by.iter().map(|&license| license_name(estate, license)), "or");
            format!("it could help only together with {names}, of which all units are used")
        }
    }
}

fn obstacle_words(estate: &Estate, obstacle: &Obstacle) -> String {
    let scopes = |scopes: &[ScopeId]| {
        listed_with(scopes.iter().map(|&scope| neutral(&estate.scopes[scope].id).into_owned()), "or")
    };
    match obstacle {
        Obstacle::Ended(day) => format!("ended on {day}"),
        Obstacle::NotStarted(day) => format!("starts on {day}"),
        Obstacle::NoUnits => "has no units".to_owned(),
        Obstacle::Reserved(Quantity::ONE) => "its unit is reserved by an assignment".to_owned(),
        Obstacle::Reserved(quantity) => format!("all of its {quantity} units are reserved by assignments"),
        Obstacle::Gated(None) => "may be used only when assigned".to_owned(),
        Obstacle::Gated(Some(quantity)) => {
            let (are, units) =
                (if quantity.get() == 1 { "is" } else { "are" }, counted(quantity.get(), "unit", "units"));
            format!("may be used only when assigned, and {units} {are} not")
        }
        Obstacle::Scopes(wanted) => format!("may not be used in {}", scopes(wanted)),
        Obstacle::Contracts(wanted) => {
            let names = wanted.iter().map(|&contract| neutral(&estate.contracts[contract]).into_owned());
            format!("is not of contract {}", listed_with(names, "or"))
        }
        Obstacle::NothingToStandOn => "is an upgrade and has nothing to stand on there".to_owned(),
        Obstacle::OnlyUnder(skus) => {
            format!("could help only below {}, of which no unit may be used there", upgrades(estate, skus))
        }
    }
}

fn upgrades(estate: &Estate, skus: &[SkuId]) -> String {
    listed_with(skus.iter().map(|&sku| format!("the upgrade {}", neutral(&estate.skus[sku].id))), "or")
}

fn need_name(estate: &Estate, need: Need) -> String {
    match need {
        Need::Cover(version) => neutral(&estate.version_text(version)).into_owned(),
        Need::Base(upgrade) => format!("what {} may stand on", neutral(&estate.skus[upgrade].id)),
    }
}

/// Why units of a license are not used.
pub(crate) fn idle(estate: &Estate, license: LicenseId, idle: &Idle) -> String {
    match idle {
        Idle::NothingDemanded => "Nothing is demanded that a right leads to from it.".to_owned(),
        Idle::AllCovered => "All that it could serve is covered.".to_owned(),
        Idle::Refused(Reason::NoRight) => "No right leads from it to anything that is demanded.".to_owned(),
        Idle::Refused(reason @ Reason::Barred { toward, .. }) => {
            let needs = listed(toward.iter().map(|&need| need_name(estate, need)));
            let obstacles = reason_words(estate, toward, toward, reason);
            format!("A right leads to {needs}, but {}: {obstacles}.", license_name(estate, license))
        }
        Idle::Refused(reason) => {
            format!("Something that it could serve is uncovered: {}.", reason_words(estate, &[], &[], reason))
        }
    }
}
