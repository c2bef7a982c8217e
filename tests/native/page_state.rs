//! What the page shows is a matter of its address alone, whatever was shown before.

use std::cell::RefCell;
use std::rc::Rc;

use loopscope::address::Address;
use loopscope::app::state::{Action, Phase, State};
use loopscope::i18n::Language;
use loopscope::lab::CATALOGUE;
use loopscope::predict::predict;
use loopscope::runtime::YieldWith;
use loopscope::runtime::event_loop::Conditions;
use loopscope::trace::Nanos;
use loopscope::verdict::Claim;
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

/// A deadlock is a result as well: it must not keep the others from being told as measured.
#[test]
fn a_measured_deadlock_counts() {
    let mut state = state("?lab=shared-state");
    state.apply(Action::StartRun);
    let rows: Vec<_> = state.rows.iter().map(|row| row.strategy).collect();
    for strategy in rows {
        let trace = predict(strategy, &state.address.values, Conditions::IDEAL).trace;
        state.apply(Action::BeginStrategy(strategy, Rc::new(RefCell::new(trace)), 1.0));
        assert!(!state.verdict().1, "not all are measured yet");
        state.apply(Action::EndStrategy(strategy, None));
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
fn a_scenario_brings_its_own_values_with_it() {
    let (address, _) = Address::parse("?tasks=6&lang=ko");
    let pair = |key: &str, value: &str| (key.to_string(), value.to_string());
    let (address, notices) = address.with(&[pair("scenario", "io-bound"), pair("seed", "7")]);
    assert_eq!(address.to_query(), "v=1&lab=shared-workload&scenario=io-bound&seed=7&lang=ko");
    assert_eq!(notices, []);
}
