//! The reader's guess: it is asked for, made and scored. A pinned result stays next to a new one.

use engine::YieldWith;
use engine::trace::Nanos;
use lab::Strategy;
use labs::CATALOGUE;
use loopscope::app::state::{Action, Browser, State};
use session::guess::places;
use texts::Language;

/// By the prediction, Blocking takes 6.96 s, Batched and Yielding 1.06 s.
const QUERY: &str = "?strategies=blocking,batched,yielding,no-io&predict_first=1&calibration=ideal";

fn state(query: &str) -> State {
    let (language, kindest_yield) = (Language::English, YieldWith::ALL[0]);
    State::new(query, Browser { language, kindest_yield, has: [true; YieldWith::ALL.len()], cores: 4 })
}

fn strategy(id: &str) -> &'static Strategy {
    CATALOGUE[0].strategy(id).unwrap()
}

fn order(state: &State) -> Vec<&str> {
    state.guess.as_ref().unwrap().order.iter().map(|one| one.id).collect()
}

#[test]
fn nothing_is_shown_until_the_guess_is_made() {
    let mut state = state(QUERY);
    assert!(state.is_asking());
    assert_eq!(order(&state), ["blocking", "batched", "yielding"], "a bound is not a way to do the work");
    state.apply(Action::MakeGuess(Nanos::from_ms(530.0)));
    assert!(!state.is_asking());
    let (results, is_measured) = state.scores();
    assert!(!is_measured);
    let score = state.guess.as_ref().unwrap().score(&results).unwrap();
    assert_eq!(
        (score.right, score.pairs),
        (1, 3),
        "Batched and Yielding are equally fast, so no order of them is wrong"
    );
    assert_eq!(score.fastest, Nanos::from_ms(1_060.0));
    assert!((score.off + 0.5).abs() < 1e-9, "half of it: {}", score.off);
}

#[test]
fn strategies_move_by_one_place_within_the_list() {
    let mut state = state(QUERY);
    state.apply(Action::ShiftGuess(strategy("blocking"), true));
    assert_eq!(order(&state), ["blocking", "batched", "yielding"]);
    state.apply(Action::ShiftGuess(strategy("blocking"), false));
    state.apply(Action::ShiftGuess(strategy("blocking"), false));
    state.apply(Action::ShiftGuess(strategy("blocking"), false));
    assert_eq!(order(&state), ["batched", "yielding", "blocking"]);
    state.apply(Action::MakeGuess(Nanos::from_ms(1_060.0)));
    let (results, _) = state.scores();
    let guess = state.guess.as_ref().unwrap();
    let score = guess.score(&results).unwrap();
    assert_eq!((score.right, score.pairs, score.off), (3, 3, 0.0));
    let found: Vec<_> = guess.order.iter().map(|one| places(one, &guess.order, &results)).collect();
    assert_eq!(found, [1..=2, 1..=2, 3..=3], "equally fast strategies share their places");
}

#[test]
fn other_values_need_a_new_guess_and_the_same_do_not() {
    let mut state = state(QUERY);
    state.apply(Action::MakeGuess(Nanos(1)));
    state.apply(Action::SetScale(Some(0.1)));
    assert!(!state.is_asking(), "the speed of a run does not change the question");
    state.apply(Action::SetValue("tasks", 30.0));
    assert!(state.is_asking());
    state.apply(Action::SetGuessFirst(false));
    assert!(!state.is_asking() && state.guess.is_none());
    assert!(!state.address.to_query().contains("predict_first"));
}

#[test]
fn a_strategy_that_never_ends_is_last() {
    let mut state = state("?lab=shared-state&predict_first=1");
    state.apply(Action::MakeGuess(Nanos(1)));
    let (results, _) = state.scores();
    let guess = state.guess.as_ref().unwrap();
    let stalled = results.iter().find(|(_, metrics)| metrics.stalled.is_some()).unwrap().0;
    assert_eq!(*places(stalled, &guess.order, &results).end(), guess.order.len());
}

#[test]
fn a_pinned_result_is_compared_with_the_next() {
    let mut state = state("?strategies=blocking,yielding&calibration=ideal");
    state.apply(Action::Pin);
    state.apply(Action::SetValue("latency_ms", 200.0));
    let pinned = state.pinned.clone().unwrap();
    let (now, is_measured) = state.scores();
    let beside = pinned.beside(&now, is_measured);
    let told: Vec<_> =
        beside.iter().map(|(one, before, after)| (one.id, before.makespan, after.makespan)).collect();
    let ms = Nanos::from_ms;
    assert_eq!(told, [("blocking", ms(6_960.0), ms(12_960.0)), ("yielding", ms(1_060.0), ms(1_160.0))]);
    state.apply(Action::ToggleStrategy(strategy("blocking")));
    assert_eq!(pinned.beside(&state.scores().0, false).len(), 1, "only strategies that are in both");
    state.apply(Action::Unpin);
    assert_eq!(state.pinned, None);
}
