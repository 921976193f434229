//! Plans for renewals as rows of a table.

use super::{Cells, Table};
use crate::phrase::bare_money;
use crate::renewal::lines;
use scenarios::renewal::Renewal;

/// One row for every line of a plan and for what it leaves uncovered, scenario after scenario.
#[must_use]
pub fn renewals_csv(renewals: &[Renewal], cells: Cells) -> String {
    let mut table = Table::new(cells, "scenario,action,what,scope,quantity,unit_price,cost,reason,offer");
    for renewal in renewals {
        let money = |units: i128| bare_money(units, renewal.currency());
        for line in lines(renewal) {
            table.cell(renewal.name());
            table.number(line.action.word());
            table.cell(&line.what);
            table.cell(&line.scope);
            table.number(line.quantity);
            table.optional(line.unit_price.map(|price| money(price.units().into())));
            table.optional(line.cost.map(money));
            table.cell(&line.reason);
            table.cell(&line.offer);
            table.end();
        }
    }
    table.text
}
