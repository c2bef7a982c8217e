//! **One at a time**: asynchronous, but each save is awaited before the next task begins.
//!
//! `await` gives the thread back, so the page stays alive while a save is in flight.
//! But this program itself has nothing else to do meanwhile, so it is no faster.
//!
//! *Costs* N × (compute + save), as blocking does; the longest freeze is one compute.
//! *Choose it* when each task needs the result of the one before.

use super::Workload;

pub async fn run(work: Workload) {
    for job in work.jobs() {
        let result = work.compute(job);
        work.save(result).await; // others may run now; we do not
    }
}
