//! **Read, await, write**: the count is read before the await, and written after it.
//!
//! There is one thread, so nobody can come in between two lines; but at an `await` everybody can.
//! Two writers read the same count, both add one, and both write the same sum: one update is lost.
//! Nothing crashes and nothing is logged. The count is just too small.
//!
//! *Costs* the time of one await per round of writers, and the truth.
//! *Choose it* never. Look for it wherever something that was read is used after an `await`.

use super::{Counting, Writer};

pub async fn run(counting: Counting) {
    counting.write_together(write).await;
}

async fn write(counting: Counting, _: Writer) {
    while let Some(update) = counting.next_update() {
        let count = counting.read();
        counting.ask(update).await; // the others run now, and read the same count
        counting.write(update, count + 1);
    }
}
