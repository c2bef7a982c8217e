//! Tests of addresses, plans, sweeps, charts and words.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod address;
mod chart;
mod plan;
mod sweep;
mod words;
