//! **More dryers**: the same rack, and more hands where the work piles up.
//!
//! All dryers take from one rack, so whoever is free gets the next dish, and nobody has to plan.
//! Two dryers of 4 s keep up with one washer of 2 s; a third one would only wait.
//!
//! *Costs* what the slower side needs: N × wash ÷ washers or N × dry ÷ dryers.
//! *Choose it* when one stage is slower than the others: help there, nowhere else.

use super::Kitchen;
use super::rack::{dry_all, wash_all};

pub async fn run(kitchen: Kitchen) {
    let rack = kitchen.rack();
    let mut washers = Vec::new();
    let mut dryers = Vec::new();
    for number in 1..=kitchen.washers {
        washers.push(kitchen.washer(number, wash_all(kitchen.clone(), rack.clone())));
    }
    for number in 1..=kitchen.dryers {
        dryers.push(kitchen.dryer(number, dry_all(kitchen.clone(), rack.clone())));
    }

    for washer in washers {
        washer.await;
    }
    rack.close();
    for dryer in dryers {
        dryer.await;
    }
}
