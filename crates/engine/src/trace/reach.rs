//! Finds what was at a time without reading a whole trace: [`Reach`].

use super::Nanos;

/// From when to when the first so many things reach, the next so many, and so on: what is recorded together lies
/// close together, so most of a trace need not be read to find what was at a time.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Reach(pub(super) Vec<(Nanos, Nanos)>);

impl Reach {
    const BLOCK: usize = 256;

    /// Takes in thing number `number`.
    pub(super) fn push(&mut self, number: usize, start: Nanos, end: Nanos) {
        match self.0.get_mut(number / Self::BLOCK) {
            Some(reach) => *reach = (reach.0.min(start), reach.1.max(end)),
            None => self.0.push((start, end)),
        }
    }

    /// All of those that touch a stretch of time, and some others.
    pub(super) fn near<'a, T>(&'a self, all: &'a [T], from: Nanos, to: Nanos) -> impl Iterator<Item = &'a T> {
        let blocks = all.chunks(Self::BLOCK).zip(&self.0);
        blocks.filter(move |(_, (start, end))| *start <= to && *end >= from).flat_map(|(block, _)| block)
    }
}
