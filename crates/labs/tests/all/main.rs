//! Tests that hold for every lab; those of a single lab are in its folder.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod determinism;
mod folders;
mod golden;
mod lessons;
mod texts;
