//! **No yield**: start each save in the background, but never give the thread back.
//!
//! It looks concurrent: every save is started as soon as its result is there. But a started
//! task first runs when the event loop gets its turn, and this loop never lets it. So the
//! first request leaves after the last computation.
//!
//! *Costs* N × compute, then all saves; frozen for all of the computing.
//! *Choose it* never: it is `yielding` with one line forgotten.

use super::{Computed, Workload};
use crate::lock::Semaphore;

pub async fn run(work: Workload) {
    let in_flight = Semaphore::new(work.in_flight);
    let mut saves = Vec::new();

    for job in work.jobs() {
        let result = work.compute(job);
        saves.push(work.spawn(save_in_turn(work.clone(), in_flight.clone(), result)));
        // Missing here: the line that lets the saves begin.
    }
    work.wait_for(saves).await;
}

async fn save_in_turn(work: Workload, in_flight: Semaphore, result: Computed) {
    let _permit = in_flight.acquire().await; // at most so many on their way at once
    work.save(result).await;
}
