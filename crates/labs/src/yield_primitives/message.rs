//! **Message**: a message to ourselves through a `MessageChannel`. React's scheduler yields like this.
//!
//! A message ranks like a timer or any ordinary task, so nobody starves. It is in line before the timers
//! that became due while we computed, so a due timer runs after the second yield, not after the first.
//!
//! *Costs* a few microseconds per yield; responses may be seen one piece late.
//! *Choose it* where there is no `scheduler`: it works in every browser.

use engine::YieldWith;

use super::Workload;

pub async fn run(work: Workload) {
    for piece in work.pieces() {
        work.compute(piece);
        work.yield_with(YieldWith::Message).await;
    }
}
