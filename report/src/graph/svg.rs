//! The picture as one SVG file.
//!
//! It stands alone: no script, no font, no reference to anything outside. Light or dark follows the reader's setting.
//! What color says is also said by shape, pattern or word: kinds of rights by the form of their marks, flows by width
//! and number, what is uncovered by hatching, a shortage set by a dashed frame and its name. The colors are those of
//! Okabe and Ito (2008), which color-blind readers can tell apart.

mod cards;
mod legend;
mod lines;
mod style;

use super::layout::{self, Band, Layout, Link, MARGIN, To};
use super::picture::{Kind, Part, Picture};
use crate::drawing::element::{Elements, Point};
use crate::drawing::measure::{Font, Px};
use crate::phrase::graph as phrase;
use cards::Cards;
use model::number::Quantity;

/// The height of title and subtitle.
const HEAD: Px = 56;
/// Between parts.
const PART_GAP: Px = 4;
/// No picture is narrower, so that its title and legend have room.
const WIDTH_MIN: Px = 720;
/// How much a flow pulls its ends together, beside a right that is not used.
const PULL_OF_FLOW: i64 = 6;
/// The fonts; the style names the same sizes.
const TITLE: Font = Font::bold(17);
const NORMAL: Font = Font::plain(12);
const SMALL: Font = Font::plain(11);
const STRONG: Font = Font::bold(12);
const PILL: Font = Font::bold(11);

/// A part with its place.
struct Placed<'p> {
    part: &'p Part,
    links: Vec<LinkOf>,
    layout: Layout,
}

/// What a link of the layout stands for.
#[derive(Clone, Copy)]
struct LinkOf {
    from: usize,
    to: To,
    /// None for an upgrade that stands on something.
    kind: Option<Kind>,
    used: Quantity,
}

impl Picture<'_> {
    /// The picture as SVG.
    #[must_use]
    pub fn svg(&self) -> String {
        let cards = Cards::of(self);
        let mut placed: Vec<Placed<'_>> = self.parts.iter().map(|part| place(self, part, &cards)).collect();
        // Versions of all parts stand below each other.
        let left = placed.iter().map(|placed| placed.layout.left_of_rows()).max().unwrap_or(0);
        for placed in &mut placed {
            placed.layout.move_rows(left);
        }
        let width = placed.iter().map(|placed| placed.layout.width).fold(WIDTH_MIN, Px::max);
        let legend = legend::Legend::of(self, width);
        let parts_height: Px = placed.iter().map(|placed| placed.layout.height + PART_GAP).sum();
        let height = HEAD + parts_height + legend.height + MARGIN;

        let mut out = Elements::default();
        let attributes = format!(
            " xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"licit-title licit-desc\" \
             width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\""
        );
        out.open("svg", attributes);
        let title = phrase::title(self.estate(), self.title);
        out.text_element("title", " id=\"licit-title\"", &title);
        out.text_element("desc", " id=\"licit-desc\"", &self.description());
        out.raw(style::STYLE);
        out.raw(style::PATTERNS);
        out.empty("rect", format_args!(" class=\"page\" width=\"{width}\" height=\"{height}\""));
        let room = width - 2 * MARGIN;
        out.text("title", Point { x: MARGIN, y: 32 }, &TITLE.cut(&title, room));
        out.text("muted", Point { x: MARGIN, y: 50 }, &NORMAL.cut(phrase::SUBTITLE, room));
        let mut y = HEAD;
        for placed in &placed {
            out.open("g", format_args!(" transform=\"translate(0 {y})\""));
            lines::draw(self, placed, &mut out);
            cards.draw(self, placed, &mut out);
            out.close();
            y += placed.layout.height + PART_GAP;
        }
        legend.draw(y, &mut out);
        out.finish()
    }
}

/// Sizes what the part holds and places it.
fn place<'p>(picture: &Picture<'_>, part: &'p Part, cards: &Cards) -> Placed<'p> {
    let stacks = part.stacks.iter().map(|stack| LinkOf {
        from: stack.below,
        to: To::Band(stack.above),
        kind: None,
        used: stack.used,
    });
    let rights = part.supplies.iter().enumerate().flat_map(|(from, supply)| {
        let link = move |right: &super::picture::Right| LinkOf {
            from,
            to: To::Row(right.end),
            kind: Some(right.kind),
            used: right.used,
        };
        supply.rights.iter().map(link)
    });
    let links: Vec<LinkOf> = stacks.chain(rights).collect();
    let bands: Vec<Band> = (part.supplies.iter()).map(|supply| cards.band(picture, supply)).collect();
    let rows: Vec<layout::Row> = (0..part.ends.len()).map(|end| cards.row(part, end)).collect();
    let sized: Vec<Link> = (links.iter())
        .map(|link| Link {
            from: link.from,
            to: link.to,
            pull: if link.used.is_zero() { 1 } else { PULL_OF_FLOW },
            label: lines::label_width(link.used),
        })
        .collect();
    let layout = layout::place(&bands, &rows, &sized);
    Placed { part, links, layout }
}
