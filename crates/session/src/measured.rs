//! How far a measurement can be trusted: where it was made, whether the machine was busy with something else,
//! and how much of it is the cost of recording. Knows traces and numbers, not how they are measured.

use std::ops::RangeInclusive;

use engine::browser::{Calibration, Costs};
use engine::probes::Samples;
use engine::trace::{Nanos, Trace};
use lab::metrics::Metrics;
use lab::{Need, Strategy};

/// The browser and the machine that a measurement was made with.
#[derive(Clone, PartialEq, Debug)]
pub struct Environment {
    /// The browser's user agent string.
    pub user_agent: String,
    /// The number of logical processors.
    pub cores: u32,
    /// The smallest step of the browser's clock, in microseconds.
    pub clock_step_us: f64,
    /// Whether the page is cross-origin isolated, which makes the clock finer.
    pub is_isolated: bool,
    /// The calibrated speed of the CPU kernel, and what the event loop costs.
    pub calibration: Calibration,
}

/// The speed of the machine during a run, relative to its calibrated speed. Outside this range it was busy
/// with something else, during the run or during the calibration.
const UNDISTURBED: RangeInclusive<f64> = 0.8..=1.25;

/// The same for several threads at once. Their speed depends on how the system spreads them over the cores.
const UNDISTURBED_THREADS: RangeInclusive<f64> = 0.6..=1.6;

/// With less computing than this, in real time, the speed says nothing about the machine.
const LEAST_CPU: Nanos = Nanos(20_000_000);

/// Whether the machine was busy with something else. The same work is predicted and measured, so the ratio of
/// the two computing times is the speed of the machine.
pub fn is_disturbed(strategy: &Strategy, predicted: &Metrics, measured: &Metrics, scale: f64) -> bool {
    let speed = predicted.cpu.0 as f64 / measured.cpu.0.max(1) as f64;
    let range = if matches!(strategy.needs, Need::Workers(_)) { UNDISTURBED_THREADS } else { UNDISTURBED };
    measured.is_complete() && measured.cpu.scaled(scale) >= LEAST_CPU && !range.contains(&speed)
}

/// The fraction of a run's makespan that went into recording it: a cost for everything recorded, and one for
/// each look of a probe.
pub fn instrumentation(trace: &Trace, samples: &Samples, costs: &Costs, scale: f64) -> f64 {
    let recorded = trace.spans().len() + trace.marks().len() + trace.samples().len() + trace.wakeups().len();
    let looks = samples.timer_lag.len() + samples.outside_lag.len();
    let spent = costs.record.0 as f64 * recorded as f64 + costs.probe.0 as f64 * looks as f64;
    spent / trace.end().scaled(scale).0.max(1) as f64
}
