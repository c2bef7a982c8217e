//! **Every 5 ms**: React's slice.
//!
//! React's scheduler gives the thread back after 5 ms (`frameYieldMs`), so that several slices and the
//! page's own work fit into one frame of 16 ms.
//!
//! *Costs* 200 yields per second of computing; input waits for little more than 5 ms.
//! *Choose it* when the page animates while you compute.

use super::{Workload, ms};

pub async fn run(work: Workload) {
    let mut slice_began = work.now();
    for job in work.jobs() {
        work.compute(job);
        if work.now() - slice_began >= ms(5) {
            work.give_way().await;
            slice_began = work.now();
        }
    }
}
