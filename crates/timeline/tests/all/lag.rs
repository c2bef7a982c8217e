//! The lag of the loop follows from its turns.

use engine::trace::{Nanos, Span, SpanKind, TaskId, Trace};
use timeline::lag::lag;

fn trace(turns: &[(u64, u64)]) -> Trace {
    let mut trace = Trace::default();
    for (start, end) in turns {
        let (start, end) = (Nanos(*start), Nanos(*end));
        trace.push_span(Span::new(SpanKind::Turn, TaskId::NONE, start, end));
    }
    trace
}

fn told(turns: &[(u64, u64)], columns: usize, end: u64) -> Vec<u64> {
    lag(&trace(turns), columns, Nanos(end)).into_iter().map(|one| one.0).collect()
}

#[test]
fn what_comes_in_waits_for_the_end_of_the_turn() {
    assert_eq!(told(&[], 4, 100), [0, 0, 0, 0], "an idle loop is never late");
    assert_eq!(told(&[(0, 100)], 4, 100), [100, 75, 50, 25]);
    assert_eq!(told(&[(10, 20), (30, 60)], 4, 100), [10, 30, 10, 0]);
    assert_eq!(
        told(&[(0, 25), (25, 50)], 4, 100),
        [25, 25, 0, 0],
        "a turn that ends with a part is not in the next"
    );
}

#[test]
fn nothing_beyond_the_axis_counts() {
    assert_eq!(told(&[(50, 300)], 2, 100), [0, 250]);
    assert_eq!(told(&[(200, 300)], 2, 100), [0, 0]);
    assert!(told(&[(0, 5)], 0, 100).is_empty());
}
