//! What a browser's own doings cost, as measured in it. Plain data, in real time; knows nothing of how it is measured.

use serde::{Deserialize, Serialize};

use super::YieldWith;
use super::event_loop::NESTED_TIMER_CLAMP;
use crate::trace::Nanos;

/// How fast a browser computes and, if all was measured, what its event loop costs.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Calibration {
    /// Blocks of the CPU kernel (SHA-256) per millisecond.
    pub blocks_per_ms: f64,
    /// The costs of the event loop, where they were measured.
    pub costs: Option<Costs>,
}

/// The costs of an event loop, each the median of many. Real times.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Costs {
    /// Starting a task and polling it once.
    #[serde(rename = "spawn_ms")]
    pub spawn: Nanos,
    /// One yield on a loop with nothing else to do, in the order of [`YieldWith::ALL`]; nothing for what
    /// the browser does not have.
    #[serde(rename = "yield_ms")]
    pub yields: [Option<Nanos>; YieldWith::ALL.len()],
    /// How late a timer fires on a loop with nothing else to do.
    #[serde(rename = "timer_lateness_ms")]
    pub timer_lateness: Nanos,
    /// A message from one thread to another, one way.
    #[serde(rename = "message_ms")]
    pub message: Nanos,
    /// Starting a worker, until it takes orders.
    #[serde(rename = "worker_start_ms")]
    pub worker_start: Nanos,
    /// How many times as long computing takes when several threads do it at once: 1 where each core is one of its own,
    /// more where they share one.
    pub parallel_slowdown: f64,
    /// Recording one span: two looks at the clock, and its share of a report to the page.
    #[serde(rename = "record_ms")]
    pub record: Nanos,
    /// One look of the probe that watches the run's thread.
    #[serde(rename = "probe_ms")]
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
