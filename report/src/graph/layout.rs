//! Where everything is: pure geometry of boxes, rails and marks. Nothing here knows what a license is.
//!
//! *Given*: bands (boxes in columns on the left, from top to bottom), rows (boxes on the right), and links from bands to
//! rows or to bands in the same column or further right. *Made*: a place for each box, and rails. Each band has a
//! horizontal line of its own from its box to the right. A band that links to rows has a rail (a vertical line) between
//! the last column and the rows, where its line ends. A band that is linked to from the left has one to the left of its
//! column, and one that is linked to from its own column has one to the right of it, which turns back. Where a link
//! meets its rail there is a mark.
//!
//! *Guaranteed*: boxes do not overlap; no line enters a box; every line begins and ends at a box or a rail; lines of
//! bands and of rows never lie on each other; marks of one rail do not overlap, nor do rails of one track. Boxes of the
//! shorter side are near what they are linked to: their heights are the weighted means, made monotone by pooling
//! adjacent violators (Ayer and others 1955).
//!
//! *Cost*: time in proportion to rails times rails times marks, at worst.

mod heights;
mod tracks;

use crate::drawing::element::{Point, Rect};
use crate::drawing::measure::Px;
use heights::Heights;
use tracks::{Span, Wish};

/// Where the line of a box leaves it, below its top.
pub(super) const PORT: Px = 14;
/// Around everything.
pub(super) const MARGIN: Px = 24;
/// Least distance of one box from the next below it.
const GAP: Px = 12;
/// Lines of bands are this far apart, and those of rows lie halfway between.
const GRID: Px = 16;
/// Between a box and the nearest rail.
const CLEARANCE: Px = 18;
/// Between neighboring tracks, beside the labels of their marks.
const TRACK_GAP: Px = 8;
/// Least width of a track.
const TRACK_MIN: Px = 10;
/// Where the line of a rail that turns back enters its box, above or below the box's own line.
const RETURN_ABOVE: Px = -8;
const RETURN_BELOW: Px = 12;

/// A box on the left.
#[derive(Clone, Copy, Debug)]
pub(super) struct Band {
    pub(super) column: usize,
    pub(super) width: Px,
    pub(super) height: Px,
}

/// A box on the right.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) width: Px,
    pub(super) height: Px,
    /// Room above it, for a heading.
    pub(super) heading: Px,
}

/// The box at the right end of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum To {
    Band(usize),
    Row(usize),
}

/// A link from a band to a row, or to a band in the same column or further right.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    pub(super) from: usize,
    pub(super) to: To,
    /// How much its ends want to be at the same height.
    pub(super) pull: i64,
    /// The width of what stands at its mark.
    pub(super) label: Px,
}

/// The places of everything.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) width: Px,
    pub(super) height: Px,
    pub(super) bands: Vec<Rect>,
    pub(super) rows: Vec<Rect>,
    /// By owner.
    pub(super) rails: Vec<Rail>,
}

/// A vertical line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rail {
    pub(super) owner: Owner,
    pub(super) x: Px,
    /// At the edge of its owner's box; its line runs from here to the rail.
    pub(super) port: Point,
    pub(super) marks: Vec<Mark>,
}

/// Whose rail it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owner {
    /// The rail at which the line of a band ends.
    Leaving(usize),
    /// The rail that leads into a band from the left.
    Entering(usize),
    /// The rail that leads into a band from its own column, and so from the right.
    Returning(usize),
}

impl Owner {
    /// The band that owns the rail.
    pub(super) const fn band(self) -> usize {
        match self {
            Self::Leaving(band) | Self::Entering(band) | Self::Returning(band) => band,
        }
    }
}

/// Where a link meets its rail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// The position of the link.
    pub(super) link: usize,
    pub(super) y: Px,
}

impl Rail {
    /// The ends of the rail.
    pub(super) fn span(&self) -> (Px, Px) {
        let ys = || self.marks.iter().map(|mark| mark.y).chain([self.port.y]);
        (ys().min().unwrap_or_default(), ys().max().unwrap_or_default())
    }
}

impl Layout {
    /// The left edge of the rows.
    pub(super) fn left_of_rows(&self) -> Px {
        self.rows.iter().map(|row| row.x).max().unwrap_or(0)
    }

    /// Moves the rows to the right; their lines grow.
    pub(super) fn move_rows(&mut self, left: Px) {
        let distance = (left - self.left_of_rows()).max(0);
        self.rows.iter_mut().for_each(|row| row.x += distance);
        self.width += distance;
    }
}

/// Places everything.
pub(super) fn place(bands: &[Band], rows: &[Row], links: &[Link]) -> Layout {
    let Heights { bands: band_tops, rows: row_tops, bottom } = heights::heights(bands, rows, links);
    let column_count = bands.iter().map(|band| band.column + 1).max().unwrap_or(0);
    let mut all: Vec<Rail> = (0..bands.len())
        .flat_map(|band| [Owner::Leaving(band), Owner::Entering(band), Owner::Returning(band)])
        .map(|owner| rail(owner, bands, links, &band_tops, &row_tops))
        .filter(|rail| !rail.marks.is_empty())
        .collect();

    let mut columns = Vec::new();
    let mut x = MARGIN;
    for column in 0..=column_count {
        // What lies to the left of a column: the rails that lead into it; to the left of the rows, those that leave.
        let is_before = |rail: &&mut Rail| match rail.owner {
            Owner::Leaving(_) => column == column_count,
            Owner::Entering(band) => bands[band].column == column,
            Owner::Returning(_) => false,
        };
        x = lay_tracks(&mut all.iter_mut().filter(is_before).collect::<Vec<_>>(), links, x);
        columns.push(x);
        x += bands.iter().filter(|band| band.column == column).map(|band| band.width).max().unwrap_or(0);
        let is_behind = |rail: &&mut Rail| matches!(rail.owner, Owner::Returning(band) if bands[band].column == column);
        x = lay_tracks(&mut all.iter_mut().filter(is_behind).collect::<Vec<_>>(), links, x);
    }
    let left = columns[column_count];
    let band_rect =
        |(band, &y): (&Band, &Px)| Rect { x: columns[band.column], y, width: band.width, height: band.height };
    let row_rect = |(row, &y): (&Row, &Px)| Rect { x: left, y, width: row.width, height: row.height };
    let band_rects: Vec<Rect> = bands.iter().zip(&band_tops).map(band_rect).collect();
    for rail in &mut all {
        let rect = band_rects[rail.owner.band()];
        rail.port.x = if matches!(rail.owner, Owner::Entering(_)) { rect.x } else { rect.right() };
    }
    Layout {
        width: left + rows.iter().map(|row| row.width).max().unwrap_or(0) + MARGIN,
        height: bottom + MARGIN,
        bands: band_rects,
        rows: rows.iter().zip(&row_tops).map(row_rect).collect(),
        rails: all,
    }
}

/// The rail of an owner with its marks, not yet at its place.
fn rail(owner: Owner, bands: &[Band], links: &[Link], band_tops: &[Px], row_tops: &[Px]) -> Rail {
    let own = owner.band();
    let marks = links.iter().enumerate().filter_map(|(link, row)| {
        let is_own = match (owner, row.to) {
            (Owner::Leaving(band), To::Row(_)) => row.from == band,
            (Owner::Entering(band), To::Band(to)) => to == band && bands[row.from].column < bands[band].column,
            (Owner::Returning(band), To::Band(to)) => to == band && bands[row.from].column == bands[band].column,
            _ => false,
        };
        let top = match row.to {
            To::Row(to) => row_tops[to],
            To::Band(_) => band_tops[row.from],
        };
        is_own.then_some(Mark { link, y: top + PORT })
    });
    let marks: Vec<Mark> = marks.collect();
    let mut y = band_tops[own] + PORT;
    if let Owner::Returning(_) = owner {
        let above = marks.iter().filter(|mark| mark.y < y).count();
        y += if 2 * above >= marks.len() { RETURN_ABOVE } else { RETURN_BELOW };
    }
    Rail { owner, x: 0, port: Point { x: 0, y }, marks }
}

/// Puts rails on tracks, the first of them behind `x`, and gives where what follows may begin.
fn lay_tracks(rails: &mut [&mut Rail], links: &[Link], x: Px) -> Px {
    if rails.is_empty() {
        return x;
    }
    let wishes: Vec<Wish> = (rails.iter())
        .map(|rail| {
            let (top, bottom) = rail.span();
            let joined = rail.marks.iter().map(|mark| mark.y).collect();
            Wish { owner: rail.owner, span: Span { top, bottom }, port: rail.port.y, joined }
        })
        .collect();
    let track_of = tracks::assign(&wishes);
    let count = track_of.iter().max().map_or(0, |last| last + 1);
    let mut widths = vec![TRACK_MIN; count];
    for (rail, &track) in rails.iter().zip(&track_of) {
        let labels = rail.marks.iter().map(|mark| links[mark.link].label);
        widths[track] = widths[track].max(labels.max().unwrap_or(0));
    }
    let mut centers = Vec::with_capacity(count);
    let mut x = x + CLEARANCE;
    for width in widths {
        centers.push(x + width / 2);
        x += width + TRACK_GAP;
    }
    for (rail, track) in rails.iter_mut().zip(track_of) {
        rail.x = centers[track];
    }
    x + CLEARANCE
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests;
