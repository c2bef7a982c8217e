//! **Yielding**: start each save in the background, and give the thread back after each result.
//!
//! The saves travel while we compute, and the page gets its turn between two tasks. What
//! `await asyncio.sleep(0)` does in Python, `yield_if_due` does here.
//!
//! *Costs* N × compute and the last save; the longest freeze is one compute. A single save
//! may take longer than on its own: its response waits until the loop has time to look.
//! *Choose it* when there is much to compute and much to wait for.

use engine::Semaphore;

use super::Workload;

pub async fn run(work: Workload) {
    let in_flight = Semaphore::new(work.in_flight);
    let mut saves = Vec::new();
    let mut pace = work.pace();

    for job in work.jobs() {
        let result = work.compute(job);
        saves.push(work.spawn(work.save_within(&in_flight, result)));
        pace.yield_if_due().await; // now the save begins, and responses are taken in
    }
    work.wait_for(saves).await;
}
