//! What a right answer is: certifies an allocation and its evidence against an estate.
//!
//! The checker knows the estate and the law; it knows no solver, solves nothing and believes nothing.
//! It derives from the estate what may cover what, walks over every lawful path once by shortest
//! paths over the upgrade rights, and adds up. Linear-programming duality does the rest: prices under
//! which no lawful path costs less than nothing bound every allocation, and an allocation that meets
//! the bound is optimal at every level. Where upgrades make an estate no network a bound may stay below;
//! then the gap is counted and told.
//!
//! Only [`certify`] makes a [`Certified`], and only that can be reported as an answer. [`tally`] counts
//! what a lawful allocation comes to and says nothing about whether it is best.

pub mod allocation;
pub mod claim;
pub mod evidence;
pub mod figures;
pub mod json;
pub mod plan;
pub mod views;
pub mod violation;

mod bound;
mod certify;
mod count;
mod extent;
mod facts;
mod homes;
mod lawful;
mod mixed;
mod paths;
mod places;
mod prices;
mod proof;
mod shortage;
mod spot;
mod tally;
mod tariff;
mod worth;

pub use certify::{Certified, certify};
pub use tally::tally;
