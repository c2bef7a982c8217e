//! How many stretches of time there are in each column of pixels, on average.
//!
//! Knows times and numbers, not traces. The cost of an answer grows with the number of columns, and only with
//! the logarithm of the number of stretches between two of them.

use engine::trace::Nanos;

/// The order of changes at the same time: ends, then beginnings, then the ends of stretches without length.
const ENDED: u64 = 0;
const BEGAN: u64 = 1;
const WAS_SHORT: u64 = 2;
/// The bits of a key that hold this order. The others hold the time.
const ORDER_BITS: u32 = 2;

/// How many changes are walked through one by one.
const BLOCK: usize = 16;

/// A collection of stretches of time.
#[derive(Clone, Debug, Default)]
pub struct Stretches(Vec<u64>);

impl Stretches {
    /// An empty collection with room for `count` stretches.
    pub fn with_room(count: usize) -> Stretches {
        Stretches(Vec::with_capacity(2 * count))
    }

    /// Adds a stretch.
    pub fn push(&mut self, start: Nanos, end: Nanos) {
        let end_order = if end > start { ENDED } else { WAS_SHORT };
        self.0.push(start.0 << ORDER_BITS | BEGAN);
        self.0.push(end.0 << ORDER_BITS | end_order);
    }

    fn sorted(mut self) -> Vec<u64> {
        if !self.0.is_sorted() {
            self.0.sort_unstable();
        }
        self.0
    }

    /// What the stretches cover.
    pub fn cover(self) -> Coverage {
        let keys = self.sorted();
        let mut blocks = Vec::with_capacity(keys.len().div_ceil(BLOCK));
        let mut past = Past::default();
        for block in keys.chunks(BLOCK) {
            blocks.push(Block { key: block[0], past });
            block.iter().for_each(|key| past.pass(*key));
        }
        Coverage { keys, blocks }
    }

    /// How many of the stretches there are, from each time at which that changes.
    pub fn count(self) -> Vec<(Nanos, u32)> {
        let mut past = Past::default();
        let mut levels: Vec<(Nanos, u32)> = Vec::new();
        let mut last = u64::MAX;
        for key in self.sorted() {
            // Stretches that end at the same time end together.
            if key == last && !is_begin(key) {
                levels.pop();
            }
            past.pass(key);
            levels.push((Nanos(key >> ORDER_BITS), past.open as u32));
            last = key;
        }
        levels
    }
}

/// Stretches of time, sorted for look-ups.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Coverage {
    /// The beginnings and ends, in order.
    keys: Vec<u64>,
    /// What happened before each block of keys, so that blocks can be skipped.
    blocks: Vec<Block>,
}

#[derive(Clone, PartialEq, Debug)]
struct Block {
    /// The first change of the block.
    key: u64,
    past: Past,
}

/// What has begun and ended so far. Sums may wrap, since only their differences are used.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
struct Past {
    /// How many stretches have begun and not ended.
    open: u64,
    /// The sum of the times of all beginnings, minus that of all ends.
    sum: u64,
}

impl Past {
    #[inline(always)]
    fn pass(&mut self, key: u64) {
        let sign = if is_begin(key) { 1 } else { u64::MAX };
        self.open = self.open.wrapping_add(sign);
        self.sum = self.sum.wrapping_add((key >> ORDER_BITS).wrapping_mul(sign));
    }

    /// How much time all stretches together cover before `at`.
    fn area(&self, at: Nanos) -> u64 {
        self.open.wrapping_mul(at.0).wrapping_sub(self.sum)
    }
}

fn is_begin(key: u64) -> bool {
    key & ((1 << ORDER_BITS) - 1) == BEGAN
}

impl Coverage {
    /// Whether there are no stretches.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The mean number of stretches between each two neighbours of `edges`, as a fraction of `whole`, where
    /// 255 is all of it. Never zero where there is a stretch, however short.
    pub fn shares(&self, edges: &[Nanos], whole: u32, shares: &mut Vec<u8>) {
        shares.clear();
        let Some((first, rest)) = edges.split_first() else { return };
        shares.resize(rest.len(), 0);
        let (mut change, mut past, mut from) = (0, Past::default(), *first);
        self.pass_until(from, &mut change, &mut past);
        let mut area = past.area(from);
        for (share, to) in shares.iter_mut().zip(rest) {
            let first_change = change;
            if self.keys.get(change).is_some_and(|key| *key < to.0 << ORDER_BITS) {
                self.pass_until(*to, &mut change, &mut past);
            } else if past.open == 0 {
                from = *to;
                continue;
            }
            let next_area = past.area(*to);
            let covered = next_area.wrapping_sub(area);
            let all = (to.0 - from.0).max(1) as f64 * f64::from(whole);
            *share = (covered as f64 * 255.0 / all) as u8; // saturates at 255
            if *share == 0
                && (covered > 0 || self.keys[first_change..change].iter().any(|key| is_begin(*key)))
            {
                *share = 1;
            }
            (area, from) = (next_area, *to);
        }
    }

    /// Passes all changes before `at`. `change` counts those that are past.
    #[inline(always)]
    fn pass_until(&self, at: Nanos, change: &mut usize, past: &mut Past) {
        let until = at.0 << ORDER_BITS;
        loop {
            let next_block = *change / BLOCK + 1;
            let end = (next_block * BLOCK).min(self.keys.len());
            for key in &self.keys[*change..end] {
                if *key >= until {
                    return;
                }
                past.pass(*key);
                *change += 1;
            }
            let skipped = leading(self.blocks.get(next_block..).unwrap_or_default(), |one| one.key < until);
            if skipped == 0 {
                return;
            }
            let block = next_block + skipped - 1;
            (*change, *past) = (block * BLOCK, self.blocks[block].past);
        }
    }
}

/// How many items at the start satisfy `are`; all that do must come first. Searches in ever longer strides,
/// so the number of steps is about twice the logarithm of the answer, however long the slice is.
pub fn leading<T>(sorted: &[T], are: impl Fn(&T) -> bool) -> usize {
    let (mut low, mut stride) = (0, 1);
    while sorted.get(low + stride - 1).is_some_and(&are) {
        low += stride;
        stride *= 2;
    }
    low + sorted[low..(low + stride - 1).min(sorted.len())].partition_point(are)
}
