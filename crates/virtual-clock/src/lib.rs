//! The virtual clock: runs a strategy in no time, without a browser.
//!
//! A discrete-event simulation: run what is ready, or else jump to the next thing that is due, or else stop.
//! It only moves time; the [`EventLoop`] decides what runs next. Deterministic: the same strategy gives the
//! same trace, to the last bit, everywhere. Must not know the labs.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use engine::browser::Costs;
use engine::clock::{Clock, Core, Key, Stretch, Stretches, Wake};
use engine::trace::{Nanos, Outcome, Trace};
use engine::{Runtime, Work, YieldWith};

pub use self::conditions::Conditions;
use self::event_loop::EventLoop;

mod conditions;
pub mod event_loop;

struct VirtualClock {
    now: Cell<Nanos>,
    event_loop: RefCell<EventLoop>,
    conditions: Conditions,
    /// What each key costs the loop before its turn begins. Empty if nothing costs anything.
    turn_costs: RefCell<Vec<Nanos>>,
    /// When each core that runs threads becomes free.
    cores: RefCell<Vec<Nanos>>,
    /// When threads work for a key: known as soon as the work is arranged.
    stretches: Stretches,
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

    fn arrange(&self, now: Nanos, wake: Wake, key: Key) -> Nanos {
        let wake = match wake {
            // Another thread reports by message, which pays no heed to how busy this one is.
            Wake::Started(_) => Wake::Message(now + self.cost(self.conditions.costs.worker_start)),
            Wake::Computed(thread, cost) => Wake::Message(self.compute_on(thread, cost, key)),
            other => other,
        };
        if self.conditions.costs != Costs::NONE {
            self.note_turn_cost(wake, key);
        }
        self.event_loop.borrow_mut().arrange(now, wake, key)
    }

    fn spawned(&self) {
        self.now.set(self.now.get() + self.cost(self.conditions.costs.spawn));
    }

    fn take_stretch(&self, key: Key) -> Stretch {
        self.stretches.take(key)
    }

    fn kindest_yield(&self) -> YieldWith {
        self.conditions.kindest_yield
    }

    fn revoke(&self, _key: Key) -> bool {
        false // removing an entry from a heap costs more than letting it come up for nobody
    }
}

impl VirtualClock {
    /// A real cost of the browser's, as lab time.
    fn cost(&self, real: Nanos) -> Nanos {
        self.conditions.lab_time(real)
    }

    fn note_turn_cost(&self, wake: Wake, key: Key) {
        let cost = match wake {
            Wake::Yield(with) => self.cost(self.conditions.costs.of_yield(with)),
            _ => Nanos::ZERO,
        };
        let mut costs = self.turn_costs.borrow_mut();
        if costs.len() <= key {
            costs.resize(key + 1, Nanos::ZERO);
        }
        costs[key] = cost;
    }

    /// Computing on another thread: a message brings the job there, and another brings the result back.
    /// Threads beyond the number of cores share cores. Computing that is not alone is slowed down, as
    /// calibrated with two threads.
    fn compute_on(&self, thread: usize, cost: Nanos, key: Key) -> Nanos {
        let message = self.cost(self.conditions.costs.message);
        let mut cores = self.cores.borrow_mut();
        let core = thread % self.conditions.cores.max(1);
        if cores.len() <= core {
            cores.resize(core + 1, Nanos::ZERO);
        }
        let start = cores[core].max(self.now.get() + message);
        let is_alone = cores.iter().all(|free| *free <= start);
        let slowdown = if is_alone { 1.0 } else { self.conditions.costs.parallel_slowdown };
        let end = start + cost.scaled(slowdown);
        cores[core] = end;
        self.stretches.put(key, Stretch { start, end });
        end + message
    }

    /// Brings up a key. Its turn begins when the loop has spent what that costs.
    fn bring_up(&self, key: Key) -> Key {
        if let Some(cost) = self.turn_costs.borrow().get(key) {
            self.now.set(self.now.get() + *cost);
        }
        key
    }

    /// Moves time to the next event and brings it up; `None` if there will never be one.
    fn next_event(&self) -> Option<Key> {
        let mut event_loop = self.event_loop.borrow_mut();
        if let Some(key) = event_loop.next(self.now.get()) {
            return Some(self.bring_up(key));
        }
        self.now.set(event_loop.next_due()?);
        event_loop.next(self.now.get()).map(|key| self.bring_up(key))
    }
}

/// The result of a run.
pub struct Run {
    /// What was recorded.
    pub trace: Trace,
    /// Whether the trace might be different at another time scale.
    pub depends_on_scale: bool,
}

/// A run on a virtual clock that has not come to its end. Dropping it ends it.
pub struct Simulation {
    core: Rc<Core>,
    clock: Rc<VirtualClock>,
}

impl Simulation {
    /// Starts `strategy`, and runs its first turn.
    pub fn new(conditions: Conditions, strategy: impl FnOnce(Runtime) -> Work) -> Simulation {
        let clock = Rc::new(VirtualClock {
            now: Cell::default(),
            event_loop: RefCell::new(EventLoop::new(conditions)),
            conditions,
            turn_costs: RefCell::default(),
            cores: RefCell::default(),
            stretches: Stretches::default(),
        });
        let core = Core::new(clock.clone());
        core.start(strategy);
        core.turn(None);
        Simulation { core, clock }
    }

    /// Runs at most this many turns. Returns whether the run has come to its end.
    pub fn go_on(&mut self, mut turns: usize) -> bool {
        while !self.core.is_finished() && turns > 0 {
            match self.clock.next_event() {
                Some(key) => self.core.turn(Some(key)),
                None => self.core.finish(Outcome::Stalled),
            }
            turns -= 1;
        }
        self.core.is_finished()
    }

    /// Runs what is left of it.
    pub fn finish(mut self) -> Run {
        self.go_on(usize::MAX);
        let depends_on_scale = self.clock.event_loop.borrow().depends_on_scale();
        Run { trace: self.core.trace().take(), depends_on_scale }
    }
}

impl Drop for Simulation {
    fn drop(&mut self) {
        self.core.shut_down();
    }
}

/// Runs `strategy` to its end on a virtual clock.
///
/// Always returns: a strategy that waits for itself ends as [`Outcome::Stalled`], one that runs in circles as
/// [`Outcome::StepLimit`].
pub fn run(conditions: Conditions, strategy: impl FnOnce(Runtime) -> Work) -> Run {
    Simulation::new(conditions, strategy).finish()
}
