//! All integration tests, in one binary: it links once.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod agreement;
mod cases;
mod catalog;
mod claim;
mod cli;
mod estates;
mod invalid;
mod laws;
mod networks;
mod properties;
mod readme;
mod schema;
mod statement;
mod tampering;
