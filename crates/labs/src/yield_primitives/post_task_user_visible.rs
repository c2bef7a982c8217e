//! **`postTask`, user-visible**: `scheduler.postTask` at its default priority.
//!
//! It ranks like a timer or a message, and is in line from the moment it is posted. Nobody starves.
//!
//! *Costs* a few microseconds per yield; responses may be seen one piece late.
//! *Choose it* as you would a message, where the browser has it.

use engine::YieldWith;

use super::Workload;

pub async fn run(work: Workload) {
    for piece in work.pieces() {
        work.compute(piece);
        work.yield_with(YieldWith::PostTaskUserVisible).await;
    }
}
