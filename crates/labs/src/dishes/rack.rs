//! **Rack**: one washes, one dries, and a rack with a few places stands between them.
//!
//! The washer puts a dish down and goes on; the dryer takes one whenever there is one. So a slow
//! dish delays only the person who has it. The rack makes nobody faster: in the long run it
//! is full or empty, and the slower of the two sets the pace.
//!
//! *Costs* wash + (N − 1) × the slower of the two + dry, where all dishes are alike.
//! *Choose it* when the times vary. Its size is a choice: a full rack stops the washer in time
//! (back-pressure), which a pile without limit would not.

use engine::Channel;

use super::{Dish, Kitchen};

pub async fn run(kitchen: Kitchen) {
    let rack = kitchen.rack();
    let washer = kitchen.washer(1, wash_all(kitchen.clone(), rack.clone()));
    let dryer = kitchen.dryer(1, dry_all(kitchen.clone(), rack.clone()));

    washer.await;
    rack.close(); // what stands in it is still dried
    dryer.await;
}

pub async fn wash_all(kitchen: Kitchen, rack: Channel<Dish>) {
    while let Some(dish) = kitchen.next_dirty() {
        kitchen.wash(dish).await;
        rack.send(dish).await; // waits only while the rack is full
    }
}

pub async fn dry_all(kitchen: Kitchen, rack: Channel<Dish>) {
    while let Some(dish) = rack.receive().await {
        kitchen.dry(dish).await;
    }
}
