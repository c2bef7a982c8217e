//! **Alone**: one person washes a dish, dries it, and takes the next.
//!
//! Nobody to wait for, and nobody to help: the times add up.
//!
//! *Costs* N × (wash + dry).
//! *Choose it* when handing over would cost more than it saves.

use super::Kitchen;

pub async fn run(kitchen: Kitchen) {
    kitchen.washer(1, do_all(kitchen.clone())).await;
}

async fn do_all(kitchen: Kitchen) {
    while let Some(dish) = kitchen.next_dirty() {
        kitchen.wash(dish).await;
        kitchen.dry(dish).await;
    }
}
