//! **Adaptive**: give way when somebody waits, and otherwise when the slice is used up.
//!
//! `isInputPending` asks without giving the thread back. So input is answered after the current task, as
//! with a yield after every task, and without input there are as few yields as with slices of 50 ms.
//! What it does not see (responses, timers, frames) waits for the end of the slice.
//!
//! *Costs* one question per task. Only Chromium answers it for real input, and advises against relying on it.
//! *Choose it* where yields are expensive and input matters most.

use super::{Workload, ms};

pub async fn run(work: Workload) {
    let mut slice_began = work.now();
    for job in work.jobs() {
        work.compute(job);
        if work.input_is_pending() || work.now() - slice_began >= ms(50) {
            work.give_way().await;
            slice_began = work.now();
        }
    }
}
