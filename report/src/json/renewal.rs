//! Renewals as JSON: every scenario with its plan, and all of them side by side.
//!
//! Rows borrow from the lines of the plans; each is made only when it is written.

use super::evidence::evidence;
use super::lines::Lines;
use super::rows::totals;
use super::{FORMAT, ObjectiveRow, money};
use checker::plan::stage::Aim;
use checker::plan::{Gap, Standing};
use model::estate::Currency;
use model::number::Quantity;
use model::objective::Level;
use scenarios::batch::Answer;
use scenarios::renewal::{
    Common, Comparison, Curve, Extension, Had, Lapse, Marginal, Purchase, Reclaimed, Reinstalled, Renewal, Served,
    Together, Transferred,
};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use solver::market::Change;

/// The answers as one JSON object with a line feed at its end, scenarios in the order given; with the evidence that they
/// have kept.
#[must_use]
pub fn renewals_json(renewals: &[Renewal], comparison: &Comparison) -> String {
    let mut lines = Lines::new();
    lines.field("licit", &FORMAT);
    lines.field("command", "renew");
    lines.list("scenarios");
    for renewal in renewals {
        lines.item();
        scenario(renewal, &mut lines);
        lines.rows("marginal", renewal.marginal().map(|(line, change)| Rows { renewal }.marginal(line, change)));
        lines.close();
    }
    lines.close_list();
    lines.open("comparison");
    lines.rows("scenarios", renewals.iter().map(compared));
    lines.field("cheapest", renewals[comparison.cheapest].name());
    lines.field("dearest", renewals[comparison.dearest].name());
    lines.rows("in_any_case", comparison.in_any_case.iter().map(common));
    curves(&comparison.curves, &mut lines);
    for plan in &comparison.together {
        together(plan, &mut lines);
    }
    lines.close();
    evidence(renewals, &comparison.together, &mut lines);
    lines.finish()
}

/// What is kept of a renewal where it stands for itself: the object that stands in [`renewals_json`] without its margins,
/// and what a list of many shows of it.
#[must_use]
pub fn batch_answer(renewal: &Renewal) -> Answer {
    let mut lines = Lines::new();
    scenario(renewal, &mut lines);
    let objective = ObjectiveRow { objective: renewal.objective(), currency: renewal.currency() };
    let uncovered = renewal.objective()[Level::Uncovered.index()];
    Answer {
        standing: renewal.standing().word().to_owned(),
        uncovered: u64::try_from(uncovered).expect("installs of an estate are counted in 64 bits"),
        spend: money(renewal.spend(), renewal.currency()),
        currency: renewal.currency().map(|currency| currency.code.to_owned()),
        objective: serde_json::to_string(&objective).expect("levels have text for keys"),
        plan: lines.finish().trim_end().to_owned(),
    }
}

/// All but the margins.
fn scenario(renewal: &Renewal, lines: &mut Lines) {
    let rows = Rows { renewal };
    lines.field("name", renewal.name());
    lines.field("as_of", &renewal.as_of().to_string());
    lines.field("currency", &renewal.currency().map(|currency| currency.code));
    lines.field("standing", renewal.standing().word());
    lines.field("gaps", &Gaps { standing: renewal.standing(), currency: renewal.currency() });
    lines.field("objective", &ObjectiveRow { objective: renewal.objective(), currency: renewal.currency() });
    lines.field("totals", &totals(renewal.totals()));
    lines.field("units_bought", &renewal.objective()[Level::UnitsBought.index()]);
    lines.field("uncovered", &renewal.objective()[Level::Uncovered.index()]);
    lines.field("spend", &rows.money(renewal.spend()));
    lines.rows("buy", renewal.buy().map(|line| rows.purchase(line)));
    lines.rows("renew", renewal.renew().map(|line| rows.extension(line)));
    lines.rows("lapse", renewal.lapse().map(lapse));
    lines.rows("transfer", renewal.transfer().map(|line| rows.transferred(line)));
    lines.rows("reclaim", renewal.reclaim().map(|line| rows.reclaimed(line)));
    lines.rows("reinstall", renewal.reinstall().map(|line| rows.reinstalled(line)));
    lines.rows("shortages", renewal.uncovered().map(served));
}

/// What is paid and uncovered over the values of a range, each piece a row.
fn curves(curves: &[Curve], lines: &mut Lines) {
    if curves.is_empty() {
        return;
    }
    lines.list("curve");
    for curve in curves {
        lines.item();
        lines.field("scenario", &curve.scenario);
        lines.field("name", &curve.name);
        lines.field("standing", standing_word(curve.is_optimal));
        let money = |units| money(units, curve.currency);
        lines.rows(
            "pieces",
            curve.pieces.iter().map(|piece| PieceRow {
                from: &piece.from,
                to: &piece.to,
                spend: money(piece.spend),
                spend_per_step: money(piece.spend_per_step),
                uncovered: piece.uncovered,
                uncovered_per_step: piece.uncovered_per_step,
            }),
        );
        lines.close();
    }
    lines.close_list();
}

/// A plan for all scenarios together.
fn together(plan: &Together, lines: &mut Lines) {
    let money = |units| money(units, plan.currency);
    let (key, value) = match plan.aim {
        Aim::WorstRegret => ("least_worst_regret", "worst_regret"),
        Aim::ExpectedCost => ("least_expected_cost", "expected_cost"),
    };
    lines.open(key);
    lines.field("standing", standing_word(plan.is_optimal()));
    lines.field(value, &money(plan.shown_value()));
    lines.field("bound", &money(plan.shown_bound()));
    lines.field("paid", &money(plan.paid));
    let bought = |offer, quantity: Quantity, cost| BoughtRow { offer, quantity: quantity.get(), cost: money(cost) };
    lines.rows("offers", plan.offers.iter().map(|row| bought(row.offer.as_str(), row.quantity, row.cost)));
    lines.rows(
        "scenarios",
        plan.scenarios.iter().map(|row| TogetherRow {
            name: &row.name,
            weight: row.weight,
            cost: money(row.cost),
            regret: money(row.regret),
            later: row.later.iter().map(|row| bought(row.offer.as_str(), row.quantity, row.cost)).collect(),
        }),
    );
    lines.close();
}

#[derive(Serialize)]
struct BoughtRow<'r> {
    offer: &'r str,
    quantity: u64,
    cost: String,
}

#[derive(Serialize)]
struct TogetherRow<'r> {
    name: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<u64>,
    cost: String,
    regret: String,
    later: Vec<BoughtRow<'r>>,
}

/// What is said of several plans together.
const fn standing_word(is_optimal: bool) -> &'static str {
    if is_optimal { "optimal" } else { "proved" }
}

#[derive(Serialize)]
struct PieceRow<'r> {
    from: &'r str,
    to: &'r str,
    spend: String,
    spend_per_step: String,
    uncovered: i128,
    uncovered_per_step: i128,
}

#[derive(Serialize)]
struct ComparedRow<'r> {
    name: &'r str,
    standing: &'static str,
    uncovered: i128,
    spend: String,
    units_bought: i128,
}

#[derive(Serialize)]
struct CommonRow<'r> {
    action: &'static str,
    offer: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sku: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<&'r str>,
    quantity: u64,
}

/// What one more install costs, or one more unit of a license saves, as changes of figures.
#[derive(Serialize)]
struct MarginalRow<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contract: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<&'r str>,
    license_assignments_unmet: i128,
    title_assignments_unmet: i128,
    uncovered: i128,
    spend: String,
    holds_for: Option<u64>,
}

#[derive(Serialize)]
struct ServedRow<'r> {
    version: Option<&'r str>,
    scope: &'r str,
    quantity: u64,
}

#[derive(Serialize)]
struct PurchaseRow<'r> {
    offer: &'r str,
    sku: &'r str,
    scope: &'r str,
    quantity: u64,
    packs: u64,
    unit_price: String,
    cost: String,
    serves: Vec<ServedRow<'r>>,
}

#[derive(Serialize)]
struct ExtensionRow<'r> {
    offer: &'r str,
    license: &'r str,
    quantity: u64,
    cost: String,
    serves: Vec<ServedRow<'r>>,
}

#[derive(Serialize)]
struct LapseRow<'r> {
    license: &'r str,
    quantity: u64,
}

#[derive(Serialize)]
struct TransferredRow<'r> {
    license: &'r str,
    from: &'r str,
    to: &'r str,
    quantity: u64,
    cost: String,
}

#[derive(Serialize)]
struct ReclaimedRow<'r> {
    version: &'r str,
    scope: &'r str,
    contract: Option<&'r str>,
    asset: Option<&'r str>,
    user: Option<&'r str>,
    quantity: u64,
    cost: String,
}

#[derive(Serialize)]
struct ReinstalledRow<'r> {
    from: &'r str,
    to: &'r str,
    scope: &'r str,
    contract: Option<&'r str>,
    asset: Option<&'r str>,
    user: Option<&'r str>,
    quantity: u64,
    cost: String,
}

/// Makes rows with money in the currency of the renewal.
#[derive(Clone, Copy)]
struct Rows<'r> {
    renewal: &'r Renewal,
}

impl<'r> Rows<'r> {
    fn money(self, units: i128) -> String {
        money(units, self.renewal.currency())
    }

    fn marginal(self, line: &'r Marginal, change: Change) -> MarginalRow<'r> {
        let (version, scope, contract, license) = match line {
            Marginal::Install { version, scope, contract, .. } => {
                (Some(version.as_str()), Some(scope.as_str()), contract.as_deref(), None)
            }
            Marginal::Unit { license, .. } => (None, None, None, Some(license.as_str())),
        };
        let [license_assignments_unmet, title_assignments_unmet, uncovered] = change.unmet;
        MarginalRow {
            version,
            scope,
            contract,
            license,
            license_assignments_unmet,
            title_assignments_unmet,
            uncovered,
            spend: self.money(change.paid),
            holds_for: change.holds_for.map(Quantity::get),
        }
    }

    fn purchase(self, line: &'r Purchase) -> PurchaseRow<'r> {
        PurchaseRow {
            offer: &line.offer,
            sku: &line.sku,
            scope: &line.scope,
            quantity: line.quantity.get(),
            packs: line.packs.get(),
            unit_price: self.money(line.unit_price.units().into()),
            cost: self.money(line.cost),
            serves: line.serves.iter().map(served).collect(),
        }
    }

    fn extension(self, line: &'r Extension) -> ExtensionRow<'r> {
        ExtensionRow {
            offer: &line.offer,
            license: &line.license,
            quantity: line.quantity.get(),
            cost: self.money(line.cost),
            serves: line.serves.iter().map(served).collect(),
        }
    }

    fn transferred(self, line: &'r Transferred) -> TransferredRow<'r> {
        TransferredRow {
            license: &line.license,
            from: &line.from,
            to: &line.to,
            quantity: line.quantity.get(),
            cost: self.money(line.cost),
        }
    }

    fn reclaimed(self, line: &'r Reclaimed) -> ReclaimedRow<'r> {
        ReclaimedRow {
            version: &line.version,
            scope: &line.place.scope,
            contract: line.place.contract.as_deref(),
            asset: line.place.asset.as_deref(),
            user: line.place.user.as_deref(),
            quantity: line.quantity.get(),
            cost: self.money(line.cost),
        }
    }

    fn reinstalled(self, line: &'r Reinstalled) -> ReinstalledRow<'r> {
        ReinstalledRow {
            from: &line.from,
            to: &line.to,
            scope: &line.place.scope,
            contract: line.place.contract.as_deref(),
            asset: line.place.asset.as_deref(),
            user: line.place.user.as_deref(),
            quantity: line.quantity.get(),
            cost: self.money(line.cost),
        }
    }
}

fn served(line: &Served) -> ServedRow<'_> {
    ServedRow { version: line.version.as_deref(), scope: &line.scope, quantity: line.quantity.get() }
}

fn lapse(line: &Lapse) -> LapseRow<'_> {
    LapseRow { license: &line.license, quantity: line.quantity.get() }
}

fn compared(renewal: &Renewal) -> ComparedRow<'_> {
    ComparedRow {
        name: renewal.name(),
        standing: renewal.standing().word(),
        uncovered: renewal.objective()[Level::Uncovered.index()],
        spend: money(renewal.spend(), renewal.currency()),
        units_bought: renewal.objective()[Level::UnitsBought.index()],
    }
}

fn common(line: &Common) -> CommonRow<'_> {
    let (offer, quantity) = (line.offer.as_str(), Quantity::get(line.quantity));
    match &line.had {
        Had::Bought { sku, scope } => {
            CommonRow { action: "buy", offer, sku: Some(sku), scope: Some(scope), license: None, quantity }
        }
        Had::Renewed { license } => {
            CommonRow { action: "renew", offer, sku: None, scope: None, license: Some(license), quantity }
        }
    }
}

/// By level what a better plan is not excluded from saving; empty where there is no gap.
struct Gaps {
    standing: Standing,
    currency: Option<Currency>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Amount {
    Count(i128),
    Money(String),
}

#[derive(Serialize)]
struct GapRow {
    objective: Amount,
    bound: Amount,
    gap: Amount,
}

impl Serialize for Gaps {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Standing::Proved(gap) = self.standing {
            map.serialize_entry(gap.level.name(), &self.row(gap))?;
        }
        map.end()
    }
}

impl Gaps {
    fn row(&self, gap: Gap) -> GapRow {
        let amount = |value: i128| {
            if gap.level.is_money() { Amount::Money(money(value, self.currency)) } else { Amount::Count(value) }
        };
        GapRow { objective: amount(gap.objective), bound: amount(gap.bound), gap: amount(gap.size()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_stands_under_its_level_with_both_ends() {
        let text = |standing| {
            let currency = Some(Currency { code: "EUR", minor_digits: 2 });
            serde_json::to_string(&Gaps { standing, currency }).expect("a gap has text for keys")
        };
        assert_eq!(text(Standing::Optimal), "{}");
        let spend = Gap { level: Level::Spend, objective: 1_125_000, bound: 1_000_000 };
        let expected = "{\"spend\":{\"objective\":\"112.50\",\"bound\":\"100.00\",\"gap\":\"12.50\"}}";
        assert_eq!(text(Standing::Proved(spend)), expected);
        let uncovered = Gap { level: Level::Uncovered, objective: 7, bound: 4 };
        let expected = "{\"uncovered\":{\"objective\":7,\"bound\":4,\"gap\":3}}";
        assert_eq!(text(Standing::Proved(uncovered)), expected);
    }
}
