//! The timeline shows what the trace says, at any width, and nothing vanishes.

use loopscope::lab::Lab;
use loopscope::predict::predict;
use loopscope::runtime::event_loop::Conditions;
use loopscope::timeline::{BarKind, Viewport, in_flight, in_flight_at, loop_bars, loop_span_at, ticks};
use loopscope::timeline::{lane_bars, lane_span_at, level_at, levels};
use loopscope::trace::{Lane, MarkKind, Nanos, Span, SpanKind, TaskId, Trace};
use proptest::prelude::*;

const MS: u64 = 1_000_000;

fn view(to: u64, width: f64) -> Viewport {
    Viewport { from: Nanos::ZERO, to: Nanos(to), width }
}

fn trace_of(strategy: &str, tasks: f64) -> Trace {
    let lab = Lab::find("shared-workload").unwrap();
    let mut values = lab.defaults();
    values.set("tasks", tasks);
    predict(lab.strategy(strategy).unwrap(), &values, Conditions::IDEAL).trace
}

#[test]
fn a_span_of_ten_microseconds_still_gets_a_pixel() {
    let mut trace = Trace::default();
    let (start, end) = (Nanos(500 * MS), Nanos(500 * MS + 10_000));
    trace.push_span(Span { start, end, task: TaskId(0), lane: Lane::LOOP, kind: SpanKind::Cpu });
    let bars = loop_bars(&trace, view(1_000 * MS, 100.0));
    assert_eq!(bars.len(), 1);
    assert!(bars[0].width >= 1.0);
    assert_eq!(bars[0].x, 50.0);
}

#[test]
fn the_number_of_bars_is_bounded_by_the_width() {
    let trace = trace_of("one-at-a-time", 20_000.0);
    for width in [50.0, 300.0, 1_000.0] {
        let bars = loop_bars(&trace, view(trace.end().0, width));
        assert!(bars.len() as f64 <= 2.0 * width + 1.0, "{} bars on {width} pixels", bars.len());
    }
}

#[test]
fn what_melts_together_is_covered_as_much_as_the_loop_was_busy() {
    let trace = trace_of("one-at-a-time", 6_000.0);
    let bars = loop_bars(&trace, view(trace.end().0, 500.0));
    let covered: f64 =
        bars.iter().filter(|bar| bar.kind == BarKind::Cpu).map(|bar| bar.width * bar.share).sum();
    let busy = 500.0 * 16.0 / 116.0;
    assert!((covered - busy).abs() < 1.0, "{covered} pixels covered, {busy} busy");
}

#[test]
fn a_long_turn_is_a_freeze_and_a_short_one_is_not() {
    let freezes = |strategy: &str| {
        let trace = trace_of(strategy, 60.0);
        let bars = loop_bars(&trace, view(trace.end().0, 500.0));
        bars.iter().filter(|bar| bar.kind == BarKind::Freeze).count()
    };
    assert_eq!(freezes("gather-all"), 1);
    assert_eq!(freezes("yielding"), 0);
}

#[test]
fn pointing_finds_what_ran() {
    let trace = trace_of("one-at-a-time", 3.0);
    let at = |ms: u64| loop_span_at(&trace, Nanos(ms * MS), Nanos::ZERO);
    assert_eq!(at(8).map(|span| (span.kind, span.task)), Some((SpanKind::Cpu, TaskId(0))));
    assert_eq!(at(60), None, "the loop is idle while the save is on its way");
    assert_eq!(at(120).map(|span| (span.kind, span.task)), Some((SpanKind::Cpu, TaskId(1))));
    assert_eq!(in_flight_at(&trace, Nanos(60 * MS)), 1);
    assert_eq!(in_flight_at(&trace, Nanos(120 * MS)), 0);
}

#[test]
fn an_axis_has_round_times() {
    assert_eq!(
        ticks(view(1_000 * MS, 500.0), 100.0),
        [0, 200, 400, 600, 800, 1_000].map(|ms| Nanos(ms * MS))
    );
    assert!(ticks(view(1, 500.0), 100.0).len() <= 2, "a very short stretch");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// The level drawn is never above the most in flight, and reaches it somewhere.
    #[test]
    fn the_level_is_the_one_of_the_trace(tasks in 1..200u32, width in 10..900u32) {
        let trace = trace_of("yielding", f64::from(tasks));
        let levels = in_flight(&trace, view(trace.end().0 + 1, f64::from(width)));
        let (mut level, mut most) = (0i64, 0i64);
        for mark in trace.marks() {
            level += match mark.kind {
                MarkKind::RequestSent => 1,
                MarkKind::ResponseSeen => -1,
                _ => 0,
            };
            most = most.max(level);
        }
        prop_assert_eq!(levels.iter().copied().max().map(i64::from), Some(most));
    }

    #[test]
    fn a_pixel_and_its_time_agree(x in 0.0..800.0f64) {
        let view = view(7_000 * MS, 800.0);
        prop_assert!((view.x(view.time(x)) - x).abs() < 0.001);
    }
}

#[test]
fn those_beside_the_loop_have_lanes_and_gauges() {
    let lab = Lab::find("dishes").unwrap();
    let trace = predict(lab.strategy("rack").unwrap(), &lab.defaults(), Conditions::IDEAL).trace;
    let view = view(18_000 * MS, 180.0); // ten pixels a second
    let bars = |lane: u16| -> Vec<_> {
        lane_bars(&trace, Lane(lane), view).into_iter().map(|bar| (bar.kind, bar.x, bar.width)).collect()
    };
    assert_eq!(bars(1), [(BarKind::Work, 0.0, 80.0)], "the washer never waits");
    assert_eq!(bars(2), [(BarKind::Waiting, 0.0, 20.0), (BarKind::Work, 20.0, 160.0)]);
    assert_eq!(loop_bars(&trace, view), [], "and the loop is free");
    let kind_at = |lane, second: u64| {
        lane_span_at(&trace, Lane(lane), Nanos(second * 1_000 * MS), Nanos::ZERO).map(|span| span.kind)
    };
    assert_eq!(
        [kind_at(2, 1), kind_at(2, 5), kind_at(1, 10)],
        [Some(SpanKind::Waiting), Some(SpanKind::Work), None]
    );
    // The dryer takes the first dish at once; of the others two lie on the rack from the eighth second on.
    let (gauge, _) = trace.gauges().next().unwrap();
    let levels = levels(&trace, gauge, view);
    assert_eq!([10, 50, 70, 90, 110, 150].map(|x| levels[x]), [0, 1, 1, 2, 1, 0]);
    assert_eq!(
        [5u64, 9].map(|second| level_at(&trace, gauge, Nanos(second * 1_000 * MS))),
        [Some(1), Some(2)]
    );
}
