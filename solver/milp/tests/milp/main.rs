//! Integer programs against brute force, engines that lie, and files that another reader reads.

#![allow(clippy::unwrap_used, clippy::float_arithmetic, reason = "tests fail by panics, and engines speak in floats")]

mod drawn;
mod ffi;
mod files;
mod laws;
mod lies;
