//! **Two locks, crossed**: one lock for the count and one for the server, taken in either order.
//!
//! Every second writer takes them the other way round. Sooner or later one has the first lock and
//! waits for the second, while another has the second and waits for the first. Neither gives back
//! what it has, so both wait forever, and soon everybody waits for them.
//!
//! *Costs* everything: a deadlock does not end.
//! *Choose it* never. It is rarely written down like this: one function locks A and calls another
//! that locks B, and somewhere else it is the other way round.

use super::{Counting, Writer};

pub async fn run(counting: Counting) {
    counting.write_together(write).await;
}

async fn write(counting: Counting, writer: Writer) {
    let (first, second) = if writer.is_even() {
        (&counting.server_lock, &counting.count_lock)
    } else {
        (&counting.count_lock, &counting.server_lock)
    };
    while let Some(update) = counting.next_update() {
        let _first = first.lock().await;
        counting.ask(update).await;
        let _second = second.lock().await; // held by somebody who waits for ours
        let count = counting.read();
        counting.write(update, count + 1);
    }
}
