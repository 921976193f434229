//! A position as JSON: the format that `licit verify` reads back; comparisons, explanations and renewals beside it.
//!
//! The order of keys and rows is that of the estate, so the same facts give the same bytes. Each row
//! of a list stands on a line of its own, and is made only when it is written.

mod batch;
mod changes;
mod compare;
mod evidence;
mod explain;
mod facts;
mod lines;
mod models;
mod prices;
mod renewal;
mod rows;

pub use batch::BatchJson;
pub use changes::changes_json;
pub use compare::comparison_json;
pub use evidence::plan_evidence;
pub use explain::explanation_json;
pub use models::{ModelFiles, models_json};
pub use renewal::{batch_answer, renewals_json};

use checker::Certified;
use checker::evidence::Gap;
use checker::figures::Objective;
use lines::Lines;
use model::estate::Currency;
use model::findings::Findings;
use model::number::money_text;
use model::objective::{Level, POSITION_LEVELS, without_units_bought};
use rows::Rows;
use serde::{Serialize, Serializer, ser::SerializeMap};
use solver::Position;

/// The format of results this writes.
const FORMAT: u32 = 1;

/// The position as one JSON object with a line feed at its end.
///
/// The findings stand in it without the lines they are about, in an order of their own: a row that is
/// moved in its file is the same fact.
#[must_use]
pub fn json(position: &Position<'_>, findings: &Findings) -> String {
    let Position { certified, derived } = position;
    let (estate, figures) = (certified.estate(), certified.figures());
    let rows = Rows { estate };
    let mut lines = Lines::new();
    lines.field("licit", &FORMAT);
    lines.field("command", "position");
    lines.field("name", &estate.name);
    lines.field("as_of", &estate.as_of.to_string());
    lines.field("currency", &estate.currency.map(|currency| currency.code));
    lines.field("digest", &estate.digest());
    lines.field("standing", certified.standing().word());
    lines.field("gaps", &GapRows { currency: estate.currency, gaps: certified.gaps() });
    lines.field("objective", &ObjectiveRow { objective: &figures.objective, currency: estate.currency });
    lines.field("totals", &rows::totals(figures.totals));
    lines.rows("titles", estate.titles.ids().map(|title| rows.title(title, position)));
    lines.rows("families", derived.families.iter().map(Rows::family));
    lines.rows("publishers", derived.publishers.iter().map(Rows::publisher));
    lines.rows("licenses", estate.licenses.ids().map(|license| rows.license(license, position)));
    let allocation = certified.allocation();
    let together = (1..).zip(&allocation.shared).flat_map(|(number, shared)| rows.shared(number, shared));
    lines.rows("allocation", allocation.rows.iter().map(|row| rows.allocation(row)).chain(together));
    lines.rows("assignments", estate.assignments.ids().map(|assignment| rows.assignment(assignment, figures)));
    lines.rows("uncovered", figures.uncovered.iter().map(|&(key, quantity)| rows.uncovered(key, quantity)));
    lines.rows("unknown_names", estate.unknown_names.iter().map(rows::unknown_name));
    facts::facts(estate, &mut lines);
    lines.rows("shortages", certified.evidence().shortages.iter().map(|set| rows.shortage(set)));
    evidence(certified, rows, &mut lines);
    lines.rows("diagnostics", rows::diagnostics(findings).into_iter());
    lines.finish()
}

/// The prices that prove the position, beside the facts of the estate they belong to.
fn evidence(certified: &Certified<'_>, rows: Rows<'_>, lines: &mut Lines) {
    lines.open("evidence");
    prices::prices(&certified.evidence().prices, rows, without_units_bought, lines);
    let by_bound = certified.evidence().uncovered_by_bound;
    if !by_bound.is_zero() {
        lines.field("uncovered_by_bound", &by_bound.get());
    }
    lines.close();
}

/// What stands between a position and its bound, by level: nothing, if it is optimal.
struct GapRows<'c> {
    currency: Option<Currency>,
    gaps: &'c [Gap],
}

impl Serialize for GapRows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let minor_digits = self.currency.map_or(0, |currency| usize::from(currency.minor_digits));
        let mut map = serializer.serialize_map(Some(self.gaps.len()))?;
        for Gap { level, bound, gap } in self.gaps {
            if level.is_money() {
                let money = |amount| money_text(amount, minor_digits);
                map.serialize_entry(level.name(), &GapRow { bound: money(*bound), gap: money(*gap) })?;
            } else {
                map.serialize_entry(level.name(), &GapRow { bound, gap })?;
            }
        }
        map.end()
    }
}

#[derive(Serialize)]
struct GapRow<A> {
    bound: A,
    gap: A,
}

/// The levels in their order: money as decimal text, everything else as integers.
struct ObjectiveRow<'o> {
    objective: &'o Objective,
    currency: Option<Currency>,
}

impl Serialize for ObjectiveRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(POSITION_LEVELS))?;
        for level in Level::of_position() {
            let value = self.objective[level.index()];
            if level.is_money() {
                map.serialize_entry(level.name(), &money(value, self.currency))?;
            } else {
                map.serialize_entry(level.name(), &value)?;
            }
        }
        map.end()
    }
}

/// Money as decimal text.
fn money(units: i128, currency: Option<Currency>) -> String {
    money_text(units, currency.map_or(0, |currency| usize::from(currency.minor_digits)))
}
