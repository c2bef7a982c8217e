//! Points in time and lengths of time: [`Nanos`].

use std::ops::{Add, AddAssign, Sub};

use serde::{Deserialize, Serialize};

/// A point in time since the start of the run, or a length of time, in nanoseconds.
///
/// An integer, so that a prediction is the same to the last bit on every machine. It can hold 584 years; sums
/// saturate there, and differences saturate at zero.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug, Serialize, Deserialize)]
pub struct Nanos(pub u64);

impl Nanos {
    /// No time at all, or the start of the run.
    pub const ZERO: Nanos = Nanos(0);

    /// The time of this many milliseconds, rounded to the nearest nanosecond. Negative numbers and NaN become
    /// zero.
    pub fn from_ms(ms: f64) -> Nanos {
        Nanos((ms * 1e6).round() as u64)
    }

    /// The same time in milliseconds.
    pub fn as_ms(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// The time multiplied by `factor`, rounded to the nearest nanosecond.
    pub fn scaled(self, factor: f64) -> Nanos {
        if factor == 1.0 { self } else { Nanos((self.0 as f64 * factor).round() as u64) }
    }

    /// The time from `earlier` to `self`; zero if `earlier` is later.
    pub fn since(self, earlier: Nanos) -> Nanos {
        Nanos(self.0.saturating_sub(earlier.0))
    }
}

impl Add for Nanos {
    type Output = Nanos;
    fn add(self, other: Nanos) -> Nanos {
        Nanos(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Nanos {
    fn add_assign(&mut self, other: Nanos) {
        *self = *self + other;
    }
}

impl Sub for Nanos {
    type Output = Nanos;
    fn sub(self, other: Nanos) -> Nanos {
        self.since(other)
    }
}

impl std::iter::Sum for Nanos {
    fn sum<I: Iterator<Item = Nanos>>(iter: I) -> Nanos {
        iter.fold(Nanos::ZERO, Add::add)
    }
}
