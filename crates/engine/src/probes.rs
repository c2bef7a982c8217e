//! What probes saw of an event loop, besides the trace: how late it was for others. Plain data.
//!
//! Each probe has a method of its own, and two of them can disagree widely: a port may be served while a
//! timer starves. So no lag is ever shown without the name of its probe.

use serde::{Deserialize, Serialize};

use crate::trace::{Distribution, Nanos};

/// How often the probes look, in real milliseconds.
pub const PERIOD_MS: u32 = 50;

/// What the probes saw during one run. All times are real.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Samples {
    /// How late a timer set on the run's thread fired.
    pub timer_lag: Vec<Nanos>,
    /// How long a message from the run's thread to itself took to arrive.
    pub port_lag: Vec<Nanos>,
    /// How long a message from another thread took to arrive.
    pub outside_lag: Vec<Nanos>,
    /// The times between successive frames of the page.
    pub frame_gap: Vec<Nanos>,
    /// How long the reader's own clicks and keys waited on the page.
    pub input_delay: Vec<Nanos>,
    /// How long clicks and keys took until the frame that showed their effect.
    pub interaction: Vec<Nanos>,
}

/// The same as distributions; `None` for a probe that saw nothing. Those of the run's thread are lab time
/// (unscaled), those of the page real time.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Probes {
    /// How late timers were.
    pub timer_lag: Option<Distribution>,
    /// How long messages to ourselves took.
    pub port_lag: Option<Distribution>,
    /// How long messages from another thread took.
    pub outside_lag: Option<Distribution>,
    /// The times between successive frames of the page.
    pub frame_gap: Option<Distribution>,
    /// How long the reader's input waited.
    pub input_delay: Option<Distribution>,
    /// How long the reader's input took until its effect was on the screen.
    pub interaction: Option<Distribution>,
}

impl Probes {
    /// The distributions of the samples of a run at this scale.
    pub fn of(samples: Samples, scale: f64) -> Probes {
        let of = |times: Vec<Nanos>| {
            Distribution::of(times.into_iter().map(|time| time.scaled(1.0 / scale)).collect())
        };
        // The page's own frames and input are not part of the lab.
        Probes {
            timer_lag: of(samples.timer_lag),
            port_lag: of(samples.port_lag),
            outside_lag: of(samples.outside_lag),
            frame_gap: Distribution::of(samples.frame_gap),
            input_delay: Distribution::of(samples.input_delay),
            interaction: Distribution::of(samples.interaction),
        }
    }

    /// Every probe with its name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, Option<Distribution>)> {
        [
            ("timer_lag", self.timer_lag),
            ("port_lag", self.port_lag),
            ("outside_lag", self.outside_lag),
            ("frame_gap", self.frame_gap),
            ("input_delay", self.input_delay),
            ("interaction", self.interaction),
        ]
        .into_iter()
    }
}
