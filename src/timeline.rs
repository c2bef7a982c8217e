//! A trace as shapes: what to draw where, for a stretch of time and a width in pixels.
//!
//! Knows the trace and nothing of canvases. The number of shapes is bounded by the pixels,
//! not by the spans: neighbours closer than a pixel melt into one. Nothing vanishes: the
//! shortest span still gets a pixel.

use crate::number::{magnitude, within};
use crate::trace::{Gauge, Lane, MarkKind, Nanos, Span, SpanKind, Trace};
use crate::verdict::LONG_TASK;

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

/// A bar on a lane, in pixels.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Bar {
    /// What was done.
    pub kind: BarKind,
    /// Left edge.
    pub x: f64,
    /// Width; at least one pixel.
    pub width: f64,
    /// How much of the width is really covered: neighbours that melted together have gaps between them.
    pub share: f64,
}

/// What a bar stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BarKind {
    /// Computing.
    Cpu,
    /// Waiting in place.
    Blocked,
    /// A turn longer than a long task: the page was frozen. Drawn over what filled it.
    Freeze,
    /// A point at which the thread was given back.
    Yield,
    /// Somebody beside the loop at work.
    Work,
    /// Waiting for somebody else: a lock, a channel.
    Waiting,
    /// Waiting for an answer to a request.
    Request,
    /// Changing from one task to another.
    Switch,
    /// Crashed, and not back yet.
    Down,
}

/// What the event loop's thread did.
pub fn loop_bars(trace: &Trace, view: Viewport) -> Vec<Bar> {
    let mut bars = Vec::new();
    for (kind, bar) in [(SpanKind::Cpu, BarKind::Cpu), (SpanKind::Blocked, BarKind::Blocked)] {
        push_merged(&mut bars, bar, of_lane(trace, Lane::LOOP, kind), view);
    }
    let long = trace.spans_of(SpanKind::Turn).filter(|turn| turn.duration() > LONG_TASK);
    push_merged(&mut bars, BarKind::Freeze, long, view);
    let yields = trace.spans_of(SpanKind::Yield);
    push_ticks(&mut bars, yields, view);
    bars
}

/// What somebody beside the loop did.
pub fn lane_bars(trace: &Trace, lane: Lane, view: Viewport) -> Vec<Bar> {
    let mut bars = Vec::new();
    for (kind, bar) in [
        (SpanKind::Waiting, BarKind::Waiting),
        (SpanKind::Service, BarKind::Request),
        (SpanKind::Work, BarKind::Work),
        (SpanKind::Cpu, BarKind::Cpu),
        (SpanKind::Switch, BarKind::Switch),
        (SpanKind::Down, BarKind::Down),
    ] {
        push_merged(&mut bars, bar, of_lane(trace, lane, kind), view);
    }
    bars
}

fn of_lane(trace: &Trace, lane: Lane, kind: SpanKind) -> impl Iterator<Item = &Span> {
    trace.spans_of(kind).filter(move |span| span.lane == lane)
}

/// Spans as bars, those closer than a pixel melted together.
fn push_merged<'a>(
    bars: &mut Vec<Bar>,
    kind: BarKind,
    spans: impl Iterator<Item = &'a Span>,
    view: Viewport,
) {
    let first = bars.len();
    for span in spans.filter(|span| span.end >= view.from && span.start <= view.to) {
        let left = view.x(span.start).max(0.0);
        let right = view.x(span.end).min(view.width).max(left + 1.0);
        let exact = (view.x(span.end).min(view.width) - left).max(0.0);
        // Freezes stay apart as far as they can: each is a freeze of its own.
        let gap = if kind == BarKind::Freeze { 0.0 } else { 1.0 };
        match bars[first..].last_mut() {
            Some(last)
                if left < last.x + last.width + gap && (kind != BarKind::Freeze || right - left < 3.0) =>
            {
                let covered = last.share * last.width + exact;
                last.width = last.width.max(right - last.x);
                last.share = (covered / last.width).min(1.0);
            }
            _ => bars.push(Bar {
                kind,
                x: left,
                width: right - left,
                share: (exact / (right - left)).min(1.0),
            }),
        }
    }
}

/// Yields are points; where there is no room for each, none is drawn: the lane would be all yields.
fn push_ticks<'a>(bars: &mut Vec<Bar>, yields: impl Iterator<Item = &'a Span>, view: Viewport) {
    const LEAST_DISTANCE: f64 = 4.0;
    let first = bars.len();
    for span in yields.filter(|span| span.start >= view.from && span.start <= view.to) {
        let x = view.x(span.start);
        if bars[first..].last().is_some_and(|last| x - last.x < LEAST_DISTANCE) {
            bars.truncate(first);
            return;
        }
        bars.push(Bar { kind: BarKind::Yield, x, width: 1.0, share: 1.0 });
    }
}

/// The most requests in flight in each pixel of the width.
pub fn in_flight(trace: &Trace, view: Viewport) -> Vec<u32> {
    let columns = view.width.ceil().max(0.0) as usize;
    let mut most = vec![0u32; columns];
    let (mut level, mut done) = (0u32, 0usize);
    for mark in trace.marks() {
        let step: i64 = match mark.kind {
            MarkKind::RequestSent => 1,
            MarkKind::ResponseSeen => -1,
            _ => continue,
        };
        let column = view.x(mark.at).floor();
        if column >= columns as f64 {
            break;
        }
        // The level before this mark held up to its column.
        if column >= 0.0 {
            let column = column as usize;
            let from = done.min(column);
            most[from..=column].iter_mut().for_each(|one| *one = (*one).max(level));
            done = column;
        }
        level = level.saturating_add_signed(step as i32);
        if column >= 0.0 {
            most[done] = most[done].max(level);
        }
    }
    let end = (view.x(trace.end()).ceil().max(0.0) as usize).min(columns);
    if done < end {
        most[done..end].iter_mut().for_each(|one| *one = (*one).max(level));
    }
    most
}

/// The highest level of a gauge in each pixel of the width, from its first sample on.
pub fn levels(trace: &Trace, gauge: Gauge, view: Viewport) -> Vec<u32> {
    let mut most = vec![0u32; view.width.ceil().max(0.0) as usize];
    let mut samples = trace.samples_of(gauge).peekable();
    while let Some(sample) = samples.next() {
        let until = samples.peek().map_or(trace.end(), |next| next.at);
        let column = |at: Nanos| view.x(at).max(0.0) as usize;
        let (from, to) = (column(sample.at), column(until).max(column(sample.at) + 1).min(most.len()));
        let level = sample.level.max(0) as u32;
        most.get_mut(from..to).into_iter().flatten().for_each(|one| *one = (*one).max(level));
    }
    most
}

/// The level of a gauge at a time; nothing before its first sample.
pub fn level_at(trace: &Trace, gauge: Gauge, at: Nanos) -> Option<i64> {
    trace.samples_of(gauge).take_while(|sample| sample.at <= at).last().map(|sample| sample.level)
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
