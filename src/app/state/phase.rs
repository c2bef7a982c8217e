//! Where a live run stands, and why it does not: [`Phase`] and [`Failure`].

use engine::YieldWith;
use lab::Strategy;
use session::plan::Refusal;

/// Where a live run stands.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Phase {
    /// None was started since the values last changed.
    #[default]
    Idle,
    /// The CPU kernel is being calibrated.
    Calibrating,
    /// This strategy is at work.
    Running(&'static Strategy),
    /// All strategies are at work at once.
    Racing,
    /// All strategies were run.
    Finished,
    /// The reader stopped it.
    Stopped,
    /// It was not started, or broke off.
    Failed(Failure),
}

impl Phase {
    /// Whether a live run is going on.
    pub fn is_live(&self) -> bool {
        matches!(self, Phase::Calibrating | Phase::Running(_) | Phase::Racing)
    }
}

/// Why a live run did not happen.
#[derive(Clone, PartialEq, Debug)]
pub enum Failure {
    /// It would do harm or show nothing.
    Refused(Refusal),
    /// This browser does not have the way to yield that was asked for.
    MissingYield(YieldWith),
    /// The tab was hidden.
    Hidden,
    /// The browser's clock is too coarse to calibrate by.
    CoarseClock,
    /// The browser did not start a worker, for this reason.
    NoWorker(String),
    /// The browser could not be calibrated, for this reason.
    Uncalibrated(String),
    /// A run broke while this strategy was in it.
    Crashed(&'static Strategy, String),
    /// A worker gave no sign of life for far longer than this strategy could need.
    Hung(&'static Strategy),
}
