//! What an estate is: the facts a license position stands on, read, validated and named.
//!
//! An [`estate::Estate`] is a value that has passed every rule of the input contract: all references
//! resolve, all ids are unique, all numbers are in range. Nothing here solves, judges, reads a clock or touches a
//! float; the one thread that is started is that of [`PARQUET_THREAD`].

pub mod currency;
pub mod diagnostic;
pub mod digest;
pub mod edit;
pub mod estate;
pub mod fields;
pub mod findings;
pub mod generate;
pub mod id;
pub mod limits;
pub mod lookup;
pub mod market;
pub mod number;
pub mod objective;
pub mod reading;
pub mod schema;
pub mod source;
pub mod suggest;
pub mod synthetic;
pub mod value;
pub mod yaml;

mod beside;
mod document;
mod input;
mod lints;
mod registry;
mod tables;

pub use jiff::civil::Date;
pub use lints::unreached;
pub use reading::{ReadOptions, Reading, read_estate, read_estate_text};
pub use tables::parquet::THREAD as PARQUET_THREAD;
