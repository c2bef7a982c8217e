//! **`setTimeout(0)`**: the oldest way to yield, and the one that `asyncio.sleep(0)` is often translated to.
//!
//! Everybody else gets a turn: other timers, messages, frames. But a timer that is set in a timer's turn
//! is nested, and from the sixth nesting on the browser makes each timer wait for at least 4 ms.
//! (HTML standard, *timer initialization steps*.)
//!
//! *Costs* 4 ms per yield. A loop of 200 yields waits for most of a second.
//! *Choose it* for a few yields, where nothing better exists.

use engine::YieldWith;

use super::Workload;

pub async fn run(work: Workload) {
    for piece in work.pieces() {
        work.compute(piece);
        work.yield_with(YieldWith::Timeout).await;
    }
}
