//! Chance, the same for the same seed on every machine: [`Random`]. Knows nothing but numbers and times.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::trace::Nanos;

/// A row of random numbers: another seed, another row. The generator is documented and portable.
pub struct Random(Xoshiro256PlusPlus);

impl Random {
    /// The row that belongs to `seed`.
    pub fn new(seed: u64) -> Random {
        Random(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// Evenly between 0 and 1, never 1 itself.
    pub fn even(&mut self) -> f64 {
        // Of the 64 bits, as many as such a number can hold.
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Whether something happens that has this chance: never at 0, always at 1.
    pub fn happens(&mut self, chance: f64) -> bool {
        self.even() < chance
    }

    /// Evenly around `mean`, at most so many percent of it away. Nothing is drawn where nothing is to be spread.
    pub fn around(&mut self, mean: Nanos, jitter_percent: f64) -> Nanos {
        if jitter_percent == 0.0 {
            return mean;
        }
        mean.scaled(1.0 + jitter_percent / 100.0 * (2.0 * self.even() - 1.0))
    }
}
