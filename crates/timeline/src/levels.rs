//! A level that changes over time, asked for by columns of pixels: its peak in each.
//!
//! Knows times and numbers, and nothing of traces. What an answer costs grows with the columns asked
//! for, and only with the logarithm of the changes between two of them.

use engine::trace::Nanos;

use super::coverage::leading;

/// A level over time, zero before its first change.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Levels {
    /// The changes, in their order, and the level from each on.
    changes: Vec<(Nanos, u32)>,
    /// The peaks of ever longer stretches, as the inner nodes of a tree over the changes.
    peaks: Vec<u32>,
}

impl Levels {
    /// A level that is so high from these times on, which are in order.
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

    /// Whether it never is anything but zero.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The highest level of all.
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
            // What held before counts if it held for any time at all.
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
