//! Native tests: what the product promises, checked on the virtual clock.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "../conformance/mod.rs"]
mod conformance;

mod address;
mod determinism;
mod event_loop;
mod languages;
mod layering;
mod on_virtual_clock;
mod page_state;
mod plan;
mod shared_workload;
mod timeline;
mod trace;
mod verdict;
