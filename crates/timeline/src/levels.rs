//! The peak of a level in each column of pixels.
//!
//! Knows times and numbers, not traces. The cost of an answer grows with the number of columns, and only with
//! the logarithm of the number of changes between two of them.

use engine::trace::Nanos;

use super::coverage::leading;

/// A level over time, zero before its first change.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Levels {
    /// The times of the changes, in order, each with the level from then on.
    changes: Vec<(Nanos, u32)>,
    /// The inner nodes of a segment tree over the changes: the peaks of ever longer stretches.
    peaks: Vec<u32>,
}

impl Levels {
    /// A level with these changes: the times, in order, and the level from each on.
    pub fn of(changes: Vec<(Nanos, u32)>) -> Levels {
        let count = changes.len();
        let mut levels = Levels { changes, peaks: vec![0; count] };
        for node in (1..count).rev() {
            levels.peaks[node] = levels.node(2 * node).max(levels.node(2 * node + 1));
        }
        levels
    }

    fn node(&self, node: usize) -> u32 {
        let count = self.changes.len();
        if node < count { self.peaks[node] } else { self.changes[node - count].1 }
    }

    /// Whether it has no changes, so that it is always zero.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The highest level.
    pub fn peak(&self) -> u32 {
        self.peak_of(0, self.changes.len())
    }

    /// The level at a time.
    pub fn at(&self, at: Nanos) -> u32 {
        self.before(self.changes.partition_point(|(since, _)| *since <= at))
    }

    fn before(&self, change: usize) -> u32 {
        change.checked_sub(1).map_or(0, |last| self.changes[last].1)
    }

    /// The highest level between each two neighbours of `edges`.
    pub fn peaks(&self, edges: &[Nanos], peaks: &mut Vec<u32>) {
        peaks.clear();
        let Some((first, rest)) = edges.split_first() else { return };
        let (mut from, mut change) = (*first, self.changes.partition_point(|(since, _)| since < first));
        for to in rest {
            let next = change + leading(&self.changes[change..], |(since, _)| since < to);
            // The level from before counts if it lasts for any time at all.
            let is_held = self.changes.get(change).is_none_or(|(since, _)| *since > from);
            let held = if is_held { self.before(change) } else { 0 };
            peaks.push(held.max(self.peak_of(change, next)));
            (from, change) = (*to, next);
        }
    }

    /// The highest level from one change to before another.
    fn peak_of(&self, from: usize, to: usize) -> u32 {
        let count = self.changes.len();
        let (mut left, mut right, mut most) = (from + count, to + count, 0);
        while left < right {
            if left % 2 == 1 {
                most = most.max(self.node(left));
                left += 1;
            }
            if right % 2 == 1 {
                right -= 1;
                most = most.max(self.node(right));
            }
            (left, right) = (left / 2, right / 2);
        }
        most
    }
}
