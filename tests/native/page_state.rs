//! What the page shows depends on its address alone, whatever was shown before.

use std::cell::RefCell;
use std::rc::Rc;

use engine::YieldWith;
use engine::browser::{Calibration, Costs};
use engine::probes::Samples;
use engine::trace::{MarkKind, Nanos, Outcome, Span, SpanKind, TaskId, Trace};
use lab::verdict::Claim;
use labs::CATALOGUE;
use loopscope::app::state::{Action, Browser, Phase, State, Void};
use proptest::prelude::*;
use session::address::{Address, Place};
use session::predict;
use texts::Language;
use virtual_clock::Conditions;

fn state(query: &str) -> State {
    let (language, kindest_yield) = (Language::English, YieldWith::ALL[0]);
    State::new(query, Browser { language, kindest_yield, has: [true; YieldWith::ALL.len()], cores: 4 })
}

fn makespans(state: &State) -> Vec<Nanos> {
    state.rows.iter().map(|row| row.prediction.as_ref().unwrap().metrics.makespan).collect()
}

/// Applies an action of a reader, chosen by number.
fn act(state: &mut State, choice: u32, number: f64) {
    let lab = CATALOGUE[0];
    let pick = |count: usize| number as usize % count;
    state.apply(match choice {
        0 => Action::SetScenario(&lab.scenarios[pick(lab.scenarios.len())]),
        1 => Action::SetScale([None, Some(1.0), Some(0.1)][pick(3)]),
        2 => Action::ToggleStrategy(&lab.strategies[pick(lab.strategies.len())]),
        3 => Action::SetValue("yield_with", number % 12.0),
        4 => Action::SetValue("latency_ms", number),
        5 => Action::Reset,
        _ => Action::SetValue("cpu_ms", number % 60.0),
    });
}

proptest! {
    #![proptest_config(testing::cases(24))]

    #[test]
    fn a_reload_changes_nothing(actions in proptest::collection::vec((0..7u32, 0.0..500.0f64), 1..6)) {
        let mut shown = state("?tasks=40");
        for (choice, number) in actions {
            act(&mut shown, choice, number);
        }
        let reloaded = state(&shown.address.to_query());
        prop_assert_eq!(&reloaded.address, &shown.address);
        prop_assert_eq!(makespans(&reloaded), makespans(&shown));
        prop_assert_eq!(reloaded.plan(), shown.plan());
    }
}

#[test]
fn a_failed_run_is_forgotten_when_the_reader_goes_on() {
    let mut state = state("?tasks=2000&strategies=blocking,yielding&scale=1&run_on=page");
    assert!(state.plan().is_err());
    state.apply(Action::FailRun(loopscope::app::state::Failure::Hidden));
    state.apply(Action::ToggleStrategy(CATALOGUE[0].strategy("blocking").unwrap()));
    assert_eq!(state.phase, Phase::Idle);
    assert!(state.plan().is_ok());
}

/// A deadlock is a result too: it must not keep the verdict from being a measured one.
#[test]
fn a_measured_deadlock_counts() {
    let mut state = state("?lab=shared-state");
    state.apply(Action::StartRun);
    let rows: Vec<_> = state.rows.iter().map(|row| row.strategy).collect();
    for strategy in rows {
        let trace = predict(strategy, &state.address.values, Conditions::IDEAL).trace;
        state.apply(Action::BeginStrategy(strategy, Rc::new(RefCell::new(trace)), 1.0));
        assert!(!state.verdict().1, "not all are measured yet");
        state.apply(Action::EndStrategy(strategy, Samples::default(), None));
    }
    state.apply(Action::EndRun(Phase::Finished));
    let (claims, is_measured) = state.verdict();
    assert!(is_measured && claims.iter().any(|claim| matches!(claim, Claim::Stalled { .. })), "{claims:?}");
}

#[test]
fn the_last_strategy_stays() {
    let mut state = state("?strategies=yielding");
    state.apply(Action::ToggleStrategy(CATALOGUE[0].strategy("yielding").unwrap()));
    assert_eq!(state.rows.len(), 1);
}

#[test]
fn a_scenario_replaces_all_values() {
    let (address, _) = Address::parse("?tasks=6&lang=ko");
    let pair = |key: &str, value: &str| (key.to_string(), value.to_string());
    let (address, notices) = address.with(&[pair("scenario", "io-bound"), pair("seed", "7")]);
    assert_eq!(address.to_query(), "v=1&lab=shared-workload&scenario=io-bound&seed=7&lang=ko");
    assert_eq!(notices, []);
}

/// Why a measurement is void in which computing took `factor` times as long as it should; `None` if it
/// counts.
fn void_of_a_run_at(factor: f64, scale: f64) -> Option<Void> {
    let mut state = state(&format!("?strategies=yielding&scale={scale}"));
    let strategy = state.rows[0].strategy;
    let mut trace = Trace::default();
    for span in state.rows[0].prediction.as_ref().unwrap().trace.spans_of(SpanKind::Cpu) {
        let (start, end) = (span.start.scaled(factor), span.end.scaled(factor));
        trace.push_span(Span::new(span.kind(), span.task, start, end));
    }
    for task in 0..60 {
        trace.push_mark(MarkKind::TaskCompleted, TaskId(task), trace.end());
    }
    trace.finish(trace.end(), Outcome::Finished);
    state.apply(Action::BeginStrategy(strategy, Rc::new(RefCell::new(trace)), scale));
    state.apply(Action::EndStrategy(strategy, Samples::default(), None));
    state.rows[0].measurement.as_ref().unwrap().void
}

#[test]
fn a_run_on_a_busy_machine_is_void() {
    assert_eq!(void_of_a_run_at(1.05, 1.0), None);
    assert_eq!(void_of_a_run_at(2.0, 1.0), Some(Void::Disturbed));
    assert_eq!(void_of_a_run_at(0.5, 1.0), Some(Void::Disturbed), "it was busy during the calibration");
    assert_eq!(void_of_a_run_at(2.0, 0.001), None, "too little computing to tell");
}

#[test]
fn predictions_include_calibrated_costs_unless_they_are_ideal() {
    let mut state = state("?strategies=yielding&scale=0.1");
    let ideal = makespans(&state);
    let mut yields = [None; YieldWith::ALL.len()];
    yields[0] = Some(Nanos(20_000));
    let costs = Some(Costs { yields, ..Costs::NONE });
    state.apply(Action::Calibrate(Place::Page, Calibration { blocks_per_ms: 1.0, costs }));
    assert_eq!(makespans(&state), ideal, "the page's costs are not those of a worker");
    state.apply(Action::Calibrate(Place::Worker, Calibration { blocks_per_ms: 1.0, costs }));
    // 60 yields of 20 µs of real time, at a scale of a tenth: each takes 200 µs of lab time.
    let expected = ideal[0] + Nanos(60 * 20_000 * 10);
    assert!(makespans(&state)[0].0.abs_diff(expected.0) < 1_000_000, "{:?}", makespans(&state));
    state.apply(Action::SetIdeal(true));
    assert!(makespans(&state)[0] <= ideal[0]);
}

#[test]
fn each_lint_is_shown_once_with_all_its_strategies() {
    let state = state("?tasks=60");
    let told: Vec<_> = state
        .lints()
        .into_iter()
        .map(|(kind, shown)| (kind.id(), shown.iter().map(|(strategy, _)| strategy.id).collect::<Vec<_>>()))
        .collect();
    assert_eq!(
        told,
        [
            ("never-yielded", vec!["blocking", "batched", "gather-all", "no-yield"]),
            ("awaited-in-a-row", vec!["one-at-a-time"]),
            ("limit-never-reached", vec!["no-yield", "yielding", "workers"]),
        ]
    );
}

#[test]
fn a_spoiled_measurement_shows_why_and_the_prediction_its_lints() {
    let strategy = CATALOGUE[0].strategy("one-at-a-time").unwrap();
    let mut state = state("?strategies=one-at-a-time");
    let lints = |state: &State| {
        let summary = serde_json::to_value(state.summary()).unwrap();
        let lints = summary["strategies"][0]["lints"].as_array().unwrap().clone();
        lints
            .iter()
            .map(|lint| ["clock", "id"].map(|key| lint[key].as_str().unwrap().to_string()))
            .collect::<Vec<_>>()
    };
    assert_eq!(lints(&state), [["predicted", "awaited-in-a-row"]]);
    let trace = state.rows[0].prediction.as_ref().unwrap().trace.clone();
    let mut measure = |void: Option<Void>| {
        let trace = Rc::new(RefCell::new(trace.clone()));
        state.apply(Action::BeginStrategy(strategy, trace, 1.0));
        state.apply(Action::EndStrategy(strategy, Samples::default(), void));
        lints(&state)
    };
    assert_eq!(measure(None), [["measured", "awaited-in-a-row"]]);
    assert_eq!(measure(Some(Void::Hidden)), [["measured", "hidden"], ["predicted", "awaited-in-a-row"]]);
}
