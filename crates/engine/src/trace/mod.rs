//! The trace: an append-only record of what happened in one run.
//!
//! Both clocks write it, and everything on the page is derived from it. Must not know who records it, nor
//! which clock is running. All times are lab time.

use serde::{Deserialize, Serialize};

mod distribution;
mod mark;
mod nanos;
mod part;
mod reach;
mod span;
mod wakeup;
mod who;

pub use self::distribution::Distribution;
pub use self::mark::{Mark, MarkKind};
pub use self::nanos::Nanos;
pub use self::part::Cursor;
use self::reach::Reach;
pub use self::span::{Line, Span, SpanKind};
pub use self::wakeup::{Cause, Wakeup, YieldKind};
pub use self::who::{Actor, Gauge, Lane, Name, Sample, TaskId, Wait};

/// W3C Long Tasks: a turn longer than this (50 ms) is a long task.
pub const LONG_TASK: Nanos = Nanos(50_000_000);

/// How a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Outcome {
    /// The strategy returned.
    Finished,
    /// Somebody stopped it.
    Cancelled,
    /// Nothing was left that could ever wake it.
    Stalled,
    /// It took more steps than any lab needs, so it probably runs in circles.
    StepLimit,
}

/// Everything that a run recorded.
///
/// Spans are in the order in which they were recorded, marks in the order of their times.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Trace {
    #[serde(with = "span::packed")]
    spans: Vec<Span>,
    marks: Vec<Mark>,
    samples: Vec<Sample>,
    wakeups: Vec<Wakeup>,
    /// The names of all lanes but the loop's own.
    lanes: Vec<Name>,
    gauges: Vec<Name>,
    waits: Vec<Wait>,
    /// The kind of each yield among the spans, in the same order.
    yields: Vec<YieldKind>,
    microtask_yields: u32,
    /// The most requests that the program lets itself have in flight.
    in_flight_limit: Option<usize>,
    end: Option<(Nanos, Outcome)>,
    // Not sent with a part: the trace that takes in the part extends its own.
    #[serde(skip)]
    span_reach: Reach,
    #[serde(skip)]
    wakeup_reach: Reach,
}

impl Trace {
    /// Appends a span.
    pub fn push_span(&mut self, span: Span) {
        debug_assert!(span.start <= span.end, "{span:?} ends before it starts");
        self.span_reach.push(self.spans.len(), span.start, span.end);
        self.spans.push(span);
    }

    /// All spans that touch a stretch of time, and some others, found without reading the whole trace.
    pub fn spans_near(&self, from: Nanos, to: Nanos) -> impl Iterator<Item = &Span> {
        self.span_reach.near(&self.spans, from, to)
    }

    /// Times at which spans begin or end, spread over the whole trace, and few enough to read them all.
    pub fn landmarks(&self) -> impl Iterator<Item = Nanos> {
        self.span_reach.0.iter().flat_map(|(start, end)| [*start, *end])
    }

    /// Appends a yield. A yield to a microtask is only counted, since the thread was never free.
    pub fn push_yield(&mut self, kind: YieldKind, start: Nanos, end: Nanos, line: Option<Line>) {
        if kind == YieldKind::Microtask {
            self.microtask_yields += 1;
        } else {
            self.yields.push(kind);
            self.push_span(Span::new(SpanKind::Yield, TaskId::NONE, start, end).at(line));
        }
    }

    /// The yields with their kinds, in the order in which they were recorded. Yields to a microtask are not
    /// among them.
    pub fn yields(&self) -> impl Iterator<Item = (&Span, YieldKind)> {
        self.spans_of(SpanKind::Yield).zip(self.yields.iter().copied())
    }

    /// How often the program yielded to a microtask, which gives nothing else a turn.
    pub fn microtask_yields(&self) -> usize {
        self.microtask_yields as usize
    }

    /// Notes the most requests that the program lets itself have in flight.
    pub fn set_in_flight_limit(&mut self, limit: usize) {
        self.in_flight_limit = Some(limit);
    }

    /// The most requests that the program lets itself have in flight; `None` if it has no limit.
    pub fn in_flight_limit(&self) -> Option<usize> {
        self.in_flight_limit
    }

    /// Adds a lane next to the loop's own.
    pub fn open_lane(&mut self, name: Name) -> Lane {
        self.lanes.push(name);
        Lane(self.lanes.len() as u16)
    }

    /// All lanes but the loop's own, with their names.
    pub fn lanes(&self) -> impl Iterator<Item = (Lane, &Name)> {
        (1..).map(Lane).zip(&self.lanes)
    }

    /// Adds a gauge.
    pub fn open_gauge(&mut self, name: Name) -> Gauge {
        self.gauges.push(name);
        Gauge(self.gauges.len() as u16 - 1)
    }

    /// The gauges with their names.
    pub fn gauges(&self) -> impl Iterator<Item = (Gauge, &Name)> {
        (0..).map(Gauge).zip(&self.gauges)
    }

    /// The name of an actor: that of its lane if it has one of its own, else that of its task.
    pub fn name_of(&self, actor: Actor) -> Name {
        let lane = (actor.lane.0 as usize).checked_sub(1).and_then(|index| self.lanes.get(index));
        match (lane, actor.task.number()) {
            (Some(lane), _) => lane.clone(),
            (None, Some(task)) => Name::new("task", u16::try_from(task + 1).unwrap_or(u16::MAX)),
            (None, None) => Name::new("program", 1),
        }
    }

    /// Appends a wait that was not over when the run came to a halt.
    pub fn push_wait(&mut self, wait: Wait) {
        self.waits.push(wait);
    }

    /// Who waited for what when the run came to a halt; empty if the run did not come to a halt.
    pub fn waits(&self) -> &[Wait] {
        &self.waits
    }

    /// Appends a level of a gauge, from `at` on.
    pub fn push_sample(&mut self, gauge: Gauge, at: Nanos, level: i64) {
        self.samples.push(Sample { at, level, gauge });
    }

    /// The levels of all gauges, in the order of their times.
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// The levels of one gauge, in the order of their times.
    pub fn samples_of(&self, gauge: Gauge) -> impl Iterator<Item = &Sample> {
        self.samples.iter().filter(move |sample| sample.gauge == gauge)
    }

    /// Appends a mark.
    pub fn push_mark(&mut self, kind: MarkKind, task: TaskId, at: Nanos) {
        debug_assert!(
            self.marks.last().is_none_or(|last| last.at <= at),
            "{kind:?} of {task:?} is out of order"
        );
        self.marks.push(Mark { at, task, kind });
    }

    /// Appends a wake-up, unless it came at once.
    pub fn push_wakeup(&mut self, wakeup: Wakeup) {
        if wakeup.asked_at < wakeup.until {
            self.wakeup_reach.push(self.wakeups.len(), wakeup.asked_at, wakeup.until);
            self.wakeups.push(wakeup);
        }
    }

    /// All wake-ups that were outstanding at a moment, and some others, found without reading the whole
    /// trace.
    pub fn wakeups_near(&self, moment: Nanos) -> impl Iterator<Item = &Wakeup> {
        self.wakeup_reach.near(&self.wakeups, moment, moment)
    }

    /// All wake-ups, in the order in which they were over.
    pub fn wakeups(&self) -> &[Wakeup] {
        &self.wakeups
    }

    /// Closes the trace at `at`. If it is closed already, the first outcome stands.
    pub fn finish(&mut self, at: Nanos, outcome: Outcome) {
        self.end.get_or_insert((at, outcome));
    }

    /// All spans, in the order in which they were recorded.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// All spans of one kind, in the order in which they were recorded.
    pub fn spans_of(&self, kind: SpanKind) -> impl Iterator<Item = &Span> {
        self.spans.iter().filter(move |span| span.kind() == kind)
    }

    /// All marks, in the order of their times.
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// All marks of one kind, in the order of their times.
    pub fn marks_of(&self, kind: MarkKind) -> impl Iterator<Item = &Mark> {
        self.marks.iter().filter(move |mark| mark.kind == kind)
    }

    /// How the run ended; `None` while it goes on.
    pub fn outcome(&self) -> Option<Outcome> {
        self.end.map(|(_, outcome)| outcome)
    }

    /// When the run ended; while it goes on, the time of the last span or mark.
    pub fn end(&self) -> Nanos {
        match self.end {
            Some((at, _)) => at,
            None => {
                let span = self.spans.last().map_or(Nanos::ZERO, |span| span.end);
                let mark = self.marks.last().map_or(Nanos::ZERO, |mark| mark.at);
                span.max(mark)
            }
        }
    }

    /// The memory that the trace takes, in bytes.
    pub fn bytes(&self) -> usize {
        self.spans.capacity() * size_of::<Span>()
            + self.marks.capacity() * size_of::<Mark>()
            + self.samples.capacity() * size_of::<Sample>()
            + self.yields.capacity() * size_of::<YieldKind>()
            + self.wakeups.capacity() * size_of::<Wakeup>()
    }
}
