//! **Message, then `setTimeout(0)`**: the message's turn sets the timer, so that it is never nested.
//!
//! Two turns per yield instead of one, and no clamp. What became due while we computed slips in between
//! the two, so a due timer runs after the first yield.
//!
//! *Costs* twice as much as a message.
//! *Choose it* where there is no `scheduler` and responses should be seen at once.

use engine::YieldWith;

use super::Workload;

pub async fn run(work: Workload) {
    for piece in work.pieces() {
        work.compute(piece);
        work.yield_with(YieldWith::MessageThenTimeout).await;
    }
}
