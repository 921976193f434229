//! The version rights of an estate as a picture: what is owned, what it may cover, what covers what, what is short.
//!
//! ```text
//! Position -> Picture -> Layout -> SVG
//!             choose     place  \-> DOT, Mermaid (from the picture alone: other programs place)
//! ```
//!
//! A [`Picture`] is data: SKUs with their lots, versions with their demand, rights and flows between them, marks of
//! shortage sets. Its figures are those of the certified position. The layout is geometry and knows no license. The
//! writers say what the two hold; the same facts give the same bytes.
//!
//! *Reads*: from left to right, lots, upgrades, versions. Every SKU has a band of its own, from its card to the right
//! edge, so that its line crosses no card; an upgrade stands further to the right than all it may stand on. Between the
//! columns each right is a vertical rail that joins a SKU's line to the versions it may cover: one rail for a whole
//! range, with a mark for each version, as in a circuit diagram: lines that cross without a mark do not meet.
//!
//! *Cannot*: draw more than [`BOXES_MAX`] SKUs and versions; asked to, it says so and names titles that it can.

mod choice;
mod dot;
mod layout;
mod mermaid;
mod order;
mod picture;
mod pooled;
mod svg;

pub use choice::{BOXES_MAX, TooLarge};
pub use picture::Picture;

#[cfg(test)]
mod tests;
