//! Tests of the page's state that need no browser. The other packages have tests of their own.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod guess;
mod languages;
mod messages;
mod page_state;
mod settings;
mod tidy;
mod view;
