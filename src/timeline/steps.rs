//! A level that changes over time, asked for by columns of pixels: its mean and its peak in each.
//!
//! Knows times and numbers, and nothing of traces. What an answer costs grows with the columns asked
//! for, and only with the logarithm of the changes between two of them.

use crate::trace::Nanos;

/// Changes at the same time: first what ends, then what begins, last the end of what took no time at all.
const ENDED: u64 = 0;
const BEGAN: u64 = 1;
const WAS_SHORT: u64 = 2;
/// The bits of a key that tell these apart; the others are the time.
const ORDER_BITS: u32 = 2;

/// A level over time, zero before its first change.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Steps {
    /// The changes, in their order.
    keys: Vec<u64>,
    /// The level from each change on.
    levels: Vec<u32>,
    /// Level × time from the start to each change.
    areas: Vec<u64>,
    /// The peaks of ever longer stretches, as the inner nodes of a tree over `levels`; empty where nobody asks.
    peaks: Vec<u32>,
}

/// Stretches of time that are being collected.
#[derive(Clone, Debug, Default)]
pub struct Stretches(Vec<u64>);

impl Stretches {
    /// None yet, and room for `count`.
    pub fn with_room(count: usize) -> Stretches {
        Stretches(Vec::with_capacity(2 * count))
    }

    /// Adds one.
    pub fn push(&mut self, start: Nanos, end: Nanos) {
        let end_order = if end > start { ENDED } else { WAS_SHORT };
        self.0.push(start.0 << ORDER_BITS | BEGAN);
        self.0.push(end.0 << ORDER_BITS | end_order);
    }

    /// How many of them there are at each time.
    pub fn count(self) -> Steps {
        let mut keys = self.0;
        if !keys.is_sorted() {
            keys.sort_unstable();
        }
        let mut level = 0u32;
        let mut levels: Vec<u32> = keys
            .iter()
            .map(|key| {
                level = if is_begin(*key) { level + 1 } else { level - 1 };
                level
            })
            .collect();
        // Of those that end together none stays for a moment longer.
        for change in (1..keys.len()).rev() {
            if keys[change] == keys[change - 1] && !is_begin(keys[change]) {
                levels[change - 1] = levels[change];
            }
        }
        Steps::new(keys, levels)
    }
}

/// How many of the first ones `are` so, where all that are so come first: step by step while that is
/// soon found out, then in ever longer strides.
#[inline]
fn leading<T>(sorted: &[T], are: impl Fn(&T) -> bool) -> usize {
    const STEPS: usize = 8;
    for step in 0..STEPS {
        if sorted.get(step).is_none_or(|one| !are(one)) {
            return step;
        }
    }
    let (mut low, mut stride) = (STEPS - 1, STEPS);
    while sorted.get(low + stride).is_some_and(&are) {
        low += stride;
        stride *= 2;
    }
    low + 1 + sorted[low + 1..(low + stride).min(sorted.len())].partition_point(are)
}

fn is_begin(key: u64) -> bool {
    key & ((1 << ORDER_BITS) - 1) == BEGAN
}

impl Steps {
    /// A level that is `levels` from these times on, which are in order.
    pub fn of(levels: impl Iterator<Item = (Nanos, u32)>) -> Steps {
        let (keys, levels) = levels.map(|(at, level)| (at.0 << ORDER_BITS | BEGAN, level)).unzip();
        Steps::new(keys, levels).with_peaks()
    }

    fn new(keys: Vec<u64>, levels: Vec<u32>) -> Steps {
        let (mut area, mut last, mut level) = (0u64, 0u64, 0u32);
        let areas = keys
            .iter()
            .zip(&levels)
            .map(|(key, next)| {
                let at = key >> ORDER_BITS;
                area = area.saturating_add((at - last).saturating_mul(u64::from(level)));
                (last, level) = (at, *next);
                area
            })
            .collect();
        Steps { keys, levels, areas, peaks: Vec::new() }
    }

    /// The same, ready to be asked for its peaks.
    pub fn with_peaks(mut self) -> Steps {
        let count = self.levels.len();
        self.peaks = vec![0; count];
        for node in (1..count).rev() {
            self.peaks[node] = self.node(2 * node).max(self.node(2 * node + 1));
        }
        self
    }

    fn node(&self, node: usize) -> u32 {
        let count = self.levels.len();
        if node < count { self.peaks[node] } else { self.levels[node - count] }
    }

    /// Whether it never is anything but zero.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The highest level of all.
    pub fn peak(&self) -> u32 {
        self.levels.iter().copied().max().unwrap_or_default()
    }

    /// The level at a time.
    pub fn level_at(&self, at: Nanos) -> u32 {
        self.level_before(self.changes_before(0, Nanos(at.0 + 1)))
    }

    fn level_before(&self, change: usize) -> u32 {
        change.checked_sub(1).map_or(0, |last| self.levels[last])
    }

    /// How many changes there are before `at`, of which `known` are known to be.
    fn changes_before(&self, known: usize, at: Nanos) -> usize {
        let key = at.0 << ORDER_BITS;
        known + leading(&self.keys[known..], |one| *one < key)
    }

    /// Level × time from the start to `at`, before which there are so many changes.
    fn area(&self, changes: usize, at: Nanos) -> u64 {
        match changes.checked_sub(1) {
            None => 0,
            Some(last) => {
                let since = at.0 - (self.keys[last] >> ORDER_BITS);
                self.areas[last].saturating_add(since.saturating_mul(u64::from(self.levels[last])))
            }
        }
    }

    /// The mean level between each two neighbours of `edges`, as a share of `whole`: 255 is all of it.
    /// Never zero where the level was not, however short.
    pub fn shares(&self, edges: &[Nanos], whole: u32, shares: &mut Vec<u8>) {
        shares.clear();
        let Some(first) = edges.first() else { return };
        let mut changes = self.changes_before(0, *first);
        let mut area = self.area(changes, *first);
        while let [from, to, ..] = edges[shares.len()..] {
            let next_changes = self.changes_before(changes, to);
            if next_changes == changes {
                // Nothing changes here, nor in the columns up to the one with the next change.
                let until = self.keys.get(changes).map_or(u64::MAX, |key| key >> ORDER_BITS);
                let quiet = leading(&edges[shares.len() + 1..], |edge| edge.0 <= until);
                let share = 255 * u64::from(self.level_before(changes)) / u64::from(whole);
                shares.resize(shares.len() + quiet, share.min(255) as u8);
                area = self.area(changes, edges[shares.len()]);
                continue;
            }
            let next_area = self.area(next_changes, to);
            let covered = next_area - area;
            let is_touched = covered > 0 || self.keys[changes..next_changes].iter().any(|key| is_begin(*key));
            let all = (to.0 - from.0).max(1) as f64 * f64::from(whole);
            let share = (covered as f64 * 255.0 / all) as u8; // more than all is all
            shares.push(if is_touched { share.max(1) } else { 0 });
            (changes, area) = (next_changes, next_area);
        }
    }

    /// The highest level between each two neighbours of `edges`. Only for who was made `with_peaks`.
    pub fn peaks(&self, edges: &[Nanos], peaks: &mut Vec<u32>) {
        peaks.clear();
        let Some((first, rest)) = edges.split_first() else { return };
        let (mut from, mut changes) = (*first, self.changes_before(0, *first));
        for to in rest {
            let next = self.changes_before(changes, *to);
            // What held before counts if it held for any time at all.
            let is_held = self.keys.get(changes).is_none_or(|key| key >> ORDER_BITS > from.0);
            let held = if is_held { self.level_before(changes) } else { 0 };
            peaks.push(held.max(self.peak_of(changes, next)));
            (from, changes) = (*to, next);
        }
    }

    /// The highest level from one change to before another.
    fn peak_of(&self, from: usize, to: usize) -> u32 {
        let count = self.levels.len();
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
