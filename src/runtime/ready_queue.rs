//! The ready queue: futures that want to be polled, first in, first out. Knows nothing of clocks.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};

use async_task::{Builder, Runnable};

/// A spawned piece of work. Await it for its result; drop it and the work is cancelled.
pub type Task<T> = async_task::Task<T, RunNumber>;

/// Names a run, among all that there ever were. A task carries it to find back to its queue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RunNumber(u64);

type Queue = VecDeque<Runnable<RunNumber>>;

thread_local! {
    /// The queues of this thread's runs; there are hardly ever more than two.
    ///
    /// A waker could be taken to another thread, so it must not hold its queue itself; and a lock
    /// around the queue would take a third of a prediction's time.
    static QUEUES: RefCell<Vec<(RunNumber, Queue)>> = const { RefCell::new(Vec::new()) };
}

/// The microtasks of one run. It stays on its thread.
pub(crate) struct ReadyQueue(RunNumber);

impl Default for ReadyQueue {
    fn default() -> ReadyQueue {
        static RUNS: AtomicU64 = AtomicU64::new(0);
        let number = RunNumber(RUNS.fetch_add(1, Ordering::Relaxed));
        QUEUES.with_borrow_mut(|queues| queues.push((number, Queue::new())));
        ReadyQueue(number)
    }
}

impl ReadyQueue {
    /// Queues a new future. It lives until it is done or its [`Task`] is dropped.
    pub(crate) fn spawn<T: 'static>(&self, future: impl Future<Output = T> + 'static) -> Task<T> {
        let (runnable, task) = Builder::new().metadata(self.0).spawn_local(|_| future, schedule);
        runnable.schedule();
        task
    }

    /// Polls the future at the head of the queue. `false`: there is none.
    pub(crate) fn run_next(&self) -> bool {
        match self.pop() {
            Some(runnable) => {
                runnable.run();
                true
            }
            None => false,
        }
    }

    fn pop(&self) -> Option<Runnable<RunNumber>> {
        QUEUES.with_borrow_mut(|queues| queue_of(queues, self.0)?.pop_front())
    }

    /// Drops what is queued, and what is queued by dropping it.
    pub(crate) fn clear(&self) {
        while let Some(runnable) = self.pop() {
            drop(runnable);
        }
    }
}

impl Drop for ReadyQueue {
    fn drop(&mut self) {
        self.clear();
        QUEUES.with_borrow_mut(|queues| queues.retain(|(number, _)| *number != self.0));
    }
}

fn queue_of(queues: &mut [(RunNumber, Queue)], run: RunNumber) -> Option<&mut Queue> {
    queues.iter_mut().rev().find(|(number, _)| *number == run).map(|(_, queue)| queue)
}

/// Queues a task that was woken. One whose run is over is dropped.
fn schedule(runnable: Runnable<RunNumber>) {
    let run = *runnable.metadata();
    let late = QUEUES.with_borrow_mut(|queues| match queue_of(queues, run) {
        Some(queue) => {
            queue.push_back(runnable);
            None
        }
        None => Some(runnable),
    });
    drop(late); // only now, for it may wake others
}
