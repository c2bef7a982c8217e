//! **Two locks, in order**: the same two locks, taken by everybody in the same order.
//!
//! Whoever has the first lock will get the second: a writer that holds the second has both, and needs
//! nothing more to go on. So there is no circle in which everybody waits for the next.
//!
//! *Costs* N × await, as with one lock.
//! *Choose it* when one lock is not enough. Any order will do, as long as all keep to it.

use super::{Counting, Writer};

pub async fn run(counting: Counting) {
    counting.write_together(write).await;
}

async fn write(counting: Counting, _: Writer) {
    while let Some(update) = counting.next_update() {
        let _first = counting.count_lock.lock().await;
        counting.ask(update).await;
        let _second = counting.server_lock.lock().await;
        let count = counting.read();
        counting.write(update, count + 1);
    }
}
