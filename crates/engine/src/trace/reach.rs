//! Finds what happened at a time without reading a whole trace: [`Reach`].

use super::Nanos;

/// The earliest start and the latest end in each block of 256 items. Items recorded together are close in
/// time, so most blocks need not be read to find what happened at a time.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Reach(pub(super) Vec<(Nanos, Nanos)>);

impl Reach {
    const BLOCK: usize = 256;

    /// Takes in the item with this index. Items must be pushed in order.
    pub(super) fn push(&mut self, number: usize, start: Nanos, end: Nanos) {
        match self.0.get_mut(number / Self::BLOCK) {
            Some(reach) => *reach = (reach.0.min(start), reach.1.max(end)),
            None => self.0.push((start, end)),
        }
    }

    /// All items that touch a stretch of time, and some others.
    pub(super) fn near<'a, T>(&'a self, all: &'a [T], from: Nanos, to: Nanos) -> impl Iterator<Item = &'a T> {
        let blocks = all.chunks(Self::BLOCK).zip(&self.0);
        blocks.filter(move |(_, (start, end))| *start <= to && *end >= from).flat_map(|(block, _)| block)
    }
}
