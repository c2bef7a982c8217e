//! Real threads next to the event loop, which compute while the loop stays free.
//!
//! On the virtual clock each thread has a core of its own, as long as there are enough; in a browser it is a
//! web worker. Knows only the [`Runtime`] handle.

use std::cell::RefCell;
use std::rc::Rc;

use crate::trace::{Lane, Name, Nanos, TaskId};
use crate::{Runtime, Semaphore};

/// The most tasks that a thread has: one to work on, and one at hand, so that it never waits for the next.
const TASKS_EACH: usize = 2;

/// A pool of threads that compute. Cheap to clone.
#[derive(Clone)]
pub struct Workers {
    rt: Runtime,
    lanes: Rc<[Lane]>,
    /// The number of tasks that each thread has.
    tasks: Rc<RefCell<Vec<usize>>>,
    limit: Semaphore,
}

impl Workers {
    /// A pool of `count` threads, at least one, that are already running.
    pub fn new(rt: &Runtime, count: usize) -> Workers {
        let lanes = (1..=count.max(1) as u16).map(|number| rt.open_lane(Name::new("worker", number)));
        let lanes: Rc<[Lane]> = lanes.collect();
        Workers {
            rt: rt.clone(),
            tasks: Rc::new(RefCell::new(vec![0; lanes.len()])),
            limit: Semaphore::new(TASKS_EACH * lanes.len()),
            lanes,
        }
    }

    /// The same, but the threads are started first, all at once.
    pub async fn start(rt: &Runtime, count: usize) -> Workers {
        let workers = Workers::new(rt, count);
        let start = |number| {
            let rt = rt.clone();
            rt.clone().spawn(async move { rt.start_thread(number).await })
        };
        let starting: Vec<_> = (0..workers.lanes.len()).map(start).collect();
        for thread in starting {
            thread.await;
        }
        workers
    }

    /// Computes for `cost` on the thread that has the fewest tasks. First come, first served.
    pub async fn compute(&self, task: TaskId, cost: Nanos) {
        let _permit = self.limit.acquire().await;
        let number = self.least_busy();
        let _busy = Busy::new(&self.tasks, number);
        self.rt.compute_on(number, self.lanes[number], task, cost).await;
    }

    fn least_busy(&self) -> usize {
        let tasks = self.tasks.borrow();
        (0..tasks.len()).min_by_key(|number| tasks[*number]).unwrap_or_default()
    }
}

/// Counts a task of a thread until dropped.
struct Busy<'a> {
    tasks: &'a RefCell<Vec<usize>>,
    number: usize,
}

impl Busy<'_> {
    fn new(tasks: &RefCell<Vec<usize>>, number: usize) -> Busy<'_> {
        tasks.borrow_mut()[number] += 1;
        Busy { tasks, number }
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.tasks.borrow_mut()[self.number] -= 1;
    }
}
