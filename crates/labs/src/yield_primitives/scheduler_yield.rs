//! **`scheduler.yield()`**: made for yielding, and at its default priority it starves the I/O.
//!
//! A continuation goes before all tasks of its priority, and timers, messages and responses are of that
//! priority. So the loop lets clicks in, and a frame after 100 ms, and nothing else.
//! (WICG Prioritized Task Scheduling, *effective priority*.)
//!
//! *Costs* the overlap that the yields were meant for: no response is seen before all is computed.
//! *Choose it* for short work on a page where others compete for the thread.

use engine::YieldWith;

use super::Workload;

pub async fn run(work: Workload) {
    for piece in work.pieces() {
        work.compute(piece);
        work.yield_with(YieldWith::SchedulerYield).await;
    }
}
