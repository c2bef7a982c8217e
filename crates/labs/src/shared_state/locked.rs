//! **Locked**: a lock around all of it, the await included.
//!
//! The writer that waits for the answer keeps the lock, so nobody else can read the count. That is
//! correct. But now only one answer is waited for at a time: the writers stand in line.
//!
//! *Costs* N × await, however many writers there are.
//! *Choose it* when what was read must still be true after the await.

use super::{Counting, Writer};

pub async fn run(counting: Counting) {
    counting.write_together(write).await;
}

async fn write(counting: Counting, _: Writer) {
    while let Some(update) = counting.next_update() {
        let _guard = counting.count_lock.lock().await;
        let count = counting.read();
        counting.ask(update).await; // the others run now, but wait for the lock
        counting.write(update, count + 1);
    } // here the lock is given back
}
