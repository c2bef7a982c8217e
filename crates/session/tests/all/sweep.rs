//! Sweeps: the right points, bands only where chance plays a part, and the best strategy at each place.

use session::sweep::{Chart, Problem, Request, Series, Sweep, sweep};
use texts::Language;
use virtual_clock::Conditions;

fn request(query: &str, param: &str, metric: &str, points: usize) -> Request {
    let address = format!("lab=shared-workload&{query}");
    Request { address, param: param.to_string(), metric: metric.to_string(), points, seeds: 5 }
}

fn chart(query: &str, param: &str, metric: &str, points: usize) -> Chart {
    sweep(&request(query, param, metric, points), Conditions::IDEAL).unwrap()
}

fn xs(chart: &Chart) -> Vec<f64> {
    chart.series[0].points.iter().map(|point| point.x).collect()
}

fn mids(series: &Series) -> Vec<f64> {
    series.points.iter().map(|point| point.y.unwrap().mid).collect()
}

#[test]
fn points_are_the_parameters_own_stops_thinned_or_filled() {
    let points = |param: &str, most: usize| {
        let xs = xs(&chart("tasks=2&strategies=no-io", param, "makespan_ms", most));
        assert!(xs.len() <= most && xs.is_sorted_by(|one, other| one < other), "{param}, {most}: {xs:?}");
        xs
    };
    assert_eq!(points("cpu_ms", 5), [0.0, 50.0, 100.0, 150.0, 200.0]);
    assert_eq!(points("cpu_ms", 201).len(), 201);
    assert_eq!(points("cpu_ms", 500).len(), 201, "there is nothing between two whole numbers");
    for most in [2, 3, 40, 57, 200] {
        let xs = points("batch", most);
        assert_eq!((xs[0], *xs.last().unwrap()), (1.0, 10_000.0));
        assert!(xs.len() * 4 >= most * 3, "{} of {most}", xs.len());
    }
    assert_eq!(points("seed", 3), [0.0, 1.0, 2.0]);
}

#[test]
fn a_choice_has_a_point_for_each_option_and_no_crossovers() {
    let chart = chart("tasks=20&strategies=yielding,batched", "yield_with", "makespan_ms", 2);
    assert_eq!(chart.options.len(), 12);
    assert_eq!(xs(&chart).len(), 12);
    assert_eq!(chart.crossovers, []);
}

#[test]
fn each_point_is_the_prediction_with_that_value() {
    let chart = chart("tasks=10&strategies=blocking,yielding", "latency_ms", "makespan_ms", 12);
    for (index, latency) in xs(&chart).into_iter().enumerate() {
        assert_eq!(mids(&chart.series[0])[index], 10.0 * (16.0 + latency));
        let metrics = testing::core_lab(&[("tasks", 10.0), ("latency_ms", latency)], &["yielding"]);
        assert_eq!(mids(&chart.series[1])[index], metrics[0].1.makespan.as_ms());
    }
}

#[test]
fn the_best_batch_sits_at_the_capacity() {
    let chart = chart("tasks=600&cpu_ms=1&capacity=100&strategies=batched", "batch", "makespan_ms", 60);
    let best = chart.best.unwrap();
    assert_eq!((best.x, best.y), (100.0, 600.0 + 6.0 * 100.0));
}

#[test]
fn a_crossover_is_where_the_best_strategy_changes() {
    // Batched: 600·c + 6·100. Yielding with ten in flight: about 60·100 until c is 10, then 600·c + 100.
    let query = "tasks=600&in_flight=10&strategies=batched,yielding,no-io";
    let chart = chart(query, "cpu_ms", "makespan_ms", 201);
    let [crossover] = &chart.crossovers[..] else { panic!("{:?}", chart.crossovers) };
    assert_eq!((&crossover.before[..], &crossover.after[..]), ("batched", "yielding"));
    assert_eq!((crossover.from, crossover.to), (9.0, 10.0));
    assert!((9.0..10.0).contains(&crossover.estimate.unwrap()), "{crossover:?}");
    let best = chart.best.unwrap();
    assert_eq!((&best.strategy[..], best.x), ("batched", 0.0), "a bound does not compete");
}

#[test]
fn an_incorrect_strategy_never_wins() {
    let request =
        Request { address: "lab=shared-state".to_string(), ..request("", "await_ms", "makespan_ms", 9) };
    let chart = sweep(&request, Conditions::IDEAL).unwrap();
    let wrong = chart.series.iter().find(|series| series.strategy == "read-await-write").unwrap();
    let right = chart.best.unwrap();
    assert!(
        wrong.points.iter().any(|point| point.y.is_some_and(|y| y.mid <= right.y)),
        "though it is as fast"
    );
    assert_ne!(right.strategy, "read-await-write");
}

#[test]
fn where_more_is_better_the_best_is_the_greatest() {
    let chart = chart("strategies=blocking,yielding", "cpu_ms", "efficiency", 21);
    let greatest = mids(&chart.series[1]).into_iter().fold(0.0, f64::max);
    assert_eq!(chart.best.unwrap().y, greatest);
}

#[test]
fn there_is_a_band_where_chance_plays_a_part() {
    let certain = chart("tasks=20&strategies=yielding", "latency_ms", "makespan_ms", 9);
    assert!(!certain.series[0].is_random);
    let chart = chart("tasks=20&strategies=yielding", "jitter_percent", "makespan_ms", 6);
    let series = &chart.series[0];
    assert!(series.is_random);
    let bands: Vec<_> = series.points.iter().map(|point| point.y.unwrap()).collect();
    assert_eq!(bands[0].low, bands[0].high, "without jitter");
    for band in &bands[1..] {
        assert!(band.low <= band.mid && band.mid <= band.high && band.low < band.high, "{band:?}");
    }
    let seeds = self::chart("tasks=20&jitter_percent=50&strategies=yielding", "seed", "makespan_ms", 3);
    assert!(!seeds.series[0].is_random, "each point is one seed");
}

#[test]
fn a_sweep_reports_its_progress_and_can_be_left_at_any_step() {
    let mut going = Sweep::new(&request("tasks=5", "cpu_ms", "makespan_ms", 4), Conditions::IDEAL).unwrap();
    let mut last = going.progress();
    for _ in 0..10 {
        assert!(going.step());
        assert!(going.progress() > last);
        last = going.progress();
    }
    let chart = going.finish().unwrap();
    let seen = chart.series.iter().flat_map(|series| &series.points).filter(|point| point.y.is_some());
    assert_eq!(seen.count(), 10);
}

#[test]
fn requests_that_make_no_sense_have_a_sentence() {
    let key = |key: &str| key.to_string();
    let problem = |param: &str, metric: &str| {
        sweep(&request("tasks=2&strategies=no-io", param, metric, 4), Conditions::IDEAL).unwrap_err()
    };
    assert_eq!(problem("tusks", "makespan_ms"), Problem::UnknownParam { key: key("tusks") });
    assert_eq!(problem("tasks", "makespan"), Problem::UnknownMetric { key: key("makespan") });
    assert_eq!(problem("tasks", "lab_metrics.x"), Problem::NoNumbers { key: key("lab_metrics.x") });
    assert_eq!(problem("tasks", "io_latency_ms.p95"), Problem::NoNumbers { key: key("io_latency_ms.p95") });
    let told = Language::ALL.map(|language| problem("tusks", "makespan_ms").sentence(language));
    assert_eq!(told, ["This lab has no parameter “tusks”.", "이 실험에는 “tusks” 매개변수가 없습니다."]);
}

#[test]
fn requests_and_charts_can_be_sent() {
    let request: Request = serde_json::from_str(r#"{"address": "tasks=5", "param": "cpu_ms"}"#).unwrap();
    assert_eq!((&request.metric[..], request.points), ("makespan_ms", 40));
    let chart = sweep(&request, Conditions::IDEAL).unwrap();
    let sent: Chart = serde_json::from_str(&serde_json::to_string(&chart).unwrap()).unwrap();
    assert_eq!(sent, chart);
}
