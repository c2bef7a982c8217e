//! Spans: stretches of time spent on something.

use std::num::NonZeroU8;

use serde::{Deserialize, Serialize};

use super::{Lane, Nanos, TaskId};

/// What a stretch of time was spent on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[repr(u8)]
pub enum SpanKind {
    /// One turn of the event loop: a callback and the microtasks after it. Nothing else can run meanwhile.
    Turn,
    /// A task computes.
    Cpu,
    /// A task waits for I/O in place: it keeps the thread.
    Blocked,
    /// From giving the thread back to continuing.
    Yield,
    /// A request waits at the server for a free slot.
    Queued,
    /// A request is being served.
    Service,
    /// A response is there, but the loop has not seen it yet.
    Delivery,
    /// A task waits for a lock, a channel or another task. The thread is free.
    Waiting,
    /// Something other than the thread works on a task (a dishwasher, a consumer). The thread is free.
    Work,
    /// A simulated core switches from one task to another, which is time that no task gets.
    Switch,
    /// A process has crashed and is not back yet.
    Down,
}

impl SpanKind {
    /// Every kind, in the order of declaration.
    pub const ALL: [SpanKind; 11] = [
        SpanKind::Turn,
        SpanKind::Cpu,
        SpanKind::Blocked,
        SpanKind::Yield,
        SpanKind::Queued,
        SpanKind::Service,
        SpanKind::Delivery,
        SpanKind::Waiting,
        SpanKind::Work,
        SpanKind::Switch,
        SpanKind::Down,
    ];

    /// Its name in message keys and exports.
    pub fn id(self) -> &'static str {
        match self {
            SpanKind::Turn => "turn",
            SpanKind::Cpu => "cpu",
            SpanKind::Blocked => "blocked",
            SpanKind::Yield => "yield",
            SpanKind::Queued => "queued",
            SpanKind::Service => "service",
            SpanKind::Delivery => "delivery",
            SpanKind::Waiting => "waiting",
            SpanKind::Work => "work",
            SpanKind::Switch => "switch",
            SpanKind::Down => "down",
        }
    }

    /// Whether the span is about the loop's thread, kept or given back. The other kinds are about something
    /// that is waited for.
    pub fn is_on_loop(self) -> bool {
        matches!(self, SpanKind::Turn | SpanKind::Cpu | SpanKind::Blocked | SpanKind::Yield)
    }
}

/// A line of a strategy's source file, counted from one.
pub type Line = NonZeroU8;

/// A stretch of time spent on something: 24 bytes, so that a million of them fit in 32 MB.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Span {
    /// When it began, in lab time.
    pub start: Nanos,
    /// When it ended, in lab time; never before `start`.
    pub end: Nanos,
    /// The task that it belongs to; [`TaskId::NONE`] if it belongs to none.
    pub task: TaskId,
    /// The lane that it is drawn on.
    pub lane: Lane,
    /// What it was spent on.
    pub kind: SpanKind,
    /// The strategy's line that caused it; for a turn, the line at which the strategy waits after it. `None`
    /// if unknown.
    pub line: Option<Line>,
}

impl Span {
    /// The length of the span.
    pub fn duration(&self) -> Nanos {
        self.end.since(self.start)
    }
}
