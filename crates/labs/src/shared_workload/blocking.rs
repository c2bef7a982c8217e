//! **Blocking**: compute, then save and wait on the spot.
//!
//! How every program starts: one line after the other. While a save is in flight, the
//! thread stands still. No other task runs, no click is answered, no frame is drawn.
//!
//! *Costs* N × (compute + save), and the page is frozen for all of it.
//! *Choose it* in a script that nobody waits for.

use super::Workload;

pub async fn run(work: Workload) {
    for job in work.jobs() {
        let result = work.compute(job);
        work.save_in_place(result); // not an `await`: the event loop never gets its turn
    }
}
