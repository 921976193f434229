//! What the files for other solvers ask and what they should find, as JSON.

use super::FORMAT;
use super::lines::Lines;
use model::number::money_text;
use model::objective::Level;
use scenarios::renewal::Renewal;
use serde::{Serialize, Serializer};
use solver::market::Models;

/// The files written for a scenario.
pub struct ModelFiles<'r> {
    /// What was found for the scenario.
    pub renewal: &'r Renewal,
    /// What the names of its files begin with, without the ending.
    pub stem: &'r str,
    /// What the files ask.
    pub models: &'r Models,
}

/// The index of files for other solvers: what each asks, and the cost that it comes to with the plan found here.
#[must_use]
pub fn models_json(files: &[ModelFiles<'_>]) -> String {
    let mut lines = Lines::new();
    lines.field("licit", &FORMAT);
    lines.field("command", "renew");
    lines.rows("models", files.iter().map(row));
    lines.finish()
}

#[derive(Serialize)]
struct Row<'r> {
    scenario: &'r str,
    currency: Option<&'r str>,
    standing: &'static str,
    mps: Option<ProgramRow>,
    min: Option<FlowRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    no_min: Option<&'static str>,
}

#[derive(Serialize)]
struct ProgramRow {
    file: String,
    cost: i128,
    constant: i128,
    money_unit: String,
    held: Levels<i128>,
}

#[derive(Serialize)]
struct FlowRow {
    file: String,
    cost: i128,
    constant: i128,
    money_unit: String,
    weights: Levels<i64>,
}

/// Levels by name, in their order.
struct Levels<A>(Vec<(Level, A)>);

impl<A: Serialize> Serialize for Levels<A> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(level, amount)| (level.name(), amount)))
    }
}

fn row<'r>(files: &ModelFiles<'r>) -> Row<'r> {
    let ModelFiles { renewal, stem, models } = *files;
    // A priced shortage is part of the spend that is to be least.
    let spend = renewal.spend() + renewal.shortage_total().unwrap_or_default();
    let program = models.program.as_ref().map(|program| ProgramRow {
        file: format!("{stem}.mps"),
        cost: spend - program.constant,
        constant: program.constant,
        money_unit: money_text(1, 0),
        held: Levels(program.held.clone()),
    });
    let flow = models.flow.as_ref().map(|flow| {
        let unit = i128::from(flow.money_unit);
        let weighed = |&(level, weight): &(Level, i64)| {
            let amount = if level == Level::Spend { spend / unit } else { renewal.objective()[level.index()] };
            i128::from(weight) * amount
        };
        FlowRow {
            file: format!("{stem}.min"),
            cost: flow.weights.iter().map(weighed).sum::<i128>() - flow.constant,
            constant: flow.constant,
            money_unit: money_text(unit, 0),
            weights: Levels(flow.weights.clone()),
        }
    });
    Row {
        scenario: renewal.name(),
        currency: renewal.currency().map(|currency| currency.code),
        standing: renewal.standing().word(),
        mps: program,
        no_min: flow.as_ref().err().copied().copied(),
        min: flow.ok(),
    }
}
