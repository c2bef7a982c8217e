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
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use slab::Slab;

use self::ready_queue::ReadyQueue;
use crate::trace::{MarkKind, Nanos, Outcome, SpanKind, TaskId, Trace};

#[cfg(target_arch = "wasm32")]
pub mod browser_clock;
#[cfg(target_arch = "wasm32")]
mod cpu_kernel;
pub mod event_loop;
mod ready_queue;
pub mod virtual_clock;

pub use self::ready_queue::Task;

/// How a strategy gives the thread back to the event loop.
///
/// They differ in what they let through: see the rules in [`event_loop`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
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
    /// The thread, given back in this way.
    Yield(YieldWith),
}

/// One of the two clocks, as far as [`Runtime`] needs to know it.
pub(crate) trait Clock {
    /// Time since the start of the run, in the lab's (unscaled) time.
    fn now(&self) -> Nanos;
    /// Computes for `cost`; nothing else runs meanwhile.
    fn spend_cpu(&self, cost: Nanos);
    /// Keeps the thread without computing until `at`.
    fn wait_in_place(&self, at: Nanos);
    /// Sees to it that [`Core::turn`] is called with `key` when `wake` is due.
    fn arrange(&self, wake: Wake, key: Key);
    /// The first of [`YieldWith::ALL`] that there is.
    fn kindest_yield(&self) -> YieldWith;
    /// Takes an arrangement back. `false`: it cannot be; [`Core::turn`] will still be called.
    fn revoke(&self, key: Key) -> bool;
}

/// Names one arrangement between a future and its clock.
pub(crate) type Key = usize;

enum Arrangement {
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
        let strategy = strategy(Runtime(self.clone()));
        let main = async move {
            strategy.await;
            core.finish(Outcome::Finished);
        };
        self.main.replace(Some(self.ready.spawn(main)));
    }

    /// One turn of the event loop: reports that `event` happened, then runs everything
    /// that is ready until nothing is (HTML standard, "perform a microtask checkpoint").
    pub(crate) fn turn(&self, event: Option<Key>) {
        let start = self.clock.now();
        self.turn_start.set(start);
        if let Some(key) = event {
            self.fire(key);
        }
        while !self.is_finished() && self.ready.run_next() {
            self.count_step();
        }
        let end = self.clock.now();
        if end > start {
            self.trace.borrow_mut().push_span(SpanKind::Turn, TaskId::NONE, start, end);
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

    fn fire(&self, key: Key) {
        let mut arrangements = self.arrangements.borrow_mut();
        match arrangements.get_mut(key) {
            Some(slot @ Arrangement::Waiting(_)) => {
                if let Arrangement::Waiting(Some(waker)) = std::mem::replace(slot, Arrangement::Fired) {
                    waker.wake();
                }
            }
            Some(Arrangement::Abandoned) => {
                arrangements.remove(key);
            }
            Some(Arrangement::Fired) | None => {}
        }
    }

    pub(crate) fn finish(&self, outcome: Outcome) {
        self.trace.borrow_mut().finish(self.clock.now(), outcome);
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
        self.record(kind, task, start, self.now());
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
        if with == YieldWith::Microtask {
            // The loop does not get its turn, so this is no yield and is not recorded as one.
            return futures_lite::future::yield_now().await;
        }
        let start = self.now();
        self.wait_for(Wake::Yield(with)).await;
        // The thread came back with the turn; looking at the clock once more would cost a tenth of a yield.
        self.record(SpanKind::Yield, TaskId::NONE, start, self.0.turn_start.get());
    }

    /// Starts `work` beside the caller. It first runs when the caller next awaits, as with Python's `create_task`.
    pub fn spawn<T: 'static>(&self, work: impl Future<Output = T> + 'static) -> Task<T> {
        self.0.ready.spawn(work)
    }

    /// The way to yield that is kindest to everything else, of those that the clock offers.
    pub fn kindest_yield(&self) -> YieldWith {
        self.0.clock.kindest_yield()
    }

    /// Records a stretch of time that is over.
    pub fn record(&self, kind: SpanKind, task: TaskId, start: Nanos, end: Nanos) {
        self.0.trace.borrow_mut().push_span(kind, task, start, end);
    }

    /// Records that something happened now.
    pub fn mark(&self, kind: MarkKind, task: TaskId) {
        self.0.trace.borrow_mut().push_mark(kind, task, self.now());
    }

    fn wait_for(&self, wake: Wake) -> Waiting {
        let key = self.0.arrangements.borrow_mut().insert(Arrangement::Waiting(None));
        self.0.clock.arrange(wake, key);
        Waiting { core: self.0.clone(), key }
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
        match &mut self.core.arrangements.borrow_mut()[self.key] {
            Arrangement::Waiting(waker) => {
                *waker = Some(context.waker().clone());
                Poll::Pending
            }
            Arrangement::Fired | Arrangement::Abandoned => Poll::Ready(()),
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut arrangements = self.core.arrangements.borrow_mut();
        let has_fired = matches!(arrangements[self.key], Arrangement::Fired);
        if has_fired || self.core.clock.revoke(self.key) {
            drop(arrangements.remove(self.key));
        } else {
            arrangements[self.key] = Arrangement::Abandoned;
        }
    }
}
