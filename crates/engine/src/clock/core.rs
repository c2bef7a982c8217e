//! The part that both clocks share: [`Core`].
//!
//! A *turn* is what an event loop does between two looks at its queues: one callback, and everything that
//! becomes ready because of it (the microtasks). Both clocks run turns through [`Core::turn`], so the order
//! within a turn is the same on both. Must not know which clock it is.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use slab::Slab;

use super::{Clock, Key};
use crate::runtime::ready_queue::ReadyQueue;
use crate::runtime::task::Whereabouts;
use crate::runtime::wait::Waits;
use crate::trace::{Actor, Cause, Line, Nanos, Outcome, Span, SpanKind, TaskId, Trace, Wakeup};
use crate::{Runtime, Task, Work};

/// The part that both clocks share: the ready queue, the arranged wake-ups and the trace of one run.
pub struct Core {
    pub(crate) clock: Rc<dyn Clock>,
    pub(crate) ready: ReadyQueue,
    /// The strategy itself. Dropping it cancels everything that it has spawned.
    pub(crate) main: RefCell<Option<Task<()>>>,
    pub(crate) arrangements: RefCell<Slab<Arrangement>>,
    pub(crate) trace: Rc<RefCell<Trace>>,
    is_finished: Cell<bool>,
    /// Who waits for whom.
    pub(crate) waits: Waits,
    /// The actor that is running, and its line.
    pub(crate) whereabouts: Cell<Whereabouts>,
    /// The line at which the strategy itself waits.
    pub(crate) awaiting: Cell<Option<Line>>,
    /// The source file of the strategy.
    pub(crate) source: Cell<&'static str>,
    pub(crate) steps: Cell<u64>,
    /// When the current turn began.
    pub(crate) turn_start: Cell<Nanos>,
}

impl Core {
    /// The core of a run on `clock` that has not begun.
    pub fn new(clock: Rc<dyn Clock>) -> Rc<Core> {
        Rc::new(Core {
            clock,
            ready: ReadyQueue::default(),
            main: RefCell::default(),
            arrangements: RefCell::default(),
            trace: Rc::default(),
            is_finished: Cell::new(false),
            waits: Waits::default(),
            whereabouts: Cell::new(Whereabouts { actor: Actor::PROGRAM, line: None }),
            awaiting: Cell::default(),
            source: Cell::default(),
            steps: Cell::new(0),
            turn_start: Cell::default(),
        })
    }

    /// Queues the strategy. It starts with the first [`Core::turn`].
    pub fn start(self: &Rc<Self>, strategy: impl FnOnce(Runtime) -> Work) {
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

    /// Runs one turn of the event loop: reports that `event` happened, then polls everything that is ready
    /// until nothing is (HTML standard, "perform a microtask checkpoint").
    pub fn turn(&self, event: Option<Key>) {
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
        // A turn that took no time is recorded only if the strategy has reached another line in it.
        if end > start || self.awaiting.get() != awaited {
            let turn = Span::new(SpanKind::Turn, TaskId::NONE, start, end).at(self.awaiting.get());
            self.trace.borrow_mut().push_span(turn);
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

    /// Ends the run now, unless it has ended. What still waits is written into the trace, and the first
    /// outcome stands.
    pub fn finish(&self, outcome: Outcome) {
        if !self.is_finished() {
            self.record_outstanding();
            let (mut trace, now) = (self.trace.borrow_mut(), self.clock.now());
            self.waits.write(&mut trace, now, outcome);
            trace.finish(now, outcome);
            self.is_finished.set(true);
        }
    }

    /// Records the wake-ups that are outstanding when the run ends.
    fn record_outstanding(&self) {
        let mut trace = self.trace.borrow_mut();
        for (_, arrangement) in &*self.arrangements.borrow() {
            if matches!(arrangement.state, State::Waiting(_)) {
                trace.push_wakeup(arrangement.wakeup(Wakeup::NEVER));
            }
        }
        self.ready.for_each(|ready| trace.push_wakeup(ready.wakeup(Wakeup::NEVER)));
    }

    /// Whether the run has ended, with whatever outcome.
    pub fn is_finished(&self) -> bool {
        self.is_finished.get()
    }

    /// The trace, which is shared while it grows.
    pub fn trace(&self) -> Rc<RefCell<Trace>> {
        self.trace.clone()
    }

    /// Drops every future and, with the futures, every arrangement that can be revoked.
    ///
    /// The futures hold this core and the core holds the futures, so the owner of a run must call this at its
    /// end.
    pub fn shut_down(&self) {
        drop(self.main.take());
        self.ready.clear();
    }

    /// How many arrangements are left, for tests that nothing is left behind.
    pub fn outstanding(&self) -> usize {
        self.arrangements.borrow().len()
    }
}

pub(crate) struct Arrangement {
    pub(crate) state: State,
    pub(crate) asked_at: Nanos,
    pub(crate) due: Nanos,
    pub(crate) cause: Cause,
}

impl Arrangement {
    /// The wake-up, as the trace records it.
    fn wakeup(&self, until: Nanos) -> Wakeup {
        Wakeup { asked_at: self.asked_at, due: self.due, until, cause: self.cause }
    }
}

pub(crate) enum State {
    Waiting(Option<Waker>),
    Fired,
    /// The future is gone, but the clock will still report its event.
    Abandoned,
}

/// Far more steps than any lab needs. A run that takes more is running in circles.
const STEP_LIMIT: u64 = 5_000_000;

/// A future that is ready once its clock has reported its event. If it is dropped before, it revokes the
/// arrangement.
pub(crate) struct Waiting {
    pub(crate) core: Rc<Core>,
    pub(crate) key: Key,
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
