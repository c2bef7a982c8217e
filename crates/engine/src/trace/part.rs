//! Traces in parts: what is new in a growing trace, to be sent elsewhere and joined there.

use super::Trace;

/// How far a trace was handed on.
#[derive(Default, Debug)]
pub struct Cursor {
    spans: usize,
    marks: usize,
    samples: usize,
    lanes: usize,
    gauges: usize,
    waits: usize,
    wakeups: usize,
    yields: usize,
    microtask_yields: u32,
}

impl Trace {
    /// What was recorded since this was last called with `cursor`, as a trace of its own. [`Trace::append`]
    /// joins such parts.
    pub fn since(&self, cursor: &mut Cursor) -> Trace {
        fn new<T: Clone>(all: &[T], seen: &mut usize) -> Vec<T> {
            let new = all.get(*seen..).unwrap_or_default().to_vec();
            *seen = all.len();
            new
        }
        Trace {
            spans: new(&self.spans, &mut cursor.spans),
            marks: new(&self.marks, &mut cursor.marks),
            samples: new(&self.samples, &mut cursor.samples),
            lanes: new(&self.lanes, &mut cursor.lanes),
            gauges: new(&self.gauges, &mut cursor.gauges),
            waits: new(&self.waits, &mut cursor.waits),
            wakeups: new(&self.wakeups, &mut cursor.wakeups),
            yields: new(&self.yields, &mut cursor.yields),
            microtask_yields: self.microtask_yields
                - std::mem::replace(&mut cursor.microtask_yields, self.microtask_yields),
            in_flight_limit: self.in_flight_limit,
            end: self.end,
            ..Trace::default()
        }
    }

    /// Appends the next part of a trace that was recorded elsewhere. If this trace is closed already, it
    /// stays so.
    pub fn append(&mut self, part: Trace) {
        part.spans.into_iter().for_each(|span| self.push_span(span));
        self.marks.extend(part.marks);
        self.samples.extend(part.samples);
        self.lanes.extend(part.lanes);
        self.gauges.extend(part.gauges);
        self.waits.extend(part.waits);
        part.wakeups.into_iter().for_each(|wakeup| self.push_wakeup(wakeup));
        self.yields.extend(part.yields);
        self.microtask_yields += part.microtask_yields;
        self.in_flight_limit = part.in_flight_limit.or(self.in_flight_limit);
        self.end = self.end.or(part.end);
    }
}
