//! The loop inspector: what an event loop is at, and what waits for it, at one moment of a trace.
//!
//! Knows the trace and nothing else: neither clocks nor the page. Every stretch of time holds at its
//! start and no longer at its end, so at the moment when something begins, what it waited for is over.

use crate::number::sort;
use crate::trace::{Lane, MarkKind, Nanos, Source, Span, SpanKind, Trace};

/// The state of the loop at a moment.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Moment {
    /// What the thread does: the innermost span; nothing when it is idle.
    pub running: Option<Span>,
    /// Futures that can go on as soon as the thread is free, in this very turn.
    pub microtasks: usize,
    /// What could have its turn now and waits for it: how many of each source.
    pub ready: Vec<(Source, usize)>,
    /// When the timers are due that are set and not due yet, the next one first.
    pub timers: Vec<Nanos>,
    /// Requests that were sent and whose responses the loop has not seen.
    pub in_flight: usize,
    /// Those of them that wait at the server for a free slot.
    pub queued: usize,
}

/// The state of the loop at `moment`. Of a trace that still grows, what waits is not known yet.
pub fn at(trace: &Trace, moment: Nanos) -> Moment {
    let mut found = Moment {
        running: running(trace, moment),
        in_flight: in_flight(trace, moment),
        queued: trace.spans_of(SpanKind::Queued).filter(|span| covers(span, moment)).count(),
        ..Moment::default()
    };
    for wakeup in trace.wakeups().iter().filter(|wakeup| wakeup.is_waiting(moment)) {
        match wakeup.source {
            Source::Microtask => found.microtasks += 1,
            source if wakeup.due <= moment => {
                match found.ready.binary_search_by_key(&source, |(source, _)| *source) {
                    Ok(place) => found.ready[place].1 += 1,
                    Err(place) => found.ready.insert(place, (source, 1)),
                }
            }
            Source::Timer => found.timers.push(wakeup.due),
            // On its way, from a server, another thread or the screen: nothing that the loop knows of.
            _ => {}
        }
    }
    sort(&mut found.timers, |due| due.0, Nanos);
    found
}

fn covers(span: &Span, moment: Nanos) -> bool {
    span.start <= moment && moment < span.end
}

fn running(trace: &Trace, moment: Nanos) -> Option<Span> {
    let of = |kind: SpanKind| {
        trace.spans_of(kind).find(|span| span.lane == Lane::LOOP && covers(span, moment)).copied()
    };
    [SpanKind::Cpu, SpanKind::Blocked, SpanKind::Turn].into_iter().find_map(of)
}

fn in_flight(trace: &Trace, moment: Nanos) -> usize {
    let so_far = trace.marks().partition_point(|mark| mark.at <= moment);
    let count = |kind: MarkKind| trace.marks()[..so_far].iter().filter(|mark| mark.kind == kind).count();
    count(MarkKind::RequestSent).saturating_sub(count(MarkKind::ResponseSeen))
}
