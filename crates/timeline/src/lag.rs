//! How long something that arrives has to wait for the event loop, over the time of a run. Knows only the
//! trace.

use engine::trace::{Nanos, SpanKind, Trace};

/// The longest wait that begins within each of `columns` equal parts of the time until `end`.
///
/// The loop is free between turns. What arrives during a turn waits for its end, so in every part that it
/// overlaps, a turn counts from its own start or that of the part, whichever is later.
pub fn lag(trace: &Trace, columns: usize, end: Nanos) -> Vec<Nanos> {
    let mut lags = vec![Nanos::ZERO; columns];
    let part = (end.0 / columns.max(1) as u64).max(1);
    for turn in trace.spans_of(SpanKind::Turn) {
        let first = (turn.start.0 / part) as usize;
        let last = (turn.end.0.saturating_sub(1) / part) as usize;
        for (column, lag) in lags.iter_mut().enumerate().take(last + 1).skip(first) {
            let from = turn.start.max(Nanos(column as u64 * part));
            *lag = (*lag).max(turn.end.since(from));
        }
    }
    lags
}
