//! Every phrase, in one place: those of positions here, those of batches, differences, explanations, pictures and
//! renewals beside them.

pub mod batch;
pub(crate) mod changes;
pub(crate) mod explain;
pub(crate) mod flow;
pub(crate) mod graph;
pub(crate) mod html;
pub(crate) mod renewal;
pub(crate) mod workbook;

use crate::text::neutral;
use checker::Certified;
use checker::allocation::{DemandKey, Destination, Row, Unit};
use checker::evidence::{NamedDemand, ShortageSet, Standing};
use checker::figures::{CoveredBy, NotInstalled, Objective, Outcome, Totals, Unmet};
use model::estate::{Assigned, Assignment, Currency, Estate, Target, TrackBy};
use model::id::{ContractId, LicenseId, ScopeId, TitleId, VersionId};
use model::number::{Quantity, money_text};
use model::objective::Level;
use solver::Reach;
use solver::baselines::{Orders, Rule};
use solver::compare::{Judgment, Misstep};
use solver::position::{Percent, VersionStanding};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Most names in one sentence; the rest is counted.
const NAMES_MAX: usize = 6;

/// `1 unit`, `2 units`.
fn counted(count: u64, singular: &str, plural: &str) -> String {
    format!("{count} {}", if count == 1 { singular } else { plural })
}

/// `a`, `a and b`, `a, b and c`, `a, b and 7 more`: makes only the names it shows.
fn listed(names: impl ExactSizeIterator<Item = String>) -> String {
    listed_with(names, "and")
}

/// The same with another word before the last.
fn listed_with(names: impl ExactSizeIterator<Item = String>, conjunction: &str) -> String {
    let count = names.len();
    let shown_count = if count > NAMES_MAX { NAMES_MAX - 1 } else { count };
    let mut shown: Vec<String> = names.take(shown_count).collect();
    let last = if count > shown_count { Some(and_more(count - shown_count)) } else { shown.pop() };
    match (shown.is_empty(), last) {
        (_, None) => String::new(),
        (true, Some(last)) => last,
        (false, Some(last)) if count > shown_count => format!("{} {last}", shown.join(", ")),
        (false, Some(last)) => format!("{} {conjunction} {last}", shown.join(", ")),
    }
}

/// Whose position it is, and for which day.
pub(crate) fn title(estate: &Estate) -> String {
    let name =
        estate.name.as_deref().map_or("License position".into(), |name| format!("{}: license position", neutral(name)));
    format!("{name} as of {}", estate.as_of)
}

/// What the evidence shows.
pub(crate) fn standing(certified: &Certified<'_>) -> String {
    match gaps(certified) {
        None => "Optimal at every level; the checker has accepted the proof.".to_owned(),
        Some(gaps) => format!("Proved within a gap: {gaps}. The checker has accepted the proof."),
    }
}

/// How far the first level that is not shown to be least may be from it, and which levels are figures
/// of this allocation and no minima; none if there is no gap.
fn gaps(certified: &Certified<'_>) -> Option<String> {
    let first = certified.gaps().first()?;
    let minor_digits = certified.estate().currency.map_or(0, |currency| usize::from(currency.minor_digits));
    let gap = if first.level.is_money() { money_text(first.gap, minor_digits) } else { first.gap.to_string() };
    let name = |level: Level| level.name().replace('_', " ");
    Some(format!("{} may be up to {gap} above the least, and later levels are no minima", name(first.level)))
}

/// What is certain of a version or license, in a word.
pub(crate) fn certainty(word: Option<&'static str>) -> &'static str {
    word.unwrap_or("unknown")
}

/// What is uncovered where upgrades make no network and no set of licenses tells why.
pub(crate) fn uncovered_by_bound(certified: &Certified<'_>) -> Option<String> {
    let quantity = certified.evidence().uncovered_by_bound;
    let demands = counted(quantity.get(), "demand", "demands");
    (!quantity.is_zero()).then(|| {
        format!(
            "{demands} uncovered where licenses serve several installs or places at once: the prices are the evidence."
        )
    })
}

/// Installs that are no part of the position because nothing says which versions they are.
pub(crate) fn unknown_names(estate: &Estate) -> Option<String> {
    if estate.unknown_names.is_empty() {
        return None;
    }
    let installs = estate.unknown_names.iter().fold(0_u64, |sum, name| sum.saturating_add(name.quantity.get()));
    let names = counted(estate.unknown_names.len() as u64, "unknown name", "unknown names");
    Some(format!("Not calculated: {} under {names}.", counted(installs, "install", "installs")))
}

/// What comes first in every format for readers: gross figures, what else counts, and what is proved.
pub(crate) fn summary(certified: &Certified<'_>) -> String {
    let figures = certified.figures();
    let others = [objective(&figures.objective, certified.estate().currency), unknown_names(certified.estate())];
    let mut summary = gross(figures.totals) + "\n";
    for phrase in others.into_iter().flatten().chain([standing(certified)]) {
        summary += &phrase;
        summary.push('\n');
    }
    summary
}

/// Gross figures, side by side: what is uncovered is never netted against what is idle.
pub(crate) fn gross(totals: Totals) -> String {
    let demands = counted(totals.demand.get(), "demand", "demands");
    let units = counted(totals.active.get(), "active unit", "active units");
    let mut phrase = format!("{demands}: {} covered, {} uncovered. ", totals.covered, totals.uncovered);
    let _ = write!(phrase, "{units}: {} used, {} idle", totals.used, totals.idle);
    if !totals.unusable.is_zero() {
        let _ = write!(phrase, ", {} unusable", totals.unusable);
    }
    phrase + "."
}

/// The other levels of the objective that say something.
pub(crate) fn objective(objective: &Objective, currency: Option<Currency>) -> Option<String> {
    let parts: Vec<String> = Level::ALL
        .into_iter()
        .filter_map(|level| {
            let value = objective[level.index()];
            let phrase = level_phrase(level)?;
            (value != 0).then(|| format!("{phrase} {}", amount(level, value, currency)))
        })
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// So much at a level: money with its currency.
fn amount(level: Level, value: i128, currency: Option<Currency>) -> String {
    if level.is_money() { money(value, currency) } else { value.to_string() }
}

/// `1250.00 EUR`.
pub(crate) fn money(units: i128, currency: Option<Currency>) -> String {
    match currency {
        Some(currency) => format!("{} {}", bare_money(units, Some(currency)), currency.code),
        None => bare_money(units, None),
    }
}

/// `1250.00`, where the currency stands elsewhere.
pub(crate) fn bare_money(units: i128, currency: Option<Currency>) -> String {
    money_text(units, currency.map_or(0, |currency| currency.minor_digits.into()))
}

/// The name of a level; none for what the gross figures say, and for the levels that only break ties.
const fn level_phrase(level: Level) -> Option<&'static str> {
    match level {
        Level::LicenseAssignmentsUnmet => Some("license assignments unmet"),
        Level::TitleAssignmentsUnmet => Some("title assignments unmet"),
        Level::Spend => Some("spend"),
        Level::UnitsBought => Some("units bought"),
        Level::SetAside => Some("set aside"),
        Level::TransferCost => Some("transfer cost"),
        Level::Uncovered | Level::Stretch | Level::Flexibility => None,
    }
}

/// `10 exact, 2 downgrade`.
pub(crate) fn covered_by(by: CoveredBy) -> String {
    let parts = [
        (by.exact, "exact"),
        (by.downgrade, "downgrade"),
        (by.newer, "newer"),
        (by.cross, "cross"),
        (by.upgrade, "upgrade"),
    ];
    let said = parts.into_iter().filter(|(quantity, _)| !quantity.is_zero());
    said.map(|(quantity, word)| format!("{quantity} {word}")).collect::<Vec<_>>().join(", ")
}

/// Reach as a number; none where it is unlimited or not known.
pub(crate) fn installs(reach: Reach) -> Option<u64> {
    match reach {
        Reach::Installs(installs) => Some(installs.get()),
        Reach::Unlimited | Reach::Unknown => None,
    }
}

/// `109.1`.
pub(crate) fn percent_text(percent: Percent) -> String {
    let tenths = percent.tenths();
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// The status, with the reasons where it is yellow: `yellow: almost-under, expiring`.
pub(crate) fn status(standing: &VersionStanding) -> String {
    let reasons: Vec<&str> = standing.reasons.iter().map(|reason| reason.word()).collect();
    let word = standing.status.word();
    if reasons.is_empty() { word.to_owned() } else { format!("{word}: {}", reasons.join(", ")) }
}

/// Whether the license has units that nobody may use because no assignment reserves them.
pub(crate) fn has_gated_units(estate: &Estate, license: LicenseId, reserved: Quantity) -> bool {
    let is_gated = estate.sku_of(license).use_only_when_assigned && estate.is_active(license);
    is_gated && estate.licenses[license].quantity.is_none_or(|quantity| quantity > reserved)
}

/// An assignment that is not plainly met, with the reason.
pub(crate) fn assignment(estate: &Estate, assignment: Assignment, outcome: Outcome) -> Option<String> {
    let fate = fate(outcome)?;
    Some(format!("{} for {}: {fate}", assigned(estate, assignment), target(estate, assignment.target)))
}

/// What an assignment ties to its target.
pub(crate) fn assigned(estate: &Estate, assignment: Assignment) -> String {
    match assignment.assigned {
        Assigned::License(license) => format!("license {}", neutral(&estate.licenses[license].id)),
        Assigned::Title(title) => match assignment.version {
            Some(version) => neutral(&estate.version_text(version)).into_owned(),
            None => format!("title {}", neutral(&estate.titles[title].id)),
        },
    }
}

/// What became of an assignment that is not plainly met.
pub(crate) fn fate(outcome: Outcome) -> Option<String> {
    match outcome {
        Outcome::Met => None,
        Outcome::MetNotInstalled(reason) => Some(format!("set aside, {}", set_aside(reason))),
        Outcome::Unmet(reason) => Some(format!("unmet, {}", unmet(reason))),
        Outcome::InactiveTitle => Some("not calculated, the title is inactive".to_owned()),
    }
}

/// What became of an assignment that is plainly met.
pub(crate) const MET: &str = "met";

const fn set_aside(reason: NotInstalled) -> &'static str {
    match reason {
        NotInstalled::NotInstalled => "nothing is installed",
        NotInstalled::OtherVersion => "another version is installed",
        NotInstalled::OtherTitle => "only other titles are installed",
        NotInstalled::OtherPlace => "it may not be used where the installs are",
        NotInstalled::CoveredOtherwise => "the installs are covered without it",
    }
}

const fn unmet(reason: Unmet) -> &'static str {
    match reason {
        Unmet::Expired => "the license has ended",
        Unmet::NotStarted => "the license has not started",
        Unmet::MoreAssignmentsThanUnits => "there are more assignments than units",
        Unmet::NothingToStandOn => "no entitlement is there for the upgrade to stand on",
        Unmet::Uncovered => "its installs are uncovered",
        Unmet::NoEntitlement => "no entitlement is left to set aside",
    }
}

pub(crate) fn target(estate: &Estate, target: Target) -> String {
    match target {
        Target::Asset(asset) => format!("asset {}", neutral(&estate.assets[asset])),
        Target::User(user) => format!("user {}", neutral(&estate.users[user])),
    }
}

/// Why something must be uncovered, all of it.
pub(crate) fn shortages(certified: &Certified<'_>) -> Vec<String> {
    let sets = certified.evidence().shortages.iter().map(|set| shortage(certified.estate(), set));
    sets.chain(uncovered_by_bound(certified)).collect()
}

/// Why something must be uncovered: `11 installs of office@2013 can be covered only by the 10 units of
/// L1: 1 short`.
pub(crate) fn shortage(estate: &Estate, set: &ShortageSet) -> String {
    let needs = needs(set);
    let is_all_installs = needs.iter().all(|need| matches!(need, Need::Installs(..)));
    let verb = if is_all_installs { "covered" } else { "served" };
    let supply = match set.units.len() {
        0 => "by no license".to_owned(),
        _ => format!("only by {}", listed(set.units.iter().map(|&unit| units(estate, unit)))),
    };
    let needs = listed(needs.into_iter().map(|need| need_phrase(estate, need)));
    format!("{needs} can be {verb} {supply}: {} short", set.short)
}

/// Named demand, its installs added up over assets and users.
#[derive(Clone, Copy)]
enum Need {
    Installs((VersionId, ScopeId, Option<ContractId>), Quantity),
    Reserved(LicenseId, Target),
    SetAside(TitleId, Target),
}

fn needs(set: &ShortageSet) -> Vec<Need> {
    let mut installs: BTreeMap<(VersionId, ScopeId, Option<ContractId>), Quantity> = BTreeMap::new();
    let mut others = Vec::new();
    for &(demand, quantity) in &set.demands {
        match demand {
            NamedDemand::Installs(DemandKey { version, scope, contract, .. }) => {
                *installs.entry((version, scope, contract)).or_default() += quantity;
            }
            NamedDemand::Reserved(license, whose) => others.push(Need::Reserved(license, whose)),
            NamedDemand::SetAside(title, whose) => others.push(Need::SetAside(title, whose)),
        }
    }
    installs.into_iter().map(|(place, quantity)| Need::Installs(place, quantity)).chain(others).collect()
}

fn need_phrase(estate: &Estate, need: Need) -> String {
    match need {
        Need::Installs(place, quantity) => installs_in(estate, place, quantity),
        Need::Reserved(license, whose) => reserved_unit(estate, license, whose),
        Need::SetAside(title, whose) => {
            format!("the entitlement to {} for {}", neutral(&estate.titles[title].id), target(estate, whose))
        }
    }
}

/// `11 installs of office@2013 in emea under contract EA-7`.
fn installs_in(
    estate: &Estate,
    (version, scope, contract): (VersionId, ScopeId, Option<ContractId>),
    quantity: Quantity,
) -> String {
    let count = match estate.title_of(version).track_by {
        TrackBy::Installations => counted(quantity.get(), "install", "installs"),
        TrackBy::Assignments => counted(quantity.get(), "assigned use", "assigned uses"),
    };
    let mut phrase = format!("{count} of {}", neutral(&estate.version_text(version)));
    if estate.scopes.len() > 1 {
        let _ = write!(phrase, " in {}", neutral(&estate.scopes[scope].id));
    }
    if let Some(contract) = contract {
        let _ = write!(phrase, " under contract {}", neutral(&estate.contracts[contract]));
    }
    phrase
}

/// `the 10 units of L1`, or one reserved unit.
fn units(estate: &Estate, unit: Unit) -> String {
    match unit.reserved_for {
        Some(whose) => reserved_unit(estate, unit.license, whose),
        None => unreserved_units(estate, unit.license),
    }
}

fn unreserved_units(estate: &Estate, license: LicenseId) -> String {
    let id = neutral(&estate.licenses[license].id);
    let assigned = estate.assignments.iter().filter(|row| row.assigned == Assigned::License(license)).count();
    let adjective = if assigned > 0 { "unreserved " } else { "" };
    let Some(quantity) = estate.licenses[license].quantity else { return format!("the {adjective}units of {id}") };
    match quantity.get().saturating_sub(assigned as u64) {
        1 => format!("the {adjective}unit of {id}"),
        units => format!("the {units} {adjective}units of {id}"),
    }
}

fn reserved_unit(estate: &Estate, license: LicenseId, whose: Target) -> String {
    format!("the unit of {} reserved for {}", neutral(&estate.licenses[license].id), target(estate, whose))
}

/// The quantity of an unlimited license.
pub(crate) const UNLIMITED: &str = "unlimited";
/// The note on a license whose units are worthless alone.
pub(crate) const UPGRADE: &str = "upgrade";
/// The note on a license with units that only an assignment could free.
pub(crate) const GATED: &str = "gated";

/// What `verify` says of a result that passed.
pub(crate) const fn accepted(standing: Standing) -> &'static str {
    match standing {
        Standing::Optimal => {
            "accepted: every path is lawful, the figures are those of the allocation, and the prices prove it optimal"
        }
        Standing::Proved => {
            "accepted: every path is lawful, the figures are those of the allocation, and the prices prove it within \
             its gaps"
        }
    }
}

/// What `verify` says of a result that did not, before the broken laws.
pub(crate) fn refused(violations: usize) -> String {
    format!("refused: {}", counted(violations as u64, "law is broken", "laws are broken"))
}

/// What stands for rows that are too many to show.
pub(crate) fn and_more(count: usize) -> String {
    format!("and {count} more")
}

/// Whose comparison it is, and for which day.
pub(crate) fn comparison_title(estate: &Estate) -> String {
    let name = estate
        .name
        .as_deref()
        .map_or("Optimum and baselines".into(), |name| format!("{}: optimum and baselines", neutral(name)));
    format!("{name} as of {}", estate.as_of)
}

/// What the evidence shows of the optimum, and that there is none for baselines.
pub(crate) fn standing_beside_baselines(certified: &Certified<'_>) -> String {
    let optimum = match gaps(certified) {
        None => "The optimum is proved at every level".to_owned(),
        Some(gaps) => format!("The optimum is proved within a gap, {gaps}"),
    };
    format!(
        "{optimum}, and the checker has accepted the proof. Baselines are rules of thumb: what they allot is lawful, \
         and nothing they say is proved."
    )
}

/// The optimum among the methods.
pub(crate) const OPTIMUM: &str = "optimum";
/// That the checker has accepted a proof.
pub(crate) const PROVED: &str = "yes";
/// That there is no proof.
pub(crate) const NOT_PROVED: &str = "no";
/// What stands where there is nothing to say.
pub(crate) const NOTHING: &str = "-";
/// What a comparison says where the two agree about every version.
pub(crate) const NO_DIFFERENCE: &str = "as good as the optimum for every version";

/// Unmet assignments of both kinds.
pub(crate) fn assignments_unmet(objective: &Objective) -> String {
    let unmet = |level: Level| objective[level.index()];
    (unmet(Level::LicenseAssignmentsUnmet) + unmet(Level::TitleAssignmentsUnmet)).to_string()
}

/// A baseline with the orders that matter to it: `best-fit: oldest-first, exact-first, purchased`.
pub(crate) fn baseline(rule: Rule, orders: Orders) -> String {
    let Orders { versions, rules, licenses } = orders;
    match rule {
        Rule::BestFit => format!("{}: {}, {}, {}", rule.name(), versions.word(), rules.word(), licenses.word()),
        Rule::LowestSufficient | Rule::PriorityList => {
            format!("{}: {}, {}", rule.name(), versions.word(), licenses.word())
        }
        Rule::PerTitle => format!("{}: each version alone against its reach, no allocation", rule.name()),
    }
}

/// What the difference to the optimum costs, in the currency of the estate.
pub(crate) fn cost_of_difference(estate: &Estate, cost: Option<i128>) -> String {
    match (cost, estate.currency) {
        (Some(cost), Some(_)) => money(cost, estate.currency),
        _ => NOTHING.to_owned(),
    }
}

/// How a baseline misjudges a version.
pub(crate) const fn judgment(judgment: Judgment) -> &'static str {
    match judgment {
        Judgment::Right => "",
        Judgment::FalseRed => "false red",
        Judgment::FalseGreen => "false green",
    }
}

/// Where a baseline went wrong.
pub(crate) fn misstep(estate: &Estate, steps: &[Row], misstep: Misstep) -> String {
    let row = &steps[misstep.step];
    let path: Vec<_> = row.path.iter().map(|unit| neutral(&estate.licenses[unit.license].id)).collect();
    let path = path.join(" -> ");
    let taken = match row.destination {
        Destination::Demand(key) => {
            format!("{path} for {}", installs_in(estate, (key.version, key.scope, key.contract), row.quantity))
        }
        Destination::SetAside(aside) => format!("{path} set aside for {}", target(estate, aside.target)),
    };
    let levels = ["license assignments unmet", "title assignments unmet", "uncovered"];
    // The first level at which something is lost: below it, something may be won.
    let lost = misstep.lost.iter().zip(levels).find(|&(&lost, _)| lost != 0);
    let lost = lost.map_or(String::new(), |(lost, level)| format!(": from here on at least {lost} more {level}"));
    format!("went wrong at step {} of {}, {taken}{lost}", misstep.step + 1, steps.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_are_cut_short_and_counted() {
        let list = |count: u8| listed((0..count).map(|index| char::from(b'a' + index).to_string()));
        assert_eq!(list(0), "");
        assert_eq!(list(1), "a");
        assert_eq!(list(2), "a and b");
        assert_eq!(list(6), "a, b, c, d, e and f");
        assert_eq!(list(8), "a, b, c, d, e and 3 more");
    }
}
