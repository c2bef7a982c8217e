//! **Microtask**: awaiting a promise that is already resolved (`await null`, `queueMicrotask`).
//!
//! It looks like a yield and is not one. Microtasks belong to the turn that is going on, and the loop goes on
//! only when none is left. (HTML standard: *perform a microtask checkpoint*.)
//!
//! *Costs* the same as no yield at all: the page is frozen until all is computed.
//! *Choose it* never, as a yield.

use engine::YieldWith;

use super::Workload;

pub async fn run(work: Workload) {
    for piece in work.pieces() {
        work.compute(piece);
        work.yield_with(YieldWith::Microtask).await;
    }
}
