//! **Every task**: give the thread back after each task.
//!
//! Input waits for one task at most. Whether this is cheap depends on the way to yield: a background
//! `scheduler.yield` costs microseconds, a nested `setTimeout(0)` four milliseconds.
//!
//! *Costs* one yield per task.
//! *Choose it* where a yield is much cheaper than a task. Then nothing else is needed.

use super::Workload;

pub async fn run(work: Workload) {
    for job in work.jobs() {
        work.compute(job);
        work.give_way().await;
    }
}
