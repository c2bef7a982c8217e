//! What the simulated parts and the trace promise, checked on the virtual clock.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod channels;
mod faults;
mod locks;
mod pool;
mod trace;
