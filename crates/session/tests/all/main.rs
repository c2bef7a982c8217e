//! Tests of addresses, plans, sweeps and charts.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod address;
mod chart;
mod plan;
mod sweep;
