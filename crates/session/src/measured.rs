//! How far a measurement can be trusted: where it was made, whether the machine was busy with something else meanwhile,
//! and how much of it went into watching. Knows traces and numbers, not how they are measured.

use std::ops::RangeInclusive;

use engine::browser::{Calibration, Costs};
use engine::probes::Samples;
use engine::trace::{Nanos, Trace};
use lab::metrics::Metrics;
use lab::{Need, Strategy};

/// Where a measurement was made.
#[derive(Clone, PartialEq, Debug)]
pub struct Environment {
    /// What the browser calls itself.
    pub user_agent: String,
    /// Logical processors.
    pub cores: u32,
    /// The smallest step of the clock, in microseconds.
    pub clock_step_us: f64,
    /// Whether the page is cross-origin isolated (then the clock is finer).
    pub is_isolated: bool,
    /// How the CPU kernel was calibrated.
    pub calibration: Calibration,
}

/// A machine that computes slower or faster than this, of its calibrated speed, was busy with something else
/// during the run, or while it was calibrated.
const UNDISTURBED: RangeInclusive<f64> = 0.8..=1.25;

/// The same for several threads at once, whose speed depends on how the machine spreads them.
const UNDISTURBED_THREADS: RangeInclusive<f64> = 0.6..=1.6;

/// Less computing than this, in real time, tells nothing about the machine.
const LEAST_CPU: Nanos = Nanos(20_000_000);

/// The same work is predicted and measured, so the times of its computing tell how fast the machine was.
pub fn is_disturbed(strategy: &Strategy, predicted: &Metrics, measured: &Metrics, scale: f64) -> bool {
    let speed = predicted.cpu.0 as f64 / measured.cpu.0.max(1) as f64;
    let range = if matches!(strategy.needs, Need::Workers(_)) { UNDISTURBED_THREADS } else { UNDISTURBED };
    measured.is_complete() && measured.cpu.scaled(scale) >= LEAST_CPU && !range.contains(&speed)
}

/// The part of a run that went into watching it: so much for each thing recorded, and for each look of a probe.
pub fn instrumentation(trace: &Trace, samples: &Samples, costs: &Costs, scale: f64) -> f64 {
    let recorded = trace.spans().len() + trace.marks().len() + trace.samples().len() + trace.wakeups().len();
    let looks = samples.timer_lag.len() + samples.outside_lag.len();
    let spent = costs.record.0 as f64 * recorded as f64 + costs.probe.0 as f64 * looks as f64;
    spent / trace.end().scaled(scale).0.max(1) as f64
}
