//! Native tests: what the page promises without a browser. What its parts promise stands in their own packages.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod corners;
mod guess;
mod languages;
mod messages;
mod page_state;
mod settings;
mod tidy;
mod view;
