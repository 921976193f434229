//! All integration tests, in one binary: it links once.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod agreement;
mod baselines;
mod batch;
mod batch_crashes;
mod batch_processes;
mod batch_terminal;
mod cases;
mod catalog;
mod claim;
mod cli;
mod clusters;
mod compare;
mod derived;
mod diff;
mod estates;
mod explain;
mod explanations;
mod formats;
mod graph;
mod invalid;
mod laws;
#[cfg(feature = "milp")]
mod lies;
mod lints;
mod maintenance;
mod models;
mod networks;
mod parquet;
mod properties;
mod readme;
mod renew;
mod renewal_certificates;
mod renewal_claims;
mod renewal_draft;
mod renewal_files;
mod renewal_statement;
mod renewals;
mod report;
mod scenarios;
mod schema;
mod statement;
mod synthetic;
mod tampering;
mod together;
mod workbook;
