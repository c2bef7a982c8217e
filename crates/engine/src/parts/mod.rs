//! The simulated parts that programs are made of: what they wait for, send to and share.
//!
//! They know the [`Runtime`](crate::Runtime) handle and write what is worth seeing into the trace by themselves; never a
//! clock. Whatever has a queue is first in, first out.

pub mod channel;
pub mod faults;
pub mod lock;
pub mod pool;
pub mod server;
pub mod workers;
