//! **No yield**: start each save in the background, but never give the thread back.
//!
//! It looks concurrent: every save is started as soon as its result is there. But a started
//! task first runs when its parent awaits something, and this loop awaits nothing. So the
//! first request leaves after the last computation.
//!
//! *Costs* N × compute, then all saves; frozen for all of the computing.
//! *Choose it* never: it is `yielding` with one line forgotten.

use engine::Semaphore;

use super::Workload;

pub async fn run(work: Workload) {
    let in_flight = Semaphore::new(work.in_flight);
    let mut saves = Vec::new();

    for job in work.jobs() {
        let result = work.compute(job);
        saves.push(work.spawn(work.save_within(&in_flight, result)));
        // Missing here: the line that lets the saves begin.
    }
    work.wait_for(saves).await;
}
