//! **Every 100 ms**: the longest wait that still feels immediate.
//!
//! The upper end of the book's 50 to 100 ms. The wait alone uses up what a person takes for an immediate
//! answer (RAIL), so the answer comes late.
//!
//! *Costs* 10 yields per second of computing; input waits for little more than 100 ms.
//! *Choose it* where nobody types: beside I/O, whose responses wait as long.

use super::{Workload, ms};

pub async fn run(work: Workload) {
    let mut slice_began = work.now();
    for job in work.jobs() {
        work.compute(job);
        if work.now() - slice_began >= ms(100) {
            work.give_way().await;
            slice_began = work.now();
        }
    }
}
