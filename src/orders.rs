//! What a page and its workers say to each other: orders one way, reports the other. Plain data.
//!
//! They travel as bytes, so what arrives mangled is an error and not a surprise. Knows nothing
//! of workers and pages.

use serde::{Deserialize, Serialize};

use crate::probes::Samples;
use crate::runtime::costs::Calibration;
use crate::runtime::event_loop::Conditions;
use crate::sweep::{Chart, Problem, Request};
use crate::trace::Trace;

/// What a worker is told to do.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Order {
    /// Find out how fast this browser computes.
    Calibrate(Depth),
    /// Run a strategy, live.
    Run {
        /// The lab and its values, as an address.
        query: String,
        /// The strategy's id.
        strategy: String,
        /// Real time per lab time.
        scale: f64,
        /// Blocks of the CPU kernel per millisecond.
        blocks_per_ms: f64,
    },
    /// Say that this has arrived: how long it took shows how the worker's loop is doing.
    Ping {
        /// When it was sent, in milliseconds since the Unix epoch.
        sent_ms: f64,
    },
    /// From now on send a [`Report::Ping`] every so often, to see how the other end's loop is doing.
    Watch,
    /// Predict a metric of each strategy over a parameter.
    Sweep(Request, Box<Conditions>),
    /// Compute, for a loop on another thread.
    Compute {
        /// Returned with the result.
        key: u32,
        /// How much, in blocks of the CPU kernel.
        blocks: u64,
    },
}

/// How much a calibration measures.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Depth {
    /// The speed of computing alone: it changes with the machine's mood.
    Speed,
    /// All costs.
    All,
}

/// What a worker has to say.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Report {
    /// The program is loaded; orders are welcome.
    Ready,
    /// The answer to [`Order::Calibrate`].
    Calibrated(Box<Calibration>),
    /// The next part of the trace of the strategy at work.
    Recorded(Trace),
    /// The strategy is over; its trace is complete.
    Ended(Samples),
    /// The answer to [`Order::Compute`]; times in milliseconds since the Unix epoch.
    Computed {
        /// As in the order.
        key: u32,
        /// When the work began.
        began_ms: f64,
        /// When it ended.
        ended_ms: f64,
    },
    /// How far a sweep is: 1 is done.
    Swept(f64),
    /// The answer to [`Order::Sweep`].
    Charted(Result<Box<Chart>, Problem>),
    /// The other way round than [`Order::Ping`].
    Ping {
        /// When it was sent, in milliseconds since the Unix epoch.
        sent_ms: f64,
    },
    /// It cannot go on, for this reason.
    Failed(String),
}

/// As bytes. Nothing that is sent here can fail to be written.
pub fn encode(message: &impl Serialize) -> Vec<u8> {
    postcard::to_allocvec(message).unwrap_or_default()
}

/// From bytes.
///
/// # Errors
/// When they are none of ours.
pub fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, postcard::Error> {
    postcard::from_bytes(bytes)
}
