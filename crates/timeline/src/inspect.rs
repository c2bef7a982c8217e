//! The loop inspector: what an event loop does, and what waits for it, at one moment of a trace.
//!
//! Knows only the trace, neither clocks nor the page. A stretch of time includes its start but not its end,
//! so when something begins, the wait for it is over.

use engine::number::sort;
use engine::trace::{Cause, Lane, Line, MarkKind, Nanos, Span, SpanKind, Trace};

/// The state of the loop at a moment.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Moment {
    /// What the thread does: the innermost span. `None` if it is idle.
    pub running: Option<Span>,
    /// How many futures can continue in this turn, as soon as the thread is free.
    pub microtasks: usize,
    /// How many wake-ups are due and wait for their turn, by cause.
    pub ready: Vec<(Cause, usize)>,
    /// When the timers are due that are set but not due yet, the next one first.
    pub timers: Vec<Nanos>,
    /// The requests in flight: sent, without the loop having seen the response.
    pub in_flight: usize,
    /// The requests in flight that wait at the server for a free slot.
    pub queued: usize,
}

/// The state of the loop at `moment`. In a trace that still grows, wake-ups that are outstanding are missing.
pub fn at(trace: &Trace, moment: Nanos) -> Moment {
    let mut found = Moment {
        running: running(trace, moment),
        in_flight: in_flight(trace, moment),
        queued: covering(trace, moment).filter(|span| span.kind() == SpanKind::Queued).count(),
        ..Moment::default()
    };
    for wakeup in trace.wakeups_near(moment).filter(|wakeup| wakeup.is_waiting(moment)) {
        match wakeup.cause {
            Cause::Microtask => found.microtasks += 1,
            source if wakeup.due <= moment => {
                match found.ready.binary_search_by_key(&source, |(source, _)| *source) {
                    Ok(place) => found.ready[place].1 += 1,
                    Err(place) => found.ready.insert(place, (source, 1)),
                }
            }
            Cause::Timer => found.timers.push(wakeup.due),
            // Still on the way from a server, another thread or the screen: the loop does not know of it yet.
            _ => {}
        }
    }
    sort(&mut found.timers, |due| due.0, Nanos);
    found
}

/// The lines of the strategy's source that run and wait at a moment.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Lines {
    /// The line that the thread runs. `None` if the thread is idle, or runs something else.
    pub running: Option<Line>,
    /// The lines that wait for I/O, for another thread or for each other, in ascending order.
    pub waiting: Vec<Line>,
}

/// The lines of the source at `moment`.
pub fn lines(trace: &Trace, moment: Nanos) -> Lines {
    let running =
        running(trace, moment).filter(|span| span.kind() != SpanKind::Turn).and_then(|span| span.line());
    let mut waits = [false; 1 + Line::MAX as usize];
    let mut note = |line: Option<Line>| waits[line.map_or(0, |line| line.get() as usize)] = true;
    let holds_thread = |span: &Span| span.lane == Lane::LOOP && span.kind() < SpanKind::Yield;
    for span in covering(trace, moment).filter(|span| !holds_thread(span)) {
        note(span.line());
    }
    if running.is_none() && moment < trace.end() {
        // Turns are recorded as they end.
        let is_last = |span: &&Span| span.kind() == SpanKind::Turn && span.end <= moment;
        note(trace.spans().iter().rev().find(is_last).and_then(Span::line));
    }
    let is_waiting = |line: &Line| waits[line.get() as usize] && Some(*line) != running;
    Lines { running, waiting: (1..=u32::from(Line::MAX)).filter_map(Line::new).filter(is_waiting).collect() }
}

fn covering(trace: &Trace, moment: Nanos) -> impl Iterator<Item = &Span> {
    trace.spans_near(moment, moment).filter(move |span| span.start <= moment && moment < span.end)
}

/// What the thread does: the innermost span.
fn running(trace: &Trace, moment: Nanos) -> Option<Span> {
    let of = |kind| covering(trace, moment).find(|span| span.kind() == kind && span.lane == Lane::LOOP);
    [SpanKind::Cpu, SpanKind::Blocked, SpanKind::Turn].into_iter().find_map(of).copied()
}

/// Requests that were sent and whose responses the loop has not seen.
pub fn in_flight(trace: &Trace, moment: Nanos) -> usize {
    let so_far = trace.marks().partition_point(|mark| mark.at <= moment);
    trace.marks()[..so_far].iter().fold(0usize, |level, mark| match mark.kind {
        MarkKind::RequestSent => level + 1,
        MarkKind::ResponseSeen => level.saturating_sub(1),
        _ => level,
    })
}
