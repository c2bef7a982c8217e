//! The ready queue: futures that want to be polled, first in, first out. Must not know a clock: it is told
//! the time.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_task::{Builder, Runnable, Task};

use crate::trace::{Cause, Nanos, Wakeup};

/// Identifies a run among all runs of the process. A task carries it to find its queue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RunNumber(u64);

/// The queue of one run.
struct Queue {
    run: RunNumber,
    ready: RefCell<VecDeque<Ready>>,
    /// The time when somebody last told it.
    time: Cell<Nanos>,
}

thread_local! {
    /// The queues of this thread's runs. There are hardly ever more than two.
    ///
    /// A waker could be taken to another thread, so it must not hold its queue itself; and a lock
    /// around the queue would take a third of a prediction's time.
    static QUEUES: RefCell<Vec<Rc<Queue>>> = const { RefCell::new(Vec::new()) };
}

/// A future that wants to be polled.
pub(crate) struct Ready {
    runnable: Runnable<RunNumber>,
    since: Nanos,
}

impl Ready {
    /// Polls the future.
    pub(crate) fn run(self) {
        self.runnable.run();
    }

    /// Its wait, as the trace records it.
    pub(crate) fn wakeup(&self, until: Nanos) -> Wakeup {
        Wakeup { asked_at: self.since, due: self.since, until, cause: Cause::Microtask }
    }
}

/// The microtasks of one run. It stays on its thread.
pub(crate) struct ReadyQueue(Rc<Queue>);

impl Default for ReadyQueue {
    fn default() -> ReadyQueue {
        static RUNS: AtomicU64 = AtomicU64::new(0);
        let run = RunNumber(RUNS.fetch_add(1, Ordering::Relaxed));
        let queue = Rc::new(Queue { run, ready: RefCell::default(), time: Cell::default() });
        QUEUES.with_borrow_mut(|queues| queues.push(queue.clone()));
        ReadyQueue(queue)
    }
}

impl ReadyQueue {
    /// Queues a new future. It is dropped when it is done, or when its [`Task`] is dropped.
    pub(crate) fn spawn<T: 'static>(&self, future: impl Future<Output = T> + 'static) -> Task<T, RunNumber> {
        let (runnable, task) = Builder::new().metadata(self.0.run).spawn_local(|_| future, schedule);
        runnable.schedule();
        task
    }

    /// Sets the time. Waits are only as precise as these updates.
    pub(crate) fn set_time(&self, now: Nanos) {
        self.0.time.set(now);
    }

    /// The time that was last set.
    pub(crate) fn time(&self) -> Nanos {
        self.0.time.get()
    }

    /// Removes the future at the head of the queue; `None` if the queue is empty.
    pub(crate) fn pop(&self) -> Option<Ready> {
        self.0.ready.borrow_mut().pop_front()
    }

    /// Calls `look` with everything that is queued.
    pub(crate) fn for_each(&self, look: impl FnMut(&Ready)) {
        self.0.ready.borrow().iter().for_each(look);
    }

    /// Drops everything in the queue, and everything that gets queued by that.
    pub(crate) fn clear(&self) {
        while let Some(ready) = self.pop() {
            drop(ready);
        }
    }
}

impl Drop for ReadyQueue {
    fn drop(&mut self) {
        self.clear();
        QUEUES.with_borrow_mut(|queues| queues.retain(|queue| !Rc::ptr_eq(queue, &self.0)));
    }
}

/// Queues a task that was woken. One whose run is over is dropped.
fn schedule(runnable: Runnable<RunNumber>) {
    let run = *runnable.metadata();
    let late = QUEUES.with_borrow(|queues| match queues.iter().rev().find(|queue| queue.run == run) {
        Some(queue) => {
            queue.ready.borrow_mut().push_back(Ready { runnable, since: queue.time.get() });
            None
        }
        None => Some(runnable),
    });
    drop(late); // outside the borrow, since it may wake others
}
