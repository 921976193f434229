//! All integration tests, in one binary: it links once.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod agreement;
mod statement;
