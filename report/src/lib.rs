//! How to say it: pure functions of certified results.

pub mod diagnostics;
