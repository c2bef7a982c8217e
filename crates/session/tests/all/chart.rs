//! Charts as drawings: every point has its place, ticks are round, and gaps stay gaps.

use session::chart::{Picture, SIZE, picture, place};
use session::sweep::{Request, sweep};
use virtual_clock::Conditions;

fn drawn(query: &str, param: &str, metric: &str) -> Picture {
    let (address, param, metric) = (query.to_string(), param.to_string(), metric.to_string());
    let chart = sweep(&Request { address, param, metric, points: 11, seeds: 3 }, Conditions::IDEAL).unwrap();
    picture(&chart).unwrap()
}

fn values(ticks: &[session::chart::Tick]) -> Vec<f64> {
    ticks.iter().map(|tick| tick.value).collect()
}

/// The numbers in a path.
fn numbers(path: &str) -> Vec<f64> {
    path.split(|one: char| !one.is_ascii_digit() && one != '-').filter_map(|one| one.parse().ok()).collect()
}

#[test]
fn ticks_are_round_and_stand_where_their_values_are() {
    let even = drawn("tasks=10&latency_ms=100&strategies=blocking", "cpu_ms", "makespan_ms");
    assert_eq!(values(&even.x_ticks), [0.0, 50.0, 100.0, 150.0, 200.0]);
    assert_eq!(even.x_ticks[2].at, SIZE / 2.0);
    assert_eq!(values(&even.y_ticks), [0.0, 500.0, 1_000.0, 1_500.0, 2_000.0, 2_500.0, 3_000.0]);
    assert_eq!(even.y_ticks[0].at, SIZE, "zero is at the bottom");
    // Numbers that differ by orders of magnitude get a logarithmic axis.
    let steep = drawn("cpu_ms=1&strategies=no-io", "tasks", "makespan_ms");
    assert_eq!(values(&steep.y_ticks), [1.0, 10.0, 100.0, 1_000.0, 10_000.0, 100_000.0]);
    assert_eq!(values(&steep.x_ticks), [1.0, 10.0, 100.0, 1_000.0, 10_000.0, 100_000.0]);
    let gaps: Vec<_> = steep.y_ticks.windows(2).map(|pair| pair[0].at - pair[1].at).collect();
    assert!(gaps.iter().all(|gap| (gap - gaps[0]).abs() < 1e-6), "{gaps:?}");
}

#[test]
fn everything_that_is_drawn_is_within_the_picture() {
    for (query, param, metric) in [
        ("lab=shared-workload&jitter_percent=100", "latency_ms", "io_latency_ms.p95"),
        ("lab=dishes&jitter_percent=100", "rack", "makespan_ms"),
        ("lab=yield-interval&tasks=50", "cpu_ms", "lab_metrics.input_delay_p95_ms"),
        ("lab=shared-state", "writers", "makespan_ms"),
    ] {
        let picture = drawn(query, param, metric);
        for line in &picture.lines {
            for path in [&line.path, &line.dots, &line.band] {
                assert!(numbers(path).iter().all(|number| (0.0..=SIZE).contains(number)), "{query}: {path}");
            }
        }
        assert!(picture.lines.iter().any(|line| !line.path.is_empty()), "{query}");
    }
    let random = drawn("lab=dishes&jitter_percent=100&strategies=alone", "dishes", "makespan_ms");
    assert!(!random.lines[0].band.is_empty(), "where chance plays a part there is a band");
}

#[test]
fn a_choice_has_dots_and_no_line_and_a_deadlock_has_neither() {
    let choice = drawn("lab=shared-workload&tasks=20", "worker_start", "makespan_ms");
    assert!(
        choice.x_ticks.is_empty()
            && choice.lines.iter().all(|line| line.path.is_empty() && !line.dots.is_empty())
    );
    let deadlock = drawn("lab=shared-state&strategies=locked,two-locks-crossed", "updates", "makespan_ms");
    let dots = |line: usize| deadlock.lines[line].dots.matches('M').count();
    assert!(dots(1) < dots(0), "{} and {}", dots(1), dots(0));
}

#[test]
fn values_between_two_points_stand_between_them() {
    let params = [1.0, 2.0, 10.0];
    assert_eq!(place(&params, 2.0), Some(SIZE / 2.0));
    assert_eq!(place(&params, 6.0), Some(SIZE * 0.75));
    assert_eq!((place(&params, 0.5), place(&params, 11.0), place(&[], 1.0)), (None, None, None));
}
