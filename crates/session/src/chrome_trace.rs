//! Traces in Chrome's Trace Event Format, which Perfetto and speedscope read: [`chrome_trace`]. Knows traces
//! only.

use engine::trace::{Nanos, SpanKind, Trace};
use serde::Serialize;

/// Traces in Chrome's Trace Event Format, which Perfetto and speedscope read.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ChromeTrace {
    #[serde(rename = "traceEvents")]
    events: Vec<ChromeEvent>,
    #[serde(rename = "displayTimeUnit")]
    unit: &'static str,
}

/// One event of the format. Times are microseconds of lab time.
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

/// Named traces as one file. Each is a process.
///
/// The format wants the events of a thread to nest. Those on the loop do, since a turn contains what runs in
/// it; yields and the phases of a request overlap, so they are async events, each with an id.
pub fn chrome_trace<'a>(traces: impl Iterator<Item = (String, &'a Trace)>) -> ChromeTrace {
    let micros = |at: Nanos| Some(at.0 as f64 / 1e3);
    let mut events = Vec::new();
    let mut ids = 0..; // ids are unique in the file, not just in a process
    for (pid, (name, trace)) in traces.enumerate() {
        let args = ChromeArgs { name: Some(name), task: None };
        events.push(ChromeEvent { ph: "M", pid, name: "process_name", args, ..Default::default() });
        for span in trace.spans() {
            let args = ChromeArgs { name: None, task: span.task.number() };
            let name = span.kind().id();
            let event = ChromeEvent { pid, name, ts: micros(span.start), args, ..Default::default() };
            let event = ChromeEvent { tid: usize::from(span.lane.0), ..event };
            if span.kind().is_on_loop() && span.kind() != SpanKind::Yield {
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
