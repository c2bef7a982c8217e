//! Spans: stretches of time spent on something.

use std::fmt;
use std::num::NonZeroU16;

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
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Line(NonZeroU16);

impl Line {
    /// The last line that can be represented.
    pub const MAX: u16 = u16::MAX >> KIND_BITS;

    /// The line with this number; `None` for zero, and beyond [`Line::MAX`].
    pub fn new(number: u32) -> Option<Line> {
        let number = u16::try_from(number).ok().filter(|number| *number <= Line::MAX)?;
        NonZeroU16::new(number).map(Line)
    }

    /// The number of the line.
    pub fn get(self) -> u16 {
        self.0.get()
    }
}

impl fmt::Display for Line {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// A kind in the lower bits and a line above it, zero for none. With a byte for each, lines would end at 255.
#[derive(Clone, Copy, PartialEq, Eq)]
struct KindAndLine(u16);

const KIND_BITS: u32 = 5;
const _: () = assert!(SpanKind::ALL.len() <= 1 << KIND_BITS);

impl KindAndLine {
    fn new(kind: SpanKind, line: Option<Line>) -> KindAndLine {
        KindAndLine(kind as u16 | line.map_or(0, Line::get) << KIND_BITS)
    }

    fn kind_index(self) -> usize {
        usize::from(self.0) % (1 << KIND_BITS)
    }
}

/// A stretch of time spent on something: 24 bytes, so that a million of them fit in 32 MB.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// When it began, in lab time.
    pub start: Nanos,
    /// When it ended, in lab time; never before `start`.
    pub end: Nanos,
    /// The task that it belongs to; [`TaskId::NONE`] if it belongs to none.
    pub task: TaskId,
    /// The lane that it is drawn on.
    pub lane: Lane,
    kind_and_line: KindAndLine,
}

impl Span {
    /// A span on the loop's lane, without a line.
    pub fn new(kind: SpanKind, task: TaskId, start: Nanos, end: Nanos) -> Span {
        Span { start, end, task, lane: Lane::LOOP, kind_and_line: KindAndLine::new(kind, None) }
    }

    /// The same span on another lane.
    pub fn on(self, lane: Lane) -> Span {
        Span { lane, ..self }
    }

    /// The same span with a line.
    pub fn at(self, line: Option<Line>) -> Span {
        Span { kind_and_line: KindAndLine::new(self.kind(), line), ..self }
    }

    /// What it was spent on.
    pub fn kind(&self) -> SpanKind {
        SpanKind::ALL[self.kind_and_line.kind_index()]
    }

    /// The strategy's line that caused it; for a turn, the line at which the strategy waits after it. `None`
    /// if unknown.
    pub fn line(&self) -> Option<Line> {
        Line::new(u32::from(self.kind_and_line.0 >> KIND_BITS))
    }

    /// The length of the span.
    pub fn duration(&self) -> Nanos {
        self.end.since(self.start)
    }

    fn to_bytes(self) -> [u8; SPAN_BYTES] {
        let mut bytes = [0; SPAN_BYTES];
        bytes[..8].copy_from_slice(&self.start.0.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.end.0.to_le_bytes());
        bytes[16..20].copy_from_slice(&self.task.0.to_le_bytes());
        bytes[20..22].copy_from_slice(&self.lane.0.to_le_bytes());
        bytes[22..].copy_from_slice(&self.kind_and_line.0.to_le_bytes());
        bytes
    }

    /// `None` if there is no such kind, or if it ends before it starts.
    fn from_bytes(bytes: &[u8; SPAN_BYTES]) -> Option<Span> {
        let [start, end, last] = [0, 8, 16].map(|at| {
            let mut number = [0; 8];
            number.copy_from_slice(&bytes[at..at + 8]);
            u64::from_le_bytes(number)
        });
        let kind_and_line = KindAndLine((last >> 48) as u16);
        (kind_and_line.kind_index() < SpanKind::ALL.len() && start <= end).then_some(Span {
            start: Nanos(start),
            end: Nanos(end),
            task: TaskId(last as u32),
            lane: Lane((last >> 32) as u16),
            kind_and_line,
        })
    }
}

const SPAN_BYTES: usize = 24;

/// Spans on their way to another thread: 24 bytes each. Number by number would take ten times as long, and a
/// run sends while it is measured.
pub(super) mod packed {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use super::{SPAN_BYTES, Span};

    pub(crate) fn serialize<S: Serializer>(spans: &[Span], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&pack(spans))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Span>, D::Error> {
        unpack(<&[u8]>::deserialize(deserializer)?).ok_or_else(|| D::Error::custom("these are no spans"))
    }

    fn pack(spans: &[Span]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(spans.len() * SPAN_BYTES);
        spans.iter().for_each(|span| bytes.extend_from_slice(&span.to_bytes()));
        bytes
    }

    fn unpack(bytes: &[u8]) -> Option<Vec<Span>> {
        let (spans, rest) = bytes.as_chunks();
        if rest.is_empty() { spans.iter().map(Span::from_bytes).collect() } else { None }
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Span { start, end, task, lane, .. } = self;
        let (kind, line) = (self.kind(), self.line());
        write!(formatter, "{kind:?} from {start:?} to {end:?} of {task:?} on {lane:?} at {line:?}")
    }
}
