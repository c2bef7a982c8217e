//! **`scheduler.yield()` in the background**: the same continuation, begun inside a background `postTask`.
//!
//! It inherits the priority of the task that it continues. So it goes before other background work, and
//! after everything else: timers, messages, responses and frames come as if nothing were computed.
//!
//! *Costs* the least of all ways that let everything through.
//! *Choose it* as the usual way to yield, where the browser has it.

use engine::YieldWith;

use super::Workload;

pub async fn run(work: Workload) {
    for piece in work.pieces() {
        work.compute(piece);
        work.yield_with(YieldWith::BackgroundYield).await;
    }
}
