//! How lengths of time are distributed: [`Distribution`].

use super::Nanos;
use crate::number::sort;

/// Nearest-rank percentiles.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Distribution {
    /// At least half of the values are no greater.
    pub p50: Nanos,
    /// At least 95 % of the values are no greater.
    pub p95: Nanos,
    /// The greatest value.
    pub max: Nanos,
}

impl Distribution {
    /// The distribution of `values`, in any order; `None` if there are none.
    pub fn of(mut values: Vec<Nanos>) -> Option<Distribution> {
        sort(&mut values, |time| time.0, Nanos);
        let rank =
            |percent: usize| values.get((values.len() * percent).div_ceil(100).checked_sub(1)?).copied();
        Some(Distribution { p50: rank(50)?, p95: rank(95)?, max: rank(100)? })
    }
}
