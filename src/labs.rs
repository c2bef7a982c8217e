//! The labs. Each knows the [`Runtime`](crate::runtime::Runtime) handle and the simulated parts, never a clock or the page.

pub mod dishes;
pub mod event_loop_order;
pub mod shared_state;
pub mod shared_workload;
pub mod yield_interval;
pub mod yield_primitives;
