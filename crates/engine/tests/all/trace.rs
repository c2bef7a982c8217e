//! The trace is compact and keeps what it was given, even when it is sent to another thread in parts.

use engine::trace::{Cursor, Line, MarkKind, Nanos, Outcome, Span, SpanKind, TaskId, Trace};
use testing::core_lab;

#[test]
fn a_million_spans_fit_in_32_megabytes() {
    let mut trace = Trace::default();
    for number in 0..1_000_000u32 {
        let start = Nanos(u64::from(number) * 1_000);
        let (end, task) = (start + Nanos(900), TaskId(number));
        trace.push_span(Span::new(SpanKind::Cpu, task, start, end));
    }
    assert_eq!(trace.spans().len(), 1_000_000);
    assert!(trace.bytes() <= 32_000_000, "{} bytes", trace.bytes());
}

#[test]
fn a_span_keeps_its_line_far_down_a_file() {
    for number in [1, 255, 256, 2_000, Line::MAX] {
        for kind in SpanKind::ALL {
            let line = Line::new(number.into());
            let span = Span::new(kind, TaskId(7), Nanos(1), Nanos(2)).at(line);
            assert_eq!((span.kind(), span.line().map(Line::get)), (kind, Some(number)));
        }
    }
    assert_eq!(size_of::<Span>(), 24);
    assert_eq!(Line::new(0), None);
    assert_eq!(Line::new(u32::from(Line::MAX) + 1), None);
}

#[test]
fn the_first_outcome_stands() {
    let mut trace = Trace::default();
    trace.push_mark(MarkKind::TaskCompleted, TaskId(0), Nanos(5));
    assert_eq!(trace.end(), Nanos(5));
    trace.finish(Nanos(7), Outcome::Cancelled);
    trace.finish(Nanos(9), Outcome::Finished);
    assert_eq!((trace.end(), trace.outcome()), (Nanos(7), Some(Outcome::Cancelled)));
}

#[test]
fn odd_milliseconds_become_valid_times() {
    assert_eq!(Nanos::from_ms(-3.0), Nanos::ZERO);
    assert_eq!(Nanos::from_ms(f64::NAN), Nanos::ZERO);
    assert_eq!(Nanos::from_ms(1.5), Nanos(1_500_000));
    assert_eq!(Nanos(u64::MAX) + Nanos(1), Nanos(u64::MAX));
}

#[test]
fn the_parts_of_a_trace_make_the_whole() {
    for (strategy, _) in core_lab(&[], &[]) {
        let whole = testing::trace(strategy, &testing::lab("shared-workload").defaults());
        let (mut growing, mut cursor, mut put_together) =
            (Trace::default(), Cursor::default(), Trace::default());
        for round in 0..3 {
            // First an empty trace, then all of it, then nothing new.
            if round == 1 {
                growing.append(whole.since(&mut Cursor::default()));
            }
            let part = growing.since(&mut cursor);
            put_together.append(part);
        }
        assert_eq!(put_together, whole, "{}", strategy.id);
    }
}
