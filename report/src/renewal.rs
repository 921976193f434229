//! Renewals as tables for a terminal, and the lines that every format for readers shows.

pub(crate) mod together;

use crate::diagnostics::Color;
use crate::grid::Alignment::{Left, Right};
use crate::grid::{Cell, Grid, ROWS_SHOWN_MAX};
use crate::phrase::renewal as phrase;
use crate::phrase::{bare_money, money};
use crate::table::{and_more, section};
use model::number::{Money, Quantity};
use model::objective::Level;
use scenarios::renewal::{Comparison, Curve, Piece, Place, Renewal};
use std::fmt::Write as _;

/// One line of a plan, or of what it leaves uncovered.
pub(crate) struct Line {
    pub(crate) action: Action,
    /// The offer, where there is one.
    pub(crate) offer: String,
    /// A SKU that is bought, a license that is renewed, ends or moves, a version that is changed or short.
    pub(crate) what: String,
    pub(crate) scope: String,
    pub(crate) quantity: Quantity,
    pub(crate) unit_price: Option<Money>,
    pub(crate) cost: Option<i128>,
    pub(crate) reason: String,
}

/// What a line says is done.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Buy,
    Renew,
    Lapse,
    Transfer,
    Reclaim,
    Reinstall,
    Uncovered,
}

impl Action {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Buy => "buy",
            Self::Renew => "renew",
            Self::Lapse => "lapse",
            Self::Transfer => "transfer",
            Self::Reclaim => "reclaim",
            Self::Reinstall => "reinstall",
            Self::Uncovered => "uncovered",
        }
    }
}

/// The answers in words and tables: for each scenario what is paid, what is proved and every line of the plan with its
/// reason, then the scenarios side by side and what they have in common.
#[must_use]
pub fn renewals_table(renewals: &[Renewal], comparison: &Comparison, color: Color) -> String {
    let mut out = String::new();
    for renewal in renewals.iter().take(ROWS_SHOWN_MAX) {
        if !out.is_empty() {
            out.push('\n');
        }
        scenario(renewal, color, &mut out);
    }
    and_more(renewals.len().saturating_sub(ROWS_SHOWN_MAX), &mut out);
    if renewals.len() > 1 {
        side_by_side(renewals, comparison, color, &mut out);
        section(phrase::IN_ANY_CASE, in_any_case(comparison), color, &mut out);
    }
    for curve in &comparison.curves {
        along(curve, color, &mut out);
    }
    for plan in &comparison.together {
        together::together(plan, color, &mut out);
    }
    out
}

fn scenario(renewal: &Renewal, color: Color, out: &mut String) {
    let _ = writeln!(out, "{}", color.heading(&phrase::title(renewal)));
    for said in phrase::summary(renewal) {
        let _ = writeln!(out, "{said}");
    }
    let lines = lines(renewal);
    if lines.is_empty() {
        let _ = writeln!(out, "{}", phrase::NOTHING_TO_DO);
        return;
    }
    out.push('\n');
    let hidden = lines.len().saturating_sub(ROWS_SHOWN_MAX);
    lines_grid(renewal, lines.into_iter().take(ROWS_SHOWN_MAX)).render(color, out);
    and_more(hidden, out);
}

/// A row for each of some lines of a plan.
pub(crate) fn lines_grid(renewal: &Renewal, lines: impl Iterator<Item = Line>) -> Grid {
    let mut grid = Grid::new(&[
        ("Action", Left),
        ("Offer", Left),
        ("What", Left),
        ("Scope", Left),
        ("Quantity", Right),
        ("Unit price", Right),
        ("Cost", Right),
        ("Reason", Left),
    ]);
    let money = |units: Option<i128>| units.map_or(String::new(), |units| bare_money(units, renewal.currency()));
    for line in lines {
        grid.push(vec![
            Cell::new(line.action.word()).alarming(line.action == Action::Uncovered),
            Cell::new(&line.offer),
            Cell::new(&line.what),
            Cell::new(&line.scope),
            Cell::number(line.quantity.get()),
            Cell::new(&money(line.unit_price.map(|price| price.units().into()))),
            Cell::new(&money(line.cost)),
            Cell::new(&line.reason),
        ]);
    }
    grid
}

fn side_by_side(renewals: &[Renewal], comparison: &Comparison, color: Color, out: &mut String) {
    let _ = writeln!(out, "\n{}", color.heading(phrase::COMPARISON));
    let shown = &renewals[..renewals.len().min(ROWS_SHOWN_MAX)];
    scenarios_grid(shown, comparison).render(color, out);
    and_more(renewals.len().saturating_sub(ROWS_SHOWN_MAX), out);
}

/// Scenarios side by side, a row each.
pub(crate) fn scenarios_grid(renewals: &[Renewal], comparison: &Comparison) -> Grid {
    let mut grid = Grid::new(&[
        ("Scenario", Left),
        ("Uncovered", Right),
        ("Spend", Right),
        ("Units bought", Right),
        ("Standing", Left),
        ("", Left),
    ]);
    for (position, renewal) in renewals.iter().enumerate() {
        grid.push(vec![
            Cell::new(renewal.name()),
            Cell::alarm(renewal.totals().uncovered.get()),
            Cell::new(&money(renewal.spend(), renewal.currency())),
            Cell::new(&renewal.objective()[Level::UnitsBought.index()].to_string()),
            Cell::new(&phrase::standing_words(renewal)),
            Cell::new(phrase::rank(position == comparison.cheapest, position == comparison.dearest)),
        ]);
    }
    grid
}

/// A curve, each piece a row.
fn along(curve: &Curve, color: Color, out: &mut String) {
    let _ = writeln!(out, "\n{}", color.heading(&phrase::curve(curve)));
    pieces_grid(curve, curve.pieces.iter().take(ROWS_SHOWN_MAX)).render(color, out);
    and_more(curve.pieces.len().saturating_sub(ROWS_SHOWN_MAX), out);
}

/// A row for each of some pieces of a curve.
pub(crate) fn pieces_grid<'c>(curve: &Curve, pieces: impl Iterator<Item = &'c Piece>) -> Grid {
    let mut grid = Grid::new(&PIECE_COLUMNS.map(|name| (name, Right)));
    for piece in pieces {
        grid.push(piece_cells(curve, piece).iter().map(|cell| Cell::new(cell)).collect());
    }
    grid
}

/// What is said of a piece.
pub(crate) const PIECE_COLUMNS: [&str; 6] = ["From", "To", "Uncovered", "Each step", "Spend", "Each step"];

pub(crate) fn piece_cells(curve: &Curve, piece: &Piece) -> [String; 6] {
    [
        piece.from.clone(),
        piece.to.clone(),
        piece.uncovered.to_string(),
        phrase::signed(piece.uncovered_per_step, piece.uncovered_per_step.to_string()),
        bare_money(piece.spend, curve.currency),
        phrase::signed(piece.spend_per_step, bare_money(piece.spend_per_step, curve.currency)),
    ]
}

/// What all scenarios have in common, a phrase each.
pub(crate) fn in_any_case(comparison: &Comparison) -> Vec<String> {
    match comparison.in_any_case.as_slice() {
        [] => vec![phrase::NOTHING_IN_ANY_CASE.to_owned()],
        lines => lines.iter().map(phrase::common).collect(),
    }
}

/// Whose names are left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Omitted {
    /// Those of assets.
    pub assets: bool,
    /// Those of users.
    pub users: bool,
}

impl Omitted {
    /// A place without them.
    fn of(self, place: &Place) -> Place {
        let Place { scope, contract, asset, user } = place.clone();
        Place { scope, contract, asset: asset.filter(|_| !self.assets), user: user.filter(|_| !self.users) }
    }
}

/// The lines of a plan, then what it leaves uncovered.
pub(crate) fn lines(renewal: &Renewal) -> Vec<Line> {
    lines_without(renewal, Omitted::default())
}

/// The same without some names.
pub(crate) fn lines_without(renewal: &Renewal, omitted: Omitted) -> Vec<Line> {
    let mut lines: Vec<Line> = offers(renewal).collect();
    lines.extend(renewal.transfer().map(|line| Line {
        what: line.license.clone(),
        scope: line.to.clone(),
        reason: phrase::transfer_reason(renewal, &line.from, &line.to),
        ..Line::of(Action::Transfer, line.quantity).at(line.unit_price, line.cost)
    }));
    lines.extend(renewal.reclaim().map(|line| Line {
        what: line.version.clone(),
        scope: line.place.scope.clone(),
        reason: phrase::reclaim_reason(&omitted.of(&line.place)),
        ..Line::of(Action::Reclaim, line.quantity).at(line.unit_price, line.cost)
    }));
    lines.extend(renewal.reinstall().map(|line| Line {
        what: line.from.clone(),
        scope: line.place.scope.clone(),
        reason: phrase::reinstall_reason(&line.to, &omitted.of(&line.place)),
        ..Line::of(Action::Reinstall, line.quantity).at(line.unit_price, line.cost)
    }));
    lines.extend(renewal.uncovered().map(|line| Line {
        what: line.version.clone().unwrap_or_default(),
        scope: line.scope.clone(),
        reason: phrase::uncovered_reason(renewal),
        ..Line::of(Action::Uncovered, line.quantity)
    }));
    lines
}

/// What is bought, renewed and not renewed.
fn offers(renewal: &Renewal) -> impl Iterator<Item = Line> {
    let buy = renewal.buy().map(|line| Line {
        offer: line.offer.clone(),
        what: line.sku.clone(),
        scope: line.scope.clone(),
        reason: phrase::offer_reason(renewal, &line.serves, line.idle, line.fee),
        ..Line::of(Action::Buy, line.quantity).at(line.unit_price, line.cost)
    });
    let renew = renewal.renew().map(|line| Line {
        offer: line.offer.clone(),
        what: line.license.clone(),
        reason: phrase::offer_reason(renewal, &line.serves, line.idle, line.fee),
        ..Line::of(Action::Renew, line.quantity).at(line.unit_price, line.cost)
    });
    let lapse = renewal.lapse().map(|line| Line {
        what: line.license.clone(),
        reason: phrase::LAPSE.to_owned(),
        ..Line::of(Action::Lapse, line.quantity)
    });
    buy.chain(renew).chain(lapse)
}

impl Line {
    const fn of(action: Action, quantity: Quantity) -> Self {
        Self {
            action,
            offer: String::new(),
            what: String::new(),
            scope: String::new(),
            quantity,
            unit_price: None,
            cost: None,
            reason: String::new(),
        }
    }

    fn at(self, unit_price: Money, cost: i128) -> Self {
        Self { unit_price: Some(unit_price), cost: Some(cost), ..self }
    }
}
