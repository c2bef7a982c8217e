//! The result of a comparison for other programs: the public contract's summary, and traces in
//! Chrome's format. Knows addresses, metrics and traces, not the page.

use serde::Serialize;

use crate::address::{Address, VERSION};
use crate::lab::Strategy;
use crate::lint::Lint;
use crate::metrics::Metrics;
use crate::probes::Probes;
use crate::runtime::costs::Calibration;
use crate::trace::{Nanos, SpanKind, Trace};

/// What was predicted and measured for one address.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Summary {
    version: &'static str,
    lab: &'static str,
    address: String,
    environment: Option<Environment>,
    strategies: Vec<StrategySummary>,
}

/// Where a measurement was made.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Environment {
    /// What the browser calls itself.
    pub user_agent: String,
    /// Logical processors.
    pub cores: u32,
    /// The smallest step of the clock.
    pub clock_step_us: f64,
    /// Whether the page is cross-origin isolated (then the clock is finer).
    pub isolated: bool,
    /// How the CPU kernel was calibrated.
    pub calibration: Calibration,
}

/// The numbers of one strategy on both clocks.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct StrategySummary {
    id: &'static str,
    predicted: Metrics,
    measured: Option<Measured>,
    lints: Vec<ClockedLint>,
}

/// Something that a run shows, and on which clock.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct ClockedLint {
    /// `predicted` or `measured`.
    pub clock: &'static str,
    /// What.
    #[serde(flatten)]
    pub lint: Lint,
}

/// The numbers of a live run.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Measured {
    /// The same numbers as predicted.
    #[serde(flatten)]
    pub metrics: Metrics,
    /// Where it ran.
    pub run_on: &'static str,
    /// Whether it had to share the machine with the other strategies, and had no core of its own.
    pub unclean: bool,
    /// Real time per lab time; the times given are unscaled.
    pub scale: f64,
    /// The part of the makespan that recording and probing took, as calibrated.
    pub instrumentation: Option<f64>,
    /// What was probed beside it.
    pub probes: Probes,
    /// Why the run does not count, if it does not.
    pub void: Option<&'static str>,
}

impl Summary {
    /// A summary of `rows` under `address`.
    pub fn new(
        address: &Address,
        environment: Option<Environment>,
        rows: impl Iterator<Item = (&'static Strategy, Metrics, Option<Measured>, Vec<ClockedLint>)>,
    ) -> Summary {
        Summary {
            version: VERSION,
            lab: address.values.lab().id,
            address: address.to_query(),
            environment,
            strategies: rows
                .map(|(strategy, predicted, measured, lints)| StrategySummary {
                    id: strategy.id,
                    predicted,
                    measured,
                    lints,
                })
                .collect(),
        }
    }
}

/// Traces in Chrome's Trace Event Format, which Perfetto and speedscope read.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ChromeTrace {
    #[serde(rename = "traceEvents")]
    events: Vec<ChromeEvent>,
    #[serde(rename = "displayTimeUnit")]
    unit: &'static str,
}

/// One event. Times are in microseconds.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
struct ChromeEvent {
    ph: &'static str,
    pid: usize,
    tid: usize,
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cat: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ts: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dur: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    args: ChromeArgs,
}

#[derive(Clone, PartialEq, Debug, Default, Serialize)]
struct ChromeArgs {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    task: Option<u32>,
}

/// Named traces as one file, one process a trace.
///
/// The format wants the events of a thread to nest. On the loop they do (a turn holds what it runs), except
/// for yields; those and the phases of a request overlap, so they are async events with an id each.
pub fn chrome_trace<'a>(traces: impl Iterator<Item = (String, &'a Trace)>) -> ChromeTrace {
    let micros = |at: Nanos| Some(at.0 as f64 / 1e3);
    let mut events = Vec::new();
    let mut ids = 0..; // an id belongs to the whole file, not to its process
    for (pid, (name, trace)) in traces.enumerate() {
        let args = ChromeArgs { name: Some(name), task: None };
        events.push(ChromeEvent { ph: "M", pid, name: "process_name", args, ..Default::default() });
        for span in trace.spans() {
            let args = ChromeArgs { name: None, task: span.task.number() };
            let name = span.kind.id();
            let event = ChromeEvent { pid, name, ts: micros(span.start), args, ..Default::default() };
            let event = ChromeEvent { tid: usize::from(span.lane.0), ..event };
            if span.kind.is_on_loop() && span.kind != SpanKind::Yield {
                events.push(ChromeEvent {
                    ph: "X",
                    cat: Some("loop"),
                    dur: micros(span.duration()),
                    ..event
                });
            } else {
                let begin = ChromeEvent { ph: "b", cat: Some(name), id: ids.next(), ..event };
                events.push(begin.clone());
                events.push(ChromeEvent { ph: "e", ts: micros(span.end), ..begin });
            }
        }
        events.extend(trace.marks().iter().map(|mark| ChromeEvent {
            ph: "i",
            pid,
            name: mark.kind.id(),
            ts: micros(mark.at),
            args: ChromeArgs { name: None, task: mark.task.number() },
            ..Default::default()
        }));
    }
    ChromeTrace { events, unit: "ms" }
}
