//! What the spans of a trace amount to, kind by kind, in one pass over them.

use engine::trace::{Lane, Nanos, SpanKind, Trace};

/// The spans of each kind.
pub struct Spent([OfKind; SpanKind::ALL.len()]);

/// The spans of one kind.
#[derive(Clone, Default)]
pub struct OfKind {
    /// How many there are.
    pub count: usize,
    /// How long they are, all together.
    pub total: Nanos,
    /// The length of the shortest.
    pub shortest: Option<Nanos>,
    /// The length of the longest.
    pub longest: Nanos,
    /// The lanes that have any.
    lanes: Vec<Lane>,
}

impl Spent {
    /// The spans of `trace`.
    pub fn of(trace: &Trace) -> Spent {
        let mut kinds: [OfKind; SpanKind::ALL.len()] = Default::default();
        for span in trace.spans() {
            let (of, duration) = (&mut kinds[span.kind() as usize], span.duration());
            of.count += 1;
            of.total += duration;
            of.shortest = Some(of.shortest.map_or(duration, |shortest| shortest.min(duration)));
            of.longest = of.longest.max(duration);
            // The loop's is the first of most kinds, and there are few others.
            if !of.lanes.contains(&span.lane) {
                of.lanes.push(span.lane);
            }
        }
        Spent(kinds)
    }

    /// Those of this kind.
    pub fn on(&self, kind: SpanKind) -> &OfKind {
        &self.0[kind as usize]
    }
}

impl OfKind {
    /// The total time divided by the number of lanes that have any.
    pub fn shared_out(&self) -> Nanos {
        Nanos(self.total.0 / self.lanes.len().max(1) as u64)
    }
}
