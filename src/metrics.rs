//! What a trace amounts to, in numbers. Knows the trace and what there was to do, and nothing else.

use std::collections::BTreeSet;

use serde::{Serialize, Serializer};

use crate::lab::{Finding, FindingValue, Setup, Values};
use crate::trace::{MarkKind, Nanos, Outcome, SpanKind, Trace};

/// The numbers of one run. Times are in the lab's (unscaled) milliseconds when serialized.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Metrics {
    /// From the start to the end of the run.
    #[serde(rename = "makespan_ms")]
    pub makespan: Nanos,
    /// No strategy on as many threads can be faster with what this run computed and requested.
    #[serde(rename = "lower_bound_ms")]
    pub lower_bound: Nanos,
    /// Time spent computing.
    #[serde(rename = "cpu_ms")]
    pub cpu: Nanos,
    /// The longest turn of the loop: nothing else could run meanwhile.
    #[serde(rename = "longest_block_ms")]
    pub longest_block: Nanos,
    /// Tasks done.
    pub completed: usize,
    /// Tasks that were given up.
    pub failed: usize,
    /// Tasks that neither completed nor failed.
    pub unfinished: usize,
    /// How often the thread was given back in between.
    pub yields: usize,
    /// The most requests on their way at once.
    pub max_in_flight: usize,
    /// From sending a request to seeing its response; nothing where no response was seen.
    #[serde(rename = "io_latency_ms")]
    pub io_latency: Option<Distribution>,
    /// The shortest time that a request was in service; nothing where there was none.
    #[serde(skip)]
    pub shortest_service: Option<Nanos>,
    /// Why the run came to a halt, if it did.
    pub stalled: Option<&'static str>,
    /// The lab's own numbers.
    #[serde(rename = "lab_metrics", serialize_with = "as_object", skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

/// Findings as an object: their keys, and plain numbers or lists of them.
fn as_object<S: Serializer>(findings: &[Finding], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(findings.iter().map(|finding| (finding.key, &finding.value)))
}

impl Serialize for FindingValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            FindingValue::Count(count) => serializer.serialize_i64(*count),
            FindingValue::Time(time) => time.serialize(serializer),
            FindingValue::Share(share) => serializer.serialize_f64(*share),
            FindingValue::Order(order) => order.serialize(serializer),
        }
    }
}

/// Nearest-rank percentiles.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Distribution {
    /// Half of the values are no greater.
    pub p50: Nanos,
    /// 95 % of the values are no greater.
    pub p95: Nanos,
    /// The greatest value.
    pub max: Nanos,
}

impl Distribution {
    /// Of `values` in any order; nothing of no values.
    pub fn of(mut values: Vec<Nanos>) -> Option<Distribution> {
        values.sort_unstable();
        let rank =
            |percent: usize| values.get((values.len() * percent).div_ceil(100).checked_sub(1)?).copied();
        Some(Distribution { p50: rank(50)?, p95: rank(95)?, max: rank(100)? })
    }
}

impl Metrics {
    /// The numbers of `trace`, which was run with `values`; a trace that still grows gives its numbers so far.
    pub fn of(trace: &Trace, values: &Values) -> Metrics {
        let setup = (values.lab().setup)(values);
        let completed = trace.marks_of(MarkKind::TaskCompleted).count();
        let failed = trace.marks_of(MarkKind::TaskFailed).count();
        let (max_in_flight, latencies) = requests(trace);
        Metrics {
            makespan: trace.end(),
            lower_bound: lower_bound(trace, setup),
            cpu: total(trace, SpanKind::Cpu),
            longest_block: trace
                .spans_of(SpanKind::Turn)
                .map(|turn| turn.duration())
                .max()
                .unwrap_or_default(),
            completed,
            failed,
            unfinished: setup.tasks.saturating_sub(completed + failed),
            yields: trace.spans_of(SpanKind::Yield).count(),
            max_in_flight,
            io_latency: Distribution::of(latencies),
            shortest_service: shortest(trace, SpanKind::Service),
            stalled: match trace.outcome() {
                Some(Outcome::Stalled) => Some("stalled"),
                Some(Outcome::StepLimit) => Some("step-limit"),
                _ => None,
            },
            findings: (values.lab().findings)(values, trace),
        }
    }

    /// Whether every task completed.
    pub fn is_complete(&self) -> bool {
        self.unfinished == 0 && self.failed == 0
    }

    /// Lower bound ÷ makespan: 1 is perfect. Nothing for a run that did not do all its work.
    pub fn efficiency(&self) -> Option<f64> {
        (self.is_complete() && self.makespan > Nanos::ZERO)
            .then(|| self.lower_bound.0 as f64 / self.makespan.0 as f64)
    }

    /// How many times as fast as `baseline`; nothing unless both did all their work.
    pub fn speed_up(&self, baseline: &Metrics) -> Option<f64> {
        (self.is_complete() && baseline.is_complete() && self.makespan > Nanos::ZERO)
            .then(|| baseline.makespan.0 as f64 / self.makespan.0 as f64)
    }
}

/// How far a prediction was off, as a fraction of the measurement: 0.03 is 3 % too slow.
pub fn model_error(predicted: Nanos, measured: Nanos) -> Option<f64> {
    (measured > Nanos::ZERO).then(|| (predicted.0 as f64 - measured.0 as f64) / measured.0 as f64)
}

fn total(trace: &Trace, kind: SpanKind) -> Nanos {
    trace.spans_of(kind).map(|span| span.duration()).sum()
}

fn shortest(trace: &Trace, kind: SpanKind) -> Option<Nanos> {
    trace.spans_of(kind).map(|span| span.duration()).min()
}

/// Two things cannot be avoided: all the computing on the threads that compute, and one save after it; and a first
/// result, then all the serving in `capacity` slots, of which one serves at least ⌈n / capacity⌉.
/// Where requests are sent before anything is computed, neither has to wait for the other.
fn lower_bound(trace: &Trace, setup: Setup) -> Nanos {
    let shortest_service = shortest(trace, SpanKind::Service).unwrap_or_default();
    let threads = trace.spans_of(SpanKind::Cpu).map(|span| span.lane).collect::<BTreeSet<_>>().len().max(1);
    let first_result = trace.spans_of(SpanKind::Cpu).map(|span| span.end).min().unwrap_or_default();
    let first_request = trace.marks_of(MarkKind::RequestSent).next().map_or(first_result, |mark| mark.at);
    let saves_results = first_request >= first_result;
    let last_save = if saves_results { shortest_service } else { Nanos::ZERO };
    let thread = Nanos(total(trace, SpanKind::Cpu).0 / threads as u64) + last_save;
    let served = trace.spans_of(SpanKind::Service).count();
    let capacity = setup.capacity.max(1) as u64;
    let rounds = (served as u64).div_ceil(capacity);
    let slots = Nanos(total(trace, SpanKind::Service).0 / capacity).max(Nanos(rounds * shortest_service.0));
    let first = if saves_results { shortest(trace, SpanKind::Cpu).unwrap_or_default() } else { Nanos::ZERO };
    thread.max(first + slots)
}

/// The most requests in flight at once, and the latency of each that was answered.
fn requests(trace: &Trace) -> (usize, Vec<Nanos>) {
    let mut sent_at = Vec::new();
    let mut latencies = Vec::new();
    let (mut in_flight, mut most) = (0usize, 0);
    for mark in trace.marks() {
        let task = mark.task.0 as usize;
        match mark.kind {
            MarkKind::RequestSent => {
                if sent_at.len() <= task {
                    sent_at.resize(task + 1, Nanos::ZERO);
                }
                sent_at[task] = mark.at;
                in_flight += 1;
                most = most.max(in_flight);
            }
            MarkKind::ResponseSeen => {
                latencies.push(mark.at.since(sent_at.get(task).copied().unwrap_or(mark.at)));
                in_flight = in_flight.saturating_sub(1);
            }
            MarkKind::TaskCompleted | MarkKind::TaskFailed | MarkKind::Printed => {}
        }
    }
    (most, latencies)
}
