//! What every picture needs: sizes of text without a font, and SVG that says what it is given and does nothing.
//!
//! *Guaranteed*: text of users is shown and never obeyed; what is written is well-formed, refers to nothing outside
//! and runs nothing. Lengths are whole pixels, so that the same facts give the same bytes.

pub(crate) mod element;
pub(crate) mod measure;
pub(crate) mod slack;
