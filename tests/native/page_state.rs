//! What the page shows is a matter of its address alone, whatever was shown before.

use std::cell::RefCell;
use std::rc::Rc;

use loopscope::address::Address;
use loopscope::app::state::{Action, Phase, State, Void};
use loopscope::i18n::Language;
use loopscope::lab::CATALOGUE;
use loopscope::runtime::YieldWith;
use loopscope::trace::Nanos;
use proptest::prelude::*;

fn state(query: &str) -> State {
    State::new(query, Language::English, YieldWith::ALL[0])
}

fn makespans(state: &State) -> Vec<Nanos> {
    state.rows.iter().map(|row| row.prediction.as_ref().unwrap().metrics.makespan).collect()
}

/// An action of a reader, by number.
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
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

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
fn what_was_refused_is_forgotten_when_its_reason_is_gone() {
    let mut state = state("?tasks=2000&strategies=blocking,yielding&scale=1");
    assert!(state.plan().is_err());
    state.apply(Action::FailRun(loopscope::app::state::Failure::Hidden));
    state.apply(Action::ToggleStrategy(CATALOGUE[0].strategy("blocking").unwrap()));
    assert_eq!(state.phase, Phase::Idle);
    assert!(state.plan().is_ok());
}

#[test]
fn the_last_strategy_stays() {
    let mut state = state("?strategies=yielding");
    state.apply(Action::ToggleStrategy(CATALOGUE[0].strategy("yielding").unwrap()));
    assert_eq!(state.rows.len(), 1);
}

#[test]
fn a_scenario_brings_its_own_values_with_it() {
    let (address, _) = Address::parse("?tasks=6&lang=ko");
    let pair = |key: &str, value: &str| (key.to_string(), value.to_string());
    let (address, notices) = address.with(&[pair("scenario", "io-bound"), pair("seed", "7")]);
    assert_eq!(address.to_query(), "v=1&lab=shared-workload&scenario=io-bound&seed=7&lang=ko");
    assert_eq!(notices, []);
}

#[test]
fn what_stands_out_is_told_once_with_all_who_show_it() {
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
            ("limit-never-reached", vec!["no-yield", "yielding"]),
        ]
    );
}

#[test]
fn what_spoiled_a_measurement_stands_beside_what_was_predicted() {
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
        state.apply(Action::EndStrategy(strategy, void));
        lints(&state)
    };
    assert_eq!(measure(None), [["measured", "awaited-in-a-row"]]);
    assert_eq!(measure(Some(Void::Hidden)), [["measured", "hidden"], ["predicted", "awaited-in-a-row"]]);
}
