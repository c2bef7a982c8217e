//! Tests of the simulated parts and of the trace, on the virtual clock.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod channels;
mod faults;
mod locks;
mod pool;
mod trace;
