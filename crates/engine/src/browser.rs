//! What is known of browsers, in numbers: the periods that their standards name, and the costs of their event
//! loops.
//!
//! Plain data, in real time. Must not know how costs are measured, nor what the periods are used for.

use serde::{Deserialize, Serialize};

use crate::YieldWith;
use crate::trace::Nanos;

/// A timer nested deeper than this pays the clamp.
/// HTML standard, "timer initialization steps": *if nesting level is greater than 5*.
pub const NESTING_LIMIT: u32 = 5;

/// The least time that a deeply nested timer waits.
/// HTML standard, "timer initialization steps": *and timeout is less than 4, then set timeout to 4*.
pub const NESTED_TIMER_CLAMP: Nanos = Nanos(4_000_000);

/// Browsers count timers in whole milliseconds. We round up, so that no timer is early.
/// HTML standard, `setTimeout(handler, long timeout)`.
pub const TIMER_STEP: Nanos = Nanos(1_000_000);

/// How fast a browser computes and, if measured, what its event loop costs.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Calibration {
    /// Blocks of the CPU kernel (SHA-256) per millisecond.
    pub blocks_per_ms: f64,
    /// The costs of the event loop; `None` if only the speed was measured.
    pub costs: Option<Costs>,
}

/// How much to measure in a calibration.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Depth {
    /// Only the speed of computing, which changes with what else the machine does.
    Speed,
    /// The speed and all costs.
    All,
}

/// The costs of an event loop, each the median of many measurements, in real time.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Costs {
    /// Starting a task and polling it once.
    pub spawn: Nanos,
    /// One yield on a loop with nothing else to do, in the order of [`YieldWith::ALL`]; `None` for a way that
    /// the browser does not have.
    pub yields: [Option<Nanos>; YieldWith::ALL.len()],
    /// How late a timer fires on a loop with nothing else to do.
    pub timer_lateness: Nanos,
    /// A message from one thread to another, one way.
    pub message: Nanos,
    /// Starting a worker, until it takes commands.
    pub worker_start: Nanos,
    /// How many times as long computing takes while another thread computes: 1 if each thread has a core of
    /// its own, more if they share one.
    pub parallel_slowdown: f64,
    /// Recording one span: two looks at the clock, and its share of a report to the page.
    pub record: Nanos,
    /// One look of the probe that watches the run's thread.
    pub probe: Nanos,
}

impl Costs {
    /// Nothing costs anything: the rules alone.
    pub const NONE: Costs = Costs {
        spawn: Nanos::ZERO,
        yields: [None; YieldWith::ALL.len()],
        timer_lateness: Nanos::ZERO,
        message: Nanos::ZERO,
        worker_start: Nanos::ZERO,
        parallel_slowdown: 1.0,
        record: Nanos::ZERO,
        probe: Nanos::ZERO,
    };

    /// The time of the loop that a yield takes, besides the waiting that the rules add.
    pub fn of_yield(&self, with: YieldWith) -> Nanos {
        let measured = YieldWith::ALL.iter().zip(self.yields).find(|(one, _)| **one == with);
        let measured = measured.and_then(|(_, cost)| cost).unwrap_or_default();
        match with {
            // Measured on nested timers, so it includes the clamp, which the rules add themselves.
            YieldWith::Timeout => measured.since(NESTED_TIMER_CLAMP),
            // These wait for the browser's frames, which the rules model.
            YieldWith::AnimationFrame | YieldWith::IdleCallback => Nanos::ZERO,
            _ => measured,
        }
    }
}
