//! A process that crashes and comes back: [`Process`].
//!
//! A crash drops the future that the process runs, and everything that the future holds. With the same seed,
//! a process crashes at the same points on both clocks. Knows only the [`Runtime`] handle.

use std::cell::{Cell, RefCell};
use std::future::{Future, pending};
use std::rc::Rc;

use futures_lite::future::or;
use tokio::sync::Notify;

use crate::trace::{Nanos, SpanKind, TaskId};
use crate::{Random, Runtime};

/// When a [`Process`] crashes, and for how long it is down. Times are lab time.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Faults {
    /// The times of crashes, since the start of the run, in ascending order.
    pub at: Vec<Nanos>,
    /// The chance of a crash at each [`Process::crash_point`]: 0 is never, 1 always.
    pub chance: f64,
    /// The seed of these chances.
    pub seed: u64,
    /// From a crash to the restart.
    pub down_for: Nanos,
}

/// Something that runs, crashes and is restarted. All clones are the same process.
#[derive(Clone)]
pub struct Process(Rc<Inner>);

struct Inner {
    rt: Runtime,
    faults: Faults,
    random: RefCell<Random>,
    /// Ends the current life.
    crash: RefCell<Rc<Notify>>,
    crashes: Cell<usize>,
}

impl Process {
    /// A process that crashes as `faults` says.
    pub fn new(rt: &Runtime, faults: Faults) -> Process {
        let random = RefCell::new(Random::new(faults.seed));
        let (crash, crashes) = (RefCell::default(), Cell::new(0));
        Process(Rc::new(Inner { rt: rt.clone(), faults, random, crash, crashes }))
    }

    /// Runs `life`, and after each crash again from its beginning. Returns what the first life returns that
    /// is not cut short.
    ///
    /// What should survive a crash must be kept outside `life`. The time down is recorded on the caller's
    /// lane.
    pub async fn run<T, F: Future<Output = T>>(&self, mut life: impl FnMut() -> F) -> T {
        let Inner { rt, faults, crashes, .. } = &*self.0;
        loop {
            // Each life has its own, so that a crash meant for the last life cannot end the next.
            let notify = Rc::new(Notify::new());
            self.0.crash.replace(notify.clone());
            let crash = async {
                or(self.next_fault(), notify.notified()).await;
                None
            };
            if let Some(end) = or(async { Some(life().await) }, crash).await {
                return end;
            }
            crashes.set(crashes.get() + 1);
            let start = rt.now();
            rt.response(start + faults.down_for).await;
            rt.record_on(rt.actor().lane, SpanKind::Down, TaskId::NONE, start, rt.now());
        }
    }

    /// Waits until the next of the given times, or forever if there is none left. Times that passed while the
    /// process was down do not count.
    async fn next_fault(&self) {
        let now = self.0.rt.now();
        match self.0.faults.at.iter().find(|at| **at > now) {
            Some(at) => self.0.rt.response(*at).await,
            None => pending().await,
        }
    }

    /// A point at which the process may crash by chance. If it does, this never returns.
    pub async fn crash_point(&self) {
        let crashes = self.0.random.borrow_mut().happens(self.0.faults.chance);
        if crashes {
            self.0.crash.borrow().notify_one();
            pending().await
        }
    }

    /// How often it has crashed so far.
    pub fn crashes(&self) -> usize {
        self.0.crashes.get()
    }
}
