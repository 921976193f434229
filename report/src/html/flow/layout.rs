//! Where nodes and links are: pure geometry. Nothing here knows what a license is.
//!
//! *Given*: nodes in columns, each with a value, and links from columns to columns further right. *Made*: a bar for each
//! node, as high as its value is large, and a ribbon for each link. On each side of a bar its links lie below each other
//! without gaps; what is left of the side below them is what no link takes. A ribbon that passes a column has a lane of
//! its own there.
//!
//! *Guaranteed*: bars and lanes of a column do not overlap; the ribbons of a side fit into its bar; nothing that has a
//! value is thinner than a pixel. The last column keeps its order; the others follow the weighted means of where their
//! ribbons go (Sugiyama, Tagawa, Toda 1981).

use crate::drawing::element::Rect;
use crate::drawing::measure::Px;
use crate::drawing::slack::slacks;

/// The width of a bar.
pub(super) const BAR: Px = 16;
/// Between columns.
pub(super) const SPACE: Px = 280;
/// Above everything.
const MARGIN: Px = 12;
/// How high the bars of the fullest column are together.
const BARS_HEIGHT: u128 = 300;
/// The least height of a bar, which shows up to three parts.
const PARTS_HEIGHT: Px = 6;
/// A bar is at least as far from the next one as a line of text needs.
const LINE: Px = 20;
/// Between a bar or lane and the next.
const GAP: Px = 7;

/// Between ranks, so that means of them differ.
const RANK_STEP: u128 = 1000;

/// A node.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) column: usize,
    pub(super) value: u64,
}

/// A link to a column further right.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) value: u64,
}

/// A vertical stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) x: Px,
    pub(super) top: Px,
    pub(super) bottom: Px,
}

/// Where everything is.
pub(super) struct Layout {
    pub(super) bars: Vec<Rect>,
    /// Of each link the stretches it goes through, from left to right: at least its two ends.
    pub(super) ribbons: Vec<Vec<Stretch>>,
    pub(super) width: Px,
    pub(super) height: Px,
}

/// A node, or the lane of a link in a column that it passes.
#[derive(Clone, Copy)]
struct Slot {
    column: usize,
    value: u64,
    is_lane: bool,
}

/// Part of a link between neighboring slots.
#[derive(Clone, Copy)]
struct Piece {
    from: usize,
    to: usize,
    value: u64,
}

/// Places nodes and links; `left` is where the first column begins.
pub(super) fn place(nodes: &[Node], links: &[Link], left: Px) -> Layout {
    let mut slots: Vec<Slot> =
        nodes.iter().map(|node| Slot { column: node.column, value: node.value, is_lane: false }).collect();
    let mut pieces: Vec<Piece> = Vec::new();
    let mut chains: Vec<Vec<usize>> = Vec::new();
    for link in links {
        let mut chain = vec![link.from];
        for column in nodes[link.from].column + 1..nodes[link.to].column {
            chain.push(slots.len());
            slots.push(Slot { column, value: link.value, is_lane: true });
        }
        chain.push(link.to);
        pieces.extend(chain.windows(2).map(|pair| Piece { from: pair[0], to: pair[1], value: link.value }));
        chains.push(chain);
    }
    let columns = ordered(&slots, &pieces);
    let heights = heights(&slots, &pieces, &columns);
    let tops = tops(&slots, &pieces, &columns, &heights);
    let rect = |slot: usize| {
        let step = Px::try_from(slots[slot].column).unwrap_or(0) * (BAR + SPACE);
        Rect { x: left + step, y: tops[slot], width: BAR, height: heights[slot] }
    };
    let leaving = sides(&slots, &pieces, &tops, &heights, |piece| (piece.from, piece.to));
    let entering = sides(&slots, &pieces, &tops, &heights, |piece| (piece.to, piece.from));
    let mut next = 0;
    let ribbons = chains.iter().map(|chain| {
        let stretches = chain.windows(2).flat_map(|pair| {
            let (out, into) = (leaving[next], entering[next]);
            next += 1;
            let [from, to] = [rect(pair[0]), rect(pair[1])];
            [Stretch { x: from.x + BAR, top: out.0, bottom: out.1 }, Stretch { x: to.x, top: into.0, bottom: into.1 }]
        });
        stretches.collect()
    });
    let ribbons = ribbons.collect();
    let bars: Vec<Rect> = (0..nodes.len()).map(rect).collect();
    let bottom = (0..slots.len()).map(|slot| tops[slot] + heights[slot].max(least(slots[slot]))).max().unwrap_or(0);
    let right = bars.iter().map(|bar| bar.right()).max().unwrap_or(left);
    Layout { bars, ribbons, width: right, height: bottom + MARGIN }
}

/// The slots of each column from top to bottom.
fn ordered(slots: &[Slot], pieces: &[Piece]) -> Vec<Vec<usize>> {
    let count = slots.iter().map(|slot| slot.column + 1).max().unwrap_or(0);
    let mut columns: Vec<Vec<usize>> = vec![Vec::new(); count];
    slots.iter().enumerate().for_each(|(index, slot)| columns[slot.column].push(index));
    let mut rank = vec![0_u128; slots.len()];
    for column in (0..count).rev() {
        if column + 1 < count {
            let mut sums = vec![(0_u128, 0_u128); slots.len()];
            for piece in pieces {
                sums[piece.from].0 += rank[piece.to] * u128::from(piece.value);
                sums[piece.from].1 += u128::from(piece.value);
            }
            // What leads nowhere goes to the bottom; equal ones keep their order.
            let mean = |slot: usize| match sums[slot] {
                (_, 0) => u128::MAX,
                (sum, weight) => sum / weight,
            };
            columns[column].sort_by_key(|&slot| (mean(slot), slot));
        }
        columns[column].iter().enumerate().for_each(|(at, &slot)| rank[slot] = at as u128 * RANK_STEP);
    }
    columns
}

/// How high each slot is: in proportion, and a pixel for each piece at least.
fn heights(slots: &[Slot], pieces: &[Piece], columns: &[Vec<usize>]) -> Vec<Px> {
    let sum = |column: &Vec<usize>| column.iter().map(|&slot| u128::from(slots[slot].value)).sum::<u128>();
    let fullest = columns.iter().map(sum).max().unwrap_or(1).max(1);
    let mut counts = vec![(0, 0); slots.len()];
    for piece in pieces {
        counts[piece.from].0 += 1;
        counts[piece.to].1 += 1;
    }
    let height = |(slot, &(out, into)): (&Slot, &(Px, Px))| {
        let proportion = Px::try_from(u128::from(slot.value) * BARS_HEIGHT / fullest).unwrap_or(0);
        // Two pixels more for what no piece takes, and two for each of three parts.
        proportion.max(out + 2).max(into + 2).max(PARTS_HEIGHT)
    };
    slots.iter().zip(&counts).map(height).collect()
}

/// The room that a slot takes at least: a bar has a line of text beside it.
fn least(slot: Slot) -> Px {
    if slot.is_lane { 0 } else { LINE }
}

/// Where each slot begins: the last column from top to bottom, the others near where their pieces go.
fn tops(slots: &[Slot], pieces: &[Piece], columns: &[Vec<usize>], heights: &[Px]) -> Vec<Px> {
    let room = |slot: usize| heights[slot].max(least(slots[slot])) + GAP;
    let natural = |column: &[usize]| column.iter().map(|&slot| room(slot)).sum::<Px>();
    let tallest = columns.iter().map(|column| natural(column)).max().unwrap_or(0);
    let mut tops = vec![0; slots.len()];
    for column in columns.iter().rev() {
        let mut pulls = vec![(0_i128, 0_i128); slots.len()];
        for piece in pieces {
            let middle = i128::from(tops[piece.to] + heights[piece.to] / 2);
            pulls[piece.from].0 += middle * i128::from(piece.value);
            pulls[piece.from].1 += i128::from(piece.value);
        }
        let mut free = MARGIN;
        let tight: Vec<Px> = (column.iter())
            .map(|&slot| {
                let top = free;
                free += room(slot);
                top
            })
            .collect();
        let middles: Vec<Px> = column.iter().zip(&tight).map(|(&slot, top)| top + heights[slot] / 2).collect();
        let pulls: Vec<(i128, i128)> = column.iter().map(|&slot| pulls[slot]).collect();
        let slacks = slacks(&middles, &pulls, tallest - natural(column));
        for ((&slot, top), slack) in column.iter().zip(tight).zip(slacks) {
            tops[slot] = top + slack;
        }
    }
    tops
}

/// Where the pieces of one side of each slot lie on it, below each other in the order of their other ends.
fn sides(
    slots: &[Slot],
    pieces: &[Piece],
    tops: &[Px],
    heights: &[Px],
    ends: impl Fn(&Piece) -> (usize, usize),
) -> Vec<(Px, Px)> {
    let mut of_slot: Vec<Vec<usize>> = vec![Vec::new(); slots.len()];
    pieces.iter().enumerate().for_each(|(index, piece)| of_slot[ends(piece).0].push(index));
    let mut stretches = vec![(0, 0); pieces.len()];
    for (slot, mut own) in of_slot.into_iter().enumerate() {
        own.sort_by_key(|&piece| (tops[ends(&pieces[piece]).1], piece));
        let mut before = 0_u128;
        let parts = Px::try_from(own.len()).unwrap_or(0);
        let spare = i128::from(heights[slot] - parts);
        let whole = u128::from(slots[slot].value).max(1);
        let at = |index: Px, before: u128| {
            let below = u128::try_from(spare).unwrap_or(0) * before / whole;
            tops[slot] + index + Px::try_from(below).unwrap_or(0)
        };
        for (index, piece) in (0..).zip(own) {
            let top = at(index, before);
            before += u128::from(pieces[piece].value);
            stretches[piece] = (top, at(index + 1, before));
        }
    }
    stretches
}
