//! **Every 50 ms**: the longest turn that is not a *long task*.
//!
//! W3C Long Tasks calls every turn over 50 ms long, and RAIL allows input 100 ms in all: 50 for whatever
//! runs, 50 for the answer. *High Performance Python* advises 50 to 100 ms between two yields.
//!
//! *Costs* 20 yields per second of computing; input waits for little more than 50 ms.
//! *Choose it* where yields are expensive and nothing moves.

use super::{Workload, ms};

pub async fn run(work: Workload) {
    let mut slice_began = work.now();
    for job in work.jobs() {
        work.compute(job);
        if work.now() - slice_began >= ms(50) {
            work.give_way().await;
            slice_began = work.now();
        }
    }
}
