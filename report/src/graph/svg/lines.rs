//! Rights and flows: rails with their marks.

use super::super::layout::{Mark, Owner, PORT, Rail, To};
use super::super::picture::{Kind, Picture, Supply, What};
use super::{LinkOf, PILL, Placed};
use crate::drawing::element::{Elements, Point, Rect};
use crate::drawing::measure::Px;
use crate::phrase::graph as phrase;
use crate::text::neutral;
use model::number::Quantity;
use std::fmt::Write as _;

/// Most of a curve's radius.
const RADIUS: Px = 6;
const PILL_HEIGHT: Px = 16;
/// Room of the shape in a pill, with the space before and after it.
const SHAPE_ROOM: Px = 15;
/// Half of a shape.
const HALF: Px = 4;

/// The width of what stands at the mark of a link.
pub(super) fn label_width(used: Quantity) -> Px {
    if used.is_zero() { 2 * HALF } else { SHAPE_ROOM + PILL.width(&used.to_string()) + 7 }
}

/// Draws all lines of a part: rights first, flows over them, marks on top.
pub(super) fn draw(picture: &Picture<'_>, placed: &Placed<'_>, out: &mut Elements) {
    for row in 0..placed.layout.rows.len() {
        row_line(placed, row, |_| true, "right", out);
    }
    for (band, supply) in placed.part.supplies.iter().enumerate() {
        band_line(placed, band, supply.is_lapsed, out);
    }
    for rail in &placed.layout.rails {
        let supply = owner(placed, rail);
        out.group(if supply.is_lapsed { "rail lapsed" } else { "rail" }, &tip(picture, placed, rail));
        out.path("right", &rail_path(rail, &rail.marks));
        out.close();
    }
    for row in 0..placed.layout.rows.len() {
        row_line(placed, row, |link| !link.used.is_zero(), "flow", out);
    }
    for rail in &placed.layout.rails {
        flow(placed, rail, out);
    }
    arrows(placed, out);
    for rail in &placed.layout.rails {
        for mark in &rail.marks {
            label(placed.links[mark.link], Point { x: rail.x, y: mark.y }, out);
        }
    }
}

fn owner<'p>(placed: &Placed<'p>, rail: &Rail) -> &'p Supply {
    &placed.part.supplies[rail.owner.band()]
}

/// The line of a row: from its leftmost mark to its box.
fn row_line(placed: &Placed<'_>, row: usize, counts: impl Fn(LinkOf) -> bool, class: &str, out: &mut Elements) {
    let xs = placed.layout.rails.iter().filter_map(|rail| {
        let mut links = rail.marks.iter().map(|mark| placed.links[mark.link]);
        links.any(|link| link.to == To::Row(row) && counts(link)).then_some(rail.x)
    });
    if let Some(left) = xs.min() {
        let rect = placed.layout.rows[row];
        out.path(class, &format!("M{} {}H{}", left + RADIUS, rect.y + PORT, rect.x));
    }
}

/// The line of a band as far as upgrades that may stand on it, where no rail of its own takes it further.
fn band_line(placed: &Placed<'_>, band: usize, is_lapsed: bool, out: &mut Elements) {
    let rails = &placed.layout.rails;
    if rails.iter().any(|rail| rail.owner == Owner::Leaving(band)) {
        return;
    }
    if let Some(end) = stacks_on(placed, band, |_| true) {
        let rect = placed.layout.bands[band];
        out.open("g", if is_lapsed { " class=\"lapsed\"" } else { "" });
        out.path("right", &format!("M{} {}H{end}", rect.right(), rect.y + PORT));
        out.close();
    }
}

/// How far right the marks of upgrades that stand on a band are.
fn stacks_on(placed: &Placed<'_>, band: usize, counts: impl Fn(LinkOf) -> bool) -> Option<Px> {
    let xs = placed.layout.rails.iter().filter_map(|rail| {
        let mut links = rail.marks.iter().map(|mark| placed.links[mark.link]);
        let joins = |link: LinkOf| link.from == band && matches!(link.to, To::Band(_)) && counts(link);
        links.any(joins).then_some(rail.x)
    });
    xs.max()
}

/// A rail with the line to its owner and a curve at each mark.
fn rail_path(rail: &Rail, marks: &[Mark]) -> String {
    let (x, port) = (rail.x, rail.port);
    // On which side the owner is, and on which the lines that the rail joins.
    let (inward, outward) = match rail.owner {
        Owner::Leaving(_) => (-1, 1),
        Owner::Entering(_) => (1, -1),
        Owner::Returning(_) => (-1, -1),
    };
    let mut path = String::new();
    for (direction, marks) in [(-1, sorted(marks, |y| y < port.y)), (1, sorted(marks, |y| y > port.y))] {
        let (Some(nearest), Some(farthest)) =
            (marks.iter().min_by_key(|y| (port.y - **y).abs()), marks.iter().max_by_key(|y| (port.y - **y).abs()))
        else {
            continue;
        };
        let radius = radius(port.y, *nearest);
        let _ = write!(path, "M{} {}H{}", port.x, port.y, x + inward * radius);
        let _ = write!(path, "Q{x} {} {x} {}", port.y, port.y + direction * radius);
        let _ = write!(path, "V{}", farthest - direction * self::radius(port.y, *farthest));
        for y in &marks {
            let radius = self::radius(port.y, *y);
            let _ = write!(path, "M{x} {}Q{x} {y} {} {y}", y - direction * radius, x + outward * radius);
        }
    }
    if marks.iter().any(|mark| mark.y == port.y) {
        let _ = write!(path, "M{} {}H{}", port.x, port.y, x + outward * RADIUS);
    }
    path
}

fn sorted(marks: &[Mark], is_here: impl Fn(Px) -> bool) -> Vec<Px> {
    marks.iter().map(|mark| mark.y).filter(|&y| is_here(y)).collect()
}

/// Curves of a short rail are small: the two at its ends must fit.
fn radius(port: Px, mark: Px) -> Px {
    RADIUS.min((port - mark).abs() / 2)
}

/// The part of a rail on which units flow.
fn flow(placed: &Placed<'_>, rail: &Rail, out: &mut Elements) {
    let used: Vec<Mark> = (rail.marks.iter()).filter(|mark| !placed.links[mark.link].used.is_zero()).copied().collect();
    if used.is_empty() {
        return;
    }
    out.path("flow", &rail_path(rail, &used));
    if !matches!(rail.owner, Owner::Leaving(_)) {
        for mark in used {
            let rect = placed.layout.bands[placed.links[mark.link].from];
            out.path("flow", &format!("M{} {}H{}", rect.right(), mark.y, rail.x - RADIUS));
        }
    }
}

/// Where lines end at boxes.
fn arrows(placed: &Placed<'_>, out: &mut Elements) {
    let mut ends: Vec<(Point, Px, bool)> = Vec::new();
    for (row, rect) in placed.layout.rows.iter().enumerate() {
        let links = || placed.links.iter().filter(|link| link.to == To::Row(row));
        if links().next().is_some() {
            let is_used = links().any(|link| !link.used.is_zero());
            ends.push((Point { x: rect.x, y: rect.y + PORT }, -7, is_used));
        }
    }
    for rail in &placed.layout.rails {
        let is_used = rail.marks.iter().any(|mark| !placed.links[mark.link].used.is_zero());
        match rail.owner {
            Owner::Leaving(_) => {}
            Owner::Entering(_) => ends.push((rail.port, -7, is_used)),
            Owner::Returning(_) => ends.push((rail.port, 7, is_used)),
        }
    }
    for (Point { x, y }, length, is_used) in ends {
        let class = if is_used { "arrow on" } else { "arrow" };
        out.path(class, &format!("M{x} {y}l{length} -4v8z"));
    }
}

/// A mark: a shape for the kind of right, in a pill with the units if any are in use.
fn label(link: LinkOf, at: Point, out: &mut Elements) {
    if link.used.is_zero() {
        return shape(link.kind, "mark", at, out);
    }
    let width = label_width(link.used);
    let pill = Rect { x: at.x - width / 2, y: at.y - PILL_HEIGHT / 2, width, height: PILL_HEIGHT };
    out.rect("pill", pill, PILL_HEIGHT / 2);
    shape(link.kind, "shape-in-pill", Point { x: pill.x + 10, y: at.y }, out);
    out.text("in-pill", Point { x: pill.x + SHAPE_ROOM + 2, y: at.y + 4 }, &link.used.to_string());
}

/// The shape of a kind of right: a disk, a triangle that points down, one that points up, a square, a diamond for what
/// an upgrade stands on.
pub(super) fn shape(kind: Option<Kind>, class: &str, at: Point, out: &mut Elements) {
    let Point { x, y } = at;
    let path = match kind {
        Some(Kind::Own) => format!("M{} {y}a{HALF} {HALF} 0 1 0 8 0a{HALF} {HALF} 0 1 0 -8 0z", x - HALF),
        Some(Kind::Downgrade) => format!("M{} {}h8l-4 7z", x - HALF, y - 3),
        Some(Kind::Newer) => format!("M{} {}h8l-4 -7z", x - HALF, y + 3),
        Some(Kind::Cross | Kind::SetAside) => format!("M{} {}h7v7h-7z", x - 3, y - 3),
        None => format!("M{x} {}l4 4l-4 4l-4 -4z", y - HALF),
    };
    out.path(class, &path);
}

/// What a rail says to whom points to it.
fn tip(picture: &Picture<'_>, placed: &Placed<'_>, rail: &Rail) -> String {
    let estate = picture.estate();
    let sku = &estate.skus[owner(placed, rail).sku];
    let name = |link: LinkOf| match (link.to, rail.owner) {
        (_, Owner::Entering(_) | Owner::Returning(_)) => {
            neutral(&estate.skus[placed.part.supplies[link.from].sku].id).into_owned()
        }
        (To::Row(row), _) => match placed.part.ends[row].what {
            What::Version(version) => neutral(&estate.version_text(version)).into_owned(),
            What::SetAside(_) => phrase::SET_ASIDE.to_owned(),
        },
        (To::Band(_), Owner::Leaving(_)) => String::new(),
    };
    let links: Vec<LinkOf> = rail.marks.iter().map(|mark| placed.links[mark.link]).collect();
    let flows: Vec<(Quantity, String)> =
        links.iter().filter(|link| !link.used.is_zero()).map(|&link| (link.used, name(link))).collect();
    match rail.owner {
        Owner::Leaving(_) => {
            let versions = links.iter().filter_map(|link| match link.to {
                To::Row(row) => match placed.part.ends[row].what {
                    What::Version(version) => Some(version),
                    What::SetAside(_) => None,
                },
                To::Band(_) => None,
            });
            phrase::rights(sku, &phrase::ranges(estate, &versions.collect::<Vec<_>>()), &flows)
        }
        Owner::Entering(_) | Owner::Returning(_) => {
            let below: Vec<String> = links.iter().map(|&link| name(link)).collect();
            phrase::standing(sku, &below, &flows)
        }
    }
}
