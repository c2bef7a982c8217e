//! The ready queue: futures that want to be polled, first in, first out. Knows nothing of clocks: it is told the time.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_task::{Runnable, Task};

use crate::trace::{Nanos, Source, Wakeup};

/// The microtasks of one run.
///
/// A waker may be woken from anywhere, so what becomes ready arrives behind a lock; it is taken
/// over a batch at a time.
#[derive(Default)]
pub(crate) struct ReadyQueue {
    arriving: Arc<Arriving>,
    current: RefCell<VecDeque<Ready>>,
}

#[derive(Default)]
struct Arriving {
    queue: Mutex<VecDeque<Ready>>,
    /// The time when somebody last told it, in nanoseconds.
    time: AtomicU64,
}

impl Arriving {
    fn queue(&self) -> MutexGuard<'_, VecDeque<Ready>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, runnable: Runnable) {
        let since = Nanos(self.time.load(Ordering::Relaxed));
        self.queue().push_back(Ready { runnable, since });
    }
}

/// A future that wants to be polled.
pub(crate) struct Ready {
    runnable: Runnable,
    since: Nanos,
}

impl Ready {
    /// Polls it.
    pub(crate) fn run(self) {
        self.runnable.run();
    }

    /// Its wait as a line of the trace.
    pub(crate) fn wakeup(&self, until: Nanos) -> Wakeup {
        Wakeup { asked_at: self.since, due: self.since, until, source: Source::Microtask }
    }
}

impl ReadyQueue {
    /// Queues a new future. It lives until it is done or its [`Task`] is dropped.
    pub(crate) fn spawn<T: 'static>(&self, future: impl Future<Output = T> + 'static) -> Task<T> {
        let arriving = self.arriving.clone();
        let (runnable, task) = async_task::spawn_local(future, move |runnable| arriving.push(runnable));
        runnable.schedule();
        task
    }

    /// Says what time it is. Only what is told apart in this way is seen to have waited.
    pub(crate) fn set_time(&self, now: Nanos) {
        self.arriving.time.store(now.0, Ordering::Relaxed);
    }

    /// The time that it was last told.
    pub(crate) fn time(&self) -> Nanos {
        Nanos(self.arriving.time.load(Ordering::Relaxed))
    }

    /// Takes the future at the head of the queue.
    pub(crate) fn pop(&self) -> Option<Ready> {
        let mut current = self.current.borrow_mut();
        if current.is_empty() {
            std::mem::swap(&mut *current, &mut *self.arriving.queue());
        }
        current.pop_front()
    }

    /// Looks at everything that is queued.
    pub(crate) fn for_each(&self, look: impl FnMut(&Ready)) {
        self.current.borrow().iter().chain(&*self.arriving.queue()).for_each(look);
    }

    /// Drops what is queued, and what is queued by dropping it.
    pub(crate) fn clear(&self) {
        while let Some(ready) = self.pop() {
            drop(ready);
        }
    }
}
