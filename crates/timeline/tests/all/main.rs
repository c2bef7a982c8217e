//! What pictures of traces promise, and what is found at a moment of them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod inspect;
mod lag;
mod timeline;
