//! The ready queue: futures that want to be polled, first in, first out. Knows nothing of clocks.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use async_task::{Runnable, Task};

/// The microtasks of one run.
///
/// A waker may be woken from anywhere, so what becomes ready arrives behind a lock; it is taken
/// over a batch at a time.
#[derive(Default)]
pub(crate) struct ReadyQueue {
    arriving: Arc<Mutex<VecDeque<Runnable>>>,
    current: RefCell<VecDeque<Runnable>>,
}

impl ReadyQueue {
    /// Queues a new future. It lives until it is done or its [`Task`] is dropped.
    pub(crate) fn spawn<T: 'static>(&self, future: impl Future<Output = T> + 'static) -> Task<T> {
        let arriving = self.arriving.clone();
        let schedule =
            move |runnable| arriving.lock().unwrap_or_else(PoisonError::into_inner).push_back(runnable);
        let (runnable, task) = async_task::spawn_local(future, schedule);
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

    fn pop(&self) -> Option<Runnable> {
        let mut current = self.current.borrow_mut();
        if current.is_empty() {
            std::mem::swap(&mut *current, &mut *self.arriving.lock().unwrap_or_else(PoisonError::into_inner));
        }
        current.pop_front()
    }

    /// Drops what is queued, and what is queued by dropping it.
    pub(crate) fn clear(&self) {
        while let Some(runnable) = self.pop() {
            drop(runnable);
        }
    }
}
