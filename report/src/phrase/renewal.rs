//! Every phrase of a renewal.

use super::{amount, bare_money, counted, listed, money};
use crate::text::neutral;
use checker::plan::stage::Aim;
use checker::plan::{Gap, Standing};
use model::estate::Currency;
use model::number::{Money, Quantity};
use model::objective::Level;
use scenarios::renewal::{
    Common, Curve, Had, Idle, IdleReason, Later, Place, Renewal, Served, Together, TogetherScenario,
};

/// Which scenario it is, and for which day.
pub(crate) fn title(renewal: &Renewal) -> String {
    format!("{}: renewal as of {}", neutral(renewal.name()), renewal.as_of())
}

/// What comes first in every format for readers: what is paid, gross figures, what else counts, what is proved.
pub(crate) fn summary(renewal: &Renewal) -> Vec<String> {
    let mut said = vec![spend(renewal), super::gross(renewal.totals())];
    said.extend(shortage(renewal));
    // The first line has said these two.
    let mut others = *renewal.objective();
    others[Level::Spend.index()] = 0;
    others[Level::UnitsBought.index()] = 0;
    said.extend(super::objective(&others, renewal.currency()));
    said.push(standing(renewal));
    said
}

fn spend(renewal: &Renewal) -> String {
    let currency = renewal.currency();
    let budget = renewal
        .budget()
        .map_or(String::new(), |budget| format!(" of a budget of {}", money(budget.units().into(), currency)));
    let units = renewal.objective()[Level::UnitsBought.index()];
    let noun = if units == 1 { "unit" } else { "units" };
    format!("Spend {}{budget}: {units} {noun} bought or renewed.", money(renewal.spend(), currency))
}

/// What is uncovered as money, where it has a price.
fn shortage(renewal: &Renewal) -> Option<String> {
    let (cost, total) = renewal.shortage_cost().zip(renewal.shortage_total())?;
    let [cost, total] = [cost.units().into(), total].map(|units| money(units, renewal.currency()));
    Some(format!("Each uncovered install is priced at {cost}, all of them at {total}; that is not paid."))
}

/// What the certificates show, as a sentence.
fn standing(renewal: &Renewal) -> String {
    match renewal.standing() {
        Standing::Optimal => {
            "Proved least: no plan is better at any level; the checker has accepted the proof.".to_owned()
        }
        Standing::Proved(gap) => format!(
            "Proved up to a gap: {}. Levels before it are proved least, levels after it are those of this plan; the \
             checker has accepted the proof.",
            gap_phrase(gap, renewal.shortage_cost().is_some(), renewal.currency())
        ),
    }
}

/// What the certificates show, in a column.
pub(crate) fn standing_words(renewal: &Renewal) -> String {
    match renewal.standing() {
        Standing::Optimal => "proved least".to_owned(),
        Standing::Proved(gap) => gap_phrase(gap, renewal.shortage_cost().is_some(), renewal.currency()),
    }
}

/// `spend at most 12.50 EUR above the least (112.50 EUR, none is below 100.00 EUR)`.
fn gap_phrase(gap: Gap, is_shortage_priced: bool, currency: Option<Currency>) -> String {
    let level = match gap.level {
        Level::LicenseAssignmentsUnmet => "license assignments unmet",
        Level::TitleAssignmentsUnmet => "title assignments unmet",
        Level::Uncovered => "uncovered",
        Level::Spend if is_shortage_priced => "spend with the price of shortage",
        Level::Spend => "spend",
        Level::UnitsBought => "units bought",
        Level::SetAside => "set aside",
        Level::TransferCost => "transfer cost",
        Level::Stretch => "distance between versions",
        Level::Flexibility => "flexibility",
    };
    let [size, had, bound] = [gap.size(), gap.objective, gap.bound].map(|value| amount(gap.level, value, currency));
    format!("{level} at most {size} above the least ({had}, none is below {bound})")
}

/// Why units of an offer are had: `covers 11 office@2013 in emea; 4 idle: only in packs of 5; with a fee of 250.00`.
pub(crate) fn offer_reason(renewal: &Renewal, serves: &[Served], idle: Option<Idle>, fee: Money) -> String {
    let covered = serves.iter().filter(|served| served.version.is_some());
    let aside = serves.iter().filter(|served| served.version.is_none());
    let parts = [
        some_listed("covers", covered, |served| demand(renewal, served)),
        some_listed("set aside for assignments:", aside, |served| demand(renewal, served)),
        idle.map(idle_phrase),
        (fee > Money::ZERO).then(|| format!("with a fee of {}", bare_money(fee.units().into(), renewal.currency()))),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn some_listed<'s>(
    verb: &str,
    served: impl Iterator<Item = &'s Served>,
    phrase: impl Fn(&Served) -> String,
) -> Option<String> {
    let served: Vec<&Served> = served.collect();
    (!served.is_empty()).then(|| format!("{verb} {}", listed(served.iter().map(|served| phrase(served)))))
}

/// `11 office@2013 in emea`.
fn demand(renewal: &Renewal, served: &Served) -> String {
    let version = served.version.as_ref().map_or(String::new(), |version| format!(" {}", neutral(version)));
    let scope = if renewal.has_several_scopes() { format!(" in {}", neutral(&served.scope)) } else { String::new() };
    format!("{}{version}{scope}", served.quantity)
}

fn idle_phrase(Idle { quantity, reason }: Idle) -> String {
    match reason {
        None => format!("{quantity} idle"),
        Some(IdleReason::Pack(pack)) => format!("{quantity} idle: only in packs of {pack}"),
        Some(IdleReason::Least(least)) => format!("{quantity} idle: at least {least} must be had"),
        Some(IdleReason::Tier) => format!("{quantity} idle: fewer would cost more"),
    }
}

/// Why a license ends.
pub(crate) const LAPSE: &str = "not renewed";

/// Why units are used elsewhere: `from emea, used in apac`.
pub(crate) fn transfer_reason(renewal: &Renewal, from: &str, to: &str) -> String {
    let unpaid = if renewal.transfers_are_paid() { "" } else { "; no part of spend" };
    format!("from {}, used in {}{unpaid}", neutral(from), neutral(to))
}

/// Why installs are uninstalled.
pub(crate) fn reclaim_reason(place: &Place) -> String {
    format!("nobody has used it{}", whose(place))
}

/// Why installs are replaced.
pub(crate) fn reinstall_reason(to: &str, place: &Place) -> String {
    format!("replaced by {}{}", neutral(to), whose(place))
}

/// `; contract EA-7, asset PC-7, user alice`.
fn whose(place: &Place) -> String {
    let named = [("contract", &place.contract), ("asset", &place.asset), ("user", &place.user)];
    let given = named.into_iter().filter_map(|(word, name)| name.as_ref().map(|name| (word, name)));
    let given: Vec<String> = given.map(|(word, name)| format!("{word} {}", neutral(name))).collect();
    if given.is_empty() { String::new() } else { format!("; {}", given.join(", ")) }
}

/// What is said of demand that no unit covers.
pub(crate) fn uncovered_reason(renewal: &Renewal) -> String {
    let price = renewal.shortage_cost().map_or(String::new(), |cost| {
        format!(", priced at {} each", bare_money(cost.units().into(), renewal.currency()))
    });
    format!("stays uncovered{price}")
}

/// What a scenario says that asks for nothing.
pub(crate) const NOTHING_TO_DO: &str = "Nothing to buy, to renew or to do.";

/// The heading over scenarios side by side.
pub(crate) const COMPARISON: &str = "Comparison";
/// The heading over what all scenarios have in common.
pub(crate) const IN_ANY_CASE: &str = "In any case";
/// What is said where they have nothing in common.
pub(crate) const NOTHING_IN_ANY_CASE: &str = "nothing is bought or renewed in every scenario";

/// The heading over a curve, with what is proved of it.
pub(crate) fn curve(curve: &Curve) -> String {
    let proved = if curve.is_optimal { "proved least at every value" } else { "not proved least at every value" };
    format!("{} over {}: {proved}", neutral(&curve.scenario), neutral(&curve.name))
}

/// `+90.00`: an amount as a change.
pub(crate) fn signed(amount: i128, text: String) -> String {
    if amount > 0 { format!("+{text}") } else { text }
}

/// The heading over a plan for all scenarios together.
pub(crate) fn together(plan: &Together) -> String {
    let least = match plan.aim {
        Aim::WorstRegret => "least worst regret",
        Aim::ExpectedCost => "least expected cost",
    };
    format!("For all scenarios together: {least}")
}

/// What such a plan comes to, and what is proved of it.
pub(crate) fn together_summary(plan: &Together) -> [String; 3] {
    let [value, bound, paid] =
        [plan.shown_value(), plan.shown_bound(), plan.paid].map(|units| money(units, plan.currency));
    let comes_to = match plan.aim {
        Aim::WorstRegret => format!("No scenario costs more than {value} above its own plan."),
        Aim::ExpectedCost => format!("By the weights of the scenarios {value} is to be expected."),
    };
    let proved = if plan.is_optimal() {
        "Proved least: no quantities had before are better; the checker has accepted the proof.".to_owned()
    } else {
        format!("Proved up to a gap: no quantities had before come below {bound}; the checker has accepted the proof.")
    };
    [format!("Paid before it is known which scenario comes true: {paid}."), comes_to, proved]
}

/// `5 on new for 1300.00`.
pub(crate) fn bought_later(plan: &Together, scenario: &TogetherScenario) -> String {
    let line = |row: &Later| {
        format!("{} on {} for {}", row.quantity, neutral(&row.offer), bare_money(row.cost, plan.currency))
    };
    listed(scenario.later.iter().map(line))
}

/// `cheapest`, `dearest`, both or nothing.
pub(crate) fn rank(is_cheapest: bool, is_dearest: bool) -> &'static str {
    match (is_cheapest, is_dearest) {
        (true, true) => "cheapest and dearest",
        (true, false) => "cheapest",
        (false, true) => "dearest",
        (false, false) => "",
    }
}

/// `buy 5 units of OFF16 on new16 for emea`.
pub(crate) fn common(common: &Common) -> String {
    let units = |quantity: Quantity| counted(quantity.get(), "unit", "units");
    let (units, offer) = (units(common.quantity), neutral(&common.offer));
    match &common.had {
        Had::Bought { sku, scope } => {
            format!("buy at least {units} of {} for {} on offer {offer}", neutral(sku), neutral(scope))
        }
        Had::Renewed { license } => format!("renew at least {units} of {} on offer {offer}", neutral(license)),
    }
}

/// What `verify` says of renewals that passed every law, of which so many are optimal.
pub(crate) fn accepted(scenarios: usize, optimal: usize) -> String {
    let all = counted(scenarios as u64, "scenario", "scenarios");
    let shown = match scenarios - optimal {
        0 => format!("{all} optimal"),
        within => format!("{optimal} of {all} optimal and {within} within gaps"),
    };
    format!("accepted: every plan is lawful, the figures are those of the plans, and the prices prove {shown}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const EURO: Option<Currency> = Some(Currency { code: "EUR", minor_digits: 2 });

    #[test]
    fn a_gap_is_said_with_its_size_and_both_ends() {
        let gap = |level, objective, bound| Gap { level, objective, bound };
        assert_eq!(
            gap_phrase(gap(Level::Spend, 1_125_000, 1_000_000), false, EURO),
            "spend at most 12.50 EUR above the least (112.50 EUR, none is below 100.00 EUR)"
        );
        assert_eq!(
            gap_phrase(gap(Level::Spend, 20_000, 10_000), true, None),
            "spend with the price of shortage at most 1 above the least (2, none is below 1)"
        );
        assert_eq!(
            gap_phrase(gap(Level::Uncovered, 7, 4), false, EURO),
            "uncovered at most 3 above the least (7, none is below 4)"
        );
    }

    #[test]
    fn what_is_accepted_is_said_for_what_it_is() {
        assert!(accepted(1, 1).ends_with("the prices prove 1 scenario optimal"));
        assert!(accepted(3, 3).ends_with("the prices prove 3 scenarios optimal"));
        assert!(accepted(3, 1).ends_with("the prices prove 1 of 3 scenarios optimal and 2 within gaps"));
    }

    #[test]
    fn idle_units_are_explained_by_the_terms_of_their_offer() {
        let idle = |reason| idle_phrase(Idle { quantity: Quantity::new(4), reason });
        assert_eq!(idle(None), "4 idle");
        assert_eq!(idle(Some(IdleReason::Pack(Quantity::new(5)))), "4 idle: only in packs of 5");
        assert_eq!(idle(Some(IdleReason::Least(Quantity::new(10)))), "4 idle: at least 10 must be had");
        assert_eq!(idle(Some(IdleReason::Tier)), "4 idle: fewer would cost more");
    }

    #[test]
    fn names_in_reasons_are_shown_and_not_obeyed() {
        let place =
            Place { scope: "s".into(), contract: None, asset: Some("PC\u{1b}[2J".into()), user: Some("ann".into()) };
        assert_eq!(reclaim_reason(&place), "nobody has used it; asset PC\\u{1b}[2J, user ann");
        let had = Had::Renewed { license: "L\u{7}".into() };
        let line = Common { offer: "keep".into(), had, quantity: Quantity::ONE };
        assert_eq!(common(&line), "renew at least 1 unit of L\\u{7} on offer keep");
    }
}
