//! Tests of the model of the event loop, rule by rule.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod event_loop;
