//! The trace: an append-only record of what happened in one run.
//!
//! Both clocks write it, and everything on the page is derived from it. It knows
//! nothing of the rest of the crate: not who recorded it, nor which clock ran.

use std::borrow::Cow;
use std::num::NonZeroU8;
use std::ops::{Add, AddAssign, Sub};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point in time since the start of the run, or a length of time, in nanoseconds.
///
/// Integer, so that a prediction is the same to the last bit on every machine.
/// It holds 584 years; sums saturate there instead of wrapping.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Nanos(pub u64);

impl Nanos {
    /// No time at all; the start of the run.
    pub const ZERO: Nanos = Nanos(0);

    /// Milliseconds, rounded to the nearest nanosecond; negative and NaN become zero.
    pub fn from_ms(ms: f64) -> Nanos {
        Nanos((ms * 1e6).round() as u64)
    }

    /// The same time in milliseconds.
    pub fn as_ms(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// The same time multiplied by `factor`, rounded to the nearest nanosecond.
    pub fn scaled(self, factor: f64) -> Nanos {
        if factor == 1.0 { self } else { Nanos((self.0 as f64 * factor).round() as u64) }
    }

    /// `self - earlier`, or zero when `earlier` is the later one.
    pub fn since(self, earlier: Nanos) -> Nanos {
        Nanos(self.0.saturating_sub(earlier.0))
    }
}

impl Add for Nanos {
    type Output = Nanos;
    fn add(self, other: Nanos) -> Nanos {
        Nanos(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Nanos {
    fn add_assign(&mut self, other: Nanos) {
        *self = *self + other;
    }
}

impl Sub for Nanos {
    type Output = Nanos;
    fn sub(self, other: Nanos) -> Nanos {
        self.since(other)
    }
}

impl std::iter::Sum for Nanos {
    fn sum<I: Iterator<Item = Nanos>>(iter: I) -> Nanos {
        iter.fold(Nanos::ZERO, Add::add)
    }
}

impl Serialize for Nanos {
    /// For people and other programs as milliseconds; between our own threads as it is.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_f64(self.as_ms())
        } else {
            serializer.serialize_u64(self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Nanos {
    /// Between our own threads; nobody else sends us times.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Nanos, D::Error> {
        u64::deserialize(deserializer).map(Nanos)
    }
}

/// Which task of the lab something belongs to; `TaskId::NONE` for the loop itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct TaskId(pub u32);

impl TaskId {
    /// Nobody's: time that belongs to the loop, not to a task.
    pub const NONE: TaskId = TaskId(u32::MAX);

    /// The task's number, or nothing for the loop itself.
    pub fn number(self) -> Option<u32> {
        (self != TaskId::NONE).then_some(self.0)
    }
}

/// A horizontal track of the timeline: the event loop, or what works beside it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Lane(pub u16);

impl Lane {
    /// The event loop's own thread, and the requests that it waits for.
    pub const LOOP: Lane = Lane(0);
}

/// What a lane, a gauge or a lock is called: a message key and a number, put into words by the page.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Name {
    /// The last part of the message key.
    pub key: Cow<'static, str>,
    /// Which of several of a kind, counted from one.
    pub number: u16,
}

impl Name {
    /// The name `key`, number `number`.
    pub const fn new(key: &'static str, number: u16) -> Name {
        Name { key: Cow::Borrowed(key), number }
    }
}

/// Who does something, or waits for it: on which lane, and for which task.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Actor {
    /// Where it works.
    pub lane: Lane,
    /// For which task.
    pub task: TaskId,
}

impl Actor {
    /// The strategy itself, and all that it does in nobody else's name.
    pub const PROGRAM: Actor = Actor { lane: Lane::LOOP, task: TaskId::NONE };
}

impl From<Lane> for Actor {
    fn from(lane: Lane) -> Actor {
        Actor { lane, ..Actor::PROGRAM }
    }
}

impl From<TaskId> for Actor {
    fn from(task: TaskId) -> Actor {
        Actor { task, ..Actor::PROGRAM }
    }
}

/// Somebody who still waited when the run came to a halt.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Wait {
    /// Who.
    pub who: Name,
    /// For what.
    pub resource: Name,
    /// Who has it, as far as that is known.
    pub held_by: Vec<Name>,
}

/// Something that has a level: a queue, a rack, a counter.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Gauge(pub u16);

/// The level of a gauge from a moment on: 24 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Sample {
    /// Since when.
    pub at: Nanos,
    /// The level.
    pub level: i64,
    /// Of what.
    pub gauge: Gauge,
}

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

/// What happened at a moment.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[repr(u8)]
pub enum MarkKind {
    /// The task's request left for the server.
    RequestSent,
    /// The loop took delivery of the response.
    ResponseSeen,
    /// The task is done. Every task of a finished run has exactly one of these or of the next.
    TaskCompleted,
    /// The task was given up.
    TaskFailed,
    /// A program put out the line of this number.
    Printed,
}

impl MarkKind {
    /// Its name in exports.
    pub fn id(self) -> &'static str {
        match self {
            MarkKind::RequestSent => "request-sent",
            MarkKind::ResponseSeen => "response-seen",
            MarkKind::TaskCompleted => "task-completed",
            MarkKind::TaskFailed => "task-failed",
            MarkKind::Printed => "printed",
        }
    }
}

/// A moment: 16 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Mark {
    /// When.
    pub at: Nanos,
    /// Whose.
    pub task: TaskId,
    /// What happened.
    pub kind: MarkKind,
}

/// How the thread was given back, as far as it matters to what that costs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum YieldKind {
    /// Through a task, a message or a frame.
    Task,
    /// Through a zero timer, which waits for longer once it is nested.
    Timer,
    /// Not at all: a microtask runs in the same turn.
    Microtask,
}

/// By which way something comes to have its turn.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[repr(u8)]
pub enum Source {
    /// A future that can go on; it runs before the turn is over.
    Microtask,
    /// `scheduler.postTask`, user-blocking.
    UserBlocking,
    /// What is left of a task after `scheduler.yield()`.
    Continuation,
    /// `scheduler.postTask`, user-visible.
    UserVisible,
    /// A message, of this thread to itself or of another.
    Message,
    /// A response of a server.
    Response,
    /// A timer.
    Timer,
    /// A frame that is to be drawn.
    Frame,
    /// What is left of a background task after `scheduler.yield()`.
    BackgroundContinuation,
    /// `scheduler.postTask`, background.
    Background,
    /// An idle callback.
    Idle,
}

/// A stretch of time for which something waited for its turn: 32 bytes. Recorded when it is over.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Wakeup {
    /// When it was asked for.
    pub asked_at: Nanos,
    /// When it could have its turn at the earliest, as far as the clock knew.
    pub due: Nanos,
    /// When it had its turn or was given up; [`Wakeup::NEVER`] for what was outstanding when the run ended.
    pub until: Nanos,
    /// What it waited for.
    pub source: Source,
}

impl Wakeup {
    /// Later than every run.
    pub const NEVER: Nanos = Nanos(u64::MAX);

    /// Whether it was waiting at `moment`: asked for, and not yet had.
    pub fn is_waiting(&self, moment: Nanos) -> bool {
        self.asked_at <= moment && moment < self.until
    }
}

/// How a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Outcome {
    /// The strategy returned.
    Finished,
    /// Somebody stopped it.
    Cancelled,
    /// Nothing was left that could ever wake it: it waits for itself.
    Stalled,
    /// It took more steps than any lab needs: it spins without getting anywhere.
    StepLimit,
}

/// How much of a trace was handed on already.
#[derive(Default, Debug)]
pub struct Seen {
    spans: usize,
    marks: usize,
    samples: usize,
    lanes: usize,
    gauges: usize,
    waits: usize,
    wakeups: usize,
    yields: usize,
    microtask_yields: u32,
}

/// Everything that one run recorded.
///
/// Spans are in the order they were recorded, marks in the order of their time.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Trace {
    spans: Vec<Span>,
    marks: Vec<Mark>,
    samples: Vec<Sample>,
    wakeups: Vec<Wakeup>,
    /// The names of the lanes beside the loop's own.
    lanes: Vec<Name>,
    gauges: Vec<Name>,
    waits: Vec<Wait>,
    /// Of each yield among the spans, in their order.
    yields: Vec<YieldKind>,
    microtask_yields: u32,
    /// The most requests that the program lets itself have in flight.
    in_flight_limit: Option<usize>,
    end: Option<(Nanos, Outcome)>,
    /// Not sent along with a part: who takes it in adds to its own.
    #[serde(skip)]
    span_reach: Reach,
    #[serde(skip)]
    wakeup_reach: Reach,
}

/// From when to when the first so many things reach, the next so many, and so on: what is recorded together lies
/// close together, so most of a trace need not be read to find what was at a time.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Reach(Vec<(Nanos, Nanos)>);

impl Reach {
    const BLOCK: usize = 256;

    /// Takes in thing number `number`.
    fn push(&mut self, number: usize, start: Nanos, end: Nanos) {
        match self.0.get_mut(number / Self::BLOCK) {
            Some(reach) => *reach = (reach.0.min(start), reach.1.max(end)),
            None => self.0.push((start, end)),
        }
    }

    /// All of those that touch a stretch of time, and some others.
    fn near<'a, T>(&'a self, all: &'a [T], from: Nanos, to: Nanos) -> impl Iterator<Item = &'a T> {
        let blocks = all.chunks(Self::BLOCK).zip(&self.0);
        blocks.filter(move |(_, (start, end))| *start <= to && *end >= from).flat_map(|(block, _)| block)
    }
}

impl Trace {
    /// Appends a span.
    pub fn push_span(&mut self, span: Span) {
        debug_assert!(span.start <= span.end, "{span:?} ends before it starts");
        self.span_reach.push(self.spans.len(), span.start, span.end);
        self.spans.push(span);
    }

    /// Every span that touches a stretch of time, and some others, without reading all of them.
    pub fn spans_near(&self, from: Nanos, to: Nanos) -> impl Iterator<Item = &Span> {
        self.span_reach.near(&self.spans, from, to)
    }

    /// Times at which spans begin or end, few enough to read all of them and spread over the whole trace.
    pub fn landmarks(&self) -> impl Iterator<Item = Nanos> {
        self.span_reach.0.iter().flat_map(|(start, end)| [*start, *end])
    }

    /// Appends a yield. One to a microtask is only counted: the thread was never free.
    pub fn push_yield(&mut self, kind: YieldKind, start: Nanos, end: Nanos, line: Option<Line>) {
        if kind == YieldKind::Microtask {
            self.microtask_yields += 1;
        } else {
            self.yields.push(kind);
            let (kind, task, lane) = (SpanKind::Yield, TaskId::NONE, Lane::LOOP);
            self.push_span(Span { start, end, task, lane, kind, line });
        }
    }

    /// The yields with their kinds, in the order they were recorded.
    pub fn yields(&self) -> impl Iterator<Item = (&Span, YieldKind)> {
        self.spans_of(SpanKind::Yield).zip(self.yields.iter().copied())
    }

    /// How often the program yielded to a microtask, and so to nobody.
    pub fn microtask_yields(&self) -> usize {
        self.microtask_yields as usize
    }

    /// Notes how many requests the program lets itself have in flight.
    pub fn set_in_flight_limit(&mut self, limit: usize) {
        self.in_flight_limit = Some(limit);
    }

    /// How many requests the program lets itself have in flight, if it limits them.
    pub fn in_flight_limit(&self) -> Option<usize> {
        self.in_flight_limit
    }

    /// Opens a lane beside the loop's own.
    pub fn open_lane(&mut self, name: Name) -> Lane {
        self.lanes.push(name);
        Lane(self.lanes.len() as u16)
    }

    /// The lanes beside the loop's own, with their names.
    pub fn lanes(&self) -> impl Iterator<Item = (Lane, &Name)> {
        (1..).map(Lane).zip(&self.lanes)
    }

    /// Opens a gauge.
    pub fn open_gauge(&mut self, name: Name) -> Gauge {
        self.gauges.push(name);
        Gauge(self.gauges.len() as u16 - 1)
    }

    /// The gauges with their names.
    pub fn gauges(&self) -> impl Iterator<Item = (Gauge, &Name)> {
        (0..).map(Gauge).zip(&self.gauges)
    }

    /// What an actor is called: its lane if it has one of its own, else its task.
    pub fn name_of(&self, actor: Actor) -> Name {
        let lane = (actor.lane.0 as usize).checked_sub(1).and_then(|index| self.lanes.get(index));
        match (lane, actor.task.number()) {
            (Some(lane), _) => lane.clone(),
            (None, Some(task)) => Name::new("task", u16::try_from(task + 1).unwrap_or(u16::MAX)),
            (None, None) => Name::new("program", 1),
        }
    }

    /// Appends somebody who still waits as the run comes to a halt.
    pub fn push_wait(&mut self, wait: Wait) {
        self.waits.push(wait);
    }

    /// Who still waited for what when the run came to a halt; nobody in a run that ended in another way.
    pub fn waits(&self) -> &[Wait] {
        &self.waits
    }

    /// Appends a level.
    pub fn push_sample(&mut self, gauge: Gauge, at: Nanos, level: i64) {
        self.samples.push(Sample { at, level, gauge });
    }

    /// The levels of all gauges, in the order of their time.
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// The levels of one gauge, in the order of their time.
    pub fn samples_of(&self, gauge: Gauge) -> impl Iterator<Item = &Sample> {
        self.samples.iter().filter(move |sample| sample.gauge == gauge)
    }

    /// Appends a moment.
    pub fn push_mark(&mut self, kind: MarkKind, task: TaskId, at: Nanos) {
        debug_assert!(
            self.marks.last().is_none_or(|last| last.at <= at),
            "{kind:?} of {task:?} is out of order"
        );
        self.marks.push(Mark { at, task, kind });
    }

    /// Appends what waited for its turn, unless it did not have to wait at all.
    pub fn push_wakeup(&mut self, wakeup: Wakeup) {
        if wakeup.asked_at < wakeup.until {
            self.wakeup_reach.push(self.wakeups.len(), wakeup.asked_at, wakeup.until);
            self.wakeups.push(wakeup);
        }
    }

    /// Everything that waited for its turn at a moment, and some others, without reading all of them.
    pub fn wakeups_near(&self, moment: Nanos) -> impl Iterator<Item = &Wakeup> {
        self.wakeup_reach.near(&self.wakeups, moment, moment)
    }

    /// Everything that waited for its turn, in the order in which it had it.
    pub fn wakeups(&self) -> &[Wakeup] {
        &self.wakeups
    }

    /// Closes the trace. The first outcome stands.
    pub fn finish(&mut self, at: Nanos, outcome: Outcome) {
        self.end.get_or_insert((at, outcome));
    }

    /// All spans, in the order they were recorded.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// All spans of one kind, in the order they were recorded.
    pub fn spans_of(&self, kind: SpanKind) -> impl Iterator<Item = &Span> {
        self.spans.iter().filter(move |span| span.kind == kind)
    }

    /// All marks, in the order of their time.
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// All marks of one kind, in the order of their time.
    pub fn marks_of(&self, kind: MarkKind) -> impl Iterator<Item = &Mark> {
        self.marks.iter().filter(move |mark| mark.kind == kind)
    }

    /// How the run ended; nothing while it goes on.
    pub fn outcome(&self) -> Option<Outcome> {
        self.end.map(|(_, outcome)| outcome)
    }

    /// When the run ended; while it goes on, the last thing recorded.
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

    /// What was recorded since `seen` was last given here: a trace of its own, to be sent elsewhere and
    /// put together again by [`Trace::append`].
    pub fn since(&self, seen: &mut Seen) -> Trace {
        fn new<T: Clone>(all: &[T], seen: &mut usize) -> Vec<T> {
            let new = all.get(*seen..).unwrap_or_default().to_vec();
            *seen = all.len();
            new
        }
        Trace {
            spans: new(&self.spans, &mut seen.spans),
            marks: new(&self.marks, &mut seen.marks),
            samples: new(&self.samples, &mut seen.samples),
            lanes: new(&self.lanes, &mut seen.lanes),
            gauges: new(&self.gauges, &mut seen.gauges),
            waits: new(&self.waits, &mut seen.waits),
            wakeups: new(&self.wakeups, &mut seen.wakeups),
            yields: new(&self.yields, &mut seen.yields),
            microtask_yields: self.microtask_yields
                - std::mem::replace(&mut seen.microtask_yields, self.microtask_yields),
            in_flight_limit: self.in_flight_limit,
            end: self.end,
            ..Trace::default()
        }
    }

    /// Takes in the next part of a trace that was recorded elsewhere. What was finished stays finished.
    pub fn append(&mut self, part: Trace) {
        part.spans.into_iter().for_each(|span| self.push_span(span));
        self.marks.extend(part.marks);
        self.samples.extend(part.samples);
        self.lanes.extend(part.lanes);
        self.gauges.extend(part.gauges);
        self.waits.extend(part.waits);
        part.wakeups.into_iter().for_each(|wakeup| self.push_wakeup(wakeup));
        self.yields.extend(part.yields);
        self.microtask_yields += part.microtask_yields;
        self.in_flight_limit = part.in_flight_limit.or(self.in_flight_limit);
        self.end = self.end.or(part.end);
    }

    /// What the recording holds in memory, in bytes.
    pub fn bytes(&self) -> usize {
        self.spans.capacity() * size_of::<Span>()
            + self.marks.capacity() * size_of::<Mark>()
            + self.samples.capacity() * size_of::<Sample>()
            + self.yields.capacity() * size_of::<YieldKind>()
            + self.wakeups.capacity() * size_of::<Wakeup>()
    }
}
