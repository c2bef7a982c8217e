//! Tests of pictures of traces, and of what is found at a moment of a trace.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod inspect;
mod lag;
mod timeline;
