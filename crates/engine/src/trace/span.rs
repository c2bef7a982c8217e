//! Stretches of time: [`Span`].

use std::num::NonZeroU8;

use serde::{Deserialize, Serialize};

use super::{Lane, Nanos, TaskId};

/// What a stretch of time was spent on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[repr(u8)]
pub enum SpanKind {
    /// One turn of the event loop: a callback and the microtasks behind it. Nothing else can run meanwhile.
    Turn,
    /// A task computes.
    Cpu,
    /// A task waits in place for I/O and keeps the thread.
    Blocked,
    /// From giving the thread back to being resumed.
    Yield,
    /// A request waits at the server for a free slot.
    Queued,
    /// A request is in service.
    Service,
    /// A response is there, and the loop has not seen it yet.
    Delivery,
    /// A task waits for a lock, a channel or another task; the thread is free.
    Waiting,
    /// Somebody other than the thread is at work on a task (a dishwasher, a consumer); the thread is free.
    Work,
    /// A simulated core changes from one task to another: time that no task gets.
    Switch,
    /// A process has crashed and is not back yet.
    Down,
}

impl SpanKind {
    /// Every kind, in the order they are declared.
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

    /// Whether it holds a thread, or is a thread given back (else: something is waited for).
    pub fn is_on_loop(self) -> bool {
        matches!(self, SpanKind::Turn | SpanKind::Cpu | SpanKind::Blocked | SpanKind::Yield)
    }
}

/// A line of the file that a strategy stands in, counted from one.
pub type Line = NonZeroU8;

/// A stretch of time: 24 bytes, so that a million of them fit in 32 MB.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Span {
    /// When it began.
    pub start: Nanos,
    /// When it ended; never before `start`.
    pub end: Nanos,
    /// Whose time it was.
    pub task: TaskId,
    /// Where it took place.
    pub lane: Lane,
    /// What it was spent on.
    pub kind: SpanKind,
    /// The line of the strategy that it goes back to; of a turn: the one at which the strategy waits after it.
    pub line: Option<Line>,
}

impl Span {
    /// How long it took.
    pub fn duration(&self) -> Nanos {
        self.end.since(self.start)
    }
}
