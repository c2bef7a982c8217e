//! The virtual clock: runs a strategy in no time and without a browser.
//!
//! A discrete-event simulation: run what is ready, else jump to the next thing that is
//! due, else stop. It only moves time; what runs next is the [`EventLoop`]'s decision.
//! Deterministic: the same strategy gives the same trace, to the last bit, everywhere.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use super::event_loop::{Conditions, EventLoop};
use super::{Clock, Core, Key, Runtime, Wake, YieldWith};
use crate::trace::{Nanos, Outcome, Trace};

struct VirtualClock {
    now: Cell<Nanos>,
    event_loop: RefCell<EventLoop>,
    kindest_yield: YieldWith,
}

impl Clock for VirtualClock {
    fn now(&self) -> Nanos {
        self.now.get()
    }

    fn spend_cpu(&self, cost: Nanos) {
        self.now.set(self.now.get() + cost);
    }

    fn wait_in_place(&self, at: Nanos) {
        self.now.set(self.now.get().max(at));
    }

    fn arrange(&self, wake: Wake, key: Key) -> Nanos {
        self.event_loop.borrow_mut().arrange(self.now.get(), wake, key)
    }

    fn kindest_yield(&self) -> YieldWith {
        self.kindest_yield
    }

    fn revoke(&self, _key: Key) -> bool {
        false // Taking an entry out of a heap costs more than letting it come up for nobody.
    }
}

impl VirtualClock {
    /// Moves time to the next event; nothing when there will never be one.
    fn next_event(&self) -> Option<Key> {
        let mut event_loop = self.event_loop.borrow_mut();
        if let Some(key) = event_loop.next(self.now.get()) {
            return Some(key);
        }
        self.now.set(event_loop.next_due()?);
        event_loop.next(self.now.get())
    }
}

/// A run that is over.
pub struct Run {
    /// What it recorded.
    pub trace: Trace,
    /// Whether it would have been another at another time scale.
    pub depends_on_scale: bool,
}

/// Runs `strategy` to its end on a virtual clock.
///
/// Always returns: a strategy that waits for itself ends as [`Outcome::Stalled`],
/// one that goes in circles as [`Outcome::StepLimit`].
pub fn run(
    conditions: Conditions,
    strategy: impl FnOnce(Runtime) -> Pin<Box<dyn Future<Output = ()>>>,
) -> Run {
    let clock = Rc::new(VirtualClock {
        now: Cell::default(),
        event_loop: RefCell::new(EventLoop::new(conditions)),
        kindest_yield: conditions.kindest_yield,
    });
    let core = Core::new(clock.clone());
    core.start(strategy);
    core.turn(None);
    while !core.is_finished() {
        match clock.next_event() {
            Some(key) => core.turn(Some(key)),
            None => core.finish(Outcome::Stalled),
        }
    }
    core.shut_down();
    let depends_on_scale = clock.event_loop.borrow().depends_on_scale();
    Run { trace: core.trace().take(), depends_on_scale }
}
