//! What a page and its workers send each other: commands to a worker, reports to the page. Plain data.
//!
//! Messages travel as bytes, so that a mangled one is an error. Knows nothing of workers and pages.

use engine::browser::{Calibration, Depth};
use engine::probes::Samples;
use engine::trace::Trace;
use serde::{Deserialize, Serialize};
use session::sweep::{Chart, Problem, Request};
use virtual_clock::Conditions;

/// A command to a worker.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Command {
    /// Measure how fast the worker computes and, depending on the depth, what its event loop costs.
    Calibrate(Depth),
    /// Run a strategy for real.
    Run {
        /// The lab and its values, as a query string.
        query: String,
        /// The strategy's id.
        strategy: String,
        /// Real time per lab time.
        scale: f64,
        /// Blocks of the CPU kernel per millisecond.
        blocks_per_ms: f64,
    },
    /// Note how long this took to arrive, which shows how late the worker's loop is for messages from
    /// outside.
    Ping {
        /// When it was sent, in milliseconds since the Unix epoch.
        sent_ms: f64,
    },
    /// From now on send a [`Report::Ping`] in every period of the probes: during a run on the page they show
    /// how late the page's loop is.
    Watch,
    /// Run a sweep under these conditions.
    Sweep(Request, Box<Conditions>),
}

/// A report from a worker.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Report {
    /// It is alive, whatever it does.
    Alive,
    /// The answer to [`Command::Calibrate`].
    Calibrated(Box<Calibration>),
    /// The next part of the trace of the running strategy.
    Recorded(Trace),
    /// The strategy has ended and its trace is complete. What the probe saw.
    Ended(Samples),
    /// The fraction of a sweep that is done.
    Swept(f64),
    /// The answer to [`Command::Sweep`].
    Charted(Result<Box<Chart>, Problem>),
    /// The counterpart of [`Command::Ping`].
    Ping {
        /// When it was sent, in milliseconds since the Unix epoch.
        sent_ms: f64,
    },
}

/// A message as bytes. Serializing cannot fail for the messages of this module.
pub fn encode(message: &impl Serialize) -> Vec<u8> {
    postcard::to_allocvec(message).unwrap_or_default()
}

/// A message from bytes.
///
/// # Errors
/// If the bytes are not such a message.
pub fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, postcard::Error> {
    postcard::from_bytes(bytes)
}
