//! **`postTask`, user-blocking**: the highest priority, which is for what the user is waiting for.
//!
//! Our next piece is always the most urgent task there is. The loop does look at its queues after every
//! piece, and every time it chooses us: timers, messages and responses wait until all is computed.
//! Only a frame that has waited for 100 ms gets in between.
//!
//! *Costs* everybody else their turn.
//! *Choose it* for short work that answers a click, never for a long loop.

use engine::YieldWith;

use super::Workload;

pub async fn run(work: Workload) {
    for piece in work.pieces() {
        work.compute(piece);
        work.yield_with(YieldWith::PostTaskUserBlocking).await;
    }
}
