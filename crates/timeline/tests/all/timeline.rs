//! The timeline shows what the trace says, at any width, and nothing vanishes.

use std::cell::Cell;

use engine::trace::{Lane, MarkKind, Nanos, Span, SpanKind, TaskId, Trace};
use proptest::prelude::*;
use session::predict;
use session::words::moment;
use texts::Language;
use timeline::coverage::{Coverage, Stretches, leading};
use timeline::index::{Index, MOST_TASK_LANES};
use timeline::inspect::in_flight;
use timeline::levels::Levels;
use timeline::picture::{Colour, Indexed, Layout, Palette, Part, Picture, Scene};
use timeline::{Viewport, event_after, event_before, lane_span_at, level_at, loop_span_at, phases, ticks};
use virtual_clock::Conditions;

const MS: u64 = 1_000_000;

const TRACK: Colour = [200, 0, 0, 255];
const CPU: Colour = [100, 0, 0, 255];
const FREEZE: Colour = [50, 0, 0, 255];
const OUTLINE: Colour = [10, 0, 0, 255];

fn palette() -> Palette {
    Palette { track: TRACK, cpu: CPU, freeze: FREEZE, outline: OUTLINE, ..Palette::default() }
}

fn view(to: u64, width: f64) -> Viewport {
    Viewport { from: Nanos::ZERO, to: Nanos(to), width }
}

fn edges(to: u64, columns: u64) -> Vec<Nanos> {
    (0..=columns).map(|column| Nanos(to * column / columns)).collect()
}

fn trace_of(strategy: &str, tasks: f64) -> Trace {
    let lab = testing::lab("shared-workload");
    let mut values = lab.defaults();
    values.set("tasks", tasks);
    predict(lab.strategy(strategy).unwrap(), &values, Conditions::IDEAL).trace
}

fn span(start: u64, end: u64, lane: Lane, kind: SpanKind) -> Span {
    Span::new(kind, TaskId(0), Nanos(start), Nanos(end)).on(lane)
}

fn draw(predicted: Option<&Trace>, measured: Option<&Trace>, view: Viewport, ratio: f64) -> Picture {
    let indices = [predicted, measured].map(|trace| trace.map(Index::of));
    let [predicted_index, measured_index] = &indices;
    let scene = Scene {
        predicted: predicted.zip(predicted_index.as_ref()).map(|(trace, index)| Indexed { trace, index }),
        measured: measured.zip(measured_index.as_ref()).map(|(trace, index)| Indexed { trace, index }),
        view,
        ratio,
        layout: Layout::of(predicted_index.as_ref(), measured_index.as_ref(), false),
        most_in_flight: 1,
        task: None,
    };
    let mut picture = Picture::default();
    picture.draw(&scene, &palette());
    picture
}

/// The share that a kind on the loop's lane has of each column.
fn shares(trace: &Trace, kind: SpanKind, edges: &[Nanos]) -> Vec<u8> {
    let index = Index::of(trace);
    let mut shares = Vec::new();
    for (_, coverage) in index.lanes[0].iter().filter(|(one, _)| *one == kind) {
        coverage.shares(edges, 1, &mut shares);
    }
    shares
}

#[test]
fn a_span_of_ten_microseconds_is_seen_at_any_zoom() {
    let mut trace = Trace::default();
    trace.push_span(span(500 * MS, 500 * MS + 10_000, Lane::LOOP, SpanKind::Cpu));
    trace.push_span(span(700 * MS, 700 * MS, Lane::LOOP, SpanKind::Cpu));
    for width in [10.0, 100.0, 1_000.0] {
        let picture = draw(None, Some(&trace), view(3_600_000 * MS, width), 1.0);
        let column = (0..picture.width).find(|x| picture.pixel(*x, 10).unwrap() != TRACK);
        assert_eq!(column, Some(0), "at the very start of an hour on {width} pixels");
    }
    let shares = shares(&trace, SpanKind::Cpu, &edges(1_000 * MS, 100));
    let seen: Vec<_> = (0..100).filter(|column| shares[*column] > 0).collect();
    assert_eq!(seen, [50, 70], "one that took no time at all is seen as well");
}

#[test]
fn dense_spans_cover_as_much_as_the_loop_was_busy() {
    let trace = trace_of("one-at-a-time", 6_000.0);
    let shares = shares(&trace, SpanKind::Cpu, &edges(trace.end().0, 500));
    let covered: f64 = shares.iter().map(|share| f64::from(*share) / 255.0).sum();
    let busy = 500.0 * 16.0 / 116.0;
    assert!((covered - busy).abs() < 2.0, "{covered} pixels covered, {busy} busy");
}

#[test]
fn a_long_turn_is_a_freeze_and_a_short_one_is_not() {
    let frozen = |strategy: &str| {
        let trace = trace_of(strategy, 60.0);
        let picture = draw(None, Some(&trace), view(trace.end().0, 500.0), 1.0);
        (0..500).filter(|x| picture.pixel(*x, 0) == Some(FREEZE)).count()
    };
    assert!(frozen("gather-all") > 400);
    assert_eq!(frozen("yielding"), 0);
}

#[test]
fn the_prediction_is_an_outline_over_the_measurement() {
    let at = |start: u64, end: u64| {
        let mut trace = Trace::default();
        trace.push_span(span(start * MS, end * MS, Lane::LOOP, SpanKind::Cpu));
        trace
    };
    let (predicted, measured) = (at(10, 30), at(20, 60));
    let picture = draw(Some(&predicted), Some(&measured), view(100 * MS, 100.0), 1.0);
    let middle = |x: usize| picture.pixel(x, 12).unwrap();
    assert_eq!([middle(10), middle(29)], [OUTLINE, OUTLINE], "its edges");
    assert_eq!([middle(15), middle(25), middle(50)], [TRACK, CPU, CPU], "inside of them what was measured");
    assert_eq!(picture.pixel(15, 5), Some(OUTLINE), "its upper edge");
    let alone = draw(Some(&predicted), None, view(100 * MS, 100.0), 1.0);
    let pale = alone.pixel(20, 12).unwrap();
    assert!(pale != TRACK && pale != CPU && pale[3] == 255, "alone it is filled, but pale: {pale:?}");
}

#[test]
fn a_picture_has_as_many_pixels_as_the_screen() {
    let trace = trace_of("yielding", 20.0);
    for ratio in [1.0, 1.25, 2.0, 3.0] {
        let picture = draw(Some(&trace), None, view(trace.end().0, 400.0 * ratio), ratio);
        assert_eq!(picture.width as f64, 400.0 * ratio);
        assert_eq!(picture.pixels.len(), picture.width * picture.height);
        assert_eq!(picture.height as f64, (53.0 * ratio).round());
    }
}

#[test]
fn pointing_finds_what_ran() {
    let trace = trace_of("one-at-a-time", 3.0);
    let at = |ms: u64| loop_span_at(&trace, Nanos(ms * MS), Nanos::ZERO);
    assert_eq!(at(8).map(|span| (span.kind(), span.task)), Some((SpanKind::Cpu, TaskId(0))));
    assert_eq!(at(60), None, "the loop is idle while the save is in flight");
    assert_eq!(at(120).map(|span| (span.kind(), span.task)), Some((SpanKind::Cpu, TaskId(1))));
    assert_eq!(in_flight(&trace, Nanos(60 * MS)), 1);
    assert_eq!(in_flight(&trace, Nanos(120 * MS)), 0);
}

#[test]
fn a_task_has_its_phases() {
    let trace = trace_of("gather-all", 2.0);
    let index = Index::of(&trace);
    let phases = phases(&index.life(&trace, TaskId(0)));
    assert_eq!(phases, [(SpanKind::Cpu, Nanos(16 * MS)), (SpanKind::Service, Nanos(100 * MS))]);
    let life = index.life(&trace, TaskId(1));
    assert!(life.iter().all(|span| span.task == TaskId(1)) && life.is_sorted_by_key(|span| span.start));
    assert_eq!(life.len(), trace.spans().iter().filter(|span| span.task == TaskId(1)).count());
    assert_eq!(index.life(&trace, TaskId(77)), [], "nobody");
}

#[test]
fn events_are_stepped_through_both_ways() {
    let trace = trace_of("one-at-a-time", 2.0);
    let mut onwards = vec![Nanos::ZERO];
    while let Some(next) = event_after(&trace, onwards[onwards.len() - 1]) {
        onwards.push(next);
    }
    assert_eq!(onwards.last(), Some(&trace.end()));
    let mut back = vec![trace.end()];
    while let Some(previous) = event_before(&trace, back[back.len() - 1]) {
        back.push(previous);
    }
    back.reverse();
    assert_eq!(onwards, back);
    assert!(onwards.contains(&Nanos(16 * MS)) && onwards.contains(&Nanos(116 * MS)));
}

#[test]
fn every_task_has_a_lane_until_there_are_too_many() {
    for (tasks, lanes, per_lane) in [(12.0, 12, 1), (40.0, 40, 1), (200.0, MOST_TASK_LANES, 5)] {
        let trace = trace_of("yielding", tasks);
        let index = Index::of(&trace);
        assert_eq!((index.tasks(&trace).len(), index.tasks_per_lane()), (lanes, per_lane));
        let layout = Layout::of(Some(&index), None, true);
        assert!(layout.height() > Layout::of(Some(&index), None, false).height());
        assert_eq!(layout.part_at(layout.height() - 1.0), Part::Task(TaskId(tasks as u32 - per_lane as u32)));
    }
}

#[test]
fn an_axis_has_round_times() {
    assert_eq!(
        ticks(view(1_000 * MS, 500.0), 100.0),
        [0, 200, 400, 600, 800, 1_000].map(|ms| Nanos(ms * MS))
    );
    assert!(ticks(view(1, 500.0), 100.0).len() <= 2, "a very short stretch");
    // From a minute on, times are counted as a clock counts them, and told as exactly as they stand there.
    let told = |seconds: u64| {
        let found = ticks(view(seconds * 1_000 * MS, 500.0), 100.0);
        let step = found[1].since(found[0]);
        found.into_iter().map(|at| moment(Language::English, at, step)).collect::<Vec<_>>()
    };
    assert_eq!(told(83), ["0 ms", "20 s", "40 s", "60 s", "80 s"]);
    assert_eq!(told(130), ["0 ms", "30 s", "1 min", "1.5 min", "2 min"]);
    assert_eq!(told(2_280), ["0 ms", "10 min", "20 min", "30 min"]);
    assert_eq!(told(36_000), ["0 ms", "2 h", "4 h", "6 h", "8 h", "10 h"]);
}

/// A trace of spans of any length in any order, many more than a block.
fn shuffled(starts: &[(u64, u64)]) -> Trace {
    let mut trace = Trace::default();
    for (number, (start, length)) in starts.iter().enumerate() {
        let kind = [SpanKind::Cpu, SpanKind::Yield, SpanKind::Turn][number % 3];
        trace.push_span(Span::new(kind, TaskId(number as u32), Nanos(*start), Nanos(start + length)));
    }
    trace
}

proptest! {
    #![proptest_config(testing::cases(64))]

    /// The level drawn is never above the most requests in flight, and reaches it somewhere.
    #[test]
    fn the_level_is_the_one_of_the_trace(tasks in 1..200u32, width in 10..900u64) {
        let trace = trace_of("yielding", f64::from(tasks));
        let mut levels = Vec::new();
        Index::of(&trace).in_flight.peaks(&edges(trace.end().0 + 1, width), &mut levels);
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

    /// Columns show how many stretches there are, whatever the stretches and the view.
    #[test]
    fn columns_show_the_mean_and_the_peak(
        spans in proptest::collection::vec((0..200u64, 0..30u64), 0..400),
        (start, length) in (0..240u64, 1..240u64),
        columns in 1..120u64,
    ) {
        let mut stretches = Stretches::default();
        spans.iter().for_each(|(start, length)| stretches.push(Nanos(*start), Nanos(start + length)));
        let levels = Levels::of(stretches.clone().count());
        let edges: Vec<_> = edges(length, columns.min(length)).into_iter().map(|edge| edge + Nanos(start)).collect();
        let (mut shares, mut peaks) = (Vec::new(), Vec::new());
        stretches.cover().shares(&edges, 100, &mut shares);
        levels.peaks(&edges, &mut peaks);
        for (column, pair) in edges.windows(2).enumerate() {
            let (from, to) = (pair[0].0, pair[1].0);
            let at = |moment: u64| spans.iter().filter(|(start, length)| (*start..start + length).contains(&moment)).count();
            let covered: usize = (from..to).map(at).sum();
            let touched = covered > 0 || spans.iter().any(|(start, length)| *length == 0 && (from..to).contains(start));
            let share = (covered as f64 * 255.0 / (100 * (to - from).max(1)) as f64) as u8;
            prop_assert_eq!(shares[column], if touched { share.max(1) } else { 0 });
            let most = (from..to).map(at).max().unwrap_or_default() as u32;
            prop_assert!(peaks[column] >= most && (most > 0 || touched || peaks[column] == 0));
        }
    }

    /// Look-ups that skip most of a trace find the same as reading all of it.
    #[test]
    fn lookups_agree_with_reading_everything(
        spans in proptest::collection::vec((0..5_000u64, 0..9u64), 0..900),
        at in 0..5_010u64,
        within in 0..9u64,
    ) {
        let trace = shuffled(&spans);
        let events = || trace.spans().iter().flat_map(|span| [span.start.0, span.end.0]).chain([0, trace.end().0]);
        prop_assert_eq!(event_after(&trace, Nanos(at)).map(|at| at.0), events().filter(|event| *event > at).min());
        prop_assert_eq!(event_before(&trace, Nanos(at)).map(|at| at.0), events().filter(|event| *event < at).max());
        let near = |span: &&Span| span.start.0 <= at + within && span.end.0 + within >= at;
        let shortest = trace.spans().iter().filter(near).map(|span| span.duration()).min();
        let found = lane_span_at(&trace, Lane::LOOP, Nanos(at), Nanos(within));
        prop_assert_eq!(found.map(|span| span.duration()), shortest);
        prop_assert_eq!(loop_span_at(&trace, Nanos(at), Nanos(within)).is_some(), shortest.is_some());
    }

    #[test]
    fn a_pixel_and_its_time_agree(x in 0.0..800.0f64) {
        let view = view(7_000 * MS, 800.0);
        prop_assert!((view.x(view.time(x)) - x).abs() < 0.001);
    }
}

#[test]
fn other_actors_have_lanes_and_gauges() {
    let lab = testing::lab("dishes");
    let trace = predict(lab.strategy("rack").unwrap(), &lab.defaults(), Conditions::IDEAL).trace;
    let index = Index::of(&trace);
    let edges = edges(18_000 * MS, 180); // ten columns a second
    let columns = |lane: usize| -> Vec<_> {
        let found = |(kind, coverage): &(SpanKind, Coverage)| {
            let mut shares = Vec::new();
            coverage.shares(&edges, 1, &mut shares);
            let first = shares.iter().position(|share| *share > 0).unwrap();
            (*kind, first, shares.iter().filter(|share| **share > 0).count())
        };
        index.lanes[lane].iter().map(found).collect()
    };
    assert_eq!(columns(1), [(SpanKind::Work, 0, 80)], "the washer never waits");
    assert_eq!(columns(2), [(SpanKind::Waiting, 0, 20), (SpanKind::Work, 20, 160)]);
    assert_eq!(columns(0), [], "and the loop is free");
    let kind_at = |lane, second: u64| {
        lane_span_at(&trace, Lane(lane), Nanos(second * 1_000 * MS), Nanos::ZERO).map(|span| span.kind())
    };
    assert_eq!(
        [kind_at(2, 1), kind_at(2, 5), kind_at(1, 10)],
        [Some(SpanKind::Waiting), Some(SpanKind::Work), None]
    );
    // The dryer takes the first dish at once. Of the others, two are on the rack from the eighth second on.
    let (gauge, _) = trace.gauges().next().unwrap();
    let mut levels = Vec::new();
    index.gauges[0].peaks(&edges, &mut levels);
    assert_eq!([10, 50, 70, 90, 110, 150].map(|x| levels[x]), [0, 1, 1, 2, 1, 0]);
    assert_eq!(
        [5u64, 9].map(|second| level_at(&trace, gauge, Nanos(second * 1_000 * MS))),
        [Some(1), Some(2)]
    );
    let layout = Layout::of(Some(&index), None, false);
    assert_eq!(
        [10.0, 36.0, 48.0].map(|y| layout.part_at(y)),
        [Part::Loop, Part::Lane(Lane(1)), Part::Lane(Lane(2))]
    );
}

/// Work is bounded by pixels: changes between two columns are not read one by one.
#[test]
fn a_million_changes_are_skipped_in_a_few_steps() {
    let sorted: Vec<u64> = (0..1_000_000).collect();
    for answer in [0, 1, 7, 100, 5_000, 999_999, 1_000_000] {
        let asked = Cell::new(0u32);
        let is_less = |one: &u64| {
            asked.set(asked.get() + 1);
            *one < answer
        };
        assert_eq!(leading(&sorted, is_less) as u64, answer);
        let most = 2 * (answer + 1).ilog2() + 2;
        assert!(asked.get() <= most, "{} questions to find {answer}", asked.get());
    }
}
