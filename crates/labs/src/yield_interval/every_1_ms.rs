//! **Every millisecond**: slices of 1 ms.
//!
//! Far below anything that a person can feel. It shows what a yield costs: with `setTimeout(0)` the loop
//! waits for four fifths of the time.
//!
//! *Costs* a thousand yields per second of computing.
//! *Choose it* only where yields are nearly free.

use super::{Workload, ms};

pub async fn run(work: Workload) {
    let mut slice_began = work.now();
    for job in work.jobs() {
        work.compute(job);
        if work.now() - slice_began >= ms(1) {
            work.give_way().await;
            slice_began = work.now();
        }
    }
}
