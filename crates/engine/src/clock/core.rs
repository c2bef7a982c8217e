//! The part that both clocks share: [`Core`].
//!
//! One *turn* is what an event loop does between two looks at its queues: one callback and all that becomes ready
//! because of it (the microtasks). Both clocks run turns through [`Core::turn`], so the order inside a turn is the
//! same on both. It must not know which clock it is.

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

/// The part that both clocks share: ready queue, arrangements and trace of one run.
pub struct Core {
    pub(crate) clock: Rc<dyn Clock>,
    pub(crate) ready: ReadyQueue,
    /// The strategy itself; dropping it cancels all that it has spawned.
    pub(crate) main: RefCell<Option<Task<()>>>,
    pub(crate) arrangements: RefCell<Slab<Arrangement>>,
    pub(crate) trace: Rc<RefCell<Trace>>,
    /// Who waits for whom.
    pub(crate) waits: Waits,
    /// Who is being run.
    pub(crate) whereabouts: Cell<Whereabouts>,
    /// The line at which the strategy itself waits.
    pub(crate) awaiting: Cell<Option<Line>>,
    /// The file that the strategy stands in.
    pub(crate) source: Cell<&'static str>,
    pub(crate) steps: Cell<u64>,
    /// When the turn began that goes on.
    pub(crate) turn_start: Cell<Nanos>,
}

impl Core {
    /// The core of a run that has not begun, on `clock`.
    pub fn new(clock: Rc<dyn Clock>) -> Rc<Core> {
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

    /// One turn of the event loop: reports that `event` happened, then runs everything
    /// that is ready until nothing is (HTML standard, "perform a microtask checkpoint").
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
        // One that took no time is worth a line only if the strategy has come further by it.
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

    /// Ends the run now, unless it has ended: what still waits goes into the trace, and the first outcome stands.
    pub fn finish(&self, outcome: Outcome) {
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

    /// Whether the run has ended, in whatever way.
    pub fn is_finished(&self) -> bool {
        self.trace.borrow().outcome().is_some()
    }

    /// The trace, shared while it grows.
    pub fn trace(&self) -> Rc<RefCell<Trace>> {
        self.trace.clone()
    }

    /// Drops every future and, with it, every arrangement that can be taken back.
    ///
    /// The futures hold this core and the core holds the futures, so whoever owns a run must end it with this.
    pub fn shut_down(&self) {
        drop(self.main.take());
        self.ready.clear();
    }

    /// How many arrangements are outstanding; for tests that nothing stays behind.
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
    /// The same as a line of the trace.
    fn wakeup(&self, until: Nanos) -> Wakeup {
        Wakeup { asked_at: self.asked_at, due: self.due, until, cause: self.cause }
    }
}

pub(crate) enum State {
    Waiting(Option<Waker>),
    Fired,
    /// The future is gone, but the clock will still report.
    Abandoned,
}

/// No lab comes near this many steps; a run that does is going round in circles.
const STEP_LIMIT: u64 = 5_000_000;

/// A future that is ready once its clock has reported; dropped before, it takes the arrangement back.
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
