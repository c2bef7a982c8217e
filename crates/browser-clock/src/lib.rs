//! The browser's clock: runs a program for real, on the event loop of this thread.
//!
//! Start here: a [`BrowserRun`] is prepared, started and waited for; [`calibrate`] measures how fast this
//! browser computes and what its event loop costs; a [`thread::Thread`] is this same program in a web worker.
//! Works on a page and in a worker alike, and never touches the DOM. It cannot name a lab.
#![cfg(target_arch = "wasm32")]

mod bindings;
mod calibration;
mod clock;
mod cpu_kernel;
mod other_thread;
mod probe;
mod run;
pub mod thread;
mod worker;

pub use self::bindings::{clock_step_ms, epoch_ms, has, kindest_yield, now_ms};
pub use self::calibration::calibrate;
pub use self::probe::Probe;
pub use self::run::BrowserRun;
pub use self::worker::keep_scripts;
