//! An amount over whole numbers as a line between breakpoints.

use crate::drawing::element::{Elements, Point as At};
use crate::drawing::measure::{Font, Px};
use crate::grid::Alignment::Right;
use crate::grid::{Cell, Grid};
use crate::phrase::html as words;
use std::fmt::Write as _;

const WIDTH: Px = 640;
const HEIGHT: Px = 240;
const LEFT: Px = 110;
const RIGHT: Px = 24;
const TOP: Px = 20;
const BOTTOM: Px = 40;
const LABEL: Font = Font::plain(12);

/// A breakpoint.
pub(super) struct Point {
    place: i64,
    pub(super) amount: i128,
    /// The amount as it is said.
    said: String,
}

impl Point {
    /// A point; none where its place is no whole number.
    pub(super) fn of(place: &str, amount: i128, said: String) -> Option<Self> {
        Some(Self { place: place.parse().ok()?, amount, said })
    }

    fn text(&self) -> (String, String) {
        (self.place.to_string(), self.said.clone())
    }
}

/// The breakpoints as a table.
pub(super) fn grid(what: &'static str, points: &[Point]) -> Grid {
    let mut grid = Grid::new(&[("At", Right), (what, Right)]);
    for point in points {
        grid.push(vec![Cell::new(&point.place.to_string()), Cell::new(&point.said)]);
    }
    grid
}

/// The picture; `points` ascend and are at least one.
pub(super) fn svg(id: &str, title: &str, points: &[Point]) -> String {
    let (first, last) = (&points[0], &points[points.len() - 1]);
    let span = i128::from(last.place - first.place).max(1);
    let most = points.iter().map(|point| point.amount).max().unwrap_or(0).max(1);
    let x = |point: &Point| LEFT + scaled(i128::from(point.place - first.place), span, WIDTH - LEFT - RIGHT);
    let y = |point: &Point| HEIGHT - BOTTOM - scaled(point.amount.max(0), most, HEIGHT - TOP - BOTTOM);
    let mut out = Elements::default();
    let attributes = format!(
        " class=\"curve\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" width=\"{WIDTH}\" height=\"{HEIGHT}\" \
         viewBox=\"0 0 {WIDTH} {HEIGHT}\""
    );
    out.open("svg", attributes);
    out.text_element("title", format_args!(" id=\"{id}-title\""), title);
    let described = words::curve_described(&first.text(), &last.text(), points.len().saturating_sub(2));
    out.text_element("desc", format_args!(" id=\"{id}-desc\""), &described);
    let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
    out.path("axis", &format!("M{LEFT} {TOP}V{bottom}H{right}"));
    let mut line = String::new();
    for (index, point) in points.iter().enumerate() {
        let _ = write!(line, "{}{} {}", if index == 0 { 'M' } else { 'L' }, x(point), y(point));
    }
    out.path("line", &line);
    // A label stands where the one before it leaves room; the table has all.
    let (mut free_across, mut free_up) = (0, HEIGHT);
    for point in points {
        let at = At { x: x(point), y: y(point) };
        out.open("circle", format_args!(" class=\"break\" cx=\"{}\" cy=\"{}\" r=\"4\"", at.x, at.y));
        out.text_element("title", "", &format!("{}: {}", point.place, point.said));
        out.close();
        let place = point.place.to_string();
        if at.x >= free_across {
            out.text("middle", At { x: at.x, y: bottom + 18 }, &place);
            free_across = at.x + LABEL.width(&place) + 14;
        }
        if at.y + 16 <= free_up {
            out.text("end", At { x: LEFT - 8, y: at.y + 4 }, &LABEL.cut(&point.said, LEFT - 12));
            free_up = at.y;
        }
    }
    out.finish()
}

/// `part` of `whole` as a share of a length.
fn scaled(part: i128, whole: i128, length: Px) -> Px {
    Px::try_from(part * i128::from(length) / whole).unwrap_or(0)
}
