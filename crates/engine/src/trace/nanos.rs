//! Times and lengths of time: [`Nanos`].

use std::ops::{Add, AddAssign, Sub};

use serde::{Deserialize, Serialize};

/// A point in time since the start of the run, or a length of time, in nanoseconds.
///
/// Integer, so that a prediction is the same to the last bit on every machine.
/// It holds 584 years; sums saturate there instead of wrapping.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug, Serialize, Deserialize)]
pub struct Nanos(pub u64);

impl Nanos {
    /// No time at all; the start of the run.
    pub const ZERO: Nanos = Nanos(0);

    /// Milliseconds, rounded to the nearest nanosecond; negative and NaN become zero.
    pub fn from_ms(ms: f64) -> Nanos {
        Nanos((ms * 1e6).round() as u64)
    }

    /// The same time in milliseconds.
    pub fn as_ms(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// The same time multiplied by `factor`, rounded to the nearest nanosecond.
    pub fn scaled(self, factor: f64) -> Nanos {
        if factor == 1.0 { self } else { Nanos((self.0 as f64 * factor).round() as u64) }
    }

    /// `self - earlier`, or zero when `earlier` is the later one.
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
