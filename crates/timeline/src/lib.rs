//! Pictures of traces: what to draw where, for a stretch of time and a width in pixels.
//!
//! Start here: an [`index::Index`] is a trace, sorted once into stretches of time ([`coverage::Coverage`])
//! and levels ([`levels::Levels`]); a [`picture::Picture`] is a part of it as pixels. This file maps times to
//! pixels and finds what is at a point. Nothing in here knows canvases.

pub mod coverage;
pub mod index;
pub mod inspect;
pub mod lag;
pub mod levels;
pub mod picture;

use engine::number::{magnitude, within};
use engine::trace::{Gauge, Lane, Nanos, Span, SpanKind, Trace};

/// A stretch of time that is mapped to a width.
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
    /// The position of a time, in pixels from the left edge. Times outside the stretch are outside the width.
    pub fn x(&self, at: Nanos) -> f64 {
        let span = self.to.since(self.from).0.max(1) as f64;
        (at.0 as f64 - self.from.0 as f64) / span * self.width
    }

    /// The time at a position, which is clamped to the width.
    pub fn time(&self, x: f64) -> Nanos {
        let span = self.to.since(self.from).0 as f64;
        self.from + Nanos((within(x, 0.0, self.width) / self.width.max(1.0) * span) as u64)
    }

    /// The length of time that a pixel stands for.
    pub fn pixel(&self) -> Nanos {
        Nanos((self.to.since(self.from).0 as f64 / self.width.max(1.0)) as u64)
    }
}

/// The level of a gauge at a time; `None` before its first sample.
pub fn level_at(trace: &Trace, gauge: Gauge, at: Nanos) -> Option<i64> {
    let so_far = trace.samples().partition_point(|sample| sample.at <= at);
    trace.samples()[..so_far].iter().rfind(|sample| sample.gauge == gauge).map(|sample| sample.level)
}

/// The spans of a lane that include a time, or are no further from it than `within`.
fn reach(trace: &Trace, lane: Lane, at: Nanos, within: Nanos) -> impl Iterator<Item = &Span> {
    let (from, to) = (at.since(within), at + within);
    let is_there = move |span: &&Span| span.lane == lane && span.start <= to && span.end >= from;
    trace.spans_near(from, to).filter(is_there)
}

/// The shortest span of a lane at a time, give or take `within`; `None` if there is none.
pub fn lane_span_at(trace: &Trace, lane: Lane, at: Nanos, within: Nanos) -> Option<Span> {
    reach(trace, lane, at, within).min_by_key(|span| span.duration()).copied()
}

/// What the thread did at a time, give or take `within`: the innermost span. `None` if it was idle.
pub fn loop_span_at(trace: &Trace, at: Nanos, within: Nanos) -> Option<Span> {
    let of = |kind: SpanKind| {
        let spans = reach(trace, Lane::LOOP, at, within).filter(|span| span.kind() == kind);
        spans.min_by_key(|span| span.duration())
    };
    [SpanKind::Cpu, SpanKind::Blocked, SpanKind::Yield, SpanKind::Turn].into_iter().find_map(of).copied()
}

/// Round times for an axis, no closer to each other than `spacing` pixels.
pub fn ticks(view: Viewport, spacing: f64) -> Vec<Nanos> {
    const SECOND: f64 = 1e9;
    const HOUR: f64 = 3_600.0 * SECOND;
    /// Between 20 seconds and an hour, times are not counted in tens.
    const CLOCK: [f64; 7] = [30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1_800.0];
    let least = view.to.since(view.from).0 as f64 * spacing / view.width.max(1.0);
    let step = if least <= 20.0 * SECOND {
        round_up(least)
    } else {
        let by_clock = CLOCK.into_iter().map(|step| step * SECOND).find(|step| *step >= least);
        by_clock.unwrap_or_else(|| round_up(least / HOUR) * HOUR)
    };
    let step = step as u64;
    (view.from.0.div_ceil(step)..=view.to.0 / step).map(|number| Nanos(number * step)).collect()
}

/// The first of 1, 2, 5, 10, 20 … that is not below `least`.
fn round_up(least: f64) -> f64 {
    let (power, _) = magnitude(least, 0);
    [1.0, 2.0, 5.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|step| *step >= least)
        .unwrap_or(10.0 * power)
}

/// How long a task spent on each kind, given its spans, in the order of [`SpanKind::ALL`]. Kinds that do not
/// occur are left out.
pub fn phases(life: &[Span]) -> Vec<(SpanKind, Nanos)> {
    let of = |kind: SpanKind| life.iter().filter(move |span| span.kind() == kind);
    let spent = |kind: SpanKind| of(kind).map(Span::duration).sum();
    let is_there = |kind: &SpanKind| of(*kind).next().is_some();
    SpanKind::ALL.into_iter().filter(is_there).map(|kind| (kind, spent(kind))).collect()
}

/// The first moment after `at` at which something begins, ends or happens; `None` if there is none.
pub fn event_after(trace: &Trace, at: Nanos) -> Option<Nanos> {
    let next_mark = trace.marks().partition_point(|mark| mark.at <= at);
    let mark = trace.marks().get(next_mark).map(|mark| mark.at);
    let known = trace.landmarks().chain(mark).chain([Nanos::ZERO, trace.end()]);
    // The first event is no later than any event that is known.
    let most = known.filter(|event| *event > at).min()?;
    let events = trace.spans_near(at, most).flat_map(|span| [span.start, span.end]);
    events.chain([most]).filter(|event| *event > at).min()
}

/// The last moment before `at` at which something begins, ends or happens; `None` if there is none.
pub fn event_before(trace: &Trace, at: Nanos) -> Option<Nanos> {
    let so_far = trace.marks().partition_point(|mark| mark.at < at);
    let mark = trace.marks()[..so_far].last().map(|mark| mark.at);
    let known = trace.landmarks().chain(mark).chain([Nanos::ZERO, trace.end()]);
    let least = known.filter(|event| *event < at).max()?;
    let events = trace.spans_near(least, at).flat_map(|span| [span.start, span.end]);
    events.chain([least]).filter(|event| *event < at).max()
}
