//! The boxes: what a SKU's lots do, and how well a version is covered.
//!
//! Sizes are measured before anything is placed. Figures are never cut; names are, and a tip has them whole.

use super::super::layout::{Band, Row};
use super::super::picture::{End, Lot, Part, Picture, Supply, What};
use super::{NORMAL, Placed, SMALL, STRONG};
use crate::drawing::element::{Elements, Point, Rect};
use crate::drawing::measure::Px;
use crate::phrase::{self as phrases, graph as phrase};
use checker::figures::VersionFigures;
use model::estate::Estate;
use model::id::{LicenseId, VersionId};
use model::number::Quantity;
use solver::position::Status;

/// Most lots of a SKU that are shown one by one.
const LOTS_SHOWN_MAX: usize = 6;
/// Between the edge of a box and what is in it.
const PADDING: Px = 10;
const HEADER: Px = 26;
const LINE: Px = 17;
/// Between columns of text.
const SPACE: Px = 8;
const BAR_HEIGHT: Px = 8;
const LOT_BAR: Px = 44;
const VERSION_BAR: Px = 72;
const ICON: Px = 12;
const BADGE: Px = 26;
/// A name takes no more room than this.
const NAME_MAX: Px = 150;
/// Nor do words beside a name.
const WORDS_MAX: Px = 210;
/// The most badges at one row.
const BADGES_MAX: usize = 2;
/// The heading above the versions of a title.
const HEADING: Px = 24;

/// The room that the card of a SKU needs.
fn supply_width(picture: &Picture<'_>, supply: &Supply, name_width: Px) -> Px {
    let estate = picture.estate();
    let sku = &estate.skus[supply.sku];
    let figures = &picture.position.certified.figures().licenses;
    let header =
        STRONG.width(&sku.id).min(NAME_MAX) + SPACE + NORMAL.width(&header_words(estate, supply)).min(WORDS_MAX);
    let gate = if sku.use_only_when_assigned { SMALL.width(phrase::GATED) } else { 0 };
    let lots = supply.lots.iter().take(shown_lots(supply).0).map(|lot| {
        let text = phrase::lot_figures(estate, lot.license, &figures[lot.license]);
        let bar = if estate.is_active(lot.license) { LOT_BAR + SPACE } else { 0 };
        name_width + SPACE + bar + SMALL.width(&text) + badges_width(&lot.marks)
    });
    lots.fold(header.max(gate), Px::max) + 2 * PADDING
}

/// The room that the box of an end needs.
fn end_width(picture: &Picture<'_>, end: &End) -> Px {
    let estate = picture.estate();
    let (name, words, text) = match end.what {
        What::Version(version) => (
            estate.version_text(version),
            phrases::status(&picture.position.derived.versions[version]),
            phrase::demand(estate, version, &picture.position.certified.figures().versions[version]),
        ),
        What::SetAside(quantity) => (phrase::SET_ASIDE.to_owned(), String::new(), phrase::set_aside(quantity)),
    };
    let header = STRONG.width(&name).min(NAME_MAX) + SPACE + ICON + SPACE + NORMAL.width(&words).min(WORDS_MAX);
    let width = (header + badges_width(&end.marks)).max(VERSION_BAR + SPACE + SMALL.width(&text));
    width + 2 * PADDING
}

/// What stands beside the id of a SKU.
fn header_words(estate: &Estate, supply: &Supply) -> String {
    phrase::sku_version(&estate.skus[supply.sku], &estate.version_text(estate.skus[supply.sku].version))
}

/// How wide things are, over the whole picture.
pub(super) struct Cards {
    /// Of bases, of upgrades.
    supplies: [Columns; 2],
    end_width: Px,
    /// The demand that fills a bar.
    demand_max: Quantity,
}

/// The columns of a card.
#[derive(Clone, Copy, Default)]
struct Columns {
    width: Px,
    name: Px,
}

/// How many lots are shown one by one, and how many are not.
fn shown_lots(supply: &Supply) -> (usize, usize) {
    match supply.lots.len() {
        count if count <= LOTS_SHOWN_MAX => (count, 0),
        count => (LOTS_SHOWN_MAX - 1, count - (LOTS_SHOWN_MAX - 1)),
    }
}

/// The column of a supply: bases stand on the left, upgrades to their right.
fn column(estate: &Estate, supply: &Supply) -> usize {
    usize::from(estate.skus[supply.sku].is_upgrade())
}

impl Cards {
    /// Measures everything that will stand in a box.
    pub(super) fn of(picture: &Picture<'_>) -> Self {
        let estate = picture.estate();
        let mut supplies = [Columns::default(); 2];
        for supply in picture.parts.iter().flat_map(|part| &part.supplies) {
            let columns = &mut supplies[column(estate, supply)];
            for lot in &supply.lots[..shown_lots(supply).0] {
                columns.name = columns.name.max(SMALL.width(&lot_name(estate, lot.license)).min(NAME_MAX));
            }
        }
        for supply in picture.parts.iter().flat_map(|part| &part.supplies) {
            let columns = &mut supplies[column(estate, supply)];
            columns.width = columns.width.max(supply_width(picture, supply, columns.name));
        }
        let ends = picture.parts.iter().flat_map(|part| &part.ends);
        let figures = &picture.position.certified.figures().versions;
        let demands = ends.clone().filter_map(|end| match end.what {
            What::Version(version) => Some(figures[version].demand),
            What::SetAside(_) => None,
        });
        Self {
            supplies,
            demand_max: demands.max().unwrap_or_default(),
            end_width: ends.map(|end| end_width(picture, end)).max().unwrap_or(0),
        }
    }

    /// The size of the card of a SKU.
    pub(super) fn band(&self, picture: &Picture<'_>, supply: &Supply) -> Band {
        let estate = picture.estate();
        let column = column(estate, supply);
        let (shown, hidden) = shown_lots(supply);
        let is_gated = estate.skus[supply.sku].use_only_when_assigned;
        let lines = Px::try_from(shown).unwrap_or(0) + Px::from(hidden > 0) + Px::from(is_gated);
        Band { column, width: self.supplies[column].width, height: HEADER + LINE * lines + 5 }
    }

    /// The size of the box at an end.
    pub(super) fn row(&self, part: &Part, end: usize) -> Row {
        let heading = if begins_title(part, end) { HEADING } else { 0 };
        Row { width: self.end_width, height: HEADER + LINE + 4, heading }
    }

    /// Draws all boxes of a part.
    pub(super) fn draw(&self, picture: &Picture<'_>, placed: &Placed<'_>, out: &mut Elements) {
        for (supply, &rect) in placed.part.supplies.iter().zip(&placed.layout.bands) {
            self.supply(picture, supply, rect, out);
        }
        for (position, &rect) in placed.layout.rows.iter().enumerate() {
            let end = &placed.part.ends[position];
            if let (true, What::Version(version)) = (begins_title(placed.part, position), end.what) {
                let heading = phrase::title_heading(picture.estate(), picture.estate().versions[version].title);
                let at = Point { x: rect.x, y: rect.y - 8 };
                let cut = STRONG.cut(&heading, rect.width);
                out.group("heading-of-title", if *cut == *heading { "" } else { &heading });
                out.text("heading", at, &cut);
                out.close();
            }
            match end.what {
                What::Version(version) => self.version(picture, end, version, rect, out),
                What::SetAside(quantity) => Self::set_aside(quantity, rect, out),
            }
        }
    }

    fn supply(&self, picture: &Picture<'_>, supply: &Supply, rect: Rect, out: &mut Elements) {
        let estate = picture.estate();
        let sku = &estate.skus[supply.sku];
        let is_short = supply.lots.iter().any(|lot| !lot.marks.is_empty());
        let class = match (is_short, supply.is_lapsed) {
            (true, _) => "supply short",
            (false, true) => "supply lapsed",
            (false, false) => "supply",
        };
        out.group(class, &phrase::sku_tip(sku, &estate.version_text(sku.version)));
        out.rect("card", rect, 5);
        let (left, right) = (rect.x + PADDING, rect.right() - PADDING);
        let mut y = rect.y + 18;
        let id = STRONG.cut(&sku.id, NAME_MAX);
        out.text("strong", Point { x: left, y }, &id);
        let words = header_words(estate, supply);
        let room = right - left - STRONG.width(&id) - SPACE;
        out.text("muted end", Point { x: right, y }, &NORMAL.cut(&words, room));
        if sku.use_only_when_assigned {
            y += LINE;
            out.text("muted small", Point { x: left, y }, phrase::GATED);
        }
        let (shown, hidden) = shown_lots(supply);
        for lot in &supply.lots[..shown] {
            y += LINE;
            let line = Rect { x: left, y, width: right - left, height: LINE };
            Self::lot(picture, lot, line, self.supplies[column(estate, supply)].name, out);
        }
        if hidden > 0 {
            y += LINE;
            let tips = supply.lots[shown..].iter().take(50);
            let figures = &picture.position.certified.figures().licenses;
            let tips = tips.map(|lot| phrase::lot_tip(estate, lot.license, &figures[lot.license]));
            out.group("lots", &tips.collect::<Vec<_>>().join("\n"));
            out.text("muted small", Point { x: left, y }, &phrase::more_lots(hidden));
            let marks = supply.lots[shown..].iter().flat_map(|lot| &lot.marks).copied();
            let marks: Vec<usize> = marks.collect::<std::collections::BTreeSet<_>>().into_iter().collect();
            badges(&marks, Point { x: right, y }, out);
            out.close();
        }
        out.close();
    }

    /// A line for a lot; `line` has its baseline for `y`.
    fn lot(picture: &Picture<'_>, lot: &Lot, line: Rect, name_width: Px, out: &mut Elements) {
        let id = lot.license;
        let estate = picture.estate();
        let row = &picture.position.certified.figures().licenses[id];
        out.group("lot", &phrase::lot_tip(estate, id, row));
        let at = |x: Px| Point { x, y: line.y };
        out.text("small", at(line.x), &SMALL.cut(&lot_name(estate, id), name_width));
        let mut x = line.x + name_width + SPACE;
        if estate.is_active(id) {
            let bar = Rect { x, y: line.y - BAR_HEIGHT, width: LOT_BAR, height: BAR_HEIGHT };
            let whole = estate.licenses[id].quantity.unwrap_or(row.used);
            draw_bar(bar, whole, row.used, row.unusable, out);
            x += LOT_BAR + SPACE;
        }
        let class = if estate.is_active(id) { "small" } else { "muted small" };
        out.text(class, at(x), &phrase::lot_figures(estate, id, row));
        badges(&lot.marks, at(line.right()), out);
        out.close();
    }

    fn version(&self, picture: &Picture<'_>, end: &End, version: VersionId, rect: Rect, out: &mut Elements) {
        let estate = picture.estate();
        let (certified, derived) = (&picture.position.certified, &picture.position.derived);
        let (row, standing) = (&certified.figures().versions[version], &derived.versions[version]);
        let class = if end.marks.is_empty() { "version" } else { "version short" };
        out.group(class, &phrase::version(estate, picture.position, version));
        let name = estate.version_text(version);
        out.rect("card", rect, 5);
        let (left, right, y) = (rect.x + PADDING, rect.right() - PADDING, rect.y + 18);
        icon(standing.status, Point { x: left + ICON / 2, y: y - 4 }, out);
        let name = STRONG.cut(&name, NAME_MAX);
        out.text("strong", Point { x: left + ICON + SPACE, y }, &name);
        let right = right - badges(&end.marks, Point { x: right, y }, out);
        let words = phrases::status(standing);
        let words = NORMAL.cut(&words, WORDS_MAX);
        let word = standing.status.word();
        out.text(&format!("end word-{word}"), Point { x: right, y }, &words);
        let y = y + LINE + 2;
        self.demand_bar(Point { x: left, y }, row, out);
        let x = left + VERSION_BAR + SPACE;
        out.text("small", Point { x, y }, &phrase::demand(estate, version, row));
        out.close();
    }

    /// A bar as long as the demand, beside the largest of the picture; what is uncovered is hatched.
    fn demand_bar(&self, at: Point, row: &VersionFigures, out: &mut Elements) {
        if row.demand.is_zero() {
            return;
        }
        let length = share(row.demand, self.demand_max, VERSION_BAR).max(4);
        let bar = Rect { x: at.x, y: at.y - BAR_HEIGHT, width: length, height: BAR_HEIGHT };
        draw_bar(bar, row.demand, row.covered, row.uncovered, out);
    }

    fn set_aside(quantity: Quantity, rect: Rect, out: &mut Elements) {
        out.group("version lapsed", "");
        out.rect("card", rect, 5);
        let left = rect.x + PADDING;
        out.text("strong", Point { x: left, y: rect.y + 18 }, phrase::SET_ASIDE);
        out.text("small", Point { x: left, y: rect.y + 20 + LINE }, &phrase::set_aside(quantity));
        out.close();
    }
}

/// Whether the end is the first version of a title.
fn begins_title(part: &Part, end: usize) -> bool {
    part.title_starts.contains(&end)
}

/// The lot, with its scope if that says something.
fn lot_name(estate: &Estate, id: LicenseId) -> String {
    let license = &estate.licenses[id];
    match estate.scopes[license.scope].parent {
        Some(_) => format!("{} \u{b7} {}", license.id, estate.scopes[license.scope].id),
        None => license.id.clone(),
    }
}

/// A part of a length; something is never nothing.
fn share(part: Quantity, whole: Quantity, length: Px) -> Px {
    let (part, whole) = (u128::from(part.get()), u128::from(whole.get().max(1)));
    let pixels = (part * u128::from(length.unsigned_abs())).div_ceil(whole);
    Px::try_from(pixels).unwrap_or(length).min(length)
}

/// What is used from the left, what should not be from the right, and nothing where something is idle.
pub(super) fn draw_bar(bar: Rect, whole: Quantity, used: Quantity, bad: Quantity, out: &mut Elements) {
    out.rect("bar", bar, 1);
    let bad_width = if bad.is_zero() { 0 } else { share(bad, whole, bar.width) };
    let used_width = if used.is_zero() { 0 } else { share(used, whole, bar.width).min(bar.width - bad_width) };
    if used_width > 0 {
        out.rect("part-used", Rect { width: used_width, ..bar }, 1);
    }
    if bad_width > 0 {
        out.rect("part-bad", Rect { x: bar.right() - bad_width, width: bad_width, ..bar }, 1);
    }
}

fn badges_width(marks: &[usize]) -> Px {
    Px::try_from(marks.len().min(BADGES_MAX)).unwrap_or(0) * (BADGE + 3)
}

/// The names of shortage sets, ending at a place; gives the room they take.
pub(super) fn badges(marks: &[usize], end: Point, out: &mut Elements) -> Px {
    let shown = marks.iter().take(BADGES_MAX).rev();
    for (position, &mark) in shown.enumerate() {
        let right = end.x - Px::try_from(position).unwrap_or(0) * (BADGE + 3);
        let text = if position == 0 && marks.len() > BADGES_MAX { "…".to_owned() } else { phrase::mark(mark) };
        out.rect("badge", Rect { x: right - BADGE, y: end.y - 11, width: BADGE, height: 14 }, 3);
        out.text("in-badge", Point { x: right - BADGE / 2, y: end.y }, &text);
    }
    badges_width(marks) + if marks.is_empty() { 0 } else { SPACE - 3 }
}

/// A status as a shape: a check, an exclamation mark in a triangle, a cross, a dash.
pub(super) fn icon(status: Status, center: Point, out: &mut Elements) {
    let Point { x, y } = center;
    let path = match status {
        Status::Green => format!("M{} {}l3 3l6 -7", x - 4, y),
        Status::Yellow => format!("M{x} {}l6 10h-12zM{x} {}v3", y - 6, y - 2),
        Status::Red => format!("M{} {}l8 8m0 -8l-8 8", x - 4, y - 4),
        Status::Inactive => format!("M{} {y}h8", x - 4),
    };
    out.path(&format!("icon {}", status.word()), &path);
}
