//! Tests of verdicts and lints, on traces of real labs.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod lint;
mod verdict;
