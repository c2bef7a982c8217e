//! **Never**: compute everything in one turn.
//!
//! Nothing is lost to yields, and nothing else happens. Input that arrives at the beginning waits until
//! the end: the page is frozen.
//!
//! *Costs* input a wait of up to the whole computing.
//! *Choose it* in a worker, where no input arrives.

use super::Workload;

pub async fn run(work: Workload) {
    for job in work.jobs() {
        work.compute(job);
    }
}
