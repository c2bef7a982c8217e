//! What a page and its workers say to each other: commands one way, reports the other. Plain data.
//!
//! They travel as bytes, so what arrives mangled is an error and not a surprise. Knows nothing of workers and pages.

use engine::browser::{Calibration, Depth};
use engine::probes::Samples;
use engine::trace::Trace;
use serde::{Deserialize, Serialize};
use session::sweep::{Chart, Problem, Request};
use virtual_clock::Conditions;

/// What a worker is told to do.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Command {
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
}

/// What a worker has to say.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Report {
    /// It is alive, whatever it does.
    Alive,
    /// The answer to [`Command::Calibrate`].
    Calibrated(Box<Calibration>),
    /// The next part of the trace of the strategy at work.
    Recorded(Trace),
    /// The strategy is over; its trace is complete.
    Ended(Samples),
    /// How far a sweep is: 1 is done.
    Swept(f64),
    /// The answer to [`Command::Sweep`].
    Charted(Result<Box<Chart>, Problem>),
    /// The other way round than [`Command::Ping`].
    Ping {
        /// When it was sent, in milliseconds since the Unix epoch.
        sent_ms: f64,
    },
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
