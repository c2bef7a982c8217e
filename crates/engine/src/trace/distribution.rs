//! How lengths of time are spread: [`Distribution`].

use super::Nanos;
use crate::number::sort;

/// Nearest-rank percentiles.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Distribution {
    /// Half of the values are no greater.
    pub p50: Nanos,
    /// 95 % of the values are no greater.
    pub p95: Nanos,
    /// The greatest value.
    pub max: Nanos,
}

impl Distribution {
    /// Of `values` in any order; nothing of no values.
    pub fn of(mut values: Vec<Nanos>) -> Option<Distribution> {
        sort(&mut values, |time| time.0, Nanos);
        let rank =
            |percent: usize| values.get((values.len() * percent).div_ceil(100).checked_sub(1)?).copied();
        Some(Distribution { p50: rank(50)?, p95: rank(95)?, max: rank(100)? })
    }
}
