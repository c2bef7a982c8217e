//! **Hand to hand**: one washes, one dries, and there is nothing between them.
//!
//! A washed dish can only go into a free hand. Whoever is faster waits for the other at every
//! single dish: the washer with a wet dish in the hand, or the dryer with empty hands.
//!
//! *Costs* wash + (N − 1) × the slower of the two + dry, where all dishes are alike; more where
//! they are not, since every delay of one delays the other.
//! *Choose it* when both must know that the thing has arrived (Go's unbuffered channel).

use engine::Channel;

use super::{Dish, Kitchen};

pub async fn run(kitchen: Kitchen) {
    let hands = kitchen.hands();
    let washer = kitchen.washer(1, wash_all(kitchen.clone(), hands.clone()));
    let dryer = kitchen.dryer(1, dry_all(kitchen.clone(), hands.clone()));

    washer.await;
    hands.close(); // no dish will come any more
    dryer.await;
}

async fn wash_all(kitchen: Kitchen, hands: Channel<Dish>) {
    while let Some(dish) = kitchen.next_dirty() {
        kitchen.wash(dish).await;
        hands.send(dish).await; // waits until the dryer takes it
    }
}

async fn dry_all(kitchen: Kitchen, hands: Channel<Dish>) {
    while let Some(dish) = hands.receive().await {
        kitchen.dry(dish).await;
    }
}
