//! **No I/O**: the computing alone, nothing saved.
//!
//! Not a way to do the work, but the bound to beat: on one thread no strategy can be faster
//! than its own computing. How close `yielding` comes is how well it hides the waiting.
//!
//! *Costs* N × compute; frozen for all of it.

use super::Workload;

pub async fn run(work: Workload) {
    for job in work.jobs() {
        let result = work.compute(job);
        work.done(result);
    }
}
