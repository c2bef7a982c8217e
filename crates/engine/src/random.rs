//! Random numbers, the same for the same seed on every machine: [`Random`]. Knows only numbers and times.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::trace::Nanos;

/// A sequence of random numbers, determined by its seed. The generator (Xoshiro256++) is documented and
/// portable.
pub struct Random(Xoshiro256PlusPlus);

impl Random {
    /// The sequence of this seed.
    pub fn new(seed: u64) -> Random {
        Random(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// A number evenly distributed between 0 and 1, never 1 itself.
    pub fn even(&mut self) -> f64 {
        // The upper 53 of 64 bits, as many as an `f64` holds exactly.
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Whether something with this chance happens: never at 0, always at 1.
    pub fn happens(&mut self, chance: f64) -> bool {
        self.even() < chance
    }

    /// A time evenly distributed around `mean`, at most `jitter_percent` percent of it away. Without jitter,
    /// no random number is used up.
    pub fn around(&mut self, mean: Nanos, jitter_percent: f64) -> Nanos {
        if jitter_percent == 0.0 {
            return mean;
        }
        mean.scaled(1.0 + jitter_percent / 100.0 * (2.0 * self.even() - 1.0))
    }
}
