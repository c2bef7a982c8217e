//! What every lab promises; what one lab promises stands in its folder.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod determinism;
mod folders;
mod golden;
mod lessons;
mod texts;
