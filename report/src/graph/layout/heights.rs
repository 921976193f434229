//! How high each box is: the taller side is stacked, and the boxes of the other go to where their links are.

use super::{Band, GAP, GRID, Link, MARGIN, PORT, Row, To};
use crate::drawing::measure::Px;
use crate::drawing::slack::slacks;

/// The tops of all boxes.
pub(super) struct Heights {
    pub(super) bands: Vec<Px>,
    pub(super) rows: Vec<Px>,
    /// The lowest edge of a box.
    pub(super) bottom: Px,
}

/// A box in a stack.
#[derive(Clone, Copy)]
struct Stacked {
    above: Px,
    height: Px,
}

pub(super) fn heights(bands: &[Band], rows: &[Row], links: &[Link]) -> Heights {
    let left: Vec<Stacked> = bands.iter().map(|band| Stacked { above: 0, height: band.height }).collect();
    let right: Vec<Stacked> = rows.iter().map(|row| Stacked { above: row.heading, height: row.height }).collect();
    let to_rows = links.iter().filter_map(|link| match link.to {
        To::Row(row) => Some((link.from, row, link.pull)),
        To::Band(_) => None,
    });
    if natural(&left) >= natural(&right) {
        let (bands, bottom) = stack(&left, &vec![None; left.len()], 0);
        let pulls = to_rows.map(|(band, row, pull)| (row, bands[band] + PORT, pull));
        let (rows, row_bottom) = stack(&right, &wishes(&right, natural(&left), pulls), GRID / 2);
        Heights { bands, rows, bottom: bottom.max(row_bottom) }
    } else {
        let (rows, bottom) = stack(&right, &vec![None; right.len()], GRID / 2);
        let pulls = to_rows.map(|(band, row, pull)| (band, rows[row] + PORT, pull));
        let (bands, band_bottom) = stack(&left, &wishes(&left, natural(&right), pulls), 0);
        Heights { bands, rows, bottom: bottom.max(band_bottom) }
    }
}

/// How high a stack is without more room than it needs.
fn natural(boxes: &[Stacked]) -> Px {
    boxes.iter().map(|row| row.above + row.height + GAP).sum()
}

/// Where the ports of boxes want to be: at the weighted means of what pulls them, in the order of the boxes and no
/// lower than a stack of so much height allows. `pulls` are (box, height, weight).
fn wishes(boxes: &[Stacked], height: Px, pulls: impl Iterator<Item = (usize, Px, i64)>) -> Vec<Option<Px>> {
    let mut sums = vec![(0_i128, 0_i128); boxes.len()];
    for (index, y, weight) in pulls {
        sums[index].0 += i128::from(y) * i128::from(weight);
        sums[index].1 += i128::from(weight);
    }
    let mut offset = MARGIN;
    let offsets: Vec<Px> = (boxes.iter())
        .map(|row| {
            let port = offset + row.above + PORT;
            offset += row.above + row.height + GAP;
            port
        })
        .collect();
    let slacks = slacks(&offsets, &sums, (height - natural(boxes)).max(0));
    offsets.iter().zip(slacks).map(|(offset, slack)| Some(offset + slack)).collect()
}

/// The tops of boxes one below the other, with ports no higher than wished, on the grid shifted by `phase`; and the
/// lowest edge.
fn stack(boxes: &[Stacked], wishes: &[Option<Px>], phase: Px) -> (Vec<Px>, Px) {
    let mut free = MARGIN;
    let mut bottom = MARGIN;
    let tops = boxes.iter().zip(wishes).map(|(row, wish)| {
        let least = (free + row.above + PORT).max(wish.unwrap_or(0)) - phase;
        let steps = least.div_euclid(GRID) + Px::from(least.rem_euclid(GRID) != 0);
        let top = steps * GRID + phase - PORT;
        bottom = top + row.height;
        free = bottom + GAP;
        top
    });
    let tops = tops.collect();
    (tops, bottom)
}
