//! The handle through which a strategy acts: [`Runtime`].
//!
//! A strategy asks it for the time, computes, sleeps, yields and spawns. Neither the strategy nor this file
//! knows which clock answers, the virtual one or the browser's: this file knows only the [`Core`] of the run.

use std::future::Future;
use std::rc::Rc;

use crate::YieldWith;
use crate::clock::{Arrangement, Core, State, Stretch, Waiting, Wake};
use crate::trace::{Gauge, Lane, MarkKind, Name, Nanos, Span, SpanKind, TaskId, YieldKind};

pub(crate) mod ready_queue;
pub(crate) mod task;
pub(crate) mod wait;

/// The handle through which a strategy acts. Cheap to clone.
#[derive(Clone)]
pub struct Runtime(pub(crate) Rc<Core>);

impl Runtime {
    /// The lab time since the run started.
    pub fn now(&self) -> Nanos {
        self.0.clock.now()
    }

    /// Computes for `cost`, in lab time, on behalf of `task`. Nothing else runs meanwhile.
    pub fn spend_cpu(&self, task: TaskId, cost: Nanos) {
        self.hold(SpanKind::Cpu, task, || self.0.clock.spend_cpu(cost));
    }

    /// Waits until `at` without giving the thread back, like a blocking call.
    pub fn wait_in_place(&self, task: TaskId, at: Nanos) {
        self.hold(SpanKind::Blocked, task, || self.0.clock.wait_in_place(at));
    }

    fn hold(&self, kind: SpanKind, task: TaskId, work: impl FnOnce()) {
        let start = self.now();
        work();
        let end = self.now();
        self.0.ready.set_time(end);
        self.record(kind, task, start, end);
    }

    /// Wakes after `duration`: never sooner, perhaps later. The timer is set now, not at the first await.
    pub fn sleep(&self, duration: Nanos) -> impl Future<Output = ()> + use<> {
        self.wait_for(Wake::Timer(duration))
    }

    /// Wakes when a response that is due at `at` is delivered: never sooner, and later if the loop is busy.
    pub fn response(&self, at: Nanos) -> impl Future<Output = ()> + use<> {
        self.wait_for(Wake::Response(at))
    }

    /// Gives the thread back, and continues when it is our turn again.
    pub async fn yield_now(&self, with: YieldWith) {
        let start = self.now();
        let kind = match with {
            YieldWith::Microtask => YieldKind::Microtask,
            YieldWith::Timeout => YieldKind::Timer,
            _ => YieldKind::Task,
        };
        if kind == YieldKind::Microtask {
            futures_lite::future::yield_now().await; // the loop does not get a turn
        } else {
            self.wait_from(start, Wake::Yield(with)).await;
        }
        // Continues at the start of a turn, whose time is known: asking the clock again would cost a tenth of
        // a yield.
        let (end, line) = (self.0.turn_start.get().max(start), self.0.whereabouts.get().line);
        self.0.trace.borrow_mut().push_yield(kind, start, end, line);
    }

    /// Asks for a turn of the loop now, and waits for it. This is how a program posts a task that is to run
    /// later, so it is not recorded as a yield.
    pub fn turn(&self, with: YieldWith) -> impl Future<Output = ()> + use<> {
        let waiting = (with != YieldWith::Microtask).then(|| self.wait_for(Wake::Yield(with)));
        async move {
            match waiting {
                Some(waiting) => waiting.await,
                None => futures_lite::future::yield_now().await,
            }
        }
    }

    /// The way to yield that is kindest to everything else, among those that the clock offers.
    pub fn kindest_yield(&self) -> YieldWith {
        self.0.clock.kindest_yield()
    }

    /// Another thread, which posts messages to this one. Ask for it before the run starts, so that it is
    /// running by then.
    pub fn other_thread(&self) -> OtherThread {
        self.0.clock.start_other_thread();
        OtherThread(self.clone())
    }

    /// Records a span that is over, on the loop's own lane.
    pub fn record(&self, kind: SpanKind, task: TaskId, start: Nanos, end: Nanos) {
        self.record_on(Lane::LOOP, kind, task, start, end);
    }

    /// Records a span that is over, on `lane`.
    pub fn record_on(&self, lane: Lane, kind: SpanKind, task: TaskId, start: Nanos, end: Nanos) {
        self.push_span(Span::new(kind, task, start, end).on(lane).at(self.0.whereabouts.get().line));
    }

    fn push_span(&self, span: Span) {
        let end = span.end;
        self.0.trace.borrow_mut().push_span(span);
        self.0.clock.recorded(end);
    }

    /// Starts the thread with this number next to the loop, and waits until it takes work.
    pub async fn start_thread(&self, number: usize) {
        self.wait_for(Wake::Started(number)).await;
    }

    /// Computes for `cost` on the thread with this number, which must have been started. The loop stays free.
    /// A thread does its work first come, first served; it is recorded on `lane`.
    pub async fn compute_on(&self, number: usize, lane: Lane, task: TaskId, cost: Nanos) {
        let mut waiting = self.wait_for(Wake::Computed(number, cost));
        (&mut waiting).await;
        let Stretch { start, end } = self.0.clock.take_stretch(waiting.key);
        self.record_on(lane, SpanKind::Cpu, task, start, end);
    }

    /// Adds a lane next to the loop's own, for a worker or an actor.
    pub fn open_lane(&self, name: Name) -> Lane {
        self.0.trace.borrow_mut().open_lane(name)
    }

    /// Adds a gauge, for something whose level should be recorded over time.
    pub fn open_gauge(&self, name: Name) -> Gauge {
        self.0.trace.borrow_mut().open_gauge(name)
    }

    /// Records that the gauge has this level from now on.
    pub fn gauge(&self, gauge: Gauge, level: i64) {
        self.0.trace.borrow_mut().push_sample(gauge, self.now(), level);
    }

    /// Notes that the program lets itself have at most `limit` requests in flight.
    pub fn limit_in_flight(&self, limit: usize) {
        self.0.trace.borrow_mut().set_in_flight_limit(limit);
    }

    /// Records that something happened to `task` now.
    pub fn mark(&self, kind: MarkKind, task: TaskId) {
        self.0.trace.borrow_mut().push_mark(kind, task, self.now());
    }

    fn wait_for(&self, wake: Wake) -> Waiting {
        self.wait_from(self.now(), wake)
    }

    /// The same for those who have just looked at the clock.
    fn wait_from(&self, asked_at: Nanos, wake: Wake) -> Waiting {
        let arrangement =
            Arrangement { state: State::Waiting(None), asked_at, due: asked_at, cause: wake.cause() };
        let key = self.0.arrangements.borrow_mut().insert(arrangement);
        // Not while the list is borrowed: a clock that cannot arrange it may end the run.
        let due = self.0.clock.arrange(asked_at, wake, key);
        self.0.arrangements.borrow_mut()[key].due = due;
        Waiting { core: self.0.clone(), key }
    }
}

/// A thread that does nothing but post messages to the loop's own.
#[derive(Clone)]
pub struct OtherThread(Runtime);

impl OtherThread {
    /// Wakes when a message that is posted at `at` is delivered: never sooner, and later if the loop is busy.
    ///
    /// Unlike a timer, the message is in line from the moment it is posted, whatever the loop is doing then.
    pub fn message(&self, at: Nanos) -> impl Future<Output = ()> + use<> {
        self.0.wait_for(Wake::Message(at))
    }
}
