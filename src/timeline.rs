//! A trace as pictures: what to draw where, for a stretch of time and a width in pixels.
//!
//! Start here: an [`index::Index`] is a trace, sorted once, as stretches of time
//! ([`coverage::Coverage`]) and levels over it ([`levels::Levels`]); a [`picture::Picture`] is a stretch of it as pixels. This file maps times to pixels and finds what
//! stands at a point. None of them knows canvases.

pub mod coverage;
pub mod index;
pub mod levels;
pub mod picture;

use crate::number::{magnitude, within};
use crate::trace::{Gauge, Lane, MarkKind, Nanos, Span, SpanKind, TaskId, Trace};

/// A stretch of time, mapped to a width.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Viewport {
    /// The time at the left edge.
    pub from: Nanos,
    /// The time at the right edge; later than `from`.
    pub to: Nanos,
    /// The width in pixels.
    pub width: f64,
}

impl Viewport {
    /// Where a time stands, in pixels from the left edge; outside of the width for times outside.
    pub fn x(&self, at: Nanos) -> f64 {
        let span = self.to.since(self.from).0.max(1) as f64;
        (at.0 as f64 - self.from.0 as f64) / span * self.width
    }

    /// The time at a pixel.
    pub fn time(&self, x: f64) -> Nanos {
        let span = self.to.since(self.from).0 as f64;
        self.from + Nanos((within(x, 0.0, self.width) / self.width.max(1.0) * span) as u64)
    }

    /// How long a pixel is.
    pub fn pixel(&self) -> Nanos {
        Nanos((self.to.since(self.from).0 as f64 / self.width.max(1.0)) as u64)
    }
}

/// The level of a gauge at a time; nothing before its first sample.
pub fn level_at(trace: &Trace, gauge: Gauge, at: Nanos) -> Option<i64> {
    trace.samples_of(gauge).take_while(|sample| sample.at <= at).last().map(|sample| sample.level)
}

fn of_lane(trace: &Trace, lane: Lane, kind: SpanKind) -> impl Iterator<Item = &Span> {
    trace.spans_of(kind).filter(move |span| span.lane == lane)
}

/// What a lane beside the loop's was about at a time.
pub fn lane_span_at(trace: &Trace, lane: Lane, at: Nanos, within: Nanos) -> Option<Span> {
    let reach = |span: &&Span| span.start.0 <= at.0 + within.0 && span.end.0 + within.0 >= at.0;
    trace
        .spans()
        .iter()
        .filter(|span| span.lane == lane)
        .filter(reach)
        .min_by_key(|span| span.duration())
        .copied()
}

/// The innermost span of the loop's lane at a time: what the thread did then.
pub fn loop_span_at(trace: &Trace, at: Nanos, within: Nanos) -> Option<Span> {
    let reach = |span: &Span| span.start.0 <= at.0 + within.0 && span.end.0 + within.0 >= at.0;
    let of = |kind: SpanKind| {
        of_lane(trace, Lane::LOOP, kind).filter(|span| reach(span)).min_by_key(|span| span.duration())
    };
    [SpanKind::Cpu, SpanKind::Blocked, SpanKind::Yield, SpanKind::Turn].into_iter().find_map(of).copied()
}

/// How many requests were in flight at a time.
pub fn in_flight_at(trace: &Trace, at: Nanos) -> usize {
    let before = |kind: MarkKind| trace.marks_of(kind).take_while(|mark| mark.at <= at).count();
    before(MarkKind::RequestSent).saturating_sub(before(MarkKind::ResponseSeen))
}

/// Round times for an axis: about one for every `spacing` pixels, and the step between them.
pub fn ticks(view: Viewport, spacing: f64) -> Vec<Nanos> {
    let least = view.to.since(view.from).0 as f64 * spacing / view.width.max(1.0);
    let (power, _) = magnitude(least, 0);
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|factor| factor * power).find(|step| *step >= least);
    let step = step.unwrap_or(10.0 * power) as u64;
    (view.from.0.div_ceil(step)..=view.to.0 / step).map(|number| Nanos(number * step)).collect()
}

/// What a task was about at a time: the shortest of its spans there.
pub fn task_span_at(trace: &Trace, task: TaskId, at: Nanos, within: Nanos) -> Option<Span> {
    let reach = |span: &&Span| span.start.0 <= at.0 + within.0 && span.end.0 + within.0 >= at.0;
    let spans = trace.spans().iter().filter(|span| span.task == task);
    spans.filter(reach).min_by_key(|span| span.duration()).copied()
}

/// How long a task was at what, in the order of [`SpanKind::ALL`]; what it was never at is left out.
pub fn phases(trace: &Trace, task: TaskId) -> Vec<(SpanKind, Nanos)> {
    let spans = || trace.spans().iter().filter(|span| span.task == task);
    let spent = |kind: SpanKind| spans().filter(|span| span.kind == kind).map(|span| span.duration()).sum();
    let is_there = |kind: &SpanKind| spans().any(|span| span.kind == *kind);
    SpanKind::ALL.into_iter().filter(is_there).map(|kind| (kind, spent(kind))).collect()
}

/// The first moment after `at` at which anything begins, ends or happens.
pub fn event_after(trace: &Trace, at: Nanos) -> Option<Nanos> {
    events(trace).filter(|event| *event > at).min()
}

/// The last moment before `at` at which anything begins, ends or happens.
pub fn event_before(trace: &Trace, at: Nanos) -> Option<Nanos> {
    events(trace).filter(|event| *event < at).max()
}

fn events(trace: &Trace) -> impl Iterator<Item = Nanos> {
    let spans = trace.spans().iter().flat_map(|span| [span.start, span.end]);
    spans.chain(trace.marks().iter().map(|mark| mark.at)).chain([Nanos::ZERO, trace.end()])
}
