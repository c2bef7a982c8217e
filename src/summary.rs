//! The result of a comparison for other programs: the public contract's summary, and traces as
//! Chrome Trace Event JSON. Knows addresses, metrics and traces, not the page.

use serde::Serialize;
use serde_json::{Value, json};

use crate::address::{Address, VERSION};
use crate::lab::Strategy;
use crate::metrics::Metrics;
use crate::trace::{SpanKind, Trace};

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

/// How fast this browser computes.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Calibration {
    /// SHA-256 blocks per millisecond of CPU.
    pub blocks_per_ms: f64,
}

/// The numbers of one strategy on both clocks.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct StrategySummary {
    id: &'static str,
    predicted: Metrics,
    measured: Option<Measured>,
}

/// The numbers of a live run.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Measured {
    /// The same numbers as predicted.
    #[serde(flatten)]
    pub metrics: Metrics,
    /// Where it ran.
    pub run_on: &'static str,
    /// Real time per lab time; the times given are unscaled.
    pub scale: f64,
    /// Why the run does not count, if it does not.
    pub void: Option<&'static str>,
}

impl Summary {
    /// A summary of `rows` under `address`.
    pub fn new(
        address: &Address,
        environment: Option<Environment>,
        rows: impl Iterator<Item = (&'static Strategy, Metrics, Option<Measured>)>,
    ) -> Summary {
        Summary {
            version: VERSION,
            lab: address.values.lab().id,
            address: address.to_query(),
            environment,
            strategies: rows
                .map(|(strategy, predicted, measured)| StrategySummary { id: strategy.id, predicted, measured })
                .collect(),
        }
    }

    /// As JSON.
    pub fn to_json(&self) -> Value {
        // Serializing plain numbers and strings cannot fail; null would be the honest answer if it did.
        serde_json::to_value(self).unwrap_or(Value::Null)
    }
}

/// Traces as Chrome Trace Event JSON, one process a trace.
///
/// The format wants the events of a thread to nest. On the loop they do (a turn holds what it runs), except
/// for yields; those and the phases of a request overlap, so they are async events with an id each.
pub fn chrome_trace<'a>(traces: impl Iterator<Item = (String, &'a Trace)>) -> Value {
    let mut events = Vec::new();
    for (process, (name, trace)) in traces.enumerate() {
        events.push(json!({ "ph": "M", "pid": process, "name": "process_name", "args": { "name": name } }));
        for (index, span) in trace.spans().iter().enumerate() {
            let (start, end) = (span.start.0 as f64 / 1e3, span.end.0 as f64 / 1e3);
            let args = json!({ "task": span.task.number() });
            let name = span.kind.id();
            if span.kind.is_on_loop() && span.kind != SpanKind::Yield {
                events.push(json!({ "ph": "X", "pid": process, "tid": 0, "cat": "loop", "name": name,
                    "ts": start, "dur": end - start, "args": args }));
            } else {
                for (phase, at) in [("b", start), ("e", end)] {
                    events.push(json!({ "ph": phase, "pid": process, "tid": 0, "cat": name, "name": name,
                        "id": index, "ts": at, "args": args }));
                }
            }
        }
        for mark in trace.marks() {
            events.push(json!({ "ph": "i", "s": "p", "pid": process, "tid": 0, "name": mark.kind.id(),
                "ts": mark.at.0 as f64 / 1e3, "args": { "task": mark.task.number() } }));
        }
    }
    json!({ "traceEvents": events, "displayTimeUnit": "ms" })
}
