//! A pool of simulated cores that share their time in slices, with a cost for each switch.
//!
//! It only simulates: a core at work is a wake-up in the future, so the loop's thread stays free, and any
//! number of cores fits on any machine. Knows only the [`Runtime`] handle.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use tokio::sync::{Semaphore, oneshot};

use crate::trace::{Name, Nanos, SpanKind, TaskId};
use crate::{Runtime, Task};

/// How the cores of a [`Pool`] share their time, in lab time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sharing {
    /// How long a task keeps its core while others wait. Zero means to the end.
    pub slice: Nanos,
    /// How long a core takes to switch from one task to another.
    pub switch_cost: Nanos,
}

/// Cores that work on tasks, first come, first served, a slice at a time. All clones are the same pool.
///
/// Threads are something else: to limit how many tasks are in progress at once, acquire a permit of a
/// [`Semaphore`](crate::Semaphore) around [`Pool::compute`]. An interpreter lock is a pool of one core.
#[derive(Clone)]
pub struct Pool {
    jobs: Rc<Jobs>,
    /// Dropped with the last clone, which ends the cores.
    _cores: Rc<Vec<Task<()>>>,
}

/// The queue of jobs.
struct Jobs {
    queue: RefCell<VecDeque<Job>>,
    /// One permit for each job in the queue.
    queued: Semaphore,
}

struct Job {
    task: TaskId,
    left: Nanos,
    /// Closed once nobody waits for the job any more.
    done: oneshot::Sender<()>,
}

impl Pool {
    /// A pool of `cores` cores, at least one. Each has a lane, which the page names by the text `lane.core`.
    pub fn new(rt: &Runtime, cores: usize, sharing: Sharing) -> Pool {
        let jobs = Rc::new(Jobs { queue: RefCell::default(), queued: Semaphore::new(0) });
        let cores = (1..=cores.max(1)).map(|number| {
            let lane = rt.open_lane(Name::new("core", number as u16));
            rt.spawn_as(lane, serve(rt.clone(), jobs.clone(), sharing))
        });
        Pool { _cores: Rc::new(cores.collect()), jobs }
    }

    /// Has a core compute for `cost` on behalf of `task`, and waits until it is done.
    ///
    /// If this is dropped before, the task leaves its core at the end of its slice.
    pub async fn compute(&self, task: TaskId, cost: Nanos) {
        let (done, is_done) = oneshot::channel();
        self.jobs.push(Job { task, left: cost, done });
        // An error would mean that the cores are gone, which this pool keeps.
        let _ = is_done.await;
    }
}

impl Jobs {
    fn push(&self, job: Job) {
        self.queue.borrow_mut().push_back(job);
        self.queued.add_permits(1);
    }

    async fn next(&self) -> Option<Job> {
        // An error would mean that the queue was closed, which nothing here can do.
        self.queued.acquire().await.ok()?.forget();
        self.queue.borrow_mut().pop_front()
    }
}

/// What each core does, for as long as the pool lasts.
async fn serve(rt: Runtime, jobs: Rc<Jobs>, Sharing { slice, switch_cost }: Sharing) {
    let mut last = None;
    while let Some(mut job) = jobs.next().await {
        if last.is_some_and(|last| last != job.task) && switch_cost > Nanos::ZERO {
            let start = rt.now();
            rt.response(start + switch_cost).await;
            rt.record_on(rt.actor().lane, SpanKind::Switch, job.task, start, rt.now());
        }
        last = Some(job.task);
        loop {
            let now = if slice == Nanos::ZERO { job.left } else { job.left.min(slice) };
            rt.work(job.task, now).await;
            job.left = job.left - now;
            let is_wanted = !job.done.is_closed();
            if job.left == Nanos::ZERO {
                // Nobody may be waiting any more.
                let _ = job.done.send(());
                break;
            }
            if !is_wanted {
                break;
            }
            if !jobs.queue.borrow().is_empty() {
                jobs.push(job); // others wait: back to the end of the queue
                break;
            }
        }
    }
}
