//! What a strategy sees of the world: [`Runtime`].
//!
//! A strategy asks it for the time, spends CPU, sleeps, yields and spawns. Which clock
//! answers (the virtual one or the browser's) it cannot know, and this file does not
//! know either: it only knows the [`Clock`] trait, the ready queue and the trace.
//!
//! One *turn* is what an event loop does between two looks at its queues: one callback
//! and all that becomes ready because of it (the microtasks). Both clocks run turns
//! through [`Core::turn`], so the order inside a turn is the same on both.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use serde::{Deserialize, Serialize};
use slab::Slab;

use self::ready_queue::ReadyQueue;
use self::task::Whereabouts;
use self::wait::Waits;
use crate::trace::{
    Actor, Gauge, Lane, Line, MarkKind, Name, Nanos, Outcome, Source, Span, SpanKind, TaskId, Trace, Wakeup,
    YieldKind,
};

#[cfg(target_arch = "wasm32")]
pub mod browser_clock;
pub mod costs;
#[cfg(target_arch = "wasm32")]
mod cpu_kernel;
pub mod event_loop;
mod ready_queue;
mod task;
pub mod virtual_clock;
mod wait;

pub use self::wait::Resource;

pub use self::task::Task;

/// How a strategy gives the thread back to the event loop.
///
/// They differ in what they let through: see the rules in [`event_loop`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum YieldWith {
    /// `scheduler.yield()` inside a background `postTask`: everything else goes first.
    BackgroundYield,
    /// `scheduler.postTask`, priority `background`.
    PostTaskBackground,
    /// `scheduler.postTask`, priority `user-visible`.
    PostTaskUserVisible,
    /// `scheduler.postTask`, priority `user-blocking`.
    PostTaskUserBlocking,
    /// `scheduler.yield()` at its default priority.
    SchedulerYield,
    /// A message to oneself through a `MessageChannel`.
    Message,
    /// `setTimeout(0)`; nested deeper than five it takes 4 ms.
    Timeout,
    /// `setTimeout(0)` behind a message, so that it is never nested and never clamped.
    MessageThenTimeout,
    /// `requestAnimationFrame`.
    AnimationFrame,
    /// `requestIdleCallback`.
    IdleCallback,
    /// A resolved promise: not a yield at all, for the event loop does not get its turn.
    Microtask,
}

impl YieldWith {
    /// Every way to yield, the kindest to the rest of the page first.
    pub const ALL: [YieldWith; 11] = [
        YieldWith::BackgroundYield,
        YieldWith::PostTaskBackground,
        YieldWith::MessageThenTimeout,
        YieldWith::Message,
        YieldWith::PostTaskUserVisible,
        YieldWith::Timeout,
        YieldWith::AnimationFrame,
        YieldWith::IdleCallback,
        YieldWith::SchedulerYield,
        YieldWith::PostTaskUserBlocking,
        YieldWith::Microtask,
    ];

    /// What a trace calls it.
    fn source(self) -> Source {
        match self {
            YieldWith::BackgroundYield => Source::BackgroundContinuation,
            YieldWith::PostTaskBackground => Source::Background,
            YieldWith::PostTaskUserVisible => Source::UserVisible,
            YieldWith::PostTaskUserBlocking => Source::UserBlocking,
            YieldWith::SchedulerYield => Source::Continuation,
            YieldWith::Message | YieldWith::MessageThenTimeout => Source::Message,
            YieldWith::Timeout => Source::Timer,
            YieldWith::AnimationFrame => Source::Frame,
            YieldWith::IdleCallback => Source::Idle,
            YieldWith::Microtask => Source::Microtask,
        }
    }

    /// Its name in the address and in message keys.
    pub const fn id(self) -> &'static str {
        match self {
            YieldWith::BackgroundYield => "background-yield",
            YieldWith::PostTaskBackground => "post-task-background",
            YieldWith::PostTaskUserVisible => "post-task-user-visible",
            YieldWith::PostTaskUserBlocking => "post-task-user-blocking",
            YieldWith::SchedulerYield => "scheduler-yield",
            YieldWith::Message => "message",
            YieldWith::Timeout => "timeout",
            YieldWith::MessageThenTimeout => "message-then-timeout",
            YieldWith::AnimationFrame => "animation-frame",
            YieldWith::IdleCallback => "idle-callback",
            YieldWith::Microtask => "microtask",
        }
    }
}

/// What a future can wait for; the clock makes it happen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Wake {
    /// A timer, this long from now.
    Timer(Nanos),
    /// A response that is there at this time. Unlike a timer it pays no nesting clamp.
    Response(Nanos),
    /// A message that another thread posts at this time.
    Message(Nanos),
    /// The thread, given back in this way.
    Yield(YieldWith),
    /// The thread of this number beside the loop, ready for work.
    Started(usize),
    /// So much computing, on the thread of this number; it takes its work first come, first served.
    Computed(usize, Nanos),
}

/// When a thread was at work for somebody.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Stretch {
    pub(crate) start: Nanos,
    pub(crate) end: Nanos,
}

/// The stretches of work that are still to be asked for; there are never more than threads have orders.
#[derive(Default)]
pub(crate) struct Stretches(RefCell<Vec<(Key, Stretch)>>);

impl Stretches {
    pub(crate) fn put(&self, key: Key, stretch: Stretch) {
        self.0.borrow_mut().push((key, stretch));
    }

    pub(crate) fn take(&self, key: Key) -> Stretch {
        let mut all = self.0.borrow_mut();
        let index = all.iter().position(|(one, _)| *one == key);
        index.map(|index| all.swap_remove(index).1).unwrap_or_default()
    }
}

impl Wake {
    /// What a trace calls it.
    fn source(self) -> Source {
        match self {
            Wake::Timer(_) => Source::Timer,
            Wake::Response(_) => Source::Response,
            // Threads beside the loop report by message.
            Wake::Message(_) | Wake::Started(_) | Wake::Computed(..) => Source::Message,
            Wake::Yield(with) => with.source(),
        }
    }
}

/// One of the two clocks, as far as [`Runtime`] needs to know it.
pub(crate) trait Clock {
    /// Time since the start of the run, in the lab's (unscaled) time.
    fn now(&self) -> Nanos;
    /// Computes for `cost`; nothing else runs meanwhile.
    fn spend_cpu(&self, cost: Nanos);
    /// Keeps the thread without computing until `at`.
    fn wait_in_place(&self, at: Nanos);
    /// Sees to it that [`Core::turn`] is called with `key` when `wake` is due. Tells when that is, as far as it knows.
    fn arrange(&self, wake: Wake, key: Key) -> Nanos;
    /// Accounts for having started a task.
    fn spawned(&self) {}
    /// Something was recorded that ended at this time.
    fn recorded(&self, _end: Nanos) {}
    /// When a thread computed for `key`, once that has fired.
    fn take_stretch(&self, key: Key) -> Stretch;
    /// The first of [`YieldWith::ALL`] that there is.
    fn kindest_yield(&self) -> YieldWith;
    /// Starts the thread that posts the messages from another thread, where it has to be started.
    fn start_other_thread(&self) {}
    /// Takes an arrangement back. `false`: it cannot be; [`Core::turn`] will still be called.
    fn revoke(&self, key: Key) -> bool;
}

/// Names one arrangement between a future and its clock.
pub(crate) type Key = usize;

struct Arrangement {
    state: State,
    asked_at: Nanos,
    due: Nanos,
    source: Source,
}

impl Arrangement {
    /// The same as a line of the trace.
    fn wakeup(&self, until: Nanos) -> Wakeup {
        Wakeup { asked_at: self.asked_at, due: self.due, until, source: self.source }
    }
}

enum State {
    Waiting(Option<Waker>),
    Fired,
    /// The future is gone, but the clock will still report.
    Abandoned,
}

/// No lab comes near this many steps; a run that does is going round in circles.
const STEP_LIMIT: u64 = 5_000_000;

/// The part that both clocks share: ready queue, arrangements and trace of one run.
pub(crate) struct Core {
    clock: Rc<dyn Clock>,
    ready: ReadyQueue,
    /// The strategy itself; dropping it cancels all that it has spawned.
    main: RefCell<Option<Task<()>>>,
    arrangements: RefCell<Slab<Arrangement>>,
    trace: Rc<RefCell<Trace>>,
    /// Who waits for whom.
    waits: Waits,
    /// Who is being run.
    whereabouts: Cell<Whereabouts>,
    /// The line at which the strategy itself waits.
    awaiting: Cell<Option<Line>>,
    /// The file that the strategy stands in.
    source: Cell<&'static str>,
    steps: Cell<u64>,
    /// When the turn began that goes on.
    turn_start: Cell<Nanos>,
}

impl Core {
    pub(crate) fn new(clock: Rc<dyn Clock>) -> Rc<Core> {
        Rc::new(Core {
            clock,
            ready: ReadyQueue::default(),
            main: RefCell::default(),
            arrangements: RefCell::default(),
            trace: Rc::default(),
            waits: Waits::default(),
            whereabouts: Cell::new(Whereabouts { actor: Actor::PROGRAM, line: None }),
            awaiting: Cell::default(),
            source: Cell::default(),
            steps: Cell::new(0),
            turn_start: Cell::default(),
        })
    }

    /// Queues the strategy; it starts with the first [`Core::turn`].
    pub(crate) fn start(
        self: &Rc<Self>,
        strategy: impl FnOnce(Runtime) -> Pin<Box<dyn Future<Output = ()>>>,
    ) {
        let core = self.clone();
        let runtime = Runtime(self.clone());
        let mut strategy = strategy(runtime.clone());
        let main = runtime.task(
            Actor::PROGRAM,
            Box::pin(async move {
                poll_fn(|context| {
                    let polled = strategy.as_mut().poll(context);
                    core.awaiting.set(core.whereabouts.get().line);
                    polled
                })
                .await;
                core.finish(Outcome::Finished);
            }),
        );
        self.main.replace(Some(main));
    }

    /// One turn of the event loop: reports that `event` happened, then runs everything
    /// that is ready until nothing is (HTML standard, "perform a microtask checkpoint").
    pub(crate) fn turn(&self, event: Option<Key>) {
        let start = self.clock.now();
        self.ready.set_time(start);
        self.turn_start.set(start);
        let awaited = self.awaiting.get();
        if let Some(key) = event {
            self.fire(key, start);
        }
        while !self.is_finished()
            && let Some(ready) = self.ready.pop()
        {
            let waited = ready.wakeup(self.ready.time());
            if waited.asked_at < waited.until {
                self.trace.borrow_mut().push_wakeup(waited);
            }
            ready.run();
            self.count_step();
        }
        let end = self.clock.now();
        // One that took no time is worth a line only if the strategy has come further by it.
        if end > start || self.awaiting.get() != awaited {
            let (kind, task, lane, line) = (SpanKind::Turn, TaskId::NONE, Lane::LOOP, self.awaiting.get());
            self.trace.borrow_mut().push_span(Span { start, end, task, lane, kind, line });
        }
        if !self.is_finished() && self.arrangements.borrow().is_empty() {
            self.finish(Outcome::Stalled);
        }
    }

    fn count_step(&self) {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > STEP_LIMIT {
            self.finish(Outcome::StepLimit);
        }
    }

    fn fire(&self, key: Key, now: Nanos) {
        let mut arrangements = self.arrangements.borrow_mut();
        let Some(arrangement) = arrangements.get_mut(key) else { return };
        match &mut arrangement.state {
            State::Waiting(waker) => {
                let waker = waker.take();
                arrangement.state = State::Fired;
                self.trace.borrow_mut().push_wakeup(arrangement.wakeup(now));
                if let Some(waker) = waker {
                    waker.wake();
                }
            }
            State::Abandoned => drop(arrangements.remove(key)),
            State::Fired => {}
        }
    }

    pub(crate) fn finish(&self, outcome: Outcome) {
        if !self.is_finished() {
            self.record_outstanding();
            self.waits.write(&mut self.trace.borrow_mut(), self.clock.now(), outcome);
        }
        self.trace.borrow_mut().finish(self.clock.now(), outcome);
    }

    /// Whatever waits when the run ends has waited as well.
    fn record_outstanding(&self) {
        let mut trace = self.trace.borrow_mut();
        for (_, arrangement) in &*self.arrangements.borrow() {
            if matches!(arrangement.state, State::Waiting(_)) {
                trace.push_wakeup(arrangement.wakeup(Wakeup::NEVER));
            }
        }
        self.ready.for_each(|ready| trace.push_wakeup(ready.wakeup(Wakeup::NEVER)));
    }

    pub(crate) fn is_finished(&self) -> bool {
        self.trace.borrow().outcome().is_some()
    }

    /// The trace, shared while it grows.
    pub(crate) fn trace(&self) -> Rc<RefCell<Trace>> {
        self.trace.clone()
    }

    /// Drops every future and, with it, every arrangement that can be taken back.
    ///
    /// The futures hold this core and the core holds the futures, so whoever owns a run must end it with this.
    pub(crate) fn shut_down(&self) {
        drop(self.main.take());
        self.ready.clear();
    }

    #[cfg(target_arch = "wasm32")]
    /// How many arrangements are outstanding; for tests that nothing stays behind.
    pub(crate) fn outstanding(&self) -> usize {
        self.arrangements.borrow().len()
    }
}

/// The handle through which a strategy acts. Cheap to clone.
#[derive(Clone)]
pub struct Runtime(Rc<Core>);

impl Runtime {
    /// Time since the run started.
    pub fn now(&self) -> Nanos {
        self.0.clock.now()
    }

    /// Computes for `cost` on behalf of `task`, without a pause: nothing else runs meanwhile.
    pub fn spend_cpu(&self, task: TaskId, cost: Nanos) {
        self.hold(SpanKind::Cpu, task, || self.0.clock.spend_cpu(cost));
    }

    /// Waits until `at` without giving the thread back, as a blocking call does.
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

    /// Wakes after `duration`: never sooner, perhaps later. The timer is set now, not when it is first awaited.
    pub fn sleep(&self, duration: Nanos) -> impl Future<Output = ()> + use<> {
        self.wait_for(Wake::Timer(duration))
    }

    /// Wakes when a response that is there at `at` is delivered: never sooner, and later when the loop is busy.
    pub fn response(&self, at: Nanos) -> impl Future<Output = ()> + use<> {
        self.wait_for(Wake::Response(at))
    }

    /// Gives the thread back and goes on when it is our turn again.
    pub async fn yield_now(&self, with: YieldWith) {
        let start = self.now();
        let kind = match with {
            YieldWith::Microtask => YieldKind::Microtask,
            YieldWith::Timeout => YieldKind::Timer,
            _ => YieldKind::Task,
        };
        if kind == YieldKind::Microtask {
            futures_lite::future::yield_now().await; // the loop does not get its turn
        } else {
            self.wait_for(Wake::Yield(with)).await;
        }
        // The thread came back with the turn; looking at the clock once more would cost a tenth of a yield.
        let (end, line) = (self.0.turn_start.get().max(start), self.0.whereabouts.get().line);
        self.0.trace.borrow_mut().push_yield(kind, start, end, line);
    }

    /// Asks for a turn of the loop, now, and waits for it. What comes of it is not recorded as a yield: it is
    /// how a program posts a task that is to run later.
    pub fn turn(&self, with: YieldWith) -> impl Future<Output = ()> + use<> {
        let waiting = (with != YieldWith::Microtask).then(|| self.wait_for(Wake::Yield(with)));
        async move {
            match waiting {
                Some(waiting) => waiting.await,
                None => futures_lite::future::yield_now().await,
            }
        }
    }

    /// The way to yield that is kindest to everything else, of those that the clock offers.
    pub fn kindest_yield(&self) -> YieldWith {
        self.0.clock.kindest_yield()
    }

    /// Another thread, which posts messages to this one. Ask for it before the run starts, so that it is there then.
    pub fn other_thread(&self) -> OtherThread {
        self.0.clock.start_other_thread();
        OtherThread(self.clone())
    }

    /// Records a stretch of time that is over.
    pub fn record(&self, kind: SpanKind, task: TaskId, start: Nanos, end: Nanos) {
        self.record_on(Lane::LOOP, kind, task, start, end);
    }

    /// The same on a lane of its own.
    pub fn record_on(&self, lane: Lane, kind: SpanKind, task: TaskId, start: Nanos, end: Nanos) {
        self.push_span(Span { start, end, task, lane, kind, line: self.0.whereabouts.get().line });
    }

    fn push_span(&self, span: Span) {
        let end = span.end;
        self.0.trace.borrow_mut().push_span(span);
        self.0.clock.recorded(end);
    }

    /// Starts the thread of this number beside the loop, and waits until it takes work.
    pub async fn start_thread(&self, number: usize) {
        self.wait_for(Wake::Started(number)).await;
    }

    /// Computes for `cost` on the thread of this number, which must have been started. The loop stays free.
    /// A thread does its work first come, first served, and on `lane` it is recorded.
    pub async fn compute_on(&self, number: usize, lane: Lane, task: TaskId, cost: Nanos) {
        let mut waiting = self.wait_for(Wake::Computed(number, cost));
        (&mut waiting).await;
        let Stretch { start, end } = self.0.clock.take_stretch(waiting.key);
        self.record_on(lane, SpanKind::Cpu, task, start, end);
    }

    /// Opens a lane beside the loop's own, for a worker or an actor.
    pub fn open_lane(&self, name: Name) -> Lane {
        self.0.trace.borrow_mut().open_lane(name)
    }

    /// Opens a gauge: something whose level is worth knowing over time.
    pub fn open_gauge(&self, name: Name) -> Gauge {
        self.0.trace.borrow_mut().open_gauge(name)
    }

    /// Records the level of a gauge from now on.
    pub fn gauge(&self, gauge: Gauge, level: i64) {
        self.0.trace.borrow_mut().push_sample(gauge, self.now(), level);
    }

    /// Notes that the program lets itself have at most `limit` requests in flight.
    pub fn limit_in_flight(&self, limit: usize) {
        self.0.trace.borrow_mut().set_in_flight_limit(limit);
    }

    /// Records that something happened now.
    pub fn mark(&self, kind: MarkKind, task: TaskId) {
        self.0.trace.borrow_mut().push_mark(kind, task, self.now());
    }

    fn wait_for(&self, wake: Wake) -> Waiting {
        let asked_at = self.now();
        let arrangement =
            Arrangement { state: State::Waiting(None), asked_at, due: asked_at, source: wake.source() };
        let key = self.0.arrangements.borrow_mut().insert(arrangement);
        // Not while the list is borrowed: a clock that cannot arrange it may end the run.
        let due = self.0.clock.arrange(wake, key);
        self.0.arrangements.borrow_mut()[key].due = due;
        Waiting { core: self.0.clone(), key }
    }
}

/// A thread beside the loop's own that does nothing but post messages to it.
#[derive(Clone)]
pub struct OtherThread(Runtime);

impl OtherThread {
    /// Wakes when a message that is posted at `at` is delivered: never sooner, and later when the loop is busy.
    ///
    /// Unlike a timer it has its place in line from the moment it is posted, whatever the loop does then.
    pub fn message(&self, at: Nanos) -> impl Future<Output = ()> + use<> {
        self.0.wait_for(Wake::Message(at))
    }
}

/// A future that is ready once its clock has reported; dropped before, it takes the arrangement back.
struct Waiting {
    core: Rc<Core>,
    key: Key,
}

impl Future for Waiting {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        match &mut self.core.arrangements.borrow_mut()[self.key].state {
            State::Waiting(waker) => {
                *waker = Some(context.waker().clone());
                Poll::Pending
            }
            State::Fired | State::Abandoned => Poll::Ready(()),
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut arrangements = self.core.arrangements.borrow_mut();
        let arrangement = &mut arrangements[self.key];
        let has_fired = matches!(arrangement.state, State::Fired);
        if !has_fired && !self.core.is_finished() {
            self.core.trace.borrow_mut().push_wakeup(arrangement.wakeup(self.core.clock.now()));
        }
        if has_fired || self.core.clock.revoke(self.key) {
            drop(arrangements.remove(self.key));
        } else {
            arrangement.state = State::Abandoned;
        }
    }
}
