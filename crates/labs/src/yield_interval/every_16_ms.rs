//! **Every 16 ms**: one frame.
//!
//! A slice as long as a frame lets through one frame at a time, and makes every frame late: what the
//! browser itself has to do no longer fits.
//!
//! *Costs* 60 yields per second of computing; input waits for little more than 16 ms.
//! *Choose it* when nothing moves on the page, and typing has to feel immediate.

use super::{Workload, ms};

pub async fn run(work: Workload) {
    let mut slice_began = work.now();
    for job in work.jobs() {
        work.compute(job);
        if work.now() - slice_began >= ms(16) {
            work.give_way().await;
            slice_began = work.now();
        }
    }
}
