//! The simulated parts of programs: what they wait for, send to and share.
//!
//! They know the [`Runtime`](crate::Runtime) handle, and never a clock. They record in the trace by
//! themselves what is worth seeing. Every queue in them is first in, first out.

pub mod channel;
pub mod faults;
pub mod lock;
pub mod pool;
pub mod server;
pub mod workers;
