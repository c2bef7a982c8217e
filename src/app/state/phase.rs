//! The phase of a live run, and why there is none: [`Phase`] and [`Failure`].

use engine::YieldWith;
use lab::Strategy;
use session::plan::Refusal;

/// The phase of a live run.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Phase {
    /// No run was started since the values last changed.
    #[default]
    Idle,
    /// The CPU kernel is being calibrated.
    Calibrating,
    /// This strategy is running.
    Running(&'static Strategy),
    /// All strategies are running at the same time.
    Racing,
    /// All strategies were run.
    Finished,
    /// The reader stopped the run.
    Stopped,
    /// The run was not started or broke off, for this reason.
    Failed(Failure),
}

impl Phase {
    /// Whether a live run is in progress.
    pub fn is_live(&self) -> bool {
        matches!(self, Phase::Calibrating | Phase::Running(_) | Phase::Racing)
    }
}

/// Why a live run did not happen.
#[derive(Clone, PartialEq, Debug)]
pub enum Failure {
    /// The run would do harm or show nothing.
    Refused(Refusal),
    /// This browser does not offer the way to yield that was asked for.
    MissingYield(YieldWith),
    /// The tab was hidden.
    Hidden,
    /// The browser's clock is too coarse for a calibration.
    CoarseClock,
    /// The browser did not start a worker, for this reason.
    NoWorker(String),
    /// The browser could not be calibrated, for this reason.
    Uncalibrated(String),
    /// The run broke while this strategy was running.
    Crashed(&'static Strategy, String),
    /// A worker was silent for far longer than this strategy could need.
    Hung(&'static Strategy),
}
