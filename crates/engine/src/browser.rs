//! What is known of browsers, in numbers: the periods that their standards name, and what their own doings cost.
//!
//! Plain data, in real time. It knows nothing of how costs are measured, nor of what the periods are used for.

use serde::{Deserialize, Serialize};

use crate::YieldWith;
use crate::trace::Nanos;

/// A timer nested deeper than this pays the clamp.
/// HTML standard, "timer initialization steps": *if nesting level is greater than 5*.
pub const NESTING_LIMIT: u32 = 5;

/// The least a deeply nested timer waits.
/// HTML standard, "timer initialization steps": *and timeout is less than 4, then set timeout to 4*.
pub const NESTED_TIMER_CLAMP: Nanos = Nanos(4_000_000);

/// Browsers count timers in whole milliseconds; what is between is rounded up here, so that none is early.
/// HTML standard, `setTimeout(handler, long timeout)`.
pub const TIMER_STEP: Nanos = Nanos(1_000_000);

/// How fast a browser computes and, if all was measured, what its event loop costs.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Calibration {
    /// Blocks of the CPU kernel (SHA-256) per millisecond.
    pub blocks_per_ms: f64,
    /// The costs of the event loop, where they were measured.
    pub costs: Option<Costs>,
}

/// How much a calibration measures.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Depth {
    /// The speed of computing alone: it changes with the machine's mood.
    Speed,
    /// All costs.
    All,
}

/// The costs of an event loop, each the median of many. Real times.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Costs {
    /// Starting a task and polling it once.
    pub spawn: Nanos,
    /// One yield on a loop with nothing else to do, in the order of [`YieldWith::ALL`]; nothing for what
    /// the browser does not have.
    pub yields: [Option<Nanos>; YieldWith::ALL.len()],
    /// How late a timer fires on a loop with nothing else to do.
    pub timer_lateness: Nanos,
    /// A message from one thread to another, one way.
    pub message: Nanos,
    /// Starting a worker, until it takes orders.
    pub worker_start: Nanos,
    /// How many times as long computing takes when several threads do it at once: 1 where each core is one of its own,
    /// more where they share one.
    pub parallel_slowdown: f64,
    /// Recording one span: two looks at the clock, and its share of a report to the page.
    pub record: Nanos,
    /// One look of the probe that watches the run's thread.
    pub probe: Nanos,
}

impl Costs {
    /// Everything for free: the rules alone.
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

    /// What a yield takes of the loop's time, besides what the rules make it wait.
    pub fn of_yield(&self, with: YieldWith) -> Nanos {
        let measured = YieldWith::ALL.iter().zip(self.yields).find(|(one, _)| **one == with);
        let measured = measured.and_then(|(_, cost)| cost).unwrap_or_default();
        match with {
            // Measured nested, so the clamp is in it; the rules add that themselves.
            YieldWith::Timeout => measured.since(NESTED_TIMER_CLAMP),
            // These wait for the browser's frames, which the rules know.
            YieldWith::AnimationFrame | YieldWith::IdleCallback => Nanos::ZERO,
            _ => measured,
        }
    }
}
