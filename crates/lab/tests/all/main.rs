//! What numbers, verdicts and lints promise.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod lint;
mod verdict;
