//! A trace in numbers. Knows the trace and the lab's setup, and nothing else.

use std::fmt;

use engine::trace::{Distribution, MarkKind, Nanos, Outcome, SpanKind, Trace, Wait};
use serde::{Deserialize, Serialize};

use crate::spent::Spent;
use crate::{Finding, FindingValue, Setup, Values};

/// The numbers of one run. Times are lab time (unscaled).
#[derive(Clone, PartialEq, Debug)]
pub struct Metrics {
    /// From the start to the end of the run.
    pub makespan: Nanos,
    /// With as many threads, no strategy can do what this run computed and requested in less time.
    pub lower_bound: Nanos,
    /// Time spent computing, on all threads together.
    pub cpu: Nanos,
    /// The longest turn of the loop, during which nothing else could run.
    pub longest_block: Nanos,
    /// Tasks done.
    pub completed: usize,
    /// Tasks that were given up.
    pub failed: usize,
    /// Tasks that neither completed nor failed.
    pub unfinished: usize,
    /// How often the thread was given back; yields to a microtask do not count.
    pub yields: usize,
    /// The most requests in flight at once.
    pub max_in_flight: usize,
    /// From sending a request to seeing its response; `None` if no response was seen.
    pub io_latency: Option<Distribution>,
    /// The shortest span of [`SpanKind::Service`] or [`SpanKind::Work`]; `None` if there was neither.
    pub shortest_wait: Option<Nanos>,
    /// Why the run came to a halt, if it did.
    pub stalled: Option<Stall>,
    /// The lab's own numbers.
    pub findings: Vec<Finding>,
}

/// Why a run came to a halt before its end.
#[derive(Clone, PartialEq, Debug)]
pub struct Stall {
    /// `stalled` or `step-limit`.
    pub reason: &'static str,
    /// A circle of actors: each waits for the next, the last for the first. Empty if there is none.
    pub cycle: Vec<Wait>,
    /// All other waits.
    pub others: Vec<Wait>,
}

impl Stall {
    /// Why the run of this trace came to a halt; `None` if it did not.
    fn of(trace: &Trace) -> Option<Stall> {
        let reason = match trace.outcome()? {
            Outcome::Stalled => "stalled",
            Outcome::StepLimit => "step-limit",
            Outcome::Finished | Outcome::Cancelled => return None,
        };
        let cycle = cycle(trace.waits());
        let others = trace.waits().iter().filter(|wait| !cycle.contains(wait)).cloned().collect();
        Some(Stall { reason, cycle, others })
    }
}

/// The first circle of waits in which each waits for the next; empty if there is none.
fn cycle(waits: &[Wait]) -> Vec<Wait> {
    for first in waits {
        let mut path = vec![first];
        while let Some(next) = waits.iter().find(|wait| path[path.len() - 1].held_by.contains(&wait.who)) {
            if let Some(start) = path.iter().position(|known| *known == next) {
                return path[start..].iter().copied().cloned().collect();
            }
            path.push(next);
        }
    }
    Vec::new()
}

/// For a reader who looks for the cause: `step-limit`, `stalled`, or
/// `stalled: writer 1 waits for lock 2 (writer 2); writer 2 waits for lock 1 (writer 1)`.
impl fmt::Display for Stall {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.reason)?;
        for (number, Wait { who, resource, held_by }) in self.cycle.iter().chain(&self.others).enumerate() {
            formatter.write_str(if number == 0 { ": " } else { "; " })?;
            write!(formatter, "{who} waits for {resource}")?;
            for (number, holder) in held_by.iter().enumerate() {
                write!(formatter, "{}{holder}", if number == 0 { " (" } else { ", " })?;
            }
            formatter.write_str(if held_by.is_empty() { "" } else { ")" })?;
        }
        Ok(())
    }
}

impl Metrics {
    /// The metrics of `trace`, a run with `values`. A trace that is still growing gives its metrics so far.
    pub fn of(trace: &Trace, values: &Values) -> Metrics {
        let setup = (values.lab().setup)(values);
        let spent = Spent::of(trace);
        let completed = trace.marks_of(MarkKind::TaskCompleted).count();
        let failed = trace.marks_of(MarkKind::TaskFailed).count();
        let (max_in_flight, latencies) = requests(trace);
        Metrics {
            makespan: trace.end(),
            lower_bound: lower_bound(trace, &spent, setup),
            cpu: spent.on(SpanKind::Cpu).total,
            longest_block: spent.on(SpanKind::Turn).longest,
            completed,
            failed,
            unfinished: setup.tasks.saturating_sub(completed + failed),
            yields: spent.on(SpanKind::Yield).count,
            max_in_flight,
            io_latency: Distribution::of(latencies),
            shortest_wait: [SpanKind::Service, SpanKind::Work]
                .into_iter()
                .filter_map(|kind| spent.on(kind).shortest)
                .min(),
            stalled: Stall::of(trace),
            findings: (values.lab().findings)(values, trace),
        }
    }

    /// Whether every task completed. Says nothing about whether the result is right.
    pub fn is_complete(&self) -> bool {
        self.unfinished == 0 && self.failed == 0
    }

    /// The first finding that makes the result wrong; `None` if the result is right.
    pub fn fault(&self) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.is_fault)
    }

    /// Whether all the work was done, and its result is right.
    pub fn is_correct(&self) -> bool {
        self.is_complete() && self.fault().is_none()
    }

    /// The order in which a program printed its lines; `None` if the lab is not about order.
    pub fn order(&self) -> Option<&[u32]> {
        self.findings.iter().find_map(|finding| match &finding.value {
            FindingValue::Order(order) => Some(order.as_slice()),
            _ => None,
        })
    }

    /// Lower bound ÷ makespan: 1 is perfect. `None` unless the run is correct.
    pub fn efficiency(&self) -> Option<f64> {
        (self.is_correct() && self.makespan > Nanos::ZERO)
            .then(|| self.lower_bound.0 as f64 / self.makespan.0 as f64)
    }

    /// How many times as fast as `baseline`; `None` unless both runs are correct.
    pub fn speed_up(&self, baseline: &Metrics) -> Option<f64> {
        // Programs that are about the order of their lines are not compared for speed.
        let is_about_speed = self.order().is_none();
        (is_about_speed && self.is_correct() && baseline.is_correct() && self.makespan > Nanos::ZERO)
            .then(|| baseline.makespan.0 as f64 / self.makespan.0 as f64)
    }
}

/// How far a prediction was off, as a fraction of the measurement: 0.03 means that 3 % too much was
/// predicted. `None` if the measurement is zero.
pub fn model_error(predicted: Nanos, measured: Nanos) -> Option<f64> {
    (measured > Nanos::ZERO).then(|| (predicted.0 as f64 - measured.0 as f64) / measured.0 as f64)
}

/// The greatest of three times that no strategy can avoid: all the computing, shared out among the threads
/// that computed, and one save after it; the first result, then all the serving in `capacity` slots, one of
/// which serves at least ⌈n / capacity⌉ requests; and all the work beside the loop, shared out among those
/// who did it. Where requests are sent before anything is computed, computing and serving need not wait for
/// each other.
fn lower_bound(trace: &Trace, spent: &Spent, setup: Setup) -> Nanos {
    let (cpu, service) = (spent.on(SpanKind::Cpu), spent.on(SpanKind::Service));
    let shortest_service = service.shortest.unwrap_or_default();
    let first_result = trace.spans_of(SpanKind::Cpu).map(|span| span.end).min().unwrap_or_default();
    let first_request = trace.marks_of(MarkKind::RequestSent).next().map_or(first_result, |mark| mark.at);
    let saves_results = first_request >= first_result;
    let last_save = if saves_results { shortest_service } else { Nanos::ZERO };
    let thread = cpu.shared_out() + last_save;
    let capacity = setup.capacity.max(1) as u64;
    let rounds = (service.count as u64).div_ceil(capacity);
    let slots = Nanos(service.total.0 / capacity).max(Nanos(rounds * shortest_service.0));
    let first = if saves_results { cpu.shortest.unwrap_or_default() } else { Nanos::ZERO };
    thread.max(first + slots).max(spent.on(SpanKind::Work).shared_out())
}

/// The most requests in flight at once, and the latency of each request whose response was seen.
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

/// One number of [`Metrics`], to be chosen by name.
pub struct Metric {
    /// Its name in the summary.
    pub key: &'static str,
    /// The last part of its message key.
    pub name: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// Which way is better; `None` where neither is.
    pub better: Option<Better>,
    read: fn(&Metrics) -> Option<f64>,
}

/// The unit of a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Milliseconds of lab time.
    Ms,
    /// A number of things.
    Count,
    /// A fraction: 1 is the whole.
    Share,
}

/// In which direction a number is better.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// Less is better.
    Lower,
    /// More is better.
    Higher,
}

impl Metric {
    /// Every number that all labs have.
    pub const ALL: &[Metric] = &[
        Metric::new("makespan_ms", "makespan", Unit::Ms, Some(Better::Lower), |all| ms(Some(all.makespan))),
        Metric::new("lower_bound_ms", "lower_bound", Unit::Ms, None, |all| ms(Some(all.lower_bound))),
        Metric::new("efficiency", "efficiency", Unit::Share, Some(Better::Higher), Metrics::efficiency),
        Metric::new("cpu_ms", "cpu", Unit::Ms, Some(Better::Lower), |all| ms(Some(all.cpu))),
        Metric::new("longest_block_ms", "longest_block", Unit::Ms, Some(Better::Lower), |all| {
            ms(Some(all.longest_block))
        }),
        Metric::new("completed", "completed", Unit::Count, None, |all| Some(all.completed as f64)),
        Metric::new("failed", "failed", Unit::Count, None, |all| Some(all.failed as f64)),
        Metric::new("unfinished", "unfinished", Unit::Count, None, |all| Some(all.unfinished as f64)),
        Metric::new("yields", "yields", Unit::Count, None, |all| Some(all.yields as f64)),
        Metric::new("max_in_flight", "max_in_flight", Unit::Count, None, |all| {
            Some(all.max_in_flight as f64)
        }),
        Metric::new("io_latency_ms.p50", "p50", Unit::Ms, Some(Better::Lower), |all| {
            ms(all.io_latency.map(|latency| latency.p50))
        }),
        Metric::new("io_latency_ms.p95", "p95", Unit::Ms, Some(Better::Lower), |all| {
            ms(all.io_latency.map(|latency| latency.p95))
        }),
        Metric::new("io_latency_ms.max", "max", Unit::Ms, Some(Better::Lower), |all| {
            ms(all.io_latency.map(|latency| latency.max))
        }),
    ];

    const fn new(
        key: &'static str,
        name: &'static str,
        unit: Unit,
        better: Option<Better>,
        read: fn(&Metrics) -> Option<f64>,
    ) -> Metric {
        Metric { key, name, unit, better, read }
    }

    /// The metric of that name in the summary; `None` if there is none. A lab's own findings are not among
    /// them.
    pub fn find(key: &str) -> Option<&'static Metric> {
        Metric::ALL.iter().find(|metric| metric.key == key)
    }

    /// Its value in `metrics`; `None` where the run has no such number.
    pub fn read(&self, metrics: &Metrics) -> Option<f64> {
        (self.read)(metrics)
    }
}

fn ms(time: Option<Nanos>) -> Option<f64> {
    time.map(Nanos::as_ms)
}
